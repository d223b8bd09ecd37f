"""Headlines: what they leave out is put back, and sentences stay as they are. All lines are our own."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import allegedly
from allegedly.blinding import blinding
from allegedly.model import loaded
from allegedly.pieces import atoms
from allegedly.reading import mended
from allegedly.reading.headlines import spelled_out
from allegedly.records import Statement

Told = tuple[list[str], list[str]]


def statement(text: str, predicate: str) -> Statement:
    at = text.index(predicate)
    return next(s for s in allegedly.read(text).statements if any(a <= at < b for a, b in s.predicate))


def told(text: str, predicate: str) -> Told:
    found = statement(text, predicate)
    return [text[a:b] for a, b in found.actor], [text[a:b] for a, b in found.recipient]


WHO: list[tuple[str, str, Told]] = [
    # nouns that are verbs
    ("Bishop backs sacked ferrymen", "backs", (["Bishop"], ["sacked ferrymen"])),
    ("Toll rise sparks anger in Velm", "sparks", (["Toll rise"], ["anger"])),
    # a comma for "and"
    ("Protesters storm depot in Osk, torch files", "torch", (["Protesters"], ["files"])),
    # past forms that are participles
    ("Depot in Velm shelled in overnight attack", "shelled", ([], ["Depot in Velm"])),
    ("Harbour chief dumped from cabinet", "dumped", ([], ["Harbour chief"])),
    ("Governor resigned over dam", "resigned", (["Governor"], ["dam"])),
    ("Velm: Fatal attack on guards' post", "attack", ([], ["guards' post"])),
    ("Ferrymen urged to accept lower toll", "urged", ([], ["Ferrymen"])),
    ("Chapel torched days after synod row", "torched", ([], ["Chapel"])),
    ("Nine clerks held in toll probe", "held", ([], ["Nine clerks"])),
    ("The ferry landed", "landed", (["The ferry"], [])),
    ("Osk set for vote on dam", "set", (["Osk"], ["vote", "dam"])),
    ("Miners agreed to talks", "agreed", (["Miners"], ["talks"])),
    # commas for "and"
    ("Osk, Brennia sign pact on river", "sign", (["Osk"], ["Brennia"])),
    # what is to be done
    ("Supreme court to hear miners' appeal", "hear", (["Supreme court"], ["miners' appeal"])),
    ("Senate yet to approve budget", "approve", (["Senate"], ["budget"])),
]


@pytest.mark.parametrize(("text", "predicate", "roles"), WHO, ids=[row[0] for row in WHO])
def test_who_does_what(text: str, predicate: str, roles: Told) -> None:
    assert told(text, predicate) == roles


@pytest.mark.parametrize(
    ("text", "predicate", "sure"),
    [
        ("Court to hear miners' appeal", "hear", ("affirmed", "planned")),
        ("Senate yet to approve budget", "approve", ("negated", "actual")),
        ("Last hostages to be freed on Sunday, envoys say", "freed", ("affirmed", "planned")),
        ("No arrests made after riot", "made", ("negated", "actual")),
        ("Depot shelled in raid", "shelled", ("affirmed", "actual")),
    ],
)
def test_how_sure_it_is(text: str, predicate: str, sure: tuple[str, str]) -> None:
    found = statement(text, predicate)
    assert (found.polarity, found.status) == sure


@pytest.mark.parametrize(
    ("text", "predicate", "speaker"),
    [
        ("Rights group: nine miners tortured in Velm", "tortured", "Rights group"),
        ("Army will leave the valley, defence chief promises", "leave", "defence chief"),
        ("'We were beaten': Miners describe night in Velm", "beaten", "Miners"),
        ("Premier scolds rebels: I will not call a vote", "call", "Premier"),
        ("'I BLAME OSK' Halvik scolds neighbours over dam", "BLAME", "Halvik"),
        ("'Rigged' vote splits Velm", "splits", None),
        ("Trawlers wrecked our reef – fishers' union", "wrecked", "fishers' union"),
        ("Velm floods: army sent in", "sent", None),
        ("Ferry crash: nine killed off Osk", "killed", None),
        ("Army leaves the valley, rebels follow", "leaves", None),
    ],
)
def test_who_says_so(text: str, predicate: str, speaker: str | None) -> None:
    found = statement(text, predicate)
    sources = {a.id: [text[s:e] for s, e in a.source] for a in allegedly.read(text).attributions}
    assert sources.get(found.voice) == ([speaker] if speaker else None)


@pytest.mark.parametrize(
    "text",
    [
        "The bishop backs the ferrymen.",
        "Protesters stormed the depot in Osk, and the files burned.",
        "The depot shelled on Monday stands in Velm.",
        "The army will leave the valley, the defence chief promises.",
        "Would the provinces accept a governor chosen by the capital?",
    ],
)
def test_sentences_are_no_headlines(text: str) -> None:
    analysis = loaded().analyse(text)
    assert spelled_out(analysis) is analysis


def test_words_of_a_headline_in_capitals_are_read_in_small_letters() -> None:
    def cases(text: str) -> list[int]:
        found = atoms(text)
        return np.asarray(blinding()(found).case).tolist()

    assert cases("Police Arrest Nine Miners After Market Raid in Velm") == [1, 0, 0, 0, 0, 0, 0, 0, 1]
    assert cases("Police arrested nine miners after the Market Raid") == [1, 0, 0, 0, 0, 0, 1, 1]
    assert cases("Ada Halvik met Petra Renn") == [1, 1, 0, 1, 1]


WORDS = [
    "Osk",
    "police",
    "backs",
    "to",
    "hear",
    ",",
    ":",
    "'",
    "shelled",
    "miners",
    "says",
    "chief",
    "fears",
    "We",
    "-",
    "nine",
    "storms",
    "in",
]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=14))
def test_whatever_a_line_says_its_tree_is_one(words: list[str]) -> None:
    analysis = mended(loaded().analyse(" ".join(words)))
    for first, last in analysis.sentences:
        for i in range(first, last):
            seen = {i}
            while (i := analysis.tokens[i].head) >= 0:
                assert i not in seen, words
                assert first <= i < last
                seen.add(i)
