"""Hostile sources: addresses that lead into the own network, redirects and names that turn there, decompression bombs, damaged archives.

    python -m benchmarks.hostile [--quick]

Prints a table and exits with status 1 when a line misses what it must be. All runs on this machine: what must not be reached is a canary,
a server on loopback that counts connections; the public internet is played by another server, at 127.0.0.2, which for this purpose
alone counts as a public address. Each bomb is opened in a process of its own, whose peak memory is compared with that after a harmless
file of the same kind. `--quick` opens three bombs and damages an archive of 200 records.
"""

import argparse
import io
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

from allegedly.article.warc import Damage, Record, records
from allegedly.errors import FetchError
from allegedly.fetch import Client, addresses, fetch
from benchmarks.archives import DAMAGES, damaged
from benchmarks.bombs import BOMBS, SIZE, measured

MOST_GROWTH = 100_000_000
QUICK_BOMBS = ("http.br", "member.warc.gz", "lines.jsonl.zst")

SPELLED = r"""
127.0.0.1 127.0.0.1. 127.1 127.0.1 127.000.000.001 127.0.0.01 0127.0.0.1 0177.0.0.1 0177.0.0.0x1 0177.1 017700000001 0000017700000001
2130706433 02130706433 0x7f000001 0x7F000001 0x7f.0.0.1 0x7f.1 0x7f.0x0.0x0.0x1 0x07f.0.0.1 127.0x1 0 0.0.0.0 00.00.00.00 0x0 127.1.1.1
127.255.255.254 localhost LOCALHOST localhost. LocalHost.. sub.localhost [::1] [0:0:0:0:0:0:0:1] [0000::0001] [::] [::127.0.0.1] [::7f00:1]
[::ffff:127.0.0.1] [::ffff:7f00:1] [::FFFF:127.0.0.1] [0:0:0:0:0:ffff:127.0.0.1] [::ffff:0:127.0.0.1] [64:ff9b::127.0.0.1] [64:ff9b::7f00:1]
[64:ff9b:1::7f00:1] [2002:7f00:1::] [2001:0:7f00:1::] [fe80::1%25lo] [::1%25lo] １２７.０.０.１ 127。0。0。1 127.0.0.1｡ ①②⑦.⓪.⓪.① ⓛⓞⓒⓐⓛⓗⓞⓢⓣ
%31%32%37.0.0.1 127.0.0.1%00.osk.example osk.example@127.0.0.1 osk.example%40127.0.0.1 user:pass@localhost osk.example\@127.0.0.1
127.0.0.1#@osk.example 127.0.0.1?@osk.example 127.0.0.1\.osk.example 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 [fd00:ec2::254]
"""
SPELLINGS = SPELLED.split()


class Line(NamedTuple):
    """One line of the table: what was measured, how much of it there was, and whether that is as it must be."""

    what: str
    measured: str
    must_be: str
    passed: bool


class Listener:
    """A server that counts who connects and answers as it is told."""

    def __init__(self, host: str, port: int = 0, answer: Callable[[str], tuple[int, str]] = lambda _: (200, "")) -> None:
        self.connections = 0
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def setup(self) -> None:
                listener.connections += 1
                super().setup()

            def do_GET(self) -> None:
                status, location = answer(self.path)
                self.send_response(status)
                self.send_header("Content-Length", "2")
                self.send_header("Connection", "close")
                if location:
                    self.send_header("Location", location)
                self.end_headers()
                self.wfile.write(b"ok")

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer((host, port), Handler)
        self.port = int(self.server.server_address[1])
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def close(self) -> None:
        """Stop."""
        self.server.shutdown()
        self.server.server_close()


@contextmanager
def internet(names: dict[str, list[list[str]]]) -> Iterator[list[tuple[str, int]]]:
    """127.0.0.2 counts as public, and names resolve as told: to one list of addresses after another, the last for ever.

    Gives the list of all addresses that a connection was tried to.
    """
    special, resolve, tried = addresses.special, socket.getaddrinfo, list[tuple[str, int]]()

    def answers(host: str, port: int, *args: Any, **options: Any) -> Any:
        if host not in names:
            return resolve(host, port, *args, **options)
        found = names[host].pop(0) if len(names[host]) > 1 else names[host][0]
        return [(socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    class Socket(socket.socket):
        def connect(self, address: Any) -> None:
            tried.append(address)
            super().connect(address)

    with ExitStack() as stack:
        stack.enter_context(mock.patch.object(addresses, "special", lambda address: None if address == "127.0.0.2" else special(address)))
        stack.enter_context(mock.patch.object(socket, "getaddrinfo", answers))
        stack.enter_context(mock.patch.object(socket, "socket", Socket))
        yield tried


def refused(url: str) -> bool:
    """Whether a URL is refused, and not only out of reach."""
    try:
        fetch(url, timeout=5)
    except FetchError as error:
        return error.kind == "refused"
    return False


# --- addresses, redirects, names -----------------------------------------------------------------------------------------


def spellings(canary: Listener) -> Line:
    """Every spelling of an address of the own machine."""
    with internet({}) as tried:
        let_in = [
            spelling for spelling in SPELLINGS if not refused(f"http://{spelling}:{canary.port}/") or not refused(f"http://{spelling}/")
        ]
    detail = f"{len(SPELLINGS) - len(let_in)} of {len(SPELLINGS)} refused, {len(tried)} connections tried"
    return Line("address spellings", detail + "".join(f"; {one}" for one in let_in), "all, 0", not let_in and not tried)


def chains(port: int, public: int) -> dict[str, list[str]]:
    """Redirect chains that begin at a public page and end at the canary: the addresses in their order."""
    here = f"http://osk.example:{public}"
    targets = {
        "plain": f"http://127.0.0.1:{port}/",
        "by name": f"http://localhost:{port}/",
        "decimal": f"http://2130706433:{port}/",
        "IPv6": f"http://[::1]:{port}/",
        "IPv4 in IPv6": f"http://[::ffff:127.0.0.1]:{port}/",
        "without a scheme": f"//127.0.0.1:{port}/",
        "behind a user name": f"http://osk.example@127.0.0.1:{port}/",
        "a public name's private address": f"http://inside.example:{port}/",
        "after three public pages": f"http://127.0.0.1:{port}/",
        "encrypted": f"https://127.0.0.1:{port}/",
    }
    return {what: [*([f"{here}/more"] * 3 if "three" in what else []), target] for what, target in targets.items()}


def redirects(canary: Listener) -> Line:
    """Chains that begin at a public page."""
    plan: list[str] = []
    codes = (301, 302, 303, 307, 308)
    public = Listener("127.0.0.2", answer=lambda path: (codes[len(path) % 5], plan.pop(0)))
    names = {"osk.example": [["127.0.0.2"]], "inside.example": [["127.0.0.1"]]}
    let_in = []
    with internet(names) as tried:
        todo = chains(canary.port, public.port)
        for what, chain in todo.items():
            plan[:] = chain
            if not refused(f"http://osk.example:{public.port}/{what.replace(' ', '-')}") or plan:
                let_in.append(what)
    public.close()
    inside = [address for address in tried if address[0] != "127.0.0.2"]
    detail = f"{len(todo) - len(let_in)} of {len(todo)} refused, {len(inside)} connections tried" + "".join(f"; {one}" for one in let_in)
    return Line("redirect chains", detail, "all, 0", not let_in and not inside)


def changing_names(canary: Listener) -> Line:
    """Names whose addresses change between look-ups, at the port of the canary, where a public server listens too."""
    public = Listener(
        "127.0.0.2", canary.port, answer=lambda path: (302, f"http://osk.example:{canary.port}/") if path == "/again" else (200, "")
    )
    good, bad = ["127.0.0.2"], ["127.0.0.1"]
    cases: dict[str, tuple[list[list[str]], str, bool]] = {
        "public, then private": ([good, bad], "/", True),  # one look-up: the public page is had
        "private at the redirect": ([good, bad], "/again", False),
        "both at once": ([[*good, *bad]], "/", False),
        "private, then public": ([bad, good], "/", False),
        "private after robots.txt": ([good, bad], "/", False),
    }
    wrong = []
    for what, (answers, path, had) in cases.items():
        with internet({"osk.example": [list(answer) for answer in answers]}) as tried:
            url = f"http://osk.example:{canary.port}{path}"
            try:
                with Client(robots="robots" in what, delay=0, attempts=1) as client:
                    came = client.get(url).body == b"ok"
            except FetchError:
                came = False
        if came != had or any(address[0] != "127.0.0.2" for address in tried):
            wrong.append(what)
    public.close()
    detail = f"{len(cases) - len(wrong)} of {len(cases)} as they must be" + "".join(f"; {one}" for one in wrong)
    return Line("names that change", detail, "all", not wrong)


def network() -> list[Line]:
    """Everything that is played against the canary, and the canary itself."""
    canary = Listener("127.0.0.1")
    lines = [spellings(canary), redirects(canary), changing_names(canary)]
    silent = canary.connections == 0
    lines.append(Line("connections to the canary", str(canary.connections), "0", silent))
    fetch(f"http://127.0.0.1:{canary.port}/", allow_private=True)
    alive = canary.connections > 0
    lines.append(Line("the canary hears what is let through", "yes" if alive else "no", "yes", alive))
    canary.close()
    return lines


# --- bombs and damage ------------------------------------------------------------------------------------------------------


def bombs(names: Sequence[str]) -> Iterator[Line]:
    """Each bomb in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            path = Path(folder) / name
            path.write_bytes(BOMBS[name](SIZE))
            outcome, growth = measured(path)
            detail = f"{growth / 1e6:.1f} MB of {path.stat().st_size:,} bytes: {'; '.join(outcome)[:90]}"
            path.unlink()
            yield Line(f"bomb {name}", detail, f"under {MOST_GROWTH / 1e6:.0f} MB", growth < MOST_GROWTH)


def damage(count: int, *, packed: bool) -> Line:
    """Ten kinds of damage or more, each in one of `count` records."""
    kinds = [kind for kind in DAMAGES if packed or kind != "a byte flipped"]  # which only a digest could tell in a plain archive
    data, hit = damaged(count, kinds, packed=packed)
    found = list(records(io.BytesIO(data)))
    whole = {one.url for one in found if isinstance(one, Record)}
    lost = sum(f"https://osk.example/{n}" not in whole for n in range(count) if n not in hit)
    gone = sum(f"https://osk.example/{n}" not in whole for n in hit)
    silent = max(0, gone - sum(isinstance(one, Damage) for one in found))
    detail = f"{len(kinds)} kinds in {count:,} records: {gone} damaged records, {lost} others lost, {silent} silently skipped"
    return Line(f"damaged {'packed' if packed else 'plain'} archive", detail, "0 lost, 0 silent", not lost and not silent)


def measure(*, quick: bool) -> Iterator[Line]:
    """All lines."""
    yield from network()
    for packed in (False, True):
        yield damage(200 if quick else 1000, packed=packed)
    yield from bombs(QUICK_BOMBS if quick else tuple(BOMBS))


def main(argv: Sequence[str] | None = None) -> int:
    """Print the table; exit status 1 when a line misses what it must be."""
    parser = argparse.ArgumentParser(description="Hostile sources, all on this machine.")
    parser.add_argument("--quick", action="store_true", help="three bombs and a smaller archive")
    missed = 0
    for line in measure(quick=parser.parse_args(argv).quick):
        missed += not line.passed
        print(f"{'ok    ' if line.passed else 'MISSED'}  {line.what:38}  {line.measured}  (must be: {line.must_be})", flush=True)
    print(f"{missed} missed" if missed else "all as it must be")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
