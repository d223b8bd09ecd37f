"""Comments, mended: who says so stands between commas, or after one at the end, inside what is said.

"The dam, herders in Osk maintain, drowned two valleys." "Should the regent die, confided a physician, the barons will arm." The parser
often hangs what is said on the verb of saying, or that verb on a noun beside it. What stands between the commas is so short and regular
(a phrase for somebody, a finite verb of saying, whom it is told to) that its borders can be found without the tree; here the tree is made
to follow them. Missed: comments of more words or with a clause of their own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from allegedly.language import word_sets
from allegedly.reading.attachments import NOUNS, SUBJECTS, Children, Repair, Words
from allegedly.records import Token, changed

LONGEST = 12
"""How many words a comment has at most."""
_OPENING = (",", "–", "—", '"', "”", "»")
_ENDING = (",", ".", "?", "!", ";", "–", "—")
_NEGATIVE = frozenset({"no", "never", "not", "nowhere", "rarely", "seldom"})
_RELATIVE = frozenset(
    {"which", "whatever", "what", "who", "whoever", "whom", "whose", "that", "where", "when", "how", "why", "as", "than", "if", "whichever"}
)
"""What begins a clause of another kind: "whatever the papers say", "which the mayor denied"."""
_SPEAKERS = (*NOUNS, "PRON")


@dataclass(frozen=True, slots=True)
class _Comment:
    """A comment from its first word to before its end, with its verb and who speaks."""

    first: int
    end: int
    verb: int
    speaker: int

    def holds(self, i: int) -> bool:
        return self.first <= i < self.end


@lru_cache(maxsize=1)
def _saying() -> frozenset[str]:
    cues = word_sets("cues")
    return cues["speech.clause"] | cues["speech.comment"] | cues["speech.inverting"]


def _beginning(i: int, words: Sequence[Token]) -> int:
    """The first word behind the comma or mark before a word."""
    first = i
    while first > 0 and i - first <= LONGEST and words[first - 1].sentence == words[i].sentence and words[first - 1].form not in _OPENING:
        first -= 1
    return first


def spoken(words: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """Verbs of saying that the parser has for nouns: "..., teachers in Garun [report]." They agree with the noun before them in number."""
    for i, token in enumerate(words):
        form = token.form.lower()
        lemma = next((w for w in (form, form.removesuffix("s")) if w in _saying()), "")
        if token.upos != "NOUN" or not lemma or token.head < 0 or i + 1 >= len(words):
            continue
        if words[i + 1].form not in _ENDING or words[i + 1].sentence != token.sentence:
            continue
        first = _beginning(i, words)
        inside = words[first:i]
        before = [t for t in words[max(first - LONGEST, 0) : first] if t.sentence == token.sentence]
        noun = next((t for k, t in enumerate(inside) if t.upos in NOUNS and (k + 1 == len(inside) or inside[k + 1].upos == "ADP")), None)
        told = any(t.upos in ("VERB", "AUX") and "VerbForm=Fin" in t.features for t in before)
        if (
            noun is None
            or not told
            or words[first - 1].form != ","
            or words[first].form.lower() in _RELATIVE
            or any(t.upos in ("VERB", "AUX", "CCONJ", "SCONJ") for t in inside)
        ):
            continue
        if ("Number=Plur" in noun.features) == (lemma == form):
            yield i, changed(token, upos="VERB", lemma=lemma, features="Mood=Ind|Tense=Pres|VerbForm=Fin")


def comments(words: Words, children: Children) -> Iterator[Repair]:
    """What belongs to a comment hangs on its verb, and what belongs to what is said does not."""
    for verb, token in enumerate(words):
        if token.upos != "VERB" or token.lemma.lower() not in _saying():
            continue
        found = _comment(verb, words, children)
        if found is not None:
            yield from _speaker(found, words)
            main = _main(found, words, children)
            yield from _apart(found, main, words, children) if main >= 0 else _broken(found, words, children)


def _comment(verb: int, words: Words, children: Children) -> _Comment | None:
    """The comment of a verb of saying: "herders in Osk [maintain]", "[confided] a physician"; None where it is none."""
    token = words[verb]
    perfect = [c for c in children[verb] if words[c].relation == "aux" and words[c].lemma == "have"]  # "the pilot [has] told the court"
    bound = (c for c in children[verb] if c not in perfect and words[c].relation in ("aux", "aux:pass", "mark", "cop"))
    if "VerbForm=Inf" in token.features or any(bound):
        return None
    first = _beginning(verb, words)
    end = verb + 1
    while end < len(words) and end - verb <= LONGEST and words[end].sentence == token.sentence and words[end].form not in _ENDING:
        end += 1
    if not first > 0 or words[first - 1].form not in _OPENING or end >= len(words) or words[end].form not in _ENDING:
        return None
    first += words[first].form.lower() == "so" and first < verb
    inside = [i for i in range(first, end) if i != verb]
    if (
        len(inside) >= LONGEST
        or words[first].form.lower() in _RELATIVE
        or any(words[i].upos in ("VERB", "AUX", "CCONJ", "SCONJ") for i in inside if i not in perfect)
    ):
        return None
    before, after = [i for i in inside if i < verb], [i for i in inside if i > verb]
    inverted = not before and token.lemma.lower() in word_sets("cues")["speech.inverting"] and "VerbForm=Fin" in token.features
    phrase = before or (after if inverted else [])
    brief = phrase[: next((k for k, i in enumerate(phrase) if words[i].upos == "ADP"), len(phrase))]
    heads = [i for i in brief if words[i].upos in _SPEAKERS and not phrase[0] <= words[i].head <= phrase[-1]]
    speaker = heads[-1] if heads else -1
    if speaker < 0 or words[phrase[0]].upos == "ADP" or "PronType=Rel" in words[speaker].features:
        return None
    return _Comment(first, end, verb, speaker)


def _speaker(found: _Comment, words: Words) -> Iterator[Repair]:
    """Who speaks is the verb's subject: "its [attaché] assured the observers"."""
    if (words[found.speaker].relation, words[found.speaker].head) != ("nsubj", found.verb):
        yield found.speaker, found.verb, "nsubj"
    for i in range(found.first, found.verb):  # what hung on the noun that the verb was taken for
        if words[i].head == found.verb and i != found.speaker and words[i].upos in (*NOUNS, "DET", "ADP"):
            owner = words[i + 1].form in ("'s", "’s")
            noun = next((k for k in range(i + 1, found.verb) if words[k].upos in NOUNS), found.speaker) if words[i].upos == "ADP" else -1
            if noun >= 0:
                yield i, noun, "case"
            else:
                yield (
                    i,
                    found.speaker,
                    "det" if words[i].upos == "DET" else "nmod:poss" if owner else "nmod" if i > found.speaker else "compound",
                )


def _main(found: _Comment, words: Words, children: Children) -> int:
    """The verb of what is said, as the tree has it: above the comment or, where that is the root, below it; -1 for none."""
    at = words[found.verb].head
    while at >= 0 and (found.holds(at) or words[at].upos not in ("VERB", "AUX", "ADJ")):
        at = words[at].head
    if at >= 0:
        return at
    below = [c for c in children[found.verb] if not found.holds(c) and words[c].upos in ("VERB", "ADJ") and words[c].relation != "advcl"]
    return next((c for c in below if words[c].relation in ("ccomp", "parataxis")), -1)


def _broken(found: _Comment, words: Words, children: Children) -> Iterator[Repair]:
    """A verb may be broken off from its auxiliary: "The cardinal [is] not, his secretary stresses, [calling] on anyone"."""
    below = children[found.verb]
    auxiliary = next((c for c in below if c < found.first and words[c].upos == "AUX" and words[c].lemma in ("be", "have")), -1)
    rest = next((c for c in below if c > found.end and words[c].upos == "VERB" and "VerbForm=Fin" not in words[c].features), -1)
    if auxiliary >= 0 and rest >= 0 and words[found.verb].head < 0:
        yield rest, found.verb, "ccomp"
        yield from ((c, rest, words[c].relation) for c in children[auxiliary])
        yield auxiliary, rest, "aux"


def _apart(found: _Comment, main: int, words: Words, children: Children) -> Iterator[Repair]:
    """What is said hangs together, and the comment on it."""
    verb = found.verb
    strays = [c for c in children[verb] if not found.holds(c) and c != main and words[c].upos != "PUNCT"]
    if words[verb].head < 0:
        for c in strays:
            clause = words[c].relation in ("advcl", "ccomp") or any(words[x].relation == "advcl" for x in children[c])
            clause = clause or (words[c].relation == "nsubj" and not any(words[x].relation in SUBJECTS for x in children[main]))
            if c < found.first and (clause or any(words[x].form.lower() in _NEGATIVE for x in children[c])):
                yield c, main, "advcl" if words[c].relation == "ccomp" else words[c].relation
            bare = c > found.end and words[c].relation == "conj" and not any(words[x].relation in SUBJECTS for x in children[c])
            if bare and main < found.first and words[found.first - 1].form == ",":  # "They may veto it, she hinted, and could ask"
                yield c, main, "conj"
        return
    above = words[verb].head
    if words[verb].relation not in ("parataxis", "root") or found.holds(above) or words[above].upos in NOUNS:
        yield verb, main, "parataxis"
    taken = {words[c].relation for c in children[main]}
    for c in strays:
        agent = words[c].relation == "obl:agent" and "aux:pass" in taken and "obl:agent" not in taken
        infinitive = words[c].relation in ("ccomp", "xcomp") and "VerbForm=Inf" in words[c].features and not taken & {"ccomp", "xcomp"}
        subject = words[c].relation == "nsubj" and c != found.speaker and not taken & set(SUBJECTS)
        if agent or (infinitive and c > found.end) or (c < found.first and (subject or words[c].relation == "advcl")):
            yield c, main, "xcomp" if infinitive else words[c].relation
