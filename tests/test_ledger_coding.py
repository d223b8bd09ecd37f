"""Documents as bytes: they come back, and no bytes whatever do harm."""

import contextlib
import json
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.compared import Claim
from allegedly.ledger import coding
from allegedly.ledger.coding import DamageError, Digits, numbers, numerals, pack, unpack
from allegedly.ledger.packing import unpack_reading, unpack_records

FIXTURES = Path(__file__).parent / "fixtures"
DIGITS = st.lists(st.integers(-(2**20), 2**20) | st.integers(-40, 40), max_size=30).map(numerals)
LEAVES = st.one_of(DIGITS, st.integers(-(2**40), 2**40), st.text(st.characters(exclude_categories=["Cs"]), max_size=20), st.booleans())
VALUES = st.recursive(
    LEAVES, lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(st.text("abc", max_size=3), inner, max_size=4))
)


@settings(deadline=None, max_examples=60)
@given(VALUES, st.binary(max_size=60), st.booleans())
def test_values_come_back(value: object, beside: bytes, quick: bool) -> None:
    assert unpack(pack(value, beside=beside, quick=quick), beside=beside) == value


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(-(2**50), 2**50)))
def test_numbers_come_back(given_ones: list[int]) -> None:
    assert numbers(numerals(given_ones)) == given_ones


def test_every_digit_that_may_end_a_number_does() -> None:
    ends = "".join(map(chr, range(35, 93)))
    alone, with_more = numbers(ends), numbers("]#" + ends)  # the one way to read them, and the other
    assert alone == with_more[1:]


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=200))
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(DamageError):
        unpack(data)


@settings(deadline=None, max_examples=60)
@given(st.lists(DIGITS, min_size=1, max_size=4), st.integers(0, 10**6), st.integers(0, 255), st.booleans())
def test_a_damaged_byte_does_no_harm(value: list[Digits], at: int, byte: int, quick: bool) -> None:
    data = bytearray(pack(value, quick=quick))
    data[at % len(data)] = byte
    with contextlib.suppress(DamageError):
        unpack(bytes(data))


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bare = zstandard.FORMAT_ZSTD1_MAGICLESS
    head = pack([])[: 1 + 3]
    for size, told in ((coding.MOST + 1, True), (1_000_000, False)):
        settings = zstandard.ZstdCompressionParameters.from_level(3, format=bare, write_content_size=told)
        bomb = zstandard.ZstdCompressor(compression_params=settings).compress(b" " * size)
        with pytest.raises(DamageError):
            unpack(head[:1] + b"\0\0\0" + bomb)
    monkeypatch.setattr(coding, "MOST", 1_000)
    with pytest.raises(DamageError, match="digits"):
        unpack(pack([Digits("#" * 2_000)]))
    assert json.dumps(unpack(pack([Digits("#" * 900)]))) == json.dumps(["#" * 900])


def test_documents_of_the_first_samples_come_back() -> None:
    reading = unpack_reading((FIXTURES / "reading_1.bin").read_bytes(), [""], name="x")
    text = reading.article.text
    predicates = {one.lemma: " ".join(text[a:b] for a, b in one.predicate) for one in reading.statements if one.within == "text"}
    assert {"attend": "attend", "let": "let pass", "trust": "did not trust"}.items() <= predicates.items()
    assert ("Ambassador Leo Hartmann", "Hartmann") in {(text[m.start : m.end], text[slice(*m.head)]) for m in reading.mentions}
    build = unpack_records(Claim, (FIXTURES / "claims_1.bin").read_bytes(), text)
    assert (build(3).recipients[0].name, build(6)) == ("Eastern Assembly Front", None)
