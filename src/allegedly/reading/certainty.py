"""How sure a predication is: its polarity and status, by scope in the tree.

A predication is judged from its own negation and modality outwards, through what embeds it, up to the clause that somebody says or
the sentence: so "this is not the first time that he fled" leaves the fleeing affirmed, and "refused to attend" makes the attending negated.
What governing words do is the matter of `signatures`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from allegedly.reading.clauses import Clauses
from allegedly.reading.governed import Governed
from allegedly.reading.signatures import NOMINAL, STATUSES, Signatures
from allegedly.reading.statements import Predication
from allegedly.reading.tree import Tree
from allegedly.records import Polarity, Status, quick

Words = Mapping[str, frozenset[str]]


@quick
@dataclass(frozen=True, slots=True)
class Sure:
    """Polarity and status, with the rule that decided and how reliable such a decision is, in [0, 1]."""

    polarity: Polarity
    status: Status
    rule: str
    score: float
    through: tuple[int, ...] = ()  # the governing words that had a say


@dataclass(slots=True)
class _State:
    negated: bool = False
    open: bool = False  # under a word whose negation leaves the matter open ("has not ruled out")
    through: list[int] = field(default_factory=list)
    status: Status = "actual"
    rule: str = "default"

    def become(self, status: Status, rule: str) -> None:
        """The innermost operator decides: later ones do not overrule it, but what is likely or feared "will" happen is only possible."""
        ahead = self.status == "planned" and self.rule in ("modal:will", "modal:would")
        if self.status == "actual" or (status == "possible" and ahead and not rule.startswith("modal")):
            self.status, self.rule = status, rule

    def flip(self, rule: str) -> None:
        self.negated = not self.negated
        if self.rule == "default":
            self.rule = rule


MOST_CLAUSES = 40
"""How far the climb goes: a guard against trees that no sentence has."""
_STATUS: dict[str, Status] = {"planned": "planned", "demanded": "demanded", "possible": "possible"}
_COMPLEMENTS = frozenset({"xcomp", "ccomp", "csubj", "obj", "obl", "nmod", "acl", "advcl", "nsubj"})


class Certainty(Governed):
    """Judges the predications of one text.

    `speech` holds the lemmas at which a content begins: modality above them is the reporter's own.
    """

    def __init__(self, tree: Tree, words: Words, speech: frozenset[str]) -> None:
        self.tree = tree
        self.words = words
        self.speech = speech
        self.clauses = Clauses(tree, words, speech)
        self.signatures = Signatures(tree, words, self.clauses)

    def judge(self, p: Predication, *, offered: bool = False) -> Sure:
        """Polarity and status of a predication; of an offer that is `offered`, of the offering. Misses irony, negation by opposites,
        and conditions stated in another sentence.
        """
        state = _State()
        start = p.verb
        if p.kind == "noun":
            self._modified(p.head, state)
        if self.clauses.negated(start) or self.clauses.negative_argument(p) or self.clauses.yet_to(start) >= 0:
            state.flip("negation")
        self._modal(start, state)
        if (
            p.light and p.light not in self.words["doing"] and not offered
        ):  # "is considering sanctions": the light verb says how far the act is
            for status in STATUSES:
                if p.light in self.words[f"embedding.{status}"]:
                    state.become(status, f"embedding:{p.light}")
        self._climb(start, state)
        if state.open and not state.negated:
            state.become("possible", "open")
        if state.negated and state.rule == "modal:could" and self._unable(start):
            state.status, state.rule = "actual", "negation"
        polarity: Polarity = "negated" if state.negated else "affirmed"
        return Sure(polarity, state.status, state.rule, 0.7 if state.rule == "default" else 0.85, tuple(state.through))

    # --- the predicate's own clause -----------------------------------------------------------------------------

    def _modal(self, i: int, state: _State) -> None:
        tree = self.tree
        auxiliaries = tree.exactly(i, "aux")
        perfect = any(tree[c].form.lower() == "have" for c in auxiliaries)
        if self.clauses.turned(i):
            state.become("conditional", "condition:inverted")
        for c in auxiliaries:
            form = tree[c].form.lower()
            if form == "must" and perfect:  # "must have fled": a guess
                state.become("possible", "modal:must have")
            for status in STATUSES:
                if form in self.words[f"modals.{status}"]:
                    state.become(status, f"modal:{tree[c].lemma.lower()}")
            if form in self.words["modals.conditional"] and not self.clauses.past_future(c, i):
                state.become("planned" if not perfect and self.clauses.backshifted(i) else "conditional", "modal:would")
        if self.clauses.imperative(i):
            state.become("demanded", "imperative")
        self._hedged(i, state)
        copulas = tree.exactly(i, "aux", "aux:pass", "cop")
        to = any(tree[m].form.lower() == "to" for m in tree.exactly(i, "mark"))
        if tree.has(i, "VerbForm=Inf") or len(copulas) > 1 or to or any(tree[c].form.lower() == "due" for c in tree.exactly(i, "case")):
            self._infinitive(i, state)
        if len(copulas) == 1 and tree[copulas[0]].form.lower() == "be" and "that" in self.clauses.marks(i):
            state.become("demanded", "subjunctive")  # "laid down that the cells be opened"

    def _hedged(self, i: int, state: _State) -> None:
        """What adverbs and comments leave open: "allegedly", "it is claimed", "organisers fear"."""
        tree = self.tree
        hedges = [c for c in tree.exactly(i, "advmod") if tree[c].lemma.lower() in self.words["adverbs.possible"]]
        hedges += [
            c for c in tree.exactly(i, "parataxis") if tree[c].lemma.lower() in self.words["hearsay"] and tree.exactly(c, "aux:pass")
        ]
        if hedges:  # "allegedly", "it is claimed"
            state.become("possible", f"adverb:{tree[hedges[0]].lemma.lower()}")
        for c in tree.exactly(i, "parataxis"):  # "They will stay away, [organisers fear]"
            if tree[c].lemma.lower() in self.words["fearing"] and c > i and tree.find(c, "nsubj"):
                state.become("possible", f"embedding:{tree[c].lemma.lower()}")

    def _unable(self, i: int) -> bool:
        """Whether a clause tells what somebody was not able to do: "could not stop it", not "cannot have fled", "could not be ill"."""
        auxiliaries = {self.tree[c].lemma.lower() for c in self.tree.exactly(i, "aux", "cop")}
        return self.tree[i].upos == "VERB" and not auxiliaries & {"have", "be"}

    def _infinitive(self, i: int, state: _State) -> None:
        """Plans told by the form of an infinitive: "is to visit", "is due to visit"."""
        tree = self.tree
        copula = tree.exactly(i, "cop", "aux", "aux:pass")
        marks = tree.exactly(i, "mark", "case")
        if copula and tree[copula[0]].lemma == "be" and any(tree[m].form.lower() == "to" and m > copula[0] for m in marks):
            state.become("planned", "be to")
        if any(tree[m].form.lower() == "due" for m in marks):
            state.become("planned", "due to")
        to = [m for m in marks if tree[m].form.lower() == "to"]
        own = tree.exactly(i, "nsubj", "nsubj:pass")
        clause = tree[i].head < 0 or (tree[i].relation in ("ccomp", "parataxis") and i < tree[i].head)  # "to be freed, envoys say"
        if to and clause and own and own[0] < to[0] < min([*copula, i]) and self.clauses.yet_to(i) < 0:  # "Court to hear appeal"
            state.become("planned", "to")

    def _modified(self, noun: int, state: _State) -> None:
        """What stands before an event noun says of it: "a planned attack", "any strike would"; not "a court-ordered execution"."""
        tree = self.tree
        for c in tree.find(noun, "amod"):
            lemma, form = tree[c].lemma.lower(), tree[c].form.lower()
            for status in STATUSES:
                told = self.words[f"embedding.{status}"] & {lemma, form} and lemma not in self.words["doing"]  # "in open defiance"
                if told and not (c > 0 and tree[c - 1].form == "-"):
                    state.become(status, f"modifier:{lemma}")
        if self.clauses.any_would(noun):
            state.become("conditional", "condition:any")

    # --- what stands above -------------------------------------------------------------------------------------

    def _climb(self, start: int, state: _State) -> None:
        """From the predicate up, clause by clause, until a content, a relative clause or the sentence ends."""
        at = start
        if self.clauses.were_to(start):
            state.status, state.rule = "conditional", "condition:were"
        if state.rule.startswith("condition:"):  # "had it been enforced": nothing above matters
            return
        depends = self.clauses.depends(at) and (
            state.status in ("actual", "planned") or state.rule == "modal:could" or self._might_have(at)
        )
        if (depends and not self._embedded_plan(at)) or (state.rule.startswith("modal:") and self.clauses.lacks(at)):
            state.status, state.rule = "conditional", "condition:main"
        for _ in range(MOST_CLAUSES):
            relation, head = self._above(at)
            if self._whether(at, state) or self._asked_of(at, head, relation, state):
                return
            closed = head < 0 or relation in ("acl:relcl", "advcl:relcl", "parataxis", "ccomp", "appos")
            demanded = state.status == "demanded" and state.rule[:6] != "modal:"  # "Should they leave?" asks
            if closed and self.clauses.asked(at) and not demanded and not state.rule.startswith("condition"):
                state.status, state.rule = "question", "question"
            if head < 0 or self._settled(at, head, state) or relation in ("acl:relcl", "advcl:relcl"):
                return
            if relation == "conj":
                self._conjunct(at, head, state)
            elif relation == "advcl":
                if self._adverbial(at, head, state):
                    return
            elif relation not in _COMPLEMENTS or not self._governs(at, head, relation, state):
                return
            at = head

    def _governs(self, at: int, head: int, relation: str, state: _State) -> bool:
        """What a governor does to its complement; whether the climb goes on. What a verb makes happen is no surer than the verb: "could
        trigger [protests]", "did not spark [strikes]".
        """
        affected = relation == "obj" or (relation == "nsubj" and bool(self.tree.exactly(head, "nsubj:pass")))
        lemma = self.tree[head].lemma.lower()
        if not affected or self.tree[at].upos == "VERB" or lemma not in self.words["bringing_about"]:
            return self._embedded(at, head, relation, state)
        if self._denied(head):
            state.flip(f"embedding:{lemma}")
        self._modal(head, state)
        return True

    def _asked_of(self, at: int, head: int, relation: str, state: _State) -> bool:
        """What it is asked of whether it is so is a question: "Is it true that he left?"."""
        told = relation in ("csubj", "ccomp") and head >= 0 and self.tree[head].lemma.lower() in self.words["asked_of"]
        if not told or state.status != "actual" or not self.clauses.asked(head):
            return False
        state.status, state.rule = "question", "question"
        return True

    def _above(self, at: int) -> tuple[str, int]:
        """A clause's relation and governor; a gerund on the object of the verb that it completes is the verb's ("cleared men of it")."""
        if (have := self.clauses.yet_to(at)) >= 0 and self.tree[at].head in (have, have + 1):  # its clause is that of "have"
            at = have
        tree, relation, head = self.tree, self.clauses.relation(at), self.tree[at].head
        if relation != "acl" or head not in tree.actors or tree[head].relation not in ("obj", "iobj", "nsubj:pass"):
            return relation, head
        completes = self.clauses.gerund(at) and self.signatures.listed(at, tree[head].head)
        return ("advcl", tree[head].head) if completes else (relation, head)

    def _settled(self, at: int, head: int, state: _State) -> bool:
        """Whether a construction around a clause decides, and nothing above it matters: denied evidence, clefts, conditions."""
        tree = self.tree
        if self._unfounded(at, head) or self._not_cleft(at, head) or self._untrue(at, head):
            state.flip(f"embedding:{tree[head].lemma.lower()}")
            return True
        if tree[at].relation == "ccomp" and (self.clauses.provided(head) or self.clauses.supposes(head)):
            state.status, state.rule = "conditional", f"condition:{tree[head].form.lower()}"
            return True
        if tree[at].relation in ("xcomp", "advcl") and self.clauses.to_infinitive(at) and self._idle(head):
            state.flip("embedding:little")
            return True
        if tree[at].relation in ("xcomp", "advcl") and self.clauses.to_infinitive(at) and self._vain(head):
            state.flip("embedding:vain")
            return True
        if tree[at].relation == "advcl" and self.clauses.to_infinitive(at) and tree[head].lemma.lower() in self.words["lacking"]:
            state.flip(f"embedding:{tree[head].lemma.lower()}")
            return True
        allowed = tree[at].relation == "xcomp" and self.clauses.to_infinitive(at) and self._time_given(head)
        if allowed or self.clauses.overdue(at, head) or self._called_for(at, head):
            state.status, state.rule = "demanded", "embedding:time"
            return True
        if tree[at].relation in ("acl", "acl:relcl", "obl", "nmod", "conj", "ccomp") and (mark := self.clauses.condition(at)):
            state.status, state.rule = "conditional", f"condition:{mark}"
            return True
        return self.clauses.goes_on(at, head)

    def _whether(self, at: int, state: _State) -> bool:
        """An embedded question: "whether", or "if" in a clause that is no adverbial ("asked if he had left").

        "Whether to leave" is an option, "whether or not he leaves" a condition.
        """
        relation = self.tree.bases[at]
        marks = self.clauses.marks(at)
        head = self.tree[at].head
        asking = head >= 0 and self.tree[head].lemma.lower() in self.words["asking"]
        asked = asking or (relation in ("ccomp", "csubj") and head < at)  # not "If it rains, she warned, we starve"
        found = any(m.startswith("whether") for m in marks) or ("if" in marks and asked and not self.clauses.apart(at))
        if found:
            adverbial = relation == "advcl" and "if" not in marks and len(marks) == 1 and head >= 0 and self.tree[head].upos == "VERB"
            state.rule = "whether"
            if "to" in marks:
                state.status = "possible"
            elif adverbial:
                state.status, state.rule = "conditional", "condition:whether"
            else:
                state.status = "question"
        return found

    def _embedded_plan(self, i: int) -> bool:
        """Whether a word is what somebody plans or demands: a condition on that leaves it a plan."""
        head = self.tree[i].head
        if head < 0 or self.tree[i].relation not in ("xcomp", "acl"):
            return False
        return self.tree[head].lemma.lower() in self.words["embedding.planned"] | self.words["embedding.demanded"]

    def _conjunct(self, at: int, head: int, state: _State) -> None:
        """A bare conjunct takes its modals from the first ("will attack and burn"), its negative subject ("no envoy came or wrote"), and
        under "or" and "nor" its negation too.
        """
        tree = self.tree
        if tree[at].upos not in ("VERB", "AUX") or tree.exactly(at, "aux", "aux:pass", "cop", "nsubj", "nsubj:pass"):
            return
        self._modal(head, state)
        ending = next((c for c in (at, *tree.exactly(head, "conj")) if c >= at and tree.exactly(c, "cc")), at)  # "came, wrote or called"
        coordinators = {tree[c].form.lower() for c in tree.exactly(ending, "cc")}
        joined = self.clauses.negated(head) and coordinators & {"or", "nor"} and not self.clauses.negated(at)
        if joined or self.clauses.negative_subject(head):
            state.flip("negation")

    def _might_have(self, at: int) -> bool:
        """Whether something "might have" been done, which under a condition it was not."""
        forms = {self.tree[c].form.lower() for c in self.tree.exactly(at, "aux")}
        return {"might", "have"} <= forms

    def _adverbial(self, at: int, head: int, state: _State) -> bool:
        """True when the climb ends here. Conditions, purposes, and gerunds after "from" or "of", which go on as complements."""
        tree = self.tree
        marks = self.clauses.marks(at)
        mark = self.clauses.condition(at) or ("inverted" if self.clauses.turned(at) else "")
        if mark and mark != "except":
            if state.status != "demanded":  # "even if support were to grow": the condition outweighs the modal
                state.status, state.rule = "conditional", f"condition:{mark}"
            return True
        if marks & self.words["marks.temporal"] and self._ahead(at, head):
            state.become("conditional", "condition:" + min(marks & self.words["marks.temporal"]))
            return True
        if "for" in marks and self.clauses.gerund(at) and tree[head].lemma.lower() in self.words["answering_for"]:
            return True
        if "without" in marks and tree[head].lemma.lower() in self.words["passing"] and self._never(head):
            state.flip("negation:twice")
        effect = self.signatures.effect(head, at, "xcomp")
        bare = not marks and at <= head + 3 and tree.has(at, "VerbForm=Ger") and not any(tree[w].upos == "PUNCT" for w in range(head, at))
        gerund = bare and at > head and effect == "negated"  # "ruled out sending", taken for an adverbial
        if "for" in marks and effect in _STATUS and tree.exactly(head, "aux:pass"):  # "is wanted for killing"
            return True
        if gerund or marks & {"from", "of", "for", "against", "into"} or (effect and marks & {"on", "at"}):  # "go on jailing"
            return not self._embedded(at, head, "advcl", state)
        if "to" in marks and self._time_given(head):
            state.become("demanded", "embedding:time")
            return False
        told = self.clauses.gerund(at) and tree[head].lemma.lower() in self.words["telling"]
        outcome = any(tree[c].form.lower() == "only" and c < at for c in tree.exactly(at, "advmod"))  # "freed him, only to jail him again"
        infinitive = "to" in marks and not tree.exactly(at, "nsubj") and not told and not outcome
        if infinitive and self._complement(at, head, effect):
            return not self._embedded(at, head, "xcomp", state)
        if infinitive and tree[head].lemma.lower() in self.words["means"] and tree.find(head, "obj"):
            self._modal(head, state)
        elif infinitive and self.clauses.to_infinitive(at) and tree[at].lemma.lower() not in self.words["purpose_actual"]:
            main = _State()
            self._modal(head, main)
            state.become(main.status if main.status in ("possible", "conditional") else "planned", "purpose")
        return True

    def _complement(self, at: int, head: int, effect: str) -> bool:
        """Whether an infinitive that the parser took for an adverbial is its verb's complement: "went on to accuse", "decided it best to
        leave"; not where it is a purpose after an object ("blocked the road to protest").
        """
        if effect == "negated" and self.tree[head].lemma.lower() not in self.words["forbidding"]:
            return not any(o < at for o in self.tree.exactly(head, "obj"))
        right = self.tree[head].upos == "ADJ" and self.tree[head].lemma.lower() in self.words["embedding.factive"]  # "were right to refuse"
        return right or effect in ("demanded", "planned", "negated") or bool(effect and self.signatures.particles(head))

    def _ahead(self, at: int, head: int) -> bool:
        """Whether a time clause lies ahead with its main clause: that one is planned or imagined, and this one not in the past."""
        tree = self.tree
        if tree[head].upos == "ADV":
            head = tree[head].head
        main = _State()
        self._modal(head, main)
        told = "after" in self.clauses.marks(at) or tree[tree[head].head].upos == "ADJ"  # "vowed to go after it failed", "about to"
        planned = tree.has(head, "VerbForm=Inf") and self._embedded_plan(head) and not told
        if self.clauses.tensed(at, "Tense=Past"):
            return main.rule == "modal:would" or planned  # "said that it would leave once they disarmed"
        ruled_out = self.clauses.tensed(head, "Tense=Past") and self.clauses.present(at)  # "ruled out talks until they leave"
        return main.status != "actual" or planned or ruled_out

    # --- governors ---------------------------------------------------------------------------------------------

    def _denied(self, i: int, *, refused: bool = False) -> bool:
        """Whether a governor is negated: itself or by its subject ("nobody believes"); with `refused` also by its own governor
        ("declined to confirm").
        """
        tree = self.tree
        if self.clauses.negated(i) or self.clauses.negative_subject(i):
            return True
        head = tree[i].head
        chained = refused and head >= 0 and tree[i].relation == "xcomp"
        return chained and self.signatures.effect(head, i, "xcomp") == "negated" and not self.clauses.negated(head)

    def _embedded(self, at: int, head: int, relation: str, state: _State) -> bool:
        """Applies what the governor does to its complement; false when the climb ends there."""
        effect = self.signatures.effect(head, at, relation)
        lemma = self.tree[head].lemma.lower()
        rule = f"embedding:{lemma}"
        last = relation == "ccomp" and (lemma in self.speech or effect in ("", "negated"))
        negative = self._denied(head, refused=last)
        if relation in NOMINAL and self.tree[at].upos != "VERB" and self._untouched(at, relation, effect):
            return False
        if relation == "xcomp" and lemma in ("have", "be", "remain"):
            self._have_to(at, head, state)
        told = relation in ("ccomp", "csubj") or (relation == "xcomp" and self.clauses.gerund(at))
        if negative and told and self._unsettled(at, head):
            state.become("possible", rule)
            state.through.append(head)
            return False
        if effect == "negated":
            self._undone(head, state, negative)
            return relation not in NOMINAL and relation != "ccomp"
        if relation == "acl":
            timed = self.clauses.marks(at) & self.words["marks.temporal"]  # "pressure [after he was charged]"
            return not timed and self._noun_complement(at, head, effect, state)
        if negative and lemma in self.words["doubting"]:
            state.through.append(head)
            return False
        if self._turned(at, head, effect, relation, negative):
            state.flip(rule)
        if effect == "possible" and lemma in self.words["letting"]:  # "allowed him to go": he went; "would allow him to go": it depends
            self._modal(head, state)
            joined = self.tree[head].relation == "conj" and not self.tree.exactly(head, "aux", "nsubj")
            if joined:  # "would gag the press and allow them to"
                self._modal(self.tree[head].head, state)
            effect = "" if self.clauses.past(head) or state.status != "actual" else effect
        if effect in _STATUS and not (negative and lemma in self.words["allowing"]):
            state.become(_STATUS[effect], rule)
        if last or (relation not in ("xcomp", "advcl", "ccomp") and not (relation == "csubj" and self.clauses.to_infinitive(at))):
            return False
        self._modal(head, state)
        return True

    def _undone(self, head: int, state: _State, negative: bool) -> None:
        """Negates what a governor keeps from being done; what it prohibits is demanded not to be."""
        lemma = self.tree[head].lemma.lower()
        rule = f"embedding:{lemma}"
        state.through.append(head)
        state.open = state.open or lemma in self.words["embedding.open_negated"]
        if not negative:
            state.flip(rule)
        if lemma in self.words["prohibiting"]:
            state.become("demanded", rule)

    def _untouched(self, at: int, relation: str, effect: str) -> bool:
        """Whether an effect does not carry over to an event noun: the noun's own "no" counts ("demanded no release"), and the subject of
        what is planned or possible is there already.
        """
        own = relation in ("obj", "nsubj") and self.clauses.negative_determiner(at)
        return own or effect in ("", "actual") or (effect in ("planned", "possible") and relation == "nsubj")

    def _turned(self, at: int, head: int, effect: str, relation: str, negative: bool) -> bool:
        """Whether a governor turns its complement's polarity: by its own negation, or as "unlikely" and "warned against" do."""
        if self.words["negating"].intersection(self.signatures.keys(head, at)):
            return not negative
        lemma = self.tree[head].lemma.lower()
        clause = relation in ("ccomp", "csubj")
        if effect == "planned" or (effect == "actual" and (not clause or self.tree[head].upos == "ADJ")):
            return negative
        shown = clause and lemma in self.words["evidential"] and not self.clauses.interrogative(at)
        return negative and (shown or lemma in self.words["neg_raising"] | self.words["allowing"])

    def _have_to(self, at: int, head: int, state: _State) -> None:
        """Obligations: "has to leave" is demanded, "had to leave" done, "does not have to leave" neither."""
        tree = self.tree
        if tree[head].lemma != "have" or self.clauses.yet_to(at) >= 0 or not self.clauses.to_infinitive(at):
            return
        if self.clauses.negated(head):
            state.flip("embedding:have to")
        if not tree.has(head, "Tense=Past"):
            state.become(*(("conditional", "condition:main") if self.clauses.depends(head) else ("demanded", "embedding:have to")))

    def _noun_complement(self, at: int, head: int, effect: str, state: _State) -> bool:
        """What a noun says of its clause: "a plan to attack" is planned, "no plan to attack" negated as well, "the first country to
        recognise" has done it.
        """
        tree = self.tree
        lemma = tree[head].lemma.lower()
        rule = f"embedding:{lemma}"
        marks = self.clauses.marks(at)
        if not marks and tree.has(at, "VerbForm=Part"):  # "the deal brokered by", "a plan drawn up by"
            return False
        done = lemma in self.words["embedding.factive"] and any(
            tree[a].form.lower() == "have" for a in tree.exactly(at, "aux")
        )  # "claim to have hit"
        if done or self._ordinal(head) or "but" in marks:  # "no choice but to leave"
            return False
        lacking = tree.relations[head] == "obj" and tree[tree[head].head].lemma in self.words["lacking"]
        lacking = lacking or (lemma in self.words["permits"] and self._withheld(head))
        negative = lacking or self._negative_noun(head)
        infinitive = "to" in marks
        if (lacking and infinitive) or (lemma in self.words["trying"] and (negative or self._failed(head))):
            state.flip(rule)
            return False
        little = any(tree[c].lemma.lower() in ("little", "few") for c in tree.find(head, "amod", "det"))
        if (negative or little) and lemma in self.words["doubting"]:
            return False
        if negative and (infinitive or effect in _STATUS or ("of" in marks and lemma in self.words["embedding.evidence"])):
            state.flip(rule)
        if lemma == "nothing":
            return False
        if effect in _STATUS:
            state.become(_STATUS[effect], rule)
            if self._dropped(head):
                state.flip(rule)
            if self._answered(head):
                state.through.append(tree[head].head)
                return False
            return True
        if infinitive and tree[head].upos == "NOUN":
            state.become("planned", rule)
        return False
