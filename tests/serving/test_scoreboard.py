"""The scoreboard as a picture: the same report gives the same bytes, and nothing is drawn of nothing."""

from pathlib import Path
from typing import Any

import pytest

from lifeevents.domain.errors import LifeEventsError
from serving.reports.scoreboard import asked, write_picture


def number(share: float | None, *months: float) -> dict[str, Any]:
    monthly = [{"key": f"2026-{m + 1:02}-01", "good": round(100 * s), "of": 100} for m, s in enumerate(months)]
    said = {"principle": "live", "share": share, "few": False, "why": None if share is not None else "no_rows"}
    return said | {"months": monthly}


@pytest.fixture
def report() -> dict[str, Any]:
    register = {"id": "tax", "title": {"en": "Tax database"}, "rows": 200}
    numbers = [number(0.97, 0.99, 0.95), number(0.61, 0.2, 1.0), number(None)]
    return {
        "first": "2026-10-01",
        "last": "2026-11-01",
        "simulated": True,
        "registers": [register | {"numbers": numbers}, register | {"rows": 0, "numbers": numbers}],
    }


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_the_same_report_gives_the_same_bytes(tmp_path: Path, report: dict[str, Any], kind: str) -> None:
    first, second = tmp_path / f"a.{kind}", tmp_path / f"b.{kind}"
    for path in (first, second):
        write_picture(path, report)
    assert first.read_bytes() == second.read_bytes()


def test_the_picture_says_shares_reasons_and_that_nobody_is_real(tmp_path: Path, report: dict[str, Any]) -> None:
    path = tmp_path / "quality.svg"
    write_picture(path, report)
    drawn = path.read_text()
    for said in ("97.0%", "61.0%", "no rows", "Tax database", "Simulated: nobody in it is real"):
        assert f"<!-- {said}" in drawn or said in drawn
    assert drawn.count("<!-- live -->") == 3


def test_another_kind_of_file_and_an_empty_report_are_refused(tmp_path: Path, report: dict[str, Any]) -> None:
    with pytest.raises(LifeEventsError, match=r"written as \.png or \.svg"):
        asked(tmp_path / "quality.txt")
    with pytest.raises(LifeEventsError, match="nothing to draw"):
        write_picture(tmp_path / "quality.svg", report | {"registers": report["registers"][1:]})
    assert not list(tmp_path.iterdir())
