"""Many inputs to a folder of readings: one input file is one shard, and reading it is one task that can be done again at any time.

    FOLDER/shards/00007-crawl-1f2e3d4c.parquet   a row for each article, or for what gave none, in their order
    FOLDER/shards/00007-crawl-1f2e3d4c.json      its receipt, written last: the shard is done
    FOLDER/manifest.json                         all shards with their counts and hashes, and those that could not be read

The same input, reader and pyarrow give the same bytes, whoever reads: this process, or workers anywhere (`cluster`). A run that ends
early, however it ends, loses the shards that were under way; the next one does what has no receipt, or whose input or reader has changed.
Inputs and folder are paths, or addresses of object storage (s3://, gs://, ...: fsspec; Parquet and fsspec come with the extra `ray`).
"""

import hashlib
import io
import json
import re
import tempfile
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from allegedly.errors import ExportError, InputError
from allegedly.ingest.tasks import FAULTS, Reader, Result, Task, fault_of, fenced, result_of
from allegedly.records import Article

if TYPE_CHECKING:
    import fsspec
    import pyarrow as pa

    from allegedly.article import Outcome
    from allegedly.compared import Claim
    from allegedly.records import Reading

FORMAT = "allegedly-shards/1"
GROUP = 50
"""Articles in a row group of a shard: what is held in memory at once, beside the largest of them."""
PIECE = 1 << 20
KINDS = (".jsonl", ".parquet", ".warc", ".txt", ".html", ".htm", ".xhtml", ".pdf", ".docx")
MISSING = 'shards need pyarrow and fsspec, which are not installed. Install them with: pip install "allegedly[ray]"'


@dataclass(frozen=True, slots=True)
class Shard:
    """One input file: its place among the inputs, its path or address, its size, and a stamp that changes when it does."""

    number: int
    input: str
    size: int | None = None
    stamp: str = ""

    @property
    def name(self) -> str:
        """What its files are called: the number, some of the input's own name, and a hash of all of it."""
        stem = re.sub(r"[^\w-]+", "-", PurePosixPath(self.input).name.split(".")[0], flags=re.ASCII)[:40].strip("-")
        return "-".join(filter(None, (f"{self.number:05}", stem, hashlib.sha256(self.input.encode("utf-8", "replace")).hexdigest()[:8])))


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a shard was read: of what, by whom, to how many rows, and the file's hash. `kept`: whether a ledger can be filled from it."""

    name: str
    input: str
    size: int | None
    stamp: str
    reader: dict[str, str | None]
    kept: bool
    readings: int
    refused: int
    failed: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Bad:
    """A shard of which nothing could be read, and why."""

    name: str
    input: str
    reason: str
    advice: str = ""


Fate = Receipt | Bad
Readers = Callable[[list[Shard]], Iterator[Fate]]
Report = Callable[[Fate], None]


@dataclass(slots=True)
class Job:
    """What is read and where to. `keep` puts into the shards what a ledger needs: the evidence, and the claims for comparison."""

    shards: list[Shard]
    folder: str
    keep: bool = False
    reader: Reader | None = None
    own: dict[str, str | None] = field(default_factory=dict)  # what the reader is called, once that was asked

    def __post_init__(self) -> None:
        system, path = filesystem(self.folder)
        if "file" in _protocols(system):
            self.folder = path  # workers have other working folders

    def identity(self) -> dict[str, str | None]:
        """The reader's version and hashes."""
        if not self.own:
            self.own = asdict(self._reader()(Article("none", "Nothing.")).reader)
        return self.own

    def _reader(self) -> Reader:
        from allegedly.ingest import read_article

        return self.reader or read_article

    def read(self, shard: Shard) -> Fate:
        """Read one shard into its two files. Only what concerns all shards (a full disk, a missing package, no model) is raised."""
        try:
            return _read(self, shard, self._reader())
        except InputError as error:
            return Bad(shard.name, shard.input, error.reason, error.advice)


# --- what there is to do ---------------------------------------------------------------------------------------------


def filesystem(place: str) -> "tuple[fsspec.AbstractFileSystem, str]":
    """The file system of a path or address, and the path in it. ExportError where packages are missing or it cannot be used."""
    try:
        import fsspec
    except ImportError:
        raise ExportError(MISSING) from None
    try:
        system, path = fsspec.url_to_fs(place)
    except (ImportError, ValueError, OSError) as error:
        raise ExportError(f"{place}: this storage cannot be used ({' '.join(str(error).split())[:200]})") from None
    return system, str(path)


def plan(inputs: Iterable[str]) -> list[Shard]:
    """The shards of inputs: files, folders (all files of a known kind in them), patterns with "*". One that is not there is a shard too.

    Numbered in the order of the inputs, and within a folder by name; an input given twice is one shard.
    """
    found: dict[str, tuple[int | None, str]] = {}
    for name in inputs:
        system, path = filesystem(name)
        for one, facts in _files(system, path):
            address = one if "file" in _protocols(system) else str(system.unstrip_protocol(one))
            stamp = facts.get("ETag") or facts.get("etag") or facts.get("mtime") or facts.get("LastModified") or facts.get("updated") or ""
            found.setdefault(address, (facts.get("size"), str(stamp)))
    return [Shard(number, name, size, stamp) for number, (name, (size, stamp)) in enumerate(found.items())]


def _protocols(system: "fsspec.AbstractFileSystem") -> tuple[str, ...]:
    return (system.protocol,) if isinstance(system.protocol, str) else tuple(system.protocol)


def _files(system: "fsspec.AbstractFileSystem", path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        if "*" in path:
            found = system.glob(path, detail=True)
        elif system.isdir(path):
            found = {name: facts for name, facts in system.find(path, detail=True).items() if _known(name.removeprefix(path))}
        else:
            found = {path: system.info(path)}
    except FileNotFoundError:
        found = {path: {}}
    except OSError as error:
        raise InputError(path, f"could not be listed ({' '.join(str(error).split())[:200]})", "Check the address and your access") from None
    yield from sorted((name, facts) for name, facts in found.items() if facts.get("type") != "directory")


def _known(name: str) -> bool:
    hidden = any(part.startswith(".") for part in PurePosixPath(name).parts)
    return not hidden and name.lower().removesuffix(".gz").removesuffix(".zst").removesuffix(".br").endswith(KINDS)


def receipts(job: Job) -> dict[str, Receipt]:
    """The shards that are done, by name: read by the same reader from inputs that have not changed."""
    system, folder = filesystem(job.folder)
    out = {}
    for shard in job.shards:
        try:
            plain = json.loads(system.cat_file(f"{folder}/shards/{shard.name}.json"))
            receipt = Receipt(**plain)
        except (FileNotFoundError, ValueError, TypeError):
            continue
        same = (receipt.input, receipt.size, receipt.stamp, receipt.reader) == (shard.input, shard.size, shard.stamp, job.identity())
        if same and receipt.kept >= job.keep and _size(system, f"{folder}/shards/{shard.name}.parquet") == receipt.bytes:
            out[shard.name] = receipt
    return out


def _size(system: "fsspec.AbstractFileSystem", path: str) -> int | None:
    try:
        return cast(int, system.size(path))
    except FileNotFoundError:
        return None


# --- reading a shard -------------------------------------------------------------------------------------------------


def _read(job: Job, shard: Shard, reader: Reader) -> Fate:
    with tempfile.TemporaryDirectory(prefix="allegedly-") as scratch:
        part = Path(scratch) / "part.parquet"
        counts = {"reading": 0, "refused": 0, "failed": 0}
        first: InputError | None = None
        with _writer(part, keep=job.keep) as write:
            for task in fenced(_tasks(shard), shard.input):
                result = result_of(task, tokens=job.keep, reader=reader)
                what = "reading" if result.reading else result.error.kind if result.error else "failed"
                counts[what] += 1
                first = first or result.error
                write(_row(counts, task, result, keep=job.keep))
        if not counts["reading"] and sum(counts.values()) == 1 and first is not None:
            return Bad(shard.name, shard.input, first.reason, first.advice)
        data = part.stat().st_size
        with part.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        own = (shard.name, shard.input, shard.size, shard.stamp, job.identity(), job.keep)
        receipt = Receipt(*own, counts["reading"], counts["refused"], counts["failed"], data, digest)
        _put(job.folder, f"shards/{shard.name}.parquet", part.open("rb"))
        _put(job.folder, f"shards/{shard.name}.json", io.BytesIO(_plain(asdict(receipt))))
        return receipt


def _tasks(shard: Shard) -> Iterator[Task]:
    """The articles of a shard; what could not be opened is a task with an error."""
    from allegedly.article import from_stream

    try:
        system, path = filesystem(shard.input)
        with system.open(path, "rb") as stream:
            for outcome in from_stream(cast(BinaryIO, stream), name=shard.input):
                yield _task(outcome)
    except FileNotFoundError:
        yield Task(shard.input, error=InputError(shard.input, "there is no such file", "Check the path"))
    except OSError as error:
        reason = f"could not be opened ({' '.join(str(error).split())[:200]})"
        yield Task(shard.input, error=InputError(shard.input, reason, "Check the address and your access"))


def _task(outcome: "Outcome") -> Task:
    if isinstance(outcome, InputError):
        return Task(outcome.name, error=outcome)
    return Task(outcome.article.id, outcome.article, None, outcome.warnings, outcome.capture)


class _writer:  # noqa: N801 - used as a function
    """A function that writes rows to a Parquet file, a group at a time."""

    def __init__(self, path: Path, *, keep: bool) -> None:
        self.schema = _schema(keep=keep)
        self.path = path
        self.held: list[dict[str, Any]] = []

    def __enter__(self) -> Callable[[dict[str, Any]], None]:
        from pyarrow import parquet

        self.file = parquet.ParquetWriter(self.path, self.schema, compression="zstd")
        return self.add

    def add(self, row: dict[str, Any]) -> None:
        self.held.append(row)
        if len(self.held) == GROUP:
            self._flush()

    def __exit__(self, *error: object) -> None:
        if not any(error):
            self._flush()
        self.file.close()

    def _flush(self) -> None:
        import pyarrow as pa

        if self.held:
            self.file.write_table(pa.Table.from_pylist(self.held, schema=self.schema))
            self.held.clear()


_TEXTS = ("name", "what", "reason", "advice", "id", "outlet", "published", "title", "reading")
_EVIDENCE = ("media_type", "url", "retrieved", "headers")
_BYTES = ("article", "document", "claims", "body")


def _schema(*, keep: bool) -> "pa.Schema":
    """A row's columns: `reading` is a line of the JSON schema; with `keep`, what a ledger needs besides."""
    try:
        import pyarrow as pa
    except ImportError:
        raise ExportError(MISSING) from None
    plain = [("number", pa.int64()), *((name, pa.string()) for name in _TEXTS), ("warnings", pa.list_(pa.string()))]
    more = [*((name, pa.string()) for name in _EVIDENCE), *((name, pa.binary()) for name in _BYTES)]
    return pa.schema([*plain, *more] if keep else plain)


def _row(counts: dict[str, int], task: Task, result: Result, *, keep: bool) -> dict[str, Any]:
    from allegedly.export.record import jsonl
    from allegedly.export.rows import storable

    row: dict[str, Any] = {"number": sum(counts.values()), "name": task.name, "warnings": list(result.warnings), "what": "reading"}
    reading, error = result.reading, result.error
    if error is not None:
        row |= {"what": error.kind, "reason": error.reason, "advice": error.advice}
    if reading is not None:
        article = reading.article
        row |= {"id": article.id, "outlet": article.outlet, "published": article.published, "title": article.title}
        row["reading"] = jsonl(reading)
    row = storable(row)
    if keep and reading is not None:
        row |= _kept(task, reading)
    return row


def _kept(task: Task, reading: "Reading") -> dict[str, Any]:
    """What a ledger needs: the reading as the ledger packs it, its claims, and the bytes that the article was read from."""
    from allegedly.compare.claims import claims
    from allegedly.compared import Claim
    from allegedly.ledger.coding import text_bytes
    from allegedly.ledger.packing import pack_reading, pack_records

    text = reading.article.text
    numbered = [replace(claim, item=number) for number, claim in enumerate(claims(reading))]
    row: dict[str, Any] = {
        "article": text_bytes(text),
        "document": pack_reading(reading, [text]),
        "claims": pack_records(Claim, numbered, text),
    }
    capture = task.capture
    if capture is not None:
        headers = json.dumps(capture.headers)
        row |= {
            "media_type": capture.media_type,
            "url": capture.url,
            "retrieved": capture.retrieved,
            "headers": headers,
            "body": capture.body,
        }
    return row


def _put(folder: str, name: str, stream: BinaryIO) -> None:
    """Write a file so that it is there whole or not at all: object storage does so by itself, on a disk it is renamed when complete."""
    system, base = filesystem(folder)
    path = f"{base}/{name}"
    try:
        with stream:
            system.makedirs(path.rpartition("/")[0], exist_ok=True)
            if "file" not in _protocols(system):
                with system.open(path, "wb") as out:
                    _copy(stream, out)
                return
            with tempfile.NamedTemporaryFile(dir=Path(path).parent, prefix=".", suffix=".part", delete=False) as part:
                try:
                    _copy(stream, cast(BinaryIO, part))
                    part.close()
                    Path(part.name).chmod(0o644)
                    Path(part.name).replace(path)
                finally:
                    Path(part.name).unlink(missing_ok=True)
    except OSError as error:
        raise ExportError(f"{path} could not be written ({error.strerror or error}). Check the free space and your access.") from None


def _copy(stream: BinaryIO, out: BinaryIO) -> None:
    while piece := stream.read(PIECE):
        out.write(piece)


def _plain(value: object) -> bytes:
    return json.dumps(value, indent=1, ensure_ascii=True).encode() + b"\n"


# --- the whole job ---------------------------------------------------------------------------------------------------


def stream(
    job: Job, read: Callable[[list[Shard]], Iterator[Fate]] | None = None, report: Callable[[Fate], None] = lambda _: None
) -> Iterator[Fate]:
    """Do what is left of a job, one by one or as `read` does it: the fates as they are known, and the manifest at the end."""
    done: dict[str, Fate] = {}
    there = receipts(job)
    left = [shard for shard in job.shards if shard.name not in there]
    try:
        for fate in chain(there.values(), read(left) if read and left else map(job.read, left)):
            done[fate.name] = fate
            report(fate)
            yield fate
    finally:  # also of a run that ends early: what is done is listed
        write_manifest(job, [done[shard.name] for shard in job.shards if shard.name in done])


def run(
    job: Job, read: Callable[[list[Shard]], Iterator[Fate]] | None = None, report: Callable[[Fate], None] = lambda _: None
) -> list[Fate]:
    """As `stream`, to the end: the fates in the shards' order."""
    return list(in_order(job, stream(job, read, report)))


def write_manifest(job: Job, fates: Iterable[Fate]) -> None:
    """What is in the folder: the same for the same shards, whoever read them and in whatever order."""
    fates = list(fates)
    good = [asdict(fate) for fate in fates if isinstance(fate, Receipt)]
    for row in good:
        del row["reader"], row["stamp"]
    totals = {name: sum(row[name] for row in good) for name in ("readings", "refused", "failed", "bytes")}
    manifest = {
        "format": FORMAT,
        "reader": job.identity(),
        "whole": len(good) == len(job.shards),
        **totals,
        "shards": good,
        "bad": [asdict(fate) for fate in fates if isinstance(fate, Bad)],
        "left": [shard.input for shard in job.shards if shard.name not in {fate.name for fate in fates}],
    }
    _put(job.folder, "manifest.json", io.BytesIO(_plain(manifest)))


# --- from shards to a ledger -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Read(Task):
    """An article that was read elsewhere, with its reading and its claims."""

    reading: "Reading | None" = None
    claims: "tuple[Claim, ...]" = ()


def tasks_in(job: Job, fate: Fate) -> Iterator[Task]:
    """What a shard gave, as tasks for `ingest.add`. A file that is not as its receipt says is an error of the shard."""
    if isinstance(fate, Bad):
        yield Task(fate.input, error=InputError(fate.input, fate.reason, fate.advice))
        return
    try:
        yield from _stored(job, fate)
    except FAULTS as fault:
        yield Task(fate.input, error=fault_of(fate.input, "taken from its shard", fault))


def _stored(job: Job, receipt: Receipt) -> Iterator[Task]:
    from pyarrow import parquet

    system, folder = filesystem(job.folder)
    with system.open(f"{folder}/shards/{receipt.name}.parquet", "rb") as file:
        for group in parquet.ParquetFile(file).iter_batches(GROUP):
            for row in group.to_pylist():
                yield _restored(row)


def _restored(row: dict[str, Any]) -> Task:
    from allegedly.article import Capture
    from allegedly.compared import Claim
    from allegedly.ledger.packing import unpack_reading, unpack_records

    warnings = tuple(row["warnings"])
    if row["what"] != "reading":
        return Task(row["name"], error=InputError(row["name"], row["reason"], row["advice"], row["what"]), warnings=warnings)
    text = row["article"].decode("utf-8", "surrogatepass")
    reading = unpack_reading(row["document"], [text], name=row["name"])
    build = unpack_records(Claim, row["claims"], text)
    claims: list[Claim] = []
    while (claim := build(len(claims))) is not None:
        claims.append(claim)
    capture = None
    if row["body"] is not None:
        headers = tuple((name, value) for name, value in json.loads(row["headers"]))
        capture = Capture(row["body"], row["media_type"], row["url"], row["retrieved"], headers)
    return Read(row["name"], reading.article, None, warnings, capture, reading, tuple(claims))


def read_elsewhere(tasks: Iterable[Task]) -> Generator[Result]:
    """The results of tasks that carry them already, for `adding.add`."""
    for task in tasks:
        if isinstance(task, Read) and task.article is not None and task.reading is not None:
            claims = tuple(replace(claim, article=task.article.id) for claim in task.claims)
            yield Result(task.name, replace(task.reading, article=task.article), None, task.warnings, claims)
        else:
            yield Result(task.name, error=task.error, warnings=task.warnings)


def in_order(job: Job, fates: Iterable[Fate]) -> Iterator[Fate]:
    """The fates in the shards' order, each as soon as those before it are known."""
    waiting: dict[str, Fate] = {}
    names = iter([shard.name for shard in job.shards])
    following = next(names, None)
    for fate in fates:
        waiting[fate.name] = fate
        while following in waiting:
            yield waiting.pop(following)
            following = next(names, None)
