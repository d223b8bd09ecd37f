"""Predications from the dependency tree: who does what to whom, before anything is said of type, certainty or voice.

The roles are grammatical (Universal Dependencies, de Marneffe et al. 2021), with diathesis undone and shared arguments filled in, after the
enhanced dependencies of Schuster & Manning (2016): conjuncts, relative clauses, control and raising.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from allegedly.reading.tree import CLAUSAL, Tree
from allegedly.records import quick

Kind = Literal["verb", "noun", "copula"]
COPULAS = {"ADJ": ("cop", "aux:pass")}
"""Relations of a copula, by the predicate's part of speech: the tree may take "is committed" for a passive and an adjective at once."""
Words = Mapping[str, frozenset[str]]
AIMED = frozenset({"on", "against", "with", "between", "at", "to", "from", "for"})
"""Prepositions of an event noun's phrase that names somebody whom the event concerns."""


@quick
@dataclass(frozen=True, slots=True)
class Predication:
    """One predicate and its grammatical arguments; every number indexes `Analysis.tokens`.

    Diathesis is undone: `subject` holds who acts (active subject, or the passive's by-agent) and `object` who is
    acted on (active object, or the passive's subject). For an event noun ("the arrest of X by Y") they come from
    its "by"/possessor and "of" phrases. Conjoined arguments are all listed. `obliques` pairs the lowercased
    preposition ("on", "because of") with the head word it marks, the predicate's own first, then its object's.
    `clauses` pairs the UD relation of a clausal dependent ("xcomp", "ccomp", "advcl") with that clause's head word.
    `light` is the light verb's lemma where the meaning sits in its noun ("hold" of "hold talks"): then `lemma` and
    `head` are the noun's, and the arguments are those of both. `verb` carries tense and negation: the light verb, or `head`.
    """

    head: int
    words: tuple[int, ...]
    lemma: str
    particle: str
    light: str
    kind: Kind
    passive: bool
    subject: tuple[int, ...]
    object: tuple[int, ...]
    indirect: tuple[int, ...]
    obliques: tuple[tuple[str, int], ...]
    clauses: tuple[tuple[str, int], ...]
    verb: int = -1


@dataclass(slots=True)
class _Arguments:
    """Arguments of one verb while they are gathered. `agent` acts, `patient` is acted on."""

    agent: list[int]
    patient: list[int]
    indirect: list[int]
    passive: bool


class Finder:
    """Finds the predications of one text.

    Finds active and passive verbs, light verbs with an event noun, event nouns with an argument of their own ("the arrest
    of X"), and predicative nouns and adjectives. Misses arguments outside the sentence, elided predicates (gapping), and event
    nouns without any argument ("after the raid"), which seldom say who did what, unless they are among `grounds`.
    """

    def __init__(
        self,
        tree: Tree,
        words: Words,
        event_nouns: Container[str],
        grounds: frozenset[int] = frozenset(),
        event_verbs: Container[str] = (),
    ) -> None:
        self.tree = tree
        self.words = words
        self.event_nouns = event_nouns
        self.grounds = grounds
        self.event_verbs = event_verbs
        self._arguments: dict[int, _Arguments] = {}
        self._active: set[int] = set()

    def run(self) -> list[Predication]:
        """All predications; within a sentence, main clauses first, then by depth and place."""
        tokens, out, used = self.tree.tokens, [], set[int]()
        verbs = [
            i
            for i, t in enumerate(tokens)
            if t.upos == "VERB" and t.relation not in ("aux", "aux:pass", "case", "fixed", "amod", "compound", "flat", "discourse", "mark")
        ]
        for i in verbs:
            self.arguments(i)  # all before any: conjuncts lend each other arguments
        for i in verbs:
            found = self._verb(i)
            out.append(found)
            used.update((*found.words, found.head))
        for i, t in enumerate(tokens):
            if i in used:
                continue
            if i in self.grounds:
                out.append(self._nominal(i))
                continue
            if t.upos in ("NOUN", "PROPN") and t.lemma.lower() in self.event_nouns:
                noun = self._noun(i)
                if noun:
                    out.append(noun)
                    continue
            if self.attribute(i):
                out.append(self._undergone(i))
            elif t.upos in ("NOUN", "ADJ", "PROPN", "PRON", "ADV", "NUM") and self.tree.exactly(i, *COPULAS.get(t.upos, ("cop",))):
                out.append(self._copula(i))
        return sorted(out, key=lambda p: (tokens[p.head].sentence, self._depth(p.verb), p.verb))

    def _depth(self, i: int) -> int:
        """Clauses above a word; conjuncts stand at their first conjunct's depth."""
        depth, tokens = 0, self.tree.tokens
        while tokens[i].head >= 0:
            relation = tokens[i].relation.split(":")[0]
            depth += relation in CLAUSAL or relation in ("nmod", "obl", "obj", "nsubj", "appos")
            i = tokens[i].head
        return depth

    # --- verbs -----------------------------------------------------------------------------------------------

    def _verb(self, i: int) -> Predication:
        tokens = self.tree.tokens
        a = self.arguments(i)
        particle = self._particle(i)
        words = [i] + ([particle] if particle >= 0 else [])
        obliques = self.obliques(i)
        clauses = self._clauses(i)
        subject, objects = list(a.agent), list(a.patient)
        lemma = tokens[i].lemma.lower()
        if a.passive and not subject and lemma in self.words["stative"]:  # "is opposed to", "is committed to": the subject's own mind
            subject, objects = objects, []
        idiom = next((o for o in objects if f"{lemma} {tokens[o].lemma.lower()}" in self.words["idioms"]), -1)
        if idiom >= 0:
            words.append(idiom)
            objects.remove(idiom)
            if lemma == "take" and tokens[idiom].lemma == "place" and a.agent and self._is_event_noun(a.agent[0]):
                return self._happening(i, a.agent[0], tuple(sorted(words)), obliques)
        light = next((o for o in objects if self._is_event_noun(o) and lemma in self.words["light"] and o > i), -1) if idiom < 0 else -1
        if a.passive and light < 0 and idiom < 0:
            light = next((o for o in objects if self._is_event_noun(o) and lemma in self.words["light"]), -1)
        if light >= 0:
            return self._light(i, light, a, words, obliques, clauses)
        full = f"{lemma} {tokens[particle].lemma.lower()}" if particle >= 0 else lemma
        if full in self.words["happening"] and a.agent and not objects and self._is_event_noun(a.agent[0]):
            return self._happening(i, a.agent[0], tuple(sorted(words)), obliques)
        for o in objects:
            obliques += [
                (p, h)
                for p, h in self.obliques(o)
                if p in ("to", "from", "against", "with", "on", "for", "into", "over", "about", "in", "towards", "toward") and h > i
            ]
        return Predication(
            head=i,
            words=tuple(sorted(words)),
            lemma=lemma if idiom < 0 else f"{lemma} {tokens[idiom].lemma.lower()}",
            particle=tokens[particle].lemma.lower() if particle >= 0 else "",
            light="",
            kind="verb",
            passive=a.passive,
            subject=tuple(subject),
            object=tuple(objects),
            indirect=tuple(a.indirect),
            obliques=tuple(dict.fromkeys(obliques)),
            clauses=tuple(clauses),
            verb=i,
        )

    def _is_event_noun(self, i: int) -> bool:
        return self.tree[i].upos == "NOUN" and self.tree[i].lemma.lower() in self.event_nouns

    def _light(
        self, verb: int, noun: int, a: _Arguments, words: list[int], obliques: list[tuple[str, int]], clauses: list[tuple[str, int]]
    ) -> Predication:
        """A light verb with its event noun: the noun's arguments and the verb's together."""
        lemma = self.tree[verb].lemma.lower()
        subject, patient = list(a.agent), [h for p, h in self.obliques(noun) if p == "of"] + list(a.indirect)
        if lemma in self.words["light_inverse"]:
            subject, patient = [], subject
        own = [(p, h) for p, h in self.obliques(noun) if p != "of"]
        for p, h in [*own, *obliques]:
            if p in ("by", "from") and lemma in self.words["light_inverse"]:
                subject.append(h)
        subject += [h for h in self.possessors(noun) if not subject]
        return Predication(
            head=noun,
            words=tuple(sorted({*words, noun})),
            lemma=self.tree[noun].lemma.lower(),
            particle="",
            light=lemma,
            kind="noun",
            passive=a.passive,
            subject=tuple(subject),
            object=tuple(patient),
            indirect=(),
            obliques=tuple(dict.fromkeys([*own, *obliques])),
            clauses=(*clauses, *self._clauses(noun)),
            verb=verb,
        )

    def _happening(self, verb: int, noun: int, words: tuple[int, ...], obliques: list[tuple[str, int]]) -> Predication:
        """For "talks took place": the event noun's arguments, the verb's certainty."""
        found = self._nominal(noun)
        return Predication(
            head=noun,
            words=tuple(sorted({*words, noun})),
            lemma=self.tree[noun].lemma.lower(),
            particle="",
            light=self.tree[verb].lemma.lower(),
            kind="noun",
            passive=False,
            subject=found.subject,
            object=found.object,
            indirect=(),
            obliques=tuple(dict.fromkeys([*found.obliques, *obliques])),
            clauses=found.clauses,
            verb=verb,
        )

    def _particle(self, i: int) -> int:
        for c in self.tree.children[i]:
            token = self.tree[c]
            if token.relation == "compound:prt":
                return c
            if (
                token.relation == "advmod"
                and i < c <= i + 2
                and token.lemma.lower() in self.words["particles"]
                and not self.tree.children[c]
            ):
                return c
        return -1

    def obliques(self, i: int) -> list[tuple[str, int]]:
        """Prepositions and the heads they mark, below a word; time phrases are left out."""
        out = []
        for c in self.tree.find(i, "obl", "nmod", "xcomp"):
            if self.tree[c].relation in ("obl:agent", "nmod:poss"):
                continue
            preposition = self.tree.preposition(c)
            if preposition and not self._is_time(c):
                out += [(preposition, x) for x in self._conjoined(c)]
        return out

    def _is_time(self, i: int) -> bool:
        token = self.tree[i]
        lemma = token.lemma.lower()
        if lemma not in self.words["times"] or (lemma in ("march", "may") and token.upos != "PROPN"):
            return False
        return not any(self.tree.preposition(c) == "of" and not self._is_time(c) for c in self.tree.exactly(i, "nmod"))  # "years of war"

    def _clauses(self, i: int) -> list[tuple[str, int]]:
        return [(r, c) for c in self.tree.children[i] if (r := self.tree.bases[c]) in CLAUSAL]

    def _conjoined(self, i: int) -> list[int]:
        return [x for x in self.tree.conjuncts(i) if x == i or not self.tree.is_clause(x)]

    # --- arguments, with what a clause shares with others ------------------------------------------------------

    def arguments(self, i: int) -> _Arguments:
        """Agent, patient and indirect object of a verb, its own or shared; each verb is worked out once."""
        known = self._arguments.get(i)
        if known is not None:
            return known
        tree = self.tree
        subjects = tree.exactly(i, "nsubj", "csubj")
        if len(subjects) > 1 and any(c > subjects[-1] and not tree.find(c, "nsubj") for c in tree.exactly(i, "ccomp")):
            subjects = subjects[-1:]  # the first is that of what is said (see `_controller`)
        agents = [x for c in subjects for x in self.referents(c) if not self._is_time(x)]
        patients = [x for c in tree.exactly(i, "nsubj:pass") for x in self.referents(c)]
        by = [x for c in tree.exactly(i, "obl:agent") for x in self.referents(c)]
        early = self._early_subject(i) if not agents and not patients else -1
        if early >= 0:
            agents = self.referents(early)
        objects = [x for c in tree.exactly(i, "obj") if c != early for x in self.referents(c)]
        if not objects and tree.exactly(i, "compound:prt"):  # "turned down [the offer]" as a bare oblique
            bare = [c for c in tree.exactly(i, "obl") if c > i and not tree.preposition(c) and not self._is_time(c)]
            objects = [x for c in bare for x in self.referents(c)]
        indirect = [x for c in tree.exactly(i, "iobj") for x in self.referents(c)]
        if objects and by and tree.has(i, "Tense=Pres") and not tree.exactly(i, "aux:pass"):  # "accused of killing him by the villagers"
            by = []
        if objects and (patients or agents) and not tree.exactly(i, "aux:pass"):  # "killed four men by mistake" is active
            agents, patients, by = [*agents, *patients], [], []
        passive = bool(patients or by or tree.exactly(i, "aux:pass"))
        hanging = tree[i].relation == "acl" or (tree[i].relation == "advcl" and tree.has(i, "Tense=Past") and not objects)
        reduced = hanging and tree.has(i, "VerbForm=Part") and not tree.has(i, "Tense=Pres")
        if reduced and not agents and not tree.exactly(i, "aux"):  # "the deal signed in May", not "claims that he had signed"
            passive = True
        if passive:
            found = _Arguments(by, patients or objects, indirect, True)
            if patients:
                found.patient += [o for o in objects if o not in found.patient and tree[o].relation == "obj"]
        else:
            found = _Arguments(agents, objects, indirect, False)
        self._arguments[i] = found
        self._share(i, found)
        return found

    def _early_subject(self, i: int) -> int:
        """The subject that the parser took for the object of a subordinate clause, "that masked [men] had taken him"; or -1."""
        tree = self.tree
        marks = [m for m in tree.exactly(i, "mark") if tree[m].form.lower() != "to"]
        bare = tree[i].relation in ("ccomp", "xcomp") and not tree.exactly(i, "mark")  # "saw both [navies] seize"
        if not bare and (not marks or tree.has(i, "VerbForm=Inf")):
            return -1
        start = tree[i].head if bare else marks[0]
        inner = (c for c in tree.exactly(i, "obj") if start < c < i and not any(tree.has(c, f"PronType={t}") for t in ("Rel", "Int")))
        return next(inner, -1)

    def referents(self, c: int) -> list[int]:
        """The words an argument stands for: itself and its conjuncts, or a relative pronoun's antecedent."""
        tree = self.tree
        if tree.has(c, "PronType=Rel") and tree[c].upos == "PRON":
            for up in tree.ancestors(c):
                if tree[up].relation == "acl:relcl" or (
                    tree[up].relation == "advcl:relcl" and tree[tree[up].head].upos in ("NOUN", "PROPN")
                ):
                    return self._conjoined(tree[up].head)
            return []
        if tree[c].upos == "PRON" and tree[c].relation == "expl":
            return []
        return [x for i in self._conjoined(c) for x in self._members(i)]

    def _members(self, i: int) -> list[int]:
        """The parties that a phrase names as its members, "powers like Osk and Brennia"; the phrase's head where it names none."""
        tree = self.tree
        listed = [x for c in tree.exactly(i, "nmod") if tree.preposition(c) in ("like", "such as", "including") for x in self._conjoined(c)]
        named = [x for x in listed if x in tree.named]
        return named if named and len(named) == len(listed) else [i]

    def _share(self, i: int, found: _Arguments) -> None:
        """Fills the roles that a clause shares with the clause or noun it hangs on."""
        if i in self._active:
            return
        self._active.add(i)
        relation, head = self.tree[i].relation, self.tree[i].head
        filled = bool(found.patient) if found.passive else bool(found.agent)
        if head >= 0:
            if relation == "conj" and self.tree[head].upos == "VERB":
                self._share_conjunct(i, head, found, filled)
            elif relation == "acl:relcl":
                self._share_relative(i, head, found)
            elif relation == "acl" and not filled:
                self._share_participle(i, head, found)
            elif relation.split(":")[0] in ("xcomp", "advcl", "ccomp") and not filled and not self.tree.exactly(i, "nsubj", "nsubj:pass"):
                self._put(found, self._controller(i, head))
        self._active.discard(i)

    @staticmethod
    def _put(found: _Arguments, who: list[int]) -> None:
        """Gives the surface subject's role to `who`."""
        if found.passive:
            found.patient = found.patient or list(who)
        else:
            found.agent = found.agent or list(who)

    def _share_conjunct(self, i: int, head: int, found: _Arguments, filled: bool) -> None:
        first = self.arguments(head)
        tree = self.tree
        if found.passive and first.passive and found.agent and not first.agent and not tree.exactly(i, "aux", "aux:pass", "nsubj:pass"):
            first.agent = list(found.agent)  # "was arrested and beaten by soldiers"
        if not filled and not tree.exactly(i, "nsubj", "nsubj:pass"):
            bare = not tree.exactly(i, "aux", "aux:pass") and first.passive and tree.has(i, "VerbForm=Part") and not found.agent
            given = first.passive and tree[i].lemma.lower() in self.words["giving"] and not any(p == "to" for p, _ in self.obliques(i))
            if (
                (bare or given) and found.patient and not tree.exactly(i, "aux", "aux:pass", "compound:prt")
            ):  # "was called in and handed a note"
                found.passive, found.indirect = True, list(first.patient)
            elif bare:
                found.passive, found.patient, found.agent = True, list(first.patient), found.agent or list(first.agent)
            else:
                self._put(found, first.patient if first.passive else first.agent)
        if not found.passive and not first.passive and not found.patient and first.patient and min(first.patient) > i:
            found.patient = list(first.patient)
        if (
            not first.passive
            and not first.patient
            and found.patient
            and not found.passive
            and i - head <= 2
            and not first.indirect
            and not tree.find(head, "obl", "xcomp", "ccomp")
        ):
            first.patient = list(found.patient)

    def _share_relative(self, i: int, head: int, found: _Arguments) -> None:
        """A relative clause without a relative pronoun in a core role: its antecedent is the missing one ("the man police arrested")."""
        antecedents = self._conjoined(head)
        if self.tree[head].lemma.lower() in self.words["times"]:  # "the first time that he fled"
            return
        if any(a in (*found.agent, *found.patient, *found.indirect) for a in antecedents):
            return
        relatives = [c for c in self.tree.subtree(i) if self.tree.has(c, "PronType=Rel")]
        if relatives:
            return
        if found.passive:
            found.patient = found.patient or antecedents
        elif not found.agent:
            found.agent = antecedents
        elif not found.patient and not self.tree.find(i, "ccomp", "xcomp"):
            found.patient = antecedents

    def _share_participle(self, i: int, head: int, found: _Arguments) -> None:
        """Who a participle or infinitive on a noun is about.

        "Troops stationed in", "a plan drawn up by", "soldiers guarding": the noun; "efforts to form": the noun's owner.
        """
        tree = self.tree
        marks = {tree[m].form.lower() for m in tree.exactly(i, "mark")}
        if tree[head].upos == "VERB":
            self._put(found, self._controller(i, head))
        elif tree.has(i, "VerbForm=Inf") or "to" in marks:
            owner = self.possessors(head) or [h for p, h in self.obliques(head) if p == "by"]
            self._put(found, owner or self._undertaker(head, "xcomp"))
        elif marks & self.words["object_control_prepositions"]:
            self._put(found, self._gerund_subject(head))
        elif marks:  # "his first trip since taking office"
            self._put(found, self.possessors(head) or self._undertaker(head, "appos"))
        else:
            self._put(found, self._conjoined(head))

    def _undertaker(self, noun: int, *relations: str) -> list[int]:
        """The subject of the verb whose object a noun is."""
        above = self.tree[noun].head
        if above < 0 or self.tree[above].upos != "VERB" or self.tree[noun].relation not in ("obj", *relations):
            return []
        verb = self.arguments(above)
        return verb.patient if verb.passive else verb.agent

    def _gerund_subject(self, noun: int) -> list[int]:
        """Who does what the gerund after a noun's "of" or "for" tells: "convicted four men of looting", "the hope of winning"."""
        if self.tree[noun].relation == "obl:agent":  # "accused by his brother of stealing"
            return self.arguments(self.tree[noun].head).patient
        if noun in self.tree.actors or self.tree[noun].upos in ("PROPN", "PRON"):
            return self._conjoined(noun)
        return self._accused(noun) if self.tree[noun].lemma.lower() in self.words["accusations"] else self._holder(noun)

    def _accused(self, noun: int) -> list[int]:
        """Who is accused of what the gerund after a noun tells: "allegations against him of looting", "he denied charges of looting"."""
        above = self.tree[noun].head
        answering = above >= 0 and self.tree[above].lemma.lower() in self.words["accused"]
        against = [h for host in (noun, above) if host >= 0 for p, h in self.obliques(host) if p == "against"]
        return against or (self._undertaker(noun) if answering else [])

    def _holder(self, noun: int) -> list[int]:
        """Whose hope, risk or sentence it is: "the army's hope of winning", "he is serving a sentence for looting"."""
        if self.tree[noun].relation == "xcomp":  # "found him guilty of looting"
            return self._controller(noun, self.tree[noun].head)
        return self.possessors(noun) or self._undertaker(noun, "obl")

    def possessors(self, noun: int) -> list[int]:
        """Owners of a noun, time phrases left out."""
        return [x for c in self.tree.exactly(noun, "nmod:poss") if not self._is_time(c) for x in self._conjoined(c)]

    def _controller(self, i: int, head: int) -> list[int]:
        """Who the missing subject of a clause is, from the clause above it."""
        tree = self.tree
        if tree[head].upos == "ADV" and tree[tree[head].head].upos == "VERB":  # "far from leaving"
            above = self.arguments(tree[head].head)
            return above.patient if above.passive else above.agent
        if tree[head].upos != "VERB":
            subjects = [x for c in tree.find(head, "nsubj") for x in self.referents(c)]
            if not subjects and tree[head].relation == "xcomp" and tree[tree[head].head].upos == "VERB":  # "found him guilty of lying"
                return self._controller(head, tree[head].head)
            return subjects if subjects else self.possessors(head)
        if tree[i].relation == "ccomp" and len(own := tree.exactly(head, "nsubj")) > 1 and own[-1] < i:  # "The rebels, he says, have left"
            return self.referents(own[0])
        above = self.arguments(self._speaking(i, head))
        relation = tree.bases[i]
        marks = {tree[m].form.lower() for m in tree.exactly(i, "mark", "case")}
        surface = above.patient if above.passive else above.agent
        lemma = tree[head].lemma.lower()
        asked = [h for p, h in self.obliques(head) if p in ("on", "upon", "to") and head < h < i]
        if lemma in self.words["asking"] and asked and "to" in marks:  # "appealed to both camps to spare the hospital"
            return asked
        if relation == "advcl":
            patient = above.patient or above.indirect  # the parser may have either in "kept the cabinet from leaving"
            completes = i > head and marks & self.words["object_control_prepositions"]  # not "far from leaving, he"
            return patient if patient and completes else surface
        if lemma in self.words["subject_control"]:
            return surface
        if not above.passive:
            if above.patient and min(above.patient) < i:
                return above.patient
            if above.indirect:
                return above.indirect
            on = [h for p, h in self.obliques(head) if p in ("on", "upon", "to", "for", "with") and head < h < i]
            if on and "to" in marks:
                return on
        return surface

    def _speaking(self, i: int, head: int) -> int:
        """The verb that a participle goes with: a verb of saying between it and the quotation ("'We won,' she said, thanking them")."""
        tree = self.tree
        if tree[i].relation != "advcl" or i < head or not tree.has(i, "VerbForm=Part") or tree.exactly(i, "mark"):
            return head
        above = [tree[head].head] if tree[head].relation == "ccomp" else []
        said = (c for c in (*tree.exactly(head, "parataxis"), *above) if head < c < i and tree.find(c, "nsubj"))
        return next(said, head)

    # --- nouns and copulas -------------------------------------------------------------------------------------

    def _nominal(self, i: int) -> Predication:
        """An event noun's own arguments: what follows "of" is acted on, what follows "by" and owners act; so do names before it."""
        tree = self.tree
        obliques = self.obliques(i)
        of = [h for p, h in obliques if p == "of"]
        by = [h for p, h in obliques if p == "by"] + [x for c in tree.exactly(i, "obl:agent", "nmod:agent") for x in self._conjoined(c)]
        by += [h for o in of for p, h in self.obliques(o) if p == "by"]  # "the arrest of two editors by the army"
        owners = self.possessors(i)
        others = [(p, h) for p, h in obliques if p not in ("of", "by")]
        agent, patient = (by, of) if by else (owners, of)
        if not by and owners and not of and not any(p in ("on", "against", "with", "to", "for", "from", "at") for p, _ in others):
            agent, patient = owners, []
        if by and owners:
            patient = patient or owners
        elif owners and not of and tree[i].lemma.lower() in self.words["suffered"]:  # "the general's arrest"
            agent, patient = [], owners
        if not agent:
            agent = [
                c
                for c in tree.exactly(i, "amod", "compound")
                if tree[c].upos in ("PROPN", "ADJ")
                and tree[c].form[:1].isupper()
                and c < i
                and c > 0
                and tree[c].sentence == tree[c - 1].sentence
            ]
        return Predication(
            i,
            (i,),
            tree[i].lemma.lower(),
            "",
            "",
            "noun",
            False,
            tuple(agent),
            tuple(patient),
            (),
            tuple(others),
            tuple(self._clauses(i)),
            i,
        )

    def _noun(self, i: int) -> Predication | None:
        """An event noun as a predication of its own: only with an argument, and not as a modifier of another noun."""
        token = self.tree[i]
        if token.relation in ("compound", "flat", "amod", "nmod:desc") or i in self.tree.named:
            return None
        bare = not self.tree.exactly(i, "det", "nmod:poss", "amod", "nummod", "compound")
        if bare and token.relation == "obl" and "Number=Sing" in token.features:  # "in protest at", "on trial for": manners, not happenings
            return None
        found = self._nominal(i)
        if token.relation == "obj" and self.tree[token.head].upos == "VERB":  # "considers sanctions against": the phrase may hang on either
            borrowed = [(p, h) for p, h in self.obliques(token.head) if p in ("on", "against", "with", "between") and h > i]
            found = replace(found, obliques=tuple(dict.fromkeys((*found.obliques, *borrowed))))
        aimed = any(p in AIMED for p, _ in found.obliques)
        announced = any(r == "acl" and self.tree.has(c, "VerbForm=Inf") for r, c in found.clauses)  # "the threat to deport"
        answered = token.head >= 0 and self.tree[token.head].lemma.lower() in self.words["answering"] and self.tree.preposition(i) == "for"
        caused = token.relation == "obj" and self.tree[token.head].lemma.lower() in self.words["causing"]
        return found if found.object or found.subject or aimed or announced or answered or caused else None

    def attribute(self, i: int) -> bool:
        """Whether a word is a participle that tells of the noun after it what was done to it: "the [murdered] prosecutor"."""
        token = self.tree[i]
        if token.relation != "amod" or token.upos != "VERB" or token.head < i or token.lemma.lower() not in self.event_verbs:
            return False
        return self.tree.has(i, "VerbForm=Part") and not token.form.lower().endswith("ing") and not self.tree.children[i]

    def _undergone(self, i: int) -> Predication:
        """What a participle before a noun tells of it, as a passive without an agent."""
        return Predication(i, (i,), self.tree[i].lemma.lower(), "", "", "verb", True, (), (self.tree[i].head,), (), (), (), i)

    def _copula(self, i: int) -> Predication:
        """A predicative noun or adjective: "the efforts are futile". The predicate is the copula with the head word."""
        tree = self.tree
        subject = [x for c in tree.find(i, "nsubj") for x in self.referents(c)]
        if not subject and tree[i].relation == "acl:relcl":
            subject = self._conjoined(tree[i].head)
        cop = tree.exactly(i, "cop", "aux:pass")
        return Predication(
            i,
            tuple(sorted([*cop[:1], i])),
            tree[i].lemma.lower(),
            "",
            "",
            "copula",
            False,
            tuple(subject),
            (),
            (),
            tuple(self.obliques(i)),
            tuple(self._clauses(i)),
            i,
        )
