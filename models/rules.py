# ruff: noqa: S608 - this file writes SQL; its names are quoted and its values are parameters
"""Detectors that a register or a law decides: conditions over a snapshot, with chance 1."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, timedelta
from functools import cache
from hashlib import sha256
from typing import Any

import duckdb
import pyarrow as pa

from features.sql import quoted
from lifeevents.domain.calendar import Period, minus, plus
from lifeevents.domain.milestone import Milestone
from lifeevents.domain.occasion import Detection, Fact
from lifeevents.domain.pack import Pack
from lifeevents.domain.register import ValueType
from lifeevents.engine.conditions import Condition
from lifeevents.engine.eligibility import event_types
from lifeevents.ports import Snapshot

Known = Mapping[str, ValueType]
SQL_TYPES: dict[ValueType, str] = {
    "flag": "BOOLEAN",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "date": "DATE",
    "category": "VARCHAR",
}


def digest(milestone: Milestone) -> str:
    """The version of a rule: it changes when any word of the milestone's file does, its cases aside."""
    return "rule:" + sha256(milestone.model_dump_json(exclude={"cases"}).encode()).hexdigest()[:12]


class RegisteredDetector:
    """A recorded event of one type, active `within` a period of its recording, for those `when` surely holds."""

    def __init__(self, milestone: Milestone, pack: Pack, known: Known) -> None:
        self._rule, self._zone = milestone, pack.tz
        self.milestone, self.version = milestone.id, digest(milestone)
        self._types = event_types(pack, milestone.on)
        self._when = Condition.parse(milestone.when or "true", {**known, **self._types})
        self._within, self._settle = Period.parse(milestone.within), Period.parse(milestone.settle)

    def detect(self, snapshot: Snapshot) -> Sequence[Detection]:
        """One detection per live event, anchored on its id; it may be told once it has settled."""
        first = minus(snapshot.as_of, self._within)
        given = [str(self._zone), self._rule.on, first, snapshot.as_of]
        found = _rows(snapshot, self._when.names, self._query(), given)
        return [self._detection(snapshot.as_of, facts, event) for facts, event in found]

    def _query(self) -> str:
        """Rows and events side by side; the payload's fields as columns named `event.<field>`."""
        payload = "".join(
            f", CAST(json_extract_string(nullif(payload, ''), '$.{name.removeprefix('event.')}') AS {SQL_TYPES[kind]})"
            f" AS {quoted(name)}"
            for name, kind in self._types.items()
            if name not in ("event.occurred_on", "event.recorded_on")
        )
        local = "CAST((recorded_at AT TIME ZONE 'UTC') AT TIME ZONE ?1 AS DATE)"
        return f"""
            WITH anchors AS (
                SELECT subject_id, event_id AS "event.id", recorded_at AS "event.recorded_at",
                       occurred_on AS "event.occurred_on", {local} AS "event.recorded_on",
                       json_extract_string(nullif(payload, ''), '$.kin') AS "event.kin"{payload}
                FROM events WHERE event = ?2 AND {local} BETWEEN ?3 AND ?4
            )
            SELECT rows.number, anchors.* EXCLUDE (subject_id) FROM anchors JOIN rows USING (subject_id)
            WHERE {_of_kind(self._rule)} AND ({self._when.sql()}) IS TRUE ORDER BY rows.subject_id, "event.id"
        """

    def _detection(self, day: date, facts: dict[str, Any], found: dict[str, Any]) -> Detection:
        event = {name.removeprefix("event."): value for name, value in found.items()}
        recorded_at = event.pop("recorded_at").replace(tzinfo=UTC)
        anchor = event.pop("id")
        return Detection(
            subject_id=facts.pop("subject_id"),
            milestone=self.milestone,
            kind="registered",
            anchor=anchor,
            as_of=day,
            active_until=plus(event["recorded_on"], self._within),
            not_before=recorded_at + timedelta(days=self._settle.days),
            detector=self.version,
            event={name: value for name, value in event.items() if value is not None},
            facts=facts,
            why=_why(self._when, {**facts, **{f"event.{name}": value for name, value in event.items()}}),
            sensitivity=self._rule.sensitivity,
        )


class DueDetector:
    """A date in law (or in a register) that approaches: active from due - `lead` to due + `until`."""

    def __init__(self, milestone: Milestone, known: Known) -> None:
        self._rule, self._due = milestone, milestone.due or ""
        self.milestone, self.version = milestone.id, digest(milestone)
        self._when = Condition.parse(milestone.when or "true", known)
        self._lead, self._until = Period.parse(milestone.lead), Period.parse(milestone.until)

    def detect(self, snapshot: Snapshot) -> Sequence[Detection]:
        """One detection per subject whose due date is near, anchored on that date."""
        day, slack = snapshot.as_of, timedelta(days=5)
        due = quoted(self._due)
        query = f"""
            SELECT number FROM rows WHERE {due} BETWEEN ? AND ? AND alive IS TRUE AND {_of_kind(self._rule)}
            AND ({self._when.sql()}) IS TRUE ORDER BY subject_id
        """
        near = [minus(day, self._until) - slack, plus(day, self._lead) + slack]
        found = (facts for facts, _ in _rows(snapshot, self._when.names | {self._due}, query, near))
        return [self._detection(day, facts) for facts in found if self._active(facts[self._due], day)]

    def _active(self, due: date, day: date) -> bool:
        return minus(due, self._lead) <= day <= plus(due, self._until)

    def _detection(self, day: date, facts: dict[str, Any]) -> Detection:
        due = facts[self._due]
        return Detection(
            subject_id=facts.pop("subject_id"),
            milestone=self.milestone,
            kind="due",
            anchor=due.isoformat(),
            as_of=day,
            due_on=due,
            active_until=plus(due, self._until),
            detector=self.version,
            facts=facts,
            why=(Fact(name=self._due, value=due), *_why(self._when, facts)),
            sensitivity=self._rule.sensitivity,
        )


def _rows(
    snapshot: Snapshot, reads: Collection[str], query: str, given: Sequence[object]
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """(features, the query's other columns) of the rows that a query finds over the tables `rows` and `events`.

    `rows` holds what the query `reads`, and the `number` by which it names a row: planning over all features would
    cost more than asking.
    """
    whole = snapshot.rows
    narrow = whole.select(sorted({"subject_id", "kind", "alive", *reads}.intersection(whole.column_names)))
    with _engine().cursor() as con:
        con.register("rows", narrow.append_column("number", pa.array(range(whole.num_rows), pa.int64())))
        con.register("events", snapshot.events)
        found = con.sql(query, params=list(given)).to_arrow_table()
    facts = whole.take(found["number"]).to_pylist()
    yield from zip(facts, found.drop_columns(["number"]).to_pylist(), strict=True)


@cache
def _engine() -> duckdb.DuckDBPyConnection:
    """One database without content per process: opening one costs more than a question. A cursor sees only what it
    registered itself."""
    return duckdb.connect()


def _of_kind(milestone: Milestone) -> str:
    """The row is of the milestone's kind of subject: a business, too, has a first day and its anniversaries."""
    return f"coalesce(kind, '{milestone.subject}') = '{milestone.subject}'"


def _why(when: Condition, facts: Mapping[str, Any]) -> tuple[Fact, ...]:
    return tuple(Fact(name=name, value=facts.get(name)) for name in sorted(when.names))
