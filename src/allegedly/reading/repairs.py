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
_PLACES_OF = ("where", "when", "why", "how")
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
        _perfects,
        _subjects_as_compounds,
        _yet_to,
        _phrases_of_subjects,
        _were_to,
        _by_agents,
        _reduced_subjects,
        _paired_objects,
        _shared_nouns,
        _stray_cases,
        _marked_objects,
        _subjects_of_objects,
        _bare_complements,
        _bare_obliques,
        _later_objects,
        _counted_firsts,
        _asked,
        _reduced_clauses,
        _cases_before_verbs,
        _inverted_speech,
        _comments,
        _subjects_of_later_verbs,
        _objects_for_subjects,
        _subjects_for_objects,
        _relative_objects,
        _diatheses,
        _agents_of_active_verbs,
        _finite_siblings,
        _verbs_joined_to_nouns,
        _finite_conjuncts,
        _relatives,
        lambda words, children: _who(words, children, persons),
        lambda words, children: _participles(words, children, persons),
    )
    children = _children(tokens)
    for rule in rules:
        moved = False
        for i, head, relation in list(rule(tokens, children)):
            if head != i and not _below(head, i, tokens):
                tokens[i] = changed(tokens[i], head=head, relation=relation)
                moved = True
        children = _children(tokens) if moved else children
    return replace(analysis, tokens=tuple(tokens))


def _children(words: Words) -> Children:
    """The words that hang on each word."""
    children: list[list[int]] = [[] for _ in words]
    for i, token in enumerate(words):
        if token.head >= 0:
            children[token.head].append(i)
    return children


def _below(i: int, top: int, words: Words) -> bool:
    """Whether a word hangs on another, near or far: that one may not hang on it."""
    while i >= 0:
        if i == top:
            return True
        i = words[i].head
    return False


def _first(i: int, words: Words, children: Children) -> int:
    """The first word of a noun phrase, from its head."""
    before = (c for c in children[i] if c < i and words[c].relation in ("det", "amod", "compound", "nummod", "nmod:poss", "nmod:desc"))
    return min([i, *(_first(c, words, children) for c in before)])


def _perfects(words: Words, children: Children) -> Iterator[Repair]:
    """A participle with an auxiliary "have" is the verb: "constables had [clubbed] marchers", "never have the two [spoken]"."""
    for i, token in enumerate(words):
        above = token.head
        inverted = token.upos == "VERB" and token.relation in ("xcomp", "ccomp") and "Tense=Past" in token.features
        if inverted and words[above].lemma == "have" and words[above].upos == "AUX" and words[above].relation != "aux":
            beside = {c: words[c].relation for c in children[above]}
            if any(r == "nsubj" and above < c < i for c, r in beside.items()) and not {"obj", "mark"} & set(beside.values()):
                yield i, words[above].head, words[above].relation
                yield from ((c, i, r) for c, r in beside.items() if c != i)
                yield above, i, "aux"
                continue
        have, noun = i - 1, token.head
        perfect = token.upos == "VERB" and token.relation in ("compound", "amod") and "Tense=Past" in token.features
        if not perfect or have < 0 or words[have].lemma != "have" or words[have].upos != "AUX" or words[have].relation == "aux":
            continue
        if words[noun].relation == "obj" and words[noun].head == have:
            yield i, words[have].head, words[have].relation
            yield from ((c, i, words[c].relation) for c in children[have])
            yield have, i, "aux"


def _subjects_as_compounds(words: Words, children: Children) -> Iterator[Repair]:
    """A noun right before a finite verb without a subject is that, no part of a compound: "if the [garrison] surrenders"."""
    for i, token in enumerate(words):
        if token.relation == "compound" and token.upos in _NOUNS and token.head == i + 1 and words[token.head].upos == "VERB":
            beside = {words[c].relation for c in children[token.head]}
            if _without_subject(token.head, words, children) or ("mark" in beside and not beside & {*_SUBJECTS, "aux:pass"}):
                yield i, token.head, "nsubj"


def _yet_to(words: Words, children: Children) -> Iterator[Repair]:
    """What somebody has yet to do hangs on the "have", which has the subject: "has yet [to reply]"."""
    for i, token in enumerate(words):
        have = words[token.head].head if token.head >= 0 else -1
        if (
            token.relation == "xcomp"
            and words[token.head].form.lower() == "yet"
            and have >= 0
            and words[have].lemma in ("have", "be", "remain")
        ):
            yield i, have, "xcomp"


def _phrases_of_subjects(words: Words, children: Children) -> Iterator[Repair]:
    """A phrase between a subject and its verb belongs to the subject: "envoys [for Osk] left"; not a time ("envoys on Monday left")."""
    for i, token in enumerate(words):
        verb = token.head
        if token.relation != "obl" or token.upos not in _NOUNS or verb < i or words[verb].upos != "VERB":
            continue
        if token.lemma.lower() in _lists()["times"] or words[i + 1].form in _BREAKS:
            continue
        case = next((c for c in children[i] if words[c].relation == "case"), i)
        subject = next((c for c in children[verb] if words[c].relation in ("nsubj", "nsubj:pass") and c < i), -1)
        if case < i and 0 <= subject == case - 1 and words[subject].upos in _NOUNS and words[case].form.lower() in ("for", "from", "of"):
            yield i, subject, "nmod"


def _bare_obliques(words: Words, children: Children) -> Iterator[Repair]:
    """A noun phrase without a preposition after a verb's other phrase is its object: "rejected as absurd [the claim]"."""
    for i, token in enumerate(words):
        verb = token.head
        if token.relation not in ("obl", "obl:unmarked") or token.upos not in _NOUNS or not 0 <= verb < i or words[verb].upos != "VERB":
            continue
        own, beside = ({words[c].relation for c in children[x]} for x in (i, verb))
        taken = beside & {"obj", "iobj", "ccomp", "xcomp", "aux:pass", "nsubj:pass"}
        counted = "nummod" in own or token.lemma.lower() in _lists()["times"] | word_sets("arguments")["measures"]
        before = _first(i, words, children) - 1
        phrase = (
            words[before].head == verb and words[before].relation == "obl" and any(words[c].relation == "case" for c in children[before])
        )
        if "det" in own and "case" not in own and phrase and not taken and not counted:
            yield i, verb, "obj"


def _participles(words: Words, children: Children, parties: Mapping[int, str]) -> Iterator[Repair]:
    """A gerund right after persons who are acted on tells of them: "shot at medics [carrying] stretchers"."""
    for i, token in enumerate(words):
        noun = i - 1
        if token.relation != "advcl" or token.upos != "VERB" or not token.form.lower().endswith("ing") or noun < 0:
            continue
        bare = not any(words[c].relation in ("mark", "case", "nsubj", "aux", "advmod") for c in children[i])
        several = noun in parties and words[noun].upos == "NOUN" and "Number=Plur" in words[noun].features
        told = several or parties.get(noun) in ("person", "group") or words[noun].lemma.lower() in _lists()["instruments"]
        if bare and told and words[noun].relation in ("obj", "obl") and words[noun].head == token.head:
            yield i, noun, "acl"


def _were_to(words: Words, children: Children) -> Iterator[Repair]:
    """In "[Were] the garrison to leave", the infinitive is the condition's verb and the noun its subject."""
    for i, token in enumerate(words):
        opens = i == 0 or words[i - 1].sentence != token.sentence or words[i - 1].upos in ("PUNCT", "CCONJ", "SCONJ")
        noun = token.head
        if token.form.lower() != "were" or not opens or token.relation not in ("cop", "aux", "aux:pass") or noun < i:
            continue
        verb = next((c for c in children[noun] if words[c].relation == "acl" and "VerbForm=Inf" in words[c].features and c > noun), -1)
        if verb >= 0 and words[noun].upos in _NOUNS and words[noun].head >= 0:
            yield verb, words[noun].head, "advcl"
            yield noun, verb, "nsubj"
            yield i, verb, "aux"


def _by_agents(words: Words, children: Children) -> Iterator[Repair]:
    """What stands with "by" after a passive acts in it: "grain shipped to Osk [by the League]"; not "by [accident]", "by [noon]"."""
    for i, token in enumerate(words):
        verb = token.head
        if token.relation != "obl" or token.upos not in _NOUNS or not 0 <= verb < i or words[verb].upos != "VERB":
            continue
        by = any(words[c].relation == "case" and words[c].form.lower() == "by" for c in children[i])
        definite = any(words[c].relation in ("det", "nmod:poss") for c in children[i]) or token.upos == "PROPN"
        counts = token.lemma.lower() in _lists()["times"] | _lists()["means"] | word_sets("arguments")["measures"]
        beside = {words[c].relation for c in children[verb]}
        reduced = words[verb].relation == "acl" and "Tense=Past" in words[verb].features and not beside & {"nsubj", "aux"}
        passive = ("aux:pass" in beside or reduced) and "obl:agent" not in beside
        if by and passive and not counts and (definite or "Number=Plur" in token.features):
            yield i, verb, "obl:agent"


def _paired_objects(words: Words, children: Children) -> Iterator[Repair]:
    """What "neither" or "both" opens after a verb is its object: "gave the town neither [bread] nor water"."""
    for i, token in enumerate(words):
        paired = any(words[c].relation == "cc:preconj" for c in children[i])
        if token.relation == "conj" and token.upos in _NOUNS and paired and 0 <= token.head < i and words[token.head].upos == "VERB":
            beside = {words[c].relation for c in children[token.head]}
            if not beside & {"obj", "aux:pass"} and not any(words[c].relation in ("case", "cop", "nsubj") for c in children[i]):
                yield i, token.head, "obj"


def _reduced_subjects(words: Words, children: Children) -> Iterator[Repair]:
    """A participle between a subject and its verb tells of the subject: "two men [held] at the gate were released"."""
    for i, token in enumerate(words):
        noun = i - 1
        past = token.upos == "VERB" and "Tense=Past" in token.features and token.relation in ("ccomp", "advcl", "parataxis")
        if not past or noun < 0 or words[noun].upos not in _NOUNS or words[noun].relation not in ("nsubj", "nsubj:pass"):
            continue
        bare = not any(words[c].relation in (*_SUBJECTS, "aux", "aux:pass", "mark", "obj", "ccomp", "punct") for c in children[i])
        if bare and words[noun].head > i and words[noun].sentence == token.sentence:
            yield i, noun, "acl"


def _shared_nouns(words: Words, children: Children) -> Iterator[Repair]:
    """A noun right after two coordinated adjectives is what both tell of: "Kestrian and Ardovian [troops]", whatever the tree joins."""
    for i, token in enumerate(words):
        if token.relation != "conj" or token.upos != "NOUN" or not 0 <= token.head < i - 2 or children[i]:
            continue
        first, second = token.head, i - 1
        names = all(words[x].upos == "PROPN" and words[x].form[:1].isupper() for x in (first, second))
        joined = (
            words[second].relation == "conj" and words[second].head == first and any(words[c].relation == "cc" for c in children[second])
        )
        if names and joined:
            yield i, words[first].head, words[first].relation
            yield first, i, "amod"


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


def _relative_objects(words: Words, children: Children) -> Iterator[Repair]:
    """What opens a relative clause before its subject is the object of a verb without one: "the bridge [that] saboteurs blew up",
    "the editor whose [paper] the state shut down".
    """
    for i, token in enumerate(words):
        verb = token.head
        if token.relation not in ("obl", "obl:unmarked", "nsubj") or verb < i or words[verb].upos != "VERB":
            continue
        relative = any("PronType=Rel" in words[x].features for x in (i, *(c for c in children[i] if words[c].relation == "nmod:poss")))
        beside = [words[c].relation for c in children[verb] if c != i]
        later = any(words[c].relation == "nsubj" and i < c < verb for c in children[verb])
        marked = any(words[c].relation == "case" and words[c].form.lower() not in ("'s", "’s", "'", "’") for c in children[i])
        if relative and later and not marked and not {"obj", "aux:pass", "ccomp"} & set(beside) and token.form.lower() not in _PLACES_OF:
            yield i, verb, "obj"


def _agents_of_active_verbs(words: Words, children: Children) -> Iterator[Repair]:
    """What follows a verb of the active without "by" is its object: "whose rulings have angered [the ranchers]"."""
    for i, token in enumerate(words):
        if token.relation == "obl:agent" and 0 <= token.head < i and not any(words[c].relation == "case" for c in children[i]):
            beside = {words[c].relation for c in children[token.head]}
            if "nsubj" in beside and not beside & {"obj", "aux:pass"}:
                yield i, token.head, "obj"


def _diatheses(words: Words, children: Children) -> Iterator[Repair]:
    """A verb with a passive auxiliary has a passive subject, one that is finite itself an active one."""
    for i, token in enumerate(words):
        if token.relation not in ("nsubj", "nsubj:pass") or token.head < 0 or words[token.head].upos != "VERB":
            continue
        wanted = _subject_of(token.head, words, children)
        perfect = any(words[c].relation == "aux" and words[c].lemma == "have" for c in children[token.head])
        if token.relation != wanted and (wanted == "nsubj:pass" or perfect or "Mood=Ind" in words[token.head].features):
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


def _counted_firsts(words: Words, children: Children) -> Iterator[Repair]:
    """An infinitive after what somebody became tells of that: "became the third state [to recognise] the council"; after what he was
    right or wrong to do, it is no subject.
    """
    for i, token in enumerate(words):
        if token.relation == "csubj" and "VerbForm=Inf" in token.features and 0 <= token.head < i and words[token.head].upos == "ADJ":
            yield from ((i, token.head, "xcomp") for c in children[token.head] if words[c].relation == "nsubj" and c < token.head)
        if token.relation not in ("xcomp", "advcl") or "VerbForm=Inf" not in token.features or not 0 <= token.head < i:
            continue
        if words[token.head].lemma in ("become", "remain", "make"):
            nouns = [c for c in children[token.head] if words[c].relation == "xcomp" and words[c].upos in _NOUNS and token.head < c < i]
            yield from ((i, noun, "acl") for noun in nouns[-1:])


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
    """The noun between a comma and a verb of saying is the one who says it: "The guards, [survivors] told the press, fled"; and what
    stands between commas so is no relative clause: "The guards, survivors [maintain], fled".
    """
    for i, token in enumerate(words):
        if token.upos != "VERB" or token.lemma.lower() not in word_sets("cues")["speech.clause"]:
            continue
        if token.relation in ("acl:relcl", "acl", "advcl") and _inserted(i, words, children):
            host = words[token.head].head if token.relation.startswith("acl") else token.head
            if host > i:
                yield i, host, "parataxis"
        if i < 2 or any(words[c].relation in ("nsubj", "nsubj:pass", "mark", "aux", "aux:pass") for c in children[i]):
            continue
        speaker = words[i - 1]
        if speaker.upos not in (*_NOUNS, "PRON") or speaker.relation not in ("appos", "conj"):
            continue
        first, joined = _first(i - 1, words, children), any(words[c].relation == "cc" for c in children[i - 1])
        ended = any(words[j].form in _BREAKS and words[j].sentence == token.sentence for j in range(i + 1, min(i + 8, len(words))))
        if first > 0 and words[first - 1].form in _BREAKS and not joined and ended and speaker.head < first:
            yield i - 1, i, "nsubj"


def _inserted(verb: int, words: Words, children: Children) -> bool:
    """Whether a finite verb stands between commas with nothing but its subject."""
    own = [c for c in children[verb] if words[c].upos != "PUNCT"]
    if [words[c].relation for c in own] != ["nsubj"] or "PronType=Rel" in words[own[0]].features or verb + 1 == len(words):
        return False
    first = _first(own[0], words, children)
    return first > 0 and words[first - 1].form == "," == words[verb + 1].form and "VerbForm=Fin" in words[verb].features


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
