"""A text's dependency trees, with the questions that rules ask of them again and again.

Everything is an index into `Analysis.tokens`. Built once an article and handed to every rule.
"""

from collections.abc import Iterator

from allegedly.records import Analysis, Span, Token

CLAUSAL = frozenset({"ccomp", "xcomp", "advcl", "acl", "csubj", "parataxis"})
PREDICATE = ("VERB", "AUX")
_INSIDE_NOUN_PHRASE = frozenset(
    {
        "det",
        "amod",
        "compound",
        "nummod",
        "flat",
        "nmod",
        "fixed",
        "case",
        "goeswith",
        "advmod",
        "nmod:desc",
        "obl",
        "nmod:unmarked",
        "cc",
        "conj",
        "punct",
    }
)


class Tree:
    """Children, ancestors and word spans of an analysis."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.tokens = analysis.tokens
        self.children: list[list[int]] = [[] for _ in analysis.tokens]
        for i, token in enumerate(analysis.tokens):
            if token.head >= 0:
                self.children[token.head].append(i)
        self.actors = frozenset(m.head for m in analysis.mentions if m.type != "other")
        self.named: dict[int, tuple[int, int]] = {}
        for m in analysis.mentions:
            if m.named:
                for i in range(m.first, m.last):
                    self.named.setdefault(i, (m.first, m.last))

    def __getitem__(self, i: int) -> Token:
        return self.tokens[i]

    def find(self, i: int, *relations: str) -> list[int]:
        """Children of `i` by relation, with or without subtype ("nsubj" finds "nsubj:pass"), in text order."""
        return [c for c in self.children[i] if self.tokens[c].relation in relations or self.tokens[c].relation.split(":")[0] in relations]

    def exactly(self, i: int, *relations: str) -> list[int]:
        """Children of `i` by full relation."""
        return [c for c in self.children[i] if self.tokens[c].relation in relations]

    def conjuncts(self, i: int) -> list[int]:
        """`i` and what is coordinated with it, in text order."""
        out = [i]
        for c in self.exactly(i, "conj"):
            out += self.conjuncts(c)
        return out

    def subtree(self, i: int) -> list[int]:
        """`i` and all below it, in text order."""
        out, stack = [], [i]
        while stack:
            at = stack.pop()
            out.append(at)
            stack += self.children[at]
        return sorted(out)

    def ancestors(self, i: int) -> Iterator[int]:
        """From the head of `i` up to the root of its sentence."""
        at = self.tokens[i].head
        while at >= 0:
            yield at
            at = self.tokens[at].head

    def preposition(self, i: int) -> str:
        """The lowercased preposition that marks `i`: "of", "because of"; empty when there is none."""
        cases = self.exactly(i, "case")
        if not cases:
            return ""
        first = cases[0]
        words = [first, *self.exactly(first, "fixed")]
        if len(cases) > 1 and len(words) == 1 and cases[1] == first + 1:  # "out of", "up to"
            words.append(cases[1])
        return " ".join(self.tokens[w].form.lower() for w in sorted(words))

    def has(self, i: int, feature: str) -> bool:
        """Whether token `i` has a UD feature ("VerbForm=Inf")."""
        return feature in self.tokens[i].features.split("|")

    def is_clause(self, i: int) -> bool:
        """Whether `i` heads a clause: a verb, or a word with a copula or a subject."""
        return self.tokens[i].upos == "VERB" or bool(self.exactly(i, "cop")) or bool(self.find(i, "nsubj", "csubj"))

    def noun_phrase(self, i: int, *, limit: int = 60) -> Span:
        """Characters of the noun phrase headed by `i`, compact: modifiers and an "of" phrase, no clauses, appositions or conjuncts.

        A word inside a name gives the whole name with what stands before it. Over `limit` characters, the phrase loses its "of",
        then its modifiers, then all but its head.
        """
        low, high = self.named.get(i, (i, i + 1))
        left = low
        for c in sorted(self.children[i], reverse=True):
            relation = self.tokens[c].relation
            if c < low and relation in (
                "det",
                "amod",
                "compound",
                "nummod",
                "nmod:poss",
                "det:predet",
                "advmod",
                "nmod:desc",
                "flat",
                "nmod",
                "nmod:unmarked",
            ):
                left = min(left, self._leftmost(c))
            elif c >= high and relation in ("flat", "compound", "goeswith", "nmod:desc"):
                high = max(high, c + 1)
        right = high
        for c in self.children[i]:
            if c >= high and self.tokens[c].relation == "nmod" and self.preposition(c) == "of":
                right = max(right, max((x for x in self.subtree(c) if self._within(x, c)), default=c) + 1)
        for a, b in ((left, right), (left, high), (low, high)):
            if self.tokens[b - 1].end - self.tokens[a].start <= limit:
                break
        else:
            a, b = i, i + 1
        return self.tokens[a].start, self.tokens[b - 1].end

    def _leftmost(self, i: int) -> int:
        return min((x for x in self.subtree(i) if self._within(x, i)), default=i)

    def _within(self, x: int, top: int) -> bool:
        while x != top:
            if self.tokens[x].relation not in _INSIDE_NOUN_PHRASE and not self.tokens[x].relation.startswith("nmod"):
                return False
            x = self.tokens[x].head
        return True

    def characters(self, words: tuple[int, ...]) -> tuple[Span, ...]:
        """Spans of words, neighbours joined."""
        out: list[Span] = []
        previous = -2
        for w in sorted(words):
            token = self.tokens[w]
            if w == previous + 1:
                out[-1] = (out[-1][0], token.end)
            else:
                out.append((token.start, token.end))
            previous = w
        return tuple(out)
