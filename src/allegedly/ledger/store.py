"""One connection to one database, SQLite or PostgreSQL: opening, transactions, and errors in words.

There is one committing writer at a time. On SQLite a transaction begins with BEGIN IMMEDIATE, waits for another's up to a time limit, and
is on the disk when it ends (synchronous=FULL). On PostgreSQL an advisory lock does the same.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import (
    URL,
    BigInteger,
    BindParameter,
    Connection,
    Executable,
    String,
    bindparam,
    create_engine,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.sql.dml import UpdateBase

from allegedly.errors import LedgerError
from allegedly.ledger.tables import counters

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0007"
"""The newest migration: what a ledger's tables must be at."""
WRITER = 4_011_861_420
"""The advisory lock of the one writer, on PostgreSQL."""

# SQLite's result codes and PostgreSQL's states, as (kind, what happened, what to do).
FAILURES = (
    (("disk is full", "53100"), "full", "the disk is full", "Free some space and run again: what was confirmed is safe"),
    (("readonly database", "25006", "42501"), "read-only", "it may be read but not written", "Check the rights on the file and its folder"),
    (
        ("database is locked", "55P03", "57014"),
        "locked",
        "another run is writing to it",
        "Wait until that run is done, or stop it, and run again",
    ),
    (("malformed", "XX001", "XX002"), "damaged", "the database is damaged", "Restore a backup (`allegedly restore`)"),
    (("not a database",), "not a ledger", "the file is no SQLite database", "Give the path of a ledger, or a new one"),
    (("unable to open",), "missing", "the file cannot be opened or made", "Check the path, and the rights on its folder"),
    (("disk I/O error", "58030"), "other", "the disk could not be read or written", "Check the disk, then `allegedly status --check`"),
    (("3D000",), "missing", "there is no such database", "Make it with createdb, or check the address"),
    (("28000", "28P01"), "other", "the server refused the user or the password", "Check the address"),
    (("connection", "08", "57P"), "other", "the server cannot be reached, or closed the connection", "Check that it runs, and the address"),
)


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether a SQLite keeps a database in WAL mode whole over several connections (mended in 3.51.3, 3.50.7 and 3.44.6)."""
    return version >= (3, 51, 3) or version in ((3, 50, 7), (3, 44, 6))


def address(where: str | Path) -> URL:
    """A path, or the URL of a SQLite or PostgreSQL database, as SQLAlchemy's URL."""
    words = str(where)
    if "://" not in words:
        return URL.create("sqlite", database=words)
    try:
        url = make_url(words)
    except ArgumentError:
        raise LedgerError(words[:200], "missing", "not the address of a database", _ADDRESSES) from None
    kind = url.get_backend_name()
    if kind not in ("sqlite", "postgresql", "postgres"):
        raise LedgerError(url.render_as_string(), "missing", f"a ledger is not kept in {kind!r}", _ADDRESSES)
    return url.set(drivername="sqlite" if kind == "sqlite" else "postgresql+psycopg")


_ADDRESSES = "Give a path, sqlite:///PATH, or postgresql://USER@HOST/DATABASE"


def listing(values: Iterable[int]) -> dict[str, str]:
    """Values as a query with `Store.each` in it takes them."""
    return {"listed": json.dumps(list(values))}


_COUNTED = text("INSERT INTO counters (name, number) VALUES (:name, :number) ON CONFLICT (name) DO UPDATE SET number = excluded.number")


class Store:
    """A connection, and every way of talking over it. All errors of the database come out as LedgerError."""

    def __init__(self, where: str | Path, *, create: bool, wait: float) -> None:
        self.url = address(where)
        self.name = self.url.render_as_string() if "://" in str(where) else str(where)
        self.sqlite = self.url.get_backend_name() == "sqlite"
        self.warnings: tuple[str, ...] = ()
        self._depth = 0
        self._last: dict[str, int] = {}  # by table, the last number given in this transaction
        self.forget: list[Callable[[], None]] = []
        """What to call when a transaction is undone: numbers that it gave will be given again."""
        if self.sqlite:
            self._check_file(create=create)
        self._engine = create_engine(self.url, isolation_level="AUTOCOMMIT", connect_args={"timeout": wait} if self.sqlite else {})
        try:
            with self._spoken():
                self.connection: Connection = self._engine.connect()
            with self._spoken():
                self._settle(wait)
                self._migrate(create=create)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Give the connection back; what was not committed is undone."""
        if hasattr(self, "connection"):
            self.connection.close()
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- asking and changing ---

    def rows(self, query: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Any]:
        """All rows of an answer."""
        with self._spoken():
            return self.connection.execute(query, values).all()

    def one(self, query: Executable, values: Mapping[str, Any] | None = None) -> Any:
        """The first column of the first row, or None."""
        with self._spoken():
            return self.connection.execute(query, values).scalar()

    def run(self, change: Executable, values: Sequence[Mapping[str, Any]] | Mapping[str, Any] | None = None) -> int:
        """A change, for one or many sets of values (none at all for an empty list); how many rows it met."""
        if values is not None and not values:
            return 0
        with self._spoken():
            done = self.connection.execute(change, values)
            return done.rowcount if isinstance(change, UpdateBase) else 0

    def say(self, sql: str) -> Sequence[Any]:
        """A statement in SQL's own words."""
        with self._spoken():
            done = self.connection.exec_driver_sql(sql)
            return done.all() if done.returns_rows else ()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction, all or nothing; within another it is part of that one."""
        if self._depth:
            yield
            return
        self.say("BEGIN IMMEDIATE" if self.sqlite else "BEGIN")
        self._depth = 1
        try:
            if not self.sqlite:
                self.say(f"SELECT pg_advisory_xact_lock({WRITER})")
            yield
            self.run(_COUNTED, [{"name": name, "number": number} for name, number in sorted(self._last.items())])
            self.say("COMMIT")
        except BaseException:
            self._undo()
            raise
        finally:
            self._depth = 0
            self._last.clear()

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Look-ups that see one state of the ledger."""
        self.say("BEGIN" if self.sqlite else "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        try:
            yield
        finally:
            self._roll_back()

    def _undo(self) -> None:
        """ROLLBACK where there is still something to undo: SQLite does so itself on a full disk."""
        for forget in self.forget:
            forget()
        self._roll_back()

    def _roll_back(self) -> None:
        driver: Any = self.connection.connection.driver_connection
        if not self.sqlite and driver.closed:
            return
        if not self.sqlite or driver.in_transaction:
            self.connection.exec_driver_sql("ROLLBACK")

    def next(self, name: str, count: int = 1) -> int:
        """The first of `count` numbers that were never given before. Within a transaction, at whose end the last of them is kept."""
        if not self._depth:
            with self.writing():
                return self.next(name, count)
        if name not in self._last:
            self._last[name] = self.one(select(counters.c.number).where(counters.c.name == name)) or 0
        self._last[name] += count
        return self._last[name] - count + 1

    def each_of(self, values: Iterable[int]) -> Any:
        """A subquery with the one column `value`, for lists of any length."""
        return self._each(bindparam("listed", json.dumps(list(values)), unique=True))

    def each(self) -> Any:
        """The same, for a query that is made once and asked with `listing` of different values."""
        return self._each(bindparam("listed", type_=String))

    def _each(self, listed: BindParameter[str]) -> Any:
        if self.sqlite:
            return text("SELECT value FROM json_each(:listed)").bindparams(listed).columns(value=BigInteger).subquery("listed")
        query = "SELECT CAST(value AS bigint) AS value FROM json_array_elements_text(CAST(:listed AS json))"
        return text(query).bindparams(listed).columns(value=BigInteger).subquery("listed")

    def stamp(self) -> str:
        """Differs from before once anybody committed something: SQLite's files as they are, or PostgreSQL's snapshot.

        SQLite's file is looked at and never opened: whoever closes a file gives up all locks that his process has on it, so that what
        other connections are reading could be written over meanwhile (https://sqlite.org/howtocorrupt.html, 2.2).
        """
        if not self.sqlite:
            return str(self.one(text("SELECT CAST(pg_current_snapshot() AS text)")))
        path = self.url.database or ""
        found = []
        for one in (path, f"{path}-wal"):
            with suppress(OSError):
                seen = Path(one).stat()
                found.append((seen.st_ino, seen.st_size, seen.st_mtime_ns))
        return str(found) if found else ""

    def copy_to(self, path: Path) -> None:
        """SQLite's own online copy of the whole database, into a file."""
        import sqlite3

        driver: Any = self.connection.connection.driver_connection
        try:
            with closing(sqlite3.connect(path)) as copy:
                driver.backup(copy)
        except sqlite3.Error as error:
            reason, advice = f"the copy could not be written ({error})", "Check the disk and the folder's rights"
            raise LedgerError(str(path), "other", reason, advice) from None

    # --- opening ---

    def _check_file(self, *, create: bool) -> None:
        path = Path(self.url.database or "")
        if "\0" in str(path) or not self.url.database or path.is_dir():
            raise LedgerError(self.name, "missing", "not the path of a file", "Give the path of a ledger, or of one to make")
        if not create and not path.exists():
            raise LedgerError(self.name, "missing", "there is no ledger here", "Check the path; `allegedly add` makes a new one")

    def _settle(self, wait: float) -> None:
        if not self.sqlite:
            encoding = self.say("SHOW server_encoding")[0][0]
            if encoding != "UTF8":
                raise LedgerError(self.name, "other", f"the database's encoding is {encoding}", "Make it with encoding UTF8")
            self.say(f"SET lock_timeout = {int(wait * 1000)}")
            self.say("SET plan_cache_mode = force_custom_plan")  # what is rare is looked for in another way than what is common
            return
        import sqlite3

        for pragma in (
            "page_size=1024",
            "foreign_keys=ON",
            "synchronous=FULL",
            "secure_delete=ON",
            "cache_size=-65536",
            f"busy_timeout={int(wait * 1000)}",
        ):
            self.say(f"PRAGMA {pragma}")
        if wal_is_safe(sqlite3.sqlite_version_info):
            mode = "WAL"
        else:
            mode = "DELETE"
            self.warnings = (
                f"SQLite {sqlite3.sqlite_version} can damage a database in WAL mode: the ledger is kept with a rollback journal, "
                "so reading waits while a batch is being written. SQLite 3.51.3 or newer does better.",
            )
        if self.say("PRAGMA journal_mode")[0][0].upper() != mode:
            self.say(f"PRAGMA journal_mode={mode}")

    def _migrate(self, *, create: bool) -> None:
        """Bring the tables up to date; refuse what is no ledger, and a ledger of a newer version."""
        names = set(inspect(self.connection).get_table_names())
        if "alembic_version" in names:
            at = self.say("SELECT version_num FROM alembic_version")
            if at and at[0][0] == HEAD:
                return
            if at and at[0][0] > HEAD:
                reason = f"it was written by a newer version of Allegedly (tables {at[0][0]}, this version knows {HEAD})"
                raise LedgerError(self.name, "newer", reason, "Upgrade Allegedly: pip install --upgrade allegedly")
        elif names:
            raise LedgerError(
                self.name, "not a ledger", "the database holds other tables and no ledger", "Give a ledger, or a new database"
            )
        elif not create:
            raise LedgerError(self.name, "not a ledger", "the database is empty", "`allegedly add` makes a ledger of it")
        from alembic import command

        with self.writing():
            command.upgrade(self._alembic(), "head")

    def _alembic(self) -> "Config":
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", "allegedly.ledger:migrations")
        config.attributes["connection"] = self.connection
        return config

    # --- errors ---

    @contextmanager
    def _spoken(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise self._failure(error) from error

    def _failure(self, error: DBAPIError) -> LedgerError:
        said = " ".join(str(error.orig).split())
        state = getattr(error.orig, "sqlstate", None)
        for signs, kind, reason, advice in FAILURES:
            if any(state.startswith(sign) if state else not sign[0].isdigit() and sign in said for sign in signs):
                return LedgerError(self.name, kind, reason, advice)
        return LedgerError(self.name, "other", f"the database said: {said[:300].rstrip('.')}", "If this comes again, please report it")
