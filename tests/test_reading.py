"""Whole readings: anchored, the same in any company, even-handed, complete."""

import hashlib
import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import allegedly
from allegedly import ingest
from allegedly.export.record import jsonl
from allegedly.model import Model
from allegedly.reading import read_article
from allegedly.records import Article, Reading, Spans

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


# --- even-handed: names swapped, findings swapped -----------------------------------------------------------------------


def shape(reading: Reading) -> list[tuple[object, ...]]:
    """What a reading says, without scores and without the names themselves."""
    statements = [
        (s.predicate, s.actor, s.recipient, s.event and (s.event.type, s.event.mode), s.polarity, s.status, s.voice)
        for s in reading.statements
    ]
    attributions = [(a.source, a.cue, a.content, a.force, a.kind) for a in reading.attributions]
    return [*statements, *attributions]


PAIRS = [("Kestria", "Ardovia"), ("Maravel", "Brennia"), ("Peru", "Chad"), ("Norway", "Angola"), ("Serbia", "Turkey")]
TEMPLATES = [
    "Officials in {a} said that {b} had shelled the port. {b} denied the claim.",
    "{a} condemned {b} on Friday. If {b} attacks again, {a} will close the border.",
    "{b} accused {a} of arming the rebels. Talks between {a} and {b} failed.",
    "The president of {a} met the president of {b} and promised to withdraw his troops.",
    "{a} will not recognise the government that {b} supports, a minister said.",
    "Soldiers from {a} killed nine people in {b}, according to witnesses.",
]
LEAST_EVEN = 0.85
"""Share of swaps that leave all else as it was. The rules are blind to names; the encoder reads their letters, and now and then sees another tree."""


def test_swapping_two_actors_swaps_the_findings() -> None:
    uneven = []
    for template in TEMPLATES:
        for a, b in PAIRS:
            assert len(a) == len(b)
            one, other = (allegedly.read(template.format(a=x, b=y)) for x, y in ((a, b), (b, a)))
            if shape(one) != shape(other):
                uneven.append(template.format(a=a, b=b))
    assert len(uneven) <= (1 - LEAST_EVEN) * len(TEMPLATES) * len(PAIRS), uneven


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
