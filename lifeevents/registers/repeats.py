"""Rows that are there already: within the dump, or in the lake; and references between events.

`aside_<relation>` lists the rows that are fit but not taken: `identical_row` (a copy in the dump), `already_there` (the
lake has it), or with a problem of their own (an id used for other content).
"""

# ruff: noqa: S608 (SQL is made from the contract's own names; every text from outside passes sql_text)

import duckdb

from lifeevents.registers.contract import EVENTS, SUBJECTS, Table
from lifeevents.registers.gate import PROBLEM, content_of


def set_aside(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Fill `aside_<table>` (file, row, state, problem) from `judged_<table>` and the lake's `lake_<table>`.

    State is identical_row, already_there or problem. For subjects, a row that differs from the lake's is no repeat:
    it replaces the older one.
    """
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE aside_{table.name} AS SELECT file, row, state, problem FROM"
        f" ({_within(table)} UNION ALL {_in_lake(table)})"
        " QUALIFY row_number() OVER (PARTITION BY file, row ORDER BY state, origin) = 1"
    )
    if table.name == EVENTS.name:
        _other_subject(con)


def _within(table: Table) -> str:
    """The second and later rows with one key, in the order of files and rows."""
    key = table.key or "content"
    doubled = f"SELECT {key} FROM judged_{table.name} WHERE problem IS NULL GROUP BY {key} HAVING count(*) > 1"
    return (
        f"SELECT file, row, {_state('content = first_content', 'identical_row')} AS state,"
        f" {_problem(table, 'content = first_content', 'first_place')} AS problem, 0 AS origin FROM ("
        f"SELECT *, first_value(content) OVER same AS first_content, row_number() OVER same AS nth,"
        f" first_value(file || ' row ' || row) OVER same AS first_place"
        f" FROM judged_{table.name} WHERE problem IS NULL AND {key} IN ({doubled})"
        f" WINDOW same AS (PARTITION BY {key} ORDER BY file, row)) WHERE nth > 1"
    )


def _in_lake(table: Table) -> str:
    """The rows whose key the lake has; for keyless relations, those whose whole content it has."""
    if table.key is None:
        return (
            f"SELECT file, row, 'already_there' AS state, NULL::{PROBLEM} AS problem, 1 AS origin"
            f" FROM judged_{table.name} WHERE problem IS NULL"
            f" AND content IN (SELECT {content_of(table)} FROM lake_{table.name})"
        )
    same = f"j.content = {content_of(table, 'l.')}"
    only_same = f" AND {same}" if table.name == SUBJECTS.name else ""
    place = "'the lake'"
    return (
        f"SELECT j.file, j.row, {_state(same, 'already_there')}, {_problem(table, same, place)}, 1"
        f" FROM judged_{table.name} j JOIN lake_{table.name} l ON j.{table.key} = l.{table.key}{only_same}"
        " WHERE j.problem IS NULL"
    )


def _state(same: str, state: str) -> str:
    return f"CASE WHEN {same} THEN '{state}' ELSE 'problem' END"


def _problem(table: Table, same: str, place: str) -> str:
    if table.key is None:
        return f"NULL::{PROBLEM}"
    alias = "" if place == "first_place" else "j."
    return (
        f"CASE WHEN NOT ({same}) THEN {{'reason': 'duplicate_{table.key}', 'field': '{table.key}',"
        f" 'value': {alias}{table.key}, 'sentence': '\"' || {alias}{table.key} || '\" is in ' || {place} ||"
        f" ' with other content. Send a change as a new row with its own id.'}}::{PROBLEM} END"
    )


def _other_subject(con: duckdb.DuckDBPyConnection) -> None:
    """A correction or annulment must be about its target's subject, or the subject's bucket would not see it."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE referring AS SELECT file, row, subject_id, coalesce(corrects, annuls) AS target,"
        " CASE WHEN corrects IS NULL THEN 'annuls' ELSE 'corrects' END AS field FROM judged_events"
        " WHERE problem IS NULL AND coalesce(corrects, annuls) IS NOT NULL"
        " AND (file, row) NOT IN (SELECT (file, row) FROM aside_events)"
    )
    con.execute(
        "INSERT INTO aside_events SELECT r.file, r.row, 'problem', {'reason': 'other_subject', 'field': r.field,"
        " 'value': r.target, 'sentence': '\"' || r.target || '\" is an event of ' || t.subject_id || ', not of '"
        " || r.subject_id || '. Annul it there and record it anew here.'} FROM referring r"
        " JOIN (SELECT event_id, any_value(subject_id) AS subject_id FROM (SELECT event_id, subject_id FROM lake_events"
        " WHERE event_id IN (SELECT target FROM referring) UNION ALL SELECT event_id, subject_id FROM judged_events"
        " WHERE problem IS NULL AND event_id IN (SELECT target FROM referring)) GROUP BY event_id) t"
        " ON t.event_id = r.target WHERE t.subject_id <> r.subject_id"
    )
