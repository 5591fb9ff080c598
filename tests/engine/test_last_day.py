"""The last day of a deadline: calendar days and months, working days, and what is never shown as a day."""

from datetime import date

import pytest

from lifeevents.domain.calendar import WorkCalendar
from lifeevents.domain.procedure import Deadline
from lifeevents.engine.recommend import last_day
from lifeevents.packs.loader import HOME
from lifeevents.packs.strict_yaml import read_yaml

VIET_NAM = WorkCalendar.model_validate(read_yaml(HOME / "vn" / "calendar.yaml"))
START = "event.occurred_on"


def of(period: str, count: str = "calendar", *, verified: bool = True) -> Deadline:
    """A deadline of this length from the day something happened."""
    return Deadline.model_validate(
        {"after": START, "period": period, "count": count, "law": "an act", "verified": verified}
    )


@pytest.mark.parametrize(
    ("period", "happened", "last"),
    [
        ("P60D", date(2026, 10, 20), date(2026, 12, 19)),
        ("P60D", date(2027, 12, 31), date(2028, 2, 29)),
        ("P15D", date(2028, 2, 14), date(2028, 2, 29)),
        ("P15D", date(2027, 2, 14), date(2027, 3, 1)),
        ("P3M", date(2026, 11, 30), date(2027, 2, 28)),
        ("P3M", date(2027, 11, 30), date(2028, 2, 29)),
        ("P3M", date(2026, 12, 31), date(2027, 3, 31)),
        ("P12M", date(2028, 2, 29), date(2029, 2, 28)),
    ],
)
def test_calendar_days_and_months_end_on_the_day_of_that_number_or_the_months_last(
    period: str, happened: date, last: date
) -> None:
    assert last_day(of(period), {START: happened}, VIET_NAM) == last


def test_a_last_day_on_a_day_off_is_not_moved_on() -> None:
    assert not VIET_NAM.is_working(date(2026, 12, 19))
    assert last_day(of("P60D"), {START: date(2026, 10, 20)}, VIET_NAM) == date(2026, 12, 19)


@pytest.mark.parametrize(
    ("happened", "last"),
    [
        (date(2026, 11, 20), date(2026, 11, 26)),
        (date(2026, 8, 20), date(2026, 8, 24)),
        (date(2026, 8, 28), date(2026, 9, 7)),
        (date(2026, 2, 13), date(2026, 2, 25)),
        (date(2028, 2, 28), date(2028, 3, 2)),
        (date(2026, 12, 31), date(2027, 1, 6)),
    ],
)
def test_working_days_pass_over_weekends_and_holidays_and_count_a_saturday_that_is_worked(
    happened: date, last: date
) -> None:
    assert last_day(of("P3D", "working"), {START: happened}, VIET_NAM) == last


def test_past_the_days_off_that_are_known_there_is_no_last_day() -> None:
    three = of("P3D", "working")
    assert last_day(three, {START: date(2032, 12, 28)}, VIET_NAM) == date(2032, 12, 31)
    assert last_day(three, {START: date(2032, 12, 29)}, VIET_NAM) is None
    assert last_day(three, {START: date(2024, 12, 31)}, VIET_NAM) is None
    assert last_day(of("P60D"), {START: date(2032, 12, 29)}, VIET_NAM) == date(2033, 2, 27)


def test_what_was_not_read_in_the_law_or_counts_from_an_unknown_day_is_no_day() -> None:
    assert last_day(of("P60D", verified=False), {START: date(2026, 10, 20)}, VIET_NAM) is None
    assert last_day(of("P60D"), {}, VIET_NAM) is None
    assert last_day(None, {START: date(2026, 10, 20)}, VIET_NAM) is None
