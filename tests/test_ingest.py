"""Inputs to readings: order, one process or several, errors that stay with their input, and memory that does not grow."""

import copyreg
import json
import os
import pickle
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import build_reading

from allegedly import ingest
from allegedly.compare.claims import claims
from allegedly.compared import Claim
from allegedly.errors import AllegedlyError, FetchError, InputError, LexiconError, ModelError
from allegedly.ingest import Result, pool, readings
from allegedly.records import Article, Reader, Reading, Review, Statement

EMPTY = Reading(Article("", ""), (), (), (), (), (), (), (), (), None, (), Reader("0", "0", "0"))


def fake(article: Article, *, tokens: bool = False) -> Reading:
    """A reader that does as the text says. It stands at top level, so that worker processes find it."""
    match article.text.split(maxsplit=1)[0]:
        case "KILL":
            os._exit(3)
        case "FAULT":
            raise IndexError("no such word")
        case "DEEP":
            raise RecursionError
        case "REFUSE":
            raise InputError(article.id, "it was refused", "Give another")
        case "MODEL":
            raise ModelError("there is no model. Make one")
        case "LEXICON":
            raise LexiconError("a lexicon is wrong")
        case "SLOW":
            time.sleep(0.2)
    return replace(build_reading() if tokens else EMPTY, article=article)


def plain(article: Article, *, tokens: bool = False) -> Reading:
    """The same, with nothing found in any text."""
    return fake(article)


def lines(path: Path, texts: list[str]) -> str:
    path.write_text("".join(json.dumps({"id": f"d{n}", "text": text}) + "\n" for n, text in enumerate(texts)), "utf8")
    return str(path)


def ids(results: Iterator[Result]) -> list[str]:
    return [result.reading.article.id if result.reading else f"error in {result.name}" for result in results]


@pytest.mark.parametrize("processes", [None, 1, 2])
def test_results_come_in_input_order(tmp_path: Path, processes: int | None) -> None:
    """Also where the first article takes longest."""
    many = lines(tmp_path / "many.jsonl", ["SLOW", *["Quick."] * 11])
    (tmp_path / "one.txt").write_text("The last one of all.", "utf8")
    found = ids(readings([many, str(tmp_path / "one.txt")], processes=processes, reader=fake))
    assert found[:-1] == [f"d{n}" for n in range(12)]
    assert len(found) == 13


@pytest.mark.parametrize("processes", [1, 2])
def test_an_error_stays_with_its_input(tmp_path: Path, processes: int) -> None:
    many = tmp_path / "many.jsonl"
    lines(many, ["Good.", "FAULT", "REFUSE", "DEEP", "Good."])
    with many.open("a", encoding="utf8") as more:
        more.write('{"bad\n{"id": "end", "text": "Good."}\n')
    inputs = [str(tmp_path / "missing.txt"), str(many), "nul\0.txt"]
    found = list(readings(inputs, processes=processes, reader=fake))
    assert [r.reading.article.id for r in found if r.reading] == ["d0", "d4", "end"]
    errors = [r.error for r in found if r.error]
    assert len(errors) == 6
    assert "no such file" in errors[0].reason
    assert "IndexError in test_ingest.py, line" in errors[1].reason
    assert (errors[2].reason, errors[2].advice) == ("it was refused", "Give another")
    assert "RecursionError" in errors[3].reason
    assert errors[4].name.endswith("many.jsonl:6")
    assert all((result.reading is None) != (result.error is None) for result in found)


def test_a_worker_that_dies_takes_one_article_with_it(tmp_path: Path) -> None:
    many = lines(tmp_path / "many.jsonl", ["Good.", "KILL", "Good.", "KILL", "KILL", "Good."])
    found = list(readings([many], processes=2, reader=fake))
    assert [r.reading is not None for r in found] == [True, False, True, False, False, True]
    assert found[1].error is not None
    assert found[1].error.name == f"{many} (d1)"
    assert "ended unexpectedly (exit status 3)" in found[1].error.reason


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize(("text", "kind"), [("MODEL", ModelError), ("LEXICON", LexiconError)])
def test_what_concerns_all_articles_ends_the_run(tmp_path: Path, processes: int, text: str, kind: type[Exception]) -> None:
    many = lines(tmp_path / "many.jsonl", [text, "Good."])
    with pytest.raises(kind, match=r"model|lexicon"):
        list(readings([many], processes=processes, reader=fake))


def test_one_input_starts_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "Pool", None)
    (tmp_path / "one.txt").write_text("Long. " * 20_000, "utf8")
    assert len(list(readings([str(tmp_path / "one.txt")], reader=fake))) == 1
    assert len(list(readings([str(tmp_path / "one.txt")], processes=4, reader=fake))) == 1


def test_few_short_inputs_start_no_process_and_many_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest, "processors", lambda: 2)
    started = []
    monkeypatch.setattr(ingest, "Pool", lambda count, **_: started.append(count))
    assert len(list(readings([lines(tmp_path / "few.jsonl", ["Short."] * 5)], reader=fake))) == 5
    assert started == []
    with pytest.raises(AttributeError):
        list(readings([lines(tmp_path / "many.jsonl", ["Long. " * 2000] * 5)], reader=fake))
    assert started == [2]


def test_inputs_are_taken_only_as_they_are_needed(tmp_path: Path) -> None:
    """A bounded number of articles is under way, however many there are."""
    (tmp_path / "one.txt").write_text("Good.", "utf8")
    taken = 0

    def endless() -> Iterator[str]:
        nonlocal taken
        while True:
            taken += 1
            yield str(tmp_path / "one.txt")

    results = readings(endless(), processes=2, reader=fake)
    for _ in range(20):
        next(results)
    assert taken <= 20 + 2 * pool.AHEAD + 1
    results.close()  # type: ignore[attr-defined]


def test_no_worker_outlives_its_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pools = []

    class Watched(pool.Pool):
        def __init__(self, *args: object, **more: object) -> None:
            super().__init__(*args, **more)  # type: ignore[arg-type]
            pools.append(self)

        def _hire(self) -> pool._Worker:
            self.hired = [*getattr(self, "hired", []), super()._hire()]
            return self.hired[-1]

    monkeypatch.setattr(ingest, "Pool", Watched)
    results = readings([lines(tmp_path / "many.jsonl", ["Good."] * 9)], processes=2, reader=fake)
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert pools[0].hired
    assert not any(worker.process.is_alive() for worker in pools[0].hired)


def test_tokens_are_asked_of_the_reader(tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text("Good.", "utf8")
    for asked in (False, True):
        (result,) = readings([str(tmp_path / "one.txt")], tokens=asked, reader=fake)
        assert result.reading is not None
        assert bool(result.reading.tokens) == asked


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"id": "a", "text": "Good."}\n{"id": "b", "text": "Good."}\n')))
    assert ids(readings(["-"], reader=fake)) == ["a", "b"]


def test_an_address_that_does_not_answer_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(url: str) -> None:
        raise FetchError(url, "no answer", "Try again")

    monkeypatch.setattr("allegedly.fetch.fetch", refuse)
    (result,) = readings(["https://news.example/a"], reader=fake)
    assert isinstance(result.error, FetchError)
    assert result.error.name == "https://news.example/a"


@pytest.mark.parametrize("kind", [InputError, FetchError])
def test_errors_cross_between_processes_whole(kind: type[InputError]) -> None:
    result = Result("a", error=kind("a", "b", "c"), warnings=("d",))
    back = pickle.loads(pickle.dumps(result))
    assert type(back.error) is kind
    assert str(back.error) == str(result.error)
    assert back.warnings == ("d",)


def test_readings_and_claims_cross_between_processes_whole() -> None:
    sent = (reading := build_reading(), claims(reading), Review("s1", "statement", "accepted", "me", "2026-03-02T10:00:00Z"))
    assert pickle.loads(pickle.dumps(sent)) == sent
    assert {Reading, Statement, Claim} <= copyreg.dispatch_table.keys()  # not in the slow way of slotted dataclasses


@pytest.mark.parametrize("processes", [1, 2])
def test_a_function_is_mapped_in_order(processes: int) -> None:
    assert list(ingest.mapped(abs, list(range(-40, 0)), processes=processes)) == list(range(40, 0, -1))


def test_a_process_that_dies_while_mapping_is_an_error() -> None:
    with pytest.raises(AllegedlyError, match="ended unexpectedly"):
        list(ingest.mapped(os._exit, [3] * 20, processes=2))
