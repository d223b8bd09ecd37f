"""An inverted index in memory, for comparing without a ledger."""

from collections import Counter
from collections.abc import Iterable, Sequence

MOST_UNDER_A_KEY = 400


class MemoryIndex:
    """Keeps, under each key, the items put there last, so that looking costs the same however many came before.

    A key that everything has tells nothing apart; of a common one the latest items are the likeliest to be about the same.
    """

    def __init__(self, *, most: int = MOST_UNDER_A_KEY) -> None:
        self.most = most
        self.under: dict[tuple[str, int], dict[int, None]] = {}

    def near(self, kind: str, keys: Iterable[int], *, least: int = 1, most: int = 200) -> Sequence[tuple[int, int]]:
        """Items of a kind that share `least` keys or more with these, as (item, keys shared), most shared first, ties by item."""
        shared = Counter(item for key in set(keys) for item in self.under.get((kind, key), ()))
        found = [(item, n) for item, n in shared.items() if n >= least]
        return sorted(found, key=lambda f: (-f[1], f[0]))[:most]

    def put(self, kind: str, item: int, keys: Iterable[int]) -> None:
        """Adds an item under its keys, or makes it the latest there."""
        for key in set(keys):
            listed = self.under.setdefault((kind, key), {})
            listed.pop(item, None)
            listed[item] = None
            if len(listed) > self.most:
                del listed[next(iter(listed))]
