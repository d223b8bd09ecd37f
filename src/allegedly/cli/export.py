"""`allegedly export` and `allegedly bundle`: what the ledger holds, for other programs and for others to check."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegedly.cli.ask import Outlet, Since, Until
from allegedly.cli.ledgers import Where, opened_ledger
from allegedly.cli.listing import Output
from allegedly.cli.output import check_target, target_of
from allegedly.cli.readings import Every, Form, NoText, Raw, export_for, write_readings
from allegedly.cli.reporting import bar_over, guarded
from allegedly.errors import InputError
from allegedly.export import Options

if TYPE_CHECKING:
    from allegedly.ledger import Filters, Ledger
    from allegedly.records import Reading

AT_ONCE = 200

commands = typer.Typer(rich_markup_mode=None)


@commands.command()
def export(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID...]", help="Articles; without, all of the ledger.", show_default=False)
    ] = None,
    ledger: Where = "",
    format: Form = "",
    output: Output = "-",
    outlet: Outlet = "",
    since: Since = "",
    until: Until = "",
    every: Every = False,
    no_text: NoText = False,
    raw: Raw = False,
) -> None:
    """Write readings of the ledger. In any of the formats of "allegedly read", the latest articles before the others."""
    target = target_of(output)
    form = export_for(format, target)
    if form.form != "folder":
        check_target(target, [])
    with guarded(), opened_ledger(ledger) as opened:
        from allegedly.ledger import Filters

        filters = Filters(outlet=outlet or None, since=since or None, until=until or None)
        numbers = _chosen(opened, ids) if ids else _all(opened, filters)
        total = len(ids) if ids else opened.size() if filters == Filters() else None
        found = (_reading(opened, number, tokens=form.words) for number in bar_over(numbers, "exporting", total, quiet=target is None))
        write_readings(form, found, target, Options(every=every, no_text=no_text, raw=raw))


def _chosen(ledger: "Ledger", ids: list[str]) -> Iterator[int]:
    known = ledger.numbers(ids)
    for one in ids:
        if one not in known:
            raise InputError(one, "no article of the ledger has this id", "`allegedly search` shows ids")
    return iter(known[one] for one in ids)


def _all(ledger: "Ledger", filters: "Filters") -> Iterator[int]:
    after = None
    while True:
        some = ledger.search("", filters, after=after, limit=AT_ONCE)
        yield from (hit.article.number for hit in some.rows)
        after = some.next
        if after is None:
            return


def _reading(ledger: "Ledger", number: int, *, tokens: bool) -> "Reading":
    """As the ledger has it, with what people decided of it; words and trees are not kept, and come from reading the text once more."""
    from allegedly.inquiry.review import reading_of, reviewed

    if not tokens:
        return reading_of(ledger, number)
    from allegedly.ingest import read_article

    article = ledger.reading(number).article
    return reviewed(read_article(article, tokens=True), ledger.reviews([article.id]))


@commands.command()
def bundle(
    matter: Annotated[int, typer.Argument(metavar="MATTER", show_default=False)],
    folder: Annotated[
        Path, typer.Option("--output", "-o", metavar="FOLDER", help="The folder, which must be new or empty.", show_default=False)
    ],
    ledger: Where = "",
    no_text: NoText = False,
    raw: Raw = False,
) -> None:
    """Write a matter as one folder. It stands alone: the page, the rows, what was fetched, and a manifest of hashes."""
    with guarded(), opened_ledger(ledger) as opened:
        from allegedly.export.bundle import bundle as write_bundle
        from allegedly.inquiry.answers import dossier_of

        dossier = dossier_of(opened, matter)
        if dossier is None:
            raise InputError(f"matter {matter}", "there is no such matter", "`allegedly matters` lists them")
        typer.echo(f"{write_bundle(dossier, folder, Options(no_text=no_text, raw=raw))}")
