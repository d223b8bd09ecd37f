"""What time expressions come to: the words and figures of one, counted from a day, to an interval of days.

One rule for each kind of expression; `timex` finds them in a text. How an underspecified name finds its year follows HeidelTime (Strötgen &
Gertz 2010): by the tense around it, counted from the day of publication.
"""

import calendar
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from allegedly.records import TimePrecision

FINENESS: tuple[TimePrecision, ...] = ("day", "range", "week", "month", "season", "quarter", "year", "decade", "century", "unknown")
UNITS: tuple[TimePrecision, ...] = ("day", "week", "month", "quarter", "year", "decade", "century")
MONTHS = {"month": 1, "quarter": 3, "year": 12, "decade": 120, "century": 1200}

Values = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Interval:
    """Days from `start` to `end`, both included; an end that is not known or open is None."""

    start: date | None
    end: date | None
    precision: TimePrecision


UNKNOWN = Interval(None, None, "unknown")


@dataclass(frozen=True, slots=True)
class Frame:
    """From where an expression is counted: the day of writing, the direction (-1 past, 1 future), and the time named before it."""

    today: date | None
    direction: int
    anchor: Interval | None = None


# --- the calendar ------------------------------------------------------------------------------------------------


def a_day(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has none."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def between(start: date | None, end: date | None, precision: TimePrecision) -> Interval:
    """The interval, unknown where one of its ends is or where it ends before it starts."""
    return Interval(start, end, precision) if start and end and start <= end else UNKNOWN


def moved(day: date | None, unit: str, number: int) -> date | None:
    """The day so many units later; the last day of a month where it would be past its end. None outside the calendar."""
    if day is None:
        return None
    if unit in ("day", "week"):
        ordinal = day.toordinal() + number * (7 if unit == "week" else 1)
        return date.fromordinal(ordinal) if 1 <= ordinal <= date.max.toordinal() else None
    year, month = divmod(day.year * 12 + day.month - 1 + number * MONTHS[unit], 12)
    if not 1 <= year <= 9999:
        return None
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def period(unit: str, day: date | None) -> Interval:
    """The week (from Monday), month, quarter, year, decade (1990 to 1999) or century (1801 to 1900) that a day lies in."""
    if day is None:
        return UNKNOWN
    if unit == "day":
        return Interval(day, day, "day")
    if unit == "week":
        monday = moved(day, "day", -day.weekday())
        return between(monday, moved(monday, "day", 6), "week")
    first = {
        "month": a_day(day.year, day.month, 1),
        "quarter": a_day(day.year, (day.month - 1) // 3 * 3 + 1, 1),
        "year": a_day(day.year, 1, 1),
        "decade": a_day(day.year // 10 * 10, 1, 1),
        "century": a_day((day.year - 1) // 100 * 100 + 1, 1, 1),
    }[unit]
    return between(first, moved(moved(first, unit, 1), "day", -1), next(u for u in UNITS if u == unit))


def season_of(year: int, season: int) -> Interval:
    """Three whole months from March (0, spring) on; winter (3) reaches into the next year."""
    first = a_day(year, 3 * season + 3, 1)
    return between(first, moved(moved(first, "month", 3), "day", -1), "season")


def recurring(values: Values, frame: Frame, of_year: Callable[[int], Interval]) -> Interval:
    """Which of what comes every year is meant: that of the year given, else the last or the next, seen from the day of writing."""
    if "year" in values:
        return of_year(values["year"])
    if frame.today is None:
        return UNKNOWN
    here = frame.today.year
    candidates = [of_year(year) for year in range(here - 8, here + 9)]
    if values.get("which") == 0:  # "this summer"
        now = [c for c in candidates if c.start and c.end and (c.start <= frame.today <= c.end or c.start.year == here)]
        return now[0] if now else UNKNOWN
    return nearest(candidates, frame.today, frame.direction, values.get("which"))


def nearest(candidates: Iterable[Interval], today: date, direction: int, which: int | None) -> Interval:
    """Of candidates in order: "last" is over, "next" has not begun; otherwise the direction decides, and today counts for both."""
    known = [(c, c.start, c.end) for c in candidates if c.start and c.end]
    if which == -1:
        return next((c for c, _, end in reversed(known) if end < today), UNKNOWN)
    if which == 1:
        return next((c for c, start, _ in known if start > today), UNKNOWN)
    if direction < 0:
        return next((c for c, start, _ in reversed(known) if start <= today), UNKNOWN)
    return next((c for c, _, end in known if end >= today), UNKNOWN)


# --- rules: what a pattern's words and figures come to -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rule:
    """How one kind of expression is resolved, and how finely it dates."""

    resolve: Callable[[Values, Frame], Interval]
    precision: TimePrecision
    anchored: bool = False


RULES: dict[str, Rule] = {}


def _rule(precision: TimePrecision, *, anchored: bool = False) -> Callable[[Callable[[Values, Frame], Interval]], None]:
    def add(function: Callable[[Values, Frame], Interval]) -> None:
        RULES[function.__name__.strip("_").replace("_", "-")] = Rule(function, precision, anchored)

    return add


@_rule("day")
def _iso_date(values: Values, frame: Frame) -> Interval:
    """Year, month, day in figures: "2031-05-17"."""
    return period("day", a_day(values["year"], values["month_figure"], values["day_figure"]))


@_rule("day")
def _numeric_date(values: Values, frame: Frame) -> Interval:
    """Figures with the year last: "17.02.2031", "2/17/2031". With dots the day comes first; otherwise, where both could be the month
    and they differ, the date is unknown. Misses years of two figures.
    """
    first, second, year = values["first_figure"], values["second_figure"], values["year"]
    if values.get("dotted") or first == second or (first > 12 >= second):
        return period("day", a_day(year, second, first))
    return period("day", a_day(year, first, second)) if second > 12 >= first else UNKNOWN


@_rule("day")
def _month_day(values: Values, frame: Frame) -> Interval:
    """A day of a month: "5 May 2031", "Monday, May 5", "the 5th of May". The name of the weekday is not checked."""
    day = values.get("day", values.get("ordinal_day", 0))
    return recurring(values, frame, lambda year: period("day", a_day(year, values["month"], day)))


@_rule("range")
def _days_of_month(values: Values, frame: Frame) -> Interval:
    """Two days of one month: "3-5 May", "Sept. 11 to 13, 2031"."""
    month, first, last = values["month"], values["day"], values["last_day"]
    return recurring(values, frame, lambda year: between(a_day(year, month, first), a_day(year, month, last), "range"))


@_rule("day")
def _day_number(values: Values, frame: Frame) -> Interval:
    """A day of a month that is not named: "on the 14th"."""
    if frame.today is None:
        return UNKNOWN
    months = (moved(frame.today.replace(day=1), "month", n) for n in range(-2, 3))
    return nearest(
        (period("day", m and a_day(m.year, m.month, values["suffixed_day"])) for m in months), frame.today, frame.direction, None
    )


@_rule("week")
def _week_of(values: Values, frame: Frame) -> Interval:
    """The week that a day lies in: "the week of 5 May"."""
    return recurring(values, frame, lambda year: period("week", a_day(year, values["month"], values["day"])))


@_rule("month")
def _month(values: Values, frame: Frame) -> Interval:
    """A month: "May 2031", "last May", "in December"."""
    return recurring(values, frame, lambda year: period("month", a_day(year, values["month"], 1)))


@_rule("season")
def _season(values: Values, frame: Frame) -> Interval:
    """A season: "the spring of 2031", "last winter". Seasons are those of the northern half of the earth."""
    return recurring(values, frame, lambda year: season_of(year, values["season"] - 1))


@_rule("quarter")
def _quarter(values: Values, frame: Frame) -> Interval:
    """A quarter of a year: "the third quarter of 2031", "Q3 2031"."""
    number = values.get("quarter_figure", values.get("ordinal", 0))
    return recurring(values, frame, lambda year: period("quarter", a_day(year, number * 3, 1)) if 1 <= number <= 4 else UNKNOWN)


@_rule("range")
def _half(values: Values, frame: Frame) -> Interval:
    """Half a year: "the first half of 2031"."""
    year, number = values["year"], values["ordinal"]
    first = a_day(year, number * 6 - 5, 1) if number <= 2 else None
    return between(first, moved(moved(first, "month", 6), "day", -1), "range")


@_rule("year")
def _year(values: Values, frame: Frame) -> Interval:
    """A year in figures: "2031"."""
    return period("year", a_day(values["year"], 1, 1))


@_rule("range")
def _years(values: Values, frame: Frame) -> Interval:
    """Two years in figures: "2031-33", "the 2031/32 season"."""
    first, last = values["year"], values["short_year"]
    last = last if last >= 100 else first // 100 * 100 + last
    return between(a_day(first, 1, 1), a_day(last, 12, 31), "range") if last > first else UNKNOWN


@_rule("decade")
def _decade(values: Values, frame: Frame) -> Interval:
    """Ten years: "the 2030s", "the '30s", "the thirties". Without its century a decade is of the twentieth."""
    tens = values["tens"] * 10 if "tens" in values else values.get("short_decade", 0)
    return period("decade", a_day(values.get("decade_figure", 1900 + tens), 1, 1))


@_rule("century")
def _century(values: Values, frame: Frame) -> Interval:
    """A hundred years: "the nineteenth century" is 1801 to 1900."""
    return period("century", a_day(values.get("century_figure", values.get("ordinal", 0)) * 100, 1, 1))


@_rule("day")
def _fixed_day(values: Values, frame: Frame) -> Interval:
    """A holiday whose date is the same every year: "New Year's Day"."""
    month, day = divmod(values["fixed"], 100)
    return recurring(values, frame, lambda year: period("day", a_day(year, month, day)))


@_rule("day")
def _today(values: Values, frame: Frame) -> Interval:
    """A day counted from that of writing: "today", "last night", "the day after tomorrow"."""
    return period("day", moved(frame.today, "day", values["relative_day"]))


@_rule("day")
def _weekday(values: Values, frame: Frame) -> Interval:
    """A day of the week: "on Tuesday", "last Tuesday evening". In the past the last one, today's included ("last": before today), else
    the next one.
    """
    if frame.today is None:
        return UNKNOWN
    days = (moved(frame.today, "day", n) for n in range(-7, 8))
    same = (period("day", day) for day in days if day and day.weekday() == values["weekday"] - 1)
    return nearest(same, frame.today, frame.direction, values.get("which"))


@_rule("range")
def _weekend(values: Values, frame: Frame) -> Interval:
    """Saturday and Sunday: "at the weekend", "next weekend"."""
    if frame.today is None:
        return UNKNOWN
    saturday = moved(frame.today, "day", 5 - frame.today.weekday())
    all_of_them = (between(moved(saturday, "week", n), moved(moved(saturday, "week", n), "day", 1), "range") for n in range(-2, 3))
    return nearest(all_of_them, frame.today, frame.direction, values.get("which"))


@_rule("year")
def _relative_unit(values: Values, frame: Frame) -> Interval:
    """The period of writing or its neighbour: "last week", "this month", "next year"."""
    unit = unit_of(values)
    return period(unit, moved(frame.today, unit, values.get("which", 0))) if unit else UNKNOWN


@_rule("year")
def _edge_of_unit(values: Values, frame: Frame) -> Interval:
    """A part of the period of writing: "the end of the year". The period is kept whole."""
    return period(unit_of(values) or "year", frame.today)


@_rule("year")
def _ago(values: Values, frame: Frame) -> Interval:
    """So long before the day of writing, as precise as the unit: "three days ago", "ten years ago" is that whole year."""
    return at_distance(values, frame.today, -1)


@_rule("year")
def _hence(values: Values, frame: Frame) -> Interval:
    """So long after the day of writing: "in two weeks", "in five years' time". Said of the past it is how long something took."""
    return at_distance(values, frame.today, 1)


@_rule("range")
def _past_span(values: Values, frame: Frame) -> Interval:
    """The time up to the day of writing: "the past two years", "the last 24 hours"."""
    return between(at_distance(values, frame.today, -1, whole=False).start, frame.today, "range")


@_rule("range")
def _coming_span(values: Values, frame: Frame) -> Interval:
    """The time from the day of writing on: "the next three days"."""
    return between(frame.today, at_distance(values, frame.today, 1, whole=False).end, "range")


@_rule("year", anchored=True)
def _later(values: Values, frame: Frame) -> Interval:
    """So long after or before what the sentence has named, or at the same time: "two weeks later", "the following year", "that day".
    Unknown without a date in the sentence that is as precise as the unit.
    """
    anchor, unit = frame.anchor, unit_of(values) or ("day" if "part" in values or "weekday" in values else "")
    if not unit or anchor is None or anchor.start is None or anchor.end is None or FINENESS.index(anchor.precision) > FINENESS.index(unit):
        return UNKNOWN
    direction = values.get("direction", 0)
    if "weekday" in values:
        return RULES["weekday"].resolve({"weekday": values["weekday"], "which": direction}, Frame(anchor.end, direction))
    return at_distance({"unit": UNITS.index(unit) + 2, **values}, anchor.end if direction > 0 else anchor.start, direction)


@_rule("unknown")
def _around_event(values: Values, frame: Frame) -> Interval:
    """Counted from something that happened: "three days after the vote". Always unknown."""
    return UNKNOWN


@_rule("unknown")
def _vague(values: Values, frame: Frame) -> Interval:
    """A time that the words leave open: "recently", "in recent years". Always unknown."""
    return UNKNOWN


@_rule("unknown")
def _clock(values: Values, frame: Frame) -> Interval:
    """An hour without its day: "at 4 a.m.". Always unknown."""
    return UNKNOWN


def unit_of(values: Values) -> str:
    """The name of the unit; empty for hours and where there is none."""
    number = values.get("unit", values.get("period", 1))
    return UNITS[number - 2] if number >= 2 else ""


def at_distance(values: Values, day: date | None, sign: int, *, whole: bool = True) -> Interval:
    """The unit's period (or, not `whole`, the day) so many units from `day`. Hours count by the full day."""
    unit, number = unit_of(values), values.get("number", 1)
    if not unit:
        unit, number = "day", number // 24
    return period(unit if whole else "day", moved(day, unit, sign * number))


# --- prepositions that open or close an interval ---------------------------------------------------------------------


def _open(start: date | None, end: date | None, precision: TimePrecision) -> Interval:
    return Interval(start, end, precision) if start or end else UNKNOWN


FRAMES: dict[str, Callable[[Interval, Frame], Interval]] = {
    "since": lambda i, f: i if i.start is None else Interval(i.start, f.today if f.today and f.today >= i.start else None, i.precision),
    "from": lambda i, f: Interval(i.start, None, i.precision),
    "until": lambda i, f: Interval(None, i.end, i.precision),
    "by": lambda i, f: Interval(None, i.end, i.precision),
    "before": lambda i, f: _open(None, moved(i.start, "day", -1), i.precision),
    "after": lambda i, f: _open(moved(i.end, "day", 1), None, i.precision),
}
