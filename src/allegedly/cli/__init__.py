"""The `allegedly` command: thin. Each module holds a group of commands: they open the output, and hand names to `ingest`
and readings to `export`.

Exit status: 0 when all went well, 1 when any input failed or a check did, 2 for a wrong command line, 130 after an interrupt.

Inside, imports go one way: this door > the groups of commands > `output`, `reporting`.
"""

import gc
import sys
from typing import Annotated

import typer

from allegedly.cli import ask, check, compare, decide, export, read, record, serve, validate
from allegedly.cli.output import no_more_output
from allegedly.cli.shards import told

__all__ = ["app", "main"]

LOADED = 150_000
"""More objects than the command has made when the first article has been read."""

app = typer.Typer(
    name="allegedly",
    help="Reads political news and records who says that who did what to whom, when, where and in what words.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.add_typer(read.commands)
app.add_typer(record.commands)
app.add_typer(ask.commands)
app.add_typer(compare.commands)
app.add_typer(export.commands)
app.add_typer(serve.commands)
app.add_typer(decide.commands, name="decide")
app.add_typer(validate.commands, name="validate")
app.add_typer(check.commands, name="check")


def main() -> None:
    """The command's entry point. Interrupts and closed pipes end it quietly, wherever they strike.

    Python's collector of cycles waits until there are more objects than the tables make, which stay, and does not walk through them when
    the process ends: a fifth of the time for a short file.
    """
    gc.set_threshold(LOADED, 10, 10)
    try:
        app(told(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        no_more_output()
        sys.exit(141)
    finally:
        gc.freeze()


def _version(asked: bool) -> None:
    if asked:
        from allegedly import __version__

        typer.echo(f"allegedly {__version__}")
        raise typer.Exit


@app.callback()
def allegedly(
    version: Annotated[bool, typer.Option("--version", help="Print the version and leave.", callback=_version, is_eager=True)] = False,
) -> None:
    """Who says that who did what to whom, when, where and in what words."""
