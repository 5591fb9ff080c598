"""What any ledger promises about live submissions: once per source and id, taken in order, settled for good."""

from datetime import UTC, date, datetime

import pytest

from lifeevents.domain.errors import Conflict, NotFound
from lifeevents.domain.submission import Event, Relation, Submission, SubmissionState, Taken
from lifeevents.ports import GONE, Ledger
from lifeevents.registers.live import rows_of
from tests.store.values import NOW

AT = datetime(2026, 11, 5, 3, 0, tzinfo=UTC)


def marriage(id: str, subject: str = "lan", on: date = date(2026, 11, 1)) -> Submission:
    event = Event(event_id=f"e-{id}", subject_id=subject, event="marriage", occurred_on=on)
    return Submission(source="urn:civil", id=id, register_id="civil_status", recorded_at=AT, events=(event,))


def accept(ledger: Ledger, *submissions: Submission) -> list[bool]:
    with ledger.begin() as unit:
        return [unit.accept(one, rows_of(one), now=NOW) for one in submissions]


def test_the_same_submission_again_changes_nothing(ledger: Ledger) -> None:
    assert accept(ledger, marriage("1"), marriage("1")) == [True, False]
    assert accept(ledger, marriage("1")) == [False]
    with ledger.begin() as unit:
        assert len(unit.live_rows(["lan"])["events"]) == 1


def test_an_id_used_for_something_else_is_a_conflict(ledger: Ledger) -> None:
    accept(ledger, marriage("1"))
    with pytest.raises(Conflict, match="used the id 1 before"):
        accept(ledger, marriage("1", on=date(2026, 10, 1)))


def test_submissions_are_taken_in_the_order_they_came_until_they_are_settled(ledger: Ledger) -> None:
    accept(ledger, marriage("1"), marriage("2"), marriage("3"))
    with ledger.begin() as unit:
        assert [one.submission.id for one in unit.take_submissions(2)] == ["1", "2"]
        unit.settle_submission(marriage("1"), SubmissionState.DONE, now=NOW)
        unit.settle_submission(marriage("2"), SubmissionState.PARKED, reason="broken", now=NOW)
    with ledger.begin() as unit:
        assert [one.submission.id for one in unit.take_submissions(9)] == ["3"]
        parked = unit.received("urn:civil", "2")
    assert (parked.state, parked.reason, parked.reacted_at) == (SubmissionState.PARKED, "broken", NOW)


def test_one_that_never_came_is_not_found(ledger: Ledger) -> None:
    with ledger.begin() as unit, pytest.raises(NotFound):
        unit.received("urn:civil", "9")


def test_live_rows_are_those_of_the_subjects_asked_for(ledger: Ledger) -> None:
    accept(ledger, marriage("1"), marriage("2", subject="binh"))
    with ledger.begin() as unit:
        assert [row["event_id"] for row in unit.live_rows(["binh"])["events"]] == ["e-2"]
        assert not unit.live_rows(["nobody"])


def test_a_kin_event_is_kept_once_and_is_not_compacted_itself(ledger: Ledger) -> None:
    accept(ledger, marriage("1"))
    kin = {"event_id": "kin-1", "subject_id": "mai", "event": "child_birth", "recorded_at": "2026-11-05 03:00:00"}
    with ledger.begin() as unit:
        unit.keep_kin([kin])
        unit.keep_kin([kin | {"recorded_at": "2026-11-06 03:00:00"}])
        assert [row["recorded_at"] for row in unit.live_rows(["mai"])["events"]] == ["2026-11-06 03:00:00"]
        kept = [(row.body["event_id"], row.kin_id) for row in unit.all_live_rows()]
    assert kept == [("e-1", None), ("kin-1", "kin-1")]


def test_what_came_after_the_compaction_began_is_not_forgotten(ledger: Ledger) -> None:
    accept(ledger, marriage("1"))
    with ledger.begin() as unit:
        places = [row.place for row in unit.all_live_rows()]
    accept(ledger, marriage("2"))
    with ledger.begin() as unit:
        unit.forget_live_rows(places)
        assert [row["event_id"] for row in unit.live_rows(["lan"])["events"]] == ["e-2"]


def test_what_is_undone_was_never_accepted(ledger: Ledger) -> None:
    def accept_and_break() -> None:
        with ledger.begin() as unit:
            unit.accept(marriage("1"), rows_of(marriage("1")), now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        accept_and_break()
    assert accept(ledger, marriage("1")) == [True]


def test_a_batch_is_judged_one_by_one_and_in_order(ledger: Ledger) -> None:
    accept(ledger, marriage("b"))
    batch = [marriage("c"), marriage("a"), marriage("b"), marriage("c"), marriage("a", on=date(2026, 10, 1))]
    with ledger.begin() as unit:
        found = unit.accept_all([(one, rows_of(one)) for one in batch], actor="agency:moj", now=NOW)
    assert found == [Taken.ACCEPTED, Taken.ACCEPTED, Taken.KNOWN, Taken.KNOWN, Taken.CONFLICT]
    with ledger.begin() as unit:
        kept = [row.body["event_id"] for row in unit.all_live_rows()]
        assert unit.received("urn:civil", "a").submission == marriage("a")
    assert kept == ["e-b", "e-c", "e-a"]


def test_the_very_same_value_twice_in_a_batch_is_kept_once(ledger: Ledger) -> None:
    one = marriage("1")
    with ledger.begin() as unit:
        found = unit.accept_all([(one, rows_of(one))] * 2, actor="agency:moj", now=NOW)
        assert found == [Taken.ACCEPTED, Taken.KNOWN]
        assert len(unit.live_rows(["lan"])["events"]) == 1


def test_a_place_is_never_given_again_so_that_what_is_under_way_is_not_forgotten(ledger: Ledger) -> None:
    accept(ledger, marriage("1"))
    with ledger.begin() as unit:
        (first,) = unit.all_live_rows()
        unit.forget_live_rows([first.place])
    accept(ledger, marriage("2"))
    with ledger.begin() as unit:
        unit.forget_live_rows([first.place])
        assert [row.body["event_id"] for row in unit.all_live_rows()] == ["e-2"]


def test_a_kin_event_that_changed_since_the_compaction_began_is_not_forgotten(ledger: Ledger) -> None:
    kin = {"event_id": "kin-1", "subject_id": "mai", "event": "child_birth"}
    with ledger.begin() as unit:
        unit.keep_kin([kin])
        places = [row.place for row in unit.all_live_rows()]
        unit.keep_kin([kin | {"event": None}])
        unit.forget_live_rows(places)
        assert unit.live_rows(["mai"]) == {GONE: [kin | {"event": None}]}


def test_who_names_a_subject_as_a_relative_is_found(ledger: Ledger) -> None:
    tie = Relation(subject_id="kid", related_id="mai", relation="mother", valid_from=date(2026, 11, 1))
    told = marriage("1").model_copy(update={"events": (), "relations": (tie,)})
    accept(ledger, told, marriage("2"))
    with ledger.begin() as unit:
        assert set(unit.naming(["mai"])) == {"kid"}
        assert not set(unit.naming(["kid", "lan"]))


def test_what_was_parked_waits_again_when_its_subject_becomes_known(ledger: Ledger) -> None:
    accept(ledger, marriage("1"), marriage("2", subject="binh"))
    with ledger.begin() as unit:
        for one in (marriage("1"), marriage("2", subject="binh")):
            unit.settle_submission(one, SubmissionState.PARKED, reason="unknown", now=NOW)
    with ledger.begin() as unit:
        assert unit.wake_parked(["binh"], now=NOW) == 1
        assert [one.submission.id for one in unit.take_submissions(9)] == ["2"]
        assert unit.wake_parked(["nobody"], now=NOW) == 0
