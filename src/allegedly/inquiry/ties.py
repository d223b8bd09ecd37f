"""Rows behind pictures of ties: who is said to act on whom, and how outlets stand to one another. `series` says what holds of all rows."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from allegedly.inquiry.held import Held
from allegedly.inquiry.series import (
    IN_WORDS,
    LANES,
    MOST,
    Counted,
    Shown,
    Standing,
    Step,
    Sum,
    counted_over,
    left,
    place_in,
    standing,
    stretches,
)

if TYPE_CHECKING:
    from allegedly.ledger import Filters, Ledger
    from allegedly.ledger.tallies import Act, Bearer, Part, Tallied

NODES = 30
"""Persons, bodies and places that a network draws."""


# --- who acts on whom ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Node:
    """Somebody or something that acts or is acted on. `identity` is the ledger's number, None where comparison has not recognised it.

    `named` is false for whom a description with a name in it tells apart ("the bridge at Osk"), not a name.
    """

    name: str
    type: str
    named: bool
    identity: int | None
    statements: int


@dataclass(frozen=True, slots=True)
class Edge:
    """What one is said to do to another, of one quad class and standing; `acts` are PLOVER's types with how often."""

    actor: str
    recipient: str
    quad: int
    acts: str
    standing: Standing
    statements: int
    copied: int
    own_voice: int
    according_to: int
    articles: int
    outlets: int
    earliest: str | None
    latest: str | None


@dataclass(frozen=True, slots=True)
class Network:
    """Who is said to act on whom. `at` is the stretch that is shown, None for the whole time; nodes are those of the whole time."""

    step: Step
    stretches: tuple[tuple[str, str], ...]
    at: int | None
    nodes: tuple[Node, ...]
    rows: tuple[Edge, ...]
    ends: tuple[tuple[int, int], ...]
    """For each row, the places of its actor and its recipient in `nodes`."""
    ties: tuple[tuple[int, int, int], ...]
    """(node, node, statements) of the whole time, whatever the class: what the layout is made from."""
    counted: Counted


def network(
    ledger: "Ledger",
    words: str = "",
    filters: "Filters | None" = None,
    *,
    at: int | None = None,
    step: Step | None = None,
    shown: Shown = "happened",
    found: "Tallied[Act] | None" = None,
) -> Network:
    """Who is said to act on whom: those who are named, recognised, or described with a name ("the Ardovian army"); of "the army" nobody
    knows which.

    `at` shows one stretch of time; what is drawn where stays as it is for the whole time. `found` is what is counted, where it is known:
    otherwise the newest `MOST` articles that fit.
    """
    found = found or ledger.acts(words, filters, most=MOST)
    said, decided = left(ledger, found, Held.counted, roles=("actor", "recipient"))
    out: Counter[str] = Counter({why: count for count, why in decided})
    pairs = list(_pairs(said, shown, out))
    weights = Counter(one for _, *ends in pairs for one in ends)
    names = {_node(who): who for act, _, _ in pairs for who in (act.actor, act.recipient)}
    chosen = _most(pairs, weights)
    number = {key: place for place, key in enumerate(chosen)}
    drawn = [pair for pair in pairs if pair[1] in number and pair[2] in number]
    out["between others than the most named"] = len(pairs) - len(drawn)
    cut_step, cut = stretches([act.day for act, _, _ in drawn if act.day], step)
    at = at if at is not None and 0 <= at < len(cut) else None
    place = place_in(cut)
    ties: Counter[tuple[int, int]] = Counter()
    sums: dict[tuple[int, int, int, Standing], tuple[Sum, list[Act]]] = {}
    for act, actor, recipient in drawn:
        pair = (number[actor], number[recipient])
        ties[min(pair), max(pair)] += 1
        if at is not None and (act.day is None or place(act.day) != at):
            out["outside the time shown, or without a date"] += 1
            continue
        total, mine = sums.setdefault((*pair, act.quad, standing(act.polarity, act.status)), (Sum(), []))
        total.add(act.article, own=act.own, copied=act.copied)
        mine.append(act)
    nodes = tuple(
        Node(who.name, who.type, who.named or who.identity is not None, who.identity, weights[key])
        for key in chosen
        for who in (names[key],)
    )
    ordered = sorted(sums, key=lambda key: (-sums[key][0].statements, key))
    edges = tuple(_edge(nodes, key, *sums[key]) for key in ordered)
    ends = tuple(key[:2] for key in ordered)
    counted = counted_over(ledger, found.articles, more=found.more, left_out=[(count, why) for why, count in out.items()])
    return Network(cut_step, cut, at, nodes, edges, ends, tuple((*tie, count) for tie, count in sorted(ties.items())), counted)


def _most(pairs: Iterable[tuple["Act", tuple[str, ...], tuple[str, ...]]], weights: Mapping[tuple[str, ...], int]) -> list[tuple[str, ...]]:
    """Those who are drawn: the pairs of most statements before the others, so that nobody stands alone."""
    ties = Counter(tuple(sorted((actor, recipient))) for _, actor, recipient in pairs)
    chosen: dict[tuple[str, ...], None] = {}
    for tie in sorted(ties, key=lambda tie: (-ties[tie], -sum(weights[one] for one in tie), tie)):
        if len(chosen.keys() | set(tie)) <= NODES:
            chosen.update(dict.fromkeys(tie))
    return sorted(chosen, key=lambda key: (-weights[key], key))


def _node(who: "Bearer") -> tuple[str, ...]:
    return ("", str(who.identity)) if who.identity is not None else (who.name.casefold(), who.type)


def _pairs(rows: Iterable["Act"], shown: Shown, left: Counter[str]) -> Iterable[tuple["Act", tuple[str, ...], tuple[str, ...]]]:
    """The statements to draw, once for each pair of parties; the others are counted with the reason."""
    seen = set()
    rows = tuple(rows)
    met: dict[str, set[int]] = {}
    for act in rows:
        for who in (act.actor, act.recipient):
            met.setdefault(who.name, set()).add(act.article)
    for act in rows:
        at = standing(act.polarity, act.status)
        actor, recipient = _node(act.actor), _node(act.recipient)
        if (act.statement, actor, recipient) in seen:
            continue
        seen.add((act.statement, actor, recipient))
        if not all(_told_apart(who, len(met[who.name])) for who in (act.actor, act.recipient)):
            left["with an actor or recipient whom no name tells apart"] += 1
        elif actor == recipient:
            left["of somebody on themselves"] += 1
        elif shown not in ("all", at):
            left[IN_WORDS[at]] += 1
        else:
            yield act, actor, recipient


def _told_apart(who: "Bearer", articles: int) -> bool:
    """A name or an identity, or a description with a name in it; that a capitalised first word is one, only several articles show."""
    first, *rest = who.name.split()
    capital = any(word[:1].isupper() for word in rest) or (bool(rest) and first[:1].isupper() and articles > 1)
    return who.named or who.identity is not None or capital


def _edge(nodes: Sequence[Node], key: tuple[int, int, int, Standing], total: Sum, mine: Sequence["Act"]) -> Edge:
    source, goal, quad, at = key
    acts = Counter(act.type for act in mine)
    said = ", ".join(f"{name} {count}" for name, count in sorted(acts.items(), key=lambda item: (-item[1], item[0])))
    days = sorted(act.day for act in mine if act.day)
    outlets = len({act.outlet for act in mine})
    dates: tuple[str | None, str | None] = (days[0], days[-1]) if days else (None, None)
    return Edge(
        nodes[source].name,
        nodes[goal].name,
        quad,
        said,
        at,
        *total.counts,
        outlets,
        *dates,
    )


# --- how outlets stand to one another --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pair:
    """Two outlets over the matters in which both take part, in any voice ("any") or in their authors' own ("own").

    `same`: both affirm, both deny, or both give both sides. `opposite`: the one only affirms what the other only denies. `partly`: the one
    gives both sides, the other one of them. `copied` counts matters where either has only statements in passages shared with an earlier
    article: these are in none of the other counts.
    """

    outlet: str
    other: str
    voices: Literal["any", "own"]
    matters: int
    same: int
    partly: int
    opposite: int
    copied: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """Outlets, those of most matters before the others, and every pair of them."""

    outlets: tuple[str, ...]
    rows: tuple[Pair, ...]
    matters: int
    counted: Counted


def agreement(ledger: "Ledger") -> Agreement:
    """How often two outlets are on the same side of the matters in which both take part."""
    found = ledger.parts(most=MOST)
    parts, decided = left(ledger, found, Held.part)
    unlike = [(count, f"{_noun(count, 'statement')} {why}") for count, why in decided]
    return agreement_among(parts, counted_over(ledger, found.articles, more=found.more, left_out=unlike))


def agreement_among(parts: Sequence["Part"], counted: Counted) -> Agreement:
    """The same of these statements; the `LANES` outlets in most matters are shown."""
    part: Counter[str] = Counter(outlet for _, outlet in {(one.matter, one.outlet) for one in parts})
    outlets = tuple(sorted(part, key=lambda name: (-part[name], name))[:LANES])
    rows: list[Pair] = []
    choices: tuple[Literal["any", "own"], ...] = ("any", "own")
    for voices in choices:
        said = [one for one in parts if voices == "any" or one.stand in ("asserts", "denies")]
        sides = _sides(said)
        rows += [_pair(one, other, voices, sides) for one, other in combinations(outlets, 2)]
    if more := len(part) - len(outlets):
        counted = replace(counted, left_out=((more, f"{_noun(more, 'outlet')} with fewer matters"), *counted.left_out))
    return Agreement(outlets, tuple(rows), len({one.matter for one in parts}), counted)


def _noun(count: int, one: str) -> str:
    return one if count == 1 else f"{one}s"


def _sides(rows: Iterable["Part"]) -> dict[str, dict[int, set[bool]]]:
    """By outlet and matter, whether it is affirmed, denied, or both, by what is not copied; empty where all is."""
    sides: dict[str, dict[int, set[bool]]] = {}
    for one in rows:
        mine = sides.setdefault(one.outlet, {}).setdefault(one.matter, set())
        if not one.copied:
            mine.add(one.stand in ("asserts", "reports"))
    return sides


def _pair(one: str, other: str, voices: Literal["any", "own"], sides: Mapping[str, Mapping[int, set[bool]]]) -> Pair:
    mine, theirs = sides.get(one, {}), sides.get(other, {})
    counts: Counter[str] = Counter()
    for matter in mine.keys() & theirs.keys():
        a, b = mine[matter], theirs[matter]
        counts["copied" if not a or not b else "same" if a == b else "partly" if a & b else "opposite"] += 1
    both = counts["same"] + counts["partly"] + counts["opposite"]
    return Pair(one, other, voices, both, counts["same"], counts["partly"], counts["opposite"], counts["copied"])
