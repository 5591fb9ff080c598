# ruff: noqa: S608 - this file writes SQL; every name and literal in it goes through features.sql
"""The contract's relations of a few subjects, as they would be had the fresh rows been compacted into the lake."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa

from features.sql import literal
from lifeevents.domain.pack import Vocabulary
from lifeevents.ports import GONE, LiveRows
from lifeevents.registers.contract import CONTRACT, EVENTS, SQL_TYPES, SUBJECTS, Table


def gather(con: duckdb.DuckDBPyConnection, vocabulary: Vocabulary, subjects: Collection[str], fresh: LiveRows) -> None:
    """Turn the lake's views in `con` into tables with these subjects' rows: the lake's, and the fresh ones."""
    people = sorted(subjects)
    con.register("gone", pa.table({"event_id": texts([row["event_id"] for row in fresh.get(GONE, ())])}))
    for table in CONTRACT:
        con.register("fresh", _as_table(table, fresh.get(table.name, ())))
        con.execute(f"CREATE TEMP TABLE gathered AS {_both(table, vocabulary)}", [people])
        con.execute(f"DROP VIEW {table.name}")
        con.execute(f"ALTER TABLE gathered RENAME TO {table.name}")
        con.unregister("fresh")
    con.unregister("gone")
    con.execute(f"CREATE TEMP TABLE delivered AS FROM deliveries UNION ALL {_DELIVERED_LIVE}")
    con.execute("DROP VIEW deliveries")
    con.execute("ALTER TABLE delivered RENAME TO deliveries")


def leave_out_unknown(con: duckdb.DuckDBPyConnection, whole: Collection[str]) -> set[str]:
    """Leave out what the gate would not take yet: rows about, or relations to, somebody whom no register has made
    known. Returns who is known. `whole` are the subjects whose relatives were gathered with them."""
    con.register("whole", pa.table({"subject_id": texts(sorted(whole))}))
    unknown = "NOT IN (SELECT subject_id FROM subjects)"
    for table in CONTRACT:
        con.execute(f"DELETE FROM {table.name} WHERE subject_id {unknown}")
    con.execute(f"DELETE FROM relations WHERE subject_id IN (SELECT subject_id FROM whole) AND related_id {unknown}")
    con.unregister("whole")
    return {str(row[0]) for row in con.execute("SELECT subject_id FROM subjects").fetchall()}


def kin_names(vocabulary: Vocabulary) -> str:
    """The derived events, as an SQL list."""
    return ", ".join(map(literal, vocabulary.kin)) or "''"


def texts(values: Sequence[Any]) -> pa.Array:
    """A column of text."""
    return pa.array(values, pa.string())


_DELIVERED_LIVE = " UNION ALL ".join(
    f"SELECT register, min(recorded_at), max(recorded_at), count(*) FROM {table.name} GROUP BY register"
    for table in CONTRACT
    if table != SUBJECTS
)


def _both(table: Table, vocabulary: Vocabulary) -> str:
    """SQL of the lake's rows and the `fresh` ones: of an event the first delivery counts, of a derived event and of a
    subject the newest, of the others every row that differs."""
    columns = ", ".join(table.names)
    typed = ", ".join(f"CAST({c.name} AS {SQL_TYPES[c.type]}) AS {c.name}" for c in table.columns)
    lake = f"SELECT {columns} FROM {table.name} WHERE list_contains(?, subject_id)"
    if table.key is None:
        return f"{lake} UNION SELECT {typed} FROM fresh"
    order = "came = 0, stamp DESC, came DESC"
    if table == EVENTS:
        lake += " AND event_id NOT IN (SELECT event_id FROM gone)"
        order = f"CASE WHEN event IN ({kin_names(vocabulary)}) THEN -came ELSE came END"
    return (
        f"SELECT {columns} FROM (SELECT *, 0 AS came, '' AS stamp FROM ({lake}) UNION ALL"
        f" SELECT {typed}, came, stamp FROM fresh)"
        f" QUALIFY row_number() OVER (PARTITION BY {table.key} ORDER BY {order}) = 1"
    )


def _as_table(table: Table, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """The rows as text, with the place at which each came (from 1 on) and when it was recorded."""
    columns = {name: texts([row.get(name) for row in rows]) for name in table.names}
    stamps = {
        "came": pa.array(range(1, len(rows) + 1), pa.int64()),
        "stamp": texts([row.get("recorded_at") or "" for row in rows]),
    }
    return pa.table(columns | stamps)
