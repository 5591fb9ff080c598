"""A register that stops is noticed by its own pace, everywhere or in one province."""

from datetime import date, timedelta

import pytest

from features.lake import LakeFeatures
from features.silence import silent
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from tests.features.test_lake import dump

FIRST, DAYS = date(2022, 1, 3), 240


@pytest.fixture
def paced(book):
    """Forty people, every other one in each of two provinces."""
    for number in range(40):
        book.subject(f"p{number}", "1980-01-01")
        book.attribute(f"p{number}", "province", "01" if number % 2 else "79", "2020-01-01")
    return book


def record(book, until: dict[str, int]) -> date:
    """Every third day civil status records a marriage in each province, for so many days; the last of those days."""
    last = FIRST
    for day in range(0, DAYS, 3):
        for province, number in (("79", 2 * (day // 3 % 20)), ("01", 2 * (day // 3 % 20) + 1)):
            if day < until[province]:
                last = FIRST + timedelta(days=day)
                book.event(f"p{number}", "marriage", last)
    return last


def test_a_register_is_silent_only_after_twice_its_longest_pause_and_its_lag(paced, vocabulary):
    newest = record(paced, {"01": DAYS, "79": DAYS})
    usual = 2 * 3 + 2 * 31 - 2  # a pause of three days; civil status may take sixty
    assert [silent(paced.con, vocabulary, newest + timedelta(days=after)) for after in (0, usual)] == [(), ()]
    (late,) = silent(paced.con, vocabulary, newest + timedelta(days=usual + 1))
    assert (late.register, late.place, late.since, late.allowed) == ("civil_status", None, newest, usual)


def test_a_province_that_is_starved_is_named_while_the_others_go_on(paced, vocabulary):
    last = record(paced, {"01": DAYS, "79": DAYS})
    day = last + timedelta(days=90)
    for after in range(3, 91, 3):
        paced.event("p1", "marriage", last + timedelta(days=after))
    (starved,) = silent(paced.con, vocabulary, day)
    assert (starved.register, starved.place, starved.since) == ("civil_status", "79", last)


def test_what_was_recorded_after_the_day_does_not_end_a_silence_on_it(paced, vocabulary):
    day = record(paced, {"01": DAYS, "79": DAYS}) + timedelta(days=100)
    before = silent(paced.con, vocabulary, day)
    paced.event("p1", "marriage", day, day + timedelta(days=1))
    assert before
    assert silent(paced.con, vocabulary, day) == before


def test_a_register_of_a_few_days_has_no_pace_to_fall_behind(paced, vocabulary):
    record(paced, {"01": 60, "79": 60})
    assert silent(paced.con, vocabulary, FIRST + timedelta(days=1000)) == ()


def test_a_snapshot_says_which_registers_are_silent_and_looks_again_after_an_import(paced, vocabulary, tmp_path):
    day = record(paced, {"01": DAYS, "79": DAYS}) + timedelta(days=100)
    lake = Lake(tmp_path / "lake", new_buckets=1)
    import_dump(dump(paced, tmp_path / "dump"), lake, vocabulary)
    source = LakeFeatures(lake, vocabulary)
    assert [one.register for one in source.snapshot(0, day, since=day).silent] == ["civil_status"]
    paced.event("p1", "marriage", day - timedelta(days=5))
    import_dump(dump(paced, tmp_path / "later"), lake, vocabulary)
    assert source.snapshot(0, day, since=day).silent == ()
