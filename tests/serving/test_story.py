"""The live story on real parts but for the ledger: the same reaction, worker and stop rules as in service."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis
from fastapi.testclient import TestClient

from features.catalogue import known_features
from features.lake import LakeFeatures
from features.live import LiveFeatures
from features.packed import OnlineRows
from lifeevents.delivery.channels import discover
from lifeevents.delivery.judging import DeliveryReport
from lifeevents.delivery.outbox import deliver
from lifeevents.domain.errors import Conflict, NotFound, Refused
from lifeevents.domain.occasion import NotificationState
from lifeevents.domain.pack import Pack
from lifeevents.engine.eligibility import rules_of
from lifeevents.packs import load
from lifeevents.pipeline.react import Reactor
from lifeevents.ports import Explainer
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from lifeevents.testing.ledger import InMemoryLedger
from models.rules import RegisteredDetector
from serving.api.app import create_app
from serving.api.service import Service
from serving.bootstrap import correction_words
from serving.clock import MovableClock
from serving.story.casting import CAST, cast
from serving.story.scene import Scene
from serving.story.teller import Teller
from serving.worker import Worker
from tests.registers.dumps import attribute, relation, subject, write

RECORDED = {"recorded_at": "2020-02-01T03:00:00Z"}
INSURANCE = RECORDED | {"register": "social_insurance"}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load("vn", known_features)


@pytest.fixture
def lake(tmp_path: Path, pack: Pack) -> Lake:
    """Two women who could have a first child, and one who has nothing insured."""
    people = ("anna", "bea", "cam")
    old = RECORDED | {"register": "civil_status"}
    dump = {
        "subjects": [subject(one, born_on="1998-03-01") for one in people] + [subject("nam", sex="M")],
        "events": [],
        "attributes": [
            attribute(one, name=name, value=value) | INSURANCE
            for one in people[:2]
            for name, value in (("insured", "compulsory"), ("contribution_months", "40"))
        ],
        "relations": [relation(one, "nam", relation="spouse", valid_from="2019-01-01") | old for one in people],
    }
    lake = Lake(tmp_path / "lake", new_buckets=1)
    assert import_dump(write(tmp_path / "dump", dump), lake, pack.vocabulary).quarantined == 0
    return lake


@pytest.fixture
def ledger(pack: Pack) -> InMemoryLedger:
    return InMemoryLedger(words=correction_words(pack))


@pytest.fixture
def clock(tmp_path: Path, pack: Pack) -> MovableClock:
    """A Thursday at ten."""
    return MovableClock(datetime(2026, 11, 5, 10, 0, tzinfo=pack.tz), tmp_path / "clock.txt")


@pytest.fixture
def teller(lake: Lake, ledger: InMemoryLedger, clock: MovableClock, pack: Pack, valkey_url: str) -> Iterator[Teller]:
    known, as_of = known_features(pack.vocabulary), clock.now().date()
    with redis.Redis.from_url(valkey_url) as client:
        online = OnlineRows(client, pack.vocabulary)
        detectors = [RegisteredDetector(pack.milestones["child_born"], pack, known)]
        live = LiveFeatures(lake, pack.vocabulary)
        reactor = Reactor(ledger, live, detectors, pack, rules_of(pack, known), online.write)

        def send(now: datetime) -> DeliveryReport:
            return deliver(ledger, discover(), pack.calendar, pack.tz, pack.budget_per_week, now=now)

        def published(subject_id: str) -> dict[str, object]:
            row = online.read(subject_id, now=clock.now(), max_age=timedelta(days=99))
            return row.values if row else {}

        worker = Worker(reactor, send, clock, pause=0.05)
        features = LakeFeatures(lake, pack.vocabulary)
        chosen = cast(ledger, pack, features.snapshot(0, as_of, since=as_of), known)
        with ledger.begin() as unit:
            unit.save_report(CAST, chosen, now=clock.now())
        thread = threading.Thread(target=worker.run, daemon=True)
        thread.start()
        yield Teller(ledger, pack, clock, worker, lambda one: features.one(one, as_of), published)
        worker.stop()
        thread.join(10)


def scene_of(teller: Teller) -> Scene:
    scene = teller.scene()
    assert scene is not None
    return scene


def test_the_cast_are_those_for_whom_the_storys_rule_holds(teller: Teller, ledger: InMemoryLedger) -> None:
    with ledger.begin() as unit:
        chosen = unit.report(CAST) or {}
    assert chosen["birth"] == ["anna", "bea"]
    assert teller.scene() is None


def test_a_birth_is_reported_noticed_and_held_while_it_settles(teller: Teller) -> None:
    teller.begin("birth")
    scene = scene_of(teller)
    assert scene.person_id == "anna"
    assert scene.reported.state == "done"
    assert {change.name: (change.before, change.after) for change in scene.changes}["count_child_birth"] == (0, 1)
    assert not any(change.name in ("age_years", "calendar_month") for change in scene.changes)
    assert [row.detection.milestone for row in scene.occasions] == ["child_born"]
    (message,) = scene.messages
    assert message.settled_at is None
    assert [stop["rule"] for stop in message.stops if stop["result"] == "stopped"] == ["settling"]
    assert scene.inbox == ()
    assert scene.lag_ms is not None


def test_when_the_clock_is_moved_the_message_is_in_the_inbox(teller: Teller) -> None:
    teller.begin("birth")
    teller.move_clock("hour")
    assert scene_of(teller).inbox == ()
    teller.move_clock("due")
    scene = scene_of(teller)
    assert [item.milestone for item in scene.inbox] == ["child_born"]
    with pytest.raises(Conflict, match="No message is waiting"):
        teller.move_clock("due")


def test_an_event_taken_back_before_it_was_told_is_never_told(teller: Teller) -> None:
    teller.begin("birth")
    teller.annul()
    teller.move_clock("day")
    scene = scene_of(teller)
    assert scene.withdrawn is not None
    assert [row.state for row in scene.occasions] == ["cancelled"]
    assert [row.state for row in scene.messages] == [NotificationState.CANCELLED]
    assert scene.inbox == ()
    with pytest.raises(Conflict, match="taken this event back already"):
        teller.annul()


def test_an_event_taken_back_after_it_was_told_is_corrected(teller: Teller) -> None:
    teller.begin("birth")
    teller.move_clock("due")
    teller.annul()
    assert [item.title["en"] for item in scene_of(teller).inbox] == [
        "Correction of an earlier message",
        "A child is born",
    ]


def test_everybody_plays_once(teller: Teller) -> None:
    teller.begin("birth")
    teller.begin("birth")
    assert scene_of(teller).person_id == "bea"
    with pytest.raises(Conflict, match="Everybody cast"):
        teller.begin("birth")
    with pytest.raises(NotFound):
        teller.begin("wedding")


def test_the_clock_goes_forward_only_and_remembers(clock: MovableClock, tmp_path: Path) -> None:
    start = clock.now()
    clock.move_to(start + timedelta(hours=3))
    with pytest.raises(Refused, match="only moves forward"):
        clock.move_to(start)
    with pytest.raises(Refused, match="more than a year"):
        clock.move_to(start + timedelta(days=400))
    again = MovableClock(start, tmp_path / "clock.txt")
    assert again.now() == start + timedelta(hours=3)
    assert MovableClock(datetime(2027, 1, 1, tzinfo=UTC), tmp_path / "clock.txt").now().year == 2027


@pytest.fixture
def client(teller: Teller, ledger: InMemoryLedger, pack: Pack, clock: MovableClock, explainer: Explainer) -> TestClient:
    service = Service(ledger=ledger, pack=pack, clock=clock, explainer=explainer, demo=True, story=teller)
    headers = {"Origin": "http://127.0.0.1"}
    return TestClient(create_app(service), base_url="http://127.0.0.1", headers=headers)


@pytest.mark.parametrize("language", ["vi", "en", "hu"])
def test_the_page_tells_the_whole_way(client: TestClient, language: str) -> None:
    page = client.get("/story", params={"lang": language}).text
    assert page.count("/story/begin") == 3
    page = client.post("/story/begin", params={"lang": language}, data={"script": "birth"}).text
    assert {"vi": "Chờ lắng", "en": "Settling", "hu": "Véglegesedés"}[language] in page
    page = client.post("/story/clock", params={"lang": language}, data={"to": "due"}).text
    assert {"vi": "Chào đón con", "en": "A child is born", "hu": "Gyermek született"}[language] in page
    page = client.post("/story/annul", params={"lang": language}).text
    corrected = {
        "vi": "Đính chính tin đã gửi",
        "en": "Correction of an earlier message",
        "hu": "Korábbi üzenet helyesbítése",
    }
    assert corrected[language] in page


def test_forms_are_taken_from_our_own_page_only_and_refused_in_words(client: TestClient) -> None:
    assert client.post("/story/begin", data={"script": "birth"}, headers={"Origin": "http://evil"}).status_code == 403
    assert client.post("/story/begin", data={"script": "wedding"}).status_code == 404
    assert client.post("/story/annul").status_code == 409
    assert client.post("/story/clock", data={"to": "yesterday"}).status_code == 422


def test_without_a_storyteller_there_is_no_story(
    ledger: InMemoryLedger, pack: Pack, clock: MovableClock, explainer: Explainer
) -> None:
    plain = TestClient(create_app(Service(ledger=ledger, pack=pack, clock=clock, explainer=explainer)))
    assert plain.get("/story").status_code == 404
    assert "/story" not in plain.get("/").text
