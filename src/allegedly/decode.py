"""Scores to structures: Viterbi over tag chains, maximum spanning trees, BIO spans, lemmas from edit scripts. No model in here."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from allegedly.pieces import Ints

Floats = npt.NDArray[np.float32]


def softmax(scores: Floats) -> Floats:
    """Softmax over the last axis."""
    e = np.exp(scores - scores.max(-1, keepdims=True))
    out: Floats = e / e.sum(-1, keepdims=True)
    return out


def viterbi(scores: list[Floats], moves: Floats, starts: Floats) -> list[Ints]:
    """Best tag paths (atoms,) of linear chains (Viterbi 1967), one for each of `scores`, of shape (atoms, tags) and any length.

    `moves[a, b]` is for a then b, `starts` (tags,). All chains step together.
    """
    lengths = [len(s) for s in scores]
    depth, tags = max(lengths), len(starts)
    padded = np.zeros((depth, len(scores), tags), np.float32)
    for row, s in enumerate(scores):
        padded[: len(s), row] = s
    back = np.zeros((depth, len(scores), tags), np.int64)
    values = np.empty_like(padded)
    values[0] = starts + padded[0]
    flipped = np.ascontiguousarray(moves.T)  # [to, from]: the maximum runs over the last axis
    for t in range(1, depth):
        step = values[t - 1][:, None, :] + flipped
        step.argmax(-1, out=back[t])
        np.add(np.maximum.reduce(step, -1), padded[t], out=values[t])
    paths = []
    for row, length in enumerate(lengths):
        tag = int(values[length - 1, row].argmax())
        path, choices = [tag], back[:length, row].tolist()
        for t in range(length - 1, 0, -1):
            tag = choices[t][tag]
            path.append(tag)
        paths.append(np.array(path[::-1], np.int64))
    return paths


def bio_spans(tags: list[int], names: list[str]) -> list[tuple[int, int, str]]:
    """Half-open spans (start, end, label) of a BIO path."""
    out: list[tuple[int, int, str]] = []
    start, label = -1, ""
    for i, tag in enumerate([*tags, 0]):
        name = names[tag]
        if name.startswith("I-") and start >= 0 and name[2:] == label:
            continue
        if start >= 0:
            out.append((start, i, label))
            start = -1
        if name != "O":
            start, label = i, name[2:]
    return out


def _cycle(heads: Ints) -> list[int]:
    """Nodes of a cycle among `heads` (node 0 is the root and has none), or nothing."""
    colour = [0] * len(heads)
    colour[0] = 2
    for node in range(1, len(heads)):
        path, at = [], node
        while colour[at] == 0:
            colour[at] = 1
            path.append(at)
            at = int(heads[at])
        if colour[at] == 1:
            return path[path.index(at) :]
        for i in path:
            colour[i] = 2
    return []


def _arborescence(scores: npt.NDArray[np.float64]) -> Ints:
    """Chu-Liu/Edmonds: heads (n,) of the best tree rooted in node 0 for `scores[dependent, head]` (n, n); a loop, no recursion."""
    levels: list[tuple[Ints, list[int], Ints, Ints, Ints]] = []
    while True:
        n = len(scores)
        np.fill_diagonal(scores, -np.inf)
        heads: Ints = scores.argmax(1)
        heads[0] = 0
        cycle = _cycle(heads)
        if not cycle:
            break
        inside = np.zeros(n, bool)
        inside[cycle] = True
        outside = np.flatnonzero(~inside)
        members = np.flatnonzero(inside)
        m = len(outside)
        smaller = np.full((m + 1, m + 1), -np.inf)
        smaller[:m, :m] = scores[np.ix_(outside, outside)]
        from_cycle = scores[np.ix_(outside, members)]
        leave = members[from_cycle.argmax(1)]
        smaller[:m, m] = from_cycle.max(1)
        gain = scores[np.ix_(members, outside)] - scores[members, heads[members]][:, None]
        enter = members[gain.argmax(0)]
        smaller[m, :m] = gain.max(0)
        smaller[0, :] = -np.inf
        levels.append((heads, members.tolist(), outside, leave, enter))
        scores = smaller
    for upper, inner, outside, leave, enter in reversed(levels):
        m = len(outside)
        full = np.zeros(len(upper), np.int64)
        full[inner] = upper[inner]
        for i in range(1, m):
            full[outside[i]] = outside[heads[i]] if heads[i] < m else leave[i]
        parent = int(heads[m])
        broken = int(enter[parent])
        full[broken] = outside[parent]
        heads = full
    return heads


def spanning_tree(scores: Floats) -> Ints:
    """Heads (n,) of the best dependency tree with one root word: 0 is the root, i + 1 the word i. `scores` (n, n + 1), column 0 the root.

    Greedy where greedy gives a tree, else Chu-Liu/Edmonds with the best root word fixed.
    """
    n = len(scores)
    if n == 1:
        return np.zeros(1, np.int64)
    square = np.full((n + 1, n + 1), -np.inf)
    square[1:] = scores
    np.fill_diagonal(square, -np.inf)
    heads = square.argmax(1)
    heads[0] = 0
    roots = np.flatnonzero(heads[1:] == 0)
    if len(roots) == 1 and not _cycle(heads):
        return np.asarray(heads[1:], np.int64)
    margin = square[1:, 0] - square[1:, 1:].max(1)
    root = int((roots if len(roots) else np.arange(n))[np.argmax(margin[roots] if len(roots) else margin)]) + 1
    square[1:, 0] = -np.inf
    square[root, :] = -np.inf
    square[root, 0] = 0.0
    finite = np.where(np.isneginf(square), -1e6, square)
    finite[root, 1:] = -1e12
    finite[1:, 0] = np.where(np.arange(1, n + 1) == root, 0.0, -1e12)
    return np.asarray(_arborescence(finite)[1:], np.int64)


@lru_cache(maxsize=1 << 14)
def lemma(form: str, upos: str, script: str) -> str:
    """Apply a "strip|add" edit script to a form. Proper nouns keep their capitals; a script that does not fit leaves the form as it is."""
    strip, add = script.split("|", 1)
    low = form if upos == "PROPN" else form.lower()
    if strip == "*":
        return add if upos != "PROPN" else form
    count = int(strip)
    if count >= len(low):
        return low
    return low[: len(low) - count] + add
