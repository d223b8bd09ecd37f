"""A matter as one folder that stands alone: the page, the rows, the captures, and a manifest of SHA-256 hashes.

    index.html       the matter for a person: who asserts, who denies, who only reports it, in what words; opens offline, runs nothing
    rows.csv         a row for each statement, with the columns of the `csv` export after its own; safe for spreadsheets unless `raw`
    rows.json        the same rows, with the counts of each stand
    captures/        what was fetched, byte for byte, under names that no program opens by itself
    manifest.json    path, size and SHA-256 of every file; of what is withheld, the hash alone

`check` verifies a folder against its manifest. It shows that nothing changed since it was written, not who wrote it: for that, sign the
manifest.
"""

import csv
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, get_args

from allegedly.compared import Claim, Stand, Verdict
from allegedly.errors import ExportError
from allegedly.export.digest import Digest, certainty, inline, readable
from allegedly.export.folder import new_folder
from allegedly.export.options import Options, is_blank, text_sha256, withheld
from allegedly.export.page import content_hash, resource, templates
from allegedly.export.rows import COLUMNS, Row, cell, row_of, storable
from allegedly.records import Reading, Statement

SCHEMA = "allegedly.bundle/1"
MANIFEST = "manifest.json"
OWN = ("matter", "stand", "copy", "origin", "finding", "finding_rule", "finding_score", "finding_evidence")
"""Columns of rows.csv before those of the `csv` export."""
STANDS: dict[Stand, str] = {
    "asserts": "asserts it",
    "denies": "denies it",
    "reports": "reports it, according to a source",
    "reports_denial": "reports a denial, according to a source",
}
FINDINGS = {"same": "says the same", "denies": "says the opposite", "different": "another matter"}


@dataclass(frozen=True, slots=True)
class Capture:
    """What was fetched for an article, as it came. `article` is the article's id; `retrieved` an ISO 8601 time."""

    article: str
    body: bytes
    url: str | None = None
    retrieved: str | None = None
    media_type: str | None = None


@dataclass(frozen=True)
class Member:
    """One statement of a matter, in its article. `claim.statement` is the statement's id in the reading.

    `verdict` is how it was found to stand to the matter's proposition (None for the one that the matter is named by). Members whose
    `origin` is equal are copies of one text: they count once. None: no copy of it is known.
    """

    claim: Claim
    stand: Stand
    reading: Reading
    verdict: Verdict | None = None
    origin: int | None = None

    @cached_property
    def statement(self) -> Statement | None:
        """The statement in the reading; None where the claim was made of a clause that has none."""
        return next((s for s in self.reading.statements if s.id == self.claim.statement), None)


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
    notes: tuple[str, ...] = ()


def bundle(dossier: Dossier, folder: Path, options: Options = Options()) -> Path:  # noqa: B008 (it is frozen)
    """Write the folder, whole or not at all, and give its path. ExportError where it is there already and not empty.

    With `no_text`, captures, quotations, titles and notes are left out; hashes of the captures are not.
    """
    made = _Bundle(dossier, options)
    with new_folder(folder) as place:
        captures = list(_captures(dossier.captures, place, options))
        _write(place / "rows.csv", made.csv())
        _write(place / "rows.json", json.dumps(storable(made.json()), ensure_ascii=False, indent=1, allow_nan=False) + "\n")
        _write(place / "index.html", made.page([c for c in captures if "path" in c]))
        files = [_entry(place, name) for name in ("index.html", "rows.csv", "rows.json")]
        manifest = {
            "schema": SCHEMA,
            "matter": dossier.matter,
            "articles_read": dossier.read,
            "no_text": options.no_text,
            "files": files + [c for c in captures if "path" in c],
            "withheld": [c for c in captures if "path" not in c],
        }
        _write(place / MANIFEST, json.dumps(storable(manifest), ensure_ascii=False, indent=1) + "\n")
    return folder


def _write(path: Path, content: str) -> None:
    path.write_bytes(content.encode("utf-8", "replace"))


def _entry(folder: Path, name: str) -> dict[str, Any]:
    size, digest = _measured(folder / name)
    return {"path": name, "bytes": size, "sha256": digest}


def _measured(path: Path) -> tuple[int, str]:
    with path.open("rb") as stream:
        return path.stat().st_size, hashlib.file_digest(stream, "sha256").hexdigest()


def _captures(captures: Iterable[Capture], folder: Path, options: Options) -> Iterator[dict[str, Any]]:
    """Each written as it comes, and what the manifest says of it."""
    for number, capture in enumerate(captures, 1):
        digest = hashlib.sha256(capture.body).hexdigest()
        about = {"article": capture.article, "url": capture.url, "retrieved": capture.retrieved, "media_type": capture.media_type}
        entry: dict[str, Any] = {"bytes": len(capture.body), "sha256": digest, **about}
        if not options.no_text:
            entry = {"path": f"captures/{number:04d}-{digest[:12]}.bin", **entry}
            path = folder / entry["path"]
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(capture.body)
        yield entry


# --- the rows ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """A member as the page and the tables show it; `before`, `words` and `after` are its sentence in three parts."""

    member: Member
    digest: Digest
    copy: bool
    row: Row
    before: str
    words: str
    after: str

    @property
    def claim(self) -> Claim:
        return self.member.claim


class _Bundle:
    """What the parts of a bundle share."""

    def __init__(self, dossier: Dossier, options: Options) -> None:
        self.dossier, self.options = dossier, options
        self.proposition = "" if options.no_text else dossier.proposition
        ordered = sorted(dossier.members, key=lambda m: (not m.reading.article.published, m.reading.article.published or "", m.claim.item))
        seen: dict[int, str] = {}
        digests: dict[int, Digest] = {}
        self.lines: list[_Line] = []
        for member in ordered:
            if id(member.reading) not in digests:
                digests[id(member.reading)] = Digest(withheld(member.reading) if options.no_text else member.reading, 0.0)
            article = member.reading.article.id
            copy = member.origin is not None and seen.setdefault(member.origin, article) != article
            self.lines.append(self._line(member, digests[id(member.reading)], copy))

    def _line(self, member: Member, digest: Digest, copy: bool) -> _Line:
        claim, verdict, statement = member.claim, member.verdict, member.statement
        row = row_of(digest, statement)
        if statement is None:
            voice = claim.voice if not self.options.no_text or claim.voice == "author" else None
            row |= {"statement": claim.statement, "voice": voice, "force": claim.force, "sourcing": claim.sourcing}
            row |= {"polarity": claim.polarity, "status": claim.status, "act": claim.act, "lemma": claim.lemma}
            row |= {"quotation": None if self.options.no_text else claim.words}
        row |= {"matter": self.dossier.matter, "stand": member.stand, "copy": "copy" if copy else "", "origin": member.origin}
        if verdict:
            evidence = [] if self.options.no_text else list(verdict.evidence)
            row |= {
                "finding": verdict.label,
                "finding_rule": verdict.rule,
                "finding_score": round(verdict.score, 4),
                "finding_evidence": evidence,
            }
        return _Line(member, digest, copy, row, *self._context(digest, statement, row))

    def _context(self, digest: Digest, statement: Statement | None, row: Row) -> tuple[str, str, str]:
        """The sentence before the statement's words, the words, and the sentence after them."""
        if statement is None or self.options.no_text:
            return "", inline(row["quotation"] or ""), ""
        source, start, end = digest.source_of(statement), row["start"], row["end"]
        spans = digest.whole.sentences if statement.within == "text" else ((0, len(source)),)
        first = max((a for a, _ in spans if a <= start), default=start)
        last = min((b for _, b in spans if b >= end), default=end)
        return source[first:start], source[start:end], source[end:last]

    def csv(self) -> str:
        """rows.csv."""
        import io

        out = io.StringIO(newline="")
        table = csv.writer(out, lineterminator="\r\n")
        head = (*OWN, *COLUMNS)
        table.writerow(head)
        for line in self.lines:
            table.writerow([cell(line.row.get(name), raw=self.options.raw) for name in head])
        return out.getvalue()

    def json(self) -> dict[str, Any]:
        """rows.json."""
        head = (*OWN, *COLUMNS)
        return {
            "schema": SCHEMA,
            "matter": self.dossier.matter,
            "proposition": self.proposition or None,
            "articles_read": self.dossier.read,
            "counts": {stand: self.count(stand) for stand in STANDS},
            "notes": [] if self.options.no_text else list(self.dossier.notes),
            "rows": [{name: line.row.get(name) for name in head} for line in self.lines],
        }

    def count(self, stand: Stand) -> dict[str, int]:
        """Articles of a stand with copies and without, and their outlets."""
        members = [line.member for line in self.lines if line.member.stand == stand]
        articles = {m.reading.article.id for m in members}
        origins = {m.reading.article.id if m.origin is None else m.origin for m in members}
        outlets = {m.reading.article.outlet for m in members if m.reading.article.outlet}
        return {"articles": len(articles), "without_copies": len(origins), "outlets": len(outlets)}

    def page(self, captures: Sequence[Mapping[str, Any]]) -> str:
        """index.html."""
        style = resource("matter.css")
        earliest = next((line for line in self.lines if line.member.reading.article.published), None)
        return (
            templates()
            .get_template("matter.html")
            .render(
                matter=self.dossier.matter,
                proposition=self.proposition,
                read=self.dossier.read,
                notes=[] if self.options.no_text else self.dossier.notes,
                stands=[(label, self.count(stand)) for stand, label in STANDS.items()],
                earliest=self.shown(earliest) if earliest else None,
                lines=[self.shown(line) for line in self.lines],
                captures=captures,
                no_text=self.options.no_text,
                style=style,
                style_hash=content_hash(style),
            )
        )

    def shown(self, line: _Line) -> dict[str, Any]:
        """A row for the template; all that is text is escaped there."""
        article, verdict, claim = line.digest.whole.article, line.member.verdict, line.claim
        url, voice = article.url or "", line.row["voice"] or "a source that is not named"
        sure = certainty(line.member.statement) if line.member.statement else f"{claim.polarity}, {claim.status}"
        title = article.title or ""
        return {
            "date": readable(article.published or "") or "not dated",
            "outlet": article.outlet or "outlet not known",
            "title": article.id if is_blank(title) else title,
            "url": url if re.fullmatch(r"https?://[^\s\x00-\x1f]+", url) else "",
            "stand": STANDS[line.member.stand],
            "voice": "the author" if voice == "author" else "".join((voice, *(f", as told by {x}" for x in line.row["relayed_by"] or []))),
            "force": line.row["force"],
            "certainty": sure,
            "copied": line.copy,
            "before": line.before,
            "words": line.words,
            "after": line.after,
            "finding": FINDINGS[verdict.label] if verdict else "",
            "rule": verdict.rule if verdict else "",
            "score": f"{verdict.score:.2f}" if verdict else "",
            "evidence": [] if self.options.no_text or not verdict else verdict.evidence,
            "translated": line.row["translated"] or "",
            "sha256": text_sha256(article),
        }


assert set(STANDS) == set(get_args(Stand))  # noqa: S101 (a stand without a word would be shown without one)


# --- the check -----------------------------------------------------------------------------------------------------------


def check(folder: Path) -> list[str]:
    """What of a bundle is not as its manifest says: a file missing, changed, or not listed, one sentence each; empty where all is well.

    ExportError where the folder holds no manifest that can be read.
    """
    listed = _listed(folder)
    found = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_symlink() or not p.is_dir()}
    out = []
    for name, (size, digest) in sorted(listed.items()):
        path = found.get(name)
        if path is None:
            out.append(f"{name}: is missing")
        elif path.is_symlink() or not path.is_file():
            out.append(f"{name}: is no file of the bundle's own")
        elif _measured(path) != (size, digest):
            out.append(f"{name}: was changed")
    return out + [f"{name}: is not in the manifest" for name in sorted(found.keys() - listed.keys() - {MANIFEST})]


def _listed(folder: Path) -> dict[str, tuple[int, str]]:
    """Size and hash by path, from the manifest."""
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text("utf-8"))
        if manifest["schema"] != SCHEMA:
            raise ExportError(
                f"{path}: is a manifest of {manifest['schema']!r}, not of {SCHEMA!r}. Check it with the version that wrote it."
            )
        return {str(f["path"]): (int(f["bytes"]), str(f["sha256"])) for f in manifest["files"]}
    except OSError as error:
        raise ExportError(f"{path}: could not be read ({error.strerror or error}). Name the folder of a bundle.") from None
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ExportError(f"{path}: is no manifest of a bundle ({type(error).__name__}). Get the bundle again.") from None
