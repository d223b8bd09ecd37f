"""Who says it: voices, nesting, kinds and forces."""

import pytest

import allegedly
from allegedly.records import Reading


def sources(reading: Reading, voice: str) -> list[str]:
    text = reading.article.text
    return [text[a:b] for x in reading.attributions if x.id == voice for a, b in x.source]


@pytest.mark.parametrize(
    ("sentence", "word", "source"),
    [
        ("The mayor said that soldiers had burned the market.", "burned", ["The mayor"]),
        ("Soldiers had burned the market, the mayor said.", "burned", ["the mayor"]),
        ('"Soldiers burned the market," the mayor told reporters.', "burned", ["the mayor"]),
        ("According to the mayor, soldiers burned the market.", "burned", ["the mayor"]),
        ("Soldiers burned the market.", "burned", []),
        ("A clerk said that the judge had told the jury that no farmer was beaten.", "beaten", ["the judge"]),
        ("The mayor accused the soldiers of burning the market.", "burning", ["The mayor"]),
        ("The union urged the president to resign.", "resign", ["The union"]),
        ("Soldiers looted the museum, the curator told the newspaper.", "looted", ["the curator"]),
        ("The council condemned Kestria's attack on the harbour.", "attack", []),
        ("The prosecutor charged the banker with fraud and froze his assets.", "froze", []),
        ("Police fired tear gas at demonstrators who had blocked the road.", "blocked", []),
        ("A report by the bar association shows that police tortured detainees.", "tortured", ["A report by the bar association"]),
    ],
)
def test_voices(sentence: str, word: str, source: list[str]) -> None:
    reading = allegedly.read(sentence)
    at = sentence.index(word)
    found = next(s for s in reading.statements if any(a <= at < b for a, b in s.predicate))
    assert sources(reading, found.voice) == source


def test_nested_attributions_have_their_parents() -> None:
    reading = allegedly.read("A clerk said that the judge had told the jury that no farmer was beaten.")
    inner = next(a for a in reading.attributions if a.parent)
    outer = next(a for a in reading.attributions if a.id == inner.parent)
    assert outer.content[0][0] <= inner.cue[0][0]
    assert inner.content[0][1] <= outer.content[0][1]


@pytest.mark.parametrize(
    ("sentence", "kind", "force"),
    [
        ('"We will not leave," the general said.', "direct", "says"),
        ("The general said that they would not leave.", "indirect", "says"),
        ("The general said that they would “never, ever” leave.", "mixed", "says"),
        ("The general denied that soldiers had burned the market.", "indirect", "denies"),
        ("The general claimed that rebels had burned the market.", "indirect", "asserts"),
        ("The general admitted that soldiers had burned the market.", "indirect", "concedes"),
        ("The general believes that rebels burned the market.", "indirect", "believes"),
    ],
)
def test_kind_and_force(sentence: str, kind: str, force: str) -> None:
    reading = allegedly.read(sentence)
    assert [(a.kind, a.force) for a in reading.attributions] == [(kind, force)]


@pytest.mark.parametrize(
    ("sentence", "sourcing"),
    [
        ("Maria Oresk said that soldiers had burned the market.", "named"),
        ("A witness said that soldiers had burned the market.", "unnamed"),
        ("A report says that soldiers burned the market.", "document"),
        ("Soldiers burned the market.", "none"),
    ],
)
def test_sourcing(sentence: str, sourcing: str) -> None:
    reading = allegedly.read(sentence)
    at = sentence.index("burned")
    assert next(s.sourcing for s in reading.statements if any(a <= at < b for a, b in s.predicate)) == sourcing
