"""A text's dependency trees, with the questions that rules ask of them again and again.

Everything is an index into `Analysis.tokens`. Built once an article and handed to every rule.
"""

from collections.abc import Iterator

from allegedly.blinding import blinding
from allegedly.language import word_sets
from allegedly.records import Analysis, Span, Token

CLAUSAL = frozenset({"ccomp", "xcomp", "advcl", "acl", "csubj", "parataxis"})
PREDICATE = ("VERB", "AUX")
NAME = 8
"""Characters that a person's name counts for in the length of a phrase."""
OF = 32
"""Characters up to which a phrase keeps an "of" phrase that names nobody: "the growing process [of plants]", not "hundreds of officers"."""
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
_FIRST_OF_SEVERAL = frozenset(
    {"det", "amod", "compound", "nummod", "flat", "fixed", "case", "goeswith", "advmod", "nmod:desc", "nmod:poss"}
)
_BEFORE_HEAD = frozenset(
    {"det", "amod", "compound", "nummod", "nmod:poss", "det:predet", "advmod", "nmod:desc", "flat", "nmod", "nmod:unmarked"}
)
_AFTER_HEAD = frozenset({"flat", "compound", "goeswith", "nmod:desc"})


class Tree(tuple[Token, ...]):
    """The words of an analysis, with their children, ancestors and spans. A tuple, since rules look words up tens of thousands of times."""

    def __new__(cls, analysis: Analysis) -> "Tree":
        """The words come first; what hangs on them follows."""
        return super().__new__(cls, analysis.tokens)

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.tokens = analysis.tokens
        self.starts = [t.start for t in analysis.tokens]
        self.relations = [t.relation for t in analysis.tokens]
        base = {relation: relation.partition(":")[0] for relation in set(self.relations)}
        self.bases = [base[relation] for relation in self.relations]
        children: list[list[int]] = [[] for _ in analysis.tokens]
        below: list[set[str]] = [set() for _ in analysis.tokens]
        for i, (token, relation) in enumerate(zip(analysis.tokens, self.relations, strict=True)):
            if token.head >= 0:
                children[token.head].append(i)
                below[token.head].add(relation)
        self.children = children
        self.below = [found | {base[relation] for relation in found} if found else found for found in below]
        """The relations of each word's children, with and without their subtypes."""
        self.actors = frozenset(m.head for m in analysis.mentions if m.type != "other")
        self.people = frozenset(m.head for m in analysis.mentions if m.type in ("person", "group"))
        self.places = frozenset(m.head for m in analysis.mentions if m.type == "place")
        self._prepositions: dict[int, str] = {}
        self._phrases: dict[tuple[int, int], Span] = {}
        self.named: dict[int, tuple[int, int]] = {}
        for m in analysis.mentions:
            if m.named:
                for i in range(m.first, m.last):
                    self.named.setdefault(i, (m.first, m.last))
        self.bearing = frozenset(i for m in analysis.mentions if m.named and m.type == "person" for i in range(m.first, m.last))
        """Words of persons' names, which mean nothing else: "Bill", "Grace"."""
        over = [0]  # characters of names beyond what each counts for, up to each word
        stranger = blinding().stranger
        names = [t.upos == "PROPN" and (i in self.bearing or stranger(t.form.lower())) for i, t in enumerate(analysis.tokens)]
        for token, name in zip(analysis.tokens, names, strict=True):
            flat = token.relation == "flat" and token.head >= 0 and names[token.head]
            beyond = token.end - token.start + 1 if flat else token.end - token.start - NAME
            over.append(over[-1] + name * beyond)
        self._over = over

    def find(self, i: int, *relations: str) -> list[int]:
        """Children of `i` by relation, with or without subtype ("nsubj" finds "nsubj:pass"), in text order."""
        if self.below[i].isdisjoint(relations):
            return []
        bases, full = self.bases, self.relations
        return [c for c in self.children[i] if bases[c] in relations or full[c] in relations]

    def exactly(self, i: int, *relations: str) -> list[int]:
        """Children of `i` by full relation."""
        if self.below[i].isdisjoint(relations):
            return []
        full = self.relations
        return [c for c in self.children[i] if full[c] in relations]

    def conjuncts(self, i: int) -> list[int]:
        """`i` and what is coordinated with it, in text order."""
        out = [i]
        for c in self.exactly(i, "conj"):
            out += self.conjuncts(c)
        return out

    def subtree(self, i: int) -> list[int]:
        """`i` and all below it, in text order."""
        out, children = [i], self.children
        for at in out:
            out += children[at]
        return sorted(out)

    def ancestors(self, i: int) -> Iterator[int]:
        """From the head of `i` up to the root of its sentence."""
        at = self.tokens[i].head
        while at >= 0:
            yield at
            at = self.tokens[at].head

    def preposition(self, i: int) -> str:
        """The lowercased preposition that marks `i`: "of", "because of"; empty when there is none."""
        known = self._prepositions.get(i)
        if known is None:
            known = self._prepositions[i] = self._preposition(i)
        return known

    def _preposition(self, i: int) -> str:
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
        features = self.tokens[i].features
        return feature in features and feature in features.split("|")

    def is_clause(self, i: int) -> bool:
        """Whether `i` heads a clause: a verb, or a word with a copula or a subject."""
        return self.tokens[i].upos == "VERB" or bool(self.exactly(i, "cop")) or bool(self.find(i, "nsubj", "csubj"))

    def noun_phrase(self, i: int, *, limit: int = 60) -> Span:
        """Characters of the noun phrase headed by `i`, compact: modifiers and an "of" phrase, no clauses, appositions or conjuncts.

        A word inside a name gives the whole name with what stands before it; a currency sign has its amount after it. Over `limit`
        characters, of which each person's name counts for `NAME`, the phrase loses what its "of" phrase coordinates, then its "of" (over
        `OF`, if that names nobody), then its modifiers, then all but its head.
        """
        known = self._phrases.get((i, limit))
        if known is None:
            known = self._phrases[i, limit] = self._noun_phrase(i, limit)
        return known

    def _noun_phrase(self, i: int, limit: int) -> Span:
        low, high = self.named.get(i, (i, i + 1))
        left = low
        for c in sorted(self.children[i], reverse=True):
            if c < low and self.tokens[c].relation in _BEFORE_HEAD and self.tokens[c].form not in ("n't", "n’t"):
                left = min(left, self._leftmost(c))
            elif c >= high:
                high = max(high, self._after_head(i, c, high))
        owners = (self._owner(i, high), self._owner(i, high, _FIRST_OF_SEVERAL))
        ends = [(left, max(high, end)) for end in owners]
        for a, b in (*ends, (left, high), (low, high)):
            bare = b > high and not any(self.tokens[w].upos == "PROPN" for w in range(high, b)) and not self._counts(i)
            most = min(limit, OF) if bare else limit
            if self.tokens[b - 1].end - self.tokens[a].start - (self._over[b] - self._over[a]) <= most:
                return self.tokens[a].start, self.tokens[b - 1].end
        return self.tokens[i].start, self.tokens[i].end

    def _counts(self, i: int) -> bool:
        """Whether only a word's "of" phrase says who is meant: "hundreds of officers", "the leader of the largest party"."""
        token = self.tokens[i]
        lists, lemma = word_sets("arguments"), token.lemma.lower()
        return token.upos in ("NUM", "PRON") or lemma in lists["measures"] or lemma in lists["of_whom"]

    def _after_head(self, i: int, c: int, high: int) -> int:
        """Where a phrase ends that has a child after its head: names and close appositions belong to it, and a currency's amount."""
        relation = self.tokens[c].relation
        if self.tokens[i].upos == "SYM" and relation == "nummod":
            return max(self.subtree(c)) + 1
        if relation == "appos" and self._leftmost(c) == high and c in self.named:  # "the newspaper Morning Call", without a comma
            return self.named[c][1]
        return c + 1 if relation in _AFTER_HEAD else high

    def _owner(self, i: int, high: int, inside: frozenset[str] = _INSIDE_NOUN_PHRASE) -> int:
        """Where the first "of" phrase ends (all of them, where `inside` lets them be coordinated)."""
        owners = [c for c in self.children[i] if c >= high and self.tokens[c].relation == "nmod" and self.preposition(c) == "of"]
        return max((x + 1 for c in owners for x in self.subtree(c) if self._within(x, c, inside)), default=high)

    def _leftmost(self, i: int) -> int:
        return min((x for x in self.subtree(i) if self._within(x, i)), default=i)

    def _within(self, x: int, top: int, inside: frozenset[str] = _INSIDE_NOUN_PHRASE) -> bool:
        while x != top:
            relation = self.tokens[x].relation
            if relation not in inside and not (relation.startswith("nmod") and "nmod" in inside):
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
