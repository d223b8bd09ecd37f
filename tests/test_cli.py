"""The command: what it writes where, its exit status, and that nothing a user can do shows a traceback."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import test_ingest
from typer.testing import CliRunner, Result

from allegedly import cli, ingest
from allegedly.cli import reporting

ROOT = Path(__file__).resolve().parent.parent
# The command with a reader that does as the text says, run as its users run it.
SCRIPT = """
from functools import partial
from allegedly import cli, ingest
import test_ingest
ingest.readings = partial(ingest.readings, reader=test_ingest.fake)
cli.main()
"""
ENVIRONMENT = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT / "tests"))), "PYTHONIOENCODING": ""}


@pytest.fixture(autouse=True)
def reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "readings", partial(ingest.readings, reader=test_ingest.fake))


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text("Officials denied that talks took place.", "utf8")
    return path


def run(*arguments: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(cli.app, [str(a) for a in arguments], input=stdin)


def command(*arguments: object, **more: object) -> "subprocess.Popen[bytes]":
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "env": ENVIRONMENT}
    return subprocess.Popen([sys.executable, "-c", SCRIPT, *map(str, arguments)], **{**pipes, **more})  # type: ignore[call-overload, no-any-return]


# --- what is written -------------------------------------------------------------------------------------------------


def test_text_is_the_default(article: Path) -> None:
    found = run("read", article)
    assert found.exit_code == 0
    assert found.stdout.startswith("(no title) Officials denied that talks took place")


def test_jsonl_is_one_line_an_article_in_input_order(tmp_path: Path, article: Path) -> None:
    many = test_ingest.lines(tmp_path / "many.jsonl", ["One.", "Two.", "Three."])
    found = run("read", "--format", "jsonl", many, article)
    assert found.exit_code == 0
    assert [json.loads(line)["article"]["text"] for line in found.stdout.splitlines()] == [
        "One.",
        "Two.",
        "Three.",
        article.read_text("utf8"),
    ]


@pytest.mark.parametrize("flags", [[], ["--tokens"]])
def test_tokens_are_written_only_when_asked_for(article: Path, flags: list[str]) -> None:
    found = run("read", "-f", "jsonl", *flags, article)
    assert ("tokens" in json.loads(found.stdout)) == bool(flags)


def test_conllu_needs_no_flag_for_its_words(tmp_path: Path, article: Path) -> None:
    assert "\n1\tVELM\t" in run("read", "-f", "conllu", article).stdout or "# newdoc" in run("read", "-f", "conllu", article).stdout


def test_standard_input(article: Path) -> None:
    found = run("read", "-f", "jsonl", "-", stdin=article.read_bytes())
    assert json.loads(found.stdout)["article"]["text"] == article.read_text("utf8")


@pytest.mark.parametrize(
    ("name", "start"), [("a.jsonl", '{"schema"'), ("a.html", "<!DOCTYPE"), ("a.conllu", "# newdoc"), ("a.txt", "(no"), ("a", "(no")]
)
def test_the_suffix_of_the_output_names_the_format(tmp_path: Path, article: Path, name: str, start: str) -> None:
    assert run("read", article, "-o", tmp_path / name).exit_code == 0
    assert (tmp_path / name).read_text("utf8").startswith(start)


def test_the_format_asked_for_wins_over_the_suffix(tmp_path: Path, article: Path) -> None:
    run("read", article, "-o", tmp_path / "a.html", "-f", "jsonl")
    assert json.loads((tmp_path / "a.html").read_text("utf8"))


# --- errors ----------------------------------------------------------------------------------------------------------


def test_good_inputs_are_written_and_bad_ones_named(tmp_path: Path, article: Path) -> None:
    found = run("read", "-f", "jsonl", tmp_path / "missing.txt", article, tmp_path)
    assert found.exit_code == 1
    assert len(found.stdout.splitlines()) == 2
    assert found.stderr == f"allegedly: {tmp_path / 'missing.txt'}: there is no such file. Check the path\n"


def test_a_defect_of_ours_is_no_traceback(tmp_path: Path, article: Path) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("FAULT", "utf8")
    found = run("read", "-f", "jsonl", bad, article)
    assert found.exit_code == 1
    assert len(found.stdout.splitlines()) == 1
    assert found.stderr.startswith(f"allegedly: {bad}: it could not be read: IndexError")


def test_a_missing_model_is_said_once(tmp_path: Path) -> None:
    found = run("read", test_ingest.lines(tmp_path / "many.jsonl", ["MODEL", "MODEL"]))
    assert (found.exit_code, found.stderr) == (1, "allegedly: there is no model. Make one\n")


def test_warnings_are_said_and_are_no_failure(tmp_path: Path) -> None:
    latin = tmp_path / "latin.txt"
    latin.write_bytes("The café in Velm was closed by the police.".encode("cp1252"))
    found = run("read", "-f", "jsonl", latin)
    assert found.exit_code == 0
    assert found.stderr.startswith(f"allegedly: {latin}: not UTF-8")


def test_names_cannot_steer_the_terminal() -> None:
    found = run("read", "\x1b[31mred\x07\n.txt")
    assert found.exit_code == 1
    assert "\x1b" not in found.stderr
    assert found.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [("read",), ("read", "a.txt", "-f", "pdf"), ("read", "a.txt", "--processes", "0"), ("read", "a.txt", "--nonsense"), ("nonsense",)],
)
def test_a_wrong_command_line_is_status_2(arguments: tuple[str, ...]) -> None:
    found = run(*arguments)
    assert found.exit_code == 2
    assert "Traceback" not in found.output


# --- the output file -------------------------------------------------------------------------------------------------


def test_an_output_that_cannot_be_is_refused_before_reading(tmp_path: Path, article: Path) -> None:
    for target, words in ((tmp_path, "is a folder"), (tmp_path / "no" / "a.jsonl", "there is no folder"), (article, "is also an input")):
        found = run("read", article, "-o", target)
        assert found.exit_code == 2
        assert words in " ".join(found.stderr.split())
    assert article.read_text("utf8").startswith("Officials")


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("old", "utf8")
    many = test_ingest.lines(tmp_path / "many.jsonl", ["Good.", "MODEL"])
    found = run("read", many, "-o", target)
    assert found.exit_code == 1
    assert target.read_text("utf8") == "old"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["many.jsonl", "out.jsonl"]


def test_nothing_read_leaves_the_old_file(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("old", "utf8")
    found = run("read", tmp_path / "missing.txt", "-o", target)
    assert found.exit_code == 1
    assert "not written, because nothing could be read" in found.stderr
    assert target.read_text("utf8") == "old"


def test_a_full_disk_is_an_error_with_advice(tmp_path: Path, article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    found = run("read", article, "-o", tmp_path / "out.jsonl")
    assert found.exit_code == 1
    assert "could not be written (No space left on device). Check" in found.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["article.txt"]


@pytest.mark.skipif(os.name == "nt", reason="permissions are POSIX's")
def test_a_file_gets_the_usual_permissions(tmp_path: Path, article: Path) -> None:
    usual = tmp_path / "usual"
    usual.touch()
    run("read", article, "-o", tmp_path / "new.jsonl")
    assert (tmp_path / "new.jsonl").stat().st_mode == usual.stat().st_mode
    usual.chmod(0o640)
    run("read", article, "-o", usual)
    assert usual.stat().st_mode & 0o777 == 0o640


def test_a_link_stays_a_link_and_a_device_a_device(tmp_path: Path, article: Path) -> None:
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "real.jsonl")
    (tmp_path / "real.jsonl").write_text("old", "utf8")
    run("read", article, "-o", tmp_path / "link.jsonl")
    assert (tmp_path / "link.jsonl").is_symlink()
    assert json.loads((tmp_path / "real.jsonl").read_text("utf8"))
    assert run("read", article, "-o", os.devnull).exit_code == 0
    assert not Path(os.devnull).is_file()


# --- help, start-up, and the ends of a run ---------------------------------------------------------------------------


def test_help_names_every_format_and_gives_examples() -> None:
    found = run("read", "--help")
    assert found.exit_code == 0
    for words in ("text:", "jsonl:", "html:", "conllu:", "allegedly read article.txt", "cat articles.jsonl | allegedly read"):
        assert words in found.stdout
    assert "read" in run("--help").stdout
    assert run("--version").stdout.startswith("allegedly")


def test_it_runs_as_a_module() -> None:
    found = subprocess.run([sys.executable, "-m", "allegedly.cli", "--version"], env=ENVIRONMENT, capture_output=True)
    assert (found.returncode, found.stdout.split()[0]) == (0, b"allegedly")


def test_help_loads_nothing_heavy() -> None:
    heavy = {"numpy", "onnxruntime", "tokenizers", "trafilatura", "httpx2", "jinja2", "rich.progress", "allegedly.model", "multiprocessing"}
    script = "import sys, allegedly.cli; print(*sys.modules)"
    loaded = set(subprocess.run([sys.executable, "-c", script], env=ENVIRONMENT, capture_output=True, check=True).stdout.decode().split())
    assert not heavy & loaded


def test_output_is_utf8_whatever_the_locale(article: Path) -> None:
    article.write_text("Ça — “ünïcode” 漢字.", "utf8")
    for form in ("jsonl", "text", "html"):
        process = command("read", "-f", form, article, env={**ENVIRONMENT, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"})
        out, errors = process.communicate(timeout=60)
        assert (process.returncode, errors) == (0, b""), form
        if form != "text":
            assert "漢字" in out.decode("utf8")


def test_a_closed_pipe_ends_it_quietly(tmp_path: Path) -> None:
    many = test_ingest.lines(tmp_path / "many.jsonl", ["Good words. " * 2000] * 60)
    process = command("read", "-f", "jsonl", many, "--processes", "1")
    assert process.stdout
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(60) == 141
    assert process.stderr
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX's")
@pytest.mark.parametrize("processes", [1, 2])
def test_an_interrupt_ends_it_quietly(tmp_path: Path, processes: int) -> None:
    many = test_ingest.lines(tmp_path / "many.jsonl", ["SLOW"] * 300)
    process = command("read", "-f", "jsonl", many, "--processes", processes, start_new_session=True)
    assert process.stdout
    process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the command and its workers
    _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (130, b"")


def test_jsonl_is_flushed_line_by_line(tmp_path: Path) -> None:
    many = test_ingest.lines(tmp_path / "many.jsonl", ["Good."] + ["SLOW"] * 10)
    process = command("read", "-f", "jsonl", many)
    assert process.stdout
    process.stdout.readline()
    first = time.monotonic()
    process.communicate(timeout=60)
    assert time.monotonic() - first > 1


class Screen(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def watched(monkeypatch: pytest.MonkeyPatch, inputs: list[str], target: Path | None) -> str:
    """What a terminal shows on standard error while these are read."""
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", "xterm")

    def results() -> Iterator[ingest.Result]:
        yield from ingest.readings(inputs)

    with reporting.reporter(inputs, target) as (report, watch):
        if watch is not None:
            watch(0.5)
        for result in results():
            report(result)
    return screen.getvalue()


def test_a_bar_shows_on_a_terminal_for_more_than_one_article(tmp_path: Path, article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    many = test_ingest.lines(tmp_path / "many.jsonl", ["One.", "FAULT", "Three."])
    shown = watched(monkeypatch, [many, str(article)], tmp_path / "out")
    assert "4/4" in shown
    assert "IndexError" in shown
    assert watched(monkeypatch, [str(article)], tmp_path / "out") == ""


def test_one_long_article_shows_how_far_it_is(article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "PATIENCE", 0.0)
    assert "50%" in watched(monkeypatch, [str(article)], None)


def test_no_bar_where_standard_error_is_no_terminal(tmp_path: Path) -> None:
    found = run("read", "-f", "jsonl", test_ingest.lines(tmp_path / "many.jsonl", ["One."] * 3))
    assert found.stderr == ""


# --- pairs of sentences ----------------------------------------------------------------------------------------------


@pytest.fixture
def labels(monkeypatch: pytest.MonkeyPatch) -> None:
    """A decision that needs no model: texts that begin alike are the same."""

    def decide(a: str, b: str) -> str:
        if "FAULT" in a:
            raise IndexError("no such word")
        return "same" if a[:3] == b[:3] else "different"

    monkeypatch.setattr("allegedly.compare.propositions.pair_label", decide)


@pytest.mark.usefixtures("labels")
def test_pairs_give_a_label_a_line_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    rows = [{"id": n, "a": "One.", "b": "One." if n % 2 else "Two."} for n in range(5)] + [{"id": "é", "a": "One.", "b": "One."}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + "\n", "utf8")
    found = run("compare", "--pairs", path)
    assert found.exit_code == 0
    said = [json.loads(line) for line in found.stdout.splitlines()]
    assert [row["id"] for row in said] == [0, 1, 2, 3, 4, "é"]
    assert [row["label"] for row in said] == ["different", "same", "different", "same", "different", "same"]
    again = run("compare", "--pairs", "-", stdin=path.read_bytes())
    assert again.stdout == found.stdout


@pytest.mark.usefixtures("labels")
def test_bad_pairs_are_named_and_the_others_labelled(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text(
        '{"id": 1, "a": "One.", "b": "One."}\n{"a": "x"\n{"id": 3, "a": 5, "b": ""}\n[]\n{"id": 5, "a": "FAULT", "b": "x"}\n', "utf8"
    )
    found = run("compare", "--pairs", path)
    assert found.exit_code == 1
    assert found.stdout == '{"id": 1, "label": "same"}\n'
    assert [line.split(":")[2] for line in found.stderr.splitlines()[:3]] == ["2", "3", "4"]
    assert "pair 5: it could not be compared: IndexError" in found.stderr
    assert run("compare", "--pairs", tmp_path / "missing.jsonl").exit_code == 1


@pytest.mark.parametrize("arguments", [(), ("a.txt",), ("a.txt", "b.txt", "c.txt"), ("a.txt", "b.txt", "--pairs", "p.jsonl")])
def test_compare_takes_two_texts_or_pairs(arguments: tuple[str, ...]) -> None:
    assert run("compare", *arguments).exit_code == 2
