"""Who, what, when and where of whole news articles, held against the phrases that readers marked (Giveme5W1H). No files, no model.

The answer to each question is one phrase of the reading. An article's **main statement** is the first statement of its title that is told
as having happened (actual) in the author's own voice; the main clause comes first in a reading. Failing that, it is the first such
statement of the text's first `OPENING` sentences, one with an event before one without. Each question is answered by the main statement
or, where that says nothing of it, by the next in the same order:

* who: the actor's words; for a statement that names none, the words for whom it is done to;
* what: the words from the predicate to the last of its recipient, its object and what it says or, where none follows it, of its place; with
  what is acted on before it where no actor is named ("two bridges destroyed");
* when: the words of its time; where the main statement has none, those of the first time in the text that is a day of the week before
  publication (news is of the day), or else of the first;
* where: the words of its place; where title and opening name none, the article's dateline.

A phrase is right when it has no more than twice as many words as one of the readers' phrases and at least half of that one's words.
Articles in which readers found no phrase for a question do not count for it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from benchmarks.measures import Figures, Readings, Row, Span, as_spans, overlaps, ratio

QUESTIONS = ("who", "what", "when", "where")
OPENING = 6
WEEK = 7


def articles(rows: Iterable[Row]) -> list[Row]:
    """The corpus's articles in the terms of the other gold files: id, text (lead and body), and what the reader is told beside it."""
    out: list[Row] = []
    for row in rows:
        lead, text = (row["description"] or "").strip(), row["text"]
        published = (row["date_publish"] or "").replace(" ", "T")
        whole = text if lead in text else f"{lead}\n\n{text}"
        out.append({"id": row["dId"], "title": row["title"], "text": whole, "published": published, **row["fiveWoneH"]})
    return out


def words_of(text: str) -> list[str]:
    """Lowercased words."""
    return re.findall(r"\w+", text.lower())


def fits(phrase: str, gold: str) -> bool:
    """Whether a phrase has half of the gold one's words or more, and no more than twice as many words."""
    said, wanted = Counter(words_of(phrase)), Counter(words_of(gold))
    return bool(wanted) and said.total() <= 2 * wanted.total() and 2 * (said & wanted).total() >= wanted.total()


def ranked(reading: Row) -> tuple[list[Row], list[Row]]:
    """The statements of title and opening, by how well they do as an article's main statement, the best first; and the others."""
    opening = reading["sentences"][OPENING - 1 : OPENING] or reading["sentences"][-1:]
    end = opening[0][1] if opening else 0

    def rank(statement: Row) -> tuple[bool, ...]:
        title = statement["in"] == "title"
        told = statement["status"] == "actual" and statement["voice"] == "author"
        return not title, not told, not title and statement["event"] is None

    early = [s["in"] == "title" or s["predicate"][0][0] < end for s in reading["statements"]]
    first, rest = ([s for s, is_early in zip(reading["statements"], early, strict=True) if is_early is side] for side in (True, False))
    return sorted(first, key=rank), rest


def what(statement: Row, reading: Row) -> list[Span]:
    """The stretch that tells what is done: see above."""
    predicate = as_spans(statement["predicate"])
    told = [*as_spans(statement["recipient"]), *as_spans(statement["object"])]
    for attribution in reading["attributions"]:
        if attribution["in"] == statement["in"] and overlaps(predicate, as_spans(attribution["cue"])):
            told += as_spans(attribution["content"])
    after = [span for span in told if span[0] > predicate[0][0]]
    if not after and statement["place"] and statement["place"]["span"][0] > predicate[0][0]:
        after = as_spans([statement["place"]["span"]])
    spans = [*predicate, *(after if statement["actor"] or after else told)]
    return [(min(start for start, _ in spans), max(end for _, end in spans))]


def fresh(time: Row | None, published: str | None) -> bool:
    """Whether a time is a day of the week before an article was published."""
    if time is None or time["precision"] != "day" or not time["start"] or not published:
        return False
    age = date.fromisoformat(published[:10]) - date.fromisoformat(time["start"])
    return 0 <= age.days <= WEEK


def timed(statements: Sequence[Row], published: str | None) -> Row | None:
    """The statement that answers when: the main one (the first), else the first in the text with a fresh time, else the first with any."""
    dated = sorted((s for s in statements if s["time"]), key=lambda s: (s["in"] != "title", s["time"]["span"]))
    fresh_ones = [s for s in dated if fresh(s["time"], published)]
    return next(iter([s for s in statements[:1] if s["time"]] or fresh_ones or dated), None)


def answers(reading: Row) -> dict[str, str]:
    """The phrase that a reading gives to each question; questions without one are left out."""
    out: dict[str, str] = {}

    def answer(question: str, statement: Row, spans: Iterable[Sequence[int]]) -> None:
        text = reading["article"]["title"] if statement["in"] == "title" else reading["article"]["text"]
        phrase = " ".join(text[start:end] for start, end in spans)
        if phrase:
            out.setdefault(question, phrase)

    early, late = ranked(reading)
    everything = [*early, *late]
    for statement in everything:
        answer("who", statement, statement["actor"] or statement["recipient"] or statement["object"])
        answer("what", statement, what(statement, reading))
    dated = timed(everything, reading["article"]["published"])
    if dated:
        answer("when", dated, [dated["time"]["span"]])
    for statement in early:
        answer("where", statement, [statement["place"]["span"]] if statement["place"] else [])
    dateline = reading["article"]["dateline"]
    if dateline and dateline["place"]:
        out.setdefault("where", dateline["place"])
    for statement in late:
        answer("where", statement, [statement["place"]["span"]] if statement["place"] else [])
    return out


def wanted(row: Row) -> Iterator[tuple[str, list[str]]]:
    """Each question that readers answered, with their phrases."""
    for question in QUESTIONS:
        phrases = [str(one["text"]) for one in row[question]["annotated"] if one.get("text")]
        if phrases:
            yield question, phrases


def measure(gold: Sequence[Row], readings: Readings) -> Figures:
    """The share of articles in which each question is answered rightly, among those in which readers answered it."""
    asked: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for row in gold:
        reading = readings.get(row["id"])
        given = answers(reading) if reading else {}
        for question, phrases in wanted(row):
            asked[question] += 1
            right[question] += any(fits(given.get(question, ""), phrase) for phrase in phrases)
    return {question: ratio(right[question], asked[question]) for question in QUESTIONS}
