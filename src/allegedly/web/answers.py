"""One answer in its three forms: a page, JSON under `/api`, and CSV. All are made from the same content, so that they say the same.

A route is one function, registered by `served` at its path and at `/api` + path. It gets `asked: Asked` and returns `asked.answer(...)`.
Errors have one shape, RFC 9457's problem details, and a page of their own for people.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, wraps
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar, cast
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from fastapi import Path as PathPart
from fastapi.exceptions import HTTPException, RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BeforeValidator, TypeAdapter
from starlette.exceptions import HTTPException as Plain
from typing_extensions import TypedDict

from allegedly import __version__
from allegedly.errors import AllegedlyError, InputError, LedgerError
from allegedly.export.digest import clipped, flat
from allegedly.inquiry import phrases
from allegedly.inquiry.rows import fields

if TYPE_CHECKING:
    from allegedly.ledger import Ledger

Route = TypeVar("Route", bound=Callable[..., Any])
PROBLEM = "application/problem+json"

NAVIGATION = (
    ("/", "Home"),
    ("/search", "Search"),
    ("/stories", "Stories"),
    ("/matters", "Matters"),
    ("/entities", "Names"),
    ("/copies", "Copies"),
    ("/pictures/time", "Pictures"),
    ("/outlets", "Outlets"),
    ("/sources", "Sources"),
    ("/add", "Add"),
    ("/review", "Review"),
    ("/validate", "Validate"),
)


# --- what is asked -----------------------------------------------------------------------------------------------------


def _said(value: object) -> object:
    """Without NUL, which no database takes."""
    return value.replace("\0", " ") if isinstance(value, str) else value


Number = Annotated[int, PathPart(ge=1, le=1 << 53, description="The ledger's number.")]
Words = Annotated[str, BeforeValidator(_said), Query(max_length=2000)]
Limit = Annotated[int, Query(ge=1, le=500, description="Rows of a page at most.")]
After = Annotated[
    str, Query(pattern=r"^(?:-?[0-9]{1,18}(?:\.[0-9]{1,18})?)?$", description="Where the page before ended; `next` of a page holds it.")
]
Pair = tuple[int, int]


def pair(after: str) -> Pair | None:
    """A key of two numbers as `After` has it; None for none."""
    first, _, second = after.partition(".")
    return (int(first), int(second or 0)) if first else None


def single(after: str) -> int | None:
    """A key of one number as `After` has it."""
    return int(after.partition(".")[0]) if after else None


@dataclass(frozen=True, slots=True)
class Asked:
    """A request and the form that it asks for: "html" (a page), "json" or "csv"."""

    request: Request
    response: Response
    form: Literal["html", "json", "csv"]

    def answer(
        self,
        template: str,
        content: Mapping[str, Any],
        *,
        rows: Sequence[Mapping[str, Any]],
        kind: type,
        name: str,
        more: Mapping[str, Any] | None = None,
    ) -> Any:
        """The answer in the form asked for.

        `content` is the JSON, and what the template has; `rows`, of the fields that the typed dictionary `kind` declares, are the CSV
        `name`.csv. `more` is for the template alone: nothing that the JSON should have.
        """
        following = content.get("next")
        headers = {"Link": f'<{following}>; rel="next"'} if following else {}
        if self.form == "json":
            self.response.headers.update(headers)
            return dict(content)
        if self.form == "csv":
            headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
            return Response(_table(rows, fields(kind)), media_type="text/csv; charset=utf-8", headers=headers)
        return HTMLResponse(page(self.request, template, {**content, **(more or {})}), headers=headers)

    def following(self, key: object) -> str | None:
        """The address of the page that follows, `key` (a number or several) being where this one ends; None for None."""
        if key is None:
            return None
        words = ".".join(map(str, key)) if isinstance(key, tuple) else str(key)
        kept = [(name, value) for name, value in self.request.query_params.multi_items() if name != "after"]
        return f"{self.request.scope['path']}?{urlencode([*kept, ('after', words)])}"


Form = Annotated[Literal["json", "csv"] | None, Query(description="Rows as CSV, or JSON.")]


def _asked(request: Request, response: Response, format: Form = None) -> Asked:
    return Asked(request, response, format or ("json" if for_programs(request) else "html"))


def for_programs(request: Request) -> bool:
    """Whether a request is to the API."""
    return f"{request.scope['path']}/".startswith("/api/")


Ask = Annotated[Asked, Depends(_asked)]
"""What a route's request asks for."""


def served(router: APIRouter, path: str, *, model: Any, tag: str = "pages", keep: bool = False) -> Callable[[Route], Route]:
    """Register a function as a page at `path`, and as JSON and CSV at `/api` + path with this response model.

    With `keep`, its pages are kept for all who ask for the same until the ledger changes (`ledgers.Kept`): for what takes long and depends
    on the address, the visitor and the ledger alone.
    """

    def register(function: Route) -> Route:
        router.add_api_route(
            path, _kept(function) if keep else function, methods=["GET", "HEAD"], include_in_schema=False, response_model=None
        )
        router.add_api_route(
            f"/api{path}".rstrip("/"),
            function,
            methods=["GET"],
            response_model=model,
            tags=[tag],
            responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}},
        )
        return function

    return register


def _kept(function: Route) -> Route:
    @wraps(function)
    def answered(*, asked: Asked, ledger: "Ledger", **others: Any) -> Any:
        if asked.form == "json":
            return function(asked=asked, ledger=ledger, **others)
        request = asked.request
        key = (request.scope["path"], request.scope["query_string"], getattr(request.state, "visitor", None))
        made = request.app.state.kept.get(key, ledger.stamp(), lambda: function(asked=asked, ledger=ledger, **others))
        return Response(made.body, made.status_code, dict(made.headers))

    return cast(Route, answered)


def _table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> bytes:
    from allegedly.export.rows import cell

    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow(columns)
    table.writerows([cell(row[name], raw=False) for name in columns] for row in rows)
    return out.getvalue().encode("utf-8", "replace")


# --- pages -------------------------------------------------------------------------------------------------------------


class Engine(Environment):
    """A template engine in which `row.copy` is the row's field, and no method of dictionaries, where the row has such a field."""

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A field of a row, else what Jinja finds."""
        return obj[attribute] if isinstance(obj, Mapping) and attribute in obj else super().getattr(obj, attribute)


@cache
def templates() -> Environment:
    """The template engine: all that is text is escaped, and a name that is not given is an error."""
    engine = Engine(
        loader=FileSystemLoader([Path(__file__).parent / "templates", Path(__file__).parents[1] / "templates"]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    engine.filters |= {name: getattr(phrases, name) for name in ("plain", "day", "many", "certain", "voice", "short")}
    engine.filters |= {"article_url": article_url, "counts": _counts, "link": link, "clip": _clip, "flat": flat}
    engine.globals |= {
        "address": address,
        "counted": phrases.counted,
        "stands_words": phrases.STANDS,
        "navigation": NAVIGATION,
        "version": __version__,
    }
    return engine


def page(request: Request, template: str, content: Mapping[str, Any]) -> str:
    """A page's HTML."""
    path: str = request.scope["path"]

    def here(*, json: bool = False, **changes: Any) -> str:
        """The address of this page, from its beginning, with some parameters changed (None takes one away); or of the same as JSON."""
        kept = [(name, value) for name, value in request.query_params.multi_items() if name not in {"after", "format", *changes}]
        asked = urlencode([*kept, *((name, value) for name, value in changes.items() if value is not None)], errors="replace")
        return ("/api" + path.rstrip("/") if json else path) + (f"?{asked}" if asked else "")

    about = {"visitor": getattr(request.state, "visitor", None), "locked": request.app.state.rules.password is not None}
    return templates().get_template(template).render(content, path=path, here=here, **about)


def address(path: str, **parameters: str) -> str:
    """The address of a page with these parameters."""
    return f"{path}?{urlencode(parameters, errors='replace')}" if parameters else path


def article_url(id: str, span: Sequence[int] | None = None) -> str:
    """The address of an article's page by its id, and of a place in its text (half-open, in characters)."""
    at = f"&at={span[0]}-{span[1]}#at" if span else ""
    return address("/article", id=id) + at


def link(url: str | None) -> str:
    """A web address that may be followed; nothing for any other."""
    words = phrases.plain(url)
    return words if words.startswith(("http://", "https://")) and words == url and " " not in words else ""


def _counts(number: int) -> str:
    return f"{number:,}"


def _clip(words: object, length: int = 240) -> str:
    return clipped(phrases.plain(words), length)


# --- errors ------------------------------------------------------------------------------------------------------------


class Problem(TypedDict):
    """What went wrong, and what to do next (RFC 9457); `errors` says it of each parameter."""

    type: str
    title: str
    status: int
    detail: str
    advice: str
    errors: list[dict[str, Any]]


class Trouble(HTTPException):
    """An error that is answered: status, what happened, what to do next."""

    def __init__(self, status: int, detail: str, advice: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, detail, headers=dict(headers or {}))
        self.advice = advice


def problem(
    request: Request, status: int, detail: str, advice: str = "", *, errors: Sequence[Mapping[str, Any]] = (), headers: Any = None
) -> Response:
    """An error as JSON for programs, as a page for people."""
    content = Problem(
        type="about:blank", title=HTTPStatus(status).phrase, status=status, detail=detail, advice=advice, errors=[dict(e) for e in errors]
    )
    wants_page = not for_programs(request) and "json" not in request.headers.get("accept", "")
    if wants_page:
        return HTMLResponse(page(request, "error.html", content), status, headers)
    return JSONResponse(content, status, headers, PROBLEM)


ADVICE = {
    404: "Check the address, or search for what you look for.",
    405: "Look at the API's description at /api/openapi.json.",
    413: "Send less at once.",
}
STATUS = {"locked": 503, "full": 507, "missing": 503, "read-only": 503}


def unexpected(request: Request) -> Response:
    """The answer where the program itself is at fault."""
    return problem(request, 500, "This could not be answered: a fault of the program.", "The log of the server has the details.")


USUAL = (400, 401, 403, 404, 422, 500, 503)
"""Statuses that any operation may answer an error with; those of `WRITING` where it changes something."""
WRITING = (409, 413, 415, 429)


def describe(application: FastAPI, *, password: bool) -> None:
    """Teach an application's OpenAPI the one shape of errors, and the password where there is one."""
    made = application.openapi

    def openapi() -> dict[str, Any]:
        if application.openapi_schema:
            return application.openapi_schema
        described = made()
        parts = described.setdefault("components", {})
        for name in ("HTTPValidationError", "ValidationError"):
            parts.get("schemas", {}).pop(name, None)
        shape = TypeAdapter(Problem).json_schema()
        parts.setdefault("schemas", {})["Problem"] = shape
        content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        parts["responses"] = {"Problem": {"description": Problem.__doc__, "content": content}}
        for path in described["paths"].values():
            for method, operation in path.items():
                for status in (*USUAL, *(WRITING if method != "get" else ())):
                    operation["responses"][str(status)] = {"$ref": "#/components/responses/Problem"}
                if "requestBody" in operation:
                    operation["requestBody"]["required"] = _required(parts["schemas"], operation["requestBody"]["content"])
        if password:
            parts["securitySchemes"] = {"password": {"type": "http", "scheme": "bearer"}}
            described["security"] = [{"password": []}]
        return described

    application.openapi = openapi  # type: ignore[method-assign]


def _required(schemas: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    """Whether a body must be there: one that may be empty may be left out."""
    bodies = (one["schema"] for one in content.values())
    return any({"required", "oneOf", "anyOf"} & schemas[body["$ref"].rpartition("/")[2]].keys() for body in bodies)


def _methods(request: Request) -> str:
    """The methods that a path answers, by all of its routes."""
    from allegedly.web import ROUTERS

    path = request.scope["path"]
    routes = (route for router in ROUTERS for route in router.routes)
    return ", ".join(sorted({one for route in routes if route.path_regex.match(path) for one in route.methods}))  # type: ignore[attr-defined]


def errors(application: FastAPI) -> None:
    """Teach an application to answer all errors in the one shape."""

    def known(request: Request, error: Exception) -> Response:
        assert isinstance(error, Plain)  # noqa: S101
        advice = getattr(error, "advice", "") or ADVICE.get(error.status_code, "")
        headers = {**(error.headers or {}), "Allow": _methods(request)} if error.status_code == 405 else error.headers
        detail = "There is no page at this address." if type(error) is Plain and error.status_code == 404 else str(error.detail)
        return problem(request, error.status_code, detail, advice, headers=headers)

    def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        found = [{"where": ".".join(map(str, one["loc"])), "what": one["msg"].removeprefix("Value error, ")} for one in error.errors()]
        detail = "; ".join(f"{one['where'].partition('.')[2] or one['where']}: {one['what']}" for one in found[:3])
        return problem(request, 422, detail, "Mend what is named, and ask again.", errors=found)

    def raised(request: Request, error: Exception) -> Response:
        if isinstance(error, InputError):
            return problem(request, 422, f"{error.name}: {error.reason}.", f"{error.advice}.")
        if isinstance(error, LedgerError):
            return problem(request, STATUS.get(error.kind, 500), f"{error.reason}.", f"{error.advice}.")
        return problem(request, 500, str(error))

    application.add_exception_handler(Plain, known)
    application.add_exception_handler(RequestValidationError, invalid)
    application.add_exception_handler(AllegedlyError, raised)
