"""Simulated dumps, each made once: a clean small one, a dirty small one, and a country of 20,000 since 2010."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from lifeevents.simulate import Rates, SimulationReport, load_rates, simulate

UNTIL = date(2026, 11, 20)


@pytest.fixture(scope="session")
def rates() -> Rates:
    return load_rates("vn")


@pytest.fixture(scope="session")
def clean(tmp_path_factory, rates) -> SimulationReport:
    out = tmp_path_factory.mktemp("clean")
    return simulate(out, people=3_000, seed=3, start=date(2019, 1, 1), until=UNTIL, rates=rates, dirt=0)


@pytest.fixture(scope="session")
def dirty(tmp_path_factory, rates) -> SimulationReport:
    out = tmp_path_factory.mktemp("dirty")
    return simulate(out, people=1_500, seed=4, start=date(2021, 1, 1), until=UNTIL, rates=rates, dirt=20)


@pytest.fixture(scope="session")
def country(tmp_path_factory, rates) -> SimulationReport:
    return simulate(tmp_path_factory.mktemp("country"), people=20_000, seed=1, until=UNTIL, rates=rates)


@pytest.fixture
def ask():
    """Run SQL over a dump whose tables are views (subjects, events, ..., truth_events, truth_subjects)."""

    def run(dump: Path, query: str) -> list[tuple]:
        with duckdb.connect() as con:
            for path in sorted(dump.rglob("*.parquet")):
                name = "_".join(path.relative_to(dump).with_suffix("").parts)
                con.execute(f"create view {name} as from read_parquet('{path}')")
            return con.execute(query).fetchall()

    return run
