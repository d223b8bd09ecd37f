"""Sitemaps (sitemaps.org, with the news extension) and sitemap indexes to entries."""

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from allegedly.errors import InputError
from allegedly.fetch.feeds import Entry, join
from allegedly.fetch.markup import ANOTHER, elements, root_of

MAX_ENTRIES = 50_000  # of one sitemap: the protocol's own limit
DATE = re.compile(r"[12]\d{3}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?)?)?")


@dataclass(frozen=True, slots=True)
class Sitemap:
    """The pages that a sitemap lists, in its order, and the sitemaps that an index lists. What leads nowhere is an error."""

    pages: tuple[Entry | InputError, ...] = ()
    sitemaps: tuple[str, ...] = ()


def read_sitemap(data: bytes, *, name: str, url: str | None = None) -> Sitemap:
    """What a sitemap or sitemap index lists (unpacked bytes). Raises `InputError` for anything else and for one with declarations.

    An entry's `published` is the news extension's publication date, else `lastmod`, which many sites set to the day of the last change.
    """
    if root_of(data) not in ("urlset", "sitemapindex"):
        raise InputError(name, "not a sitemap", ANOTHER, "refused")
    pages: list[Entry | InputError] = []
    sitemaps: list[str] = []
    for element in elements(data, name=name):
        tag = _local(element)
        if tag not in ("url", "sitemap"):
            continue
        facts = {_local(child): (child.text or "").strip() for child in element.iter() if child.text}
        element.clear()
        address = join(url, facts["loc"]) if facts.get("loc") else ""
        if len(pages) + len(sitemaps) >= MAX_ENTRIES:
            pages.append(InputError(name, f"the sitemap lists more than {MAX_ENTRIES:,} addresses", "The rest was not read", "refused"))
            break
        if not re.match("https?://[^/]", address, re.IGNORECASE):
            reason = f"an entry leads to {address[:200]!r}, which is no web address" if address else "an entry has no address"
            pages.append(InputError(name, reason, "Nothing can be read for it", "refused"))
        elif tag == "sitemap":
            sitemaps.append(address)
        else:
            date = DATE.fullmatch(facts.get("publication_date", "")) or DATE.fullmatch(facts.get("lastmod", ""))
            pages.append(Entry(address, address, " ".join(facts.get("title", "").split())[:500] or None, date[0] if date else None))
    return Sitemap(tuple(pages), tuple(dict.fromkeys(sitemaps)))


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
