"""What people decide of groups: these are one, these are not, none of these belongs there, a note; and to take such a decision back.

A decision is kept (`Ledger.decide`), the groups become what it says, and what is known of them is counted again, in one transaction. It is
anchored to members by their words, so that it is made again whenever articles are compared, whatever the machine makes of them.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from allegedly.errors import AbsentError
from allegedly.ledger.decisions import About
from allegedly.ledger.tables import ROOM

if TYPE_CHECKING:
    from allegedly.ledger import Decision, Groups, Ledger

ANCHORS = 5
"""Members of a group that a decision about the whole group is anchored to."""
LONGEST = 2_000
ABOUT: dict[str, About] = {"story": "story", "matter": "matter", "entity": "identity", "identity": "identity"}
"""What decisions are about, by what people call it."""


def merge(ledger: "Ledger", about: About, groups: Sequence[int], *, note: str = "", by: str) -> int:
    """These groups are one. Returns the decision's number; ValueError, in words, where it cannot be."""
    listed = list(dict.fromkeys(groups))
    if len(listed) < 2:
        raise ValueError("name two or more that are one")
    members = _members(ledger, about, listed)
    anchors = [member for group in listed for member in members[group][:ANCHORS]]
    return _decide(ledger, "merge", about, anchors, note=note, by=by)


def split(ledger: "Ledger", about: About, group: int, articles: Iterable[str], *, note: str = "", by: str) -> int:
    """What these articles (by their ids) have in a group is another, apart from the rest."""
    mine = _of_articles(ledger, about, group, articles)
    if len(mine) == len(_members(ledger, about, [group])[group]):
        raise ValueError("nothing would be left: name some of its articles, not all")
    return _decide(ledger, "split", about, mine, note=note, by=by)


def reject(ledger: "Ledger", about: About, group: int, articles: Iterable[str], *, note: str = "", by: str) -> int:
    """What these articles have in a group does not belong there."""
    return _decide(ledger, "reject", about, _of_articles(ledger, about, group, articles), note=note, by=by)


def remark(ledger: "Ledger", about: About, group: int, note: str, *, by: str) -> int:
    """A note about a group."""
    if not note.strip():
        raise ValueError("a note needs words")
    return _decide(ledger, "note", about, _members(ledger, about, [group])[group][:ANCHORS], note=note, by=by)


def withdraw(ledger: "Ledger", number: int, *, note: str = "", by: str) -> int:
    """Take a decision back; how many groups became again what they were before. ValueError where there is none to take back."""
    _checked(note, by)
    with ledger.writing():
        about, changed = ledger.withdraw(number, note=note, by=by)
        if about == "identity":
            before = next(one.before for one in ledger.decisions(about) if one.number == number)
            _follow(ledger, changed, set(before))
        changed |= ledger.settle(about)
        _counted(ledger, about, changed)
    return len(changed)


def _follow(ledger: "Ledger", groups: Iterable[int], before: set[int]) -> None:
    """Entities that came after the decision go with those of their names."""
    members = ledger.identities.members(groups)
    names: dict[int, Counter[str]] = {}
    later = []
    for group, numbers in members.items():
        rows = ledger.entities_numbered(numbers)
        names[group] = Counter(form for one in rows if one.number in before for form in one.names)
        later += [one for one in rows if one.number not in before]
    for one in later:
        best = max(names, key=lambda group: (sum(names[group][form] for form in one.names), group == one.identity, -group))
        if best != one.identity:
            ledger.identities.join(best, [one.number])


def _decide(ledger: "Ledger", kind: Any, about: About, members: Sequence[int], *, note: str, by: str) -> int:
    _checked(note, by)
    with ledger.writing():
        number = ledger.decide(kind, about, members, note=note, by=by)
        if kind != "note":
            _counted(ledger, about, ledger.settle(about))
    return number


def _checked(note: str, by: str) -> None:
    if not by.strip():
        raise ValueError("a decision is somebody's: give a name")
    if len(note) > LONGEST or len(by) > 200:
        raise ValueError(f"a note has {LONGEST} characters at most, a name 200")


def groups_of(ledger: "Ledger", about: About) -> "Groups":
    """The groups of a kind."""
    return {"story": ledger.stories, "matter": ledger.matters, "identity": ledger.identities}[about]


def _members(ledger: "Ledger", about: About, groups: Sequence[int]) -> dict[int, list[int]]:
    """The members of groups that belong to current readings; ValueError for a group that there is not."""
    found = groups_of(ledger, about).members(groups)
    every = [member for members in found.values() for member in members]
    if about == "identity":
        current = {one.number for one in ledger.entities_numbered(every)}
    else:
        current = {row.statement for row in ledger.statements(items=every).rows} if about == "matter" else set(every)
    out = {group: [member for member in found.get(group, ()) if member in current] for group in groups}
    for group, members in out.items():
        if not members:
            raise AbsentError(f"there is no {'entity' if about == 'identity' else about} {group}")
    return out


def _of_articles(ledger: "Ledger", about: About, group: int, articles: Iterable[str]) -> list[int]:
    """The members of a group that articles have in it."""
    listed = list(dict.fromkeys(articles))
    numbers = ledger.numbers(listed)
    for one in listed:
        if one not in numbers:
            raise AbsentError(f"no article of the ledger has the id {one!r}")
    readings = {row.reading: row.number for row in ledger.articles(numbers.values()).values()}
    members = _members(ledger, about, [group])[group]
    mine = [member for member in members if (member in readings.values() if about == "story" else member // ROOM in readings)]
    if not mine:
        raise ValueError("none of these articles is in it")
    return mine


def _counted(ledger: "Ledger", about: About, groups: Iterable[int]) -> None:
    """What is known of groups that changed, counted again."""
    from allegedly.inquiry import stores
    from allegedly.inquiry.counting import count_identities, count_matters, count_stories

    count = {"story": count_stories, "matter": count_matters, "identity": count_identities}[about]
    listed = sorted(groups)
    count(ledger, listed)
    if about == "identity":
        names = stores.Identities(ledger)
        left = ledger.identities.members(listed)
        for group in left:
            names.renamed(group)
        largest = max(left, key=lambda group: (len(left[group]), -group), default=None)
        _redesignate(ledger, [member for group, members in left.items() if group != largest for member in members], listed)


def _redesignate(ledger: "Ledger", entities: Sequence[int], groups: Sequence[int]) -> None:
    """What articles call whom, for those that name these entities, which were in some of these groups."""
    from allegedly.compare.names import designations

    for article in sorted({one.article for one in ledger.entities_numbered(entities)}):
        reading = ledger.reading(article)
        found = {
            reading.entities[one.number % ROOM].id: one.identity
            for one in ledger.entities([article]).get(article, ())
            if one.identity is not None
        }
        ledger.drop_designations(article, of=groups)
        ledger.add_designations(designations(reading, found, article=article))


# --- listing ---------------------------------------------------------------------------------------------------------

FIELDS = ("number", "made", "by", "kind", "about", "group", "articles", "quotations", "note", "withdraws", "withdrawn")


def listed(ledger: "Ledger", about: About | None = None) -> list[dict[str, Any]]:
    """All decisions about groups as rows, the last before the others; `group` is what their members are in now."""
    rows = []
    for one in reversed(ledger.decisions(about)):
        members = [member for member in one.members if member is not None]
        rows.append(row_of(one, sorted(set(groups_of(ledger, one.about).of(members).values()))))
    return rows


def row_of(one: "Decision", groups: Sequence[int]) -> dict[str, Any]:
    """A decision as a row."""
    return {
        "number": one.number,
        "made": one.made,
        "by": one.by,
        "kind": one.kind,
        "about": "entity" if one.about == "identity" else one.about,
        "group": list(groups),
        "articles": list(dict.fromkeys(anchor.id for anchor in one.anchors)),
        "quotations": list(dict.fromkeys(anchor.quote for anchor in one.anchors if anchor.quote)),
        "note": one.note,
        "withdraws": one.withdraws,
        "withdrawn": one.withdrawn,
    }


# --- what a group is made of -----------------------------------------------------------------------------------------


def members_of(
    ledger: "Ledger", about: About, group: int, *, after: int = 0, limit: int = 100
) -> tuple[dict[str, Any], list[dict[str, Any]], int | None] | None:
    """What is known of a group, and what each article has in it, a row each, by number; and where to go on. None for no such group.

    `words` are what an article calls an entity, or a statement's sentence (with its voice, polarity and status); empty for stories.
    """
    known = groups_of(ledger, about).rows([group]).get(group)
    if known is None:
        return None
    every = [member for member in groups_of(ledger, about).members([group]).get(group, ()) if member > after]
    page = every[:limit]
    rows: list[dict[str, Any]]
    if about == "identity":
        rows = [{"article": one.article, "member": one.number, "words": one.name} for one in ledger.entities_numbered(page)]
    elif about == "matter":
        rows = [
            {"article": one.article, "member": one.statement, "words": one.sentence}
            | {"voice": one.voice, "force": one.force, "polarity": one.polarity, "status": one.status}
            for one in ledger.statements(items=page).rows
        ]
    else:
        rows = [{"article": one, "member": one, "words": ""} for one in page]
    articles = ledger.articles({row["article"] for row in rows})
    blank = dict.fromkeys(("voice", "force", "polarity", "status"), "")
    listed = [
        blank | row | {"article": a.id, "outlet": a.outlet, "published": a.published, "title": a.title}
        for row in rows
        if (a := articles.get(row["article"])) is not None
    ]
    return dict(known), listed, page[-1] if len(every) > limit else None
