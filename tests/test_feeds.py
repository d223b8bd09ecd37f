"""Feeds and sitemaps: what they list, and what a hostile or wrong one gets."""

import contextlib
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allegedly.errors import InputError
from allegedly.fetch import Entry, read_feed, read_sitemap
from allegedly.fetch.feeds import feed_links
from allegedly.fetch.markup import root_of

RSS = b"""<?xml version="1.0" encoding="utf-8"?>
<!-- the ferry's own --><rss version="2.0"><channel><title>Osk &amp; Tolmere</title><link>https://osk.example/</link>
<item><title>Ferry <![CDATA[<b>late</b>]]></title><link>https://osk.example/1</link><guid isPermaLink="false">osk-1</guid>
  <pubDate>Sat, 03 May 2031 10:00:00 +0200</pubDate></item>
<item><title>Bridge</title><link>/2</link></item>
<item><title>Harbour</title><guid>https://osk.example/3</guid></item>
<item><title>Nothing</title></item>
<item><title>Trap</title><link>javascript:alert(1)</link></item>
</channel></rss>"""
ATOM = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>Osk</title><entry><title>Ferry</title><id>tag:osk.example,2031:1</id>
<link rel="alternate" href="https://osk.example/1"/><updated>2031-05-03T10:00:00Z</updated></entry></feed>"""
RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><channel><title>Osk</title></channel>
<item><title>Ferry</title><link>https://osk.example/1</link></item></rdf:RDF>"""


def test_an_rss_feed_gives_entries_in_its_order() -> None:
    feed = read_feed(RSS, name="feed", url="https://osk.example/feed")
    assert feed.title == "Osk & Tolmere"
    first, second, third, nothing, trap = feed.entries
    assert first == Entry("https://osk.example/1", "osk-1", "Ferry late", "2031-05-03T08:00:00+00:00")
    assert second == Entry("https://osk.example/2", "https://osk.example/2", "Bridge")
    assert isinstance(third, Entry)
    assert third.url == "https://osk.example/3"
    for error, words in ((nothing, "has no address"), (trap, "no web address")):
        assert isinstance(error, InputError)
        assert error.kind == "refused"
        assert words in error.reason


def test_atom_and_rdf_are_feeds_too() -> None:
    assert read_feed(ATOM, name="f").entries == (
        Entry("https://osk.example/1", "tag:osk.example,2031:1", "Ferry", "2031-05-03T10:00:00+00:00"),
    )
    assert [entry.url for entry in read_feed(RDF, name="f").entries if isinstance(entry, Entry)] == ["https://osk.example/1"]
    assert read_feed(ATOM.decode().encode("utf-16"), name="f") == read_feed(ATOM, name="f")


def test_a_feed_that_is_not_well_formed_is_read_as_far_as_it_goes() -> None:
    feed = read_feed(RSS.replace(b"Bridge", b"Bridge &nbsp; & <br> more"), name="f", url="https://osk.example/feed")
    assert len(feed.entries) == 5


BILLION = (
    b'<!DOCTYPE rss [<!ENTITY a "xxxxxxxxxx">' + b"".join(b'<!ENTITY %c "%s">' % (c + 1, b"&%c;" % c * 10) for c in range(97, 107)) + b"]>"
)
HOSTILE = {
    "a billion laughs": BILLION + b"<rss><channel><title>&k;</title></channel></rss>",
    "a file of this machine": b'<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/hostname">]><rss><channel><title>&f;</title></channel></rss>',
    "a document type": b'<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://osk.example/rss.dtd"><rss></rss>',
    "in UTF-16": ("\ufeff" + BILLION.decode() + "<rss><channel></channel></rss>").encode("utf-16-le"),
    "behind an error": b'<rss><channel><title>&nbsp;</title></channel></rss><!DOCTYPE rss [<!ENTITY f "x">]>',
    "a quadratic blow-up": b'<!DOCTYPE rss [<!ENTITY a "'
    + b"x" * 50_000
    + b'">]><rss><channel><title>'
    + b"&a;" * 1000
    + b"</title></channel></rss>",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_feeds_that_declare_something_are_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="declares a document type or entities") as caught:
        read_feed(data, name="feed")
    assert caught.value.kind == "refused"
    with pytest.raises(InputError):
        read_sitemap(data.replace(b"rss", b"urlset"), name="map")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<!DOCTYPE html><html><head></head><body>Osk</body></html>", "a web page (HTML), not a feed"),
        (b"\xef\xbb\xbf  <html>", "a web page (HTML), not a feed"),
        (b"<urlset></urlset>", "a sitemap, not a feed"),
        (b"", "not an RSS or Atom feed"),
        (b"{}", "not an RSS or Atom feed"),
        (b"<svg></svg>", "not an RSS or Atom feed"),
        (b"<rss>" + b" " * 10_000_001, "larger than 10,000,000 bytes"),
    ],
)
def test_what_is_no_feed_is_said(data: bytes, words: str) -> None:
    with pytest.raises(InputError) as caught:
        read_feed(data, name="feed")
    assert words in str(caught.value)


def test_a_page_that_names_its_feeds_is_asked_for_them() -> None:
    page = b"""<html><head><link rel=alternate type="application/rss+xml" href="/feed?a=1&amp;b=2"><link rel="stylesheet" href="/x.css">
    <LINK href='https://osk.example/atom' TYPE='application/atom+xml'></head></html>"""
    assert feed_links(page, "https://osk.example/") == ["https://osk.example/feed?a=1&b=2", "https://osk.example/atom"]
    with pytest.raises(InputError, match=r"It names these feeds: https://osk\.example/feed\?a=1&b=2, https://osk\.example/atom"):
        read_feed(page, name="feed", url="https://osk.example/")


MAP = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc> https://osk.example/1 </loc><lastmod>2031-05-04</lastmod><n:news><n:publication_date>2031-05-03T10:00:00Z</n:publication_date>
  <n:title>Ferry  late</n:title></n:news></url>
<url><loc>/2</loc><lastmod>yesterday</lastmod></url><url><lastmod>2031</lastmod></url><url><loc>mailto:a@osk.example</loc></url></urlset>"""


def test_a_sitemap_gives_entries() -> None:
    first, second, *bad = read_sitemap(MAP, name="map", url="https://osk.example/map.xml").pages
    assert first == Entry("https://osk.example/1", "https://osk.example/1", "Ferry late", "2031-05-03T10:00:00Z")
    assert second == Entry("https://osk.example/2", "https://osk.example/2")
    assert [error.kind for error in bad if isinstance(error, InputError)] == ["refused", "refused"]


def test_an_index_gives_sitemaps() -> None:
    found = read_sitemap(b"<sitemapindex><sitemap><loc>https://osk.example/a.xml.gz</loc></sitemap></sitemapindex>", name="map")
    assert (found.pages, found.sitemaps) == ((), ("https://osk.example/a.xml.gz",))


def test_a_sitemap_is_read_up_to_the_limit_of_the_protocol() -> None:
    data = b"<urlset>" + b"".join(b"<url><loc>http://osk.example/%d</loc></url>" % n for n in range(50_010)) + b"</urlset>"
    *pages, last = read_sitemap(data, name="map").pages
    assert len(pages) == 50_000
    assert isinstance(last, InputError)


@pytest.mark.parametrize("data", [b"", b"<rss/>", b"<urlset><url>", b"<html>", b"\xff\xfe<"])
def test_what_is_no_sitemap_is_said(data: bytes) -> None:
    with pytest.raises(InputError):
        read_sitemap(data, name="map")


@pytest.mark.parametrize(
    ("data", "root"),
    [
        (b"<?xml version='1.0'?>\n<!-- a --><!DOCTYPE rss [ <!ENTITY a 'b'> ]><rss>", "rss"),
        (b"<ns0:urlset>", "urlset"),
        (b"\xff\xfe" + "<feed>".encode("utf-16-le"), "feed"),
        ("<feed>".encode("utf-16-be"), "feed"),
        (b"<HTML>", "html"),
        (b"text", None),
    ],
)
def test_kinds_are_told_by_the_first_element(data: bytes, root: str | None) -> None:
    assert root_of(data) == root


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=40)
@given(
    st.lists(
        st.sampled_from(
            [b"<rss>", b"<item>", b"<link>http://", b"</", b">", b"<!DOCTYPE", b"<!ENTITY", b"&a;", b"<urlset>", b"<url><loc>", b"]]>"]
        )
        | st.binary(max_size=9)
    )
)
def test_no_bytes_break_the_readers(parts: list[bytes]) -> None:
    for data in (b"".join(parts), b"<rss>" + b"".join(parts), b"<urlset>" + b"".join(parts)):
        for read in (read_feed, read_sitemap):
            with contextlib.suppress(InputError):
                read(data, name="x", url="http://osk.example/")


def test_reading_files_does_not_load_what_the_network_needs() -> None:
    code = "import sys, allegedly.fetch, allegedly.article; print(*(sys.modules.keys() & set(sys.argv[1:])))"
    heavy = [
        "httpx2",
        "httpcore2",
        "feedparser",
        "stamina",
        "protego",
        "fastwarc",
        "pypdf",
        "docx",
        "brotli",
        "zstandard",
        "trafilatura",
        "defusedxml",
    ]
    assert subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True).stdout.split() == []


def test_the_document_lists_all_inputs() -> None:
    from allegedly.article import INPUTS

    text = (Path(__file__).parents[1] / "docs" / "sources.md").read_text(encoding="utf-8")
    rows = [
        f"| {row.kind} | {', '.join(f'`{s}`' for s in row.suffixes)} | {', '.join(f'`{m}`' for m in row.media_types)} |" for row in INPUTS
    ]
    assert "\n".join(rows) in text
