"""Decompression bombs, for `hostile.py` and the tests: small files that unpack to 400 MB, each opened in a process of its own.

`python -m benchmarks.bombs FILE` (how a file is opened follows from its name) prints what came of it and by how many bytes its peak memory
grew over that of opening a harmless file of the same kind.
"""

import gzip
import json
import subprocess
import sys
import tempfile
import threading
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

from benchmarks.archives import response, story

SIZE = 400_000_000
BLOCK = bytes(1_000_000)
WORDS = b"<p>The ferry to Osk was late again on Monday, and the council of Tolmere said so.</p> " * 10_000


def _gzip(pieces: Iterator[bytes], wbits: int = zlib.MAX_WBITS | 16) -> bytes:
    packer = zlib.compressobj(1, wbits=wbits)
    return b"".join(map(packer.compress, pieces)) + packer.flush()


def _brotli(pieces: Iterator[bytes]) -> bytes:
    import brotli

    packer = brotli.Compressor(quality=1)
    packed: bytes = b"".join(map(packer.process, pieces)) + packer.finish()
    return packed


def _zstd(pieces: Iterator[bytes]) -> bytes:
    import zstandard

    packer = zstandard.ZstdCompressor(level=1).compressobj()
    return b"".join(map(packer.compress, pieces)) + packer.flush()


def _zeros(size: int) -> Iterator[bytes]:
    for _ in range(size // len(BLOCK)):
        yield BLOCK


def _text(size: int, before: bytes = b"", after: bytes = b"") -> Iterator[bytes]:
    yield before
    for _ in range(size // len(WORDS)):
        yield WORDS
    yield after


def _record(size: int, declared: int = 0) -> Iterator[bytes]:
    """A record that is as long as it says, or as is said here."""
    head, _, _ = response(1, page=b"").partition(b"Content-Length")
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
    yield head + b"Content-Length: %d\r\n\r\n" % (declared or len(answer) + size // len(WORDS) * len(WORDS)) + answer
    yield from _text(size, after=b"\r\n\r\n")


def _archived(packed: bytes, coding: bytes) -> bytes:
    return gzip.compress(response(1, page=packed, headers=b"Content-Encoding: %s\r\n" % coding))


def _zip(name: str, pieces: Iterator[bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file, file.open(name, "w", force_zip64=True) as part:
        for piece in pieces:
            part.write(piece)
    return out.getvalue()


def _pdf(size: int) -> bytes:
    content = _gzip(_text(size, b"BT /F1 9 Tf ("), zlib.MAX_WBITS)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return bytes(out) + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (table, len(out))


# The part of a name before the first dot tells bombs of one kind apart; "http.CODINGS" is served with that Content-Encoding.
BOMBS: dict[str, Callable[[int], bytes]] = {
    "http.gzip": lambda n: _gzip(_zeros(n)),
    "http.deflate": lambda n: _gzip(_zeros(n), zlib.MAX_WBITS),
    "http.br": lambda n: _brotli(_zeros(n)),
    "http.zstd": lambda n: _zstd(_zeros(n)),
    "http.gzip,gzip": lambda n: gzip.compress(_gzip(_zeros(n))),
    "http.gzip,br": lambda n: _brotli(iter([_gzip(_zeros(n))])),
    "http.br,zstd": lambda n: _zstd(iter([_brotli(_zeros(n))])),
    "http.gzip,gzip,gzip,gzip,gzip": lambda n: gzip.compress(gzip.compress(gzip.compress(gzip.compress(_gzip(_zeros(n)))))),
    "map.xml.gz": lambda n: _gzip(_text(n, b"<urlset><url><loc>")),
    "text.txt.gz": lambda n: _gzip(_text(n)),
    "text.txt.br": lambda n: _brotli(_text(n)),
    "page.html.gz": lambda n: _gzip(_text(n, b"<html><body>")),
    "lines.jsonl.gz": lambda n: _gzip(_text(n, b'{"text": "')),
    "lines.jsonl.zst": lambda n: _zstd(_text(n, b'{"text": "')),
    "below the limit.jsonl.gz": lambda _: gzip.compress(json.dumps({"text": WORDS.decode() * 10}).encode()),
    "below the limit.html.gz": lambda _: gzip.compress(b"<html><body><article>" + WORDS.replace(b"<p>", b"").replace(b"</p>", b"") * 4),
    "member.warc.gz": lambda n: _gzip(_record(n)),
    "lying member.warc.gz": lambda n: _gzip(_record(n, 9_000_000)),
    "endless member.warc.gz": lambda n: _gzip(_zeros(n)),
    "page.warc.gz": lambda n: _archived(_gzip(_text(n)), b"gzip"),
    "page br.warc.gz": lambda n: _archived(_brotli(_text(n)), b"br"),
    "page zstd.warc.gz": lambda n: _archived(_zstd(_text(n)), b"zstd"),
    "text.docx": lambda n: _zip("word/document.xml", _text(n)),
    "text.pdf": _pdf,
}


@contextmanager
def served(data: bytes, codings: str) -> Iterator[str]:
    """A server on loopback that answers everything with some packed bytes; gives its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Encoding", codings)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

        def handle_one_request(self) -> None:
            try:
                super().handle_one_request()
            except OSError:  # the client hung up, as it should
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()


def opened(path: Path) -> list[str]:
    """What came of opening a file: "article", or the error's words."""
    from allegedly.article import Loaded, from_path
    from allegedly.errors import InputError
    from allegedly.fetch import Client, Page, fetch

    kind, _, rest = path.name.partition(".")
    try:
        if kind == "http":
            with served(path.read_bytes(), rest) as url:
                page = fetch(url, allow_private=True)
                return [f"{len(page.body):,} bytes"]
        if kind == "map":
            with Client(allow_private=True) as client:
                page = Page(path.read_bytes(), "http://osk.example/", path.name, None)
                return [f"{len(list(client.listed(page) or []))} entries"]
        return ["article" if isinstance(found, Loaded) else found.reason for found in from_path(path)]
    except InputError as error:
        return [error.reason]


def harmless(name: str) -> bytes:
    """A small file of the same kind."""
    small = {"html": b"<html><body>" + WORDS[:900], "jsonl": json.dumps({"text": story(1).decode()}).encode(), "txt": story(1)}
    kind = name.partition(".")[2].split(".")[0]
    if kind not in small and kind != "warc":
        return BOMBS[name](len(WORDS))
    return {"br": _brotli, "zst": _zstd}.get(name.rpartition(".")[2], _gzip)(iter([small.get(kind) or response(1)]))


def measured(path: Path) -> tuple[list[str], int]:
    """What came of a bomb in a process of its own, and by how many bytes that process's peak memory grew."""
    done = subprocess.run([sys.executable, "-m", "benchmarks.bombs", str(path)], capture_output=True, text=True, check=True, timeout=600)
    outcome, growth = json.loads(done.stdout)
    return outcome, growth


def _peak() -> int:
    """The program's own peak memory: what getrusage says can be that of the process which started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def main() -> None:
    """Open one bomb."""
    path = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        small = Path(folder) / path.name
        small.write_bytes(harmless(path.name))
        opened(small)
    before = _peak()
    outcome = opened(path)
    print(json.dumps([outcome, _peak() - before]))


if __name__ == "__main__":
    main()
