"""Many inputs to a folder of readings: shards, receipts, what a run that ended early leaves, storage that is no disk, and Ray."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import build_reading
from typer.testing import CliRunner

from allegedly.cli import app
from allegedly.cli.shards import told
from allegedly.errors import AllegedlyError, ExportError
from allegedly.ingest import cluster
from allegedly.ingest.shards import Bad, Fate, Job, Receipt, Shard, in_order, plan, receipts, run, tasks_in
from allegedly.records import Article, Reading

pa = pytest.importorskip("pyarrow")
fsspec = pytest.importorskip("fsspec")
from pyarrow import parquet  # noqa: E402

READ: list[str] = []


def fake(article: Article, *, tokens: bool = False) -> Reading:
    """A reader that finds the same in every text, and remembers what it was asked to read."""
    READ.append(article.id)
    if article.text.startswith("FULL"):
        raise ExportError("the disk is full")
    if article.text.startswith("FAULT"):
        raise IndexError("no such word")
    return replace(build_reading(), article=article)


@pytest.fixture(autouse=True)
def _nothing_read() -> None:
    READ.clear()


def lines(path: Path, *texts: str) -> str:
    path.write_text("".join(json.dumps({"id": f"{path.stem}-{n}", "text": text}) + "\n" for n, text in enumerate(texts)), "utf8")
    return str(path)


def three(folder: Path) -> list[str]:
    folder.mkdir(exist_ok=True)
    return [lines(folder / f"{name}.jsonl", f"The first of {name}.", f"The second of {name}.") for name in ("one", "two", "three")]


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def read_ids() -> list[str]:
    return [name for name in READ if name != "none"]


def test_a_shard_has_a_row_for_each_article_and_a_receipt(tmp_path: Path) -> None:
    job = Job(plan([lines(tmp_path / "news.jsonl", "Osk spoke.", "FAULT", "Velm spoke.")]), str(tmp_path / "out"), reader=fake)
    (fate,) = run(job)
    assert isinstance(fate, Receipt)
    assert (fate.readings, fate.refused, fate.failed) == (2, 0, 1)
    rows = parquet.read_table(tmp_path / "out" / "shards" / f"{fate.name}.parquet").to_pylist()
    assert [row["what"] for row in rows] == ["reading", "failed", "reading"]
    assert [row["number"] for row in rows] == [1, 2, 3]
    assert "IndexError" in rows[1]["reason"]
    assert json.loads(rows[2]["reading"])["article"]["text"] == "Velm spoke."
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["whole"]
    assert (manifest["readings"], manifest["failed"], manifest["bad"], manifest["left"]) == (2, 1, [], [])


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    names = three(tmp_path / "in")
    first = Job(plan(names), str(tmp_path / "out"), reader=fake)
    run(first)
    before = files(tmp_path / "out")
    READ.clear()
    run(Job(plan(names), str(tmp_path / "out"), reader=fake))
    assert read_ids() == []
    assert files(tmp_path / "out") == before


def test_a_run_that_ended_early_goes_on(tmp_path: Path) -> None:
    """Also one that left half a file, and one whose receipt is damaged."""
    names = three(tmp_path / "in")
    run(Job(plan(names), str(tmp_path / "whole"), reader=fake))
    whole = files(tmp_path / "whole")

    def one(left: list[Shard]) -> Iterator[Fate]:
        yield Job(plan(names), str(tmp_path / "out"), reader=fake).read(left[0])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(Job(plan(names), str(tmp_path / "out"), reader=fake), one)
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["left"] == names[1:]
    shards = plan(names)
    (tmp_path / "out" / "shards" / f"{shards[1].name}.parquet").write_bytes(b"PAR1 half of it")
    (tmp_path / "out" / "shards" / f"{shards[2].name}.json").write_text('{"name": ')
    READ.clear()
    run(Job(plan(names), str(tmp_path / "out"), reader=fake))
    assert read_ids() == ["two-0", "two-1", "three-0", "three-1"]
    assert files(tmp_path / "out") == whole


def test_a_changed_input_is_read_again(tmp_path: Path) -> None:
    names = three(tmp_path / "in")
    run(Job(plan(names), str(tmp_path / "out"), reader=fake))
    lines(tmp_path / "in" / "two.jsonl", "Another text altogether.")
    READ.clear()
    run(Job(plan(names), str(tmp_path / "out"), reader=fake))
    assert read_ids() == ["two-0"]


def test_a_shard_without_evidence_is_no_shard_for_a_ledger(tmp_path: Path) -> None:
    names = three(tmp_path / "in")
    run(Job(plan(names), str(tmp_path / "out"), reader=fake))
    assert not receipts(Job(plan(names), str(tmp_path / "out"), keep=True, reader=fake))


@pytest.mark.parametrize("name", ["missing.jsonl", "empty.jsonl", "unknown.xyz", "broken.parquet", "broken.warc.gz"])
def test_a_bad_shard_is_listed_with_its_reason_and_the_rest_goes_on(tmp_path: Path, name: str) -> None:
    bad = tmp_path / name
    if not name.startswith("missing"):
        bad.write_bytes(b"" if name.startswith("empty") else b"\x1f\x8b\x08 nothing of the kind")
    good = lines(tmp_path / "good.jsonl", "Osk spoke.")
    fates = run(Job(plan([str(bad), good]), str(tmp_path / "out"), reader=fake))
    assert isinstance(fates[0], Bad)
    assert isinstance(fates[1], Receipt)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert not manifest["whole"]
    assert [row["input"] for row in manifest["bad"]] == [str(bad)]
    assert manifest["bad"][0]["reason"]
    assert len(manifest["shards"]) == 1


def test_what_concerns_all_shards_ends_the_run_and_the_manifest_says_what_is_left(tmp_path: Path) -> None:
    names = [lines(tmp_path / "a.jsonl", "Osk spoke."), lines(tmp_path / "b.jsonl", "FULL"), lines(tmp_path / "c.jsonl", "Velm spoke.")]
    with pytest.raises(ExportError, match="full"):
        run(Job(plan(names), str(tmp_path / "out"), reader=fake))
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert [row["input"] for row in manifest["shards"]] == names[:1]
    assert manifest["left"] == names[1:]


def test_a_folder_and_a_pattern_are_their_files(tmp_path: Path) -> None:
    names = three(tmp_path / "in")
    (tmp_path / "in" / ".hidden.jsonl").write_text("{}")
    (tmp_path / "in" / "notes.md").write_text("None.")
    by_name = sorted(names)
    assert [shard.input for shard in plan([str(tmp_path / "in")])] == by_name
    assert [shard.input for shard in plan([str(tmp_path / "in" / "t*.jsonl"), names[0], names[0]])] == [*by_name[1:], names[0]]


def test_names_of_shards_differ_and_hold_nothing_but_letters(tmp_path: Path) -> None:
    names = {Shard(number, place).name for number, place in enumerate(["a/x.jsonl", "b/x.jsonl", "../é 丸/;rm -rf.warc.gz", "s3://b/"])}
    assert len(names) == 4
    assert all(re.fullmatch(r"[\w-]{10,60}", name, re.ASCII) for name in names)


def test_object_storage_holds_the_same_bytes(tmp_path: Path) -> None:
    names = three(tmp_path / "in")
    store = fsspec.filesystem("memory")
    for name in names:
        store.pipe_file(f"/crawl/{Path(name).name}", Path(name).read_bytes())
    jobs = [Job(plan(["memory://crawl/*.jsonl"]), f"memory://out{number}", reader=fake) for number in (1, 2)]
    for job in jobs:
        assert all(isinstance(fate, Receipt) for fate in run(job))
    first, second = ({name.removeprefix(f"/out{n}"): store.cat_file(name) for name in store.find(f"/out{n}")} for n in (1, 2))
    assert first == second
    assert len(first) == 7
    assert "memory://" in first["/manifest.json"].decode()
    store.rm("/crawl", recursive=True)


def test_a_parquet_table_is_read_as_json_lines_are(tmp_path: Path) -> None:
    rows = [{"id": "a", "text": "Osk spoke.", "outlet": "The Post"}, {"id": None, "text": "", "outlet": None}]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "t.parquet")
    (fate,) = run(Job(plan([str(tmp_path / "t.parquet")]), str(tmp_path / "out"), reader=fake))
    assert isinstance(fate, Receipt)
    assert (fate.readings, fate.failed) == (1, 1)
    parquet.write_table(pa.Table.from_pylist([{"id": "a"}]), tmp_path / "no.parquet")
    (bad,) = run(Job(plan([str(tmp_path / "no.parquet")]), str(tmp_path / "out"), reader=fake))
    assert isinstance(bad, Bad)
    assert '"text"' in bad.reason


def test_fates_come_in_the_order_of_the_shards() -> None:
    shards = [Shard(number, f"{number}.txt") for number in range(5)]
    fates = [Bad(shard.name, shard.input, "") for shard in shards]
    job = Job(shards, "nowhere", reader=fake)
    assert list(in_order(job, iter([fates[n] for n in (3, 0, 1, 4, 2)]))) == fates


def test_a_damaged_shard_is_an_error_of_that_shard(tmp_path: Path) -> None:
    job = Job(plan([lines(tmp_path / "a.jsonl", "Osk spoke.")]), str(tmp_path / "out"), keep=True, reader=fake)
    (fate,) = run(job)
    (tmp_path / "out" / "shards" / f"{fate.name}.parquet").write_bytes(b"PAR1")
    (task,) = tasks_in(job, fate)
    assert task.error is not None


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        (["read", "--ray", "-o", "x", "a.txt"], ["read", "--ray=local", "-o", "x", "a.txt"]),
        (["read", "-o", "x", "--ray", "a.txt"], ["read", "-o", "x", "--ray=local", "a.txt"]),
        (["read", "--ray"], ["read", "--ray=local"]),
        (["read", "--ray", "10.0.0.1:6379", "a.txt"], ["read", "--ray", "10.0.0.1:6379", "a.txt"]),
        (["read", "--ray=ray://head:10001", "a.txt"], ["read", "--ray=ray://head:10001", "a.txt"]),
        (["add", "--ray", "auto", "a.txt"], ["add", "--ray", "auto", "a.txt"]),
    ],
)
def test_a_bare_option_means_this_machine(given: list[str], meant: list[str]) -> None:
    assert told(given) == meant


def test_the_command_reads_shards_here(tmp_path: Path) -> None:
    """The whole of it, with the package's own reader; the second time nothing is left to do."""
    (tmp_path / "a.txt").write_text("Police in Osk arrested two men on Monday.", "utf8")
    asked = ["read", "--shards", "-o", str(tmp_path / "out"), str(tmp_path / "a.txt"), str(tmp_path / "gone.txt")]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 1
    assert "1 readings" in result.output
    assert "gone.txt: there is no such file" in result.output
    assert CliRunner().invoke(app, ["read", "--shards", str(tmp_path / "a.txt")]).exit_code == 2


# --- clusters ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["10.0.0.1:6379", "ray://head.example:10001", "[2001:db8::1]:6379"])
def test_a_cluster_elsewhere_needs_a_token(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.delenv("RAY_AUTH_MODE", raising=False)
    monkeypatch.setattr(cluster, "lets_in_anybody", lambda _: pytest.fail("it was asked"))
    with pytest.raises(cluster.ClusterError, match="no token"):
        cluster.check(address)


def test_a_cluster_elsewhere_that_lets_in_anybody_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAY_AUTH_MODE", "token")
    monkeypatch.setattr(cluster, "lets_in_anybody", lambda _: True)
    with pytest.raises(cluster.ClusterError, match="lets in anybody"):
        cluster.check("10.0.0.1:6379")
    monkeypatch.setattr(cluster, "lets_in_anybody", lambda _: False)
    cluster.check("10.0.0.1:6379")


@pytest.mark.parametrize("address", ["local", "auto", "127.0.0.1:6379", "localhost:6379", "ray://[::1]:10001"])
def test_this_machine_is_not_asked_for_a_token(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.delenv("RAY_AUTH_MODE", raising=False)
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    cluster.check(address)


ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("RAY_")},
    "PYTHONPATH": os.pathsep.join(str(Path(__file__).parents[1] / part) for part in ("src", ".")),
    "RAY_USAGE_STATS_ENABLED": "0",
}
COMMAND = [sys.executable, "-c", "from allegedly.cli import main; main()"]


def command(*arguments: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([*COMMAND, *arguments], cwd=folder, env=ENVIRONMENT, capture_output=True, text=True, timeout=240)


def workers() -> list[int]:
    """The process numbers of Ray's workers that are reading."""
    listed = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True).stdout.splitlines()
    return [int(line.split()[0]) for line in listed if "ray::_Worker" in line]


@pytest.mark.cluster
@pytest.mark.skipif(shutil.which("ps") is None, reason="needs ps")
def test_ray_gives_what_one_process_gives_also_when_a_worker_is_killed(tmp_path: Path) -> None:
    pytest.importorskip("ray")
    (tmp_path / "in").mkdir()
    for number in range(6):
        lines(tmp_path / "in" / f"s{number}.jsonl", *[f"Police in Osk arrested {n + 2} men on Monday, the mayor said." for n in range(12)])
    assert command("read", "--shards", "-o", "alone", "in", folder=tmp_path).returncode == 0
    running = subprocess.Popen([*COMMAND, "read", "--ray", "--workers", "2", "-o", "ray", "in"], cwd=tmp_path, env=ENVIRONMENT)
    until = time.monotonic() + 120
    while not list(tmp_path.glob("ray/shards/*.json")) and time.monotonic() < until:
        time.sleep(0.02)
    for number in workers()[:1]:
        os.kill(number, signal.SIGKILL)
    assert running.wait(240) == 0
    assert files(tmp_path / "ray") == files(tmp_path / "alone")


@pytest.mark.cluster
def test_a_ledger_filled_by_ray_holds_what_a_ledger_filled_here_holds(tmp_path: Path) -> None:
    pytest.importorskip("ray")
    (tmp_path / "in").mkdir()
    for number in range(2):
        lines(tmp_path / "in" / f"s{number}.jsonl", "Rebels in Osk killed two men, the mayor said.", "Rebels in Osk did not kill two men.")
    assert command("add", "-l", "here.db", "in", folder=tmp_path).returncode == 0
    assert command("add", "--ray", "--workers", "1", "-l", "ray.db", "in", folder=tmp_path).returncode == 0

    def held(name: str) -> list[list[tuple[object, ...]]]:
        with sqlite3.connect(tmp_path / name) as ledger:
            asked = ("SELECT id, voice, polarity, status, sentence FROM statements_made ORDER BY 1, 5", "SELECT count(*) FROM captures")
            return [ledger.execute(query).fetchall() for query in asked]

    assert held("here.db") == held("ray.db")


@pytest.mark.cluster
def test_a_made_up_token_tells_open_clusters_from_closed_ones(tmp_path: Path) -> None:
    pytest.importorskip("ray")

    def start(port: int, **more: str) -> None:
        asked = ["-m", "ray.scripts.scripts", "start", "--head", f"--port={port}", "--num-cpus=1", "--include-dashboard=false"]
        subprocess.run([sys.executable, *asked], env={**ENVIRONMENT, **more}, capture_output=True, timeout=120, check=True)

    def stop() -> None:
        subprocess.run([sys.executable, "-m", "ray.scripts.scripts", "stop", "--force"], env=ENVIRONMENT, capture_output=True, timeout=60)

    try:
        start(26379, RAY_AUTH_MODE="disabled")
        assert cluster.lets_in_anybody("127.0.0.1:26379")
        stop()
        start(26380, RAY_AUTH_MODE="token", RAY_AUTH_TOKEN="0123456789abcdef0123456789abcdef")
        assert not cluster.lets_in_anybody("127.0.0.1:26380")
    finally:
        stop()
    with pytest.raises(AllegedlyError, match="could not be reached"):
        cluster.lets_in_anybody("127.0.0.1:26381")
