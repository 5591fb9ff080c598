"""People are counted where they lived on the day, and outcomes as far as they were known."""

from datetime import date
from pathlib import Path

import pytest

from lifeevents.domain.errors import LifeEventsError
from lifeevents.domain.pack import Pack
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from models.areas.counts import Counts, counted, days_before, ends_of
from tests.registers.dumps import attribute, event, subject, write

DAY = date(2024, 11, 3)
LOSS = {"event": "job_loss", "register": "social_insurance"}


def lives(person: str, province: str, since: str, until: str = "") -> dict[str, str]:
    more = {"value": province, "valid_from": since, "valid_to": until, "recorded_at": f"{since}T00:00:00Z"}
    return attribute(person, register="population", **more)


def lost(id: str, person: str, on: str, recorded: str, **more: str) -> dict[str, str]:
    return event(id, person, occurred_on=on, recorded_at=f"{recorded}T00:00:00Z", **LOSS, **more)


def dead(id: str, person: str, on: str) -> dict[str, str]:
    more = {"event": "death", "register": "civil_status", "recorded_at": f"{on}T00:00:00Z"}
    return event(id, person, occurred_on=on, **more)


@pytest.fixture
def lake(tmp_path: Path, pack: Pack) -> Lake:
    """Anna moves to 79 in the year; Bea's loss is taken back; Cleo is dead; Dan leaves; Eve's place is not known."""
    people = ["anna", "bea", "cleo", "eve"]
    dump = {
        "subjects": [*map(subject, people), subject("dan", obs_to="2025-01-31"), subject("kid", born_on="2020-01-01")],
        "events": [
            lost("e0", "anna", "2020-02-01", "2020-02-03"),
            lost("e1", "anna", "2024-12-01", "2024-12-05"),
            lost("e2", "anna", "2025-09-01", "2026-02-01"),
            lost("e3", "bea", "2025-03-01", "2025-03-02"),
            lost("e4", "bea", "2025-03-01", "2025-06-01", annuls="e3"),
            dead("e5", "cleo", "2024-10-01"),
            lost("e6", "dan", "2025-01-15", "2025-01-20"),
            lost("e7", "dan", "2025-03-15", "2025-03-20"),
            lost("e8", "eve", "2024-11-03", "2024-11-04"),
        ],
        "attributes": [
            lives("anna", "01", "2020-01-01", "2025-02-01"),
            lives("anna", "79", "2025-02-01"),
            *(lives(person, "01", "2020-01-01") for person in ("bea", "cleo", "dan", "kid")),
        ],
        "relations": [],
    }
    made = Lake(tmp_path / "lake", new_buckets=2)
    report = import_dump(write(tmp_path / "dump", dump), made, pack.vocabulary)
    assert report.quarantined == 0
    return made


@pytest.fixture
def counts(lake: Lake, pack: Pack) -> Counts:
    return counted(lake, pack, {"job_losses": (DAY,)})["job_losses"]


def test_the_living_of_the_right_age_are_counted_where_they_lived_on_the_day(counts: Counts) -> None:
    assert [codes[0] for codes in counts.areas] == ["01", None]
    assert counts.people[0].sum(axis=1).tolist() == [3, 1]


def test_an_outcome_counts_once_it_is_known_where_the_person_lived_on_the_day(counts: Counts) -> None:
    def found(known_by: date) -> list[float]:
        return counts.outcomes(known_by)[0].sum(axis=2)[:, 0].tolist()

    assert found(date(2024, 12, 4)) == [0, 0, 0, 0]
    assert found(date(2025, 4, 1)) == [2, 1, 0, 0]
    assert found(date(2025, 11, 3)) == [2, 0, 0, 0]
    assert found(date(2026, 11, 3)) == [2, 0, 0, 1]


def test_the_day_itself_and_what_follows_after_leaving_are_outside_the_year(counts: Counts) -> None:
    assert counts.outcomes(date(2030, 1, 1)).sum() == 3


def test_the_ends_of_quarters_are_days_of_the_calendar() -> None:
    assert ends_of(date(2025, 11, 30)) == (date(2026, 2, 28), date(2026, 5, 30), date(2026, 8, 30), date(2026, 11, 30))


def test_days_before_the_register_delivered_are_not_asked_about(lake: Lake, pack: Pack) -> None:
    losses = pack.forecasts["job_losses"]
    assert days_before(lake, pack, losses, DAY, 8) == tuple(date(year, 11, 3) for year in range(2020, 2025))
    with pytest.raises(LifeEventsError, match=r"social_insurance delivers since 2020-02-03.*two whole years"):
        days_before(lake, pack, losses, date(2021, 11, 3), 8)
    with pytest.raises(LifeEventsError, match="education delivers nothing"):
        days_before(lake, pack, pack.forecasts["school_leavings"], DAY, 8)
