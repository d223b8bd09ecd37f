"""Where output goes: standard output, or a file that is there only once all of it is written."""

import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

from allegedly.errors import InputError


def target_of(output: str) -> Path | None:
    """The file that `-o` names; None for standard output."""
    return None if output == "-" else Path(output)


def check_target(target: Path | None, inputs: list[str]) -> None:
    """What can be known to be wrong with the output before anything is read."""
    if target is None:
        return
    if target.is_dir():
        raise typer.BadParameter(f"{target} is a folder. Name a file in it.", param_hint="--output")
    if not target.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {target.parent}. Make it first.", param_hint="--output")
    if target.is_file() and any(Path(name).is_file() and Path(name).samefile(target) for name in inputs if "\0" not in name):
        raise typer.BadParameter(f"{target} is also an input. Choose another name.", param_hint="--output")


@contextmanager
def stream_to(target: Path | None, *, binary: bool = False) -> Iterator[Any]:
    """Standard output, or a file that is there only once all is written: a stream of text, or of bytes."""
    if target is None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")
        yield sys.stdout
        sys.stdout.flush()
        return
    try:
        with _replacing(target, binary=binary) as stream:
            yield stream
    except BrokenPipeError:
        raise
    except OSError as error:
        raise InputError(
            str(target), f"could not be written ({error.strerror or error})", "Check the folder's permissions and free space"
        ) from None


@contextmanager
def _replacing(target: Path, *, binary: bool) -> Iterator[Any]:
    """A stream whose content becomes the file in one step when all went well. What is not a regular file is written directly."""
    if target.exists() and not target.is_file():
        with target.open("wb") if binary else target.open("w", encoding="utf-8", errors="replace", newline="\n") as stream:
            yield stream
        return
    target = target.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".part", dir=target.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") if binary else os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="\n") as stream:
            yield stream
        part.chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def no_more_output() -> None:
    """Nobody reads our output any more: let the interpreter's last flush go nowhere."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
