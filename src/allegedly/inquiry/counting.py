"""What is known of groups as a whole: labels, counts with copies and without, dates. Counted anew whenever their members change.

A group that grows with the ledger is counted with little for each member; its members' words are read for a bounded number of them.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from itertools import accumulate
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from allegedly.compare.copies import tied, ties_at
from allegedly.compare.matters import Speech, contradicted
from allegedly.compared import Copy, Stand
from allegedly.inquiry.answers import FIRST, copies_within, matters_of, proposition_among, sentences_of, texts_of
from allegedly.ledger.coding import differences, numbers, numerals
from allegedly.ledger.tables import TALLY

if TYPE_CHECKING:
    from allegedly.ledger import Appeared, Ledger, StatementRow, Told

LARGE = 32
"""Articles of a matter from which on it is not counted from the beginning for each that joins it."""
_DENIALS = ("denies", "reports_denial")


# --- stories ---------------------------------------------------------------------------------------------------------


def count_stories(ledger: "Ledger", groups: Collection[int]) -> None:
    """A story's label is the title of its earliest article; one that is empty by now goes."""
    stories, ties = ledger.appeared(groups), ledger.ties(groups)
    ledger.stories.remove(sorted(set(groups) - stories.keys()))
    ends = {group: _ends(own) for group, own in stories.items()}
    articles = ledger.articles({number for those in ends.values() for number in those})
    known: dict[int, dict[str, Any]] = {}
    for group, own in stories.items():
        first = articles[ends[group][0]]
        copied = {article for pair in ties.get(group, ()) for article in pair}
        known[group] = {
            "label": first.title or first.id,
            "articles": len(own),
            "outlets": len({a.outlet for a in own if a.outlet is not None}),
            "origins": len(own) - len(copied) + len(set(tied(copied, ties.get(group, ())).values())),
            **_spread(articles[number].day for number in ends[group]),
        }
    ledger.stories.set_all(known)


def _ends(articles: "Sequence[Appeared]") -> tuple[int, ...]:
    """The earliest and the latest of articles; where none has a day, the first that was added."""
    dated = [one for one in articles if one.dated]
    if not dated:
        return (min(one.article for one in articles),)
    return tuple(end(dated, key=lambda one: one.order).article for end in (min, max))


# --- matters ---------------------------------------------------------------------------------------------------------


def count_matters(ledger: "Ledger", groups: Collection[int], joined: "Joined | None" = None) -> None:
    """A matter's label is its first statement in short; one that is empty by now goes.

    To a large one the statements that `joined` it are added, where they are all that changed: it costs what they are, not what it is.
    """
    tallies = {group: note for group, note in ledger.notes(TALLY, groups).items() if note}
    known = _as_grown(ledger, tallies, joined) if joined and tallies else {}
    told = ledger.told(set(groups) - known.keys())
    judged = {number for _, number, _ in ledger.judged({row.article for rows in told.values() for row in rows})}
    found = {group: rows for group, rows in told.items() if all(row.stand and row.article not in judged for row in rows)}
    tallied = {group: tally for group, (_, tally) in known.items()}
    for group, (about, tally) in _as_found(ledger, found).items():
        known[group] = about, tally
        tallied |= {group: tally} if about["articles"] >= LARGE else {}
    _count_decided(ledger, set(groups) - known.keys())
    ledger.matters.set_all({group: about for group, (about, _) in known.items()})
    if tallies or tallied:
        ledger.note(TALLY, dict.fromkeys(tallies, b"") | {group: _tally_note(tally) for group, tally in tallied.items()})


class Joined(NamedTuple):
    """Statements of new articles that joined matters, by matter, and the passages that these articles share with any."""

    items: Mapping[int, Collection[int]]
    copies: Sequence[Copy]


class _Tally(NamedTuple):
    """What of a matter is kept to count what joins it: the lowest number of each article's origin, by article, and all outlets."""

    origin: dict[int, int]
    outlets: set[int]


def _tally_note(tally: _Tally) -> bytes:
    articles, outlets = sorted(tally.origin), sorted(tally.outlets)
    parts = differences(articles), (one - tally.origin[one] for one in articles), differences(outlets)
    return "\n".join(map(numerals, parts)).encode("ascii")


def _tally(note: bytes) -> _Tally:
    apart, before, outlets = map(numbers, note.decode("ascii").split("\n"))
    articles = list(accumulate(apart))
    return _Tally({one: one - less for one, less in zip(articles, before, strict=True)}, set(accumulate(outlets)))


def _as_grown(ledger: "Ledger", notes: Mapping[int, bytes], joined: Joined) -> dict[int, tuple[dict[str, Any], _Tally]]:
    """Large matters to which only statements of new articles were added, nobody having decided anything about these."""
    about = ledger.matters.rows(notes.keys() & joined.items.keys())
    told = ledger.told(items={item for group in about for item in joined.items[group]})
    judged = {number for _, number, _ in ledger.judged({row.article for rows in told.values() for row in rows})}
    tallies, counts = dict[int, _Tally](), dict[int, dict[str, int]]()
    for group, rows in told.items():
        tally, mine = _tally(notes[group]), {row.article for row in rows}
        new = {stand: about[group][stand] + len({row.article for row in rows if row.stand == stand}) for stand in get_args(Stand)}
        one_sided = not any(new[stand] for stand in _DENIALS) or not any(new[stand] for stand in new.keys() - set(_DENIALS))
        known = len(tally.origin) == about[group]["articles"] and not mine & tally.origin.keys()
        if known and not mine & judged and all(row.stand for row in rows) and (about[group]["disputed"] or one_sided):
            tallies[group], counts[group] = tally, new
    ties = _new_ties(ledger, {group: {row.article for row in told[group]} for group in tallies}, tallies, joined.copies)
    for group, tally in tallies.items():
        tally.origin.update((row.article, row.article) for row in told[group])
        tally.outlets.update(row.outlet for row in told[group] if row.outlet is not None)
        for pair in ties[group]:
            low, high = sorted(tally.origin[one] for one in pair)
            tally.origin.update([(one, low) for one, origin in tally.origin.items() if origin == high])
    return {
        group: (
            {
                **{name: about[group][name] for name in ("label", "disputed")},
                "articles": len(tally.origin),
                "outlets": len(tally.outlets),
                "origins": len(set(tally.origin.values())),
                **_spread((about[group]["earliest"], about[group]["latest"], *(row.published for row in told[group]))),
                **counts[group],
            },
            tally,
        )
        for group, tally in tallies.items()
    }


def _new_ties(
    ledger: "Ledger", new: Mapping[int, Set[int]], tallies: Mapping[int, _Tally], copies: Sequence[Copy]
) -> dict[int, list[tuple[int, int]]]:
    """Of matters the pairs of a new article and another that share a passage in which its statements stand."""
    of: dict[int, list[Copy]] = {}
    for copy in copies:
        for end in (copy.earlier, copy.later):
            of.setdefault(end, []).append(copy)
    shared = {
        group: [copy for one in mine for copy in of.get(one, ()) if {copy.earlier, copy.later} <= tallies[group].origin.keys() | mine]
        for group, mine in new.items()
    }
    members = ledger.in_matters({end for those in shared.values() for copy in those for end in (copy.earlier, copy.later)})
    told = ledger.told(items={item for group, those in shared.items() if those for item in members.get(group, ())})
    return {group: ties_at(those, sentences_of(told.get(group, ()))) for group, those in shared.items()}


def _as_found(ledger: "Ledger", told: "Mapping[int, Sequence[Told]]") -> dict[int, tuple[dict[str, Any], _Tally]]:
    """Matters of whose statements nobody decided anything; those that lack a statement to be called by are left out."""
    about = ledger.matters.rows(told)
    firsts = {
        group: first if (first := about[group]["item"]) in {row.statement for row in rows} else rows[0].statement
        for group, rows in told.items()
    }
    claims = {claim.item: claim for claim in ledger.claims(set(firsts.values()))}
    called = {group: rows for group, rows in told.items() if firsts[group] in claims}
    sides = {group: _sides(rows) for group, rows in called.items()}
    shown = {row.statement for rows in called.values() for row in rows[:FIRST]}
    shown |= {item for those in sides.values() if all(those) for side in those for item in side[:FIRST]}
    words = {row.statement: row for row in ledger.statements(items=shown).rows}
    disputed = {group: all(those) and _disputed(ledger, those, words) for group, those in sides.items()}
    articles = {group: {row.article for row in rows} for group, rows in called.items()}
    copies = copies_within(articles, ledger.copies_among({number for mine in articles.values() if len(mine) > 1 for number in mine}))
    tallies = {
        group: _Tally(texts_of(rows, copies[group]), {row.outlet for row in rows if row.outlet is not None})
        for group, rows in called.items()
    }
    return {
        group: (
            {
                "label": proposition_among([words[row.statement] for row in rows[:FIRST]], claims[firsts[group]]),
                "disputed": disputed[group],
                "articles": len(articles[group]),
                "outlets": len(tallies[group].outlets),
                "origins": len(set(tallies[group].origin.values())),
                **_spread(row.published for row in rows),
                **{stand: len({row.article for row in rows if row.stand == stand}) for stand in get_args(Stand)},
            },
            tallies[group],
        )
        for group, rows in called.items()
    }


def _sides(rows: "Iterable[Told]") -> tuple[list[int], list[int]]:
    """The statements that deny, and the others."""
    denials, others = list[int](), list[int]()
    for row in rows:
        (denials if row.stand in _DENIALS else others).append(row.statement)
    return denials, others


def _disputed(ledger: "Ledger", sides: tuple[list[int], list[int]], words: "Mapping[int, StatementRow]") -> bool:
    """Whether two voices contradict one another; as a rule the first few of either side tell."""
    if contradicted(*(map(_speech, map(words.__getitem__, side[:FIRST])) for side in sides)):
        return True
    if max(map(len, sides)) <= FIRST:
        return False
    rows = {row.statement: row for row in ledger.statements(items=[item for side in sides for item in side]).rows}
    return contradicted(*(map(_speech, map(rows.__getitem__, side)) for side in sides))


def _speech(row: "StatementRow") -> Speech:
    return Speech(row.id, row.voice, row.sourcing, row.sentence)


def _count_decided(ledger: "Ledger", groups: Collection[int]) -> None:
    """The same of matters of whose statements people decided something, as these left them."""
    matters = matters_of(ledger, groups)
    left = ledger.matters.members(set(groups) - matters.keys())  # all that they are made of was rejected
    ledger.matters.remove(sorted(set(groups) - matters.keys() - left.keys()))
    nothing = dict.fromkeys(("articles", "outlets", "origins", *get_args(Stand)), 0)
    ledger.matters.set_all({group: {**nothing, "disputed": False} for group in left})
    known: dict[int, dict[str, Any]] = {}
    for group, matter in matters.items():
        known[group] = {
            "label": matter.words,
            "articles": matter.articles,
            "outlets": len({row.outlet for row in matter.rows if row.outlet}),
            "origins": matter.origins,
            "disputed": matter.disputed,
            **_spread(row.published for row in matter.rows),
            **{stand: tally.articles for stand, tally in matter.tallies.items()},
        }
    ledger.matters.set_all(known)


def _spread(dates: Iterable[str | None]) -> dict[str, str | None]:
    days = sorted(filter(None, dates))
    return {"earliest": days[0] if days else None, "latest": days[-1] if days else None}


# --- identities ------------------------------------------------------------------------------------------------------


def count_identities(ledger: "Ledger", groups: Collection[int]) -> None:
    """An identity's name is what most of its articles call it in full, the longest where they tie; one that is empty by now goes."""
    for group in sorted(groups):
        _count_identity(ledger, group)


def _count_identity(ledger: "Ledger", group: int) -> None:
    members = ledger.entities_numbered(ledger.identities.members([group]).get(group, ()))
    if not members:
        ledger.identities.remove([group])
        return
    articles = ledger.articles({one.article for one in members}).values()
    names = Counter(one.name for one in members)
    types = Counter(one.type for one in members)
    known = ledger.identities.rows([group])[group]
    ledger.identities.set(
        group,
        label=known["label"] if known["label"] in names else max(names, key=lambda name: (names[name], len(name), name)),
        type=known["type"] or max(types, key=lambda one: (types[one], one)),
        source=known["source"] or "user",
        articles=len(articles),
        outlets=len({a.outlet for a in articles if a.outlet}),
        **_spread(a.day for a in articles),
    )
