"""By when an office answers: the working day a file is received on, and the days that count from it."""

from datetime import date, datetime

import pytest

from lifeevents.domain.calendar import WorkCalendar
from lifeevents.domain.procedure import Processing
from lifeevents.packs.loader import HOME
from lifeevents.packs.strict_yaml import read_yaml

VIET_NAM = WorkCalendar.model_validate(read_yaml(HOME / "vn" / "calendar.yaml"))
SAME_DAY = Processing(days=0)


def at(text: str) -> datetime:
    """A moment on the wall clock of the office."""
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("received", "ready"),
    [
        ("2026-11-05T08:00", date(2026, 11, 5)),
        ("2026-11-05T14:59:59", date(2026, 11, 5)),
        ("2026-11-05T15:00", date(2026, 11, 6)),
        ("2026-11-06T15:00", date(2026, 11, 9)),
        ("2026-11-07T09:00", date(2026, 11, 9)),
        ("2026-11-23T15:30", date(2026, 11, 25)),
        ("2026-08-22T10:00", date(2026, 8, 22)),
        ("2026-08-22T15:00", date(2026, 8, 24)),
        ("2026-08-28T15:00", date(2026, 9, 3)),
        ("2026-02-13T15:00", date(2026, 2, 23)),
        ("2028-02-29T14:00", date(2028, 2, 29)),
        ("2028-02-28T15:00", date(2028, 2, 29)),
    ],
)
def test_the_same_day_is_the_next_working_day_from_three_o_clock_on(received: str, ready: date) -> None:
    assert SAME_DAY.ready_by(at(received), VIET_NAM) == ready


@pytest.mark.parametrize(
    ("days", "received", "ready"),
    [
        (1, "2026-11-05T14:59", date(2026, 11, 6)),
        (1, "2026-11-05T15:00", date(2026, 11, 9)),
        (3, "2026-11-23T10:00", date(2026, 11, 27)),
        (3, "2026-08-21T10:00", date(2026, 8, 25)),
        (5, "2028-02-25T16:00", date(2028, 3, 6)),
        (7, "2026-12-30T09:00", date(2027, 1, 11)),
    ],
)
def test_working_days_count_from_the_day_of_receipt_and_pass_over_days_off(
    days: int, received: str, ready: date
) -> None:
    assert Processing(days=days).ready_by(at(received), VIET_NAM) == ready


def test_calendar_days_count_from_the_day_of_receipt_and_over_every_day() -> None:
    month = Processing(days=30, count="calendar")
    assert month.ready_by(at("2026-11-06T14:00"), VIET_NAM) == date(2026, 12, 6)
    assert month.ready_by(at("2026-11-06T15:00"), VIET_NAM) == date(2026, 12, 9)


def test_checking_takes_longer_than_not_checking() -> None:
    with pytest.raises(ValueError, match="3 days are not more than the 3 without a check"):
        Processing(days=3, checked=3)


def test_past_the_end_of_the_calendar_no_day_is_guessed() -> None:
    assert VIET_NAM.reaches(date(2032, 12, 30), 1)
    assert not VIET_NAM.reaches(date(2032, 12, 30), 2)
    assert not VIET_NAM.reaches(date(2024, 12, 31))
    with pytest.raises(ValueError, match="outside"):
        SAME_DAY.ready_by(at("2032-12-31T15:00"), VIET_NAM)
