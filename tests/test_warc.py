"""Web archives: what a record gives, and that a damaged one costs itself and no other."""

import gzip
import hashlib
import io
from base64 import b32encode
from pathlib import Path

import brotli
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allegedly.article import Loaded, from_bytes, from_path, holds_many
from allegedly.article import warc as module
from allegedly.article.warc import Damage, Record, records
from allegedly.errors import InputError
from benchmarks.archives import DAMAGES, archive, damaged, response, story


def made(**options: object) -> bytes:
    return response(1, **options)  # type: ignore[arg-type]


def only(data: bytes) -> Record | Damage:
    (found,) = records(io.BytesIO(data))
    return found


def test_a_record_of_a_page_is_an_article_with_its_evidence() -> None:
    (outcome,) = from_bytes(made(), name="osk.warc")
    assert isinstance(outcome, Loaded)
    assert outcome.article.url == "https://osk.example/1"
    assert outcome.article.title == "Ferry 1"
    assert outcome.capture is not None
    assert (outcome.capture.retrieved, outcome.capture.url) == ("2031-05-03T10:00:00Z", "https://osk.example/1")
    assert hashlib.sha256(outcome.capture.body).digest() == hashlib.sha256(story(1)).digest()
    assert ("content-type", "text/html; charset=utf-8") in outcome.capture.headers


@pytest.mark.parametrize("packing", [lambda data: data, gzip.compress])
def test_all_records_come_in_order(tmp_path: Path, packing: object) -> None:
    name = "a.warc.gz" if packing is gzip.compress else "a.warc"
    assert holds_many(name)
    (tmp_path / name).write_bytes(b"".join(map(packing, archive(30))))  # type: ignore[arg-type]
    loaded = list(from_path(tmp_path / name))
    assert [o.article.url if isinstance(o, Loaded) else o for o in loaded] == [f"https://osk.example/{n}" for n in range(30)]


def test_records_packed_into_one_member_are_read() -> None:
    data = gzip.compress(b"".join(archive(30)))
    assert [r.url for r in records(io.BytesIO(data))] == [f"https://osk.example/{n}" for n in range(30)]
    cut = list(records(io.BytesIO(data[:-200])))
    assert "the file ends" in str(cut[-1])
    assert len(cut) > 20


@pytest.mark.parametrize("packing", ["gzip", "br", "zstd", "deflate", "chunked", "gzip, chunked", "already taken off"])
def test_pages_are_unpacked(packing: str) -> None:
    page, headers = story(1), b""
    if "gzip" in packing:
        page, headers = gzip.compress(page), b"Content-Encoding: gzip\r\n"
    elif packing in ("br", "zstd"):
        page, headers = (brotli.compress if packing == "br" else zstandard.compress)(page), f"Content-Encoding: {packing}\r\n".encode()
    elif packing == "deflate":
        import zlib

        page, headers = zlib.compress(page), b"Content-Encoding: deflate\r\n"
    elif packing == "already taken off":
        headers = b"Content-Encoding: br\r\nTransfer-Encoding: chunked\r\n"
    if "chunked" in packing:
        headers += b"Transfer-Encoding: chunked\r\n"
        page = b"%x\r\n%s\r\n0\r\n\r\n" % (len(page), page)
    found = only(made(page=page, headers=headers))
    assert isinstance(found, Record)
    assert found.body == story(1)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"status": b"404 Not Found"}, "had answered 404"),
        ({"kind": b"revisit"}, "of the type 'revisit' holds no page"),
        ({"media_type": b"image/png"}, "not a web page but image/png"),
        ({"page": b"<html>" + b"x" * 11_000_000}, "its page is larger than 10,000,000 bytes"),
        ({"page": b"x" * 13_000_000}, "bytes, more than 12,000,000"),
    ],
)
def test_what_is_not_read_is_refused_with_its_reason(options: dict[str, bytes], words: str) -> None:
    first, second = from_bytes(made(**options) + response(2), name="osk.warc")
    assert isinstance(first, InputError)
    assert words in str(first)
    assert "osk.example/1" in str(first)
    assert first.kind == "refused"
    assert isinstance(second, Loaded)


def test_records_that_hold_nothing_retrieved_are_no_items() -> None:
    data = b"".join(response(n, kind=kind) for n, kind in enumerate((b"warcinfo", b"request", b"metadata")))
    assert list(records(io.BytesIO(data))) == []
    (error,) = from_bytes(data, name="osk.warc")
    assert isinstance(error, InputError)
    assert "holds no record of a page" in str(error)


def test_digests_are_compared() -> None:
    good = made()
    block = good.partition(b"\r\n\r\n")[2][:-4]
    digest = b32encode(hashlib.sha1(block).digest())
    right = good.replace(b"Content-Length", b"WARC-Block-Digest: sha1:" + digest + b"\r\nContent-Length", 1)
    assert isinstance(only(right), Record)
    wrong = only(right.replace(b"Ferry 1", b"Fairy 1"))
    assert isinstance(wrong, Damage)
    assert wrong.reason == "its bytes do not fit its digest"


def test_a_record_inside_a_page_is_no_record_of_its_own() -> None:
    inside = story(1) + b"\r\n\r\n" + response(66)
    for data in (made(page=inside), gzip.compress(made(page=inside))):
        assert [r.url for r in records(io.BytesIO(data + response(2)[:0]))] == ["https://osk.example/1"]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("damage", sorted(DAMAGES))
def test_a_damaged_record_costs_itself_and_no_other(damage: str, packed: bool) -> None:
    data, hit = damaged(60, [damage], packed=packed)
    found = list(records(io.BytesIO(data)))
    whole = [r.url for r in found if isinstance(r, Record)]
    assert set(whole) >= {f"https://osk.example/{n}" for n in range(60) if n not in hit}
    assert len(whole) == len(set(whole))
    assert len(found) - len(whole) >= sum(f"https://osk.example/{n}" not in whole for n in hit)
    assert all(d.reason for d in found if isinstance(d, Damage))


@pytest.mark.parametrize("packing", [bytes, gzip.compress])
@pytest.mark.parametrize("lie", [b"99999999", b"999", b"x"])
def test_a_file_that_lies_again_and_again_is_given_up(packing: object, lie: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    lies = packing(b"".join(archive(40)).replace(b"Content-Length: ", b"Content-Length: " + lie))  # type: ignore[operator]
    found = list(records(io.BytesIO(lies)))
    assert [type(f) for f in found] == [Damage] * 40
    monkeypatch.setattr(module, "MAX_AGAIN", 100_000)
    *_, last = records(io.BytesIO(lies))
    assert isinstance(last, Damage)
    if packing is gzip.compress or lie != b"99999999":  # elsewhere going back costs nothing
        assert last.reason == "so much of it is damaged that the rest was not read"


def test_a_response_that_is_not_called_http_is_damaged() -> None:
    data = response(1).replace(b"application/http", b"application/hptt", 1) + response(2)
    odd, whole = records(io.BytesIO(data))
    assert isinstance(odd, Damage)
    assert odd.reason == "it holds no answer in HTTP"
    assert isinstance(whole, Record)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=30)
@given(st.data())
def test_no_bytes_break_the_reader(data: st.DataObject) -> None:
    whole = bytearray(b"".join(gzip.compress(one) if data.draw(st.booleans()) else one for one in archive(4)))
    for _ in range(data.draw(st.integers(0, 6))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=40))
    for found in records(io.BytesIO(bytes(whole))):
        assert isinstance(found, Record | Damage)
