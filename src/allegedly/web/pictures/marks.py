"""What pictures are drawn with: SVG elements as escaped markup, numbers, days, scales. Colours are classes (static/pictures.css).

Coordinates are units of the picture's own box, which the page scales to the room there is.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from math import ceil, log10

from markupsafe import Markup

from allegedly.export.digest import clipped, inline

WIDTH = 760
LETTER = 6.4
"""The mean width of a letter of a picture's text."""

QUADS = ("no act", "verbal cooperation", "material cooperation", "verbal conflict", "material conflict")
"""PLOVER's quad classes by number; 0 is a statement without an act."""
CERTAIN = {"happened": "affirmed, actual", "negated": "negated", "open": "affirmed, not actual"}
"""Standings in the terms of a statement's polarity and status."""


def tag(name: str, *inside: str, **attributes: object) -> Markup:
    """An element: text is escaped, markup is not; `class_` is `class`, `aria_label` is `aria-label`, and None is left out."""
    said = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), number(value) if isinstance(value, float) else value)
        for key, value in attributes.items()
        if value is not None
    )
    return Markup("<{0}{1}>{2}</{0}>").format(name, said, join(inside))


def join(parts: Iterable[str]) -> Markup:
    """Parts one after the other, escaped where they are not markup."""
    return Markup("").join(parts)


def number(value: float) -> str:
    """A coordinate to a tenth of a unit, so that a picture is the same everywhere."""
    return f"{value:.1f}".removesuffix(".0") if abs(value) >= 0.05 else "0"


def text(words: object, x: float, y: float, class_: str = "", *, anchor: str = "start") -> Markup:
    """Words at a place; `anchor` is start, middle or end."""
    return tag("text", plain(words), x=float(x), y=float(y), class_=class_ or None, text_anchor=None if anchor == "start" else anchor)


def plain(words: object) -> str:
    """What came from an article, on one line."""
    return inline(str(words))


def short(words: object, units: float) -> str:
    """Words that fit into a width."""
    return clipped(plain(words), max(4, int(units / LETTER)))


def link(href: str, label: str, *inside: str, class_: str = "mark") -> Markup:
    """A mark that can be focused and followed, with what it stands for in words."""
    return tag("a", tag("title", label), *inside, href=href, class_=class_, aria_label=label)


def svg(id: str, title: str, description: str, *inside: str, width: float = WIDTH, height: float, class_: str = "") -> Markup:
    """A whole picture with its name and its description; `id` is unique on the page."""
    return tag(
        "svg",
        tag("title", title, id=f"{id}-title"),
        tag("desc", description, id=f"{id}-desc"),
        *inside,
        viewBox=f"0 0 {number(width)} {number(height)}",
        class_=f"picture {class_}".rstrip(),
        role="group",
        aria_labelledby=f"{id}-title",
        aria_describedby=f"{id}-desc",
    )


def hatches(id: str) -> Markup:
    """Patterns by quad class for what is not affirmed as having happened: stripes for what is open, a grid for what is negated."""
    out = []
    for quad in range(len(QUADS)):
        stripes = tag("path", d="M0 5L5 0M-1 1L1 -1M4 6L6 4", class_=f"thread q{quad}")
        out.append(tag("pattern", stripes, id=f"{id}-open-{quad}", width=5, height=5, patternUnits="userSpaceOnUse"))
        grid = tag("path", d="M0 0L5 5M0 5L5 0", class_=f"thread q{quad}")
        out.append(tag("pattern", grid, id=f"{id}-negated-{quad}", width=5, height=5, patternUnits="userSpaceOnUse"))
    return tag("defs", *out)


def fill(id: str, quad: int, standing: str) -> dict[str, str]:
    """How an area is filled: plainly only where something is affirmed as having happened."""
    if standing == "happened":
        return {"class_": f"area q{quad}"}
    return {"class_": f"area hollow q{quad}", "fill": f"url(#{id}-{standing}-{quad})"}


# --- scales ------------------------------------------------------------------------------------------------------------


def ticks(up: int, down: int, about: int) -> tuple[list[int], list[int]]:
    """Round numbers from 0 up to `up`, and up to `down`, at one step: some `about` in all."""
    raw = max(1.0, (up + down) / about)
    power = 10 ** int(log10(raw))
    step = next(step for step in (power, 2 * power, 5 * power, 10 * power) if step >= raw)
    return list(range(0, up + 1, step)), list(range(0, down + 1, step))


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day(iso: str, *, year: bool = True) -> str:
    """A day: "10 May 2026"."""
    at = date.fromisoformat(iso)
    return f"{at.day} {_MONTHS[at.month - 1]}" + (f" {at.year}" if year else "")


def stretch(first: str, last: str, step: str) -> str:
    """A stretch of days in words: "10 May 2026", "11–17 May 2026", "May 2026", "2026"."""
    if step == "day":
        return day(first)
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    if step == "year":
        return str(start.year)
    if step == "month":
        return f"{_MONTHS[start.month - 1]} {start.year}"
    if start.month == end.month:
        return f"{start.day}–{day(last)}"
    return f"{day(first, year=start.year != end.year)} – {day(last)}"


def brief(iso: str, step: str, before: str | None) -> str:
    """A label on the axis of time: the year where it is the first, or another than that of the label before."""
    at = date.fromisoformat(iso)
    changed = before is None or before[:4] != iso[:4]
    if step == "year":
        return str(at.year)
    if step == "month":
        return _MONTHS[at.month - 1] + (f" {at.year}" if changed else "")
    return day(iso, year=changed)


def places(count: int, width: float, least: float) -> list[int]:
    """Which of so many steps along a width are labelled, so that labels are `least` units apart."""
    every = max(1, ceil(least / (width / max(1, count))))
    return list(range(0, count, every))


def many(count: int, one: str, more: str = "") -> str:
    """A number with its noun."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def voices(own: int, according: int) -> str:
    """Whose words they are: never left out."""
    both = [(own, "in the article's own voice"), (according, "according to somebody")]
    said = [f"{count:,} {words}" for count, words in both if count]
    return " and ".join(said)


def told(statements: int, copied: int, own: int, according: int, articles: int) -> str:
    """Counts in words, copies beside them."""
    said = f"{many(statements, 'statement')} ({voices(own, according)})" if statements else "no statement of its own"
    again = f", and {copied:,} in passages shared with an earlier article" if copied else ""
    return f"{said}{again}, in {many(articles, 'article')}"


def polyline(points: Sequence[tuple[float, float]]) -> str:
    """A path through points."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)
