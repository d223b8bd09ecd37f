"""Why: links between statements that explicit connectives and lists make, and the article's thesis.

A link runs from the reason, cause, condition or concession to the statement that it bears on. Its two ends keep their own voices: a reason
inside a source's words is that source's reason, and the thesis is always the author's.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from allegedly.language import table
from allegedly.reading.connectives import Connective, Connectives
from allegedly.reading.statements import Predication
from allegedly.records import GenreLabel, Reason, ReasonKind, Span, Statement

Said = Sequence[tuple[Predication, Statement]]

SECOND_FIRST = ("Reason", "Reason+Belief", "Arg2-as-goal", "Arg2-as-cond", "Arg2-as-negCond", "Arg1-as-denier")
"""Third parts of senses whose Arg2 is the reason, goal, condition or concession; of the others it is Arg1."""
NO_THESIS: tuple[GenreLabel, ...] = ("report", "press_release", "live_blog", "interview")
NUMBER = re.compile(r"\(?(\d{1,2})[.):]\s*")
LIST_SCORE, FRONTED_SCORE = 0.9, 0.6


@dataclass(frozen=True, slots=True)
class _Link:
    origin: Statement
    goal: Statement
    kind: ReasonKind
    marker: Span
    rule: str
    score: float


def grounds(connectives: Connectives) -> frozenset[int]:
    """Nouns that stand behind a connective preposition and name a happening or a state ("despite the floods"): predications of their own.

    Misses grounds that are named by things ("thanks to the bridge") and takes some nouns with a telling ending that name none.
    """
    tree, lexicon = connectives.tree, table("connectives")
    found = (c.second for c in connectives.found if c.word in lexicon["preposition"])
    return frozenset(
        i for i in found if tree[i].upos == "NOUN" and i not in tree.actors and i not in tree.named and _is_ground(tree[i].lemma.lower())
    )


def _is_ground(lemma: str) -> bool:
    lexicon = table("connectives")
    return lexicon["noun"].get(lemma) == "ground" or (len(lemma) > 5 and lemma.endswith(tuple(lexicon["ending"])))


def outline(connectives: Connectives, said: Said, genre: GenreLabel = "other") -> tuple[tuple[Reason, ...], str | None]:
    """The links between the statements of a text, in the order of their markers, and the id of its thesis or None.

    Deterministic and linear in the length of the text. Statements of a title are no part of it.
    """
    found = _Outline(connectives, said)
    links = _distinct([*found.by_connective(), *found.by_list()])
    thesis = None if genre in NO_THESIS else found.thesis(links)
    reasons = (Reason(f"r{n}", x.origin.id, x.goal.id, x.kind, x.marker, x.rule, x.score) for n, x in enumerate(links, 1))
    return tuple(reasons), thesis


def _distinct(links: Sequence[_Link]) -> list[_Link]:
    """One link for each two statements: where a sentence has two connectives ("True, ... Yet ..."), the one that says more."""
    best: dict[frozenset[str], _Link] = {}
    for link in links:
        ends = frozenset((link.origin.id, link.goal.id))
        if ends not in best or (best[ends].kind == "contrasts" and link.kind != "contrasts"):
            best[ends] = link
    return sorted(best.values(), key=lambda x: (x.marker, x.origin.id))


class _Outline:
    """The rules over one text."""

    def __init__(self, connectives: Connectives, said: Said) -> None:
        self.tree = connectives.tree
        self.lexicon = table("connectives")
        self.connectives = connectives
        self.statement: dict[int, Statement] = {}
        self.predication: dict[str, Predication] = {}
        for p, s in said:
            self.predication[s.id] = p
            for word in (*p.words, p.verb, p.head):
                self.statement.setdefault(word, s)
        for p, s in said:
            self.statement[p.head] = s
        self.announced: Statement | None = None

    # --- from clauses to statements ------------------------------------------------------------------------------

    def resolve(self, i: int, *, depth: int = 4) -> Statement | None:
        """The statement that a clause makes; that of its complement where it only frames one ("he said that", "it is clear that")."""
        found = self.statement.get(i)
        if depth == 0 or (found is not None and not self._only_frames(found)):
            return found
        children = self.tree.find(i, "ccomp", "xcomp", "csubj") or self.tree.find(i, "parataxis", "acl")
        return next((s for c in children if (s := self.resolve(c, depth=depth - 1))), found)

    def _only_frames(self, s: Statement) -> bool:
        """A predicate with nothing but a clause and an "it" that stands for this: "it is true that", "it seems that"."""
        head = self.predication[s.id].head
        return bool(self.tree.find(head, "ccomp", "csubj")) and bool(self.tree.exactly(head, "expl"))

    def is_claim(self, s: Statement) -> bool:
        """Whether a statement is a claim or a demand, which reasons support, and not a happening, which reasons cause.

        Demands, what is only possible or asked, judgements, what is said of the present with a copula or a verb of the list, denials in the
        present, and predictions that are no act of somebody. "The bridge is unsafe", "Osk should pay", "the truce will not hold"; not "the
        bridge collapsed".
        """
        p, tree = self.predication[s.id], self.tree
        kinds = self.lexicon["claim"]
        past = any(
            tree.has(w, "Tense=Past") and tree.has(w, "VerbForm=Fin") for w in (p.verb, *tree.exactly(p.verb, "aux", "aux:pass", "cop"))
        )
        perfect = any(tree[c].lemma.lower() == "have" for c in tree.exactly(p.verb, "aux"))
        if s.status in ("demanded", "question") or (s.status == "possible" and not past):
            return True
        if s.status in ("planned", "conditional"):
            return s.event is None or s.polarity == "negated"
        if p.kind == "copula":
            return not past or kinds.get(p.lemma) == "judgement"
        if p.kind == "noun" and not p.light:
            return False
        return not past and not perfect and (kinds.get(p.lemma) == "verb" or s.polarity == "negated")

    # --- connectives ---------------------------------------------------------------------------------------------

    def by_connective(self) -> Iterator[_Link]:
        """Links of the connectives whose two clauses are both statements."""
        for c in self.connectives.found:
            first, second = self.resolve(c.first), self.resolve(c.second)
            if first is None or second is None or first is second or self._is_about_saying(c, first, second):
                continue
            if first.voice == "author" != second.voice and self._across(c) and not c.sense.startswith("Comparison"):
                continue  # "They lost. 'So we go home,' he said": the speaker draws it from something else
            origin, goal = (second, first) if c.sense.rpartition(".")[2] in SECOND_FIRST or self._sets_aside(c) else (first, second)
            score = float(self.lexicon["precision"].get(c.word) or self.lexicon["precision"]["*"])
            yield _Link(origin, goal, self._kind(c, goal), self.connectives.span(c), c.sense, score)

    def _sets_aside(self, c: Connective) -> bool:
        """Whether a contrast's Arg2 is its lesser side: a clause that hangs on the other ("whereas")."""
        return c.sense == "Comparison.Contrast" and c.word in self.lexicon["subordinator"]

    def _is_about_saying(self, c: Connective, first: Statement, second: Statement) -> bool:
        """Whether a link is one with the saying or knowing and not with what is said or known ("he said it because he was angry", "if
        nobody knew that"): one within a sentence between two voices, or through a denied frame. Contrasts hold between contents too.
        """
        framed = [i for i, s in ((c.first, first), (c.second, second)) if self.statement.get(i) is not s]
        if not framed or c.sense.startswith("Comparison"):
            return False
        denied = any(self.connectives.lower[x] in self.connectives.words["denials"] for i in framed for x in self.tree.children[i])
        return denied or (first.voice != second.voice and not self._across(c))

    def _across(self, c: Connective) -> bool:
        """Whether a connective links two sentences."""
        return self.tree[c.first].sentence != self.tree[c.second].sentence

    def _kind(self, c: Connective, goal: Statement) -> ReasonKind:
        if c.sense.startswith("Comparison.Concession"):
            return "concedes"
        if c.sense.startswith("Comparison"):
            return "contrasts"
        if "ondition" in c.sense:
            return "conditions"
        if "Purpose" in c.sense:
            return "causes"
        return "supports" if "Belief" in c.sense or self.is_claim(goal) else "causes"

    # --- lists ---------------------------------------------------------------------------------------------------

    def by_list(self) -> Iterator[_Link]:
        """Points of lists, each supporting what the list is for: what announced it ("for several reasons"), else the claim before its first
        point. Without a first point, "furthermore" adds to the reason that was given last in its paragraph.
        """
        goal: Statement | None = None
        announced = opened = False
        paragraph = near = 0  # the paragraph, and the one of the last point
        for sentence in range(len(self.tree.analysis.sentences)):
            opens = self._opens_paragraph(sentence)
            paragraph += opens
            found = self._announcement(sentence)
            if found is not None:
                word, goal = found
                announced, opened, near = True, False, paragraph
                if self.announced is None and goal.voice == "author":
                    self.announced = goal
                yield from self._after_colon(word, goal)
                continue
            if opens and not announced:
                goal = None
            marker = self._list_marker(sentence, aspects=announced and paragraph - near <= 1, paragraph=opens)
            if marker is None:
                continue
            span, use = marker
            if use == "opens" and (opened or not announced):
                goal, announced = self._claim_before(sentence), False
            elif use == "next" and goal is None:
                goal = self._claim_before(sentence)
            opened, near = opened or use == "opens", paragraph
            point = self.resolve(self.connectives.roots[sentence])
            if goal is not None and point is not None and point is not goal:
                yield _Link(point, goal, "supports", span, f"list.{use}", FRONTED_SCORE if use == "fronted" else LIST_SCORE)
            announced = announced and use != "last"

    def _opens_paragraph(self, sentence: int) -> bool:
        start = self.tree.analysis.sentences[sentence][0]
        return start == 0 or "\n" in self.tree.analysis.text[self.tree[start - 1].end : self.tree[start].start]

    def _announcement(self, sentence: int) -> tuple[int, Statement] | None:
        """The word by which a sentence announces reasons, and what for: "is wrong for several reasons", "three reasons to reject it"."""
        tree, nouns = self.tree, self.lexicon["noun"]
        first, limit = tree.analysis.sentences[sentence]
        for i, token in enumerate(tree.tokens[first:limit], first):
            if nouns.get(token.lemma.lower()) != "announced" or not tree.has(i, "Number=Plur"):
                continue
            if not any(tree[c].form.lower() in self.connectives.words["several"] for c in tree.children[i] if c < i):
                continue
            below = tree.find(i, "acl", "advcl", "ccomp")
            plain = [
                b
                for b in below
                if tree[b].relation != "acl:relcl" or any(tree[c].form.lower() in ("why", "that") for c in tree.children[b])
            ]
            if tree.preposition(i) in ("for", "on", "in") and tree[i].head >= 0:
                found = self.resolve(self.connectives.clause(tree[i].head))
            else:
                found = self.resolve(plain[0]) if plain else None
            if found is not None and (tree[i].lemma.lower() == "reason" or self.is_claim(found)):  # not "was charged on several counts"
                return i, found
        return None

    def _after_colon(self, word: int, goal: Statement) -> Iterator[_Link]:
        """Reasons that follow their announcement within its sentence: "for two reasons: it is ugly, and nobody asked for it"."""
        tree, lower = self.tree, self.connectives.lower
        limit = tree.analysis.sentences[tree[word].sentence][1]
        colon = next((i for i in range(word + 1, min(word + 3, limit)) if lower[i] in (":", "—", "–")), limit)
        first = next((i for i in range(colon, limit) if tree.bases[i] in ("parataxis", "appos") and tree.is_clause(i)), -1)
        start = min(tree[c].start for c in (word, *tree.children[word]) if c <= word)
        for i in tree.conjuncts(first) if first >= 0 else ():
            point = self.resolve(i)
            if point is not None and point is not goal:
                yield _Link(point, goal, "supports", (start, tree[word].end), "list.announced", LIST_SCORE)

    def _list_marker(self, sentence: int, *, aspects: bool, paragraph: bool) -> tuple[Span, str] | None:
        """The marker that a sentence opens with, and its use. Ordinals and numbers need a comma or the like after them.

        With `aspects`, in a list that was announced, aspects count too ("on a broader level", "internally"), and so does a paragraph that
        opens with a condition or concession ("Even if help came, ..."), which is then "fronted".
        """
        connectives, tree = self.connectives, self.tree
        limit = tree.analysis.sentences[sentence][1]
        at = connectives.opening(sentence)
        if number := self._number(sentence, at):
            return number
        if tree[at].upos == "CCONJ" and at + 1 < limit:
            at += 1
        for length in range(min(5, limit - at), 0, -1):
            use = self.lexicon["list"].get(" ".join(connectives.lower[at : at + length]))
            closed = self._is_closed(at + length, limit) or (use != "aspect" and connectives.lower[at].endswith("ly"))
            if use and closed and (aspects or use != "aspect"):
                return (tree[at].start, tree[at + length - 1].end), use
        return self._fronted(sentence, at, paragraph) if aspects else None

    def _number(self, sentence: int, at: int) -> tuple[Span, str] | None:
        """The number before a point: "1. It is ugly", "(2) Nobody asked", also where the number was taken for a sentence of its own."""
        tree, text = self.tree, self.tree.analysis.text
        start = tree.analysis.sentences[sentence][0]
        before = tree.analysis.sentences[sentence - 1] if sentence else (start, start)
        own = before[0] if tree[before[0]].form[:1].isdigit() and before[1] - before[0] <= 3 else start
        found = NUMBER.fullmatch(text[tree[own].start : tree[at].start]) if at > own else None
        return (
            ((tree[own].start + found.start(1), tree[own].start + found.end(1)), "opens" if found[1] == "1" else "next") if found else None
        )

    def _fronted(self, sentence: int, at: int, paragraph: bool) -> tuple[Span, str] | None:
        """A phrase with an aspect's noun ("on a broader level,"), or, opening a paragraph, the conjunction of a first clause."""
        connectives, tree = self.connectives, self.tree
        root = connectives.roots[sentence]
        for c in tree.children[root]:
            if c >= root:
                break
            words = tree.subtree(c)
            if words[0] != at:
                continue
            if self.lexicon["noun"].get(tree[c].lemma.lower()) == "aspect" and tree.preposition(c) in ("on", "at", "from"):
                words = [w for w in words if tree[w].upos != "PUNCT"]
                return (tree[at].start, tree[words[-1]].end), "aspect"
            marks = tree.exactly(c, "mark")
            if paragraph and tree[c].relation == "advcl" and marks and marks[0] - at <= 1:
                return (tree[at].start, tree[marks[0]].end), "fronted"
        return None

    def _is_closed(self, at: int, limit: int) -> bool:
        """Whether a marker that ends before a word is one: before a comma or the like, or as a subject ("another [reason] is that")."""
        lower = self.connectives.lower
        if at < limit and self.lexicon["noun"].get(lower[at]) == "announced":
            at += 1
        return at < limit and (lower[at] in (",", ":", "—", "–") or (lower[at] in ("is", "was") and self.tree[at].upos == "AUX"))

    def _claim_before(self, sentence: int) -> Statement | None:
        """The claim or demand nearest before a sentence, within its paragraph or, for one that opens it, in the sentence before."""
        for back in range(sentence - 1, max(-1, sentence - 4), -1):
            found = self.resolve(self.connectives.roots[back])
            if found is not None and self.is_claim(found):
                return found
            if self._opens_paragraph(back) or (back == sentence - 1 and self._opens_paragraph(sentence)):
                return None
        return None

    # --- the thesis ----------------------------------------------------------------------------------------------

    def thesis(self, links: Sequence[_Link]) -> str | None:
        """What was announced to have reasons and has them, else the author's claim or demand that most of the author's reasons bear on.

        A concession counts by half, and only for a demand or a judgement. None where no claim of the author's has a reason.
        """
        if self.announced is not None and any(link.goal is self.announced and link.kind == "supports" for link in links):
            return self.announced.id
        weights: Counter[str] = Counter()
        claims: dict[str, Statement] = {}
        for link in links:
            if link.goal.voice == link.origin.voice == "author" and self._argues(link):
                claims[link.goal.id] = link.goal
                weights[link.goal.id] += 2 if link.kind == "supports" else 1
        if not weights:
            return None
        order = {name: n for n, name in enumerate(self.predication)}
        return max(weights, key=lambda name: (weights[name] + 2 * (claims[name].status == "demanded"), -order[name]))

    def _argues(self, link: _Link) -> bool:
        if link.kind != "concedes":
            return link.kind == "supports" and self.is_claim(link.goal)
        p = self.predication[link.goal.id]
        return link.goal.status == "demanded" or (p.lemma in self.lexicon["claim"] and self.is_claim(link.goal))
