"""Thin routes: a text is pasted, a page, file or feed is added, and one sees how far that is. The work is done by `ingest.jobs`."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Request, Response, UploadFile
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BeforeValidator
from typing_extensions import TypedDict

from allegedly.errors import InputError
from allegedly.ingest.jobs import EVERY, Job, Jobs, Order, pasted
from allegedly.web.answers import Ask, Number, Route, Trouble, served

router = APIRouter()

FILES = 200
"""Files at once."""
TEXT = 2_000_000
"""Characters of a pasted text."""
Files = File(min_length=1, max_length=FILES, description="Text, HTML, JSON Lines, WARC, PDF, DOCX.")

Short = Annotated[str, Form(max_length=500)]
WEB = r"[Hh][Tt][Tt][Pp][Ss]?://[^\x00-\x20\x7f-\xa0]+"
Address = Annotated[str, Form(max_length=2000, pattern=f"^{WEB}$"), BeforeValidator(str.strip)]
MaybeAddress = Annotated[str, Form(max_length=2000, pattern=f"^({WEB})?$"), BeforeValidator(str.strip)]


class LineRow(TypedDict):
    """An article that was not stored, or was with a remark: what became of it, and why."""

    name: str
    what: str
    reason: str


class JobRow(TypedDict):
    """A job: what is added, by whom, how far it is. `seen` is what was opened, and in the end the sum of the four that follow it."""

    job: int
    what: str
    by: str
    made: str
    state: str
    seen: int
    stored: int
    duplicate: int
    refused: int
    failed: int
    versions: int
    seconds: float
    a_minute: float
    problem: str
    over: bool


class JobContent(JobRow):
    """A job, with what was not stored."""

    lines: list[LineRow]
    unnamed: int


class FeedWatched(TypedDict):
    """A feed that is looked at again and again while the server runs."""

    address: str
    by: str
    next_look: str


class Adding(TypedDict):
    """All jobs that are remembered, the last before the others, and the feeds that are watched."""

    rows: list[JobRow]
    feeds: list[FeedWatched]


def jobs_of(request: Request) -> Jobs:
    """The jobs of the application that a request came to."""
    jobs: Jobs = request.app.state.jobs
    return jobs


def _clock(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def job_row(job: Job) -> JobRow:
    """A job as a row."""
    tally = job.tally
    known = tally.stored + tally.duplicate + tally.refused + tally.failed
    seconds = (job.ended or time.time()) - (job.began or job.ended or time.time())
    return {
        "job": job.number,
        "what": job.what,
        "by": job.by,
        "made": _clock(job.made),
        "state": job.state,
        "seen": tally.seen if job.over else max(job.opened, known),
        "stored": tally.stored,
        "duplicate": tally.duplicate,
        "refused": tally.refused,
        "failed": tally.failed,
        "versions": tally.versions,
        "seconds": round(seconds, 1),
        "a_minute": round(known * 60 / seconds, 1) if seconds > 1 else 0.0,
        "problem": job.problem,
        "over": job.over,
    }


def _content(job: Job) -> JobContent:
    lines: list[LineRow] = []
    for seen in list(job.lines):
        lines += [LineRow(name=seen.name, what="remark", reason=warning) for warning in seen.warnings]
        if seen.what != "stored":
            lines.append(LineRow(name=seen.name, what=seen.what, reason=seen.detail))
    return {**job_row(job), "lines": lines, "unnamed": job.unnamed}


@served(router, "/add", model=Adding, tag="adding")
def adding(asked: Ask) -> Any:
    """Add a text, a page, files or a feed; and what is being added."""
    jobs = jobs_of(asked.request)
    listed = [job_row(job) for job in reversed(list(jobs.jobs.values()))]
    feeds: list[FeedWatched] = [
        {"address": address, "by": by, "next_look": _clock(when)} for address, (when, by) in sorted(jobs.watched.items())
    ]
    content: Adding = {"rows": listed, "feeds": feeds}
    return asked.answer("add.html", content, rows=listed, kind=JobRow, name="jobs", more={"minutes": round(EVERY / 60), "files": FILES})


@served(router, "/add/jobs/{number}", model=JobContent, tag="adding")
def job(asked: Ask, number: Number) -> Any:
    """How far a job is, and what was not stored, with the reason."""
    found = jobs_of(asked.request).jobs.get(number)
    if found is None:
        raise Trouble(404, "There is no such job (any more).", "What was stored is in the ledger: search for it.")
    content = _content(found)
    return asked.answer("job.html", content, rows=content["lines"], kind=LineRow, name=f"job-{number}")


# --- beginning -------------------------------------------------------------------------------------------------------


def _posts(path: str) -> Callable[[Route], Route]:
    """Register a function that begins a job, from a page's form and from a program."""

    def register(function: Route) -> Route:
        router.add_api_route(path, function, methods=["POST"], include_in_schema=False, response_model=None)
        router.add_api_route(f"/api{path}", function, methods=["POST"], response_model=JobRow, status_code=202, tags=["adding"])
        return function

    return register


def _began(request: Request, job: Job) -> Response:
    if request.scope["path"].startswith("/api/"):
        return JSONResponse(job_row(job), 202, {"Location": f"/api/add/jobs/{job.number}"})
    return RedirectResponse(f"/add/jobs/{job.number}", 303)


@contextmanager
def room() -> Iterator[None]:
    """Where too many jobs wait already, that is the answer (429)."""
    try:
        yield
    except InputError as error:
        raise Trouble(429, f"{error.reason}.", f"{error.advice}.") from None


@_posts("/add/text")
def add_text(
    request: Request,
    text: Annotated[str, Form(min_length=1, max_length=TEXT, pattern=r"\S")],
    title: Short = "",
    outlet: Short = "",
    published: Annotated[str, Form(max_length=40)] = "",
    url: MaybeAddress = "",
) -> Any:
    """Add a text, with what is known of it."""
    order = pasted(text.replace("\r\n", "\n"), title=title, outlet=outlet, published=published, url=url)
    with room():
        return _began(request, jobs_of(request).add([order], what=f"text: {order.name}", by=request.state.visitor))


@_posts("/add/address")
def add_address(request: Request, address: Address) -> Any:
    """Add the article at an address, or those that a feed or sitemap there lists."""
    order = Order("address", address)
    with room():
        return _began(request, jobs_of(request).add([order], what=order.name, by=request.state.visitor))


@_posts("/add/feed")
def add_feed(request: Request, address: Address) -> Any:
    """Watch a feed: look at it now, and again and again while the server runs."""
    with room():
        return _began(request, jobs_of(request).watch(address, by=request.state.visitor))


@_posts("/add/files")
def add_files(request: Request, files: Annotated[list[UploadFile], Files]) -> Any:
    """Add files."""
    named = [(one, _name(one.filename or "")) for one in files if one.filename]
    if not named:
        raise Trouble(422, "No file was chosen.", "Choose some files.")
    folder = Path(tempfile.mkdtemp(prefix="allegedly-"))
    orders = []
    for place, (one, name) in enumerate(named):
        path = folder / str(place)
        with path.open("wb") as out:
            shutil.copyfileobj(one.file, out)
        orders.append(Order("file", name, path=str(path)))
    what = named[0][1] if len(named) == 1 else f"{len(named)} files"
    try:
        with room():
            begun = jobs_of(request).add(
                orders, what=what, by=request.state.visitor, after=lambda: shutil.rmtree(folder, ignore_errors=True)
            )
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return _began(request, begun)


def _name(given: str) -> str:
    """A file's name as it is shown, and as its suffix tells what it is: never a path."""
    last = given.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(c for c in last if c.isprintable())[-120:] or "file"


@_posts("/add/jobs/{number}/stop")
def stop(request: Request, number: Number) -> Any:
    """Stop a job; what it has stored is kept."""
    jobs = jobs_of(request)
    if number not in jobs.jobs:
        raise Trouble(404, "There is no such job (any more).", "What was stored is in the ledger: search for it.")
    jobs.stop(number)
    return _began(request, jobs.jobs[number])


@router.post("/add/feeds/stop", include_in_schema=False)
def unwatch(request: Request, address: Annotated[str, Form(max_length=2000)]) -> Response:
    """Look at a feed no more."""
    jobs_of(request).unwatch(address)
    return RedirectResponse("/add", 303)
