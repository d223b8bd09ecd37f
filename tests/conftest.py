"""Shared fixtures: one reading of an article of our own, built by hand, with every record that the schema knows."""

import gc
import os
import re
import shutil
import subprocess
import tempfile
import time
import tomllib
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest

from allegedly.records import (
    Article,
    Attribution,
    Dateline,
    Entity,
    Evaluation,
    Event,
    Genre,
    Mention,
    Note,
    Quantity,
    Reader,
    Reading,
    Reason,
    Span,
    Statement,
    Token,
    Translation,
    Unread,
    When,
    Where,
    Wording,
)


def seconds(work: Callable[[], object]) -> float:
    """The seconds of processor time that work takes: the best of three, and no other test's rubbish is collected meanwhile."""
    spent = []
    gc.collect()
    gc.disable()
    try:
        for _ in range(3):
            start = time.process_time()
            work()
            spent.append(time.process_time() - start)
    finally:
        gc.enable()
    return min(spent)


MISREAD = tomllib.loads((Path(__file__).parent / "misread.toml").read_text("utf8"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Expects the failures that `misread.toml` lists."""
    for item in items:
        cause = next((cause for cause, ids in MISREAD.items() if any(one in item.name for one in ids)), None)
        if cause:
            item.add_marker(pytest.mark.xfail(strict=True, reason=f"the model's {cause} (tests/misread.toml)"))


TITLE = "Ardovia denies shelling Osk bridge"
TEXT = "\n\n".join(
    (
        "VELM, 10 May - President Maren Halvik denied on Sunday that the Ardovian army had shelled the bridge at Osk, "
        "where eleven people died.",
        'Officials in Tolmere said Ambassador Leo Hartmann had told them that Velm "did not trust" the Eastern Assembly Front (EAF). '
        "The Front plans to attend talks in Brennia on 20 May. If Kestria closes its border, the valley will starve.",
        'The regime didn\'t let a single truck pass. Its "security zone" is a blockade, because it starves forty thousand people. '
        "Brennia should suspend arms exports.",
        "The opinions expressed here are the author's own.",
        "Leave a comment",
        "Дальше по-русски.",
    )
)


def in_title(words: str) -> Span:
    """Where the words stand in the title."""
    start = TITLE.index(words)
    return start, start + len(words)


CONTRACTION = re.compile(r"\w+(?=n't\b)|n't\b|\w+|[^\w\s]")


def at(words: str, nth: int = 0, text: str = TEXT) -> Span:
    """Where the words stand in the text, the nth time they occur."""
    start = -1
    for _ in range(nth + 1):
        start = text.index(words, start + 1)
    return start, start + len(words)


def tokens_of(text: str, sentences: tuple[Span, ...]) -> tuple[Token, ...]:
    """Words with a flat tree: each hangs on its sentence's first. "didn't" is two words that share one surface word."""
    out: list[Token] = []
    for number, (start, end) in enumerate(sentences):
        first = len(out)
        for found in CONTRACTION.finditer(text, start, end):
            root = len(out) == first
            out.append(
                Token(
                    found.start(),
                    found.end(),
                    found[0],
                    {"n't": "not", "did": "do"}.get(found[0], found[0].lower()),
                    "PUNCT" if not found[0][0].isalnum() and found[0] != "n't" else "X",
                    "Polarity=Neg" if found[0] == "n't" else "",
                    -1 if root else first,
                    "root" if root else "dep",
                    number,
                    found[0] == "n't",
                )
            )
    return tuple(out)


def sentences_of(text: str) -> tuple[Span, ...]:
    return tuple((m.start(), m.end()) for m in re.finditer(r"[^\s](?:[^\n]*?[.!?](?=\s|$)|[^\n]*)", text))


def statement(id: str, predicate: str, lemma: str, **more: object) -> Statement:
    given: dict[str, object] = {
        "within": "text",
        "actor": (),
        "recipient": (),
        "object": (),
        "actor_entities": (),
        "recipient_entities": (),
        "event": None,
        "polarity": "affirmed",
        "status": "actual",
        "sure_rule": "plain",
        "sure_score": 0.91234567,
        "voice": "author",
        "sourcing": "none",
    }
    source = TITLE if more.get("within") == "title" else TEXT
    spans = tuple(at(part, text=source) for part in predicate.split("|"))
    return Statement(id=id, predicate=spans, lemma=lemma, **{**given, **more})  # type: ignore[arg-type]


def build_article(id: str = "osk-1") -> Article:
    return Article(
        id=id,
        text=TEXT,
        url="https://news.example/osk?a=1&b=2",
        title=TITLE,
        outlet="The Osk Fixture",
        authors=("Ada Quill", "Bo Reeve"),
        published="2026-05-10",
        modified="2026-05-10T12:00:00+00:00",
        dateline=Dateline("Velm", "2026-05-10"),
        language="en",
        translation=Translation("xx", "human"),
        genre=Genre("opinion", 0.8123456, (at("The opinions expressed here are the author's own."),)),
        notes=(
            Note("disclaimer", *at("The opinions expressed here are the author's own."), "disclaimer.opinions"),
            Note("furniture", *at("Leave a comment"), "furniture.comment"),
        ),
    )


def build_entities() -> tuple[tuple[Mention, ...], tuple[Entity, ...]]:
    said = (
        ("m1", "President Maren Halvik", "person", "e1"),
        ("m2", "the Ardovian army", "organization", "e2"),
        ("m3", "Ambassador Leo Hartmann", "person", "e3"),
        ("m4", "Eastern Assembly Front", "organization", "e4"),
        ("m5", "EAF", "organization", "e4"),
        ("m6", "The Front", "organization", "e4"),
        ("m7", "Kestria", "country", "e5"),
        ("m8", "Brennia", "country", "e6"),
        ("m9", "The regime", "group", "e7"),
    )
    mentions = tuple(
        Mention(name, *at(words), head=at(words.split()[-1]), type=kind, named=words[0].isupper(), entity=entity, score=0.9)  # type: ignore[arg-type]
        for name, words, kind, entity in said
    )
    entities = (
        Entity("e1", "Maren Halvik", "person", None, "GOV", ("President Maren Halvik",), ("m1",), "names.surname"),
        Entity("e2", "Ardovian army", "organization", None, "MIL", (), ("m2",), "names.nominal"),
        Entity("e3", "Leo Hartmann", "person", None, "GOV", (), ("m3",), "names.surname"),
        Entity("e4", "Eastern Assembly Front", "organization", None, "REB", ("EAF", "The Front"), ("m4", "m5", "m6"), "names.acronym"),
        Entity("e5", "Kestria", "country", None, None, (), ("m7",), "names.exact"),
        Entity("e6", "Brennia", "country", None, None, (), ("m8",), "names.exact"),
        Entity("e7", "The regime", "group", None, "GOV", (), ("m9",), "names.nominal"),
    )
    return mentions, entities


def build_attributions() -> tuple[Attribution, ...]:
    shelled = at("that the Ardovian army had shelled the bridge at Osk, where eleven people died")
    told = at('Ambassador Leo Hartmann had told them that Velm "did not trust" the Eastern Assembly Front (EAF)')
    trust = at('that Velm "did not trust" the Eastern Assembly Front (EAF)')
    return (
        Attribution("a1", (at("President Maren Halvik"),), (at("denied"),), (shelled,), "e1", "indirect", "denies", None, 0.93),
        Attribution("a2", (at("Officials in Tolmere"),), (at("said"),), (told,), None, "indirect", "says", None, 0.88),
        Attribution("a3", (at("Ambassador Leo Hartmann"),), (at("had told"),), (trust,), "e3", "mixed", "says", "a2", 0.7),
        Attribution(
            "a4",
            (in_title("Ardovia"),),
            (in_title("denies"),),
            (in_title("shelling Osk bridge"),),
            None,
            "indirect",
            "denies",
            None,
            0.8,
            "title",
        ),
    )


def build_statements() -> tuple[Statement, ...]:
    assault = Event("ASSAULT", "ASSAULT", "heavy-weapons", ("military",), 4, "shell-target", 0.9)
    agree = Event("AGREE", "CONSULT", None, (), 1, "attend-talks", 0.7)
    return (
        statement(
            "s0", "shelling", "shell", within="title", recipient=(in_title("Osk bridge"),), event=assault, polarity="negated", voice="a4"
        ),
        statement(
            "s1",
            "had shelled",
            "shell",
            actor=(at("the Ardovian army"),),
            recipient=(at("the bridge at Osk"),),
            actor_entities=("e2",),
            event=assault,
            polarity="negated",
            voice="a1",
            sourcing="named",
            place=Where("Osk", None, 45.123456, -12.5, "city", at("Osk"), "places.exact"),
        ),
        statement(
            "s2",
            "died",
            "die",
            actor=(at("eleven people"),),
            quantities=(Quantity(11.0, None, None, "people", "deaths", at("eleven")),),
            voice="a1",
            sourcing="named",
        ),
        statement(
            "s3",
            "did not trust",
            "trust",
            actor=(at("Velm"),),
            recipient=(at("the Eastern Assembly Front (EAF)"),),
            recipient_entities=("e4",),
            polarity="negated",
            voice="a3",
            sourcing="named",
        ),
        statement(
            "s4",
            "attend",
            "attend",
            actor=(at("The Front"),),
            object=(at("talks in Brennia"),),
            actor_entities=("e4",),
            event=agree,
            status="planned",
            time=When("2026-05-20", "2026-05-20", "day", at("20 May"), "dates.day"),
        ),
        statement(
            "s5", "closes", "close", actor=(at("Kestria"),), object=(at("its border"),), actor_entities=("e5",), status="conditional"
        ),
        statement("s6", "starve", "starve", actor=(at("the valley"),), status="conditional"),
        statement(
            "s7",
            "let|pass",
            "let",
            actor=(at("The regime"),),
            recipient=(at("a single truck"),),
            actor_entities=("e7",),
            polarity="negated",
        ),
        statement("s8", "starves", "starve", actor=((at("it starves")[0], at(" starves")[0]),), recipient=(at("forty thousand people"),)),
        statement(
            "s9", "suspend", "suspend", actor=(at("Brennia", 1),), object=(at("arms exports"),), actor_entities=("e6",), status="demanded"
        ),
    )


def build_reading(id: str = "osk-1") -> Reading:
    mentions, entities = build_entities()
    sentences = sentences_of(TEXT)
    return Reading(
        article=build_article(id),
        sentences=sentences,
        mentions=mentions,
        entities=entities,
        attributions=build_attributions(),
        statements=build_statements(),
        evaluations=(Evaluation("v1", "author", (at("The regime"),), "e7", -1, 0.8, (at("regime"),)),),
        wording=(
            Wording("w1", "label", *at("The regime"), "e7", "labels.regime", 1.0),
            Wording("w2", "scare_quotes", *at('"security zone"'), None, "quotes.scare", 0.75),
        ),
        reasons=(Reason("r1", "s8", "s7", "supports", at("because"), "markers.because", 0.66666),),
        thesis="s9",
        unread=(Unread(*at("Дальше по-русски."), "not English"),),
        reader=Reader("0.1.0", "0" * 64, "1" * 64),
        tokens=tokens_of(TEXT, sentences),
    )


@pytest.fixture
def reading() -> Reading:
    return build_reading()


@pytest.fixture
def make_reading() -> Callable[[str], Reading]:
    return build_reading


# --- a PostgreSQL server of our own ----------------------------------------------------------------------------------


def _server_tools() -> Path | None:
    """The folder of the newest PostgreSQL server's programs, where one is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a temporary server (as far as the name of the database), started as user postgres; it listens on a socket only."""
    tools = _server_tools()
    if tools is None:
        pytest.skip("*** no PostgreSQL server is installed: the ledger is NOT tested on PostgreSQL ***")
    if os.geteuid() == 0 and shutil.which("runuser") is None:
        pytest.skip("*** no runuser to start PostgreSQL with: the ledger is NOT tested on PostgreSQL ***")
    home = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # a socket's path is short
    own = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if own:
        shutil.chown(home, "postgres")
    data, options = home / "data", f"-c listen_addresses='' -c unix_socket_directories='{home}' -c fsync=off -c shared_buffers=64MB"
    run = partial(subprocess.run, check=True, capture_output=True, cwd=home, timeout=120)
    try:
        run([*own, str(tools / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"])
        run([*own, str(tools / "pg_ctl"), "-D", str(data), "-o", options, "-l", str(home / "log"), "-w", "start"])
        try:
            yield f"postgresql://postgres@/{{}}?host={home}"
        finally:
            run([*own, str(tools / "pg_ctl"), "-D", str(data), "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def postgresql(postgresql_server: str) -> Iterator[str]:
    """The address of an empty database."""
    yield from _database(postgresql_server, "template1")


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """The name of a database with an empty ledger, which is copied: making tables takes time."""
    from allegedly.ledger import Ledger

    _say(postgresql_server, "CREATE DATABASE ledger")
    Ledger.open(postgresql_server.format("ledger"), create=True).close()
    return "ledger"


@pytest.fixture
def postgresql_ledger(postgresql_server: str, postgresql_template: str) -> Iterator[str]:
    """The address of a database with an empty ledger."""
    yield from _database(postgresql_server, postgresql_template)


def _database(server: str, template: str) -> Iterator[str]:
    name = f"t{uuid.uuid4().hex}"
    _say(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield server.format(name)
    _say(server, f"DROP DATABASE {name} WITH (FORCE)")


def _say(server: str, sql: str) -> None:
    import psycopg

    with psycopg.connect(server.format("postgres"), autocommit=True) as connection:
        connection.execute(sql.encode())


@pytest.fixture(scope="session")
def ledger_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with an empty ledger, which is copied."""
    from allegedly.ledger import Ledger

    path = tmp_path_factory.mktemp("ledger") / "empty.db"
    Ledger.open(path, create=True).close()
    return path


@pytest.fixture
def empty_ledger(ledger_template: Path, tmp_path: Path) -> str:
    """The path of a file with an empty ledger."""
    return str(shutil.copy(ledger_template, tmp_path / "ledger.db"))
