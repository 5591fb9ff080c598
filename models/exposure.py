"""What happened to each sample month by month: the outcome's month, and for how many months that is known.

A sample is a subject on a day. Months are counted from that day, 1 to the horizon (a month is 30.44 days). Someone who
dies is known to the end without the outcome (a competing exit: 1 - product of (1 - hazard) is then the share of all
who were asked, not of those who live on). Someone who leaves observation is known up to that month.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.sql import plus
from models.dataset import TOLD
from models.task import Task

DAYS_A_MONTH = 30.4375


@dataclass(frozen=True)
class Exposure:
    """Samples and their months. `rows`: subject_id, as_of and features; `month`: the outcome's, 0 without one; `seen`:
    how many months are known (to the outcome's month and beyond); `died`: within the horizon, without the outcome;
    `days`: to the outcome, NaN without one. One value per row; `horizon` is in months. `cases`: samples that are there
    because the outcome came (a case-cohort design, Prentice 1986); all the others are of people drawn blindly.
    """

    rows: pa.Table
    month: np.ndarray
    seen: np.ndarray
    died: np.ndarray
    days: np.ndarray
    horizon: int
    cases: np.ndarray

    def __len__(self) -> int:
        return int(self.rows.num_rows)

    @property
    def closed(self) -> np.ndarray:
        """Where the whole horizon is known. An outcome of one who then left does not count: it would be a leak."""
        return np.asarray(self.seen == self.horizon)

    @property
    def cohort(self) -> "Exposure":
        """The samples of people drawn blindly, of which shares may be taken."""
        return self.where(~self.cases)

    @property
    def came(self) -> np.ndarray:
        """1.0 where the outcome is known to have come, else 0.0."""
        return (self.month > 0).astype(float)

    @property
    def people(self) -> np.ndarray:
        """The subject of each row."""
        return np.asarray(self.rows["subject_id"].to_pylist(), dtype=str)

    @property
    def asked_on(self) -> tuple[date, ...]:
        """The days of the samples, oldest first."""
        return tuple(sorted(self.rows["as_of"].unique().to_pylist()))

    def where(self, mask: np.ndarray) -> "Exposure":
        """The samples of a mask."""
        return Exposure(
            self.rows.filter(pa.array(mask)),
            self.month[mask],
            self.seen[mask],
            self.died[mask],
            self.days[mask],
            self.horizon,
            self.cases[mask],
        )

    def on(self, days: Sequence[date]) -> "Exposure":
        """The samples of these days."""
        return self.where(pc.is_in(self.rows["as_of"], value_set=pa.array(days, pa.date32())).to_numpy())

    def with_rows(self, rows: pa.Table) -> "Exposure":
        """The same samples with other features: one row each, in the same order."""
        return Exposure(rows, self.month, self.seen, self.died, self.days, self.horizon, self.cases)


def exposed(
    con: duckdb.DuckDBPyConnection,
    rows: pa.Table,
    task: Task,
    deaths: Sequence[str],
    *,
    known_by: date,
    recorded: bool = False,
) -> Exposure:
    """What came of each row, over the lake attached in `con`, as it was known by the end of its horizon.

    An outcome counts on the day it happened, or with `recorded` on the day it was put on record. Rows whose horizon
    ends after `known_by`, the last day anything is known of, are left out.
    """
    numbered = rows.select(["subject_id", "as_of"]).append_column("_row", pa.array(range(rows.num_rows), pa.int64()))
    con.register("exposure_asked", numbered)
    try:
        found = con.sql(
            _FOUND.format(
                told=TOLD,
                end_on=plus("a.as_of", task.horizon),
                day="t.known_on" if recorded else "t.occurred_on",
            ),
            params={"outcome": list(task.outcome), "deaths": list(deaths), "known_by": known_by},
        ).to_arrow_table()
    finally:
        con.unregister("exposure_asked")
    days, left, end = (found[name].to_numpy().astype(float) for name in ("days", "left_after", "length"))
    horizon = max(task.horizon.months, 1)
    died = found["died"].to_numpy(zero_copy_only=False).astype(bool)
    month = np.where(np.isnan(days), 0, np.clip(np.ceil(np.nan_to_num(days) * horizon / end), 1, horizon)).astype(int)
    stays = np.isnan(left) | (left >= end) | died
    seen = np.where(stays, horizon, np.clip(np.floor(np.nan_to_num(left) * horizon / end), 0, horizon - 1)).astype(int)
    month = np.where(month <= seen, month, 0)
    came = rows.take(found["_row"])
    return Exposure(came, month, seen, died & (month == 0), days, horizon, np.zeros(len(month), dtype=bool))


def joined(cohort: Exposure, cases: Exposure) -> Exposure:
    """A cohort and, marked as such, the cases of others."""
    parts = (cohort, cases)
    month, seen, died, days = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("month", "seen", "died", "days")
    )
    marked = np.concatenate([cohort.cases, np.ones(len(cases), dtype=bool)])
    rows = pa.concat_tables([part.rows for part in parts])
    return Exposure(rows, month, seen, died, days, cohort.horizon, marked)


_FOUND = """
WITH asked AS (
    SELECT a._row, a.subject_id, a.as_of, {end_on} AS end_on, p.obs_to
    FROM exposure_asked a JOIN subjects p ON p.subject_id = a.subject_id
), {told}, within AS (
    SELECT a._row, bool_or(list_contains($deaths, t.event)) AS died,
           min({day}) FILTER (WHERE list_contains($outcome, t.event)) AS first_on
    FROM asked a JOIN told t ON t.subject_id = a.subject_id
    WHERE {day} > a.as_of AND {day} <= a.end_on AND t.known_on <= a.end_on
      AND (t.void_on IS NULL OR t.void_on > a.end_on) AND (a.obs_to IS NULL OR t.occurred_on <= a.obs_to)
    GROUP BY a._row
)
SELECT a._row, coalesce(w.died, false) AS died, w.first_on - a.as_of AS days, a.end_on - a.as_of AS length,
       CASE WHEN a.obs_to < a.end_on THEN a.obs_to - a.as_of END AS left_after
FROM asked a LEFT JOIN within w ON w._row = a._row
WHERE a.end_on <= $known_by
ORDER BY a._row
"""
