# ruff: noqa: S608 - this file writes SQL; every name and literal in it goes through features.sql
"""One set-based computation over any spine: training rows, the nightly snapshot, one person now."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Protocol

import duckdb
import pyarrow as pa

from features.catalogue import GROUPS, features
from features.feature import Feature
from features.groups import law
from features.known import Relatives, prepared, related, relatives
from features.sql import quoted
from lifeevents.domain.pack import Vocabulary
from lifeevents.domain.register import ValueType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lifeevents.ports import Snapshot

_DUCKDB: dict[ValueType, str] = {
    "flag": "BOOLEAN",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "date": "DATE",
    "category": "VARCHAR",
}


def compute(
    con: duckdb.DuckDBPyConnection,
    vocabulary: Vocabulary,
    spine: pa.Table,
    *,
    kin: Relatives | None = None,
) -> pa.Table:
    """Every feature of every spine row (subject_id, as_of), in the spine's order: rows in = rows out.

    Reads the lake's views in `con`. `kin` brings relatives from buckets not attached; without it they are
    looked for in `con` itself.
    """
    catalogue = features(vocabulary)
    with prepared(con, vocabulary, spine, kin):
        try:
            for group in GROUPS:
                mine = _columns(f for f in catalogue.values() if f.group == group.name)
                con.execute(
                    f"CREATE OR REPLACE TEMP TABLE features_of_{group.name} AS "
                    f"SELECT s.row, {mine} {group.relation(vocabulary)}"
                )
            joins = " ".join(f"JOIN features_of_{group.name} USING (row)" for group in GROUPS)
            dates = _columns(f for f in catalogue.values() if f.group == law.NAME)
            return con.sql(
                f"SELECT * EXCLUDE (row) FROM (SELECT *{', ' + dates if dates else ''} "
                f"FROM features_spine {joins}) ORDER BY row"
            ).to_arrow_table()
        finally:
            for group in GROUPS:
                con.execute(f"DROP TABLE IF EXISTS features_of_{group.name}")


def _columns(wanted: "Iterable[Feature]") -> str:
    return ", ".join(f"CAST({f.sql} AS {_DUCKDB[f.type]}) AS {quoted(f.name)}" for f in wanted)


def law_dates(vocabulary: Vocabulary, facts: "Mapping[str, Any]", as_of: date) -> dict[str, date | None]:
    """The law dates of one imagined subject: what the pack's cases are checked with.

    `facts` are features by name; one that is missing is unknown.
    """
    catalogue = features(vocabulary)
    given = [f for f in catalogue.values() if f.group != law.NAME]
    rules = [f for f in catalogue.values() if f.group == law.NAME]
    if not rules:
        return {}
    columns = ", ".join(f"CAST(? AS {_DUCKDB[f.type]}) AS {quoted(f.name)}" for f in given)
    with duckdb.connect() as con:
        row = con.execute(
            f"SELECT {_columns(rules)} FROM (SELECT CAST(? AS DATE) AS as_of, {columns})",
            [as_of, *(facts.get(f.name) for f in given)],
        ).fetchone()
    return dict(zip((f.name for f in rules), row or (), strict=True))


class Lake(Protocol):
    """What features need of the lake; `lifeevents.registers.lake.Lake` is the real one."""

    @property
    def buckets(self) -> int:
        """How many buckets the subjects are cut into."""

    def attach(self, con: duckdb.DuckDBPyConnection, bucket: int | None = None) -> None:
        """Create the views subjects, events, attributes, relations, deliveries."""


class LakeFeatures:
    """Features of the subjects in a lake; a `lifeevents.ports.FeatureSource`."""

    def __init__(self, lake: Lake, vocabulary: Vocabulary) -> None:
        self._lake = lake
        self.vocabulary = vocabulary

    @property
    def buckets(self) -> int:
        """How many buckets the population is cut into."""
        return self._lake.buckets

    def snapshot(self, bucket: int, as_of: date, *, since: date) -> "Snapshot":
        """Everyone the state knew and still observed on `as_of`, the dead of the last 12 months among them
        (`alive` is false), and the live events recorded from `since` to `as_of`."""
        from lifeevents.ports import Snapshot

        with duckdb.connect() as con:
            self._lake.attach(con, bucket)
            spine = con.sql(_PRESENT, params={"day": as_of, "deaths": list(self.vocabulary.deaths)}).to_arrow_table()
            rows = compute(con, self.vocabulary, spine, kin=self._relatives(related(con)))
            end = as_of + timedelta(days=1)
            events = con.sql(_RECORDED, params=[since, end, end]).to_arrow_table()
            withdrawn = con.execute(_WITHDRAWN, [end]).fetchall()
        return Snapshot(
            as_of=as_of,
            rows=rows.drop_columns(["as_of"]),
            events=events,
            withdrawn=frozenset(event_id for (event_id,) in withdrawn),
        )

    def rows(self, spine: pa.Table) -> pa.Table:
        """Features of any spine (subject_id, as_of) over the whole lake."""
        with duckdb.connect() as con:
            self._lake.attach(con)
            return compute(con, self.vocabulary, spine)

    def one(self, subject_id: str, as_of: date) -> dict[str, Any]:
        """One subject's features on a day, as Python values."""
        spine = pa.table({"subject_id": [subject_id], "as_of": pa.array([as_of], pa.date32())})
        with duckdb.connect() as con:
            self._lake.attach(con, self._bucket_of(subject_id))
            row = compute(con, self.vocabulary, spine, kin=self._relatives(related(con, subject_id)))
        return dict(row.drop_columns(["subject_id", "as_of"]).to_pylist()[0])

    def _bucket_of(self, subject_id: str) -> int:
        from lifeevents.registers.lake import bucket_of

        return bucket_of(subject_id, self._lake.buckets)

    def _relatives(self, asked: pa.Table) -> Relatives:
        with duckdb.connect() as everyone:
            self._lake.attach(everyone)
            return relatives(everyone, self.vocabulary, asked)


_PRESENT = """
WITH voided AS (
    SELECT coalesce(corrects, annuls) AS event_id, min(recorded_at) AS at
    FROM events WHERE corrects IS NOT NULL OR annuls IS NOT NULL GROUP BY 1
), dead AS (
    SELECT e.subject_id, max(e.recorded_at) AS at FROM events e LEFT JOIN voided v ON v.event_id = e.event_id
    WHERE e.annuls IS NULL AND list_contains($deaths, e.event)
      AND e.recorded_at < $day + 1 AND (v.at IS NULL OR v.at >= $day + 1) GROUP BY e.subject_id
)
SELECT s.subject_id, $day AS as_of FROM subjects s LEFT JOIN dead d ON d.subject_id = s.subject_id
WHERE s.obs_from <= $day AND CASE WHEN d.at IS NULL THEN s.obs_to IS NULL OR s.obs_to >= $day
                                  ELSE d.at >= $day - INTERVAL 12 MONTH END
ORDER BY s.subject_id
"""

_RECORDED = """
WITH voided AS (
    SELECT coalesce(corrects, annuls) AS event_id, min(recorded_at) AS at
    FROM events WHERE corrects IS NOT NULL OR annuls IS NOT NULL GROUP BY 1
)
SELECT e.subject_id, e.event_id, e.event, e.occurred_on, CAST(e.recorded_at AS TIMESTAMP) AS recorded_at,
       e.register, e.payload
FROM events e LEFT JOIN voided v ON v.event_id = e.event_id
WHERE e.annuls IS NULL AND e.recorded_at >= ? AND e.recorded_at < ? AND (v.at IS NULL OR v.at >= ?)
ORDER BY e.subject_id, e.recorded_at, e.event_id
"""

_WITHDRAWN = """
SELECT DISTINCT coalesce(corrects, annuls) FROM events
WHERE (corrects IS NOT NULL OR annuls IS NOT NULL) AND recorded_at < ?
"""
