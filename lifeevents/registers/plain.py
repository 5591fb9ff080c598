"""Plain dumps: persons, events, attributes and relations, known on the day they are dated, as contract relations.

A plain dump comes from a study or another converter. It has one clock and no registers: everything is recorded at 00:00
UTC of its day, by the register "plain". A birth or an event may be dated by its month or year alone. Persons become
subjects of the kind person; an event's `detail` becomes its payload; an event's id is a digest of its row, so the same
row has the same id in every delivery.
"""

# ruff: noqa: S608 (SQL is made from the contract's own names; every text from outside passes sql_text)

from pathlib import Path

import duckdb

from lifeevents.registers import reading
from lifeevents.registers.contract import CONTRACT, Column, Table
from lifeevents.registers.report import BrokenFile

REGISTER = "plain"
"""The register of every row of a plain dump."""


def _table(name: str, needed: tuple[str, ...], more: tuple[str, ...] = (), *, optional: bool = False) -> Table:
    columns = [Column(name=n, type="text", meaning="as in the contract", needed=n in needed) for n in (*needed, *more)]
    return Table(name=name, columns=tuple(columns), optional=optional)


TABLES = (
    _table("persons", ("person_id", "obs_from"), ("sex", "birth_date", "birth_precision", "obs_to")),
    _table("events", ("person_id", "date", "event"), ("precision", "detail"), optional=True),
    _table("attributes", ("person_id", "valid_from", "name", "value"), optional=True),
    _table("relations", ("person_id", "related_id", "relation", "valid_from"), optional=True),
)

NAMES = {
    ("subjects", "subject_id"): "person_id",
    ("subjects", "born_on"): "birth_date",
    ("subjects", "precision"): "birth_precision",
    ("events", "subject_id"): "person_id",
    ("events", "occurred_on"): "date",
    ("events", "recorded_at"): "date",
    ("events", "payload"): "detail",
    ("attributes", "subject_id"): "person_id",
    ("attributes", "recorded_at"): "valid_from",
    ("relations", "subject_id"): "person_id",
    ("relations", "recorded_at"): "valid_from",
}
"""What a contract column is called in a plain dump, for messages."""


def _day(name: str) -> str:
    """SQL: the day of a cell; a month alone stands on its 15th, a year alone on its 1 July."""
    cell = f"cell({name})"
    return (
        f"CASE WHEN regexp_full_match({cell}, '\\d{{4}}-\\d{{2}}') THEN {cell} || '-15'"
        f" WHEN regexp_full_match({cell}, '\\d{{4}}') THEN {cell} || '-07-01' ELSE {name} END"
    )


def _precision(name: str, day: str) -> str:
    """SQL: the precision told, or the one that the cell of the day shows."""
    return f"coalesce(cell({name}), CASE length(cell({day})) WHEN 7 THEN 'month' WHEN 4 THEN 'year' END)"


_AT = "strftime(as_day(cell({0})), '%Y-%m-%dT00:00:00Z')"
_ID = (
    "'plain-' || md5(concat_ws(chr(31), coalesce(cell(person_id), ''), coalesce(cell(date), ''),"
    " coalesce(cell(event), ''), coalesce(cell(precision), ''), coalesce(cell(detail), '')))"
)
_CONVERSIONS = {
    "subjects": (
        f"SELECT file, row, person_id AS subject_id, 'person' AS kind, sex, {_day('birth_date')} AS born_on,"
        f" {_precision('birth_precision', 'birth_date')} AS precision, obs_from, obs_to FROM plain_persons"
    ),
    "events": (
        f"SELECT file, row, {_ID} AS event_id, person_id AS subject_id, event, {_day('date')} AS occurred_on,"
        f" {_precision('precision', 'date')} AS precision, {_AT.format(_day('date'))} AS recorded_at,"
        " 'plain' AS register,"
        " CASE WHEN cell(detail) IS NOT NULL THEN json_object('detail', cell(detail))::VARCHAR END AS payload,"
        " NULL::VARCHAR AS corrects, NULL::VARCHAR AS annuls FROM plain_events"
    ),
    "attributes": (
        "SELECT file, row, person_id AS subject_id, name, value, valid_from, NULL::VARCHAR AS valid_to,"
        f" {_AT.format('valid_from')} AS recorded_at, 'plain' AS register FROM plain_attributes"
    ),
    "relations": (
        "SELECT file, row, person_id AS subject_id, related_id, relation, valid_from, NULL::VARCHAR AS valid_to,"
        f" {_AT.format('valid_from')} AS recorded_at, 'plain' AS register FROM plain_relations"
    ),
}


def is_plain(source: Path) -> bool:
    """Does the folder hold a plain dump? It does when there are persons and no subjects."""
    return bool(reading.files_of(source, "persons")) and not reading.files_of(source, "subjects")


def stage(con: duckdb.DuckDBPyConnection, source: Path) -> tuple[BrokenFile, ...]:
    """Read a plain dump into the tables raw_<relation> of the contract; file and row stay those of the plain file.

    Needs the cell macros. Raises DumpError as `reading.stage` does.
    """
    broken = reading.stage(con, source, TABLES, prefix="plain_")
    for table in CONTRACT:
        con.execute(f"CREATE OR REPLACE TEMP TABLE raw_{table.name} AS {_CONVERSIONS[table.name]}")
    con.execute("UPDATE broken_rows SET relation = 'subjects' WHERE relation = 'persons'")
    return broken
