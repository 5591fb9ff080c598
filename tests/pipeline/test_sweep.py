"""The sweep over a made-up snapshot, on both ledgers' in-memory twin: told once, twins together, withdrawn undone."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest

from features.catalogue import known_features
from lifeevents.delivery.channels import discover
from lifeevents.delivery.outbox import deliver
from lifeevents.domain.occasion import Detection, NotificationState
from lifeevents.domain.pack import Pack
from lifeevents.engine.eligibility import rules_of
from lifeevents.packs import load
from lifeevents.pipeline.sweep import SweepReport, sweep
from lifeevents.ports import Snapshot
from lifeevents.testing.fakes import FakeDetector
from lifeevents.testing.ledger import InMemoryLedger

DAY = date(2026, 11, 4)
NOW = datetime(2026, 11, 5, 3, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load("vn", known_features)


@dataclass
class Bucket:
    """One bucket whose subjects are alive but for `dead`."""

    subjects: tuple[str, ...] = ("mother",)
    dead: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()
    ties: tuple[tuple[str, str, str], ...] = ()
    buckets: int = 1
    asked: list[date] = field(default_factory=list)

    def snapshot(self, bucket: int, as_of: date, *, since: date) -> Snapshot:
        self.asked.append(since)
        alive = [subject not in self.dead for subject in self.subjects]
        rows = pa.table({"subject_id": list(self.subjects), "alive": alive})
        names = ("subject_id", "relation", "related_id")
        ties = [dict(zip(names, tie, strict=True)) | {"since": date(2020, 1, 1)} for tie in self.ties]
        schema = pa.schema([*((name, pa.string()) for name in names), ("since", pa.date32())])
        return Snapshot(as_of, rows, pa.table({}), self.withdrawn, pa.Table.from_pylist(ties, schema))


def birth(anchor: str, child: str, on: date = date(2026, 10, 20), **changes: object) -> Detection:
    values = {
        "subject_id": "mother",
        "milestone": "child_born",
        "kind": "registered",
        "anchor": anchor,
        "as_of": DAY,
        "detector": "rule",
        "sensitivity": "sensitive",
        "event": {"occurred_on": on, "recorded_on": date(2026, 11, 2), "kin": child},
        "facts": {"sex": "F", "province": "01", "age_years": 30, "shoe_size": 38},
    }
    return Detection.model_validate({**values, **changes})


def run(pack: Pack, ledger: InMemoryLedger, *found: Detection, bucket: Bucket | None = None) -> SweepReport:
    rules = rules_of(pack, known_features(pack.vocabulary))
    detectors = [FakeDetector("child_born", found)]
    return sweep(bucket or Bucket(), detectors, ledger, pack, rules, as_of=DAY, now=NOW)


def delivered(pack: Pack, ledger: InMemoryLedger, at: datetime = NOW) -> int:
    return deliver(ledger, discover(), pack.calendar, pack.tz, pack.budget_per_week, now=at).delivered


def test_running_the_sweep_twice_tells_nobody_twice(pack: Pack) -> None:
    ledger = InMemoryLedger()
    first, second = run(pack, ledger, birth("e1", "c1")), run(pack, ledger, birth("e1", "c1"))
    assert (first.notifications, second.notifications) == (1, 0)
    assert delivered(pack, ledger) == 1
    assert run(pack, ledger, birth("e1", "c1")).notifications == 0
    assert delivered(pack, ledger) == 0


class Muted(FakeDetector):
    """One that cannot know of two people in each snapshot."""

    def abstains(self, snapshot: Snapshot) -> dict[str, int]:
        return {"not known now": 2}


def test_the_report_counts_those_of_whom_a_detector_cannot_know(pack: Pack) -> None:
    rules = rules_of(pack, known_features(pack.vocabulary))
    detectors = [FakeDetector("child_born"), Muted("marriage_expected")]
    report = sweep(Bucket(buckets=3), detectors, InMemoryLedger(), pack, rules, as_of=DAY, now=NOW)
    assert report.abstained == {("marriage_expected", "not known now"): 6}


def test_a_second_child_is_told(pack: Pack) -> None:
    ledger = InMemoryLedger()
    run(pack, ledger, birth("e1", "c1", on=date(2025, 9, 1)))
    assert run(pack, ledger, birth("e1", "c1"), birth("e2", "c2")).notifications == 1
    assert delivered(pack, ledger) == 2


def test_twins_are_two_occasions_and_one_message_about_both(pack: Pack) -> None:
    ledger = InMemoryLedger()
    report = run(pack, ledger, birth("e1", "c1"), birth("e2", "c2"))
    assert report.occasions["child_born"] == 2
    assert report.notifications == 1
    (message,) = ledger.state.messages.values()
    assert set(message.notification.about) == {"c1", "c2"}


def test_nobody_is_told_of_a_child_that_has_died_since(pack: Pack) -> None:
    ledger = InMemoryLedger()
    run(pack, ledger, birth("e1", "c1"))
    run(pack, ledger, bucket=Bucket(subjects=("c1",), dead=frozenset({"c1"})))
    assert delivered(pack, ledger) == 0
    (message,) = ledger.state.messages.values()
    assert message.state is NotificationState.CANCELLED


def test_a_withdrawn_event_cancels_the_unsent_message(pack: Pack) -> None:
    ledger = InMemoryLedger()
    run(pack, ledger, birth("e1", "c1"))
    report = run(pack, ledger, bucket=Bucket(withdrawn=frozenset({"e1"})))
    assert report.cancelled == 1
    assert delivered(pack, ledger) == 0


def test_a_withdrawn_event_that_was_told_is_corrected_honestly(pack: Pack) -> None:
    ledger = InMemoryLedger()
    run(pack, ledger, birth("e1", "c1"))
    delivered(pack, ledger)
    run(pack, ledger, bucket=Bucket(withdrawn=frozenset({"e1"})))
    assert delivered(pack, ledger) == 1
    with ledger.begin() as unit:
        assert len(unit.inbox("mother")) == 2
        assert [case.kind for case in unit.cases()] == ["correction"]


def test_an_event_that_is_settling_waits_and_is_told_then(pack: Pack) -> None:
    ledger = InMemoryLedger()
    run(pack, ledger, birth("e1", "c1", not_before=NOW + timedelta(hours=20)))
    assert delivered(pack, ledger) == 0
    assert delivered(pack, ledger, at=NOW + timedelta(hours=24)) == 1


def test_an_occasion_keeps_only_the_facts_that_its_rules_and_texts_read(pack: Pack) -> None:
    ledger = InMemoryLedger()
    run(pack, ledger, birth("e1", "c1"))
    (occasion,) = ledger.state.occasions.values()
    assert "province" in occasion.detection.facts
    assert "shoe_size" not in occasion.detection.facts


def test_events_are_asked_for_as_far_back_as_a_milestone_may_still_be_active(pack: Pack) -> None:
    bucket = Bucket()
    run(pack, InMemoryLedger(), bucket=bucket)
    assert bucket.asked == [date(2025, 11, 4) - timedelta(days=1)]  # a year of declared revenue, and a day of slack


def card(child: str) -> Detection:
    """A child's health-insurance card ends."""
    return Detection(
        subject_id=child,
        milestone="health_insurance_card_expiry",
        kind="due",
        anchor="2026-11-20",
        as_of=DAY,
        due_on=date(2026, 11, 20),
        detector="rule",
        facts={"kind": "person", "age_years": 5, "born_on": date(2020, 11, 20), "health_card_valid_to": DAY},
    )


def test_what_concerns_a_child_is_told_to_its_mother_who_may_answer_for_it(pack: Pack) -> None:
    ledger = InMemoryLedger()
    bucket = Bucket(("kid",), ties=(("kid", "father", "nam"), ("kid", "mother", "lan")))
    run(pack, ledger, card("kid"), bucket=bucket)
    assert delivered(pack, ledger) == 1
    with ledger.begin() as unit:
        (item,) = unit.inbox("lan")
        assert not unit.inbox("nam")
        assert unit.represented_by("nam", on=DAY) == ["kid"]
    assert item.subject_id == "kid"
    assert item.body["en"].startswith("This is about your child, born on 20 November 2020.")


def test_twins_are_told_in_one_message(pack: Pack) -> None:
    ledger = InMemoryLedger()
    bucket = Bucket(("a", "b"), ties=(("a", "mother", "lan"), ("b", "mother", "lan")))
    assert run(pack, ledger, card("a"), card("b"), bucket=bucket).notifications == 1
    (message,) = ledger.state.messages.values()
    assert set(message.notification.about) == {"a", "b"}


def test_a_child_without_living_parents_is_handed_to_a_person(pack: Pack) -> None:
    ledger = InMemoryLedger()
    report = run(pack, ledger, card("kid"), bucket=Bucket(("kid",)))
    assert (report.unaddressed, report.notifications) == (1, 0)
    with ledger.begin() as unit:
        assert [case.kind for case in unit.cases()] == ["referred"]


def test_what_waits_to_be_told_and_holds_no_longer_is_not_told(pack: Pack) -> None:
    ledger = InMemoryLedger()
    run(pack, ledger, birth("e1", "c1", not_before=NOW + timedelta(hours=20)))
    assert run(pack, ledger).dropped == 1
    assert delivered(pack, ledger, at=NOW + timedelta(hours=24)) == 0
    (message,) = ledger.state.messages.values()
    assert message.stops[-1]["rule"] == "still_true"
    with ledger.begin() as unit:
        assert not unit.cases()


def test_what_was_told_and_holds_no_longer_needs_no_correction(pack: Pack) -> None:
    ledger = InMemoryLedger()
    run(pack, ledger, birth("e1", "c1"))
    delivered(pack, ledger)
    assert run(pack, ledger).dropped == 0
    assert delivered(pack, ledger) == 0


def test_what_a_detector_that_did_not_look_might_find_waits_on(pack: Pack) -> None:
    ledger = InMemoryLedger()
    run(pack, ledger, birth("e1", "c1", not_before=NOW + timedelta(hours=20)))
    rules = rules_of(pack, known_features(pack.vocabulary))
    other = [FakeDetector("retirement", ())]
    assert sweep(Bucket(), other, ledger, pack, rules, as_of=DAY, now=NOW).dropped == 0
