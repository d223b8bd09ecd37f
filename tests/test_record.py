"""The record at the command line: what is added, what is said of it, what is answered, and that nothing leaves a ledger that is not whole."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from zlib import crc32

import pytest
import test_ingest
from typer.testing import CliRunner, Result

from allegedly import cli, ingest
from allegedly.errors import LedgerError
from allegedly.ledger import Ledger

ROOT = Path(__file__).resolve().parent.parent
# The command with a reader that does as the text says, run as its users run it.
SCRIPT = """
from functools import partial
from allegedly import cli, ingest
import test_ingest
ingest.add = partial(ingest.add, reader=test_ingest.plain)
ingest.adding.BATCH = 4
cli.main()
"""
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT / "tests"))), "PYTHONIOENCODING": ""}


def jsonl(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf8")
    return path


def run(*arguments: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(cli.app, [str(a) for a in arguments], input=stdin)


def command(*arguments: object) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=ENVIRONMENT,
        start_new_session=True,
    )


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "add", partial(ingest.add, reader=test_ingest.plain))


@pytest.fixture
def where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ledger that is not there yet, and that commands use by themselves."""
    monkeypatch.setenv("ALLEGEDLY_LEDGER", str(tmp_path / "own.db"))
    return tmp_path / "own.db"


def texts(path: Path, *given: str) -> Path:
    return Path(test_ingest.lines(path, list(given)))


def whole(where: Path) -> int:
    """How many articles a ledger has, once it was checked."""
    with Ledger.open(where) as opened:
        assert opened.check() == []
        return opened.status()["articles"]


# --- adding ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("fake")
def test_what_is_there_is_not_added_again(tmp_path: Path, where: Path) -> None:
    many = texts(tmp_path / "many.jsonl", "One.", "Two.", "Three.")
    assert run("add", many).exit_code == 0
    again = run("add", many)
    assert again.exit_code == 0
    assert again.stdout == "3 seen = 0 stored + 3 duplicate + 0 refused + 0 failed\n"
    assert again.stderr.count("duplicate: the ledger has it") == 3
    assert whole(where) == 3


@pytest.mark.usefixtures("fake")
def test_many_duplicates_are_counted(tmp_path: Path, where: Path) -> None:
    many = texts(tmp_path / "many.jsonl", *(f"Text {n}." for n in range(30)))
    run("add", many)
    again = run("add", many)
    assert again.stderr.count("\n") == 21
    assert "10 more duplicates" in again.stderr


@pytest.mark.usefixtures("fake")
def test_each_that_was_not_stored_has_its_reason_and_the_counts_add_up(tmp_path: Path, where: Path) -> None:
    many = texts(tmp_path / "many.jsonl", "Good.", "FAULT", "REFUSE", "Good too.")
    (tmp_path / "odd.xyz").write_text("x", "utf8")
    found = run("add", tmp_path / "missing.txt", many, tmp_path / "odd.xyz", many)
    assert found.exit_code == 1
    *_, total = found.stdout.splitlines()
    numbers = [int(word) for word in total.split() if word.isdigit()]
    assert numbers[0] == sum(numbers[1:5]) == 10
    assert numbers[1] == 2
    assert "no such file" in found.stderr
    assert "IndexError" in found.stderr
    assert "it was refused" in found.stderr
    assert found.stderr.count("\n") == 10 - 2
    assert whole(where) == 2


@pytest.mark.usefixtures("fake")
def test_an_id_with_another_text_is_a_new_version(tmp_path: Path, where: Path) -> None:
    run("add", jsonl(tmp_path / "a.jsonl", [{"id": "x", "text": "Nine died."}]))
    found = run("add", jsonl(tmp_path / "b.jsonl", [{"id": "x", "text": "Ten died."}]))
    assert found.stdout.startswith("1 seen = 1 stored + 0 duplicate")
    assert "new version" in found.stdout
    with Ledger.open(where) as opened:
        number = opened.number("x")
        assert number is not None
        assert [version.text for version in opened.versions(number)] == ["Nine died.", "Ten died."]


@pytest.mark.usefixtures("fake")
def test_evidence_is_kept(tmp_path: Path, where: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"Good words.\r\n")
    run("add", tmp_path / "a.txt")
    with Ledger.open(where) as opened:
        (hit,) = opened.search().rows
        kept = opened.capture(hit.article.version)
        assert kept is not None
        assert kept.body == b"Good words.\r\n"


@pytest.mark.usefixtures("fake")
def test_what_ends_a_run_keeps_what_was_read_before(tmp_path: Path, where: Path) -> None:
    found = run("add", "--processes", 1, texts(tmp_path / "many.jsonl", "One.", "Two.", "MODEL", "Four."))
    assert found.exit_code == 1
    assert "there is no model" in found.stderr
    assert "2 stored" in found.stdout
    assert whole(where) == 2


# --- ends of a run -----------------------------------------------------------------------------------------------------


def stored(process: "subprocess.Popen[bytes]") -> tuple[int, str]:
    out, errors = process.communicate(timeout=120)
    said = out.decode().split()
    return int(said[said.index("stored") - 1]), errors.decode()


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_an_interrupt_keeps_what_was_read_and_says_so(tmp_path: Path) -> None:
    many = texts(tmp_path / "many.jsonl", *["One.", "Two.", "Three.", "Four.", "Five."], *(f"SLOW {n}" for n in range(200)))
    process = command("add", "-l", tmp_path / "l.db", "--processes", 1, many)
    until(lambda: (tmp_path / "l.db").exists() and count(tmp_path / "l.db") >= 4)
    os.killpg(process.pid, signal.SIGINT)
    kept, errors = stored(process)
    assert process.returncode == 130
    assert "interrupted" in errors
    assert "Traceback" not in errors
    assert 4 <= kept == whole(tmp_path / "l.db")


def until(true: Any) -> None:
    deadline = time.monotonic() + 90
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def count(path: Path) -> int:
    try:
        with Ledger.open(path) as opened:
            return opened.status()["articles"]
    except LedgerError:
        return 0


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
def test_a_killed_run_is_gone_on_with(tmp_path: Path) -> None:
    many = texts(tmp_path / "many.jsonl", *(f"SLOW {n}" for n in range(14)))
    process = command("add", "-l", tmp_path / "l.db", "--processes", 1, many)
    until(lambda: (tmp_path / "l.db").exists() and count(tmp_path / "l.db") >= 4)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    before = whole(tmp_path / "l.db")
    assert before % 4 == 0
    kept, _ = stored(command("add", "-l", tmp_path / "l.db", many))
    assert kept == 14 - before
    assert whole(tmp_path / "l.db") == 14


def test_two_runs_on_one_ledger_at_once_double_nothing(tmp_path: Path) -> None:
    many = texts(tmp_path / "many.jsonl", *(f"Text {n}." for n in range(30)))
    both = [command("add", "-l", tmp_path / "l.db", "--processes", 1, many) for _ in range(2)]
    said = [stored(process) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    assert sum(kept for kept, _ in said) == 30
    assert whole(tmp_path / "l.db") == 30


# --- ledgers that cannot be used ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize(
    ("pragma", "words"), [("max_page_count = 60", "the disk is full"), ("query_only = 1", "it may be read but not written")]
)
def test_a_ledger_that_cannot_be_written(tmp_path: Path, where: Path, monkeypatch: pytest.MonkeyPatch, pragma: str, words: str) -> None:
    run("add", texts(tmp_path / "one.jsonl", "One."))
    before = Ledger.open

    def opened(*arguments: Any, **more: Any) -> Ledger:
        ledger = before(*arguments, **more)
        ledger._store.say(f"PRAGMA {pragma}")
        return ledger

    monkeypatch.setattr(Ledger, "open", opened)
    found = run("add", jsonl(tmp_path / "more.jsonl", [{"id": f"m{n}", "text": f"Words of text {n}. " * 2000} for n in range(20)]))
    assert found.exit_code == 1
    assert words in found.stderr
    assert "Traceback" not in found.stderr
    numbers = [int(word) for word in found.stdout.split() if word.isdigit()]
    assert numbers[0] == numbers[4] > 0
    monkeypatch.undo()
    assert whole(where) == 1


@pytest.mark.usefixtures("fake")
def test_a_locked_ledger_is_said_after_waiting(tmp_path: Path, where: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("add", texts(tmp_path / "one.jsonl", "One."))
    monkeypatch.setattr(Ledger, "open", partial(Ledger.open, wait=0.2))
    with Ledger.open(where) as other, other.writing():
        found = run("add", texts(tmp_path / "two.jsonl", "Two.", "Three."))
    assert found.exit_code == 1
    assert "another run is writing to it. Wait" in found.stderr
    assert whole(where) == 1


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize("arguments", [("add", "x.txt"), ("status",), ("matters",), ("search", "x")])
def test_a_ledger_of_a_newer_version_is_left_alone(tmp_path: Path, where: Path, arguments: tuple[str, ...]) -> None:
    run("add", texts(tmp_path / "one.jsonl", "One."))
    with Ledger.open(where) as opened:
        opened._store.say("UPDATE alembic_version SET version_num = '9999'")
    kept = where.read_bytes()
    found = run(*arguments)
    assert found.exit_code == 1
    assert "newer version of Allegedly" in found.stderr
    assert where.read_bytes() == kept


@pytest.mark.parametrize(
    "arguments",
    [
        *(("status",), ("matters",), ("matter", "1"), ("who", "x"), ("names",), ("stories",), ("story", "1"), ("copies",), ("search", "x")),
        *(("trace", "x"), ("export",), ("purge", "x", "--yes"), ("backup", "b.db"), ("outlets",), ("bundle", "1", "-o", "b")),
    ],
)
def test_where_there_is_no_ledger_nothing_is_made(where: Path, arguments: tuple[str, ...]) -> None:
    found = run(*arguments)
    assert found.exit_code == 1
    assert "there is no ledger here" in found.stderr
    assert not where.exists()


def test_help_says_where_the_ledger_is() -> None:
    words = " ".join(run("add", "--help").stdout.split())
    assert "$ALLEGEDLY_LEDGER, else allegedly.db" in words


# --- the network -------------------------------------------------------------------------------------------------------

PAGE = "<html><head><title>Depot</title></head><body><article><h1>Depot</h1><p>{}</p></article></body></html>"
FEED = "<rss version='2.0'><channel><title>Echo</title>{}</channel></rss>"


class Site(BaseHTTPRequestHandler):
    """A site whose pages tests set; /loop leads to itself."""

    pages: ClassVar[dict[str, tuple[str, str]]] = {}
    answers: ClassVar[list[int]] = []

    def do_GET(self) -> None:
        kind, body = self.pages.get(self.path, ("", ""))
        tag = f'"{crc32(body.encode())}"'
        status = 302 if self.path == "/loop" else 304 if kind and self.headers["If-None-Match"] == tag else 200 if kind else 404
        self.answers.append(status)
        self.send_response(status)
        if kind:
            self.send_header("ETag", tag)
        body = "" if status == 304 else body
        if self.path == "/loop":
            self.send_header("Location", "/loop")
        self.send_header("Content-Type", kind or "text/plain")
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    from allegedly.fetch import Client

    monkeypatch.setattr("allegedly.fetch.Client", partial(Client, delay=0.0, attempts=1))
    Site.pages = {}
    Site.answers.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.usefixtures("fake")
def test_a_feed_is_followed_and_then_only_for_what_is_new(where: Path, site: str) -> None:
    item = "<item><title>{0}</title><link>" + site + "/{0}</link><guid>{0}</guid><pubDate>Tue, 03 Mar 2026 08:00:00 GMT</pubDate></item>"
    Site.pages = {
        "/feed": ("application/rss+xml", FEED.format(item.format("a") + item.format("gone"))),
        "/a": ("text/html", PAGE.format("The depot at Tamar burned down on Monday. " * 5)),
        "/b": ("text/html", PAGE.format("Grain was bought from Kestria on Tuesday. " * 5)),
    }
    look = ("watch", "--once", "--allow-private", f"{site}/feed")
    found = run(*look)
    assert found.exit_code == 1
    assert found.stdout == "2 seen = 1 stored + 0 duplicate + 0 refused + 1 failed\n", found.stderr
    with Ledger.open(where) as opened:
        (hit,) = opened.search().rows
        assert (hit.article.day, hit.article.url) == ("2026-03-03", f"{site}/a")
    Site.pages["/feed"] = ("application/rss+xml", FEED.format(item.format("a") + item.format("b")))
    found = run(*look)
    assert (found.exit_code, found.stdout) == (0, "1 seen = 1 stored + 0 duplicate + 0 refused + 0 failed\n"), found.stderr
    assert run(*look).stdout == "0 seen = 0 stored + 0 duplicate + 0 refused + 0 failed\n"
    assert whole(where) == 2


@pytest.mark.usefixtures("fake")
def test_a_page_that_is_kept_is_asked_for_only_if_it_has_changed(where: Path, site: str) -> None:
    """What has not is read from what was kept, so that another reader still reads it; so for the pages of a feed that is added again."""
    item = f"<item><title>a</title><link>{site}/a</link><guid>a</guid></item>"
    Site.pages = {
        "/a": ("text/html", PAGE.format("The depot at Tamar burned down on Monday. " * 5)),
        "/feed": ("application/rss+xml", FEED.format(item)),
    }
    add = ("add", "--allow-private")
    assert run(*add, f"{site}/a").stdout.startswith("1 seen = 1 stored")
    for address, last in (("a", 304), ("feed", 304)):
        assert run(*add, f"{site}/{address}").stdout == "1 seen = 0 stored + 1 duplicate + 0 refused + 0 failed\n"
        assert Site.answers[-1] == last
    Site.pages["/a"] = ("text/html", PAGE.format("The depot at Tamar burned down on Tuesday. " * 5))
    assert "(1 of those stored are new versions" in run(*add, f"{site}/a").stdout
    assert Site.answers[-1] == 200
    assert whole(where) == 1


@pytest.mark.usefixtures("fake")
def test_a_ledger_that_may_only_be_read_is_checked(where: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run("add", jsonl(tmp_path / "a.jsonl", [{"id": "a", "text": "The depot at Tamar burned down."}])).exit_code == 0
    given = Ledger.open

    def guarded(*arguments: Any, **options: Any) -> Ledger:
        opened = given(*arguments, **options)
        opened._store.say("PRAGMA query_only = ON")
        return opened

    monkeypatch.setattr(Ledger, "open", guarded)
    found = run("status", "--check")
    assert (found.exit_code, "checked: the ledger is whole" in found.stderr, "was not checked" in found.stderr) == (0, True, True)


@pytest.mark.usefixtures("fake")
def test_a_page_that_changes_between_two_looks_is_a_new_version(where: Path, site: str) -> None:
    for words in ("Nine people were hurt when the depot burned down. ", "Ten people were hurt when the depot burned down. "):
        Site.pages = {"/a": ("text/html", PAGE.format(words * 4))}
        found = run("add", "--allow-private", f"{site}/a")
        assert found.exit_code == 0, found.stderr
    assert "new version" in found.stdout
    assert whole(where) == 1


@pytest.mark.usefixtures("fake")
@pytest.mark.parametrize("path", ["/page", "/loop", "/missing"])
def test_what_is_no_feed_is_said(where: Path, site: str, path: str) -> None:
    Site.pages = {"/page": ("text/html", PAGE.format("This is a page and no feed. " * 5))}
    found = run("watch", "--once", "--allow-private", site + path)
    assert found.exit_code == 1
    assert found.stdout.startswith("1 seen = 0 stored")
    assert site + path in found.stderr
    assert "Traceback" not in found.stderr
    assert whole(where) == 0


@pytest.mark.usefixtures("fake")
def test_private_addresses_are_refused(where: Path, site: str) -> None:
    found = run("add", f"{site}/a")
    assert found.exit_code == 1
    assert found.stdout == "1 seen = 0 stored + 0 duplicate + 1 refused + 0 failed\n"
    assert "not a public address" in found.stderr
    assert whole(where) == 0


def test_watch_needs_addresses(where: Path, tmp_path: Path) -> None:
    (tmp_path / "feeds.txt").write_text("# none yet\n", "utf8")
    assert "no address of a feed" in run("watch", "--once", tmp_path / "feeds.txt").stderr


@pytest.mark.usefixtures("fake")
def test_a_truncated_web_archive_gives_what_is_whole(tmp_path: Path, where: Path) -> None:
    page = PAGE.format("The depot at Tamar burned down on Monday night. " * 5).encode()
    response = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
    record = (
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://echo.example/%d\r\nWARC-Date: 2026-03-03T08:00:00Z\r\n"
        b"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-00000000000%d>\r\nContent-Type: application/http; msgtype=response\r\n"
        b"Content-Length: %d\r\n\r\n"
    )
    whole_one = record % (1, 1, len(response)) + response + b"\r\n\r\n"
    (tmp_path / "crawl.warc").write_bytes(whole_one + record % (2, 2, len(response)) + response[:100])
    found = run("add", tmp_path / "crawl.warc")
    assert found.exit_code == 1
    assert found.stdout.startswith("2 seen = 1 stored"), found.stdout + found.stderr
    assert whole(where) == 1


@pytest.mark.usefixtures("fake")
def test_a_defect_in_comparison_costs_no_article(tmp_path: Path, where: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise KeyError("no such word")

    monkeypatch.setattr("allegedly.inquiry.comparing.features", broken)
    found = run("add", texts(tmp_path / "two.jsonl", "One.", "Two."))
    assert found.exit_code == 1
    assert found.stdout.startswith("2 seen = 2 stored")
    assert "not all were compared" in found.stderr
    assert "KeyError in test_record.py" in found.stderr
    monkeypatch.undo()
    with Ledger.open(where) as opened:
        assert len(opened.pending("comparison")) == 2
    monkeypatch.setenv("ALLEGEDLY_LEDGER", str(where))
    monkeypatch.setattr(ingest, "add", partial(ingest.add, reader=test_ingest.plain))
    assert run("add", texts(tmp_path / "third.jsonl", "One.", "Two.", "Three.")).exit_code == 0
    with Ledger.open(where) as opened:
        assert opened.pending("comparison") == []


def test_a_terminal_shows_how_far_it_is_and_keeps_the_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    from test_cli import Screen

    from allegedly.cli import record

    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with record._progress(3) as report:
        for what in ("stored", "failed", "duplicate"):
            report(ingest.Seen("a\x1b[31m", what, "a reason"))  # type: ignore[arg-type]
    shown = screen.getvalue()
    assert "3/3" in shown
    assert shown.count("a reason") == 2
    assert "a\x1b[31m" not in shown


def test_what_is_no_backup_leaves_no_ledger_behind(where: Path, tmp_path: Path) -> None:
    (tmp_path / "b.db").write_text("no ledger")
    found = run("restore", tmp_path / "b.db")
    assert found.exit_code == 1
    assert "no backup that can be restored" in found.stderr
    assert not where.exists()


def test_a_list_of_feeds_that_is_not_there(where: Path, tmp_path: Path) -> None:
    found = run("watch", "--once", tmp_path / "none.txt")
    assert found.exit_code == 1
    assert "neither an address of a feed nor a file" in found.stderr
