"""Simulated figures lie near the published ones."""

import math
from datetime import date

import pytest

from lifeevents.domain.errors import DumpError, PackError
from lifeevents.simulate import load_rates
from lifeevents.simulate.rates import PublishedFigure
from lifeevents.simulate.report import Figure, compare

NAMES = [figure.name for figure in load_rates("vn").published.figures]


@pytest.fixture(scope="module")
def figures(country, rates) -> dict[str, Figure]:
    found = compare(country.out, start=country.start, until=country.until, rates=rates)
    return {figure.name: figure for figure in found}


@pytest.mark.parametrize("name", NAMES)
def test_a_country_of_twenty_thousand_shows_the_published_figure(figures, name):
    figure = figures[name]
    assert figure.passed, figure.as_row()


def test_about_as_many_live_at_the_end_as_were_asked_for(country):
    assert math.isclose(country.living, 20_000, rel_tol=0.03)


def test_a_figure_outside_its_tolerance_does_not_pass():
    row = Figure("x", published=1.0, simulated=1.2, tolerance=0.1, source="s").as_row()
    assert row == {"name": "x", "published": 1.0, "simulated": 1.2, "tolerance": 0.1, "source": "s", "pass": False}


def test_a_folder_without_truth_cannot_be_compared(tmp_path, rates):
    with pytest.raises(DumpError, match=r"truth/events\.parquet"):
        compare(tmp_path, start=date(2010, 1, 1), until=date(2020, 1, 1), rates=rates)


def test_a_figure_that_nothing_measures_is_named(clean, rates):
    figure = PublishedFigure(name="luck", published=1, tolerance=1, source="none", confidence="assumed")
    wrong = rates.model_copy(update={"published": rates.published.model_copy(update={"figures": (figure,)})})
    with pytest.raises(PackError, match='nothing measures "luck"'):
        compare(clean.out, start=clean.start, until=clean.until, rates=wrong)
