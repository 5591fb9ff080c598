"""Every reason to repair, note or quarantine a row, by file, row, field and value."""

from typing import Any

import pytest

from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from tests.registers.dumps import attribute, event, good_dump, relation, rows_of, subject, write


def test_a_good_dump_passes_without_a_finding(take: Any, good: Any, lake: Lake) -> None:
    report = take(good)
    assert {name: t.accepted for name, t in report.tables.items()} == {
        "subjects": 4,
        "events": 3,
        "attributes": 2,
        "relations": 1,
    }
    assert all(not (t.repaired or t.quarantined or t.noted) for t in report.tables.values())
    anna = next(row for row in rows_of(lake, "events") if row["event_id"] == "e1")
    assert anna["payload"] == '{"place": "Huế"}'
    assert str(anna["occurred_on"]) == "2021-03-10"
    assert str(anna["recorded_at"]) == "2021-03-12 09:00:00"


BAD = [
    ("subjects", subject(""), "missing_value", "subject_id", None),
    ("subjects", subject("x", kind="robot"), "unknown_kind", "kind", "robot"),
    ("subjects", subject("x", sex="X"), "unknown_sex", "sex", "X"),
    ("subjects", subject("x", precision="hour"), "unknown_precision", "precision", "hour"),
    ("subjects", subject("x", born_on="1990-02-30"), "impossible_date", "born_on", "1990-02-30"),
    ("subjects", subject("x", obs_from=""), "missing_value", "obs_from", None),
    ("subjects", subject("x", obs_to="2019-12-31"), "ends_before_start", "obs_to", "2019-12-31"),
    ("subjects", subject("anna", sex="M"), "duplicate_subject_id", "subject_id", "anna"),
    ("events", event("x", "anna", occurred_on="2021-13-01"), "impossible_date", "occurred_on", "2021-13-01"),
    ("events", event("x", "anna", occurred_on="03/04/2021"), "impossible_date", "occurred_on", "03/04/2021"),
    ("events", event("x", "anna", occurred_on="0021-03-04"), "impossible_date", "occurred_on", "0021-03-04"),
    ("events", event("x", "anna", occurred_on=""), "missing_value", "occurred_on", None),
    ("events", event("x", "anna", recorded_at="yesterday"), "impossible_time", "recorded_at", "yesterday"),
    ("events", event("x", "nobody"), "unknown_subject", "subject_id", "nobody"),
    ("events", event("x", "anna", event="mariage"), "unknown_event", "event", "mariage"),
    ("events", event("x", "anna", register="tax"), "wrong_register", "register", "tax"),
    ("events", event("x", "shop"), "wrong_subject_kind", "event", "marriage"),
    ("events", event("x", "anna", payload="[1]"), "payload_not_object", "payload", "[1]"),
    ("events", event("x", "anna", payload="{x"), "payload_not_object", "payload", "{x"),
    ("events", event("x", "anna", precision="hour"), "unknown_precision", "precision", "hour"),
    (
        "events",
        event("x", "anna", occurred_on="2021-03-14"),
        "recorded_before_occurred",
        "recorded_at",
        "2021-03-12T09:00:00Z",
    ),
    ("events", event("x", "anna", occurred_on="1990-04-29"), "before_birth", "occurred_on", "1990-04-29"),
    ("events", event("e1", "anna", event="death"), "duplicate_event_id", "event_id", "e1"),
    ("events", event("x", "anna", corrects="e1", annuls="e1"), "corrects_and_annuls", "annuls", "e1"),
    ("events", event("x", "anna", annuls="x"), "refers_to_itself", "annuls", "x"),
    ("events", event("x", "bea", corrects="e1"), "other_subject", "corrects", "e1"),
    ("attributes", attribute("nobody"), "unknown_subject", "subject_id", "nobody"),
    ("attributes", attribute("anna", name="provinse"), "unknown_attribute", "name", "provinse"),
    ("attributes", attribute("anna", value="99"), "unknown_code", "value", "99"),
    ("attributes", attribute("anna", register="tax"), "wrong_register", "register", "tax"),
    (
        "attributes",
        attribute("anna", name="staff", value="3", register="tax"),
        "wrong_subject_kind",
        "name",
        "staff",
    ),
    ("attributes", attribute("anna", value=""), "missing_value", "value", None),
    ("attributes", attribute("anna", valid_from="1990-04-01"), "before_birth", "valid_from", "1990-04-01"),
    ("attributes", attribute("anna", valid_to="2019-01-01"), "ends_before_start", "valid_to", "2019-01-01"),
    ("attributes", attribute("shop", name="exempt", value="maybe", register="tax"), "wrong_type", "value", "maybe"),
    ("attributes", attribute("shop", name="staff", value="2.5", register="tax"), "wrong_type", "value", "2.5"),
    ("attributes", attribute("shop", name="revenue", value="nan", register="tax"), "wrong_type", "value", "nan"),
    ("attributes", attribute("shop", name="checked_on", value="soon", register="tax"), "wrong_type", "value", "soon"),
    ("relations", relation("kid", "nobody"), "unknown_subject", "related_id", "nobody"),
    ("relations", relation("nobody", "anna"), "unknown_subject", "subject_id", "nobody"),
    ("relations", relation("kid", "anna", relation="mum"), "unknown_relation", "relation", "mum"),
    ("relations", relation("anna", "anna"), "refers_to_itself", "related_id", "anna"),
]


@pytest.fixture(scope="module")
def spoiled(tmp_path_factory: pytest.TempPathFactory, vocabulary: Any) -> tuple[Any, list[dict[str, Any]]]:
    """The good dump with every bad row behind it, imported: the report and the quarantine."""
    folder, dump = tmp_path_factory.mktemp("spoiled"), good_dump()
    for table, row, *_ in BAD:
        dump[table].append(row)
    report = import_dump(write(folder / "dump", dump), Lake(folder / "lake"), vocabulary)
    return report, rows_of(Lake(folder / "lake"), "quarantine")


@pytest.mark.parametrize("case", BAD, ids=[f"{b[0]}-{b[2]}-{b[4]}" for b in BAD])
def test_a_bad_row_is_quarantined_with_file_row_field_and_value(case: Any, spoiled: Any) -> None:
    table, _, reason, field, value = case
    place = len(good_dump()[table]) + [row for row in BAD if row[0] == table].index(case) + 1
    (kept,) = [row for row in spoiled[1] if (row["relation"], row["row"]) == (table, place)]
    assert (kept["file"], kept["reason"], kept["field"], kept["value"]) == (f"{table}.csv", reason, field, value)
    assert kept["sentence"].startswith(f"{table}.csv row {place}, {field}: ")


def test_a_bad_row_costs_itself_alone(spoiled: Any) -> None:
    report, quarantine = spoiled
    assert report.accepted == sum(map(len, good_dump().values()))
    assert report.quarantined == len(quarantine) == len(BAD)
    assert sum(report.tables["events"].quarantine.values()) == len([row for row in BAD if row[0] == "events"])


def test_an_unknown_name_is_answered_with_the_nearest_known_one(take: Any, good: Any) -> None:
    good["events"].append(event("x", "anna", event="mariage"))
    good["attributes"].append(attribute("anna", name="provinse"))
    good["relations"].append(relation("kid", "anna", relation="mothr"))
    tables = take(good).tables
    assert tables["events"].quarantined[0].example.endswith('the pack has no event "mariage". Did you mean marriage?')
    assert "Did you mean province?" in tables["attributes"].quarantined[0].example
    assert "Did you mean mother?" in tables["relations"].quarantined[0].example


REPAIRED = [
    ("events", event("x", " anna "), "whitespace", "subject_id", "anna"),
    ("events", event("x", "anna", event="marriage\u00a0"), "whitespace", "event", "marriage"),
    (
        "events",
        event("x", "anna", occurred_on="2021-03-10T23:30:00+07:00"),
        "date_from_timestamp",
        "occurred_on",
        "2021-03-10",
    ),
    ("events", event("x", "anna", occurred_on="20210310"), "date_format", "occurred_on", "2021-03-10"),
    ("events", event("x", "anna", occurred_on="2021/03/10"), "date_format", "occurred_on", "2021-03-10"),
    (
        "events",
        event("x", "anna", recorded_at="2021-03-12"),
        "timestamp_from_date",
        "recorded_at",
        "2021-03-12 00:00:00",
    ),
    (
        "events",
        event("x", "anna", recorded_at="2021-03-12T05:00:00+07:00"),
        "timestamp_offset",
        "recorded_at",
        "2021-03-11 22:00:00",
    ),
    ("attributes", attribute("bea", valid_to="9999-12-31"), "open_end", "valid_to", "None"),
    ("attributes", attribute("shop", name="staff", value="3.0", register="tax"), "value_spelling", "value", "3"),
    ("attributes", attribute("shop", name="exempt", value="1", register="tax"), "value_spelling", "value", "true"),
]


def test_what_has_one_reading_is_repaired_and_said(take: Any, good: Any, lake: Lake) -> None:
    counts: dict[str, dict[str, int]] = {"events": {}, "attributes": {}}
    for number, (table, row, repair, _, _) in enumerate(REPAIRED):
        good[table].append(row | ({"event_id": f"x{number}"} if table == "events" else {}))
        counts[table][repair] = counts[table].get(repair, 0) + 1
    report = take(good)
    assert {table: report.tables[table].repairs for table in counts} == counts
    assert (report.quarantined, report.accepted) == (0, 10 + len(REPAIRED))
    events = {row["event_id"]: row for row in rows_of(lake, "events")}
    for number, (table, _, _, field, value) in enumerate(REPAIRED):
        if table == "events":
            assert str(events[f"x{number}"][field]) == value
        else:
            assert value in {str(row[field]) for row in rows_of(lake, table)}
    (whitespace,) = [f for f in report.tables["events"].repaired if f.reason == "whitespace"]
    assert whitespace.example == "events.csv row 4, subject_id: spaces around a value were removed."


def test_identical_rows_collapse_even_when_only_spaces_differ(take: Any, good: Any, lake: Lake) -> None:
    good["events"] += [event("e1", "anna ", payload='{"place": "Huế"}')]
    good["attributes"] += [attribute("anna"), attribute("anna")]
    report = take(good)
    assert report.tables["events"].repairs["identical_row"] == 1
    assert report.tables["attributes"].repairs == {"identical_row": 2}
    assert len(rows_of(lake, "attributes")) == 2


SPANS = [
    ("1990-05-01", "day", "1990-04-30", "day", True),
    ("1990-05-01", "day", "1990-04-29", "day", False),
    ("1990-05-01", "day", "1990-01-01", "year", True),
    ("1990-05-20", "month", "1990-05-02", "day", True),
    ("1990-07-01", "year", "1990-01-01", "day", True),
    ("1990-07-01", "year", "1989-12-30", "day", False),
    ("1990-05-20", "day", "1990-05-01", "month", True),
    ("1990-05-20", "day", "1989-07-01", "wave", True),
    ("1990-05-20", "day", "1989-04-01", "wave", False),
]


def test_before_birth_is_judged_by_what_both_dates_can_mean(take: Any, good: Any, lake: Lake) -> None:
    for number, (born, exactness, occurred, precision, _) in enumerate(SPANS):
        good["subjects"].append(subject(f"s{number}", born_on=born, precision=exactness))
        good["events"].append(event(f"s{number}", f"s{number}", occurred_on=occurred, precision=precision))
    assert take(good).tables["events"].quarantine == {"before_birth": 3}
    taken = {row["event_id"] for row in rows_of(lake, "events")}
    assert [f"s{number}" in taken for number in range(len(SPANS))] == [fits for *_, fits in SPANS]


def test_an_event_the_day_after_it_was_recorded_in_utc_is_no_contradiction(take: Any, good: Any) -> None:
    good["events"].append(event("x", "anna", occurred_on="2021-03-13"))
    good["events"].append(event("y", "anna", occurred_on="2021-07-01", precision="year"))
    assert take(good).quarantined == 0


def test_events_after_obs_to_are_kept_and_noted(take: Any, good: Any) -> None:
    good["subjects"][0]["obs_to"] = "2021-01-31"
    report = take(good)
    assert report.tables["events"].notes == {"after_obs_to": 1}
    assert report.tables["events"].accepted == 3


@pytest.mark.parametrize("field", ["corrects", "annuls"])
def test_a_row_about_an_unknown_event_is_kept_and_noted(take: Any, good: Any, field: str) -> None:
    good["events"].append(event("x", "anna", **{field: "gone"}))
    report = take(good)
    assert report.tables["events"].notes == {"unknown_target": 1}
    assert report.tables["events"].accepted == 4


def test_a_correction_of_the_same_subjects_event_passes(take: Any, good: Any) -> None:
    good["events"].append(event("x", "anna", corrects="e1"))
    assert take(good).quarantined == 0


def test_events_of_a_quarantined_subject_are_quarantined_too(take: Any, good: Any) -> None:
    good["subjects"][0]["born_on"] = "1990-02-31"
    report = take(good)
    assert report.tables["events"].quarantine == {"unknown_subject": 1}
    assert report.tables["relations"].quarantine == {"unknown_subject": 1}


def test_without_a_pack_types_are_taken_as_found(good: Any, tmp_path: Any, lake: Lake) -> None:
    good["events"].append(event("x", "anna", event="anything", register="anyone"))
    report = import_dump(write(tmp_path / "d", good), lake, None)
    assert (report.quarantined, report.kin_derived) == (0, 0)
