"""URLs to bytes, feeds and sitemaps to URLs: the only code that touches the network.

`fetch` asks for one page, once, at a person's request. A `Client` asks for many: it obeys robots.txt, keeps a pace, asks again only for
what has changed, and waits where it is told to. Both ask public addresses only: every connection, at every step of a redirect, is
made to an address that was checked and to no other, so that a name that resolves differently the second time changes nothing.

Inside, imports go one way: `client` (the whole of a request) > `transport` (one request), `sitemaps` > `feeds` > `markup` (XML of
strangers), `addresses` (who may be asked).
"""

from allegedly.fetch.client import Client, Page
from allegedly.fetch.feeds import Entry, Feed, Watch, read_feed
from allegedly.fetch.sitemaps import Sitemap, read_sitemap

__all__ = ["Client", "Entry", "Feed", "Page", "Sitemap", "Watch", "fetch", "is_web_address", "read_feed", "read_sitemap"]


def is_web_address(name: str) -> bool:
    """True for what looks like an http(s) URL, so that a command can tell URLs from paths."""
    return name[:8].lower().startswith(("http://", "https://"))


def fetch(url: str, *, timeout: float = 20.0, deadline: float = 60.0, max_bytes: int = 10_000_000, allow_private: bool = False) -> Page:
    """The one page at `url` that a person asked for, or `FetchError`.

    `timeout` bounds each wait on the network, `deadline` each request as a whole (a server that drips a byte a second is not waited for).
    `max_bytes` counts what comes over the network and what comes out of decompression. `allow_private` lets addresses of the own machine
    and network through. As with a browser, robots.txt, which is for programs that follow links by themselves, is not asked.
    """
    with Client(robots=False, delay=0.0, attempts=1, timeout=timeout, deadline=deadline, allow_private=allow_private) as client:
        return client.get(url, max_bytes=max_bytes)
