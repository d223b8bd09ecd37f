"""Pictures: what they count and what they leave out, that nothing is drawn as a plain fact, and that they are the same everywhere."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from test_ask import ARTICLES
from test_record import jsonl, run

from allegedly.inquiry import series, ties
from allegedly.inquiry.series import Counted, stretches
from allegedly.inquiry.ties import Edge, Network, Node
from allegedly.ledger import Filters, Ledger
from allegedly.reading.atlas import Atlas
from allegedly.web import create
from allegedly.web.pictures import figures, land, lanes, marks, world
from allegedly.web.pictures.force import layout
from allegedly.web.pictures.routes import homes

MORE = [
    {
        "id": "star-2",
        "outlet": "Veldania Star",
        "published": "2026-03-09",
        "title": "Talks",
        "text": "Governor Edda Marlow met General Oskar Brandt in Geneva on Sunday. The governor did not thank Norland. "
        "Veldania will send grain to Norland if Norland attacks Tamar.",
    }
]
PATHS = ("time", "network", "agreement", "places")


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    assert run("add", "-l", folder / "l.db", jsonl(folder / "articles.jsonl", [*ARTICLES, *MORE])).exit_code == 0
    return folder / "l.db"


@pytest.fixture(scope="module")
def ledger(where: Path) -> Iterator[Ledger]:
    with Ledger.open(where) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(where: Path) -> Iterator[TestClient]:
    with TestClient(create(where), base_url="http://127.0.0.1:8765") as client:
        yield client


# --- what is counted -------------------------------------------------------------------------------------------------


def test_what_is_negated_or_open_is_counted_only_where_it_is_asked_for(ledger: Ledger) -> None:
    found = series.over_time(ledger)
    assert {row.standing for row in found.rows} == {"happened"}
    every = series.over_time(ledger, shown="all")
    assert {row.standing for row in every.rows} == {"happened", "negated", "open"}
    count = {one: sum(row.statements + row.copied for row in every.rows if row.standing == one) for one in series.STANDINGS}
    assert {why: n for n, why in found.counted.left_out}["negated"] == count["negated"] > 0
    assert sum(row.statements + row.copied for row in found.rows) == count["happened"]
    for row in every.rows:
        assert row.own_voice + row.according_to == row.statements


def test_a_copy_is_counted_beside_and_not_again(ledger: Ledger) -> None:
    by = {
        (row.lane, row.first): row
        for row in series.over_time(ledger, by="outlet", shown="all").rows
        if row.quad == 1 and row.standing == "happened"
    }
    wire, echo = by["Norland Herald", "2026-03-03"], by["Tamar Echo", "2026-03-04"]
    assert (wire.statements > 0, wire.copied) == (True, 0)
    assert (echo.copied, echo.statements) == (wire.statements, 0)
    counted = series.over_time(ledger).counted
    assert (counted.articles, counted.origins) == (5, 4)


def test_lanes_by_voice_divide_all(ledger: Ledger) -> None:
    one, two = series.over_time(ledger), series.over_time(ledger, by="voice")
    assert sum(row.statements for row in one.rows) == sum(row.statements for row in two.rows)
    assert all(row.according_to == 0 for row in two.rows if row.lane == series.VOICES[0])
    assert all(row.own_voice == 0 for row in two.rows if row.lane == series.VOICES[1])


def test_stated_days_are_those_of_the_words(ledger: Ledger) -> None:
    found = series.over_time(ledger, when="stated", step="day", shown="all")
    assert "2026-03-08" in {row.first for row in found.rows}  # the Sunday before publication
    assert any(why == "whose words give no day" for _, why in found.counted.left_out)


def test_filters_narrow_and_the_newest_are_said_to_be_so(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    assert series.over_time(ledger, filters=Filters(outlet="Tamar Echo")).counted.articles == 1
    monkeypatch.setattr(series, "MOST", 2)
    found = series.over_time(ledger)
    assert (found.counted.articles, found.counted.more) == (2, True)
    assert {row.first for row in found.rows} <= {"2026-03-06", "2026-03-09"}
    assert "the newest 2 articles" in figures.time(found, id="x", what="events", shown="happened", when="published", asked={}).basis


def test_the_network_has_no_arrow_for_what_is_denied(ledger: Ledger) -> None:
    happened, negated = ties.network(ledger), ties.network(ledger, shown="negated")
    assert {row.standing for row in happened.rows} == {"happened"}
    assert {row.standing for row in negated.rows} == {"negated"}
    (met,) = [row for row in happened.rows if row.acts == "CONSULT 1"]
    assert (met.actor, met.recipient, met.quad, met.own_voice, met.earliest) == ("Edda Marlow", "Oskar Brandt", 1, 1, "2026-03-09")
    drawn = str(figures.network(negated, id="n", homes=homes(negated), shown="negated").drawing)
    assert drawn.count(">not</text>") == len(negated.rows)


def test_a_stretch_of_time_moves_nobody(ledger: Ledger) -> None:
    whole = ties.network(ledger, shown="all")
    for at in range(len(whole.stretches)):
        part = ties.network(ledger, shown="all", at=at)
        assert (part.nodes, part.ties) == (whole.nodes, whole.ties)
        first, last = part.stretches[at]
        assert all(first <= (row.earliest or "") and (row.latest or "") <= last for row in part.rows)


def test_outlets_agree_only_over_what_both_say_in_their_own_words(ledger: Ledger) -> None:
    found = ties.agreement(ledger)
    pairs = {(row.outlet, row.other, row.voices): row for row in found.rows}
    herald_star = next(row for key, row in pairs.items() if {"Norland Herald", "Veldania Star"} == set(key[:2]) and key[2] == "any")
    assert (herald_star.matters, herald_star.opposite) == (1, 1)
    herald_echo = next(row for key, row in pairs.items() if {"Norland Herald", "Tamar Echo"} == set(key[:2]) and key[2] == "any")
    assert (herald_echo.same, herald_echo.copied > 0) == (0, True)
    for row in found.rows:
        assert row.matters == row.same + row.partly + row.opposite


ATLAS = Atlas(
    b"# head\n\n"
    b"Osk\tARD.1\tc\t10.00\t20.00\t50\n"
    b"Osk\tARD.2\tc\t12.00\t25.00\t90\n"
    b"Osk\tKES.1\tc\t40.00\t40.00\t900\n"
    b"Sarn\t-\tr\t1.00\t2.00\t9\n"
    b"Tolmere\tKES\tn\t41.00\t41.00\t9000\n"
)


@pytest.mark.parametrize(
    ("name", "country", "lat", "namesakes"),
    [
        ("Osk", "ARD", 12.0, 2),
        ("Osk", "KES", 40.0, 1),
        ("Osk", None, None, 0),
        ("Sarn", None, 1.0, 1),
        ("Tolmere", "KES", 41.0, 1),
        ("Velm", "ARD", None, 0),
    ],
)
def test_a_place_lies_where_its_country_says_and_is_never_guessed(
    name: str, country: str | None, lat: float | None, namesakes: int
) -> None:
    found = series.located(ATLAS, name, country)
    assert (found and found[0].lat, found[1] if found else 0) == (lat, namesakes)


def test_places_are_drawn_with_their_voices(ledger: Ledger) -> None:
    found = series.places(ledger)
    (geneva,) = [row for row in found.rows if row.place == "Geneva"]
    assert (geneva.country, geneva.kind, geneva.statements, geneva.own_voice) == ("CHE", "city", 1, 1)
    assert geneva.lat is not None
    assert 46 < geneva.lat < 47
    figure = figures.places(found, id="m", shown="happened")
    assert "Geneva, CHE: verbal cooperation, affirmed as having happened: 1 statement (1 in the article&#39;s own voice)" in str(
        figure.drawing
    )


# --- how it is drawn -------------------------------------------------------------------------------------------------


class _Checked(HTMLParser):
    """What every picture and page must be: without style, with names for all that can be focused, with unique ids."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links = self.named = 0
        self.style = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.style |= "style" in given or tag == "style" or any(name.startswith("on") for name in given)
        self.ids += [given["id"] or ""] if "id" in given else []
        if tag == "a" and given.get("class") not in (None, "skip", "brand"):
            self.links += 1
            self.named += bool(given.get("aria-label"))


@pytest.mark.parametrize("path", [f"{one}{asked}" for one in PATHS for asked in ("", "?shown=all", "?entity=Norland")])
def test_a_page_draws_its_rows_and_shows_them_as_a_table(client: TestClient, path: str) -> None:
    page = client.get(f"/pictures/{path}")
    assert page.status_code == 200
    found = _Checked(page.text)
    assert not found.style
    assert len(set(found.ids)) == len(found.ids)
    plain = client.get(f"/api/pictures/{path}").json()
    table = list(csv.DictReader(io.StringIO(client.get(f"/pictures/{path}{'&' if '?' in path else '?'}format=csv").text)))
    assert len(plain["rows"]) == len(table) == page.text.count('<tr id="row-')
    for svg in re.findall(r'<svg class="picture.*?</svg>|<svg viewBox="[^"]*" class="picture.*?</svg>', page.text, re.DOTALL):
        root = ElementTree.fromstring(svg)
        (title, desc), name = list(root)[:2], root.get("aria-labelledby")
        assert (title.tag, title.get("id"), desc.tag) == ("title", name, "desc")
        for mark in root.iter("a"):
            assert mark.get("href")
            assert re.search(r"voice|according|no statement|matter|over the whole time", mark.get("aria-label") or "")


def test_what_is_not_affirmed_as_having_happened_is_hatched(ledger: Ledger) -> None:
    def drawn(shown: series.Shown) -> str:
        found = series.over_time(ledger, shown=shown)
        return str(figures.time(found, id="t", what="events", shown=shown, when="published", asked={}).drawing)

    assert "url(#t-negated-" not in drawn("happened")
    assert "url(#t-open-" not in drawn("happened")
    assert "url(#t-negated-" in drawn("all")
    assert "url(#t-open-" in drawn("all")
    assert 'class="area copied"' in drawn("happened")


def test_bars_lead_to_the_articles_behind_them(ledger: Ledger, client: TestClient) -> None:
    found = series.over_time(ledger, filters=Filters(outlet="Veldania Star"))
    figure = str(figures.time(found, id="t", what="events", shown="happened", when="published", asked={"outlet": "Veldania Star"}).drawing)
    (href,) = [one for one in re.findall('href="([^"]*)"', figure) if "2026-03-09" in one]
    rows = client.get("/api" + href.replace("&amp;", "&")).json()["rows"]
    assert {row["article"] for row in rows} == {"star-2"}
    assert {(row["polarity"], row["status"]) for row in rows} == {("affirmed", "actual")}


@pytest.mark.parametrize("by", ["outlet", "voice"])
def test_bars_of_a_lane_lead_to_that_lane(ledger: Ledger, client: TestClient, by: series.By) -> None:
    found = series.over_time(ledger, by=by)
    figure = str(figures.time(found, id="t", what="events", shown="happened", when="published", asked={}).drawing)
    marks_of = re.findall('<a href="([^"]*)"[^>]* aria-label="([^"]*)"', figure)
    for href, label in marks_of:
        rows = client.get("/api" + href.replace("&amp;", "&")).json()["rows"]
        lane = label.partition(", ")[0]
        own = {"in the article&#39;s own voice": True, "according to somebody": False}
        assert rows
        assert all((row["voice"] == "author") == own[lane] if by == "voice" else row["outlet"] == lane for row in rows)
    assert len({label.partition(", ")[0] for _, label in marks_of}) > 1


def test_bars_by_stated_day_lead_to_their_rows(ledger: Ledger) -> None:
    """No search asks for the day that the words give."""
    found = series.over_time(ledger, when="stated")
    figure = str(figures.time(found, id="t", what="statements", shown="happened", when="stated", asked={}).drawing)
    hrefs = re.findall('<a href="([^"]*)"', figure)
    assert hrefs
    assert set(hrefs) <= {f"#row-{place}" for place in range(1, len(found.rows) + 1)}


@pytest.mark.parametrize("months", [2, 9, 45, 74, 120])
def test_labels_of_time_lie_beside_one_another(months: int) -> None:
    _, cut = stretches(["2017-03-17", (date(2017, 3, 17) + timedelta(days=30 * months)).isoformat()], "month")
    drawn = str(lanes.draw("l", "t", "d", [lanes.Lane("", ())], lanes.Axes("month", cut, "a", "b")))
    labels = re.findall(r'<text x="([\d.]+)" y="[\d.]+" class="tick[^"]*" text-anchor="middle">([^<]+)<', drawn)
    ends = [(float(x) - 3.2 * len(words), float(x) + 3.2 * len(words)) for x, words in labels]
    assert all(right < left for (_, right), (left, _) in pairwise(ends))
    assert ends[-1][1] <= marks.WIDTH


@pytest.mark.parametrize("path", ["time", "network", "places"])
def test_a_picture_says_what_it_measures(client: TestClient, path: str) -> None:
    assert re.search("<li>(height|width|size): statements</li>", client.get(f"/pictures/{path}?shown=all").text)


def test_a_matter_has_its_copies_beside_its_articles() -> None:
    said = [
        {"stand": "asserts", "article": "a", "published": "2026-05-01", "copy": False},
        {"stand": "asserts", "article": "a", "published": "2026-05-01", "copy": False},
        {"stand": "asserts", "article": "b", "published": "2026-05-01T10:00:00Z", "copy": True},
        {"stand": "reports_denial", "article": "c", "published": "2026-05-03", "copy": False},
        {"stand": "denies", "article": "d", "published": None, "copy": False},
    ]
    found = series.spread(said)
    assert found.rows == (("asserts", 0, 1, 1), ("reports_denial", 2, 1, 0))
    drawn = figures.spread(found, id="s", href=lambda stand: f"#stand-{stand}")
    assert "1 article and 1 copy assert it in their own voice" in str(drawn.drawing)
    assert drawn.left_out == ("1 article without a date",)


EDGE = Edge("<script>", "b", 4, "ASSAULT 1", "happened", 1, 0, 0, 1, 1, 1, None, None)


def test_hostile_names_stay_text() -> None:
    nodes = (Node('<script>alert(1)</script>"', "person", False, None, 1), Node("b\u202e", "place", True, 3, 1))
    network = Network("day", (), None, nodes, (EDGE,), ((0, 1),), ((0, 1, 1),), Counted(1, 1))
    drawn = str(figures.network(network, id="n", homes=["/search?q=%22%3E", "/entities/3"], shown="happened").drawing)
    ElementTree.fromstring(drawn)
    assert "<script" not in drawn
    assert "\u202e" not in drawn


@given(st.text(max_size=60), st.text(max_size=60))
def test_an_element_escapes_all(words: str, value: str) -> None:
    found = str(marks.tag("text", words, aria_label=value))
    assert found.count("<") == 2
    assert found.count('"') == 2


def test_where_nothing_is_there_nothing_is_drawn(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "empty.db", create=True) as empty:
        found = series.over_time(empty)
        assert figures.time(found, id="t", what="events", shown="happened", when="published", asked={}).drawing is None
        assert figures.agreement(ties.agreement(empty), id="a", voices="any").drawing is None
        assert figures.places(series.places(empty), id="m", shown="happened").drawing is None
        net = ties.network(empty)
        assert figures.network(net, id="n", homes=[], shown="happened").drawing is None
    with TestClient(create(tmp_path / "empty.db"), base_url="http://127.0.0.1:8765") as client:
        assert [client.get(f"/pictures/{one}").status_code for one in PATHS] == [200] * 4


@pytest.mark.parametrize("asked", ["since=never", "shown=true", "step=hour", "at=-1", "at=99999", "genre=rumour", "since=2026-02-30"])
def test_what_cannot_be_asked_is_said(client: TestClient, asked: str) -> None:
    found = client.get(f"/api/pictures/network?{asked}")
    assert (found.status_code, found.headers["content-type"]) == (422, "application/problem+json")


@pytest.mark.parametrize("asked", ["since=&until=&genre=&step=&at=", "at=1500", "entity=%00", "q=-", "outlet=nobody"])
def test_empty_fields_ask_nothing(client: TestClient, asked: str) -> None:
    assert [client.get(f"/api/pictures/{one}?{asked}").status_code for one in PATHS] == [200] * 4


# --- scales, layout, land --------------------------------------------------------------------------------------------

DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31)).map(date.isoformat)


@given(st.lists(DAYS, max_size=6), st.sampled_from([None, "day", "week", "month", "year"]))
def test_time_is_cut_without_gaps(days: list[str], step: series.Step | None) -> None:
    _, cut = stretches(days, step)
    for day in days:
        assert sum(first <= day <= last for first, last in cut) == 1
    for (_, last), (first, _) in pairwise(cut):
        assert date.fromisoformat(last) + timedelta(days=1) == date.fromisoformat(first)


def test_time_is_cut_as_fits() -> None:
    assert stretches(["2026-05-01", "2026-05-20"])[0] == "day"
    assert stretches(["2026-01-01", "2026-09-01"])[0] == "week"
    assert stretches(["2020-01-01", "2026-01-01"])[0] == "month"
    assert stretches(["1926-01-01", "2026-01-01"])[0] == "year"
    assert stretches(["2026-05-06"], "week")[1] == (("2026-05-04", "2026-05-10"),)


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(2, 8))
def test_ticks_are_round_and_few(up: int, down: int, about: int) -> None:
    above, below = marks.ticks(up, down, about)
    assert above[0] == below[0] == 0
    assert above[-1] <= up
    assert below[-1] <= down
    assert len(above) + len(below) <= about + 2


@settings(deadline=None)
@given(st.integers(2, 14), st.lists(st.tuples(st.integers(0, 13), st.integers(0, 13), st.integers(1, 9)), max_size=25))
def test_boxes_lie_in_the_room_and_beside_one_another(count: int, ties: list[tuple[int, int, int]]) -> None:
    boxes = tuple((60.0 + 9 * (place % 5), 24.0) for place in range(count))
    kept = tuple((a % count, b % count, n) for a, b, n in ties if a % count != b % count)
    found = layout(boxes, kept, 760.0, 420.0)
    layout.cache_clear()
    assert layout(boxes, kept, 760.0, 420.0) == found
    for place, (x, y) in enumerate(found):
        assert boxes[place][0] / 2 <= x <= 760 - boxes[place][0] / 2
        assert 12 <= y <= 408
        for other in range(place):
            apart = (abs(x - found[other][0]), abs(y - found[other][1]))
            assert apart[0] >= (boxes[place][0] + boxes[other][0]) / 2 or apart[1] >= 24


def test_land_is_decoded_and_goes_on_beyond_the_date_line() -> None:
    arcs = [[[0, 0], [10, 0], [0, 10]], [[10, 10], [-10, 0], [0, -10]], [[340, 5], [15, 0], [-345, 0], [-10, 2], [340, 0]]]
    topology = {
        "transform": {"scale": [1, 1], "translate": [-175, 0]},
        "arcs": arcs,
        "objects": {"land": {"type": "GeometryCollection", "geometries": [{"type": "MultiPolygon", "arcs": [[[0, 1]], [[2]]]}]}},
    }
    square, across = land.rings(topology)
    assert square == ((-175, 0), (-165, 0), (-165, 10), (-175, 10), (-175, 0))
    assert [lon for lon, _ in across] == [165, 180, 195, 185, 165]


def test_a_map_without_land_has_lines_with_degrees_and_points() -> None:
    dot = world.Dot("Osk", 10.0, 20.0, False, 3, "Osk: 3 statements", "#row-1")
    drawn = str(world.draw("m", "t", "d", [dot], (), world.view_of([dot])))
    assert "°N" in drawn
    assert "°E" in drawn
    assert 'class="land"' not in drawn
    assert "Osk: 3 statements" in drawn


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(-90, 90), st.floats(-180, 180)), min_size=1, max_size=8))
def test_a_view_holds_all_places(points: list[tuple[float, float]]) -> None:
    dots = [world.Dot("x", lat, lon, False, 1, "x", "#") for lat, lon in points]
    view = world.view_of(dots)
    if view is not world.WORLD:
        for dot in dots:
            x, y = view.point(dot.lon, dot.lat)
            assert -1 <= x <= marks.WIDTH + 1
            assert -1 <= y <= view.height + 1
    ElementTree.fromstring(str(world.draw("m", "t", "d", dots, (), view)))


def test_lanes_are_on_one_scale() -> None:
    bars = [lanes.Bar(0, (lanes.Piece(True, count, 1, "happened"),), "x", "#") for count in (10, 5)]
    axes = lanes.Axes("day", (("2026-05-01", "2026-05-01"),), "cooperation", "conflict")
    drawn = str(lanes.draw("l", "t", "d", [lanes.Lane("a", (bars[0],)), lanes.Lane("b", (bars[1],))], axes))
    high, low = (float(one) for one in re.findall(r'height="([\d.]+)" class="area q1"', drawn))
    assert high == pytest.approx(2 * low, abs=1.5)
