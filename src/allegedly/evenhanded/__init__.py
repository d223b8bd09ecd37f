"""Even-handedness as a test: names and words change places, and every finding that changes beyond the swap is counted.

    reading -> swaps (the article with words exchanged) -> read again -> findings side by side -> counts and examples

A reading that is blind to which name stands in a place gives, place by place, the same findings before and after.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TextIO

from allegedly.evenhanded.findings import Change, compared, findings
from allegedly.evenhanded.swaps import Swap, Swapped, SwapTable, swap_table, swapped
from allegedly.records import Article, Reading

LIMIT = 0.5
"""Per cent of findings that may change."""
EXAMPLES = 3
"""Examples that the table shows for each kind of swap."""
WIDTH = 160
"""Characters of an example that are shown."""

Reader = Callable[[Article], Reading]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one swap did to one article. `skipped` says why it could not be made; else findings of each kind are counted."""

    article: str
    swap: str
    skipped: str | None
    compared: Counter[str]
    changes: tuple[Change, ...]


def examine(reading: Reading, swaps: Iterable[Swap], read: Reader) -> Iterator[Outcome]:
    """Makes every swap that an article has words for, reads it again and compares. The reading must hold its tokens."""
    for swap in swaps:
        other = swapped(swap, reading)
        if isinstance(other, str):
            yield Outcome(reading.article.id, swap.kind, other, Counter(), ())
        elif other is not None:
            yield outcome(reading, read(other.article), other, swap)


def outcome(before: Reading, after: Reading, other: Swapped, swap: Swap) -> Outcome:
    """The findings before and after a swap side by side, all at the places that they have after it."""
    one = findings(before, lambda span, title: (other.title if title else other.text).there(span), apart=swap.apart)
    two = findings(after, lambda span, title: (other.title if title else other.text).here(span), apart=swap.apart)
    counts, changes = compared(one, two)
    return Outcome(before.article.id, swap.kind, None, counts, tuple(changes))


# --- counting --------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: of so many findings of a kind, how many changed under a kind of swap."""

    swap: str
    finding: str
    compared: int
    changed: int

    @property
    def share(self) -> float:
        """Per cent that changed."""
        return 100 * self.changed / self.compared if self.compared else 0.0


def rows(outcomes: Iterable[Outcome]) -> list[Row]:
    """The table: for each kind of swap each kind of finding and "all", and last all swaps together."""
    seen: dict[str, Counter[str]] = {}
    changed: dict[str, Counter[str]] = {}
    for one in outcomes:
        for swap in (one.swap, "all"):
            seen.setdefault(swap, Counter()).update(one.compared)
            changed.setdefault(swap, Counter()).update(change.kind for change in one.changes)
    order = [*(swap for swap in seen if swap != "all"), *(["all"] if seen else [])]
    table = []
    for swap in order:
        table += [Row(swap, kind, count, changed[swap][kind]) for kind, count in seen[swap].items()]
        table.append(Row(swap, "all", seen[swap].total(), changed[swap].total()))
    return table


def share(outcomes: Sequence[Outcome]) -> float:
    """Per cent of all findings that changed; 0 where there were none to compare."""
    table = rows(outcomes)
    return table[-1].share if table else 0.0


# --- writing ---------------------------------------------------------------------------------------------------------------


def write_text(outcomes: Sequence[Outcome], stream: TextIO, *, limit: float = LIMIT) -> None:
    """The table for people, examples of what changed, what was skipped, and the verdict."""
    lines = [("swap", "finding", "compared", "changed", "share"), *((r.swap, r.finding, *_numbers(r)) for r in rows(outcomes))]
    widths = [max(len(line[column]) for line in lines) for column in range(5)]
    for line in lines:
        cells = [cell.ljust(w) if column < 2 else cell.rjust(w) for column, (cell, w) in enumerate(zip(line, widths, strict=True))]
        stream.write("  ".join(cells).rstrip() + "\n")
    for swap in dict.fromkeys(one.swap for one in outcomes):
        changes = [(one.article, change) for one in outcomes if one.swap == swap for change in one.changes]
        if changes:
            stream.write(f"\nChanged under the swap of {swap}, for example:\n")
        for article, change in changes[:EXAMPLES]:
            stream.write(f"  {article}: {change.kind} “{_clipped(change.words)}” ({', '.join(change.fields)})\n")
            stream.writelines(
                f"    {when} {_clipped(said)}\n" for when, said in (("before:", change.before), ("after: ", change.after)) if said
            )
    skipped = Counter((one.swap, one.skipped) for one in outcomes if one.skipped)
    if skipped:
        stream.write("\nNot swapped:\n")
        stream.writelines(f"  {swap}, {count} {'text' if count == 1 else 'texts'}: {why}\n" for (swap, why), count in skipped.items())
    verdict = "within" if share(outcomes) <= limit else "above"
    stream.write(f"\n{share(outcomes):.2f} % of the findings changed beyond the swap, {verdict} the limit of {limit:g} %.\n")


def _numbers(row: Row) -> tuple[str, str, str]:
    return f"{row.compared:,}", f"{row.changed:,}", f"{row.share:.2f} %"


def _clipped(words: str) -> str:
    shown = "".join(c if c.isprintable() else "�" for c in words)
    return shown if len(shown) <= WIDTH else shown[: WIDTH - 1] + "…"


def write_jsonl(outcomes: Iterable[Outcome], stream: TextIO) -> None:
    """One object for each article and swap: what was compared, what changed, or why it was skipped."""
    for one in outcomes:
        record = {
            "article": one.article,
            "swap": one.swap,
            "skipped": one.skipped,
            "compared": dict(one.compared),
            "changed": dict(Counter(change.kind for change in one.changes)),
            "changes": [asdict(change) for change in one.changes],
        }
        stream.write(json.dumps(record, ensure_ascii=False).translate(_ESCAPED) + "\n")


_ESCAPED = {code: f"\\u{code:04x}" for code in (*range(0x80, 0xA0), 0x2028, 0x2029, *range(0xD800, 0xE000))}


__all__ = [
    "LIMIT",
    "Outcome",
    "Row",
    "Swap",
    "SwapTable",
    "examine",
    "outcome",
    "rows",
    "share",
    "swap_table",
    "swapped",
    "write_jsonl",
    "write_text",
]
