"""Coastlines for the map: Natural Earth (public domain), as the npm package `world-atlas` carries them (1:110 million, TopoJSON).

The file is put beside this module when the package is built (`hatch_build.py`), never into the repository: a checkout without it has no
coastlines. Borders between countries are not drawn: which of them hold is a matter of dispute.
"""

import json
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "land-110m.json"
Ring = tuple[tuple[float, float], ...]
"""Points (longitude, latitude) in degrees, around a piece of land; longitudes go on beyond 180 where it lies across."""


@lru_cache(maxsize=1)
def coastlines() -> tuple[Ring, ...]:
    """The rings of all land; none where the file is not there."""
    return tuple(rings(json.loads(FILE.read_text("utf8")))) if FILE.exists() else ()


def rings(topology: dict[str, Any]) -> Iterator[Ring]:
    """The rings of a TopoJSON's object "land": arcs are quantised and delta-coded, and a negative number is an arc backwards."""
    scale, move = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [tuple(_decoded(arc, scale, move)) for arc in topology["arcs"]]
    for shape in _shapes(topology["objects"]["land"]):
        for ring in shape:
            points: list[tuple[float, float]] = []
            for index in ring:
                arc = arcs[index] if index >= 0 else arcs[~index][::-1]
                points += arc[1:] if points else arc
            yield tuple(_unbroken(points))


def _unbroken(points: Iterable[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """The same without a jump where it passes longitude 180: it goes on beyond."""
    turns, before = 0, None
    for lon, lat in points:
        if before is not None and abs(lon - before) > 180:
            turns += 1 if lon < before else -1
        before = lon
        yield lon + 360 * turns, lat


def _shapes(thing: dict[str, Any]) -> Iterator[list[list[int]]]:
    if thing["type"] == "GeometryCollection":
        for one in thing["geometries"]:
            yield from _shapes(one)
    elif thing["type"] == "MultiPolygon":
        yield from thing["arcs"]
    elif thing["type"] == "Polygon":
        yield thing["arcs"]


def _decoded(arc: Iterable[Iterable[int]], scale: list[float], move: list[float]) -> Iterator[tuple[float, float]]:
    x = y = 0
    for dx, dy in arc:
        x, y = x + dx, y + dy
        yield x * scale[0] + move[0], y * scale[1] + move[1]
