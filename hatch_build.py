"""What building the package adds: coastlines for the map, from npm's pinned `world-atlas` (Natural Earth, public domain).

They are written beside the module that draws them, and are no part of the repository. Where there is no npm, or no network, the package is
built without them, and maps have lines and places alone.
"""

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = "world-atlas@2.0.2"
SHA256 = "ead5f68119c49a9250902e7da303bcb209341bbb8fefe7369a439b48b704658a"
FILE = Path("src/allegedly/web/pictures/land-110m.json")


class Coastlines(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the file in its place before the package is put together."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch it unless it is there, or this is a checkout's own environment; say so where it cannot be had."""
        there = Path(self.root) / FILE
        if self.target_name != "wheel" or version == "editable" or there.exists():
            return
        try:
            there.write_bytes(_fetched())
        except (OSError, subprocess.SubprocessError, tarfile.TarError, LookupError, ValueError) as error:
            self.app.display_warning(f"maps will have no coastlines: {PACKAGE} could not be had from npm ({error})")


def _fetched() -> bytes:
    npm = shutil.which("npm")
    if npm is None:
        raise LookupError("there is no npm")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([npm, "pack", PACKAGE, "--silent", "--pack-destination", folder], check=True, capture_output=True, timeout=120)
        (packed,) = Path(folder).glob("*.tgz")
        with tarfile.open(packed) as archive:
            member = archive.extractfile(f"package/{FILE.name}")
            found = member.read() if member else b""
    if hashlib.sha256(found).hexdigest() != SHA256:
        raise ValueError(f"{FILE.name} is not the file that is known")
    return found
