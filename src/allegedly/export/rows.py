"""Statements as the rows of one table, for CSV and Parquet: a row for each statement, its article and its voice on every row.

The columns are the same in both. Parquet has types and lists; in CSV a list is joined by "; " and what is not known is an empty cell. With
`no_text` the columns of the article's own words are empty; offsets and the hash of the text say where they are.

Cells of a CSV that a spreadsheet would take for a formula get an apostrophe in front, as OWASP advises ("CSV Injection"): those whose first
visible character is one of = + - @, also full-width. `raw` leaves all cells as they are.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO, Literal, TextIO

from allegedly.errors import ExportError
from allegedly.export.digest import Digest, flat, inline, roles, safe
from allegedly.export.options import Options, is_blank, text_sha256
from allegedly.records import Article, Quantity, Reading, Statement

if TYPE_CHECKING:
    import pyarrow as pa

Kind = Literal["text", "words", "list", "integer", "number"]
Row = dict[str, Any]

COLUMNS: dict[str, Kind] = {
    "article": "text",
    "outlet": "text",
    "published": "text",
    "url": "text",
    "title": "words",
    "genre": "text",
    "translated": "text",
    "statement": "text",
    "in": "text",
    "start": "integer",
    "end": "integer",
    "voice": "text",
    "relayed_by": "list",
    "force": "text",
    "sourcing": "text",
    "polarity": "text",
    "status": "text",
    "sure_score": "number",
    "quotation": "words",
    "lemma": "text",
    "predicate": "words",
    "actor": "words",
    "actor_names": "list",
    "recipient": "words",
    "recipient_names": "list",
    "object": "words",
    "event_type": "text",
    "act": "text",
    "mode": "text",
    "quad": "integer",
    "contexts": "list",
    "event_score": "number",
    "time_start": "text",
    "time_end": "text",
    "time_precision": "text",
    "place": "text",
    "place_country": "text",
    "place_precision": "text",
    "latitude": "number",
    "longitude": "number",
    "quantities": "list",
    "text_sha256": "text",
    "review": "text",
    "reviewed_by": "text",
    "reviewed": "text",
    "reader_version": "text",
    "model_sha256": "text",
}
"""Columns in their order. `words` are the article's own and left out with `no_text`; docs/exports.md says what each holds."""

AT_ONCE = 4096
"""Rows of a Parquet row group."""

_FORMULA = re.compile(r"[\s\x00-\x20\ufeff\u200b]*[=+\-@＝＋－＠]|[\t\r\n]")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?\Z")


def rows(readings: Iterable[Reading]) -> Iterator[Row]:
    """A row for each statement of each reading, in their order; None and [] for what is not known."""
    for reading in readings:
        digest = Digest(reading, 0.0)
        for statement in reading.statements:
            yield row_of(digest, statement)


def row_of(digest: Digest, statement: Statement | None) -> Row:
    """A statement's row; without one, what all rows of the article have in common."""
    return _shared(digest.whole) | (_row(digest, statement) if statement else {})


def _shared(reading: Reading) -> Row:
    """What all rows of an article have in common."""
    a = reading.article
    return {
        **dict.fromkeys(COLUMNS),
        **{name: [] for name, kind in COLUMNS.items() if kind == "list"},
        "article": a.id,
        "outlet": a.outlet,
        "published": a.published,
        "url": a.url,
        "title": None if is_blank(a.title or "") else a.title,
        "genre": a.genre.label,
        "translated": translated(a),
        "text_sha256": text_sha256(a),
        "reader_version": reading.reader.version,
        "model_sha256": reading.reader.model_sha256,
    }


def _row(digest: Digest, s: Statement) -> Row:
    sources, spans, source = digest.sources(s.voice), roles(s), digest.source_of(s)

    def exact(words: Iterable[tuple[int, int]]) -> str | None:
        text = " … ".join(source[a:b] for a, b in words)
        return None if is_blank(text) else text

    start, end = min(a for a, _ in spans), max(b for _, b in spans)
    out: Row = {
        "statement": s.id,
        "in": s.within,
        "start": start,
        "end": end,
        "voice": sources[0] if sources else "author",
        "relayed_by": sources[1:],
        "force": digest.force(s.voice),
        "sourcing": s.sourcing,
        "polarity": s.polarity,
        "status": s.status,
        "sure_score": round(s.sure_score, 4),
        "quotation": exact([(start, end)]),
        "lemma": s.lemma,
        "predicate": exact(s.predicate),
        "actor": exact(s.actor),
        "actor_names": names(digest, s.actor_entities),
        "recipient": exact(s.recipient),
        "recipient_names": names(digest, s.recipient_entities),
        "object": exact(s.object),
        "quantities": [amount(q) for q in s.quantities],
        "review": digest.review("statement", s.id),
    }
    if held := digest.reviews.get(("statement", s.id)):
        out |= {"reviewed_by": held.by, "reviewed": held.made}
    if s.event:
        e = s.event
        out |= {"event_type": e.type, "act": e.act, "mode": e.mode, "quad": e.quad, "contexts": list(e.contexts)}
        out["event_score"] = round(e.score, 4)
    if s.time:
        out |= {"time_start": s.time.start, "time_end": s.time.end, "time_precision": s.time.precision}
    if s.place:
        p = s.place
        out |= {"place": p.name, "place_country": p.country, "place_precision": p.precision, "latitude": p.lat, "longitude": p.lon}
    return out


def translated(article: Article) -> str | None:
    """Such as "machine, from ru": no word of such a text is the outlet's own."""
    return f"{article.translation.by}, from {article.translation.source_language}" if article.translation else None


def names(digest: Digest, entities: Iterable[str]) -> list[str]:
    """The entities' names in the article, those that have one."""
    return [name for entity in entities if (name := digest.name_of(entity))]


def amount(q: Quantity) -> str:
    """Such as "11 people (deaths)", "40 to 50 people", "more than 1000 soldiers"."""
    if q.value is not None:
        said = f"{q.value:g}" if abs(q.value) < 1e6 else f"{q.value:.0f}"
    elif q.low is not None and q.high is not None:
        said = f"{q.low:.0f} to {q.high:.0f}"
    else:
        said = f"at least {q.low:.0f}" if q.low is not None else f"at most {q.high:.0f}" if q.high is not None else "an unknown number of"
    return inline(f"{said} {q.unit}" + (f" ({q.kind})" if q.kind and q.kind != q.unit else ""))


# --- CSV -------------------------------------------------------------------------------------------------------------


def cell(value: Any, *, raw: bool) -> Any:
    """A cell's value: lists joined, nothing for None, and text that no spreadsheet runs unless `raw`. Numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        value = "; ".join(map(str, value))
    if not isinstance(value, str) or raw:
        return value
    value = safe(value.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    return f"'{value}" if _FORMULA.match(value) and not _NUMBER.match(value) else value


def write_csv(readings: Iterable[Reading], out: TextIO, options: Options) -> None:
    """RFC 4180: a head line, commas, CRLF. The stream must not translate line ends."""
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(COLUMNS)
    for row in rows(readings):
        table.writerow([cell(row[name], raw=options.raw) for name in COLUMNS])
    out.flush()


class TabTable:
    """Values separated by tabs, a head line first. White space within a cell becomes one space, so that a line is a row."""

    def __init__(self, out: TextIO, head: Sequence[str], options: Options) -> None:
        self._out, self._head, self._raw = csv.writer(out, delimiter="\t", lineterminator="\n"), tuple(head), options.raw
        self._out.writerow(self._head)

    def add(self, row: Mapping[str, Any]) -> None:
        """A row by the names of its columns; those that it lacks are empty."""
        cells = (cell(row.get(name), raw=self._raw) for name in self._head)
        self._out.writerow([flat(value) if isinstance(value, str) else value for value in cells])


# --- Parquet ---------------------------------------------------------------------------------------------------------


def write_parquet(readings: Iterable[Reading], out: BinaryIO, options: Options) -> None:
    """One Parquet file, compressed with Zstandard, written a row group at a time. ExportError where pyarrow is missing."""
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        raise ExportError('parquet needs pyarrow, which is not installed. Install it with: pip install "allegedly[parquet]"') from None
    schema = _schema()
    held: list[Row] = []

    def table() -> "pa.Table":
        return pa.Table.from_pylist(held, schema=schema)

    with parquet.ParquetWriter(out, schema, compression="zstd") as writer:
        for row in rows(readings):
            held.append({name: storable(value) for name, value in row.items()})
            if len(held) == AT_ONCE:
                writer.write_table(table())
                held.clear()
        if held:
            writer.write_table(table())


def _schema() -> "pa.Schema":
    import pyarrow as pa

    types = {"text": pa.string(), "words": pa.string(), "list": pa.list_(pa.string()), "integer": pa.int64(), "number": pa.float64()}
    return pa.schema([(name, types[kind]) for name, kind in COLUMNS.items()])


def storable(value: Any) -> Any:
    """The same value, also within lists and dictionaries, with "?" for lone surrogates, which UTF-8 has not."""
    if isinstance(value, dict):
        return {key: storable(one) for key, one in value.items()}
    if isinstance(value, list):
        return [storable(one) for one in value]
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value
