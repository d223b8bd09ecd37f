"""What the accuracy figures mean: gold records and readings in, figures out. No files, no model.

A reading is the JSON object of `allegedly read --format jsonl`; `Readings` holds them by article id, and an article
without a reading counts as one in which nothing was found. Spans are half-open `(start, end)` code points. All figures
are in [0, 1] unless a name says otherwise; an F1 over nothing predicted and nothing wanted is 1.
"""

import ast
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Span = tuple[int, int]
Row = Mapping[str, Any]
Readings = Mapping[str, Row]
Figures = dict[str, float]

ROLES = ("source", "cue", "content")


# --- spans ---------------------------------------------------------------------------------------------------------


def as_spans(value: Iterable[Sequence[int]] | None) -> list[Span]:
    """Spans as tuples from JSON's lists; none from null."""
    return [(start, end) for start, end in value or ()]


def overlaps(left: Iterable[Span], right: Sequence[Span]) -> bool:
    """Whether any span of one shares a character with any span of the other."""
    return any(start < other_end and other_start < end for start, end in left for other_start, other_end in right)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The same characters as sorted, disjoint spans."""
    out: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def _width(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)


def shared(left: Iterable[Span], right: Iterable[Span]) -> float:
    """Characters in both over characters in either; 1 when neither has any."""
    one, other = _merged(left), _merged(right)
    both = sum(max(0, min(end, other_end) - max(start, other_start)) for start, end in one for other_start, other_end in other)
    either = _width(one) + _width(other) - both
    return both / either if either else 1.0


def close_to(predicted: Sequence[Span], gold: Sequence[Span]) -> bool:
    """Whether a role names the gold words: it overlaps them and is not longer than three times their length and 20 characters."""
    return overlaps(predicted, gold) and _width(predicted) <= 3 * _width(gold) + 20


@dataclass(slots=True)
class Tally:
    """Counts from which an F1 is made."""

    right: int = 0
    predicted: int = 0
    wanted: int = 0

    def add(self, right: int, predicted: int, wanted: int) -> None:
        """Count one more article."""
        self.right += right
        self.predicted += predicted
        self.wanted += wanted

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return 2 * self.right / (self.predicted + self.wanted) if self.predicted + self.wanted else 1.0


def ratio(part: float, whole: float) -> float:
    """A part of a whole, 0 where there is none."""
    return part / whole if whole else 0.0


# --- attribution -----------------------------------------------------------------------------------------------------


def outer(attributions: Sequence[Row]) -> list[Row]:
    """Attributions without those that lie inside their parent's content: the corpus marks the outermost only."""
    known = {row.get("id"): row for row in attributions}

    def nested(row: Row) -> bool:
        parent = known.get(row["parent"]) if row.get("parent") is not None else None
        if parent is None:
            return False
        inner, outer = _merged(as_spans(row["content"])), _merged(as_spans(parent["content"]))
        return all(any(start <= begin and finish <= end for start, end in outer) for begin, finish in inner)

    return [row for row in attributions if not nested(row)]


def _labels(text: str, attributions: Sequence[Row]) -> list[int]:
    """The role (0 for none) of each word and each punctuation mark, taken at its first character; the last to claim it wins."""
    by_character = bytearray(len(text))
    for row in attributions:
        for label, role in enumerate(ROLES, start=1):
            for start, end in as_spans(row.get(role)):
                by_character[start:end] = bytes([label]) * (end - start)
    return [by_character[match.start()] for match in re.finditer(r"\w+|[^\w\s]", text)]


def agreement(gold: Row, predicted: Row) -> float:
    """How far two attributions are the same: the share of their contents, or 0 where that is under a half, or where cues or
    sources do not meet (both lacking one is a meeting).
    """
    for role in ("source", "cue"):
        wanted, got = as_spans(gold.get(role)), as_spans(predicted.get(role))
        if (wanted or got) and not overlaps(wanted, got):
            return 0.0
    share = shared(as_spans(gold["content"]), as_spans(predicted["content"]))
    return share if share >= 0.5 else 0.0


def paired(grades: Sequence[Sequence[float]]) -> dict[int, int]:
    """A one-to-one matching of rows and columns that takes the best grade first, and of equal ones the later; 0 is no match."""
    graded = [(grade, i, j) for i, line in enumerate(grades) for j, grade in enumerate(line) if grade > 0]
    out: dict[int, int] = {}
    taken = set[int]()
    for _, i, j in sorted(graded, reverse=True):
        if i not in out and j not in taken:
            out[i] = j
            taken.add(j)
    return out


def _kappa(pairs: Counter[tuple[int, int]]) -> float:
    """Cohen's kappa (1960) of two labellings, from counts of (one's label, the other's label)."""
    total = sum(pairs.values())
    if not total:
        return 1.0
    one, other = Counter[int](), Counter[int]()
    for (gold, predicted), count in pairs.items():
        one[gold] += count
        other[predicted] += count
    observed = sum(count for (gold, predicted), count in pairs.items() if gold == predicted) / total
    expected = sum(one[label] * other[label] for label in one) / total**2
    return (observed - expected) / (1 - expected) if expected < 1 else 1.0


def attribution(gold: Sequence[Row], readings: Readings) -> Figures:
    """Who is quoted or reported as saying what: kappa over tokens, F1 of exact spans by role, F1 of linked attributions."""
    pairs: Counter[tuple[int, int]] = Counter()
    exact, linked = {role: Tally() for role in ROLES}, Tally()
    for row in gold:
        wanted = row["attributions"]
        got = outer(readings.get(row["id"], {}).get("attributions", ()))
        pairs.update(zip(_labels(row["text"], wanted), _labels(row["text"], got), strict=True))
        for role, tally in exact.items():
            want_spans, got_spans = ({span for one in side for span in as_spans(one.get(role))} for side in (wanted, got))
            tally.add(len(want_spans & got_spans), len(got_spans), len(want_spans))
        linked.add(len(paired([[agreement(row, other) for other in got] for row in wanted])), len(got), len(wanted))
    return {"kappa": _kappa(pairs), **{f"exact_{role}": tally.f1 for role, tally in exact.items()}, "attribution_f1": linked.f1}


# --- events ------------------------------------------------------------------------------------------------------------

# The gold records use the names of PLOVER's 2016 draft; these four have others today.
RENAMED = {"DEMAND": "REQUEST", "DISAPPROVE": "ACCUSE", "INVESTIGATE": "ACCUSE", "FIGHT": "ASSAULT"}
# Of a meeting, an agreement or joint work it does not matter which party is called the actor.
MUTUAL = ("AGREE", "CONSULT", "COOPERATE")


def _tagged(markup: str) -> Iterator[tuple[frozenset[str], str]]:
    """Stretches `(TAG: words)` or `(TAG/TAG: words)` of the gold markup, with their tags, inner before outer; other brackets are text."""
    opened: list[tuple[frozenset[str], int]] = []
    for match in re.finditer(r"\((?P<tags>[A-Z]+(?:/[A-Z]+)*): ?|[()]", markup):
        if match[0] != ")":
            opened.append((frozenset((match["tags"] or "").split("/")) - {""}, match.end()))
        elif opened:
            tags, start = opened.pop()
            if tags:
                yield tags, re.sub(r"\([A-Z/]+: ?([^()]*)\)", r"\1", markup[start : match.start()]).strip()


def tagged_spans(record: Row, tag: str) -> list[Span]:
    """Where the words of a tag stand in the record's text; the same words twice are looked for from the last place on."""
    info = record["textInfo"]
    markup = info["markup"] if isinstance(info, dict) else info
    out: list[Span] = []
    for tags, words in _tagged(markup.replace("}", ")")):
        if tag not in tags:
            continue
        start = record["text"].find(words, out[-1][0] if out else 0)
        if start < 0:
            start = record["text"].find(words)
        if start >= 0:
            out.append((start, start + len(words)))
    return out


@dataclass(frozen=True, slots=True)
class _Parties:
    """The gold actors of an event record, and whether they may change places."""

    source: list[Span]
    target: list[Span]
    mutual: bool

    def match(self, statement: Row) -> bool:
        actor, recipient = as_spans(statement.get("actor")), as_spans(statement.get("recipient"))
        swapped = self.mutual and close_to(actor, self.target)
        actor_right = not self.source or close_to(actor, self.source) or (swapped and close_to(recipient, self.source))
        return actor_right and (not self.target or close_to(recipient, self.target) or swapped)


def events(gold: Sequence[Row], readings: Readings) -> Figures:
    """PLOVER records: the right type on the first event, on any, with actors; trigger, actors, and events beyond the first a sentence."""
    counts: Counter[str] = Counter()
    records = [row for row in gold if row.get("text")]
    for row in records:
        wanted = RENAMED.get(row["event"], row["event"])
        got = [statement for statement in readings.get(row["id"], {}).get("statements", ()) if statement.get("event")]
        parties = _Parties(tagged_spans(row, "SRC"), tagged_spans(row, "TAR"), wanted in MUTUAL)
        trigger = tagged_spans(row, "EVT")
        types = [statement["event"]["type"] == wanted for statement in got]
        matches = [parties.match(statement) for statement in got]
        counts["type_first"] += bool(types and types[0])
        counts["type"] += any(types)
        counts["trigger"] += any(close_to(as_spans(statement.get("predicate")), trigger) for statement in got)
        counts["actors"] += any(matches)
        counts["type_and_actors"] += any(right and match for right, match in zip(types, matches, strict=True))
        counts["coded"] += bool(got)
        counts["extra_events_per_sentence"] += max(0, len(got) - 1)
    names = ("type_first", "type", "trigger", "actors", "type_and_actors", "coded", "extra_events_per_sentence")
    return {name: ratio(counts[name], len(records)) for name in names}


# CAMEO's classes where they differ from PLOVER's: it counts yielding (08) as material cooperation, and this file reduced relations (16)
# as verbal conflict.
CAMEO_QUAD = {"CONCEDE": "2", "SANCTION": "3"}


def _macro_f1(pairs: Counter[tuple[str, str]]) -> float:
    """The mean of the F1 of each gold label, from counts of (gold label, predicted label)."""
    labels = sorted({gold for gold, _ in pairs})
    tallies = [
        Tally(
            pairs[label, label],
            sum(n for (_, got), n in pairs.items() if got == label),
            sum(n for (gold, _), n in pairs.items() if gold == label),
        )
        for label in labels
    ]
    return ratio(sum(tally.f1 for tally in tallies), len(tallies))


def quad(gold: Sequence[Row], readings: Readings) -> Figures:
    """The quad class of a sentence's first event, "0" where there is none: macro-F1 over the labels of the gold.

    The gold's 0 holds CAMEO's statements and appeals (01, 02), so REQUEST is 0. `macro_f1` takes PLOVER's classes as they are,
    `cameo_macro_f1` those that CAMEO gives two of its types.
    """
    own, cameo = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for row in gold:
        event = next((s["event"] for s in readings.get(row["id"], {}).get("statements", ()) if s.get("event")), None)
        got = "0" if event is None or event["type"] == "REQUEST" else str(event["quad"])
        own[str(row["label"]), got] += 1
        cameo[str(row["label"]), CAMEO_QUAD.get(event["type"], got) if event else got] += 1
    return {"macro_f1": _macro_f1(own), "cameo_macro_f1": _macro_f1(cameo)}


# --- claims ------------------------------------------------------------------------------------------------------------


def occurrences(words: str | None, text: str) -> list[Span]:
    """Every place where these whole words stand; words that begin or end in a mark may touch a letter there (", so")."""
    edge = r"(?:(?<!\w)|(?!\w))", r"(?:(?!\w)|(?<!\w))"
    return [match.span() for match in re.finditer(edge[0] + re.escape(words) + edge[1], text)] if words else []


def _act(statement: Row | None) -> str | None:
    event = (statement or {}).get("event") or {}
    act: str | None = event.get("act")
    return act


@dataclass(slots=True)
class Sentence:
    """One gold sentence with what was read in it; statements are handed out once, the nearest predicate first."""

    text: str
    statements: Sequence[Row]
    sources: Mapping[str, list[Span]]
    taken: set[int] = field(default_factory=set)

    def nearest(self, predicate: list[Span]) -> Row | None:
        """The free statement whose predicate shares most with these words, the first of equals."""
        best, grade = None, 0.0
        for number, statement in enumerate(self.statements):
            spans = as_spans(statement["predicate"])
            if number in self.taken or not overlaps(spans, predicate):
                continue
            share = max(shared(spans, [place]) for place in predicate)
            if best is None or share > grade:
                best, grade = number, share
        if best is None:
            return None
        self.taken.add(best)
        return self.statements[best]

    def same_voice(self, wanted: str, got: str | None) -> bool:
        """Whether a voice is the wanted one: the author's, or that of a source named by these words."""
        if "author" in (wanted, got):
            return wanted == got
        return close_to(self.sources.get(str(got), []), occurrences(wanted, self.text))

    def marks(self, wanted: Row, statement: Row | None) -> dict[str, bool]:
        """Right or wrong, for each thing that the gold statement says; a statement not found is wrong in all of them."""
        out: dict[str, bool] = {}
        for role in ("actor", "recipient"):
            if wanted[role]:
                out[role] = statement is not None and close_to(as_spans(statement.get(role)), occurrences(wanted[role], self.text))
        if wanted["act"] != "?":
            out["act"] = statement is not None and _act(statement) == wanted["act"]
        sure = (wanted["polarity"], wanted["status"])
        out["sure"] = statement is not None and (statement.get("polarity"), statement.get("status")) == sure
        if sure != ("affirmed", "actual"):
            out["sure_hard"] = out["sure"]
        if wanted["voice"] is not None:
            out["voice"] = statement is not None and self.same_voice(wanted["voice"], statement.get("voice"))
            if wanted["voice"] != "author":
                out["voice_hard"] = out["voice"]
        return out


def claims(gold: Sequence[Row], readings: Readings) -> Figures:
    """The core promise: statements found, with actor, recipient, act, certainty and voice; `all` has every one of them right.

    `sure_hard` counts only what is not plainly affirmed and actual, `voice_hard` only what is not the author's. A gold act "?"
    and a gold voice null are not scored; every act in a gold sentence is labelled, so any other one found is an error.
    """
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    acts = Tally()
    for row in gold:
        reading = readings.get(row["id"], {})
        sources = {one["id"]: as_spans(one.get("source")) for one in reading.get("attributions", ())}
        sentence = Sentence(row["text"], reading.get("statements", ()), sources)
        for wanted in row["statements"]:
            statement = sentence.nearest(occurrences(wanted["predicate"], row["text"]))
            marks = sentence.marks(wanted, statement)
            marks["all"] = all(marks.values())
            marks["found"] = statement is not None
            asked.update(marks.keys())
            right.update(name for name, mark in marks.items() if mark)
            labelled = wanted["act"] not in (None, "?")
            acts.add(int(labelled and marks["act"]), 0, int(labelled))
        open_places = [
            place for wanted in row["statements"] if wanted["act"] == "?" for place in occurrences(wanted["predicate"], row["text"])
        ]
        acts.predicted += sum(
            1 for statement in sentence.statements if _act(statement) and not overlaps(as_spans(statement["predicate"]), open_places)
        )
    names = ("found", "actor", "recipient", "act", "sure", "sure_hard", "voice", "voice_hard", "all")
    figures = {name: ratio(right[name], asked[name]) for name in names}
    return {**figures, "act_precision": ratio(acts.right, acts.predicted), "act_recall": ratio(acts.right, acts.wanted)}


# --- entities ------------------------------------------------------------------------------------------------------------

GOLD_TYPES = {"PER": "person", "ORG": "organization", "LOC": "place"}
# The corpus has three types: countries are places there, and groups organizations.
AS_GOLD = {"person": "person", "organization": "organization", "group": "organization", "place": "place", "country": "place"}


@dataclass(frozen=True, slots=True)
class TaggedSentence:
    """A sentence with its words' IOB2 tags."""

    id: str
    text: str
    words: tuple[tuple[str, str], ...]

    def names(self) -> set[tuple[str, int, int]]:
        """Names as (type, start, end); words are found in the text from left to right."""
        found: list[list[Any]] = []
        position, inside = 0, False
        for word, tag in self.words:
            start = self.text.find(word, position)
            position = start + len(word)
            mark, _, kind = tag.partition("-")
            if mark == "B":
                found.append([GOLD_TYPES.get(kind), start, position])
            elif mark == "I" and inside:
                found[-1][2] = position
            inside = mark == "B" or (mark == "I" and inside)
        return {(kind, start, end) for kind, start, end in found if kind}


def entities(gold: Sequence[TaggedSentence], readings: Readings) -> Figures:
    """Names of persons, organizations and places, with their exact spans: F1 with and without the type."""
    typed, untyped = Tally(), Tally()
    for sentence in gold:
        wanted = sentence.names()
        mentions = readings.get(sentence.id, {}).get("mentions", ())
        got = {(AS_GOLD[one["type"]], one["start"], one["end"]) for one in mentions if one.get("named") and one["type"] in AS_GOLD}
        typed.add(len(wanted & got), len(got), len(wanted))
        untyped.add(len({one[1:] for one in wanted} & {one[1:] for one in got}), len(got), len(wanted))
    return {"f1": typed.f1, "untyped_f1": untyped.f1}


# --- syntax --------------------------------------------------------------------------------------------------------------

# Where a word stands: its characters, counted over the whole file without white space, and its number within a surface token.
Place = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class TreeWord:
    """A syntactic word of a CoNLL-U file; `head` is the place of its head, None for a root, `relation` without its subtype."""

    place: Place
    upos: str
    relation: str
    head: Place | None


def tree_words(lines: Iterable[str]) -> list[TreeWord]:
    """The words of a CoNLL-U file, placed by their characters."""
    out: list[TreeWord] = []
    rows: list[tuple[Place, list[str]]] = []
    position, several = 0, range(0)
    surface = (0, 0)
    for line in [*lines, ""]:
        line = line.rstrip("\n")
        if not line:
            places = [place for place, _ in rows]
            for place, columns in rows:
                head = int(columns[6])
                out.append(TreeWord(place, columns[3], columns[7].partition(":")[0], places[head - 1] if head else None))
            rows, several = [], range(0)
            continue
        columns = line.split("\t")
        if line.startswith("#") or "." in columns[0]:
            continue
        width = len("".join(columns[1].split()))
        first, dash, last = columns[0].partition("-")
        if dash:
            several, surface = range(int(first), int(last) + 1), (position, position + width)
            position += width
        elif int(first) in several:
            rows.append(((*surface, int(first) - several.start), columns))
        else:
            rows.append(((position, position + width, 0), columns))
            position += width
    return out


def syntax(gold: Sequence[TreeWord], got: Sequence[TreeWord]) -> Figures:
    """Words, parts of speech and dependency trees from raw text, words aligned by their characters (as in the CoNLL 2018 task)."""
    by_place = {word.place: word for word in gold}
    aligned = [(by_place[word.place], word) for word in got if word.place in by_place]

    def score(same: Callable[[TreeWord, TreeWord], bool]) -> float:
        return Tally(sum(same(*pair) for pair in aligned), len(got), len(gold)).f1

    return {
        "words": score(lambda _, __: True),
        "upos": score(lambda one, other: one.upos == other.upos),
        "uas": score(lambda one, other: one.head == other.head),
        "las": score(lambda one, other: (one.head, one.relation) == (other.head, other.relation)),
    }


# --- how it is said ------------------------------------------------------------------------------------------------------

SIDES = ("negative", "neutral", "positive")
CHARGED = frozenset({"loaded", "label", "scare_quotes", "sweeping", "legitimacy", "presupposing"})
"""The kinds of wording that charge a sentence: a vague source is evasive and not charged."""


def side_of(value: float) -> str:
    """Of a rating from 2 (negative) over 4 to 6 (positive), means of several raters between them."""
    return SIDES[(value > 4.5) - (value < 3.5) + 1]


def _f1_by_label(pairs: Counter[tuple[str, str]], labels: Iterable[str]) -> dict[str, float]:
    """F1 of each label, from counts of (gold, predicted)."""
    predicted, wanted = Counter[str](), Counter[str]()
    for (gold, got), count in pairs.items():
        wanted[gold] += count
        predicted[got] += count
    return {label: Tally(pairs[label, label], predicted[label], wanted[label]).f1 for label in labels}


def stance(gold: Sequence[Row], readings: Readings) -> Figures:
    """NewsMTSC: how a sentence speaks of each marked target, as the sum of the evaluations that overlap it; macro-F1 over sides."""
    pairs: Counter[tuple[str, str]] = Counter()
    for row in gold:
        evaluations = readings.get(row["primary_gid"], {}).get("evaluations", ())
        for target in row["targets"]:
            place = [(target["from"], target["to"])]
            total = sum(one["polarity"] for one in evaluations if overlaps(as_spans(one["target"]), place))
            pairs[side_of(target["polarity"]), SIDES[(total > 0) - (total < 0) + 1]] += 1
    sides = _f1_by_label(pairs, SIDES)
    right = sum(pairs[side, side] for side in SIDES)
    return {"macro_f1": ratio(sum(sides.values()), len(SIDES)), "accuracy": ratio(right, sum(pairs.values())), **sides}


def wording(gold: Sequence[Row], readings: Readings) -> Figures:
    """BABE: which sentences are biased, and which of their words.

    A reading has no word on a sentence as a whole. A sentence counts as biased when it holds charged wording (no mere vague source).
    Words are those between spaces and punctuation; a gold word is meant wherever it stands in its sentence.
    Sentences on which the raters did not agree are left out.
    """
    pairs: Counter[tuple[str, str]] = Counter()
    charged = Tally()
    for row in gold:
        if row["label_bias"] not in ("Biased", "Non-biased"):
            continue
        found = [one for one in readings.get(row["id"], {}).get("wording", ()) if one["kind"] in CHARGED]
        pairs[row["label_bias"], "Biased" if found else "Non-biased"] += 1
        places = [(one["start"], one["end"]) for one in found]
        listed = {word.lower() for word in ast.literal_eval(row["biased_words"])}
        for match in re.finditer(r"\w[\w'’-]*", row["text"]):
            wanted, got = match[0].lower() in listed, overlaps(places, [match.span()])
            charged.add(int(wanted and got), int(got), int(wanted))
    labels = _f1_by_label(pairs, ("Biased", "Non-biased"))
    return {"sentence_macro_f1": sum(labels.values()) / 2, "word_f1": charged.f1}
