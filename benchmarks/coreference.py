"""Who is the same as whom: the CoNLL F1 of predicted mentions against a treebank's `Entity=` layer, singletons left out on both sides.

The CoNLL F1 is the mean of three F1s: MUC (Vilain et al. 1995), over links; B3 (Bagga & Baldwin 1998), over mentions; and CEAF-phi4
(Luo 2005), over chains matched one to one; see Pradhan et al. 2014, https://aclanthology.org/P14-2006. Two ways of saying that a
predicted mention is a gold one are reported. *Exact*: both have the same characters. *Head*: both have the same head word, the one
nearest in extent where several gold mentions share it; the primary measure of the CRAC shared tasks since 2023,
https://aclanthology.org/2023.crac-sharedtask.1, since what a mention includes of its relative clauses and punctuation says nothing of
who is meant.

Characters are counted without white space, so that texts need not be joined alike. A gold mention that crosses sentences counts; its
head is its first word whose own head lies outside it.
"""

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Figures = dict[str, float]
Chain = frozenset[Hashable]
Chains = Sequence[Chain]


@dataclass(frozen=True, slots=True)
class Place:
    """A mention: its characters and those of its head word."""

    start: int
    end: int
    head: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Document:
    """The chains of one document, each of two mentions or more."""

    id: str
    chains: tuple[tuple[Place, ...], ...]


# --- gold ----------------------------------------------------------------------------------------------------------------


def gold_documents(lines: Iterable[str]) -> list[Document]:
    """The chains of every document of a CoNLL-U file, numbered d00001, d00002, ... in their order."""
    return [Document(f"d{number:05d}", _chains(rows)) for number, rows in enumerate(_rows(lines), start=1)]


def gold_mentions(lines: Iterable[str]) -> dict[str, list[tuple[str, Place]]]:
    """Every mention of each document with the type of its entity, those of entities that are mentioned once too."""
    documents = enumerate(_rows(lines), start=1)
    return {f"d{number:05d}": [(kind, place) for _, kind, place in _mentions(rows)] for number, rows in documents}


def _rows(lines: Iterable[str]) -> Iterator[list[tuple[int, int, int, str]]]:
    """For each document its words as (start, end, place of the head or -1, entity brackets)."""
    words: list[tuple[int, int, int, str]] = []
    position, first, last_of_token = 0, 0, 0
    for line in lines:
        if line.startswith("# newdoc"):
            if words:
                yield words
            words, position = [], 0
        elif not line.strip():
            first, last_of_token = len(words), 0
        elif not line.startswith("#"):
            columns = line.rstrip("\n").split("\t")
            number, width = columns[0], len("".join(columns[1].split()))
            if "-" in number:
                last_of_token = int(number.partition("-")[2])
                token_end = position + width
            elif "." not in number:
                inside = int(number) <= last_of_token
                end = min(position + width, token_end) if inside else position + width
                if inside and int(number) == last_of_token:
                    end = token_end
                head = int(columns[6])
                brackets = next((m.removeprefix("Entity=") for m in columns[9].split("|") if m.startswith("Entity=")), "")
                words.append((position, end, first + head - 1 if head else -1, brackets))
                position = end
    if words:
        yield words


def _chains(words: Sequence[tuple[int, int, int, str]]) -> tuple[tuple[Place, ...], ...]:
    found: dict[str, list[Place]] = {}
    for name, _, place in _mentions(words):
        found.setdefault(name, []).append(place)
    return tuple(tuple(places) for places in found.values() if len(places) > 1)


def _mentions(words: Sequence[tuple[int, int, int, str]]) -> Iterator[tuple[str, str, Place]]:
    """The mentions of a document as they close: the entity's name, its type, the place."""
    opened: dict[str, list[tuple[int, str]]] = {}
    for at, (_, end, _, brackets) in enumerate(words):
        for part in re.findall(r"\([^()]*\)?|[^()]+\)", brackets):
            name, _, rest = part.strip("()").partition("-")
            if part.startswith("("):
                opened.setdefault(name, []).append((at, rest.partition("-")[0]))
            if part.endswith(")") and opened.get(name):
                first, kind = opened[name].pop()
                head = next((i for i in range(first, at + 1) if not first <= words[i][2] <= at), first)
                yield name, kind, Place(words[first][0], end, words[head][:2])


# --- readings ------------------------------------------------------------------------------------------------------------


def read_chains(reading: Mapping[str, Any]) -> tuple[tuple[Place, ...], ...]:
    """The entities of a reading that have two mentions or more."""
    before = [0]
    for character in reading.get("article", {}).get("text", ""):
        before.append(before[-1] + (not character.isspace()))
    chains: dict[str, list[Place]] = {}
    for mention in reading.get("mentions", ()):
        if mention["entity"] is not None:
            start, end = (before[x] for x in mention["head"])
            chains.setdefault(mention["entity"], []).append(Place(before[mention["start"]], before[mention["end"]], (start, end)))
    return tuple(tuple(places) for places in chains.values() if len(places) > 1)


def _by_span(gold: Document, got: Sequence[Sequence[Place]]) -> tuple[Chains, Chains]:
    def keyed(chains: Iterable[Iterable[Place]]) -> Chains:
        return [frozenset((place.start, place.end) for place in chain) for chain in chains]

    return keyed(gold.chains), keyed(got)


def _by_head(gold: Document, got: Sequence[Sequence[Place]]) -> tuple[Chains, Chains]:
    """Mentions as numbers; a predicted one has that of the free gold mention with its head that is nearest in extent, else its own."""
    numbered = [(place, number) for number, place in enumerate(place for chain in gold.chains for place in chain)]
    at_head: dict[int, list[tuple[Place, int]]] = {}
    for place, number in numbered:
        for character in range(*place.head):
            at_head.setdefault(character, []).append((place, number))
    taken: set[int] = set()

    def number_of(place: Place) -> Hashable:
        free = [(abs(p.start - place.start) + abs(p.end - place.end), n) for p, n in at_head.get(place.head[0], ()) if n not in taken]
        if not free:
            return place
        taken.add(min(free)[1])
        return min(free)[1]

    order = iter(number for _, number in numbered)
    wanted = [frozenset(next(order) for _ in chain) for chain in gold.chains]
    return wanted, [frozenset(number_of(place) for place in chain) for chain in got]


# --- measures ------------------------------------------------------------------------------------------------------------

Share = tuple[float, float]  # what counts as right, and of how much


def muc(gold: Chains, got: Chains) -> Share:
    """Links of `gold` that `got` has: each chain's mentions less the parts into which `got` splits them."""
    owner = {mention: number for number, chain in enumerate(got) for mention in chain}
    parts = [len({owner.get(mention, mention) if mention in owner else (mention,) for mention in chain}) for chain in gold]
    return sum(len(chain) - n for chain, n in zip(gold, parts, strict=True)), sum(len(chain) - 1 for chain in gold)


def b_cubed(gold: Chains, got: Chains) -> Share:
    """For each mention of `gold`, the share of its chain that it also meets in `got`."""
    owner = {mention: chain for chain in got for mention in chain}
    right = sum(len(chain & owner[mention]) / len(chain) for chain in gold for mention in chain if mention in owner)
    return right, sum(map(len, gold))


def ceaf(gold: Chains, got: Chains) -> Share:
    """The likeness (twice the shared mentions over all) of chains matched one to one for the greatest sum."""
    table = [[2 * len(one & other) / (len(one) + len(other)) for other in got] for one in gold]
    return assignment(table), len(gold)


def assignment(table: Sequence[Sequence[float]]) -> float:
    """The greatest sum of one cell from each row and column at most (Kuhn 1955; shortest augmenting paths, cubic time)."""
    if not table or not table[0]:
        return 0.0
    rows = table if len(table) <= len(table[0]) else [list(column) for column in zip(*table, strict=True)]
    n, m = len(rows), len(rows[0])
    up, across, row_of = [0.0] * (n + 1), [0.0] * (m + 1), [0] * (m + 1)
    for row in range(1, n + 1):
        row_of[0], at = row, 0
        least, back, done = [float("inf")] * (m + 1), [0] * (m + 1), [False] * (m + 1)
        while row_of[at]:
            done[at], here, step, following = True, row_of[at], float("inf"), 0
            for column in range(1, m + 1):
                if not done[column]:
                    slack = -rows[here - 1][column - 1] - up[here] - across[column]
                    if slack < least[column]:
                        least[column], back[column] = slack, at
                    if least[column] < step:
                        step, following = least[column], column
            for column in range(m + 1):
                if done[column]:
                    up[row_of[column]] += step
                    across[column] -= step
                else:
                    least[column] -= step
            at = following
        while at:
            row_of[at], at = row_of[back[at]], back[at]
    return sum(rows[row_of[column] - 1][column - 1] for column in range(1, m + 1) if row_of[column])


MEASURES: dict[str, Callable[[Chains, Chains], Share]] = {"muc": muc, "b3": b_cubed, "ceaf": ceaf}


def f1s(pairs: Iterable[tuple[Chains, Chains]]) -> Figures:
    """MUC, B3 and CEAF F1 over documents, their counts summed, and `conll`, the mean of the three."""
    counts = {name: [0.0, 0.0, 0.0, 0.0] for name in MEASURES}
    for gold, got in pairs:
        for name, score in MEASURES.items():
            for place, value in enumerate((*score(gold, got), *score(got, gold))):
                counts[name][place] += value
    figures = {}
    for name, (recalled, wanted, precise, predicted) in counts.items():
        recall, precision = (recalled / wanted if wanted else 1.0), (precise / predicted if predicted else 1.0)
        figures[name] = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    return {"conll": sum(figures.values()) / len(figures), **figures}


def coreference(gold: Sequence[Document], readings: Mapping[str, Mapping[str, Any]]) -> Figures:
    """CoNLL F1 with mentions matched by head, the three that it is the mean of, and CoNLL F1 with mentions matched by span."""
    got = {document.id: read_chains(readings.get(document.id, {})) for document in gold}
    by_head = f1s(_by_head(document, got[document.id]) for document in gold)
    by_span = f1s(_by_span(document, got[document.id]) for document in gold)
    return {**by_head, "conll_exact": by_span["conll"]}
