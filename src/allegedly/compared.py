"""The records of comparison: what is taken from readings to set articles side by side, and what comparing them gives.

They are narrow on purpose: a `Claim` holds one statement with all that deciding about it needs, so that no reading has to be opened again
when the next day's articles arrive. Numbers (`item`) are the ledger's, or any that count up where there is no ledger.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal, Protocol

from allegedly.records import Force, Polarity, Quantity, Sourcing, Status, sent_lightly

Label = Literal["same", "denies", "different"]
Stand = Literal["asserts", "denies", "reports", "reports_denial"]
"""What an article does with a matter's proposition: in its author's own voice, or according to somebody."""


@dataclass(frozen=True, slots=True)
class Party:
    """Who a role is filled by: the entity's fullest name in the article (or the words themselves), and the ledger's number for it."""

    name: str
    type: str
    identity: int | None = None


@dataclass(frozen=True, slots=True)
class Argument:
    """What takes part in a predication besides its predicate. `head` and `words` are normalised: names in full, lemmas, numbers in digits.

    `role` is "actor", "core" (who or what is acted on, given or spoken of), "clause", "manner", or the preposition that marks it.
    """

    role: str
    head: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement, ready to be compared. `words` are the sentence's; `content` the normalised content words of the predication.

    `voice` is "author" or the name of the innermost source, `force` that source's ("says" for the author). Dates are ISO 8601, `day` the
    one that the statement is about, else None; `place` as it is named. `item` is the ledger's number of the statement.

    `senses` are what the predicate can mean, once opposites and converses are folded into one: "lack" is "-have", "receive from" "~give".
    `negative` says whether the statement negates its predicate, `earlier` whether an author tells it of a time before another one
    ("had not won"), and `arguments` who and what takes part in it.
    """

    item: int
    article: str
    statement: str
    words: str
    lemma: str
    act: str | None
    actors: tuple[Party, ...]
    recipients: tuple[Party, ...]
    object: str
    content: tuple[str, ...]
    polarity: Polarity
    status: Status
    voice: str
    force: Force
    sourcing: Sourcing
    quantities: tuple[Quantity, ...] = ()
    start: str | None = None
    end: str | None = None
    place: str | None = None
    senses: tuple[str, ...] = ()
    negative: bool = False
    arguments: tuple[Argument, ...] = ()
    earlier: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one claim stands to another, with the rule that decided, what it rests on in words, and a score in [0, 1]."""

    label: Label
    score: float
    rule: str
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Copy:
    """A passage that two articles share: half-open spans of characters in either, words shared, the share of words that are the same.

    `earlier` and `later` are article numbers, by date as far as dates tell; `dated` is false where they do not.
    """

    earlier: int
    later: int
    earlier_span: tuple[int, int]
    later_span: tuple[int, int]
    words: int
    likeness: float
    dated: bool


@dataclass(frozen=True, slots=True)
class Designation:
    """What an outlet calls an entity: a form, how often, in which article."""

    identity: int
    article: int
    form: str
    kind: Literal["name", "description", "label"]
    count: int


def content_of(lemma: str, arguments: Sequence[Argument]) -> tuple[str, ...]:
    """The content words of a predication: its lemma, and the words of its arguments, once each, without marks that begin with "#"."""
    return (lemma, *dict.fromkeys(word for one in arguments for word in (one.head, *one.words) if not word.startswith("#")))


def nearest(
    lists: Iterable[Collection[int]], *, least: int = 1, most: int = 200, crowded: int | None = None, latest: bool = False
) -> list[tuple[int, int]]:
    """Of items in the lists of some keys those in `least` or more, as (item, how many), at most so many, most first, ties by item: the
    lowest first, or the `latest`.

    A list of more than `crowded` items says nothing of its own: it counts for those that are in another one.
    """
    shared: Counter[int] = Counter()
    common: list[Collection[int]] = []
    for listed in lists:
        if crowded is not None and len(listed) > crowded:
            common.append(listed)
        else:
            shared.update(listed)
    for listed in common:
        shared.update(item for item in listed if item in shared)
    found = shared.items() if least <= 1 else [(item, n) for item, n in shared.items() if n >= least]
    return sorted(found, key=lambda f: (-f[1], -f[0] if latest else f[0]))[:most]


class Index(Protocol):
    """An inverted index that grows: which items share keys with these. Kept in memory, or by the ledger."""

    def warm(self, kind: str, keys: Iterable[int]) -> None:
        """These keys will be asked for one after the other: an index that is slow to ask reads them at once."""
        ...

    def blank(self, kind: str, keys: Iterable[int]) -> None:
        """These keys are new: under them is only what was put there of late, so that there is nothing to read."""
        ...

    def near(
        self, kind: str, keys: Iterable[int], *, least: int = 1, most: int = 200, crowded: int | None = None, latest: bool = False
    ) -> Sequence[tuple[int, int]]:
        """The items of a kind that share most with these keys (see `nearest`)."""
        ...

    def lists(self, kind: str, keys: Iterable[int]) -> Mapping[int, Collection[int]]:
        """The items of a kind under each of these keys that has any."""
        ...

    def put(self, kind: str, item: int, keys: Iterable[int]) -> None:
        """Add an item under its keys (63-bit integers, see `key`, or what `beside` makes of two)."""
        ...


def key(*parts: str) -> int:
    """A 63-bit number for a key's words, the same on every machine (BLAKE2b)."""
    return int.from_bytes(blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=8).digest(), "big") >> 1


TOGETHER = 17
"""Bits of a key by which keys lie together."""


def gathered(anchor: int, one: int) -> int:
    """A key that an index may keep near all others with this anchor: `TOGETHER` of the anchor's bits are above its own 63."""
    return anchor >> 63 - TOGETHER << 63 | one


def beside(one: int, other: int) -> int:
    """A key that stands for two, gathered with all that stand for the first."""
    return gathered(one, one ^ other)


sent_lightly(vars())
