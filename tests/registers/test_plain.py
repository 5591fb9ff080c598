"""Plain dumps: one clock, no registers, read as contract relations."""

from pathlib import Path
from typing import Any

import pytest

from lifeevents.domain.errors import DumpError
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from tests.registers.dumps import rows_of, write_table

PERSON = {"person_id": "p1", "sex": "F", "birth_date": "1950-07-01", "birth_precision": "year"}
PERSON |= {"obs_from": "1984-07-01", "obs_to": "1988-07-01"}


def happened(person_id: str, date: str, event: str, precision: str = "day", detail: str = "") -> dict[str, str]:
    """A row of events."""
    return {"person_id": person_id, "date": date, "event": event, "precision": precision, "detail": detail}


def mini(folder: Path, suffix: str = ".csv.gz", **more: Any) -> Path:
    """Two people, a marriage doubled, a death with a detail, a wage, a spouse."""
    tables: dict[str, list[dict[str, Any]]] = {
        "persons": [PERSON, PERSON | {"person_id": "p2", "sex": "", "birth_date": "1947-01-01"}],
        "events": [
            {"person_id": "p1", "date": "1985-07-01", "event": "marriage", "precision": "wave", "detail": ""},
            {"person_id": "p1", "date": "1985-07-01", "event": "marriage", "precision": "wave", "detail": ""},
            {"person_id": "p2", "date": "1987-03-04", "event": "death", "precision": "day", "detail": ""},
            {
                "person_id": "p1",
                "date": "1987-03-04",
                "event": "relative_death",
                "precision": "day",
                "detail": "spouse",
            },
        ],
        "attributes": [{"person_id": "p1", "valid_from": "1984-07-01", "name": "wage", "value": "3.5"}],
        "relations": [{"person_id": "p1", "related_id": "p2", "relation": "spouse", "valid_from": "1985-07-01"}],
    } | more
    folder.mkdir()
    for name, rows in tables.items():
        write_table(folder / f"{name}{suffix}", rows, tuple(rows[0]))
    return folder


@pytest.mark.parametrize("suffix", [".csv", ".csv.gz", ".parquet"])
def test_a_plain_dump_becomes_contract_relations(tmp_path: Path, lake: Lake, suffix: str) -> None:
    report = import_dump(mini(tmp_path / "d", suffix), lake, None)
    assert {t.table: t.accepted for t in report.tables.values()} == {
        "subjects": 2,
        "events": 3,
        "attributes": 1,
        "relations": 1,
    }
    assert report.tables["events"].repairs == {"identical_row": 1}
    assert rows_of(lake, "subjects")[0]["kind"] == "person"
    found = {row["event"]: row for row in rows_of(lake, "events")}
    assert set(found) == {"marriage", "death", "relative_death"}
    assert str(found["marriage"]["recorded_at"]) == "1985-07-01 00:00:00"
    assert {row["register"] for row in found.values()} == {"plain"}
    assert found["relative_death"]["payload"] == '{"detail":"spouse"}'
    assert found["death"]["payload"] is None
    assert rows_of(lake, "deliveries")[0]["register"] == "plain"


def test_ids_of_plain_events_are_the_same_in_every_delivery_and_format(tmp_path: Path, lake: Lake) -> None:
    import_dump(mini(tmp_path / "a", ".csv"), lake, None)
    again = import_dump(mini(tmp_path / "b", ".parquet"), lake, None)
    assert (again.accepted, again.tables["events"].already_there, again.generation) == (0, 4, 1)


def test_a_bad_row_is_named_by_the_plain_dumps_own_column(tmp_path: Path, lake: Lake) -> None:
    events = [happened("p1", "1949-07-01", "x"), happened("p1", "1985-02-30", "x"), happened("px", "1985-02-03", "x")]
    report = import_dump(mini(tmp_path / "d", events=events, persons=[PERSON | {"birth_precision": "day"}]), lake, None)
    sentences = sorted(finding.example for finding in report.tables["events"].quarantined)
    assert [sentence.split(":")[0] for sentence in sentences] == [
        "events.csv.gz row 1, date",
        "events.csv.gz row 2, date",
        "events.csv.gz row 3, person_id",
    ]


def test_a_plain_dump_is_not_held_to_a_packs_vocabulary(tmp_path: Path, lake: Lake, vocabulary: Any) -> None:
    report = import_dump(mini(tmp_path / "d"), lake, vocabulary)
    assert report.quarantined == 0


def test_a_plain_dump_may_have_no_events_but_not_a_misspelt_file_of_them(tmp_path: Path, lake: Lake) -> None:
    folder = mini(tmp_path / "d", ".csv")
    (folder / "events.csv").rename(folder / "event.csv")
    with pytest.raises(DumpError, match=r"there is no file for events.*Did you mean event\.csv"):
        import_dump(folder, lake, None)
    (folder / "event.csv").unlink()
    assert import_dump(folder, lake, None).tables["events"].accepted == 0


def test_a_month_or_a_year_alone_is_a_date_with_its_precision(tmp_path: Path, lake: Lake) -> None:
    kin = {"person_id": "p1", "related_id": "p1", "relation": "spouse", "valid_from": "1985-07-01"}
    persons = [PERSON | {"birth_date": "1950", "birth_precision": ""}]
    events = [happened("p1", "1985-07", "marriage", precision="")]
    folder = mini(tmp_path / "d", ".csv", persons=persons, events=events, relations=[kin])
    import_dump(folder, lake, None)
    (person,), (event,) = rows_of(lake, "subjects"), rows_of(lake, "events")
    assert (str(person["born_on"]), person["precision"]) == ("1950-07-01", "year")
    assert (str(event["occurred_on"]), event["precision"]) == ("1985-07-15", "month")
