"""Commands that keep the record: add, watch, status, outlets, purge, backup, restore."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegedly.cli.ledgers import Where, opened_ledger, place
from allegedly.cli.listing import Listing, lists
from allegedly.cli.reporting import bar_of, guarded, plain_words, say, total_of
from allegedly.cli.shards import Ray, Workers, fates_of, shard_progress
from allegedly.errors import AllegedlyError, InputError, LedgerError

if TYPE_CHECKING:
    from rich.console import Console

    from allegedly.fetch import Client
    from allegedly.ingest import Seen, Tally, Task
    from allegedly.ledger import Ledger

ADD_HELP = """Keep articles in the ledger. They are read, and what they say is compared with what is there.

INPUT is a file (.txt, .html, .jsonl, .warc, .pdf, .docx), a folder of these, the http(s) address of an article, a feed or a sitemap,
or - for standard input. What the ledger has already is not read again; a page or an "id" whose text has changed becomes a new version.
Articles are kept in batches: Ctrl-C keeps what was read, and running again goes on where a run ended, however it ended.
"""
ADD_EXAMPLES = """\b
Examples:
  allegedly add reports/ https://news.example/feed.xml
  allegedly add --ledger postgresql://me@host/news articles.jsonl crawl.warc.gz
  allegedly add --ray crawl/*.warc.gz
"""
WATCH_HELP = """Look at feeds again and again. What is new in them is added.

FEED is the http(s) address of an RSS or Atom feed, or a file with one a line. Sites are asked politely: robots.txt, a pause between two
requests, and only for what has changed. Set ALLEGEDLY_CONTACT to an address under which you can be reached.
"""
DUPLICATES_NAMED = 20
"""Duplicates that are named one by one; of more, only the number is said."""

commands = typer.Typer(rich_markup_mode=None)

Processes = Annotated[
    int | None, typer.Option("--processes", min=1, max=256, help="Processes that read at the same time.  [default: as many as pay]")
]
Private = Annotated[bool, typer.Option("--allow-private", hidden=True, help="Let addresses of the own machine and network through.")]


# --- adding ----------------------------------------------------------------------------------------------------------


@commands.command(help=ADD_HELP, epilog=ADD_EXAMPLES)
def add(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", show_default=False)],
    ledger: Where = "",
    processes: Processes = None,
    private: Private = False,
    ray: Ray = "",
    workers: Workers = None,
    shards: Annotated[
        str,
        typer.Option("--shards", metavar="FOLDER", help="Where --ray keeps what it has read.", show_default=False),
    ] = "",
) -> None:
    """Keep articles."""
    if ray:
        _add_shards(inputs, ledger, shards, ray, workers)
        return
    with guarded() as errors, opened_ledger(ledger, create=True) as opened, _client(inputs, private=private) as client:
        from allegedly.ingest import Tally, fenced
        from allegedly.ingest import opened as opened_input

        tasks = (task for name in inputs for task in fenced(opened_input(name, client=client, ledger=opened), name))
        tally = Tally()
        with _ended(tally, place(ledger)), _progress(total_of(inputs)) as report:
            _add(opened, tasks, report, tally, processes)
        errors += [AllegedlyError("not all was kept")] * bool(tally.refused + tally.failed)


def _add_shards(inputs: list[str], where: str, folder: str, ray: str, workers: int | None) -> None:
    """Read by a cluster's workers, kept by this process: shard by shard, in their order."""
    with guarded() as errors:
        from allegedly import ingest
        from allegedly.ingest.shards import Job, in_order, plan, read_elsewhere, stream, tasks_in

        name = place(where)
        if not folder and "://" in name:
            raise typer.BadParameter("name a folder for the shards, which all nodes can reach.", param_hint="--shards")
        job = Job(plan(inputs), folder or f"{name}.shards", keep=True)
        tally = ingest.Tally()
        with opened_ledger(where, create=True) as opened, fates_of(job, ray, workers) as read, shard_progress(job, quiet=True) as moving:
            tasks = (task for fate in in_order(job, stream(job, read, moving)) for task in tasks_in(job, fate))
            with _ended(tally, name), _progress(None, bar=False) as report:
                ingest.adding.add(opened, tasks, read_elsewhere, reader=ingest.read_article, report=report, tally=tally)
        errors += [AllegedlyError("not all was kept")] * bool(tally.refused + tally.failed)


def _add(ledger: "Ledger", tasks: "Iterator[Task]", report: "Callable[[Seen], None]", tally: "Tally", processes: int | None) -> None:
    from allegedly import ingest

    ingest.add(ledger, tasks, report=report, tally=tally, processes=processes)


@contextmanager
def _client(inputs: Iterable[str], *, private: bool) -> "Iterator[Client | None]":
    """A client for the whole run, where an input is an address."""
    from allegedly.fetch import Client, is_web_address

    if not any(map(is_web_address, inputs)):
        yield None
        return
    with Client(allow_private=private) as client:
        yield client


@contextmanager
def _ended(tally: "Tally", where: str) -> Iterator[None]:
    """However a run ends, its counts are said."""
    try:
        yield
    except KeyboardInterrupt:
        say(f"interrupted. What is counted as stored is kept in {where}; run again to go on")
        raise
    finally:
        typer.echo(str(tally))


@contextmanager
def _progress(total: int | None, *, bar: bool = True) -> "Iterator[Callable[[Seen], None]]":
    """Says what was not stored, with the reason; on a terminal with a bar that shows how far it is, the rate and the time left."""
    duplicates: Counter[str] = Counter()

    def lines(seen: "Seen") -> Iterator[str]:
        yield from seen.warnings
        if seen.what == "duplicate":
            duplicates[seen.detail] += 1
        if seen.what in ("refused", "failed") or (seen.what == "duplicate" and duplicates.total() <= DUPLICATES_NAMED):
            yield f"{seen.name}: {seen.what}: {seen.detail}"

    def plain(seen: "Seen") -> None:
        for line in lines(seen):
            say(line)

    if not bar or not sys.stderr.isatty():
        yield plain
    else:
        shown = bar_of("adding")
        task = shown.add_task("adding", total=total)

        def moving(seen: "Seen") -> None:
            for line in lines(seen):
                shown.console.print(f"allegedly: {plain_words(line)}", soft_wrap=True)
            shown.advance(task)

        with shown:
            yield moving
    if duplicates.total() > DUPLICATES_NAMED:
        say(f"{duplicates.total() - DUPLICATES_NAMED} more duplicates: the ledger has them")


# --- watching --------------------------------------------------------------------------------------------------------


@commands.command(help=WATCH_HELP)
def watch(
    feeds: Annotated[list[str], typer.Argument(metavar="FEED...", show_default=False)],
    ledger: Where = "",
    every: Annotated[float, typer.Option("--every", metavar="MINUTES", min=1, help="Minutes between two looks at a feed.")] = 15,
    once: Annotated[bool, typer.Option("--once", help="Look once, and end.")] = False,
    processes: Processes = None,
    private: Private = False,
) -> None:
    """Look at feeds and add what is new."""
    with guarded() as errors, opened_ledger(ledger, create=True) as opened:
        from allegedly.ingest import Tally
        from allegedly.ingest.watching import look

        addresses = [address for name in feeds for address in _feeds_of(name)]
        while True:
            began, tally = time.monotonic(), Tally()
            with _client(addresses, private=private) as client, _ended(tally, place(ledger)), _progress(None) as report:
                if client is None:
                    raise InputError(", ".join(feeds), "no address of a feed", "Give addresses that start with http:// or https://")
                for address in addresses:
                    look(opened, client, address, report=report, tally=tally, processes=processes)
            if once:
                break
            time.sleep(max(0.0, began + every * 60 - time.monotonic()))
        errors += [AllegedlyError("not all was kept")] * bool(tally.refused + tally.failed)


def _feeds_of(name: str) -> list[str]:
    """The address, or those in a file: one a line, with # for remarks."""
    path = Path(name)
    if "\0" in name or not path.is_file():
        if not name.startswith(("http://", "https://")):
            raise InputError(name, "neither an address of a feed nor a file with some", "Give one that starts with http:// or https://")
        return [name]
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, ValueError) as error:
        raise InputError(name, f"could not be read ({' '.join(str(error).split())})", "Give a text file with one address a line") from None
    return [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]


# --- upkeep ----------------------------------------------------------------------------------------------------------


@lists(commands)
def status(
    ledger: Where = "",
    check: Annotated[bool, typer.Option("--check", help="Also open everything that is kept: exit status 1 for damage.")] = False,
    *,
    out: Listing,
) -> None:
    """Say what the ledger holds. With --check, also whether it is whole."""
    problems: list[str] = []
    with guarded() as errors, opened_ledger(ledger) as opened:
        counts = opened.status()
        rows = [{"what": name, "number": number} for name, number in counts.items()]

        def page(console: "Console") -> None:
            from allegedly.cli.pages import table

            console.print(f"The ledger {plain_words(place(ledger))}", style="bold")
            console.print(table(rows, ("what", "number")))

        out.show(rows, ("what", "number"), page)
        problems = opened.check() if check else []
        for line in (*opened.warnings, *problems):
            say(line)
        if check and not problems:
            say("checked: the ledger is whole")
        errors += [AllegedlyError(problem) for problem in problems]


@lists(commands)
def outlets(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="An outlet to add or to change; without, all are listed.")] = "",
    alias: Annotated[list[str] | None, typer.Option("--alias", metavar="NAME", help="Another name of this outlet.")] = None,
    domain: Annotated[list[str] | None, typer.Option("--domain", metavar="HOST", help="A domain of this outlet.")] = None,
    ledger: Where = "",
    *,
    out: Listing,
) -> None:
    """List outlets, or change one. What bears the names and domains that one is given is then one outlet."""
    if not name and (alias or domain):
        raise typer.BadParameter("Name the outlet that --alias and --domain belong to.", param_hint="NAME")
    with guarded(), opened_ledger(ledger, create=bool(name)) as opened:
        if name:
            try:
                opened.set_outlet(name, aliases=alias or (), domains=domain or ())
            except ValueError as error:
                raise InputError(name, str(error), "Give a name with letters or digits") from None
        read = opened.read_by_outlet()
        rows = [
            {"name": one.name, "articles": read.get(one.name, 0), "aliases": list(one.aliases), "domains": list(one.domains)}
            for one in opened.outlets()
        ]
        fields = ("name", "articles", "aliases", "domains")

        def page(console: "Console") -> None:
            from allegedly.cli.pages import table

            console.print(table(rows, fields) if rows else "There are no outlets yet.")

        out.show(rows, fields, page)


@commands.command()
def purge(
    articles: Annotated[list[str], typer.Argument(metavar="ID|URL...", show_default=False)],
    ledger: Where = "",
    reason: Annotated[str, typer.Option("--reason", help="Kept with the tombstone, and said to whoever adds the article again.")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove articles everywhere. All versions, readings and evidence go; only hashes remain, which keep them from coming back."""
    with guarded() as errors, opened_ledger(ledger) as opened:
        found: list[str] = []
        for name in articles:
            article = name if opened.number(name) is not None else opened.id_at(name)
            if article is None:
                errors.append(InputError(name, "no article of the ledger has this id or address", "`allegedly search` shows ids"))
                say(str(errors[-1]))
            else:
                found.append(article)
        if found and not yes:
            if not sys.stdin.isatty():
                raise InputError(", ".join(found), "not purged, because nobody could be asked", "Give --yes: it cannot be undone")
            typer.confirm(f"Remove {len(found)} for good: {', '.join(map(plain_words, found))}?", abort=True)
        typer.echo(f"{opened.purge(found, reason=reason) if found else 0} purged")


@commands.command()
def backup(to: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)], ledger: Where = "") -> None:
    """Write the whole ledger into a new file. It is checked."""
    with guarded(), opened_ledger(ledger) as opened:
        counts = opened.backup(to)
        typer.echo(f"{to}: {counts['articles']} articles, checked")


@commands.command()
def restore(source: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)], ledger: Where = "") -> None:
    """Make a new ledger from a backup. It is checked; a ledger that is there already is left alone."""
    with guarded():
        from allegedly.ledger import restore as restored

        if not source.is_file():
            raise LedgerError(str(source), "missing", "there is no such backup", "Check the path")
        counts = restored(source, place(ledger))
        typer.echo(f"{place(ledger)}: {counts['articles']} articles, checked")
