"""Even-handedness: swaps, findings side by side, the command, and lists that name both of a pair."""

import io
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import build_article, build_attributions, build_entities, statement
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from allegedly import cli
from allegedly.errors import LexiconError
from allegedly.evenhanded import Outcome, examine, rows, share, swap_table, swapped, write_jsonl, write_text
from allegedly.evenhanded.findings import Change, compared, findings
from allegedly.evenhanded.swaps import Edit, Edited, Swap
from allegedly.gazetteer import nominals
from allegedly.language import event_lexicon, words
from allegedly.reading import read_article
from allegedly.records import Article, Reader, Reading, Span, Token

PERSONS = Swap("persons", rivals="person")
WOMEN = Swap("men and women", pairs=(("man", "woman"),), pronouns=True)


def reading(text: str, tokens: tuple[Token, ...] = (), **parts: object) -> Reading:
    """A reading by hand, with nothing in it but what is given."""
    empty: dict[str, object] = dict.fromkeys(
        ("sentences", "mentions", "entities", "attributions", "statements", "evaluations", "wording", "reasons", "unread"), ()
    )
    given = {**empty, "article": Article("x", text), "thesis": None, "reader": Reader("0", "0", "0"), "tokens": tokens, **parts}
    return Reading(**given)  # type: ignore[arg-type]


def whole() -> Reading:
    article = build_article()
    mentions, entities = build_entities()
    attributions = build_attributions()
    said = (
        statement("s1", "had shelled", "shell", voice="a1", polarity="negated"),
        statement("s2", "closes", "close", status="conditional"),
    )
    return reading(article.text, article=article, mentions=mentions, entities=entities, attributions=attributions, statements=said)


def swapped_text(swap: Swap, text: str, tokens: tuple[Token, ...] = ()) -> str | None:
    made = swapped(swap, reading(text, tokens))
    assert not isinstance(made, str)
    return made and made.article.text


# --- edited texts ------------------------------------------------------------------------------------------------------------


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[Edit], Span]:
    text = draw(st.text("abc ", min_size=1, max_size=40))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    edits = [Edit(a, b, draw(st.text("xyz", min_size=1, max_size=6))) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    start = draw(st.integers(0, len(text) - 1))
    return text, edits, (start, draw(st.integers(start + 1, len(text))))


@given(edited())
def test_every_place_of_a_text_has_its_place_in_the_edited_one(case: tuple[str, list[Edit], Span]) -> None:
    text, edits, (start, end) = case
    new = Edited(text, edits)
    first, last = new.there((start, end))
    for edit in edits:  # drawn out to whole edits on the old side
        if edit.start < end and start < edit.end:
            start, end = min(start, edit.start), max(end, edit.end)
    expected, at = "", start
    for edit in edits:
        if start <= edit.start and edit.end <= end:
            expected, at = expected + text[at : edit.start] + edit.new, edit.end
    assert new.text[first:last] == expected + text[at:end]
    assert new.here((first, last)) == (first, last)


def test_words_change_places_with_their_case_and_their_article() -> None:
    swap = Swap("faiths", pairs=(("bishop", "imam"), ("church", "mosque")))
    assert swapped_text(swap, "A bishop met an imam. Bishops! CHURCH and mosque.") == "An imam met a bishop. Bishops! MOSQUE and church."
    assert swapped_text(swap, "Nobody prayed.") is None


def test_rivals_exchange_whole_names_and_parts_of_names() -> None:
    text = "Ada Lund met Bo Reeve. Lund thanked Reeve. Ada smiled."
    found = read_article(Article("x", text), tokens=True)
    made = swapped(PERSONS, found)
    assert made is not None
    assert not isinstance(made, str)
    assert made.article.text == "Bo Reeve met Ada Lund. Reeve thanked Lund. Bo smiled."


def word(text: str, form: str, relation: str, features: str = "") -> Token:
    start = text.index(form)
    return Token(start, start + len(form), form, form.lower(), "PRON", features, -1, relation, 0)


def test_pronouns_follow_the_tree() -> None:
    text = "She gave him her keys."
    tokens = (word(text, "She", "nsubj"), word(text, "him", "iobj"), word(text, "her", "nmod:poss", "Poss=Yes"))
    assert swapped_text(WOMEN, text, tokens) == "He gave her his keys."
    text = "The man saw her."
    assert swapped_text(WOMEN, text, (word(text, "her", "obj"),)) == "The woman saw him."


def test_a_pronoun_that_cannot_be_decided_is_skipped_and_counted() -> None:
    text = "He saw her duck."
    found = reading(text, (word(text, "her", "obj", "Poss=Yes"),))
    (one,) = examine(found, [WOMEN], lambda article: found)
    assert one.skipped
    assert one.compared.total() == 0
    out = io.StringIO()
    write_text([one], out)
    assert "Not swapped:\n  men and women, 1 text: " in out.getvalue()


def test_what_stands_apart_is_left_out_of_entities_and_mentions() -> None:
    found = read_article(Article("x", "The government fell."), tokens=True)
    told = [set(f.values) for f in findings(found, lambda span, title: span, apart=frozenset({"type"})) if f.kind in ("mention", "entity")]
    assert told
    assert not any("type" in values for values in told)


# --- the table ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "holds no swaps"),
        ('[[swap]]\nkind = ""', "needs a name"),
        ('[[swap]]\nkind = "x"', "exactly one of"),
        ('[[swap]]\nkind = "x"\nrivals = "dogs"', "no type of entity"),
        ('[[swap]]\nkind = "x"\npairs = [["a"]]', "is no pair"),
        ('[[swap]]\nkind = "x"\npairs = [["a", "b"], ["b", "c"]]', "is in it twice"),
        ('[[swap]]\nkind = "x"\npairs = [["a", "b"]]\napart = ["force"]', "is none of"),
        ('[[swap]]\nkind = "x"\npears = [["a", "b"]]', "unknown key 'pears'"),
        ("swap = 3", "holds no swaps"),
        ("[[swap", "is not valid TOML"),
    ],
)
def test_a_table_that_is_not_right_is_refused_with_the_place(tmp_path: Path, content: str, complaint: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(content, "utf8")
    with pytest.raises(LexiconError, match=complaint):
        swap_table(path)


def test_the_own_table_and_its_texts_fit_each_other() -> None:
    table = swap_table()
    assert len(table.texts) > 5
    for swap in table.swaps:
        if swap.pairs and not swap.pronouns:
            assert any(swapped_text(swap, text) for text in table.texts), swap.kind


# --- findings side by side -------------------------------------------------------------------------------------------------------


def same(span: Span, _: bool) -> Span:
    return span


def test_a_reading_is_even_with_itself() -> None:
    counts, changes = compared(findings(whole(), same), findings(whole(), same))
    assert counts == Counter(mention=9, entity=7, attribution=len(build_attributions()), statement=2)
    assert changes == []


def test_what_changes_is_named() -> None:
    one = whole()
    first = one.statements[0]
    other = replace(one, statements=(replace(first, polarity="affirmed", voice="author"),), mentions=one.mentions[1:])
    counts, changes = compared(findings(one, same), findings(replace(other, entities=one.entities[1:]), same))
    assert counts["statement"] == 2
    assert {(c.kind, c.words, c.fields) for c in changes} == {
        ("mention", "President Maren Halvik", ("missing",)),
        ("entity", "President Maren Halvik", ("missing",)),
        ("statement", "had shelled", ("polarity", "voice")),
        ("statement", "closes", ("missing",)),
    }


def test_a_finding_with_another_extent_changed_once() -> None:
    one = whole()
    longer = replace(one.mentions[1], start=one.mentions[1].start - 4)
    _, changes = compared(findings(one, same), findings(replace(one, mentions=(one.mentions[0], longer, *one.mentions[2:])), same))
    assert ("mention", ("anchor",)) in {(c.kind, c.fields) for c in changes}
    assert not {"missing", "added"} & {field for c in changes for field in c.fields}


def test_what_a_name_tells_by_itself_is_no_change() -> None:
    one = whole()
    names = replace(one.entities[4], rule="gazetteer:country", country="CHL"), replace(one.entities[4], rule="name", country=None)
    before, after = (replace(one, entities=(*one.entities[:4], e, *one.entities[5:])) for e in names)
    assert compared(findings(before, same), findings(after, same))[1] == []
    described = replace(one.entities[4], country="CHL")
    after = replace(one, entities=(*one.entities[:4], described, *one.entities[5:]))
    assert [c.fields for c in compared(findings(one, same), findings(after, same))[1]] == [("country",)]


def test_the_table_counts_by_swap_and_by_finding() -> None:
    change = Change("statement", "denied", ("polarity",), "polarity: negated", "polarity: affirmed")
    outcomes = [Outcome("a", "x", None, Counter(mention=3, statement=1), (change,)), Outcome("a", "y", None, Counter(mention=4), ())]
    assert [(r.swap, r.finding, r.compared, r.changed) for r in rows(outcomes)] == [
        ("x", "mention", 3, 0),
        ("x", "statement", 1, 1),
        ("x", "all", 4, 1),
        ("y", "mention", 4, 0),
        ("y", "all", 4, 0),
        ("all", "mention", 7, 0),
        ("all", "statement", 1, 1),
        ("all", "all", 8, 1),
    ]
    assert share(outcomes) == 12.5
    assert share([]) == 0
    out = io.StringIO()
    write_text(outcomes, out)
    assert "12.50 % of the findings changed beyond the swap, above the limit of 0.5 %." in out.getvalue()
    out = io.StringIO()
    write_jsonl(outcomes, out)
    first = json.loads(out.getvalue().splitlines()[0])
    assert (first["compared"], first["changed"]) == ({"mention": 3, "statement": 1}, {"statement": 1})
    assert first["changes"][0]["fields"] == ["polarity"]


# --- the command -----------------------------------------------------------------------------------------------------------------------


def test_the_command_says_whether_the_share_is_within_the_limit(tmp_path: Path) -> None:
    article, mine = tmp_path / "a.txt", tmp_path / "mine.toml"
    article.write_text("Officials in Osk said that the talks had failed.", "utf8")
    mine.write_text('[[swap]]\nkind = "cues"\npairs = [["said", "denied"]]', "utf8")

    def run(*more: str) -> tuple[int, str]:
        result = CliRunner().invoke(cli.app, ["check", "even-handed", *more])
        return result.exit_code, result.output

    status, told = run(str(article), "--swaps", str(mine))
    assert status == 1
    assert "above the limit of 0.5 %" in told
    assert "force: says" in told
    status, told = run(str(article), "--swaps", str(mine), "--limit", "100", "-o", str(tmp_path / "out.jsonl"))
    assert status == 0
    assert json.loads((tmp_path / "out.jsonl").read_text("utf8"))["swap"] == "cues"
    status, told = run("--swaps", str(mine))
    assert status == 1
    assert "holds no texts" in told
    assert run(str(article), "--swaps", str(tmp_path / "no.toml"))[0] == 1
    assert run("--format", "html")[0] == 2


# --- the reader itself -------------------------------------------------------------------------------------------------------------------

PER_CENT = 16.0
"""Of the findings in the package's own texts, those that may change when persons or states change places. The encoder still reads names."""


def test_findings_follow_names() -> None:
    table = swap_table()
    swaps = [swap for swap in table.swaps if swap.rivals in ("person", "country") or "invented" in swap.kind]
    outcomes = [one for text in table.texts for one in examine(read_article(Article("x", text), tokens=True), swaps, read_article)]
    assert sum(one.compared.total() for one in outcomes) > 200
    assert share(outcomes) <= PER_CENT


def test_no_list_of_heads_chooses_between_faiths_or_sexes() -> None:
    for sense in event_lexicon().senses:
        for key in ("subject", "object", "prep_object", "clause_head", "modifier"):
            heads = getattr(sense, key)
            for even in words("alike").values():
                assert not heads.allowed or set(even) <= heads.allowed or not set(even) & heads.allowed, (sense.id, key, even)
                assert set(even) <= heads.excluded | heads.allowed or not set(even) & heads.excluded, (sense.id, key, even)


def test_offices_that_men_and_women_hold_tell_no_gender() -> None:
    offices = [noun for noun, role in nominals().roles.items() if role.type == "person" and role.sector in ("GOV", "LEG", "JUD")]
    told = {noun for noun in offices if nominals().gender.get(noun)}
    assert not {noun for noun in told if not noun.endswith(("man", "woman", "men", "women")) and noun not in ROYAL}
    assert not {"priest", "bishop", "imam", "rabbi", "pastor"} & nominals().gender.keys()


ROYAL = {"king", "queen", "prince", "princess", "emperor", "empress", "sultan", "emir", "duke", "duchess", "lord", "lady", "sheikh"}
