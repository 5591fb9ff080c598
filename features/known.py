# ruff: noqa: S608 - this file writes SQL; every name and literal in it goes through features.sql
"""What was known on each day of a spine: the relations that every group reads.

A row counts from the day it was recorded (UTC) until a row recorded later replaces it: an event until one that
corrects or annuls it, an attribute or relation until one with the same key and `valid_from`. An annulled
correction does not bring its original back; the register delivers the content again.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from features.sql import literal, quoted
from lifeevents.domain.pack import Vocabulary


def live(row: str) -> str:
    """The row was known, and not yet replaced, on the spine's day `s.as_of`."""
    return f"{row}.known_on <= s.as_of AND ({row}.void_on IS NULL OR {row}.void_on > s.as_of)"


LIVE = live("k")
"""The row `k` was known, and not yet replaced, on the day."""

IN_FORCE = f"{LIVE} AND k.valid_from <= s.as_of AND (k.valid_to IS NULL OR k.valid_to > s.as_of)"
"""... and its interval holds the day."""

_TABLES = {
    "spine": """
        SELECT row_number() OVER () AS row, CAST(subject_id AS VARCHAR) AS subject_id, CAST(as_of AS DATE) AS as_of
        FROM features_asked""",
    "known_events": """
        WITH voided AS (
            SELECT coalesce(corrects, annuls) AS event_id, CAST(min(recorded_at) AS DATE) AS void_on
            FROM events WHERE corrects IS NOT NULL OR annuls IS NOT NULL GROUP BY 1)
        SELECT e.subject_id, e.event_id, e.event, e.occurred_on, CAST(e.recorded_at AS DATE) AS known_on, v.void_on,
               CASE WHEN e.event IN ('child_birth', 'child_death')
                    THEN json_extract_string(nullif(CAST(e.payload AS VARCHAR), ''), '$.kin') END AS kin
        FROM events e LEFT JOIN voided v ON v.event_id = e.event_id
        WHERE e.annuls IS NULL AND e.subject_id IN (SELECT subject_id FROM features_spine)""",
    "known_attributes": """
        SELECT subject_id, name, value, valid_from, valid_to, CAST(recorded_at AS DATE) AS known_on,
               CAST(lead(recorded_at) OVER same AS DATE) AS void_on
        FROM attributes WHERE subject_id IN (SELECT subject_id FROM features_spine)
        WINDOW same AS (PARTITION BY subject_id, name, valid_from ORDER BY recorded_at, value, valid_to)""",
    "known_relations": """
        SELECT subject_id, related_id, relation, valid_from, valid_to, CAST(recorded_at AS DATE) AS known_on,
               CAST(lead(recorded_at) OVER same AS DATE) AS void_on
        FROM relations WHERE subject_id IN (SELECT subject_id FROM features_spine)
        WINDOW same AS (PARTITION BY subject_id, relation, related_id, valid_from ORDER BY recorded_at, valid_to)""",
}


_VIEWS = ("features_asked", "features_relatives", "features_relative_deaths", "features_relative_events")


@dataclass(frozen=True)
class Relatives:
    """What other people's rows say of a bucket's relatives, who may live in other buckets.

    people: subject_id, born_on.   deaths: subject_id, known_on, void_on (a row each time one was reported).
    events: subject_id, event, occurred_on, known_on, void_on, of the types that facts of relatives rest on.
    """

    people: pa.Table
    deaths: pa.Table
    events: pa.Table


def relatives(con: duckdb.DuckDBPyConnection, vocabulary: Vocabulary, asked: pa.Table) -> Relatives:
    """What is needed of the people in `asked` (related_id), in one pass over all buckets attached in `con`."""
    con.register("features_relatives_asked", asked)
    counted = {event for fact in vocabulary.relatives.values() for event in (fact.event, fact.ended_by) if event}
    read = ", ".join(map(literal, sorted(counted.union(vocabulary.deaths)))) or "''"
    mine = "subject_id IN (SELECT related_id FROM features_relatives_asked)"
    try:
        told = con.sql(f"""
            WITH told AS (SELECT * FROM events WHERE event IN ({read}) AND {mine})
            SELECT t.subject_id, t.event, t.occurred_on, CAST(t.recorded_at AS DATE) AS known_on,
                   CAST(min(v.recorded_at) AS DATE) AS void_on
            FROM told t LEFT JOIN told v ON coalesce(v.corrects, v.annuls) = t.event_id
            WHERE t.annuls IS NULL
            GROUP BY t.subject_id, t.event_id, t.event, t.occurred_on, t.recorded_at""").to_arrow_table()
        return Relatives(
            people=con.sql(f"SELECT subject_id, born_on FROM subjects WHERE {mine}").to_arrow_table(),
            deaths=_of_types(told, vocabulary.deaths).select(["subject_id", "known_on", "void_on"]),
            events=_of_types(told, sorted(counted)),
        )
    finally:
        con.unregister("features_relatives_asked")


def _of_types(told: pa.Table, types: Sequence[str]) -> pa.Table:
    return told.filter(pc.is_in(told["event"], value_set=pa.array(types, pa.string())))


def related(con: duckdb.DuckDBPyConnection, subject_id: str | None = None) -> pa.Table:
    """The distinct relatives (related_id) of everyone attached in `con`, or of one subject."""
    where, given = ("WHERE subject_id = ?", [subject_id]) if subject_id else ("", [])
    return con.sql(f"SELECT DISTINCT related_id FROM relations {where}", params=given).to_arrow_table()


@contextmanager
def prepared(
    con: duckdb.DuckDBPyConnection, vocabulary: Vocabulary, spine: pa.Table, kin: Relatives | None
) -> Iterator[None]:
    """Temporary tables `features_*` over the lake's views, dropped at the end; see the module."""
    registers = sorted(set(vocabulary.registers.values()))
    delivered = ", ".join(
        f"coalesce(bool_or(register = {literal(r)} AND first_recorded_at < as_of + 1), false) AS {quoted(r)}"
        for r in registers
    )
    tables = _TABLES | {
        "delivered": f"""
            SELECT as_of, {delivered or "true AS nothing"}
            FROM (SELECT DISTINCT as_of FROM features_spine) LEFT JOIN deliveries ON true GROUP BY as_of"""
    }
    con.register("features_asked", spine)
    try:
        for name, sql in tables.items():
            con.execute(f"CREATE OR REPLACE TEMP TABLE features_{name} AS {sql}")
        kin = kin or relatives(con, vocabulary, related(con))
        con.register("features_relatives", kin.people)
        con.register("features_relative_deaths", kin.deaths)
        con.register("features_relative_events", kin.events)
        yield
    finally:
        for view in _VIEWS:
            con.unregister(view)
        for name in tables:
            con.execute(f"DROP TABLE IF EXISTS features_{name}")
