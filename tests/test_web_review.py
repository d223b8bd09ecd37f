"""Adding, reviewing, deciding and validating in the browser: forms without script, JSON for programs, one writer, nothing overwritten."""

import csv
import io
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from test_review import called

from allegedly.compare.claims import claims
from allegedly.errors import InputError
from allegedly.ingest.jobs import Job, Jobs, Order, pasted
from allegedly.inquiry.comparing import compare
from allegedly.ledger import Entry, Ledger
from allegedly.web import create
from allegedly.web.adding import _name
from allegedly.web.security import Rules

HERE = "http://127.0.0.1:8765"
TEXT = "VELM, 12 May - Defence Minister Tomas Ridel denied on Tuesday that the army had shelled the bridge at Osk."


@pytest.fixture
def ledger(empty_ledger: str) -> str:
    """Three articles: two of one president, one of another."""
    with Ledger.open(empty_ledger) as opened, opened.writing():
        for article, name in (("n1", "Maren Halvik"), ("n2", "Selma Orlova"), ("n3", "Maren Halvik")):
            reading = called(article, name)
            opened.add([Entry(reading, None, claims(reading))])
        compare(opened)
    return empty_ledger


@pytest.fixture
def client(ledger: str) -> Iterator[TestClient]:
    with TestClient(create(ledger, rules=Rules(user="Ann")), base_url=HERE, follow_redirects=False) as opened:
        yield opened


def finding(client: TestClient, quote: str, kind: str = "statement", article: str = "n1") -> dict[str, Any]:
    found = client.get("/api/review", params={"state": "", "kind": kind, "article": article, "limit": 500}).json()["rows"]
    return next(row for row in found if row["quotation"] == quote)


def decide(client: TestClient, row: dict[str, Any], state: str, **more: str) -> Any:
    given = {name: row[name] for name in ("article", "kind", "finding", "start")}
    return client.post("/api/review", data=given | {"state": state} | more)


# --- reviewing -------------------------------------------------------------------------------------------------------


def test_the_queue_is_a_page_json_and_csv(client: TestClient) -> None:
    page, rows, table = (client.get(f"{path}kind=wording") for path in ("/review?", "/api/review?", "/review?format=csv&"))
    assert [one.status_code for one in (page, rows, table)] == [200, 200, 200]
    listed = rows.json()["rows"]
    assert [row["quotation"] for row in listed] == [row["quotation"] for row in csv.DictReader(io.StringIO(table.text))]
    assert {row["review"] for row in listed} == {"unreviewed"}
    assert page.text.count('value="accepted"') == len(listed) == 6
    assert "style=" not in page.text


def test_pages_of_the_queue_follow_one_another(client: TestClient) -> None:
    seen, path = [], "/api/review?limit=9"
    while path:
        answer = client.get(path).json()
        seen += [(row["article"], row["kind"], row["finding"]) for row in answer["rows"]]
        path = answer["next"]
    assert len(seen) == len(set(seen)) == 3 * 25


def test_deciding_without_script(client: TestClient) -> None:
    """A form's answer leads back to where it was; every decision has who and when, and none goes."""
    row = finding(client, "attend")
    given = {name: row[name] for name in ("article", "kind", "finding", "start")}
    for state in ("accepted", "rejected", "unreviewed"):
        answer = client.post("/review", data=given | {"state": state, "note": f"so <b>{state}</b>", "back": "/review?kind=statement#f-2"})
        assert (answer.status_code, answer.headers["location"]) == (303, "/review?kind=statement#f-2")
    place = {name: row[name] for name in ("article", "kind", "finding")}
    assert client.get("/review/finding", params=place | {"finding": "s999"}).status_code == 404
    assert client.get("/review/finding", params=place | {"article": "nobody's"}).status_code == 404
    page = client.get("/review/finding", params=place)
    assert [line for line in ("accepted by Ann", "rejected by Ann", "taken back by Ann") if line in page.text] == [
        *("accepted by Ann", "rejected by Ann", "taken back by Ann"),
    ]
    assert "<b>accepted</b>" not in page.text
    decided = client.get("/api/decisions/findings").json()["rows"]
    assert [(one["state"], one["by"]) for one in decided] == [("unreviewed", "Ann"), ("rejected", "Ann"), ("accepted", "Ann")]
    elsewhere = client.post("/review", data=given | {"state": "accepted", "back": "https://evil.example/"})
    assert elsewhere.headers["location"] == "/"


def test_filters_by_what_was_decided(client: TestClient) -> None:
    assert decide(client, finding(client, "attend"), "accepted").json()["review"] == "accepted"
    for state, count in (("accepted", 1), ("rejected", 0), ("unreviewed", 74)):
        assert len(client.get("/api/review", params={"state": state, "limit": 500}).json()["rows"]) == count
    assert client.get("/api/review?state=maybe").status_code == 422
    assert client.get("/api/review?after=x").status_code == 422
    unsure = client.get("/api/review", params={"most": 0.75, "limit": 500}).json()["rows"]
    assert unsure
    assert all(row["score"] <= 0.75 for row in unsure)


def test_an_edit_from_the_page(client: TestClient) -> None:
    row = finding(client, "attend")
    page = client.get("/review/finding", params={name: row[name] for name in ("article", "kind", "finding")}).text
    given = {name: row[name] for name in ("article", "kind", "finding", "start")} | {"whole": "true", "state": "edited"}
    for name, value in re.findall(r'<input name="(said_\w+)" value="([^"]*)"', page):
        given[name] = value
    for name, options in re.findall(r'<select name="(said_\w+)">(.*?)</select>', page, re.DOTALL):
        given[name] = next(iter(re.findall(r'value="([^"]*)" selected', options)), "")
    assert client.post("/review", data=given).status_code == 409  # nothing was changed
    assert client.post("/review", data=given | {"said_status": "actual"}).status_code == 303
    assert client.post("/review", data=given | {"said_status": "sure"}).status_code == 422
    after = finding(client, "attend")
    assert (after["review"], after["status"]) == ("edited", "actual")
    marked = client.get("/article", params={"id": "n1"}).text
    assert "edited by Ann" in marked


def test_statements_in_lists_say_what_was_decided_of_them(client: TestClient) -> None:
    assert decide(client, finding(client, "attend"), "accepted").status_code == 200
    matters = client.get("/api/matters?every=true&limit=500").json()["rows"]
    pages = [client.get(f"/matters/{row['matter']}").text for row in matters]
    assert [page.count("accepted by Ann") for page in pages if "attend talks" in page] == [1]


def test_a_finding_that_is_another_by_now_is_not_decided(client: TestClient) -> None:
    row = finding(client, "attend")
    assert decide(client, row | {"start": row["start"] + 1}, "accepted").status_code == 409
    assert decide(client, row | {"finding": "s99"}, "accepted").status_code == 404
    assert decide(client, row | {"article": "none"}, "accepted").status_code == 404
    assert client.get("/api/decisions/findings").json()["rows"] == []


def test_adding_a_finding(client: TestClient) -> None:
    assert client.get("/review/add?article=n1&kind=wording").status_code == 200
    given = {"article": "n1", "kind": "wording", "quote": "blockade", "said_kind": "loaded", "note": "missed"}
    answer = client.post("/review/add", data=given)
    assert answer.status_code == 303
    assert client.get(answer.headers["location"]).status_code == 200
    assert client.post("/review/add", data=given | {"quote": "not there"}).status_code == 409
    row = finding(client, "blockade", "wording")
    assert (row["review"], row["by"], row["note"]) == ("added", "Ann", "missed")
    assert decide(client, row, "unreviewed").json()["review"] == "added"  # it is shown as it was, and gone from the next page on
    assert client.get("/api/review", params={"state": "added"}).json()["rows"] == []


def test_another_site_cannot_decide(client: TestClient) -> None:
    row = finding(client, "attend")
    given = {name: row[name] for name in ("article", "kind", "finding")} | {"state": "rejected"}
    for path in ("/review", "/review/add", "/entities/1/decide", "/add/text", "/add/files", "/validate", "/decisions/1/withdraw"):
        assert client.post(path, data=given, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
        assert client.post(path, data=given, headers={"Origin": "https://evil.example"}).status_code == 403


def test_a_rejected_statement_counts_in_no_matter(client: TestClient) -> None:
    def counts() -> dict[int, int]:
        return {row["matter"]: row["articles"] for row in client.get("/api/matters?every=true&limit=500").json()["rows"]}

    before = counts()
    row = finding(client, "attend", article="n2")
    assert decide(client, row, "rejected").status_code == 200
    after = counts()
    changed = {number for number in before if before[number] != after.get(number)}
    assert [before[number] - after[number] for number in changed] == [1]
    assert decide(client, finding(client, "attend", article="n2"), "unreviewed").status_code == 200
    assert counts() == before


# --- deciding --------------------------------------------------------------------------------------------------------


def test_names_are_merged_and_split_from_their_page(client: TestClient) -> None:
    people = {row["name"]: row["identity"] for row in client.get("/api/entities?every=true").json()["rows"]}
    halvik, orlova = people["Maren Halvik"], people["Selma Orlova"]
    page = client.get(f"/entities/{halvik}/decide", params={"q": "Selma Orlova"})
    assert f'name="others" value="{orlova}"' in page.text
    answer = client.post(f"/entities/{halvik}/decide", data={"do": "merge", "others": orlova, "note": "the same"})
    assert answer.status_code == 303
    now = answer.headers["location"]
    assert client.get(now.replace("/entities", "/api/entities")).json()["articles"] == 3
    (row,) = client.get("/api/decisions").json()["rows"]
    assert (row["kind"], row["by"], row["note"]) == ("merge", "Ann", "the same")
    assert client.post(f"/decisions/{row['number']}/withdraw", data={"back": "/decisions"}).status_code == 303
    assert client.post(f"/decisions/{row['number']}/withdraw").status_code == 409
    assert client.get(f"/api/entities/{orlova}/decide").json()["articles"] == 1
    assert client.post(f"/entities/{halvik}/decide", data={"do": "split", "articles": "n3"}).status_code == 303
    assert client.get(f"/api/entities/{halvik}/decide").json()["articles"] == 1
    assert client.post(f"/api/entities/{halvik}/decide", data={"do": "split", "articles": "n1"}).status_code == 409
    assert client.get("/entities/999/decide").status_code == 404


@pytest.mark.parametrize("path", ["/matters/1/decide", "/stories/1/decide"])
def test_matters_and_stories_have_a_page_for_decisions(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 200
    assert client.post(path, data={"do": "note", "note": "look again"}).status_code == 303
    assert "look again" in client.get(path).text
    assert client.post(path, data={"do": "note", "note": ""}).status_code == 422
    assert client.post(path, data={"do": "reject", "articles": "n2"}).status_code == 303
    assert all(row["article"] != "n2" for row in client.get(f"/api{path}").json()["rows"])


# --- validation ------------------------------------------------------------------------------------------------------


def test_a_sample_is_coded_on_the_page_and_by_sheet(client: TestClient) -> None:
    where = client.post("/validate", data={"size": "12", "seed": "1"}).headers["location"]
    assert where == "/validate/1"
    sheet = client.get("/validate/1/sheet.csv")
    rows = list(csv.DictReader(io.StringIO(sheet.text.lstrip("\ufeff"), newline="")))
    assert len(rows) == 12
    page = client.get("/validate/1/code")
    assert rows[0]["sentence"][:20] in page.text
    assert not re.search(r'type="checkbox"[^>]* checked', page.text)
    answer = client.post("/validate/1/code", data={"unit": "1", "acts": ["ASSAULT", "CONSULT"], "voice": "source"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/validate/1/code?unit=2")
    assert client.get("/api/validate/1/code?unit=1").json()["answers"] == {"acts": "ASSAULT; CONSULT", "voice": "source"}
    client.post("/validate/1/code", data={"unit": "2", "acts": "none"})
    assert 'name="acts" value="none" checked' in client.get("/validate/1/code?unit=2").text
    assert client.post("/validate/1/code", data={"unit": "1", "acts": ["none", "CONSULT"]}).status_code == 422
    assert client.post("/validate/1/code", data={"unit": "99", "acts": "none"}).status_code == 404
    for row in rows:
        row |= {"acts": "none", "voice": "author"}
    filled = io.StringIO()
    table = csv.DictWriter(filled, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    files = {"file": ("ben.csv", filled.getvalue().encode())}
    assert client.post("/api/validate/1/sheet", files=files, data={"coder": "Ben"}).json() == {"coder": "Ben", "units": 12}
    assert client.post("/validate/1/sheet", files={"file": ("x.csv", b"\x00\x01")}, data={"coder": "Ben"}).status_code == 409
    report = client.get("/api/validate/1").json()
    assert report["coders"] == {"Ann": 2, "Ben": 12}
    assert {row["question"] for row in report["agreement"]} == {"acts", "voice"}
    assert client.get("/validate/1").status_code == 200
    assert client.get("/validate/1?adjudicator=Ben").status_code == 200
    assert client.get("/validate/1?adjudicator=Zed").status_code == 404
    assert client.get("/validate/2").status_code == 404


# --- adding ----------------------------------------------------------------------------------------------------------


def over(client: TestClient, path: str, seconds: float = 300) -> dict[str, Any]:
    """A job, once it is over."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        job: dict[str, Any] = client.get(path.replace("/add/", "/api/add/")).json()
        if job["over"]:
            return job
        time.sleep(0.2)
    raise AssertionError(f"the job is not over: {job}")


def balanced(job: dict[str, Any]) -> bool:
    return bool(job["seen"] == job["stored"] + job["duplicate"] + job["refused"] + job["failed"])


def test_texts_files_and_addresses_are_added_one_after_the_other(empty_ledger: str, tmp_path: Path) -> None:
    """In one process; meanwhile pages are answered. What was not stored is named with the reason, and never by a path of the server."""
    with TestClient(create(empty_ledger, rules=Rules(user="Ann")), base_url=HERE, follow_redirects=False) as client:
        about = {"text": TEXT, "title": "Ridel denies", "outlet": "Velm Courier", "published": "2026-05-12"}
        texts = [client.post("/add/text", data=about).headers["location"] for _ in range(2)]
        files = [
            ("files", ("../../etc/one.txt", TEXT.replace("Osk", "Tarn").encode())),
            ("files", ("C:\\two.exe", b"MZ\x00")),
            ("files", ("three.jsonl", b'{"id": "x", "text": "Kestria closed its border on Sunday, officials in Tolmere said."}\n{broken')),
        ]
        sent = client.post("/add/files", files=files).headers["location"]
        private = client.post("/api/add/address", data={"address": "http://127.0.0.1:9/page"})
        assert private.status_code == 202
        assert client.get("/add").status_code == 200
        assert client.get(sent).status_code == 200
        first, second, third = (over(client, path) for path in (*texts, sent))
        fourth = over(client, f"/add/jobs/{private.json()['job']}")
        assert all(map(balanced, (first, second, third, fourth)))
        assert (first["stored"], second["duplicate"]) == (1, 1)
        assert (third["seen"], third["stored"]) == (4, 2)
        assert {line["name"] for line in third["lines"]} >= {"two.exe"}
        assert all(line["reason"] and "/tmp" not in f"{line}" for line in third["lines"])
        assert (fourth["seen"], fourth["stored"]) == (1, 0)
        assert [row["job"] for row in client.get("/api/add").json()["rows"]] == [4, 3, 2, 1]
        assert 'href="/#new"' in client.get(texts[0]).text
        assert 'id="new"' in client.get("/").text
        found = client.get("/api/search?q=Ridel").json()
        assert "Velm Courier" in f"{found}"
    with Ledger.open(empty_ledger) as ledger:
        assert ledger.check() == []
        assert ledger.status()["articles"] == 3


def test_jobs_add_to_postgresql(postgresql_ledger: str) -> None:
    """The page's process writes there as into a file; decisions about what it added are made from the page."""
    with TestClient(create(postgresql_ledger, rules=Rules(user="Ann")), base_url=HERE, follow_redirects=False) as client:
        jobs = [client.post("/add/text", data={"text": TEXT, "title": "Ridel denies", "outlet": name}).headers["location"] for name in "AA"]
        first, second = (over(client, path) for path in jobs)
        assert (first["stored"], second["duplicate"], balanced(first), balanced(second)) == (1, 1, True, True)
        row = client.get("/api/review", params={"kind": "statement"}).json()["rows"][0]
        assert decide(client, row, "rejected").json()["review"] == "rejected"
        assert client.get("/api/review", params={"state": "rejected"}).json()["rows"][0]["by"] == "Ann"
    with Ledger.open(postgresql_ledger) as ledger:
        assert ledger.check() == []


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/add/text", {"text": "  "}),
        ("/add/text", {"text": TEXT, "url": "file:///etc/passwd"}),
        ("/add/address", {"address": "/etc/passwd"}),
        ("/add/address", {"address": "file:///etc/passwd"}),
        ("/add/address", {"address": "http://a b"}),
        ("/add/feed", {"address": "feed.xml"}),
        ("/add/files", {}),
    ],
)
def test_what_cannot_be_added_begins_no_job(client: TestClient, path: str, data: dict[str, str]) -> None:
    assert client.post(path, data=data).status_code == 422
    assert client.get("/api/add").json()["rows"] == []


def test_names_of_files_are_no_paths() -> None:
    for given, shown in (
        ("../../etc/passwd", "passwd"),
        ("C:\\a\\b.txt", "b.txt"),
        ("", "file"),
        ("a\x00\nb.txt", "ab.txt"),
        ("/", "file"),
    ):
        assert _name(given) == shown


def test_a_feed_is_looked_at_again(empty_ledger: str, monkeypatch: pytest.MonkeyPatch) -> None:
    page = f"<html><head><title>Ridel denies</title></head><body><article><h1>Ridel denies</h1><p>{TEXT}</p><p>{TEXT}</p></article></body></html>"

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            feed = f'<rss version="2.0"><channel><title>t</title><item><link>http://127.0.0.1:{port}/a</link></item></channel></rss>'
            robots = self.path == "/robots.txt"
            body, kind = ("", "text/plain") if robots else (feed, "application/rss+xml") if self.path == "/feed" else (page, "text/html")
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Site)
    port = server.server_port
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr("allegedly.ingest.jobs.EVERY", 1.0)
    jobs = Jobs(empty_ledger, private=True)
    try:
        first = jobs.watch(f"http://127.0.0.1:{port}/feed", by="Ann")
        until = time.monotonic() + 300
        while time.monotonic() < until and not (len(jobs.jobs) > 1 and jobs.jobs[2].over):
            time.sleep(0.2)
        assert (first.state, first.tally.stored, first.tally.balanced) == ("done", 1, True)
        assert (jobs.jobs[2].state, jobs.jobs[2].tally.stored) == ("done", 0)
        jobs.unwatch(f"http://127.0.0.1:{port}/feed")
    finally:
        jobs.close()
        server.shutdown()
        server.server_close()
    with Ledger.open(empty_ledger) as ledger:
        assert [one.url for one in ledger.feeds()] == [f"http://127.0.0.1:{port}/feed"]


def test_too_many_jobs_wait_for_none(empty_ledger: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("allegedly.ingest.jobs.WAITING", 2)
    jobs = Jobs(empty_ledger)
    monkeypatch.setattr(jobs, "_work", lambda: time.sleep(60))
    removed: list[int] = []
    begun = [jobs.add([pasted(TEXT)], what="a", by="Ann", after=lambda: removed.append(1)) for _ in range(2)]
    with pytest.raises(InputError, match="2 jobs wait"):
        jobs.add([pasted(TEXT)], what="b", by="Ann")
    jobs.stop(1)
    assert (begun[0].state, removed) == ("stopped", [1])
    jobs.close(patience=0)
    assert [one.state for one in begun] == ["stopped", "stopped"]
    assert removed == [1, 1]


def test_a_job_names_what_was_not_stored_up_to_a_number() -> None:
    from allegedly.ingest import Seen

    job = Job(1, "Ann", "files", (Order("file", "a.txt"),), 0.0)
    for number in range(300):
        job.note(Seen(f"{number}.txt", "refused", "of a kind that is not read"))
    job.note(Seen("good.txt", "stored"))
    assert (len(job.lines), job.unnamed, job.tally.refused, job.tally.stored) == (200, 100, 300, 1)


SERVER = """
import sys
from allegedly.ingest.jobs import Jobs, pasted
import time
if __name__ == "__main__":
    jobs = Jobs(sys.argv[1])
    text = open(sys.argv[2]).read()
    job = jobs.add([pasted(text + f" Number {n}.") for n in range(400)], what="many", by="Ann")
    while not job.over:
        print(job.opened, job.tally.stored, flush=True)
        time.sleep(0.1)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_server_that_is_killed_leaves_a_clean_ledger(empty_ledger: str, tmp_path: Path) -> None:
    """The process that reads notices that its parent is gone, and goes without a trace of the batch it was on."""
    (tmp_path / "server.py").write_text(SERVER)
    (tmp_path / "text.txt").write_text(TEXT)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    server = subprocess.Popen(
        [sys.executable, tmp_path / "server.py", empty_ledger, tmp_path / "text.txt"], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert server.stdout is not None
    for line in server.stdout:
        if int(line.split()[0]) > 2:
            break
    server.send_signal(signal.SIGKILL)
    server.wait(30)
    server.stdout.close()
    until = time.monotonic() + 60
    while True:  # until nobody holds the ledger
        try:
            with sqlite3.connect(empty_ledger, timeout=1) as raw:
                raw.execute("BEGIN IMMEDIATE")
                raw.rollback()
            raw.close()
            break
        except sqlite3.OperationalError:
            raw.close()
            assert time.monotonic() < until
    with Ledger.open(empty_ledger) as ledger:
        assert ledger.check() == []


def test_a_server_that_is_stopped_keeps_what_was_read(empty_ledger: str) -> None:
    jobs = Jobs(empty_ledger)
    job = jobs.add([pasted(f"{TEXT} Number {number}.") for number in range(300)], what="many", by="Ann")
    until = time.monotonic() + 300
    while job.opened < 3 and time.monotonic() < until:
        time.sleep(0.1)
    jobs.close(patience=120)
    assert job.state == "stopped"
    assert job.tally.balanced
    with Ledger.open(empty_ledger) as ledger:
        assert ledger.status()["articles"] == job.tally.stored
        assert ledger.check() == []
