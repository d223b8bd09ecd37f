"""From rows (`inquiry.series`) to figures: a drawing with its title, on what it rests in words, and what it leaves out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup

from allegedly.inquiry.entity import Stretch
from allegedly.inquiry.phrases import counted as articles_of
from allegedly.inquiry.series import (
    ALL,
    IN_WORDS,
    NO_OUTLET,
    OTHERS,
    VOICES,
    Counted,
    Location,
    Moment,
    Places,
    Series,
    Shown,
    Spread,
    whole,
)
from allegedly.inquiry.ties import Agreement, Network
from allegedly.web.answers import address
from allegedly.web.pictures import graph, lanes, matrix, world
from allegedly.web.pictures.land import coastlines
from allegedly.web.pictures.lanes import Axes, Bar, Lane, Piece
from allegedly.web.pictures.marks import QUADS, many, plain, stretch, told

What = Literal["events", "statements"]
SHOWN = {**IN_WORDS, "all": "whatever their polarity and status"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing (None where there is nothing to draw), what it shows, on what it rests, what it leaves out; `key` names its legend."""

    id: str
    title: str
    drawing: Markup | None
    basis: str
    left_out: tuple[str, ...]
    key: str


def _basis(counted: Counted) -> str:
    if not counted.articles:
        return "No article fits."
    newest = "the newest " if counted.more else ""
    more = "; others fit too, narrow the time to see them" if counted.more else ""
    return f"Counted over {newest}{articles_of(counted.articles, counted.origins)}, as they tell it{more}. Nothing here says what is true."


def _left(counted: Counted, noun: str = "statement") -> tuple[str, ...]:
    return tuple(f"{many(count, noun)} {why}" for count, why in counted.left_out)


_ASKED: Mapping[str, dict[str, str]] = {
    "happened": {"polarity": "affirmed", "status": "actual"},
    "negated": {"polarity": "negated"},
}


# --- over time ---------------------------------------------------------------------------------------------------------


def time(series: Series, *, id: str, what: What, shown: Shown, when: str, asked: Mapping[str, Any]) -> Figure:
    """Statements over time. With "events", cooperation is above the line and conflict below, and what has no act is left out.

    `asked` is what was filtered by, as the search page knows it: each bar leads to the articles behind it.
    """
    left = list(_left(series.counted))
    if what == "events" and (without := sum(row.statements + row.copied for row in series.rows if not row.quad)):
        left.append(f"{many(without, 'statement')} without an act of PLOVER's types")
    by_lane: dict[str, dict[str, list[Moment]]] = {name: {} for name in series.lanes}
    for row in series.rows:
        if row.quad or what == "statements":
            by_lane[row.lane].setdefault(row.first, []).append(row)
    place = {first: at for at, (first, _) in enumerate(series.stretches)}
    drawn = [
        Lane(
            name if len(series.lanes) > 1 else "",
            tuple(_bar(rows, place[first], series, what, shown, _lead(rows, series, shown, when, asked)) for first, rows in mine.items()),
        )
        for name, mine in by_lane.items()
    ]
    said = "Events" if what == "events" else "Statements"
    day = "the day their article was published" if when == "published" else "the day that their words give"
    title = f"{said} by {series.step}, {SHOWN[shown]}"
    axes = Axes(series.step, series.stretches, "cooperation", "conflict" if what == "events" else "")
    description = f"Bars of the number of statements in each {series.step}, by {day}. The table below has the same figures."
    empty = not any(lane.bars for lane in drawn)
    return Figure(id, title, None if empty else lanes.draw(id, title, description, drawn, axes), _basis(series.counted), tuple(left), what)


def _lead(rows: Sequence[Moment], series: Series, shown: Shown, when: str, asked: Mapping[str, Any]) -> str:
    """Where a bar leads: to the articles behind it, or, where no search can tell them, to its row in the table."""
    lane, of_lane = rows[0].lane, {}
    if series.lanes == VOICES:
        of_lane = {"voice": "author" if lane == VOICES[0] else "source"}
    elif series.lanes != (ALL,):
        of_lane = {"outlet": lane}
    if when == "stated" or lane in (OTHERS, NO_OUTLET):
        return f"#row-{series.rows.index(rows[0]) + 1}"
    return address("/search", **{**asked, "since": rows[0].first, "until": rows[0].last, **_ASKED.get(shown, {}), **of_lane})


def _bar(rows: Sequence[Moment], at: int, series: Series, what: What, shown: Shown, href: str) -> Bar:
    if what == "events":
        order = sorted(rows, key=lambda row: (row.quad, row.standing != "happened", row.standing))
        pieces = [Piece(row.quad <= 2, row.statements, row.quad, row.standing) for row in order if row.statements]
        copied = {up: sum(row.copied for row in rows if (row.quad <= 2) == up) for up in (True, False)}
    else:
        sums: dict[str, int] = {}
        for row in rows:
            sums[row.standing] = sums.get(row.standing, 0) + row.statements
        pieces = [Piece(True, sums[standing], 0, standing) for standing in IN_WORDS if sums.get(standing)]
        copied = {True: sum(row.copied for row in rows)}
    pieces += [Piece(up, count, 0, "copied") for up, count in copied.items() if count]
    first, last = series.stretches[at]
    lane = f"{plain(rows[0].lane)}, " if len(series.lanes) > 1 else ""
    each = "; ".join(
        (f"{QUADS[row.quad]}, " if what == "events" or row.quad else "without an act, ")
        + f"{IN_WORDS[row.standing]}: {told(row.statements, row.copied, row.own_voice, row.according_to, row.articles)}"
        for row in rows
    )
    return Bar(at, tuple(pieces), f"{lane}{stretch(first, last, series.step)}: {each}", href)


def spread(found: Spread, *, id: str, href: Callable[[str], str]) -> Figure:
    """A matter's articles over time: who affirms above the line, who denies below. `href` is where a stand's bars lead."""
    by_place: dict[int, list[tuple[str, int, int]]] = {}
    for stand, at, own, copies in found.rows:
        by_place.setdefault(at, []).append((stand, own, copies))
    words = {
        "asserts": "assert it in their own voice",
        "reports": "report it according to somebody",
        "denies": "deny it in their own voice",
        "reports_denial": "report its denial according to somebody",
    }
    shades = {"asserts": 2, "reports": 1, "denies": 4, "reports_denial": 3}
    bars = []
    for at, stands in sorted(by_place.items()):
        pieces = [Piece(stand in ("asserts", "reports"), own, shades[stand], "happened") for stand, own, _ in stands if own]
        pieces += [Piece(stand in ("asserts", "reports"), copies, 0, "copied") for stand, _, copies in stands if copies]
        each = "; ".join(
            f"{many(own, 'article')}" + (f" and {many(copies, 'copy', 'copies')}" if copies else "") + f" {words[stand]}"
            for stand, own, copies in stands
        )
        bars.append(Bar(at, tuple(pieces), f"{stretch(*found.stretches[at], found.step)}: {each}", href(stands[0][0])))
    axes = Axes(found.step, found.stretches, "affirmed", "denied")
    title = f"Articles that affirm and deny it, by {found.step} of publication"
    description = "Bars of the number of articles; copies of an article above are hollow. What each says is in the lists on this page."
    drawing = lanes.draw(id, title, description, [Lane("", tuple(bars))], axes) if bars else None
    left = (f"{many(found.undated, 'article')} without a date",) if found.undated else ()
    return Figure(id, title, drawing, "Two sides of a line do not mean two equal sides.", left, "matter")


def deeds(stretches: Sequence[Stretch], *, id: str) -> Figure:
    """What somebody is said to do, and to be done to, over time: articles without copies, which are beside them, by quad class."""
    step, cut = whole([one.when for one in stretches])
    place = {first[: len(stretches[0].when)]: at for at, (first, _) in enumerate(cut)} if stretches else {}
    drawn = []
    for role, name in (("actor", "said to do"), ("recipient", "said to be done to")):
        bars = []
        for one in stretches:
            mine = [(quad, count) for (its, quad), count in sorted(one.counts.items()) if its == role and quad]
            pieces = [Piece(quad <= 2, count.origins, quad, "happened") for quad, count in mine if count.origins]
            again = {up: sum(count.articles - count.origins for quad, count in mine if (quad <= 2) == up) for up in (True, False)}
            pieces += [Piece(up, count, 0, "copied") for up, count in again.items() if count]
            said = "; ".join(f"{QUADS[quad]}: {articles_of(count.articles, count.origins)}" for quad, count in mine)
            if pieces:
                label = f"{name}, {stretch(*cut[place[one.when]], step)}: {said}, in some voice affirmed as having happened"
                bars.append(Bar(place[one.when], tuple(pieces), label, "#time"))
        drawn.append(Lane(name, tuple(bars)))
    title = "Events over time, affirmed as having happened, in any voice"
    description = f"Bars of the number of articles in each {step} of publication. The table on this page has the same figures."
    axes = Axes(step, cut, "cooperation", "conflict")
    drawing = lanes.draw(id, title, description, drawn, axes) if any(lane.bars for lane in drawn) else None
    return Figure(id, title, drawing, "Counts say how often something is said, not that it happened.", (), "deeds")


# --- the others --------------------------------------------------------------------------------------------------------


def network(found: Network, *, id: str, base: str = "", homes: Sequence[str], shown: Shown) -> Figure:
    """Who is said to act on whom; each arrow leads to its row in the table at `base`."""
    when = f", {stretch(*found.stretches[found.at], found.step)}" if found.at is not None else ""
    title = f"Who is said to act on whom, {SHOWN[shown]}{when}"
    description = (
        f"{many(len(found.nodes), 'name')} and {many(len(found.rows), 'arrow')} from actor to recipient, by PLOVER's quad classes. "
        "The table has the same figures."
    )
    hrefs = [f"{base}#row-{place}" for place in range(1, len(found.rows) + 1)]
    drawing = graph.draw(id, title, description, found, hrefs, homes) if found.nodes else None
    return Figure(id, title, drawing, _basis(found.counted), _left(found.counted), "network")


def agreement(found: Agreement, *, id: str, voices: Literal["any", "own"], base: str = "") -> Figure:
    """A cell for every two outlets; each leads to its row in the table at `base`."""
    rows = {(row.outlet, row.other): row for row in found.rows if row.voices == voices}
    place = {(row.outlet, row.other, row.voices): number for number, row in enumerate(found.rows, 1)}
    hrefs = {key: f"{base}#row-{place[(*key, voices)]}" for key in rows}
    said = "in their authors' own voice" if voices == "own" else "in any voice"
    title = f"Matters on which two outlets are on the same side, {said}"
    description = (
        "For every two outlets, the number of matters on the same side of those in which both take part. The table has the same figures."
    )
    drawing = matrix.draw(id, title, description, found.outlets, rows, hrefs) if len(found.outlets) > 1 else None
    basis = f"{many(found.matters, 'matter')} of more than one outlet. {_basis(found.counted)}"
    return Figure(id, title, drawing, basis, tuple(f"{count} {why}" for count, why in found.counted.left_out), "agreement")


def places(found: Places, *, id: str, shown: Shown, whole: bool = False, base: str = "") -> Figure:
    """Places as far as it is known where they lie; with `whole`, on the whole world."""
    grouped: dict[tuple[str, str | None], list[tuple[int, Location]]] = {}
    for number, row in enumerate(found.rows, 1):
        grouped.setdefault((row.place, row.country), []).append((number, row))
    dots, lost = [], 0
    for rows in grouped.values():
        first = rows[0][1]
        if first.lat is None or first.lon is None:
            lost += sum(row.statements + row.copied for _, row in rows)
            continue
        total = sum(row.statements for _, row in rows)
        dots.append(world.Dot(plain(first.place), first.lat, first.lon, first.kind != "city", total, _of(rows), f"{base}#row-{rows[0][0]}"))
    title = f"Where things are said to happen, {SHOWN[shown]}"
    description = "A disc for each place, as large as there are statements that name it. The table has the same figures."
    view = world.WORLD if whole else world.view_of(dots)
    left = list(_left(found.counted))
    if lost:
        left.append(f"{many(lost, 'statement')} whose place is in no atlas, or left open: they are in the table")
    drawing = world.draw(id, title, description, dots, coastlines(), view) if dots else None
    return Figure(id, title, drawing, _basis(found.counted), tuple(left), "map")


def _of(rows: Iterable[tuple[int, Location]]) -> str:
    listed = [row for _, row in rows]
    each = "; ".join(
        f"{QUADS[row.quad]}, {IN_WORDS[row.standing]}: {told(row.statements, row.copied, row.own_voice, row.according_to, row.articles)}"
        for row in listed
    )
    first = listed[0]
    country = f", {first.country}" if first.country and first.kind != "country" else ""
    kind = "" if first.kind == "city" else f" (the {first.kind})"
    return f"{plain(first.place)}{country}{kind}: {each}"
