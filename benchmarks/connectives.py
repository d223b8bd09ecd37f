"""Explicit connectives that give a reason, condition, contrast or concession, against GUM's annotation after the Penn Discourse Treebank 3.

What is measured is the reading: a connective counts as found when a reason has it as its marker. Gold are the connectives of GUM's `PDTB=`
with a sense of Contingency or Comparison whose words are in `connectives.toml`; prepositions are left out on both sides, since PDTB
annotates them only before happenings. `recall_all` is over those senses with any words,
"and", "when" and "by" among them, which are not looked for.
`sense` is the share of the found ones with the right one of cause, purpose, condition and comparison; `sides` the share of those with
two clauses whose statements lie in the right arguments.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from allegedly.language import table
from benchmarks.measures import Figures, Tally, ratio

LOOKED_FOR = ("subordinator", "coordinator", "adverbial")
GROUPS = {"Cause": "cause", "Purpose": "purpose", "Condition": "condition", "Negative-condition": "condition"}


@dataclass(frozen=True, slots=True)
class Gold:
    """A connective: its place and its arguments as positions of solid characters, its words, and the groups of its senses."""

    places: frozenset[int]
    word: str
    groups: frozenset[str]
    first: frozenset[int]
    second: frozenset[int]


def group(sense: str) -> str:
    """Cause, purpose, condition or comparison; empty for any other sense."""
    parts = sense.split(".")
    if parts[0] == "Comparison":
        return "" if parts[1:2] == ["Similarity"] else "comparison"
    return GROUPS.get(parts[1].partition("+")[0], "") if parts[0] == "Contingency" and len(parts) > 1 else ""


def _numbers(ranges: str) -> list[int]:
    out: list[int] = []
    for part in ranges.split(","):
        first, _, last = part.partition("-")
        out += range(int(first), int(last or first) + 1)
    return out


def documents(lines: Iterable[str]) -> list[list[Gold]]:
    """The connectives of each document of a CoNLL-U file with GUM's `PDTB=` annotations."""
    out: list[list[Gold]] = []
    words: list[range] = []
    marks: list[str] = []
    position, several, surface = 0, range(0), range(0)

    def close() -> None:
        if words:
            out.append(_connectives(words, marks))

    for line in lines:
        columns = line.rstrip("\n").split("\t")
        if line.startswith("# newdoc"):
            close()
            words, marks, position = [], [], 0
        if len(columns) < 10 or "." in columns[0]:
            continue
        first, dash, last = columns[0].partition("-")
        width = len("".join(columns[1].split()))
        if dash:
            several, surface = range(int(first), int(last) + 1), range(position, position + width)
        inside = not dash and int(first) in several
        if not dash:
            words.append(surface if inside else range(position, position + width))
            marks += [m[5:] for m in columns[9].split("|") if m.startswith("PDTB=")]
        if not inside:
            position += width
            several = several if dash else range(0)
    close()
    return out


def _connectives(words: Sequence[range], marks: Iterable[str]) -> list[Gold]:
    """One record a connective: the senses of one that has two are put together."""
    found: dict[str, Gold] = {}
    for relation in (r for mark in marks for r in mark.split(";")):
        parts = relation.split(":")
        if parts[0] != "Explicit" or len(parts) != 6 or "_" in parts[3:] or not (kind := group(parts[1])):
            continue
        spans = [frozenset(p for n in _numbers(numbers) for p in words[n - 1]) for numbers in parts[3:]]
        known = found.get(parts[3])
        groups = frozenset({kind}) | (known.groups if known else frozenset())
        found[parts[3]] = Gold(spans[0], parts[2].lower(), groups, spans[1], spans[2])
    return list(found.values())


@dataclass(frozen=True, slots=True)
class _Found:
    places: frozenset[int]
    group: str
    ends: tuple[frozenset[int], frozenset[int]]


def _found(reading: Mapping[str, Any], known: frozenset[str]) -> list[_Found]:
    """The reasons of a reading whose markers are connectives that are looked for."""
    text = reading["article"]["text"]
    solid = [0]
    for c in text:
        solid.append(solid[-1] + (not c.isspace()))

    def places(spans: Iterable[Sequence[int]]) -> frozenset[int]:
        return frozenset(p for s, e in spans for p in range(solid[s], solid[e]))

    predicates = {s["id"]: places(s["predicate"]) for s in reading["statements"]}
    out = []
    for reason in reading["reasons"]:
        kind = group(reason["rule"])
        if kind and reason["marker"] and " ".join(text[slice(*reason["marker"])].lower().split()) in known:
            out.append(_Found(places([reason["marker"]]), kind, (predicates[reason["from"]], predicates[reason["to"]])))
    return out


def measure(lines: Sequence[str], outputs: Sequence[str]) -> Figures:
    """Precision, recall and F1 of connectives, and what is right of those that were found."""
    lexicon = table("connectives")
    known = frozenset(word for kind in LOOKED_FOR for word in lexicon[kind])
    readings = {reading["article"]["id"]: reading for reading in map(json.loads, outputs)}
    right = sense = sides = predicted = wanted = every = 0
    for number, gold in enumerate(documents(lines), start=1):
        reading = readings.get(f"d{number:05d}")
        every += len(gold)
        ours = [g for g in gold if known & {g.word, g.word.removesuffix(" then"), f"{g.word} to"}]
        wanted += len(ours)
        found = _found(reading, known) if reading else []
        predicted += len(found)
        for one in found:
            match = next((g for g in ours if g.places & one.places), None)
            if match is None:
                continue
            right += 1
            sense += one.group in match.groups
            either = ((match.first, match.second), (match.second, match.first))
            sides += any(a & one.ends[0] and b & one.ends[1] for a, b in either)
    tally = Tally(right, predicted, wanted)
    return {
        "f1": tally.f1,
        "precision": ratio(right, predicted),
        "recall": ratio(right, wanted),
        "recall_all": ratio(right, every),
        "sense": ratio(sense, right),
        "sides": ratio(sides, right),
    }
