"""Whatever the order: a history told live, late, doubled and in pieces ends as one clean bulk import of it would.

`HISTORIES=10000` tries as many (`make deep` does); what a failure prints are the rows that differ.
"""

import os
from collections.abc import Collection, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from features.catalogue import known_features
from features.live import LiveFeatures
from lifeevents.domain.pack import Pack
from lifeevents.engine.eligibility import rules_of
from lifeevents.packs import load
from lifeevents.pipeline.compact import compact, write_dump
from lifeevents.pipeline.react import Reactor
from lifeevents.ports import Snapshot
from lifeevents.registers.cells import define_macros
from lifeevents.registers.contract import CONTRACT
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from lifeevents.registers.live import rows_of
from lifeevents.testing.ledger import InMemoryLedger
from tests.pipeline.histories import VOCABULARY, Delivery, Told, families, rows_for_bulk, tellings
from tests.store.values import NOW

FAMILIES = int(os.environ.get("FAMILIES", "25"))
"""Histories in one example, side by side: they share its imports, which cost a third of a second each."""
HISTORIES = int(os.environ.get("HISTORIES", "200"))
COLUMNS = {table.name: table.names for table in CONTRACT}
SETTINGS = settings(
    max_examples=max(1, HISTORIES // FAMILIES),
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],  # a whole country does not shrink; what differs is said row by row instead
)
State = dict[str, list[tuple[Any, ...]]]


class Rebuilt(LiveFeatures):
    """The live path's own view of people, without their features (which cost a second each time)."""

    def _seen(self, con: duckdb.DuckDBPyConnection, subjects: Collection[str], as_of: date, since: date) -> Snapshot:
        schema = {"subject_id": pa.string(), "alive": pa.bool_()}
        rows = pa.table({name: pa.array([], kind) for name, kind in schema.items()})
        return Snapshot(as_of, rows, rows)

    def stands(self, subjects: Collection[str], ledger: InMemoryLedger) -> State:
        """Every row that the live path sees of these subjects."""
        with ledger.begin() as unit, duckdb.connect() as con:
            define_macros(con)
            self._gather(con, subjects, unit.live_rows, whole=subjects)
            return rows_in(con)


def rows_in(con: duckdb.DuckDBPyConnection) -> State:
    return {
        name: con.execute(f"SELECT {', '.join(columns)} FROM {name} ORDER BY ALL").fetchall()
        for name, columns in COLUMNS.items()
    }


def difference(found: State, wanted: State) -> dict[str, Any]:
    """The rows that are on one side only; empty when nothing differs."""
    return {
        name: {
            "too many": [row for row in found[name] if row not in rows],
            "missing": [r for r in rows if r not in found[name]],
        }
        for name, rows in wanted.items()
        if found[name] != rows
    }


class Country:
    """A lake and a ledger, and the steps that a telling may take."""

    def __init__(self, folder: Path, pack: Pack) -> None:
        self.lake, self.ledger = Lake(folder), InMemoryLedger()
        self.live = Rebuilt(self.lake, VOCABULARY)
        rules = rules_of(pack, known_features(pack.vocabulary))
        self.reactor = Reactor(self.ledger, self.live, (), pack, rules, lambda rows, at: None)

    def bulk(self, told: Sequence[Told]) -> None:
        with TemporaryDirectory() as folder:
            write_dump(Path(folder), COLUMNS, rows_for_bulk(told))
            assert import_dump(Path(folder), self.lake, VOCABULARY).quarantined == 0

    def compact(self) -> None:
        take = partial(import_dump, lake=self.lake, vocabulary=VOCABULARY)
        report = compact(self.ledger, COLUMNS, take, self.lake.known, now=NOW)
        assert report is None or report.quarantined == 0

    def react(self) -> None:
        while self.reactor.react(now=NOW, limit=1000).reacted:
            pass

    def tell(self, deliveries: Sequence[Delivery]) -> None:
        for delivery in deliveries:
            match delivery.kind:
                case "compact":
                    self.compact()
                case "react":
                    self.react()
                case "bulk":
                    self.bulk(delivery.rows)
                case "live":
                    with self.ledger.begin() as unit:
                        for one in delivery.submissions():
                            unit.accept(one, rows_of(one), now=NOW)

    def state(self) -> State:
        """Everything that the lake says, of its deliveries too."""
        with duckdb.connect() as con:
            self.lake.attach(con)
            return rows_in(con) | {"deliveries": con.execute("SELECT * FROM deliveries ORDER BY ALL").fetchall()}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load("vn", known_features)


def drawn(data: st.DataObject) -> list[Told]:
    return [row for number in range(FAMILIES) for row in data.draw(families(f"f{number}"))]


@given(data=st.data())
@SETTINGS
def test_the_lake_ends_as_one_clean_import_leaves_it(data: st.DataObject, pack: Pack) -> None:
    told = drawn(data)
    telling = data.draw(tellings(told, steps=("compact", "bulk", "react")))
    with TemporaryDirectory() as folder:
        clean, other = Country(Path(folder) / "clean", pack), Country(Path(folder) / "other", pack)
        clean.bulk(told)
        other.tell(telling)
        other.compact()
        assert not difference(other.state(), clean.state())
        assert not other.ledger.state.live_rows


@given(data=st.data())
@SETTINGS
def test_the_live_path_sees_people_as_a_lake_that_had_everything_would(data: st.DataObject, pack: Pack) -> None:
    told = drawn(data)
    telling = data.draw(tellings(told, steps=("compact", "react", "react")))
    with TemporaryDirectory() as folder:
        clean, other = Country(Path(folder) / "clean", pack), Country(Path(folder) / "other", pack)
        clean.bulk(told)
        other.tell(telling)
        other.react()
        seen = clean.state()
        seen.pop("deliveries")
        assert not difference(other.live.stands({row.subject_id for _, row in told}, other.ledger), seen)
