"""How outlets stand to one another: a cell for every two, with the matters in which both take part, and on how many they are on one side.

The picture is half of a square, since both halves would say the same. In each cell a bar is cut into same, partly and opposite; the number
says "same of all", so that a small number is seen to be small.
"""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from allegedly.inquiry.ties import Pair
from allegedly.web.pictures.marks import WIDTH, link, many, plain, short, svg, tag, text

LEFT = 150.0
TALL = 46.0
TOP = 8.0


def words(row: Pair) -> str:
    """A cell in words."""
    voice = " in their authors' own voice" if row.voices == "own" else ""
    copied = f"; {many(row.copied, 'other matter')} only in passages shared with an earlier article" if row.copied else ""
    if not row.matters:
        return f"{plain(row.outlet)} and {plain(row.other)}: no matter in which both take part{voice}{copied}"
    sides = f"the same side in {row.same:,}, partly in {row.partly:,}, opposite sides in {row.opposite:,}"
    return f"{plain(row.outlet)} and {plain(row.other)}: {many(row.matters, 'matter')} in which both take part{voice}: {sides}{copied}"


def draw(
    id: str,
    title: str,
    description: str,
    outlets: Sequence[str],
    rows: Mapping[tuple[str, str], Pair],
    hrefs: Mapping[tuple[str, str], str],
) -> Markup:
    """The picture of a triangle: an outlet's line has a cell for each outlet before it."""
    count = max(1, len(outlets) - 1)
    wide = min(130.0, (WIDTH - LEFT - 8) / count)
    parts: list[Markup] = []
    for line, outlet in enumerate(outlets[1:]):
        y = TOP + line * TALL
        parts.append(text(short(outlet, LEFT - 6), LEFT - 10, y + TALL / 2 + 3, "name", anchor="end"))
        parts += [
            _cell(rows[other, outlet], LEFT + place * wide, y, wide, hrefs[other, outlet])
            for place, other in enumerate(outlets[: line + 1])
        ]
    foot = TOP + (len(outlets) - 1) * TALL
    for place, outlet in enumerate(outlets[:-1]):
        parts.append(_foot(outlet, LEFT + (place + 0.5) * wide, foot + 16, wide))
    return svg(id, title, description, *parts, height=foot + (26 if wide > 90 else 110), class_="matrix")


def _foot(outlet: str, x: float, y: float, wide: float) -> Markup:
    if wide > 90:
        return text(short(outlet, wide - 6), x, y, "name", anchor="middle")
    return tag("text", short(outlet, 120), class_="name", transform=f"translate({x:.1f} {y:.1f}) rotate(-40)", text_anchor="end")


def _cell(row: Pair, x: float, y: float, wide: float, href: str) -> Markup:
    room = wide - 10
    parts = [tag("rect", x=x + 1, y=y + 1, width=wide - 2, height=TALL - 2, class_="cell")]
    if row.matters:
        parts.append(
            text(
                f"{row.same:,} of {row.matters:,}" if wide > 56 else f"{row.same:,}/{row.matters:,}",
                x + wide / 2,
                y + 20,
                "count",
                anchor="middle",
            )
        )
        at = x + 5
        for side in ("same", "partly", "opposite"):
            long = room * getattr(row, side) / row.matters
            if long:
                parts.append(tag("rect", x=at, y=y + 28, width=max(long - 0.8, 0.4), height=9.0, class_=f"side {side}"))
            at += long
    else:
        parts.append(text("–", x + wide / 2, y + 24, "count none", anchor="middle"))
    return link(href, words(row), *parts)
