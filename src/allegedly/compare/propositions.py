"""Whether two claims say the same, the one denies the other, or neither; and two whole texts set side by side.

Predicates are related by meaning (`compare.meaning`), participants aligned, and polarity, status and amounts compared, in the manner of
natural logic over aligned edits (MacCartney & Manning 2008) and of the types of contradiction of de Marneffe, Rafferty & Manning (2008):
antonyms, negation, numbers. A denial needs opposite polarity, opposite acts or incompatible amounts of what is otherwise one proposition;
a negation in both claims is no evidence of anything. What is planned, demanded, possible or conditional is not what happened.
Not done: world knowledge (a besieged town is not at peace), irony, and what follows only from several sentences together.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from allegedly.compare.claims import claims, sentence_claims
from allegedly.compare.meaning import NEAR, contraries_of, contrary, kinship, known, meanings, relation, wordnet
from allegedly.compared import Argument, Claim, Label, Verdict, key
from allegedly.records import Article, Reading

LEAST_NEAR = 0.5
"""The least kinship of two predicates for their claims to be compared at all."""
LEAST_PAIR = 0.45
SAME_FROM, DENIES_FROM = 0.55, 0.5
"""Scores from which a pair of texts is labelled."""
_WEIGHTS = {"actor": 1.0, "core": 1.0, "clause": 0.5, "manner": 0.35, "event": 0.3}
_OBLIQUE = 0.45
_PLACES = frozenset({"in", "at", "near", "inside", "outside", "on", "from", "across", "around", "within", "into", "along"})
_LOOSE = frozenset(
    {
        *_PLACES,
        "manner",
        "clause",
        "after",
        "before",
        "during",
        "since",
        "until",
        "as",
        "amid",
        "over",
        "under",
        "despite",
        "for",
        "through",
    }
)
_ABOUT = ("core", "event", "clause", "actor")
"""The parts of what a claim is mainly about, the likeliest first."""
_SWAPPING = ("from", "to", "by", "under", "of", "for", "with", "among")
_UNNAMED = frozenset(
    {
        "it",
        "he",
        "she",
        "they",
        "this",
        "that",
        "who",
        "which",
        "we",
        "i",
        "you",
        "him",
        "them",
        "her",
        "what",
        "itself",
        "themselves",
        "himself",
        "herself",
    }
)


# --- participants ----------------------------------------------------------------------------------------------------------


def _amount(argument: Argument) -> tuple[float, float, bool] | None:
    if argument.words and argument.words[-1].startswith("#"):
        low, high = argument.words[-1][1:].rstrip("%").split(":")
        return float(low), float(high), argument.words[-1].endswith("%")
    return None


def incompatible(a: Argument, b: Argument) -> bool:
    """Whether both say how many, in the same measure, and the amounts have nothing in common (2 % of leeway)."""
    x, y = _amount(a), _amount(b)
    if x is None or y is None or x[2] != y[2] or not meanings().grammar["others"].isdisjoint((*a.words, *b.words)):
        return False
    strict = any(bound % 1 for bound in (x[1], y[1]))  # "below 80" ends just below it
    leeway = 0.0 if strict else 0.02 * min(x[1], y[1])
    return x[1] + leeway < y[0] or y[1] + leeway < x[0]


@lru_cache(maxsize=1 << 18)
def _heads(a: str, b: str) -> float:
    """Kinship of two heads. A name is near another that is part of it ("massoud", "ahmad massoud"); different names are not akin."""
    if a == b:
        return 1.0
    if a == "*" or b == "*" or a in _UNNAMED or b in _UNNAMED:
        return 0.7
    x, y = a.split(), b.split()
    if not x or not y:
        return 0.0
    if len(x) != len(y) and (set(x) <= set(y) or set(y) <= set(x)):
        return 0.9
    return kinship(a, b)


@lru_cache(maxsize=1 << 18)
def likeness(a: Argument, b: Argument) -> float:
    """How well two participants go together, from -1 (opposite places) over 0 to 1. Amounts are compared elsewhere."""
    if a.role == b.role and a.role in ("manner", "clause") and a.head.strip("-") == b.head.strip("-") and a.head != b.head:
        return -1.0
    if a.role != b.role and "than" in (a.role, b.role):
        return 0.0
    near = _heads(a.head, b.head)
    if (a.role == "clause") != (b.role == "clause"):
        clause, other = (a, b) if a.role == "clause" else (b, a)
        if other.head == "*" or other.head in _UNNAMED:
            return 0.0
        return max(0.85 * _heads(w, other.head) for w in (clause.head, *clause.words))
    if near < NEAR and a.words and b.words and a.words[-1].endswith("%") and b.words[-1].endswith("%"):
        near = 0.9  # "a fifth", "20 percent"
    x = [w for w in a.words if w[0] != "#"]
    y = [w for w in b.words if w[0] != "#"]
    if near < NEAR:
        members = meanings().grammar["members"]
        if (a.head in members and b.head in x and not y) or (b.head in members and a.head in y and not x):
            return 0.75
        if any(_heads(a.head, w) > 0.9 for w in y) and b.head in meanings().grammar["sorts"]:
            return 0.8
        if any(_heads(b.head, w) > 0.9 for w in x) and a.head in meanings().grammar["sorts"]:
            return 0.8
        return 0.0 if near > -1 else -0.5
    only_x = [w for w in x if w != b.head and not any(abs(_heads(w, v)) >= NEAR for v in y)]
    only_y = [w for w in y if w != a.head and not any(abs(_heads(w, v)) >= NEAR for v in x)]
    if any(_heads(w, v) < 0 for w in x for v in y):
        return 0.1  # "northern", "southern"
    if only_x and only_y:  # of one name, what outlets call it does not tell apart
        return near * (0.85 if a.role == b.role == "actor" and near >= 0.9 and not (known(a.head) or known(b.head)) else 0.45)
    return near * (0.85 if only_x or only_y else 1.0)


def _side(arguments: Sequence[Argument], swap: bool) -> tuple[list[Argument], list[Argument]]:
    """Actors and the others; where the predicate is a converse, who receives takes the giver's place."""
    actors = [a for a in arguments if a.role == "actor"]
    others = [a for a in arguments if a.role != "actor"]
    if swap:
        giver = next((a for p in _SWAPPING for a in others if a.role == p), None) or next(
            (a for p in ("core", "manner") for a in others if a.role == p), None
        )
        if giver is not None:
            givers = [a for a in others if a.role == giver.role]
            others = [a for a in others if a.role != giver.role] + [replace(a, role="core") for a in actors]
            actors = [replace(a, role="actor") for a in givers]
    return actors, others


def _taker(claim: Claim) -> Claim:
    """A claim whose actor is put where the converse predicate has its receiver."""
    return replace(claim, arguments=tuple(replace(x, role="to") if x.role == "actor" else x for x in claim.arguments))


@dataclass(slots=True)
class _Fit:
    """How the participants of two claims go together."""

    actor: float | None = None  # None where one of the claims has none
    swapped: bool = False
    clash: str = ""  # what cannot be the same
    soft: int = 0  # circumstances that differ and may both be
    opposite: str = ""
    amounts: str = ""
    agreed: bool = False  # an amount that agrees
    matched: float = 0.0
    only_a: float = 0.0
    only_b: float = 0.0
    narrower: bool = False

    def cover(self, mine: str) -> float:
        """The share of a claim's participants that the other has, in [0, 1]; 1 where it has none."""
        alone = self.only_a if mine == "a" else self.only_b
        return self.matched / (self.matched + alone) if self.matched + alone else 1.0


def _weight(a: Argument) -> float:
    return _WEIGHTS.get(a.role, _OBLIQUE)


def _group(a: list[Argument], b: list[Argument]) -> float | None:
    if not a or not b:
        return None
    best = [max(likeness(x, y) for y in b) for x in a] + [max(likeness(x, y) for x in a) for y in b]
    return sum(best) / len(best)


def _identified(a: Claim, b: Claim, near: float) -> float:
    """How near two groups of actors are, where the ledger knows who they are: one identity is one party, other people are others."""
    x, y = ({p.identity for p in c.actors} for c in (a, b))
    if x == y and x and None not in x:
        return max(near, 0.9)
    told = x and y and None not in x | y and all(p.type in ("person", "country") for p in (*a.actors, *b.actors))
    return 0.0 if told and not x & y else near


def _fit(a: Claim, b: Claim, swap_a: bool, swap_b: bool) -> _Fit:
    """Aligns participants: actors with actors, the others with whatever is most like them."""
    actors_a, others_a = _side(a.arguments, swap_a)
    actors_b, others_b = _side(b.arguments, swap_b)
    fit = _Fit()
    symmetric = a.lemma.split(" ")[0] in meanings().grammar["symmetric"] or any(s in meanings().grammar["symmetric"] for s in a.senses)
    if symmetric:
        others_a, others_b = [*others_a, *actors_a], [*others_b, *actors_b]
        actors_a, actors_b = [], []
    fit.actor = _group(actors_a, actors_b)
    crossing = (actors_a, _core(others_b)), (_core(others_a), actors_b)
    if fit.actor is not None and not (swap_a or swap_b):
        fit.actor = _identified(a, b, fit.actor)
    if fit.actor is not None and fit.actor < NEAR:
        crossed = _group(actors_a, [x for x in others_b if x.role == "core"]), _group([x for x in others_a if x.role == "core"], actors_b)
        fit.swapped = max((c or 0.0) for c in crossed) >= 0.75
        fit.clash = f"{_names(actors_a)} / {_names(actors_b)}"
        fit.only_a = fit.only_b = 1.0
    elif fit.actor is not None and fit.actor < 0.9 and max(_group(*each) or 0.0 for each in crossing) > 0.9:
        fit.swapped, fit.clash = True, f"{_names(actors_a)} / {_names(actors_b)}"
    elif fit.actor is not None:
        fit.matched = fit.actor
        if len(actors_a) != len(actors_b) and fit.actor < 0.85:
            fit.narrower = True
        for x in actors_a:
            _count(fit, x, max(actors_b, key=lambda y: likeness(x, y)))
    else:
        crossed_a = any(_heads(x.head, y.head) >= 0.75 and likeness(x, y) >= 0.75 for x in actors_a for y in _core(others_b))
        crossed_b = any(_heads(x.head, y.head) >= 0.75 and likeness(x, y) >= 0.75 for x in actors_b for y in _core(others_a))
        if (crossed_a and (a.lemma == b.lemma or _core(others_a))) or (crossed_b and (a.lemma == b.lemma or _core(others_b))):
            fit.swapped, fit.clash = True, "roles"
    if fit.actor is None and not fit.clash:  # "the reform cut pensions", "pensions were cut under the reform"
        others_a, others_b = [*others_a, *actors_a], [*others_b, *actors_b]
    _others(fit, others_a, others_b)
    if (_alone(a) and _shared(b)) or (_alone(b) and _shared(a)):
        fit.opposite = fit.opposite or "alone / together"
    return fit


def _alone(claim: Claim) -> bool:
    return not meanings().grammar["alone"].isdisjoint(claim.content)


def _shared(claim: Claim) -> bool:
    return not meanings().grammar["together"].isdisjoint(claim.content) or any(a.role == "together with" for a in claim.arguments)


def _core(arguments: list[Argument]) -> list[Argument]:
    return [a for a in arguments if a.role == "core"]


def _names(arguments: Sequence[Argument]) -> str:
    return ", ".join(" ".join((*(w for w in a.words if w[0] != "#"), a.head)) for a in arguments)


def _count(fit: _Fit, x: Argument, y: Argument) -> None:
    """Compares the amounts of two participants that go together."""
    if incompatible(x, y):
        fit.amounts = f"{x.words[-1].strip('#')} / {y.words[-1].strip('#')}"
    elif _amount(x) and _amount(y):
        fit.agreed = True


def _bonus(x: Argument, y: Argument) -> float:
    """What being in one role adds, most where the one is "nobody"."""
    return (0.2 if "*" in (x.head, y.head) else 0.05) if x.role == y.role else 0.0


def _others(fit: _Fit, a: list[Argument], b: list[Argument]) -> None:
    pairs = sorted(
        ((likeness(x, y) + _bonus(x, y), i, j) for i, x in enumerate(a) for j, y in enumerate(b)),
        key=lambda t: (-t[0], t[1], t[2]),
    )
    left_a, left_b = dict(enumerate(a)), dict(enumerate(b))
    for near, i, j in pairs:
        if i in left_a and j in left_b and near >= NEAR:
            x, y = left_a.pop(i), left_b.pop(j)
            fit.matched += min(near, 1.0) * max(_weight(x), _weight(y))
            _count(fit, x, y)
    for near, i, j in reversed(pairs):
        if near <= -0.9 and i in left_a and j in left_b:
            fit.opposite = f"{left_a.pop(i).head} / {left_b.pop(j).head}"
    for left, whole in ((left_a, b), (left_b, a)):  # said elsewhere in the other: "14 demonstrators", "at the demonstration"
        for i, x in list(left.items()):
            if x.role not in ("core", "actor", "clause", "than") and any(
                _heads(x.head, w) >= NEAR for y in whole for w in (y.head, *y.words) if not w.startswith("#")
            ):
                fit.matched += 0.5 * _weight(left.pop(i))
    fit.only_a += sum(map(_weight, left_a.values()))
    fit.only_b += sum(map(_weight, left_b.values()))
    for x in left_a.values():
        for y in left_b.values():
            _clash(fit, x, y)


def _clash(fit: _Fit, x: Argument, y: Argument) -> None:
    """Two participants left over in one place: other people or things acted on, or another circumstance."""
    acted = ("core", "event")
    if (x.role in acted and y.role in acted and "core" in (x.role, y.role)) or x.role == y.role == "clause":
        fit.clash = fit.clash or f"{_names([x])} / {_names([y])}"
    elif x.role == y.role and (x.role not in _LOOSE or _particular(x, y)):
        fit.clash = fit.clash or f"{x.role} {_names([x])} / {_names([y])}"
    elif x.role in _PLACES and y.role in _PLACES and _particular(x, y):
        fit.clash = fit.clash or f"{x.role} {_names([x])} / {y.role} {_names([y])}"
    elif "event" not in (x.role, y.role):
        fit.soft += 1


def _particular(x: Argument, y: Argument) -> bool:
    """Whether both name something of which there is one: a place, a day, a month."""
    calendar = meanings().grammar["calendar"]
    return all(a.head in calendar or (a.head[:1].isalpha() and not known(a.head)) or a.head[:1] == "@" for a in (x, y)) and (
        (x.head in calendar) == (y.head in calendar)
    )


# --- the decision ----------------------------------------------------------------------------------------------------------


def decide(a: Claim, b: Claim) -> Verdict:
    """How two claims stand to one another. The score is the share of what they say that goes together; under 0.1 ms once words were met.

    "same": one proposition, both affirm or both negate it. "denies": opposite polarity, opposite acts, or amounts that exclude one
    another, everything else aligned. Else "different". Symmetric: `decide(a, b)` and `decide(b, a)` give the same label.
    """
    near, opposite, crossed = relation(a.senses, b.senses, a.lemma, b.lemma)
    if near < LEAST_NEAR:
        return Verdict("different", 1.0 - near, "predicates", (f"{a.lemma} / {b.lemma}",))
    if a.status != b.status:
        return Verdict("different", 0.8, "status", (f"{a.status} / {b.status}",))
    swap_a = crossed and any(s.startswith("~") for s in a.senses)
    fit = _fit(a, b, swap_a, crossed and not swap_a)
    if crossed and fit.clash:  # "got the contract": who gave it is not said
        freed_a, freed_b = (_taker(c) if swap else c for c, swap in ((a, swap_a), (b, not swap_a)))
        fit = min(fit, _fit(freed_a, freed_b, False, False), key=lambda f: bool(f.clash))
    if fit.swapped or (fit.clash and not fit.opposite):
        return Verdict("different", 0.8, "roles" if fit.swapped else "participants", (fit.clash,))
    evidence = list(_evidence(a, b, opposite, fit))
    either = opposite and contrary(a.senses, b.senses)
    if either and a.negative and b.negative:
        return Verdict("different", 0.6, "contraries", (f"{a.lemma} / {b.lemma}",))
    if either and a.negative != b.negative:
        return Verdict("different", 0.5, "contraries", (f"{a.lemma} / {b.lemma}",))
    flips = (a.negative != b.negative) + opposite + bool(fit.opposite)
    if flips % 2:
        return _denial(a, b, near, fit, evidence)
    return _agreement(a, b, near, fit, evidence)


def _evidence(a: Claim, b: Claim, opposite: bool, fit: _Fit) -> Iterator[str]:
    if a.negative != b.negative:
        yield "polarity: " + " / ".join(f"not {c.lemma}" if c.negative else c.lemma for c in (a, b))
    if opposite:
        yield f"opposite acts: {a.lemma} / {b.lemma}"
    if fit.opposite:
        yield f"opposite: {fit.opposite}"
    if fit.amounts:
        yield f"amounts: {fit.amounts}"


def _denial(a: Claim, b: Claim, near: float, fit: _Fit, evidence: list[str]) -> Verdict:
    """Opposites: the more of the negated claim the other covers, the surer."""
    covers = fit.cover("a"), fit.cover("b")
    negated = covers[0] if a.negative and not b.negative else covers[1] if b.negative and not a.negative else max(covers)
    score = near * (0.65 * negated + 0.35 * max(covers)) * (0.75 if fit.soft else 1.0) * (0.6 if fit.amounts else 1.0)
    if not a.arguments or not b.arguments:
        score *= 0.5
    return Verdict("denies" if score >= DENIES_FROM else "different", score, "opposites", tuple(evidence))


def _agreement(a: Claim, b: Claim, near: float, fit: _Fit, evidence: list[str]) -> Verdict:
    covers = fit.cover("a"), fit.cover("b")
    low, high = min(covers), max(covers)
    if fit.amounts:
        score = near * (0.4 * low + 0.6 * high)
        if not (a.negative or b.negative):
            return Verdict("denies" if score >= DENIES_FROM else "different", score, "amounts", tuple(evidence))
        return Verdict("different", score, "amounts", tuple(evidence))
    score = near * (0.6 * low + 0.4 * high) * (0.7 if fit.soft else 1.0) * (0.7 if fit.narrower else 1.0)
    if a.negative and b.negative and low < 0.8:
        score *= 0.8
    if not a.arguments or not b.arguments:
        score *= 0.5
    return Verdict("same" if score >= SAME_FROM else "different", score, "aligned", (f"{a.lemma} / {b.lemma}",))


# --- keys ------------------------------------------------------------------------------------------------------------------


def _anchor(word: str) -> str:
    """One word for all that mean the same noun."""
    names = meanings().nouns.get(word)
    return min(names) if names else word


def _headed(argument: Argument) -> str:
    """The same for what takes part in a predication: of a clause what its verb means first."""
    if argument.role != "clause":
        return _anchor(argument.head)
    return _predicates((), argument.head.strip("-"))[0][0]


def claim_keys(claim: Claim) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Keys by which claims of one matter, or denying one another, meet: those that a claim is found under, and all that it is looked up by.

    It is found under two meanings of its predicate with what that is mainly about (who acts, where nothing else is said), and under the
    first with that and another participant.
    It is looked up by all meanings, and those contrary to them, with every participant, and by the first with what that is mainly about and
    every other one, so that what has both comes first. So claims that have only "police" and "arrest" in common do not meet, nor those
    of one pair of whom other things are told, nor those of which one tells what somebody did and the other what was done to them. Missed:
    predicates that only rarer senses of WordNet relate.
    """
    told = [a for a in claim.arguments if a.head not in _UNNAMED and a.head != "*"]
    main = next((a for role in _ABOUT for a in told if a.role == role), None)
    parts: dict[str, str] = {}
    for one in (*([main] if main else ()), *told):
        parts.setdefault(_headed(one), "acts" if one.role == "actor" else "")
    heads = list(parts.items())[:4]
    senses, beside = _predicates(claim.senses[:3], claim.lemma)
    found = [_about(sense, *heads[0]) for sense in senses[:2]] if main else []
    about = [_about(sense, *one) for one in heads for sense in (*senses, *beside)]
    symmetric = claim.lemma.split(" ")[0] in meanings().grammar["symmetric"]
    alone = len({a.role for a in told if a.role in _ABOUT}) == 1  # "the talks opened", "opened the talks"
    turned = [(head, "" if part else "acts") for head, part in (heads if symmetric else heads[:1] if alone else ())]
    about += [_about(sense, *one) for one in turned for sense in (*senses, *beside)]
    joint = [sorted(head + _part(senses[0], part) for head, part in (heads[0], other)) for other in heads[1:]]
    pairs = [key("pair", senses[0], *both) for both in joint]
    return (*found, *pairs[:1]), tuple(dict.fromkeys((*about, *pairs)))


def _about(sense: str, head: str, part: str) -> int:
    """The key of a meaning and of whom or what it is told."""
    told = _part(sense, part)
    return key("about", sense, head, told) if told else key("about", sense, head)


def _part(sense: str, part: str) -> str:
    """A part, where all words of a meaning give the same to the same people; nothing of giving and getting, or of meeting."""
    return "" if sense in meanings().converses or sense in meanings().grammar["symmetric"] else part


@lru_cache(maxsize=65536)
def _predicates(marked: tuple[str, ...], lemma: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a predicate means, without marks, its lemma's first sense in WordNet where the table has none; and what it may also meet by."""
    if marked:
        contraries = sorted({other for sense in marked for other in contraries_of(sense)})
        return tuple(dict.fromkeys(sense.lstrip("-~") for sense in marked)), tuple(contraries[:4])
    listed = wordnet().senses.get(f"v:{lemma}", ())[:3] or (_anchor(lemma),)
    return listed[:1], listed[1:]


# --- sentences and texts -----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=512)
def _read(text: str) -> tuple[tuple[Claim, bool], ...]:
    from allegedly.reading import read_article

    return sentence_claims(read_article(Article("text", text), tokens=True))


def pair_verdict(a_text: str, b_text: str) -> Verdict:
    """How one sentence stands to another: the surest finding among their claims, where those that lead their sentences weigh most."""
    best = Verdict("different", 0.0, "nothing shared")
    for a, a_leads in _read(a_text):
        for b, b_leads in _read(b_text):
            found = decide(a, b)
            if found.label == "different":
                continue
            score = found.score * (1.0 if a_leads and b_leads else 0.85 if a_leads or b_leads else 0.4)
            if score > best.score:
                best = replace(found, score=score)
    return best if best.score >= LEAST_PAIR else Verdict("different", 1.0 - best.score, "aside", best.evidence)


def pair_label(a_text: str, b_text: str) -> Label:
    """`same`, `denies` or `different` for two sentences."""
    return pair_verdict(a_text, b_text).label


@dataclass(frozen=True, slots=True)
class Pairing:
    """A claim of either text, and how they stand to one another."""

    a: Claim
    b: Claim
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts side by side: what both say, what one denies of the other, what is found in one alone; in the order of the texts."""

    both: tuple[Pairing, ...]
    denied: tuple[Pairing, ...]
    only_a: tuple[Claim, ...]
    only_b: tuple[Claim, ...]


def compare_texts(a: Reading, b: Reading) -> Comparison:
    """Sets two readings side by side; read them with `tokens=True` (see `claims`).

    Each claim of the one is paired with the claim of the other that says the same or denies it most surely; `only_a` and `only_b` are the
    claims that have no counterpart, which says nothing of what the other article left out on purpose.
    """
    mine, theirs = claims(a), claims(b)
    keys = [frozenset(claim_keys(c)[1]) for c in theirs]
    found: dict[tuple[int, int], Verdict] = {}
    for i, x in enumerate(mine):
        own = claim_keys(x)[1]
        for j, y in enumerate(theirs):
            if not keys[j].isdisjoint(own) and (verdict := decide(x, y)).label != "different":
                found[i, j] = verdict
    best_a = _best(((i, j), v) for (i, j), v in found.items())
    best_b = _best(((j, i), v) for (i, j), v in found.items())
    chosen = sorted({(i, j) for i, j in best_a.items()} | {(i, j) for j, i in best_b.items()})
    pairings = [Pairing(mine[i], theirs[j], found[i, j]) for i, j in chosen]
    return Comparison(
        both=tuple(p for p in pairings if p.verdict.label == "same"),
        denied=tuple(p for p in pairings if p.verdict.label == "denies"),
        only_a=tuple(c for i, c in enumerate(mine) if i not in best_a),
        only_b=tuple(c for j, c in enumerate(theirs) if j not in best_b),
    )


def _best(found: Iterable[tuple[tuple[int, int], Verdict]]) -> dict[int, int]:
    """The surest counterpart of each claim, the earlier one where two are as sure."""
    out: dict[int, tuple[float, int]] = {}
    for (i, j), verdict in found:
        if i not in out or verdict.score > out[i][0]:
            out[i] = verdict.score, j
    return {i: j for i, (_, j) in out.items()}
