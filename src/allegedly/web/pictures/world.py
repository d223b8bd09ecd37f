"""A map of the places that statements name: a disc for each, as large as there are statements.

Degrees of longitude are as long as they are at the middle of the map (equirectangular). A disc is a city; a dashed ring stands for a
region or a country as a whole, at the middle of where its people live. What kinds of acts are told of a place is in its words and in the
table: one colour for a place would hide all but one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sqrt

from markupsafe import Markup

from allegedly.web.pictures.land import Ring
from allegedly.web.pictures.marks import LETTER, WIDTH, link, number, short, svg, tag, text

HEIGHT = 400.0
LEAST = 14.0
"""Degrees that a map shows at least: coastlines are coarse."""
LARGEST = 20.0
LABELS = 24
GROWN = 1.8
"""How much larger letters are where the picture is small (static/pictures.css)."""


@dataclass(frozen=True, slots=True)
class Dot:
    """A place in degrees; `whole` is a region or a country; what it stands for in words, and where it leads."""

    name: str
    lat: float
    lon: float
    whole: bool
    statements: int
    label: str
    href: str


@dataclass(frozen=True, slots=True)
class View:
    """The part of the world that is shown: degrees west, south, east, north."""

    west: float
    south: float
    east: float
    north: float

    @property
    def scale(self) -> tuple[float, float]:
        """Units for a degree of longitude, and of latitude."""
        across = WIDTH / (self.east - self.west)
        return across, across / max(0.2, cos(radians((self.south + self.north) / 2)))

    @property
    def height(self) -> float:
        """Units from the north to the south."""
        return (self.north - self.south) * self.scale[1]

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a place is on the map."""
        across, down = self.scale
        return (lon - self.west) * across, (self.north - lat) * down


WORLD = View(-180, -58, 180, 80)


def view_of(dots: Sequence[Dot]) -> View:
    """A view that holds all places with some room around them, of the map's shape; the world where they are far apart, or none."""
    if not dots:
        return WORLD
    lats, lons = [dot.lat for dot in dots], [dot.lon for dot in dots]
    middle = (min(lats) + max(lats)) / 2
    squeeze = max(0.2, cos(radians(middle)))
    tall = max((max(lats) - min(lats)) * 1.3, LEAST * 0.6)
    wide = max((max(lons) - min(lons)) * 1.3, LEAST)
    wide = max(wide, tall / squeeze * WIDTH / HEIGHT)
    tall = wide * squeeze * HEIGHT / WIDTH
    if wide > 220 or tall > 120:
        return WORLD
    centre = (min(lons) + max(lons)) / 2
    south = min(max(middle - tall / 2, -90), 90 - tall)
    return View(centre - wide / 2, south, centre + wide / 2, south + tall)


def draw(id: str, title: str, description: str, dots: Sequence[Dot], coastlines: Sequence[Ring], view: View) -> Markup:
    """The map: land, lines of longitude and latitude with their degrees, and the places, the largest below the others."""
    land = [path for ring in coastlines for turn in (-360, 0, 360) if (path := _outline(ring, turn, view))]
    most = max((dot.statements for dot in dots), default=1) or 1
    ordered = sorted(dots, key=lambda dot: (-dot.statements, dot.name, dot.lat, dot.lon))
    marks = [_dot(dot, view, most) for dot in ordered]
    shore = [tag("path", d="".join(land), class_="land")] if land else []
    clip = tag("clipPath", tag("rect", width=float(WIDTH), height=view.height), id=f"{id}-room")
    inside = tag("g", *shore, *_lines(view), clip_path=f"url(#{id}-room)", aria_hidden="true")
    frame = tag("rect", x=0.5, y=0.5, width=WIDTH - 1.0, height=view.height - 1, class_="frame")
    return svg(
        id, title, description, tag("defs", clip), inside, frame, *marks, *_labels(ordered, view, most), height=view.height, class_="map"
    )


def _outline(ring: Ring, turn: int, view: View) -> str:
    """A ring as a path in whole units' tenths, thinned to what can be seen; nothing where it lies outside."""
    lons, lats = [lon + turn for lon, _ in ring], [lat for _, lat in ring]
    if max(lons) < view.west or min(lons) > view.east or max(lats) < view.south or min(lats) > view.north:
        return ""
    points: list[str] = []
    before = (9e9, 9e9)
    for lon, lat in zip(lons, lats, strict=True):
        x, y = view.point(lon, lat)
        if abs(x - before[0]) + abs(y - before[1]) >= 0.7:
            points.append(f"{number(x)} {number(y)}")
            before = (x, y)
    return f"M{'L'.join(points)}Z" if len(points) > 2 else ""


def _lines(view: View) -> list[Markup]:
    """Lines at round degrees, with the degrees."""
    span = view.east - view.west
    step = next(step for step in (1, 2, 5, 10, 20, 30, 60) if span / step <= 9 or step == 60)
    out = []
    for lon in range(int(view.west // step) * step, int(view.east) + step, step):
        x, _ = view.point(lon, 0)
        if 8 < x < WIDTH - 8:
            out.append(tag("path", d=f"M{number(x)} 0V{number(view.height)}", class_="grid"))
            out.append(text(_degrees((lon + 180) % 360 - 180, "E", "W"), x + 3, view.height - 5, "tick minor"))
    for lat in range(int(view.south // step) * step, int(view.north) + step, step):
        _, y = view.point(0, lat)
        if 14 < y < view.height - 14:
            out.append(tag("path", d=f"M0 {number(y)}H{WIDTH}", class_="grid"))
            out.append(text(_degrees(lat, "N", "S"), 4, y - 3, "tick minor"))
    return out


def _degrees(value: int, over: str, under: str) -> str:
    return f"{abs(value)}°" + (over if value > 0 else under if value < 0 else "")


def _radius(dot: Dot, most: int) -> float:
    return max(4.0, LARGEST * sqrt(dot.statements / most)) if most > 3 else 4.0 + 3 * sqrt(dot.statements)


def _dot(dot: Dot, view: View, most: int) -> Markup:
    x, y = view.point(dot.lon, dot.lat)
    kind = "whole" if dot.whole else "spot"
    return link(dot.href, dot.label, tag("circle", cx=x, cy=y, r=_radius(dot, most), class_=kind))


def _labels(dots: Sequence[Dot], view: View, most: int) -> list[Markup]:
    """Names beside the largest places, as far as they do not cover one another (in larger letters, where the picture is small)."""
    out: list[Markup] = []
    taken: dict[bool, list[tuple[float, float, float, float]]] = {False: [], True: []}
    for dot in dots[:LABELS]:
        x, y = view.point(dot.lon, dot.lat)
        name = short(dot.name, 150)
        away = _radius(dot, most) + 4
        right = x + away + len(name) * LETTER * GROWN < WIDTH
        fits = {}
        for grown, grow in ((False, 1.0), (True, GROWN)):
            wide = len(name) * LETTER * grow + 4
            left = x + away if right else x - away - wide
            box = (left, y - 8 * grow, left + wide, y + 8 * grow)
            fits[grown] = not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in taken[grown])
            if fits[False] and fits[grown]:
                taken[grown].append(box)
        if fits[False]:
            tier = "name" if fits[True] else "name minor"
            out.append(text(name, x + away if right else x - away, y + 4, tier, anchor="start" if right else "end"))
    return [tag("g", *out, aria_hidden="true")]
