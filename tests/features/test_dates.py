"""Ages and law dates are those of the calendar, month ends and 29 February included."""

from datetime import date, timedelta

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.catalogue import features, known_features
from features.compute import law_dates
from features.sql import add_months, months_between
from lifeevents.domain.calendar import Period, plus
from lifeevents.domain.calendar import months_between as months_of
from lifeevents.domain.errors import PackError
from lifeevents.domain.pack import DateRule, Vocabulary

DAYS = st.dates(date(1930, 1, 1), date(2060, 12, 31))


@given(st.lists(st.tuples(DAYS, DAYS, st.integers(-900, 900)), min_size=20, max_size=60))
@settings(max_examples=30, deadline=None)
def test_months_are_counted_and_added_as_the_calendar_does(cases):
    with duckdb.connect() as con:
        con.execute("CREATE TABLE d (a DATE, b DATE, m INTEGER)")
        con.executemany("INSERT INTO d VALUES (?, ?, ?)", cases)
        found = con.execute(f"SELECT {months_between('a', 'b')}, {add_months('a', 'm')} FROM d").fetchall()
    assert found == [(months_of(a, b), plus(a, Period(months=m))) for a, b, m in cases]


def rule(id: str, **more) -> DateRule:
    return DateRule(id=id, title={"en": id}, law=("x",), source="x", **more)


def law(*rules: DateRule) -> Vocabulary:
    return Vocabulary(events={}, attributes={}, relations=(), registers={}, law={r.id: r for r in rules})


BANDS = {
    "M": [
        {"born_from": "1960-01-01", "born_to": "1964-10-01", "months": 735},
        {"born_from": "1964-10-01", "months": 738},
    ]
}


@pytest.mark.parametrize("born", [date(1964, 9, 30), date(1964, 10, 1), date(1964, 11, 30), date(1968, 2, 29)])
def test_an_age_table_takes_the_band_of_the_birth_date(born):
    table = rule("reached", operator="age_table", table=BANDS)
    then = rule("entitled", operator="period_after", after="reached", period="P0D", then="first_of_next_month")
    found = law_dates(law(table, then), {"sex": "M", "born_on": born}, date(2026, 1, 1))
    expected = plus(born, Period(months=735 if born < date(1964, 10, 1) else 738))
    assert found["reached"] == expected
    assert found["entitled"] == (expected.replace(day=1) + timedelta(days=32)).replace(day=1)


def test_a_date_outside_the_table_is_unknown():
    table = law(rule("reached", operator="age_table", table=BANDS))
    assert law_dates(table, {"sex": "M", "born_on": date(1959, 12, 31)}, date(2026, 1, 1)) == {"reached": None}
    assert law_dates(table, {"sex": "F", "born_on": date(1965, 1, 1)}, date(2026, 1, 1)) == {"reached": None}


def test_the_next_of_several_ages_counts_until_its_day_has_passed():
    ages = law(rule("card", operator="anniversary", ages=(14, 25)))
    born = {"born_on": date(2000, 2, 29)}
    assert law_dates(ages, born, date(2014, 2, 28))["card"] == date(2014, 2, 28)
    assert law_dates(ages, born, date(2014, 3, 1))["card"] == date(2025, 2, 28)
    assert law_dates(ages, born, date(2025, 3, 1))["card"] is None


def test_a_child_born_on_29_february_turns_one_on_the_28th():
    one = law(rule("first_birthday", operator="anniversary", period="P1Y"))
    assert law_dates(one, {"born_on": date(2024, 2, 29)}, date(2024, 6, 1))["first_birthday"] == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("born", "enters"),
    [
        (date(2019, 12, 31), date(2025, 9, 1)),
        (date(2020, 1, 1), date(2026, 9, 1)),
        (date(2020, 2, 29), date(2026, 9, 1)),
        (date(2020, 12, 31), date(2026, 9, 1)),
    ],
)
def test_a_date_moved_within_its_year_is_the_same_for_all_born_in_one_year(born, enters):
    school = law(rule("enters", operator="anniversary", period="P6Y", in_year="09-01"))
    assert law_dates(school, {"born_on": born}, date(2026, 6, 1))["enters"] == enters


def test_a_date_moved_within_its_year_is_unknown_where_the_birth_date_is():
    school = law(rule("enters", operator="anniversary", period="P6Y", in_year="09-01"))
    assert law_dates(school, {}, date(2026, 6, 1)) == {"enters": None}


@pytest.mark.parametrize("day", ["02-29", "13-01", "September"])
def test_a_day_that_not_every_year_has_is_refused(day):
    with pytest.raises(ValueError, match="is not a day of every year"):
        rule("enters", operator="anniversary", period="P6Y", in_year=day)


def test_a_date_is_moved_in_one_way_only():
    with pytest.raises(ValueError, match="keep one of the two"):
        rule("x", operator="anniversary", period="P6Y", in_year="09-01", then="first_of_next_month")


def test_a_rule_that_starts_from_nothing_known_is_refused_with_the_nearest_date():
    with pytest.raises(PackError, match="Did you mean born_on"):
        known_features(law(rule("x", operator="period_after", after="born_om", period="P1Y")))


def test_rules_that_start_from_each_other_are_refused():
    a = rule("a", operator="period_after", after="b", period="P1D")
    b = rule("b", operator="period_after", after="a", period="P1D")
    with pytest.raises(PackError, match="starts from itself"):
        features(law(a, b))


def test_every_law_date_of_the_pack_holds_for_every_birthday(vocabulary):
    for born in (date(1965, 8, 31), date(1968, 2, 29), date(1966, 12, 31)):
        for sex in ("M", "F"):
            found = law_dates(vocabulary, {"sex": sex, "born_on": born}, date(2026, 1, 1))
            table = vocabulary.law["pension_age_reached_on"].table[sex]
            band = next((b for b in table if b.born_from <= born and (b.born_to is None or born < b.born_to)), None)
            assert found["pension_age_reached_on"] == (plus(born, Period(months=band.months)) if band else None)
