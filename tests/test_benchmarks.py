"""Floors are only lowered on purpose, and speed is measured as it says."""

import gzip
import json
import math
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

import pytest

from benchmarks import accuracy, floors, throughput
from benchmarks.floors import FloorsError, Line, Pins

needs_data = pytest.mark.skipif(not (accuracy.data_folder() / "claims").exists(), reason="no development files: set ALLEGEDLY_DATA")


# --- floors ----------------------------------------------------------------------------------------------------------------


def test_the_floors_file_is_sealed() -> None:
    pinned = floors.load()
    assert set(accuracy.CORPORA) <= set(pinned)


@needs_data
@pytest.mark.parametrize("name", sorted(accuracy.CORPORA))
def test_the_floors_hold_for_these_corpora(name: str) -> None:
    path = accuracy.data_folder() / accuracy.BENCHMARKS[name].file
    assert floors.load()[name].sha256 == accuracy.sha256(path)


def test_an_edit_by_hand_breaks_the_seal(tmp_path: Path) -> None:
    path = tmp_path / "floors.toml"
    floors.save({"claims": Pins("abc", {"all": 0.5})}, path)
    assert floors.load(path) == {"claims": Pins("abc", {"all": 0.5})}
    path.write_text(path.read_text(encoding="utf8").replace("0.5", "0.4"), encoding="utf8")
    with pytest.raises(FloorsError, match="edited by hand"):
        floors.load(path)


def test_floors_move_only_the_way_that_was_asked() -> None:
    pins = Pins("abc", {"all": 0.5, "kappa": 0.5, "extra_events_per_sentence": 1.0})
    measured = {"all": 0.61239, "kappa": 0.4, "extra_events_per_sentence": 0.50001, "found": 0.7}
    assert floors.moved(pins, measured, sha256="abc", up=True, down=False).figures == {
        "all": 0.612,
        "kappa": 0.5,
        "extra_events_per_sentence": 0.501,
        "found": 0.7,
    }
    assert floors.moved(pins, measured, sha256="abc", up=False, down=True).figures["kappa"] == 0.4
    assert floors.moved(pins, measured, sha256="abc", up=False, down=True).figures["all"] == 0.5


def test_speed_floors_keep_their_distance() -> None:
    pins = Pins("", {"articles_per_second": 8.0, "start_up_s": 1.5})
    measured = {"articles_per_second": 10.0, "start_up_s": 1.0, "pieces_per_article": 900.0}
    assert floors.moved(pins, measured, sha256="", up=True, down=False, slack=0.1).figures == {
        "articles_per_second": 9.0,
        "start_up_s": 1.1,
    }


def test_floors_of_another_corpus_are_kept_unless_lowered() -> None:
    pins = Pins("abc", {"all": 0.5})
    with pytest.raises(FloorsError, match="corpus"):
        floors.moved(pins, {"all": 0.6}, sha256="other", up=True, down=False)
    assert floors.moved(pins, {"all": 0.4}, sha256="other", up=False, down=True) == Pins("other", {"all": 0.4})


def test_a_pinned_figure_that_was_not_measured_is_missed() -> None:
    lines = floors.compare("claims", {"found": 0.1}, Pins("abc", {"all": 0.5}))
    assert [(line.figure, line.passed) for line in lines] == [("found", True), ("all", False)]


def test_ceilings_are_missed_from_above() -> None:
    assert Line("throughput", "start_up_s", 1.4, 1.5).passed
    assert not Line("throughput", "start_up_s", 1.6, 1.5).passed
    assert not Line("claims", "all", 0.3, 0.35).passed


def test_tables_say_what_was_missed(tmp_path: Path) -> None:
    lines = [Line("claims", "all", 0.3, 0.35), Line("claims", "found", 0.9, None), Line("claims", "act", math.nan, 0.1)]
    plain = floors.plain_table(lines)
    assert plain.count("MISSED") == 2
    page = tmp_path / "page.md"
    page.write_text("before\n<!-- accuracy:begin -->\nold\n<!-- accuracy:end -->\nafter\n", encoding="utf8")
    floors.write_between(page, "accuracy", floors.markdown_table(lines))
    written = page.read_text(encoding="utf8")
    assert "| claims | all | 0.300 | at least 0.350 |" in written
    assert "old" not in written
    assert written.startswith("before\n")
    assert written.endswith("after\n")
    with pytest.raises(FloorsError, match="no markers"):
        floors.write_between(page, "speed", "")


# --- the command -------------------------------------------------------------------------------------------------------------


def test_only_names_benchmarks() -> None:
    assert accuracy.chosen("syntax,claims") == ["claims", "syntax_ewt", "syntax_gum"]
    assert accuracy.chosen(None) == list(accuracy.BENCHMARKS)
    with pytest.raises(SystemExit, match="no benchmark is called weather"):
        accuracy.chosen("weather")


def test_no_data_is_said_and_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("ALLEGEDLY_DATA", str(tmp_path))
    assert accuracy.main(["--only", "claims"]) == 2
    assert "set ALLEGEDLY_DATA" in capsys.readouterr().err


@pytest.fixture
def tiny_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder with one claim in it, floors of its own, and a reader that reads nothing."""
    wanted = {
        "predicate": "met",
        "actor": "Osk",
        "recipient": None,
        "act": "CONSULT",
        "polarity": "negated",
        "status": "actual",
        "voice": "Osk",
    }
    (tmp_path / "claims").mkdir()
    with gzip.open(tmp_path / "claims" / "claims_dev.jsonl.gz", "wt", encoding="utf8") as file:
        file.write(json.dumps({"id": "1", "text": "Osk met Maravel.", "statements": [wanted]}) + "\n")
    own = tmp_path / "floors.toml"
    corpus = accuracy.sha256(tmp_path / "claims" / "claims_dev.jsonl.gz")
    floors.save({"claims": Pins(corpus, {"all": 0.3})}, own)
    monkeypatch.setenv("ALLEGEDLY_DATA", str(tmp_path))
    monkeypatch.setattr(floors, "FILE", own)
    monkeypatch.setattr(
        accuracy, "read_all", lambda texts, form, processes, about: [json.dumps({"article": {"id": one}}) + "\n" for one, _ in texts]
    )
    return tmp_path


def test_a_missed_floor_is_exit_status_1(tiny_corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert accuracy.main(["--only", "claims", "--json", "--readings", str(tiny_corpus / "kept")]) == 1
    assert json.loads(capsys.readouterr().out)["claims"]["all"] == 0.0
    assert (tiny_corpus / "kept" / "claims.jsonl").exists()
    assert accuracy.main(["--only", "claims", "--raise-floors"]) == 1
    assert accuracy.main(["--only", "claims", "--lower-floors"]) == 0
    assert floors.load()["claims"].figures["all"] == 0.0


# --- speed ---------------------------------------------------------------------------------------------------------------------


def test_articles_are_of_one_length_and_go_on_without_end() -> None:
    pool = ["The harbour of Osk is open again today", "Ardovia has closed two roads near the border with Kestria"]
    made = list(islice(throughput.articles(pool, words=25), 5))
    assert [len(text.split()) for text in made] == [25] * 5
    assert "\n\n" in made[0]


def test_there_is_something_to_read_without_the_development_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLEGEDLY_DATA", str(tmp_path))
    assert len(throughput.paragraphs()) > 5


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
def test_the_memory_of_child_processes_counts() -> None:
    inner = "x = bytearray(b'1' * 60_000_000); import time; print(flush=True); time.sleep(30)"
    outer = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {inner!r}])"
    with subprocess.Popen([sys.executable, "-c", outer], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        family = throughput.tree_memory(process.pid)
        for child in throughput._children(process.pid):
            subprocess.run(["kill", str(child)], check=True)
    assert family > 60_000_000
    assert throughput.tree_memory(process.pid) == 0


def test_a_command_that_fails_is_not_measured() -> None:
    with pytest.raises(RuntimeError, match="status 3"):
        throughput.watched([sys.executable, "-c", "import sys; sys.exit(3)"])
    assert throughput.watched([sys.executable, "-c", "pass"]).seconds > 0


def no_model() -> None:
    """What the processes of a comparison load here; at the top level, so that they can find it."""


def broken_model() -> None:
    raise SystemExit(7)


def quick_work(model: None, texts: Sequence[str]) -> Callable[[], None]:
    return lambda: time.sleep(0.01 * len(texts))


def slow_work(model: None, texts: Sequence[str]) -> Callable[[], None]:
    return lambda: time.sleep(0.05 * len(texts))


def test_jobs_take_turns_and_a_turn_is_its_slowest_share() -> None:
    quick, slow = throughput.in_turns(["one", "two", "three"], 2, load=no_model, work=(quick_work, slow_work))
    assert len(quick) == len(slow) == throughput.TURNS
    assert all(seconds >= 0.02 for seconds in quick)
    assert all(seconds >= 0.1 for seconds in slow)


def test_a_process_that_dies_ends_the_comparison() -> None:
    with pytest.raises(RuntimeError, match="ended early"):
        throughput.in_turns(["one", "two"], 2, load=broken_model, work=(quick_work,))
