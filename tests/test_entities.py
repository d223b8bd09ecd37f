from dataclasses import replace

import pytest
from conftest import seconds
from hypothesis import given, settings
from hypothesis import strategies as st

import allegedly
from allegedly.gazetteer import nominals
from allegedly.reading.entities import resolve
from allegedly.reading.names import acronyms
from allegedly.records import Analysis, Article, Dateline, Entity, Mention, RawMention, Token

NO_SPACE_BEFORE = {".", ",", ")", "'s", "?", "”"}
NO_SPACE_AFTER = {"(", "“"}


def build(*sentences: str, names: dict[str, str] | None = None, nouns: dict[str, str] | None = None) -> Analysis:
    """An analysis from tables: a line a word with form, part of speech, head (from 1, 0 the root), relation, perhaps features.

    A form may carry its lemma ("ministers=minister"); "Plur" and "Sing" are short for the number. `names` and `nouns` give the
    words of mentions and their types; wherever those words stand, there is a mention, its head the word whose own head is outside.
    """
    text, tokens, ranges = "", [], []
    for number, sentence in enumerate(sentences):
        base = len(tokens)
        for line in sentence.strip().splitlines():
            written, upos, head, relation, *rest = line.split()
            form, _, lemma = written.partition("=")
            if text and form not in NO_SPACE_BEFORE and text[-1] not in NO_SPACE_AFTER:
                text += " "
            start, text = len(text), text + form
            features = "|".join(f"Number={r}" if r in ("Plur", "Sing") else r for r in rest)
            parent = base + int(head) - 1 if int(head) else -1
            tokens.append(Token(start, len(text), form, lemma or form.lower(), upos, features, parent, relation, number))
        ranges.append((base, len(tokens)))
    mentions = []
    for named, table in ((True, names or {}), (False, nouns or {})):
        for words, kind in table.items():
            forms = words.split()
            for i in range(len(tokens) - len(forms) + 1):
                last = i + len(forms)
                if [t.form for t in tokens[i:last]] == forms:
                    inner = next(k for k in range(i, last) if not i <= tokens[k].head < last)
                    mentions.append(RawMention(i, last, inner, kind, named, 0.9))
    return Analysis(text, tuple(tokens), tuple(ranges), tuple(mentions), ())


def entity_of(analysis: Analysis, words: str, nth: int = 0) -> Entity | None:
    mentions, entities = resolve(analysis)
    found = [m for m in mentions if analysis.text[m.start : m.end] == words][nth]
    return next((e for e in entities if e.id == found.entity), None)


def check(analysis: Analysis, mentions: tuple[Mention, ...], entities: tuple[Entity, ...]) -> None:
    """What holds of every result."""
    assert [m.id for m in mentions] == [f"m{i}" for i in range(1, len(mentions) + 1)]
    assert [(m.start, -m.end) for m in mentions] == sorted((m.start, -m.end) for m in mentions)
    assert [e.id for e in entities] == [f"e{i}" for i in range(1, len(entities) + 1)]
    assert [m for e in entities for m in e.mentions] == sorted(
        {m for e in entities for m in e.mentions}, key=[m for e in entities for m in e.mentions].index
    )
    for entity in entities:
        assert [m.id for m in mentions if m.entity == entity.id] == list(entity.mentions) != []
    for mention in mentions:
        assert 0 <= mention.start <= mention.head[0] < mention.head[1] <= mention.end <= len(analysis.text)
    order = [int(e.mentions[0][1:]) for e in entities]
    assert order == sorted(order)


FRONT = (
    """
    Farid PROPN 3 nsubj Sing
    Maro PROPN 1 flat Sing
    leads=lead VERB 0 root
    the DET 7 det
    Maravel PROPN 7 compound Sing
    Resistance PROPN 7 compound Sing
    Front PROPN 3 obj Sing
    ( PUNCT 9 punct
    MRF PROPN 7 appos Sing
    ) PUNCT 9 punct
    . PUNCT 3 punct""",
    """
    Maro PROPN 2 nsubj Sing
    said=say VERB 0 root
    the DET 4 det
    front NOUN 6 nsubj Sing
    would AUX 6 aux
    hold VERB 2 ccomp
    its PRON 8 nmod:poss
    ground NOUN 6 obj Sing
    . PUNCT 2 punct""",
    """
    The DET 3 det
    Resistance PROPN 3 compound Sing
    Front PROPN 5 nsubj Sing
    has AUX 5 aux
    told=tell VERB 0 root
    him PRON 5 iobj
    that SCONJ 9 mark
    MRF PROPN 9 nsubj Sing
    won=win VERB 5 ccomp
    . PUNCT 5 punct""",
)
FRONT_NAMES = {"Farid Maro": "person", "Maravel Resistance Front": "organization", "Resistance Front": "organization"}


def front() -> Analysis:
    names = {"Farid Maro": "person", "Maro": "person", "Maravel Resistance Front": "organization", "MRF": "organization"}
    return build(*FRONT, names=names | FRONT_NAMES, nouns={"the front": "organization"})


def test_names_acronyms_descriptions_and_pronouns_of_one_article() -> None:
    analysis = front()
    mentions, entities = resolve(analysis)
    check(analysis, mentions, entities)
    named = {e.name: e for e in entities}
    assert set(named) == {"Farid Maro", "Maravel Resistance Front"}
    words = {e.name: [analysis.text[m.start : m.end] for m in mentions if m.entity == e.id] for e in entities}
    assert words["Farid Maro"] == ["Farid Maro", "Maro", "him"]
    assert words["Maravel Resistance Front"] == ["Maravel Resistance Front", "MRF", "the front", "its", "Resistance Front", "MRF"]
    body = named["Maravel Resistance Front"]
    assert body.aliases == ("MRF", "front", "Resistance Front")
    assert (body.type, body.sector, body.rule) == ("organization", "REB", "name+acronym+name:resistance front")


@pytest.mark.parametrize("name", ["Halvik-e-Renn", "Osk-upon-Velm", "Karsu-ez-Zahl"])
def test_a_name_goes_on_over_small_words_between_hyphens(name: str) -> None:
    assert name in [m.name for m in allegedly.read(f"A lorry exploded in {name} on Friday.").entities]


def test_an_acronym_that_the_model_overlooks_later_becomes_a_mention() -> None:
    analysis = front()
    fewer = tuple(m for m in analysis.mentions if analysis.tokens[m.head].form != "MRF")
    entity = entity_of(replace(analysis, mentions=fewer), "MRF", 1)
    assert entity is not None
    assert entity.name == "Maravel Resistance Front"


def test_an_acronym_stands_for_its_name_whatever_type_the_model_gives_it() -> None:
    analysis = front()
    wrong = tuple(replace(m, type="person") if analysis.tokens[m.head].form == "MRF" else m for m in analysis.mentions)
    assert [e.name for e in resolve(replace(analysis, mentions=wrong))[1]] == ["Farid Maro", "Maravel Resistance Front"]


def test_a_body_that_the_model_takes_for_a_description_is_named() -> None:
    lines = """
    Neither CCONJ 3 cc:preconj
    the DET 3 det
    NLA NOUN 7 nsubj Sing
    nor CCONJ 6 cc
    the DET 6 det
    Osk PROPN 3 conj Sing
    met=meet VERB 0 root
    the DET 9 det
    CEO NOUN 7 obj Sing
    . PUNCT 7 punct"""
    analysis = build(lines, nouns={"Neither the NLA": "organization", "the Osk": "place", "the CEO": "organization"})
    mentions, _ = resolve(analysis)
    assert {analysis.text[m.start : m.end]: m.named for m in mentions} == {"NLA": True, "Osk": True, "the CEO": False}


def test_a_title_alone_is_a_description_of_who_bears_it() -> None:
    analysis = build(
        said("Wren", "President", "Hala"), spoke("The", "President", "PROPN"), names={"Hala Wren": "person", "President": "person"}
    )
    mentions, entities = resolve(replace(analysis, mentions=tuple(m for m in analysis.mentions if m.first)))
    assert [e.name for e in entities] == ["Hala Wren"]
    assert [m.named for m in mentions] == [True, False]


def words(line: str) -> tuple[Token, ...]:
    forms, tokens, at = line.split(), [], 0
    for form in forms:
        tokens.append(Token(at, at + len(form), form, form.lower(), "X", "", -1, "dep", 0))
        at += len(form) + 1
    return tuple(tokens)


@pytest.mark.parametrize(
    ("line", "pairs"),
    [
        ("the Tolmere Workers Union ( TWU ) said", {"twu": "tolmere workers union"}),
        ("the TWU ( Tolmere Workers Union ) said", {"twu": "tolmere workers union"}),
        ("the Bank of Brennia ( BoB ) said", {"bob": "bank of brennia"}),
        ("the Kestrian Army ( founded in 1910 ) said", {}),
        ("a walk in the park ( TWU ) said", {}),
        ("Hala Osk ( R ) said", {}),
        ("( TWU ) ( ( ) (", {}),
    ],
)
def test_acronyms_need_their_letters(line: str, pairs: dict[str, str]) -> None:
    assert acronyms(words(line), line, {}) == pairs


def test_letters_in_another_order_need_a_name_before_the_bracket() -> None:
    line = "Armed Forces of Tolmere ( FAT ) said"
    assert acronyms(words(line), line, {}) == {}
    assert acronyms(words(line), line, {3: (0, 4)}) == {"fat": "armed forces of tolmere"}


TWO = """
    Bela PROPN 4 nsubj Sing
    Osk PROPN 1 flat Sing
    has AUX 4 aux
    met=meet VERB 0 root
    Dora PROPN 4 obj Sing
    Osk PROPN 5 flat Sing
    . PUNCT 4 punct"""


def said(name: str, *before: str) -> str:
    lines = [f"{word} PROPN {len(before) + 1} compound Sing" for word in before]
    return "\n".join([*lines, f"{name} PROPN {len(before) + 2} nsubj Sing", "spoke=speak VERB 0 root", f". PUNCT {len(before) + 2} punct"])


def test_two_people_with_one_surname_stay_apart() -> None:
    analysis = build(TWO, said("Bela"), said("Osk"), names={"Bela Osk": "person", "Dora Osk": "person", "Osk": "person", "Bela": "person"})
    analysis = replace(analysis, mentions=tuple(m for m in analysis.mentions if m.last - m.first > 1 or m.first > 5))
    mentions, entities = resolve(analysis)
    check(analysis, mentions, entities)
    assert [e.name for e in entities] == ["Bela Osk", "Dora Osk"]
    assert [m.entity for m in mentions] == ["e1", "e2", "e1", "e1"]  # the surname alone: the one met last


def test_a_title_tells_namesakes_apart() -> None:
    analysis = build(
        TWO, said("Osk", "Mr"), said("Osk", "Mrs"), said("Osk", "Mr"), names={"Bela Osk": "person", "Dora Osk": "person", "Osk": "person"}
    )
    analysis = replace(analysis, mentions=tuple(m for m in analysis.mentions if m.last - m.first > 1 or m.first > 5))
    ids = [m.entity for m in resolve(analysis)[0]]
    assert ids[2] == ids[4] != ids[3]


def test_a_surname_before_the_full_name() -> None:
    analysis = build(said("Wren"), said("Wren", "Hala"), names={"Hala Wren": "person"})
    first = RawMention(0, 1, 0, "person", True, 0.9)
    entity = entity_of(replace(analysis, mentions=(first, *analysis.mentions)), "Wren")
    assert entity is not None
    assert (entity.name, entity.aliases) == ("Hala Wren", ("Wren",))


def test_titles_are_no_part_of_a_name_and_describe() -> None:
    analysis = build(said("Wren", "Norwegian", "President", "Hala"), names={"President Hala Wren": "person"})
    entity = entity_of(analysis, "Hala Wren")
    assert entity is not None
    assert (entity.name, entity.country, entity.sector, entity.rule) == ("Hala Wren", "NOR", "GOV", "name+title:president")
    former = build(said("Wren", "former", "President"), names={"Wren": "person"})
    entity = entity_of(former, "Wren")
    assert entity is not None
    assert entity.sector == "ELI"


def test_capitals_in_a_headline() -> None:
    analysis = build(said("WREN", "HALA"), said("Wren", "Hala"), names={"HALA WREN": "person", "Hala Wren": "person"})
    _, entities = resolve(analysis)
    assert [(e.name, e.aliases) for e in entities] == [("Hala Wren", ("HALA WREN",))]


ACTS = """
    {0} PROPN 2 nsubj Sing
    accused=accuse VERB 0 root
    {1} PROPN 2 obj Sing
    . PUNCT 2 punct"""
IN = """
    They PRON 2 nsubj
    met=meet VERB 0 root
    in ADP 4 case
    {0} PROPN 2 obl Sing
    . PUNCT 2 punct"""


def test_the_gazetteer_corrects_types() -> None:
    analysis = build(ACTS.format("Norway", "Chile"), names={"Norway": "organization", "Chile": "place"})
    _, entities = resolve(analysis)
    assert [(e.type, e.country, e.rule) for e in entities] == [
        ("country", "NOR", "gazetteer:country"),
        ("country", "CHL", "gazetteer:country"),
    ]


def test_a_capital_that_acts_is_its_government_and_elsewhere_a_place() -> None:
    analysis = build(ACTS.format("Oslo", "Norway"), IN.format("Oslo"), names={"Oslo": "place", "Norway": "place"})
    acting, place = entity_of(analysis, "Oslo", 0), entity_of(analysis, "Oslo", 1)
    assert acting is not None
    assert place is not None
    assert (acting.type, acting.country, acting.sector) == ("organization", "NOR", "GOV")
    assert (place.type, place.country, place.sector) == ("place", "NOR", None)


def test_a_surname_is_neither_a_place_nor_a_country() -> None:
    analysis = build(said("Jordan", "Petra"), said("Jordan"), IN.format("Jordan"), names={"Petra Jordan": "person"})
    person, place = (RawMention(i, i + 1, i, kind, True, 0.9) for i, kind in ((4, "person"), (10, "place")))
    analysis = replace(analysis, mentions=(*analysis.mentions, person, place))
    one, other = entity_of(analysis, "Jordan", 0), entity_of(analysis, "Jordan", 1)
    assert one is not None
    assert other is not None
    assert (one.name, one.type, one.country) == ("Petra Jordan", "person", None)
    assert (other.type, other.country) == ("country", "JOR")


def test_nationalities_are_groups_and_organisations_have_sectors() -> None:
    line = """
        Norwegians=Norwegian PROPN 2 nsubj Plur
        left=leave VERB 0 root
        the DET 4 det
        UN PROPN 2 obj Sing"""
    analysis = build(line, names={"Norwegians": "person", "UN": "organization"})
    _, entities = resolve(analysis)
    assert [(e.type, e.country, e.sector) for e in entities] == [("group", "NOR", None), ("organization", None, "UNO")]


def noun_phrase(phrase: str) -> Analysis:
    """A subject made of words, the last its head (or the one before "of"), and a verb."""
    parts = phrase.split()
    at = parts.index("of") if "of" in parts else len(parts)
    rows = []
    for i, word in enumerate(parts, 1):
        upos = "DET" if word in ("the", "a") else "ADP" if word == "of" else "PROPN" if word[0].isupper() else "NOUN"
        relation, head = (
            ("nsubj", len(parts) + 1) if i == at else ("case", len(parts)) if word == "of" else ("det" if upos == "DET" else "compound", at)
        )
        if i > at + 1:
            relation, head = "nmod", at
        lemma = word[:-1] if word.endswith("s") and word not in ("police", "congress") and word[0].islower() else word
        rows.append(f"{word}={lemma} {upos} {head} {relation} {'Plur' if lemma != word else 'Sing'}")
    rows.append("spoke=speak VERB 0 root")
    return build("\n".join(rows), nouns={phrase: "other"})


@pytest.mark.parametrize(
    ("phrase", "kind", "country", "sector", "rule"),
    [
        ("the Norwegian government", "organization", "NOR", "GOV", "nominal:government"),
        ("the government of Chile", "organization", "CHL", "GOV", "nominal:government"),
        ("the South Korean army", "group", "KOR", "MIL", "nominal:army"),
        ("the foreign ministry", "organization", None, "GOV", "nominal:foreign ministry"),
        ("a minister", "person", None, "GOV", "nominal:minister"),
        ("protesters", "group", None, "CVL", "nominal:protester"),
        ("police", "group", None, "COP", "nominal:police"),
        ("the rebel leader", "person", None, "REB", "nominal:rebel leader"),
        ("the police spokesman", "person", None, "COP", "nominal:police spokesman"),
        ("the opposition leader", "person", None, "OPP", "nominal:opposition leader"),
        ("former officials", "group", None, "ELI", "nominal:official"),
        ("the militia", "group", None, "UAF", "nominal:militia"),
        ("the court", "organization", None, "JUD", "nominal:court"),
        ("the harbour", "other", None, None, "nominal:harbour"),
    ],
)
def test_descriptions(phrase: str, kind: str, country: str | None, sector: str | None, rule: str) -> None:
    _, entities = resolve(noun_phrase(phrase))
    described = entities[-1] if phrase.endswith("Chile") is False else entities[0]
    assert (described.type, described.country, described.sector, described.rule) == (kind, country, sector, rule)


def spoke(phrase: str, head: str, upos: str = "NOUN", number: str = "Sing") -> str:
    before = phrase.split()
    rows = [
        f"{w} {'DET' if w in ('the', 'a', 'The', 'A') else 'ADJ'} {len(before) + 1} {'det' if w.lower() in ('the', 'a') else 'amod'}"
        for w in before
    ]
    return "\n".join(
        [*rows, f"{head} {upos} {len(before) + 2} nsubj {number}", "spoke=speak VERB 0 root", f". PUNCT {len(before) + 2} punct"]
    )


def test_definite_descriptions_corefer_and_indefinite_ones_are_new() -> None:
    analysis = build(
        spoke("The interim", "government"),
        spoke("A", "government"),
        spoke("The", "minister"),
        spoke("The interim", "government"),
        spoke("the", "minister"),
        nouns={
            "The interim government": "organization",
            "A government": "organization",
            "The minister": "person",
            "the minister": "person",
        },
    )
    mentions, entities = resolve(analysis)
    check(analysis, mentions, entities)
    assert [m.entity for m in mentions] == ["e1", "e2", "e3", "e1", "e3"]


def test_the_country_is_the_last_country() -> None:
    analysis = build(
        ACTS.format("Chile", "Norway"),
        spoke("The", "country"),
        names={"Chile": "country", "Norway": "country"},
        nouns={"The country": "place"},
    )
    entity = entity_of(analysis, "The country")
    assert entity is not None
    assert entity.name == "Norway"


def test_a_relative_clause_says_who_somebody_is() -> None:
    said = """
        Hala PROPN 9 nsubj Sing
        Wren PROPN 1 flat Sing
        , PUNCT 7 punct
        who PRON 7 nsubj Sing
        is=be AUX 7 cop
        the DET 7 det
        judge NOUN 1 acl:relcl Sing
        , PUNCT 7 punct
        spoke=speak VERB 0 root"""
    analysis = build(said, names={"Hala Wren": "person"}, nouns={"the judge": "person"})
    entity = entity_of(analysis, "the judge")
    assert entity is not None
    assert entity.name == "Hala Wren"


def test_apposition_before_and_after_the_name() -> None:
    after = """
        Hala PROPN 7 nsubj Sing
        Wren PROPN 1 flat Sing
        , PUNCT 5 punct
        the DET 5 det
        mayor NOUN 1 appos Sing
        , PUNCT 5 punct
        spoke=speak VERB 0 root"""
    before = """
        The DET 2 det
        judge NOUN 7 nsubj Sing
        , PUNCT 4 punct
        Ivo PROPN 2 appos Sing
        Lund PROPN 4 flat Sing
        , PUNCT 4 punct
        spoke=speak VERB 0 root"""
    analysis = build(
        after,
        before,
        spoke("the", "mayor"),
        names={"Hala Wren": "person", "Ivo Lund": "person"},
        nouns={"the mayor": "person", "The judge": "person"},
    )
    mentions, entities = resolve(analysis)
    check(analysis, mentions, entities)
    assert [(e.name, e.sector) for e in entities] == [("Hala Wren", "GOV"), ("Ivo Lund", "JUD")]
    assert [m.entity for m in mentions] == ["e1", "e1", "e2", "e2", "e1"]


GENDER = """
    {0} PROPN 2 nsubj Sing
    met=meet VERB 0 root
    Mrs PROPN 4 compound Sing
    {1} PROPN 2 obj Sing
    . PUNCT 2 punct"""
PRONOUN = """
    {0} PRON 2 nsubj
    left=leave VERB 0 root
    . PUNCT 2 punct"""


def test_the_main_country_is_lent_to_bodies_of_state() -> None:
    lines = [ACTS.format("Norway", "Chile"), ACTS.format("Norway", "Lund"), ACTS.format("Norway", "Lund"), spoke("The", "government")]
    analysis = build(*lines, names={"Norway": "country", "Chile": "country", "Lund": "person"}, nouns={"The government": "organization"})
    entity = entity_of(analysis, "The government")
    assert entity is not None
    assert (entity.country, entity.rule) == ("NOR", "nominal:government+country:main")
    even = build(*lines[:1], lines[3], names={"Norway": "country", "Chile": "country"}, nouns={"The government": "organization"})
    assert [e.country for e in resolve(even)[1]] == ["NOR", "CHL", None]


# --- even-handed, and safe -----------------------------------------------------------------------------------------


def swapped(analysis: Analysis, pairs: dict[str, str]) -> Analysis:
    """The same analysis with forms exchanged for others of the same length."""
    text, tokens = analysis.text, []
    for token in analysis.tokens:
        form = pairs.get(token.form, token.form)
        assert len(form) == len(token.form)
        text = text[: token.start] + form + text[token.end :]
        tokens.append(replace(token, form=form, lemma=form if form != token.form else token.lemma))
    return replace(analysis, text=text, tokens=tuple(tokens))


def shape(analysis: Analysis) -> tuple:
    mentions, entities = resolve(analysis)
    return mentions, [(e.id, e.type, e.sector, e.mentions, e.rule) for e in entities]


ACTORS = ["Maro", "Osky", "Lund", "Wren", "Abel", "Zora"]


@settings(max_examples=60, deadline=None)
@given(
    st.permutations(ACTORS),
    st.lists(
        st.tuples(st.sampled_from(["acts", "he", "she", "the", "said", "mrs"]), st.integers(0, 5), st.integers(0, 5)),
        min_size=2,
        max_size=12,
    ),
)
def test_swapping_names_swaps_the_result_and_nothing_else(order: list[str], story: list[tuple[str, int, int]]) -> None:
    make = {
        "acts": ACTS.format,
        "he": lambda a, b: PRONOUN.format("He"),
        "she": lambda a, b: PRONOUN.format("She"),
        "the": lambda a, b: spoke("The", "minister"),
        "said": lambda a, b: said(a),
        "mrs": GENDER.format,
    }
    lines = [make[kind](ACTORS[a], ACTORS[b]) for kind, a, b in story]
    analysis = build(*lines, names=dict.fromkeys(ACTORS, "person"), nouns={"The minister": "person"})
    other = swapped(analysis, dict(zip(ACTORS, order, strict=True)))
    assert shape(analysis) == shape(other)
    check(analysis, *resolve(analysis))


VARIED = "Osk He it the ( ) . ' 's MRF Norway Oslo of President president his and they who US minister É 7"


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_any_tree_and_any_mentions_give_a_consistent_result(data: st.DataObject) -> None:
    forms = data.draw(
        st.lists(
            st.sampled_from(VARIED.split()),
            max_size=25,
        )
    )
    n = len(forms)
    tags = st.sampled_from(["PROPN", "NOUN", "PRON", "DET", "PUNCT", "VERB", "ADJ"])
    relations = st.sampled_from(["nsubj", "obj", "conj", "appos", "nmod:poss", "amod", "acl:relcl", "root", "expl", "compound"])
    tokens, at = [], 0
    for i, form in enumerate(forms):
        head = data.draw(st.integers(-1, n - 1))
        tokens.append(Token(at, at + len(form), form, form.lower(), data.draw(tags), "", head, data.draw(relations), i // 6))
        at += len(form) + 1
    kinds = st.sampled_from(["person", "organization", "group", "country", "place", "other"])
    index = st.integers(-1, n + 1)
    raws = st.builds(RawMention, index, index, index, kinds, st.booleans(), st.floats(0, 1))
    analysis = Analysis(" ".join(forms), tuple(tokens), (), tuple(data.draw(st.lists(raws, max_size=12))), ())
    mentions, entities = resolve(analysis)
    check(analysis, mentions, entities)
    assert (mentions, entities) == resolve(analysis)


def test_no_text_no_entities() -> None:
    empty = Analysis("", (), (), (), ())
    assert resolve(empty, Article("a", "", dateline=Dateline("Oslo", None))) == ((), ())


@pytest.mark.parametrize("one_sentence", [False, True])
def test_time_grows_with_the_length(one_sentence: bool) -> None:
    def took(times: int) -> float:
        single = build(
            *FRONT * 4,
            TWO,
            names=FRONT_NAMES | {"Bela Osk": "person", "Dora Osk": "person", "Osk": "person"},
            nouns={"the front": "organization"},
        )
        tokens, mentions = [], []
        size, length = len(single.tokens), len(single.text) + 1
        for k in range(times):
            for t in single.tokens:
                head = t.head + k * size if t.head >= 0 else -1
                sentence = 0 if one_sentence else t.sentence + 13 * k
                tokens.append(replace(t, start=t.start + k * length, end=t.end + k * length, head=head, sentence=sentence))
            mentions += [replace(m, first=m.first + k * size, last=m.last + k * size, head=m.head + k * size) for m in single.mentions]
        analysis = Analysis(" ".join([single.text] * times), tuple(tokens), (), tuple(mentions), ())
        return seconds(lambda: resolve(analysis))

    assert took(160) < 40 * max(took(10), 0.005)  # sixteen times the text; a quadratic step would take 256 times as long


def test_nouns_are_described_as_the_sectors_ask() -> None:
    role = nominals().role
    assert [role(before, head, after).sector for before, head, after in ((["armed"], "group", []), ([], "member", ["parliament"]))] == [
        "UAF",
        "LEG",
    ]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("the “ fears", "fears"),
        ("the “ old fears ”", "old fears"),
        ('the " old fears', "old fears"),
        ('the " old " fears', '" old " fears'),
    ],
)
def test_a_name_has_no_half_of_a_pair_of_quotation_marks(words: str, name: str) -> None:
    listed = words.split()
    head = listed.index("fears") + 1
    lines = [f"{one} {'NOUN' if one == 'fears' else 'DET' if one == 'the' else 'PUNCT'} {head * (one != 'fears')} dep" for one in listed]
    ((entity,)) = resolve(build("\n".join(lines), nouns={words: "other"}))[1]
    assert entity.name == name
