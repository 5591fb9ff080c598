"""The quality scoreboard as a page and as the API's answer: what was counted, and why where nothing was."""

from datetime import date, datetime
from typing import Any

import pytest
from fastapi.testclient import TestClient

from lifeevents.domain.pack import Pack
from lifeevents.domain.quality import Board, Cell, Clash, Fault, Lag, Number, Pair, RegisterQuality
from lifeevents.pipeline.quality import keep_quality
from serving.api.shapes.quality import Counts
from serving.web.pages.quality import sparkline
from tests.serving.fake_ledger import FakeLedger
from tests.serving.page import Page
from tests.serving.told import NOW

MONTHS = (date(2026, 10, 1), date(2026, 11, 1))


@pytest.fixture
def report(ledger: FakeLedger, pack: Pack) -> dict[str, Any]:
    cells = (
        Cell(principle="correct", province="01", month=MONTHS[0], good=90, of=100),
        Cell(principle="correct", province=None, month=MONTHS[1], good=99, of=100),
        Cell(principle="live", province="01", month=MONTHS[1], good=3, of=4),
    )
    numbers = (
        Number(principle="correct", good=189, of=200),
        Number(principle="sufficient", why="no_rows"),
        Number(principle="clean", why="not_kept"),
        Number(principle="live", good=3, of=4),
        Number(principle="unified", why="one_register"),
        Number(principle="shared", why="no_rows"),
    )
    fault = Fault(principle="correct", reason="before_birth", rows=11, example="events.csv row 3, <b>: check.")
    clash = Clash(subject_id="s-1", first="2020-01-01", second="2020-01-02")
    pair = Pair(fact="born", first="civil_status", second="subjects", agree=9, both=10, clashes=(clash,))
    register = RegisterQuality(
        register_id="civil_status",
        rows=200,
        numbers=numbers,
        cells=cells,
        lag=Lag(median=2, p90=9),
        faults=(fault,),
    )
    board = Board(
        first=MONTHS[0],
        last=MONTHS[1],
        newest=datetime.fromisoformat("2026-11-20T00:00:00"),
        undated=0,
        registers=(register,),
        pairs=(pair,),
    )
    return keep_quality(ledger, pack, board, simulated=True, now=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_page_shows_shares_intervals_reasons_and_conflicts(
    client: TestClient, report: dict[str, Any], lang: str
) -> None:
    answer = client.get("/quality", params={"lang": lang})
    page = Page(answer.text)
    assert answer.status_code == 200
    assert "94.5%" in answer.text or "94,5%" in answer.text
    assert {"vi": "Chỉ một nơi giữ", "en": "Held by one register only"}[lang] in answer.text
    assert "&lt;b&gt;" in answer.text
    assert "s-1" in answer.text
    (line,) = page.all("polyline")
    assert len(line.attrs["points"].split()) == 2
    assert page.text_of("span").count({"vi": "ít", "en": "few"}[lang]) == 1


def test_the_api_gives_the_counts_and_the_reading_is_audited(
    client: TestClient, ledger: FakeLedger, report: dict[str, Any]
) -> None:
    numbers = client.get("/v1/quality").json()["registers"][0]["numbers"]
    assert [(n["good"], n["of"], n["why"]) for n in numbers[:2]] == [(189, 200, None), (0, 0, "no_rows")]
    assert numbers[0]["low"] < 0.945 < numbers[0]["high"]
    assert numbers[0]["provinces"] == [{"key": "01", "good": 90, "of": 100}, {"key": None, "good": 99, "of": 100}]
    assert ledger.state.audited[-1][:2] == ("portal", "quality.read")


def test_the_cells_of_a_register_are_kept_beside_the_report(ledger: FakeLedger, report: dict[str, Any]) -> None:
    assert len(ledger.state.reports["quality.civil_status"]["cells"]) == 3


def test_before_the_first_measurement_the_page_says_so_and_the_api_gives_404(client: TestClient) -> None:
    assert "lifeevents quality" in client.get("/quality", params={"lang": "en"}).text
    assert client.get("/v1/quality").status_code == 404


def test_a_line_needs_two_months_and_stays_inside_its_frame() -> None:
    assert sparkline([Counts(key="2026-10-01", good=1, of=2)]) is None
    points = sparkline([Counts(key="2026-10-01", good=0, of=2), Counts(key="2026-11-01", good=2, of=2)])
    assert points == "0.0,20.0 100.0,0.0"
