"""Forecasts for areas as a page, as the API's answer and as a file: what is told, and what is too small to be."""

import csv
from datetime import date
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from lifeevents.domain.errors import LifeEventsError
from lifeevents.domain.forecast import AreaForecast, Cell, Expected, Forecasts, Span
from serving.reports.forecasts import as_csv, asked_for, write_forecasts
from tests.serving.fake_ledger import FakeLedger
from tests.serving.page import Page
from tests.serving.told import NOW

AS_OF = date(2026, 11, 3)
ENDS = (AS_OF, date(2027, 2, 3), date(2027, 5, 3), date(2027, 8, 3), date(2027, 11, 3))


def about(mean: float) -> Expected:
    return Expected(mean=mean, low_80=int(mean) - 4, high_80=int(mean) + 4, low_95=int(mean) - 8, high_95=int(mean) + 8)


def made(**more: Any) -> AreaForecast:
    """Three areas: a city with its quarters, and two small ones that are told together."""
    given: dict[str, Any] = {
        "id": "births",
        "title": {"vi": "Trẻ được sinh ra", "en": "Births"},
        "about": {"vi": "Số trẻ.", "en": "Children born."},
        "areas": ("province", "urban"),
        "least": 10,
        "quarters": tuple(Span(after=a, until=b) for a, b in pairwise(ENDS)),
        "learned_from": Span(after=date(2018, 11, 3), until=AS_OF),
        "country": Cell(codes=(), people=1200, year=about(1081.4), quarters=tuple(map(about, (270, 271, 270, 270.4)))),
        "cells": (
            Cell(
                codes=("79", "true"), people=900, year=about(1061.4), quarters=tuple(map(about, (265, 266, 265, 265.4)))
            ),
            Cell(codes=(), merged=("12", None), people=300, year=about(20.0)),
        ),
    }
    return AreaForecast(**given | more)


@pytest.fixture
def report(ledger: FakeLedger) -> Forecasts:
    found = Forecasts(as_of=AS_OF, simulated=True, forecasts=(made(), made(id="none", country=None, cells=())))
    with ledger.begin() as unit:
        unit.save_report("forecasts", found.model_dump(mode="json"), now=NOW)
    return found


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "en",
            [
                "About 1,081 in the coming year",
                "2 small areas together",
                "place not known",
                "too small a number by quarter",
            ],
        ),
        (
            "vi",
            ["Khoảng 1.081 trong năm tới", "2 địa bàn nhỏ gộp lại", "chưa rõ nơi cư trú", "con số theo quý quá nhỏ"],
        ),
    ],
)
def test_the_page_tells_means_ranges_what_was_merged_and_what_is_too_small(
    client: TestClient, report: Forecasts, lang: str, words: list[str]
) -> None:
    answer = client.get("/forecasts", params={"lang": lang})
    assert answer.status_code == 200
    text = " ".join(answer.text.split())
    for word in words:
        assert word in text
    assert {"en": "80%: 16 to 24", "vi": "80%: 16 đến 24"}[lang] in text


def test_a_chart_stays_inside_its_frame_and_has_no_style_of_its_own(client: TestClient, report: Forecasts) -> None:
    page = Page(client.get("/forecasts", params={"lang": "en"}).text)
    bars = [bar.attrs for bar in page.all("rect")]
    assert len(bars) == 3 * (4 + 2)
    for bar in bars:
        assert float(bar["x"]) >= 0
        assert float(bar["x"]) + float(bar["width"]) <= 100.5
    assert not [one for one in page.all("svg") if "style" in one.attrs]


def test_where_the_whole_country_is_too_small_a_number_the_page_says_only_that(
    client: TestClient, report: Forecasts
) -> None:
    text = client.get("/forecasts", params={"lang": "en"}).text
    assert text.count("Fewer than 10 are expected in the whole country") == 1


def test_the_api_gives_what_was_saved(client: TestClient, report: Forecasts) -> None:
    answer = client.get("/v1/forecasts").json()
    assert Forecasts.model_validate(answer) == report


def test_before_the_first_forecast_the_page_says_so_and_the_api_gives_404(client: TestClient) -> None:
    assert "lifeevents forecast" in client.get("/forecasts", params={"lang": "en"}).text
    assert client.get("/v1/forecasts").status_code == 404


def test_the_file_has_a_line_for_each_cell_and_period_that_is_told(report: Forecasts) -> None:
    lines = list(csv.DictReader(StringIO(as_csv(report))))
    assert [(one["area"], one["merged"], one["after"]) for one in lines] == [
        *(("", "", str(after)) for after in (AS_OF, *ENDS[:-1])),
        *(("79/true", "", str(after)) for after in (AS_OF, *ENDS[:-1])),
        ("", "12;?", str(AS_OF)),
    ]
    assert lines[-1] | {"forecast": "births"} == lines[-1]
    assert (lines[-1]["people"], lines[-1]["expected"], lines[-1]["low_95"]) == ("300", "20.0", "12")


def test_a_file_is_asked_for_by_its_name_before_anything_is_computed(tmp_path: Path, report: Forecasts) -> None:
    write_forecasts(asked_for(tmp_path / "f.json"), report)
    assert Forecasts.model_validate_json((tmp_path / "f.json").read_bytes()) == report
    with pytest.raises(LifeEventsError, match=r"f\.xlsx: a forecast is written as \.csv or \.json"):
        asked_for(tmp_path / "f.xlsx")
    with pytest.raises(LifeEventsError, match="there is no folder"):
        asked_for(tmp_path / "none" / "f.csv")
