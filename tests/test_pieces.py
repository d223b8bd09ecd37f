"""Text to atoms, pieces and windows."""

from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allegedly.pieces import CONTEXT, WINDOW, Window, atoms, empty_feed, fill, load_tokenizer, pieces, windows

TOKENIZER = load_tokenizer(str(files("allegedly") / "data" / "en" / "tokenizer.json"))


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("They don't, and cannot.", ["They", "do", "n't", ",", "and", "can", "not", "."]),
        ("the U.S. spent 3,000.50", ["the", "U", ".", "S", ".", "spent", "3,000.50"]),
        ("Osk’s plan... isn’t", ["Osk", "’s", "plan", "...", "is", "n’t"]),
        ("cannot canny", ["can", "not", "canny"]),
    ],
)
def test_atoms(text: str, forms: list[str]) -> None:
    assert atoms(text).forms == forms


@given(st.text(max_size=300))
def test_every_character_that_is_not_space_is_in_one_atom(text: str) -> None:
    found = atoms(text)
    assert "".join(found.forms) == "".join(text.split())
    assert all(text[s:e] == f for s, e, f in zip(found.start, found.end, found.forms, strict=True))


@given(st.text(max_size=200))
def test_every_atom_has_a_piece(text: str) -> None:
    found = atoms(text)
    split = pieces(found, TOKENIZER)
    assert len(split.first) == len(found) + 1
    assert (np.diff(split.first) > 0).all()
    assert split.first[-1] == len(split.ids)


@given(
    st.lists(st.sampled_from(["word", "Osk", ".", "\n\n", "\n", "antidisestablishmentarianism", '"', "9"]), max_size=1500),
    st.integers(40, WINDOW),
)
def test_cores_tile_the_text_and_windows_fit(words: list[str], size: int) -> None:
    found = atoms(" ".join(words))
    split = pieces(found, TOKENIZER)
    at = 0
    for w in windows(found, split, size, 8):
        assert w.core_first == at
        assert w.first <= w.core_first < w.core_last <= w.last
        assert split.first[w.last] - split.first[w.first] + 2 <= size
        at = w.core_last
    assert at == len(found)


def test_windows_end_at_paragraphs_and_carry_context() -> None:
    text = "\n\n".join("The council of Tolmere met again on the third day of talks. " * 9 for _ in range(8))
    found = atoms(text)
    cut = list(windows(found, pieces(found, TOKENIZER)))
    assert len(cut) > 2
    assert all(found.gap[w.core_first] in (4, 5) for w in cut)
    assert all(0 < w.core_first - w.first <= CONTEXT for w in cut[1:])


STORY = (
    "Envoys of Osk and Brennia met in Tolmere on Monday to revive stalled negotiations over the disputed river crossing. Brennia's "
    "delegation accused Oskan engineers of blocking barges, while Osk blamed flooding and demanded compensation for wrecked harvests.",
    "Mediators proposed a joint commission to inspect the crossing, publish measurements and arbitrate further quarrels. Negotiators from "
    "both delegations welcomed the proposal cautiously, although fishermen along the river doubted that barges would sail before winter. Farmers "
    "upstream staged a noisy vigil outside the conference hotel.",
)
ASIDE = "Melt the butter in a saucepan, whisk in the flour and simmer the sauce until it thickens. Season with nutmeg before serving."


def test_what_stands_below_a_text_and_is_about_something_else_is_no_context() -> None:
    def cut(*paragraphs: str) -> list[Window]:
        found = atoms("\n\n".join(paragraphs))
        return list(windows(found, pieces(found, TOKENIZER)))

    assert len(cut(*STORY)) == 1
    alone, aside = cut(*STORY, ASIDE)
    assert [alone] == cut(*STORY)
    assert aside.first == aside.core_first == alone.last
    assert len(cut(*STORY, ASIDE, ASIDE.replace("Season", "Garnish"))) == 2  # which goes on with it
    assert len(cut(STORY[0], ASIDE, STORY[1])) == 1  # the text goes on
    assert len(cut(*STORY, f"“{ASIDE}”")) == 1  # somebody may be speaking
    assert len(cut(ASIDE, STORY[0])) == 1  # too little has been read


def test_one_long_line_is_not_truncated() -> None:
    found = atoms("x" * 200_000)
    assert int(found.end[-1]) == 200_000
    assert sum(w.core_last - w.core_first for w in windows(found, pieces(found, TOKENIZER))) == len(found)


def test_a_feed_holds_the_window_between_special_pieces() -> None:
    found = atoms("Osk met Brennia.")
    split = pieces(found, TOKENIZER)
    width = len(split.ids) + 2
    feed = empty_feed(1, width + 3, len(found))
    fill(feed, 0, found, split, 0, len(found))
    assert feed["ids"][0, 0] == 101
    assert feed["ids"][0, width - 1] == 102
    assert feed["mask"][0].sum() == width
    assert feed["gap"][0, 1] == 5
    assert feed["first"][0, 0] == 1
