"""`allegedly validate`: how well the machine reads these articles, by people who code a sample without seeing what it found."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegedly.cli.decide import By, deciding, person
from allegedly.cli.ledgers import Where
from allegedly.cli.listing import Listing, Output, lists
from allegedly.cli.output import check_target, stream_to, target_of
from allegedly.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

HELP = """Measure how well Allegedly reads your articles. Draw a sample, have it coded, and compare.

  allegedly validate sample --size 200       # sentences, equally many of each outlet and genre
  allegedly validate sheet 1 -o sheet.csv    # a blind sheet: without what the machine found
  allegedly validate import 1 ann.csv --coder Ann
  allegedly validate import 1 ben.csv --coder Ben
  allegedly validate report 1                # agreement between coders, precision and recall
"""

commands = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help=HELP)

Number = Annotated[int, typer.Argument(metavar="SAMPLE", show_default=False)]


@commands.command()
def sample(
    size: Annotated[int, typer.Option("--size", min=1, max=5000, help="Sentences.")] = 200,
    seed: Annotated[int, typer.Option("--seed", help="The same seed and articles give the same sample.")] = 1,
    per_article: Annotated[int, typer.Option("--per-article", min=1, max=100, help="Sentences of one article at most.")] = 5,
    ledger: Where = "",
    by: By = "",
) -> None:
    """Draw a sample of sentences. Each outlet's articles of each genre have equally many, as far as they reach."""
    with deciding(ledger, "sample") as opened:
        from allegedly.inquiry import validation as v

        number = v.draw(opened, size=size, seed=seed, per_article=per_article, by=person(by))
        drawn = v.sample_of(opened, number)
        typer.echo(f"sample {number}: {len(drawn.units)} sentences of {len(drawn.plan['strata'])} strata")


@commands.command()
def sheet(number: Number, output: Output = "-", ledger: Where = "") -> None:
    """Write the blind coding sheet. A CSV file that spreadsheets open; docs/review.md explains what to fill in."""
    target = target_of(output)
    check_target(target, [])
    with deciding(ledger, f"sample {number}") as opened:
        from allegedly.inquiry import validation as v

        words = v.sheet(v.sample_of(opened, number)).encode("utf-8", "replace")
        with stream_to(target, binary=target is not None) as out:
            out.write(words if target else words.decode().replace("\r\n", "\n"))


@commands.command("import")
def filled(
    number: Number,
    file: Annotated[Path, typer.Argument(metavar="FILE", show_default=False)],
    coder: Annotated[str, typer.Option("--coder", metavar="NAME", help="Who filled it in.  [default: as --by]")] = "",
    ledger: Where = "",
) -> None:
    """Take in a filled sheet. All of it or nothing; a later one of the same coder stands beside the earlier."""
    with deciding(ledger, str(file)) as opened:
        from allegedly.inquiry import validation as v

        drawn = v.sample_of(opened, number)
        try:
            data = file.read_bytes()
        except OSError as error:
            raise InputError(str(file), f"could not be read ({error.strerror})", "Give a filled coding sheet") from None
        kept = opened.keep_codings(number, v.read_sheet(drawn, data), by=person(coder))
        typer.echo(f"{kept} of {len(drawn.units)} sentences coded by {person(coder)}")


@lists(commands, "list")
def listing(ledger: Where = "", *, out: Listing) -> None:
    """List samples. How they were drawn, and who coded them."""
    with deciding(ledger, "samples") as opened:
        from allegedly.inquiry import validation as v

        rows = v.listed(opened)

        def page(console: "Console") -> None:
            from allegedly.cli.pages import table

            console.print(table(rows, v.SAMPLES) if rows else "No sample was drawn yet: `allegedly validate sample`.")

        out.show(rows, v.SAMPLES, page)


@lists(commands)
def report(
    number: Number,
    adjudicator: Annotated[str, typer.Option("--adjudicator", metavar="NAME", help="The coder who decided where others differ.")] = "",
    agreement: Annotated[bool, typer.Option("--agreement", help="Rows of agreement alone (JSON and CSV).")] = False,
    ledger: Where = "",
    *,
    out: Listing,
) -> None:
    """Say how far coders agree, and how well the machine did. With intervals, by outlet and genre."""
    with deciding(ledger, f"sample {number}") as opened:
        from allegedly.inquiry import validation as v

        found = v.report(opened, number, adjudicator=adjudicator)

        def page(console: "Console") -> None:
            from allegedly.cli.pages import section, table

            coders = ", ".join(f"{coder} ({units})" for coder, units in found.coders.items())
            console.print(f"Sample {number}: {found.units} sentences; coded by {coders or 'nobody yet'}", style="bold")
            if found.lost:
                console.print(f"{found.lost} of them do not stand in the ledger any more and are left out.")
            if found.agreement:
                section(console, "Agreement between coders: Krippendorff's alpha (nominal)")
                console.print(table(found.agreement, v.AGREEMENT))
            if found.accuracy:
                section(console, "The machine, against what the coders say: shares of labels with 95 % intervals (Wilson)")
                shown = [row for row in found.accuracy if row["reference"] in (v.AGREED, "adjudicated")]
                fields = ("question", "label", "outlet", "genre", "units", "precision", "recall")
                console.print(table([{**row, **{name: v.told(row, name) for name in ("precision", "recall")}} for row in shown], fields))

        rows, fields = (found.agreement, v.AGREEMENT) if agreement else (found.accuracy, v.ACCURACY)
        out.show(rows, fields, page)
