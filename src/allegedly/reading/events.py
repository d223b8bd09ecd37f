"""Event types: which sense of the lexicon a predication has, who acts on whom in it, and its PLOVER code.

`match` is blind to negation, modality and voice: it says what the bare act would be. `code` then applies the codebook
to the act's polarity and status (PLOVER codebook 1.1, Open Event Data Alliance).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from allegedly.language import ANY_ACTOR, ANY_NAME, LISTED, EventLexicon, Heads, Sense, kinds, plover, word_sets, words
from allegedly.reading.statements import Predication
from allegedly.reading.tree import Tree
from allegedly.records import Event, Polarity, RawAct, Status

LEARNED = 0.99
"""The least probability of an act that the model alone finds."""
MODIFIERS = frozenset({"compound", "amod", "advmod", "nmod", "nmod:unmarked", "obl:unmarked"})

ABOUT: Mapping[str, frozenset[str]] = {
    **{act: frozenset[str]() for act in ("RETREAT", "SANCTION", "COERCE")},
    "COOPERATE": frozenset({"on", "about"}),
    "THREATEN": frozenset({"with", "of"}),
    "SUPPORT": frozenset({"against"}),
    "AGREE": frozenset({"to", "on"}),
    "CONSULT": frozenset({"in", "on", "about"}),
    "REQUEST": frozenset({"for"}),
    "REJECT": frozenset({"to", "on"}),
    "CONCEDE": frozenset({"to"}),
    "AID": frozenset({"in", "as"}),
}
"""Acts whose object, or phrase with one of these prepositions, says what is agreed, refused, demanded, given or stopped."""
MEANS = frozenset({"in", "during", "by", "with", "of", "as", "from", "through", "under", "amid"})
"""Prepositions of a phrase that tells how an act was done: "killed two in an attack", "protested with a march", "tons of aid"."""


SPOKEN = frozenset({"REQUEST", "AGREE", "THREATEN", "ACCUSE", "CONCEDE"})
"""Acts done in words, which others can refuse or yield to."""
UNDERGONE = frozenset({"RETREAT", "SANCTION", "COERCE", "ASSAULT"})
"""Acts that a participle before a noun tells of: "the jailed editor"."""


@dataclass(frozen=True, slots=True)
class Match:
    """A predication read as one sense. `actor` and `recipient` hold heads, indices into `Analysis.tokens`, `phrase` those of the words that
    mean it together with the predicate's ("poured [scorn] on").
    """

    sense: str
    type: str
    mode: str | None
    contexts: tuple[str, ...]
    quad: int
    score: float
    actor: tuple[int, ...]
    recipient: tuple[int, ...]
    phrase: tuple[int, ...] = ()


def match(predication: Predication, tree: Tree, lexicon: EventLexicon) -> Match | None:
    """The most specific sense whose frame fits the predication; the earlier in the lexicon where several are as specific.

    Finds "pulled its troops out of Kestria" (RETREAT) apart from "pulled its ambassador out" by head words alone. Misses
    meanings that hang on more than one predicate, figures of speech, and verbs that the lexicon leaves out because they
    have no safe reading without a frame. The score grows with the number of constraints met: 1 - 1 / (2 + constraints).
    """
    found = _known(predication, tree, lexicon, akin=False) or _known(predication, tree, lexicon, akin=True)
    if found is None:
        return None
    sense, frame = found
    actor, recipient = frame.roles(sense)
    return Match(
        sense=sense.id,
        type=sense.type,
        mode=sense.mode,
        contexts=sense.contexts,
        quad=plover().types[sense.type].quad,
        score=round(1 - 1 / (2 + sense.specificity), 4),
        actor=actor,
        recipient=recipient,
        phrase=frame.phrase(sense),
    )


def _known(predication: Predication, tree: Tree, lexicon: EventLexicon, *, akin: bool) -> "tuple[Sense, _Frame] | None":
    found = None if akin else _particle_sense(predication, tree, lexicon)
    found = found or _sense(predication, tree, lexicon, akin=akin) or (None if akin else _split_preposition(predication, tree, lexicon))
    if found is None and predication.light:  # "gave them a list": not the noun's sense, but perhaps the verb's
        found = _sense(_as_verb(predication, tree), tree, lexicon, akin=akin)
    return found


def learned(predication: Predication, tree: Tree, lexicon: EventLexicon, acts: Mapping[int, RawAct]) -> Match | None:
    """What the model takes a verb to do that the lexicon has no fitting sense for: its type, with the arguments that verbs have by default.

    The head learnt from the lexicon's own decisions and from sentences' quad classes, so it goes from known verbs to their neighbours
    in meaning ("bundled the editor into a van"). Misses nouns, and what it is less sure of than LEARNED.
    """
    act = acts.get(predication.head)
    if act is None or act.type == "none" or act.score < LEARNED or predication.kind != "verb" or predication.light:
        return None
    if predication.lemma in word_sets("predicates")["actless"]:
        return None
    sets = word_sets("certainty")
    carried = predication.lemma in sets["embedding.actual"] | sets["failed"]  # "continued to send arms": the sending
    if any(relation in ("ccomp", "parataxis") or (relation == "xcomp" and carried) for relation, _ in predication.clauses):
        return None
    kind = plover().types[act.type]
    actor, recipient = _Frame(predication, tree, lexicon).plain_roles()
    if actor and not any(h in tree.actors or h in tree.named or tree[h].upos == "PRON" for h in actor):  # "the storm battered the coast"
        return None
    if kind.recipient and not recipient:
        return None
    return Match("model:acts", act.type, None, (), kind.quad, act.score, actor, recipient)


def literal(predication: Predication, match: Match | None, tree: Tree, inverse: frozenset[str]) -> Predication:
    """The predication, read as a verb with its object where no sense makes its subject the one acted on ("won two terms")."""
    if match or predication.light not in inverse:
        return predication
    words = tuple(w for w in predication.words if w != predication.head)
    return replace(_as_verb(predication, tree), words=words, subject=predication.object, indirect=())


def absorbed(found: Sequence[tuple[Predication, Match | None]], tree: Tree) -> Mapping[int, str]:
    """Heads of event nouns that only say what another act is about, with its type: "rejected an offer", "agreed to talks", "halted aid".

    The codebook codes such a phrase once. A demanded act that says whom it is done to ("demanded the release of the editor") is one of its
    own, as it is in a clause. What is judged ("condemned the attack on Osk") or went before ("fled after the raid on Velm") has
    happened by itself and stays.
    """
    about: dict[int, str] = {}
    named = {p.head for p, _ in found if p.object}
    spoken = {p.head for p, match in found if match and match.type in SPOKEN and any(tree[i].upos != "PRON" for i in p.subject)}
    for p, match in found:
        if match and match.type in ABOUT:
            heads = (*(p.object if match.type != "SUPPORT" else ()), *(h for prep, h in p.obliques if prep in ABOUT[match.type]))
            answered = match.type in ("REJECT", "CONCEDE")  # "rebuffed the plea of the senate", which the senate made
            about |= {h: match.type for h in heads if (match.type != "REQUEST" or h not in named) and not (answered and h in spoken)}
    return about


def in_passing(p: Predication, match: Match | None, tree: Tree, about: Mapping[int, str]) -> Match | None:
    """The match, or None for what is told without being an event of its own: the noun that an act is about, and a participle before a
    noun ("exiled"), unless it tells what somebody did to that ("the [abducted] editor").
    """
    absorbed = p.kind == "noun" and not p.light and p.head in about
    none = any(tree[c].form.lower() == "no" for o in p.object for c in tree.exactly(o, "det"))
    state = tree.bases[p.head] == "amod" and (none or p.lemma not in word_sets("predicates")["done"])
    return None if absorbed or state else match


def told_once(found: Sequence[tuple[Predication, Match | None]], tree: Tree) -> list[tuple[Predication, Match | None]]:
    """The same without event nouns that tell an act again: "killed two in an attack on Velm", "sent tons of aid", "marched in protest";
    nor is a vow an act beside the one that is vowed ("vowed to expel the envoy"), a purpose beside the act of its type that serves it
    ("marched to protest"), or a comment beside what it reports.

    Such a noun has no actor of its own, is of the act's type and stands below the act in phrases of MEANS. Whom it concerns, the act
    concerns that names nobody. Misses nouns that are the act's subject, and clauses.
    """
    out = dict(found)
    acts = {w: (p, match) for p, match in found if match for w in (p.verb, p.head)}
    for p, match in found:
        if p.kind != "noun" or p.light or match is None or match.actor:
            continue
        above = next((acts[a] for a in _phrases_above(p.head, tree) if a in acts), None)
        if above is None or above[1].type != match.type or out.get(above[0]) is None:
            continue
        del out[p]
        act = above[1] if above[1].recipient else replace(above[1], recipient=match.recipient)
        out[above[0]] = act
        acts |= dict.fromkeys((above[0].verb, above[0].head), (above[0], act))
    for p in [p for p, match in out.items() if match and p.kind == "verb" and tree.bases[p.head] == "advcl"]:
        served, own = acts.get(tree[p.head].head), out[p]
        if served and own and served[1].type == own.type and any(tree[m].form.lower() == "to" for m in tree.exactly(p.head, "mark")):
            out[p] = None
    committing, reporting = (word_sets("predicates")[name] for name in ("committing", "reporting"))
    for p in [p for p in out if p.kind == "verb" and p.lemma in committing | reporting]:
        comment = any(relation in ("ccomp", "parataxis") and h < p.head for relation, h in p.clauses)
        if comment or tree.bases[p.head] == "parataxis":  # "It is closed, drivers complained", "The road, drivers complained, is closed"
            out[p] = None
        clauses = [(relation, h) for relation, h in p.clauses if relation in ("xcomp", "ccomp") and p.lemma in committing]
        told = any(relation == "ccomp" and tree.find(h, "nsubj") and not _ahead(h, tree) for relation, h in clauses)  # "swore that he left"
        if told or any(relation == "xcomp" and h in acts for relation, h in clauses):
            out[p] = None
    return list(out.items())


def _ahead(i: int, tree: Tree) -> bool:
    """Whether a clause tells of what is to come."""
    return any(tree[a].lemma.lower() in ("will", "would", "shall", "should", "'ll", "’ll", "'d", "’d") for a in tree.exactly(i, "aux"))


def _phrases_above(i: int, tree: Tree) -> Iterator[int]:
    """The words that `i` tells the means of, upwards, its own head first."""
    while tree.bases[i] in ("obl", "nmod") and tree.preposition(i).split(" ")[0] in MEANS:
        i = tree[i].head
        yield i
    if tree.bases[i] == "obj":
        yield tree[i].head


def code(match: Match, polarity: Polarity, status: Status) -> Event:
    """The event as the codebook codes the statement: planned cooperation is AGREE, a planned hostile act THREATEN.

    Cooperation that somebody will not do is REJECT ("will not lift the ban"). Any other plan that is denied, a request yet to be made and
    whatever is demanded, possible, conditional or asked keep the act's own type: they stay out of counts by their polarity and status. A
    mode is kept if the type has it too; a threat has that of what is threatened.
    """
    kind = match.type
    if status == "planned" and match.type != "REQUEST":
        if polarity == "affirmed":
            kind = "AGREE" if match.quad <= 2 else "THREATEN"
        elif match.quad <= 2:
            kind = "REJECT"
    coded = plover().types[kind]
    mode = match.mode if match.mode in coded.modes else threatened(match) if kind == "THREATEN" else None
    rule = match.sense if ":" in match.sense else f"lexicon:{match.sense}"
    return Event(coded.name, match.type, mode, match.contexts, coded.quad, rule, match.score)


@lru_cache(maxsize=4)
def modes_by_act(prefix: str) -> Mapping[str, frozenset[str]]:
    """Modes of requests and refusals ("asked") or of threats ("threatened"), by the types of the acts that these are about."""
    return {key.removeprefix(prefix + "."): frozenset(value) for key, value in words("modes").items() if key.startswith(prefix + ".")}


def threatened(match: Match) -> str | None:
    """The mode of a threat by the act that is threatened: its own mode where threats have it too, else by its type."""
    if match.mode in plover().types["THREATEN"].modes:
        return match.mode
    if match.mode == "deport":
        return "expel"
    if match.mode == "withdraw" and match.type == "SANCTION":
        return "relations"
    return next((mode for mode, types in modes_by_act("threatened").items() if match.type in types), None)


def _sense(predication: Predication, tree: Tree, lexicon: EventLexicon, *, akin: bool = False) -> "tuple[Sense, _Frame] | None":
    """The most specific sense that fits; where it is `akin`, heads may be kinds of those that its longer lists name."""
    lemma = predication.lemma.lower()
    if predication.kind == "copula":  # "is grateful to", "is a supporter of"
        nouns = lexicon.by_noun.get(lemma, ()) if tree[predication.head].upos != "ADJ" else ()
        senses = (*lexicon.by_adjective.get(lemma, ()), *nouns)
    else:
        senses = (lexicon.by_verb if predication.kind == "verb" else lexicon.by_noun).get(lemma, ())
    if not senses:
        return None
    frame = _Frame(predication, tree, lexicon, akin=akin)
    sense = next((s for s in senses if frame.fits(s)), None)
    return (sense, frame) if sense else None


def _particle_sense(predication: Predication, tree: Tree, lexicon: EventLexicon) -> "tuple[Sense, _Frame] | None":
    """A sense with a particle that the tree takes for a preposition ("called off the strike") or an adverb ("moved its tanks back").

    Only where the lexicon has the verb with that particle and with listed objects, its own or a preposition's ("stayed away from the
    talks"), and one of these is there.
    """
    if predication.kind != "verb" or predication.particle:
        return None
    senses = lexicon.by_verb.get(predication.lemma.lower(), ())
    wanted = {particle for s in senses if s.object.allowed or s.prep_object.allowed for particle in s.particle} - {"-"}
    if not wanted:
        return None
    readings = []
    if not predication.object:
        readings += [
            replace(predication, particle=prep, object=(h,), obliques=tuple(o for o in predication.obliques if o != (prep, h)))
            for prep, h in predication.obliques
            if prep in wanted
        ]
    adverbs = [tree[c].lemma.lower() for c in tree.find(predication.head, "advmod", "compound:prt")]
    readings += [replace(predication, particle=adverb) for adverb in adverbs if adverb in wanted]
    for reading in readings:
        found = _sense(reading, tree, lexicon)
        if found and (found[0].object.allowed or found[0].prep_object.allowed) and reading.particle in found[0].particle:
            return found
    return None


def _split_preposition(predication: Predication, tree: Tree, lexicon: EventLexicon) -> "tuple[Sense, _Frame] | None":
    """A sense whose particle the tree joins to the next preposition: "pulled [out of] the agreement", "walked [away from] the talks"."""
    if predication.kind != "verb" or predication.particle:
        return None
    for spot, (preposition, h) in enumerate(predication.obliques):
        particle, _, rest = preposition.partition(" ")
        if rest:
            obliques = (*predication.obliques[:spot], (rest, h), *predication.obliques[spot + 1 :])
            found = _sense(replace(predication, particle=particle, obliques=obliques), tree, lexicon)
            if found and particle in found[0].particle:
                return found
    return None


def _as_verb(predication: Predication, tree: Tree) -> Predication:
    """A light verb with its noun, read as a verb with an object."""
    own = [i for i in predication.words if i not in (predication.head, predication.verb)]
    return replace(
        predication,
        head=predication.verb,
        lemma=predication.light,
        particle=tree[own[0]].lemma.lower() if own else "",
        light="",
        kind="verb",
        object=(predication.head,),
        indirect=predication.object,
    )


def said_demand(predication: Predication, tree: Tree, obligations: frozenset[str]) -> Match | None:
    """A demand in the form of a report: "Osk said that Brennia must leave" is a REQUEST by Osk to Brennia, as the codebook has it.

    Needs a verb with a clause whose head has a modal of obligation and a subject. Misses obligations put as "it is time to".
    """
    for relation, clause in predication.clauses:
        if relation not in ("ccomp", "parataxis") or clause < predication.head:  # "The speaker must go, three members wrote"
            continue
        modal = any(tree[a].form.lower() in obligations for a in tree.exactly(clause, "aux"))
        subjects = tuple(x for s in tree.exactly(clause, "nsubj", "nsubj:pass") for x in tree.conjuncts(s) if tree[s].upos != "PRON")
        if modal and subjects and predication.subject and not tree.exactly(clause, "expl"):
            request = plover().types["REQUEST"]
            return Match("rule:said-must", request.name, None, (), request.quad, 0.5, predication.subject, subjects)
    return None


# --- the frame of one predication ------------------------------------------------------------------------------


class _Frame:
    """One predication's arguments, tested against senses; `akin` takes a head for what it is a kind of."""

    def __init__(self, predication: Predication, tree: Tree, lexicon: EventLexicon, *, akin: bool = False) -> None:
        self.predication, self.akin = predication, akin
        self.tokens = tree.tokens
        self.tree = tree
        self.defaults = lexicon.arguments
        predicative = bool(tree.exactly(predication.head, "cop"))
        self.light = predication.light or ("be" if predicative or predication.kind == "copula" else "-")
        self.bare = self.light == "-" or predication.light in word_sets("predicates")["happening"]  # "support grew" is support
        self.object = predication.object or predication.indirect or self._displaced() or self._stray_object()
        nominal = predication.kind == "noun"
        self.obliques = (*predication.obliques, *(("of", h) for h in predication.object if nominal), *self._stray_obliques())
        self.indirect = predication.indirect or (predication.object if nominal and predication.light else ())
        self.clauses = predication.clauses
        infinitives = [h for r, h in predication.clauses if r == "advcl" and not nominal and tree.has(h, "VerbForm=Inf")]
        self.clauses += tuple(("xcomp", h) for h in infinitives if h > predication.head and self.object)  # "implored them [to think]"
        self.clauses += tuple(("mandative", h) for r, h in predication.clauses if r == "ccomp" and not self._asserts(h))
        if nominal:  # a noun's complement is an acl: "the demand that Kestria withdraw", "a promise to help"
            self.clauses += tuple((r, h) for _, h in predication.clauses for r in ("xcomp", "ccomp", "mandative"))

    def fits(self, sense: Sense) -> bool:
        """Whether every constraint of the sense is met. The cheap tests come first."""
        p = self.predication
        if (p.particle or "-") not in (sense.particle or ("-",)) or (sense.passive is not None and sense.passive != p.passive):
            return False
        lit = self.light in sense.light or (self.bare and "-" in sense.light) or self.light in word_sets("predicates")["considering"]
        if sense.light and not lit:
            return False
        return (
            self._clause_fits(sense)
            and self._heads_fit(sense.object, self._fair(sense.object, self.object))
            and self._subject_fits(sense)
            and self._prep_fits(sense)
            and self._heads_fit(sense.modifier, self._modifiers() if sense.modifier.weight else ())
        )

    def roles(self, sense: Sense) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Actor and recipient heads. In a reciprocal sense with several actors and no recipient, the first acts on the others."""
        actor = self._first(sense.actor or ("subject",))
        default = ("indirect", "object", *sense.prep, *self.defaults["recipient"])
        recipient = tuple(i for i in self._first(sense.recipient or default) if i not in actor)
        if self.indirect and recipient == self.object and not any(self._can_act(i) for i in recipient):  # "promised [the miners] anything"
            recipient = self.indirect
        undergone = "object" in sense.recipient and bool(self.object)  # "the shooting of two students"
        if sense.reciprocal and not actor and not undergone:  # "talks between Ardovia and Kestria"
            actor = self._conjoined(self._first(self.defaults["between"]))
        mutual = all(self.tokens[i].lemma.lower() in self.defaults["other"] for i in recipient)  # "each other", or nobody
        if len(actor) > 1 and mutual and (recipient or sense.reciprocal):
            return actor[:1], actor[1:]
        return actor, recipient

    def phrase(self, sense: Sense) -> tuple[int, ...]:
        """The heads that the sense names word by word: "gave [a nod] to", "placed under [martial law]", "found [guilty]"."""
        if self.predication.kind != "verb":
            return ()
        within = (
            (sense.object, self.object),
            (sense.prep_object, tuple(h for prep, h in self.obliques if prep in sense.prep)),
            (sense.clause_head, tuple(h for r, h in self.clauses if r in ("xcomp", "ccomp") and self._bare(h))),
        )
        return tuple(h for wanted, heads in within if wanted.fixed for h in heads if self._among(wanted.allowed, h))

    def _bare(self, h: int) -> bool:
        """Whether a complement is a word alone: "found [guilty]", not "found to be guilty"."""
        return self.tokens[h].upos != "VERB" and not self.tree.exactly(h, "cop")

    def plain_roles(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Actor and recipient heads of a verb without a sense."""
        parties = self._conjoined(tuple(h for prep, h in self.obliques if prep == "between"))
        if len(parties) > 1 and not self.object:  # "fled fighting between Osk and Kestria"
            return parties[:1], parties[1:]
        actor = self._first(("subject",))
        return actor, tuple(i for i in self._first(("indirect", "object", *self.defaults["recipient"])) if i not in actor)

    def _first(self, roles: tuple[str, ...]) -> tuple[int, ...]:
        """The arguments in the first of these roles that is there."""
        for role in roles:
            found = {"subject": self.predication.subject, "object": self.object, "indirect": self.indirect}.get(role)
            if found is None:
                found = self._clause_subject() if role == "clause" else tuple(h for prep, h in self.obliques if prep == role)
            if found:
                return found
        return ()

    def _asserts(self, h: int) -> bool:
        """Whether a clause is in the indicative, as what is told is, and what is demanded is not: "insisted that he [has] left"."""
        verbs = sorted([*self.tree.exactly(h, "aux", "aux:pass", "cop"), *([h] if self.tokens[h].upos == "VERB" else [])])
        if not verbs:
            return False
        first = self.tokens[verbs[0]]
        finite = self.tree.has(verbs[0], "VerbForm=Fin") or (self.tree.has(h, "Tense=Past") and bool(self.tree.exactly(h, "nsubj")))
        inflected = first.lemma.lower() != first.form.lower() and (finite or self.tree.has(verbs[0], "VerbForm=Inf"))
        perfect = first.lemma == "have" and verbs[0] != h  # "insisted that they [have] never left"
        return inflected or perfect or first.form.lower() in self.defaults["asserting"]

    def _displaced(self) -> tuple[int, ...]:
        """The object that the tree puts at the complement: "let [the hostages go]"."""
        p = self.predication
        if p.kind != "verb" or p.passive:
            return ()
        heads = [h for r, h in p.clauses if r == "xcomp"]
        return tuple(c for h in heads for c in self.tree.exactly(h, "nsubj", "obj") if p.head < c < h)

    def _complements(self) -> list[int]:
        """Nouns that the tree takes for clauses under a verb: "put its army [on alert]", "called [a truce]"."""
        p = self.predication
        heads = [h for r, h in p.clauses if r in ("xcomp", "advcl", "ccomp") and h > p.head and p.kind == "verb"]
        return [h for h in heads if self.tokens[h].upos in ("NOUN", "PROPN") and not self.tree.exactly(h, "cop", "nsubj", "mark")]

    def _stray_object(self) -> tuple[int, ...]:
        """The object, where the tree has it as a clause: "appointed [a new premier]"."""
        return tuple(h for h in self._complements() if not self.tree.exactly(h, "case") and not self.predication.passive)

    def _stray_obliques(self) -> tuple[tuple[str, int], ...]:
        """Phrases that hang elsewhere: on an adverb ("away from the talks"), an idiom's noun, an event noun's object, or as clauses."""
        p = self.predication
        if p.kind == "verb":
            said = [
                h for r, h in p.clauses if r in ("xcomp", "ccomp") and self.tokens[h].upos == "ADJ" and self._bare(h)
            ]  # "said sorry to"
            hosts = [*self.tree.exactly(p.head, "advmod"), *(w for w in p.words if w != p.head), *said]
        else:
            hosts = list(p.object) if p.kind == "noun" else []
        found = [(self.tree.preposition(c), c) for host in hosts for c in self.tree.find(host, "obl", "nmod")]
        found += [(self.tree.preposition(c), c) for c in self._complements()]
        return tuple((prep, c) for prep, c in found if prep and prep not in ("of", "by"))

    def _loose(self) -> tuple[tuple[str, int], ...]:
        """What may stand for a required phrase: gerunds ("suspected of selling") and what follows the object ("divested him of it")."""
        places = [(self.tree.exactly(h, "mark", "case"), h) for h in self._gerunds()]
        places += [(self.tree.exactly(c, "case"), c) for o in self.predication.object for c in self.tree.find(o, "nmod") if c > o]
        return tuple((self.tokens[m].form.lower(), h) for marks, h in places for m in marks)

    def _gerunds(self) -> list[int]:
        below = [c for o in self.predication.object for c in self.tree.find(o, "acl")]
        heads = (*(h for _, h in self.predication.clauses), *below)
        return [h for h in heads if self.tree.has(h, "VerbForm=Ger") or self.tree.has(h, "Tense=Pres")]

    def _subject_fits(self, sense: Sense) -> bool:
        """Whoever can act may go unsaid in the passive and with a noun: "money was given to Osk"."""
        p = self.predication
        unsaid = not p.subject and (p.passive or p.kind == "noun") and ANY_ACTOR in sense.subject.allowed
        return unsaid or self._heads_fit(sense.subject, self._fair(sense.subject, p.subject))

    def _fair(self, wanted: Heads, heads: tuple[int, ...]) -> tuple[int, ...]:
        """The heads without those excluded, where some are left: "blamed the weather and the press" blames the press."""
        left = tuple(h for h in heads if not self._among(wanted.excluded, h)) if wanted.excluded and len(heads) > 1 else heads
        return left or heads

    def _clause_subject(self) -> tuple[int, ...]:
        """Who is to act in the complement clause: "demanded that Kestria withdraw"."""
        heads = [h for r, h in self.clauses if r in ("ccomp", "xcomp")]
        return tuple(c for h in heads for c in self.tree.find(h, "nsubj"))

    def _conjoined(self, heads: tuple[int, ...]) -> tuple[int, ...]:
        """These heads with what is coordinated to each, in text order."""
        more = {c for h in heads for c in self.tree.exactly(h, "conj")}
        return tuple(sorted(more.union(heads)))

    def _modifiers(self) -> tuple[int, ...]:
        tree, head = self.tree, self.predication.head
        states = (c for c in tree.exactly(head, "xcomp") if tree[c].upos == "ADJ" and tree[head].upos == "VERB")  # "walked [free]"
        return (*tree.exactly(head, *MODIFIERS), *states)

    def _clause_fits(self, sense: Sense) -> bool:
        if not sense.clause and not sense.clause_head.weight:
            return True
        wanted = sense.clause or ("ccomp", "xcomp")
        if wanted == ("-",):
            return not any(r in ("ccomp", "xcomp") for r, _ in self.clauses)
        heads = tuple(h for r, h in self.clauses if r in wanted and (r != "advcl" or h > self.predication.head))
        return bool(heads) and self._heads_fit(sense.clause_head, heads)

    def _prep_fits(self, sense: Sense) -> bool:
        if not sense.prep:
            return self._heads_fit(sense.prep_object, tuple(h for _, h in self.obliques))
        heads = tuple(h for prep, h in (*self.obliques, *self._loose()) if prep in sense.prep)
        return bool(heads) and self._heads_fit(sense.prep_object, heads)

    def _heads_fit(self, wanted: Heads, heads: tuple[int, ...]) -> bool:
        if wanted.presence != "free" and bool(heads) != (wanted.presence == "some"):
            return False
        if wanted.excluded and any(self._among(wanted.excluded, h) for h in heads):
            return False
        if not wanted.allowed or any(self._among(wanted.allowed, h) for h in heads):
            return True
        return self.akin and len(wanted.allowed) >= LISTED and any(self._kind_of(wanted.allowed, h) for h in heads)

    def _kind_of(self, words: frozenset[str], head: int) -> bool:
        """Whether a noun is a kind of one of the words: "torched the [homestead]" for a list that names a house."""
        token = self.tokens[head]
        return token.upos == "NOUN" and not words.isdisjoint(kinds().get(token.lemma.lower(), ())) and not self._named_after(head)

    def _among(self, words: frozenset[str], head: int) -> bool:
        """Whether the head is one of the words; in "dozens of soldiers", "two of them" and the like, what is counted is; no "heart attack"
        is an attack.
        """
        tests: Mapping[str, Callable[[int], bool]] = {ANY_NAME: self._is_name, ANY_ACTOR: self._can_act}
        for _ in range(4):  # "hundreds of thousands of people"
            token = self.tokens[head]
            if token.lemma.lower() in words or token.form.lower() in words or any(w in words and test(head) for w, test in tests.items()):
                return not self._named_after(head)
            if token.upos != "NUM" and token.lemma.lower() not in self.defaults["measures"]:
                return False
            counted = [c for c in self.tree.find(head, "nmod") if c > head]
            if not counted:
                return False
            head = counted[0]
        return False

    def _named_after(self, head: int) -> bool:
        """Whether a noun has an act's name and is none ("heart attack")."""
        lemma = self.tokens[head].lemma.lower()
        return any(
            f"{self.tokens[c].lemma.lower()} {lemma}" in self.defaults["named_after"] for c in self.tree.exactly(head, "compound", "amod")
        )

    def _is_name(self, head: int) -> bool:
        return self.tokens[head].upos == "PROPN"

    def _can_act(self, head: int) -> bool:
        return self._is_name(head) or head in self.tree.actors
