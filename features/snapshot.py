# ruff: noqa: S608 - this file writes SQL; every name and literal in it goes through features.sql
"""A snapshot of the subjects in a connection's relations, as the registers knew them at the end of a day."""

from collections.abc import Sequence
from datetime import date, timedelta

import duckdb
import pyarrow as pa

from features.compute import compute
from features.known import Relatives
from lifeevents.domain.pack import Vocabulary
from lifeevents.ports import Snapshot

_VOIDED = """voided AS (
    SELECT coalesce(corrects, annuls) AS event_id, min(recorded_at) AS at
    FROM events WHERE corrects IS NOT NULL OR annuls IS NOT NULL GROUP BY 1
)"""

_PRESENT = f"""
WITH {_VOIDED}, dead AS (
    SELECT e.subject_id, max(e.recorded_at) AS at FROM events e LEFT JOIN voided v ON v.event_id = e.event_id
    WHERE e.annuls IS NULL AND list_contains($deaths, e.event)
      AND e.recorded_at < $day + 1 AND (v.at IS NULL OR v.at >= $day + 1) GROUP BY e.subject_id
)
SELECT s.subject_id, $day AS as_of FROM subjects s LEFT JOIN dead d ON d.subject_id = s.subject_id
WHERE s.obs_from <= $day AND CASE WHEN d.at IS NULL THEN s.obs_to IS NULL OR s.obs_to >= $day
                                  ELSE d.at >= $day - INTERVAL 12 MONTH END
  AND ($only IS NULL OR list_contains($only, s.subject_id))
ORDER BY s.subject_id
"""

_RECORDED = f"""
WITH {_VOIDED}
SELECT e.subject_id, e.event_id, e.event, e.occurred_on, CAST(e.recorded_at AS TIMESTAMP) AS recorded_at,
       e.register, e.payload
FROM events e LEFT JOIN voided v ON v.event_id = e.event_id
WHERE e.annuls IS NULL AND e.recorded_at >= $since AND e.recorded_at < $end AND (v.at IS NULL OR v.at >= $end)
  AND ($only IS NULL OR list_contains($only, e.subject_id))
ORDER BY e.subject_id, e.recorded_at, e.event_id
"""

_WITHDRAWN = """
SELECT DISTINCT coalesce(corrects, annuls) FROM events
WHERE (corrects IS NOT NULL OR annuls IS NOT NULL) AND recorded_at < ?
"""

_TIES = """
WITH known AS (
    SELECT subject_id, relation, related_id, valid_from,
           arg_max(coalesce(valid_to, DATE '9999-12-31'), (recorded_at, coalesce(valid_to, DATE '9999-12-31'))) AS until
    FROM relations WHERE recorded_at < $end AND ($only IS NULL OR list_contains($only, subject_id)) GROUP BY ALL
)
SELECT k.subject_id, k.relation, k.related_id, min(k.valid_from) AS since
FROM known k ANTI JOIN relative_deaths d ON d.subject_id = k.related_id
     AND d.known_on <= $day AND (d.void_on IS NULL OR d.void_on > $day)
WHERE k.valid_from <= $day AND k.until > $day GROUP BY ALL ORDER BY ALL
"""


def snapshot(
    con: duckdb.DuckDBPyConnection,
    vocabulary: Vocabulary,
    as_of: date,
    *,
    since: date,
    kin: Relatives,
    only: Sequence[str] | None = None,
) -> Snapshot:
    """Everyone the state knew and still observed on `as_of`, the dead of the last 12 months among them (`alive` is
    false), and the live events recorded from `since` to `as_of`; `only` some subjects where it is given.

    `kin` are the relatives' births and deaths, who may lie in other buckets.
    """
    end = as_of + timedelta(days=1)
    chosen = list(only) if only is not None else None
    asked = {"day": as_of, "deaths": list(vocabulary.deaths), "only": chosen}
    spine = con.sql(_PRESENT, params=asked).to_arrow_table()
    rows = compute(con, vocabulary, spine, kin=kin)
    events = con.sql(_RECORDED, params={"since": since, "end": end, "only": chosen}).to_arrow_table()
    withdrawn = con.execute(_WITHDRAWN, [end]).fetchall()
    return Snapshot(
        as_of=as_of,
        rows=rows.drop_columns(["as_of"]),
        events=events,
        withdrawn=frozenset(event_id for (event_id,) in withdrawn),
        ties=_ties(con, as_of, kin, chosen),
    )


def _ties(con: duckdb.DuckDBPyConnection, as_of: date, kin: Relatives, only: list[str] | None) -> pa.Table:
    con.register("relative_deaths", kin.deaths)
    try:
        asked = {"day": as_of, "end": as_of + timedelta(days=1), "only": only}
        return con.sql(_TIES, params=asked).to_arrow_table()
    finally:
        con.unregister("relative_deaths")
