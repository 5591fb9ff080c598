from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifeevents.domain.calendar import (
    Period,
    WorkCalendar,
    add_months,
    age_years,
    local_day,
    minus,
    months_between,
    plus,
)
from lifeevents.packs.loader import HOME
from lifeevents.packs.strict_yaml import read_yaml

VIET_NAM = WorkCalendar.model_validate(read_yaml(HOME / "vn" / "calendar.yaml"))


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_a_month_without_that_day_ends_on_its_last_day(start: date, months: int, end: date) -> None:
    assert add_months(start, months) == end


def test_a_child_born_on_29_february_turns_one_on_28_february() -> None:
    assert age_years(date(2024, 2, 29), date(2025, 2, 27)) == 0
    assert age_years(date(2024, 2, 29), date(2025, 2, 28)) == 1


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 1200))
def test_months_between_counts_what_add_months_added(start: date, months: int) -> None:
    assert months_between(start, add_months(start, months)) == months


@pytest.mark.parametrize(
    ("text", "months", "days"), [("P60D", 0, 60), ("P6M", 6, 0), ("P1Y6M", 18, 0), ("P2M3D", 2, 3), ("P0D", 0, 0)]
)
def test_a_period_is_read_and_written(text: str, months: int, days: int) -> None:
    period = Period.parse(text)
    assert (period.months, period.days) == (months, days)
    assert Period.parse(str(period)) == period


@pytest.mark.parametrize("text", ["60 days", "P", "PT24H", "P-3D", "P1W", ""])
def test_what_is_no_period_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="Write it like P60D"):
        Period.parse(text)


def test_plus_and_minus_add_months_before_days() -> None:
    assert plus(date(2026, 1, 30), Period.parse("P1M1D")) == date(2026, 3, 1)
    assert minus(date(2026, 3, 31), Period.parse("P1M1D")) == date(2026, 2, 27)


def test_working_days_pass_over_weekends_holidays_and_the_swapped_day() -> None:
    friday_before_national_day = date(2026, 8, 28)
    assert VIET_NAM.add_working_days(friday_before_national_day, 1) == date(2026, 9, 3)
    assert VIET_NAM.is_working(date(2026, 8, 22))
    assert not VIET_NAM.is_working(date(2026, 11, 24))


def test_a_file_handed_in_after_three_counts_from_the_next_working_day() -> None:
    friday = datetime(2026, 11, 6, 15, 0)  # noqa: DTZ001 - office hours are wall-clock time
    assert VIET_NAM.received_on(friday.replace(hour=14, minute=59)) == date(2026, 11, 6)
    assert VIET_NAM.received_on(friday) == date(2026, 11, 9)


def test_nobody_is_told_anything_at_night_or_on_a_holiday() -> None:
    zone = ZoneInfo("Asia/Ho_Chi_Minh")
    evening = datetime(2026, 11, 6, 21, 0, tzinfo=zone)
    assert VIET_NAM.next_speaking(evening) == datetime(2026, 11, 9, 8, 0, tzinfo=zone)
    early = datetime(2026, 11, 9, 6, 0, tzinfo=zone)
    assert VIET_NAM.next_speaking(early) == datetime(2026, 11, 9, 8, 0, tzinfo=zone)
    noon = datetime(2026, 11, 9, 12, 0, tzinfo=zone)
    assert VIET_NAM.next_speaking(noon) == noon


def test_a_year_without_a_calendar_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(ValueError, match="2033-01-03 is outside"):
        VIET_NAM.is_working(date(2033, 1, 3))


def test_the_pack_calendar_agrees_with_the_published_holidays() -> None:
    published = set(holidays.country_holidays("VN", years=range(2026, 2028)))
    ours = {day for day in VIET_NAM.holidays if 2026 <= day.year < 2028}
    missing = {day for day in published if day.weekday() < 5} - ours
    assert not missing


def test_a_local_day_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        local_day(datetime(2026, 1, 1), ZoneInfo("UTC"))  # noqa: DTZ001 - what is refused
    late_utc = datetime(2026, 1, 1, 18, 0, tzinfo=ZoneInfo("UTC"))
    assert local_day(late_utc, ZoneInfo("Asia/Ho_Chi_Minh")) == date(2026, 1, 2)


def test_the_quiet_hours_are_the_packs() -> None:
    assert (VIET_NAM.quiet_from, VIET_NAM.quiet_to, VIET_NAM.cutoff) == (time(20), time(8), time(15))
