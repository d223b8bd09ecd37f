"""Outlets, under all their names and domains, and feeds with what their servers said last."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select

from allegedly.ledger import tables as t
from allegedly.ledger.store import Store
from allegedly.ledger.views import READ
from allegedly.ledger.words import fold, kept, now


@dataclass(frozen=True, slots=True)
class Outlet:
    """A row of the table of outlets, with the other names and the domains that it goes by."""

    number: int
    name: str
    aliases: tuple[str, ...]
    domains: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """What is known of a feed: its server's ETag and Last-Modified exactly as sent, and the ids of the entries that were seen."""

    etag: str | None = None
    last_modified: str | None = None
    seen: frozenset[str] = frozenset()
    fetched: str | None = None
    error: str | None = None


def outlets(store: Store) -> list[Outlet]:
    """All outlets by name."""
    keys: dict[int, list[tuple[str, str]]] = {}
    for row in store.rows(select(t.outlet_keys).order_by(t.outlet_keys.c.key)):
        keys.setdefault(row.outlet, []).append((row.kind, row.words))
    out = []
    for row in store.rows(select(t.outlets).order_by(t.outlets.c.name)):
        mine = keys.get(row.number, [])
        names = (tuple(words for kind, words in mine if kind == wanted) for wanted in ("alias", "domain"))
        out.append(Outlet(row.number, row.name, *names))
    return out


def find_outlet(store: Store, *keys: str | None) -> int | None:
    """The outlet that one of these folded names or domains belongs to, the first that does."""
    for key in filter(None, keys):
        number = store.one(select(t.outlet_keys.c.outlet).where(t.outlet_keys.c.key == key))
        if number is not None:
            return int(number)
    return None


def new_outlet(store: Store, name: str, domain: str | None) -> int:
    """A new row of the table of outlets, found by its name and domain from now on."""
    number = store.next("outlets")
    store.run(t.outlets.insert(), {"number": number, "name": name or domain})
    keys = {key: (kind, words) for key, kind, words in ((domain, "domain", domain), (fold(name), "name", name)) if key and words}
    store.run(t.outlet_keys.insert(), [{"key": key, "kind": kind, "words": words, "outlet": number} for key, (kind, words) in keys.items()])
    return number


def set_outlet(store: Store, name: str, aliases: Iterable[str], domains: Iterable[str]) -> int:
    """Make an outlet, or add names and domains to one; outlets that had these become part of it, with their articles."""
    name = kept(name.strip()) or ""
    given = [("name", fold(name), name), *(("alias", fold(one), kept(one) or "") for one in aliases)]
    given += [("domain", one.strip().lower().removeprefix("www."), one.strip()) for one in domains]
    if not all(key for _, key, _ in given):
        raise ValueError("an outlet's names and domains need letters or digits")
    with store.writing():
        number = find_outlet(store, fold(name)) or new_outlet(store, name, None)
        store.run(t.outlets.update().where(t.outlets.c.number == number), {"name": name})
        for kind, key, words in given:
            other = find_outlet(store, key)
            if other is not None and other != number:
                store.run(t.outlet_keys.update().where(t.outlet_keys.c.outlet == other, t.outlet_keys.c.kind == "name"), {"kind": "alias"})
                for table in (t.articles, t.outlet_keys):
                    store.run(table.update().where(table.c.outlet == other), {"outlet": number})
                store.run(t.outlets.delete().where(t.outlets.c.number == other))
            row = {"kind": kind, "words": words, "outlet": number}
            if not store.run(t.outlet_keys.update().where(t.outlet_keys.c.key == key), row):
                store.run(t.outlet_keys.insert(), {"key": key, **row})
    return number


def watched(store: Store, url: str) -> Watched:
    """What is known of a feed; an empty record for one that was never asked for."""
    for row in store.rows(select(t.feeds).where(t.feeds.c.url == url)):
        seen = frozenset(one.entry for one in store.rows(select(t.feed_entries.c.entry).where(t.feed_entries.c.feed == url)))
        return Watched(row.etag, row.last_modified, seen, row.fetched, row.error)
    return Watched()


def keep_watch(store: Store, url: str, *, etag: str | None, last_modified: str | None, seen: Iterable[str], error: str | None) -> None:
    """Keep a feed's state. Entries that are in `seen` no longer are forgotten, so that they can come again."""
    row = {"etag": etag, "last_modified": last_modified, "fetched": now(), "error": kept(error)}
    wanted = {one for one in map(kept, seen) if one}
    with store.writing():
        if not store.run(t.feeds.update().where(t.feeds.c.url == url), row):
            store.run(t.feeds.insert(), {"url": url, **row})
        there = watched(store, url).seen
        entries = t.feed_entries.c
        for gone in sorted(there - wanted):
            store.run(t.feed_entries.delete().where(entries.feed == url, entries.entry == gone))
        store.run(t.feed_entries.insert(), [{"feed": url, "entry": entry} for entry in sorted(wanted - there)])


def read_by_outlet(store: Store) -> dict[str, int]:
    """How many articles of each outlet ("" for none) were read, without machine translations."""
    its = t.articles.c.outlet
    every = select(its, func.count().label("articles")).where(t.articles.c.reading.is_not(None)).group_by(its)
    machine = select(its, func.count().label("articles")).select_from(READ).where(t.versions.c.translated_by == "machine").group_by(its)
    left_out = {row.outlet: row.articles for row in store.rows(machine)}
    names = {row.number: row.name for row in store.rows(select(t.outlets))}
    counts = {names.get(row.outlet, ""): row.articles - left_out.get(row.outlet, 0) for row in store.rows(every)}
    return {outlet: counts[outlet] for outlet in sorted(counts) if counts[outlet]}
