"""`allegedly serve`: the ledger in a browser."""

import gc
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from allegedly.cli.ledgers import Where, place
from allegedly.cli.reporting import guarded, say
from allegedly.errors import InputError

if TYPE_CHECKING:
    from allegedly.web.security import Rules

commands = typer.Typer(rich_markup_mode=None)

HELP = """Open the ledger in a browser. At http://127.0.0.1:8765, until Ctrl-C.

Only this machine can reach it, unless --host says otherwise; then a password is needed, which everybody gives once in the
browser, and programs send as "Authorization: Bearer PASSWORD". It is kept in a file (--password-file), or in the variable
ALLEGEDLY_PASSWORD. What goes over a network is not encrypted: put a server with TLS before it, and name it with --name.
"""


@commands.command(help=HELP)
def serve(
    ledger: Where = "",
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="The address to listen at.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="The port; 0 for any that is free.")] = 8765,
    password_file: Annotated[
        Path | None, typer.Option("--password-file", metavar="FILE", help="A file whose first line is the password.", show_default=False)
    ] = None,
    name: Annotated[list[str] | None, typer.Option("--name", metavar="HOST", help="Another name that it is asked by.")] = None,
    user: Annotated[str, typer.Option("--user", metavar="NAME", help="Who decides in reviews.  [default: your login]")] = "",
    browser: Annotated[bool, typer.Option("--open", help="Open the first page in your browser.")] = False,
) -> None:
    """Open the ledger in a browser."""
    with guarded():
        with _uncollected():
            try:
                import fastapi  # noqa: F401
                import uvicorn
            except ImportError as error:
                raise InputError("serve", f"the package {error.name} is not installed", 'pip install "allegedly[web]"') from None
            from allegedly.ledger import Ledger
            from allegedly.web import create

            rules = _rules(host, password_file, name or [], user)
            Ledger.open(place(ledger)).close()  # what is wrong with it is said now
            application = create(place(ledger), rules=rules)
        listening = _listening(host, port)
        address = f"http://{f'[{host}]' if ':' in host else host}:{listening.getsockname()[1]}/"
        server = uvicorn.Server(uvicorn.Config(application, log_level="warning", access_log=False, server_header=False, lifespan="on"))
        say(f"the ledger {place(ledger)} is at {address} (Ctrl-C ends it)")
        if rules.password is not None:
            say("what goes over the network is not encrypted: put a server with TLS before it")
        if browser:
            typer.launch(address)
        server.run(sockets=[listening])


@contextmanager
def _uncollected() -> Iterator[None]:
    """Pauses Python's collector of cycles while the application is made: what is made then stays, and it need not walk through it."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def _rules(host: str, password_file: Path | None, names: list[str], user: str) -> "Rules":
    import getpass
    import os

    from allegedly.web.security import rules_for

    password = os.environ.get("ALLEGEDLY_PASSWORD")
    if password_file is not None:
        try:
            password = (password_file.read_text(encoding="utf-8-sig").splitlines() or [""])[0].strip()
        except (OSError, ValueError) as error:
            reason = f"could not be read ({' '.join(str(error).split())})"
            raise InputError(str(password_file), reason, "Give a text file whose first line is the password") from None
    return rules_for(host, password=password, names=names, user=user or getpass.getuser())


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens; InputError where the port is taken or the address is not this machine's."""
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=128)
    except OSError as error:
        reason = f"cannot listen there ({error.strerror or error})"
        raise InputError(f"{host}:{port}", reason, "Give another port with --port (0 for any that is free), or stop what uses it") from None
