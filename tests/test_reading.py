"""Whole readings: anchored, the same in any company, complete. Whether they are even-handed is tested in `test_evenhanded.py`."""

import gc
import hashlib
import json
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import allegedly
from allegedly import ingest
from allegedly.export.record import jsonl
from allegedly.model import Model
from allegedly.reading import read_article
from allegedly.records import Article, Dateline, Reading, Spans

EXAMPLES = Path(__file__).parent.parent / "examples"
SHORT = [
    "Ardovia's foreign minister said on Monday that rebels had attacked a convoy near Tolmere.",
    '"We never fired on anyone," the commander of the Maravel Front (MF) told reporters. The MF denied the charge.',
    "The two sides held talks in Osk.\n\nNeither side signed the agreement.",
    "If the blockade continues, Brennia will expel the ambassador, according to a spokesman for the ministry.",
]
LONG = "\n\n".join(f"{text} It was the {n}th day of the siege, and nobody would say more." for n, text in enumerate(SHORT * 12))


def digest(reading: Reading) -> str:
    return hashlib.sha256(jsonl(reading, tokens=True).encode()).hexdigest()


def alone(text: str) -> str:
    return digest(read_article(Article("x", text)))


def test_a_reading_does_not_depend_on_order_or_company() -> None:
    texts = [*SHORT, LONG, LONG[::-1][:400]]
    first = [alone(t) for t in texts]
    shuffled = list(enumerate(texts))
    random.Random(7).shuffle(shuffled)
    again = {i: alone(t) for i, t in shuffled}
    assert [again[i] for i in range(len(texts))] == first


def test_a_reading_does_not_depend_on_the_number_of_threads() -> None:
    one, two = Model.load(threads=1), Model.load(threads=2)
    for text in (*SHORT, LONG):
        article = Article("x", text)
        assert digest(read_article(article, model=one)) == digest(read_article(article, model=two))


def test_a_reading_does_not_depend_on_the_processor() -> None:
    """Sums of 8-bit products are exact on every processor: clipped to 16 bits, as some would, these scores are off by .07 on average, by .02 as they are written here."""
    text = (
        "The minister said on Monday that rebels had shelled the bridge at Osk, killing 12 people; the front denied it and blamed the army."
    )
    model = Model.load(threads=1)
    found, split, cut = model._prepare(text)
    ((group, feed),) = model._feeds(found, split, cut)
    ((heads),) = model._run(group, feed)
    known = [5.8, 2.1, 5.4, 2.4, 2.0, 3.5, 3.1, 3.8, 3.9, 4.7, 2.0, 2.1, 1.1, 1.0, 3.4, 2.3, 2.0, 2.5, 0.6, 3.9, 3.7, 5.9, 6.4, 2.9]
    known += [4.2, 5.3, 3.6]
    assert np.abs(heads.arcs.max(1) - known).mean() < 0.045


def test_asking_for_exact_sums_changes_no_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only a processor that would clip them needs to be asked; one that does not is twice as fast unasked, and reads the same."""
    monkeypatch.setattr("allegedly.model.sums_exactly", lambda: False)
    asked = Model.load(threads=1)
    assert asked.session.get_session_options().get_session_config_entry("session.x64quantprecision") == "1"
    for text in (*SHORT, LONG):
        assert digest(read_article(Article("x", text), model=asked)) == alone(text)


def test_a_reading_does_not_depend_on_the_number_of_processes(tmp_path: Path) -> None:
    source = tmp_path / "articles.jsonl"
    source.write_text("".join(json.dumps({"id": str(n), "text": t}) + "\n" for n, t in enumerate([*SHORT, LONG])), encoding="utf8")
    by_count = [
        [digest(r.reading) for r in ingest.readings([str(source)], processes=n, tokens=True) if r.reading is not None] for n in (1, 2, 3)
    ]
    assert len(by_count[0]) == len(SHORT) + 1
    assert by_count[0] == by_count[1] == by_count[2]


def all_spans(reading: Reading) -> list[tuple[str, Spans]]:
    """Every span of a reading with the text that it indexes."""
    text, title = reading.article.text, reading.article.title or ""
    out: list[tuple[str, Spans]] = [(text, reading.sentences), (text, tuple((m.start, m.end) for m in reading.mentions))]
    out += [(title if a.within == "title" else text, (*a.source, *a.cue, *a.content)) for a in reading.attributions]
    out += [(title if s.within == "title" else text, (*s.predicate, *s.actor, *s.recipient, *s.object)) for s in reading.statements]
    return out


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "Osk",
                "said",
                "that",
                "the",
                "rebels",
                "attacked",
                ".",
                ",",
                '"',
                "\n\n",
                "(",
                ")",
                "not",
                "will",
                "if",
                "and",
                "\u2028",
                "’s",
                "9",
            ]
        ),
        max_size=80,
    )
)
def test_every_finding_is_anchored(words: list[str]) -> None:
    reading = read_article(Article("x", " ".join(words)))
    for text, spans in all_spans(reading):
        assert all(0 <= a < b <= len(text) and text[a:b].strip() for a, b in spans)
    known = {"author", *(a.id for a in reading.attributions)}
    assert all(s.voice in known for s in reading.statements)
    entities = {e.id for e in reading.entities}
    assert all(set(s.actor_entities + s.recipient_entities) <= entities for s in reading.statements)


@pytest.mark.parametrize("name", sorted(p.name for p in EXAMPLES.iterdir() if p.suffix in (".txt", ".html", ".jsonl")))
def test_examples_are_read_whole(name: str) -> None:
    reading = allegedly.read(EXAMPLES / name)
    text = reading.article.text
    covered = sum(b - a for a, b in reading.sentences) + sum(u.end - u.start for u in reading.unread)
    assert covered >= 0.95 * len(text.replace("\n", ""))
    assert reading.statements
    assert reading.attributions
    assert all(text[a:b].strip() for _, spans in all_spans(reading)[:2] for a, b in spans)


# --- long and hostile texts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "x" * 20_000,
        "Osk said " * 3000,
        "(" * 5000,
        "\u0000\u0001 Osk",
        "A" + "\u0301" * 3000,
        "\ud83d\ude00" * 500,
        ". " * 4000,
        '"' * 3000,
    ],
    ids=["one word", "no stop", "brackets", "controls", "combining", "emoji", "stops", "quotes"],
)
def test_odd_texts_are_read_without_fault(text: str) -> None:
    reading = read_article(Article("x", text))
    assert all(0 <= a < b <= len(text) for words, spans in all_spans(reading) for a, b in spans if words is text)


def test_a_title_has_statements_and_voices_of_its_own() -> None:
    reading = allegedly.read(SHORT[0], title="Rebels attacked convoy, minister says")
    title = reading.article.title or ""
    found = [s for s in reading.statements if s.within == "title"]
    assert [title[a:b] for s in found for a, b in s.predicate] == ["attacked"]
    voice = next(a for a in reading.attributions if a.id == found[0].voice)
    assert (voice.within, [title[a:b] for a, b in voice.source]) == ("title", ["minister"])


def test_notes_are_nobodys_statements() -> None:
    text = (
        SHORT[0]
        + "\n\nNote: The views expressed in this article are those of the author and do not necessarily reflect the position of the Tolmere Post."
    )
    reading = allegedly.read(text)
    note = next(n for n in reading.article.notes if n.kind == "disclaimer")
    assert not [s for s in reading.statements if s.predicate[0][0] >= note.start]


def test_the_names_of_a_dateline_do_nothing_and_are_not_judged() -> None:
    text = "HOLM, Kestria (AP) — Defense Minister Mara Quill on Wednesday accused Veldania of lying about the raid on Osk."
    article = Article("x", text, dateline=Dateline("HOLM", None))
    reading, end = read_article(article), text.index("—")
    assert all(start > end for s in reading.statements for start, _ in (*s.actor, *s.recipient))
    assert all(start > end for e in reading.evaluations for start, _ in e.target)
    accused = next(s for s in reading.statements if s.lemma == "accuse")
    assert [text[a:b] for a, b in accused.recipient] == ["Veldania"]


def test_a_long_line_is_a_text_and_no_file() -> None:
    assert allegedly.read("Velm closed the border " * 20).statements


@pytest.mark.parametrize("running", [True, False])
def test_reading_leaves_the_collector_of_cycles_as_it_was(running: bool) -> None:
    was = gc.isenabled()
    (gc.enable if running else gc.disable)()
    try:
        read_article(Article("a", "Norland's minister resigned."))
        assert gc.isenabled() == running
    finally:
        (gc.enable if was else gc.disable)()
