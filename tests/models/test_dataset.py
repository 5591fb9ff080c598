"""Who is asked about, and what counts as an answer."""

from datetime import date

import duckdb
import pyarrow as pa
import pytest

from lifeevents.domain.calendar import Period
from models.dataset import eligible, labelled, observed, reference_days
from models.task import Task

DAY = date(2022, 6, 30)
TASK = Task("t", ("move",), Period(months=12), "age_years >= 18")


@pytest.fixture
def con():
    with duckdb.connect() as made:
        made.execute("CREATE TABLE subjects (subject_id VARCHAR, obs_from DATE, obs_to DATE)")
        made.execute(
            "CREATE TABLE events (event_id VARCHAR, subject_id VARCHAR, event VARCHAR, occurred_on DATE,"
            " recorded_at TIMESTAMP, corrects VARCHAR, annuls VARCHAR)"
        )
        made.execute("INSERT INTO subjects VALUES ('one', '2000-01-01', NULL)")
        yield made


def happened(con, event, on, recorded=None, *, id="e", annuls=None):
    row = [id, "one", event, on, recorded or on, None, annuls]
    con.execute("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?)", row)


def label(con, **more):
    rows = pa.table({"subject_id": ["one"], "as_of": pa.array([DAY], pa.date32())})
    return labelled(con, rows, TASK, ("death",), **more).label.to_pylist()


@pytest.mark.parametrize(
    ("on", "expected"),
    [("2022-06-30", False), ("2022-07-01", True), ("2023-06-30", True), ("2023-07-01", False)],
)
def test_the_window_opens_the_day_after_and_closes_with_its_last_day(con, on, expected):
    happened(con, "move", on)
    assert label(con) == [expected]


def test_an_outcome_that_became_known_after_the_window_is_not_in_it(con):
    happened(con, "move", "2023-06-01", "2023-07-01 00:00:01")
    assert label(con) == [False]


def test_an_outcome_annulled_within_the_window_did_not_happen(con):
    happened(con, "move", "2022-08-01")
    happened(con, "move", "2022-08-01", "2022-09-01", id="a", annuls="e")
    assert label(con) == [False]


def test_one_who_left_has_no_label_even_with_an_outcome_before(con):
    happened(con, "move", "2022-08-01")
    con.execute("UPDATE subjects SET obs_to = '2023-06-29'")
    assert label(con) == []
    con.execute("UPDATE subjects SET obs_to = '2023-06-30'")
    assert label(con) == [True]


def test_one_who_died_within_the_window_has_a_label(con):
    con.execute("UPDATE subjects SET obs_to = '2022-12-24'")
    happened(con, "death", "2022-12-24", id="d")
    assert label(con) == [False]
    happened(con, "move", "2022-08-01")
    assert label(con) == [True]


def test_an_event_after_the_last_observed_day_is_never_a_label(con):
    con.execute("UPDATE subjects SET obs_to = '2022-12-24'")
    happened(con, "death", "2022-12-24", id="d")
    happened(con, "move", "2022-12-25")
    assert label(con) == [False]


def test_a_window_that_is_still_open_has_no_label(con):
    assert label(con, known_by=date(2023, 6, 29)) == []
    assert label(con, known_by=date(2023, 6, 30)) == [False]


def test_days_to_the_outcome_are_kept_for_those_who_had_it(con):
    happened(con, "move", "2022-07-10")
    rows = pa.table({"subject_id": ["one"], "as_of": pa.array([DAY], pa.date32())})
    assert labelled(con, rows, TASK, ()).days.to_pylist() == [10]


def test_only_the_living_at_risk_are_asked_about_and_the_unknown_are_not():
    rows = pa.table({"subject_id": list("abcd"), "alive": [True, False, True, True], "age_years": [20, 20, 17, None]})
    assert eligible(rows, TASK)["subject_id"].to_pylist() == ["a"]


def test_observed_takes_each_day_those_whom_the_state_then_knew(con):
    con.execute("INSERT INTO subjects VALUES ('later', '2022-07-01', NULL), ('gone', '2000-01-01', '2022-06-29')")
    assert observed(con, [DAY])["subject_id"].to_pylist() == ["one"]
    assert observed(con, ["2022-06-29", "2022-07-01"]).to_pylist() == [
        {"subject_id": "gone", "as_of": date(2022, 6, 29)},
        {"subject_id": "one", "as_of": date(2022, 6, 29)},
        {"subject_id": "later", "as_of": date(2022, 7, 1)},
        {"subject_id": "one", "as_of": date(2022, 7, 1)},
    ]


def test_the_newest_reference_day_leaves_the_horizon_closed():
    days = reference_days(date(2026, 2, 28), Period(months=12), count=3, gap=Period(months=3))
    assert days == (date(2024, 8, 28), date(2024, 11, 28), date(2025, 2, 28))
