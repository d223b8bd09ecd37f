"""What words of saying report, by the tree: the clause of a verb, a noun or a comment, and whom it is about.

Missed: what is reported across sentences, which only the model's spans or the layout (`turns`) show.
"""

from bisect import bisect_right
from collections.abc import Mapping
from functools import lru_cache

from allegedly.language import words
from allegedly.reading.tree import Tree
from allegedly.reading.viewpoints import as_put
from allegedly.records import Force, Span, Spans

Words = Mapping[str, frozenset[str]]

LOOK = 60
"""Words before a comment in which its clause is looked for."""


@lru_cache(maxsize=4)
def force_of_cues(code: str = "en") -> Mapping[str, Force]:
    """The force of the words of saying and thinking in `cues.toml`."""
    lists = words("cues", code)
    forces: tuple[Force, ...] = ("says", "asserts", "denies", "doubts", "concedes", "believes", "wants")
    return {lemma: force for force in forces for lemma in lists[f"force.{force}"]}


class Reported:
    """Words of saying in one text, and what each reports."""

    def __init__(self, tree: Tree, words: Words) -> None:
        self.tree = tree
        self.words = words
        self.force = force_of_cues()
        self.starts = tree.starts

    def _body(self, i: int, inside: bool) -> int:
        """The head of what a verb reports, or -1. Inside of another's content that can be a noun ("had demanded the return")."""
        tree, lemma = self.tree, self.tree[i].lemma.lower()
        if lemma in self.words["speech.putting"] and as_put(self.tree, i):
            return tree[i].head
        speech = {kind for kind in ("clause", "gerund", "infinitive", "doing", "nominal") if lemma in self.words[f"speech.{kind}"]}
        whom = (
            [c for o in tree.exactly(i, "obj", "obl:agent") for c in tree.exactly(o, "acl")] if "gerund" in speech else []
        )  # "accused the other of lying"
        children = [(tree.bases[c], c) for c in (*tree.children[i], *whom)] if speech else []
        for relation, c in children:
            if relation == "ccomp" and "clause" in speech:
                return c
        said = tree[i].head if "clause" in speech and self._only_seems(i) else i  # "..., footage appears to show"
        if said != i and (told := tree.exactly(said, "ccomp")):
            return told[0]
        bare = not tree.exactly(i, "obj", "compound:prt", "xcomp")
        if ("clause" in speech or (bare and lemma in self.words["speech.comment"]) or self._lets_slip(i)) and self._comment(said):
            return tree[said].head
        for relation, c in children:
            marks = {tree[m].form.lower() for m in tree.exactly(c, "mark", "case")}
            if relation in ("xcomp", "advcl") and "infinitive" in speech and tree.has(c, "VerbForm=Inf") and "to" in marks:
                return c
            if relation in ("advcl", "obl", "acl") and "gerund" in speech and marks & {"of", "for", "with"}:
                return c
            if relation == "xcomp" and "doing" in speech and not marks:
                return c
        return next((c for relation, c in children if inside and relation == "obj" and "nominal" in speech), -1)

    def _lets_slip(self, i: int) -> bool:
        """Whether somebody "let slip" something."""
        tree = self.tree
        return tree[i].lemma == "let" and any(tree[c].form.lower() == "slip" for c in tree.exactly(i, "xcomp", "obj", "ccomp"))

    def _only_seems(self, i: int) -> bool:
        """Whether something seems to tell: "footage appears [to show] that they fled"."""
        head = self.tree[i].head
        return head >= 0 and self.tree[i].relation == "xcomp" and self.tree[head].lemma.lower() in self.words["speech.seeming"]

    def _comment(self, i: int) -> bool:
        """Whether a verb of saying comments on the clause that it hangs on: "Soldiers looted it, the curator told the press", "as the
        mayor has admitted".
        """
        tree = self.tree
        subject = tree.find(i, "nsubj") or self._late_subject(i)
        if not tree.is_clause(tree[i].head) or not subject or any(c < i for c in tree.exactly(i, "obj")):
            return False
        if any(t.form == ";" for t in tree.tokens[max(tree[i].head, i - LOOK) : i]):  # "He left; the records say otherwise"
            return False
        before = {tree[c].form.lower() for c in tree.find(i, "cc", "advmod") if c < i} if tree[i].relation == "conj" else set()
        if tree[i].relation == "parataxis" or before >= {"or", "so"}:  # "or so his secretary claims"
            return True
        as_said = [tree[m].form.lower() for m in tree.exactly(i, "mark")] == ["as"] and not tree.find(i, "obj", "xcomp", "ccomp")
        return tree[i].relation == "advcl" and as_said and self.force.get(tree[i].lemma.lower()) in ("says", "asserts", "concedes")

    def _late_subject(self, i: int) -> list[int]:
        """The subject of a comment that the parser gave to the clause it comments on: "They have left, two officers say"."""
        tree, head = self.tree, self.tree[i].head
        return [] if tree.find(i, "nsubj") else [c for c in tree.exactly(head, "nsubj") if head < c < i]

    def _noun_body(self, i: int) -> int:
        """The head of what a noun of saying reports: "the claim that he fled", "the demand for his release to be delayed"; or -1."""
        tree = self.tree
        if tree[i].lemma.lower() not in self.words["speech.noun"]:
            return -1
        hosts = [i, *(c for c in tree.exactly(i, "nmod") if tree.preposition(c) in ("by", "from"))]
        for c in (c for host in hosts for c in tree.find(host, "acl", "ccomp")):
            marks = {tree[m].form.lower() for m in tree.exactly(c, "mark")}
            if "that" in marks or ("to" in marks and c != i) or (marks & {"of"} and tree[c].relation == "acl"):
                return c
        of = (c for c in tree.exactly(i, "nmod") if tree.preposition(c) == "of")  # "reports of soldiers looting"
        return next((g for c in of for g in tree.exactly(c, "acl") if tree.has(g, "VerbForm=Ger") and not tree.exactly(g, "mark")), -1)

    def _content(self, i: int, body: int, cues: set[int]) -> Spans:
        """The characters of what a word reports: the clause, and with an accusation or call whom it is about ("the army of shelling").
        A relative clause in which somebody else answers is no part of it ("that it had won, which the government disputed").
        """
        tree = self.tree
        cue = tree[i].head if self._only_seems(i) else i
        if tree[cue].head == body:
            return self._clause_spans(body, without=(cue, *self._late_subject(cue)))
        answers = (
            tuple(w for w in tree.subtree(body) if w in cues and tree[w].relation == "acl:relcl") if tree[body].relation == "ccomp" else ()
        )
        if answers:
            return self._clause_spans(body, without=answers)[:1]
        whom = [c for c in tree.exactly(i, "obj", "obl", "iobj") if i < c < body] if tree[body].relation != "ccomp" else []
        if not whom or tree[i].upos != "VERB":
            return self._clause_spans(body, without=())
        first = self.word_at(tree.noun_phrase(whom[0])[0])
        if tree.preposition(whom[0]) and tree[i].lemma.lower() not in ("call", "appeal"):
            first = whom[0] if not tree.children[whom[0]] else min(tree.subtree(whom[0]))
        return ((tree[first].start, self._clause_spans(body, without=())[-1][1]),)

    def _clause_spans(self, i: int, *, without: tuple[int, ...]) -> Spans:
        """The characters of a clause; an inserted or following "he said" is no part of it, nor the commas around that."""
        tree = self.tree
        left_out = {w for i in without for w in tree.subtree(i)}
        runs: list[list[int]] = []
        for w in tree.subtree(i):
            if w in left_out:
                continue
            if runs and w == runs[-1][-1] + 1:
                runs[-1].append(w)
            else:
                runs.append([w])
        stripped = ([w for w in run if tree[w].upos != "PUNCT"] for run in runs)
        return tuple((tree[run[0]].start, tree[run[-1]].end) for run in stripped if run)

    def word_at(self, position: int) -> int:
        """The last word that begins at or before a character."""
        return max(0, bisect_right(self.starts, position) - 1)

    def words_in(self, span: Span) -> range:
        """The words of a span."""
        return range(self.word_at(span[0]), self.word_at(span[1] - 1) + 1)

    def head_of(self, span: Span) -> int:
        """The word of a span whose head lies outside of it."""
        first, last = self.word_at(span[0]), self.word_at(span[1] - 1)
        return next((i for i in range(first, last + 1) if not first <= self.tree[i].head <= last), first)
