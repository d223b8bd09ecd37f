"""How well the machine reads these articles: a sample for people to code who do not see what it found, and what comes of it.

A unit is a sentence. `draw` takes articles from every stratum (an outlet's articles of a genre) in turn, in an order that a seed decides,
and some sentences of each, so that strata have equally many units as far as they reach; `weight` is how many sentences of the ledger a unit
stands for. A question has labels, any number of which can be right for a sentence, or none.

Agreement is Krippendorff's alpha over whole answers (sets of labels) as nominal values. Precision and recall count labels, against what
more than half of a unit's coders answered exactly ("agreed"; units without such an answer are left out, and counted), against each coder,
or against an adjudicator's answers. What was coded stays comparable: the machine's answers are those of its current reading.
"""

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, get_args

from allegedly.errors import AbsentError
from allegedly.inquiry import agreement
from allegedly.inquiry.editing import nearest
from allegedly.records import Force, Polarity, Reading, Span, Status, WordingKind

if TYPE_CHECKING:
    from allegedly.ledger import Coding, Ledger, Sample

NONE = "none"
AROUND = 1
"""Sentences that a coder sees on either side."""
LARGEST = 5_000
MOST_BYTES = 10_000_000

Answer = frozenset[str]


@dataclass(frozen=True, slots=True)
class Question:
    """What a coder is asked of a sentence; `answer` is what the machine found in a sentence (half-open span) of a reading."""

    name: str
    labels: tuple[str, ...]
    words: str
    answer: Callable[[Reading, Span], Answer]


def _acts(reading: Reading, span: Span) -> Iterator[Any]:
    return (s for s in reading.statements if s.event and s.within == "text" and s.predicate and span[0] <= s.predicate[0][0] < span[1])


def questions() -> tuple[Question, ...]:
    """All questions, in the order of the sheet."""
    from allegedly.language import plover

    return (
        Question(
            "acts",
            tuple(plover().types),
            "Which political acts (PLOVER types) does the sentence speak of as done, not done, planned, demanded, possible or asked?",
            lambda reading, span: frozenset(s.event.act for s in _acts(reading, span) if s.event.act in plover().types),
        ),
        Question(
            "polarity",
            get_args(Polarity),
            "Are these acts said to be so (affirmed), or not to be so (negated)?",
            lambda reading, span: frozenset(s.polarity for s in _acts(reading, span)),
        ),
        Question(
            "status",
            get_args(Status),
            "How are these acts spoken of: as actual, planned, demanded, possible, conditional, or in a question?",
            lambda reading, span: frozenset(s.status for s in _acts(reading, span)),
        ),
        Question(
            "voice",
            ("author", "source"),
            "In whose voice are these acts told: the author's own, or that of a source whom the article names or describes?",
            lambda reading, span: frozenset("author" if s.voice == "author" else "source" for s in _acts(reading, span)),
        ),
        Question(
            "force",
            get_args(Force),
            "What do sources do with what they are quoted or reported as saying in the sentence?",
            lambda reading, span: frozenset(
                a.force for a in reading.attributions if a.within == "text" and any(span[0] <= start < span[1] for start, _ in a.cue)
            ),
        ),
        Question(
            "wording",
            get_args(WordingKind),
            "Which kinds of charged or evasive wording does the sentence hold?",
            lambda reading, span: frozenset(w.kind for w in reading.wording if span[0] <= w.start < span[1]),
        ),
    )


# --- samples ---------------------------------------------------------------------------------------------------------


def _rank(seed: int, *words: object) -> bytes:
    """A place in an order that the seed decides, the same on every machine."""
    return blake2b("\x1f".join(map(str, (seed, *words))).encode("utf-8", "surrogatepass"), digest_size=12).digest()


def draw(ledger: "Ledger", *, size: int, seed: int, per_article: int = 5, by: str) -> int:
    """Draw a sample of sentences and keep it; its number. The same seed and articles give the same sample.

    Sentences in notes (bylines, disclaimers, site furniture) and those of fewer than three words are not drawn. ValueError where there is
    nothing to draw from.
    """
    if not 1 <= size <= LARGEST or not 1 <= per_article <= 100:
        raise ValueError(f"a sample has 1 to {LARGEST} sentences, 1 to 100 of an article")
    strata = ledger.strata()
    share = max(1, min(per_article, size // max(1, len(strata))))  # so that every stratum has its turn
    turns = {key: _articles(ledger, strata[key], seed, share) for key in sorted(strata, key=lambda key: _rank(seed, "/".join(key)))}
    chosen: dict[tuple[str, str], list[list[dict[str, Any]]]] = {key: [] for key in turns}
    wanted = size
    while turns and wanted:
        for key in list(turns):
            units = next(turns[key], None)
            if units is None:
                del turns[key]
            elif units and wanted:
                chosen[key].append(units[:wanted])
                wanted -= len(chosen[key][-1])
    units = []
    for (outlet, genre), articles in chosen.items():
        for article in articles:
            for unit in article:
                stands_for = len(strata[outlet, genre]) / len(articles) * unit.pop("sentences") / len(article)
                units.append({**unit, "outlet": outlet, "genre": genre, "weight": round(stands_for, 4)})
    if not units:
        raise ValueError("there is no sentence to draw: the ledger holds no articles")
    units.sort(key=lambda unit: (_rank(seed, unit["article"]), unit["start"]))
    listed = [
        {"outlet": outlet, "genre": genre, "articles": len(strata[outlet, genre]), "drawn": len(those), "sentences": sum(map(len, those))}
        for (outlet, genre), those in sorted(chosen.items())
    ]
    plan = {"seed": seed, "size": size, "per_article": per_article, "strata": listed}
    return ledger.keep_sample(plan, units, by=by)


def _articles(ledger: "Ledger", listed: Sequence[tuple[int, str, str]], seed: int, per_article: int) -> Iterator[list[dict[str, Any]]]:
    """Articles in the order that the seed decides, each as the units drawn from it."""
    for number, article, sha256 in sorted(listed, key=lambda one: _rank(seed, one[1])):
        reading = ledger.reading(number)
        text, spans = reading.article.text, _sentences(reading)
        drawn = sorted(sorted(spans, key=lambda span: _rank(seed, article, span[0]))[:per_article])
        places = {span: place for place, span in enumerate(reading.sentences)}
        yield [
            {
                "article": article,
                "sha256": sha256,
                "start": start,
                "end": end,
                "sentence": text[start:end],
                "before": _around(reading, places[start, end], -AROUND),
                "after": _around(reading, places[start, end], AROUND),
                "sentences": len(spans),
            }
            for start, end in drawn
        ]


def _sentences(reading: Reading) -> list[Span]:
    notes = [(note.start, note.end) for note in reading.article.notes]
    return [
        (start, end)
        for start, end in reading.sentences
        if len(reading.article.text[start:end].split()) > 2 and not any(a < end and start < b for a, b in notes)
    ]


def _around(reading: Reading, place: int, step: int) -> str:
    at = place + step
    return reading.article.text[slice(*reading.sentences[at])] if 0 <= at < len(reading.sentences) else ""


def sample_of(ledger: "Ledger", number: int) -> "Sample":
    """A sample by its number. ValueError where there is none."""
    found = ledger.samples(number)
    if not found:
        raise AbsentError(f"there is no sample {number}")
    return found[0]


# --- sheets ----------------------------------------------------------------------------------------------------------


def check_of(unit: Mapping[str, Any]) -> str:
    """A few characters that tell a unit from all others, so that no sheet is taken for another sample's."""
    return _rank(0, unit.get("article"), unit.get("sha256"), unit.get("start")).hex()[:10]


def sheet(sample: "Sample") -> str:
    """The coding sheet as CSV: sentences with what stands around them, and an empty column for each question.

    Neither the machine's answers nor the outlet are in it.
    """
    from allegedly.export.rows import cell

    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    asked = [question.name for question in questions()]
    table.writerow(["unit", "check", "before", "sentence", "after", *asked])
    for number, unit in enumerate(sample.units, 1):
        if unit:
            words = (cell(unit[name], raw=False) for name in ("before", "sentence", "after"))
            table.writerow([number, check_of(unit), *words, *("" for _ in asked)])
    return out.getvalue()


def read_sheet(sample: "Sample", data: bytes) -> dict[int, dict[str, str]]:
    """The answers of a filled sheet by unit (from 1) and question. ValueError that names the rows with what is wrong in them.

    A cell holds labels separated by ";" or ",", or "none"; an empty one is no answer.
    """
    if len(data) > MOST_BYTES:
        raise ValueError(f"the sheet has more than {MOST_BYTES:,} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")  # as spreadsheets on some systems save
    head = text.partition("\n")[0]
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=head.count))
    answers: dict[int, dict[str, str]] = {}
    wrong: list[str] = []
    try:
        if rows.fieldnames is None or not {"unit", "check"} <= set(rows.fieldnames):
            raise ValueError('this is no coding sheet: it needs the columns "unit" and "check"')
        for place, row in enumerate(rows, 2):
            try:
                number, given = _row(sample, row)
            except ValueError as error:
                wrong.append(f"row {place}: {error}")
                continue
            if given:
                answers[number] = given
    except csv.Error as error:
        raise ValueError(f"the sheet is no CSV that can be read ({error})") from None
    if wrong:
        raise ValueError("; ".join(wrong[:5]) + (f"; and {len(wrong) - 5} rows more" if len(wrong) > 5 else ""))
    if not answers:
        raise ValueError("no question is answered in this sheet")
    return answers


def _row(sample: "Sample", row: Mapping[str, Any]) -> tuple[int, dict[str, str]]:
    number = (row["unit"] or "").strip()
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:9]) <= len(sample.units)):
        raise ValueError(f"the sample has no unit {number[:20]!r}")
    if (row["check"] or "").strip() != check_of(sample.units[int(number) - 1]):
        raise ValueError(f"unit {number} is another sentence in this sample: is it the sheet of another one?")
    return int(number), answered({question.name: row.get(question.name) or "" for question in questions()})


def answered(given: Mapping[str, str]) -> dict[str, str]:
    """Answers in their one spelling ("ACCUSE; CONSULT"), those that are empty left out. ValueError for what is no label."""
    out = {}
    for question in questions():
        labels = {label.casefold(): label for label in question.labels}
        parts = [part.strip() for part in given.get(question.name, "").replace(",", ";").split(";") if part.strip()]
        said = {part.casefold() for part in parts} - {NONE}
        unknown = [part for part in parts if part.casefold() not in labels and part.casefold() != NONE]
        if unknown:
            raise ValueError(f"{unknown[0][:40]!r} is no answer to {question.name!r}: {', '.join(question.labels)}, or {NONE}")
        if said and len(parts) > len(said) and any(part.casefold() == NONE for part in parts):
            raise ValueError(f"{question.name!r} is answered with {NONE!r} and with a label")
        if parts:
            out[question.name] = spelled({labels[one] for one in said})
    return out


def spelled(labels: Iterable[str]) -> str:
    """A set of labels as one string."""
    return "; ".join(sorted(labels)) or NONE


def labels_of(answer: str) -> Answer:
    """The set again."""
    return frozenset(() if answer == NONE else answer.split("; "))


# --- what comes of it ------------------------------------------------------------------------------------------------

AGREEMENT = ("question", "coders", "units", "alpha", "same")
ACCURACY = (
    *("question", "label", "outlet", "genre", "reference", "units", "undecided", "right", "extra", "missed"),
    *("precision", "precision_low", "precision_high", "precision_cluster_low", "precision_cluster_high", "precision_weighted"),
    *("recall", "recall_low", "recall_high", "recall_cluster_low", "recall_cluster_high", "recall_weighted"),
)
AGREED = "agreed"


@dataclass(frozen=True, slots=True)
class Report:
    """What a sample says: units in all, those whose sentence is not in the ledger any more, coders with how many units each coded; rows."""

    sample: int
    units: int
    lost: int
    coders: Mapping[str, int]
    agreement: list[dict[str, Any]]
    accuracy: list[dict[str, Any]]


def latest(codings: Sequence["Coding"]) -> dict[str, dict[int, dict[str, str]]]:
    """By coder and unit, the last answer to each question."""
    out: dict[str, dict[int, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for one in codings:
        out[one.by][one.unit] |= one.answers
    return {coder: dict(units) for coder, units in sorted(out.items())}


def report(ledger: "Ledger", number: int, *, adjudicator: str = "") -> Report:
    """Agreement and accuracy of a sample. With an adjudicator, that coder's answers are the reference, and take no part in agreement."""
    sample, coded = sample_of(ledger, number), latest(ledger.codings(number))
    if adjudicator and adjudicator not in coded:
        raise AbsentError(f"nobody called {adjudicator!r} has coded this sample: {', '.join(coded) or 'nobody has'}")
    machine = _machine(ledger, sample)
    coders = {coder: units for coder, units in coded.items() if coder != adjudicator}
    agreed = [row for question in questions() if (row := _agreement(question, coders))]
    accuracy = []
    for question in questions():
        for reference, answers in _references(question, coders, coded.get(adjudicator)).items():
            accuracy += _accuracy(question, reference, answers, machine, sample)
    counts = {coder: len(units) for coder, units in coded.items()}
    there = sum(1 for unit in sample.units if unit)
    return Report(number, len(sample.units), there - len(machine), counts, agreed, accuracy)


def _machine(ledger: "Ledger", sample: "Sample") -> dict[int, dict[str, Answer]]:
    """What the machine finds in the units (from 1) now; those whose sentence is gone are left out."""
    numbers = ledger.numbers({unit["article"] for unit in sample.units if unit})
    readings: dict[str, Reading] = {}
    out = {}
    for place, unit in enumerate(sample.units, 1):
        number = numbers.get(unit.get("article", ""))
        if number is None:
            continue
        reading = readings.get(unit["article"]) or readings.setdefault(unit["article"], ledger.reading(number))
        span = nearest(reading.article.text, unit["sentence"], unit["start"])
        if span is not None:
            out[place] = {question.name: question.answer(reading, span) for question in questions()}
    return out


def _agreement(question: Question, coders: Mapping[str, Mapping[int, Mapping[str, str]]]) -> dict[str, Any] | None:
    given: dict[int, list[str]] = defaultdict(list)
    for units in coders.values():
        for unit, answers in units.items():
            if question.name in answers:
                given[unit].append(answers[question.name])
    paired = [values for _, values in sorted(given.items()) if len(values) > 1]
    if not paired:
        return None
    many = sum(any(question.name in answers for answers in units.values()) for units in coders.values())
    found, alike = agreement.alpha(paired), agreement.same(paired)
    return dict(zip(AGREEMENT, (question.name, many, len(paired), _rounded(found), _rounded(alike)), strict=True))


def _references(
    question: Question, coders: Mapping[str, Mapping[int, Mapping[str, str]]], adjudicated: Mapping[int, Mapping[str, str]] | None
) -> dict[str, dict[int, Answer | None]]:
    """By reference, the right answers by unit; None where the coders do not agree on one."""
    said = {coder: {u: labels_of(a[question.name]) for u, a in units.items() if question.name in a} for coder, units in coders.items()}
    if adjudicated is not None:
        return {"adjudicated": {u: labels_of(a[question.name]) for u, a in adjudicated.items() if question.name in a}}
    agreed: dict[int, Answer | None] = {}
    for unit in sorted({u for units in said.values() for u in units}):
        votes = Counter(units[unit] for units in said.values() if unit in units)
        best, count = max(votes.items(), key=lambda vote: (vote[1], sorted(vote[0])))
        agreed[unit] = best if count * 2 > sum(votes.values()) else None
    several = {coder: dict[int, Answer | None](units) for coder, units in said.items()} if len(said) > 1 else {}
    return {AGREED: agreed, **several} if agreed else {}


def _accuracy(
    question: Question, reference: str, answers: Mapping[int, Answer | None], machine: Mapping[int, Mapping[str, Answer]], sample: "Sample"
) -> list[dict[str, Any]]:
    known = [unit for unit in answers if unit in machine]
    if not known:
        return []
    about = {unit: sample.units[unit - 1] for unit in known}
    groups: dict[tuple[str, str, str], list[int]] = {("all", "all", "all"): known}
    for name, place in (("outlet", 1), ("genre", 2)):
        for value in sorted({about[unit][name] for unit in known}):
            key = ["all", "all", "all"]
            key[place] = value or "(none)"
            groups[key[0], key[1], key[2]] = [unit for unit in known if about[unit][name] == value]
    used = {label for unit in known for label in (*(answers[unit] or ()), *machine[unit][question.name])}
    for label in question.labels:
        if label in used:
            groups[label, "all", "all"] = known
    rows = []
    for (label, outlet, genre), units in groups.items():
        only = None if label == "all" else frozenset({label})
        decided = [(unit, right) for unit in units if (right := answers[unit]) is not None]
        counted = [(unit, *_counts(right, machine[unit][question.name], only)) for unit, right in decided]
        head = (question.name, label, outlet, genre, reference, len(decided), len(units) - len(decided))
        rows.append(dict(zip(ACCURACY, (*head, *_shares(counted, about, sample.plan["seed"])), strict=True)))
    return rows


def _counts(right: Answer, found: Answer, only: Answer | None) -> tuple[int, int, int]:
    """Labels that are right, too many, missed."""
    if only is not None:
        right, found = right & only, found & only
    return len(right & found), len(found - right), len(right - found)


def _shares(counted: Sequence[tuple[int, int, int, int]], about: Mapping[int, Mapping[str, Any]], seed: int) -> list[Any]:
    """The counts, then precision and recall with their intervals."""
    right, extra, missed = (sum(one[place] for one in counted) for place in (1, 2, 3))
    out: list[Any] = [right, extra, missed]
    for other in (2, 3):
        whole = sum(one[1] + one[other] for one in counted)
        clusters: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
        weighted = [0.0, 0.0]
        for one in counted:
            unit = about[one[0]]
            for sums, weight in ((clusters[unit["article"]], 1.0), (weighted, unit["weight"])):
                sums[0] += weight * one[1]
                sums[1] += weight * (one[1] + one[other])
        listed = [clusters[article] for article in sorted(clusters)]
        simple = agreement.wilson(right, whole) or (None, None)
        drawn = agreement.clustered([c[0] for c in listed], [c[1] for c in listed], seed=seed) or (None, None)
        shares = (right / whole if whole else None, *simple, *drawn, weighted[0] / weighted[1] if weighted[1] else None)
        out += [_rounded(share) for share in shares]
    return out


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)


def told(row: Mapping[str, Any], name: str) -> str:
    """A share with its interval in words: ".82 (.71 to .90)"; nothing for a share of nothing."""
    if row[name] is None:
        return ""

    def short(share: float) -> str:
        return f"{share:.2f}".removeprefix("0") if share < 1 else "1.0"

    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return f"{short(row[name])} ({short(low)} to {short(high)})"


SAMPLES = ("sample", "made", "by", "sentences", "articles", "seed", "strata", "coders")


def listed(ledger: "Ledger") -> list[dict[str, Any]]:
    """All samples as rows, the last before the others."""
    rows = []
    for one in reversed(ledger.samples()):
        coders = latest(ledger.codings(one.number))
        articles = len({unit["article"] for unit in one.units if unit})
        about = (one.number, one.made, one.by, len(one.units), articles, one.plan["seed"], len(one.plan["strata"]))
        rows.append(dict(zip(SAMPLES, (*about, [f"{coder} ({len(units)})" for coder, units in coders.items()]), strict=True)))
    return rows
