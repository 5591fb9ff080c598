"""The quarantine's desk: rows are listed, corrected and released through the same gate; nothing is half done."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from lifeevents.domain.errors import Conflict, NotFound, Refused, Unavailable
from lifeevents.domain.pack import Vocabulary
from lifeevents.registers.desk import Desk
from lifeevents.registers.lake import Draft, Lake
from tests.registers.dumps import Dump, attribute, event, relation, rows_of

AT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
LATER = AT + timedelta(hours=1)


@pytest.fixture
def desk(good: Dump, take: Callable[..., Any], lake: Lake, vocabulary: Vocabulary) -> Desk:
    """Three rows in quarantine: a marriage on no day, one of an unknown person, a province that does not exist."""
    good["events"].append(event("e8", "anna", occurred_on="2021-02-30"))
    good["events"].append(event("e9", "nobody"))
    good["attributes"].append(attribute("bea", value="99"))
    take(good)
    return Desk(lake, vocabulary)


def the(desk: Desk, reason: str) -> str:
    (item,) = desk.rows(reason=reason).items
    return item.id


def test_rows_are_listed_by_register_reason_and_month(desk: Desk) -> None:
    page = desk.rows()
    assert page.total == 3
    assert page.registers == {"civil": 3}
    assert page.reasons == {"impossible_date": 1, "unknown_code": 1, "unknown_subject": 1}
    assert [item.value for item in desk.rows(month=date(2020, 1, 1)).items] == ["99"]
    assert desk.rows(registers=["tax"]).total == 0
    assert [desk.rows(limit=1, offset=n).items[0].id for n in range(3)] == [item.id for item in page.items]


def test_a_corrected_row_passes_the_gate_and_is_in_the_lake(desk: Desk, lake: Lake) -> None:
    item = desk.release(the(desk, "impossible_date"), {"occurred_on": "2021-02-28"}, who="registrar", at=AT)
    assert item.state == "released"
    assert [row["occurred_on"] for row in rows_of(lake, "events") if row["event_id"] == "e8"] == [date(2021, 2, 28)]
    (done,) = item.history
    assert (done.action, done.who, done.at) == ("released", "registrar", AT)
    assert (done.before["occurred_on"], done.after["occurred_on"]) == ("2021-02-30", "2021-02-28")
    assert desk.rows().total == 2


def test_a_row_that_the_gate_refuses_again_stays_with_its_new_verdict(desk: Desk, lake: Lake) -> None:
    before = rows_of(lake, "events")
    item = desk.release(the(desk, "impossible_date"), {"occurred_on": "2031-01-01"}, who="registrar", at=AT)
    assert (item.state, item.reason) == ("open", "recorded_before_occurred")
    assert item.sentence.startswith("events.csv row 4, recorded_at: recorded on 2021-03-12")
    assert [one.action for one in item.history] == ["refused"]
    assert item.content["occurred_on"] == "2031-01-01"
    assert rows_of(lake, "events") == before
    again = desk.release(item.id, {"occurred_on": "2021-03-01"}, who="registrar", at=LATER)
    assert (again.state, [one.action for one in again.history]) == ("released", ["refused", "released"])


def test_a_fix_is_kept_until_the_release(desk: Desk, lake: Lake) -> None:
    item = desk.fix(the(desk, "unknown_code"), {"value": "79"}, who="registrar", at=AT)
    assert (item.state, item.content["value"], item.history[0].before["value"]) == ("open", "79", "99")
    assert "bea" not in [row["subject_id"] for row in rows_of(lake, "attributes")]
    assert desk.release(item.id, {}, who="chief", at=LATER).state == "released"
    assert [row["value"] for row in rows_of(lake, "attributes") if row["subject_id"] == "bea"] == ["79"]


def test_a_row_whose_person_came_later_is_released_as_it_is(
    desk: Desk, take: Callable[..., Any], good: Dump, lake: Lake
) -> None:
    item = the(desk, "unknown_subject")
    assert desk.release(item, {}, who="registrar", at=AT).state == "open"
    nobody = [row | {"subject_id": "nobody"} for row in good["subjects"][:1]]
    take({"subjects": nobody, "events": []})
    assert desk.release(item, {}, who="registrar", at=LATER).state == "released"
    assert "e9" in [row["event_id"] for row in rows_of(lake, "events")]


def test_doing_the_same_twice_changes_nothing(desk: Desk, lake: Lake) -> None:
    item = the(desk, "unknown_code")
    desk.fix(item, {"value": "79"}, who="registrar", at=AT)
    generation = lake.manifest.generation
    desk.fix(item, {"value": "79"}, who="registrar", at=LATER)
    assert lake.manifest.generation == generation
    once = desk.release(item, {"value": "79"}, who="registrar", at=LATER)
    generation = lake.manifest.generation
    assert desk.release(item, {"value": "79"}, who="registrar", at=LATER) == once
    assert lake.manifest.generation == generation
    with pytest.raises(Conflict, match="released with other content"):
        desk.release(item, {"value": "01"}, who="registrar", at=LATER)
    with pytest.raises(Conflict, match="send a correction"):
        desk.fix(item, {"value": "01"}, who="registrar", at=LATER)


def test_a_crash_before_the_publication_leaves_the_row_in_quarantine(
    desk: Desk, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, before = the(desk, "unknown_code"), rows_of(lake, "attributes")

    def die(*_: object) -> None:
        raise OSError("the disk is gone")

    with monkeypatch.context() as broken:
        broken.setattr(Draft, "publish", die)
        with pytest.raises(OSError, match="the disk is gone"):
            desk.release(item, {"value": "79"}, who="registrar", at=AT)
    assert (desk.row(item).state, desk.row(item).history) == ("open", ())
    assert rows_of(lake, "attributes") == before
    assert desk.release(item, {"value": "79"}, who="registrar", at=LATER).state == "released"


def test_the_same_dump_again_brings_no_released_row_back(
    desk: Desk, good: Dump, take: Callable[..., Any], lake: Lake
) -> None:
    desk.release(the(desk, "unknown_code"), {"value": "79"}, who="registrar", at=AT)
    take(good)
    assert desk.rows(state="open").total == 2
    assert desk.rows(state="released").total == 1


def test_a_released_birth_reaches_the_mother(desk: Desk, good: Dump, take: Callable[..., Any], lake: Lake) -> None:
    row = event("e20", "kid", event="birth", occurred_on="2022-01-01", recorded_at="yesterday")
    take({"subjects": [], "events": [row], "relations": [relation("kid", "bea", relation="father")]})
    desk.release(the(desk, "impossible_time"), {"recorded_at": "2022-01-09T00:00:00Z"}, who="registrar", at=AT)
    kin = [row for row in rows_of(lake, "events") if row["event"] == "child_birth"]
    assert {row["subject_id"] for row in kin if row["recorded_at"].date() == date(2022, 1, 9)} == {"anna", "bea"}


def test_an_unknown_field_and_an_unknown_row_are_named(desk: Desk) -> None:
    with pytest.raises(Refused, match="Did you mean value"):
        desk.fix(the(desk, "unknown_code"), {"valeu": "79"}, who="registrar", at=AT)
    with pytest.raises(NotFound):
        desk.release("0000000000000000", {}, who="registrar", at=AT)


def test_nobody_waits_for_an_import_at_the_desk(desk: Desk, lake: Lake) -> None:
    with lake.writing(), pytest.raises(Unavailable, match="try again"):
        desk.fix(the(desk, "unknown_code"), {"value": "79"}, who="registrar", at=AT)
