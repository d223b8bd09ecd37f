"""What comparison keeps: an inverted index, groups (stories, matters, identities), copies, designations, and how far each stage is.

Comparison itself knows nothing of tables: it asks for numbers and records, and hands numbers and records back.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from sqlalchemy import Table, bindparam, func, or_, select, text, tuple_

from allegedly.compared import TOGETHER, Copy, Designation, Stand, Verdict, nearest
from allegedly.ledger import tables as t
from allegedly.ledger.blocks import Blocks
from allegedly.ledger.store import Store, listing
from allegedly.ledger.views import of_reading, within
from allegedly.ledger.words import fold

T = TypeVar("T")
LATEST = 400
"""Of a key that more items share, the latest so many count: it says little, and its cost must not grow with the ledger. Of three words in
a row (`passage`) it is fewer: there are a hundred of them in an article, and any few of these find the others that it was copied to.
"""
_LATEST = {"passage": 100}
KINDS = 4
"""Bits of a kind."""
WIDE = {"claim": 24, "identity": 15}
"""Kinds that have so many keys, and are asked for so many, that 28 bits of a key would soon mean many another one, with the bits that they
have beside those by which keys lie together (`compared.gathered`): such keys lie in the same blocks.
"""
_BITS = (28, 24 + TOGETHER)


@dataclass(frozen=True, slots=True)
class Rows(Generic[T]):
    """A page of a listing; `next` is what to give as `after` for the page that follows, None at the end."""

    rows: tuple[T, ...]
    next: Any = None


@dataclass(frozen=True, slots=True)
class EntityRow:
    """An entity of one article: its number, what the article calls it in full, and the identity it was found to be."""

    number: int
    article: int
    name: str
    type: str
    country: str | None
    sector: str | None
    identity: int | None
    names: tuple[str, ...]


# --- the inverted index ----------------------------------------------------------------------------------------------


class Kinds:
    """The numbers of kinds of postings, notes and counts."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._numbers: dict[str, int] = {}
        store.forget.append(self._numbers.clear)

    def number(self, kind: str) -> int:
        """A kind's number; 0, which none has, for one that was never made."""
        if kind not in self._numbers:
            found = self._store.one(select(t.kinds.c.number).where(t.kinds.c.name == kind))
            if found is None:
                return 0
            self._numbers[kind] = found
        return self._numbers[kind]

    def made(self, kind: str) -> int:
        """A kind's number, made where there is none."""
        number = self.number(kind)
        if not number:
            number = self._store.next("kinds")
            self._store.run(t.kinds.insert(), {"number": number, "name": kind})
        return number


class Postings:
    """`compared.Index` in blocks. Keys are folded: two may meet, which comparing the items themselves tells apart.

    Of a key that more than `LATEST` items have, the latest are kept.
    """

    def __init__(self, store: Store, kinds: Kinds) -> None:
        self._store = store
        self._kinds = kinds
        self._blocks = Blocks(store, t.postings)
        self._former: dict[int, bool] = {}

    def near(
        self, kind: str, keys: Iterable[int], *, least: int = 1, most: int = 200, crowded: int | None = None, latest: bool = False
    ) -> Sequence[tuple[int, int]]:
        """See `compared.nearest`."""
        return nearest(self.lists(kind, keys).values(), least=least, most=most, crowded=crowded, latest=latest)

    def put(self, kind: str, item: int, keys: Iterable[int]) -> None:
        """Add an item under its keys."""
        self.put_all(kind, [(key, item) for key in keys])

    def put_all(self, kind: str, postings: Iterable[tuple[int, int]]) -> None:
        """Add items under keys, as (key, item)."""
        with self._store.writing():
            number, listed = self._kinds.made(kind), list(postings)
            places = [posted(number, key, wide=WIDE.get(kind, 0)) for key, _ in listed]
            self._blocks.add(places, [item for _, item in listed], most=_LATEST.get(kind, LATEST))

    def drop(self, kind: str, item: int, keys: Iterable[int]) -> None:
        """Take an item from under keys."""
        with self._store.writing():
            self._blocks.take([place for _, place in self._places(kind, keys)], item)

    def warm(self, kind: str, keys: Iterable[int]) -> None:
        """Nothing: what is to be asked often is held in memory over this (`compare.index.HeldIndex`)."""

    def blank(self, kind: str, keys: Iterable[int]) -> None:
        """Nothing either."""

    def lists(self, kind: str, keys: Iterable[int]) -> dict[int, list[int]]:
        """The items under each of these keys that has any, by number."""
        places = self._places(kind, keys) if self._kinds.number(kind) else []
        found = self._blocks.lists(place for _, place in places)
        out: dict[int, list[int]] = {}
        for key, place in places:
            if place in found:
                out[key] = sorted({*out[key], *found[place]}) if key in out else found[place]
        return out

    def _places(self, kind: str, keys: Iterable[int]) -> list[tuple[int, int]]:
        """Keys, and where their lists are: those of a wide kind are in two places in ledgers from before there were such."""
        number, listed = self._kinds.number(kind), list(dict.fromkeys(keys))
        if number not in self._former:
            first, least, most = t.postings.c.first, *keys_of(number)
            there = kind in WIDE and self._store.one(select(first).where(first.between(least, most)).limit(1)) is not None
            self._former[number] = there
        narrow = [(key, posted(number, key)) for key in listed] if kind not in WIDE or self._former[number] else []
        return narrow + [(key, posted(number, key, wide=WIDE[kind])) for key in listed if kind in WIDE]


def keys_of(kind: int, *, wide: bool = False) -> tuple[int, int]:
    """The least and the greatest key of a kind's lists; kinds are 0 to 15."""
    bits = _BITS[wide]
    return (wide << bits + KINDS) + (kind << bits), (wide << bits + KINDS) + (kind + 1 << bits) - 1


def noted(kind: int, item: int) -> int:
    """The number of a note."""
    return item << KINDS | kind


def posted(kind: int, key: int, *, wide: int = 0) -> int:
    """A kind and a key as one of 32 bits, or, with so many of its own besides those by which it lies with others, greater than all of
    those.
    """
    own = key % (1 << 63)
    if not wide:
        return keys_of(kind)[0] + (own ^ own >> 32) % (1 << _BITS[False])
    return keys_of(kind, wide=True)[0] + (key >> 63 << wide) + (own ^ own >> 32) % (1 << wide)


class Notes:
    """Small blobs by kind and number, and counts by kind and key, that comparison keeps."""

    def __init__(self, store: Store, kinds: Kinds) -> None:
        self._store = store
        self._kinds = kinds
        self._counts = Blocks(store, t.counts)
        wanted, n = store.each(), t.notes.c
        self._noted = select(n.number, n.note).join(wanted, wanted.c.value == n.number)

    def get(self, kind: str, items: Iterable[int]) -> dict[int, bytes]:
        """The notes of those that have one."""
        kinds, listed = self._kinds.number(kind), list(items)
        if not listed:
            return {}
        rows = self._store.rows(self._noted, listing(noted(kinds, item) for item in listed))
        return {row.number >> KINDS: bytes(row.note) for row in rows}

    def set(self, kind: str, notes: Mapping[int, bytes]) -> None:
        """Add notes, or put them in the place of those that were there."""
        number = self._kinds.made(kind)
        self._store.run(_NOTE, [{"number": noted(number, item), "note": note} for item, note in sorted(notes.items())])

    def counts(self, kind: str, keys: Iterable[int]) -> dict[int, int]:
        """How often each key was counted; keys that never were are left out."""
        number = self._kinds.number(kind)
        narrow = {key: posted(number, key) for key in keys}
        found = self._counts.lists(narrow.values())
        return {key: found[one][0] for key, one in narrow.items() if one in found}

    def count(self, kind: str, keys: Mapping[int, int]) -> None:
        """Count each key so many times more."""
        with self._store.writing():
            number = self._kinds.made(kind)
            self._counts.count([posted(number, key) for key in keys], list(keys.values()))


_NOTE = text("INSERT INTO notes (number, note) VALUES (:number, :note) ON CONFLICT (number) DO UPDATE SET note = excluded.note")


# --- groups ----------------------------------------------------------------------------------------------------------


class Groups:
    """A partition of items (articles, statements or entities) into groups (stories, matters or identities): an item is in one at most."""

    def __init__(self, store: Store, groups: Table, members: Table, *, member: str, group: str) -> None:
        self._store = store
        self._groups = groups
        self._members = members
        self._member, self._group = members.c[member], members.c[group]
        self._in_place = member == "number"  # the members' own table says their group
        wanted = store.each()
        of = select(self._member, self._group).join(wanted, wanted.c.value == self._member)
        self._of = of.where(self._group.is_not(None))
        of = select(self._group, self._member).join(wanted, wanted.c.value == self._group)
        self._in = of.order_by(self._group, self._member)

    def of(self, members: Iterable[int]) -> dict[int, int]:
        """The groups of those that have one."""
        return {row[0]: row[1] for row in self._store.rows(self._of, listing(members))}

    def members(self, groups: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """The members of each group, by number."""
        out: dict[int, list[int]] = {}
        for group, member in self._store.rows(self._in, listing(groups)):
            out.setdefault(group, []).append(member)
        return {group: tuple(found) for group, found in out.items()}

    def met(self, articles: Iterable[int]) -> set[int]:
        """The groups of statements that any reading of these articles holds, earlier ones too."""
        wanted = self._store.each_of(articles)
        held = t.readings.join(wanted, wanted.c.value == t.readings.c.article).join(self._members, within(self._member))
        return {row[0] for row in self._store.rows(select(self._group).select_from(held).distinct())}

    def latest(self, group: int, most: int) -> list[int]:
        """So many of a group's members, those of the highest numbers before the others."""
        query = select(self._member).where(self._group == group).order_by(self._member.desc()).limit(most)
        return [row[0] for row in self._store.rows(query)]

    def start(self, members: Iterable[int], *, number: int | None = None, **columns: Any) -> int:
        """A new group of these, and its number; with `number`, one that was there and is put back."""
        with self._store.writing():
            number = number or self._store.next(self._groups.name)
            self._store.run(self._groups.insert(), {"number": number, **columns})
            self.join(number, members)
        return number

    def join(self, group: int, members: Iterable[int]) -> None:
        """Put members into a group; they leave any other."""
        self.place(dict.fromkeys(members, group))

    def place(self, groups: Mapping[int, int]) -> None:
        """Put each of these members into its group; they leave any other."""
        listed = sorted(groups.items())
        with self._store.writing():
            if not self._in_place:
                self.leave(groups)
                self._store.run(self._members.insert(), [{self._member.name: one, self._group.name: group} for one, group in listed])
            else:
                change = self._members.update().where(self._member == bindparam("one")).values({self._group.name: bindparam("into")})
                self._store.run(change, [{"one": one, "into": group} for one, group in listed])

    def leave(self, members: Iterable[int]) -> None:
        """Take members out of their groups."""
        listed = [{"one": one} for one in sorted(set(members))]
        mine = self._member == bindparam("one")
        if self._in_place:
            self._store.run(self._members.update().where(mine).values({self._group.name: None}), listed)
        else:
            self._store.run(self._members.delete().where(mine), listed)

    def merge(self, into: int, gone: int) -> None:
        """All members of a group go to another; the group that is left empty goes, and what an outlet calls it goes with its members."""
        if into == gone:
            return
        with self._store.writing():
            self._store.run(self._members.update().where(self._group == gone), {self._group.name: into})
            if self._groups is t.identities:
                _merge_designations(self._store, into, gone)
            self.remove([gone])

    def remove(self, groups: Iterable[int]) -> None:
        """Take away groups that have no members any more."""
        with self._store.writing():
            for group in groups:
                if self._groups is t.identities:
                    self._store.run(t.designations.delete().where(t.designations.c.identity == group))
                self._store.run(self._groups.delete().where(self._groups.c.number == group))

    def set(self, group: int, **columns: Any) -> None:
        """What is known of a group as a whole: its label and counts."""
        self.set_all({group: columns})

    def set_all(self, known: Mapping[int, Mapping[str, Any]]) -> None:
        """The same of several groups, of all the same columns."""
        if known:
            names = next(iter(known.values()))
            change = self._groups.update().where(self._groups.c.number == bindparam("one"))
            change = change.values({name: bindparam(name) for name in names})
            self._store.run(change, [{"one": group, **columns} for group, columns in sorted(known.items())])

    def reserve(self, count: int) -> int:
        """The first of so many numbers for new groups, given once; of none, the number that the next group will have."""
        return self._store.next(self._groups.name, count)

    def put(self, known: Mapping[int, Mapping[str, Any]]) -> None:
        """New groups without members, by numbers that were reserved, with what is known of them, of all the same columns."""
        self._store.run(self._groups.insert(), [{"number": group, **columns} for group, columns in sorted(known.items())])

    def rows(self, groups: Iterable[int]) -> dict[int, dict[str, Any]]:
        """What is known of groups, by number."""
        wanted = self._store.each_of(groups)
        query, names = select(self._groups).join(wanted, wanted.c.value == self._groups.c.number), self._groups.c.keys()
        return {row.number: dict(zip(names, row, strict=True)) for row in self._store.rows(query)}

    def list(self, *, least: int = 0, after: tuple[int, int] | None = None, limit: int = 50, **equals: Any) -> Rows[dict[str, Any]]:
        """Groups of at least so many articles, the largest before the others; `equals` are columns and the values they must have."""
        size, number = self._groups.c.articles, self._groups.c.number
        query = select(self._groups).where(size >= least, *(self._groups.c[name] == value for name, value in equals.items()))
        if after is not None:
            query = query.where(tuple_(size, number) < tuple_(*after))
        rows = self._store.rows(query.order_by(size.desc(), number.desc()).limit(limit + 1))
        more = (rows[limit - 1].articles, rows[limit - 1].number) if len(rows) > limit else None
        return Rows(tuple(dict(row._mapping) for row in rows[:limit]), more)


def _merge_designations(store: Store, into: int, gone: int) -> None:
    old = [_designation(row) for row in store.rows(select(t.designations).where(t.designations.c.identity == gone))]
    store.run(t.designations.delete().where(t.designations.c.identity == gone))
    add_designations(store, [replace(one, identity=into) for one in old])


# --- stands ----------------------------------------------------------------------------------------------------------


def set_stands(store: Store, stands: Mapping[int, tuple[Stand, Verdict]]) -> None:
    """How statements stand to the proposition of their matter, and the verdict that this rests on."""
    members = t.matter_members
    change = members.update().where(members.c.member == bindparam("one"))
    names = ("stand", "label", "score", "rule", "evidence")
    rows = [
        {
            "one": item,
            "stand": stand,
            "label": v.label,
            "score": v.score,
            "rule": v.rule,
            "evidence": json.dumps(v.evidence, ensure_ascii=False),
        }
        for item, (stand, v) in sorted(stands.items())
    ]
    store.run(change.values({name: bindparam(name) for name in names}), rows)


def stands(store: Store, items: Iterable[int]) -> dict[int, tuple[Stand, Verdict]]:
    """What `set_stands` kept."""
    members, wanted = t.matter_members.c, store.each_of(items)
    query = select(t.matter_members).join(wanted, wanted.c.value == members.member).where(members.stand.is_not(None))
    return {row.member: (row.stand, Verdict(row.label, row.score, row.rule, tuple(json.loads(row.evidence)))) for row in store.rows(query)}


# --- stages ----------------------------------------------------------------------------------------------------------


def pending(store: Store, stage: str, limit: int) -> list[int]:
    """Articles whose current reading a stage was not handed yet, the earliest added before the others."""
    mark = store.one(select(t.progress.c.reading).where(t.progress.c.stage == stage)) or 0
    current = t.articles.join(t.readings, t.readings.c.number == t.articles.c.reading)
    query = select(t.articles.c.number).select_from(current).where(t.readings.c.number > mark).order_by(t.readings.c.number).limit(limit)
    return [row.number for row in store.rows(query)]


def done(store: Store, stage: str, articles: Iterable[int]) -> None:
    """A stage is through with these and all before them."""
    wanted = store.each_of(articles)
    mark = store.one(select(func.max(t.articles.c.reading)).join(wanted, wanted.c.value == t.articles.c.number))
    if mark is None:
        return
    change = t.progress.update().where(t.progress.c.stage == stage)
    if not store.run(change.values(reading=mark)):
        store.run(t.progress.insert(), {"stage": stage, "reading": mark})


# --- entities, copies, designations ----------------------------------------------------------------------------------


def entities(store: Store, articles: Iterable[int]) -> dict[int, list[EntityRow]]:
    """The entities of articles that have rows, with their folded names."""
    wanted = store.each_of(articles)
    out: dict[int, list[EntityRow]] = {}
    for one in _entities(store, t.articles.join(wanted, wanted.c.value == t.articles.c.number).join(t.entities, _WITHIN)):
        out.setdefault(one.article, []).append(one)
    return out


def entities_numbered(store: Store, numbers: Iterable[int]) -> list[EntityRow]:
    """Those with these numbers, of readings that are current."""
    listed = list(numbers)
    readings, wanted = store.each_of({number // t.ROOM for number in listed}), store.each_of(listed)
    current = t.articles.join(readings, readings.c.value == t.articles.c.reading).join(t.entities, _WITHIN)
    return _entities(store, current, t.entities.c.number.in_(select(wanted.c.value)))


def named_before(store: Store, articles: Iterable[int]) -> dict[int, set[int]]:
    """The identities in articles' last readings before their current ones."""
    wanted, e, r = store.each_of(articles), t.entities.c, t.readings.c
    earlier = t.readings.join(wanted, wanted.c.value == r.article).join(t.articles, t.articles.c.number == r.article)
    last = select(r.article, func.max(r.number).label("number")).select_from(earlier).where(r.number < t.articles.c.reading)
    found = last.group_by(r.article).subquery()
    named = found.join(t.entities, of_reading(e.number, found.c.number))
    query = select(found.c.article, e.identity).select_from(named).where(e.identity.is_not(None))
    out: dict[int, set[int]] = {}
    for article, identity in store.rows(query):
        out.setdefault(article, set()).add(identity)
    return out


_WITHIN = t.entities.c.number.between(t.articles.c.reading * t.ROOM, t.articles.c.reading * t.ROOM + t.ROOM - 1)


def _entities(store: Store, source: Any, *conditions: Any) -> list[EntityRow]:
    query = select(t.articles.c.number.label("article"), t.entities).select_from(source).where(*conditions).order_by(t.entities.c.number)
    return [
        EntityRow(row.number, row.article, row.name, row.type, row.country, row.sector, row.identity, _names(row))
        for row in store.rows(query)
    ]


def _names(row: Any) -> tuple[str, ...]:
    """An entity's folded names; none where it is not named."""
    return () if row.aliases is None else tuple(sorted({fold(row.name), *row.aliases.split("\n")} - {""}))


def add_copies(store: Store, found: Sequence[Copy]) -> None:
    """Keep passages that articles share."""
    with store.writing():
        first = store.next("copies", len(found)) if found else 0
        rows = [
            {
                "number": first + place,
                "earlier": one.earlier,
                "later": one.later,
                "earlier_start": one.earlier_span[0],
                "earlier_end": one.earlier_span[1],
                "later_start": one.later_span[0],
                "later_end": one.later_span[1],
                "words": one.words,
                "likeness": one.likeness,
                "dated": one.dated,
            }
            for place, one in enumerate(found)
        ]
        store.run(t.copies.insert(), rows)


def drop_copies(store: Store, article: int) -> None:
    """Forget the copies of an article, before those of its new text are added."""
    store.run(t.copies.delete().where((t.copies.c.earlier == article) | (t.copies.c.later == article)))


def copies(store: Store, articles: Iterable[int] | None, after: int | None, limit: int) -> Rows[Copy]:
    """Copies that articles take part in, or all; the last found before the others."""
    c = t.copies.c
    query = select(t.copies).order_by(c.number.desc()).limit(limit + 1)
    if articles is not None:
        listed = list(articles)
        query = query.where(c.earlier.in_(listed) | c.later.in_(listed))
    if after is not None:
        query = query.where(c.number < after)
    rows = store.rows(query)
    return Rows(tuple(map(copy_of, rows[:limit])), rows[limit - 1].number if len(rows) > limit else None)


def copy_of(row: Any) -> Copy:
    """A row as a record."""
    spans = (row.earlier_start, row.earlier_end), (row.later_start, row.later_end)
    return Copy(row.earlier, row.later, *spans, row.words, row.likeness, row.dated)


def add_designations(store: Store, found: Sequence[Designation]) -> None:
    """Count what outlets call whom; counts of the same form in the same article add up."""
    rows = [
        {"identity": one.identity, "article": one.article, "kind": one.kind, "form": one.form, "count": one.count}
        for one in sorted(found, key=lambda one: (one.identity, one.article, one.kind, one.form))
    ]
    store.run(_CALLED, rows)


_CALLED = text(
    "INSERT INTO designations (identity, article, kind, form, count) VALUES (:identity, :article, :kind, :form, :count) "
    "ON CONFLICT (identity, article, kind, form) DO UPDATE SET count = designations.count + excluded.count"
).bindparams(bindparam("kind", type_=t.designations.c.kind.type))


def drop_designations(store: Store, article: int, of: Iterable[int] = ()) -> None:
    """Forget what an article calls anybody, before it is counted again: those who are of its entities, or `of` whom some were."""
    room = t.readings.c.number * t.ROOM
    mine = t.readings.join(t.entities, t.entities.c.number.between(room, room + t.ROOM - 1))
    named = select(t.entities.c.identity).select_from(mine).where(t.readings.c.article == article)
    others, d = store.each_of(of), t.designations.c
    store.run(t.designations.delete().where(or_(d.identity.in_(named), d.identity.in_(select(others.c.value))), d.article == article))


def designations(store: Store, identities: Iterable[int]) -> list[Designation]:
    """What is called what, by identity and article."""
    wanted = store.each_of(identities)
    query = select(t.designations).join(wanted, wanted.c.value == t.designations.c.identity)
    d = t.designations.c
    return [_designation(row) for row in store.rows(query.order_by(d.identity, d.article, d.kind, d.form))]


def _designation(row: Any) -> Designation:
    named = row._mapping
    return Designation(named["identity"], named["article"], named["form"], named["kind"], named["count"])
