"""Who acts and whom an act concerns, beyond what a predicate's own frame says."""

from collections.abc import Iterable

from allegedly.reading.events import Match
from allegedly.reading.statements import Finder, Predication
from allegedly.reading.tree import Tree
from allegedly.records import Spans

Heads = tuple[int, ...]

DEFAULT = ("to", "with", "against", "on", "upon", "from", "towards", "toward", "for", "at", "into", "of")
"""Prepositions whose phrase is taken for the recipient of a predicate without an object, best first."""
DIRECTED = frozenset({"to", "with", "against", "between", "towards", "toward"})
OWNING = frozenset({"of", "from", "for", "by", "over"})
PLACED = frozenset({"in", "on", "at", "into"})
"""Prepositions that mark whom an act concerns: anybody who can act after the first, only a name after the others, and
after the last only for acts that are done to a place and its people."""
DONE_TO_PLACES = frozenset({"CONCEDE", "AID", "RETREAT", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"})


class Roles:
    """Actors and recipients of a text's predications; a predicate may borrow from the clause that it embeds."""

    def __init__(self, tree: Tree, finder: Finder, found: Iterable[tuple[Predication, Match | None]]) -> None:
        self.tree = tree
        self.finder = finder
        self.by_verb = {p.verb: (match.actor, match.recipient) if match else self._default(p) for p, match in found}

    def of(self, p: Predication, match: Match | None) -> tuple[Heads, Heads]:
        """Actor and recipient heads of a predication; an event that names no party gets one from further off."""
        actor, recipient = (match.actor, match.recipient) if match else self.by_verb[p.verb]
        if match and not any(self._names_party(h) for h in recipient):
            recipient = (*recipient, *self._party(p, match.type, actor, recipient))
        if match and not recipient:
            recipient = tuple(o for o in p.object if o not in actor)
        return actor, recipient

    def spans(self, heads: Iterable[int]) -> Spans:
        """The phrases of heads, in text order."""
        return tuple(sorted({self.tree.noun_phrase(h) for h in heads}))

    @staticmethod
    def _default(p: Predication) -> tuple[Heads, Heads]:
        """Roles of a predicate that the lexicon does not know: the object, else the indirect object, else the likeliest phrase."""
        if p.object or p.indirect:
            return p.subject, p.object or p.indirect
        ranked = sorted((DEFAULT.index(preposition), n, h) for n, (preposition, h) in enumerate(p.obliques) if preposition in DEFAULT)
        return p.subject, tuple(h for rank, _, h in ranked if rank == ranked[0][0])

    def _can_act(self, i: int) -> bool:
        return i in self.tree.actors or i in self.tree.named

    def _names_party(self, i: int) -> bool:
        """Whether an argument is a party, or its phrase holds one ("the mayor's offer")."""
        inside = (c for c in self.tree.find(i, "nmod", "compound", "amod") if self.tree.preposition(c) in ("", "of"))
        return self._can_act(i) or any(self._can_act(c) for c in inside)

    def _party(self, p: Predication, act: str, actor: Heads, recipient: Heads) -> Heads:
        """Whom the promised, demanded or refused act concerns ("offered to send aid to Osk"), else a party in a phrase
        of the object or the predicate ("lifted the curfew in Osk").
        """
        taken = {*actor, *recipient}
        for relation, clause in p.clauses:
            if relation in ("xcomp", "ccomp", "acl", "advcl") and clause in self.by_verb and (relation != "advcl" or not recipient):
                below = [h for side in reversed(self.by_verb[clause]) for h in side if self._can_act(h) and h not in taken]
                if below:
                    return tuple(below[:1])
        phrases = [x for x in self._phrases((p.head, *p.object, *(h for _, h in p.obliques))) if x[1] not in taken]
        for preposition, h in phrases:
            if preposition in DIRECTED and self._can_act(h):
                return (h,)
        wanted = OWNING | PLACED if act in DONE_TO_PLACES else OWNING
        return next(((h,) for preposition, h in phrases if preposition in wanted and h in self.tree.named), ())

    def _phrases(self, heads: Heads) -> list[tuple[str, int]]:
        """Prepositional phrases below words, nearest first, three levels deep."""
        out: list[tuple[str, int]] = []
        level: Iterable[int] = heads
        for _ in range(3):
            found = [x for h in level for x in self.finder.obliques(h)]
            out += found
            level = [h for _, h in found]
        return list(dict.fromkeys(out))
