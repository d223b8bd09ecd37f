"""A matter as one folder that stands alone: the page, the rows, the captures, and a manifest of SHA-256 hashes.

    index.html       the matter for a person: who asserts, who denies, who only reports it, in what words; opens offline, runs nothing
    rows.csv         a row for each statement, safe for spreadsheets (`raw` for exact cells)
    rows.json        the same rows with the quotation's context and what each verdict rests on
    captures/        what was fetched, byte for byte, under names that no program opens by itself
    manifest.json    path, size and SHA-256 of every file; of what is withheld, the hash alone

`check` verifies a folder against its manifest. It shows that nothing changed since it was written, not who wrote it: for that, sign the
manifest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from allegedly.compared import Claim, Stand, Verdict
from allegedly.export.options import Options
from allegedly.records import Article, Reader, Span

SCHEMA = "allegedly.bundle/1"


@dataclass(frozen=True, slots=True)
class Capture:
    """What was fetched for an article, as it came. `article` is the article's id; `retrieved` an ISO 8601 time."""

    article: str
    body: bytes
    url: str | None = None
    retrieved: str | None = None
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """One statement of a matter, with its article.

    `span` is where its words stand in the article's text (or title, by `within`). `relay` names those who pass its voice on,
    innermost first.
    `verdict` is how it was found to stand to the matter's proposition (None for the one that the matter is named by). Members whose
    `origin` is equal are copies of one text: they count once.
    """

    claim: Claim
    stand: Stand
    article: Article
    span: Span
    within: str = "text"
    relay: tuple[str, ...] = ()
    verdict: Verdict | None = None
    origin: int | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """A matter with all that a bundle holds. `read` is how many articles it was looked for in; `captures` may be a generator.

    `notes` are human decisions about the matter (merges, splits, rejections, remarks), in their own words and order.
    """

    matter: str
    proposition: str
    members: tuple[Member, ...]
    captures: Iterable[Capture]
    read: int
    reader: Reader
    notes: tuple[str, ...] = ()


def bundle(dossier: Dossier, folder: Path, options: Options = Options()) -> Path:  # noqa: B008 (it is frozen)
    """Write the folder, whole or not at all, and give its path. ExportError where it is there already and not empty.

    With `no_text`, neither captures nor quotations nor titles are in it; their hashes are.
    """
    raise NotImplementedError


def check(folder: Path) -> list[str]:
    """What of a bundle is not as its manifest says: a file missing, changed, or not listed, one sentence each; empty where all is well."""
    raise NotImplementedError
