"""How sure a predication is: its polarity and status, by scope in the tree.

A predication is judged from its own negation and modality outwards, through what embeds it, up to the clause that somebody says or
the sentence: so "this is not the first time that he fled" leaves the fleeing affirmed, and "refused to attend" makes the attending negated.
Signatures of embedding predicates follow Karttunen (1971, "Implicative verbs"; 2012) and Nairn, Condoravdi & Karttunen (2006).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from allegedly.reading.statements import Predication
from allegedly.reading.tree import Tree
from allegedly.records import Polarity, Status

Words = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Sure:
    """Polarity and status, with the rule that decided and how reliable such a decision is, in [0, 1]."""

    polarity: Polarity
    status: Status
    rule: str
    score: float


@dataclass(slots=True)
class _State:
    negated: bool = False
    open: bool = False  # under a word whose negation leaves the matter open ("has not ruled out")
    status: Status = "actual"
    rule: str = "default"

    def become(self, status: Status, rule: str) -> None:
        """The innermost operator decides: later ones do not overrule it."""
        if self.status == "actual":
            self.status, self.rule = status, rule

    def flip(self, rule: str) -> None:
        self.negated = not self.negated
        if self.rule == "default":
            self.rule = rule


MOST_CLAUSES = 40
"""How far the climb goes: a guard against trees that no sentence has."""
_STATUS: dict[str, Status] = {"planned": "planned", "demanded": "demanded", "possible": "possible"}
_NOMINAL = ("obj", "obl", "nmod", "nsubj")
_INVERTED = ("advcl", "ccomp", "parataxis")
_STATUSES: tuple[Status, ...] = ("planned", "demanded", "possible")
_COMPLEMENTS = frozenset({"xcomp", "ccomp", "csubj", "obj", "obl", "nmod", "acl", "advcl", "nsubj"})


class Certainty:
    """Judges the predications of one text.

    `speech` holds the lemmas at which a content begins: modality above them is the reporter's own.
    """

    def __init__(self, tree: Tree, words: Words, speech: frozenset[str]) -> None:
        self.tree = tree
        self.words = {k: frozenset(v) for k, v in words.items()}
        self.speech = speech

    def judge(self, p: Predication) -> Sure:
        """Polarity and status of a predication. Misses irony, negation by lexical opposites, and conditions stated in another sentence."""
        state = _State()
        start = p.verb
        if p.kind == "noun":
            self._modified(p.head, state)
        if self._negated_here(start) or self._negative_argument(p):
            state.flip("negation")
        self._modal(start, state)
        if p.light:  # "is considering sanctions": the light verb says how far the act is
            for status in _STATUSES:
                if p.light in self.words[f"embedding.{status}"]:
                    state.become(status, f"embedding:{p.light}")
        self._climb(start, state)
        if state.open and not state.negated:
            state.become("possible", "open")
        polarity: Polarity = "negated" if state.negated else "affirmed"
        return Sure(polarity, state.status, state.rule, 0.7 if state.rule == "default" else 0.85)

    # --- the predicate's own clause -----------------------------------------------------------------------------

    def _negated_here(self, i: int) -> bool:
        tree = self.tree
        count = 0
        for c in tree.children[i]:
            token = tree[c]
            form = token.form.lower()
            if token.relation in ("advmod", "cc:preconj", "det", "aux", "cc") and form in self.words["negators"]:
                if form == "no" and token.relation == "advmod" and not (c + 1 < len(tree.tokens) and tree[c + 1].lemma.lower() == "long"):
                    continue
                if token.relation == "cc" and form != "nor":
                    continue
                if form == "not" and c + 1 < len(tree.tokens) and tree[c + 1].form.lower() == "only":
                    continue
                count += 1
            elif (
                token.relation == "advmod" and token.lemma.lower() == "long" and any(tree[x].form.lower() == "no" for x in tree.children[c])
            ) or (token.relation in ("mark", "case") and form in self.words["negative_marks"]):
                count += 1
        return count % 2 == 1

    def _negative_determiner(self, i: int) -> bool:
        return any(
            self.tree[c].form.lower() in self.words["negative_determiners"] or self._not_any(c)
            for c in self.tree.find(i, "det", "cc:preconj", "advmod")
        )

    def _not_any(self, c: int) -> bool:
        """The "not" of "not a single soldier", "not one soldier"."""
        after = self.tree[c + 1].form.lower() if c + 1 < len(self.tree.tokens) else ""
        return self.tree[c].form.lower() == "not" and after in ("a", "an", "one", "any")

    def _negative_argument(self, p: Predication) -> bool:
        """Whether a subject or object negates: "no prisoner had been tortured", "neither side has admitted", "admitted nothing"."""
        if p.kind == "noun" and not p.light:
            return self._negative_determiner(p.head)
        return any(
            self._negative_determiner(i) or self.tree[i].form.lower() in self.words["negative_pronouns"]
            for i in self.tree.find(p.verb, "nsubj", "obj", "obl")
        )

    def _modal(self, i: int, state: _State) -> None:
        tree = self.tree
        subject = next(iter(tree.find(i, "nsubj")), -1)
        for c in tree.exactly(i, "aux"):
            form = tree[c].form.lower()
            if form in ("had", "were", "should") and tree[i].relation in _INVERTED and subject > c and not tree.exactly(i, "mark"):
                state.become("conditional", f"condition:{form}")
            for status in _STATUSES:
                if form in self.words[f"modals.{status}"]:
                    state.become(status, f"modal:{tree[c].lemma.lower()}")
            if form in self.words["modals.conditional"] and not (form.endswith("d") and len(form) == 2 and tree.has(i, "VerbForm=Part")):
                reported = tree[i].relation in ("ccomp", "conj") and not self._conditions(i)
                state.become("planned" if reported else "conditional", "modal:would")
        if tree.has(i, "Mood=Imp") and subject < 0 and tree[i].relation in ("root", "conj", "ccomp", "parataxis"):
            state.become("demanded", "imperative")
        for c in tree.exactly(i, "advmod"):
            if tree[c].lemma.lower() in self.words["adverbs.possible"]:
                state.become("possible", f"adverb:{tree[c].lemma.lower()}")
        copula = tree.exactly(i, "cop", "aux")
        if (
            copula
            and tree[copula[0]].lemma == "be"
            and tree.has(i, "VerbForm=Inf")
            and any(tree[m].form.lower() == "to" and m > copula[0] for m in tree.exactly(i, "mark"))
        ):
            state.become("planned", "be to")

    def _modified(self, noun: int, state: _State) -> None:
        """What a modifier says of an event noun: "a planned attack", "the alleged killing"."""
        for c in self.tree.find(noun, "amod", "det", "advmod"):
            lemma = self.tree[c].lemma.lower()
            for status in _STATUSES:
                if self.tree[c].relation == "amod" and (
                    lemma in self.words[f"embedding.{status}"] or self.tree[c].form.lower() in self.words[f"embedding.{status}"]
                ):
                    state.become(status, f"modifier:{lemma}")

    def _conditions(self, i: int) -> list[int]:
        """The conditional clauses that hang on a word."""
        tree = self.tree
        out = []
        for c in tree.find(i, "advcl"):
            marks = {tree[m].form.lower() for m in tree.exactly(c, "mark")}
            if mark := self._condition(c):
                out += [c] if mark not in self.words["marks.precaution"] else []
            else:
                subject = next(iter(tree.find(c, "nsubj")), -1)
                if (
                    any(tree[a].form.lower() in ("had", "were", "should") and a < subject for a in tree.exactly(c, "aux", "cop"))
                    and not marks
                ):
                    out.append(c)
        hosts = [c for c in tree.find(i, "advmod", "obl") if any(self._condition(x) for x in tree.find(c, "advcl", "acl"))]
        return out + hosts

    def _marks(self, at: int) -> set[str]:
        """The words that introduce a clause, those of one conjunction joined ("in case")."""
        tree = self.tree
        joined = (sorted([m, *tree.exactly(m, "fixed")]) for m in tree.exactly(at, "mark", "case"))
        out = {" ".join(tree[w].form.lower() for w in words) for words in joined}
        head = tree[at].head
        if tree[at].relation == "advcl" and tree[head].upos == "ADV" and tree.exactly(head, "advmod"):  # "as long as", "as soon as"
            first = tree[tree.exactly(head, "advmod")[0]].form.lower()
            out |= {f"{first} {tree[head].form.lower()} {mark}" for mark in set(out)}
        return out

    def _condition(self, at: int) -> str:
        """The conjunction or phrase that makes a clause a condition ("if", "in case", "on condition that"), or nothing."""
        tree = self.tree
        marks = self._marks(at) & self.words["marks.conditional"]
        if marks:
            return min(marks)
        head = tree[at].head
        if tree[at].relation != "acl" or not tree.preposition(head):
            return ""
        inner = [tree[c].form.lower() for c in tree.exactly(head, "det")]
        phrase = " ".join([tree.preposition(head), *inner, tree[head].form.lower()])
        return phrase if phrase in self.words["marks.conditional"] else ""

    # --- what stands above -------------------------------------------------------------------------------------

    def _climb(self, start: int, state: _State) -> None:
        """From the predicate up, clause by clause, until a content, a relative clause or the sentence ends."""
        tree, at = self.tree, start
        if self._conditions(at) and state.status in ("actual", "planned") and not self._embedded_plan(at):
            state.status, state.rule = "conditional", "condition:main"
        for _ in range(MOST_CLAUSES):
            relation, head = tree[at].relation.split(":")[0], tree[at].head
            if head < 0:
                self._question(at, state)
                return
            if self._unfounded(at, head) or self._not_cleft(at, head):
                state.flip(f"embedding:{tree[head].lemma.lower()}")
                return
            if tree[at].relation in ("acl:relcl", "advcl:relcl"):
                return
            if relation == "acl" and (mark := self._condition(at)):
                state.status, state.rule = "conditional", f"condition:{mark}"
                return
            if relation == "conj":
                self._conjunct(at, head, state)
            elif relation == "advcl":
                if self._adverbial(at, head, state):
                    return
            elif relation not in _COMPLEMENTS or not self._embedded(at, head, relation, state):
                return
            at = head

    def _unfounded(self, at: int, head: int) -> bool:
        """Whether a clause is what "no evidence", "found no sign" or "did not find proof" speak of."""
        tree = self.tree
        noun = tree[head]
        if not tree[at].relation.startswith("acl") or noun.lemma.lower() not in self.words["embedding.evidence"]:
            return False
        if not any(tree[m].form.lower() == "that" for m in tree.exactly(at, "mark")):
            return False
        sought = noun.relation in ("obj", "nsubj", "nsubj:pass") and noun.head >= 0 and self._negated_here(noun.head)
        return self._negative_determiner(head) or sought

    def _not_cleft(self, at: int, head: int) -> bool:
        """Whether a clause follows "It was not Kestria that"; not where a time or an occasion is denied ("not the first time that")."""
        tree = self.tree
        if tree[at].relation not in ("acl:relcl", "advcl:relcl") or tree[head].upos != "PROPN" or not tree.exactly(head, "cop"):
            return False
        pronoun = any(tree[c].form.lower() == "it" for c in tree.find(head, "nsubj", "expl"))
        return pronoun and self._negated_here(head)

    def _embedded_plan(self, i: int) -> bool:
        """Whether a word is what somebody plans or demands: a condition on that leaves it a plan."""
        head = self.tree[i].head
        if head < 0 or self.tree[i].relation not in ("xcomp", "acl"):
            return False
        lemma = self.tree[head].lemma.lower()
        return lemma in self.words["embedding.planned"] or lemma in self.words["embedding.demanded"]

    def _question(self, root: int, state: _State) -> None:
        """The sentence ends in a question mark, and the climb came up to its root."""
        first, end = self.tree.analysis.sentences[self.tree[root].sentence]
        asked = any(self.tree[i].form.startswith("?") for i in range(max(first, end - 3), end))
        if asked and state.status != "demanded":
            state.status, state.rule = "question", "question"

    def _conjunct(self, at: int, head: int, state: _State) -> None:
        """A bare conjunct takes its modals from the first ("will attack and burn"), and under "or" and "nor" its negation too."""
        tree = self.tree
        if tree[at].upos not in ("VERB", "AUX") or tree.exactly(at, "aux", "aux:pass", "cop", "nsubj", "nsubj:pass"):
            return
        self._modal(head, state)
        coordinators = {tree[c].form.lower() for c in tree.exactly(at, "cc")}
        if self._negated_here(head) and coordinators & {"or", "nor"} and not self._negated_here(at):
            state.flip("negation")

    def _adverbial(self, at: int, head: int, state: _State) -> bool:
        """True when the climb ends here. Conditions, purposes, and gerunds after "from" or "of", which go on as complements."""
        tree = self.tree
        marks = self._marks(at)
        if (mark := self._condition(at)) and mark != "except":
            if state.status != "demanded":  # "even if support were to grow": the condition outweighs the modal
                state.status, state.rule = "conditional", f"condition:{mark}"
            return True
        if marks & self.words["marks.temporal"] and self._ahead(at, head):
            state.become("conditional", "condition:" + min(marks & self.words["marks.temporal"]))
            return True
        bare = not marks and at <= head + 3 and tree.has(at, "VerbForm=Ger") and not any(tree[w].upos == "PUNCT" for w in range(head, at))
        gerund = bare and at > head and self._effect(head, at, "xcomp") == "negated"  # "ruled out sending", taken for an adverbial
        if gerund or marks & {"from", "of", "for", "against", "into"}:
            return not self._embedded(at, head, "advcl", state)
        lemma = tree[head].lemma.lower()
        infinitive = "to" in marks and not tree.exactly(at, "nsubj")
        if infinitive and lemma in self.words["embedding.demanded"] | self.words["embedding.planned"] | self.words["embedding.negated"]:
            return not self._embedded(at, head, "xcomp", state)
        if infinitive and tree[at].lemma.lower() not in self.words["purpose_actual"]:
            state.become("planned", "purpose")
        return True

    def _ahead(self, at: int, head: int) -> bool:
        """Whether a time clause lies ahead with its main clause: that one is planned or imagined, and this one not in the past."""
        tree = self.tree
        if tree[head].upos == "ADV":
            head = tree[head].head
        past = any(tree.has(w, "Tense=Past") and tree.has(w, "VerbForm=Fin") for w in (at, *tree.exactly(at, "aux", "aux:pass", "cop")))
        main = _State()
        self._modal(head, main)
        return not past and main.status != "actual"

    def _effect(self, head: int, at: int, relation: str) -> str:
        """What a governor does to its complement: a status, "negated", "actual" (negation passes down), or nothing known."""
        tree = self.tree
        lemma = tree[head].lemma.lower()
        particle = next((tree[c].lemma.lower() for c in tree.exactly(head, "compound:prt")), "")
        preposition = tree.preposition(at) or next((tree[m].form.lower() for m in tree.exactly(at, "mark")), "")
        keys = [f"{lemma}_{particle}"] if particle else [f"{lemma}_{preposition}", lemma]
        if lemma == "rule" and any(tree[c].form.lower() == "out" for c in tree.children[head]):
            keys = ["rule_out"]
        if lemma == "stop" and any(tree[c].form.lower() == "short" for c in tree.children[head]):
            keys = ["stop_short"]
        if relation in ("obj", "obl", "nmod", "nsubj") and tree[at].upos != "VERB":
            if lemma in ("call", "ask", "press", "push", "appeal", "lobby", "campaign", "plead") and preposition != "for":
                return ""
            if relation in ("obl", "nmod") and preposition not in ("for", "of", "on", "against", "from", "to"):
                return ""
            if relation == "nsubj" and not tree[head].relation.startswith(("root", "ccomp")):
                return ""
        if (
            relation == "ccomp"
            and lemma in ("tell", "insist", "suggest", "warn", "announce", "agree", "hope")
            and not self._is_bare_infinitive(at)
        ):
            return ""
        for key in keys:
            for effect in ("negated", *_STATUSES, "actual"):
                if key in self.words[f"embedding.{effect}"]:
                    return effect
        return ""

    def _is_bare_infinitive(self, i: int) -> bool:
        """A "to" infinitive, or the subjunctive of demands ("insisted that he leave")."""
        tree = self.tree
        to = any(tree[m].form.lower() == "to" for m in tree.exactly(i, "mark"))
        return to or (not tree.exactly(i, "aux", "cop") and (tree.has(i, "Mood=Sub") or tree.has(i, "VerbForm=Inf")))

    def _embedded(self, at: int, head: int, relation: str, state: _State) -> bool:
        """Applies what the governor does to its complement; false when the climb ends there."""
        effect = self._effect(head, at, relation)
        lemma = self.tree[head].lemma.lower()
        negative = self._negated_here(head) or (
            self.tree[head].upos == "VERB" and any(self._negative_determiner(s) for s in self.tree.find(head, "nsubj"))
        )
        if relation in _NOMINAL and self.tree[at].upos != "VERB":
            # "demanded no release": the noun has its own "no"
            ignored = relation in ("obj", "nsubj") and self._negative_determiner(at)
            if ignored or effect in ("", "actual") or (effect in ("planned", "possible") and relation == "nsubj"):
                return False
        if (
            relation == "xcomp"
            and lemma in ("have", "be", "remain")
            and any(self.tree[w].form.lower() == "yet" for w in range(head + 1, at))
        ):
            state.flip("embedding:yet")  # "have yet to release"
        if effect == "negated":
            state.open = state.open or lemma in self.words["embedding.open_negated"]
            if not negative:
                state.flip(f"embedding:{lemma}")
            return relation not in _NOMINAL and relation != "ccomp"
        if negative and (effect == "actual" or lemma in self.words["neg_raising"]):
            state.flip(f"embedding:{lemma}")
        if relation == "acl":
            return self._noun_complement(at, head, effect, state)
        if relation == "ccomp" and {self.tree[m].form.lower() for m in self.tree.exactly(at, "mark")} & self.words["marks.possible"]:
            state.become("possible", "mark:whether")
        status = _STATUS.get(effect)
        if status:
            state.become(status, f"embedding:{lemma}")
        if relation == "ccomp" and (lemma in self.speech or not effect):
            return False
        if relation in ("xcomp", "advcl", "ccomp"):
            self._modal(head, state)
            return True
        return False

    def _noun_complement(self, at: int, head: int, effect: str, state: _State) -> bool:
        """What a noun says of its clause: "a plan to attack" is planned, "the first country to recognise" has done it."""
        tree = self.tree
        lemma = tree[head].lemma.lower()
        ordinal = lemma in self.words["ordinal"] or any(tree[c].lemma.lower() in self.words["ordinal"] for c in tree.find(head, "amod"))
        infinitive = any(tree[m].form.lower() == "to" for m in tree.exactly(at, "mark"))
        if ordinal:
            return False
        if effect in _STATUS:
            state.become(_STATUS[effect], f"embedding:{lemma}")
            return True
        if infinitive and tree[head].upos == "NOUN":
            state.become("planned", f"embedding:{lemma}")
        return False
