"""The ledger that a command works on: the option that names it, and opening it."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from allegedly.ledger import Ledger

DEFAULT = "allegedly.db"
VARIABLE = "ALLEGEDLY_LEDGER"

Where = Annotated[
    str,
    typer.Option(
        "--ledger",
        "-l",
        metavar="PATH|URL",
        help=f"The ledger: a file, or postgresql://USER@HOST/DATABASE.  [default: ${VARIABLE}, else {DEFAULT} in this folder]",
        show_default=False,
    ),
]


def place(where: str) -> str:
    """The path or address of the ledger that is meant."""
    return where or os.environ.get(VARIABLE) or DEFAULT


@contextmanager
def opened_ledger(where: str, *, create: bool = False) -> "Iterator[Ledger]":
    """The ledger, closed at the end. LedgerError where there is none, or it cannot be used."""
    from allegedly.ledger import Ledger

    with Ledger.open(place(where), create=create) as ledger:
        yield ledger
