"""What completes a verb or noun, mended: each repair on trees drawn by hand, where it mends and where it leaves alone."""

import pytest
from test_repairs import Word, analysis

from allegedly.reading.repairs import repaired

CASES: list[tuple[str, list[Word], int, int, str]] = [
    # name, words, the word that hangs elsewhere or where it hung, its head, its relation
    (
        "asked",
        [("She", "PRON", 2, "nsubj"), ("beseeched/beseech", "VERB", 0, "root"), ("guards", "NOUN", 2, "obj"), ("to", "PART", 5, "mark"), ("leave", "VERB", 2, "advcl")],
        5, 2, "xcomp",
    ),
    (
        "a purpose of who acts",
        [("She", "PRON", 2, "nsubj"), ("bribed/bribe", "VERB", 0, "root"), ("guards", "NOUN", 2, "obj"), ("to", "PART", 5, "mark"), ("leave", "VERB", 2, "advcl")],
        5, 2, "advcl",
    ),
    (
        "a whole clause behind a report",
        [("reports/report", "NOUN", 0, "root"), ("that", "SCONJ", 4, "mark"), ("he", "PRON", 4, "nsubj"), ("fled/flee", "VERB", 1, "acl:relcl")],
        4, 1, "acl",
    ),
    (
        "a relative clause behind a thing",
        [("houses/house", "NOUN", 0, "root"), ("that", "SCONJ", 4, "mark"), ("he", "PRON", 4, "nsubj"), ("built/build", "VERB", 1, "acl:relcl")],
        4, 1, "acl:relcl",
    ),
    (
        "a clause behind a verb and its particle",
        [("ruled/rule", "VERB", 0, "root"), ("out", "ADP", 1, "compound:prt"), ("that", "SCONJ", 5, "mark"), ("he", "PRON", 5, "nsubj"), ("fled/flee", "VERB", 1, "advcl")],
        5, 1, "ccomp",
    ),
    (
        "what follows from it",
        [("so", "ADV", 2, "advmod"), ("ill", "ADJ", 0, "root"), ("that", "SCONJ", 5, "mark"), ("he", "PRON", 5, "nsubj"), ("fled/flee", "VERB", 2, "advcl")],
        5, 2, "advcl",
    ),
    (
        "a particle before an object",
        [("They", "PRON", 2, "nsubj"), ("hand", "VERB", 0, "root"), ("over", "ADP", 4, "case"), ("boats", "NOUN", 2, "obj")],
        3, 2, "compound:prt",
    ),
    (
        "a particle before of",
        [("They", "PRON", 2, "nsubj"), ("pull", "VERB", 0, "root"), ("out", "ADP", 5, "case"), ("of", "ADP", 5, "case"), ("Velm", "PROPN", 2, "obl")],
        3, 2, "compound:prt",
    ),
    (
        "a preposition that no verb asks for",
        [("They", "PRON", 2, "nsubj"), ("sleep", "VERB", 0, "root"), ("over", "ADP", 4, "case"), ("boats", "NOUN", 2, "obl")],
        3, 4, "case",
    ),
    (
        "ought",
        [("She", "PRON", 2, "nsubj"), ("ought", "AUX|VerbForm=Fin", 4, "advcl"), ("to", "PART", 4, "mark"), ("leave", "VERB", 0, "root")],
        1, 4, "nsubj",
    ),
    (
        "the subject of an auxiliary",
        [("monks", "NOUN", 2, "nsubj"), ("dared/dare", "AUX", 3, "aux"), ("speak", "VERB", 0, "root")],
        1, 3, "nsubj",
    ),
    (
        "a prefix",
        [("The", "DET", 3, "det"), ("ex-", "NOUN", 4, "nsubj"), ("mayor", "NOUN", 4, "nsubj"), ("left/leave", "VERB", 0, "root")],
        2, 3, "compound",
    ),
    (
        "a hyphen within a word",
        [("They", "PRON", 2, "nsubj"), ("met/meet", "VERB", 0, "root"), ("mayors", "NOUN", 2, "obj"), ("-", "PUNCT", 2, "punct"), ("elect", "ADJ", 3, "amod")],
        4, 3, "punct",
    ),
    (
        "who is asked for something",
        [("She", "PRON", 2, "nsubj"), ("asked/ask", "VERB", 0, "root"), ("nurses", "NOUN", 2, "iobj"), ("for", "ADP", 5, "case"), ("patience", "NOUN", 2, "obl")],
        3, 2, "obj",
    ),
    (
        "who is given something",
        [("She", "PRON", 2, "nsubj"), ("gave/give", "VERB", 0, "root"), ("nurses", "NOUN", 2, "iobj"), ("bread", "NOUN", 2, "obj")],
        3, 2, "iobj",
    ),
    (
        "what is wanted of a thing",
        [("They", "PRON", 2, "nsubj"), ("want", "VERB", 0, "root"), ("fences", "NOUN", 2, "obj"), ("torn/tear", "VERB|Tense=Past|VerbForm=Part", 3, "acl")],
        4, 2, "xcomp",
    ),
    (
        "what a thing is like",
        [("They", "PRON", 2, "nsubj"), ("mend", "VERB", 0, "root"), ("fences", "NOUN", 2, "obj"), ("torn/tear", "VERB|Tense=Past|VerbForm=Part", 3, "acl")],
        4, 3, "acl",
    ),
    (
        "a bare participle",
        [("dockers", "NOUN", 0, "root"), ("shot/shoot", "VERB|Tense=Past", 1, "acl:relcl"), ("dead", "ADJ", 2, "xcomp")],
        2, 1, "acl",
    ),
    (
        "a relative clause with its pronoun",
        [("dockers", "NOUN", 0, "root"), ("who", "PRON|PronType=Rel", 3, "nsubj"), ("shot/shoot", "VERB|Tense=Past", 1, "acl:relcl")],
        3, 1, "acl:relcl",
    ),
    (
        "who was wrong to do it",
        [("wrong", "ADJ", 0, "root"), ("of", "ADP", 3, "case"), ("crews", "NOUN", 1, "obl"), ("to", "PART", 5, "mark"), ("burn", "VERB", 1, "csubj")],
        3, 5, "nsubj",
    ),
    (
        "what one has faith in",
        [("They", "PRON", 2, "nsubj"), ("lost/lose", "VERB", 0, "root"), ("faith", "NOUN", 2, "obj"), ("in", "ADP", 5, "case"), ("Velm", "PROPN", 2, "obl")],
        5, 3, "nmod",
    ),
    (
        "what somebody is told",
        [("boasted/boast", "VERB", 0, "root"), ("to", "ADP", 3, "case"), ("guards", "NOUN", 1, "obl"), ("that", "PRON", 6, "obj"), ("he", "PRON", 6, "nsubj"), ("paid/pay", "VERB", 3, "acl:relcl")],
        6, 1, "ccomp",
    ),
    (
        "whom somebody goes to",
        [("went/go", "VERB", 0, "root"), ("to", "ADP", 3, "case"), ("guards", "NOUN", 1, "obl"), ("that", "PRON", 6, "obj"), ("he", "PRON", 6, "nsubj"), ("paid/pay", "VERB", 3, "acl:relcl")],
        6, 3, "acl:relcl",
    ),
    (
        "where one loses something",
        [("They", "PRON", 2, "nsubj"), ("lost/lose", "VERB", 0, "root"), ("bags", "NOUN", 2, "obj"), ("in", "ADP", 5, "case"), ("Velm", "PROPN", 2, "obl")],
        5, 2, "obl",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("words", "word", "head", "relation"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_what_completes_a_word_hangs_on_it(words: list[Word], word: int, head: int, relation: str) -> None:
    token = repaired(analysis(*words)).tokens[word - 1]
    assert (token.head + 1, token.relation) == (head, relation)


def test_a_clause_before_the_last_noun_breaks_nothing() -> None:
    words: list[Word] = [("told/tell", "VERB", 0, "root"), ("fled/flee", "VERB", 3, "acl"), ("guards", "NOUN", 1, "obj")]
    assert len(repaired(analysis(*words)).tokens) == 3
