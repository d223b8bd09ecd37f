"""Modes and contexts of events, from the words of the predicate's own phrase and of its arguments.

A sense of the lexicon may bring a mode and contexts; what is added here is in the text: "with machetes" makes an attack
primitive, "bishops" give an appeal the context religion_ethnicity. Only the words of the act are looked at, never the article.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

from allegedly.language import words
from allegedly.reading.events import Match, modes_by_act, threatened
from allegedly.reading.statements import Predication
from allegedly.reading.tree import Tree
from allegedly.records import changed

Heads = tuple[int, ...]
Phrases = Mapping[str, tuple[tuple[tuple[str, ...], int], ...]]
"""By first word: phrases (their words) with the rank of what they show."""

MOST = 3
"""As many contexts as an event may have, those of its sense first."""
CONTENT = frozenset({"NOUN", "PROPN", "ADJ", "VERB"})
WITHIN = frozenset({"compound", "amod", "nmod", "nmod:poss", "nmod:desc", "nmod:unmarked", "flat", "conj", "appos", "nummod"})
MEANS = frozenset({"with", "by", "from", "in", "using", "via", "through", "over", "out of"})
"""Prepositions of what an act is done with ("with rubber bullets", "in a drone strike")."""
OBJECT_SHOWS = frozenset({"MOBILIZE", "COERCE", "SANCTION", "PROTEST", "REQUEST", "REJECT", "THREATEN"})
"""Types whose mode is shown by what the act is about; of the others only means, modifiers and actors show it."""
EMBEDDING = frozenset({"REQUEST", "REJECT", "THREATEN", "AGREE"})
"""Types whose complement says what they are about."""


@lru_cache(maxsize=64)
def _lists(name: str, prefix: str) -> tuple[tuple[str, ...], Phrases]:
    """What the tables under a prefix show, in their order, and an index of their words."""
    shown: list[str] = []
    index: dict[str, list[tuple[tuple[str, ...], int]]] = {}
    for key, entries in words(name).items():
        if not key.startswith(prefix + "."):
            continue
        for entry in entries:
            first, *rest = entry.split()
            index.setdefault(first, []).append(((first, *rest), len(shown)))
        shown.append(key.removeprefix(prefix + "."))
    return tuple(shown), MappingProxyType({first: tuple(found) for first, found in index.items()})


class Contexts:
    """Modes and contexts of a text's events; `matches` finds the act that a clause or noun is, by the word that carries it."""

    def __init__(self, tree: Tree, found: Iterable[tuple[Predication, Match | None]]) -> None:
        self.tree = tree
        self.matches: dict[int, tuple[Predication, Match]] = {i: (p, m) for p, m in found if m for i in (p.verb, p.head)}

    def of(self, p: Predication, match: Match, actor: Heads, recipient: Heads) -> Match:
        """The match with the mode that its words show, and with the contexts that its words add to those of its sense.

        Finds "killed in a drone strike" (drone), "arrested two editors" (rights_freedoms), "threatened to annex" (territory). Misses
        what other sentences say, and words of several meanings that no list holds.
        """
        return changed(match, mode=self._mode(p, match, actor, recipient), contexts=self._contexts(p, match, actor, recipient))

    # --- modes ---------------------------------------------------------------------------------------------------

    def _mode(self, p: Predication, match: Match, actor: Heads, recipient: Heads) -> str | None:
        if match.mode is None and match.type in EMBEDDING:
            asked = self._asked(p, match)
            if asked:
                return asked
        modes, index = _lists("modes", match.type)
        if not modes or (match.mode and match.mode not in giving_way()):
            return match.mode
        places = [*self._own(p), *self._means(p, actor), *actor]
        if match.type in OBJECT_SHOWS:
            places += [*p.object, *recipient, *(h for _, h in p.obliques)]
        else:
            places += [o for o in p.object if o not in recipient]
        ranks = self._shown(places, index)
        allowed = giving_way().get(match.mode, ()) if match.mode else modes
        return next((modes[rank] for rank in sorted(ranks) if modes[rank] in allowed), match.mode)

    def _asked(self, p: Predication, match: Match) -> str | None:
        """The mode of a request, refusal or threat by the act that it is about: "called on the junta to free" is yield."""
        prefix = "threatened" if match.type == "THREATEN" else "asked" if match.type in ("REQUEST", "REJECT") else ""
        below = next(iter(self._about(p)), None)
        if not prefix or below is None:
            return None
        return threatened(below) if prefix == "threatened" else next((m for m, t in modes_by_act(prefix).items() if below.type in t), None)

    def _about(self, p: Predication) -> list[Match]:
        """The acts that a predicate's complement or object is about."""
        heads = [h for r, h in p.clauses if r in ("xcomp", "ccomp", "acl")] + list(p.object)
        heads += [h for preposition, h in p.obliques if preposition in ("for", "with", "of", "to", "from")]
        below = [c for h in heads for c in (h, *self.tree.exactly(h, "acl", "ccomp"))]
        return [self.matches[h][1] for h in below if h in self.matches and h not in (p.head, p.verb)]

    def _own(self, p: Predication) -> list[int]:
        """The predicate's own words and what modifies them ("hunger" strike)."""
        return [*p.words, *self.tree.find(p.head, "compound", "amod", "advmod")]

    def _means(self, p: Predication, actor: Heads) -> list[int]:
        """What an act is done with: a phrase ("with batons"), what is used ("using tear gas"), or what the actors are armed with."""
        tree = self.tree
        out = [h for preposition, h in p.obliques if preposition in MEANS]
        verbs = [h for _, h in p.clauses] + [c for h in actor for c in tree.find(h, "acl", "amod", "advcl")]
        for verb in verbs:
            if {tree[verb].lemma.lower(), tree[verb].form.lower()} & set(words("modes")["words.means"]):
                out += tree.find(verb, "obj", "obl")
        return out

    # --- contexts ------------------------------------------------------------------------------------------------

    def _contexts(self, p: Predication, match: Match, actor: Heads, recipient: Heads) -> tuple[str, ...]:
        concerned = [*self._own(p), *recipient, *p.object, *p.indirect, *(h for _, h in p.obliques)]
        for relation, clause in p.clauses:
            if relation in ("xcomp", "ccomp") and clause in self.matches:
                below = self.matches[clause][0]
                concerned += [*below.words, *below.object]
        concerned = [h for h in concerned if h not in actor]
        found = list(match.contexts)
        places = [("concerned", concerned), ("anywhere", [*concerned, *actor])]
        for prefix, heads in [*places, ("protesting", list(actor))] if match.type == "PROTEST" else places:
            names, index = _lists("contexts", prefix)
            found += [names[rank] for rank in self._shown(heads, index)]
        if match.type in EMBEDDING:
            found += [c for m in self._about(p) for c in m.contexts]
        return tuple(dict.fromkeys(found))[:MOST]

    def _shown(self, heads: Iterable[int], index: Phrases) -> list[int]:
        """Ranks of what the phrases of heads show, in the order of the words; where one phrase holds another, only the longer counts."""
        tokens, out, covered = self.tree.tokens, list[int](), -1
        for i in sorted({x for head in heads for x in self._phrase(head)}):
            if i <= covered or tokens[i].upos not in CONTENT or i in self.tree.bearing:
                continue
            fits = {
                (len(phrase), rank)
                for first in (tokens[i].lemma.lower(), tokens[i].form.lower())
                for phrase, rank in index.get(first, ())
                if self._stands(phrase[1:], i + 1)
            }
            longest = max((length for length, _ in fits), default=0)
            out += sorted(rank for length, rank in fits if length == longest)
            covered = i + longest - 1 if longest else covered
        return out

    def _stands(self, rest: tuple[str, ...], at: int) -> bool:
        tokens = self.tree.tokens
        return at + len(rest) <= len(tokens) and all(
            word in (tokens[at + n].lemma.lower(), tokens[at + n].form.lower()) for n, word in enumerate(rest)
        )

    def _phrase(self, head: int, depth: int = 2) -> list[int]:
        """A word with its modifiers, and with theirs, but without clauses; a verb stands alone."""
        out = [head]
        if depth and self.tree[head].upos != "VERB":
            out += [x for c in self.tree.children[head] if self.tree[c].relation in WITHIN for x in self._phrase(c, depth - 1)]
        return out


@lru_cache(maxsize=1)
def giving_way() -> Mapping[str, tuple[str, ...]]:
    """Modes that give way to more particular ones, with these."""
    return {key.removeprefix("gives_way."): value for key, value in words("modes").items() if key.startswith("gives_way.")}
