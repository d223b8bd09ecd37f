"""Bytes to `Article`: one row of `INPUTS` for each kind of input.

Plain text and JSON Lines keep their text exactly (decoded, a byte order mark taken off, line ends as they are); web pages are laid out
anew. Nothing here touches the network, and the same bytes give the same article on any day.

Every function that reads inputs yields, for each article found, a `Loaded` (the article and its warnings), or an `InputError` as a value.
None is raised, so that one bad input never keeps the good ones from being read.

Inside, imports go one way: this door > `webpage` (HTML), `documents` (PDF, DOCX), `warc` (web archives), `tables` (Parquet),
`decoding` (encodings, JSON),
`genre` > `translations` > `notes` (what a text says of itself) > `facts`.
"""

import codecs
import hashlib
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from allegedly.article.decoding import decode, decode_line
from allegedly.article.documents import MEDIA_TYPES, extract_docx, extract_pdf
from allegedly.article.facts import AS_TEXT, Capture, Facts, Loaded, Outcome, Source, one_line, url_path
from allegedly.article.genre import find_genre
from allegedly.article.notes import find_dateline, find_notes, guess_language
from allegedly.article.tables import lines_of_table
from allegedly.article.translations import find_translation
from allegedly.errors import InputError
from allegedly.records import Article
from allegedly.unpack import DamagedError, packed, unpacked

__all__ = ["INPUTS", "Capture", "Facts", "Loaded", "Outcome", "Source", "build", "from_bytes", "from_path", "from_stream", "holds_many"]

MAX_BYTES = 10_000_000  # of one text or page, or one line of JSON Lines, unpacked
MAX_PAGE = 4_000_000  # taking a page apart needs some twenty times its size
MAX_DOCUMENT = 50_000_000  # of one PDF or DOCX file
UNSAID = ("", "application/octet-stream", "application/json", "application/gzip", "application/x-gzip", "application/zstd")
PACKED = {".gz": "gzip", ".br": "br", ".zst": "zstd"}
READS = ("en",)


# --- reading inputs ---------------------------------------------------------------------------------------------------


def from_bytes(data: bytes, *, name: str, url: str | None = None, media_type: str | None = None) -> Iterator[Outcome]:
    """The articles in `data`, in order, or the reasons why there are none.

    The kind is told by the media type (a Content-Type header, charset and all), else by the suffix of `name` or of the path of `url`,
    else, for standard input ("-") and URLs, by how the bytes begin.
    """
    kind, charset = _declared(media_type)
    source = Source(name, url, charset)
    named = _by_suffix(url_path(url) if url else name)
    typed = next((row for row in INPUTS if kind in row.media_types), None)
    row = named if named and kind == "text/plain" else typed or named  # servers call much else plain text
    if row is None and (url is not None or name == "-") and kind in UNSAID:
        row = _by_look(data)
    if row is None:
        yield _unknown(source, kind)
    else:
        yield from _run(row, io.BytesIO(data), source, packed(data))


def _declared(media_type: str | None) -> tuple[str, str | None]:
    """A Content-Type's media type and charset."""
    kind, _, rest = (media_type or "").partition(";")
    charset = re.search(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", rest, re.IGNORECASE)
    return kind.strip().lower(), charset.group(1) if charset else None


def from_path(path: str | Path) -> Iterator[Outcome]:
    """The articles in a file, or in all files of a known kind below a folder, in sorted order.

    Hidden files and files of other kinds in a folder are not read; how many those were is said with the first article, or, when
    nothing could be read, as an error. JSON Lines are read line by line, so that a large file does not have to fit into memory.
    """
    path = Path(path)
    source = Source(str(path))
    try:
        if path.is_dir():
            yield from _folder(path, source)
            return
        row = _by_suffix(path.name)
        if row is None and path.exists():
            yield _unknown(source, "")
            return
        with path.open("rb") as stream:
            yield from _run(row or INPUTS[0], stream, source, PACKED.get(path.suffix.lower()))
    except FileNotFoundError:
        yield source.error("there is no such file", "Check the path")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        yield source.error(f"could not be opened ({one_line(str(error))})", "Check the path and its permissions")


def from_stream(stream: BinaryIO, *, name: str) -> Iterator[Outcome]:
    """The articles of an opened file, whose kind its name tells: of one that is not on this machine's disks. `stream` can seek."""
    source = Source(name)
    row = _by_suffix(name)
    if row is None:
        yield _unknown(source, "")
    else:
        yield from _run(row, stream, source, PACKED.get(PurePosixPath(name).suffix.lower()))


def _folder(folder: Path, source: Source) -> Iterator[Outcome]:
    visible = [
        p for p in sorted(folder.rglob("*")) if p.is_file() and not any(part.startswith(".") for part in p.relative_to(folder).parts)
    ]
    known = [p for p in visible if _by_suffix(p.name)]
    others = Counter(p.suffix or "no suffix" for p in visible if not _by_suffix(p.name))
    skipped = ", ".join(f"{count} {suffix}" for suffix, count in sorted(others.items()))
    if not known:
        yield source.error("the folder holds no file of a kind that is read", f"Give files that end in {_known()}")
    for path in known:
        for outcome in from_path(path):
            if skipped and isinstance(outcome, Loaded):
                outcome = outcome._replace(warnings=(*outcome.warnings, f"{source.name}: files of other kinds were not read: {skipped}"))
                skipped = ""
            yield outcome


def holds_many(name: str) -> bool:
    """Whether a file of this name can hold more than one article."""
    row = _by_suffix(name)
    return row is not None and row.many


def _run(row: "Input", stream: BinaryIO, source: Source, coding: str | None) -> Iterator[Outcome]:
    """The row's outcomes, over the unpacked stream where the row does not unpack for itself."""
    try:
        if coding and row.reader is not _read_archive:  # which packs record by record
            stream = cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, unpacked(stream, [coding]))))
        yield from row.reader(stream, source)
    except InputError as error:
        yield error
    except (OSError, DamagedError) as error:
        yield source.error(f"the file is damaged or could not be read to its end ({one_line(str(error))})", "Make it again, or unpack it")


def _by_suffix(name: str) -> "Input | None":
    """The row for a name, a suffix of packing (`PACKED`) aside."""
    name = name.lower()
    stem = next((name.removesuffix(end) for end in PACKED if name.endswith(end)), name)
    return next((row for row in INPUTS if stem.endswith(row.suffixes)), None)


def _by_look(data: bytes) -> "Input":
    """The row that the first bytes look like, plain text if they look like none."""
    try:
        start = unpacked(io.BytesIO(data), filter(None, [packed(data)])).read(2000).lstrip(codecs.BOM_UTF8 + b" \t\r\n")
    except DamagedError:
        start = data[:2000]
    return next((row for row in INPUTS if row.looks and re.match(row.looks, start)), INPUTS[0])


def _known() -> str:
    return ", ".join(suffix for row in INPUTS for suffix in row.suffixes)


def _unknown(source: Source, media_type: str) -> InputError:
    what = f"media type {media_type!r}" if media_type else f"suffix {PurePosixPath(source.name).suffix!r}"
    return source.error(f"the {what} is not a kind that is read", f"Known are {_known()}. {AS_TEXT}", "refused")


def _whole(stream: BinaryIO, source: Source, most: int) -> bytes:
    data = stream.read(most + 1)
    if len(data) > most:
        raise source.error(f"larger than {most:,} bytes", "Split it into smaller files", "refused")
    if not data.strip():
        raise source.error("the input is empty", "Give a file with an article in it")
    return data


def _read_text(stream: BinaryIO, source: Source) -> Iterator[Outcome]:
    data = _whole(stream, source, MAX_BYTES)
    text, warnings = decode(data, source)
    yield build(text, Facts(url=source.url), source, warnings, source.capture(data, "text/plain"))


def _read_page(stream: BinaryIO, source: Source) -> Iterator[Outcome]:
    data = _whole(stream, source, MAX_PAGE)
    declared = re.search(
        rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s{0,5}=\s{0,5}["']?\s{0,5}([\w.:-]{1,40})""", data[:4096], re.IGNORECASE
    )
    if source.charset is None and declared:
        source = replace(source, charset=declared.group(1).decode("ascii", "replace"))
    html, warnings = decode(data, source)
    from allegedly.article.webpage import extract  # trafilatura takes long to load

    text, facts, more = extract(html, source)
    yield build(text, facts, source, warnings + more, source.capture(data, "text/html"))


def _read_lines(stream: BinaryIO, source: Source) -> Iterator[Outcome]:
    number = found = 0
    while data := stream.readline(MAX_BYTES + 1):
        number += 1
        here = source.line(number)
        if number == 1:
            data = data.removeprefix(codecs.BOM_UTF8)
        if len(data) > MAX_BYTES:
            yield here.error(f"the line is longer than {MAX_BYTES:,} bytes", "The rest of the file was not read. Split the line", "refused")
            return
        if not data.strip():
            continue
        found += 1
        try:
            text, facts, warnings = decode_line(data, here)
            yield build(text, facts, here, warnings, here.capture(data, "application/jsonl"))
        except InputError as error:
            yield error
    if not found:
        raise source.error("the input is empty", 'Give one JSON object a line: {"id": ..., "text": ...}')


def _read_table(stream: BinaryIO, source: Source) -> Iterator[Outcome]:
    number = 0
    for number, data in enumerate(lines_of_table(stream, source), 1):
        here = source.line(number)
        try:
            text, facts, warnings = decode_line(data, here)
            yield build(text, facts, here, warnings, here.capture(data, "application/jsonl"))
        except InputError as error:
            yield error
    if not number:
        raise source.error("the table has no rows", 'Give one with a column "text", and "id" and more as in JSON Lines')


def _read_document(stream: BinaryIO, source: Source) -> Iterator[Outcome]:
    data = _whole(stream, source, MAX_DOCUMENT)
    kind = "pdf" if data[:1024].lstrip().startswith(b"%PDF-") else "docx"
    text, facts, warnings = (extract_pdf if kind == "pdf" else extract_docx)(data, source)
    yield build(text, facts, source, warnings, source.capture(data, MEDIA_TYPES[kind]))


def _read_archive(stream: BinaryIO, source: Source) -> Iterator[Outcome]:
    from allegedly.article.warc import Damage, records  # FastWARC takes long to load

    number = 0
    for number, record in enumerate(records(stream), 1):
        here = replace(source.line(number), url=record.url)
        if isinstance(record, Damage):
            reason = f"{record.reason} (record of {record.url or 'an unknown page'}, at byte {record.at:,})"
            yield here.error(reason, "The other records were read", "refused" if record.refused else "failed")
        elif record.status != 200:
            yield here.error(f"the server had answered {record.status} for {record.url}", "There is nothing to read in it", "refused")
        else:
            cut = f"{here.name}: the archive says that the record of {record.url} was cut off"
            for outcome in _recorded(record.body, record.media_type, replace(here, retrieved=record.date, headers=record.headers)):
                if record.cut and isinstance(outcome, Loaded):
                    outcome = outcome._replace(warnings=(*outcome.warnings, cut))
                yield outcome
    if not number:
        raise source.error("the archive holds no record of a page", "Give a WARC file with responses in it")


def _recorded(body: bytes, media_type: str | None, source: Source) -> Iterator[Outcome]:
    """The article on an archived page; only pages and plain text are read."""
    kind, charset = _declared(media_type)
    row = next((row for row in INPUTS[:2] if kind in row.media_types), None) or (_by_look(body) if kind in UNSAID else None)
    if row not in INPUTS[:2]:
        yield source.error(f"not a web page but {kind or row.kind if row else kind}: {source.url}", "Nothing is read from it", "refused")
        return
    yield from _run(row, io.BytesIO(body), replace(source, charset=charset), None)


@dataclass(frozen=True, slots=True)
class Input:
    """One kind of input: how it is recognised and what reads it. A new format is one more row below.

    `looks` is a pattern that its first bytes match, where nothing else tells; `many` is true where one file can hold many articles.
    """

    kind: str
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]
    reader: Callable[[BinaryIO, Source], Iterator[Outcome]]
    looks: bytes = b""
    many: bool = False


INPUTS: tuple[Input, ...] = (
    Input("plain text", (".txt",), ("text/plain",), _read_text),
    Input("web page", (".html", ".htm", ".xhtml"), ("text/html", "application/xhtml+xml"), _read_page, rb"<[!?a-zA-Z]"),
    Input("JSON Lines", (".jsonl",), ("application/jsonl", "application/x-ndjson", "application/jsonlines"), _read_lines, rb'\{\s*"', True),
    Input("web archive", (".warc",), ("application/warc",), _read_archive, rb"WARC/[01]\.", True),
    Input("Parquet", (".parquet",), ("application/vnd.apache.parquet",), _read_table, b"PAR1", True),
    Input("document", (".pdf", ".docx"), tuple(MEDIA_TYPES.values()), _read_document, rb"%PDF-"),
)


# --- text to Article --------------------------------------------------------------------------------------------------


def build(text: str, facts: Facts, source: Source, warnings: tuple[str, ...] = (), capture: Capture | None = None) -> Loaded:
    """An `Article` from its text and what is known of it. The text is kept as it is."""
    if not re.search(r"[^\W_]", text):
        raise source.error("the text holds no words", "Give a file with an article in it")
    notes = find_notes(text)
    language = guess_language(text)
    if language not in (None, *READS):
        warnings = (
            *warnings,
            f"{source.name}: the text looks like another language than English ({language}); it was read as far as it goes",
        )
    dateline, span = find_dateline(text, notes, facts.published)
    article = Article(
        id=facts.id or hashlib.sha256(text.encode()).hexdigest()[:16],
        text=text,
        url=facts.url,
        title=facts.title,
        outlet=facts.outlet,
        authors=facts.authors,
        published=facts.published,
        modified=facts.modified,
        dateline=dateline,
        language=language,
        translation=facts.translation or find_translation(text, facts.url),
        genre=find_genre(text, facts, notes, span),
        notes=notes,
    )
    return Loaded(article, warnings, capture)
