"""The web application: its pages in three forms, how it is guarded, and how it answers what is wrong."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from test_ask import ARTICLES
from test_record import jsonl, run

from allegedly.web import create


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four articles, read by the package's own reader."""
    folder = tmp_path_factory.mktemp("web")
    assert run("add", "-l", folder / "l.db", jsonl(folder / "articles.jsonl", ARTICLES)).exit_code == 0
    return folder / "l.db"


@pytest.fixture(scope="module")
def client(ledger: Path) -> Iterator[TestClient]:
    with TestClient(create(ledger), base_url="http://127.0.0.1:8765") as client:
        yield client


def test_a_page_its_json_and_its_csv_say_the_same(client: TestClient) -> None:
    page, plain, table = (client.get(path) for path in ("/matters?every=true", "/api/matters?every=true", "/matters?every=true&format=csv"))
    assert [one.status_code for one in (page, plain, table)] == [200, 200, 200]
    rows = plain.json()["rows"]
    assert [str(row["matter"]) for row in rows] == [row["matter"] for row in csv.DictReader(io.StringIO(table.text))] != []
    assert all(f'/matters/{row["matter"]}"' in page.text for row in rows)


def test_another_name_is_refused(client: TestClient) -> None:
    found = client.get("/api/matters", headers={"Host": "evil.example"})
    assert (found.status_code, found.headers["content-type"]) == (400, "application/problem+json")
