"""Figures for the labelled sentences in `benchmarks/labelled`, which measure what no corpus does. No files, no model.

One `measure_FIELD` for each field, over gold rows and readings by article id, as in `measures.py`; its first figure is the field's
headline. Gold words are exact substrings of the text. A finding is right only when everything that the gold says of it is; a statement,
attribution or mention that was not found is wrong in all of it. Fields whose items the gold gives (time, place, sector, mode, genre) are
shares of these; those where a finding too many is as bad as one too few (quantities, nesting, holder, wording, reasons) are F1.

How the gold of `time` was labelled: weeks run from Monday to Sunday; a weekday or a month without a year is the nearest one in the
direction of the tense, the day of publication included; seasons are the northern ones, of three whole months; "since X" starts with X and
ends with the day of publication, has the precision of X, and "until" and "by" have no start; an interval with two ends in the text is a
"range"; a duration, an age or a frequency is no time; what has no anchor ("two years later") or is vague ("recently") is "unknown" and
has no dates, which is not the same as no time.

Of `place`: the most specific name in the text for where the statement happens; a capital that acts ("Lima rejected") is no place.

Of `news`: statements of news and commentary in all, as in `claims`, written and labelled by others, who had the codebook and the schema
but had not seen the rules or a reading. Where coders differ (easing a ban, peacekeepers that leave, hearsay) their labels were left.

Of `reports`: the same of longer and harder sentences, of agencies, human-rights reports and columns: nested voices, far actors, rarer
words. An act that is not labelled counts as one too many, though coders left out what two might differ on.

Of `registers`: the same of 900 sentences in six registers (war and police, partisan columns, diplomacy and trade, domestic politics,
rights and minorities, long analysis), by six coders. Where coders doubted an act, any counts.

Of `papers`: the same of 1,764 sentences (agencies of Africa and Asia, rights reports, opinion, analysis, domestic news, diplomacy and
trade, interviews, war), by eight coders. 94 whose readings had been looked at were moved out of the half put aside, which is the easier
one for that. 1,110 more came later, of seven coders (opinion and columns, parliaments and courts, diplomacy and war, rights, agencies of
four continents, interviews and live reports), every second one put aside.

Of `wording` and `holder`: 30 sentences and 150 for the start; 400 texts more of four who had the definitions alone (partisan columns,
tabloids, state media, quality papers), every second one put aside. Charged words between quotation marks are somebody else's and were
left out of the labels of `wording` by a script; `holder` has whoever said them.

Of `headlines`: the same of headlines of all styles, in small letters, in Title Case and of tabloids.

Of `wordings`: 760 ways to tell an act, no two by one word, written and labelled by others who had the codebook alone; every fifth a word
that often tells an act and here tells none, or another. Most are rarer than what news is made of.

Of `quantities`: "about" and "nearly" give a value, "at least" and "more than" a low, "up to" and "fewer than" a high; "dozens" is 24 or
more, "scores" 40, "hundreds" 200, and so on; persons have the unit "people", money an ISO code, a share "%"; "a" is no number, and dates,
durations and ages are no quantities.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from benchmarks import measures
from benchmarks.measures import Figures, Readings, Row, Sentence, Span, Tally, as_spans, close_to, occurrences, overlaps, paired, ratio

Marks = Mapping[str, bool]


# --- counting ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Shares:
    """How often each thing was asked for and how often it was right."""

    asked: Counter[str] = field(default_factory=Counter)
    right: Counter[str] = field(default_factory=Counter)

    def add(self, marks: Marks) -> None:
        self.asked.update(marks.keys())
        self.right.update(name for name, mark in marks.items() if mark)

    def figures(self, *names: str) -> Figures:
        return {name: ratio(self.right[name], self.asked[name]) for name in names}


Judge = Callable[[Row, Row], Marks | None]
"""The marks of a finding (second) that is about the same words as the gold's (first), None of any other."""


def matched(wanted: Sequence[Row], got: Sequence[Row], judge: Judge) -> dict[int, Marks]:
    """The marks of the findings that match one of the gold's, one to one, by their place in `got`."""
    judged = [[judge(one, other) for other in got] for one in wanted]
    grades = [[0.0 if marks is None else 1.0 + sum(marks.values()) for marks in line] for line in judged]
    return {j: judged[i][j] or {} for i, j in paired(grades).items()}


@dataclass(slots=True)
class _Findings:
    """Findings matched with the gold's one to one. A match is right when its `needed` marks are; the other marks are counted beside it."""

    needed: tuple[str, ...]
    beside: tuple[str, ...] = ()
    right: Tally = field(default_factory=Tally)
    found: Tally = field(default_factory=Tally)
    shares: _Shares = field(default_factory=_Shares)

    def add(self, wanted: Sequence[Row], got: Sequence[Row], judge: Judge) -> None:
        """Count one text."""
        matches = matched(wanted, got, judge).values()
        self.right.add(sum(all(marks.get(name, True) for name in self.needed) for marks in matches), len(got), len(wanted))
        self.found.add(len(matches), len(got), len(wanted))
        for marks in matches:
            self.shares.add(marks)

    def figures(self) -> Figures:
        """F1 of right findings, F1 of findings about the right words, and the share of these in which each mark is right."""
        return {"f1": self.right.f1, "found_f1": self.found.f1, **self.shares.figures(*self.needed, *self.beside)}


def _body(rows: Iterable[Row]) -> list[Row]:
    """What was found in the text, not in the title."""
    return [row for row in rows if row.get("in", "text") == "text"]


def _sentence(row: Row, reading: Row) -> Sentence:
    sources = {one["id"]: as_spans(one.get("source")) for one in _body(reading.get("attributions", ()))}
    return Sentence(row["text"], _body(reading.get("statements", ())), sources)


# --- when, where, how many --------------------------------------------------------------------------------------------------


def _interval(time: Row) -> tuple[Any, Any]:
    return time["start"], time["end"]


def measure_time(gold: Sequence[Row], readings: Readings) -> Figures:
    """When each statement happens: start, end and precision all right, or none where the gold has none.

    `dated` counts the statements with a time in the gold, `undated` those without; `interval` asks of the dated for start and end only.
    """
    shares = _Shares()
    for row in gold:
        sentence = _sentence(row, readings.get(row["id"], {}))
        times = {one["words"]: one for one in row["times"]}
        for wanted in row["statements"]:
            statement = sentence.nearest(occurrences(wanted["predicate"], row["text"]))
            want = times[wanted["time"]] if wanted["time"] is not None else None
            got = (statement or {}).get("time")
            same = got is want if want is None or got is None else _interval(want) == _interval(got)
            precise = want is None or got is None or want["precision"] == got["precision"]
            right = statement is not None and same and precise
            dated = {"dated": right, "interval": same} if want else {"undated": right}
            shares.add({"accuracy": right, "found": statement is not None, **dated})
    return shares.figures("accuracy", "dated", "undated", "interval", "found")


def measure_place(gold: Sequence[Row], readings: Readings) -> Figures:
    """Where each statement happens: the name and its country right, or none where the gold has none.

    `placed` counts the statements with a place in the gold, `unplaced` those without; `name` and `country` ask for one of the two.
    """
    shares = _Shares()
    for row in gold:
        sentence = _sentence(row, readings.get(row["id"], {}))
        for wanted in row["places"]:
            statement = sentence.nearest(occurrences(wanted["predicate"], row["text"]))
            got = (statement or {}).get("place")
            if wanted["place"] is None:
                right = statement is not None and got is None
                marks = {"unplaced": right}
            else:
                name = got is not None and close_to(as_spans([got["span"]]), occurrences(wanted["place"], row["text"]))
                country = got is not None and got["country"] == wanted["country"]
                right = name and country
                marks = {"placed": right, "name": name, "country": country}
            shares.add({"accuracy": right, "found": statement is not None, **marks})
    return shares.figures("accuracy", "placed", "unplaced", "name", "country", "found")


def _amount(quantity: Row) -> tuple[Any, ...]:
    return quantity["value"], quantity["low"], quantity["high"]


def _quantities(statements: Iterable[Row]) -> list[Row]:
    """The quantities of a text, each once however many statements have it, with the predicates of all of these."""
    out: dict[tuple[Any, ...], dict[str, Any]] = {}
    for statement in statements:
        for one in statement.get("quantities", ()):
            key = (*one["span"], *_amount(one), one["unit"], one["kind"])
            out.setdefault(key, {**one, "predicates": []})["predicates"] += as_spans(statement["predicate"])
    return list(out.values())


def _judge_quantity(text: str, wanted: Row, got: Row) -> Marks | None:
    if not close_to(as_spans([got["span"]]), occurrences(wanted["words"], text)):
        return None
    marks = {"amount": _amount(wanted) == _amount(got), "kind": wanted["kind"] == got["kind"]}
    if wanted["kind"] == "money":
        marks["currency"] = wanted["unit"] == got["unit"]
    if wanted["predicate"] is not None:
        marks["predicate"] = overlaps(got["predicates"], occurrences(wanted["predicate"], text))
    return {**marks, "unit": wanted["unit"] == got["unit"]}


def measure_quantities(gold: Sequence[Row], readings: Readings) -> Figures:
    """How many: the words found, with amount, kind, currency (of money) and predicate right; `unit` is counted beside."""
    findings = _Findings(("amount", "kind", "currency", "predicate"), ("unit",))
    for row in gold:
        got = _quantities(_body(readings.get(row["id"], {}).get("statements", ())))
        findings.add(row["quantities"], got, partial(_judge_quantity, row["text"]))
    return findings.figures()


# --- according to whom ----------------------------------------------------------------------------------------------------


def measure_nesting(gold: Sequence[Row], readings: Readings) -> Figures:
    """Who says that who says what: source, cue and content meet, with the force of the cue and the attribution that it is nested in.

    `parent` and `force` are shares of the attributions found, `nested` of those found that have a parent.
    """
    right, linked, shares = Tally(), Tally(), _Shares()
    for row in gold:
        wanted = [{**one, **{role: occurrences(one[role], row["text"]) for role in measures.ROLES}} for one in row["attributions"]]
        got = _body(readings.get(row["id"], {}).get("attributions", ()))
        pairs = paired([[measures.agreement(one, other) for other in got] for one in wanted])
        numbers = {one["id"]: j for j, one in enumerate(got)}
        correct = 0
        for i, j in pairs.items():
            want, have = wanted[i]["parent"], numbers.get(got[j]["parent"])
            parent = have is None if want is None else have is not None and pairs.get(want) == have
            marks = {"force": wanted[i]["force"] == got[j]["force"], "parent": parent}
            correct += all(marks.values())
            shares.add(marks if want is None else {**marks, "nested": parent})
        right.add(correct, len(got), len(wanted))
        linked.add(len(pairs), len(got), len(wanted))
    return {"f1": right.f1, "found_f1": linked.f1, **shares.figures("force", "parent", "nested")}


# --- who, and what kind of act -----------------------------------------------------------------------------------------------


def _entity(text: str, words: str, reading: Row) -> Row | None:
    """The entity of the mention that shares most with these words; a mention that stands for none is passed over."""
    entities = {one["id"]: one for one in reading.get("entities", ())}
    wanted = occurrences(words, text)
    near = [one for one in reading.get("mentions", ()) if one["entity"] in entities and close_to([(one["start"], one["end"])], wanted)]
    best = max(near, key=lambda one: max(measures.shared([(one["start"], one["end"])], [place]) for place in wanted), default=None)
    return entities[best["entity"]] if best else None


def measure_sector(gold: Sequence[Row], readings: Readings) -> Figures:
    """The PLOVER sector of each mention's entity, or none where the gold has none; `given` counts those that have one.

    The country is counted apart, and `country_given` where the gold has one.
    """
    shares = _Shares()
    for row in gold:
        for wanted in row["mentions"]:
            entity = _entity(row["text"], wanted["words"], readings.get(row["id"], {}))
            sector, country = ((entity or {}).get(key) == wanted[key] for key in ("sector", "country"))
            marks = {"accuracy": sector, "country": country, "found": entity is not None}
            if wanted["sector"] is not None:
                marks["given"] = sector
            if wanted["country"] is not None:
                marks["country_given"] = country
            shares.add(marks)
    return shares.figures("accuracy", "given", "country", "country_given", "found")


def measure_wordings(gold: Sequence[Row], readings: Readings) -> Figures:
    """The act that a sentence's one word or phrase tells, where it tells one (`known`) and where it tells none (`none`)."""
    shares = _Shares()
    for row in gold:
        sentence = _sentence(row, readings.get(row["id"], {}))
        event = (sentence.nearest(occurrences(row["predicate"], row["text"])) or {}).get("event")
        right = (event or {}).get("act") == row["act"]
        shares.add({"accuracy": right, "known" if row["act"] else "none": right})
    return shares.figures("accuracy", "known", "none")


def measure_mode(gold: Sequence[Row], readings: Readings) -> Figures:
    """Act and mode of each event; `act` and `mode` alone, `given` where the gold has a mode, and the F1 of contexts."""
    shares, contexts = _Shares(), Tally()
    for row in gold:
        sentence = _sentence(row, readings.get(row["id"], {}))
        for wanted in row["events"]:
            event = (sentence.nearest(occurrences(wanted["predicate"], row["text"])) or {}).get("event")
            act = event is not None and event["act"] == wanted["act"]
            mode = event is not None and event["mode"] == wanted["mode"]
            marks = {"accuracy": act and mode, "act": act, "mode": mode}
            if wanted["mode"] is not None:
                marks["given"] = act and mode
            shares.add(marks)
            want, have = set(wanted["contexts"]), set(event["contexts"] if event else ())
            contexts.add(len(want & have), len(have), len(want))
    return {**shares.figures("accuracy", "act", "mode", "given"), "contexts_f1": contexts.f1}


# --- how it is said, and why ------------------------------------------------------------------------------------------------


def _judge_evaluation(sentence: Sentence, wanted: Row, got: Row) -> Marks | None:
    if not close_to(as_spans(got["target"]), occurrences(wanted["target"], sentence.text)):
        return None
    marks = {"polarity": wanted["polarity"] == got["polarity"], "holder": sentence.same_voice(wanted["holder"], got["holder"])}
    if wanted["words"]:
        places = [place for words in wanted["words"] for place in occurrences(words, sentence.text)]
        marks["words"] = overlaps(as_spans(got["words"]), places)
    return marks


def evaluation_judge(row: Row, reading: Row) -> Judge:
    """Judges a reading's evaluations by a row's gold."""
    return partial(_judge_evaluation, _sentence(row, reading))


def measure_holder(gold: Sequence[Row], readings: Readings) -> Figures:
    """Who speaks well or ill of whom: target, polarity and holder right; `words` is counted beside. Polarity 0 is no evaluation."""
    findings = _Findings(("polarity", "holder"), ("words",))
    for row in gold:
        reading = readings.get(row["id"], {})
        wanted, got = ([one for one in side.get("evaluations", ()) if one["polarity"]] for side in (row, reading))
        findings.add(wanted, got, evaluation_judge(row, reading))
    return findings.figures()


def _judge_wording(text: str, entities: Mapping[str, list[Span]], wanted: Row, got: Row) -> Marks | None:
    if not close_to([(got["start"], got["end"])], occurrences(wanted["words"], text)):
        return None
    target = entities.get(got["target"], [])
    aimed = got["target"] is None if wanted["target"] is None else overlaps(target, occurrences(wanted["target"], text))
    return {"kind": wanted["kind"] == got["kind"], "target": aimed}


def wording_judge(row: Row, reading: Row) -> Judge:
    """Judges a reading's wording by a row's gold."""
    mentions = {one["id"]: (one["start"], one["end"]) for one in reading.get("mentions", ())}
    entities = {one["id"]: [mentions[key] for key in one["mentions"] if key in mentions] for one in reading.get("entities", ())}
    return partial(_judge_wording, row["text"], entities)


def measure_wording(gold: Sequence[Row], readings: Readings) -> Figures:
    """Charged or evasive words and their kind; whom they are aimed at is counted beside."""
    findings = _Findings(("kind",), ("target",))
    for row in gold:
        reading = readings.get(row["id"], {})
        findings.add(row["wording"], reading.get("wording", ()), wording_judge(row, reading))
    return findings.figures()


def _judge_reason(text: str, predicates: Mapping[str, list[Span]], wanted: Row, got: Row) -> Marks | None:
    """A contrast holds both ways; every other link runs from the reason to what it is a reason for."""

    def joins(one: str, other: str) -> bool:
        ends = ((wanted["from"], one), (wanted["to"], other))
        return all(overlaps(predicates.get(got[end], []), occurrences(words, text)) for words, end in ends)

    if not (joins("from", "to") or (wanted["kind"] == got["kind"] == "contrasts" and joins("to", "from"))):
        return None
    if wanted["marker"] is None:
        marker = got["marker"] is None
    else:
        marker = got["marker"] is not None and close_to(as_spans([got["marker"]]), occurrences(wanted["marker"], text))
    return {"kind": wanted["kind"] == got["kind"], "marker": marker}


def _predicates(reading: Row) -> dict[str, list[Span]]:
    return {one["id"]: as_spans(one["predicate"]) for one in _body(reading.get("statements", ()))}


def reason_judge(row: Row, reading: Row) -> Judge:
    """Judges a reading's reasons by a row's gold."""
    return partial(_judge_reason, row["text"], _predicates(reading))


def measure_reasons(gold: Sequence[Row], readings: Readings) -> Figures:
    """What is given as a reason for what: both statements and the kind of the link right; `marker` is counted beside.

    `thesis` is the share of the texts that have a thesis in the gold in which it was found.
    """
    findings, theses = _Findings(("kind",), ("marker",)), _Shares()
    for row in gold:
        reading = readings.get(row["id"], {})
        predicates = _predicates(reading)
        findings.add(row["reasons"], reading.get("reasons", ()), reason_judge(row, reading))
        if row.get("thesis"):
            found = predicates.get(str(reading.get("thesis")), [])
            theses.add({"thesis": overlaps(found, occurrences(row["thesis"], row["text"]))})
    return {**findings.figures(), **theses.figures("thesis")}


# --- the whole text -----------------------------------------------------------------------------------------------------------


def measure_genre(gold: Sequence[Row], readings: Readings) -> Figures:
    """The genre of the article; `balanced` gives each genre of the gold the same weight."""
    shares = _Shares()
    genres = sorted({row["genre"] for row in gold})
    for row in gold:
        right = readings.get(row["id"], {}).get("article", {}).get("genre", {}).get("label") == row["genre"]
        shares.add({"accuracy": right, row["genre"]: right})
    return {**shares.figures("accuracy"), "balanced": ratio(sum(shares.figures(*genres).values()), len(genres))}


def measure_claims(gold: Sequence[Row], readings: Readings) -> Figures:
    """The figures of `measures.claims`, the one with everything right first.

    As in the shared development file, an event noun with neither actor nor recipient of its own ("since the coup") is not labelled.
    """
    figures = measures.claims(gold, readings)
    return {"all": figures["all"], **figures}


MEASURES: dict[str, Callable[[Sequence[Row], Readings], Figures]] = {
    "time": measure_time,
    "place": measure_place,
    "quantities": measure_quantities,
    "nesting": measure_nesting,
    "sector": measure_sector,
    "mode": measure_mode,
    "wordings": measure_wordings,
    "holder": measure_holder,
    "wording": measure_wording,
    "reasons": measure_reasons,
    "genre": measure_genre,
    "claims": measure_claims,
    "news": measure_claims,
    "reports": measure_claims,
    "registers": measure_claims,
    "papers": measure_claims,
    "headlines": measure_claims,
}
