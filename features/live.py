# ruff: noqa: S608 - this file writes SQL; every name and literal in it goes through features.sql
"""How a few people stand now: the lake's rows of them and their relatives, with those that came in since.

The relations are rebuilt for the few whom fresh rows concern, kin events derived as an import derives them, and the
same `compute` runs over them: a person's features live are those of a lake that had everything, value by value.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, Protocol

import duckdb
import pyarrow as pa

from features.known import related, relatives
from features.lake import Lake
from features.provenance import sources
from features.snapshot import snapshot
from features.sql import literal
from lifeevents.domain.pack import Vocabulary
from lifeevents.ports import LiveRows, Look, Portrait
from lifeevents.registers.cells import define_macros
from lifeevents.registers.contract import CONTRACT, EVENTS, SQL_TYPES, SUBJECTS, Table
from lifeevents.registers.kin import derive

Fresh = Callable[[Collection[str]], LiveRows]


class ManyBuckets(Lake, Protocol):
    """A lake of which several buckets can be attached at once."""

    def attach(self, con: duckdb.DuckDBPyConnection, bucket: int | Collection[int] | None = None) -> None:
        """Create the views subjects, events, attributes, relations, deliveries."""


class LiveFeatures:
    """A `lifeevents.ports.LiveSource` and `SubjectSource` over a lake."""

    def __init__(self, lake: ManyBuckets, vocabulary: Vocabulary) -> None:
        self._lake = lake
        self.vocabulary = vocabulary

    def look(self, subjects: Collection[str], fresh: Fresh, as_of: date, *, since: date) -> Look:
        """Subjects, and the relatives whom their events concern, as of a day; see `lifeevents.ports.LiveSource`."""
        asked = set(subjects)
        concerned = asked | self._relatives_of(asked, fresh)
        around = concerned | self._relatives_of(concerned, fresh)
        with duckdb.connect() as con:
            define_macros(con)
            self._gather(con, around, fresh(around))
            kin = _derive(con, self.vocabulary, asked)
            known = {row[0] for row in con.execute("SELECT subject_id FROM subjects").fetchall()}
            seen = snapshot(
                con,
                self.vocabulary,
                as_of,
                since=since,
                kin=relatives(con, self.vocabulary, related(con)),
                only=sorted(concerned & known),
            )
        return Look(seen, kin, frozenset(asked - known))

    def portray(self, subject_id: str, fresh: Fresh, as_of: date, *, since: date) -> Portrait:
        """One subject, and where each fact comes from; see `lifeevents.ports.SubjectSource`."""
        around = {subject_id} | self._relatives_of({subject_id}, fresh)
        with duckdb.connect() as con:
            define_macros(con)
            self._gather(con, around, fresh(around))
            kin = relatives(con, self.vocabulary, related(con, subject_id))
            seen = snapshot(con, self.vocabulary, as_of, since=since, kin=kin, only=[subject_id])
            return Portrait(seen, sources(con, self.vocabulary, subject_id, as_of, kin=kin))

    def _relatives_of(self, subjects: Collection[str], fresh: Fresh) -> set[str]:
        """Whom the relations of these subjects name, in the lake and among the fresh rows."""
        found = {row["related_id"] for row in fresh(subjects).get("relations", ())}
        with duckdb.connect() as con:
            self._attach(con, subjects)
            rows = con.execute(
                "SELECT DISTINCT related_id FROM relations WHERE list_contains(?, subject_id)", [sorted(subjects)]
            )
            return found | {row[0] for row in rows.fetchall()}

    def _attach(self, con: duckdb.DuckDBPyConnection, subjects: Collection[str]) -> None:
        self._lake.attach(con, {self._lake.bucket_of(subject) for subject in subjects})

    def _gather(self, con: duckdb.DuckDBPyConnection, subjects: Collection[str], fresh: LiveRows) -> None:
        """Tables of the contract for these subjects: what the lake holds, and the fresh rows that it does not."""
        self._attach(con, subjects)
        people = sorted(subjects)
        for table in CONTRACT:
            columns = ", ".join(table.names)
            con.register("fresh", _as_table(table, fresh.get(table.name, ())))
            typed = ", ".join(f"CAST({c.name} AS {SQL_TYPES[c.type]}) AS {c.name}" for c in table.columns)
            key = table.key or "subject_id"
            newer = table.key is not None
            con.execute(
                f"CREATE TEMP TABLE gathered AS SELECT {columns} FROM {table.name} WHERE list_contains(?, subject_id)"
                + (f" AND {key} NOT IN (SELECT {key} FROM fresh)" if newer else "")
                + f" {'UNION ALL' if newer else 'UNION'} SELECT {typed} FROM fresh",
                [people],
            )
            con.execute(f"DROP VIEW {table.name}")
            con.execute(f"ALTER TABLE gathered RENAME TO {table.name}")
            con.unregister("fresh")
        con.execute(f"CREATE TEMP TABLE delivered AS FROM deliveries UNION ALL {_DELIVERED_LIVE}")
        con.execute("DROP VIEW deliveries")
        con.execute("ALTER TABLE delivered RENAME TO deliveries")


_DELIVERED_LIVE = " UNION ALL ".join(
    f"SELECT register, min(recorded_at), max(recorded_at), count(*) FROM {table.name} GROUP BY register"
    for table in CONTRACT
    if table != SUBJECTS
)


def _as_table(table: Table, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    return pa.table({name: pa.array([row.get(name) for row in rows], pa.string()) for name in table.names})


def _derive(con: duckdb.DuckDBPyConnection, vocabulary: Vocabulary, subjects: Collection[str]) -> list[dict[str, Any]]:
    """Derive the kin events of these subjects' rows, put them in their place, and return those that are new."""
    names = ", ".join(map(literal, vocabulary.kin)) or "''"
    con.register("asked", pa.table({"subject_id": pa.array(sorted(subjects), pa.string())}))
    mine = "subject_id IN (SELECT subject_id FROM asked)"
    con.execute(f"CREATE TEMP VIEW all_events AS SELECT * FROM events WHERE event NOT IN ({names}) AND {mine}")
    con.execute(f"CREATE TEMP VIEW all_relations AS SELECT * FROM relations WHERE {mine}")
    derive(con, vocabulary, "0")
    columns = ", ".join(EVENTS.names)
    fresh = con.sql(f"SELECT {columns} FROM kin_rows EXCEPT SELECT {columns} FROM events").to_arrow_table()
    con.execute("DELETE FROM events WHERE event_id IN (SELECT event_id FROM kin_rows)")
    con.execute(f"INSERT INTO events ({columns}) SELECT {columns} FROM kin_rows")
    return [{name: None if value is None else str(value) for name, value in row.items()} for row in fresh.to_pylist()]
