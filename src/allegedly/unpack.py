"""Compressed bytes to plain ones, a piece at a time, so that no decompression bomb is ever held whole.

gzip, deflate, Brotli (RFC 7932) and Zstandard (RFC 8878), by the names that HTTP gives them. A reader here hands out at most what it is
asked for and takes in at most `PIECE` bytes at once; windows are at most 16 MiB. It verifies checksums where the format has them, and
raises `DamagedError` for data that are damaged or end too early.
"""

import gzip
import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

PIECE = 65_536
MORSEL = 128
"""Bytes of Zstandard taken in at once: its blocks of 128 KiB may be 4 bytes long, and it hands out all of them."""
WINDOW = 16 * 2**20
MOST_LAYERS = 3
"""Codings that may lie over one another; real servers use one."""


class DamagedError(ValueError):
    """Compressed data that cannot be unpacked: damaged, cut off, or in a coding that is not known."""


class TooLargeError(ValueError):
    """More bytes than allowed; `most` is how many were."""

    def __init__(self, most: int) -> None:
        super().__init__(f"larger than {most:,} bytes")
        self.most = most


class Readable(Protocol):
    """What bytes are read from; `read` gives at most `size` bytes, none only at the end."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes, none at the end."""
        ...


class Pieces(io.RawIOBase):
    """A file over an iterator of pieces."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        super().__init__()
        self._pieces = iter(pieces)
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        """Always true."""
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        """Fills the buffer from one piece."""
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count


def read_whole(stream: Readable, most: int) -> bytes:
    """All that is left of a stream; raises `TooLargeError` as soon as that is more than `most` bytes."""
    found = bytearray()
    while piece := stream.read(min(PIECE, most + 1 - len(found))):
        found += piece
        if len(found) > most:
            raise TooLargeError(most)
    return bytes(found)


def unpacked(stream: Readable, codings: Iterable[str]) -> Readable:
    """A stream without its codings, given in the order in which they were applied (as in Content-Encoding)."""
    named = [coding.strip().lower() for coding in codings]
    layers = [coding for coding in named if coding not in ("", "identity")]
    if len(layers) > MOST_LAYERS:
        raise DamagedError(f"packed {len(layers)} times over")
    for coding in reversed(layers):
        opener = CODINGS.get(coding)
        if opener is None:
            raise DamagedError(f"packed in a way that is not known: {coding[:40]!r}")
        stream = Pieces(_guarded(opener, stream, coding))
    return stream


def packed(start: bytes) -> str | None:
    """The coding that data begin with, told by its magic number; None for others (Brotli has none)."""
    return next((coding for magic, coding in ((b"\x1f\x8b", "gzip"), (b"\x28\xb5\x2f\xfd", "zstd")) if start.startswith(magic)), None)


def _guarded(opener: Callable[[Readable], Iterator[bytes]], stream: Readable, coding: str) -> Iterator[bytes]:
    """One kind of error whatever the library."""
    import brotli
    import zstandard

    try:
        yield from opener(stream)
    except (EOFError, gzip.BadGzipFile, zlib.error, brotli.error, zstandard.ZstdError) as error:
        raise DamagedError(f"damaged {coding} data ({' '.join(str(error).split())[:200]})") from None


def _gzip(stream: Readable) -> Iterator[bytes]:
    with gzip.GzipFile(fileobj=stream, mode="rb") as file:  # type: ignore[call-overload]
        while piece := file.read(PIECE):
            yield piece


def _deflate(stream: Readable) -> Iterator[bytes]:
    data = stream.read(PIECE)
    wrapped = len(data) > 1 and data[0] & 15 == 8 and (data[0] << 8 | data[1]) % 31 == 0  # else raw, as some servers send it
    inflater = zlib.decompressobj(zlib.MAX_WBITS if wrapped else -zlib.MAX_WBITS)
    while data and not inflater.eof:
        if piece := inflater.decompress(data, PIECE):
            yield piece
        data = inflater.unconsumed_tail or stream.read(PIECE)
    if not inflater.eof:
        raise EOFError("it ends too early")


def _brotli(stream: Readable) -> Iterator[bytes]:
    import brotli

    unpacker = brotli.Decompressor()
    while not unpacker.is_finished():
        data = stream.read(PIECE) if unpacker.can_accept_more_data() else b""
        piece = unpacker.process(data, output_buffer_limit=PIECE)
        if piece:
            yield piece
        elif not data and unpacker.can_accept_more_data():
            raise EOFError("it ends too early")


def _zstd(stream: Readable) -> Iterator[bytes]:
    import zstandard

    unpacker = zstandard.ZstdDecompressor(max_window_size=WINDOW)
    frame, data = unpacker.decompressobj(), stream.read(MORSEL)
    if not data:
        raise EOFError("it is empty")
    while data:
        if piece := frame.decompress(data):
            yield piece
        data = frame.unused_data or stream.read(MORSEL)
        if frame.eof and data:
            frame = unpacker.decompressobj()
    if not frame.eof:
        raise EOFError("it ends too early")


CODINGS: dict[str, Callable[[Readable], Iterator[bytes]]] = {
    "gzip": _gzip,
    "x-gzip": _gzip,
    "deflate": _deflate,
    "br": _brotli,
    "zstd": _zstd,
}
