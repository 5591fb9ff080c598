"""Files of every format, and files that are broken."""

import gzip
from pathlib import Path
from typing import Any

import pytest

from lifeevents.domain.errors import DumpError
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from tests.registers.dumps import attribute, event, rows_of, subject, write

MIXED = {"subjects": ".parquet", "events": ".csv.gz", "attributes": ".csv", "relations": ".parquet"}


def test_csv_gzip_and_parquet_make_the_same_lake(good: Any, tmp_path: Path, vocabulary: Any) -> None:
    lakes = []
    for number, suffix in enumerate([".csv", ".csv.gz", ".parquet", MIXED]):
        lake = Lake(tmp_path / f"lake{number}")
        report = import_dump(write(tmp_path / f"dump{number}", good, suffix), lake, vocabulary)
        assert report.quarantined == 0
        lakes.append({view: rows_of(lake, view) for view in ("subjects", "events", "attributes", "relations")})
    assert lakes[0] == lakes[1] == lakes[2] == lakes[3]
    assert len(lakes[0]["events"]) == 4


def test_typed_parquet_columns_are_read_as_their_text(good: Any, tmp_path: Path, lake: Lake) -> None:
    import duckdb

    write(tmp_path / "d", {k: v for k, v in good.items() if k != "events"})
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'Asia/Ho_Chi_Minh'")
        con.execute(
            "COPY (SELECT 'e1' event_id, 'anna' subject_id, 'marriage' AS event, DATE '2021-03-10' occurred_on,"
            " TIMESTAMPTZ '2021-03-12 05:00:00+07' recorded_at, 'civil' register, {'place': 'Huế'} payload)"
            f" TO '{tmp_path / 'd' / 'events.parquet'}' (FORMAT parquet)"
        )
    report = import_dump(tmp_path / "d", lake, None)
    assert report.tables["events"].quarantine == {}
    (row,) = rows_of(lake, "events")
    assert (str(row["recorded_at"]), row["payload"], row["precision"]) == (
        "2021-03-11 22:00:00",
        '{"place":"Huế"}',
        "day",
    )


def test_a_relation_may_lie_in_several_files_and_each_row_keeps_its_place(take: Any, good: Any, tmp_path: Path) -> None:
    folder = write(tmp_path / "d", good)
    write(tmp_path / "more", {"events": [event("x", "anna"), event("y", "nobody")]})
    (tmp_path / "more" / "events.csv").rename(folder / "events-2024.csv")
    report = import_dump(folder, Lake(tmp_path / "l"), None)
    assert report.tables["events"].read == 5
    assert report.tables["events"].quarantined[0].example.startswith("events-2024.csv row 2, subject_id: ")


@pytest.mark.parametrize("table", ["subjects", "events"])
def test_a_needed_relation_without_a_file_is_refused_with_the_way_out(good: Any, tmp_path: Path, table: str) -> None:
    del good[table]
    with pytest.raises(DumpError, match=rf"no file for {table}\. Put one of {table}\.csv, {table}\.csv\.gz"):
        import_dump(write(tmp_path / "d", good), Lake(tmp_path / "l"), None)
    assert not list((tmp_path / "l").glob("generation-*"))


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path, lake: Lake) -> None:
    with pytest.raises(DumpError, match="there is no such folder"):
        import_dump(tmp_path / "nowhere", lake, None)


def test_a_missing_column_is_named_with_the_nearest_one_and_the_other_files_are_taken(
    good: Any, tmp_path: Path, lake: Lake
) -> None:
    folder = write(tmp_path / "d", good)
    text = (folder / "events.csv").read_text(encoding="utf-8")
    (folder / "events.csv").write_text(text.replace("occurred_on", "ocurred_on", 1), encoding="utf-8")
    report = import_dump(folder, lake, None)
    (broken,) = report.broken_files
    assert (broken.file, broken.table, broken.reason) == ("events.csv", "events", "missing_column")
    assert 'the column "occurred_on" is missing' in broken.sentence
    assert "Did you mean ocurred_on?" in broken.sentence
    assert report.tables["attributes"].accepted == 2


def test_optional_columns_may_be_left_out(good: Any, tmp_path: Path, lake: Lake) -> None:
    folder = write(tmp_path / "d", good)
    (folder / "events.csv").write_text(
        "register,event_id,subject_id,event,occurred_on,recorded_at,comment\n"
        "civil,e1,anna,marriage,2021-03-10,2021-03-12T00:00:00Z,no such column in the contract\n"
    )
    report = import_dump(folder, lake, None)
    assert report.tables["events"].accepted == 1
    assert rows_of(lake, "events")[0]["precision"] == "day"


def break_gzip(folder: Path) -> str:
    data = gzip.compress((folder / "attributes.csv").read_bytes() * 1)
    (folder / "attributes.csv").unlink()
    (folder / "attributes.csv.gz").write_bytes(data[:-12])
    return "attributes.csv.gz"


def damage_gzip(folder: Path) -> str:
    data = bytearray(gzip.compress((folder / "attributes.csv").read_bytes()))
    (folder / "attributes.csv").unlink()
    data[10] = 0x07  # a last block of a type that does not exist
    (folder / "attributes.csv.gz").write_bytes(data)
    return "attributes.csv.gz"


def break_parquet(folder: Path) -> str:
    (folder / "attributes.csv").unlink()
    (folder / "attributes.parquet").write_bytes(b"PAR1 this is no parquet file PAR1")
    return "attributes.parquet"


def no_gzip(folder: Path) -> str:
    (folder / "attributes.csv").rename(folder / "attributes.csv.gz")
    return "attributes.csv.gz"


def empty(folder: Path) -> str:
    (folder / "attributes.csv").write_bytes(b"")
    return "attributes.csv"


def semicolons(folder: Path) -> str:
    path = folder / "attributes.csv"
    path.write_text(path.read_text().replace(",", ";"))
    return "attributes.csv"


@pytest.mark.parametrize("damage", [break_gzip, damage_gzip, break_parquet, no_gzip, empty, semicolons])
def test_a_broken_file_is_named_and_the_others_are_taken(good: Any, tmp_path: Path, lake: Lake, damage: Any) -> None:
    folder = write(tmp_path / "d", good)
    name = damage(folder)
    report = import_dump(folder, lake, None)
    (broken,) = report.broken_files
    assert (broken.file, broken.table) == (name, "attributes")
    assert broken.sentence.startswith(f"{name}: ")
    assert "were not imported" in broken.sentence or "needs at least" in broken.sentence
    assert {t.table: t.accepted for t in report.tables.values()} == {
        "subjects": 4,
        "events": 3,
        "attributes": 0,
        "relations": 1,
    }


def test_unreadable_subjects_stop_the_import(good: Any, tmp_path: Path, lake: Lake) -> None:
    folder = write(tmp_path / "d", good)
    (folder / "subjects.csv").rename(folder / "subjects.csv.gz")
    with pytest.raises(
        DumpError, match=r"subjects\.csv\.gz: this is not a whole gzip file.*no other row can be placed"
    ):
        import_dump(folder, lake, None)
    assert rows_of(lake, "events") == []


def test_lines_that_are_no_rows_cost_only_themselves_and_the_rows_after_keep_their_numbers(
    good: Any, tmp_path: Path, lake: Lake
) -> None:
    good["attributes"] = [attribute("anna", valid_from=f"2020-01-0{day}") for day in range(1, 6)]
    good["attributes"][4]["subject_id"] = "nobody"
    folder = write(tmp_path / "d", good)
    lines = (folder / "attributes.csv").read_bytes().splitlines(keepends=True)
    lines[2] = b"anna,province\n"
    lines[4] = b"anna,province,H\xe9,2020-01-01,,2020-01-02,civil\n"
    (folder / "attributes.csv").write_bytes(b"".join(lines))
    report = import_dump(folder, lake, None)
    attributes = report.tables["attributes"]
    assert (attributes.read, attributes.accepted) == (5, 2)
    assert attributes.quarantine == {"broken_row": 2, "unknown_subject": 1}
    places = {(row["row"], row["reason"]) for row in rows_of(lake, "quarantine")}
    assert places == {(2, "broken_row"), (4, "broken_row"), (5, "unknown_subject")}


def test_windows_line_ends_and_a_byte_order_mark_are_no_fault(good: Any, tmp_path: Path, lake: Lake) -> None:
    folder = write(tmp_path / "d", good)
    for path in folder.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    report = import_dump(folder, lake, None)
    assert (report.accepted, report.quarantined, report.broken_files) == (10, 0, ())


def test_quotes_commas_and_line_breaks_inside_cells_survive(good: Any, tmp_path: Path, lake: Lake) -> None:
    note = '{"note": "a, \\"b\\"\\nc"}'
    good["events"] = [event("e1", "anna", payload=note.replace("\\n", "\\n"))]
    import_dump(write(tmp_path / "d", good), lake, None)
    assert rows_of(lake, "events")[0]["payload"] == note


def test_numbers_of_rows_are_the_files_own_even_when_it_is_read_in_parallel(tmp_path: Path, lake: Lake) -> None:
    people = [subject(f"p{i}") for i in range(60_000)]
    people[54_321]["kind"] = "robot"
    write(tmp_path / "d", {"subjects": people, "events": []})
    report = import_dump(tmp_path / "d", lake, None)
    assert report.tables["subjects"].quarantined[0].example.startswith("subjects.csv row 54322, kind: ")
