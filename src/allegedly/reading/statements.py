"""Predications from the dependency tree: who does what to whom, before anything is said of type, certainty or voice.

Their arguments are found in `arguments`.
"""

from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Literal

from allegedly.blinding import blinding
from allegedly.reading.arguments import Arguments, Parts, Words
from allegedly.reading.tree import CLAUSAL, Tree
from allegedly.records import quick

Kind = Literal["verb", "noun", "copula"]
COPULAS = {"ADJ": ("cop", "aux:pass")}
"""Relations of a copula, by the predicate's part of speech: the tree may take "is committed" for a passive and an adjective at once."""
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


class Finder(Arguments):
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
        super().__init__(tree, words)
        self.event_nouns = event_nouns
        self.grounds = grounds
        self.event_verbs = event_verbs

    def run(self) -> list[Predication]:
        """All predications; within a sentence, main clauses first, then by depth and place."""
        tokens, out, used = self.tree.tokens, [], set[int]()
        verbs = [
            i
            for i, t in enumerate(tokens)
            if t.upos == "VERB"
            and t.relation not in ("aux", "aux:pass", "case", "fixed", "amod", "compound", "flat", "discourse", "mark")
            and not self._marks_a_point(i)
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

    def _marks_a_point(self, i: int) -> bool:
        """Whether a verb only counts points, or exhorts to what follows: "[To begin] with, they lost", "[Let] us recall"."""
        tree = self.tree
        if tree[i].lemma == "let" and tree.exactly(i, "xcomp"):
            return any(tree[o].form.lower() in ("us", "'s", "’s") for o in tree.exactly(i, "obj"))
        with_only = [c for c in tree.exactly(i, "obl") if tree[c].form.lower() == "with"]
        return tree[i].relation == "advcl" and tree[i].lemma in ("begin", "start") and bool(with_only) and tree.has(i, "VerbForm=Inf")

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
            obliques += [o for o in self.obliques(idiom) if o not in obliques]
            if lemma == "take" and tokens[idiom].lemma == "place" and a.agent and self._is_event_noun(a.agent[0]):
                return self._happening(i, a.agent[0], tuple(sorted(words)), obliques)
        near = [*obliques, *((self.tree.preposition(c), c) for c in (*objects, *self.tree.exactly(i, "xcomp")))]
        words += self._phrase(lemma, near)
        light = -1
        if idiom < 0 and lemma in self.words["light"]:
            nouns = [noun for o in objects if (noun := self._event(o)) >= 0]
            nouns = [n for n in nouns if lemma in self.words["light_inverse"] or not self._anothers(n, subject)]
            light = next((o for o in nouns if o > i), nouns[0] if a.passive and nouns else -1)
            if lemma == "take" and particle >= 0 and tokens[particle].lemma.lower() == "back":  # "took back his threat"
                light = -1
        if light >= 0:
            return self._light(i, light, a, words, obliques, clauses)
        full = f"{lemma} {tokens[particle].lemma.lower()}" if particle >= 0 else lemma
        there = lemma == "be" and any(tokens[c].form.lower() == "there" for c in self.tree.exactly(i, "expl"))
        noun = a.agent[0] if a.agent and not objects and self._is_event_noun(a.agent[0]) else -1
        if noun >= 0 and (full in self.words["happening"] or (there and tokens[noun].lemma.lower() != "part")):
            return self._happening(i, noun, tuple(sorted(words)), obliques)
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

    def _phrase(self, lemma: str, obliques: list[tuple[str, int]]) -> list[int]:
        """The preposition and noun that make up a predicate with a verb that says little: "went [on strike]", "put its army [on alert]"."""
        found = (h for p, h in obliques if " ".join(filter(None, (lemma, p, self.tree[h].lemma.lower()))) in self.words["phrases"])
        return [w for h in found for w in (*self.tree.exactly(h, "case"), h)]

    def _event(self, i: int) -> int:
        """The event noun that a phrase names, counted or not ("talks", "two hours of talks", "a wave of attacks"); -1 for none."""
        if self._is_event_noun(i):
            return i
        if self.tree[i].lemma.lower() not in self.words["times"] | self.words["portions"]:
            return -1
        return next((h for p, h in self.obliques(i) if p == "of" and self._is_event_noun(h)), -1)

    def _anothers(self, noun: int, subject: list[int]) -> bool:
        """Whether what a noun names is another's than the verb's subject: "carried the rebels' announcement"."""
        owners = self.possessors(noun)
        return bool(subject) and any(self.tree[o].upos in ("NOUN", "PROPN") for o in owners) and not set(owners) & set(subject)

    def _light(
        self, verb: int, noun: int, a: Parts, words: list[int], obliques: list[tuple[str, int]], clauses: list[tuple[str, int]]
    ) -> Predication:
        """A light verb with its event noun: the noun's arguments and the verb's together."""
        lemma = self.tree[verb].lemma.lower()
        subject, patient = list(a.agent), [h for p, h in self.obliques(noun) if p == "of"] + list(a.indirect)
        if a.passive:  # "the pilots were granted asylum", "a pledge by Osk was given"
            patient += [h for h in a.patient if h not in (noun, *patient) and self._event(h) != noun]
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
        """For "talks took place" and "there were talks": the event noun's arguments, the verb's certainty."""
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
        if not by and not owners and tree[i].lemma.lower() in self.words["issued"]:  # "at the request of the mayor"
            by = [h for h in of if h in tree.actors or tree[h].upos == "PRON"]
            of = [h for h in of if h not in by]
        agent, patient = (by, of) if by else (owners, of)
        if not by and owners and not of and not any(p in ("on", "against", "with", "to", "for", "from", "at") for p, _ in others):
            agent, patient = owners, []
        if by and owners:
            patient = patient or owners
        elif owners and not of and self._suffered(tree[i].lemma.lower(), owners[0]):  # "the general's arrest"
            agent, patient = [], owners
        if not patient and tree[i].lemma.lower() in self.words["befallen"]:
            near = [c for c in tree.exactly(i, "compound") if c in tree.actors and c not in tree.people]
            patient = [c for c in near if tree[c].lemma.lower() not in self.words["befalling"]]
        if not agent and not patient:
            agent = [
                c
                for c in tree.exactly(i, "amod", "compound")
                if (tree[c].upos == "PROPN" or (tree[c].upos == "ADJ" and blinding().refers(tree[c].form.lower())))
                and tree[c].form[:1].isupper()
                and c < i
                and c > 0
                and tree[c].sentence == tree[c - 1].sentence
            ]
        under = tree.exactly(i, "cop") if tree.preposition(i) == "under" else []
        if under:  # "the editor is under arrest", "is under investigation by the senate"
            agent, patient = by, self.bearers(i)
        return Predication(
            i,
            (*under[:1], i),
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

    def _suffered(self, noun: str, owner: int) -> bool:
        """Whether what a noun names befalls its owner: "the general's arrest", "their release", but not "the album's release"."""
        person = owner in self.tree.people or self.tree[owner].upos == "PRON"
        return noun in self.words["suffered"] or (person and noun in self.words["freed"])

    def _noun(self, i: int) -> Predication | None:
        """An event noun as a predication of its own: only with an argument, and not as a modifier of another noun."""
        tree, token = self.tree, self.tree[i]
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
        if i in tree.actors and not found.object and not aimed:  # "Velm's opposition marched": a body, and not what it does
            return None
        announced = any(r == "acl" and self.tree.has(c, "VerbForm=Inf") for r, c in found.clauses)  # "the threat to deport"
        answered = token.head >= 0 and self.tree[token.head].lemma.lower() in self.words["answering"] and self.tree.preposition(i) == "for"
        caused = token.relation == "obj" and self.tree[token.head].lemma.lower() in self.words["causing"]
        marked = [*tree.exactly(i, "nummod"), *(h for p, h in found.obliques if p in ("in", "at") and h in tree.places)]
        situated = token.lemma.lower() in self.words["befallen"] and bool(marked)  # "the 1994 massacre", "a shooting in Osk"
        return found if found.object or found.subject or situated or aimed or announced or answered or caused else None

    def attribute(self, i: int) -> bool:
        """Whether a word is a participle that tells of the noun after it what was done to it: "the [murdered] prosecutor"."""
        token = self.tree[i]
        if token.relation != "amod" or token.upos != "VERB" or token.head < i or token.lemma.lower() not in self.event_verbs:
            return False
        return self.tree.has(i, "VerbForm=Part") and not token.form.lower().endswith("ing") and not self.tree.children[i]

    def _undergone(self, i: int) -> Predication:
        """What a participle before a noun tells of it, as a passive without an agent."""
        whom = self.tree[i].head
        if self.tree[whom].relation == "nmod:desc" and self.tree[whom].head > whom:  # "jailed poet Salin Ode"
            whom = self.tree[whom].head
        return Predication(i, (i,), self.tree[i].lemma.lower(), "", "", "verb", True, (), (whom,), (), (), (), i)

    def _copula(self, i: int) -> Predication:
        """A predicative noun or adjective: "the efforts are futile". The predicate is the copula with the head word."""
        tree = self.tree
        cop = tree.exactly(i, "cop", "aux:pass")
        return Predication(
            i,
            tuple(sorted([*cop[:1], i])),
            tree[i].lemma.lower(),
            "",
            "",
            "copula",
            False,
            tuple(self.bearers(i)),
            (),
            (),
            tuple(self.obliques(i)),
            tuple(self._clauses(i)),
            i,
        )
