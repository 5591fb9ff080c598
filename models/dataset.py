# ruff: noqa: S608 - this file writes SQL; every name in it is quoted, every value bound
"""Person-day samples: who is asked about on a day, and what came of it.

A sample's features are as of its day. Its label is whether the outcome happened and became known in (day, day +
horizon]; it exists only for people observed through day + horizon, or dead inside it (a competing exit: false).
Keeping the positives of people who dropped out would be a leak.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.compute import compute
from features.known import Relatives
from features.sql import plus
from lifeevents.domain.calendar import Period, minus
from lifeevents.domain.pack import Vocabulary
from models.task import Task


@dataclass(frozen=True)
class Samples:
    """Samples with a label. `rows`: subject_id, as_of, one column per feature; `label`: a boolean per row;
    `days`: the days from the sample to its outcome, unknown where there was none."""

    rows: pa.Table
    label: pa.ChunkedArray
    days: pa.ChunkedArray

    def __len__(self) -> int:
        return int(self.rows.num_rows)

    @property
    def positives(self) -> int:
        """How many labels are true."""
        return int(self.labels.sum())

    @property
    def labels(self) -> np.ndarray:
        """The labels as 0.0 and 1.0."""
        return self.label.cast(pa.int8()).to_numpy().astype(float)

    @property
    def asked_on(self) -> tuple[date, ...]:
        """The days of the samples, oldest first."""
        return tuple(sorted(self.rows["as_of"].unique().to_pylist()))

    def on(self, days: Sequence[date]) -> "Samples":
        """Only the samples of these days."""
        mask = pc.is_in(self.rows["as_of"], value_set=pa.array(days, pa.date32()))
        return Samples(self.rows.filter(mask), self.label.filter(mask), self.days.filter(mask))

    def with_rows(self, rows: pa.Table) -> "Samples":
        """The same samples with other features: one row each, in the same order."""
        return Samples(rows, self.label, self.days)


def reference_days(last: date, horizon: Period, *, count: int, gap: Period) -> tuple[date, ...]:
    """`count` days, `gap` apart, the last one leaving the horizon before `last` closed; oldest first."""
    days = [minus(last, horizon)]
    while len(days) < count:
        days.append(minus(days[-1], gap))
    return tuple(reversed(days))


def observed(con: duckdb.DuckDBPyConnection, days: Sequence[str | date], *, people: int | None = None) -> pa.Table:
    """The spine (subject_id, as_of) of everyone observed on each day; of at most `people` of them, drawn by a
    hash of their id so that the draw is the same each time."""
    some = "" if people is None else f"ORDER BY md5(subject_id) LIMIT {int(people)}"
    return con.sql(
        f"""
        SELECT subject_id, CAST(d.as_of AS DATE) AS as_of
        FROM (SELECT * FROM subjects {some}) JOIN (SELECT unnest($days) AS as_of) d ON true
        WHERE obs_from <= CAST(d.as_of AS DATE) AND (obs_to IS NULL OR obs_to >= CAST(d.as_of AS DATE))
        ORDER BY as_of, subject_id""",
        params={"days": [str(day) for day in days]},
    ).to_arrow_table()


def at_risk(rows: pa.Table, task: Task) -> pa.ChunkedArray:
    """Per row: alive and at risk on its day, true, false or unknown."""
    with duckdb.connect() as con:
        con.register("rows", rows.append_column("_row", _numbers(rows)))
        found = con.sql(f"SELECT CAST(alive AND ({task.at_risk}) AS BOOLEAN) AS risk FROM rows ORDER BY _row")
        return found.to_arrow_table()["risk"]


def eligible(rows: pa.Table, task: Task) -> pa.Table:
    """The rows of people who are alive and at risk on their day, in order."""
    return rows.filter(at_risk(rows, task).fill_null(False))


def labelled(
    con: duckdb.DuckDBPyConnection, rows: pa.Table, task: Task, deaths: Sequence[str], *, known_by: date | None = None
) -> Samples:
    """The rows whose outcome is known, with it. `known_by` is the last day anything is known of."""
    con.register("labels_asked", rows.select(["subject_id", "as_of"]).append_column("_row", _numbers(rows)))
    try:
        found = con.sql(
            _LABELS.format(told=TOLD, end_on=plus("a.as_of", task.horizon)),
            params={"outcome": list(task.outcome), "deaths": list(deaths), "known_by": known_by},
        ).to_arrow_table()
    finally:
        con.unregister("labels_asked")
    return Samples(rows.take(found["_row"]), found["label"], found["days"])


TOLD = """
voided AS (
    SELECT coalesce(corrects, annuls) AS event_id, min(recorded_at) AS at
    FROM events WHERE corrects IS NOT NULL OR annuls IS NOT NULL GROUP BY 1
), told AS (
    SELECT e.subject_id, e.event, e.occurred_on, CAST(e.recorded_at AS DATE) AS known_on, CAST(v.at AS DATE) AS void_on
    FROM events e LEFT JOIN voided v ON v.event_id = e.event_id
    WHERE e.annuls IS NULL AND (list_contains($outcome, e.event) OR list_contains($deaths, e.event))
)
"""
"""Outcomes and deaths as the registers told them: when each happened, became known, and was taken back."""

_LABELS = """
WITH asked AS (
    SELECT a._row, a.subject_id, a.as_of, {end_on} AS end_on, p.obs_to
    FROM labels_asked a JOIN subjects p ON p.subject_id = a.subject_id
), {told}, within AS (
    SELECT a._row, bool_or(list_contains($outcome, t.event)) AS outcome,
           bool_or(list_contains($deaths, t.event)) AS died,
           min(t.occurred_on) FILTER (WHERE list_contains($outcome, t.event)) AS first_on
    FROM asked a JOIN told t ON t.subject_id = a.subject_id
    WHERE t.occurred_on > a.as_of AND t.occurred_on <= a.end_on AND t.known_on <= a.end_on
      AND (t.void_on IS NULL OR t.void_on > a.end_on) AND (a.obs_to IS NULL OR t.occurred_on <= a.obs_to)
    GROUP BY a._row
)
SELECT a._row, coalesce(w.outcome, false) AS label, w.first_on - a.as_of AS days
FROM asked a LEFT JOIN within w ON w._row = a._row
WHERE (a.obs_to IS NULL OR a.obs_to >= a.end_on OR coalesce(w.died, false))
  AND ($known_by IS NULL OR a.end_on <= CAST($known_by AS DATE))
ORDER BY a._row
"""


def _numbers(rows: pa.Table) -> pa.Array:
    return pa.array(range(rows.num_rows), pa.int64())


def samples(
    con: duckdb.DuckDBPyConnection,
    vocabulary: Vocabulary,
    task: Task,
    days: Sequence[str | date],
    *,
    known_by: date | None = None,
    people: int | None = None,
    kin: Relatives | None = None,
) -> Samples:
    """Samples of a task on the given days, over the lake attached in `con`."""
    rows = eligible(compute(con, vocabulary, observed(con, days, people=people), kin=kin), task)
    return labelled(con, rows, task, vocabulary.deaths, known_by=known_by)
