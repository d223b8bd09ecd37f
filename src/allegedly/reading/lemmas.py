"""Lemmas that the lexicons can rely on: the model's edit scripts, corrected by irregular forms and by the words that rules know.

The model guesses a lemma for any form ("refused" -> "refus" or "refuse"). Where its guess is no word that any lexicon knows, and one of
the regular inflections of such a word gives the form, that word is the lemma.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from allegedly.gazetteer import nominals
from allegedly.language import event_lexicon, table, word_sets, words
from allegedly.records import Analysis, Token, changed

_VERBAL = ("VERB", "AUX")
_NOT_VERBAL = ("NOUN", "PROPN", "ADJ")
_OPENING = ("DET", "PRON", "NUM", "NOUN")  # what an object begins with
_PHRASE = 4
"""Words between a gerund and its object, modifiers of that."""
NEAR = 60
"""Words to either side in which those that hang on a word are looked for."""
_SHORT = re.compile("[^aeiouy]*[aeiou][bcdfgklmnprstvz]")
"""Verbs of one short syllable double their last letter: "raped" is no form of "rap"."""
_MODALS = ("will", "would", "can", "could", "may", "might", "must", "shall", "should")


@lru_cache(maxsize=4)
def vocabulary(code: str = "en", *, extra: Path | None = None) -> tuple[frozenset[str], frozenset[str]]:
    """The verbs and the nouns that the language's lexicons name, and a user's event file."""
    lexicon = event_lexicon(code, extra=extra)
    verbs, nouns = set(lexicon.by_verb), set(lexicon.by_noun)
    for name in ("certainty", "cues", "predicates"):
        for entries in words(name, code).values():
            listed = set(entries)
            lemmas = {w for w in listed if w.isalpha() and not (w.endswith("s") and w[:-1] in listed)}  # lists of forms hold plurals too
            verbs |= lemmas
            nouns |= lemmas
    for members in lexicon.classes.values():
        nouns.update(members)
    for sense in lexicon.senses:
        for heads in (sense.object, sense.subject, sense.prep_object, sense.modifier):
            nouns.update(heads.allowed)
    return frozenset(verbs), frozenset(nouns)


def _verb_stems(form: str) -> Iterator[str]:
    """Base forms whose regular inflection could be `form`."""
    if form.endswith(("ies", "ied")):
        yield form[:-3] + "y"
    if form.endswith("es"):
        yield form[:-2]
    if form.endswith("s"):
        yield form[:-1]
    for ending in ("ed", "ing"):
        if form.endswith(ending) and len(form) > len(ending) + 2:
            stem = form[: -len(ending)]
            if not _SHORT.fullmatch(stem):
                yield stem
            yield stem + "e"
            if len(stem) > 2 and stem[-1] == stem[-2]:
                yield stem[:-1]


def _noun_stems(form: str) -> Iterator[str]:
    if form.endswith("ies"):
        yield form[:-3] + "y"
    if form.endswith("ves"):
        yield form[:-3] + "f"
    if form.endswith("es"):
        yield form[:-2]
    if form.endswith("s"):
        yield form[:-1]


@lru_cache(maxsize=1 << 13)
def stems(form: str, upos: str) -> tuple[str, ...]:
    """Base forms whose regular inflection could be a form of that part of speech, for lists that do not steer the lemmas themselves."""
    return tuple(_verb_stems(form) if upos == "VERB" else _noun_stems(form) if upos == "NOUN" else ())


def _known(form: str, stems: Iterable[str], known: frozenset[str]) -> str | None:
    return next((s for s in stems if s in known), None)


@lru_cache(maxsize=1 << 14)
def _lemma(form: str, upos: str, lemma: str, extra: Path | None) -> str:
    """The lemma of a lower-cased form for which the model gives `lemma`."""
    irregular = table("lemmas")
    verbs, nouns = vocabulary(extra=extra)
    if upos in _VERBAL:
        if form in irregular["verb"]:
            return irregular["verb"][form]
        regular = (form, *_verb_stems(form))
        if lemma in verbs and lemma in regular:
            return lemma
        return _known(form, regular, verbs) or lemma  # "deplored" is no form of "deploy", whatever the model says
    if form in irregular["noun"]:
        return irregular["noun"][form]
    if form.endswith("ing") and form in nouns:  # "shelling" is no form of "shell"
        return form
    if lemma in nouns or form in nouns:
        return lemma if lemma in nouns else form
    return _known(form, _noun_stems(form), nouns) or lemma


def _infinitive(i: int, tokens: Sequence[Token], copulas: Container[int]) -> bool:
    """Whether a word is taken for a noun, though its own "to" or modal makes it a verb: "a plan to [tax] exiles", "others will [march]"."""
    token = tokens[i]
    if not token.form.islower() or i in copulas or "Number=Plur" in token.features:
        return False
    at = i - 1
    while at > 0 and tokens[at].upos == "ADV":
        at -= 1
    before = tokens[at]
    if at < 0 or before.head != i:
        return False
    to = before.form.lower() == "to" and before.relation == "mark"
    following = tokens[i + 1 : i + 5]
    governs = any(t.relation == "obj" and t.head == i for t in following) or any(t.upos in _OPENING for t in following[:1])
    return (to and governs) or (before.relation == "aux" and before.form.lower() in _MODALS)


def _joined(i: int, tokens: Sequence[Token], extra: Path | None) -> tuple[int, str, str] | None:
    """Of a word in two parts that the lexicons know as one ("sit-in"), the part that governs, its lemma and its part of speech."""
    if i < 2 or tokens[i - 1].form != "-" or not tokens[i - 2].end == tokens[i - 1].start < tokens[i].start == tokens[i - 1].end:
        return None
    verbs, nouns = vocabulary(extra=extra)
    head = i - 2 if tokens[i].head == i - 2 else i
    first = tokens[i - 2].form.lower()
    for upos, known in (("VERB", verbs), ("NOUN", nouns)):
        forms = (tokens[i].lemma.lower(), tokens[i].form.lower(), *(_noun_stems(tokens[i].form.lower()) if upos == "NOUN" else ()))
        lemma = next((x for x in (f"{first}-{form}" for form in forms) if x in known), None)
        if lemma and (tokens[head].upos == upos or (upos == "NOUN" and tokens[i].upos in ("ADP", "ADV"))):
            return head, lemma, upos
    return None


def _retag(i: int, tokens: list[Token], extra: Path | None) -> None:
    """Puts right, in place, a verb in "-ed" or "-ing" that was taken for a noun, and a noun in "-ing" that was taken for a verb."""
    token = tokens[i]
    if token.upos == "NOUN" and token.form.islower() and token.form.endswith("ed") and _own_object(i, tokens):
        tokens[i] = changed(token, upos="VERB", features="Mood=Ind|Tense=Past|VerbForm=Fin")
        if tokens[i - 1].head == i and tokens[i - 1].relation == "compound":
            tokens[i - 1] = changed(tokens[i - 1], relation="nsubj")
    elif token.upos == "NOUN" and token.relation == "xcomp" and token.form.endswith("ing") and tokens[i - 1].head != i and i:
        tokens[i] = changed(token, upos="VERB", features="VerbForm=Ger")  # "denied [firing] on the boat"
    elif token.upos == "VERB" and token.relation in ("nsubj", "csubj") and _happens(i, tokens, extra):
        tokens[i] = changed(token, upos="NOUN", features="Number=Sing", lemma=token.form.lower(), relation="nsubj")
        for c in _below(i, tokens):
            if tokens[c].relation == "obl":
                tokens[c] = changed(tokens[c], relation="nmod")


def _gerund(i: int, tokens: list[Token], extra: Path | None) -> None:
    """Puts right, in place, a gerund that was taken for what stands before its object: "accused of [smuggling] rifles", "has been
    [housing] exiles"; not "the price of smuggling routes".
    """
    token, noun = tokens[i], tokens[i].head
    if token.relation not in ("amod", "compound") or not i < noun <= i + _PHRASE or not token.form.endswith("ing") or not i:
        return
    if tokens[noun].upos != "NOUN" or any(tokens[c].relation == "det" and c > i - 1 for c in _below(noun, tokens)):
        return
    lemma = _lemma(token.form.lower(), "VERB", token.lemma, extra)
    if lemma not in vocabulary(extra=extra)[0]:
        return
    before, above = tokens[i - 1], tokens[noun].head
    been = before.form == "been" and before.head == noun and before.relation == "cop"
    verb = next((v for v in (above, tokens[above].head) if v >= 0 and tokens[v].upos == "VERB"), -1) if above >= 0 else -1
    charged = before.upos in ("ADP", "SCONJ") and before.head == noun and tokens[noun].relation in ("obl", "nmod") and verb >= 0
    if charged and tokens[verb].lemma.lower() in word_sets("cues")["speech.gerund"]:
        tokens[i - 1] = changed(before, head=i, relation="mark")
        head, relation = verb, "advcl"
    elif been:
        head, relation = above, tokens[noun].relation
        for c in _below(noun, tokens):
            if c < i:
                tokens[c] = changed(tokens[c], head=i, relation="aux" if c == i - 1 else tokens[c].relation)
    else:
        return
    tokens[i] = changed(token, upos="VERB", features="VerbForm=Ger", lemma=lemma, head=head, relation=relation)
    tokens[noun] = changed(tokens[noun], head=i, relation="obj")


def _own_object(i: int, tokens: Sequence[Token]) -> bool:
    """Whether a word that was taken for a noun has an object, as no noun has: "Police [clubbed] and kicked marchers"."""
    return i > 0 and any(tokens[c].relation == "obj" and c > i for c in _below(i, tokens))


def _below(i: int, tokens: Sequence[Token]) -> list[int]:
    """The words that hang on a word, near it."""
    return [c for c in range(max(i - NEAR, 0), min(i + NEAR, len(tokens))) if tokens[c].head == i]


def _happens(i: int, tokens: Sequence[Token], extra: Path | None) -> bool:
    """Whether a gerund that is a subject names a happening: "[Fighting] between two clans spread", not "fighting crime is hard"."""
    form = tokens[i].form.lower()
    if not form.endswith("ing") or form not in vocabulary(extra=extra)[1] or i + 1 == len(tokens):
        return False
    bare = all(tokens[c].relation in ("obl", "nmod", "punct", "amod", "det", "case", "advmod") for c in _below(i, tokens))
    return bare and tokens[i + 1].upos == "ADP" and tokens[tokens[i].head].upos in ("VERB", "AUX")


def corrected(analysis: Analysis, *, extra: Path | None = None) -> Analysis:
    """The analysis with the lemmas of its verbs and common nouns made sure of; infinitives that were taken for nouns are verbs, and what
    stands after "whose" is none; a word in two parts that the lexicons know as one has one lemma. A building that is described ("the
    depot") is a place and no body.

    Adjectives, names and the rest keep the model's.
    """
    tokens = list(analysis.tokens)
    copulas = frozenset(token.head for token in tokens if token.relation == "cop")
    for i, token in enumerate(tokens):
        if token.upos in _NOT_VERBAL and _infinitive(i, tokens, copulas):
            relation = token.relation
            if relation in ("nmod", "obl"):
                relation = "acl" if tokens[token.head].upos in ("NOUN", "PROPN") else "xcomp"
            tokens[i] = token = changed(token, upos="VERB", features="VerbForm=Inf", lemma=token.form.lower(), relation=relation)
        if token.upos == "VERB" and i and tokens[i - 1].form.lower() == "whose" and not token.form.lower().endswith("ing"):
            tokens[i] = token = changed(token, upos="NOUN", features="Number=Sing" if token.lemma == token.form else "Number=Plur")
        _retag(i, tokens, extra)
        _gerund(i, tokens, extra)
        token = tokens[i]
        if token.upos in ("VERB", "AUX", "NOUN"):
            lemma = _lemma(token.form.lower(), token.upos, token.lemma, extra)
            if lemma != token.lemma:
                tokens[i] = changed(token, lemma=lemma)
        if joined := _joined(i, tokens, extra):
            head, lemma, upos = joined
            tokens[head] = changed(tokens[head], lemma=lemma, upos=upos)
    built = nominals().words["facilities"]
    mentions = tuple(
        replace(m, type="place") if m.type == "organization" and not m.named and tokens[m.head].lemma.lower() in built else m
        for m in analysis.mentions
    )
    return replace(analysis, tokens=tuple(tokens), mentions=mentions)
