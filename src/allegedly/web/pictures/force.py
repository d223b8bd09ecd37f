"""Where the nodes of a network stand: a force layout without chance, so that the same ties give the same picture everywhere.

Fruchterman and Reingold (1991): nodes push one another away, ties pull, and movement cools down. They begin on a circle, those of most ties
first; then boxes that overlap are pushed apart. Sums run in one order, and results are rounded, whatever the processor.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

ROUNDS = 220
STRETCH = 1.5
"""How much wider than high the room is."""
GAP = (34.0, 32.0)
"""Units between boxes, side by side and one above the other: room for an arrow."""

Box = tuple[float, float]
Tie = tuple[int, int, int]


@lru_cache(maxsize=64)
def layout(boxes: tuple[Box, ...], ties: tuple[Tie, ...], width: float, height: float) -> tuple[Box, ...]:
    """The middle of each box (width, height) within the room; `ties` are (box, box, weight). Boxes may overlap where there is no room."""
    if not boxes:
        return ()
    if len(boxes) == 1:
        return ((width / 2, height / 2),)
    points = _pulled(len(boxes), ties)
    points[:, 0] *= STRETCH
    low, high = points.min(axis=0), points.max(axis=0)
    sizes = np.array(boxes)
    room = np.array([width, height]) - sizes.max(axis=0) - 8
    points = (points - low) / np.maximum(high - low, 1e-9) * room + sizes.max(axis=0) / 2 + 4
    points = _parted(np.round(points, 3), sizes, width, height)
    return tuple((round(float(x), 1), round(float(y), 1)) for x, y in points)


def _pulled(count: int, ties: Sequence[Tie]) -> NDArray[np.float64]:
    """Points whose ties are short, around the origin."""
    points = np.array([(cos(2 * pi * place / count), sin(2 * pi * place / count)) for place in range(count)])
    ideal = 1.4 / count**0.5
    pull = np.zeros((count, count))
    for one, other, weight in ties:
        pull[one, other] = pull[other, one] = min(1.0 + weight / 10, 2.0)
    heat = 0.25
    for _ in range(ROUNDS):
        apart = points[None, :, :] - points[:, None, :]  # [from, to]
        far = np.maximum(np.sqrt((apart**2)[:, :, 0] + (apart**2)[:, :, 1]), 0.01)
        force = ideal**2 / far - pull * far**2 / ideal
        moves = (apart / far[:, :, None] * force[:, :, None]).sum(axis=0) - 0.35 * points
        long = np.maximum(np.sqrt(moves[:, 0] ** 2 + moves[:, 1] ** 2), 1e-9)
        points = np.round(points + moves / long[:, None] * np.minimum(long, heat)[:, None], 9)
        heat = max(heat * 0.98, 0.004)
    return points


def _parted(points: NDArray[np.float64], sizes: NDArray[np.float64], width: float, height: float) -> NDArray[np.float64]:
    """The same with boxes pushed apart, along the way that is shorter, and kept in the room."""
    for _ in range(60):
        moved = False
        for one in range(len(points)):
            for other in range(one + 1, len(points)):
                need = (sizes[one] + sizes[other]) / 2 + np.array(GAP)
                gap = points[other] - points[one]
                over = need - np.abs(gap)
                if over[0] > 0.5 and over[1] > 0.5:
                    axis = int(over[1] * 1.6 < over[0])
                    push = over[axis] / 2 * (1.0 if gap[axis] >= 0 else -1.0)
                    points[one, axis] -= push
                    points[other, axis] += push
                    moved = True
        points = np.clip(points, sizes / 2 + 3, np.array([width, height]) - sizes / 2 - 3)
        if not moved:
            break
    return points
