# ruff: noqa: S608 - this file writes SQL; every name and literal in it goes through features.sql
"""How a few people stand now: the lake's rows of them and their relatives, with those that came in since.

The relations are rebuilt for the few whom fresh rows concern, kin events derived as an import derives them, and the
same `compute` runs over them: a person's features live are those of a lake that had everything, value by value.
"""

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import date
from typing import Any, Protocol

import duckdb
import pyarrow as pa

from features.gathered import gather, kin_names, leave_out_unknown, texts
from features.known import related, relatives
from features.lake import Lake
from features.provenance import sources
from features.silence import Watch
from features.snapshot import snapshot
from lifeevents.domain.errors import Unavailable
from lifeevents.domain.pack import Vocabulary
from lifeevents.ports import LiveRows, Look, Portrait, Snapshot
from lifeevents.registers.cells import define_macros
from lifeevents.registers.contract import EVENTS
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
        self._watch = Watch(lake, vocabulary)

    def look(self, subjects: Collection[str], fresh: Fresh, as_of: date, *, since: date) -> Look:
        """Subjects, and the relatives whom their events concern, as of a day; see `lifeevents.ports.LiveSource`.

        Raises Unavailable when the lake's files change too fast to be read (two imports within a look).
        """
        try:
            return self._look(set(subjects), fresh, as_of, since)
        except duckdb.IOException as problem:
            raise Unavailable("The lake cannot be read now; an import may just be replacing it.") from problem

    def _look(self, asked: set[str], fresh: Fresh, as_of: date, since: date) -> Look:
        concerned = asked | self._relatives_of(asked, fresh)
        around = concerned | self._relatives_of(concerned, fresh)
        with duckdb.connect() as con:
            define_macros(con)
            known = self._gather(con, around, fresh, whole=concerned)
            kin = _derive(con, self.vocabulary, asked)
            seen = self._seen(con, concerned & known, as_of, since)
        gone = {str(row["event_id"]) for row in kin if row["event"] is None}
        return Look(replace(seen, withdrawn=seen.withdrawn | gone), kin, frozenset(asked - known))

    def _seen(self, con: duckdb.DuckDBPyConnection, subjects: Collection[str], as_of: date, since: date) -> Snapshot:
        """The snapshot of these subjects, over the relations in `con`."""
        kin = relatives(con, self.vocabulary, related(con))
        seen = snapshot(con, self.vocabulary, as_of, since=since, kin=kin, only=sorted(subjects))
        return replace(seen, silent=self._watch.on(as_of))

    def portray(self, subject_id: str, fresh: Fresh, as_of: date, *, since: date) -> Portrait:
        """One subject, and where each fact comes from; see `lifeevents.ports.SubjectSource`."""
        around = {subject_id} | self._relatives_of({subject_id}, fresh)
        with duckdb.connect() as con:
            define_macros(con)
            self._gather(con, around, fresh, whole={subject_id})
            kin = relatives(con, self.vocabulary, related(con, subject_id))
            seen = snapshot(con, self.vocabulary, as_of, since=since, kin=kin, only=[subject_id])
            seen = replace(seen, silent=self._watch.on(as_of))
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

    def _gather(
        self, con: duckdb.DuckDBPyConnection, subjects: Collection[str], fresh: Fresh, *, whole: Collection[str]
    ) -> set[str]:
        """Tables of the contract for these subjects; returns who of them is known. The fresh rows are read before the
        lake, so that a compaction in between shows a row twice (which is mended here) and never hides it."""
        rows = fresh(subjects)
        self._attach(con, subjects)
        gather(con, self.vocabulary, subjects, rows)
        return leave_out_unknown(con, whole)

    def _attach(self, con: duckdb.DuckDBPyConnection, subjects: Collection[str]) -> None:
        self._lake.attach(con, {self._lake.bucket_of(subject) for subject in subjects})


def _derive(con: duckdb.DuckDBPyConnection, vocabulary: Vocabulary, subjects: Collection[str]) -> list[dict[str, Any]]:
    """Derive the kin events of these subjects' rows and put them in their place. Returns those that are new or other,
    and, without `event`, those that were derived before and follow no longer (a relation was closed)."""
    kin, columns = kin_names(vocabulary), ", ".join(EVENTS.names)
    con.register("asked", pa.table({"subject_id": texts(sorted(subjects))}))
    mine = "subject_id IN (SELECT subject_id FROM asked)"
    con.execute(f"CREATE TEMP VIEW all_events AS SELECT * FROM events WHERE event NOT IN ({kin}) AND {mine}")
    con.execute(f"CREATE TEMP VIEW all_relations AS SELECT * FROM relations WHERE {mine}")
    derive(con, vocabulary, "0")
    nothing = ", ".join("NULL" for _ in EVENTS.names[2:])
    changed = con.sql(
        f"(SELECT {columns} FROM kin_rows EXCEPT SELECT {columns} FROM events) UNION ALL"
        f" (SELECT event_id, subject_id, {nothing} FROM events WHERE event IN ({kin})"
        " AND json_extract_string(payload, '$.kin') IN (SELECT subject_id FROM asked)"
        " AND event_id NOT IN (SELECT event_id FROM kin_rows))"
    ).to_arrow_table()
    con.register("changed", changed)
    con.execute("DELETE FROM events WHERE event_id IN (SELECT event_id FROM changed)")
    con.execute(f"INSERT INTO events ({columns}) SELECT {columns} FROM changed WHERE event IS NOT NULL")
    con.unregister("changed")
    return [{name: None if value is None else str(value) for name, value in row.items()} for row in changed.to_pylist()]
