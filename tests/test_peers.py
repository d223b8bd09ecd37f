"""The benchmark beside other libraries: turns, tables and agreement, on toy peers. What the real ones do is measured, not tested."""

import json

import pytest

from benchmarks import peers
from benchmarks.peers import Found, Job, Measured, Peer, agreements, findings, laid_out, loaded, main, measure, speeds

TEXTS = ["Osk met Velm.", "Velm denied it."]


def names(text: str) -> Found:
    """Words with a capital, as spans."""
    at, spans = 0, []
    for word in text.split():
        at = text.index(word, at)
        if word[0].isupper():
            spans.append((at, at + len(word.strip("."))))
    return {"names": spans}


def ours() -> Job:
    return Job(str.upper, lambda given: given, lambda given: names(given.title()))


def theirs() -> Job:
    return Job(str, str, names)


def missing() -> Job:
    raise ModuleNotFoundError("No module named 'velm'")


OURS = Peer("Ours", "article", "names", ours)
THEIRS = Peer("Toy", "article", "names", theirs, beside="Ours")
MISSING = Peer("Velm's", "article", "names", missing, beside="Ours", install="pip install velm")


def measured(peer: Peer, *found: Found) -> Measured:
    return Measured(peer, [1.0] * len(found), list(found))


def test_one_that_is_not_installed_is_passed_over_with_a_word_on_how_to_install_it() -> None:
    said: list[str] = []
    assert [peer.name for peer, _ in loaded([OURS, MISSING], said.append)] == ["Ours"]
    assert said == ["Velm's was passed over (No module named 'velm'): pip install velm"]


def test_the_quickest_round_of_each_text_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 5.0, 5.0, 7.0, 10.0, 11.0, 11.0, 20.0])  # one peer, two texts, two rounds: 5, 2 and 1, 9 seconds
    monkeypatch.setattr(peers.time, "process_time", lambda: next(clock))
    (one,) = measure([(OURS, ours())], TEXTS, 2)
    assert one.seconds == [1.0, 2.0]
    assert len(one.found) == 2


def test_peers_take_turns_text_by_text() -> None:
    order: list[tuple[str, str]] = []

    def job(name: str) -> Job:
        return Job(str, lambda text: order.append((name, text)), lambda _: {})

    measure([(OURS, job("ours")), (THEIRS, job("toy"))], TEXTS, 1)
    assert order == [(name, text) for text in TEXTS for name in ("ours", "toy")]


def test_speeds_are_ratios_within_the_run() -> None:
    quick, slow = measured(THEIRS, {}, {}), measured(OURS, {}, {})
    quick.seconds = [0.25, 0.25]
    rows = speeds([slow, quick], words=100)
    assert [row["a second"] for row in rows] == [1.0, 4.0]
    assert [row["words a second"] for row in rows] == [50, 200]
    assert [row["times Allegedly"] for row in rows] == [1.0, 4.0]
    assert [row["times that"] for row in rows] == [None, 4.0]


def test_spans_agree_where_they_overlap() -> None:
    a, b = measured(THEIRS, {"names": [(0, 3), (8, 12)]}), measured(OURS, {"names": [(2, 4), (20, 25), (30, 31), (40, 41)]})
    (found,) = agreements(a, b)
    assert (found.theirs, found.ours, found.of_theirs, found.of_ours, found.given_up) == (2, 4, 0.5, 0.25, 0)


def test_words_agree_as_often_as_both_have_them() -> None:
    a, b = measured(THEIRS, {"words": ["osk", "osk", "velm"]}), measured(OURS, {"words": ["osk", "velm"]})
    (found,) = agreements(a, b)
    assert (found.of_theirs, found.of_ours) == (0.667, 1.0)


def test_a_text_that_a_peer_gave_up_on_is_left_out_and_counted() -> None:
    a, b = measured(THEIRS, {"names": [(0, 3)]}, {}), measured(OURS, {"names": [(0, 3)]}, {"names": [(0, 3)]})
    (found,) = agreements(a, b)
    assert (found.theirs, found.ours, found.given_up) == (1, 1, 1)


def test_tables_have_a_line_a_row() -> None:
    jobs = loaded([OURS, THEIRS], lambda _: None)
    run = measure(jobs, TEXTS, 1)
    table = laid_out(findings(run))
    assert table.splitlines()[0].split()[:4] == ["peer", "finds", "theirs", "ours"]
    assert table.splitlines()[1].split()[:2] == ["Toy", "names"]
    assert len({len(line.split("|")) for line in laid_out(findings(run), markdown=True).splitlines()}) == 1
    assert laid_out([]) == ""


@pytest.fixture
def toys(monkeypatch: pytest.MonkeyPatch) -> None:
    words = Peer("Ours, pages", "page", "text", lambda: Job(str, str.split, lambda found: {"words": found}))
    monkeypatch.setattr(peers, "PEERS", (OURS, THEIRS, MISSING, words))
    monkeypatch.setattr(peers, "texts", lambda kind, count: TEXTS[:count])


@pytest.mark.usefixtures("toys")
def test_the_whole_run_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json", "--rounds", "1", "--articles", "2", "--pages", "1"]) == 0
    told = capsys.readouterr()
    report = json.loads(told.out)
    assert [row["peer"] for row in report["articles"]["speed"]] == ["Ours", "Toy"]
    assert report["pages"]["words"] == 3
    assert "pip install velm" in told.err


@pytest.mark.usefixtures("toys")
def test_only_leaves_ours_in(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--only", "nobody", "--rounds", "1"]) == 0
    assert "Toy" not in capsys.readouterr().out


def test_texts_come_from_the_examples_where_there_is_no_corpus(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("ALLEGEDLY_DATA", str(tmp_path))
    assert len(peers.texts("article", 3)) == 3
    assert peers.texts("page", 3)[0].lstrip().startswith("<")
