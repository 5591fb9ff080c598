"""What time alone brings, to the day: the first day on which it is so, and not the day before."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lifeevents.domain.calendar import age_years, months_between
from lifeevents.domain.register import ValueType
from lifeevents.engine.conditions import Condition
from lifeevents.engine.counterfactual import changes, grounds
from lifeevents.engine.passing import first_day, timed

KNOWN: dict[str, ValueType] = {
    "age_years": "integer",
    "age_months": "integer",
    "months_since_move": "integer",
    "months_of_insured": "integer",
    "contribution_months": "integer",
}
ONE_DAY = timedelta(days=1)


def rule(text: str) -> Condition:
    return Condition.parse(text, KNOWN)


def facts_on(born: date, day: date) -> dict[str, Any]:
    return {"born_on": born, "age_years": age_years(born, day), "age_months": months_between(born, day)}


@pytest.mark.parametrize(
    ("born", "text", "day"),
    [
        (date(2009, 5, 3), "age_years >= 18", date(2027, 5, 3)),
        (date(2008, 2, 29), "age_years >= 19", date(2027, 2, 28)),
        (date(2008, 2, 29), "age_years >= 20", date(2028, 2, 29)),
        (date(2026, 8, 31), "age_months > 5", date(2027, 2, 28)),
    ],
)
def test_an_age_is_reached_on_its_day_and_not_on_the_day_before(born: date, text: str, day: date) -> None:
    today = date(2026, 11, 5)
    asked = rule(text)
    assert first_day([asked], facts_on(born, today), {}, after=today) == day
    assert asked.ask(facts_on(born, day))[0] == "yes"
    assert asked.ask(facts_on(born, day - ONE_DAY))[0] == "no"


def test_an_age_that_is_over_does_not_come_back() -> None:
    assert first_day([rule("age_years < 18")], facts_on(date(1990, 1, 1), date(2026, 1, 1)), {}, after=date.min) is None


def test_months_since_an_event_and_of_a_value_are_reached_too() -> None:
    facts = {"last_move_on": date(2026, 1, 31), "months_since_move": 9, "months_of_insured": 2}
    since = {"months_of_insured": date(2026, 8, 30)}
    today = date(2026, 11, 5)
    assert first_day([rule("months_since_move >= 13")], facts, since, after=today) == date(2027, 2, 28)
    assert first_day([rule("months_of_insured >= 6")], facts, since, after=today) == date(2027, 2, 28)
    assert first_day([rule("months_of_insured >= 6")], facts, {}, after=today) is None


def test_time_does_not_bring_what_only_the_person_can() -> None:
    facts = facts_on(date(2009, 5, 3), date(2026, 11, 5)) | {"contribution_months": 3}
    both = rule("age_years >= 18 and contribution_months >= 180")
    assert first_day([both], facts, {}, after=date(2026, 11, 5)) is None


def test_what_ends_before_the_rest_begins_has_no_day() -> None:
    facts = facts_on(date(2009, 5, 3), date(2026, 11, 5))
    assert first_day([rule("age_years >= 20 and age_months < 220")], facts, {}, after=date(2026, 11, 5)) is None


def test_a_yes_says_until_which_day_it_lasts() -> None:
    born, day = date(2008, 2, 29), date(2026, 11, 5)
    [term] = rule("age_years < 19").terms
    [ground] = grounds(term, facts_on(born, day))
    last = timed(ground, facts_on(born, day), {}).until_day
    assert last == date(2027, 2, 27)
    assert term.ask(facts_on(born, last)).answer == "yes"
    assert term.ask(facts_on(born, last + ONE_DAY)).answer == "no"


@settings(max_examples=300, deadline=None)
@given(born=st.dates(date(1930, 1, 1), date(2026, 1, 1)), years=st.integers(1, 90), wait=st.integers(1, 20_000))
def test_from_the_day_named_on_and_never_before(born: date, years: int, wait: int) -> None:
    today = born + timedelta(days=wait)
    [term] = rule(f"age_years >= {years}").terms
    for change in changes(term, facts_on(born, today)):
        day = timed(change, facts_on(born, today), {}).from_day
        assert day is not None
        assert day > today
        assert term.ask(facts_on(born, day)).answer == "yes"
        assert term.ask(facts_on(born, day - ONE_DAY)).answer == "no"
