"""Records to bytes and back: a reading as one compressed document, and an article's claims as another.

Records of one kind are laid out in columns (all starts, all lengths, all types ...), numbers as differences from those before, words of
closed vocabularies as places there; `coding` knows how such columns run. Fields that a newer version of the code has added at the end of
a record take their defaults. Scores and coordinates keep four places, as in the JSON schema. Tokens are not kept: they can be had again by
reading, and would be most of the bytes. What is packed with an article's text at hand (`beside`) takes its words from there.
"""

import re
import types
import zlib
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from itertools import accumulate
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from allegedly.errors import LedgerError
from allegedly.ledger.coding import DamageError, Digits, differences, numbers, numerals, pack, text_bytes, unpack
from allegedly.records import SCHEMA, Reading

ROUNDED = frozenset({"score", "sure_score", "lat", "lon"})
Column = Any
_NUMBERED = re.compile(r"([a-z])(0|[1-9]\d{0,8})", re.ASCII)
_WINDOW = 32_768
_FEW = 57
_FIRST = 35  # the character of the first of few values


def squeeze(data: bytes, *, beside: bytes = b"") -> bytes:
    """Raw deflate; `beside` is text that whoever expands it will have too."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, beside[-_WINDOW:])
    return squeezer.compress(data) + squeezer.flush()


def expand(data: bytes, *, beside: bytes = b"") -> bytes:
    """What `squeeze` was given; zlib.error for bytes that are damaged or cut off."""
    expander = zlib.decompressobj(-15, beside[-_WINDOW:])
    out = expander.decompress(data) + expander.flush()
    if not expander.eof:
        raise zlib.error("the stream ends too early")
    return out


# --- columns ---------------------------------------------------------------------------------------------------------


@cache
def _shape(kind: type) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in fields(kind))


def _bare(kind: Any) -> tuple[Any, bool]:
    """A type without its None (a vocabulary of numbers is their type), and whether it had one."""
    if get_origin(kind) is Literal and not isinstance(get_args(kind)[0], str):
        return type(get_args(kind)[0]), False
    if get_origin(kind) in (Union, types.UnionType):
        return _bare(next(part for part in get_args(kind) if part is not type(None)))[0], True
    return kind, False


def table(kind: type, records: Sequence[Any]) -> list[Column]:
    """Records of one kind as a list of columns, one a field."""
    return [_column(hint, [getattr(one, name) for one in records], name) for name, hint in _shape(kind)]


def rows(kind: type, columns: Sequence[Column], count: int) -> list[Any]:
    """The records again."""
    return [kind(*values) for values in zip(*_values(kind, columns, count), strict=True)] if count else []


def _values(kind: type, columns: Sequence[Column], count: int) -> list[Sequence[Any]]:
    return [_cells(hint, column, count) for (_, hint), column in zip(_shape(kind), columns, strict=False)]


def _column(kind: Any, cells: list[Any], name: str = "") -> Column:
    kind, optional = _bare(kind)
    if optional and None in cells:
        there = [cell for cell in cells if cell is not None]
        return [Digits("".join("01"[cell is not None] for cell in cells)), _column(kind, there, name)] if there else 0
    if optional:
        return [1, _column(kind, cells, name)]
    if is_dataclass(kind):
        return table(kind, cells)  # type: ignore[arg-type]
    if get_origin(kind) is tuple:
        return _tuples(kind, cells)
    if get_origin(kind) is Literal:
        return Digits("".join([_letters(kind)[cell] for cell in cells]))
    if kind is int:
        return _deltas(cells)
    if kind is float:
        return numerals([round(cell * 10_000) for cell in cells]) if name in ROUNDED else cells
    if kind is bool:
        return Digits("".join("01"[cell] for cell in cells))
    return _strings(cells)


def _cells(kind: Any, column: Column, count: int) -> Sequence[Any]:
    kind, optional = _bare(kind)
    if optional:
        return _optional(kind, column, count)
    if is_dataclass(kind):
        return rows(kind, column, count)  # type: ignore[arg-type]
    if get_origin(kind) is tuple:
        return _untupled(kind, column)
    if get_origin(kind) is Literal:
        return [get_args(kind)[ord(one) - _FIRST] for one in column]
    if kind is int:
        return _sums(column)
    if kind is bool:
        return [cell == "1" for cell in column]
    if kind is float:
        return [number / 10_000 for number in numbers(column)] if isinstance(column, str) else column
    return _unstrung(column, count)


@cache
def _letters(vocabulary: Any) -> dict[str, str]:
    """The words of a closed vocabulary, to which words may be added at the end, and a character for each."""
    return {word: chr(_FIRST + place) for place, word in enumerate(get_args(vocabulary))}


def _optional(kind: Any, column: Column, count: int) -> Sequence[Any]:
    if column == 0:
        return [None] * count
    if column[0] == 1:
        return _cells(kind, column[1], count)
    there = iter(_cells(kind, column[1], column[0].count("1")))
    return [next(there) if flag == "1" else None for flag in column[0]]


def _tuples(kind: Any, cells: list[Any]) -> Column:
    """Spans as starts and lengths; others as how many each holds, and all of these."""
    if get_args(kind) == (int, int):
        return [_deltas([start for start, _ in cells]), numerals([end - start for start, end in cells])]
    return [numerals([len(cell) for cell in cells]), _column(get_args(kind)[0], [one for cell in cells for one in cell])]


def _untupled(kind: Any, column: Column) -> Sequence[Any]:
    if get_args(kind) == (int, int):
        return [(start, start + length) for start, length in zip(_sums(column[0]), numbers(column[1]), strict=True)]
    counts = numbers(column[0])
    flat = iter(_cells(get_args(kind)[0], column[1], sum(counts)))
    return [tuple([next(flat) for _ in range(count)]) for count in counts]


def _deltas(given: Sequence[int]) -> Digits:
    return numerals(differences(given))


def _sums(column: str) -> list[int]:
    return list(accumulate(numbers(column)))


def _strings(cells: list[str]) -> Column:
    """Numbered names ("m1", "m2") as differences; one of few values as one character; others as they are."""
    numbered = [_NUMBERED.fullmatch(cell) for cell in cells]
    if cells and all(numbered) and len({found[1] for found in numbered if found}) == 1:
        return {"letter": cells[0][0], "numbers": _deltas([int(found[2]) for found in numbered if found])}
    few = list(dict.fromkeys(cells))
    if len(few) <= min(_FEW, len(cells) // 2):
        place = {value: chr(_FIRST + number) for number, value in enumerate(few)}
        return {"of": few, "are": Digits("".join(place[cell] for cell in cells)) if len(few) > 1 else ""}
    return cells


def _unstrung(column: Column, count: int) -> Sequence[str]:
    if isinstance(column, list):
        return column
    if "letter" in column:
        return [f"{column['letter']}{number}" for number in _sums(column["numbers"])]
    few: list[str] = column["of"]
    return [few[ord(one) - _FIRST] for one in column["are"]] if column["are"] else few * count


# --- documents -------------------------------------------------------------------------------------------------------


def reading_columns(reading: Reading, text: str) -> Any:
    """The whole reading but its tokens, its reviews and its text, where that is the given one, with the name of its schema."""
    given = reading.article.text
    bare = replace(reading, article=replace(reading.article, text="" if given == text else given), tokens=(), reviews=())
    return [SCHEMA, table(Reading, [bare])]


def record_columns(kind: type, records: Sequence[Any]) -> Any:
    """Records, and the names of their fields."""
    return [len(records), dict(zip(_names(kind), table(kind, records), strict=True))]


def pack_reading(reading: Reading, kept: Sequence[str | None]) -> bytes:
    """A reading compressed. `kept` is what of it stands outside: first of all the article's text."""
    return pack(reading_columns(reading, kept[0] or ""), beside=_beside(kept))


def unpack_reading(document: bytes, kept: Sequence[str | None], *, name: str) -> Reading:
    """The reading of a document and of what stands outside. Raises LedgerError for a schema that this version does not know, or damage."""
    try:
        schema, columns = unpack(document, beside=_beside(kept))
        reading: Reading | None = rows(Reading, columns, 1)[0] if schema == SCHEMA else None
    except (DamageError, ValueError, TypeError, IndexError, KeyError):
        advice = "Restore the ledger from a backup, or read the article again"
        raise LedgerError(name, "damaged", "a reading's document is damaged", advice) from None
    if reading is None:
        reason = f"a reading has the schema {str(schema)[:60]!r}, which this version of Allegedly does not know"
        raise LedgerError(name, "newer", reason, "Use the version of Allegedly that wrote it, or a newer one")
    return reading if reading.article.text else replace(reading, article=replace(reading.article, text=kept[0] or ""))


def _beside(kept: Sequence[str | None]) -> bytes:
    return text_bytes("\n".join(one or "" for one in reversed(kept)))


def pack_records(kind: type, records: Sequence[Any], text: str) -> bytes:
    """Records that belong to an article and are numbered in their `item`, compressed beside its text."""
    return pack(record_columns(kind, records), beside=text_bytes(text))


def unpack_records(kind: type, data: bytes, text: str) -> Callable[[int], Any]:
    """A function from an item's number to its record, or None: columns are laid open at once, records are built as they are asked for.

    Fields that were not there when the records were packed have their defaults; those that are there no more are passed over.
    """
    count, packed = unpack(data, beside=text_bytes(text))
    columns = {name: _cells(hint, packed[name], count) for name, hint in _shape(kind) if name in packed}
    places = {item: place for place, item in enumerate(columns["item"])}

    def build(item: int) -> Any:
        place = places.get(item)
        return None if place is None else kind(**{name: column[place] for name, column in columns.items()})

    return build


def _names(kind: type) -> tuple[str, ...]:
    return tuple(name for name, _ in _shape(kind))
