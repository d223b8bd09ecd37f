"""Bytes to text: encodings, and the lines of JSON Lines. The only code that touches charset-normalizer."""

import codecs
import json
import re

from allegedly.article.facts import AS_TEXT, Facts, Found, Source, iso_date, one_line
from allegedly.article.translations import stated

MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a zip archive or an office document"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "a rich text document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x7fELF", "a program"),
)
BOMS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
ENCODINGS = re.compile(
    r"utf-(8|16|32)(-[bl]e)?|iso8859-\d+|cp\d+|koi8-[rtu]|gb\w+|big5\w*|euc_\w+|shift_\w+|iso2022\w+|mac-\w+|tis-620|hz|johab"
)
# What windows-1252 adds to ASCII in ordinary English text: typographic marks, signs and the letters of Western names.
WESTERN = frozenset("€‚„…‘’“”•–—™ ¡£§©«®°±´·»¼½¾¿" + "".join(chr(c) for c in range(0xC0, 0x100)))


def decode(data: bytes, source: Source) -> tuple[str, tuple[str, ...]]:
    """The text of `data`, and a warning that names the encoding where it is not UTF-8.

    A byte order mark decides (and is taken off: it is a signature, not text); then UTF-8; then what the input declares; then windows-1252
    for mostly-ASCII text, and charset-normalizer's best guess for the rest. A few bad bytes in UTF-8 become U+FFFD, each said.
    """
    kind = next((what for magic, what in MAGIC if data.startswith(magic)), None)
    if kind:
        raise source.error(f"not text but {kind}", AS_TEXT)
    encoding = next((name for bom, name in BOMS if data.startswith(bom)), None) or _wide(data)
    text, bad = _try(data, encoding or "utf-8-sig"), 0
    if text is None:
        text, encoding, bad = _guess(data, encoding or _declared(source.charset))
    warnings: tuple[str, ...] = ()
    if bad:
        warnings = (f"{source.name}: {bad} bytes that are not valid {encoding} stand as U+FFFD in the text",)
    elif encoding:
        warnings = (f"{source.name}: not UTF-8; read as {encoding}",)
    control = sum(map(text.count, map(chr, (*range(1, 9), *range(14, 27), *range(28, 32), 127))))
    if "\0" in text or control * 10 > len(text):
        raise source.error("not text: the input holds binary data", AS_TEXT)
    return text, warnings


def _wide(data: bytes) -> str | None:
    """UTF-16 without a byte order mark, told by ASCII letters with a NUL on the same side of each."""
    start = data[:4000]
    for name, nuls, letters in (("utf-16-le", start[1::2], start[::2]), ("utf-16-be", start[::2], start[1::2])):
        if len(start) > 3 and nuls.count(0) * 10 > len(nuls) * 8 and not letters.count(0):
            return name
    return None


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeError:
        return None


def _declared(charset: str | None) -> str | None:
    """The Python name of a declared encoding; None for unknown ones and for codecs that are not character sets."""
    try:
        name = codecs.lookup(charset).name if charset else ""
    except (LookupError, ValueError):
        return None
    if name in ("iso8859-1", "ascii"):
        return "cp1252"  # as browsers do
    return name if ENCODINGS.fullmatch(name) else None


def _guess(data: bytes, encoding: str | None) -> tuple[str, str, int]:
    """Text, encoding and how many bytes had to be replaced, for data that is not UTF-8."""
    lenient = data.decode("utf-8-sig", "replace")
    bad = lenient.count("\ufffd")
    foreign = sum(1 for c in lenient if c > "\x7f")
    if bad * 10 < foreign:
        return lenient, "UTF-8", bad
    if encoding and (text := _try(data, encoding)) is not None:
        return text, encoding, 0
    text = _try(data, "cp1252")
    if text is not None:
        high = [c for c in text if c > "\x7f"]
        if len(high) * 5 < len(text) and WESTERN.issuperset(high):
            return text, "windows-1252", 0
    from charset_normalizer import from_bytes as guesses

    best = guesses(data[:20_000]).best()
    for name in (best.encoding if best else None, "cp1252"):
        if name and ENCODINGS.fullmatch(codecs.lookup(name).name) and (text := _try(data, name)) is not None:
            return text, name, 0
    text = data.decode("cp1252", "replace")
    return text, "windows-1252", text.count("\ufffd")


# --- JSON Lines -------------------------------------------------------------------------------------------------------

TEXT_FIELDS = ("title", "url", "outlet", "published", "modified")


def decode_line(data: bytes, source: Source) -> Found:
    """The text of one JSON object and what it says about it. Fields that are not what they should be are left out, each with a warning."""
    advice = 'Give one JSON object a line, in UTF-8: {"id": ..., "text": ...}'
    try:
        row = json.loads(data.decode())
    except UnicodeDecodeError:
        raise source.error("the line is not UTF-8", advice) from None
    except (ValueError, RecursionError) as error:
        raise source.error(f"the line is not JSON ({one_line(str(error))})", advice) from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise source.error('the line has no "text"', advice)
    if "\0" in row["text"]:
        raise source.error("not text: the line holds binary data", AS_TEXT)
    warnings: list[str] = []
    values: dict[str, str | None] = {}
    for key in TEXT_FIELDS:
        value = row.get(key)
        values[key] = _whole_characters(value.strip(), key, source, warnings) or None if isinstance(value, str) else None
        if value is not None and not isinstance(value, str):
            warnings.append(f"{source.name}: {key!r} is not a string and was not kept")
    for key in ("published", "modified"):
        given = values[key]
        values[key] = iso_date(given or "")
        if given and not values[key]:
            warnings.append(f"{source.name}: {key!r} is not an ISO 8601 date and was not kept")
    authors = [row["authors"]] if isinstance(row.get("authors"), str) else row.get("authors") or []
    if not isinstance(authors, list) or not all(isinstance(author, str) for author in authors):
        warnings.append(f"{source.name}: 'authors' is not a list of strings and was not kept")
        authors = []
    translation = stated(row.get("translation"))
    if translation is None and row.get("translation") is not None:
        warnings.append(f'{source.name}: \'translation\' is not {{"from", "by": "outlet|human|machine", "tool"}} and was not kept')
    name = row.get("id")
    if name is not None and (isinstance(name, bool) or not isinstance(name, str | int)):
        warnings.append(f"{source.name}: 'id' is neither a string nor a whole number and was not kept")
        name = None
    name = None if name is None else _whole_characters(str(name), "id", source, warnings)
    text = _whole_characters(row["text"], "text", source, warnings)
    names = tuple(clean for author in authors if (clean := _whole_characters(author.strip(), "authors", source, warnings)))
    facts = Facts(
        id=name or None,
        authors=names,
        title=values["title"],
        url=values["url"],
        outlet=values["outlet"],
        published=values["published"],
        modified=values["modified"],
        translation=translation,
    )
    return text, facts, tuple(warnings)


def _whole_characters(text: str, key: str, source: Source, warnings: list[str]) -> str:
    """Halves of surrogate pairs, which JSON can hold and no output can, become U+FFFD one for one, so that offsets stay."""
    if not re.search(r"[\ud800-\udfff]", text):
        return text
    warnings.append(f"{source.name}: halves of surrogate pairs in {key!r} stand as U+FFFD")
    return re.sub(r"[\ud800-\udfff]", "\ufffd", text)
