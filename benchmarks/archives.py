"""Web archives of our own, and ten ways in which one record of theirs can be damaged, for `hostile.py` and the tests."""

import gzip
import random
from collections.abc import Callable, Iterator, Sequence

PLACES = ("Osk", "Tolmere", "Velm", "Brennia", "Lower Sarn")


def story(number: int) -> bytes:
    """A page with an article that no other number has."""
    words = random.Random(number)  # noqa: S311
    place = words.choice(PLACES)
    lines = "".join(
        f"<p>The council of {place} met for the {words.randint(2, 99)}th time and spoke of the ferry to {words.choice(PLACES)}, "
        f"which carried {words.randint(100, 9999)} people in {words.randint(2, 60)} days, its chair said on Monday.</p>"
        for _ in range(6)
    )
    head = f"<title>Ferry {number}</title><meta property='og:title' content='Ferry {number}'>"
    return (
        f"<!doctype html><html lang='en'><head>{head}</head><body><article><h1>Ferry {number}</h1>{lines}</article></body></html>".encode()
    )


def response(
    number: int,
    *,
    page: bytes | None = None,
    headers: bytes = b"",
    status: bytes = b"200 OK",
    media_type: bytes = b"text/html; charset=utf-8",
    kind: bytes = b"response",
) -> bytes:
    """One WARC record, plain."""
    body = story(number) if page is None else page
    block = b"HTTP/1.1 %s\r\nContent-Type: %s\r\n%s\r\n%s" % (status, media_type, headers, body)
    fields = (
        b"WARC/1.0\r\nWARC-Type: %s\r\nWARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-%012d>\r\nWARC-Date: 2031-05-03T10:00:00Z\r\n"
        b"WARC-Target-URI: https://osk.example/%d\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: %d\r\n\r\n"
    )
    return fields % (kind, number, number, len(block)) + block + b"\r\n\r\n"


def archive(count: int) -> Iterator[bytes]:
    """The records of an archive, one by one."""
    return map(response, range(count))


# --- damage ------------------------------------------------------------------------------------------------------------


def _cut(data: bytes, _: random.Random) -> bytes:
    return data[: len(data) // 2]


def _flipped(data: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(data) // 2, len(data) - 12)
    return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]


def _zeroed(data: bytes, _: random.Random) -> bytes:
    return data[:40] + bytes(200) + data[240:]


def _overwritten(data: bytes, chance: random.Random) -> bytes:
    return chance.randbytes(60) + data[60:]


def _with_garbage(data: bytes, chance: random.Random) -> bytes:
    return chance.randbytes(500) + data


DAMAGES: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "cut in half": _cut,
    "a stretch of zeros": _zeroed,
    "beginning overwritten": _overwritten,
    "garbage before it": _with_garbage,
    "a byte flipped": _flipped,
    "length too long": lambda data, _: data.replace(b"Content-Length: ", b"Content-Length: 1", 1),
    "length too short": lambda data, _: data.replace(b"Content-Length: 1", b"Content-Length: ", 1),
    "length beyond all bounds": lambda data, _: data.replace(b"Content-Length: ", b"Content-Length: 99999999", 1),
    "no length": lambda data, _: data.replace(b"Content-Length: ", b"Content-Lenght: ", 1),
    "no version": lambda data, _: data.replace(b"WARC/1.0", b"WRAC/1.0", 1),
    "no type": lambda data, _: data.replace(b"WARC-Type: response", b"WARC-Tipe: response", 1),
    "no answer in it": lambda data, _: data.replace(b"HTTP/1.1 200 OK", b"ftp: go ahead  ", 1),
}
"""Kinds of damage. The first five also hit packed bytes; the others change a record before it is packed."""
BYTES = tuple(DAMAGES)[:5]


def damaged(count: int, kinds: Sequence[str], *, packed: bool, seed: int = 7) -> tuple[bytes, dict[int, str]]:
    """An archive in which some records, never neighbours, are damaged, each in one of `kinds`; and which are, with what was done to them.

    A flipped byte in a plain archive changes a word of a page at most, which nothing but a digest could tell.
    """
    chance = random.Random(seed)  # noqa: S311
    places = sorted(chance.sample(range(1, count // 2), len(kinds)))
    hit = {2 * place: kind for place, kind in zip(places, kinds, strict=True)}
    parts = []
    for number, record in enumerate(archive(count)):
        kind = hit.get(number)
        if kind and not (packed and kind in BYTES):
            record = DAMAGES[kind](record, chance)
        if packed:
            record = gzip.compress(record, mtime=0)
            record = DAMAGES[kind](record, chance) if kind in BYTES else record
        parts.append(record)
    return b"".join(parts), hit
