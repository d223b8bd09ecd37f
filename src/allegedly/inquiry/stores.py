"""The stores that comparison asks for, kept in the ledger.

Within one transaction nobody else writes, so that what was read once in it stays true: each store keeps that in mind.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from allegedly.compare.copies import Original, original
from allegedly.compare.identity import FORMS, KIND, Identity, keys_of
from allegedly.compare.matters import Appearance, Member, stand
from allegedly.compare.stories import Vector
from allegedly.compared import Claim, Stand, Verdict
from allegedly.ledger.packing import expand, squeeze

if TYPE_CHECKING:
    from allegedly.ledger import Ledger


def _packed(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _unpacked(data: bytes) -> Any:
    return json.loads(data.decode("utf-8", "surrogatepass"))


class Identities:
    """An `IdentityStore`. An identity's number is that of its group in the ledger; what the group has no column for is a note of it."""

    def __init__(self, ledger: "Ledger") -> None:
        self._ledger = ledger
        self._known: dict[int, Identity] = {}
        self._outlets: dict[int, set[str]] = {}
        self._days: dict[int, set[str]] = {}  # of articles of this transaction
        self._changed: set[int] = set()

    def new_identity(self) -> int:
        """The number of a new group without members."""
        return self._ledger.identities.start(())

    def identities(self, numbers: Iterable[int]) -> Mapping[int, Identity]:
        """Those that are there."""
        wanted = list(dict.fromkeys(numbers))
        notes = self._ledger.notes("identity", [n for n in wanted if n not in self._known])
        rows = self._ledger.identities.rows(notes)
        for number in notes.keys() & rows.keys():
            forms, described, outlets = _unpacked(notes[number])
            row, known = rows[number], tuple((words, count) for words, count in described)
            about = (row["label"], row["type"], row["country"], row["sector"])
            self._known[number] = Identity(number, *about, tuple(forms), known, row["source"], row["articles"])
            self._outlets[number] = set(outlets)
        return {number: self._known[number] for number in wanted if number in self._known}

    def save_identity(self, identity: Identity) -> None:
        """Kept in mind until `write`."""
        self._known[identity.number] = identity
        self._changed.add(identity.number)

    def met(self, identity: int, outlet: str | None, day: str | None) -> None:
        """An article of this outlet and day names it."""
        self._outlets.setdefault(identity, set()).update([outlet] if outlet else [])
        self._days.setdefault(identity, set()).update([day] if day else [])

    def renamed(self, number: int) -> None:
        """An identity whose members a person changed goes by their names from now on, and by no others."""
        found = self._ledger.notes("identity", [number])
        forms, described, outlets = _unpacked(found[number]) if number in found else ((), (), ())
        members = self._ledger.entities_numbered(self._ledger.identities.members([number]).get(number, ()))
        named = Counter(form for one in members for form in sorted(one.names, key=lambda form: -len(form)))
        kept = list(dict.fromkeys((*(form for form in forms if form in named), *(form for form, _ in named.most_common()))))[:FORMS]
        type_: Any = self._ledger.identities.rows([number])[number]["type"] or "other"
        self._ledger.note("identity", {number: _packed([kept, described, outlets])})
        self._ledger.index.drop(KIND, number, keys_of(type_, forms))
        self._ledger.index.put(KIND, number, keys_of(type_, kept))

    def write(self) -> None:
        """Put what was saved, and the groups' counts, into the ledger."""
        rows = self._ledger.identities.rows(self._changed)
        notes = {}
        for number in sorted(self._changed):
            i, outlets = self._known[number], sorted(self._outlets.get(number, ()))
            notes[number] = _packed([i.forms, i.described, outlets])
            days = sorted({*self._days.get(number, ()), *filter(None, (rows[number]["earliest"], rows[number]["latest"]))})
            about = {"label": i.name, "type": i.type, "country": i.country, "sector": i.sector, "source": i.rule}
            spread = {"earliest": days[0] if days else None, "latest": days[-1] if days else None, "outlets": len(outlets)}
            self._ledger.identities.set(number, **about, **spread, articles=i.articles)
        self._ledger.note("identity", notes)
        self._changed.clear()


class Stories:
    """A `StoryStore` (with its index), and a `CopyStore`. Items are articles' numbers."""

    def __init__(self, ledger: "Ledger") -> None:
        self._ledger = ledger
        self.near, self.put = ledger.index.near, ledger.index.put
        self._vectors: dict[int, Vector] = {}
        self.changed: set[int] = set()  # groups of the ledger

    def frequencies(self, keys: Sequence[int]) -> Mapping[int, int]:
        """How often words were counted, once an article."""
        counts: Mapping[int, int] = self._ledger.counts("word", keys)
        return counts

    def keep(self, item: int, vector: Vector, keys: Sequence[int]) -> None:
        """A note of the article, of its words' keys 32 bits, and one more for each word."""
        self._vectors[item] = short = replace(vector, keys=tuple((key ^ key >> 32) % (1 << 32) for key in vector.keys))
        self._ledger.note("vector", {item: squeeze(short.to_bytes())})
        self._ledger.count("word", dict.fromkeys(keys, 1))

    def vectors(self, items: Sequence[int]) -> Mapping[int, Vector]:
        """As kept."""
        missing = [item for item in items if item not in self._vectors]
        self._vectors |= {item: Vector.from_bytes(expand(note)) for item, note in self._ledger.notes("vector", missing).items()}
        return {item: self._vectors[item] for item in items}

    def stories(self, items: Sequence[int]) -> Mapping[int, int]:
        """The groups that articles are in."""
        groups: Mapping[int, int] = self._ledger.stories.of(items)
        return groups

    def members(self, story: int) -> Sequence[int]:
        """By number."""
        members: Sequence[int] = self._ledger.stories.members([story]).get(story, ())
        return members

    def start(self, items: Sequence[int]) -> int:
        """A new group."""
        story: int = self._ledger.stories.start(items)
        self.changed.add(story)
        return story

    def join(self, story: int, items: Sequence[int]) -> None:
        """Out of the groups that they were in."""
        self.changed |= {story, *self.stories(items).values()}
        self._ledger.stories.join(story, items)

    def merge(self, into: int, gone: int) -> None:
        """One group instead of two."""
        self._ledger.stories.merge(into, gone)
        self.changed |= {into, gone}

    def drop(self, story: int) -> None:
        """An empty group goes when changed groups are counted."""
        self.changed.add(story)

    def originals(self, items: Sequence[int]) -> Mapping[int, Original]:
        """From the readings, which are opened for it."""
        return {item: original(self._ledger.reading(item)) for item in items}


class Matters:
    """A `MatterStore`. A matter is called by its earliest claim's number; memberships are written by `write`."""

    def __init__(self, ledger: "Ledger") -> None:
        self._ledger = ledger
        self._claims: dict[int, Claim] = {}
        self._where: dict[str, Appearance] = {}
        self._members: dict[int, Member] = {}
        self._represented: dict[int, list[int]] = {}
        self._new: dict[int, Member] = {}

    def claims(self, items: Iterable[int]) -> Mapping[int, Claim]:
        """Those whose readings are current."""
        wanted = list(items)
        missing = [item for item in wanted if item not in self._claims]
        self._claims |= {claim.item: claim for claim in self._ledger.claims(missing)}
        return {item: self._claims[item] for item in wanted if item in self._claims}

    def appearances(self, articles: Iterable[str]) -> Mapping[str, Appearance]:
        """By the articles' ids."""
        wanted = list(articles)
        numbers = filter(None, map(self._ledger.number, (a for a in wanted if a not in self._where)))
        self._where |= {a.id: Appearance(a.id, a.outlet, a.published, None, a.title) for a in self._ledger.articles(numbers).values()}
        return {a: self._where[a] for a in wanted if a in self._where}

    def memberships(self, items: Iterable[int]) -> Mapping[int, Member]:
        """Those that were found, as they were found."""
        wanted = list(items)
        missing = [item for item in wanted if item not in self._members]
        for item, note in self._ledger.notes("member", missing).items():
            self._members[item] = _member(item, _unpacked(note))
        return {item: self._members[item] for item in wanted if item in self._members}

    def members(self, matter: int) -> Sequence[Member]:
        """By number."""
        group = self._ledger.matters.of([matter]).get(matter)
        listed = () if group is None else self._ledger.matters.members([group]).get(group, ())
        return list(self.memberships(listed).values())

    def representatives(self, matters: Iterable[int]) -> Mapping[int, Sequence[Member]]:
        """By number; a list of them is a note of the matter."""
        wanted = list(matters)
        missing = [matter for matter in wanted if matter not in self._represented]
        self._represented |= {matter: _unpacked(note) for matter, note in self._ledger.notes("representatives", missing).items()}
        known = self.memberships({item for matter in wanted for item in self._represented.get(matter, ())})
        listed = {matter: sorted(self._represented[matter]) for matter in wanted if matter in self._represented}
        return {matter: [known[item] for item in items if item in known] for matter, items in listed.items()}

    def save_claims(self, claims: Sequence[Claim]) -> None:
        """They are in the ledger already."""

    def save_member(self, member: Member) -> None:
        """Kept in mind until `write`."""
        self._members[member.item] = self._new[member.item] = member
        if member.representative:
            self.representatives([member.matter])
            self._represented.setdefault(member.matter, []).append(member.item)

    def write(self) -> set[int]:
        """Put what was saved into the ledger; the groups that changed."""
        new = [self._new[item] for item in sorted(self._new)]
        self._ledger.note("member", {m.item: _packed(_plain(m)) for m in new})
        represented = {m.matter for m in new if m.representative}
        self._ledger.note("representatives", {matter: _packed(self._represented[matter]) for matter in sorted(represented)})
        groups = self._ledger.matters.of({m.matter for m in new})
        changed = set()
        for matter in sorted({m.matter for m in new}):
            items = [m.item for m in new if m.matter == matter]
            if matter in groups:
                self._ledger.matters.join(groups[matter], items)
            else:
                groups[matter] = self._ledger.matters.start(items, item=matter)
            changed.add(groups[matter])
        claims = self.claims({*self._new, *(m.matter for m in new)})
        stands = {m.item: (self._stand(m, claims), m.verdict) for m in new if m.item in claims}
        self._ledger.set_stands(stands)
        self._new.clear()
        return changed

    def _stand(self, member: Member, claims: Mapping[int, Claim]) -> Stand:
        """How a claim stands to what its matter is about, which is the first claim affirmed: one that says no like it denies that."""
        first = claims.get(member.matter)
        flipped = first is not None and first.polarity == "negated"
        return stand(claims[member.item], "denies" if (member.side == "denies") != flipped else "same")


def _plain(member: Member) -> list[object]:
    v = member.verdict
    return [member.matter, member.side, v.label, v.score, v.rule, v.evidence, member.against, member.representative]


def _member(item: int, plain: Any) -> Member:
    matter, side, label, score, rule, evidence, against, representative = plain
    return Member(matter, item, side, Verdict(label, score, rule, tuple(evidence)), against, representative)
