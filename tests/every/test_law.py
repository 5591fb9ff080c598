"""Every law meets the checkpoints in its own file, and answers nothing outside its days."""

from datetime import date, timedelta

import pytest

from features.catalogue import known_features
from features.compute import law_dates
from lifeevents.domain.errors import LawError
from lifeevents.engine.law import date_in_law
from lifeevents.packs import load

PACK = load("vn", known_features)


@pytest.mark.parametrize("name", sorted(PACK.tables))
def test_a_table_meets_its_checkpoints(name: str) -> None:
    for case in PACK.tables[name].cases:
        assert PACK.tables[name].on(case.as_of, case.key) == case.expect


@pytest.mark.parametrize("name", sorted(PACK.tables))
def test_a_table_is_an_error_before_its_first_day(name: str) -> None:
    with pytest.raises(LawError, match=rf"law/tables/{name}\.yaml"):
        PACK.tables[name].on(PACK.tables[name].values[0].since - timedelta(days=1))


@pytest.mark.parametrize("name", sorted(PACK.law))
def test_a_date_in_law_meets_its_checkpoints(name: str) -> None:
    rule = PACK.law[name]
    assert rule.cases
    for case in rule.cases:
        assert date_in_law(rule, PACK.law, case.given, case.as_of) == case.expect


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("pension_age_reached_on", {"sex": "M", "born_on": date(1959, 12, 31)}),
        ("pension_age_reached_on", {"born_on": date(1970, 1, 1)}),
        ("identity_card_age_on", {"born_on": date(1950, 1, 1)}),
        ("social_pension_from", {}),
    ],
)
def test_a_person_whom_the_law_does_not_reach_is_an_error(name: str, facts: dict[str, object]) -> None:
    with pytest.raises(LawError):
        date_in_law(PACK.law[name], PACK.law, facts, date(2026, 11, 25))


def test_the_last_day_of_a_law_counts_and_the_next_is_an_error() -> None:
    days = PACK.tables["civil_status_days"]
    assert days.on(date(2027, 2, 28), "birth") == 60
    with pytest.raises(LawError, match="2027-03-01 is outside"):
        days.on(date(2027, 3, 1), "birth")


def test_an_unknown_key_and_a_number_below_the_steps_are_errors() -> None:
    with pytest.raises(LawError, match="Did you mean birth"):
        PACK.tables["civil_status_days"].on(date(2026, 1, 1), "brith")
    with pytest.raises(LawError, match="11 is below"):
        PACK.tables["unemployment_duration"].on(date(2026, 1, 1), "11")


BOUNDARIES = ((1, 1), (2, 28), (8, 31), (12, 31))
BIRTHS = [date(year, *day) for year in (1960, 1965, 1970, 2008, 2012, 2020) for day in BOUNDARIES]


@pytest.mark.parametrize("sex", ["M", "F"])
@pytest.mark.parametrize("born", [*BIRTHS, date(2012, 2, 29)], ids=str)
def test_one_person_in_python_gets_the_dates_that_the_population_gets_in_sql(sex: str, born: date) -> None:
    facts = {"sex": sex, "born_on": born, "last_job_end_on": date(2024, 2, 29)}
    as_of = date(2026, 1, 1)

    def in_python(name: str) -> date | None:
        try:
            return date_in_law(PACK.law[name], PACK.law, facts, as_of)
        except LawError:
            return None

    assert {name: in_python(name) for name in PACK.law} == law_dates(PACK.vocabulary, facts, as_of)
