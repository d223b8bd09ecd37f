"""The tree's repairs, each on trees drawn by hand: where it mends, and where it leaves alone."""

import pytest

from allegedly.reading.repairs import repaired
from allegedly.records import Analysis, RawMention, Token

Word = tuple[str, str, int, str]  # form, part of speech with features after a bar, head (0 the root, counted from 1), relation


def analysis(*words: Word, persons: tuple[int, ...] = ()) -> Analysis:
    """A sentence with its tree; a form may have its lemma behind a slash ("said/say"), and hyphens stand without spaces."""
    text, tokens = "", []
    for form, tag, head, relation in words:
        form, _, lemma = form.partition("/")
        upos, _, features = tag.partition("|")
        text += "" if not text or form == "-" or text.endswith("-") else " "
        lemma = lemma or {"claimed": "claim", "said": "say"}.get(form, form.lower())
        tokens.append(Token(len(text), len(text) + len(form), form, lemma, upos, features, head - 1, relation, 0))
        text += form
    mentions = tuple(RawMention(i - 1, i, i - 1, "person", False, 0.9) for i in persons)
    return Analysis(text, tuple(tokens), ((0, len(tokens)),), mentions, ())


CASES = [
    # name, words, persons, the word that hangs elsewhere, its head, its relation
    ("case", [("Osk", "PROPN", 2, "nsubj"), ("call", "VERB", 0, "root"), ("on", "ADP", 2, "mark"), ("Brennia", "PROPN", 2, "obl")], (), 3, 4, "case"),
    ("marked", [("They", "PRON", 2, "nsubj"), ("fired", "VERB", 0, "root"), ("on", "ADP", 4, "case"), ("ferrymen", "NOUN", 2, "obj")], (), 4, 2, "obl"),
    ("particle", [("They", "PRON", 2, "nsubj"), ("took", "VERB", 0, "root"), ("in", "ADP", 4, "case"), ("orphans", "NOUN", 2, "obj")], (), 4, 2, "obj"),
    ("subject", [("Guilds", "NOUN", 3, "nsubj"), ("drew", "VERB", 0, "root"), ("blame", "NOUN", 2, "obj")], (), 1, 2, "nsubj"),
    ("object", [("Osk", "PROPN", 2, "nsubj"), ("demand", "VERB", 0, "root"), ("a", "DET", 4, "det"), ("truce", "NOUN", 2, "xcomp")], (), 4, 2, "obj"),
    ("naming", [("Osk", "PROPN", 2, "nsubj"), ("become", "VERB", 0, "root"), ("a", "DET", 4, "det"), ("port", "NOUN", 2, "xcomp")], (), 4, 2, "xcomp"),
    (
        "later object",
        [("let", "VERB", 0, "root"), ("to", "PART", 3, "mark"), ("jail", "VERB", 1, "xcomp"), ("critics", "NOUN", 1, "obj")],
        (), 4, 3, "obj",
    ),
    (
        "participle",
        [("reopen", "VERB", 0, "root"), ("mills", "NOUN", 3, "nsubj"), ("closed", "VERB|Tense=Past|VerbForm=Part", 1, "xcomp")],
        (), 3, 2, "acl",
    ),
    (
        "causative",
        [("have", "VERB", 0, "root"), ("mills", "NOUN", 3, "nsubj"), ("closed", "VERB|Tense=Past|VerbForm=Part", 1, "xcomp")],
        (), 3, 1, "xcomp",
    ),
    (
        "joined",
        [("killing", "VERB", 0, "root"), ("men", "NOUN", 1, "obj"), ("and", "CCONJ", 4, "cc"), ("wounding", "VERB", 2, "conj")],
        (), 4, 1, "conj",
    ),
    (
        "finite",
        [("time", "NOUN", 0, "root"), ("Osk", "PROPN", 3, "nsubj"), ("left", "VERB", 1, "acl:relcl"), ("fled", "VERB|VerbForm=Fin", 1, "acl")],
        (), 4, 3, "conj",
    ),
    (
        "gerund's preposition",
        [("for", "ADP", 3, "case"), ("feeding", "VERB", 0, "root"), ("exiles", "NOUN", 2, "obl")],
        (), 1, 2, "mark",
    ),
    (
        "gerund's object",
        [("for", "ADP", 3, "case"), ("feeding", "VERB", 0, "root"), ("exiles", "NOUN", 2, "obl")],
        (), 3, 2, "obj",
    ),
    (
        "inverted",
        [("left", "VERB", 0, "root"), (",", "PUNCT", 3, "punct"), ("claimed", "VERB|VerbForm=Fin", 1, "conj"), ("guards", "NOUN", 3, "obj")],
        (), 4, 3, "nsubj",
    ),
    (
        "inserted",
        [("guards", "NOUN", 5, "nsubj"), (",", "PUNCT", 3, "punct"), ("she", "PRON", 1, "appos"), ("said", "VERB", 0, "root"),
         (",", "PUNCT", 4, "punct"), ("fled", "VERB", 4, "ccomp")],
        (), 3, 4, "nsubj",
    ),
    (
        "subject of the first verb",
        [("She", "PRON", 5, "nsubj"), ("left", "VERB|VerbForm=Fin", 0, "root"), ("town", "NOUN", 2, "obj"), (",", "PUNCT", 5, "punct"),
         ("saying", "VERB|VerbForm=Part", 2, "advcl"), ("nothing", "PRON", 5, "obj")],
        (), 1, 2, "nsubj",
    ),
    (
        "subject of the second verb",
        [("Osk", "PROPN", 2, "nsubj"), ("said", "VERB|VerbForm=Fin", 0, "root"), ("it", "PRON", 4, "nsubj"), ("fell", "VERB|VerbForm=Fin", 2, "ccomp")],
        (), 3, 4, "nsubj",
    ),
    (
        "subject of an order",
        [("Whoever", "PRON", 3, "nsubj"), ("come", "VERB|Mood=Imp|VerbForm=Fin", 0, "root"), ("sing", "VERB", 2, "conj")],
        (), 1, 3, "nsubj",
    ),
    (
        "relative subject",
        [("storm", "NOUN", 0, "root"), ("that", "PRON|PronType=Rel", 3, "obj"), ("hit", "VERB|VerbForm=Fin", 1, "acl:relcl"), ("Osk", "PROPN", 3, "obj")],
        (), 2, 3, "nsubj",
    ),
    (
        "relative object",
        [("ship", "NOUN", 0, "root"), ("that", "PRON|PronType=Rel", 4, "obj"), ("Osk", "PROPN", 4, "nsubj"), ("sank", "VERB|VerbForm=Fin", 1, "acl:relcl")],
        (), 2, 4, "obj",
    ),
    (
        "relative oblique",
        [("ship", "NOUN", 0, "root"), ("that", "PRON|PronType=Rel", 4, "obl"), ("Osk", "PROPN", 4, "nsubj"), ("sank", "VERB|VerbForm=Fin", 1, "acl:relcl")],
        (), 2, 4, "obj",
    ),
    (
        "relative place",
        [("port", "NOUN", 0, "root"), ("where", "ADV|PronType=Rel", 4, "obl"), ("Osk", "PROPN", 4, "nsubj"), ("ruled", "VERB|VerbForm=Fin", 1, "acl:relcl")],
        (), 2, 4, "obl",
    ),
    (
        "relative owner",
        [("editor", "NOUN", 0, "root"), ("whose", "PRON|PronType=Rel", 3, "nmod:poss"), ("paper", "NOUN", 5, "nsubj"), ("Osk", "PROPN", 5, "nsubj"),
         ("banned", "VERB|VerbForm=Fin", 1, "acl:relcl")],
        (), 3, 5, "obj",
    ),
    (
        "object of the perfect",
        [("strikes", "NOUN", 3, "nsubj:pass"), ("have", "AUX|VerbForm=Fin", 3, "aux"), ("angered", "VERB|VerbForm=Part", 0, "root"),
         ("traders", "NOUN", 3, "obl:agent")],
        (), 4, 3, "obj",
    ),
    (
        "agent of the passive",
        [("towns", "NOUN", 3, "nsubj:pass"), ("were", "AUX|VerbForm=Fin", 3, "aux:pass"), ("hit", "VERB|VerbForm=Part", 0, "root"),
         ("rebels", "NOUN", 3, "obl:agent")],
        (), 4, 3, "obl:agent",
    ),
    (
        "shared noun",
        [("Kestrian", "PROPN", 5, "nsubj"), ("and", "CCONJ", 3, "cc"), ("Oskian", "PROPN", 1, "conj"), ("troops", "NOUN", 1, "conj"), ("left", "VERB", 0, "root")],
        (), 1, 4, "amod",
    ),
    (
        "noun of its own",
        [("Kestria", "PROPN", 6, "nsubj"), (",", "PUNCT", 3, "punct"), ("Osk", "PROPN", 1, "conj"), ("and", "CCONJ", 5, "cc"), ("rebels", "NOUN", 1, "conj"),
         ("left", "VERB", 0, "root")],
        (), 5, 1, "conj",
    ),
    (
        "late subject",
        [("judges", "NOUN", 2, "nsubj"), ("freed", "VERB|VerbForm=Fin", 0, "root"), ("the", "DET", 4, "det"), ("poet", "NOUN", 2, "nsubj")],
        (), 4, 2, "obj",
    ),
    (
        "speaker after the verb",
        [("left", "VERB", 2, "ccomp"), ("said", "VERB|VerbForm=Fin", 0, "root"), ("the", "DET", 4, "det"), ("poet", "NOUN", 2, "nsubj")],
        (), 4, 2, "nsubj",
    ),
    ("active", [("Osk", "PROPN", 2, "nsubj:pass"), ("freed", "VERB|Mood=Ind|VerbForm=Fin", 0, "root"), ("them", "PRON", 2, "obj")], (), 1, 2, "nsubj"),
    ("passive", [("Osk", "PROPN", 3, "nsubj"), ("was", "AUX|VerbForm=Fin", 3, "aux:pass"), ("freed", "VERB", 0, "root")], (), 1, 3, "nsubj:pass"),
    ("reduced", [("towns", "NOUN", 2, "nsubj:pass"), ("hit", "VERB|Tense=Past|VerbForm=Part", 0, "root")], (), 1, 2, "nsubj:pass"),
    (
        "finite conjunct",
        [("ran", "VERB|VerbForm=Fin", 0, "root"), ("to", "PART", 3, "mark"), ("hide", "VERB|VerbForm=Inf", 1, "xcomp"), ("and", "CCONJ", 5, "cc"),
         ("fell", "VERB|Mood=Ind|VerbForm=Fin", 3, "conj")],
        (), 5, 1, "conj",
    ),
    (
        "infinite conjunct",
        [("ran", "VERB|VerbForm=Fin", 0, "root"), ("to", "PART", 3, "mark"), ("hide", "VERB|VerbForm=Inf", 1, "xcomp"), ("and", "CCONJ", 5, "cc"),
         ("sleep", "VERB|VerbForm=Inf", 3, "conj")],
        (), 5, 3, "conj",
    ),
    (
        "relative",
        [("claim", "NOUN", 0, "root"), ("that", "PRON|PronType=Rel", 4, "obj"), ("Osk", "PROPN", 4, "nsubj"), ("denied", "VERB", 1, "acl")],
        (), 4, 1, "acl:relcl",
    ),
    (
        "who",
        [("trial", "NOUN", 0, "root"), ("of", "ADP", 3, "case"), ("editors", "NOUN", 1, "nmod"), ("who", "PRON", 5, "nsubj"),
         ("fled", "VERB", 1, "acl:relcl")],
        (3,), 5, 3, "acl:relcl",
    ),
    (
        "who of a person",
        [("editors", "NOUN", 0, "root"), ("of", "ADP", 3, "case"), ("sheets", "NOUN", 1, "nmod"), ("who", "PRON", 5, "nsubj"),
         ("fled", "VERB", 1, "acl:relcl")],
        (1,), 5, 1, "acl:relcl",
    ),
    ("scorn", [("Osk", "PROPN", 2, "nsubj"), ("poured", "VERB", 0, "root"), ("scorn", "NOUN", 2, "obl"), ("on", "ADP", 5, "case"), ("them", "PRON", 2, "obl")], (), 3, 2, "obj"),
    (
        "according to",
        [("dam", "NOUN", 2, "nsubj"), ("burst", "VERB", 0, "root"), ("according", "VERB", 5, "case"), ("to", "ADP", 3, "fixed"),
         ("herders", "NOUN", 2, "nsubj")],
        (), 5, 2, "obl",
    ),
    (
        "what is called something",
        [("Osk", "PROPN", 2, "nsubj"), ("called", "VERB", 0, "root"), ("it", "PRON", 5, "nsubj"), ("a", "DET", 5, "det"), ("farce", "NOUN", 2, "xcomp")],
        (), 3, 2, "obj",
    ),
    (
        "what is something",
        [("Osk", "PROPN", 2, "nsubj"), ("says", "VERB", 0, "root"), ("it", "PRON", 5, "nsubj"), ("is", "AUX", 5, "cop"), ("open", "ADJ", 2, "xcomp")],
        (), 3, 5, "nsubj",
    ),
    (
        "distant agent",
        [("was", "AUX", 2, "aux:pass"), ("threatened", "VERB", 0, "root"), ("with", "ADP", 4, "case"), ("jail", "NOUN", 2, "obl"),
         ("by", "ADP", 6, "case"), ("guards", "NOUN", 4, "nmod")],
        (), 6, 2, "obl:agent",
    ),
    (
        "agent of a noun",
        [("was", "AUX", 2, "aux:pass"), ("hurt", "VERB", 0, "root"), ("in", "ADP", 4, "case"), ("raid", "NOUN", 2, "obl"),
         ("by", "ADP", 6, "case"), ("guards", "NOUN", 4, "nmod")],
        (), 6, 4, "nmod",
    ),
    (
        "whose",
        [("firm", "NOUN", 0, "root"), ("whose", "PRON", 3, "nsubj"), ("lorries", "NOUN", 1, "acl:relcl"), ("Osk", "PROPN", 3, "obj"),
         ("seized", "VERB", 1, "acl:relcl")],
        (), 3, 5, "obj",
    ),
    (
        "whose verb's subject",
        [("firm", "NOUN", 0, "root"), ("whose", "PRON", 3, "nsubj"), ("lorries", "NOUN", 1, "acl:relcl"), ("Osk", "PROPN", 3, "obj"),
         ("seized", "VERB", 1, "acl:relcl")],
        (), 4, 5, "nsubj",
    ),
    (
        "object with its owner",
        [("veto", "NOUN", 2, "nsubj"), ("stunned", "VERB|VerbForm=Fin", 0, "root"), ("even", "ADV", 5, "advmod"), ("her", "PRON", 5, "nmod:poss"),
         ("allies", "NOUN", 2, "nsubj")],
        (), 5, 2, "obj",
    ),
    (
        "the on of whoever is called on",
        [("We", "PRON", 2, "nsubj"), ("call", "VERB|VerbForm=Fin", 0, "root"), ("on", "ADP", 2, "compound:prt"), ("states", "NOUN", 2, "obj"),
         ("to", "PART", 6, "mark"), ("leave", "VERB|VerbForm=Inf", 2, "xcomp")],
        (), 3, 4, "case",
    ),
    (
        "agent behind a gerund",
        [("they", "PRON", 3, "nsubj:pass"), ("were", "AUX", 3, "aux:pass"), ("kept", "VERB|VerbForm=Part", 0, "root"), ("from", "SCONJ", 5, "mark"),
         ("reaching", "VERB|VerbForm=Ger", 3, "advcl"), ("Osk", "PROPN", 5, "obj"), ("by", "ADP", 8, "case"), ("guards", "NOUN", 5, "nsubj")],
        (), 8, 3, "obl:agent",
    ),
    (
        "object of the later verb",
        [("They", "PRON", 2, "nsubj"), ("locked", "VERB|VerbForm=Fin", 0, "root"), ("gates", "NOUN", 2, "obj"), ("and", "CCONJ", 5, "cc"),
         ("scattered", "VERB|VerbForm=Fin", 2, "conj"), ("nails", "NOUN", 2, "obj")],
        (), 6, 5, "obj",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("words", "persons", "word", "head", "relation"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_word_hangs_where_the_words_around_it_say(
    words: list[Word], persons: tuple[int, ...], word: int, head: int, relation: str
) -> None:
    token = repaired(analysis(*words, persons=persons)).tokens[word - 1]
    assert (token.head + 1, token.relation) == (head, relation)


def test_a_tree_stays_a_tree() -> None:
    looped = analysis(("who", "PRON", 2, "nsubj"), ("fled", "VERB", 3, "acl:relcl"), ("editors", "NOUN", 0, "root"), persons=(3,))
    tokens = repaired(looped).tokens
    for i in range(len(tokens)):
        at, steps = i, 0
        while at >= 0:
            at, steps = tokens[at].head, steps + 1
            assert steps <= len(tokens)
