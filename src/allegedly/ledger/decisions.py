"""What people decide: merges, splits, rejections and notes. They are only ever added, and they win over the machine.

A decision is kept with anchors, not numbers: the article's id, the hash of its text, and the words it was about (a statement's sentence
and predicate, an entity's name). So it is found again when an article is read by another reader, and in an edited article as long as those
words stand there; where they are gone, it waits. `settle` applies all decisions in their order, so that the last word holds. A decision is
never changed: to take one back is a decision of its own, beside it, and the groups become what they were before.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from sqlalchemy import select

from allegedly.errors import AbsentError
from allegedly.ledger import tables as t
from allegedly.ledger.groups import Groups
from allegedly.ledger.store import Store
from allegedly.ledger.views import READ, statements_made, within
from allegedly.ledger.words import kept, now

Kind = Literal["merge", "split", "reject", "note", "withdraw"]
About = Literal["story", "matter", "identity"]


@dataclass(frozen=True, slots=True)
class Anchor:
    """What a decision was about, in words: `quote` is the sentence of a statement (`words` its lemma), or the name of an entity."""

    id: str
    sha256: str
    quote: str = ""
    words: str = ""
    start: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. `members` are the numbers that its anchors have now, None for one that is not there any more.

    One that takes another back names it in `withdraws`; of one that was taken back, `withdrawn` is the number of the decision that did.
    """

    number: int
    made: str
    by: str
    kind: Kind
    about: About
    note: str
    anchors: tuple[Anchor, ...]
    members: tuple[int | None, ...]
    withdraws: int | None = None
    withdrawn: int | None = None
    before: tuple[int, ...] = ()
    """All members that the groups had before it."""


def decide(store: Store, groups: Groups, kind: Kind, about: About, members: Iterable[int], *, note: str, by: str) -> int:
    """Keep a decision about articles (story), statements (matter) or entities (identity), and return its number.

    merge: these belong to one group. split: they belong to a group of their own, apart from those they were with.
    reject: none of them belongs to the group it is in. note: words only. `groups` are those of the kind.
    """
    if kind not in ("merge", "split", "reject", "note") or about not in get_args(About):
        raise ValueError(f"no such decision: {kind} {about}")
    listed = list(dict.fromkeys(members))
    with store.writing():
        anchors = _anchors(store, about, listed)
        lost = [one for one in listed if one not in anchors]
        if lost or not listed:
            raise ValueError(f"not in the ledger: {', '.join(map(str, lost)) or 'nothing was named'}")
        number = store.next("decisions")
        said = json.dumps([asdict(anchors[one]) for one in listed], ensure_ascii=False)
        before = None if kind == "note" else json.dumps(_before(groups, listed), separators=(",", ":"))
        row = {"number": number, "made": now(), "by": kept(by), "kind": kind, "about": about, "anchors": said, "note": kept(note)}
        store.run(t.decisions.insert(), row | {"before": before, "withdraws": None})
    return number


def withdraw(store: Store, number: int, groups_of: Mapping[About, Groups], *, note: str, by: str) -> tuple[About, set[int]]:
    """Keep a decision that takes another back, and make the groups what they were before that one, as far as their members are there.

    Returns what it was about, and the groups that changed. ValueError where there is nothing to take back.
    """
    row = next(iter(store.rows(select(t.decisions).where(t.decisions.c.number == number))), None)
    if row is None:
        raise AbsentError(f"there is no decision {number}")
    if row.kind == "withdraw":
        raise ValueError(f"decision {number} takes another back itself: decide anew")
    if store.one(select(t.decisions.c.number).where(t.decisions.c.withdraws == number)):
        raise ValueError(f"decision {number} was taken back already")
    with store.writing():
        new = {"number": store.next("decisions"), "made": now(), "by": kept(by), "kind": "withdraw", "about": row.about, "note": kept(note)}
        store.run(t.decisions.insert(), new | {"anchors": row.anchors, "before": None, "withdraws": number})
        changed = _restore(store, row.about, groups_of[row.about], json.loads(row.before)) if row.before else set()
    return row.about, changed


def decisions(store: Store, about: About | None) -> list[Decision]:
    """All decisions in the order they were made, with what they are about now."""
    query = select(t.decisions).order_by(t.decisions.c.number)
    rows = store.rows(query.where(t.decisions.c.about == about) if about else query)
    back = {row.withdraws: row.number for row in store.rows(select(t.decisions).where(t.decisions.c.withdraws.is_not(None)))}
    out = []
    for row in rows:
        anchors = tuple(Anchor(**one) for one in json.loads(row.anchors))
        members = tuple(_find(store, row.about, anchor) for anchor in anchors)
        before = tuple(member for _, _, those in json.loads(row.before or "[]") for member in those)
        about_it = (row.number, row.made, row.by, row.kind, row.about, row.note)
        out.append(Decision(*about_it, anchors, members, row.withdraws, back.get(row.number), before))
    return out


def settle(store: Store, about: About, groups: Groups) -> set[int]:
    """Make the groups what people decided; which groups that changed."""
    changed: set[int] = set()
    with store.writing():
        for one in decisions(store, about):
            members = [member for member in one.members if member is not None]
            if members and one.kind in _SETTLE and one.withdrawn is None:
                changed |= _SETTLE[one.kind](store, groups, one, members)
    return changed & groups.rows(changed).keys()


def _merge(store: Store, groups: Groups, one: Decision, members: Sequence[int]) -> set[int]:
    """The groups of all become one, that of the gazetteer or else of the lowest number; those without a group join it."""
    of = groups.of(members)
    listed = {number for number, row in groups.rows(set(of.values())).items() if row.get("source") == "gazetteer"}
    those = sorted(set(of.values()), key=lambda number: (number not in listed, number))
    if not those:
        return {groups.start(members)}
    for gone in those[1:]:
        groups.merge(those[0], gone)
    alone = [member for member in members if member not in of]
    groups.join(those[0], alone)
    return set(those) if alone or those[1:] else set()


def _split(store: Store, groups: Groups, one: Decision, members: Sequence[int]) -> set[int]:
    """They leave their groups for one of their own, unless they are apart already from those that they were with."""
    those = set(groups.of(members).values())
    listed = groups.members(those)
    with_them = {member for group in listed.values() for member in group}
    if len(those) == 1 and not _articles_of(store, one.about, with_them) & (
        _articles_of(store, one.about, one.before) - _articles_of(store, one.about, members)
    ):
        return set()
    new = groups.start(members)
    left = groups.members(those)
    groups.remove(group for group in those if group not in left)
    return those | {new}


def _reject(store: Store, groups: Groups, one: Decision, members: Sequence[int]) -> set[int]:
    """They leave their groups."""
    those = set(groups.of(members).values())
    groups.leave(members)
    left = groups.members(those)
    groups.remove(group for group in those if group not in left)
    return those


_SETTLE = {"merge": _merge, "split": _split, "reject": _reject}


def _articles_of(store: Store, about: About, members: Iterable[int]) -> set[int]:
    """The numbers of the articles that members belong to, or belonged to in an earlier reading."""
    if about == "story":
        return set(members)
    wanted = store.each_of({member // t.ROOM for member in members})
    return {row.article for row in store.rows(select(t.readings.c.article).join(wanted, wanted.c.value == t.readings.c.number))}


def _before(groups: Groups, members: Sequence[int]) -> list[Any]:
    """The groups of these with all their members, and those without a group: [group or None, what is known of it, members]."""
    of = groups.of(members)
    rows = groups.rows(set(of.values()))
    found: list[Any] = [
        [group, {name: rows[group][name] for name in _OWN if name in rows[group]}, list(those)]
        for group, those in groups.members(set(of.values())).items()
    ]
    alone = [one for one in members if one not in of]
    return [*found, [None, {}, alone]] if alone else found


_OWN = ("type", "country", "sector", "source", "item")
"""What of a group cannot be counted again from its members (and quotes none of their words)."""


def _restore(store: Store, about: About, groups: Groups, before: Sequence[Any]) -> set[int]:
    """Put members back into the groups that they were in, under the same numbers; groups that are empty then go."""
    kept_ones = _anchors(store, about, [one for _, _, those in before for one in those])
    there = {group: [one for one in those if one in kept_ones] for group, _, those in before}
    touched = set(groups.of([one for those in there.values() for one in those]).values())
    for group, known, _ in before:
        if group is None:
            groups.leave(there[None])
        elif there[group]:
            touched.add(group)
            if group not in groups.rows([group]):
                groups.start((), number=group, **known)
            groups.join(group, there[group])
    left = groups.members(touched)
    groups.remove(touched - left.keys())
    return touched & left.keys()


# --- anchors ---------------------------------------------------------------------------------------------------------


def _anchors(store: Store, about: About, members: Sequence[int]) -> dict[int, Anchor]:
    wanted = store.each_of(members)
    if about == "story":
        return {
            row.number: Anchor(row.id, bytes(row.sha256).hex())
            for row in store.rows(_articles().join(wanted, wanted.c.value == t.articles.c.number))
        }
    if about == "matter":
        query = (
            statements_made()
            .add_columns(t.versions.c.sha256, t.statements.c.start)
            .where(t.statements.c.number.in_(select(wanted.c.value)))
        )
        return {row.statement: Anchor(row.id, bytes(row.sha256).hex(), row.sentence, row.lemma, row.start) for row in store.rows(query)}
    query = _entities().where(t.entities.c.number.in_(select(wanted.c.value)))
    return {row.entity: Anchor(row.id, bytes(row.sha256).hex(), row.name) for row in store.rows(query)}


def _articles() -> Any:
    return select(t.articles.c.number, t.articles.c.id, t.versions.c.sha256).select_from(READ)


def _entities() -> Any:
    joined = READ.join(t.entities, within(t.entities.c.number))
    return select(t.articles.c.id, t.versions.c.sha256, t.entities.c.number.label("entity"), t.entities.c.name).select_from(joined)


def _find(store: Store, about: About, anchor: Anchor) -> int | None:
    """The number that an anchor has now: the same words in the current version of the article, the nearest to where they stood."""
    if about == "story":
        return store.one(_articles().where(t.articles.c.id == anchor.id))  # type: ignore[no-any-return]
    if about == "identity":
        rows = store.rows(_entities().where(t.articles.c.id == anchor.id, t.entities.c.name == anchor.quote).order_by(t.entities.c.number))
        return rows[0].entity if rows else None
    query = statements_made().add_columns(t.statements.c.start).where(t.articles.c.id == anchor.id, t.statements.c.lemma == anchor.words)
    found = [row for row in store.rows(query) if row.sentence == anchor.quote]
    return min(found, key=lambda row: (abs(row.start - anchor.start), row.start)).statement if found else None
