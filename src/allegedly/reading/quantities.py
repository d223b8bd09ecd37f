"""Quantities that statements give: numbers of people, money, weapons, votes and shares, with the bounds that the words set.

What a number is, is read from its characters (`numbers`); what it counts and whose it is, from the tree. "At least 12" sets `low`,
"up to 500" `high`; "dozens" are 24 or more; "about 500" is 500.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from allegedly.gazetteer import nominals
from allegedly.language import words
from allegedly.reading.events import Match
from allegedly.reading.numbers import GLUE, Number, Numbers, lookup
from allegedly.reading.statements import Predication
from allegedly.reading.tree import Tree
from allegedly.records import Quantity, Span

BEFALLS = frozenset({"killed", "injured", "arrested", "displaced", "missing", "abducted", "released"})
"""Kinds that say what becomes of people."""
BY_MODE = {"abduct": "abducted", "arrest": "arrested", "release": "released"}
WITH_OF = frozenset({"tonnes", "tons", "kg", "barrels", "litres"})
"""Units that name what they measure after "of"."""
FARTHEST = 12
"""How many words up the tree the predicate of an amount is looked for."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with what it counts. `kind` is empty where only the predicate can tell; `at` is the token that stands for it in the tree."""

    number: Number
    unit: str
    kind: str
    span: Span
    at: int


class Quantities:
    """The quantities of one text, by the predication that they belong to.

    `predicates` are the words that carry predications: an amount belongs to the nearest of them above it in the tree.
    """

    def __init__(self, tree: Tree, predicates: Iterable[int]) -> None:
        self.tree = tree
        self.predicates = frozenset(predicates)
        self.persons = frozenset(m.head for m in tree.analysis.mentions if m.type in ("person", "group"))
        self.numbers = Numbers(tree.analysis.text)
        self.starts = tree.starts
        found = [self._amount(n) for n in self.numbers.find()] if tree.tokens else []
        self.by_predicate: dict[int, list[tuple[Amount, tuple[int, ...]]]] = {}
        for amount in self._inherit([a for a in found if a is not None]):
            path = self._path(amount)
            if path:
                self.by_predicate.setdefault(path[-1], []).append((amount, path))

    def of(self, p: Predication, match: Match | None) -> tuple[Quantity, ...]:
        """The quantities that a predication states, in text order.

        Finds "killed at least 12 people" (killed, 12 or more), "lost 45 men", "$40 million in aid". Misses numbers that a later
        sentence gives without a verb of their own, and sums.
        """
        found = [x for i in dict.fromkeys((*p.words, p.head)) for x in self.by_predicate.get(i, ())]
        out = []
        for amount, path in sorted(found, key=lambda x: x[0].span):
            kind, n = self._kind(amount, path, p, match), amount.number
            if n.value != 0 or kind in BEFALLS or kind in ("money", "votes"):  # "no people" are a quantity of what befell nobody only
                unit = "people" if kind in BEFALLS or kind == "people" else amount.unit
                out.append(Quantity(n.value, n.low, n.high, unit, kind, amount.span))
        return tuple(out)

    # --- whose it is, and what becomes of those counted -------------------------------------------------------------

    def _path(self, amount: Amount) -> tuple[int, ...]:
        """From an amount to the predicate that it belongs to, empty where there is none. "The men arrested in May" are those arrested."""
        kinds, tree, path = lookup()["kind"], self.tree, [amount.at]
        acts = [c for c in tree.find(amount.at, "acl") if c in self.predicates]
        befell = [c for c in acts if any(tree[x].lemma.lower() in kinds for x in (c, *tree.find(c, "xcomp", "advmod")))]
        if befell:
            return (amount.at, befell[0])
        while path[-1] not in self.predicates:
            above = tree[path[-1]].head
            if above < 0 or len(path) > FARTHEST:  # "5,000 refugees crossed", which the tree may take for a noun phrase
                acts = [c for c in tree.find(path[-1], "acl") if c in self.predicates]
                return (*path, acts[0]) if acts else ()
            path.append(above)
        return tuple(path)

    def _kind(self, a: Amount, path: tuple[int, ...], p: Predication, match: Match | None) -> str:
        """The kind of an amount under a predicate: what it counts, else what befalls the people counted."""
        if a.kind not in ("", "people"):
            return a.kind
        tree, tables = self.tree, lookup()
        lemmas = [tree[i].lemma.lower() for i in path[1:-1]]
        lemmas += [p.lemma, tree[p.head].form.lower(), p.light, *(f"{p.lemma} {tree[o].lemma.lower()}" for o in p.object)]
        lemmas += [tree[h].lemma.lower() for relation, h in p.clauses if relation in ("xcomp", "ccomp", "acl")]
        lemmas += [tree[c].lemma.lower() for c in tree.find(p.head, "xcomp", "advmod", "amod")]
        if a.unit == "people":  # a bare number: "the death toll rose to 31"
            lemmas += [tree[h].lemma.lower() for h in (*p.subject, *p.object)]
        whither = [tables["whither"].get(tree[h].lemma.lower(), "") for _, h in p.obliques]
        told = next((kind for kind in (*(tables["kind"].get(lemma, "") for lemma in lemmas), *whither) if kind), "")
        if not told and p.lemma == "lose":
            told = "killed"
        if not told and match is not None:
            told = BY_MODE.get(match.mode or "", "")
        counted = tables["noun"].get(tree[a.at].lemma.lower(), "")
        return told or (counted if counted in BEFALLS else "people")

    def _inherit(self, amounts: list[Amount]) -> list[Amount]:
        """A bare number counts what the number before it in the sentence counts: "312 labourers and 290 the day after"."""
        out: list[Amount] = []
        for a in amounts:
            before = out[-1] if out else None
            if a.kind:
                out.append(a)
            elif before and before.kind in ("people", "votes") and self.tree[a.at].sentence == self.tree[before.at].sentence:
                out.append(replace(a, kind=before.kind, unit=before.unit))
            elif self._befalls(a):
                out.append(replace(a, kind="people", unit="people"))
        return out

    def _befalls(self, a: Amount) -> bool:
        """Whether a bare number stands where those stand to whom something is done: "63 were killed", "left 63 missing"."""
        path = self._path(a)
        if not path:
            return False
        near = (self.tree[i].lemma.lower() for i in (path[-1], *self.tree.find(path[-1], "xcomp", "obj", "nsubj")))
        return any(lemma in lookup()["kind"] for lemma in near) or self.tree[a.at].relation in ("nsubj:pass", "nsubj")

    # --- what is counted -------------------------------------------------------------------------------------------

    def _amount(self, n: Number) -> Amount | None:
        """A number with its unit and kind, or None where it counts nothing that an act could be about (dates, ages, names)."""
        return self._money(n) or self._measured(n) or (None if self._is_name_or_date(n) else self._counted(n))

    def _money(self, n: Number) -> Amount | None:
        currencies, text = lookup()["currency"], self.numbers
        for size in (2, 1):
            sign = text.phrase(n.core - size, n.core)
            if sign in currencies and (size == 1 or not sign.isalpha()) and not self._is_verb(n.core - 1):
                return self._made(n, currencies[sign], "money", min(n.first, n.core - size), n.last)
        for size in (2, 1):
            unit = text.phrase(n.last, n.last + size)
            if unit in currencies and text.gap(n.last - 1) in GLUE:
                return self._made(n, currencies[unit], "money", n.first, n.last + size)
        return None

    def _is_verb(self, lexeme: int) -> bool:
        """Whether a word is a verb and no currency: "won 54 seats"."""
        return self.tree[self._token(self.numbers.starts[lexeme])].upos == "VERB"

    def _measured(self, n: Number) -> Amount | None:
        """Shares, lengths, areas and weights."""
        tables, text = lookup(), self.numbers
        for size in (2, 1) if text.gap(n.last - 1) in GLUE else ():
            unit = text.phrase(n.last, n.last + size)
            if unit in tables["share"]:
                return self._of_what(self._made(n, "%", "share", n.first, n.last + size))
            for table, kind in (("distance", "distance"), ("measure", "other")):
                if unit in tables[table]:
                    made = self._made(n, tables[table][unit], kind, n.first, n.last + size)
                    return self._of_what(made) if made.unit in WITH_OF else made
        return self._of_what(self._made(n, "%", "share", n.first, n.last)) if n.share else None

    def _of_what(self, a: Amount) -> Amount:
        """The amount with what it is a part of: "38 per cent of voters", "nine out of ten voters"."""
        last = bisect_left(self.numbers.starts, a.span[1])
        whole = -1
        if self.numbers.form(last) == "of":
            whole = self.tree[self._token(self.numbers.starts[last])].head
        elif a.number.share:
            whole = self._noun_after(a.number)
        if whole <= a.at and whole <= self._token(a.span[1] - 1):
            return a
        return replace(a, span=(a.span[0], max(a.span[1], self.tree.noun_phrase(whole, limit=40)[1])))

    def _is_name_or_date(self, n: Number) -> bool:
        """Whether a number is part of a date, a name or a word: "5 May", "Resolution 1701", "by 2026", "two-day"."""
        text, lists = self.numbers, words("quantities")
        before, after, digits = text.form(n.first - 1), text.form(n.last), text.form(n.core)
        if after[:1] in ("-", "–") and not text.gap(n.last - 1) and not text.gap(n.last) and text.form(n.last + 1)[:1].isalpha():
            return True
        token = self._token(text.starts[n.first])
        if digits[:1].isdecimal():
            previous = text.text[max(0, text.starts[n.core] - 1) : text.starts[n.core]]
            if previous in tuple("-–/.:#&") or before in lists["skip.labels"] or {before, after} & set(lists["skip.months"]):
                return True
            if after in (":", "/") and not text.gap(n.last - 1):
                return True
            if n.last == n.core + 1 and len(digits) == 4 and digits.isdecimal() and 1500 <= int(digits) < 2200:
                noun = self._noun_after(n)
                if noun < 0 or self.tree.has(noun, "Number=Sing"):  # "by 2026", "the 2021 flood"
                    return True
        named = self.tree.named.get(token)
        return named is not None and named[0] < token

    def _counted(self, n: Number) -> Amount | None:
        """What a number without unit counts: its noun, or nothing that is said."""
        text, lists, tree = self.numbers, words("quantities"), self.tree
        noun, core = self._noun_after(n), text.phrase(n.core, n.last)
        definite = text.form(n.first - 1) in lists["skip.definite"]
        if text.form(n.last - 1) == "one" and text.form(n.last) == "of":
            return None
        if noun < 0:
            if core in ("no one", "no-one", "nobody"):
                return self._made(n, "people", "people", n.first, n.last)
            passed = core in ("one", "no") or definite or self._is_age(self._token(text.starts[n.last - 1]))
            return None if passed else self._made(n, "", "", n.first, n.last)
        lemma, person = tree[noun].lemma.lower(), self._is_person(noun)
        if lemma in lists["noun.time"] or (definite and n.value is not None and n.value <= 10) or (n.value == 0 and not person):
            return None
        kind = next((k for k in ("weapons", "votes") if lemma in lists[f"noun.{k}"]), "") or self._fate(lemma)
        kind = kind or ("people" if person else "other")
        unit = "people" if kind == "people" and lemma == "people" else "votes" if kind == "votes" else tree[noun].form.lower()
        last = bisect_left(self.numbers.starts, tree[noun].end)
        return replace(self._made(n, unit, kind, n.first, max(last, n.last)), at=noun)

    @staticmethod
    def _fate(lemma: str) -> str:
        """What became of those that a noun counts ("14 deaths", "five arrests"), where it says no more than that."""
        kind = lookup()["noun"].get(lemma, "")
        return kind if kind in BEFALLS and kind not in ("displaced", "abducted") and lemma != "detainee" else ""

    def _noun_after(self, n: Number) -> int:
        """The noun that a number counts: its head in the tree, else the next noun with only modifiers between; -1 without one."""
        tokens, text = self.tree.tokens, self.numbers
        first, last = self._token(text.starts[n.core]), self._token(text.ends[n.last - 1] - 1)
        limit = min(len(tokens), last + 7)
        for token in tokens[first : last + 1]:
            if last < token.head < limit and tokens[token.head].upos in ("NOUN", "PROPN", "SYM") and token.relation in COUNTING:
                return token.head
        at = last + 1
        if at < limit and tokens[at].form.lower() == "of":
            at += 1
            while at < limit and tokens[at].upos in ("DET", "ADJ", "NUM", "PRON"):
                at += 1
        while (
            at < limit
            and tokens[at].sentence == tokens[last].sentence
            and (tokens[at].upos in ("ADJ", "PROPN", "NOUN") or tokens[at].form == "-")
        ):
            compound = tokens[at].relation == "compound" and at + 1 < limit and tokens[at + 1].upos == "NOUN"
            if tokens[at].upos == "NOUN" and not compound:
                return at
            at += 1
        return -1

    def _is_person(self, noun: int) -> bool:
        token = self.tree[noun]
        return noun in self.persons or token.lemma.lower() in person_nouns() or token.form.lower() in person_nouns()

    def _is_age(self, i: int) -> bool:
        """Whether a bare number stands between commas after a name: "Rolf Aden, 52,"."""
        tokens = self.tree.tokens
        beside = tokens[i].relation in ("appos", "nummod", "nmod:unmarked")
        return beside and i > 1 and tokens[i - 1].form == "," and tokens[i - 2].upos in ("PROPN", "NOUN")

    # --- places in the text ------------------------------------------------------------------------------------------

    def _token(self, start: int) -> int:
        """The token at a character."""
        return max(0, bisect_right(self.starts, start) - 1)

    def _made(self, n: Number, unit: str, kind: str, first: int, last: int) -> Amount:
        """The amount whose words are the lexemes [first, last); the highest of its tokens stands for it."""
        start, end = self.numbers.starts[first], self.numbers.ends[last - 1]
        tokens = range(self._token(start), self._token(end - 1) + 1)
        top = next((i for i in tokens if self.tree[i].head not in tokens), tokens[-1])
        return Amount(n, unit, kind, (start, end), top)


COUNTING = frozenset({"nummod", "compound", "amod", "det", "nmod"})
"""Relations in which a number may stand to what it counts."""


@lru_cache(maxsize=1)
def person_nouns() -> frozenset[str]:
    """Nouns for people, among those that describe who somebody is."""
    described = (noun for noun, role in nominals().roles.items() if role.type in ("person", "group"))
    return frozenset((*words("quantities")["noun.people"], *described))
