"""The tree, mended where the parser often errs and the words around leave no doubt.

Each repair is one function over the words of a text: it finds words that hang wrongly and says where they hang. The rules that read the
tree come after, so they need not know of the errors. Misses errors that only the meaning shows.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from allegedly.language import word_sets
from allegedly.reading import attachments, complements
from allegedly.reading.attachments import BREAKS, NOUNS, SUBJECTS, Children, Repair, Words, children_of, first_of, is_below
from allegedly.reading.comments import comments, spoken
from allegedly.records import Analysis, Token, changed

_INSIDE = ("nmod", "appos", "compound", "flat", "conj", "nmod:desc", "nmod:poss", "nummod", "amod")


def _rules(persons: Mapping[int, str]) -> tuple[Callable[[Words, Children], Iterator[Repair]], ...]:
    """The repairs in their order; `persons` are the words that name somebody, with their types."""
    return (
        _perfects,
        complements.glued,
        complements.trusted,
        complements.particles,
        complements.auxiliaries,
        attachments.so_much_as,
        attachments.far_from,
        attachments.clauses_of_it,
        attachments.demonyms_as_subjects,
        attachments.subjects_as_compounds,
        _yet_to,
        attachments.phrases_of_subjects,
        _were_to,
        attachments.owned_nouns,
        attachments.marked_subjects,
        attachments.passives_of_be,
        attachments.listed_passives,
        attachments.relative_actives,
        attachments.adjectives_after_as,
        attachments.by_agents,
        attachments.distant_agents,
        attachments.agents_of_kept,
        attachments.not_so_much_as,
        _reduced_subjects,
        attachments.paired_objects,
        attachments.shared_nouns,
        attachments.stray_cases,
        attachments.marked_objects,
        attachments.subjects_of_objects,
        attachments.named_objects,
        attachments.bare_complements,
        attachments.bare_obliques,
        attachments.later_objects,
        attachments.objects_of_later_verbs,
        complements.lone_receivers,
        complements.subjects_of_infinitives,
        complements.asked_infinitives,
        complements.told_clauses,
        complements.told_to_somebody,
        _counted_firsts,
        _called_on,
        _asked,
        _reduced_clauses,
        complements.wanted_states,
        complements.reduced_relatives,
        _cases_before_verbs,
        _opening_participles,
        _inverted_speech,
        lambda words, children: _comments(words, children, persons),
        comments,
        attachments.subjects_of_later_verbs,
        attachments.objects_for_subjects,
        attachments.subjects_for_objects,
        attachments.relative_objects,
        attachments.diatheses,
        attachments.shot_dead,
        attachments.agents_of_active_verbs,
        _questions_behind_semicolons,
        _finite_siblings,
        _verbs_joined_to_nouns,
        _finite_conjuncts,
        _relatives,
        lambda words, children: _who(words, children, persons),
        lambda words, children: _participles(words, children, persons),
    )


def repaired(analysis: Analysis) -> Analysis:
    """The analysis with its tree mended; the repairs run one after the other, each on what the last one left."""
    tokens = list(analysis.tokens)
    for i, verb in list(spoken(tokens)):
        tokens[i] = verb
    parties = [m for m in analysis.mentions if m.type in ("person", "group", "organization")]
    persons = {i: m.type for m in parties for i in (range(m.first, m.last) if m.named else (m.head,))}
    children = children_of(tokens)
    for rule in _rules(persons):
        moved = False
        for i, head, relation in list(rule(tokens, children)):
            if head != i and not is_below(head, i, tokens):
                tokens[i] = changed(tokens[i], head=head, relation=relation)
                moved = True
        children = children_of(tokens) if moved else children
    return replace(analysis, tokens=tuple(tokens))


def _perfects(words: Words, children: Children) -> Iterator[Repair]:
    """A participle with an auxiliary "have" is the verb: "constables had [clubbed] marchers", "never have the two [spoken]"."""
    for i, token in enumerate(words):
        above = token.head
        inverted = token.upos == "VERB" and token.relation in ("xcomp", "ccomp") and "Tense=Past" in token.features
        if inverted and words[above].lemma == "have" and words[above].upos == "AUX" and words[above].relation != "aux":
            beside = {c: words[c].relation for c in children[above]}
            asked = [c for c in (*beside, *children[i]) if words[c].relation == "nsubj" and above < c < i]
            if asked and not {"obj", "mark"} & set(beside.values()):
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


def _participles(words: Words, children: Children, parties: Mapping[int, str]) -> Iterator[Repair]:
    """A gerund right after persons who are acted on tells of them: "shot at medics [carrying] stretchers"."""
    for i, token in enumerate(words):
        noun = i - 1
        if token.relation != "advcl" or token.upos != "VERB" or not token.form.lower().endswith("ing") or noun < 0:
            continue
        bare = not any(words[c].relation in ("mark", "case", "nsubj", "aux", "advmod") for c in children[i])
        several = noun in parties and words[noun].upos == "NOUN" and "Number=Plur" in words[noun].features
        told = several or parties.get(noun) in ("person", "group") or words[noun].lemma.lower() in word_sets("predicates")["instruments"]
        if bare and told and words[noun].relation in ("obj", "obl") and words[noun].head == token.head:
            yield i, noun, "acl"


def _were_to(words: Words, children: Children) -> Iterator[Repair]:
    """In "[Were] the garrison to leave", the infinitive is the condition's verb and the noun its subject."""
    for i, token in enumerate(words):
        opens = i == 0 or words[i - 1].sentence != token.sentence or words[i - 1].upos in ("PUNCT", "CCONJ", "SCONJ")
        if token.form.lower() != "were" or not opens or token.relation not in ("cop", "aux", "aux:pass") or token.head < i:
            continue
        main = words[token.head].upos == "VERB"  # of which the parser made the auxiliary
        noun = next((c for c in children[token.head] if words[c].relation == "nsubj" and c > i), -1) if main else token.head
        below = children[noun] if noun >= 0 else ()
        verb = next((c for c in below if words[c].relation == "acl" and "VerbForm=Inf" in words[c].features and c > noun), -1)
        if noun >= 0 and verb >= 0 and words[noun].upos in NOUNS and words[noun].head >= 0:
            yield verb, words[noun].head, "advcl"
            yield noun, verb, "nsubj"
            yield i, verb, "aux"


def _reduced_subjects(words: Words, children: Children) -> Iterator[Repair]:
    """A participle between a subject and its verb tells of the subject: "two men [held] at the gate were released"."""
    for i, token in enumerate(words):
        noun = i - 1
        past = token.upos == "VERB" and "Tense=Past" in token.features and token.relation in ("ccomp", "advcl", "parataxis")
        if not past or noun < 0 or words[noun].upos not in NOUNS or words[noun].relation not in ("nsubj", "nsubj:pass"):
            continue
        bare = not any(words[c].relation in (*SUBJECTS, "aux", "aux:pass", "mark", "obj", "ccomp", "punct") for c in children[i])
        if bare and words[noun].head > i and words[noun].sentence == token.sentence:
            yield i, noun, "acl"


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
            nouns = [c for c in children[token.head] if words[c].relation == "xcomp" and words[c].upos in NOUNS and token.head < c < i]
            yield from ((i, noun, "acl") for noun in nouns[-1:])


def _called_on(words: Words, children: Children) -> Iterator[Repair]:
    """The "on" before whoever is asked to do something is theirs, and no part of the verb: "call [on] all friendly states to leave"."""
    for i, token in enumerate(words):
        verb = token.head
        if token.relation != "compound:prt" or token.form.lower() not in ("on", "upon"):
            continue
        below = children[verb]
        asked = next((c for c in below if c > i and words[c].relation in ("obj", "obl")), -1)
        listed = words[verb].lemma.lower() in word_sets("predicates")["asking"]
        marked = any(words[c].relation == "case" for c in children[asked]) if asked >= 0 else True
        if listed and not marked and any(c > asked and "VerbForm=Inf" in words[c].features for c in below):
            yield i, asked, "case"
            yield asked, verb, "obl"


def _asked(words: Words, children: Children) -> Iterator[Repair]:
    """What somebody is called on to do is the verb's: "called upon the parties [to meet]"."""
    for i, token in enumerate(words):
        noun = token.head
        if token.relation != "acl" or "VerbForm=Inf" not in token.features or words[noun].relation != "obl" or words[noun].head < 0:
            continue
        cases = {words[c].form.lower() for c in children[noun] if words[c].relation == "case"}
        verb = words[words[noun].head]
        if verb.upos == "VERB" and verb.lemma.lower() in word_sets("predicates")["asking"] and cases & {"on", "upon", "to"}:
            yield i, words[noun].head, "xcomp"


def _reduced_clauses(words: Words, children: Children) -> Iterator[Repair]:
    """A participle after the object tells of the object, but under verbs of having and seeing: "reopen the offices [closed in May]"."""
    for i, token in enumerate(words):
        participle = token.upos == "VERB" and "VerbForm=Part" in token.features and "Tense=Past" in token.features
        told = token.relation == "ccomp" and "Voice=Pass" in token.features and token.head < i
        told = told and not any(words[c].relation in ("aux", "aux:pass", "mark", "cop") for c in children[i])
        if not (token.relation == "xcomp" or told) or not participle or token.head < 0 or words[token.head].upos != "VERB":
            continue
        if words[token.head].lemma.lower() in word_sets("predicates")["causative"]:
            continue
        inner = [c for c in children[i] if words[c].relation in ("nsubj", "nsubj:pass") and token.head < c < i]
        outer = [c for c in children[token.head] if words[c].relation == "obj" and c == i - 1]
        if len(inner) == 1 and words[inner[0]].upos in NOUNS:
            yield inner[0], token.head, "obj"
            yield i, inner[0], "acl"
        elif not inner and outer and words[outer[0]].upos in NOUNS:
            yield i, outer[0], "acl"


def _cases_before_verbs(words: Words, children: Children) -> Iterator[Repair]:
    """A preposition before a gerund is the gerund's, not its object's: "[for] sheltering refugees"."""
    for i, token in enumerate(words):
        verb = words[token.head].head if token.relation == "case" else -1
        if verb >= 0 and i < verb < token.head and words[verb].upos == "VERB" and words[verb].form.lower().endswith("ing"):
            yield i, verb, "mark"
            if words[token.head].relation == "obl":
                yield token.head, verb, "obj"


def _opening_participles(words: Words, children: Children) -> Iterator[Repair]:
    """A participle that opens what is said goes with its verb: "[Held] at the gate, the poet was flown home, her lawyer says"."""
    for i, token in enumerate(words):
        if token.upos != "VERB" or token.relation not in ("ccomp", "advcl") or token.head < i or "VerbForm=Part" not in token.features:
            continue
        if any(words[c].relation in (*SUBJECTS, "aux", "aux:pass", "mark") for c in children[i]):
            continue
        said = (c for c in children[token.head] if words[c].relation == "ccomp" and i < c < token.head and words[c].upos == "VERB")
        main = next((c for c in said if any(words[x].relation in SUBJECTS and i < x for x in children[c])), -1)
        if main >= 0:
            yield i, main, "advcl"


def _inverted_speech(words: Words, children: Children) -> Iterator[Repair]:
    """Whoever stands right after a verb of saying that ends a sentence, or between commas, says it: "The dam will burst, claimed [the
    governor]", "Without them, claims [the book], we had lost".
    """
    for i, token in enumerate(words):
        shown = token.lemma == "read" and i > 0 and words[i - 1].form in BREAKS[1:]  # '"Go," read [the banner]'
        says = shown or token.lemma.lower() in word_sets("cues")["speech.inverting"]
        if token.upos != "VERB" or not says or "VerbForm=Fin" not in token.features:
            continue
        relations = {words[c].relation for c in children[i]}
        if relations & {"nsubj", "nsubj:pass", "cc", "mark", "aux"} or i < 2 or words[i - 1].form not in BREAKS:
            continue
        after = [c for c in children[i] if words[c].relation in ("obj", "iobj") and first_of(c, words, children) == i + 1]
        after = after or [
            c
            for verb in children[i]
            if words[verb].relation in ("ccomp", "parataxis") and verb > i
            for c in children[verb]
            if words[c].relation == "obj" and c < verb and first_of(c, words, children) == i + 1 and words[c + 1].form == ","
        ]
        if after and words[after[0]].upos in (*NOUNS, "PRON"):
            yield after[0], i, "nsubj"
            if token.relation in ("conj", "advcl") and token.head < i:
                yield i, token.head, "parataxis"


def _comments(words: Words, children: Children, parties: Mapping[int, str]) -> Iterator[Repair]:
    """The noun between a comma and a verb of saying is the one who says it: "The guards, [survivors] told the press, fled"; and what
    stands between commas so is no relative clause: "The guards, survivors [maintain], fled".
    """
    for i, token in enumerate(words):
        if token.upos != "VERB" or token.lemma.lower() not in word_sets("cues")["speech.clause"] | word_sets("cues")["speech.comment"]:
            continue
        if token.relation in ("acl:relcl", "acl", "advcl") and _inserted(i, words, children):
            host = words[token.head].head if token.relation.startswith("acl") else token.head
            if host > i or (host >= 0 and words[i + 1].form in (".", "!", "?")):
                yield i, host, "parataxis"
        if i < 2 or any(words[c].relation in ("nsubj", "nsubj:pass", "mark", "aux", "aux:pass") for c in children[i]):
            continue
        of = token.relation == "acl" and words[token.head].relation == "appos" and token.head in parties  # "a delegate of Osk [reported]"
        at = token.head if of else i - 1
        speaker = words[at]
        if speaker.upos not in (*NOUNS, "PRON") or speaker.relation not in ("appos", "conj"):
            continue
        first, joined = first_of(at, words, children), any(words[c].relation == "cc" for c in children[at])
        closing = (*BREAKS, ".") if of else BREAKS
        ended = any(words[j].form in closing and words[j].sentence == token.sentence for j in range(i + 1, min(i + 8, len(words))))
        if first > 0 and words[first - 1].form in BREAKS and not joined and ended and speaker.head < first:
            if token.head == at and at in parties and not any(words[c].relation in ("xcomp", "obj") for c in children[i]):
                yield i, max(words[speaker.head].head, speaker.head), "parataxis"  # "The guards, survivors [alleged] in a letter, fled"
            yield at, i, "nsubj"


def _inserted(verb: int, words: Words, children: Children) -> bool:
    """Whether a finite verb stands between commas, or after one at the end, with its subject and at most a phrase ("in an open letter")."""
    own = [c for c in children[verb] if words[c].upos != "PUNCT"]
    beside = [words[c].relation for c in own]
    if beside[:1] != ["nsubj"] or set(beside[1:]) - {"obl", "advmod", "obj"} or "PronType=Rel" in words[own[0]].features:
        return False
    first, last = first_of(own[0], words, children), max(w for w in (verb, *own))
    while below := [c for c in children[last] if c > last and words[c].upos != "PUNCT"]:
        last = below[-1]
    if last + 1 == len(words) or (len(own) > 1 and words[own[1]].relation == "obj" and words[own[1]].upos == "PRON"):
        return False
    closed = words[last + 1].form in (",", ".", "!", "?")
    return first > 0 and words[first - 1].form == "," and closed and "VerbForm=Fin" in words[verb].features


def _relatives(words: Words, children: Children) -> Iterator[Repair]:
    """A clause with a relative pronoun for its subject or object is relative: "a claim [that the minister dismissed]"."""
    for i, token in enumerate(words):
        if token.relation == "acl" and token.upos == "VERB":
            inner = (c for c in children[i] if words[c].relation in ("obj", "nsubj", "nsubj:pass") and c < i)
            if any("PronType=Rel" in words[c].features for c in inner):
                yield i, token.head, "acl:relcl"


def _questions_behind_semicolons(words: Words, children: Children) -> Iterator[Repair]:
    """A clause with "who" right behind a semicolon is no relative clause: "It was founded by ballot; who [voted] for you?"."""
    for i, token in enumerate(words):
        if token.relation != "acl:relcl" or token.head < 0:
            continue
        asking = next((c for c in children[i] if words[c].relation in SUBJECTS and words[c].form.lower() in ("who", "what", "which")), -1)
        if asking > 0 and words[asking - 1].form == ";":
            at = token.head
            while words[at].head >= 0:
                at = words[at].head
            yield i, at, "parataxis"


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
        if token.relation != "conj" or token.upos != "VERB" or token.head < 0 or words[token.head].upos not in NOUNS:
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
    """A finite verb goes on from a finite verb, not from an infinitive or gerund: "ran out to fetch a rope and [tied] the boat", "told
    them not to shoot, and nobody [was shot]".
    """
    for i, token in enumerate(words):
        if token.relation != "conj" or token.upos != "VERB":
            continue
        whole = (
            _finite(i, words, children) and any(words[c].relation in SUBJECTS for c in children[i]) and _comma_before(i, words, children)
        )
        if not whole and not {"VerbForm=Fin", "Mood=Ind"} <= set(token.features.split("|")):
            continue
        at = token.head
        if words[at].upos != "VERB" or at > i or _finite(at, words, children) or not any(words[c].relation == "mark" for c in children[at]):
            continue
        if not whole and any(words[c].relation in SUBJECTS for c in children[i]):
            continue
        while at >= 0 and not (words[at].upos == "VERB" and _finite(at, words, children)):
            at = words[at].head
        if 0 <= at < i:
            yield i, at, "conj"


def _comma_before(verb: int, words: Words, children: Children) -> bool:
    """Whether a clause begins after a comma and a conjunction."""
    return any(words[c].relation == "cc" and c > 0 and words[c - 1].form == "," for c in children[verb])


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
