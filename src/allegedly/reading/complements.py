"""What completes a verb or noun, mended: infinitives, clauses with "that", particles, auxiliaries.

More of the repairs of `reading.repairs`.
"""

from collections.abc import Iterator
from functools import lru_cache

from allegedly.language import event_lexicon, word_sets
from allegedly.reading.attachments import NOUNS, SUBJECTS, Children, Repair, Words

_OBJECTS = ("obj", "iobj")
_HELPING = ("aux", "case", "mark", "cop")


def asked_infinitives(words: Words, children: Children) -> Iterator[Repair]:
    """What somebody is asked or left to do completes the verb: "begs the crew [to wait]", "pleads with them [to wait]"."""
    for i, token in enumerate(words):
        verb = token.head
        if token.relation != "advcl" or not 0 <= verb < i or words[verb].upos != "VERB" or not _to(i, words, children):
            continue
        lemma = words[verb].lemma.lower()
        certainty, asking = word_sets("certainty"), word_sets("predicates")["asking"]
        asks = lemma in certainty["embedding.demanded"] | certainty["letting"] and lemma not in certainty["summoning"]
        if not asks and lemma not in asking:
            continue
        between = [c for c in children[verb] if verb < c < i and words[c].upos in (*NOUNS, "PRON")]
        asked = [c for c in between if words[c].relation in _OBJECTS or (lemma in asking and words[c].relation == "obl")]
        if asked and not any(words[c].relation == "punct" and c > asked[-1] for c in children[i]):
            yield i, verb, "xcomp"


def subjects_of_infinitives(words: Words, children: Children) -> Iterator[Repair]:
    """Who does it in "wrong of the [crews] to burn it" and is asked in "called on the [crews] to burn it"."""
    for i, token in enumerate(words):
        above = token.head
        if above < 0 or token.relation not in ("csubj", "xcomp") or not any(words[c].form.lower() == "to" for c in children[i] if c < i):
            continue
        if token.relation == "csubj" and words[above].upos == "ADJ" and above < i:
            who = [c for c in children[above] if words[c].relation == "obl" and above < c < i]
            of = [c for x in who for c in children[x] if words[c].relation == "case" and words[c].form == "of" and c == above + 1]
            if of and not any(words[c].relation in SUBJECTS for c in children[i]):
                yield who[0], i, "nsubj"
                yield of[0], i, "mark"
        elif words[above].lemma.lower() in word_sets("predicates")["asking"]:
            on = [c for c in children[i] if words[c].relation == "mark" and words[c].form.lower() in ("on", "upon")]
            who = [c for c in children[i] if words[c].relation == "nsubj" and on and on[0] < c < i]
            if who:
                yield who[0], above, "obl"
                yield on[0], who[0], "case"


def wanted_states(words: Words, children: Children) -> Iterator[Repair]:
    """What somebody wants done to a thing is no description of it: "want the door [mended]"."""
    for i, token in enumerate(words):
        noun = token.head
        if token.relation != "acl" or noun != i - 1 or "VerbForm=Part" not in token.features or "Tense=Past" not in token.features:
            continue
        verb = words[noun].head
        if words[noun].relation == "obj" and verb >= 0 and words[verb].lemma.lower() in (*word_sets("certainty")["wishes"], "need"):
            yield i, verb, "xcomp"


def reduced_relatives(words: Words, children: Children) -> Iterator[Repair]:
    """A bare participle right behind a noun is no relative clause: "the crew [held] at sea"."""
    for i, token in enumerate(words):
        bare = token.relation == "acl:relcl" and token.head == i - 1 and token.upos == "VERB" and "Tense=Past" in token.features
        if bare and not any(words[c].relation in (*SUBJECTS, "aux", "aux:pass", "mark", "obj") for c in children[i]):
            yield i, token.head, "acl"


def told_clauses(words: Words, children: Children) -> Iterator[Repair]:
    """A whole clause with "that" completes the word before it: "spread the rumour [that she is ill]", "turned out [that she is ill]"."""
    for i, token in enumerate(words):
        above = token.head
        if token.relation not in ("acl:relcl", "advcl") or not 0 <= above < i:
            continue
        that = next((c for c in children[i] if words[c].relation == "mark" and words[c].form.lower() == "that"), 0)
        if not that or not any(words[c].relation in SUBJECTS for c in children[i]):
            continue
        if token.relation == "acl:relcl":
            cues = word_sets("cues")
            if words[above].lemma.lower() in cues["speech.noun"] | cues["speech.alleging"]:
                yield i, above, "acl"
        elif words[above].upos == "VERB" and words[that - 1].upos in ("VERB", "ADP", "PRON", *NOUNS):
            beside = [c for c in children[above] if words[c].form.lower() in ("so", "such") or words[c].relation in ("ccomp", "obj")]
            if not beside and words[that - 1].form.lower() not in ("in", "so", "now", "except", "save", "given"):
                yield i, above, "ccomp"


def particles(words: Words, children: Children) -> Iterator[Repair]:
    """A preposition right behind a verb that the lexicon knows with it is the verb's: "hands [over] boats", "pulled [out] of the town"."""
    for i, token in enumerate(words):
        noun, verb = token.head, i - 1
        if token.relation != "case" or noun < i or verb < 0 or words[verb].upos != "VERB" or words[noun].head != verb:
            continue
        bare = words[noun].relation in (*_OBJECTS, "nmod") or (words[i + 1].form.lower() == "of" and words[i + 1].head == noun)
        if bare and (words[verb].lemma.lower(), token.form.lower()) in _phrasal():
            yield i, verb, "compound:prt"
            if words[noun].relation == "nmod":
                yield noun, verb, "obj"


def auxiliaries(words: Words, children: Children) -> Iterator[Repair]:
    """An auxiliary has no clause of its own: "she [ought] to go", "no [monk] dared speak", "[Osk] is due to pay"."""
    for i, token in enumerate(words):
        verb = token.head
        if token.form.lower() == "ought" and i + 1 < len(words) and words[i + 1].form.lower() == "to" and words[i + 1].relation == "mark":
            main = words[i + 1].head
            if main > i and (verb == main or verb == words[main].head) and token.relation != "aux":
                yield from ((c, main, words[c].relation) for c in children[i])
                yield i, main, "aux"
        elif token.relation in ("nsubj", "nsubj:pass") and verb > i and words[verb].relation in _HELPING and words[verb].head > verb:
            yield i, words[verb].head, "nsubj"


def trusted(words: Words, children: Children) -> Iterator[Repair]:
    """What one has faith in is no place of the deed: "lost faith in [the court]"."""
    for i, token in enumerate(words):
        case = next((c for c in children[i] if words[c].relation == "case" and words[c].form.lower() == "in"), 0)
        noun = words[case - 1]
        trusting = case > 0 and noun.lemma.lower() in word_sets("predicates")["trusting"]
        if token.relation == "obl" and trusting and (noun.head, noun.relation) == (token.head, "obj"):
            yield i, case - 1, "nmod"


def told_to_somebody(words: Words, children: Children) -> Iterator[Repair]:
    """What somebody is told does not describe him: "boasted to a guard [that he had paid]", "told the jury [that he had paid]"."""
    cues = word_sets("cues")
    for i, token in enumerate(words):
        noun = token.head
        if token.relation not in ("acl:relcl", "acl") or not 0 <= noun < i or words[noun].upos not in (*NOUNS, "PRON"):
            continue
        verb, that = words[noun].head, noun + 1
        if verb < 0 or words[that].form.lower() != "that" or words[that].head != i or words[verb].upos != "VERB":
            continue
        lemma = words[verb].lemma.lower()
        to = words[noun].relation == "obl" and any(words[c].relation == "case" and words[c].form == "to" for c in children[noun])
        hears = (to and lemma in cues["speech.clause"]) or (words[noun].relation in _OBJECTS and lemma in cues["speech.informing"])
        whole = any(words[c].relation in SUBJECTS and c != that for c in children[i])
        if hears and whole and not any(words[c].relation == "ccomp" for c in children[verb]):
            yield i, verb, "ccomp"
            yield that, i, "mark"


def glued(words: Words, children: Children) -> Iterator[Repair]:
    """What is written as one word hangs together: "an [ex-]mayor", "a mayor[-]elect"."""
    for i, token in enumerate(words[:-1]):
        after = words[i + 1]
        if after.start != token.end:
            continue
        if token.form == "-" and i and words[i - 1].end == token.start and token.head not in (i - 1, i + 1):
            yield i, i - 1, "punct"
        elif token.form.endswith("-") and len(token.form) > 1 and (token.head, token.relation) == (after.head, after.relation):
            yield i, i + 1, "compound"


def lone_receivers(words: Words, children: Children) -> Iterator[Repair]:
    """Who is given or asked nothing else is the object: "asked [the nurses] for patience"."""
    for i, token in enumerate(words):
        if token.relation == "iobj" and 0 <= token.head < i:
            beside = {words[c].relation for c in children[token.head] if c > i}
            if not beside & {"obj", "ccomp", "xcomp"}:
                yield i, token.head, "obj"


@lru_cache(maxsize=1)
def _phrasal() -> frozenset[tuple[str, str]]:
    """Verbs and particles that the lexicon knows together."""
    return frozenset((verb, particle) for sense in event_lexicon().senses for particle in sense.particle for verb in sense.verb)


def _to(verb: int, words: Words, children: Children) -> bool:
    """Whether a verb has "to" alone before it: not "in order to", not "so as to"."""
    marks = [c for c in children[verb] if words[c].relation == "mark"]
    return [words[c].form.lower() for c in marks] == ["to"] and words[marks[0] - 1].form.lower() not in ("order", "as")
