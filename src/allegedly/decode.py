"""Scores to structures: Viterbi over tag chains, spans and the cues they belong to, maximum spanning trees, lemmas. No model in here."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt

from allegedly.pieces import Ints

Floats = npt.NDArray[np.float32]
Stretch = tuple[int, int, str]
"""Atoms [start, end) and what they are."""


def softmax(scores: Floats) -> Floats:
    """Softmax over the last axis."""
    e = np.exp(scores - np.maximum.reduce(scores, -1, keepdims=True))
    return np.divide(e, np.add.reduce(e, -1, keepdims=True), dtype=np.float32)


def mean(values: Floats) -> float:
    """The mean (of one axis), as `ndarray.mean` gives it, which takes longer to begin."""
    return float(np.add.reduce(values) / np.float32(len(values)))


def viterbi(chains: list[tuple[Floats, Floats, Floats]]) -> list[Ints]:
    """Best tag paths (atoms,) of linear chains (Viterbi 1967), each of any length, with tags of its own.

    A chain is its scores (atoms, tags), its moves (tags, tags), where `moves[a, b]` is for a then b, and its starts (tags,). All step
    together; what a chain has no tags for is never reached.
    """
    lengths = [len(scores) for scores, _, _ in chains]
    depth, tags, count = max(lengths), max(len(starts) for _, _, starts in chains), len(chains)
    moves = np.full((tags, count, tags), -np.inf, np.float32)  # [from, chain, to]
    scores = np.zeros((depth, count, tags), np.float32)
    values = np.full((depth, count, tags), -np.inf, np.float32)
    for row, (given, own, starts) in enumerate(chains):
        own_tags = len(starts)
        moves[:own_tags, row, :own_tags] = own
        scores[: len(given), row, :own_tags] = given
        values[0, row, :own_tags] = starts + given[0]
    step = np.empty_like(moves)
    for before, after, given in zip(list(values.transpose(0, 2, 1)[..., None]), list(values[1:]), list(scores[1:]), strict=False):
        np.add(before, moves, step)
        np.maximum.reduce(step, 0, None, after)
        np.add(after, given, after)
    back = (values[:-1, :, None, :] + np.ascontiguousarray(moves.transpose(1, 2, 0))).argmax(-1)
    paths = []
    for row, length in enumerate(lengths):
        tag = int(values[length - 1, row].argmax())
        path = [tag]
        for choices in reversed(back[: length - 1, row].tolist()):
            tag = choices[tag]
            path.append(tag)
        paths.append(np.array(path[::-1], np.int64))
    return paths


def bio_spans(tags: list[int], names: list[str]) -> list[Stretch]:
    """Half-open spans (start, end, label) of a BIO path."""
    out: list[Stretch] = []
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


def missed_cues(links: Floats, tags: Ints, names: list[str], least: float) -> Ints:
    """Atoms outside every cue of a path of roles that a source or content points at with this probability: a cue begins there.

    `links` (atoms, atoms) are scores of the cue's first atom for each span's first; a content without a cue points at itself.
    """
    rows = np.array([start for start, _, role in bio_spans(tags.tolist(), names) if role != "cue"], np.int64)
    if not len(rows):
        return rows
    likely = softmax(links[rows])
    top = likely.argmax(-1)
    outside = ~np.isin(tags[top], [names.index("B-cue"), names.index("I-cue")]) & (top != rows)
    return np.array(sorted(set(top[outside & (likely.max(-1) >= least)].tolist())), np.int64)


def cue_of(links: Floats, span: Stretch, cues: list[Stretch]) -> tuple[int, list[float]]:
    """The cue that a source or content belongs to, -1 for none, and how likely each is, from its row of link scores (atoms,).

    A content that rather points at an atom outside of them all belongs to none.
    """
    if not cues:
        return -1, []
    every = softmax(links)
    likely = [float(every[start:end].sum()) for start, end, _ in cues]
    best = max(range(len(cues)), key=likely.__getitem__)
    top = int(every.argmax())
    elsewhere = span[2] == "content" and likely[best] < 0.5 and top != span[0] and not cues[best][0] <= top < cues[best][1]
    return -1 if elsewhere else best, likely


def _cycle(heads: list[int]) -> list[int]:
    """Nodes of a cycle among `heads` (node 0 is the root and has none), or nothing."""
    colour = [0] * len(heads)
    colour[0] = 2
    for node in range(1, len(heads)):
        path, at = [], node
        while colour[at] == 0:
            colour[at] = 1
            path.append(at)
            at = heads[at]
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
        cycle = _cycle(heads.tolist())
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
    scores = scores.copy()
    scores.reshape(-1)[1 :: n + 2] = -np.inf  # no word is its own head
    heads: Ints = scores.argmax(1)
    greedy = [0, *heads.tolist()]
    if greedy.count(0) == 2 and not _cycle(greedy):
        return heads
    square = np.full((n + 1, n + 1), -np.inf)
    square[1:] = scores
    roots = np.flatnonzero(heads == 0)
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
