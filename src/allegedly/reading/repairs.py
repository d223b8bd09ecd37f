"""The tree, mended where the parser often errs and the words around leave no doubt.

Each repair is one function over the words of a text: it finds words that hang wrongly and says where they hang. The rules that read the
tree come after, so they need not know of the errors. Misses errors that only the meaning shows.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from allegedly.language import word_sets
from allegedly.records import Analysis, Token, changed

Words = Sequence[Token]
Children = Sequence[Sequence[int]]
Repair = tuple[int, int, str]  # a word, its head, its relation
_COUNTING = ("NUM", "SYM")
_NOUNS = ("NOUN", "PROPN")
_SUBJECTS = ("nsubj", "nsubj:pass", "nsubj:outer", "csubj", "csubj:pass", "expl")
_PHRASE = ("DET", "ADJ", "NUM", "NOUN", "PROPN")
_BREAKS = (",", '"', "”", "’", "'", "»", "–", "—")
_INSIDE = ("nmod", "appos", "compound", "flat", "conj", "nmod:desc", "nmod:poss", "nummod", "amod")


@lru_cache(maxsize=1)
def _lists() -> Mapping[str, frozenset[str]]:
    return word_sets("predicates")


def repaired(analysis: Analysis) -> Analysis:
    """The analysis with its tree mended; the repairs run one after the other, each on what the last one left."""
    tokens = list(analysis.tokens)
    parties = [m for m in analysis.mentions if m.type in ("person", "group", "organization")]
    persons = {i: m.type for m in parties for i in (range(m.first, m.last) if m.named else (m.head,))}
    rules: tuple[Callable[[Words, Children], Iterator[Repair]], ...] = (
        _stray_cases,
        _marked_objects,
        _subjects_of_objects,
        _bare_complements,
        _later_objects,
        _asked,
        _reduced_clauses,
        _cases_before_verbs,
        _inverted_speech,
        _comments,
        _subjects_of_later_verbs,
        _objects_for_subjects,
        _subjects_for_objects,
        _diatheses,
        _finite_siblings,
        _verbs_joined_to_nouns,
        _finite_conjuncts,
        _relatives,
        lambda words, children: _who(words, children, persons),
    )
    for rule in rules:
        children: list[list[int]] = [[] for _ in tokens]
        for i, token in enumerate(tokens):
            if token.head >= 0:
                children[token.head].append(i)
        for i, head, relation in list(rule(tokens, children)):
            if head != i and not _below(head, i, tokens):
                tokens[i] = changed(tokens[i], head=head, relation=relation)
    return replace(analysis, tokens=tuple(tokens))


def _below(i: int, top: int, words: Words) -> bool:
    """Whether a word hangs on another, near or far: that one may not hang on it."""
    while i >= 0:
        if i == top:
            return True
        i = words[i].head
    return False


def _first(i: int, words: Words, children: Children) -> int:
    """The first word of a noun phrase, from its head."""
    return min([i, *(c for c in children[i] if words[c].relation in ("det", "amod", "compound", "nummod", "nmod:poss", "nmod:desc"))])


def _stray_cases(words: Words, children: Children) -> Iterator[Repair]:
    """A preposition that hangs on the verb marks the phrase right after it: "called [on Osk] to leave"."""
    for i, token in enumerate(words):
        if token.upos != "ADP" or token.relation != "mark" or token.head < 0 or words[token.head].upos != "VERB":
            continue
        for c in children[token.head]:
            bare = words[c].relation in ("obl", "obj", "obl:unmarked") and not any(words[x].relation == "case" for x in children[c])
            if bare and words[c].upos in _NOUNS and token.head < i < c and _first(c, words, children) == i + 1:
                yield i, c, "case"


def _marked_objects(words: Words, children: Children) -> Iterator[Repair]:
    """What a preposition marks is no object: "fired [on the crowd]"; not where it counts ("killed between 20 and 30 people")."""
    for i, token in enumerate(words):
        if token.relation not in ("obj", "iobj") or token.upos not in ("NOUN", "PROPN", "PRON"):
            continue
        cases = [c for c in children[i] if words[c].relation == "case" and words[c].form.lower() in _lists()["marking"] and c < i]
        if cases and words[cases[-1] + 1].upos not in _COUNTING and token.head < i:
            passive = any(words[c].relation == "aux:pass" for c in children[token.head])
            yield i, token.head, "obl:agent" if passive and words[cases[-1]].form.lower() == "by" else "obl"


def _subjects_of_objects(words: Words, children: Children) -> Iterator[Repair]:
    """The subject before a verb is the verb's, not its object's: "[the general] drew criticism"."""
    for i, token in enumerate(words):
        if token.relation not in ("nsubj", "nsubj:pass") or token.head < i or words[token.head].upos not in _NOUNS:
            continue
        verb = words[token.head].head
        if words[token.head].relation != "obj" or not i < verb < token.head or words[verb].upos != "VERB":
            continue
        if not any(words[c].relation in ("nsubj", "nsubj:pass", "cop") for c in (*children[verb], *children[token.head]) if c != i):
            yield i, verb, token.relation


def _without_subject(verb: int, words: Words, children: Children) -> bool:
    """Whether a finite verb that is no order, or what a copula says of somebody, has no subject."""
    copulas = [c for c in children[verb] if words[c].relation == "cop"]
    if not (words[verb].upos == "VERB" or copulas) or "Mood=Imp" in words[verb].features:
        return False
    auxiliaries = [*copulas, *(c for c in children[verb] if words[c].relation in ("aux", "aux:pass"))]
    finite = any("VerbForm=Fin" in words[w].features for w in (verb, *auxiliaries))
    finite = finite or (words[verb].relation == "root" and not any(words[c].relation == "mark" for c in children[verb]))  # a bare form
    return finite and not any(words[c].relation in _SUBJECTS for c in children[verb])


def _subject_of(verb: int, words: Words, children: Children) -> str:
    """The relation of a verb's subject, in the active or the passive."""
    return "nsubj:pass" if any(words[c].relation == "aux:pass" for c in children[verb]) else "nsubj"


def _subjects_of_later_verbs(words: Words, children: Children) -> Iterator[Repair]:
    """The subject before a finite verb without one is the verb's, not a later verb's: "[She] left the party, saying it had lied"."""
    for i, token in enumerate(words):
        if token.relation not in ("nsubj", "nsubj:pass") or token.head < i:
            continue
        at, found = words[token.head].head, -1
        while at >= 0:
            if i < at < token.head and _without_subject(at, words, children):
                found = at
            at = words[at].head
        if found >= 0:
            yield i, found, _subject_of(found, words, children)


def _objects_for_subjects(words: Words, children: Children) -> Iterator[Repair]:
    """What stands before a finite verb without a subject is its subject, not its object: "a storm [that] hit the coast"."""
    for i, token in enumerate(words):
        if token.relation in ("obj", "iobj") and i < token.head and _without_subject(token.head, words, children):
            yield i, token.head, _subject_of(token.head, words, children)


def _subjects_for_objects(words: Words, children: Children) -> Iterator[Repair]:
    """What stands right after a verb that has a subject before it is its object: "the court freed [the pastor]"."""
    for i, token in enumerate(words):
        verb = token.head
        if token.relation not in ("nsubj", "nsubj:pass") or not 0 <= verb < i or words[verb].upos != "VERB":
            continue
        subjects = [c for c in children[verb] if words[c].relation in _SUBJECTS]
        passive = _subject_of(verb, words, children) == "nsubj:pass"
        near = all(words[w].upos in _PHRASE for w in range(verb + 1, i))
        if subjects[0] < verb and words[subjects[0]].relation == "nsubj" and near and not passive:
            yield i, verb, "obj"


def _diatheses(words: Words, children: Children) -> Iterator[Repair]:
    """A verb with a passive auxiliary has a passive subject, one that is finite itself an active one."""
    for i, token in enumerate(words):
        if token.relation not in ("nsubj", "nsubj:pass") or token.head < 0 or words[token.head].upos != "VERB":
            continue
        wanted = _subject_of(token.head, words, children)
        if token.relation != wanted and (wanted == "nsubj:pass" or "Mood=Ind" in words[token.head].features):
            yield i, token.head, wanted


def _bare_complements(words: Words, children: Children) -> Iterator[Repair]:
    """A noun phrase after a verb without an object is its object: "demanded [their release]"; not "became [a minister]"."""
    for i, token in enumerate(words):
        if token.relation != "xcomp" or token.upos not in _NOUNS or token.head < 0 or token.head > i:
            continue
        verb = words[token.head]
        if verb.upos != "VERB" or verb.lemma.lower() in _lists()["naming"]:
            continue
        beside = {words[c].relation for c in children[token.head]}
        own = {words[c].relation for c in children[i]}
        whole = bool(own & {"det", "nmod:poss"}) and not own & {"case", "mark", "cop", "nsubj", "aux"}
        if whole and not beside & {"obj", "iobj", "aux:pass", "nsubj:pass"}:
            yield i, token.head, "obj"


def _later_objects(words: Words, children: Children) -> Iterator[Repair]:
    """An object after the infinitive of its verb is the infinitive's, one before it the verb's: "allowed ministers to jail [critics]"."""
    for i, token in enumerate(words):
        noun = words[token.head] if token.head >= 0 else token
        if token.relation == "nsubj" and noun.relation == "obj" and noun.head < i < token.head and noun.upos in _NOUNS:
            between = (c for c in children[noun.head] if words[c].relation == "xcomp" and i < c < token.head)
            if next(between, -1) >= 0:
                yield i, noun.head, "obj"
        if token.relation != "obj" or token.head < 0 or token.head > i:
            continue
        for c in children[token.head]:
            to = any(words[x].form.lower() == "to" and words[x].relation == "mark" for x in children[c])
            open_ended = not any(words[x].relation in ("obj", "ccomp", "xcomp") for x in children[c])
            if words[c].relation == "xcomp" and words[c].upos == "VERB" and token.head < c < i and to and open_ended:
                yield i, c, "obj"


def _asked(words: Words, children: Children) -> Iterator[Repair]:
    """What somebody is called on to do is the verb's: "called upon the parties [to meet]"."""
    for i, token in enumerate(words):
        noun = token.head
        if token.relation != "acl" or "VerbForm=Inf" not in token.features or words[noun].relation != "obl" or words[noun].head < 0:
            continue
        cases = {words[c].form.lower() for c in children[noun] if words[c].relation == "case"}
        verb = words[words[noun].head]
        if verb.upos == "VERB" and verb.lemma.lower() in _lists()["asking"] and cases & {"on", "upon", "to"}:
            yield i, words[noun].head, "xcomp"


def _reduced_clauses(words: Words, children: Children) -> Iterator[Repair]:
    """A participle after the object tells of the object, but under verbs of having and seeing: "reopen the offices [closed in May]"."""
    for i, token in enumerate(words):
        participle = token.upos == "VERB" and "VerbForm=Part" in token.features and "Tense=Past" in token.features
        told = token.relation == "ccomp" and "Voice=Pass" in token.features and token.head < i
        told = told and not any(words[c].relation in ("aux", "aux:pass", "mark", "cop") for c in children[i])
        if not (token.relation == "xcomp" or told) or not participle or token.head < 0 or words[token.head].upos != "VERB":
            continue
        if words[token.head].lemma.lower() in _lists()["causative"]:
            continue
        inner = [c for c in children[i] if words[c].relation in ("nsubj", "nsubj:pass") and token.head < c < i]
        outer = [c for c in children[token.head] if words[c].relation == "obj" and c == i - 1]
        if len(inner) == 1 and words[inner[0]].upos in _NOUNS:
            yield inner[0], token.head, "obj"
            yield i, inner[0], "acl"
        elif not inner and outer and words[outer[0]].upos in _NOUNS:
            yield i, outer[0], "acl"


def _cases_before_verbs(words: Words, children: Children) -> Iterator[Repair]:
    """A preposition before a gerund is the gerund's, not its object's: "[for] sheltering refugees"."""
    for i, token in enumerate(words):
        verb = words[token.head].head if token.relation == "case" else -1
        if verb >= 0 and i < verb < token.head and words[verb].upos == "VERB" and words[verb].form.lower().endswith("ing"):
            yield i, verb, "mark"
            if words[token.head].relation == "obl":
                yield token.head, verb, "obj"


def _inverted_speech(words: Words, children: Children) -> Iterator[Repair]:
    """Whoever stands right after a verb of saying that ends a sentence says it: "The dam will burst, claimed [the governor]"."""
    for i, token in enumerate(words):
        if token.upos != "VERB" or token.lemma.lower() not in word_sets("cues")["speech.inverting"] or "VerbForm=Fin" not in token.features:
            continue
        relations = {words[c].relation for c in children[i]}
        if relations & {"nsubj", "nsubj:pass", "cc", "mark", "aux"} or i < 2 or words[i - 1].form not in _BREAKS:
            continue
        after = [c for c in children[i] if words[c].relation in ("obj", "iobj") and _first(c, words, children) == i + 1]
        if after and words[after[0]].upos in (*_NOUNS, "PRON"):
            yield after[0], i, "nsubj"
            if token.relation in ("conj", "advcl") and token.head < i:
                yield i, token.head, "parataxis"


def _comments(words: Words, children: Children) -> Iterator[Repair]:
    """The noun between a comma and a verb of saying is the one who says it: "The guards, [survivors] told the press, fled"."""
    for i, token in enumerate(words):
        if token.upos != "VERB" or token.lemma.lower() not in word_sets("cues")["speech.clause"]:
            continue
        if i < 2 or any(words[c].relation in ("nsubj", "nsubj:pass", "mark", "aux", "aux:pass") for c in children[i]):
            continue
        speaker = words[i - 1]
        if speaker.upos not in (*_NOUNS, "PRON") or speaker.relation not in ("appos", "conj"):
            continue
        first = _first(i - 1, words, children)
        joined = any(words[c].relation == "cc" for c in children[i - 1])
        ended = any(words[j].form in _BREAKS and words[j].sentence == token.sentence for j in range(i + 1, min(i + 8, len(words))))
        if first > 0 and words[first - 1].form in _BREAKS and not joined and ended and speaker.head < first:
            yield i - 1, i, "nsubj"


def _relatives(words: Words, children: Children) -> Iterator[Repair]:
    """A clause with a relative pronoun for its subject or object is relative: "a claim [that the minister dismissed]"."""
    for i, token in enumerate(words):
        if token.relation == "acl" and token.upos == "VERB":
            inner = (c for c in children[i] if words[c].relation in ("obj", "nsubj", "nsubj:pass") and c < i)
            if any("PronType=Rel" in words[c].features for c in inner):
                yield i, token.head, "acl:relcl"


def _finite_siblings(words: Words, children: Children) -> Iterator[Repair]:
    """A further finite clause on a noun goes on from the first: "time that Osk recognised it and [armed] the islanders"."""
    for i, token in enumerate(words):
        if token.relation != "acl" or token.upos != "VERB" or "VerbForm=Fin" not in token.features:
            continue
        before = [c for c in children[token.head] if c < i and words[c].upos == "VERB" and words[c].relation.startswith("acl")]
        own = {words[c].relation for c in children[i]}
        if before and not own & {"nsubj", "nsubj:pass", "mark"}:
            yield i, before[-1], "conj"


def _verbs_joined_to_nouns(words: Words, children: Children) -> Iterator[Repair]:
    """A verb is no noun's conjunct but the verb's above: "killing four men and [wounding] nine"."""
    for i, token in enumerate(words):
        if token.relation != "conj" or token.upos != "VERB" or token.head < 0 or words[token.head].upos not in _NOUNS:
            continue
        if any(words[c].relation in ("cop", "nsubj") for c in children[token.head]) or words[token.head].head < 0:
            continue
        if any(words[c].relation in ("nsubj", "nsubj:pass", "mark") for c in children[i]):
            continue
        at = token.head
        while at >= 0 and words[at].upos != "VERB":
            at = words[at].head
        if at >= 0 and at < i and _form(words[at]) == _form(token):
            yield i, at, "conj"


def _finite_conjuncts(words: Words, children: Children) -> Iterator[Repair]:
    """A finite verb goes on from a finite verb, not from an infinitive or gerund: "ran out to fetch a rope and [tied] the boat"."""
    for i, token in enumerate(words):
        if token.relation != "conj" or token.upos != "VERB" or not {"VerbForm=Fin", "Mood=Ind"} <= set(token.features.split("|")):
            continue
        at = token.head
        if words[at].upos != "VERB" or at > i or _finite(at, words, children) or not any(words[c].relation == "mark" for c in children[at]):
            continue
        if any(words[c].relation in _SUBJECTS for c in children[i]):
            continue
        while at >= 0 and not (words[at].upos == "VERB" and _finite(at, words, children)):
            at = words[at].head
        if 0 <= at < i:
            yield i, at, "conj"


def _finite(verb: int, words: Words, children: Children) -> bool:
    """Whether a verb or one of its auxiliaries is finite."""
    return any(
        "VerbForm=Fin" in words[w].features for w in (verb, *(c for c in children[verb] if words[c].relation in ("aux", "aux:pass")))
    )


def _form(token: Token) -> str:
    """A verb's form ("Fin", "Inf", "Part", "Ger"), present participles as gerunds."""
    if token.form.lower().endswith("ing"):
        return "Ger"
    return next((f.removeprefix("VerbForm=") for f in token.features.split("|") if f.startswith("VerbForm=")), "")


def _who(words: Words, children: Children, parties: Mapping[int, str]) -> Iterator[Repair]:
    """A clause with "who" tells of the person whom the words right before it name: "the immunity of [the senator], who is accused"."""
    for i, token in enumerate(words):
        if token.form.lower() not in ("who", "whom") or i == 0 or token.head < 0:
            continue
        clause = token.head
        while clause >= 0 and not words[clause].relation.startswith("acl:relcl"):
            clause = words[clause].head
        before = i - 1 - (words[i - 1].form in (",", "-", "–", "—"))
        if clause < 0 or before < 0 or words[before].sentence != token.sentence or words[clause].head > i:
            continue
        chain = [before]
        while words[chain[-1]].relation in _INSIDE and words[chain[-1]].head >= 0 and words[chain[-1]].relation != "conj":
            chain.append(words[chain[-1]].head)
        found = next((x for kind in ("person", "group", "organization") for x in chain if parties.get(x) == kind), -1)
        while found in chain[:-1] and words[found].relation in ("compound", "flat") and words[found].head in parties:  # the name's own head
            found = words[found].head
        now = words[clause].head
        settled = now in chain and (now in parties or words[now].upos == "PRON")
        if found >= 0 and not settled and words[now].upos != "PRON":
            yield clause, found, "acl:relcl"
