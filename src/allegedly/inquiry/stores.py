"""The stores that comparison asks for, kept in the ledger.

Within one transaction nobody else writes, so that what was read once in it stays true: each store keeps that in mind.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from allegedly.compare.copies import Original, original
from allegedly.compare.happenings import Appearance, Time, time_of
from allegedly.compare.identity import FORMS, KIND, Identity, keys_of
from allegedly.compare.matters import Member, stand
from allegedly.compare.stories import Vector
from allegedly.compared import Claim, Index, Stand, Verdict
from allegedly.ledger.coding import differences, numbers, numerals

if TYPE_CHECKING:
    from allegedly.ledger import Groups, Ledger


def _packed(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _unpacked(data: bytes) -> Any:
    return json.loads(data.decode("utf-8", "surrogatepass"))


class Partition:
    """Groups of the ledger in one transaction: what is read is kept in mind, what is changed is written by `write`."""

    def __init__(self, groups: "Groups") -> None:
        self._groups = groups
        self._of: dict[int, int | None] = {}
        self._members: dict[int, set[int]] = {}
        self._windows: dict[int, list[int]] = {}  # of groups whose members are not all known, the latest that the ledger has
        self._first, self._made = 0, 0  # the number that new groups begin with, and how many there are
        self._into: dict[int, set[int]] = {}
        self._left: set[int] = set()  # who had another group
        self.changed: set[int] = set()
        """Groups whose members changed."""

    def of(self, items: Iterable[int]) -> dict[int, int]:
        """The groups of those that have one."""
        wanted = list(items)
        if missing := [item for item in wanted if item not in self._of]:
            self._of |= dict.fromkeys(missing) | self._groups.of(missing)
        return {item: group for item in wanted if (group := self._of[item]) is not None}

    def members(self, group: int) -> list[int]:
        """By number."""
        return sorted(self._in(group))

    def _in(self, group: int) -> set[int]:
        if group not in self._members:
            self._members[group] = self._as_moved(group, self._groups.members([group]).get(group, ()))
        return self._members[group]

    def _as_moved(self, group: int, found: Iterable[int]) -> set[int]:
        return {item for item in found if self._of.setdefault(item, group) == group} | self._into.get(group, set())

    def latest(self, group: int, most: int) -> list[int]:
        """So many members at most, those of the highest numbers, by number: what it costs does not grow with the group."""
        if group in self._members:
            return sorted(self._members[group])[-most:]
        asked = most + len(self._left)
        if len(self._windows.get(group, ())) < asked:
            self._windows[group] = self._groups.latest(group, asked)
        here = self._as_moved(group, self._windows[group])
        if len(self._windows[group]) < asked:
            self._members[group] = here
        return sorted(here)[-most:]

    def start(self, items: Iterable[int]) -> int:
        """A new group, and its number."""
        self._first = self._first or self._groups.reserve(0)
        group = self._first + self._made
        self._made += 1
        self._members[group] = set()
        self.join(group, items)
        return group

    def join(self, group: int, items: Iterable[int]) -> None:
        """Out of the groups that they were in."""
        listed = list(items)
        before = self.of(listed)
        for item in listed:
            self._of[item] = group
            for known in (self._members, self._into):
                known.get(before.get(item, 0), set()).discard(item)
        if group in self._members:
            self._members[group].update(listed)
        self._into.setdefault(group, set()).update(listed)
        self._left |= before.keys()
        self.changed |= {group, *before.values()}

    def write(self, known: Mapping[int, Mapping[str, Any]] | None = None) -> None:
        """Put what changed into the ledger. `known` are columns of the new groups, where they have any."""
        if self._made:
            first = self._groups.reserve(self._made)
            self._groups.put({group: (known or {}).get(group, {}) for group in range(first, first + self._made)})
        self._groups.place({item: group for group, items in self._into.items() for item in items})
        self._first, self._made = 0, 0
        self._into.clear()
        self._windows.clear()
        self._left.clear()


class Identities:
    """An `IdentityStore`. An identity's number is that of its group in the ledger; what the group has no column for is a note of it."""

    def __init__(self, ledger: "Ledger") -> None:
        self._ledger = ledger
        self._known: dict[int, Identity] = {}
        self._outlets: dict[int, set[str]] = {}
        self._days: dict[int, set[str]] = {}
        self._named: dict[int, int] = {}
        self._changed: set[int] = set()
        self._first, self._made = 0, 0  # the number that new identities begin with, and how many there are

    def new_identity(self) -> int:
        """The number of a new group without members."""
        self._first = self._first or self._ledger.identities.reserve(0)
        self._made += 1
        return self._first + self._made - 1

    def identities(self, numbers: Iterable[int]) -> Mapping[int, Identity]:
        """Those that are there."""
        wanted = list(dict.fromkeys(numbers))
        if missing := [n for n in wanted if n not in self._known]:
            notes = self._ledger.notes("identity", missing)
            rows = self._ledger.identities.rows(notes)
            for number in notes.keys() & rows.keys():
                forms, described, outlets = _known(notes[number])
                row, known = rows[number], tuple((words, count) for words, count in described)
                about = (row["label"], row["type"], row["country"], row["sector"])
                self._known[number] = Identity(number, *about, tuple(forms), known, row["source"], row["articles"])
                self._outlets[number] = set(outlets)
                self._days[number] = set(filter(None, (row["earliest"], row["latest"])))
        return {number: self._known[number] for number in wanted if number in self._known}

    def save_identity(self, identity: Identity) -> None:
        """Kept in mind until `write`."""
        self._known[identity.number] = identity
        self._changed.add(identity.number)

    def forget(self, numbers: Iterable[int]) -> None:
        """An article that counted for these is resolved anew."""
        for known in self.identities(numbers).values():
            self.save_identity(replace(known, articles=max(known.articles - 1, 0)))

    def met(self, identity: int, entity: int, outlet: str | None, day: str | None) -> None:
        """An article of this outlet and day names it, as this entity."""
        self._named[entity] = identity
        self._outlets.setdefault(identity, set()).update([outlet] if outlet else [])
        self._days.setdefault(identity, set()).update([day] if day else [])

    def renamed(self, number: int) -> None:
        """An identity whose members a person changed goes by their names from now on, and by no others."""
        found = self._ledger.notes("identity", [number])
        forms, described, outlets = _known(found[number]) if number in found else ([], [], [])
        members = self._ledger.entities_numbered(self._ledger.identities.members([number]).get(number, ()))
        named = Counter(form for one in members for form in sorted(one.names, key=lambda form: -len(form)))
        kept = list(dict.fromkeys((*(form for form in forms if form in named), *(form for form, _ in named.most_common()))))[:FORMS]
        type_: Any = self._ledger.identities.rows([number])[number]["type"] or "other"
        self._ledger.note("identity", {number: _identity_note(kept, described, outlets)})
        self._ledger.index.drop(KIND, number, keys_of(type_, forms))
        self._ledger.index.put(KIND, number, keys_of(type_, kept))

    def write(self) -> None:
        """Put what was saved, the groups' counts and who is who into the ledger."""
        groups, notes, known = self._ledger.identities, {}, {}
        for number in sorted(self._changed):
            i, outlets = self._known[number], sorted(self._outlets.get(number, ()))
            notes[number] = _identity_note(i.forms, i.described, outlets)
            days = sorted(self._days.get(number, ()))
            about = {"label": i.name, "type": i.type, "country": i.country, "sector": i.sector, "source": i.rule}
            spread = {"earliest": days[0] if days else None, "latest": days[-1] if days else None, "outlets": len(outlets)}
            known[number] = {**about, **spread, "articles": i.articles}
        first = groups.reserve(self._made) if self._made else 0
        new = range(first, first + self._made)
        groups.put({number: known.pop(number) for number in new})
        groups.set_all(known)
        groups.place(self._named)
        self._ledger.note("identity", notes)
        self._first, self._made = 0, 0
        self._changed.clear()
        self._named.clear()


_PARTS, _LISTED, _TIMES = "\n", "\t", "\r"  # none of which is in words as they are folded


def _identity_note(forms: Sequence[str], described: Iterable[tuple[str, int]], outlets: Sequence[str]) -> bytes:
    """Names, descriptions with how many articles gave them (once where nothing is said), outlets: as far as there are any. In JSON where
    one is called by what parts them, or all would begin as JSON does.
    """
    counted = [words if count == 1 else f"{words}{_TIMES}{count}" for words, count in described]
    whole = _PARTS.join(map(_LISTED.join, (forms, counted, outlets))).rstrip(_PARTS)
    if whole.startswith("[") or any(set(one) & {_PARTS, _LISTED, _TIMES} for one in (*forms, *outlets)):
        return _packed([forms, [[words, count] for words, count in described], outlets])
    return whole.encode("utf-8", "surrogatepass")


def _known(note: bytes) -> tuple[list[str], list[tuple[str, int]], list[str]]:
    if note[:1] == b"[":
        forms, described, outlets = [*_unpacked(note), [], [], []][:3]
        return forms, [(one, 1) if isinstance(one, str) else (one[0], one[1]) for one in described], outlets
    parts = [one.split(_LISTED) if one else [] for one in note.decode("utf-8", "surrogatepass").split(_PARTS)]
    forms, counted, outlets = [*parts, [], [], []][:3]
    return forms, [(words, int(count or 1)) for words, _, count in (one.partition(_TIMES) for one in counted)], outlets


class Stories:
    """A `StoryStore` (with its index), and a `CopyStore`. Items are articles' numbers; what is kept is written by `write`."""

    def __init__(self, ledger: "Ledger", index: Index) -> None:
        self._ledger = ledger
        self.near, self.lists, self.put, self.warm, self.blank = index.near, index.lists, index.put, index.warm, index.blank
        self._vectors: dict[int, Vector] = {}
        self._originals: dict[int, Original] = {}
        self._seen: dict[int, int] = {}
        self._counted: Counter[int] = Counter()
        self._new: set[int] = set()
        self._groups = Partition(ledger.stories)
        self.of = self._groups.of

    @property
    def changed(self) -> set[int]:
        """Groups of the ledger that changed."""
        return self._groups.changed

    def frequencies(self, keys: Sequence[int]) -> Mapping[int, int]:
        """How often words were counted, once an article."""
        if missing := [key for key in keys if key not in self._seen]:
            self._seen |= dict.fromkeys(missing, 0) | self._ledger.counts("word", missing)
        return {key: self._seen[key] for key in keys}

    def keep(self, item: int, vector: Vector, keys: Sequence[int]) -> None:
        """A note of the article, of its words' keys 24 bits, and one more for each word."""
        self._vectors[item] = replace(vector, keys=tuple((key ^ key >> 24) % (1 << 24) for key in vector.keys))
        self._new.add(item)
        self._counted.update(keys)
        for key in self.frequencies(keys):
            self._seen[key] += 1

    def vectors(self, items: Sequence[int]) -> Mapping[int, Vector]:
        """As kept."""
        if missing := [item for item in items if item not in self._vectors]:
            self._vectors |= {item: _vector(note) for item, note in self._ledger.notes("vector", missing).items()}
        return {item: self._vectors[item] for item in items}

    def stories(self, items: Sequence[int]) -> Mapping[int, int]:
        """The groups that articles are in."""
        return self.of(items)

    def latest(self, story: int, most: int) -> Sequence[int]:
        """By number."""
        return self._groups.latest(story, most)

    def start(self, items: Sequence[int]) -> int:
        """A new group."""
        return self._groups.start(items)

    def join(self, story: int, items: Sequence[int]) -> None:
        """Out of the groups that they were in."""
        self._groups.join(story, items)

    def merge(self, into: int, gone: int) -> None:
        """All of a group into another."""
        self._groups.join(into, self._groups.members(gone))

    def drop(self, story: int) -> None:
        """An empty group goes when changed groups are counted."""

    def hold(self, item: int, source: Original) -> None:
        """An article of this transaction, so that its reading need not be opened again."""
        self._originals[item] = source

    def originals(self, items: Sequence[int]) -> Mapping[int, Original]:
        """From texts and notes; readings are opened only of articles that were compared before there were such notes."""
        known: dict[int, Original] = {}
        if missing := [item for item in items if item not in self._originals]:
            notes, texts = self._ledger.notes("original", missing), self._ledger.texts(missing)
            known = {item: _original(note, texts[item]) for item, note in notes.items() if item in texts}
        return {item: self._originals.get(item) or known.get(item) or original(self._ledger.reading(item)) for item in items}

    def write(self) -> None:
        """Put what was kept into the ledger."""
        self._ledger.note("vector", {item: _vector_note(self._vectors[item]) for item in sorted(self._new)})
        self._ledger.note("original", {item: _original_note(one) for item, one in self._originals.items()})
        self._ledger.count("word", self._counted)
        self._groups.write()
        self._counted.clear()
        self._new.clear()


def _vector_note(vector: Vector) -> bytes:
    """Three bytes for a key, and how much less each weight is than the one before: from less telling words on, one byte."""
    out, before = bytearray((vector.day or 0).to_bytes(3, "little")), (1 << 16) - 1
    for key, weight in zip(vector.keys, vector.weights, strict=True):
        less = before - weight
        out += key.to_bytes(3, "little") + (bytes((less,)) if 0 <= less < 255 else b"\xff" + weight.to_bytes(2, "little"))
        before = weight
    return bytes(out)


def _vector(note: bytes) -> Vector:
    keys, weights, at, weight = list[int](), list[int](), 3, (1 << 16) - 1
    while at < len(note):
        keys.append(int.from_bytes(note[at : at + 3], "little"))
        weight, at = (weight - note[at + 3], at + 4) if note[at + 3] < 255 else (int.from_bytes(note[at + 4 : at + 6], "little"), at + 6)
        weights.append(weight)
    return Vector(int.from_bytes(note[:3], "little") or None, tuple(keys), tuple(weights))


def _original_note(source: Original) -> bytes:
    """When it was published; where its notes and quotations begin and end, each as far from the one before."""
    edges = (numerals(differences([edge for span in spans for edge in span])) for spans in (source.aside, source.quoted))
    return "\n".join((source.published or "", *edges)).encode("utf-8", "surrogatepass")


def _original(note: bytes, text: str) -> Original:
    published, *spans = note.decode("utf-8", "surrogatepass").rsplit("\n", 2)
    edges = [list(accumulate(numbers(one))) for one in spans]
    aside, quoted = (tuple(zip(one[::2], one[1::2], strict=True)) for one in edges)
    return Original(text, published or None, aside, quoted)


class Matters:
    """A `MatterStore`. A matter is called by its earliest claim's number; memberships are written by `write`."""

    def __init__(self, ledger: "Ledger") -> None:
        self._ledger = ledger
        self._claims: dict[int, Claim | None] = {}
        self._times: dict[int, Time | None] = {}
        self._where: dict[str, Appearance | None] = {}
        self._members: dict[int, Member | None] = {}
        self._represented: dict[int, list[int]] = {}
        self._deputies: dict[int, Member | None] = {}
        self._new: dict[int, Member] = {}

    def claims(self, items: Iterable[int]) -> Mapping[int, Claim]:
        """Those whose readings are current."""
        wanted = list(items)
        if missing := [item for item in wanted if item not in self._claims]:
            self._claims |= dict.fromkeys(missing) | {claim.item: claim for claim in self._ledger.claims(missing)}
        return {item: claim for item in wanted if (claim := self._claims[item]) is not None}

    def times(self, items: Iterable[int]) -> Mapping[int, Time]:
        """Those whose readings are current."""
        wanted = list(items)
        if missing := [item for item in wanted if item not in self._times]:
            self._times |= dict.fromkeys(missing) | {item: Time(*time) for item, time in self._ledger.times(missing).items()}
        return {item: time for item in wanted if (time := self._times[item]) is not None}

    def appearances(self, articles: Iterable[str]) -> Mapping[str, Appearance]:
        """By the articles' ids."""
        wanted = list(articles)
        if missing := [article for article in wanted if article not in self._where]:
            rows = self._ledger.articles(self._ledger.numbers(missing).values()).values()
            self._where |= dict.fromkeys(missing) | {a.id: Appearance(a.id, a.outlet, a.published, None, a.title) for a in rows}
        return {article: there for article in wanted if (there := self._where[article]) is not None}

    def memberships(self, items: Iterable[int]) -> Mapping[int, Member]:
        """Those that were found, as they were found."""
        wanted = list(items)
        if missing := [item for item in wanted if item not in self._members]:
            notes = self._ledger.notes("member", missing)
            self._members |= dict.fromkeys(missing) | {item: _member(item, _unpacked(note)) for item, note in notes.items()}
        return {item: member for item in wanted if (member := self._members[item]) is not None}

    def members(self, matter: int) -> Sequence[Member]:
        """By number."""
        group = self._ledger.matters.of([matter]).get(matter)
        listed = () if group is None else self._ledger.matters.members([group]).get(group, ())
        return list(self.memberships(listed).values())

    def representatives(self, matters: Iterable[int]) -> Mapping[int, Sequence[Member]]:
        """By number; a list of them is a note of the matter. A first claim whose reading is no longer current has a deputy."""
        wanted = list(matters)
        if missing := [matter for matter in wanted if matter not in self._represented]:
            notes = self._ledger.notes("representatives", missing)
            self._represented |= {matter: _unpacked(notes[matter]) if matter in notes else [] for matter in missing}
        known = dict(self.memberships({item for matter in wanted for item in self._represented[matter]}))
        listed = {matter: sorted(self._represented[matter]) for matter in wanted if self._represented[matter]}
        current = self.claims(listed)
        for matter in listed:
            if matter not in current and (deputy := self._deputy(matter)) is not None:
                known[deputy.item] = deputy
                listed[matter] = sorted({*listed[matter], deputy.item})
        return {matter: [known[item] for item in items if item in known] for matter, items in listed.items()}

    def _deputy(self, matter: int) -> Member | None:
        """The earliest claim of a matter, of those that were found to belong there, whose reading is current."""
        if matter not in self._deputies:
            listed = [one for one in self.members(matter) if one.matter == matter and one.verdict.rule != "user"]
            current = self.claims(one.item for one in listed)
            self._deputies[matter] = next((one for one in listed if one.item in current), None)
        return self._deputies[matter]

    def save_claims(self, claims: Sequence[Claim]) -> None:
        """They are in the ledger already."""
        where = self.appearances({claim.article for claim in claims})
        self._claims |= {claim.item: claim for claim in claims}
        self._times |= {claim.item: time_of(claim, where) for claim in claims}

    def save_member(self, member: Member) -> None:
        """Kept in mind until `write`."""
        self._members[member.item] = self._new[member.item] = member
        if member.representative:
            self.representatives([member.matter])
            self._represented[member.matter].append(member.item)

    def write(self) -> tuple[set[int], dict[int, set[int]]]:
        """Put what was saved into the ledger; the groups that changed, and which statements joined which of them."""
        new = [self._new[item] for item in sorted(self._new)]
        self._ledger.note("member", {m.item: _packed(_plain(m)) for m in new})
        represented = {m.matter for m in new if m.representative}
        self._ledger.note("representatives", {matter: _packed(self._represented[matter]) for matter in sorted(represented)})
        groups = Partition(self._ledger.matters)
        of = groups.of({m.matter for m in new})
        begun: dict[int, dict[str, Any]] = {}
        for matter in sorted({m.matter for m in new}):
            if matter not in of:
                of[matter] = groups.start(())
                begun[of[matter]] = {"item": matter}
        joined: dict[int, set[int]] = {}
        for m in new:
            groups.join(of[m.matter], [m.item])
            joined.setdefault(of[m.matter], set()).add(m.item)
        groups.write(begun)
        claims = self.claims({*self._new, *(m.matter for m in new)})
        stands = {m.item: (self._stand(m, claims), m.verdict) for m in new if m.item in claims}
        self._ledger.set_stands(stands)
        self._new.clear()
        return groups.changed, joined

    def _stand(self, member: Member, claims: Mapping[int, Claim]) -> Stand:
        """How a claim stands to what its matter is about, which is the first claim affirmed: one that says no like it denies that."""
        first, deputy = claims.get(member.matter), self._deputies.get(member.matter)
        flipped = first is not None and first.polarity == "negated"
        if first is None and deputy is not None:
            known = self._ledger.stands([deputy.item])
            flipped = deputy.item in known and (known[deputy.item][0] in ("denies", "reports_denial")) != (deputy.side == "denies")
        return stand(claims[member.item], "denies" if (member.side == "denies") != flipped else "same")


def _plain(member: Member) -> list[object]:
    """How far away its matter is, how far from that the claim that it was compared with, and so on: as far as it is not as usual."""
    v, first = member.verdict, member.item == member.matter
    usual = [0, 0, [], 1.0, True, "same", "same", "first" if first else "aligned"]
    parts: list[object] = [member.item - member.matter, member.against - member.matter, list(v.evidence), v.score, member.representative]
    parts += [member.side, v.label, v.rule]
    while parts and parts[-1] == usual[len(parts) - 1]:
        parts.pop()
    return parts


def _member(item: int, plain: Any) -> Member:
    if len(plain) > 1 and isinstance(plain[1], str):  # as it was before
        matter, side, label, score, rule, evidence, against, representative = plain
        return Member(matter, item, side, Verdict(label, score, rule, tuple(evidence)), against, representative)
    usual: list[Any] = [0, 0, [], 1.0, True, "same", "same", "aligned" if plain and plain[0] else "first"]
    far, near, evidence, score, representative, side, label, rule = list(plain) + usual[len(plain) :]
    matter = item - far
    return Member(matter, item, side, Verdict(label, score, rule, tuple(evidence)), matter + near, representative)
