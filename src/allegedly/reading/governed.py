"""What the word above a clause says of it by itself: a failed attempt, a lacking proof, a plan that was dropped, a time that does not pass.

How that bears on the clause's polarity and status is the matter of `certainty`.
"""

from collections.abc import Mapping

from allegedly.reading.clauses import Clauses
from allegedly.reading.tree import Tree

Words = Mapping[str, frozenset[str]]


class Governed:
    """Questions about the governors of the clauses of one text."""

    tree: Tree
    words: Words
    clauses: Clauses

    def _vain(self, head: int) -> bool:
        """Whether a verb of trying tells that it failed: "tried in vain to buy it", "sought unsuccessfully to"."""
        tree = self.tree
        vain = any(tree[c].form.lower() in self.words["vainly"] for c in tree.find(head, "advmod", "obl"))
        return vain and tree[head].lemma.lower() in self.words["trying"] | self.words["appealing"]

    def _called_for(self, at: int, head: int) -> bool:
        """Whether the subject of the verb above asks for what a clause tells: "calls grew for the minister [to go]"."""
        tree = self.tree
        asking = any(tree[c].lemma.lower() in self.words["called_for"] for c in tree.exactly(head, "nsubj"))
        return asking and tree[at].relation in ("xcomp", "advcl") and {"for", "to"} <= self.clauses.marks(at)

    def _unfounded(self, at: int, head: int) -> bool:
        """Whether a clause is what "no evidence", "found no sign" or "did not find proof" speak of, on the noun or beside it."""
        tree = self.tree
        evident = tree.bases[at] == "acl" and tree[head].lemma.lower() in self.words["embedding.evidence"]
        that = self.clauses.that(at) or (evident and any(tree[c].form.lower() == "that" for c in tree.children[at]))
        if not that:
            return False
        beside = [o for o in tree.exactly(head, "obj", "nsubj") if o < at] if tree[at].relation in ("ccomp", "csubj") else []
        nouns = beside or [head] * (evident or self.clauses.relation(at) == "acl")
        evidence = (noun for noun in nouns if tree[noun].lemma.lower() in self.words["embedding.evidence"] or tree[noun].relation == "nmod")
        return any(self.clauses.negative_determiner(noun) or self._sought(noun) for noun in evidence)

    def _sought(self, noun: int) -> bool:
        """Whether what a noun names was not found: "did not find evidence", "no truth in reports"."""
        token = self.tree[noun]
        if token.relation == "nmod":
            return self.tree[token.head].lemma.lower() in self.words["embedding.evidence"] and self.clauses.negative_determiner(token.head)
        return token.relation in ("obj", "nsubj", "nsubj:pass") and token.head >= 0 and self.clauses.negated(token.head)

    def _untrue(self, at: int, head: int) -> bool:
        """Whether a noun's clause is called false: "the claim that he fled is baseless", "it is a lie that he fled"."""
        noun = self.tree[head]
        if noun.lemma.lower() in self.words["embedding.false"] and noun.upos == "NOUN" and self.clauses.of_it(head):
            return not self.clauses.negated(head)
        if self.clauses.relation(at) != "acl" or self.tree.bases[head] != "nsubj" or noun.head < 0:
            return False
        said = {self.tree[c].lemma.lower() for c in (noun.head, *self.tree.exactly(noun.head, "xcomp"))}  # "proved false"
        return bool(said & self.words["embedding.false"]) and not self.clauses.negated(noun.head)

    def _not_cleft(self, at: int, head: int) -> bool:
        """Whether a clause follows "It was not Kestria that"; not where a time or an occasion is denied ("not until Friday that")."""
        tree = self.tree
        who = tree[head].upos == "PROPN" or (head in tree.actors and not self._ordinal(head))
        if tree[at].relation not in ("acl:relcl", "advcl:relcl") or not who or not tree.exactly(head, "cop"):
            return False
        return self.clauses.of_it(head) and self.clauses.negated(head) and not tree.exactly(head, "case")

    def _time_given(self, head: int) -> bool:
        """Whether somebody is given so many hours or days for something: "gave the firm two days to pay"."""
        tree = self.tree
        near = tree.exactly(head, "obj", "obl:unmarked")
        objects = (o for o in near if tree.exactly(o, "nummod", "compound", "det") and not tree.exactly(o, "nmod"))
        times = (tree[o].lemma.lower() in self.words["deadlines"] for o in objects)
        given = tree[head].lemma.lower() == "give" and not self.clauses.negated(head)
        until = any(tree.preposition(c) == "until" for c in tree.exactly(head, "obl"))  # "were given until Friday to leave"
        return given and (until or (bool(tree.exactly(head, "iobj")) and any(times)))

    def _never(self, head: int) -> bool:
        """Whether a time does not pass: "not a day goes by", "hardly a week passes"."""
        own = (
            self.clauses.negated(head),
            *(self.clauses.negative_determiner(c) or self.clauses.negated(c) for c in self.tree.children[head] if c < head),
        )
        return any(own) or self.clauses.negative_subject(head)

    def _idle(self, head: int) -> bool:
        """Whether next to nothing is done for a purpose: "did little to stop", "took no steps to stop", "did not take action to stop"."""
        tree, objects = self.tree, self.tree.exactly(head, "obj")
        tries = (o for o in objects if tree[o].lemma.lower() in self.words["trying"])
        undone = any(self.clauses.negative_determiner(o) or self.clauses.negated(head) for o in tries)
        return undone or any(tree[o].form.lower() in ("little", "nothing") for o in (head, *objects))

    def _unsettled(self, at: int, head: int) -> bool:
        """Whether a negated governor leaves its clause open: "did not confirm that he left", "can neither confirm nor deny that".

        Not so where the clause takes it for granted ("will not say who left").
        """
        return not self.clauses.interrogative(at) and bool(self.words["unsettled"].intersection(self._coordinated(head)))

    def _coordinated(self, i: int) -> set[str]:
        """The lemmas of a word and of the conjuncts before it: "neither confirm nor deny"."""
        out = {self.tree[i].lemma.lower()}
        while self.tree[i].relation == "conj":
            i = self.tree[i].head
            out.add(self.tree[i].lemma.lower())
        return out

    def _ordinal(self, noun: int) -> bool:
        """Whether a phrase counts: "the first country", "the last"."""
        return any(self.tree[c].lemma.lower() in self.words["ordinal"] for c in (noun, *self.tree.find(noun, "amod")))

    def _negative_noun(self, noun: int) -> bool:
        """Whether there is no such thing as a noun names: "no plan", "did not make any attempt", "nothing"."""
        tree = self.tree
        if self.clauses.negated(noun) or self.clauses.nobody(noun):
            return True
        token = tree[noun]
        if token.head < 0 or token.relation not in ("obj", "nsubj", "nsubj:pass"):
            return False
        return tree[token.head].lemma.lower() in self.words["having"] and self.clauses.negated(token.head)

    def _failed(self, noun: int) -> bool:
        """Whether an attempt is said to have failed: "the failed attempt", "the attempt failed"."""
        tree = self.tree
        if any(tree[c].form.lower() in self.words["failed"] for c in tree.find(noun, "amod")):
            return True
        head = tree[noun].head
        said = tree[noun].relation == "nsubj" or (tree[noun].relation == "obl" and tree.preposition(noun) == "in")  # "failed in its bid"
        if head >= 0 and tree[noun].relation == "nsubj:pass" and tree[head].lemma.lower() in self.words["dropping"]:
            return True  # "attempts to inspect it were thwarted"
        return head >= 0 and said and tree[head].lemma.lower() in self.words["failed"]

    def _withheld(self, noun: int) -> bool:
        """Whether what a noun names is refused: "were refused permission to leave", "was denied the right to"."""
        tree, head = self.tree, self.tree[noun].head
        return head >= 0 and tree.bases[noun] == "obj" and tree[head].lemma.lower() in ("refuse", "deny") and not self.clauses.negated(head)

    def _dropped(self, noun: int) -> bool:
        """Whether what a noun names came to nothing: "plans to leave were dropped"."""
        head = self.tree[noun].head
        passive = head >= 0 and self.tree.bases[noun] == "nsubj" and bool(self.tree.exactly(head, "aux:pass"))
        return passive and self.tree[head].lemma.lower() in self.words["dropping"]

    def _answered(self, noun: int) -> bool:
        """Whether a demand or proposal is only answered by the word above it: "rejected calls to resign" leaves it demanded."""
        token = self.tree[noun]
        if token.head < 0 or token.lemma.lower() not in self.words["embedding.demanded"] | self.words["proposals"]:
            return False
        return self.tree[token.head].lemma.lower() in self.words["answers"]
