"""Records to bytes and back: a reading as one compressed document, and an article's claims as another.

Records of one kind are laid out in columns (all starts, all lengths, all types ...), numbers as differences from those before: so 170
mentions take 1.5 kB instead of 2.7. Fields that a newer version of the code has added at the end of a record take their defaults.
Scores and coordinates keep four places, as in the JSON schema. Tokens are not kept: they can be had again by reading, and would be most
of the bytes. What is packed with an article's text at hand (`beside`) takes its words from there.
"""

import json
import re
import types
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cache
from itertools import accumulate
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from allegedly.errors import LedgerError
from allegedly.records import SCHEMA, Reading

ROUNDED = frozenset({"score", "sure_score", "lat", "lon"})
Column = Any
_NUMBERED = re.compile(r"([a-z])(0|[1-9]\d{0,8})", re.ASCII)
_WINDOW = 32_768
_FEW = 57
_FIRST = 35  # the character of the first of few values, and of zero; from here on JSON escapes none but the 92nd
_LAST, _BASE = 57, 34


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


def text_bytes(text: str) -> bytes:
    """UTF-8 that keeps lone surrogates, which articles from broken pages hold."""
    return text.encode("utf-8", "surrogatepass")


# --- columns ---------------------------------------------------------------------------------------------------------


@cache
def _shape(kind: type) -> tuple[tuple[str, Any], ...]:
    hints = get_type_hints(kind)
    return tuple((field.name, hints[field.name]) for field in fields(kind))


def _bare(kind: Any) -> tuple[Any, bool]:
    """A type without its None (a closed vocabulary is its values' type), and whether it had one."""
    if get_origin(kind) is Literal:
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
        return ["".join("01"[cell is not None] for cell in cells), _column(kind, there, name)] if there else 0
    if optional:
        return [1, _column(kind, cells, name)]
    if is_dataclass(kind):
        return table(kind, cells)  # type: ignore[arg-type]
    if get_origin(kind) is tuple:
        return _tuples(kind, cells)
    if kind is int:
        return _differences(cells)
    if kind is float:
        return _numerals([round(cell * 10_000) for cell in cells]) if name in ROUNDED else cells
    if kind is bool:
        return "".join("01"[cell] for cell in cells)
    return _strings(cells)


def _cells(kind: Any, column: Column, count: int) -> Sequence[Any]:
    kind, optional = _bare(kind)
    if optional:
        return _optional(kind, column, count)
    if is_dataclass(kind):
        return rows(kind, column, count)  # type: ignore[arg-type]
    if get_origin(kind) is tuple:
        return _untupled(kind, column)
    if kind is int:
        return _sums(column)
    if kind is bool:
        return [cell == "1" for cell in column]
    if kind is float:
        return [number / 10_000 for number in _numbers(column)] if isinstance(column, str) else column
    return _unstrung(column, count)


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
        return [_differences([start for start, _ in cells]), _numerals([end - start for start, end in cells])]
    return [_numerals([len(cell) for cell in cells]), _column(get_args(kind)[0], [one for cell in cells for one in cell])]


def _untupled(kind: Any, column: Column) -> Sequence[Any]:
    if get_args(kind) == (int, int):
        return [(start, start + length) for start, length in zip(_sums(column[0]), _numbers(column[1]), strict=True)]
    counts = _numbers(column[0])
    flat = iter(_cells(get_args(kind)[0], column[1], sum(counts)))
    return [tuple([next(flat) for _ in range(count)]) for count in counts]


def _differences(numbers: Sequence[int]) -> str:
    return _numerals([number - before for number, before in zip(numbers, (0, *numbers), strict=False)])


def _sums(column: str) -> list[int]:
    return list(accumulate(_numbers(column)))


def _numerals(numbers: Iterable[int]) -> str:
    """Integers in one string: small ones are one character ("#" to "["), larger ones have digits of base 34 ("]" to "~") before it."""
    out = []
    for number in numbers:
        rest = number * 2 if number >= 0 else -number * 2 - 1
        while rest >= _LAST:
            rest, digit = divmod(rest, _BASE)
            out.append(chr(93 + digit))
        out.append(chr(_FIRST + rest))
    return "".join(out)


def _numbers(numerals: str) -> list[int]:
    out, rest, power = [], 0, 1
    for one in numerals:
        code = ord(one)
        if code > 92:
            rest, power = rest + (code - 93) * power, power * _BASE
        else:
            rest += (code - _FIRST) * power
            out.append(-(rest + 1) // 2 if rest & 1 else rest // 2)
            rest, power = 0, 1
    return out


def _strings(cells: list[str]) -> Column:
    """Numbered names ("m1", "m2") as differences; one of few values as one character; others as they are."""
    numbered = [_NUMBERED.fullmatch(cell) for cell in cells]
    if cells and all(numbered) and len({found[1] for found in numbered if found}) == 1:
        return {"letter": cells[0][0], "numbers": _differences([int(found[2]) for found in numbered if found])}
    few = list(dict.fromkeys(cells))
    if len(few) <= min(_FEW, len(cells) // 2):
        place = {value: chr(_FIRST + number) for number, value in enumerate(few)}
        return {"of": few, "are": "".join(place[cell] for cell in cells) if len(few) > 1 else ""}
    return cells


def _unstrung(column: Column, count: int) -> Sequence[str]:
    if isinstance(column, list):
        return column
    if "letter" in column:
        return [f"{column['letter']}{number}" for number in _sums(column["numbers"])]
    few: list[str] = column["of"]
    return [few[ord(one) - _FIRST] for one in column["are"]] if column["are"] else few * count


# --- documents -------------------------------------------------------------------------------------------------------


def dump(value: object) -> bytes:
    """Compact JSON in UTF-8; lone surrogates keep their place."""
    return text_bytes(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def load(data: bytes) -> Any:
    """What `dump` was given."""
    return json.loads(data.decode("utf-8", "surrogatepass"))


def pack_reading(reading: Reading, text: str) -> bytes:
    """The whole reading but its tokens and reviews, compressed, with the name of its schema; `text` is the article's, as kept beside it."""
    given = reading.article.text
    bare = replace(reading, article=replace(reading.article, text="" if given == text else given), tokens=(), reviews=())
    return squeeze(dump([SCHEMA, table(Reading, [bare])]), beside=text_bytes(text))


def unpack_reading(document: bytes, text: str, *, name: str) -> Reading:
    """The reading of a document and its text. Raises LedgerError for a schema that this version does not know, or damage."""
    try:
        schema, columns = load(expand(document, beside=text_bytes(text)))
    except (zlib.error, ValueError):
        advice = "Restore the ledger from a backup, or read the article again"
        raise LedgerError(name, "damaged", "a reading's document is damaged", advice) from None
    if schema != SCHEMA:
        reason = f"a reading has the schema {str(schema)[:60]!r}, which this version of Allegedly does not know"
        raise LedgerError(name, "newer", reason, "Use the version of Allegedly that wrote it, or a newer one")
    reading: Reading = rows(Reading, columns, 1)[0]
    return replace(reading, article=replace(reading.article, text=text)) if not reading.article.text else reading


def pack_records(kind: type, records: Sequence[Any], text: str) -> bytes:
    """Records that belong to an article and are numbered in their `item`, compressed beside its text, with the names of their fields."""
    return squeeze(dump([len(records), dict(zip(_names(kind), table(kind, records), strict=True))]), beside=text_bytes(text))


def unpack_records(kind: type, data: bytes, text: str) -> Callable[[int], Any]:
    """A function from an item's number to its record, or None: columns are laid open at once, records are built as they are asked for.

    Fields that were not there when the records were packed have their defaults; those that are there no more are passed over.
    """
    count, packed = load(expand(data, beside=text_bytes(text)))
    columns = {name: _cells(hint, packed[name], count) for name, hint in _shape(kind) if name in packed}
    places = {item: place for place, item in enumerate(columns["item"])}

    def build(item: int) -> Any:
        place = places.get(item)
        return None if place is None else kind(**{name: column[place] for name, column in columns.items()})

    return build


def _names(kind: type) -> tuple[str, ...]:
    return tuple(name for name, _ in _shape(kind))
