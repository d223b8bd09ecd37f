"""Bars over time, in lanes: cooperation upwards and conflict downwards from a line, or affirmed upwards and denied downwards.

So the side of the line says what the colour says. Bars nearer to the line are verbal, or in the article's own voice. What is not affirmed
as having happened is hatched; statements in passages shared with an earlier article are hollow, at the far end of the bar.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from allegedly.web.pictures.marks import WIDTH, brief, fill, hatches, link, places, svg, tag, text, ticks

LEFT, RIGHT, FOOT, HEAD = 46, 36, 30, 20
ALONE, EACH = 240, 84
"""The height of a lane that is alone, and of one of several."""
MOST_BAR = 26


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar: up or down from the line, how much, its colour class (0 to 4) and standing; "copied" is hollow."""

    up: bool
    count: int
    quad: int
    standing: str


@dataclass(frozen=True, slots=True)
class Bar:
    """All there is of a lane in one stretch of time, in words, and where it leads."""

    at: int
    pieces: tuple[Piece, ...]
    label: str
    href: str

    def height(self, *, up: bool) -> int:
        """How far it reaches on one side of the line."""
        return sum(piece.count for piece in self.pieces if piece.up == up)


@dataclass(frozen=True, slots=True)
class Lane:
    """Bars on one line, with its name; empty where there is one lane alone."""

    name: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Axes:
    """Time as it is cut (`stretches`, ISO days), and what is above and below the line; `below` is empty where nothing can be."""

    step: str
    stretches: Sequence[tuple[str, str]]
    above: str
    below: str


def draw(id: str, title: str, description: str, lanes: Sequence[Lane], axes: Axes) -> Markup:
    """The picture of lanes one below the other, on one scale."""
    most_up = max((bar.height(up=True) for lane in lanes for bar in lane.bars), default=0)
    most_down = max((bar.height(up=False) for lane in lanes for bar in lane.bars), default=0)
    high = ALONE if len(lanes) == 1 else EACH
    top, bottom = max(most_up, 1), max(most_down, 1) if axes.below else 0
    up, down = ticks(top, bottom, 6 if len(lanes) == 1 else 3)
    unit = high / (top + bottom)
    width = WIDTH - LEFT - RIGHT
    parts: list[Markup] = [hatches(id)]
    y = 4.0
    for lane in lanes:
        if lane.name:
            parts.append(text(lane.name, LEFT, y + 12, "lane"))
        if axes.below:
            parts.append(
                tag("g", text(f"↑ {axes.above} · ↓ {axes.below}", WIDTH - RIGHT, y + 12, "side minor", anchor="end"), aria_hidden="true")
            )
        y += HEAD
        line = y + top * unit
        parts.append(_scale(line, unit, up, down))
        parts += [_bar(id, bar, line, unit, width / len(axes.stretches), y, high) for bar in lane.bars]
        parts.append(tag("path", d=f"M{LEFT} {line:.1f}H{WIDTH - RIGHT}", class_="axis"))
        y += high + 4
    parts.append(_time(axes, y, width))
    return svg(id, title, description, *parts, height=y + FOOT, class_="lanes")


def _scale(line: float, unit: float, up: Sequence[int], down: Sequence[int]) -> Markup:
    out = []
    for values, sign in ((up, -1), (down[1:], 1)):
        for value in values:
            at = line + sign * value * unit
            if value:
                out.append(tag("path", d=f"M{LEFT} {at:.1f}H{WIDTH - RIGHT}", class_="grid"))
            out.append(
                text(
                    f"{value:,}",
                    LEFT - 6,
                    at + 4,
                    "tick" if not value or len(values) < 4 or value == values[-1] else "tick minor",
                    anchor="end",
                )
            )
    return tag("g", *out, aria_hidden="true")


def _bar(id: str, bar: Bar, line: float, unit: float, step: float, y: float, high: float) -> Markup:
    wide = min(MOST_BAR, max(1.5, step * 0.8))
    x = LEFT + (bar.at + 0.5) * step - wide / 2
    parts = [tag("rect", x=x - 1, y=float(y), width=wide + 2, height=float(high), class_="reach")]
    reach = {True: 0.0, False: 0.0}
    for piece in bar.pieces:
        tall = piece.count * unit
        at = line - reach[piece.up] - tall if piece.up else line + reach[piece.up]
        reach[piece.up] += tall
        box = {"x": x, "y": at, "width": wide, "height": max(tall - 0.6, 0.6)}
        parts.append(
            tag("rect", **box, **({"class_": "area copied"} if piece.standing == "copied" else fill(id, piece.quad, piece.standing)))
        )
    return link(bar.href, bar.label, *parts)


def _time(axes: Axes, y: float, width: float) -> Markup:
    """Labels below; every other one is left out where the picture is small."""
    step = width / max(1, len(axes.stretches))
    out: list[Markup] = []
    before: str | None = None
    for place, at in enumerate(places(len(axes.stretches), width, 74)):
        first = axes.stretches[at][0]
        x = LEFT + (at + 0.5) * step
        minor = " minor" if place % 3 else ""
        out.append(tag("path", d=f"M{x:.1f} {y:.1f}v4", class_="axis"))
        out.append(text(brief(first, axes.step, before), x, y + 21, f"tick{minor}", anchor="middle"))
        before = first
    return tag("g", *out, aria_hidden="true")
