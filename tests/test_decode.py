"""Scores to structures."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allegedly.decode import bio_spans, cue_of, lemma, missed_cues, spanning_tree, viterbi


def _score(scores: np.ndarray, heads: tuple[int, ...] | np.ndarray) -> float:
    return float(sum(scores[i, h] for i, h in enumerate(heads)))


def _is_tree(heads: tuple[int, ...] | np.ndarray) -> bool:
    if sum(h == 0 for h in heads) != 1:
        return False
    for i in range(len(heads)):
        at, seen = i + 1, set()
        while at and at not in seen:
            seen.add(at)
            at = int(heads[at - 1])
        if at:
            return False
    return True


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 5), st.integers(0, 10_000))
def test_spanning_tree_is_the_best_with_its_root(n: int, seed: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(n, n + 1)).astype(np.float32)
    heads = spanning_tree(scores)
    assert _is_tree(heads)
    root = int(np.flatnonzero(heads == 0)[0])
    rivals = [h for h in itertools.product(range(n + 1), repeat=n) if h[root] == 0 and _is_tree(h)]
    assert _score(scores, heads) == pytest.approx(max(_score(scores, h) for h in rivals), abs=1e-4)


@pytest.mark.parametrize("n", [60, 400])
def test_spanning_tree_of_a_long_sentence(n: int) -> None:
    assert _is_tree(spanning_tree(np.random.default_rng(n).normal(size=(n, n + 1)).astype(np.float32)))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 4), st.integers(2, 4), st.integers(0, 10_000))
def test_viterbi_finds_the_best_path(length: int, tags: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    scores, moves, starts = (rng.normal(size=shape).astype(np.float32) for shape in ((2, 5, tags), (tags, tags), (tags,)))
    longer = rng.normal(size=(2, tags + 2)).astype(np.float32), rng.normal(size=(tags + 2, tags + 2)).astype(np.float32)
    path = viterbi([(scores[0, :length], moves, starts), (*longer, longer[0][0]), (scores[1], moves, starts)])[0]

    def value(p: tuple[int, ...]) -> float:
        return float(starts[p[0]] + scores[0, range(length), p].sum() + sum(moves[a, b] for a, b in itertools.pairwise(p)))

    assert value(tuple(path)) == pytest.approx(max(map(value, itertools.product(range(tags), repeat=length))), abs=1e-4)


def test_bio_spans() -> None:
    names = ["O", "B-cue", "I-cue", "B-source", "I-source"]
    assert bio_spans([1, 2, 1, 0, 3, 4, 2], names) == [(0, 2, "cue"), (2, 3, "cue"), (4, 6, "source"), (6, 7, "cue")]
    assert bio_spans([], names) == []


ROLES = ["O", "B-source", "I-source", "B-cue", "I-cue", "B-content", "I-content"]
SAID = np.array([1, 2, 3, 5, 6, 0, 5])  # "[the mayor] [said] [farmers fled] and [returned]"


@pytest.mark.parametrize(
    ("points", "missed"),
    [
        ({0: 2, 3: 2, 6: 2}, []),
        ({0: 2, 3: 2, 6: 5}, [5]),  # the last content has a cue of its own, where the path has none
        ({0: 2, 3: 2, 6: 6}, []),  # it has none and points at itself
        ({0: 4, 3: 4, 6: 2}, [4]),
    ],
)
def test_missed_cues(points: dict[int, int], missed: list[int]) -> None:
    links = np.zeros((len(SAID), len(SAID)), np.float32)
    for row, column in points.items():
        links[row, column] = 9.0
    assert missed_cues(links, SAID, ROLES, 0.8).tolist() == missed
    assert missed_cues(links / 9, SAID, ROLES, 0.8).tolist() == []  # not sure enough


def test_cue_of() -> None:
    cues = [(2, 3, "cue"), (5, 7, "cue")]
    row = np.zeros(10, np.float32)
    row[6] = 9.0
    assert cue_of(row, (8, 10, "content"), cues)[0] == 1  # any word of a cue
    row[4] = 20.0
    assert cue_of(row, (8, 10, "content"), cues)[0] == -1  # its cue is not among them
    assert cue_of(row, (8, 10, "source"), cues)[0] == 1
    assert cue_of(row, (8, 10, "content"), []) == (-1, [])


@pytest.mark.parametrize(
    ("form", "upos", "script", "expected"),
    [
        ("Denied", "VERB", "3|y", "deny"),
        ("was", "AUX", "*|be", "be"),
        ("Osk", "PROPN", "0|", "Osk"),
        ("a", "DET", "3|", "a"),
        ("talks", "NOUN", "1|", "talk"),
    ],
)
def test_lemma(form: str, upos: str, script: str, expected: str) -> None:
    assert lemma(form, upos, script) == expected
