"""The live path over a lake: reacted to at once, with the features that a lake holding everything would give."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from features.catalogue import known_features
from features.lake import LakeFeatures
from features.live import LiveFeatures
from lifeevents.delivery.channels import discover
from lifeevents.delivery.outbox import deliver
from lifeevents.domain.occasion import Detection
from lifeevents.domain.pack import Pack
from lifeevents.domain.submission import Event, Relation, Subject, Submission, SubmissionState
from lifeevents.engine.eligibility import rules_of
from lifeevents.packs import load
from lifeevents.pipeline.compact import compact
from lifeevents.pipeline.react import Reactor, ReactReport
from lifeevents.ports import Detector, Snapshot
from lifeevents.registers.contract import CONTRACT
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from lifeevents.registers.live import check, rows_of
from lifeevents.registers.report import ImportReport
from lifeevents.testing.ledger import InMemoryLedger
from models.rules import RegisteredDetector
from tests.registers.dumps import attribute, event, relation, subject, write

SOURCE = "urn:civil"
BORN = date(2026, 11, 2)


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load("vn", known_features)


@dataclass
class House:
    """A lake with a family in it, a ledger, and the reaction over both."""

    pack: Pack
    lake: Lake
    ledger: InMemoryLedger = field(default_factory=InMemoryLedger)
    published: dict[str, dict[str, Any]] = field(default_factory=dict)
    detectors: Sequence[Detector] = ()

    @property
    def now(self) -> datetime:
        return datetime(2026, 11, 5, 10, 0, tzinfo=self.pack.tz)

    def submit(self, *submissions: Submission) -> None:
        for one in submissions:
            check(one, self.pack.registers)
            with self.ledger.begin() as unit:
                unit.accept(one, rows_of(one), now=self.now)

    def react(self) -> ReactReport:
        known = known_features(self.pack.vocabulary)
        detectors = self.detectors or [RegisteredDetector(self.pack.milestones["child_born"], self.pack, known)]
        reactor = Reactor(
            self.ledger,
            LiveFeatures(self.lake, self.pack.vocabulary),
            detectors,
            self.pack,
            rules_of(self.pack, known),
            self._publish,
        )
        return reactor.react(now=self.now)

    def _publish(self, rows: pa.Table, at: datetime) -> None:
        self.published |= {row["subject_id"]: row for row in rows.to_pylist()}

    def deliver(self, after: timedelta = timedelta(days=1)) -> int:
        pack = self.pack
        moment = self.now + after
        return deliver(self.ledger, discover(), pack.calendar, pack.tz, pack.budget_per_week, now=moment).delivered

    def compact(self) -> ImportReport | None:
        columns = {table.name: table.names for table in CONTRACT}
        report = compact(
            self.ledger,
            columns,
            lambda dump: import_dump(dump, self.lake, self.pack.vocabulary),
            self.lake.known,
            now=self.now,
        )
        assert report is None or report.quarantined == 0
        return report


@pytest.fixture
def house(tmp_path: Path, pack: Pack) -> House:
    """Lan, her husband, and their first child, all in the lake."""
    old = {"register": "civil_status", "recorded_at": "2020-02-01T03:00:00Z"}
    dump = {
        "subjects": [
            subject("lan"),
            subject("nam", sex="M"),
            subject("first", born_on="2020-01-20", obs_from="2020-02-01"),
        ],
        "events": [event("b1", "first", event="birth", occurred_on="2020-01-20") | old],
        "attributes": [attribute("lan") | {"register": "population"}],
        "relations": [
            relation("first", "lan", valid_from="2020-01-20") | old,
            relation("lan", "nam", relation="spouse", valid_from="2019-01-01") | old,
        ],
    }
    lake = Lake(tmp_path / "lake", new_buckets=4)
    assert import_dump(write(tmp_path / "dump", dump), lake, pack.vocabulary).quarantined == 0
    return House(pack, lake)


def submission(id: str, house: House, **rows: Any) -> Submission:
    return Submission(source=SOURCE, id=id, register_id="civil_status", recorded_at=house.now, **rows)


def birth(house: House, child: str = "second", **changes: Any) -> Submission:
    """The civil-status register submits the birth of a child of Lan's."""
    born = Event(event_id=f"b-{child}", subject_id=child, event="birth", occurred_on=BORN, payload={"order": 2})
    rows = {
        "subjects": (Subject(subject_id=child, kind="person", sex="M", born_on=BORN, obs_from=BORN),),
        "events": (born,),
        "relations": (Relation(subject_id=child, related_id="lan", relation="mother", valid_from=BORN),),
    }
    return submission(f"s-{child}", house, **{**rows, **changes})


def annulment(house: House) -> Submission:
    void = Event(event_id="void", subject_id="second", event="birth", occurred_on=BORN, annuls="b-second")
    return submission("s-void", house, events=(void,))


def test_a_birth_is_reacted_to_at_once_and_the_mother_is_told_when_it_has_settled(house: House) -> None:
    house.submit(birth(house))
    report = house.react()
    assert (report.reacted, report.occasions, report.notifications) == (1, {"child_born": 1}, 1)
    assert house.deliver(timedelta(hours=1)) == 0
    assert house.deliver() == 1
    with house.ledger.begin() as unit:
        assert unit.inbox("lan")[0].milestone == "child_born"


def test_submitting_and_reacting_again_tells_nobody_twice(house: House) -> None:
    house.submit(birth(house), birth(house))
    house.react()
    assert house.react().reacted == 0
    house.submit(birth(house))
    assert house.react().notifications == 0


def test_an_annulled_birth_that_was_not_told_is_never_told(house: House) -> None:
    house.submit(birth(house))
    house.react()
    house.submit(annulment(house))
    assert house.react().cancelled == 1
    assert house.deliver() == 0


def test_an_annulled_birth_that_was_told_is_corrected(house: House) -> None:
    house.submit(birth(house))
    house.react()
    house.deliver()
    house.submit(annulment(house))
    house.react()
    assert house.deliver(timedelta(days=1, hours=1)) == 1
    with house.ledger.begin() as unit:
        assert [case.kind for case in unit.cases()] == ["correction"]


@pytest.mark.parametrize("later", [[], ["annul"], ["death"]], ids=["a birth", "an annulled birth", "a death"])
def test_live_features_are_those_of_a_lake_that_has_everything(house: House, later: list[str]) -> None:
    house.submit(birth(house))
    house.react()
    if "annul" in later:
        house.submit(annulment(house))
    if "death" in later:
        died = Event(event_id="d-nam", subject_id="nam", event="death", occurred_on=BORN)
        married = Relation(subject_id="nam", related_id="lan", relation="spouse", valid_from=date(2019, 1, 1))
        house.submit(submission("s-death", house, events=(died,), relations=(married,)))
    house.react()
    live = house.published
    assert {"lan", "second"} <= set(live)

    house.compact()
    source = LakeFeatures(house.lake, house.pack.vocabulary)
    assert source.one("lan", house.now.date())["count_child_birth"] == (1 if "annul" in later else 2)
    for person, row in live.items():
        whole = source.one(person, house.now.date())
        assert {name: value for name, value in row.items() if name != "subject_id"} == whole


def test_after_compaction_nothing_is_left_and_nothing_is_told_again(house: House) -> None:
    house.submit(birth(house))
    house.react()
    assert house.compact()
    with house.ledger.begin() as unit:
        assert not unit.all_live_rows()
    house.submit(annulment(house))
    assert house.react().cancelled == 1


def test_a_kin_event_derived_while_its_birth_was_being_compacted_is_forgotten_by_the_next_compaction(
    house: House,
) -> None:
    house.submit(birth(house))
    columns = {table.name: table.names for table in CONTRACT}

    def take_while_another_reacts(dump: Path) -> ImportReport:
        house.react()
        return import_dump(dump, house.lake, house.pack.vocabulary)

    assert compact(house.ledger, columns, take_while_another_reacts, house.lake.known, now=house.now)
    with house.ledger.begin() as unit:
        assert {row.body["event"] for row in unit.all_live_rows()} == {"child_birth"}
    assert house.compact() is None
    with house.ledger.begin() as unit:
        assert not unit.all_live_rows()
    assert LakeFeatures(house.lake, house.pack.vocabulary).one("lan", house.now.date())["count_child_birth"] == 2


def test_a_compaction_that_died_before_it_forgot_can_be_run_again(house: House) -> None:
    house.submit(birth(house))
    house.react()
    columns = {table.name: table.names for table in CONTRACT}

    def take_and_die(dump: Path) -> None:
        import_dump(dump, house.lake, house.pack.vocabulary)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compact(house.ledger, columns, take_and_die, house.lake.known, now=house.now)
    assert house.lake.manifest.generation == 2
    house.submit(birth(house, child="third"))
    house.react()
    assert house.published["lan"]["count_child_birth"] == 3
    house.compact()
    assert LakeFeatures(house.lake, house.pack.vocabulary).one("lan", house.now.date())["count_child_birth"] == 3


def test_a_row_about_somebody_unknown_is_parked_and_holds_up_nobody(house: House) -> None:
    stranger = Event(event_id="x", subject_id="stranger", event="marriage", occurred_on=BORN)
    house.submit(submission("bad", house, events=(stranger,)), birth(house))
    report = house.react()
    assert (report.reacted, report.parked, report.notifications) == (1, 1, 1)
    with house.ledger.begin() as unit:
        parked = unit.received(SOURCE, "bad")
    assert parked.state is SubmissionState.PARKED
    assert "No register has made stranger known" in (parked.reason or "")


@dataclass(frozen=True)
class Broken:
    """A detector that fails, with a text that nobody should read."""

    milestone: str = "child_born"
    version: str = "broken"

    def detect(self, snapshot: Snapshot) -> Sequence[Detection]:
        raise ValueError("Nguyen Thi Lan, 079190012345")


def test_anothers_error_is_kept_without_its_words(house: House) -> None:
    house.detectors = [Broken()]
    house.submit(birth(house))
    assert house.react().parked == 1
    with house.ledger.begin() as unit:
        assert unit.received(SOURCE, "s-second").reason == "ValueError while reacting."


@dataclass(frozen=True)
class Poisoned:
    """A detector that fails whenever one person is looked at."""

    person: str
    milestone: str = "child_born"
    version: str = "poisoned"

    def detect(self, snapshot: Snapshot) -> Sequence[Detection]:
        if self.person in snapshot.rows.column("subject_id").to_pylist():
            raise ValueError(self.person)
        return ()


def test_one_that_breaks_its_batch_is_found_by_halving_it_and_the_others_go_on(house: House) -> None:
    house.submit(*(birth(house, child, relations=()) for child in ("a", "b", "poison", "c", "d")))
    house.detectors = [Poisoned("poison")]
    report = house.react()
    assert (report.reacted, report.parked) == (4, 1)
    with house.ledger.begin() as unit:
        assert unit.received(SOURCE, "s-poison").state is SubmissionState.PARKED
        assert not unit.take_submissions(1)


def test_a_birth_that_comes_before_its_child_waits_and_is_reacted_to_when_the_child_is_known(house: House) -> None:
    whole = birth(house)
    house.submit(whole.model_copy(update={"id": "early", "subjects": ()}))
    assert house.react().parked == 1
    house.submit(submission("late", house, subjects=whole.subjects))
    house.react()
    assert house.react().reacted == 1
    assert house.published["lan"]["count_child_birth"] == 2
    assert house.deliver() == 1
