"""First and second persons by who speaks, links of the model beside the rules, what somebody is said to be."""

from dataclasses import replace

import pytest
from test_entities import ACTS, PRONOUN, build, check, entity_of, said, spoke

from allegedly.reading.coreference import weights
from allegedly.reading.entities import resolve
from allegedly.records import Analysis, Article, RawAttribution, RawLink


def test_the_author_s_side_and_the_reader() -> None:
    lines = (said("Lund"), *(PRONOUN.format(word) for word in ("I", "We", "You", "my", "our")))
    analysis = build(*lines, names={"Lund": "person"})
    mentions, entities = resolve(analysis, Article("a", analysis.text, authors=("Ada Wren",)))
    check(analysis, mentions, entities)
    assert [m.entity for m in mentions] == ["e1", "e2", "e3", "e4", "e2", "e3"]
    assert [(e.name, e.type, e.rule) for e in entities[1:]] == [
        ("Ada Wren", "person", "author"),
        ("We", "group", "author"),
        ("You", "person", "addressee"),
    ]
    assert resolve(analysis)[1][1].name == "I"


QUOTE = """
    “ PUNCT 4 punct
    {0} PRON 4 nsubj
    will AUX 4 aux
    leave VERB 7 ccomp
    ” PUNCT 4 punct
    {1} PROPN 7 nsubj Sing
    told=tell VERB 0 root
    reporters=reporter NOUN 7 obj Plur
    . PUNCT 7 punct"""


def quoting(pronoun: str, kind: str = "person") -> Analysis:
    """Somebody quoted, with the attribution that the model would find."""
    analysis = build(said("Lund"), QUOTE.format(pronoun, "Wren"), names={"Lund": "person", "Wren": kind}, nouns={"reporters": "group"})

    def span(words: str) -> tuple[int, int]:
        start = analysis.text.index(words)
        return start, start + len(words)

    raw = RawAttribution((span("Wren"),), (span("told"),), (span(f"{pronoun} will leave"),), 0.9)
    return replace(analysis, attributions=(raw,))


@pytest.mark.parametrize(
    ("pronoun", "kind", "name"),
    [("I", "person", "Wren"), ("You", "person", "reporters"), ("We", "organization", "Wren"), ("We", "person", "We")],
)
def test_whose_i_it_is_in_a_quotation(pronoun: str, kind: str, name: str) -> None:
    entity = entity_of(quoting(pronoun, kind), pronoun)
    assert entity is not None
    assert entity.name == name


def test_who_is_asked_as_you_answers_as_i() -> None:
    ask = "Do AUX 3 aux\nyou PRON 3 nsubj\nagree VERB 0 root\n? PUNCT 3 punct"
    one = build(*(ask, PRONOUN.format("I")) * 3)
    text = "\n".join(one.text[one.tokens[a].start : one.tokens[b - 1].end].ljust(1) for a, b in one.sentences)
    assert len(text) == len(one.text)  # the same characters, a turn on each line
    _, entities = resolve(replace(one, text=text))
    assert [(e.type, len(e.mentions)) for e in entities] == [("person", 6)]


def linked(analysis: Analysis, words: str, antecedent: str, score: float) -> Analysis:
    """The same with a link of the model's head between the mentions headed by two words."""
    at = {token.form: i for i, token in enumerate(analysis.tokens)}
    return replace(analysis, links=(RawLink(at[words], at[antecedent], score),))


def test_a_link_decides_what_the_rules_leave_open_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(weights(), "link", 1.0)  # the package trusts its head less
    bodies = {"Front": "organization", "League": "organization"}
    analysis = build(ACTS.format("Front", "League"), PRONOUN.format("It"), names=bodies)
    names = [
        (entity_of(linked(analysis, "It", to, p), "It") or entity_of(analysis, "Front")).name
        for to, p in (("Front", 0.98), ("League", 0.98))
    ]
    assert names == ["Front", "League"]
    people = build(ACTS.format("Lund", "Wren"), PRONOUN.format("It"), names={"Lund": "person", "Wren": "person"})
    assert entity_of(linked(people, "It", "Lund", 0.99), "It") is None  # whatever the head says, "it" is no person


def test_a_link_joins_a_name_to_what_was_only_described() -> None:
    analysis = build(
        spoke("The", "founder"), said("Lund"), said("Wren"), names={"Lund": "person", "Wren": "person"}, nouns={"The founder": "person"}
    )
    apart = [e.name for e in resolve(analysis)[1]]
    mentions, entities = resolve(linked(analysis, "Lund", "founder", 0.9))
    check(analysis, mentions, entities)
    assert apart == ["founder", "Lund", "Wren"]
    assert [e.name for e in entities] == ["Lund", "Wren"]
    assert [e.name for e in resolve(linked(analysis, "Lund", "founder", 0.4))[1]] == apart
    assert [e.name for e in resolve(linked(analysis, "Wren", "Lund", 0.99))[1]] == apart  # two names are never joined by a link


def test_what_someone_is_said_to_be_and_what_not() -> None:
    line = "{0} PROPN 4 nsubj Sing\n{1} AUX 4 {2}\n{3} DET 4 det\nmayor NOUN 0 root Sing\n. PUNCT 4 punct"
    for form, extra, article, found in (("is=be", "cop", "the", True), ("is=be", "cop", "a", True), ("may", "aux", "a", False)):
        analysis = build(line.format("Lund", form, extra, article), names={"Lund": "person"}, nouns={f"{article} mayor": "person"})
        entity = entity_of(analysis, f"{article} mayor")
        assert (entity is not None and entity.name == "Lund") is found
        assert entity is None or not entity.aliases  # what is said of somebody is no name of theirs


def test_a_thing_spoken_of_twice_is_a_mention_and_once_it_is_none() -> None:
    twice = build(spoke("The", "bridge"), spoke("The", "bridge"), spoke("The", "tower"))
    mentions, entities = resolve(twice)
    check(twice, mentions, entities)
    assert [(e.name, e.type, len(e.mentions)) for e in entities] == [("bridge", "other", 2)]
