"""Web pages: HTML to an article's text and what the page says about it. The only code that touches trafilatura and lxml.

trafilatura decides what on a page is the article; the text is our own layout of what it keeps, with one blank line between blocks.
No date is guessed from running text, and none depends on today's. `article` imports this module when the first page is read.
"""

import json
import logging
import re
from html import unescape
from typing import Any

from lxml import etree
from lxml.html import HtmlElement
from trafilatura import bare_extraction, load_html

from allegedly.article.facts import AS_TEXT, Facts, Found, Source, page_date, url_path
from allegedly.article.notes import furniture
from allegedly.article.translations import declared

# Of the libraries below, the one that would print its warnings where nobody listens for them.
logging.getLogger("courlan").addHandler(logging.NullHandler())

MAX_ELEMENTS = 40_000  # of one page: extraction takes time in the square of it
MAX_ATTRIBUTES = 5_000  # of one element, for the same reason
MAX_DEPTH = 255  # what libxml2 keeps of nested elements

# Where pages say when they were published or changed, the surest first (names of meta elements and itemprops, lower case).
PUBLISHED = (
    "article:published_time",
    "datepublished",
    "og:article:published_time",
    "parsely-pub-date",
    "sailthru.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "cxenseparse:recs:publishtime",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dc.date.created",
    "dc.date",
    "dcterms.date",
    "article.published",
    "published",
    "date",
)
MODIFIED = (
    "article:modified_time",
    "datemodified",
    "og:updated_time",
    "article:modified",
    "last-modified",
    "dcterms.modified",
    "dc.date.modified",
    "lastmod",
    "article.updated",
    "modified",
    "updated",
)
ROLE = re.compile(r"\b(writer|press|reporter|correspondent|editor|staff|news|bureau|columnist|desk|agency|media|business)\b", re.IGNORECASE)
BLOCKS = frozenset(("p", "head", "item", "list", "quote", "code", "row", "table", "body", "div", "details", "summary"))


def extract(html: str, source: Source) -> Found:
    """The article's text, what the page says of it, and warnings; raises `InputError` when there is no article to be found."""
    if any(len(tag[0].split()) > MAX_ATTRIBUTES for tag in re.finditer(r"<[a-zA-Z][^<>]{10000,}", html)):
        raise source.error(f"the page has an element with more than {MAX_ATTRIBUTES:,} attributes", AS_TEXT)
    tree = load_html(html) if "<" in html else None
    if tree is None:
        raise source.error("not a web page: no elements were found", AS_TEXT)
    depth, count = _size(tree)
    if count > MAX_ELEMENTS:
        raise source.error(f"the page has {count:,} elements, more than {MAX_ELEMENTS:,}", AS_TEXT)
    deep = f"its elements are nested deeper than {MAX_DEPTH}, and what lies deeper was not read" if depth > MAX_DEPTH else ""
    # No date of trafilatura's is used; these options keep it from looking for one in earnest.
    dates = {"extensive_search": False, "max_date": "2100-01-01", "min_date": "2099-12-31"}
    try:
        found: Any = bare_extraction(
            tree, url=source.url, fast=True, include_comments=False, with_metadata=True, date_extraction_params=dates
        )
        facts = _facts(tree, found, source)
        text = "" if found is None else _layout(found.body, facts.title, tree)
    except (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError, etree.LxmlError) as error:
        # What a library built for the open web may stumble over in a hostile page.
        raise source.error(f"the page could not be taken apart ({type(error).__name__})", AS_TEXT) from None
    words = len(re.findall(r"\w+", text))
    if words < 40 and not re.search(r"\w{2}[.!?…]['\"”’)]*(\s|$)", text):
        reason = f"no article text was found in the page{f' ({deep})' if deep else ''}"
        raise source.error(reason, f"It may be a list of links, or need scripts or a login. {AS_TEXT}")
    warnings = [f"{source.name}: {deep}"] if deep else []
    if words < 40:
        warnings.append(f"{source.name}: only {words} words of text were found in the page")
    return text, facts, tuple(warnings)


def _size(tree: HtmlElement) -> tuple[int, int]:
    """How deep the elements are nested, and how many there are."""
    depth = deepest = count = 0
    for event, _ in etree.iterwalk(tree, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        deepest = max(deepest, depth)
    return deepest, count


def _layout(body: HtmlElement, title: str | None, tree: HtmlElement) -> str:
    """The text of what trafilatura kept: one blank line between blocks, table cells set apart by " | ".

    Line breaks within a block stay; other white space becomes one space. A first block that repeats the title is left out.
    """
    blocks: list[str] = []
    parts: list[str] = []

    def flush() -> None:
        lines = [" ".join(line.split()) for line in "".join(parts).split("\v")]
        text = re.sub(r"\n{2,}", "\n\n", "\n".join(lines)).strip(" |\n")
        blocks.extend(filter(None, text.split("\n\n")))
        parts.clear()

    for event, element in etree.iterwalk(body, events=("start", "end")):
        if element.tag in BLOCKS:
            flush()
        if event == "start":
            parts.append("\v" if element.tag == "lb" else (element.text or ""))
        else:
            parts.append(" | " if element.tag == "cell" else "")
            parts.append((element.tail or "") if element is not body else "")
    flush()
    heads = {_letters(title or ""), *(_letters("".join(h1.itertext())[:500]) for h1 in tree.iterfind(".//h1"))}
    if len(blocks) > 1 and _letters(blocks[0]) in heads:
        del blocks[0]
    return re.sub("[\u00ad\u200b\u2060\ufeff]", "", "\n\n".join(blocks).replace("\u00a0", " "))


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _facts(tree: HtmlElement, found: Any, source: Source) -> Facts:
    """What a page says of itself: JSON-LD first, then meta elements, then what trafilatura makes of the rest."""
    meta = _meta(tree)
    linked = _linked_data(tree)
    url = source.url or (found.url if found else None)
    publisher = linked.get("publisher")
    names = (meta.get("og:site_name"), _name_of(publisher), found.sitename if found else None, found.hostname if found else None)
    named = next((name for name in names if name and not re.match(r"https?:|www\.|©|copyright", name, re.IGNORECASE)), None)
    outlet = _clean(named).lstrip("@") if named else None
    title = (found.title if found else None) or meta.get("og:title") or _name_of(linked.get("headline"))
    given = [name for author in _as_list(linked.get("author")) if (name := _name_of(author))]
    authors = given or ((found.author or "").split(";") if found else [])
    times = [time.get("datetime", "") for time in tree.iterfind(".//time[@datetime]") if _is_published(time)]
    return Facts(
        url=url,
        title=_title(title, outlet),
        outlet=outlet,
        authors=_authors(authors, outlet),
        published=_first_date([linked.get("datePublished"), *map(meta.get, PUBLISHED), *times, _url_date(url)]),
        modified=_first_date([linked.get("dateModified"), *map(meta.get, MODIFIED)]),
        kind=" ".join(map(str, _as_list(linked.get("@type"))))[:80],
        sections=tuple(
            str(s)[:80] for s in (*_as_list(linked.get("articleSection")), meta.get("article:section"), meta.get("section")) if s
        ),
        translation=declared(tree.get("lang", "")[:80], tree.get("class", "")[:500], linked),
    )


def _meta(tree: HtmlElement) -> dict[str, str]:
    values: dict[str, str] = {}
    for element in tree.iterfind(".//*[@content]"):
        for attribute in ("property", "name", "itemprop", "http-equiv"):
            key = element.get(attribute, "").strip().lower()
            if key and element.get("content").strip():
                values.setdefault(key, element.get("content").strip()[:1000])
    for element in tree.iterfind(".//*[@itemprop][@datetime]"):
        values.setdefault(element.get("itemprop").lower(), element.get("datetime"))
    return values


def _linked_data(tree: HtmlElement) -> dict[str, Any]:
    """The first node of the page's JSON-LD that describes an article (schema.org), with a date where any has one."""
    nodes: list[dict[str, Any]] = []
    for script in tree.iterfind(".//script[@type]"):
        if "ld+json" not in script.get("type") or len(script.text or "") > 2_000_000:
            continue
        try:
            heap = [json.loads(re.sub(r"[\x00-\x1f]", " ", script.text or "").strip().rstrip(";"))]
        except (ValueError, RecursionError):
            continue
        while heap:
            node = heap.pop()
            if isinstance(node, list):
                heap.extend(reversed(node))
            elif isinstance(node, dict):
                kinds = " ".join(map(str, _as_list(node.get("@type"))))
                if re.search(r"(Article|Posting|Report)\b", kinds):
                    nodes.append(node)
                heap.extend(node[key] for key in ("mainEntity", "mainEntityOfPage", "@graph") if isinstance(node.get(key), dict | list))
    return next((node for node in nodes if node.get("datePublished")), nodes[0] if nodes else {})


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _name_of(value: Any) -> str | None:
    value = value[0] if isinstance(value, list) and value else value
    value = value.get("name") if isinstance(value, dict) else value
    return value.strip()[:300] or None if isinstance(value, str) else None


def _clean(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", " ", unescape(text)).split())


def _title(title: str | None, outlet: str | None) -> str | None:
    """A title without the outlet's name at its end."""
    title = _clean(title or "")[:500]
    head, _, last = title.rpartition(next((mark for mark in (" | ", " - ", " – ", " — ", " :: ") if mark in title), "\n"))
    return (head if outlet and head and _letters(last) == _letters(outlet) else title) or None


def _authors(names: list[str], outlet: str | None) -> tuple[str, ...]:
    """Names of people or agencies, without offices ("Staff Writer"), addresses and the outlet's own name."""
    kept: list[str] = []
    for name in names:
        parts = re.split(r" \| |, | and | & ", re.sub(r"^by:? ", "", _clean(name)[:300], flags=re.IGNORECASE))
        if len(parts) < 3 and not all(" " in part for part in parts) and not re.search(r" (and|&) ", name):
            parts = [", ".join(parts)]
        for part in parts:
            part = part.strip(" ,;|-")
            dull = part.casefold() in furniture().not_authors or _letters(part) == _letters(outlet or "")
            office = len(parts) > 1 and ROLE.search(part)
            if part and not dull and not office and part not in kept and len(part) <= 80 and not re.search(r"[@/<>]|https?:|\d{3}", part):
                kept.append(part)
    return tuple(kept[:12])


def _is_published(time: HtmlElement) -> bool:
    marks = " ".join(
        (time.get("class", ""), time.get("itemprop", ""), time.get("data-testid", ""), "pubdate" if "pubdate" in time.attrib else "")
    )
    return bool(re.search(r"pub(?:lish|date)|posted|entry-date|timestamp", marks, re.IGNORECASE)) and "modif" not in marks.lower()


def _url_date(url: str | None) -> str | None:
    """The day in a path such as /2031/05/03/harbour."""
    day = re.search(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/-])", url_path(url))
    return "-".join((day[1], day[2].zfill(2), day[3].zfill(2))) if day else None


def _first_date(values: list[Any]) -> str | None:
    return next((moment for value in values if isinstance(value, str) and (moment := page_date(value))), None)
