"""Facts of relatives: counted through declared relations, as known on the day, while they live."""

from datetime import date

import pytest

from features.behind import behind
from features.catalogue import features
from features.compute import compute
from tests.features.test_as_of import on, spine

OPENED, CLOSED = "household_business_opened", "household_business_closed"
OF_ALL, OF_SPOUSE, OF_MOTHER, OF_FATHER = (
    f"count_{relation}_who_runs_a_business" for relation in ("relatives", "spouse", "mother", "father")
)


@pytest.fixture
def family(book):
    """A woman with a husband and two parents; each relation on record since 2015."""
    for id, born, sex in (("she", "1990-01-01", "F"), ("he", "1988-01-01", "M"), ("mum", "1960-01-01", "F"),
                          ("dad", "1960-01-01", "M")):  # fmt: skip
        book.subject(id, born, sex)
    for relative, relation in (("he", "spouse"), ("mum", "mother"), ("dad", "father")):
        book.relation("she", relative, relation, "2015-01-01")
    return book


def counts(book, vocabulary, day: date) -> tuple[int | None, ...]:
    row = on(book, vocabulary, "she", day)
    return tuple(row[name] for name in (OF_ALL, OF_SPOUSE, OF_MOTHER, OF_FATHER))


def test_a_relative_counts_from_the_day_the_state_knew_of_the_business_until_it_knew_of_its_end(family, vocabulary):
    family.event("he", OPENED, "2020-01-10", "2020-02-01", register="business")
    family.event("he", CLOSED, "2021-05-01", "2021-06-01", register="business")
    days = [date(2020, 1, 31), date(2020, 2, 1), date(2021, 5, 31), date(2021, 6, 1)]
    assert [counts(family, vocabulary, day)[:2] for day in days] == [(0, 0), (1, 1), (1, 1), (0, 0)]


def test_each_relative_counts_once_and_in_the_place_that_the_relation_gives(family, vocabulary):
    for who in ("he", "mum"):
        family.event(who, OPENED, "2020-01-10", register="business")
    family.event("mum", OPENED, "2020-01-10", register="business")
    family.event("mum", CLOSED, "2020-06-10", register="business")
    family.relation("she", "mum", "mother", "2016-01-01")
    assert counts(family, vocabulary, date(2021, 1, 1)) == (2, 1, 1, 0)


def test_an_annulled_opening_and_a_relative_known_to_have_died_do_not_count(family, vocabulary):
    opened = family.event("he", OPENED, "2020-01-10", register="business")
    family.event("he", OPENED, "2020-01-10", "2020-03-01", register="business", annuls=opened)
    family.event("dad", OPENED, "2020-01-10", register="business")
    family.event("dad", "death", "2020-04-01", "2020-05-01")
    found = [counts(family, vocabulary, day)[0] for day in (date(2020, 2, 29), date(2020, 3, 1), date(2020, 5, 1))]
    assert found == [2, 1, 0]


def test_without_the_registers_of_the_event_and_the_relation_nothing_is_known(family, vocabulary):
    family.con.execute("UPDATE deliveries SET first_recorded_at = '2022-01-01' WHERE register = 'business'")
    assert counts(family, vocabulary, date(2021, 1, 1)) == (None, None, None, None)
    assert counts(family, vocabulary, date(2022, 1, 1)) == (0, 0, 0, 0)


def test_a_fact_within_a_period_is_forgotten_after_it(family, vocabulary):
    fact = vocabulary.relatives["runs_a_business"].model_copy(
        update={"event": "move", "ended_by": None, "within": "P12M", "of": ("spouse",)}
    )
    words = vocabulary.model_copy(update={"relatives": {"moved": fact}})
    family.event("he", "move", "2020-03-10", register="population")
    days = [date(2020, 3, 9), date(2020, 3, 10), date(2021, 3, 9), date(2021, 3, 10)]
    rows = [compute(family.con, words, spine(("she", day))).to_pylist()[0] for day in days]
    assert [row["count_relatives_who_moved"] for row in rows] == [0, 1, 1, 0]


def test_what_a_count_stands_on_is_the_events_and_the_relations_it_is_seen_through(vocabulary):
    found = behind(vocabulary)
    assert found[OF_MOTHER] == {OPENED, CLOSED, "mother"}
    assert found[OF_ALL] == {OPENED, CLOSED, "spouse", "mother", "father"}


def test_the_months_to_a_feast_are_counted_by_calendar_months_and_end_with_the_calendar(book, vocabulary):
    book.subject("she", "1990-01-01")
    days = [date(2025, 12, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1), date(2032, 3, 1)]
    found = [on(book, vocabulary, "she", day)["months_to_lunar_new_year"] for day in days]
    assert found == [2, 0, 0, 11, None]
    assert behind(vocabulary)["months_to_lunar_new_year"] == frozenset()
    assert features(vocabulary)["months_to_lunar_new_year"].register is None
