"""The ledger in a browser: pages, and the same content as JSON under `/api` and as CSV.

`create` gives the application; `allegedly serve` runs it. `ledgers` lends each request a connection, `answers` gives an answer its three
forms, `security` guards. Routes are thin, and what they show comes from `inquiry`: `pages` home, search and listings, and the
modules beside it their own. A new page is one function with `@served`, in a module whose `router` is listed in `ROUTERS`.

Nothing is loaded before it is needed: the model only where a text is read.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from anyio.to_thread import run_sync
from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from allegedly import __version__
from allegedly.ingest.jobs import Jobs
from allegedly.ledger import Ledger
from allegedly.web import adding, answers, pages, reading, reviewing, validating
from allegedly.web.ledgers import Kept, Ledgers
from allegedly.web.pictures import routes as pictures
from allegedly.web.security import Guard, Rules

ROUTERS = (pages.router, reading.router, pictures.router, adding.router, reviewing.router, validating.router)


def create(where: str | Path, *, rules: Rules | None = None) -> FastAPI:
    """The application over the ledger at a path or URL, which must be there. LedgerError where it cannot be used."""
    ledgers = Ledgers(partial(Ledger.open, where))
    jobs = Jobs(str(where))

    @asynccontextmanager
    async def living(_: FastAPI) -> AsyncIterator[None]:
        yield
        await run_sync(jobs.close)
        ledgers.close()

    application = FastAPI(
        title="Allegedly",
        version=__version__,
        description="Who says that who did what to whom: the JSON of every page.",
        lifespan=living,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        redirect_slashes=False,
    )
    application.state.ledgers = ledgers
    application.state.kept = Kept()
    application.state.jobs = jobs
    application.state.where = where
    application.state.rules = rules or Rules()
    for router in ROUTERS:
        application.include_router(router)
    application.mount("/static", StaticFiles(directory=Path(__file__).parent / "static"))
    answers.errors(application)
    answers.describe(application, password=application.state.rules.password is not None)
    application.add_middleware(Guard, rules=application.state.rules)
    return application
