"""How far coders agree, and how sure a share is: Krippendorff's alpha, Wilson's interval, and a bootstrap over whole articles.

Alpha is computed as K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (2011), does for nominal data: from the matrix of
coincidences, for any number of coders, with values missing. Wilson's score interval is that of E. B. Wilson, "Probable Inference" (1927);
it takes units to be independent. Units of one article are not: the percentile bootstrap over articles (A. C. Davison and D. V. Hinkley,
"Bootstrap Methods and Their Application", 1997, section 3.8) draws whole articles, and is wider where errors cluster in them.
"""

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

Z = 1.959963984540054
"""The normal deviate of a two-sided interval of 95 %."""
DRAWS = 2_000

Interval = tuple[float, float]


def alpha(units: Iterable[Sequence[Hashable]]) -> float | None:
    """Krippendorff's alpha for nominal values: 1 is full agreement, 0 what chance would give, below 0 less than that.

    A unit is the values that coders gave it, missing ones left out. None where no unit has two values, or all values are the same: then
    there is nothing that agreement could be told from chance by.
    """
    agreed: list[float] = []  # the diagonal of the matrix of coincidences
    totals = Counter[Hashable]()
    for unit in units:
        values = Counter(unit)
        many = sum(values.values())
        if many > 1:
            agreed += [count * (count - 1) / (many - 1) for count in values.values()]
            totals.update(values)
    n = sum(totals.values())
    expected = sum(count * (count - 1) for count in totals.values())
    return ((n - 1) * math.fsum(agreed) - expected) / (n * (n - 1) - expected) if len(totals) > 1 else None


def same(units: Iterable[Sequence[Hashable]]) -> float | None:
    """The share of pairs of coders, over all units, who gave the same value; None where there is no pair."""
    pairs = alike = 0
    for unit in units:
        values = Counter(unit)
        many = sum(values.values())
        pairs += many * (many - 1) // 2
        alike += sum(count * (count - 1) // 2 for count in values.values())
    return alike / pairs if pairs else None


def wilson(part: int, whole: int) -> Interval | None:
    """Wilson's score interval of 95 % for a share; None for a share of nothing."""
    if whole <= 0:
        return None
    share, square = part / whole, Z * Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    half = Z / (1 + square / whole) * math.sqrt(share * (1 - share) / whole + square / (4 * whole * whole))
    return (0.0 if part == 0 else max(0.0, middle - half)), (1.0 if part == whole else min(1.0, middle + half))


def clustered(parts: Sequence[float], wholes: Sequence[float], *, seed: int) -> Interval | None:
    """The bootstrap interval of 95 % for the ratio of two sums over clusters (articles), drawn with replacement `DRAWS` times.

    The same seed gives the same interval. None for fewer than two clusters, or where most draws hold nothing to divide by.
    """
    import numpy as np

    if len(parts) < 2:
        return None
    drawn = np.random.RandomState(seed % (1 << 32)).randint(0, len(parts), size=(DRAWS, len(parts)))
    tops, bottoms = np.asarray(parts, float)[drawn].sum(axis=1), np.asarray(wholes, float)[drawn].sum(axis=1)
    ratios = np.sort(tops[bottoms > 0] / bottoms[bottoms > 0])
    if len(ratios) * 2 < DRAWS:
        return None
    low, high = (float(ratios[min(len(ratios) - 1, int(q * len(ratios)))]) for q in (0.025, 0.975))
    return low, high
