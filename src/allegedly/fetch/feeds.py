"""RSS and Atom feeds to entries. The only code that touches feedparser.

defusedxml sees the bytes first: a feed that declares a document type or entities is refused before feedparser gets it. feedparser is given
bytes and never an address, so it opens nothing. What an entry says is not read as an article: entries only tell where articles are.
"""

import codecs
import re
from calendar import timegm
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import unescape
from io import BytesIO
from time import struct_time
from typing import Any
from urllib.parse import urljoin

from allegedly.errors import InputError
from allegedly.fetch.markup import ANOTHER, DECLARES, declared, elements, root_of, text_of

MAX_BYTES = 10_000_000
MAX_ENTRIES = 50_000
FEED_LINK = re.compile(r"<link\b[^>]{0,1000}>", re.IGNORECASE)
FEED_TYPE = re.compile(r"""type\s*=\s*["']?application/(rss|atom)\+xml""", re.IGNORECASE)
HREF = re.compile(r"""href\s*=\s*(?:"([^"]{1,500})"|'([^']{1,500})'|([^\s"'>]{1,500}))""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """Where an article is. `id` is the feed's own for it, else its address; `published` is ISO 8601, as precise as given."""

    url: str
    id: str
    title: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed's title and entries in its order; an entry that leads nowhere is an error with the reason."""

    title: str | None
    entries: tuple[Entry | InputError, ...]


@dataclass(frozen=True, slots=True)
class Watch:
    """What to remember of a feed between two looks at it: the server's two marks exactly as sent, and the ids of entries seen."""

    etag: str | None = None
    last_modified: str | None = None
    seen: frozenset[str] = frozenset()

    def without(self, ids: Iterable[str]) -> "Watch":
        """The same, with some entries not yet seen and the feed's marks forgotten, so that the next look finds them again."""
        ids = frozenset(ids)
        return replace(self, etag=None, last_modified=None, seen=self.seen - ids) if ids & self.seen else self


def read_feed(data: bytes, *, name: str, url: str | None = None) -> Feed:
    """The entries of an RSS or Atom feed. Raises `InputError` for a web page, for what is no feed, and for one with declarations.

    `name` is what errors call it, `url` what relative addresses are relative to. A feed that is not well-formed is read as far as
    feedparser can, as long as it declares nothing.
    """
    if len(data) > MAX_BYTES:
        raise InputError(name, f"larger than {MAX_BYTES:,} bytes", ANOTHER, "refused")
    root = root_of(data)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # which feedparser reads only where the document says so too
        data = re.sub(r"<\?xml.*?\?>", "", text_of(data), count=1, flags=re.DOTALL).encode("utf-8", "replace")
    if root not in ("rss", "feed", "RDF"):
        raise _no_feed(data, root, name=name, url=url)
    try:
        for element in elements(data, name=name):
            element.clear()
    except InputError as error:
        if error.kind == "refused" or DECLARES.search(text_of(data)):
            raise
    import feedparser

    parsed: Any = feedparser.parse(BytesIO(data), sanitize_html=False, resolve_relative_uris=False)
    if not parsed.entries and not parsed.version:
        raise InputError(name, f"the feed could not be read ({_words(str(parsed.get('bozo_exception', 'it is empty')))})", ANOTHER)
    entries = [_entry(entry, name=name, base=url) for entry in parsed.entries[:MAX_ENTRIES]]
    if more := len(parsed.entries) - MAX_ENTRIES:
        entries += [InputError(name, f"the feed has {more:,} entries beyond {MAX_ENTRIES:,}", ANOTHER, "refused")] * (more > 0)
    return Feed(_words(str(parsed.feed.get("title", ""))) or None, tuple(entries))


def _no_feed(data: bytes, root: str | None, *, name: str, url: str | None) -> InputError:
    if root in ("urlset", "sitemapindex"):
        return InputError(name, "a sitemap, not a feed", "Add it as a sitemap")
    if root != "html":
        if DECLARES.search(text_of(data[:20_000])):
            return declared(name)
        return InputError(name, "not an RSS or Atom feed", ANOTHER, "refused")
    named = feed_links(data, url)
    advice = f"It names {'this feed' if len(named) == 1 else 'these feeds'}: {', '.join(named[:5])}" if named else ANOTHER
    return InputError(name, "a web page (HTML), not a feed", advice, "refused")


def feed_links(data: bytes, url: str | None = None) -> list[str]:
    """The addresses of the feeds that a web page names in its head."""
    found = [HREF.search(link) for link in FEED_LINK.findall(text_of(data[:200_000])) if FEED_TYPE.search(link)]
    return list(dict.fromkeys(join(url, unescape(href[1] or href[2] or href[3])) for href in found if href))


def _entry(entry: Any, *, name: str, base: str | None) -> Entry | InputError:
    link = str(entry.get("link") or "").strip()
    own = str(entry.get("id") or "").strip()
    title = _words(str(entry.get("title") or "")) or None
    if not link and re.match("https?://", own, re.IGNORECASE):
        link = own
    address = join(base, link) if link else ""
    if not re.match("https?://[^/]", address, re.IGNORECASE):
        what = f"leads to {address[:200]!r}, which is no web address" if address else "has no address"
        return InputError(name, f"the entry {title or own or 'without a title'!r} {what}", "Nothing can be read for it", "refused")
    moment: struct_time | None = entry.get("published_parsed") or entry.get("updated_parsed")
    return Entry(address, own[:1000] or address, title, _iso(moment))


def _iso(moment: struct_time | None) -> str | None:
    try:
        return datetime.fromtimestamp(timegm(moment), UTC).isoformat() if moment else None
    except (ValueError, OverflowError, OSError):
        return None


def join(base: str | None, link: str) -> str:
    """An address as seen from a page; one that cannot be taken apart stays as it is."""
    try:
        return urljoin(base or "", link)
    except ValueError:
        return link


def _words(text: str) -> str:
    return " ".join(unescape(re.sub(r"<[^<>]{0,200}>", " ", text)).split())[:500]
