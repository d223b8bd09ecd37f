"""Records to bytes and back: a reading as one compressed document, and an article's claims as another.

Records of one kind are laid out in columns (all starts, all lengths, all types ...), numbers as differences from those before, places in
the text as the how-manieth word begins or ends there (`Edges`), words of closed vocabularies as places there; `coding` knows how such
columns run. Fields that a newer version of the code has added at the end of a record take their defaults. Scores and coordinates keep four
places, as in the JSON schema. Tokens are not kept: they can be had again by reading, and would be most of the bytes. What is packed with an
article's text at hand (`beside`) takes its words from there.
"""

import re
import types
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cache
from itertools import accumulate, islice
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from allegedly.errors import LedgerError
from allegedly.ledger.coding import DamageError, Digits, differences, numbers, numerals, pack, samples_of, text_bytes, unpack
from allegedly.records import SCHEMA, Attribution, Entity, Mention, Note, Reading, Span, Statement, Unread, Wording

ROUNDED = frozenset({"score", "sure_score", "lat", "lon"})
Column = Any
_PIECE = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|_")
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


# --- places and layouts ----------------------------------------------------------------------------------------------


class Edges:
    """Where words of texts begin (or end): a place there is the how-manieth of them. Places where a word of a further text does, or none at
    all, are numbered after those, so that numbers of beginnings and ends go together.
    """

    def __init__(self, pieces: Iterable[Span], side: int, more: Iterable[int] = ()) -> None:
        own = dict.fromkeys([piece[side] for piece in pieces])
        self._own = len(own)
        self._places = [*own, *more]
        self._numbers = {place: number for number, place in enumerate(self._places)}

    def number(self, place: int) -> int:
        """The place's number; a new one where it has none."""
        if place not in self._numbers:
            self._numbers[place] = len(self._places)
            self._places.append(place)
        return self._numbers[place]

    @property
    def place(self) -> Callable[[int], int]:
        """The place with a number. Raises IndexError where there is none."""
        return self._places.__getitem__

    def more(self) -> list[int]:
        """Places where no word begins (or ends), by number."""
        return self._places[self._own :]


@dataclass(frozen=True, slots=True)
class Layout:
    """How places and strings are laid out, and by which earlier field's place those of others are said, of records that have places.

    Where words begin and end is known of readings; other records have characters' numbers.
    """

    begin: Callable[[int], int] = int
    end: Callable[[int], int] = int
    begun: Callable[[int], int] = int
    ended: Callable[[int], int] = int
    first: bool = False
    few: bool = False  # whether few of the records are asked for: then they are made as they are

    @classmethod
    def of(cls, begins: Edges, ends: Edges) -> "Layout":
        """By the words of a text."""
        return cls(begins.number, ends.number, begins.place, ends.place)

    def near(self, kind: type) -> Mapping[str, str]:
        """Of fields with places, those by whose places they are said."""
        return {**_NEAR[kind], "head": "start"} if self.first and kind is Mention else _NEAR.get(kind, {})

    def joined(self, cells: Sequence[str]) -> Column:
        """Strings in one, if they can be: so they are most like the article."""
        return list(cells) if any("_" in cell for cell in cells) else "_".join(cells)

    def parted(self, column: str) -> list[str]:
        """The strings again."""
        return [cell.replace("_", " ") for cell in column.split(" ")] if self.first else column.split("_")


FIRST = Layout(first=True)
"""How it was with the first samples."""
_NEAR: Mapping[type, Mapping[str, str]] = {
    Mention: {"end": "start", "head": "end"},
    Wording: {"end": "start"},
    Note: {"end": "start"},
    Unread: {"end": "start"},
    Attribution: dict.fromkeys(("cue", "content"), "source"),
    Statement: dict.fromkeys(("actor", "recipient", "object"), "predicate"),
}


# --- columns ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Hint:
    """A field's type: what it holds where it is not None (`kind`, or of a tuple `each`), and in what `form` that is laid out."""

    kind: Any
    optional: bool
    form: Literal["record", "span", "tuples", "word", "number", "fraction", "flag", "text"]
    each: "_Hint | None" = None

    @classmethod
    def of(cls, hint: Any) -> "_Hint":
        """Of a type as it is written."""
        kind, optional = _bare(hint)
        if is_dataclass(kind):
            return cls(kind, optional, "record")
        if get_origin(kind) is tuple:
            return cls(kind, optional, "span") if get_args(kind) == (int, int) else cls(kind, optional, "tuples", cls.of(get_args(kind)[0]))
        if get_origin(kind) is Literal:
            return cls(kind, optional, "word")
        forms: dict[Any, Any] = {int: "number", float: "fraction", bool: "flag"}
        return cls(kind, optional, forms.get(kind, "text"))


@cache
def _shape(kind: type) -> tuple[tuple[str, _Hint], ...]:
    hints = get_type_hints(kind)
    return tuple((field.name, _Hint.of(hints[field.name])) for field in fields(kind))


def _bare(kind: Any) -> tuple[Any, bool]:
    """A type without its None (a vocabulary of numbers is their type), and whether it had one."""
    if get_origin(kind) is Literal and not isinstance(get_args(kind)[0], str):
        return type(get_args(kind)[0]), False
    if get_origin(kind) in (Union, types.UnionType):
        return _bare(next(part for part in get_args(kind) if part is not type(None)))[0], True
    return kind, False


def table(kind: type, records: Sequence[Any], layout: Layout) -> list[Column]:
    """Records of one kind as a list of columns, one a field."""
    near = layout.near(kind) if records else {}
    anchors = {name: _anchors(name, [getattr(one, name) for one in records], layout) for name in set(near.values())}
    columns = []
    for name, hint in _shape(kind):
        cells = [getattr(one, name) for one in records]
        columns.append(_near(cells, anchors[near[name]], near[name], layout) if name in near else _column(hint, cells, name, layout))
    return columns


def rows(kind: type, columns: Sequence[Column], count: int, layout: Layout) -> Sequence[Any]:
    """The records again."""
    if not count:
        return []
    values = _values(kind, columns, count, layout)
    if layout.few:
        return _Made(count, lambda place: kind(*[cells[place] for cells in values]))
    return [kind(*cells) for cells in zip(*values, strict=True)]


class _Made(Sequence[Any]):
    """A sequence of what is made as it is asked for."""

    def __init__(self, count: int, make: Callable[[int], Any]) -> None:
        self._count, self._make = count, make

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, place: Any) -> Any:
        if place >= self._count:
            raise IndexError(place)
        return self._make(place)


def _values(kind: type, columns: Sequence[Column], count: int, layout: Layout) -> list[Sequence[Any]]:
    near = layout.near(kind)
    out: dict[str, Sequence[Any]] = {}
    anchors: dict[str, list[int]] = {}
    for (name, hint), column in zip(_shape(kind), columns, strict=False):
        out[name] = (
            _far(hint, column, anchors[near[name]], near[name], layout) if name in near else _cells(hint, column, count, name, layout)
        )
        if name in near.values():
            anchors[name] = _anchors(name, out[name], layout)
    return list(out.values())


def _anchors(name: str, cells: Sequence[Any], layout: Layout) -> list[int]:
    """The numbers of the places that a field's cells begin at (ends end at); 0 for none."""
    if name == "end":
        return [layout.end(cell) for cell in cells]
    return [layout.begin(_start(cell)) if cell or cell == 0 else 0 for cell in cells]


def _start(place: Any) -> int:
    """Where a place, a span or spans begin."""
    while not isinstance(place, int):
        place = place[0]
    return place


def _near(cells: Sequence[Any], anchors: Sequence[int], by: str, layout: Layout) -> Column:
    """Places, spans, or tuples of spans, as distances from their anchors; a span from an end by its own end."""
    if isinstance(cells[0], int):
        return numerals(layout.end(cell) - anchor for cell, anchor in zip(cells, anchors, strict=True))
    each = [(cell,) if cell and isinstance(cell[0], int) else cell for cell in cells]
    spans = [[(layout.begin(start), layout.end(end)) for start, end in cell] for cell in each]
    side = int(by == "end")
    starts = numerals(span[side] - anchor for cell, anchor in zip(spans, anchors, strict=True) for span in cell)
    lengths = numerals(end - start for cell in spans for start, end in cell)
    return [starts, lengths] if each[0] is not cells[0] else [numerals(map(len, cells)), starts, lengths]


def _far(hint: _Hint, column: Column, anchors: Sequence[int], by: str, layout: Layout) -> Sequence[Any]:
    """The places again."""
    if hint.form == "number":
        return [layout.ended(anchor + number) for anchor, number in zip(anchors, numbers(column), strict=True)]
    *counts, starts, lengths = (numbers(one) for one in column)
    spans = iter(zip(starts, lengths, strict=True))

    def far(anchor: int) -> Span:
        at, length = next(spans)
        start = anchor + at - (length if by == "end" else 0)
        return (layout.begun(start), layout.ended(start + length))

    if not counts:
        return [far(anchor) for anchor in anchors]
    return [tuple([far(anchor) for _ in range(count)]) for anchor, count in zip(anchors, counts[0], strict=True)]


@cache
def _letters(hint: _Hint) -> dict[str, str]:
    """The words of a closed vocabulary, to which words may be added at the end, and a character for each."""
    return {word: chr(_FIRST + place) for place, word in enumerate(get_args(hint.kind))}


def _column(hint: _Hint, cells: list[Any], name: str, layout: Layout) -> Column:
    if not hint.optional:
        return _FORMS[hint.form](hint, cells, name, layout)
    if None in cells:
        there = [cell for cell in cells if cell is not None]
        flags = Digits("".join(["01"[cell is not None] for cell in cells]))
        return [flags, _FORMS[hint.form](hint, there, name, layout)] if there else 0
    return [1, _FORMS[hint.form](hint, cells, name, layout)]


def _fractions(hint: _Hint, cells: list[Any], name: str, _: Layout) -> Column:
    return numerals([round(cell * 10_000) for cell in cells]) if name in ROUNDED else cells


def _tuples(hint: _Hint, cells: list[Any], name: str, layout: Layout) -> Column:
    """How many each holds, and all of these."""
    assert hint.each is not None  # noqa: S101
    return [numerals([len(cell) for cell in cells]), _column(hint.each, [one for cell in cells for one in cell], "", layout)]


def _spans(hint: _Hint, cells: list[Span], name: str, layout: Layout) -> Column:
    starts = [layout.begin(start) for start, _ in cells]
    return [_deltas(starts), numerals([layout.end(end) - start for (_, end), start in zip(cells, starts, strict=True)])]


def _numbers(hint: _Hint, cells: list[int], name: str, layout: Layout) -> Column:
    """Whole numbers; one that is called "start" is a place."""
    return _deltas([layout.begin(cell) for cell in cells] if name == "start" else cells)


_FORMS: Mapping[str, Callable[[_Hint, list[Any], str, Layout], Column]] = {
    "record": lambda hint, cells, _, layout: table(hint.kind, cells, layout),
    "span": _spans,
    "tuples": _tuples,
    "word": lambda hint, cells, *_: Digits("".join(map(_letters(hint).__getitem__, cells))),
    "number": _numbers,
    "fraction": _fractions,
    "flag": lambda _, cells, *__: Digits("".join(["01"[cell] for cell in cells])),
    "text": lambda _, cells, __, layout: _strings(cells, layout),
}


def _cells(hint: _Hint, column: Column, count: int, name: str, layout: Layout) -> Sequence[Any]:
    if not hint.optional:
        return _CELLS[hint.form](hint, column, count, name, layout)
    if column == 0:
        return [None] * count
    if column[0] == 1:
        return _CELLS[hint.form](hint, column[1], count, name, layout)
    there = iter(_CELLS[hint.form](hint, column[1], column[0].count("1"), name, layout))
    return [next(there) if flag == "1" else None for flag in column[0]]


def _untupled(hint: _Hint, column: Column, count: int, _: str, layout: Layout) -> Sequence[Any]:
    assert hint.each is not None  # noqa: S101
    counts = numbers(column[0])
    cells = _cells(hint.each, column[1], sum(counts), "", layout)
    if layout.few:
        ends = list(accumulate(counts))
        return _Made(len(counts), lambda place: tuple([cells[at] for at in range(ends[place] - counts[place], ends[place])]))
    flat = iter(cells)
    return [tuple([next(flat) for _ in range(count)]) for count in counts]


def _unspanned(hint: _Hint, column: Column, count: int, _: str, layout: Layout) -> Sequence[Any]:
    return [(layout.begun(start), layout.ended(start + length)) for start, length in zip(_sums(column[0]), numbers(column[1]), strict=True)]


def _unnumbered(hint: _Hint, column: Column, count: int, name: str, layout: Layout) -> Sequence[Any]:
    return [layout.begun(number) for number in _sums(column)] if name == "start" else _sums(column)


def _words(hint: _Hint, column: Column, *_: Any) -> Sequence[Any]:
    vocabulary = get_args(hint.kind)
    return [vocabulary[ord(one) - _FIRST] for one in column]


_CELLS: Mapping[str, Callable[[_Hint, Column, int, str, Layout], Sequence[Any]]] = {
    "record": lambda hint, column, count, _, layout: rows(hint.kind, column, count, layout),
    "span": _unspanned,
    "tuples": _untupled,
    "word": _words,
    "number": _unnumbered,
    "fraction": lambda _, column, *__: [number / 10_000 for number in numbers(column)] if isinstance(column, str) else column,
    "flag": lambda _, column, *__: [cell == "1" for cell in column],
    "text": lambda _, column, count, __, layout: _unstrung(column, count, layout),
}


def _deltas(given: Sequence[int]) -> Digits:
    return numerals(differences(given))


def _sums(column: str) -> list[int]:
    return list(accumulate(numbers(column)))


def _strings(cells: list[str], layout: Layout) -> Column:
    """Numbered names ("m1"), among which one other word may be (0), as differences; one of few values as one character; or as they are."""
    numbered = [_NUMBERED.fullmatch(cell) for cell in cells]
    letters = {found[1] for found in numbered if found}
    others = {cell for cell, found in zip(cells, numbered, strict=True) if not found}
    if len(letters) == 1 and len(others) <= 1:
        places = [int(found[2]) + len(others) if found else 0 for found in numbered]
        return {"letter": letters.pop(), "numbers": _deltas(places)} | ({"other": others.pop()} if others else {})
    few = list(dict.fromkeys(cells))
    if len(few) <= min(_FEW, len(cells) // 2):
        place = {value: chr(_FIRST + number) for number, value in enumerate(few)}
        return {"of": few, "are": Digits("".join(place[cell] for cell in cells)) if len(few) > 1 else ""}
    return layout.joined(cells)


def _unstrung(column: Column, count: int, layout: Layout) -> Sequence[str]:
    if isinstance(column, list):
        return column
    if isinstance(column, str):
        return layout.parted(column)
    if "letter" in column:
        letter, places = column["letter"], _sums(column["numbers"])
        if "other" not in column:
            return [f"{letter}{place}" for place in places]
        return [f"{letter}{place - 1}" if place else column["other"] for place in places]
    few: list[str] = column["of"]
    return [few[ord(one) - _FIRST] for one in column["are"]] if column["are"] else few * count


# --- documents -------------------------------------------------------------------------------------------------------


def reading_columns(reading: Reading, kept: Sequence[str | None]) -> Any:
    """The whole reading but its tokens, its reviews and its text, where that is the given one, with the name of its schema.

    Of entities it leaves out which mentions are theirs, where these say so, and the names that are the words of these.
    """
    given, text = reading.article.text, kept[0] or ""
    pieces = _pieces(kept)
    edges = [Edges(pieces, side) for side in (0, 1)]
    layout = Layout.of(*edges)
    bare = replace(reading, article=replace(reading.article, text="" if given == text else given), tokens=(), reviews=())
    said = _mentioned(reading)
    if any(entity.mentions != said[entity.id][0] for entity in reading.entities):
        columns = table(Reading, [bare], layout)
        return [SCHEMA, columns, [_deltas(one.more()) for one in edges]]
    named = [[_place(said[entity.id][1], name) for name in (entity.name, *entity.aliases)] for entity in reading.entities]
    entities = tuple(_nameless(entity, places) for entity, places in zip(reading.entities, named, strict=True))
    counts, places = numerals(map(len, named)), numerals(place for one in named for place in one)
    columns = table(Reading, [replace(bare, entities=entities)], layout)
    return [SCHEMA, columns, [_deltas(one.more()) for one in edges], counts, places]


def _pieces(kept: Sequence[str | None]) -> list[Span]:
    """Where words are of what places are in: the text, and the title, where that is known."""
    return [piece.span() for one in kept[:2] for piece in _PIECE.finditer(one or "")]


def _mentioned(reading: Reading) -> dict[str, tuple[tuple[str, ...], list[str]]]:
    """Of each entity, the mentions that are of it, and their words, each once."""
    those: dict[str | None, list[Mention]] = {entity.id: [] for entity in reading.entities}
    for one in reading.mentions:
        those.setdefault(one.entity, []).append(one)
    text = reading.article.text
    return {
        entity.id: (tuple(m.id for m in those[entity.id]), list(dict.fromkeys(text[m.start : m.end] for m in those[entity.id])))
        for entity in reading.entities
    }


def _place(words: Sequence[str], name: str) -> int:
    """The place of a name among words, from 1; 0 where it is none of them."""
    return words.index(name) + 1 if name in words else 0


def _nameless(entity: Entity, places: Sequence[int]) -> Entity:
    """Without its mentions, and without the names that have places."""
    aliases = tuple(alias for alias, place in zip(entity.aliases, places[1:], strict=True) if not place)
    return replace(entity, name="" if places[0] else entity.name, aliases=aliases, mentions=())


def _renamed(reading: Reading, counts: str, places: str) -> Reading:
    """With its entities' names and mentions again."""
    said, listed = _mentioned(reading), iter(numbers(places))
    entities = []
    for entity, count in zip(reading.entities, numbers(counts), strict=True):
        mentions, words = said[entity.id]
        given = iter(entity.aliases)
        first, *others = islice(listed, count)
        name = words[first - 1] if first else entity.name
        aliases = tuple([words[place - 1] if place else next(given) for place in others])
        entities.append(replace(entity, name=name, aliases=aliases, mentions=mentions))
    return replace(reading, entities=tuple(entities))


def record_columns(kind: type, records: Sequence[Any]) -> Any:
    """Records, and the names of their fields."""
    return [len(records), dict(zip(_names(kind), table(kind, records, Layout()), strict=True))]


def pack_reading(reading: Reading, kept: Sequence[str | None]) -> bytes:
    """A reading compressed. `kept` is what of it stands outside: first of all the article's text."""
    return pack(reading_columns(reading, kept), beside=_beside(kept))


def unpack_reading(document: bytes, kept: Sequence[str | None], *, name: str) -> Reading:
    """The reading of a document and of what stands outside. Raises LedgerError for a schema that this version does not know, or damage."""
    reading: Reading | None = None
    try:
        schema, columns, *names = unpack(document, beside=_beside(kept))
        if schema == SCHEMA:
            layout = FIRST
            if samples_of(document) > 1:
                pieces = _pieces(kept)
                layout = Layout.of(*(Edges(pieces, side, _sums(more)) for side, more in enumerate(names.pop(0))))
            reading = rows(Reading, columns, 1, layout)[0]
            text = reading.article.text or kept[0] or ""
            reading = replace(reading, article=replace(reading.article, text=text))
            reading = _renamed(reading, *names) if names else reading
    except (DamageError, ValueError, TypeError, IndexError, KeyError, StopIteration):
        advice = "Restore the ledger from a backup, or read the article again"
        raise LedgerError(name, "damaged", "a reading's document is damaged", advice) from None
    if reading is None:
        reason = f"a reading has the schema {str(schema)[:60]!r}, which this version of Allegedly does not know"
        raise LedgerError(name, "newer", reason, "Use the version of Allegedly that wrote it, or a newer one")
    return reading


def _beside(kept: Sequence[str | None]) -> bytes:
    return text_bytes("\n".join(one or "" for one in reversed(kept)))


def pack_records(kind: type, records: Sequence[Any], text: str) -> bytes:
    """Records that belong to an article and are numbered in their `item`, compressed beside its text so that they open quickly."""
    return pack(record_columns(kind, records), beside=text_bytes(text + text.lower()), quick=True)


def unpack_records(kind: type, data: bytes, text: str) -> Callable[[int], Any]:
    """A function from an item's number to its record, or None: columns are laid open at once, records are built as they are asked for.

    Fields that were not there when the records were packed have their defaults; those that are there no more are passed over.
    """
    layout = Layout(first=samples_of(data) == 1, few=True)
    count, packed = unpack(data, beside=text_bytes(text if layout.first else text + text.lower()))
    columns = {name: _cells(hint, packed[name], count, name, layout) for name, hint in _shape(kind) if name in packed}
    places = {item: place for place, item in enumerate(columns["item"])}

    def build(item: int) -> Any:
        place = places.get(item)
        return None if place is None else kind(**{name: column[place] for name, column in columns.items()})

    return build


def _names(kind: type) -> tuple[str, ...]:
    return tuple(name for name, _ in _shape(kind))
