"""Who is said to act on whom: boxes with names, and arrows from actor to recipient.

An arrow's colour and pattern are its quad class. Its head is filled where some article says so in its own voice, and hollow where all
have it from somebody. What is negated or not said to have happened bears a sign in its middle. Descriptions stand in quotation marks, in a
dashed box: they are the article's own words.
"""

from collections.abc import Sequence
from math import hypot, sqrt

from markupsafe import Markup

from allegedly.inquiry.series import IN_WORDS
from allegedly.inquiry.ties import Edge, Network, Node
from allegedly.web.pictures.marks import LETTER, QUADS, WIDTH, link, number, plain, polyline, short, svg, tag, text, told

HEIGHT = 620.0
TALL = 24.0
"""The height of a node's box."""
WIDEST = 190.0
HEAD = 9.0
"""The length of an arrow's head."""
BEND = 17.0
"""How far apart arrows between the same two are."""
SIGNS = {"negated": "not", "open": "?"}

Point = tuple[float, float]


def draw(id: str, title: str, description: str, network: Network, hrefs: Sequence[str], homes: Sequence[str]) -> Markup:
    """The picture: `hrefs` is where each row's arrow leads, `homes` where each node does."""
    from allegedly.web.pictures.force import layout

    names = [_name(node) for node in network.nodes]
    boxes = tuple((len(name) * LETTER + 18, TALL) for name in names)
    height = max(200.0, min(HEIGHT, 130.0 + 21 * len(names)))
    middles = layout(boxes, network.ties, float(WIDTH), height)
    arrows = [
        _arrow(row, middles[a], middles[b], boxes[a], boxes[b], bend, href)
        for row, (a, b), bend, href in zip(network.rows, network.ends, _bends(network.ends), hrefs, strict=True)
    ]
    busy = {place for ends in network.ends for place in ends}
    nodes = [
        _box(node, name, middle, box, home, quiet=place not in busy)
        for place, (node, name, middle, box, home) in enumerate(zip(network.nodes, names, middles, boxes, homes, strict=True))
    ]
    return svg(id, title, description, *arrows, *nodes, height=height, class_="network")


def words(row: Edge) -> str:
    """An arrow in words, with its voice and standing."""
    counts = told(row.statements, row.copied, row.own_voice, row.according_to, row.articles)
    return f"{plain(row.actor)} → {plain(row.recipient)}: {QUADS[row.quad]} ({row.acts}), {IN_WORDS[row.standing]}: {counts}"


def _name(node: Node) -> str:
    name = short(node.name, WIDEST)
    return name if node.named else f"“{name}”"


def _bends(ends: Sequence[tuple[int, int]]) -> list[float]:
    """How far each arrow bends to its left, so that none lies upon another."""
    met: dict[tuple[int, int], int] = {}
    out = []
    for pair in ends:
        place = met.get(pair, 0)
        met[pair] = place + 1
        alone = place == 0 and pair[::-1] not in ends and ends.count(pair) == 1
        out.append(0.0 if alone else BEND * (place + 0.6))
    return out


def _box(node: Node, name: str, middle: Point, box: Point, home: str, *, quiet: bool) -> Markup:
    x, y = middle
    kind = "person" if node.type == "person" else "place" if node.type in ("place", "country") else "body"
    said = "" if node.named else ", described so"
    label = f"{plain(node.name)} ({node.type}{said}), in {node.statements:,} of the statements shown over the whole time"
    radius = {"person": TALL / 2, "place": 0.0, "body": 5.0}[kind]
    rect = {"x": x - box[0] / 2, "y": y - TALL / 2, "width": box[0], "height": TALL, "rx": radius}
    classes = f"node {kind}{'' if node.named else ' described'}{' quiet' if quiet else ''}"
    return link(home, label, tag("rect", **rect), text(name, x, y + 4, anchor="middle"), class_=classes)


def _edge_of(middle: Point, box: Point, towards: Point, gap: float) -> Point:
    """Where a line from a box's middle leaves it, and `gap` further on."""
    dx, dy = towards[0] - middle[0], towards[1] - middle[1]
    far = hypot(dx, dy) or 1.0
    reach = min(box[0] / 2 / abs(dx) if dx else 9e9, box[1] / 2 / abs(dy) if dy else 9e9)
    scale = reach + gap / far
    return middle[0] + dx * scale, middle[1] + dy * scale


def _arrow(row: Edge, start: Point, end: Point, from_box: Point, to_box: Point, bend: float, href: str) -> Markup:
    dx, dy = end[0] - start[0], end[1] - start[1]
    far = hypot(dx, dy) or 1.0
    over = (start[0] + dx / 2 + dy / far * bend * 2, start[1] + dy / 2 - dx / far * bend * 2)
    first = _edge_of(start, from_box, over, 2)
    tip = _edge_of(end, to_box, over, 3)
    ax, ay = tip[0] - over[0], tip[1] - over[1]
    long = hypot(ax, ay) or 1.0
    ux, uy = ax / long, ay / long
    wide = min(1.2 + 0.8 * sqrt(row.statements), 5.0)
    base = (tip[0] - ux * (HEAD + wide), tip[1] - uy * (HEAD + wide))
    half = 3 + wide * 0.9
    head = [tip, (base[0] - uy * half, base[1] + ux * half), (base[0] + uy * half, base[1] - ux * half)]
    path = f"M{number(first[0])} {number(first[1])}Q{number(over[0])} {number(over[1])} {number(base[0])} {number(base[1])}"
    voice = "own" if row.own_voice else "according"
    parts = [
        tag("path", d=path, class_="reach"),
        tag("path", d=path, class_="line", stroke_width=wide),
        tag("path", d=polyline(head) + "Z", class_=f"head {voice}"),
    ]
    if sign := SIGNS.get(row.standing):
        x, y = (first[0] + 2 * over[0] + base[0]) / 4, (first[1] + 2 * over[1] + base[1]) / 4
        parts += [tag("rect", x=x - 13, y=y - 8, width=26, height=16, rx=8, class_="sign"), text(sign, x, y + 4, anchor="middle")]
    return link(href, words(row), *parts, class_=f"arrow q{row.quad} {row.standing}")
