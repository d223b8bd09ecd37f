"""Bytes to `Article`: one row of `INPUTS` for each kind of input.

Plain text and JSON Lines keep their text exactly (decoded, a byte order mark taken off, line ends as they are); web pages are laid out
anew. Nothing here touches the network, and the same bytes give the same article on any day.

Every function that reads inputs yields, for each article found, a `Loaded` (the article and its warnings), or an `InputError` as a value.
None is raised, so that one bad input never keeps the good ones from being read.

Inside, imports go one way: this door > `webpage` (HTML), `decoding` (encodings, JSON), `genre` > `notes` (what a text says of itself)
> `facts`.
"""

import codecs
import gzip
import hashlib
import io
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from allegedly.article.decoding import decode, decode_line
from allegedly.article.facts import AS_TEXT, Facts, Loaded, Outcome, Source, one_line, url_path
from allegedly.article.genre import find_genre
from allegedly.article.notes import find_dateline, find_notes, guess_language
from allegedly.errors import InputError
from allegedly.records import Article

__all__ = ["INPUTS", "Facts", "Loaded", "Outcome", "Source", "build", "from_bytes", "from_path"]

MAX_BYTES = 50_000_000  # of one text or page, or one line of JSON Lines
MAX_PAGE = 10_000_000
READS = ("en",)


# --- reading inputs ---------------------------------------------------------------------------------------------------


def from_bytes(data: bytes, *, name: str, url: str | None = None, media_type: str | None = None) -> Iterator[Outcome]:
    """The articles in `data`, in order, or the reasons why there are none.

    The kind is told by the media type (a Content-Type header, charset and all), else by the suffix of `name` or of the path of `url`,
    else, for standard input ("-") and URLs, by how the bytes begin.
    """
    stem, _, rest = (media_type or "").partition(";")
    charset = re.search(r"""charset\s*=\s*["']?([\w.:-]{1,40})""", rest, re.IGNORECASE)
    source = Source(name, url, charset.group(1) if charset else None)
    kind = stem.strip().lower()
    named = _by_suffix(url_path(url) if url else name)
    typed = next((row for row in INPUTS if kind in row.media_types), None)
    row = named if named and kind == "text/plain" else typed or named  # servers call much else plain text
    if row is None and (url is not None or name == "-") and kind in ("", "application/octet-stream", "application/json"):
        row = _by_look(data)
    if row is None:
        yield _unknown(source, stem.strip())
    else:
        yield from _run(row, io.BytesIO(data), source)


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
            yield from _run(row or INPUTS[0], stream, source)
    except FileNotFoundError:
        yield source.error("there is no such file", "Check the path")
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        yield source.error(f"could not be opened ({one_line(str(error))})", "Check the path and its permissions")


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


def _run(row: "Input", stream: BinaryIO, source: Source) -> Iterator[Outcome]:
    try:
        yield from row.reader(stream, source)
    except InputError as error:
        yield error
    except (OSError, EOFError, zlib.error) as error:  # gzip's BadGzipFile is an OSError
        yield source.error(f"the file is damaged or could not be read to its end ({one_line(str(error))})", "Make it again, or unpack it")


def _by_suffix(name: str) -> "Input | None":
    return next((row for row in INPUTS if name.lower().endswith(row.suffixes)), None)


def _by_look(data: bytes) -> "Input":
    start = data[:2000].lstrip(codecs.BOM_UTF8 + b" \t\r\n")
    if re.match(rb'\{\s*"', start):
        return INPUTS[2]
    return INPUTS[1] if re.match(rb"<[!?a-zA-Z]", start) else INPUTS[0]


def _known() -> str:
    return ", ".join(suffix for row in INPUTS for suffix in row.suffixes)


def _unknown(source: Source, media_type: str) -> InputError:
    what = f"media type {media_type!r}" if media_type else f"suffix {PurePosixPath(source.name).suffix!r}"
    return source.error(f"the {what} is not a kind that is read", f"Known are {_known()}. {AS_TEXT}")


def _whole(stream: BinaryIO, source: Source, most: int) -> bytes:
    data = stream.read(most + 1)
    if len(data) > most:
        raise source.error(f"larger than {most:,} bytes", "Split it into smaller files")
    if not data.strip():
        raise source.error("the input is empty", "Give a file with an article in it")
    return data


def _read_text(stream: BinaryIO, source: Source) -> Iterator[Outcome]:
    text, warnings = decode(_whole(stream, source, MAX_BYTES), source)
    yield build(text, Facts(url=source.url), source, warnings)


def _read_page(stream: BinaryIO, source: Source) -> Iterator[Outcome]:
    data = _whole(stream, source, MAX_PAGE)
    declared = re.search(
        rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s{0,5}=\s{0,5}["']?\s{0,5}([\w.:-]{1,40})""", data[:4096], re.IGNORECASE
    )
    if source.charset is None and declared:
        source = Source(source.name, source.url, declared.group(1).decode("ascii", "replace"))
    html, warnings = decode(data, source)
    from allegedly.article.webpage import extract  # trafilatura takes long to load

    text, facts, more = extract(html, source)
    yield build(text, facts, source, warnings + more)


def _read_lines(stream: BinaryIO, source: Source) -> Iterator[Outcome]:
    number = found = 0
    while data := stream.readline(MAX_BYTES + 1):
        number += 1
        here = source.line(number)
        if number == 1:
            data = data.removeprefix(codecs.BOM_UTF8)
        if len(data) > MAX_BYTES:
            yield here.error(f"the line is longer than {MAX_BYTES:,} bytes", "The rest of the file was not read. Split the line")
            return
        if not data.strip():
            continue
        found += 1
        try:
            text, facts, warnings = decode_line(data, here)
            yield build(text, facts, here, warnings)
        except InputError as error:
            yield error
    if not found:
        raise source.error("the input is empty", 'Give one JSON object a line: {"id": ..., "text": ...}')


def _read_packed_lines(stream: BinaryIO, source: Source) -> Iterator[Outcome]:
    with gzip.GzipFile(fileobj=stream) as unpacked:
        yield from _read_lines(unpacked, source)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Input:
    """One kind of input: how it is recognised and what reads it. A new format is one more row below."""

    kind: str
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]
    reader: Callable[[BinaryIO, Source], Iterator[Outcome]]


INPUTS: tuple[Input, ...] = (
    Input("plain text", (".txt",), ("text/plain",), _read_text),
    Input("web page", (".html", ".htm", ".xhtml"), ("text/html", "application/xhtml+xml"), _read_page),
    Input("JSON Lines", (".jsonl",), ("application/jsonl", "application/x-ndjson", "application/jsonlines"), _read_lines),
    Input("packed JSON Lines", (".jsonl.gz",), ("application/gzip",), _read_packed_lines),
)


# --- text to Article --------------------------------------------------------------------------------------------------


def build(text: str, facts: Facts, source: Source, warnings: tuple[str, ...] = ()) -> Loaded:
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
        genre=find_genre(text, facts, notes, span),
        notes=notes,
    )
    return Loaded(article, warnings)
