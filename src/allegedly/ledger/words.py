"""What the ledger makes of words, dates and addresses before it keeps them or looks for them."""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from urllib.parse import urlsplit

from allegedly.ledger.coding import text_bytes
from allegedly.records import Article, Span

_MARKS = "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}])*")
LONGEST_WORD = 200
"""Characters of a folded word; those after them are cut off."""
_UNKEPT = re.compile("[\x00\ud800-\udfff]")
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?!\d)", re.ASCII)


@lru_cache(maxsize=1 << 16)
def _folded(word: str) -> tuple[str, ...]:
    if word.isascii():
        return (word.lower()[:LONGEST_WORD],)
    bare = "".join(one for one in unicodedata.normalize("NFKD", word) if not unicodedata.combining(one))
    again = unicodedata.normalize("NFKC", bare.casefold())
    return tuple(part[:LONGEST_WORD] for part in re.findall(r"[^\W_]+", again))


def words_of(words: str) -> Iterator[tuple[str, Span]]:
    """Folded words with where they stand: compatibility forms unified, case and accents gone, split at all but letters and digits."""
    for found in _WORD.finditer(words):
        for part in _folded(found[0]):
            yield part, found.span()


def fold(words: str) -> str:
    """The folded words, with single spaces between."""
    return " ".join(part for part, _ in words_of(words))


def simply(words: str) -> str | None:
    """The same words, folded where they stand, with whatever is between them; None where letters cannot be folded one by one."""
    if not words.isascii():
        if not _MARKED.fullmatch(words.encode("utf-8", "surrogatepass").translate(None, _ASCII)):
            folded = _ODD.sub(_letter, words).lower()
            return None if _UNTOLD in folded else folded
        words = words.encode("ascii", "replace").decode("ascii")  # of which the rest takes a third of the time
    return words.lower()


_ASCII = bytes(range(128))
_MARKED = re.compile(rb"(?:\xe2\x80[\x90-\xa7])*")  # quotation marks and dashes
_ODD = re.compile(r"[^\x00-\x7f\u2010-\u2027]")
_UNTOLD = "\0"
_JOINED = re.compile(f"[{_MARKS}\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]")  # what is one letter with the one before


def _letter(found: re.Match[str]) -> str:
    return _simple(found[0])


@lru_cache(maxsize=1 << 12)
def _simple(letter: str) -> str:
    if _WORD.match(letter):
        parts = _folded(letter)
        return parts[0] if len(parts) == 1 else _UNTOLD
    return _UNTOLD if _JOINED.match(letter) else " "


def kept(words: str | None) -> str | None:
    """What both databases can hold: NUL and lone surrogates become U+FFFD, one for one, so that spans stay true."""
    return words and _UNKEPT.sub("\ufffd", words)


def hash_of(article: Article) -> bytes:
    """The SHA-256 of an article's title, an empty line and its text: what makes a version."""
    return sha256(text_bytes(f"{article.title or ''}\n\n{article.text}")).digest()


def first_day(day: str | None) -> str | None:
    """The day that an ISO date begins with, or the first of its month or year; None for what is no date."""
    found = _DATE.match(day or "")
    try:
        return found and date(int(found[1]), int(found[2] or 1), int(found[3] or 1)).isoformat()
    except ValueError:
        return None


def last_day(day: str | None) -> str | None:
    """The day that an ISO date begins with, or the last of its month or year."""
    found, first = _DATE.match(day or ""), first_day(day)
    if not found or not first or found[3]:
        return first
    year, month = int(found[1]), int(found[2] or 12)
    return date(year, month, monthrange(year, month)[1]).isoformat()


def domain_of(url: str | None) -> str | None:
    """A web address's host without "www."."""
    try:
        host = urlsplit(url or "").hostname
    except ValueError:
        return None
    return kept(host.removeprefix("www.")) if host else None


def now() -> str:
    """The time in UTC, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
