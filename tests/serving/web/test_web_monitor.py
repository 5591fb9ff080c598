"""The watch over the models as a page and as the API's answer: what moved, what came, why to train again."""

from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from lifeevents.domain.watch import Calibrated, Drift, Watch, Watches
from lifeevents.pipeline.monitor import keep_watches
from serving.web.pages.monitor import course, points
from tests.serving.fake_ledger import FakeLedger
from tests.serving.page import Page
from tests.serving.told import NOW

AS_OF = date(2026, 11, 3)


def watched(**more: Any) -> Watch:
    """A champion that no longer fits in any respect."""
    given: dict[str, Any] = {
        "milestone": "shop",
        "trained": date(2025, 5, 3),
        "asked": date(2025, 11, 3),
        "people": 1200,
        "drifted": 1,
        "moved": (Drift(name="contribution_months", psi=0.314), Drift(name="age_years", psi=0.02)),
        "score_psi": 0.27,
        "chance_psi": 0.02,
        "expected": 40.4,
        "came": 80,
        "slope": 0.51,
        "slope_low": 0.32,
        "slope_high": 0.7,
        "calibration": (
            Calibrated(chance=0.02, share=0.05, people=600),
            Calibrated(chance=0.05, share=0.08, people=600),
        ),
        "reasons": ("scores_moved", "outcomes_differ", "slope_off", "old"),
    }
    return Watch(**given | more)


def keep(ledger: FakeLedger, *watches: Watch, as_of: date = AS_OF) -> Watches:
    return keep_watches(ledger, watches, as_of=as_of, simulated=True, now=NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            [
                "Train again",
                "The chances have moved (PSI 0.27), most of all with: Months of contributions.",
                "80 outcomes came where 40 were expected.",
                "The calibration slope is 0.51 (95% 0.32 to 0.7).",
                "It was trained as of 3 May 2025, more than a year ago.",
                "said 2.0%, came 5.0%, of 600 people",
            ],
        ),
        ("vi", ["Nên huấn luyện lại", "Có 80 trường hợp xảy ra, trong khi dự kiến 40.", "0,31", "đã quá một năm"]),
    ],
)
def test_the_page_gives_each_reason_to_train_again_with_its_numbers(
    client: TestClient, ledger: FakeLedger, lang: str, words: list[str]
) -> None:
    keep(ledger, watched())
    answer = client.get("/monitor", params={"lang": lang})
    assert answer.status_code == 200
    text = " ".join(answer.text.split())
    for word in words:
        assert word in text
    assert len(Page(answer.text).all("circle")) == 2


def test_a_model_that_fits_has_no_reason_and_one_of_few_people_no_chart(client: TestClient, ledger: FakeLedger) -> None:
    few: dict[str, Any] = {"slope": None, "slope_low": None, "slope_high": None, "calibration": (), "moved": ()}
    keep(ledger, watched(reasons=(), chance_psi=0.9, score_psi=0.9, came=None, expected=None, **few))
    answer = client.get("/monitor", params={"lang": "en"}).text
    assert "Train again</span>" not in answer
    assert "No reason" in answer
    assert "Too few people for groups of ten." in answer
    assert "too few people to tell" in answer
    assert not Page(answer).all("circle")


def test_the_api_gives_what_was_kept(client: TestClient, ledger: FakeLedger) -> None:
    kept = keep(ledger, watched())
    assert Watches.model_validate(client.get("/v1/monitor").json()) == kept


def test_before_the_first_watch_the_page_says_so_and_the_api_gives_404(client: TestClient, ledger: FakeLedger) -> None:
    assert "lifeevents monitor" in client.get("/monitor", params={"lang": "en"}).text
    assert client.get("/v1/monitor").status_code == 404
    keep(ledger)
    assert "lifeevents train" in client.get("/monitor", params={"lang": "en"}).text


def test_earlier_watches_are_kept_in_short_and_the_same_day_again_replaces_itself(
    client: TestClient, ledger: FakeLedger
) -> None:
    keep(ledger, watched(came=20), as_of=date(2026, 5, 3))
    keep(ledger, watched(came=60), as_of=date(2026, 8, 3))
    keep(ledger, watched(came=70))
    kept = keep(ledger, watched(came=80))
    assert [(run.as_of.month, run.came) for run in kept.earlier] == [(5, 20), (8, 60)]
    line = Page(client.get("/monitor").text).all("polyline")[0].attrs["points"]
    assert line.split() == ["0.0,15.0", "50.0,5.1", "100.0,0.2"]


def test_only_the_last_two_dozen_watches_are_kept(ledger: FakeLedger) -> None:
    for month in range(30):
        kept = keep(ledger, watched(), as_of=date(2024 + month // 12, month % 12 + 1, 1))
    assert len(kept.earlier) == 24
    assert kept.earlier[0].as_of == date(2024, 6, 1)


def test_points_lie_in_the_square_and_a_line_needs_two_watches() -> None:
    top, places = points(watched().calibration)
    assert (top, places) == (0.08, [(25.0, 37.5), (62.5, 0.0)])
    assert points(()) == (1.0, [])
    alone = Watches(as_of=AS_OF, simulated=True, watches=(watched(),))
    assert course(alone, watched()) is None  # type: ignore[arg-type]
