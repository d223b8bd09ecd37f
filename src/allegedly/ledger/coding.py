"""Documents to few bytes: columns of numbers by how often each digit is met in such a column, all the rest by Zstandard.

How often, and what documents mostly say, is known beforehand (`samples_3.zst`, made by `python -m benchmarks.ledger samples`): words and
names from readings of this project's own examples, and from those and of other news how often each digit is met, in every column, as a
number's first, second and so on, and after which other of the same number; and how Zstandard begins, its tables as it makes them of such
documents (the head of a dictionary, RFC 8878, 5). A document begins with the number of the samples that it was made with: those are never
changed, new ones get a new number. Digits are coded by asymmetric numeral systems (J. Duda, "Asymmetric numeral systems", arXiv:1311.2540,
2013; the variant with ranges), which come within a hundredth of the entropy.

Documents come from files that anybody may have made: sizes are checked before anything is unpacked, and nothing here takes more than
`MOST` bytes or digits.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from itertools import accumulate
from typing import Any

MOST = 64 * 2**20
NEWEST = 3
FIRST, LAST = 35, 126
"""The characters that digits are, of which JSON escapes only the 92nd, which is none of them."""
_DIGITS = [chr(code) for code in range(FIRST, LAST + 1)]
_BITS = 12
_WHOLE = 1 << _BITS
_SLOTS = _WHOLE - 1
_LOW = 1 << 16
_PRIOR = 8  # what is known of other columns counts as much as so many digits of the column,
_LINKED = 4  # and what is known of the column as so many after a digit
_LEVEL = 10  # the 12th would take 2 % less, and ten times as long
_TRAINED = 8_192  # bytes of a dictionary, of which only the head is kept
_ID = 1
_FAR = b"".join(one.to_bytes(4, "little") for one in (1, 4, 8))  # ends the head: how far back to look
_LENGTH = "#"  # ends the place of a column's length
_PLACES = 4  # digits of a number that are told apart; those after them are as the last
_SIZE = 3  # bytes that say how many the digits take
_END, _BASE, _MORE = 57, 34, 92  # numbers that one digit ends; the base of those before it, which are above the 92nd character
_LAST = chr(_MORE)
_ENDS = _MORE - FIRST  # digits up to this place end a number
_CHARACTERS = bytes((place + FIRST) % 256 for place in range(256))
_BEFORE = bytes(range(_MORE + 1, LAST + 1))  # digits that others of the same number follow


class DamageError(ValueError):
    """Bytes that no document was packed into, or that were damaged since."""


class Digits(str):
    """A column of whole numbers, one character a digit (see `numerals`)."""

    __slots__ = ()


@dataclass(frozen=True)
class Table:
    """How a column's digits are coded: of `_WHOLE` places each digit has some (`shares`), those from `starts` on."""

    shares: Sequence[int]
    starts: Sequence[int]

    @cached_property
    def steps(self) -> Mapping[str, tuple[int, int]]:
        """Of each digit its share and start."""
        return dict(zip(_DIGITS, zip(self.shares, self.starts, strict=True), strict=True))

    @cached_property
    def decoding(self) -> tuple[bytes, list[tuple[int, int]]]:
        """Of each place its digit, as its place among all; of each digit its share and start."""
        return b"".join([bytes((digit,)) * share for digit, share in enumerate(self.shares)]), list(
            zip(self.shares, self.starts, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Samples:
    """What is known beforehand: the head of Zstandard's dictionary (b"" for the first samples), what documents mostly say, and how often
    columns, by their place in a document, hold which digits (but for the first samples, after which other of the same number).
    """

    head: bytes
    words: bytes
    counts: Mapping[str, Sequence[Mapping[str, int]]]

    def dictionary(self, beside: bytes) -> Any:
        """Zstandard's dictionary for what stands beside this."""
        import zstandard

        kind = zstandard.DICT_TYPE_FULLDICT if self.head else zstandard.DICT_TYPE_RAWCONTENT
        return zstandard.ZstdCompressionDict(self.head + self.words + beside, dict_type=kind)

    def tables(self) -> "_Tables":
        """The tables of columns, made as they are asked for."""
        return _Tables(self)


class _Tables(dict[str, "_Column"]):
    """The tables of every column, by its place in a document."""

    def __init__(self, samples: Samples) -> None:
        super().__init__()
        self._counts = samples.counts
        self._linked = bool(samples.head)
        self._every = [Counter(_DIGITS) for _ in range(_PLACES)]
        for counts in samples.counts.values():
            for every, counted in zip(self._every, counts, strict=True):
                for digits, count in counted.items():
                    every[digits[-1]] += count

    def __missing__(self, path: str) -> "_Column":
        self[path] = made = _Column(self._counts.get(path, ({},) * _PLACES), self._every, linked=self._linked)
        return made


class _Column(dict[tuple[int, str], Table]):
    """The tables of a column, by the how-manieth of its number a digit is and which is before it ("" for the first): digits get places by
    how often they were met so, and a little by how often otherwise.
    """

    def __init__(self, counts: Sequence[Mapping[str, int]], every: Sequence[Counter[str]], *, linked: bool) -> None:
        super().__init__()
        self._every, self._linked = every, linked
        self._counts = [defaultdict[str, Counter[str]](Counter) for _ in range(_PLACES)]
        for place, counted in enumerate(counts):
            for digits, count in counted.items():
                self._counts[place][digits[:-1]][digits[-1]] += count

    def __missing__(self, at: tuple[int, str]) -> Table:
        place, before = at
        if not before:
            made = _table(sum(self._counts[place].values(), Counter()), self._every[place], _PRIOR)
        elif self._linked and before in self._counts[place]:
            made = _table(self._counts[place][before], Counter(dict(zip(_DIGITS, self[place, ""].shares, strict=True))), _LINKED)
        else:
            made = self[place, ""]
        self[at] = made
        return made


def _table(counted: Counter[str], every: Counter[str], prior: int) -> Table:
    whole, free = every.total(), _WHOLE - len(_DIGITS)
    parts = (counted.total() + prior) * whole
    shares = [1 + free * (counted[one] * whole + prior * every[one]) // parts for one in _DIGITS]
    shares[shares.index(max(shares))] += _WHOLE - sum(shares)
    return Table(shares, [0, *accumulate(shares)][:-1])


@cache
def _samples(number: int) -> tuple[Samples, _Tables]:
    import zstandard

    packed = files(__package__).joinpath(f"samples_{number}.zst").read_bytes()
    *head, words, counts = json.loads(zstandard.ZstdDecompressor().decompress(packed))
    samples = Samples(bytes.fromhex("".join(head)), words.encode(), counts)
    return samples, samples.tables()


def sampled(values: Iterable[Any], more: Iterable[Any], most: int) -> bytes:
    """Samples of documents, as the file that they are kept in; of their words the last `most` bytes. Of `more` only digits are counted."""
    import zstandard

    texts, counts = list[Any](), defaultdict[str, list[Counter[str]]](lambda: [Counter() for _ in range(_PLACES)])
    for value in values:
        texts.append(dump(_counted(value, counts)))
    for value in more:
        _counted(value, counts)
    trained = zstandard.train_dictionary(_TRAINED, texts, dict_id=_ID, level=_LEVEL).as_bytes()
    head = trained[: trained.index(_FAR) + len(_FAR)]
    said = b"".join(texts)[-most:].decode("utf-8", "ignore")
    known = [head.hex(), said, {path: counts[path] for path in sorted(counts)}]
    return zstandard.ZstdCompressor(level=_LEVEL).compress(dump(known))


def _counted(value: Any, counts: Mapping[str, list[Counter[str]]]) -> Any:
    """The value without its columns, whose digits are counted."""
    columns: list[tuple[str, str]] = []
    bare = _without(value, "", columns)
    for path, digits in _measured(columns):
        for (place, before), digit in zip(_within_numbers(digits), digits, strict=True):
            counts[path][place][before + digit] += 1
    return bare


def samples_of(data: bytes) -> int:
    """The number of the samples that bytes were packed with. Raises DamageError where there are no bytes."""
    if not data:
        raise DamageError("nothing")
    return data[0]


def pack(value: Any, *, beside: bytes = b"", quick: bool = False) -> bytes:
    """A JSON value without nulls, with `Digits` in it, as bytes; `beside` is text that whoever unpacks it will have too. What is to be
    unpacked `quick` takes a quarter more bytes and a third of the time: its columns stay with the rest.
    """
    import zstandard

    samples, tables = _samples(NEWEST)
    columns: list[tuple[str, str]] = []
    rest = dump(value if quick else _without(value, "", columns))
    digits = _coded([(tables[path], column) for path, column in _measured(columns)]) if columns else b""
    known = samples.dictionary(beside)
    sizes = {"source_size": len(rest), "dict_size": len(samples.words) + len(beside)}
    settings = zstandard.ZstdCompressionParameters.from_level(_LEVEL, **sizes, format=zstandard.FORMAT_ZSTD1_MAGICLESS, write_dict_id=0)
    squeezed = zstandard.ZstdCompressor(compression_params=settings, dict_data=known).compress(rest)
    return bytes((NEWEST,)) + len(digits).to_bytes(_SIZE, "little") + digits + squeezed


def unpack(data: bytes, *, beside: bytes = b"") -> Any:
    """The value again. Raises DamageError."""
    import zstandard

    try:
        samples, tables = _samples(data[0])
        end = 1 + _SIZE + int.from_bytes(data[1 : 1 + _SIZE], "little")
        size = zstandard.get_frame_parameters(data[end:], format=zstandard.FORMAT_ZSTD1_MAGICLESS).content_size
        if size > MOST:
            raise DamageError(f"larger than {MOST:,} bytes")
        expander = zstandard.ZstdDecompressor(dict_data=samples.dictionary(beside), format=zstandard.FORMAT_ZSTD1_MAGICLESS)
        bare = load(expander.decompress(data[end:]))
        if end == 1 + _SIZE:  # no digits apart from the rest
            return bare
        return _with(bare, _columns(bare, data[1 + _SIZE : end], tables))
    except (zstandard.ZstdError, IndexError, OSError, ValueError) as error:
        raise DamageError(" ".join(str(error).split())[:200]) from None


# --- columns -----------------------------------------------------------------------------------------------------------


def _without(value: Any, path: str, columns: list[tuple[str, str]]) -> Any:
    """The value with a null for every column of digits; these go into `columns`, each with its place."""
    if isinstance(value, Digits):
        columns.append((path, value))
        return None
    if isinstance(value, list):
        return [_without(one, f"{path}/{place}", columns) for place, one in enumerate(value)]
    if isinstance(value, dict):
        return {name: _without(one, f"{path}/{name}", columns) for name, one in value.items()}
    return value


def _places(value: Any, path: str) -> Iterator[str]:
    """The places of nulls, in the order that `_without` made them in."""
    if value is None:
        yield path
    elif isinstance(value, list):
        for place, one in enumerate(value):
            if one is None or isinstance(one, list | dict):
                yield from _places(one, f"{path}/{place}")
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _places(one, f"{path}/{name}")


def _with(value: Any, columns: Iterator[str]) -> Any:
    """The value with a column for every null."""
    if value is None:
        return next(columns)
    if isinstance(value, list):
        return [_with(one, columns) if one is None or isinstance(one, list | dict) else one for one in value]
    return {name: _with(one, columns) for name, one in value.items()} if isinstance(value, dict) else value


class _Lengths(dict[str, int]):
    """How many numbers columns held so far: as many as the first among those whose places begin alike are expected in the others."""

    def expected(self, path: str) -> int:
        """Of the next column."""
        return self.get(_beginning(path, 2), self.get(_beginning(path, 1), 0))

    def add(self, path: str, length: int) -> None:
        """One more column."""
        for parts in (1, 2):
            self.setdefault(_beginning(path, parts), length)


@lru_cache(maxsize=4_096)
def _beginning(path: str, parts: int) -> str:
    return "/".join(path.split("/", parts + 1)[: parts + 1])


def _measured(columns: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The columns, and before them how many numbers each holds, as what it is more or less than expected."""
    known, lengths = _Lengths(), list[tuple[str, str]]()
    for path, column in columns:
        length = len(column.encode("ascii").translate(None, _BEFORE))
        lengths.append((path + _LENGTH, numerals([length - known.expected(path)])))
        known.add(path, length)
    return [*lengths, *columns]


def _columns(bare: Any, data: bytes, tables: "_Tables") -> Iterator[str]:
    """The columns of a document, in order."""
    places = list(_places(bare, ""))
    decoder, known, lengths = _Decoder(data), _Lengths(), list[int]()
    for path in places:
        (more,) = numbers(decoder.digits(tables[path + _LENGTH], 1))
        lengths.append(known.expected(path) + more)
        known.add(path, lengths[-1])
    if sum(lengths) > MOST or min(lengths, default=0) < 0:
        raise DamageError(f"larger than {MOST:,} digits")
    columns = [decoder.digits(tables[path], length) for path, length in zip(places, lengths, strict=True)]
    if not decoder.ended:
        raise DamageError("more digits than there are columns for")
    return iter(columns)


# --- digits ------------------------------------------------------------------------------------------------------------


def numerals(given: Iterable[int]) -> Digits:
    """Integers in one string: small ones are one character ("#" to "["), larger ones have digits of base 34 ("]" to "~") before it."""
    return Digits("".join([_NUMERALS.get(number) or _numeral(number) for number in given]))


def _numeral(number: int) -> str:
    out, rest = "", number * 2 if number >= 0 else -number * 2 - 1
    while rest >= _END:
        rest, digit = divmod(rest, _BASE)
        out += chr(93 + digit)
    return out + chr(FIRST + rest)


_NUMERALS = {number: _numeral(number) for number in range(-1_000, 4_000)}
_SMALL = {chr(FIRST + rest): -(rest + 1) // 2 if rest & 1 else rest // 2 for rest in range(_ENDS + 1)}
"""Numbers of one digit, that of the character that no numeral has (and damaged bytes may) among them."""


def numbers(digits: str) -> list[int]:
    """The integers again."""
    if max(digits, default=_LAST) <= _LAST:  # every digit ends a number
        return [_SMALL[one] for one in digits]
    out, rest, power = [], 0, 1
    for one in digits:
        code = ord(one)
        if code > _MORE:
            rest, power = rest + (code - 93) * power, power * _BASE
        else:
            rest += (code - FIRST) * power
            out.append(-(rest + 1) // 2 if rest & 1 else rest // 2)
            rest, power = 0, 1
    return out


def differences(given: Sequence[int]) -> Iterator[int]:
    """What each is more than the one before; the first than 0."""
    return (number - before for number, before in zip(given, (0, *given), strict=False))


def _within_numbers(digits: str) -> Iterator[tuple[int, str]]:
    """For each digit, the how-manieth of its number it is, up to `_PLACES`, and the one before it there."""
    place, before = 0, ""
    for digit in digits:
        yield place, before
        place, before = (0, "") if digit <= _LAST else (min(place + 1, _PLACES - 1), digit)


def _coded(columns: Sequence[tuple[_Column, str]]) -> bytes:
    """The digits of columns, with their tables, as bytes: the last is coded before the others, so that the first comes out before them."""
    steps: list[tuple[int, int]] = []
    for tables, column in columns:
        if max(column, default=_LAST) <= _LAST:  # every digit ends a number
            steps += map(tables[0, ""].steps.__getitem__, column)
        else:
            steps += [tables[at].steps[digit] for at, digit in zip(_within_numbers(column), column, strict=True)]
    state, out = _LOW, list[int]()
    for share, start in reversed(steps):
        if state >= share << 32 - _BITS:
            out.append(state & 0xFFFF)
            state >>= 16
        state = (state // share << _BITS) + state % share + start
    out += [state & 0xFFFF, state >> 16]
    return b"".join([one.to_bytes(2, "little") for one in reversed(out)])


class _Decoder:
    """Gives the digits again, in order. Raises DamageError where there are no more."""

    def __init__(self, data: bytes) -> None:
        self._parts = [int.from_bytes(data[at : at + 2], "little") for at in range(0, len(data), 2)]
        self._state = self._parts[0] << 16 | self._parts[1]
        self._next = 2
        self._left = MOST  # digits that may come

    @property
    def ended(self) -> bool:
        """Whether all is decoded."""
        return self._next == len(self._parts) and self._state == _LOW

    def digits(self, tables: _Column, count: int) -> str:
        """The digits of the next `count` numbers."""
        parts, state, at = self._parts, self._state, self._next
        first, places = tables[0, ""].decoding, bytearray()
        append = places.append
        for _ in range(count):
            (digits, ranges), within = first, 0
            while True:
                slot = state & _SLOTS
                place = digits[slot]
                share, start = ranges[place]
                state = share * (state >> _BITS) + slot - start
                if state < _LOW:
                    state = state << 16 | parts[at]
                    at += 1
                append(place)
                if place <= _ENDS:
                    break
                within = min(within + 1, _PLACES - 1)
                digits, ranges = tables[within, _DIGITS[place]].decoding
                if len(places) > self._left:
                    raise DamageError(f"more than {MOST:,} digits")
        self._state, self._next, self._left = state, at, self._left - len(places)
        return places.translate(_CHARACTERS).decode("ascii")


# --- JSON --------------------------------------------------------------------------------------------------------------


def text_bytes(text: str) -> bytes:
    """UTF-8 that keeps lone surrogates, which articles from broken pages hold."""
    return text.encode("utf-8", "surrogatepass")


def dump(value: object) -> bytes:
    """Compact JSON in UTF-8; lone surrogates keep their place."""
    return text_bytes(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def load(data: bytes) -> Any:
    """What `dump` was given."""
    return json.loads(data.decode("utf-8", "surrogatepass"))
