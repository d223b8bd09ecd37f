"""A polite and careful client: one page at a time, at a site's own pace, from public addresses only, up to a set size."""

import os
import re
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from io import BytesIO
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin

from allegedly.errors import FetchError, InputError
from allegedly.fetch.addresses import AddressRefusedError, HostNotFoundError
from allegedly.fetch.feeds import Entry, Watch, read_feed
from allegedly.fetch.markup import root_of
from allegedly.fetch.sitemaps import read_sitemap
from allegedly.unpack import DamagedError, Pieces, TooLargeError, packed, read_whole, unpacked

if TYPE_CHECKING:
    from protego import Protego

    from allegedly.fetch.transport import Answer, Target

PRODUCT = "Allegedly"  # by which a robots.txt calls this program
CONTACT = "ALLEGEDLY_CONTACT"
"""The environment variable with the e-mail address or web page of who runs this, for the operators of the sites that are asked."""
ACCEPT = "text/html,application/xhtml+xml,application/rss+xml,application/atom+xml,application/xml;q=0.9,text/plain;q=0.8,*/*;q=0.5"
MAX_BYTES = 10_000_000
MAX_ROBOTS = 512_000  # RFC 9309 asks for 500 KiB at least
MAX_SITEMAPS = 500
LONGEST_WAIT = 60.0
"""Seconds that a site's Retry-After or Crawl-delay is waited for; a site that asks for more is left alone."""
SAVE_IT = "Save the page in a browser and give the file instead"
CHECK_IT = f"Check the address and the connection. {SAVE_IT}"
LATER = f"Try again later. {SAVE_IT}"
GIVE_ONE = "Give an address that starts with http:// or https:// and a public host"
TRANSIENT = frozenset((408, 425, 429, 500, 502, 503, 504))


@dataclass(frozen=True, slots=True)
class Page:
    """What a URL gave. `url` is the address after redirects; `media_type` is the Content-Type header as sent, charset and all.

    `status` is 200, or 304 where the page has not changed since the `etag` or `last_modified` that was asked with; then `body` is empty.
    `headers` have names in lower case; `retrieved` is ISO 8601, in UTC.
    """

    body: bytes
    url: str
    requested: str
    media_type: str | None
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    retrieved: str = ""

    @property
    def not_modified(self) -> bool:
        """Whether the server said that nothing has changed."""
        return self.status == 304

    @property
    def etag(self) -> str | None:
        """The entity tag exactly as sent, to be asked with the next time."""
        return next((value for name, value in self.headers if name == "etag"), None)

    @property
    def last_modified(self) -> str | None:
        """The date of the last change exactly as sent, to be asked with the next time."""
        return next((value for name, value in self.headers if name == "last-modified"), None)


class _NoPageError(FetchError):
    """A server's answer that is no page, or none (`status` 0). `wait` is the seconds that the site asks to be left alone, if it said."""

    again = False
    status = 0
    wait: float | None = None


def user_agent(contact: str | None) -> str:
    """How a request says who is asking: the program, its version, and a contact address."""
    who = contact or os.environ.get(CONTACT, "")
    clean = re.sub(r"[^\x20-\x7e]|[()]", "", who).strip()[:200]
    return f"{PRODUCT}/{version('allegedly')} (reads news at a person's request; contact: {clean or 'not given'})"


class Client:
    """Fetches pages for one run. Close it, or use it in a `with`; one thread only.

    Before a site is asked for a page its robots.txt is (unless `robots` is false), at most once; requests to one host are `delay` seconds
    apart, or as far as its Crawl-delay says; Retry-After is obeyed; what may go better is tried `attempts` times, with growing pauses
    and jitter (stamina). `timeout` bounds each wait on the network, `deadline` each request as a whole; `max_bytes` what comes over the
    network and what comes out of decompression. `allow_private` lets addresses of the own machine and network through: for tests.
    `contact` is an e-mail address or URL, by default that of the environment variable ALLEGEDLY_CONTACT.
    """

    def __init__(
        self,
        *,
        contact: str | None = None,
        allow_private: bool = False,
        robots: bool = True,
        delay: float = 1.0,
        attempts: int = 3,
        timeout: float = 20.0,
        deadline: float = 60.0,
    ) -> None:
        from allegedly.fetch.transport import Transport  # here, so that reading files does not pay for it

        self.agent = user_agent(contact)
        self.allow_private = allow_private
        self.delay = delay
        self.attempts = attempts
        self.deadline = deadline
        self.obeys = robots
        self._transport = Transport(timeout=timeout, allow_private=allow_private)
        self._robots: dict[str, Protego | FetchError | None] = {}
        self._asked: dict[str, float] = {}
        self._not_before: dict[str, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Hangs up."""
        self._transport.close()

    # --- one page ------------------------------------------------------------------------------------------------------

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        max_bytes: int = MAX_BYTES,
        max_redirects: int = 5,
    ) -> Page:
        """The page at `url`; raises `FetchError`, of the kind "refused" where asking again would change nothing.

        `etag` and `last_modified` are what an earlier `Page` had; they are sent back exactly.
        """
        headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        conditions = {name: value for name, value in headers.items() if value}
        return self._persistently(lambda: self._follow(url, conditions, max_bytes, max_redirects, robots=self.obeys))

    def _persistently(self, ask: Callable[[], Page]) -> Page:
        if self.attempts < 2:
            return ask()
        import logging

        import stamina

        logging.getLogger("stamina").addHandler(logging.NullHandler())  # it would print its warnings where nobody listens

        def pause(error: Exception) -> bool | float:
            if not isinstance(error, _NoPageError) or not error.again:
                return False
            return error.wait is None or (error.wait <= LONGEST_WAIT and error.wait)

        pauses = {"wait_initial": 1.0, "wait_max": 30.0, "wait_jitter": 1.0}
        for attempt in stamina.retry_context(on=pause, attempts=self.attempts, timeout=None, **pauses):
            with attempt:
                return ask()
        raise AssertionError("the last attempt returns or raises")

    def _follow(self, url: str, conditions: dict[str, str], max_bytes: int, max_redirects: int, *, robots: bool) -> Page:
        """One attempt: the page, through all its redirects, each hop checked like the first."""
        target = self._target(url, "", url)
        for _ in range(max_redirects + 1):
            if robots:
                self._check_robots(url, target)
            self._take_turn(url, target)
            found = self._hop(url, target, conditions, max_bytes)
            if isinstance(found, Page):
                return found
            target = self._target(url, target.url, found)
        raise FetchError(url, f"more than {max_redirects} redirects", SAVE_IT, "refused")

    def _target(self, url: str, base: str, address: str) -> "Target":
        from allegedly.fetch.transport import target_of

        try:
            return target_of(urljoin(base, address))
        except ValueError as error:
            where = "" if not base else f"redirected to {address[:200]!r}: "
            raise FetchError(url, f"{where}not a valid web address ({error})", GIVE_ONE, "refused") from None

    def _hop(self, url: str, target: "Target", conditions: dict[str, str], max_bytes: int) -> Page | str:
        """What one address answers: the page, or where it redirects to."""
        from allegedly.fetch.transport import NoAnswerError

        headers = {"User-Agent": self.agent, "Accept": ACCEPT, "Accept-Language": "en", "Accept-Encoding": "gzip, deflate, br, zstd"}
        self._transport.until = time.monotonic() + self.deadline
        try:
            with self._transport.get(target, headers | conditions) as answer:
                if answer.status in (301, 302, 303, 307, 308) and (location := answer.header("location")):
                    return location.encode("latin-1").decode("utf-8", "replace")
                self._check_status(url, target, answer, conditioned=bool(conditions))
                body = b"" if answer.status == 304 else self._body(url, answer, max_bytes)
                now = datetime.now(UTC).isoformat(timespec="seconds")
                return Page(body, target.url, url, answer.header("content-type"), answer.status, answer.headers, now)
        except AddressRefusedError as error:
            raise FetchError(url, str(error), SAVE_IT, "refused") from None
        except HostNotFoundError as error:
            raise FetchError(url, str(error), CHECK_IT) from None
        except NoAnswerError as error:
            trouble = _NoPageError(url, str(error), LATER if error.again else CHECK_IT)
            trouble.again = error.again
            raise trouble from None

    def _check_status(self, url: str, target: "Target", answer: "Answer", *, conditioned: bool) -> None:
        if answer.status == 200 or (answer.status == 304 and conditioned):
            return
        reason = f"the server answered {answer.status} {answer.reason}".rstrip()
        error = _NoPageError(url, reason, LATER if answer.status in TRANSIENT else f"Check the address. {SAVE_IT}")
        error.status, error.again = answer.status, answer.status in TRANSIENT
        error.wait = _seconds(answer.header("retry-after")) if error.again else None
        if error.wait:
            self._not_before[target.host] = time.monotonic() + error.wait
        raise error

    def _body(self, url: str, answer: "Answer", max_bytes: int) -> bytes:
        declared = answer.header("content-length") or ""
        codings = (answer.header("content-encoding") or "").split(",")
        try:
            if declared.isascii() and declared.isdigit() and (len(declared) > 18 or int(declared) > max_bytes):
                raise TooLargeError(max_bytes)
            wire = _Counted(answer.pieces, max_bytes)
            return read_whole(unpacked(Pieces(wire), codings), max_bytes)
        except TooLargeError as error:
            raise FetchError(url, str(error), "Give a smaller page, or save its article as .txt", "refused") from None
        except DamagedError as error:
            raise FetchError(url, f"the server could not be read ({error})", CHECK_IT) from None

    # --- manners -------------------------------------------------------------------------------------------------------

    def _take_turn(self, url: str, target: "Target") -> None:
        """Waits until it is polite to ask a host again."""
        now = time.monotonic()
        wait = self._not_before.get(target.host, now) - now
        if wait > LONGEST_WAIT:
            raise FetchError(url, f"{target.host} asks to be left alone for {wait:.0f} seconds", "Try again after that")
        rules = self._robots.get(target.origin)
        asked_for = 0.0 if rules is None or isinstance(rules, FetchError) else float(rules.crawl_delay(PRODUCT) or 0.0)
        pace = self._asked.get(target.host, now - LONGEST_WAIT) + min(max(self.delay, asked_for), LONGEST_WAIT) - now
        time.sleep(max(0.0, wait, pace))
        self._asked[target.host] = time.monotonic()

    def _check_robots(self, url: str, target: "Target") -> None:
        """Raises `FetchError` where the site's robots.txt (RFC 9309) does not let this program ask for the page, or cannot be had."""
        if target.origin not in self._robots:
            self._robots[target.origin] = self._rules(target)
        rules = self._robots[target.origin]
        if isinstance(rules, FetchError):
            if rules.kind == "refused":  # such an address is not asked for anything
                raise FetchError(url, rules.reason, rules.advice, rules.kind)
            raise FetchError(url, f"the site's robots.txt could not be read ({rules.reason})", LATER)
        if rules is not None and not rules.can_fetch(target.url, PRODUCT):
            raise FetchError(url, "the site's robots.txt asks programs not to read this page", SAVE_IT, "refused")

    def _rules(self, target: "Target") -> "Protego | FetchError | None":
        """A site's robots.txt; None where it has none, an error where it cannot be known (then RFC 9309 says: nothing may be read)."""
        from protego import Protego

        try:
            page = self._persistently(lambda: self._follow(f"{target.origin}/robots.txt", {}, MAX_ROBOTS, 5, robots=False))
        except FetchError as error:
            return None if isinstance(error, _NoPageError) and 400 <= error.status < 500 and not error.again else error
        return Protego.parse(page.body.decode("utf-8", "replace"))

    # --- lists of pages ------------------------------------------------------------------------------------------------

    def listed(self, page: Page, *, depth: int = 3) -> Iterator[Entry | InputError] | None:
        """What a feed, a sitemap or a sitemap index lists, in its order; None for a page that is none of these.

        Sitemaps that an index names are fetched, to `depth` levels and 500 of them; one that fails is an error among the entries. Raises
        `InputError` for a feed or sitemap that cannot be read.
        """
        body = _plain(page)
        if (root := root_of(body)) in ("rss", "feed", "RDF"):
            return iter(read_feed(body, name=page.requested, url=page.url).entries)
        return self._mapped(page, body, depth, [MAX_SITEMAPS]) if root in ("urlset", "sitemapindex") else None

    def _mapped(self, page: Page, body: bytes, depth: int, left: list[int]) -> Iterator[Entry | InputError]:
        found = read_sitemap(body, name=page.requested, url=page.url)
        yield from found.pages
        for address in found.sitemaps:
            left[0] -= 1
            if depth < 1 or left[0] < 0:
                limit = f"more than {MAX_SITEMAPS} sitemaps" if left[0] < 0 else "sitemaps nested too deep"
                yield FetchError(address, f"not followed: {limit}", "Give this sitemap's own address", "refused")
                continue
            try:
                below = self.get(address)
                yield from self._mapped(below, _plain(below), depth - 1, left)
            except InputError as error:
                yield error

    def watch(self, url: str, watch: Watch | None = None) -> tuple[Watch, list[Entry | InputError]]:
        """The entries of a feed or sitemap that were not seen before, and what to ask with the next time.

        Where the server says that nothing has changed, none. Raises `InputError` where the feed itself cannot be had or read. The new
        `Watch` counts all entries as seen; take those that failed out again with `without`.
        """
        watch = watch or Watch()
        page = self.get(url, etag=watch.etag, last_modified=watch.last_modified)
        if page.not_modified:
            return Watch(page.etag or watch.etag, page.last_modified or watch.last_modified, watch.seen), []
        entries = self.listed(page)
        if entries is None:
            entries = iter(read_feed(page.body, name=url, url=page.url).entries)  # says what it is instead
        new = [entry for entry in entries if isinstance(entry, InputError) or entry.id not in watch.seen]
        seen = watch.seen | {entry.id for entry in new if isinstance(entry, Entry)}
        return Watch(page.etag, page.last_modified, seen), new


class _Counted:
    """Pieces as they come over the network, until they are too many."""

    def __init__(self, pieces: Iterable[bytes], most: int) -> None:
        self.pieces, self.most = pieces, most

    def __iter__(self) -> Iterator[bytes]:
        count = 0
        for piece in self.pieces:
            count += len(piece)
            if count > self.most:
                raise TooLargeError(self.most)
            yield piece


def _plain(page: Page) -> bytes:
    """A page's bytes, unpacked where they are a packed file (sitemaps often are)."""
    try:
        return read_whole(unpacked(BytesIO(page.body), filter(None, [packed(page.body)])), MAX_BYTES)
    except TooLargeError as error:
        raise FetchError(page.requested, f"unpacked {error}", "Give a smaller file", "refused") from None
    except DamagedError as error:
        raise FetchError(page.requested, str(error), CHECK_IT) from None


def _seconds(retry_after: str | None) -> float | None:
    """Retry-After as seconds from now: a number, or a date."""
    if not retry_after:
        return None
    if retry_after.isascii() and retry_after.strip().isdigit():
        return float(retry_after[:12])
    try:
        return max(0.0, (parsedate_to_datetime(retry_after) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
