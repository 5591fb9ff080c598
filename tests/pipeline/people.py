"""People as the registers know them, for explanations: a source of single subjects, and a model that is certain."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa

from features.catalogue import known_features
from lifeevents.domain.explanation import Chance, Source
from lifeevents.domain.pack import Pack
from lifeevents.ports import Portrait, Snapshot

ARROW = {
    "flag": pa.bool_(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "category": pa.string(),
}


@dataclass
class People:
    """What the registers know, a subject at a time."""

    pack: Pack
    facts: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    ties: list[dict[str, Any]] = field(default_factory=list)
    since: dict[str, Source] = field(default_factory=dict)

    def portray(self, subject_id: str, fresh: Any, as_of: date, *, since: date) -> Portrait:
        known = known_features(self.pack.vocabulary)
        people = [subject_id] if subject_id in self.facts else []
        base = {"kind": "person", "alive": True}
        rows = {
            name: pa.array([{**base, **self.facts[id]}.get(name) for id in people], ARROW[k])
            for name, k in known.items()
        }
        names = ["subject_id", "event_id", "event", "register", "payload"]
        schema = pa.schema(
            [(name, pa.string()) for name in names]
            + [("occurred_on", pa.date32()), ("recorded_at", pa.timestamp("us"))]
        )
        ties = pa.schema(
            [(name, pa.string()) for name in ("subject_id", "relation", "related_id")] + [("since", pa.date32())]
        )
        snapshot = Snapshot(
            as_of,
            pa.table({"subject_id": pa.array(people, pa.string()), **rows}),
            pa.Table.from_pylist(self.events, schema),
            ties=pa.Table.from_pylist(self.ties, ties),
        )
        return Portrait(snapshot, self.since)

    def birth(self, mother: str, recorded: date, id: str = "b1") -> None:
        noon = datetime(recorded.year, recorded.month, recorded.day, 5)  # noqa: DTZ001 - the lake is UTC
        self.events.append(
            {"subject_id": mother, "event_id": id, "event": "child_birth", "occurred_on": recorded - timedelta(days=9)}
            | {"recorded_at": noon, "register": "civil_status", "payload": '{"kin": "c1"}'}
        )


@dataclass(frozen=True)
class Model:
    """A model that always says the same."""

    value: float | None
    threshold: float | None
    milestone: str = "shop"

    def chance(self, snapshot: Snapshot, subject_id: str) -> Chance | None:
        return Chance(value=self.value, threshold=self.threshold, version="model:1", as_of=snapshot.as_of)
