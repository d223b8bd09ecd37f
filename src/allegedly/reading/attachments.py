"""Which phrases hang on which words, mended: subjects, objects, agents and prepositional phrases.

The repairs of `reading.repairs` that say who does what to whom, and what they share with those of clauses.
"""

from collections.abc import Iterator, Sequence

from allegedly.language import event_lexicon, word_sets
from allegedly.records import Token

Words = Sequence[Token]
Children = Sequence[Sequence[int]]
Repair = tuple[int, int, str]  # a word, its head, its relation
_COUNTING = ("NUM", "SYM")
NOUNS = ("NOUN", "PROPN")
SUBJECTS = ("nsubj", "nsubj:pass", "nsubj:outer", "csubj", "csubj:pass", "expl")
_PHRASE = ("DET", "ADJ", "NUM", "NOUN", "PROPN")
BREAKS = (",", '"', "”", "’", "'", "»", "–", "—")
_PLACES_OF = ("where", "when", "why", "how")


def children_of(words: Words) -> Children:
    """The words that hang on each word."""
    children: list[list[int]] = [[] for _ in words]
    for i, token in enumerate(words):
        if token.head >= 0:
            children[token.head].append(i)
    return children


def is_below(i: int, top: int, words: Words) -> bool:
    """Whether a word hangs on another, near or far: that one may not hang on it."""
    while i >= 0:
        if i == top:
            return True
        i = words[i].head
    return False


def first_of(i: int, words: Words, children: Children) -> int:
    """The first word of a noun phrase, from its head."""
    before = (c for c in children[i] if c < i and words[c].relation in ("det", "amod", "compound", "nummod", "nmod:poss", "nmod:desc"))
    return min([i, *(first_of(c, words, children) for c in before)])


def without_subject(verb: int, words: Words, children: Children) -> bool:
    """Whether a finite verb that is no order, or what a copula says of somebody, has no subject."""
    copulas = [c for c in children[verb] if words[c].relation == "cop"]
    if not (words[verb].upos == "VERB" or copulas) or "Mood=Imp" in words[verb].features:
        return False
    auxiliaries = [*copulas, *(c for c in children[verb] if words[c].relation in ("aux", "aux:pass"))]
    finite = any("VerbForm=Fin" in words[w].features for w in (verb, *auxiliaries))
    finite = finite or (words[verb].relation == "root" and not any(words[c].relation == "mark" for c in children[verb]))  # a bare form
    return finite and not any(words[c].relation in SUBJECTS for c in children[verb])


def subject_of(verb: int, words: Words, children: Children) -> str:
    """The relation of a verb's subject, in the active or the passive."""
    return "nsubj:pass" if any(words[c].relation == "aux:pass" for c in children[verb]) else "nsubj"


def phrases_of_subjects(words: Words, children: Children) -> Iterator[Repair]:
    """A phrase between a subject and its verb belongs to the subject: "envoys [for Osk] left"; not a time ("envoys on Monday left")."""
    for i, token in enumerate(words):
        verb = token.head
        if token.relation != "obl" or token.upos not in NOUNS or verb < i or words[verb].upos != "VERB":
            continue
        if token.lemma.lower() in word_sets("predicates")["times"] or words[i + 1].form in BREAKS:
            continue
        case = next((c for c in children[i] if words[c].relation == "case"), i)
        subject = next((c for c in children[verb] if words[c].relation in ("nsubj", "nsubj:pass") and c < i), -1)
        if case < i and 0 <= subject == case - 1 and words[subject].upos in NOUNS and words[case].form.lower() in ("for", "from", "of"):
            yield i, subject, "nmod"


def bare_obliques(words: Words, children: Children) -> Iterator[Repair]:
    """A noun phrase without a preposition, right after a verb or after its other phrase, is its object: "poured [scorn] on", "rejected as
    absurd [the claim]".
    """
    for i, token in enumerate(words):
        verb = token.head
        if token.relation not in ("obl", "obl:unmarked") or token.upos not in NOUNS or not 0 <= verb < i or words[verb].upos != "VERB":
            continue
        own, beside = ({words[c].relation for c in children[x]} for x in (i, verb))
        taken = beside & {"obj", "iobj", "ccomp", "xcomp", "aux:pass", "nsubj:pass"}
        counted = "nummod" in own or token.lemma.lower() in word_sets("predicates")["times"] | word_sets("arguments")["measures"]
        before = first_of(i, words, children) - 1
        phrase = (
            words[before].head == verb and words[before].relation == "obl" and any(words[c].relation == "case" for c in children[before])
        )
        near = token.relation == "obl" and token.upos == "NOUN" and all(is_below(w, i, words) for w in range(verb + 1, i))
        if (("det" in own and phrase) or near) and "case" not in own and not taken and not counted:
            yield i, verb, "obj"


def by_agents(words: Words, children: Children) -> Iterator[Repair]:
    """What stands with "by" after a passive acts in it: "grain shipped to Osk [by the League]"; not "by [accident]", "by [noon]"."""
    for i, token in enumerate(words):
        verb = token.head
        if token.relation != "obl" or token.upos not in NOUNS or not 0 <= verb < i or words[verb].upos != "VERB":
            continue
        by = any(words[c].relation == "case" and words[c].form.lower() == "by" for c in children[i])
        definite = any(words[c].relation in ("det", "nmod:poss") for c in children[i]) or token.upos == "PROPN"
        counts = (
            token.lemma.lower() in word_sets("predicates")["times"] | word_sets("predicates")["means"] | word_sets("arguments")["measures"]
        )
        beside = {words[c].relation for c in children[verb]}
        reduced = words[verb].relation == "acl" and "Tense=Past" in words[verb].features and not beside & {"nsubj", "aux"}
        passive = ("aux:pass" in beside or reduced) and "obl:agent" not in beside
        if by and passive and not counts and (definite or "Number=Plur" in token.features):
            yield i, verb, "obl:agent"


def paired_objects(words: Words, children: Children) -> Iterator[Repair]:
    """What "neither" or "both" opens after a verb is its object: "gave the town neither [bread] nor water"."""
    for i, token in enumerate(words):
        paired = any(words[c].relation == "cc:preconj" for c in children[i])
        if token.relation == "conj" and token.upos in NOUNS and paired and 0 <= token.head < i and words[token.head].upos == "VERB":
            beside = {words[c].relation for c in children[token.head]}
            if not beside & {"obj", "aux:pass"} and not any(words[c].relation in ("case", "cop", "nsubj") for c in children[i]):
                yield i, token.head, "obj"


def marked_objects(words: Words, children: Children) -> Iterator[Repair]:
    """What a preposition marks is no object: "fired [on the crowd]"; not where it counts ("killed between 20 and 30 people")."""
    for i, token in enumerate(words):
        if token.relation not in ("obj", "iobj") or token.upos not in ("NOUN", "PROPN", "PRON"):
            continue
        cases = [
            c for c in children[i] if words[c].relation == "case" and words[c].form.lower() in word_sets("predicates")["marking"] and c < i
        ]
        if cases and words[cases[-1] + 1].upos not in _COUNTING and token.head < i:
            passive = any(words[c].relation == "aux:pass" for c in children[token.head])
            yield i, token.head, "obl:agent" if passive and words[cases[-1]].form.lower() == "by" else "obl"


def subjects_of_objects(words: Words, children: Children) -> Iterator[Repair]:
    """The subject before a verb is the verb's, not its object's: "[the general] drew criticism"."""
    for i, token in enumerate(words):
        if token.relation not in ("nsubj", "nsubj:pass") or token.head < i or words[token.head].upos not in NOUNS:
            continue
        verb = words[token.head].head
        if words[token.head].relation != "obj" or not i < verb < token.head or words[verb].upos != "VERB":
            continue
        if not any(words[c].relation in ("nsubj", "nsubj:pass", "cop") for c in (*children[verb], *children[token.head]) if c != i):
            yield i, verb, token.relation


def subjects_of_later_verbs(words: Words, children: Children) -> Iterator[Repair]:
    """The subject before a finite verb without one is the verb's, not a later verb's: "[She] left the party, saying it had lied"."""
    for i, token in enumerate(words):
        if token.relation not in ("nsubj", "nsubj:pass") or token.head < i:
            continue
        at, found = words[token.head].head, -1
        while at >= 0:
            if i < at < token.head and without_subject(at, words, children):
                found = at
            at = words[at].head
        if found >= 0:
            yield i, found, subject_of(found, words, children)


def objects_for_subjects(words: Words, children: Children) -> Iterator[Repair]:
    """What stands before a finite verb without a subject is its subject, not its object: "a storm [that] hit the coast"."""
    for i, token in enumerate(words):
        if token.relation in ("obj", "iobj") and i < token.head and without_subject(token.head, words, children):
            yield i, token.head, subject_of(token.head, words, children)


def subjects_for_objects(words: Words, children: Children) -> Iterator[Repair]:
    """What stands right after a verb that has a subject before it is its object: "the court freed [the pastor]"."""
    for i, token in enumerate(words):
        verb = token.head
        if token.relation not in ("nsubj", "nsubj:pass") or not 0 <= verb < i or words[verb].upos != "VERB":
            continue
        subjects = [c for c in children[verb] if words[c].relation in SUBJECTS]
        passive = subject_of(verb, words, children) == "nsubj:pass"
        near = all(words[w].upos in _PHRASE or is_below(w, i, words) for w in range(verb + 1, i))
        if subjects[0] < verb and words[subjects[0]].relation == "nsubj" and near and not passive:
            yield i, verb, "obj"


def relative_objects(words: Words, children: Children) -> Iterator[Repair]:
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


def agents_of_active_verbs(words: Words, children: Children) -> Iterator[Repair]:
    """What follows a verb of the active without "by" is its object: "whose rulings have angered [the ranchers]"."""
    for i, token in enumerate(words):
        if token.relation == "obl:agent" and 0 <= token.head < i and not any(words[c].relation == "case" for c in children[i]):
            beside = {words[c].relation for c in children[token.head]}
            if "nsubj" in beside and not beside & {"obj", "aux:pass"}:
                yield i, token.head, "obj"


def diatheses(words: Words, children: Children) -> Iterator[Repair]:
    """A verb with a passive auxiliary has a passive subject, one that is finite itself an active one."""
    for i, token in enumerate(words):
        if token.relation not in ("nsubj", "nsubj:pass") or token.head < 0 or words[token.head].upos != "VERB":
            continue
        wanted = subject_of(token.head, words, children)
        perfect = any(words[c].relation == "aux" and words[c].lemma == "have" for c in children[token.head])
        if token.relation != wanted and (wanted == "nsubj:pass" or perfect or "Mood=Ind" in words[token.head].features):
            yield i, token.head, wanted


def bare_complements(words: Words, children: Children) -> Iterator[Repair]:
    """A noun phrase after a verb without an object is its object: "demanded [their release]"; not "became [a minister]"."""
    for i, token in enumerate(words):
        if token.relation != "xcomp" or token.upos not in NOUNS or token.head < 0 or token.head > i:
            continue
        verb = words[token.head]
        if verb.upos != "VERB" or verb.lemma.lower() in word_sets("predicates")["naming"]:
            continue
        beside = {words[c].relation for c in children[token.head]}
        own = {words[c].relation for c in children[i]}
        whole = bool(own & {"det", "nmod:poss"}) and not own & {"case", "mark", "cop", "nsubj", "aux"}
        if whole and not beside & {"obj", "iobj", "aux:pass", "nsubj:pass"}:
            yield i, token.head, "obj"


def later_objects(words: Words, children: Children) -> Iterator[Repair]:
    """An object after the infinitive of its verb is the infinitive's, one before it the verb's: "allowed ministers to jail [critics]"."""
    for i, token in enumerate(words):
        noun = words[token.head] if token.head >= 0 else token
        if token.relation == "nsubj" and noun.relation == "obj" and noun.head < i < token.head and noun.upos in NOUNS:
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


def subjects_as_compounds(words: Words, children: Children) -> Iterator[Repair]:
    """A noun right before a finite verb without a subject is that, no part of a compound: "if the [garrison] surrenders"."""
    for i, token in enumerate(words):
        if token.relation == "compound" and token.upos in NOUNS and token.head == i + 1 and words[token.head].upos == "VERB":
            beside = {words[c].relation for c in children[token.head]}
            if without_subject(token.head, words, children) or ("mark" in beside and not beside & {*SUBJECTS, "aux:pass"}):
                yield i, token.head, "nsubj"


def stray_cases(words: Words, children: Children) -> Iterator[Repair]:
    """A preposition that hangs on the verb marks the phrase right after it: "called [on Osk] to leave"."""
    for i, token in enumerate(words):
        if token.upos != "ADP" or token.relation != "mark" or token.head < 0 or words[token.head].upos != "VERB":
            continue
        for c in children[token.head]:
            bare = words[c].relation in ("obl", "obj", "obl:unmarked") and not any(words[x].relation == "case" for x in children[c])
            if bare and words[c].upos in NOUNS and token.head < i < c and first_of(c, words, children) == i + 1:
                yield i, c, "case"


def adjectives_after_as(words: Words, children: Children) -> Iterator[Repair]:
    """An "as" right before an adjective is that one's: "hailed [as] historic the ruling"."""
    for i, token in enumerate(words[:-2]):
        after = words[i + 1]
        if words[i + 2].upos not in (*NOUNS, "DET"):
            continue
        marks = token.form.lower() == "as" and token.relation == "case" and token.head > i + 1
        if marks and after.upos == "ADJ" and after.relation == "obl" and after.head == words[token.head].head:
            yield i, i + 1, "case"


def shared_nouns(words: Words, children: Children) -> Iterator[Repair]:
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


def marked_subjects(words: Words, children: Children) -> Iterator[Repair]:
    """Whoever stands after "according to" does not do what is told: "[the mayor]" in "The dam burst, according to the mayor"."""
    for i, token in enumerate(words):
        if token.relation in ("nsubj", "nsubj:pass") and any(
            words[c].relation == "case" and words[c].form.lower() == "according" for c in children[i]
        ):
            yield i, token.head, "obl"


def named_objects(words: Words, children: Children) -> Iterator[Repair]:
    """What is called something is the object of the verb that says so: "called [it] a farce", "declared [the vote] void"."""
    for i, token in enumerate(words):
        said = token.head
        if token.relation != "nsubj" or said < i or words[said].relation != "xcomp" or not 0 <= words[said].head < i:
            continue
        verb = words[words[said].head]
        bare = not any(words[c].relation in ("cop", "aux", "aux:pass", "mark", "obj") for c in children[said])
        free = not any(words[c].relation == "obj" for c in children[words[said].head])
        if verb.upos == "VERB" and words[said].upos in (*NOUNS, "ADJ") and bare and free:
            yield i, words[said].head, "obj"


def distant_agents(words: Words, children: Children) -> Iterator[Repair]:
    """Who acts in a passive may stand after its other phrase: "threatened with jail [by an official]", not "hit in raids [by rebels]"."""
    nouns = event_lexicon().by_noun
    for i, token in enumerate(words):
        phrase = token.head
        if token.relation != "nmod" or token.upos not in NOUNS or not 0 <= phrase < i or words[phrase].relation != "obl":
            continue
        verb = words[phrase].head
        by = any(words[c].relation == "case" and words[c].form.lower() == "by" for c in children[i])
        if not by or verb < 0 or verb > phrase or words[phrase].lemma.lower() in nouns:
            continue
        beside = {words[c].relation for c in children[verb]}
        if "aux:pass" in beside and not beside & {"obl:agent", "obj"}:
            yield i, verb, "obl:agent"


def agents_of_kept(words: Words, children: Children) -> Iterator[Repair]:
    """Who keeps somebody from something is no subject of that: "were kept from reaching the camp [by militiamen]"."""
    for i, token in enumerate(words):
        gerund = token.head
        if token.upos not in NOUNS or gerund < 0 or gerund > i or not words[gerund].form.endswith("ing") or words[gerund].head < 0:
            continue
        by = any(words[c].relation == "case" and words[c].form.lower() == "by" for c in children[i])
        verb, beside = words[gerund].head, {words[c].relation for c in children[gerund]}
        above = {words[c].relation for c in children[verb]}
        if by and words[verb].upos == "VERB" and "obj" in beside and "aux:pass" in above and "obl:agent" not in above:
            yield i, verb, "obl:agent"


def objects_of_later_verbs(words: Words, children: Children) -> Iterator[Repair]:
    """A second object right after a verb without one is that verb's: "locked the gates and scattered [nails]"."""
    for i, token in enumerate(words):
        verb = token.head
        if token.relation != "obj" or verb < 0 or verb > i:
            continue
        before = [c for c in children[verb] if words[c].relation == "obj" and c < i]
        later = [c for c in children[verb] if words[c].relation == "conj" and words[c].upos == "VERB" and verb < c < i]
        if not before or not later or before[-1] > later[-1] or first_of(i, words, children) != later[-1] + 1:
            continue
        if not any(words[c].relation in ("obj", "ccomp", "xcomp", "aux:pass") for c in children[later[-1]]):
            yield i, later[-1], "obj"


def owned_nouns(words: Words, children: Children) -> Iterator[Repair]:
    """What stands after "whose" is no verb but has a part in the one that follows: "the firm whose [lorries] the army seized"."""
    for i, token in enumerate(words):
        if token.upos != "NOUN" or not token.relation.startswith("acl") or i == 0 or words[i - 1].form.lower() != "whose":
            continue
        near = (*children[token.head], *children[i])
        verb = next((c for c in near if c > i and words[c].upos == "VERB" and words[c].relation in ("acl:relcl", "advcl:relcl")), -1)
        if verb < 0:
            continue
        yield verb, token.head, "acl:relcl"
        yield i - 1, i, "nmod:poss"
        subjects = [c for c in children[verb] if words[c].relation in SUBJECTS]
        moved = [c for c in children[i] if i < c < verb and words[c].relation in ("obj", "nsubj") and words[c].upos in (*NOUNS, "PRON")]
        if not subjects and moved:
            yield moved[0], verb, "nsubj"
        yield i, verb, "obj" if subjects or moved else subject_of(verb, words, children)


def listed_passives(words: Words, children: Children) -> Iterator[Repair]:
    """Participles of a list go on from the passive that opens it: "was praised by kings, [paid] by spies and [feared] by all"."""
    for i, token in enumerate(words):
        agent = token.head
        if token.relation != "acl" or "Tense=Past" not in token.features or agent < 0 or words[agent].relation != "obl:agent":
            continue
        verb = words[agent].head
        comma = i > 0 and words[i - 1].form == ","
        if comma and any(words[c].relation == "obl:agent" for c in children[i]) and _coordinated(i, words, children):
            yield i, verb, "conj"


def _coordinated(verb: int, words: Words, children: Children) -> bool:
    """Whether a list goes on from a participle, or from one that hangs on its agent, to an "and"."""
    joined = (c for c in children[verb] if words[c].relation == "conj")
    if any(words[x].relation == "cc" for c in joined for x in children[c]):
        return True
    agents = (c for c in children[verb] if words[c].relation == "obl:agent")
    return any(words[x].relation == "acl" and _coordinated(x, words, children) for agent in agents for x in children[agent] if x > verb)


_BE = frozenset({"am", "are", "is", "was", "were", "be", "been", "being"})


def passives_of_be(words: Words, children: Children) -> Iterator[Repair]:
    """A past participle after "be" is passive: "was he [deceived] by his aides?"; not "is gone", nor a verb with an object."""
    for i, token in enumerate(words):
        verb = token.head
        if token.relation != "aux" or token.form.lower() not in _BE or verb < i or words[verb].upos != "VERB":  # "'s" may be "has"
            continue
        beside = {words[c].relation for c in children[verb]}
        past = "Tense=Past" in words[verb].features and not words[verb].form.lower().endswith("ing")
        if past and not beside & {"obj", "aux:pass", "ccomp", "xcomp"} and words[verb].lemma not in ("go", "come", "do"):
            yield i, verb, "aux:pass"
            for c in children[verb]:
                if words[c].relation == "nsubj":
                    yield c, verb, "nsubj:pass"
                by = any(words[x].form.lower() == "by" and words[x].relation == "case" for x in children[c])
                if words[c].relation == "obl" and by and c > verb and words[c].upos in (*NOUNS, "PRON"):
                    yield c, verb, "obl:agent"


def relative_actives(words: Words, children: Children) -> Iterator[Repair]:
    """The subject of a relative clause without a passive auxiliary acts: "the ministers [it] detained", "whom [agents] took"; an
    auxiliary before the noun is no part of the clause ("Where [is] the poet whom agents took?").
    """
    for i, token in enumerate(words):
        verb = token.head
        relative = (
            any("PronType=Rel" in words[c].features for c in children[verb]) if verb >= 0 and words[verb].relation == "acl" else False
        )
        clause = verb > i and (relative or words[verb].relation == "acl:relcl")
        if token.relation != "nsubj:pass" or not clause or "PronType=Rel" in token.features:
            continue
        noun = words[verb].head
        passive = [c for c in children[verb] if words[c].relation in ("aux:pass", "aux")]
        agent = any(words[c].relation == "obl:agent" for c in children[verb])
        if noun < i and not agent and all(c < noun for c in passive):
            yield i, verb, "nsubj"
            yield from ((c, noun, "dep") for c in passive)


def so_much_as(words: Words, children: Children) -> Iterator[Repair]:
    """A verb after "so much as" is the clause's: "has so much as [replied]", "if they so much as [reply]"."""
    for i, token in enumerate(words):
        much = token.head
        if token.upos != "VERB" or token.relation not in ("advcl", "ccomp", "xcomp") or i < 3 or much != i - 2:
            continue
        if [words[j].form.lower() for j in (i - 3, i - 2, i - 1)] != ["so", "much", "as"] or words[much].head < 0:
            continue
        have = words[much].head
        if words[have].upos == "AUX" and have < much:
            yield i, words[have].head, words[have].relation
            yield from ((c, i, words[c].relation) for c in children[have] if c != much)
            yield have, i, "aux"
        else:
            yield i, have, words[much].relation if any(words[c].relation == "mark" and c < much for c in children[i]) else "conj"
        yield much, i, "advmod"
        yield i - 1, much, "fixed"


def not_so_much_as(words: Words, children: Children) -> Iterator[Repair]:
    """The "not" before "so much as" is the verb's: "did [not] so much as reply"."""
    for i, token in enumerate(words[:-4]):
        verb = words[i + 2].head
        said = token.form.lower() == "not" and [t.form.lower() for t in words[i + 1 : i + 4]] == ["so", "much", "as"]
        if said and token.head == i + 2 and verb > i + 3 and words[verb].upos == "VERB":
            yield i, verb, "advmod"


def demonyms_as_subjects(words: Words, children: Children) -> Iterator[Repair]:
    """What stands right before a noun without a verb of its own is no subject of it: "four [Kessalian] envoys were expelled"."""
    for i, token in enumerate(words):
        noun = token.head
        before = token.relation == "nsubj" and noun == i + 1 and words[noun].upos == "NOUN" and words[noun].relation in SUBJECTS
        if before and not any(words[c].relation in ("cop", "aux", "aux:pass") for c in children[noun]):
            yield i, noun, "amod"


def clauses_of_it(words: Words, children: Children) -> Iterator[Repair]:
    """What is said of a clause in front of an inserted comment is said of the clause after it: "It is not true, he wrote, [that they
    paid]".
    """
    for i, token in enumerate(words):
        said = token.head
        if token.relation != "ccomp" or said < 0 or said > i:
            continue
        before = (c for c in children[said] if words[c].relation == "ccomp" and c < said)
        host = words[said].head if words[said].relation == "parataxis" else next(before, -1)
        that = next((c for c in children[i] if words[c].relation == "mark" and words[c].form.lower() == "that"), -1)
        apart = that > 0 and words[that - 1].form == ","
        it = host >= 0 and any(words[c].form.lower() == "it" and words[c].relation in ("nsubj", "expl") for c in children[host])
        if apart and it and host < said and words[host].upos == "ADJ":
            yield i, host, "csubj"


def shot_dead(words: Words, children: Children) -> Iterator[Repair]:
    """Whoever is shot dead in a headline without an auxiliary does not shoot: "Rebel [leader] shot dead"."""
    for i, token in enumerate(words):
        verb = token.head
        if token.relation != "nsubj" or verb < i or words[verb].upos != "VERB" or verb + 1 >= len(words):
            continue
        beside = {words[c].relation for c in children[verb]}
        if words[verb + 1].form.lower() == "dead" and not beside & {"obj", "aux", "aux:pass"} and "Tense=Past" in words[verb].features:
            yield i, verb, "nsubj:pass"


def far_from(words: Words, children: Children) -> Iterator[Repair]:
    """What something is far from being is what is said of it: "it is far from [certain] that they will leave"."""
    for i, token in enumerate(words):
        far = token.head
        if token.upos != "ADJ" or token.relation != "obl" or far < 0 or words[far].form.lower() != "far" or far != i - 2:
            continue
        if words[i - 1].form.lower() == "from":
            yield i, words[far].head, words[far].relation
            yield from ((c, i, words[c].relation) for c in children[far] if c != i)
            yield far, i, "advmod"
