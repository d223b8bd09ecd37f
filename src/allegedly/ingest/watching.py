"""A look at a feed: what is new in it is added, and what was seen is remembered."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from allegedly.errors import InputError
from allegedly.ingest import add
from allegedly.ingest.adding import Seen, Tally
from allegedly.ingest.tasks import fenced, fetched_entry

if TYPE_CHECKING:
    from allegedly.fetch import Client, Entry
    from allegedly.ledger import Ledger


def look(
    ledger: "Ledger", client: "Client", address: str, *, report: Callable[[Seen], None], tally: Tally, processes: int | None = None
) -> None:
    """One look at one feed. What failed is tried again the next time; what is new is known from then on."""
    from allegedly.fetch import Watch

    known = ledger.watched(address)
    before = Watch(known.etag, known.last_modified, known.seen)
    try:
        now, entries = client.watch(address, before)
    except InputError as error:
        tally.seen += 1
        seen = Seen(address, error.kind, f"{error.reason}. {error.advice}")
        tally.count(seen)
        report(seen)
        ledger.keep_watch(address, etag=before.etag, last_modified=before.last_modified, seen=before.seen, error=error.reason)
        return
    failed: set[str] = set()

    def noted(seen: Seen) -> None:
        if seen.what == "failed":
            failed.add(seen.name)
        report(seen)

    def named(entry: "Entry | InputError") -> str:
        return entry.name if isinstance(entry, InputError) else entry.url

    tasks = (task for one in entries for task in fenced(fetched_entry(one, client), named(one)))
    add(ledger, tasks, report=noted, tally=tally, processes=processes)
    now = now.without({entry.id for entry in entries if not isinstance(entry, InputError) and entry.url in failed})
    ledger.keep_watch(address, etag=now.etag, last_modified=now.last_modified, seen=now.seen)
