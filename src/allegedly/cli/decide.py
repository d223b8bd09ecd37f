"""`allegedly decide`: what people decide of groups and findings. Decisions are kept with who and when, and win over the machine."""

import getpass
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, Annotated

import typer

from allegedly.cli.ledgers import Where, opened_ledger
from allegedly.cli.listing import Listing, lists
from allegedly.cli.reporting import guarded
from allegedly.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from allegedly.ledger import Ledger

KINDS = ("story", "matter", "entity")

commands = typer.Typer(
    rich_markup_mode=None, no_args_is_help=True, help="Say what belongs together and what does not, better than the machine."
)


def _about(value: str) -> str:
    if value not in KINDS:
        raise typer.BadParameter(f"{value!r} is none of {', '.join(KINDS)}.")
    return value


About = Annotated[str, typer.Argument(metavar="|".join(KINDS), callback=_about, show_default=False)]
Group = Annotated[int, typer.Argument(metavar="NUMBER", show_default=False)]
Articles = Annotated[list[str], typer.Argument(metavar="ARTICLE...", help="Ids of articles.", show_default=False)]
Note = Annotated[str, typer.Option("--note", metavar="WORDS", help="Why; kept with the decision.")]
By = Annotated[
    str, typer.Option("--by", metavar="NAME", help="Who decides.  [default: $ALLEGEDLY_USER, else your login]", show_default=False)
]


def person(by: str) -> str:
    """Whoever decides or codes."""
    return by or os.environ.get("ALLEGEDLY_USER") or getpass.getuser()


@contextmanager
def deciding(where: str, name: str) -> "Iterator[Ledger]":
    """The ledger; what cannot be decided is said."""
    with guarded(), opened_ledger(where) as ledger:
        try:
            yield ledger
        except ValueError as error:
            raise InputError(name, str(error), "`allegedly decide list`, `matters`, `stories` and `who` show numbers and ids") from None


def _decided(where: str, name: str, decide: "Callable[[Ledger], int]") -> None:
    with deciding(where, name) as ledger:
        typer.echo(f"decision {decide(ledger)} is kept; `allegedly decide withdraw` takes it back")


@commands.command()
def merge(
    about: About,
    numbers: Annotated[list[int], typer.Argument(metavar="NUMBER...", show_default=False)],
    ledger: Where = "",
    note: Note = "",
    by: By = "",
) -> None:
    """Say that these are one. Two or more entities, stories or matters, by their numbers."""
    from allegedly.inquiry import deciding as d

    _decided(ledger, f"merge {about}", lambda opened: d.merge(opened, d.ABOUT[about], numbers, note=note, by=person(by)))


@commands.command()
def split(about: About, number: Group, articles: Articles, ledger: Where = "", note: Note = "", by: By = "") -> None:
    """Say that it is two. What these articles have in it is another, apart from the rest."""
    from allegedly.inquiry import deciding as d

    _decided(ledger, f"split {about}", lambda opened: d.split(opened, d.ABOUT[about], number, articles, note=note, by=person(by)))


@commands.command()
def reject(about: About, number: Group, articles: Articles, ledger: Where = "", note: Note = "", by: By = "") -> None:
    """Say that something does not belong there. What these articles have in it leaves it."""
    from allegedly.inquiry import deciding as d

    _decided(ledger, f"reject {about}", lambda opened: d.reject(opened, d.ABOUT[about], number, articles, note=note, by=person(by)))


@commands.command()
def note(
    about: About, number: Group, words: Annotated[str, typer.Argument(metavar="WORDS", show_default=False)], ledger: Where = "", by: By = ""
) -> None:
    """Keep a note about it. It is shown and exported with it."""
    from allegedly.inquiry import deciding as d

    _decided(ledger, f"note {about}", lambda opened: d.remark(opened, d.ABOUT[about], number, words, by=person(by)))


@commands.command()
def withdraw(
    number: Annotated[int, typer.Argument(metavar="DECISION", show_default=False)], ledger: Where = "", note: Note = "", by: By = ""
) -> None:
    """Take a decision back. Both are kept; what it changed is again as it was before."""
    from allegedly.inquiry import deciding as d

    with deciding(ledger, f"withdraw {number}") as opened:
        changed = d.withdraw(opened, number, note=note, by=person(by))
        typer.echo(f"decision {number} is taken back; {changed} {'group is' if changed == 1 else 'groups are'} as before")


@lists(commands, "list")
def listing(
    about: Annotated[str, typer.Option("--about", metavar="|".join(KINDS), help="Of these alone.")] = "",
    findings: Annotated[bool, typer.Option("--findings", help="What was decided of single findings.")] = False,
    ledger: Where = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000, help="Rows at most.")] = 100,
    *,
    out: Listing,
) -> None:
    """List decisions. Who decided what, and when; the last before the others."""
    if about:
        _about(about)
    with guarded(), opened_ledger(ledger) as opened:
        from allegedly.inquiry import deciding as d
        from allegedly.inquiry.review import DECIDED, decided_row

        fields: tuple[str, ...] = DECIDED if findings else d.FIELDS
        decided = (
            (decided_row(one) for one in opened.reviews(limit=limit)) if findings else d.listed(opened, d.ABOUT[about] if about else None)
        )
        rows = list(islice(decided, limit))

        def page(console: "Console") -> None:
            from allegedly.cli.pages import table

            shown = ("number", "made", "by", "state", "kind", "article", "quotation", "note") if findings else d.FIELDS[:5] + d.FIELDS[8:]
            console.print(table(rows, shown) if rows else "Nothing was decided yet.")

        out.show(rows, fields, page)
