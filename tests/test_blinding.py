"""The encoder is told that somebody is named, and never who."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from allegedly.blinding import bases, blinding, parted
from allegedly.model import loaded
from allegedly.pieces import atoms
from allegedly.reading import read_article
from allegedly.records import Analysis, Article, RawLink, RawMention, Token


def read(text: str) -> str:
    """A text as the encoder reads it, in small letters: it knows capitals from the atoms' cases alone."""
    return " ".join(blinding()(blinding().joined(atoms(text))).forms).lower()


def exchanged(text: str, *pairs: tuple[str, str]) -> str:
    """The text with words that change places."""
    both = {a: b for pair in pairs for a, b in (pair, pair[::-1])}
    return re.sub(r"\b(?:" + "|".join(sorted(both, key=len, reverse=True)) + r")\b", lambda m: both[m[0]], text)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("Halvik accused Renn of lying. Renn said that Halvik was wrong.", [("Halvik", "Renn")]),
        ("Petra Halvik met Adam Renn. Renn thanked Petra Halvik.", [("Halvik", "Renn"), ("Petra", "Adam")]),
        ("McTavish blamed Obi-Wright, and Diallo blamed McTavish.", [("McTavish", "Diallo")]),
        (
            "Norway will send troops to Chile. A Norwegian general and two Chileans met.",
            [("Norway", "Chile"), ("Norwegian", "Chilean"), ("Norwegians", "Chileans")],
        ),
        ("He told the spokeswoman that she had hurt him.", [("He", "She"), ("she", "he"), ("him", "her"), ("spokeswoman", "spokesman")]),
        ("Mr Holt met his wife, and she thanked him.", [("Mr", "Ms"), ("his", "her"), ("wife", "husband"), ("she", "he"), ("him", "her")]),
        ("The imam of the mosque met Christians.", [("imam", "priest"), ("mosque", "church"), ("Christians", "Muslims")]),
        ("Conservatives will not vote with liberals.", [("Conservatives", "Liberals"), ("liberals", "conservatives")]),
        ("Wilhelmina van der Meulen met Ada Lund.", [("van der Meulen", "Lund")]),
        ("Siobhan O'Rourke blamed Yusuf al-Rashidi and Tamar Ben-Ari.", [("O'Rourke", "al-Rashidi")]),
        ("HALVIK: No. I told Halvik and Renn.", [("HALVIK", "RENN"), ("Halvik", "Renn")]),
        ("The right-wing alliance won, and the left wing lost.", [("right", "left")]),
        ("Veterans asked the Norlandic government to let them go.", [("government", "opposition")]),
        ("The army accused the government of Osk.", [("government", "opposition"), ("army", "militia")]),
        ("They said he had shown his “private” letters and hurt him badly.", [("he", "she"), ("his", "her"), ("him", "her")]),
        ("Marxism was an enemy of Christianity.", [("Christianity", "Islam")]),
        ("Yara Dessal Halvik met Renn, and Halvik-Orso left.", [("Dessal Halvik", "Torren"), ("Halvik-Orso", "Sall")]),
        ("But Hedges left. Amid talks, Hedges said no.", [("Hedges", "Halvik")]),
        ("Don Halvik met Randy Renn.", [("Don", "Randy")]),
    ],
)
def test_words_that_change_places_give_the_same_text(text: str, pairs: list[tuple[str, str]]) -> None:
    assert exchanged(text, *pairs) != text
    assert read(exchanged(text, *pairs)) == read(text)


@pytest.mark.parametrize(
    "text",
    [
        "The ministry said on Tuesday that talks had failed.",
        "Vandals broke the windows. Arsonists burnt two cars, firefighters said.",
        "Rising prices worry them. Marching through the town, they sang.",
        "THE COUNCIL VOTED. NATO and the U.N. were silent.",
        "The Ministry of Defence and the United Nations agreed.",
        "he told the woman that she was his sister",
        "The right wing of the palace burnt. He left, and they were right.",
        "Their opposition to the plan grew, and so did opposition from the left.",
        "ASEAN and UNHCR left: nobody knew why.",
    ],
)
def test_what_is_no_name_is_read_as_it_is(text: str) -> None:
    assert read(text) == " ".join(atoms(text).forms).lower()


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Mr Brown and Sen. Stone left. Brown was angry.", ["Brown", "Stone"]),
        ("Robert Hill said no. Hill left.", ["Robert", "Hill"]),
        ("The hill is brown. A stone fell.", []),
        ("Sanders spoke.", ["Sanders"]),
    ],
)
def test_a_name_that_is_a_word_is_known_by_what_is_before_it(text: str, names: list[str]) -> None:
    found = atoms(text)
    changed = [a for a, b in zip(found.forms, blinding()(found).forms, strict=True) if a != b]
    assert list(dict.fromkeys(changed)) == names


def test_one_name_has_one_stand_in_and_two_have_two() -> None:
    seen = blinding()(atoms("Halvik met Renn. Renn and Halvik met Orso.")).forms
    assert seen[0] == seen[6]
    assert seen[2] == seen[4]
    assert len({seen[0], seen[2], seen[8]}) == 3


def test_more_names_than_stand_ins_begin_anew() -> None:
    names = [f"Zq{a}{b}" for a in "abcdefghijklmnopqr" for b in "abcdefghijklmnopqr"]
    seen = blinding()(atoms(" ".join(names))).forms
    assert seen[0] == seen[len(blinding().names)]


def test_her_is_read_as_his_or_him() -> None:
    assert read("She said that her plan had hurt her. They told her in May.") == (
        "he said that his plan had hurt him . they told him in may ."
    )


def test_stand_ins_are_names_of_their_kind() -> None:
    """Each is read as itself where it is the first: a stand-in that is a word, or of another kind, would not be."""
    b = blinding()
    assert len(set(b.names)) == len(b.names)
    assert len(set(b.places)) == len(b.places)
    assert all(len({len(row) for row in side.rows}) == 1 for side in b.sides)
    assert not {name.lower() for name in b.names} & b.plain


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Luiz da Silva left, and von Braun said no.", ["da Silva", "von Braun"]),
        ("Zia-ul-Haq and Maria de la Cruz met D’Angelo.", ["Zia-ul-Haq", "de la Cruz", "D’Angelo"]),
        ("The van hit a de facto leader. The Norlandic-Kestrian talks failed, and it's over.", []),
        ("Al-", []),
        ("O'", []),
        ("He is of al-Qaeda and the left-wing front.", []),
    ],
)
def test_names_of_several_atoms_are_one(text: str, names: list[str]) -> None:
    found = atoms(text)
    assert [form for form in blinding().joined(found).forms if form not in found.forms] == names


def test_the_parts_of_a_joined_name_are_words_again() -> None:
    text = "Ada van der Meulen met Omar al-Rashidi."
    forms = ["Ada", "van der Meulen", "met", "Omar", "al-Rashidi", "."]
    heads = [(2, "nsubj"), (0, "flat"), (-1, "root"), (2, "obj"), (2, "obl"), (2, "punct")]
    tokens = tuple(
        Token(text.index(form), text.index(form) + len(form), form, form, "PROPN", "", head, relation, 0)
        for form, (head, relation) in zip(forms, heads, strict=True)
    )
    mentions = (RawMention(0, 2, 0, "person", True, 1.0), RawMention(4, 5, 4, "person", True, 1.0))
    found = parted(Analysis(text, tokens, ((0, 6),), mentions, (), links=(RawLink(4, 0, 0.9),)), blinding().joined(atoms(text)))
    assert [(t.form, t.head, t.relation) for t in found.tokens] == [
        ("Ada", 4, "nsubj"),
        ("van", 0, "flat"),
        ("der", 0, "flat"),
        ("Meulen", 0, "flat"),
        ("met", -1, "root"),
        ("Omar", 4, "obj"),
        ("al", 4, "obl"),
        ("-", 6, "punct"),
        ("Rashidi", 6, "flat"),
        (".", 4, "punct"),
    ]
    assert found.sentences == ((0, 10),)
    assert [(m.first, m.last, m.head) for m in found.mentions] == [(0, 4, 0), (6, 9, 6)]
    assert [(k.token, k.antecedent) for k in found.links] == [(6, 0)]
    assert all(text[t.start : t.end] == t.form for t in found.tokens)


def test_dashes_stay_whole() -> None:
    assert "--" in [t.form for t in loaded().analyse("Ben-Ari left -- the others stayed. ----").tokens]


def test_regular_forms() -> None:
    assert "ministry" in set(bases("ministries"))
    assert "stop" in set(bases("stopped"))
    assert "arrive" in set(bases("arriving"))
    assert not set(bases("as"))
    assert {"bombing", "bomb"} <= set(bases("bombings"))
    assert "report" in set(bases("reportedly"))


def test_forms_of_forms_are_no_names_and_names_like_them_are() -> None:
    told = blinding()
    assert not any(told.stranger(word) for word in ("bombings", "reportedly", "increasingly", "applied", "discusses", "thanks"))
    assert all(told.stranger(word) for word in ("hastings", "cummings", "jennings", "billings", "sanders"))


pieces_of_names = st.sampled_from(["Halvik", "van", "der", "al", "-", "'", "O", "Ben", "Renn", " ", " ", "\n", "said", "de la", "."])


@settings(deadline=None)
@given(st.lists(pieces_of_names, max_size=24).map("".join))
@example("derO  .de laRennRenn ")
@example("van'de laalBenOde la")
def test_joined_names_leave_every_character_where_it_is(text: str) -> None:
    found, joined = atoms(text), blinding().joined(atoms(text))
    assert set(joined.start) <= set(found.start)
    assert set(joined.end) <= set(found.end)
    covered = {c for a, b in zip(joined.start, joined.end, strict=True) for c in range(a, b)}
    assert {c for a, b in zip(found.start, found.end, strict=True) for c in range(a, b)} <= covered
    analysis = loaded().analyse(text)
    assert all(text[t.start : t.end] == t.form for t in analysis.tokens)
    assert all(t.form == "".join(t.form.split()) for t in analysis.tokens)
    assert all(t.head < 0 or analysis.tokens[t.head].sentence == t.sentence for t in analysis.tokens)


words = st.sampled_from(
    ["Halvik", "renn", "He", "she", "her", "his", "Norway", "Chileans", "the", "Mr", ".", "MOSQUE", "Osk", "McTavish", "—", "n't"]
)


@given(st.text(max_size=60) | st.lists(words, max_size=20).map(" ".join))
def test_places_stay_as_they_are(text: str) -> None:
    found = atoms(text)
    seen = blinding()(found)
    assert len(seen.forms) == len(found.forms)
    assert (seen.start == found.start).all()
    assert (seen.gap == found.gap).all()
    assert seen.text == text
    assert all(seen.forms)


@pytest.mark.parametrize(
    "text", ["Chancellor Halvik met President Renn in Paris on Friday.", "Governor Edda Marlow met General Oskar Brandt in Geneva."]
)
def test_persons_on_either_side_of_a_verb_are_two(text: str) -> None:
    found = read_article(Article("x", text))
    persons = [text[m.start : m.end] for m in found.mentions if m.type == "person"]
    assert [name.split()[-1] for name in persons] == re.findall(r"(\w+) (?:met|in)\b", text)


def test_a_surname_that_is_a_word_is_a_name_where_it_stands_alone() -> None:
    assert read("Police asked Stone about it. Stone denied it.") == read("Police asked Halvik about it. Halvik denied it.")
    assert read("Capitol Hill was quiet, and Hill Street was closed.").split().count("hill") == 2
    assert "hill" in read("The Hill reported it.").split()


def test_two_names_that_a_hyphen_joins_stay_two_where_they_are_two() -> None:
    assert read("The Halvik-Renn talks failed.").count("-") == 1
    assert "-" not in read("Petra Halvik-Renn said so.")
    assert "-" not in read("A bridge in Halvik-e-Renn fell.")
    assert read("The Halvik-in-exile group met.").count("-") == 2


def test_who_speaks_in_a_transcript_is_named() -> None:
    assert read("HALVIK: No.\nRENN: Why not?") == read("Halvik: No.\nRenn: Why not?")


def test_the_encoder_is_fed_the_capitals_of_the_stand_ins() -> None:
    """As it was taught: "McTavish" and "Halvik" are one to it."""
    feeds = [loaded().encode_inputs(f"The mayor met {name} in Osk.") for name in ("McTavish", "Halvik", "al-Rashidi", "van der Meulen")]
    assert all((one[key] == feeds[0][0][key]).all() for (one,) in feeds for key in one)


def test_titles_of_women_are_read_as_one() -> None:
    assert read("Mr Halvik met Mrs Torren.") == read("Mr Halvik met Ms Torren.") == read("Mr Halvik met Miss Torren.")


def test_what_tells_what_somebody_is_names_nobody() -> None:
    assert [blinding().common(word) for word in ("Democrat", "Experts", "Waters", "Halvik")] == [True, True, False, False]
