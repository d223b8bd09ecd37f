"""What words do to the clauses that they govern: "failed to", "plans to", "is thought to have", "the right to".

Signatures of embedding predicates follow Karttunen (1971, "Implicative verbs"; 2012) and Nairn, Condoravdi & Karttunen (2006).
"""

from collections.abc import Mapping

from allegedly.reading.clauses import Clauses
from allegedly.reading.tree import Tree
from allegedly.records import Status

STATUSES: tuple[Status, ...] = ("planned", "demanded", "possible")
_EFFECTS = ("negated", *STATUSES, "actual")
_CLAUSES = ("xcomp", "advcl", "ccomp", "csubj")
NOMINAL = ("obj", "obl", "nmod", "nsubj")


class Signatures:
    """The signatures of the governing words of one text, from the lists of `certainty.toml`."""

    def __init__(self, tree: Tree, words: Mapping[str, frozenset[str]], clauses: Clauses) -> None:
        self.tree = tree
        self.words = words
        self.clauses = clauses
        self.effects = {word: effect for effect in reversed(_EFFECTS) for word in words[f"embedding.{effect}"]}

    def particles(self, head: int) -> list[str]:
        """The small words that make a phrase of a verb: "call off", "stop short", "come close"."""
        tree = self.tree
        small = ("ADP", "ADV", "ADJ")
        return [tree[c].form.lower() for c in tree.find(head, "compound", "advmod", "xcomp") if c > head and tree[c].upos in small]

    def keys(self, head: int, at: int) -> list[str]:
        """What a governor is looked up by: with a particle, with the preposition of its complement, alone."""
        tree = self.tree
        lemma = tree[head].lemma.lower()
        preposition = tree.preposition(at) or next((tree[m].form.lower() for m in tree.exactly(at, "mark")), "")
        phrases = [f"{lemma}_{particle}" for particle in self.particles(head)]
        if tree.exactly(head, "compound:prt"):
            return phrases
        return [*phrases, f"{lemma}_{preposition}", lemma]

    def effect(self, head: int, at: int, relation: str) -> str:
        """What a governor does to its complement: a status, "negated", "actual" (negation passes down), or nothing known."""
        tree = self.tree
        lemma = tree[head].lemma.lower()
        if relation in NOMINAL and tree[at].upos != "VERB" and not self._reaches(at, head, relation):
            return ""
        if relation in ("ccomp", "csubj") and lemma in self.words["subjunctive"] and not self.clauses.bare_infinitive(at):
            return ""
        if lemma == "go" and relation == "xcomp":  # "is going to leave"
            return "planned" if tree.exactly(head, "aux") and tree[head].form.lower() == "going" else "actual"
        if relation in ("xcomp", "csubj") and lemma in self.words["hearsay"] and tree.exactly(head, "aux:pass"):
            return "possible"
        infinitive = relation in _CLAUSES and self.clauses.to_infinitive(at)
        if relation == "xcomp" and lemma in self.words["ceasing"] and not infinitive:
            return "negated"
        if infinitive and any(tree[c].form.lower() == "too" and c < head for c in tree.find(head, "advmod")):  # "too weak to resist"
            return "negated"
        if lemma in self.words["embedding.factive"]:
            return ""
        if lemma in self.words["summoning"] and infinitive and tree[at].lemma.lower() in self.words["purpose_actual"]:
            return ""
        if lemma in self.words["swearing"] and relation == "ccomp" and self.clauses.past(at):  # "swore that nobody was hurt"
            return ""
        if effect := self.listed(at, head):
            return "" if effect == "possible" and relation == "ccomp" and self.clauses.interrogative(at) else effect
        if infinitive and relation == "xcomp" and self._ahead_of(at, head):
            return "possible" if tree[head].upos == "ADJ" else "planned"
        return ""

    def _reaches(self, at: int, head: int, relation: str) -> bool:
        """Whether a governor says anything of an event noun among its arguments: "called for the release", not "called the release"."""
        tree, lemma, preposition = self.tree, self.tree[head].lemma.lower(), self.tree.preposition(at)
        if tree[at].lemma.lower() in self.words["spoken"] and lemma in self.words["answers"]:
            return False
        if lemma in self.words["trying"] and relation != "obj":  # "was tried for the killing"
            return False
        if relation == "nsubj":
            return tree[head].relation.startswith(("root", "ccomp"))
        if lemma in self.words["calling"]:
            return preposition == "for"
        return relation == "obj" or preposition in ("for", "of", "on", "against", "from", "to")

    def listed(self, at: int, head: int) -> str:
        """The effect that the word lists give a governor, the fullest key first ("call off" before "call")."""
        for key in self.keys(head, at):
            if effect := self.effects.get(key):
                return "demanded" if effect == "planned" and key in self.words["wishes"] and self.of_another(at, head) else effect
        return ""

    def _ahead_of(self, at: int, head: int) -> bool:
        """Whether an infinitive under a word that no list knows lies ahead of it: not "was found to have lied", "marched to demand"."""
        tree = self.tree
        perfect = any(tree[c].form.lower() == "have" for c in tree.exactly(at, "aux"))
        done = tree[at].lemma.lower() in self.words["purpose_actual"]
        return not perfect and not done and tree[head].lemma not in ("have", "be", "remain")

    def of_another(self, at: int, head: int) -> bool:
        """Whether a complement is what somebody else is to do: "wants Kestria to leave", not "wants to leave"."""
        freed = self.tree.has(at, "Tense=Past") and self.tree.has(at, "VerbForm=Part")  # "wants him freed"
        return freed or bool(self.tree.find(at, "nsubj")) or any(o < at for o in self.tree.find(head, "obj", "iobj"))
