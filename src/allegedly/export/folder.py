"""Exports that are folders: written beside their place, and there only once all of them is written."""

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from allegedly.errors import ExportError

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
LONGEST = 60


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A folder to write into, which becomes the target when all went well and is gone when not.

    The target may be an empty folder; ExportError where it holds anything, is a file, or cannot be written.
    """
    target = target.absolute()
    try:
        if target.is_symlink() or (target.exists() and (not target.is_dir() or any(target.iterdir()))):
            raise ExportError(f"{target}: is there already. An export never mixes with other files: name a new folder, or empty this one.")
        part = Path(tempfile.mkdtemp(prefix=f".{target.name[:100]}.", suffix=".part", dir=target.parent))
        try:
            yield part
            part.chmod(0o755)
            if target.is_dir():
                target.rmdir()
            part.rename(target)
        finally:
            shutil.rmtree(part, ignore_errors=True)
    except OSError as error:
        raise ExportError(
            f"{target}: could not be written ({error.strerror or error}). Check the folder's permissions and free space."
        ) from None


def safe_name(name: str, *, number: int | None = None) -> str:
    """A file name for an article's id, whatever the id holds: plain letters, never hidden, never the same for two ids.

    >>> safe_name("osk-1")
    'osk-1'
    >>> safe_name("../../etc/passwd")
    'etc-passwd-3bb32baf'
    """
    plain = _UNSAFE.sub("-", name).strip("-.")[:LONGEST]
    if plain != name or not plain or plain.split(".")[0].upper() in _DEVICES:
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:8]
        plain = f"{plain}-{digest}" if plain else digest
    return plain if number is None else f"{number:05d}-{plain}"


_DEVICES = frozenset({"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in range(1, 10))})
"""Names that Windows keeps for itself."""
