"""WARC files (ISO 28500; Common Crawl's news among them) to their records, however damaged. The only code that touches FastWARC.

Where a record begins and ends is found here, so that a damaged one costs itself and no other: by members in a packed file, by lengths
in a plain one, and after damage by the next thing that looks like a beginning. FastWARC then takes each record apart by itself. Nothing is
passed over in silence: a stretch that gave no record is a `Damage` with the reason and the place.

A record inside a page cannot pass for a record of its own unless the one around it is damaged.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, BinaryIO

from allegedly.unpack import PIECE, DamagedError, Readable, TooLargeError, packed, read_whole, unpacked

MAX_RECORD = 12_000_000
MAX_PAGE = 10_000_000
MAX_HEADER = 32_768
MAX_AGAIN = 300_000_000
"""Bytes of a file that are looked at again because of damage, before it is given up: nobody is to keep this busy for ever."""
TRIAL = 1024
BEGINNING = re.compile(rb"WARC/[01]\.\d{1,2}\r?\n[A-Za-z][\w-]*:")
LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,18})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
URI = re.compile(rb"^warc-target-uri:[ \t]*<?([!-~]{1,500}?)>?[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
MAGIC = re.compile(rb"\x1f\x8b\x08[\x00-\x1f].{4}[\x00\x02\x04][\x00-\x0d\xff]", re.DOTALL)
CHUNK = re.compile(rb"[0-9a-fA-F]{1,8}[ \t]*(;[^\r\n]*)?\r\n")


@dataclass(frozen=True, slots=True)
class Damage:
    """A stretch of a file that gave no record. `at` is where it begins in the file (of a packed one, where its member begins)."""

    at: int
    reason: str
    url: str | None = None
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One record that holds something retrieved: its type, address, date of retrieval, HTTP status, headers, and its body unpacked."""

    at: int
    type: str
    url: str | None
    date: str | None
    status: int
    media_type: str | None
    headers: tuple[tuple[str, str], ...]
    body: bytes
    cut: bool = False


def records(stream: BinaryIO) -> Iterator[Record | Damage]:
    """The records of a WARC file, plain or packed record by record (gzip), in order. `stream` must be seekable.

    Requests, metadata and the file's own description hold nothing retrieved and are not given. Never raises for damage.
    """
    start = stream.tell()
    found = _packed_records(stream, start) if packed(stream.read(4)) == "gzip" else _plain_records(stream, start)
    yield from filter(None, found)


# --- where records begin and end ---------------------------------------------------------------------------------------


class _Tape:
    """A plain file, read onwards; what was read can be put back."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        self.file, self.start, self.at = file, start, 0
        self.back = b""
        self.broken: DamagedError | None = None
        self.again = 0
        file.seek(start)

    def read(self, size: int) -> bytes:
        """At most `size` bytes, fewer only at the end or before damage, which raises `DamagedError` at the next call."""
        data, self.back = self.back[:size], self.back[size:]
        if len(data) < size and not (data and self.broken):
            data += self.more(size - len(data))
        self.at += len(data)
        return data

    def unread(self, data: bytes) -> None:
        """Puts back what was read last."""
        self.back = data + self.back
        self.at -= len(data)

    def retry(self, data: bytes) -> None:
        """Puts back what turned out to be no record; raises `DamagedError` where that is done with too much."""
        self.again += len(data)
        if self.again > MAX_AGAIN:
            raise DamagedError("so much of it is damaged that the rest was not read")
        self.unread(data)

    def more(self, size: int) -> bytes:
        """From the file."""
        return self.file.read(size)

    def seek(self, at: int) -> None:
        """To a position counted from the tape's start; beyond the end is the end."""
        self.file.seek(self.start + at)
        self.at, self.back = at, b""


class _Member(_Tape):
    """One member of a gzip file, unpacked as it is read. Raises `DamagedError`; `end` is where the next begins, once it is read through."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        super().__init__(file, start)
        self.inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
        self.end = start

    def more(self, size: int) -> bytes:
        """From the file; at the end the checksum is compared."""
        found = bytearray()
        while len(found) < size and not self.inflater.eof and self.broken is None:
            data = self.inflater.unconsumed_tail or self.file.read(PIECE)
            try:
                found += self.inflater.decompress(data, size - len(found))
            except zlib.error as error:
                self.broken = DamagedError(f"damaged gzip data ({error})")
            if not data:
                self.broken = DamagedError("the file ends in the middle of a record")
            self.end = self.file.tell() - len(self.inflater.unused_data)
        if self.broken and not found:
            raise self.broken
        return bytes(found)

    def seek(self, at: int) -> None:
        """Forward by reading on, back by starting again."""
        if at < self.at:
            self.again += self.at
            self.retry(b"")
            self.file.seek(self.start)
            self.inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
            self.at, self.back, self.broken = 0, b"", None
        while self.at < at and self.read(min(PIECE, at - self.at)):
            pass


def _plain_records(file: BinaryIO, at: int) -> Iterator[Record | Damage | None]:
    tape = _Tape(file, at)
    try:
        yield from _records(tape, at)
    except DamagedError as error:
        yield Damage(at + tape.at, str(error))


def _packed_records(file: BinaryIO, at: int | None) -> Iterator[Record | Damage | None]:
    """Member by member. After damage, on to the next bytes that unpack to the beginning of a record."""
    while at is not None:
        file.seek(at)
        if not file.read(1):
            return
        member = _Member(file, at)
        try:
            yield from _records(member, at)
            at = member.end
        except DamagedError as error:
            yield Damage(at, str(error))
            at = _next_member(file, at + 1)


def _next_member(file: BinaryIO, at: int) -> int | None:
    """Where the next member that holds a record begins."""
    file.seek(at)
    rest = b""
    while data := file.read(PIECE):
        window = rest + data
        for found in MAGIC.finditer(window):
            try:
                start = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(window[found.start() : found.start() + TRIAL], 64)
            except zlib.error:
                continue
            if BEGINNING.match(start):
                return file.tell() - len(window) + found.start()
        rest = window[-TRIAL:]
    return None


def _records(tape: _Tape, base: int) -> Iterator[Record | Damage | None]:
    """Header by header, to the tape's end. `base` is where the tape begins in the file."""
    packed_in = isinstance(tape, _Member)
    while head := tape.read(MAX_HEADER):
        blank = len(head) - len(head.lstrip(b"\r\n"))
        at = base if packed_in else base + tape.at - len(head) + blank
        head = head[blank:]
        if not head:
            continue
        end = next((found + len(mark) for mark in (b"\r\n\r\n", b"\n\n") if (found := head.find(mark)) >= 0), 0)
        length = LENGTH.search(head, 0, end)
        if length is None or not BEGINNING.match(head):
            what = "its header does not say how long it is" if BEGINNING.match(head) else "no record begins there"
            yield Damage(at, what)
            tape.retry(head[1:])
            _go_on(tape)
            continue
        tape.unread(head[end:])
        yield _one(tape, at, head[:end], int(length[1]))


def _one(tape: _Tape, at: int, head: bytes, size: int) -> Record | Damage | None:
    """The record that a header announces. The tape is left where the next one begins."""
    found = URI.search(head)
    url = found[1].decode("ascii") if found else None
    start, body = tape.at, b""
    if size <= MAX_RECORD:
        body = tape.read(size)
        whole = len(body) == size
    else:
        tape.seek(start + size - 1)
        whole = len(tape.read(1)) == 1
    if whole and _at_boundary(tape):
        if size > MAX_RECORD:
            return Damage(at, f"a record of {size:,} bytes, more than {MAX_RECORD:,}", url, refused=True)
        return _parsed(at, url, head, body)
    if size <= MAX_RECORD:
        tape.retry(body)
    else:
        tape.seek(start)
    if _go_on(tape) or whole:
        return Damage(at, f"its length, {size:,} bytes, does not lead to the end of a record", url)
    return Damage(at, "the file ends in the middle of it", url)


def _at_boundary(tape: _Tape) -> bool:
    """Whether a record can end here: two line ends, or nothing but line ends to the end of the tape. They are read, and no more."""
    ahead = tape.read(200)
    if not ahead.strip(b"\r\n"):
        ahead += tape.read(200)  # nothing only at the real end: damage raises here
    after = ahead.lstrip(b"\r\n")
    ends = ahead.startswith((b"\r\n\r\n", b"\n\n")) or not after
    tape.unread(after if ends else ahead)
    return ends


def _go_on(tape: _Tape) -> bool:
    """On to what looks like the beginning of a record, or to the end; true where there is one."""
    rest = b""
    while data := tape.read(PIECE):
        window = rest + data
        if found := BEGINNING.search(window):
            tape.unread(window[found.start() :])
            return True
        rest = window[-200:]
    return False


# --- what a record holds -----------------------------------------------------------------------------------------------


def _parsed(at: int, url: str | None, head: bytes, block: bytes) -> Record | Damage | None:
    from fastwarc.warc import ArchiveIterator

    try:
        record = next(iter(ArchiveIterator(BytesIO(head + block + b"\r\n\r\n"), parse_http=False, fsspec_args=False)), None)
        if record is None:
            return Damage(at, "its header cannot be read", url)
        kind = (record.headers.get("WARC-Type") or "none").lower()
        if kind in ("warcinfo", "request", "metadata"):
            return None
        if kind not in ("response", "resource", "conversion"):
            refused = kind in ("revisit", "continuation")
            return Damage(at, f"a record of the type {kind[:40]!r} holds no page", url, refused=refused)
        if "WARC-Block-Digest" in record.headers and not record.verify_block_digest():
            return Damage(at, "its bytes do not fit its digest", url)
        if url is None:
            return Damage(at, "its header does not say where it is from")
        date = record.headers.get("WARC-Date")
        cut = "WARC-Truncated" in record.headers
        if kind != "response":
            media_type = record.headers.get("Content-Type")
            return Record(at, kind, url, date, 200, media_type, (), record.reader.read(), cut)
        record.parse_http(auto_decode="none")
        answer: Any = record.http_headers  # None where the record does not say that it is HTTP
        if answer is None or answer.status_code is None:
            return Damage(at, "it holds no answer in HTTP", url)
        headers = tuple((name.lower(), value) for name, value in answer.to_tuples())
        body = _body(record.reader.read(), dict(headers))
        return Record(at, "response", url, date, answer.status_code, dict(headers).get("content-type"), headers, body, cut)
    except TooLargeError as error:
        return Damage(at, f"its page is {error}", url, refused=True)
    except (DamagedError, OSError, ValueError) as error:
        return Damage(at, f"it cannot be taken apart ({' '.join(str(error).split())[:120]})", url)


def _body(data: bytes, headers: dict[str, str]) -> bytes:
    """A payload without its transfer and content codings, those that the archiver has not taken off already."""
    from fastwarc.stream_io import ChunkedReader

    stream: Readable = BytesIO(data)
    if "chunked" in headers.get("transfer-encoding", "").lower() and CHUNK.match(data):
        stream = ChunkedReader(BytesIO(data))
    whole = read_whole(stream, MAX_RECORD)
    codings = [coding.strip().lower() for coding in headers.get("content-encoding", "").split(",")]
    if (codings[-1] in ("gzip", "x-gzip", "zstd") and packed(whole) is None) or whole.lstrip()[:1] == b"<":
        codings = []
    return read_whole(unpacked(BytesIO(whole), codings), MAX_PAGE) if whole else b""
