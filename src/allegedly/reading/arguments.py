"""Who has which part in a verb or a noun: the grammatical arguments of a text's predicates.

The roles are grammatical (Universal Dependencies, de Marneffe et al. 2021), with diathesis undone and shared arguments filled in, after the
enhanced dependencies of Schuster & Manning (2016): conjuncts, relative clauses, control and raising.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from allegedly.reading.tree import CLAUSAL, Tree

Words = Mapping[str, frozenset[str]]

_HOUR_OR_YEAR = re.compile(r"\d{1,2}(?:[.:]\d\d)?\s?(?:[ap]\.?m\.?)|\d{1,2}[.:]\d\d|(?:1[5-9]|20)\d\d(?:-\d\d)?", re.IGNORECASE)


@dataclass(slots=True)
class Parts:
    """Arguments of one verb while they are gathered. `agent` acts, `patient` is acted on."""

    agent: list[int]
    patient: list[int]
    indirect: list[int]
    passive: bool


class Arguments:
    """Finds the arguments of the predicates of one text. Misses what stands outside the sentence."""

    def __init__(self, tree: Tree, words: Words) -> None:
        self.tree = tree
        self.words = words
        self._arguments: dict[int, Parts] = {}
        self._active: set[int] = set()

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
        if token.upos == "NUM" and (self.tree.preposition(i) or i in self.tree.conjuncts(token.head)):
            return self._is_date(i) or (self.tree.preposition(i) == "at" and lemma in self.words["hours"] and not self.tree.children[i][1:])
        if lemma not in self.words["times"] or i in self.tree.people or (lemma in ("march", "may") and token.upos != "PROPN"):
            return False
        return not any(self.tree.preposition(c) == "of" and not self._is_time(c) for c in self.tree.exactly(i, "nmod"))  # "years of war"

    def _is_date(self, i: int) -> bool:
        """Whether a number is an hour, a year or the day of a month: "at 6.10am", "from 2009 to [2013]", "on [28] March"."""
        months = (c for c in self.tree.children[i] if self.tree.bases[c] in ("nmod", "flat", "appos") and not self.tree.preposition(c))
        return bool(_HOUR_OR_YEAR.fullmatch(self.tree[i].form)) or any(self._is_time(c) for c in months)

    def _clauses(self, i: int) -> list[tuple[str, int]]:
        return [(r, c) for c in self.tree.children[i] if (r := self.tree.bases[c]) in CLAUSAL]

    def _conjoined(self, i: int) -> list[int]:
        """A word and its conjuncts, without those that "not" takes out: "not the army but [a militia]", "[the guards], and not she"."""
        joined = [x for x in self.tree.conjuncts(i) if x == i or not self.tree.is_clause(x)]
        return [x for x in joined if not self._taken_out(x)] or joined

    def _taken_out(self, i: int) -> bool:
        return any(self.tree[c].form.lower() == "not" and c < i for c in self.tree.children[i])

    def arguments(self, i: int) -> Parts:
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
        if not objects and not patients:
            objects = self._shared_object(i)
        passive = bool(patients or by or tree.exactly(i, "aux:pass"))
        hanging = tree[i].relation == "acl" or (tree[i].relation == "advcl" and tree.has(i, "Tense=Past") and not objects)
        hanging = hanging or self._caused(i)
        told = tree[i].relation == "acl" and tree.has(i, "Tense=Past") and not tree.find(i, "mark", "nsubj")  # "dockers [shot] dead"
        participle = tree.has(i, "VerbForm=Part") or told
        reduced = hanging and participle and not tree.has(i, "Tense=Pres")
        if reduced and not agents and not tree.exactly(i, "aux"):  # "the deal signed in May", not "claims that he had signed"
            passive = True
        if passive:
            found = Parts(by, patients or objects, indirect, True)
            if patients:
                found.patient += [o for o in objects if o not in found.patient and tree[o].relation == "obj"]
        else:
            found = Parts(agents, objects, indirect, False)
        self._arguments[i] = found
        self._share(i, found)
        return found

    def _shared_object(self, i: int) -> list[int]:
        """The object that a verb shares with the last of three or more, "fed, clothed and housed [the exiles]", or with one to which
        "nor" joins it, "neither knew of nor approved [the payments]".
        """
        tree = self.tree
        first = tree[i].head if tree[i].relation == "conj" else i
        joined = [c for c in tree.exactly(first, "conj") if tree[c].upos in ("VERB", "ADJ")]
        if not joined or tree[first].upos != "VERB" or any(tree[v].lemma.lower() in self.words["alone"] for v in (first, *joined)):
            return []
        if tree.exactly(i, "iobj", "ccomp", "xcomp", "aux:pass", "compound:prt"):
            return []
        last = joined[-1]
        shares = i < last and len(joined) > 1 and {t.upos for t in tree.tokens[i + 1 : last]} <= {"VERB", "ADJ", "PUNCT", "CCONJ", "ADV"}
        if shares and tree[last].upos == "VERB":
            return [x for c in tree.exactly(last, "obj") if c > last for x in self.referents(c)]
        if i == last and i + 1 < len(tree) and any(tree[c].form.lower() == "nor" for c in tree.exactly(i, "cc")):
            stranded = (c for c in tree.exactly(first, "obl") if c > i and any(m < i for m in tree.exactly(c, "case")))
            return [x for c in stranded for x in self.referents(c)]
        return []

    def _caused(self, i: int) -> bool:
        """Whether a participle says what is done to the object of the verb above: "ordered the line [cut]", "wants him [freed]"."""
        tree, head = self.tree, self.tree[i].head
        if tree[i].relation not in ("xcomp", "ccomp") or head < 0 or tree.exactly(i, "mark", "aux", "aux:pass", "obj"):
            return False
        return tree[head].upos == "VERB" and tree[head].lemma.lower() in self.words["causative"] and head < i

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
        if tree[c].form.lower() == "what" and (named := self._so_called(c)):
            return named
        if tree.has(c, "PronType=Rel") and tree[c].upos == "PRON":
            for up in tree.ancestors(c):
                if tree[up].relation == "acl:relcl" or (
                    tree[up].relation == "advcl:relcl" and tree[tree[up].head].upos in ("NOUN", "PROPN")
                ):
                    antecedent = tree[up].head
                    while tree[antecedent].relation == "conj" and self._taken_out(antecedent):  # "the guards, and not she, who"
                        antecedent = tree[antecedent].head
                    return self._conjoined(antecedent)
            return [*self._before(c), c]
        if tree[c].upos == "PRON" and tree[c].relation == "expl":
            return []
        return [x for i in self._conjoined(c) for x in self._members(i)]

    def _so_called(self, what: int) -> list[int]:
        """What is spoken of as "what they call [a purge]", "what she described as [a purge]"."""
        tree = self.tree
        for clause in tree.find(what, "acl"):
            if tree[clause].lemma.lower() in self.words["calling"] and tree.find(clause, "nsubj"):
                named = [o for o in tree.find(clause, "xcomp", "obj", "obl", "ccomp") if o > clause and tree[o].upos in ("NOUN", "PROPN")]
                return [x for o in named[:1] for x in self._conjoined(o)]
        return []

    def _before(self, pronoun: int) -> list[int]:
        """The noun right before a relative pronoun, where the parser hangs the clause elsewhere: "told [Vasht], who left"."""
        tree = self.tree
        at = pronoun - 1 - (pronoun > 0 and tree[pronoun - 1].form == ",")
        if at < 0 or tree[at].sentence != tree[pronoun].sentence or tree[at].upos not in ("NOUN", "PROPN"):
            return []
        while tree[at].relation in ("flat", "compound", "goeswith") and tree[at].head >= 0:
            at = tree[at].head
        return [at]

    def _members(self, i: int) -> list[int]:
        """The parties that a phrase names as its members, "powers like Osk and Brennia"; the phrase's head where it names none."""
        tree = self.tree
        listed = [x for c in tree.exactly(i, "nmod") if tree.preposition(c) in ("like", "such as", "including") for x in self._conjoined(c)]
        named = [x for x in listed if x in tree.named]
        return named if named and len(named) == len(listed) else [i]

    def _share(self, i: int, found: Parts) -> None:
        """Fills the roles that a clause shares with the clause or noun it hangs on."""
        if i in self._active:
            return
        self._active.add(i)
        relation, head = self.tree[i].relation, self.tree[i].head
        filled = bool(found.patient) if found.passive else bool(found.agent)
        if head >= 0:
            if relation == "conj" and self.tree[head].upos == "VERB":
                self._share_conjunct(i, head, found, filled)
            elif relation == "conj" and not filled and self.tree.exactly(head, "cop"):  # "is a deputy and leads the party"
                self._put(found, self.bearers(head))
            elif relation == "acl:relcl":
                self._share_relative(i, head, found)
            elif relation == "acl" and not filled:
                self._share_participle(i, head, found)
            elif relation.split(":")[0] in ("xcomp", "advcl", "ccomp") and not filled and not self.tree.exactly(i, "nsubj", "nsubj:pass"):
                self._put(found, self._controller(i, head))
        self._active.discard(i)

    @staticmethod
    def _put(found: Parts, who: list[int]) -> None:
        """Gives the surface subject's role to `who`."""
        if found.passive:
            found.patient = found.patient or list(who)
        else:
            found.agent = found.agent or list(who)

    def _share_conjunct(self, i: int, head: int, found: Parts, filled: bool) -> None:
        first = self.arguments(head)
        tree = self.tree
        if found.passive and first.passive and found.agent and not first.agent and not tree.exactly(i, "aux", "aux:pass", "nsubj:pass"):
            first.agent = list(found.agent)  # "was arrested and beaten by soldiers"
        if not filled and not tree.exactly(i, "nsubj", "nsubj:pass"):
            bare = not tree.exactly(i, "aux", "aux:pass") and first.passive and not found.agent
            particle = bool(tree.exactly(i, "compound:prt")) and not found.patient and tree.relations[head] in ("acl", "advcl")
            participle = tree.has(i, "VerbForm=Part") or particle  # "held for days and [married] off"
            bare = bare and (participle or (tree[i].lemma.lower() in self.words["placing"] and not found.patient))
            given = first.passive and tree[i].lemma.lower() in self.words["giving"] and not any(p == "to" for p, _ in self.obliques(i))
            if (
                (bare or given) and found.patient and not tree.exactly(i, "aux", "aux:pass", "compound:prt")
            ):  # "was called in and handed a note"
                found.passive, found.indirect = True, list(first.patient)
            elif bare:
                found.passive, found.patient, found.agent = True, list(first.patient), found.agent or list(first.agent)
            else:
                self._put(found, first.patient if first.passive else first.agent)
        alone = bool(self.words["alone"] & {tree[i].lemma.lower(), tree[head].lemma.lower()})
        if not alone and not found.passive and not first.passive and not found.patient and first.patient and min(first.patient) > i:
            found.patient = list(first.patient)
        if (
            not alone
            and not first.passive
            and not first.patient
            and found.patient
            and not found.passive
            and i - head <= 2
            and not first.indirect
            and not tree.find(head, "xcomp", "ccomp")
            and not any(c < i for c in tree.find(head, "obl"))
        ):
            first.patient = list(found.patient)

    def _share_relative(self, i: int, head: int, found: Parts) -> None:
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

    def _share_participle(self, i: int, head: int, found: Parts) -> None:
        """Who a participle or infinitive on a noun is about.

        "Troops stationed in", "a plan drawn up by", "soldiers guarding": the noun; "efforts to form": the noun's owner.
        """
        tree = self.tree
        marks = {tree[m].form.lower() for m in tree.exactly(i, "mark")}
        if tree[head].upos == "VERB":
            self._put(found, self._controller(i, head))
        elif tree.has(i, "VerbForm=Inf") or "to" in marks:
            self._put(found, self._owner(i, head) or self._bidder(head))
        elif marks & self.words["object_control_prepositions"]:
            self._put(found, self._gerund_subject(head))
        elif marks:  # "his first trip since taking office"
            self._put(found, self.possessors(head) or self._undertaker(head, "appos"))
        elif tree.exactly(head, "cop") and tree[i - 1].form == ",":  # "is the largest donor, contributing millions"
            self._put(found, self.bearers(head))
        else:
            self._put(found, self._conjoined(head))

    def _owner(self, i: int, noun: int) -> list[int]:
        """Whose a noun with an infinitive is: "the mayor's plan to", "a pledge by Osk to", "the right of workers to", "an Osk bid to"; of
        persons, they themselves ("candidates to lead the guild").
        """
        tree = self.tree
        if noun in tree.people:
            return self._conjoined(noun)
        owners = self.possessors(noun) or [h for p, h in self.obliques(noun) if p == "by"]
        owners = owners or [h for p, h in self.obliques(noun) if p == "of" and h < i and (h in tree.actors or tree[h].upos == "PRON")]
        return owners or [c for c in tree.exactly(noun, "compound", "amod") if c in tree.actors and c < noun]

    def _bidder(self, noun: int) -> list[int]:
        """Who is to do what the infinitive after a noun tells, where nothing says whose the noun is: "made a bid to", "left in a bid to",
        "is on track to".
        """
        tree = self.tree
        if tree.exactly(noun, "cop"):
            return self.bearers(noun)
        means = (
            tree[noun].relation == "obl"
            and tree.preposition(noun) in ("in", "as", "under")
            and tree[noun].lemma.lower() in self.words["bids"]
        )
        return self._undertaker(noun, "xcomp", *(["obl"] if means else []))

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
        return against or (self._undertaker(noun) if answering else self._charged(above) if self.tree.preposition(noun) == "on" else [])

    def _charged(self, act: int) -> list[int]:
        """Who is arrested or tried on charges, by the verb or noun before "on": "was held on charges of looting", "her trial on"."""
        if act < 0 or self.tree[act].upos not in ("VERB", "NOUN"):
            return []
        if self.tree[act].upos == "NOUN":
            return self.possessors(act) or [h for p, h in self.obliques(act) if p == "of"] or self._undertaker(act)
        parts = self.arguments(act)
        who = [h for h in (*parts.patient, *parts.indirect) if h in self.tree.actors or self.tree[h].upos == "PRON"]
        return who or parts.agent

    def _holder(self, noun: int) -> list[int]:
        """Whose hope, risk or sentence it is: "the army's hope of winning", "he is serving a sentence for looting"."""
        if self.tree[noun].relation == "xcomp":  # "found him guilty of looting"
            return self._controller(noun, self.tree[noun].head)
        return self.possessors(noun) or self._undertaker(noun, "obl")

    def bearers(self, i: int) -> list[int]:
        """Of whom a noun or adjective is said: the subject of its copula, or one that it shares ("won and is rich", "found him guilty")."""
        tree = self.tree
        subjects = [x for c in tree.find(i, "nsubj") for x in self.referents(c)]
        relation, head = tree[i].relation, tree[i].head
        if subjects or tree.find(i, "nsubj", "csubj", "expl") or head < 0:
            return subjects
        if relation == "acl:relcl":
            return self._conjoined(head)
        if relation == "conj" and tree[head].upos == "VERB":
            above = self.arguments(head)
            return above.patient if above.passive else above.agent
        if relation == "conj" and tree.exactly(head, "cop"):
            return self.bearers(head)
        return self._controller(i, head) if relation in ("xcomp", "advcl") else []

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
            of = [x for c in tree.exactly(head, "obl", "nmod") if tree.preposition(c) == "of" for x in self._conjoined(c)]
            it = any(tree[c].form.lower() == "it" for c in tree.find(head, "expl", "nsubj"))
            return of if of and it else self.bearers(head) or self.possessors(head)  # "it was wrong of [the crews] to leave"
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
            return self._beside(above, head, marks, behind=i > head) or surface
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

    def _beside(self, above: Parts, head: int, marks: set[str], *, behind: bool) -> list[int]:
        """Who is meant in an adverbial clause if not the subject: "kept [the cabinet] from leaving", "gave [the firm] two days to pay",
        "was used by [the police] to track them"; not "far from leaving, he".
        """
        if behind and marks & self.words["object_control_prepositions"]:
            return above.patient or above.indirect  # the parser may have either
        tree = self.tree
        if "to" in marks and tree[head].lemma.lower() == "give":
            days = any(self._is_time(o) and not tree.exactly(o, "nmod") for o in tree.exactly(head, "obj"))  # not "two years in jail"
            return above.indirect if days else []
        people = any(x in tree.people or x in tree.named or tree[x].upos == "PRON" for x in above.patient)  # "were paid by Osk to kill him"
        return above.agent if "to" in marks and above.passive and behind and not people else []

    def _speaking(self, i: int, head: int) -> int:
        """The verb that a participle goes with: a verb of saying between it and the quotation ("'We won,' she said, thanking them")."""
        tree = self.tree
        if tree[i].relation != "advcl" or i < head or not tree.has(i, "VerbForm=Part") or tree.exactly(i, "mark"):
            return head
        above = [tree[head].head] if tree[head].relation == "ccomp" else []
        said = (c for c in (*tree.exactly(head, "parataxis"), *above) if head < c < i and tree.find(c, "nsubj"))
        return next(said, head)
