"""Kin events: a child's birth is an event of its mother, whichever was known first."""

from datetime import UTC, date, datetime
from typing import Any

from lifeevents.registers.lake import Lake, bucket_of
from tests.registers.dumps import event, relation, rows_of, subject

BIRTH = {"event": "birth", "occurred_on": "2022-01-01", "recorded_at": "2022-01-03T10:00:00Z"}


def family() -> list[dict[str, Any]]:
    return [
        subject("mum"),
        subject("dad", sex="M"),
        subject("gran", born_on="1960-01-01"),
        subject("kid", sex="M", born_on="2022-01-01", obs_from="2022-01-01"),
    ]


def at(year: int, month: int, day: int, hour: int = 0) -> datetime:
    """A moment as the lake gives it: UTC, without a zone."""
    return datetime(year, month, day, hour, tzinfo=UTC).replace(tzinfo=None)


def kin_of(lake: Lake, subject_id: str) -> list[dict[str, Any]]:
    return [row for row in rows_of(lake, "events", bucket_of(subject_id, 16)) if row["subject_id"] == subject_id]


def test_a_birth_is_an_event_of_the_mother_in_her_own_bucket(take: Any, lake: Lake) -> None:
    birth = event("b1", "kid", payload='{"order": 2}', **BIRTH)
    report = take({"subjects": family(), "events": [birth], "relations": [relation("kid", "mum")]})
    assert report.kin_derived == 1
    (row,) = kin_of(lake, "mum")
    assert row["event_id"].startswith("kin-")
    assert row | {"event_id": ""} == {
        "event_id": "",
        "subject_id": "mum",
        "event": "child_birth",
        "occurred_on": date(2022, 1, 1),
        "precision": "day",
        "recorded_at": at(2022, 1, 5),
        "register": "civil",
        "payload": '{"order":2,"kin":"kid"}',
        "corrects": None,
        "annuls": None,
    }


def test_it_is_known_from_the_later_of_event_and_relation(take: Any, lake: Lake) -> None:
    late = event("b1", "kid", **BIRTH | {"recorded_at": "2022-03-01T08:00:00Z"})
    take({"subjects": family(), "events": [late], "relations": [relation("kid", "mum")]})
    assert kin_of(lake, "mum")[0]["recorded_at"] == at(2022, 3, 1, 8)


def test_a_relation_that_comes_after_the_event_makes_the_same_kin_event(take: Any, lake: Lake) -> None:
    first = take({"subjects": family(), "events": [event("b1", "kid", **BIRTH)]})
    assert (first.kin_derived, kin_of(lake, "mum")) == (0, [])
    father = relation("kid", "dad", relation="father", recorded_at="2023-06-01T00:00:00Z")
    second = take({"subjects": [], "events": [], "relations": [relation("kid", "mum"), father]})
    assert second.kin_derived == 2
    assert kin_of(lake, "dad")[0]["recorded_at"] == at(2023, 6, 1)
    assert kin_of(lake, "mum")[0]["event_id"] != kin_of(lake, "dad")[0]["event_id"]


def test_an_event_that_comes_after_the_relation_is_derived_too(take: Any, lake: Lake) -> None:
    take({"subjects": family(), "events": [], "relations": [relation("kid", "mum")]})
    assert take({"subjects": [], "events": [event("b1", "kid", **BIRTH)]}).kin_derived == 1


def test_a_second_import_derives_nothing_twice(take: Any, lake: Lake) -> None:
    dump = {"subjects": family(), "events": [event("b1", "kid", **BIRTH)], "relations": [relation("kid", "mum")]}
    take(dump)
    before = rows_of(lake, "events")
    assert take(dump).kin_derived == 0
    take({"subjects": [], "events": [event("other", "dad")]})
    assert [row for row in rows_of(lake, "events") if row["event_id"] != "other"] == before


def test_a_correction_corrects_the_kin_event(take: Any, lake: Lake) -> None:
    take({"subjects": family(), "events": [event("b1", "kid", **BIRTH)], "relations": [relation("kid", "mum")]})
    corrected = BIRTH | {"occurred_on": "2022-01-02", "recorded_at": "2022-02-01T00:00:00Z", "corrects": "b1"}
    take({"subjects": [], "events": [event("b2", "kid", **corrected)]})
    old, new = sorted(kin_of(lake, "mum"), key=lambda row: row["recorded_at"])
    assert (new["event"], new["corrects"], new["annuls"]) == ("child_birth", old["event_id"], None)
    assert new["occurred_on"] == date(2022, 1, 2)


def test_an_annulment_annuls_the_kin_event(take: Any, lake: Lake) -> None:
    take({"subjects": family(), "events": [event("b1", "kid", **BIRTH)], "relations": [relation("kid", "mum")]})
    annulled = BIRTH | {"recorded_at": "2022-02-01T00:00:00Z", "annuls": "b1"}
    take({"subjects": [], "events": [event("b2", "kid", **annulled)]})
    old, new = sorted(kin_of(lake, "mum"), key=lambda row: row["recorded_at"])
    assert (new["annuls"], new["corrects"], new["recorded_at"]) == (old["event_id"], None, at(2022, 2, 1))


def test_an_annulment_that_comes_before_what_it_annuls_works_when_that_comes(take: Any, lake: Lake) -> None:
    annulled = BIRTH | {"recorded_at": "2022-02-01T00:00:00Z", "annuls": "b1"}
    take({"subjects": family(), "events": [event("b2", "kid", **annulled)], "relations": [relation("kid", "mum")]})
    assert kin_of(lake, "mum") == []
    take({"subjects": [], "events": [event("b1", "kid", **BIRTH)]})
    assert [bool(row["annuls"]) for row in sorted(kin_of(lake, "mum"), key=lambda r: r["recorded_at"])] == [False, True]


def test_a_correction_to_something_that_does_not_concern_the_relative_annuls(take: Any, lake: Lake) -> None:
    take({"subjects": family(), "events": [event("b1", "kid", **BIRTH)], "relations": [relation("kid", "mum")]})
    take(
        {
            "subjects": [],
            "events": [event("b2", "kid", occurred_on="2022-06-01", recorded_at="2022-06-02", corrects="b1")],
        }
    )
    old, new = sorted(kin_of(lake, "mum"), key=lambda row: row["recorded_at"])
    assert (new["event"], new["annuls"]) == ("child_birth", old["event_id"])


def test_a_former_spouses_death_is_no_bereavement_of_a_spouse(take: Any, lake: Lake) -> None:
    death = {"event": "death", "occurred_on": "2022-06-01", "recorded_at": "2022-06-03T00:00:00Z"}
    married = {"relation": "spouse", "valid_from": "2010-01-01", "recorded_at": "2010-01-01T00:00:00Z"}
    divorced = married | {"valid_to": "2021-12-31", "recorded_at": "2022-01-10T00:00:00Z"}
    spouses = [relation("dad", "mum", **married)]
    take({"subjects": family(), "events": [event("d1", "dad", **death)], "relations": spouses})
    assert [row["event"] for row in kin_of(lake, "mum")] == ["spouse_death"]
    take({"subjects": [], "events": [], "relations": [relation("dad", "mum", **divorced)]})
    assert kin_of(lake, "mum") == []


def test_a_relation_is_read_only_in_the_direction_it_was_given(take: Any, lake: Lake) -> None:
    report = take(
        {"subjects": family(), "events": [event("b1", "kid", **BIRTH)], "relations": [relation("mum", "kid")]}
    )
    assert (report.quarantined, report.kin_derived) == (0, 0)
    assert kin_of(lake, "mum") == []


def test_two_recordings_of_a_relation_make_one_kin_event_known_from_the_first(take: Any, lake: Lake) -> None:
    ties = [relation("kid", "mum"), relation("kid", "mum", recorded_at="2022-09-01T00:00:00Z")]
    take({"subjects": family(), "events": [event("b1", "kid", **BIRTH)], "relations": ties})
    (row,) = kin_of(lake, "mum")
    assert row["recorded_at"] == at(2022, 1, 5)
