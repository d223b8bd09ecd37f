"""Inverted indexes: in memory, for comparing without a ledger, and held in memory over one that is kept elsewhere."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol

from allegedly.compared import nearest

MOST_UNDER_A_KEY = 400


class MemoryIndex:
    """Keeps, under each key, the items put there last, so that looking costs the same however many came before.

    A key that everything has tells nothing apart; of a common one the latest items are the likeliest to be about the same.
    """

    def __init__(self, *, most: int = MOST_UNDER_A_KEY) -> None:
        self.most = most
        self.under: defaultdict[str, dict[int, dict[int, None]]] = defaultdict(dict)

    def near(
        self, kind: str, keys: Iterable[int], *, least: int = 1, most: int = 200, crowded: int | None = None, latest: bool = False
    ) -> Sequence[tuple[int, int]]:
        """See `nearest`."""
        return nearest(self.lists(kind, keys).values(), least=least, most=most, crowded=crowded, latest=latest)

    def lists(self, kind: str, keys: Iterable[int]) -> Mapping[int, Collection[int]]:
        """The items of a kind under each of these keys that has any, in the order in which they were put there."""
        under = self.under[kind]
        return {one: listed.keys() for one in set(keys) if (listed := under.get(one))}

    def put(self, kind: str, item: int, keys: Iterable[int]) -> None:
        """Adds an item under its keys, or makes it the latest there."""
        under = self.under[kind]
        for key in set(keys):
            listed = under.setdefault(key, {})
            listed.pop(item, None)
            listed[item] = None
            if len(listed) > self.most:
                del listed[next(iter(listed))]

    def warm(self, kind: str, keys: Iterable[int]) -> None:
        """Nothing to do: all of it is at hand."""

    def blank(self, kind: str, keys: Iterable[int]) -> None:
        """Nothing to do either."""


class Lists(Protocol):
    """An index that is slow to ask, and so is read and written many keys at a time."""

    def lists(self, kind: str, keys: Iterable[int]) -> Mapping[int, Sequence[int]]:
        """The items under each of these keys that has any, by number; of a common key the latest."""
        ...

    def put_all(self, kind: str, postings: Iterable[tuple[int, int]]) -> None:
        """Add items under keys: (key, item), each once; those that are there already stay."""
        ...


class HeldIndex(MemoryIndex):
    """An index over one that is kept elsewhere, for a while in which nobody else writes there.

    A list is read once, when it is asked for, and what is put here goes there when `write` is called. It grows with what it is asked for:
    drop it after some articles.
    """

    def __init__(self, kept: Lists) -> None:
        super().__init__()
        self._kept = kept
        self._known: defaultdict[str, set[int]] = defaultdict(set)  # keys whose lists are those that are kept
        self._new: defaultdict[str, dict[tuple[int, int], None]] = defaultdict(dict)
        self._unread = MemoryIndex()  # what was put under keys whose lists were not read yet

    def warm(self, kind: str, keys: Iterable[int]) -> None:
        """Read the lists of these keys at once, those that were not read yet."""
        missing = set(keys) - self._known[kind]
        if missing:
            found = self._kept.lists(kind, missing)
            self.under[kind] |= {key: dict.fromkeys(listed) for key, listed in found.items()}
            self._add(kind, missing)

    def blank(self, kind: str, keys: Iterable[int]) -> None:
        """Lists of these keys are empty, but for what is put here."""
        self._add(kind, set(keys) - self._known[kind])

    def _add(self, kind: str, keys: set[int]) -> None:
        """The lists of these keys are known now; what was put there meanwhile is added to them."""
        self._known[kind] |= keys
        for key in self._unread.under[kind].keys() & keys:
            for item in self._unread.under[kind].pop(key):
                super().put(kind, item, (key,))

    def lists(self, kind: str, keys: Iterable[int]) -> Mapping[int, Collection[int]]:
        """As in memory; lists that are missing are read first."""
        asked = set(keys)
        self.warm(kind, asked)
        return super().lists(kind, asked)

    def put(self, kind: str, item: int, keys: Iterable[int]) -> None:
        """As in memory; kept in mind until `write`. A list that nobody asked for yet is not read for this."""
        given, under = set(keys), self.under[kind]
        known = given & self._known[kind]
        self._new[kind] |= {(key, item): None for key in given if key not in known or item not in under.get(key, ())}
        self._unread.put(kind, item, given - known)
        super().put(kind, item, known)

    def write(self) -> None:
        """Put what is new into the index that is kept."""
        for kind, postings in self._new.items():
            self._kept.put_all(kind, postings)
        self._new.clear()
