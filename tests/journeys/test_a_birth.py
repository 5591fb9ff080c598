"""One journey on real parts: a registered birth comes in, the mother's page shows it, her answer is recorded."""

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient

from features.catalogue import known_features
from features.lake import LakeFeatures
from features.live import LiveFeatures
from lifeevents.delivery.channels import discover
from lifeevents.delivery.outbox import deliver
from lifeevents.domain.pack import Pack
from lifeevents.engine.eligibility import rules_of
from lifeevents.packs import load
from lifeevents.pipeline.explain import Explaining
from lifeevents.pipeline.sweep import SweepReport, sweep
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from lifeevents.store.ledger import PostgresLedger
from lifeevents.testing.fakes import FixedClock
from models.rules import RegisteredDetector
from serving.api.app import create_app
from serving.api.service import Service
from tests.registers.dumps import event, relation, subject, write

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
THURSDAY = datetime(2026, 11, 5, 10, 0, tzinfo=ZONE)
BORN, REGISTERED = "2026-10-20", "2026-11-03T03:00:00Z"


@pytest.fixture(scope="module")
def pack() -> Pack:
    return load("vn", known_features)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake", new_buckets=1)


def register_birth(folder: Path, lake: Lake, pack: Pack, child: str, recorded_at: str = REGISTERED) -> None:
    """What civil status delivers for one birth."""
    born = event(f"birth-{child}", child, event="birth", occurred_on=BORN, recorded_at=recorded_at)
    mother = relation(child, "mother", valid_from=BORN, recorded_at=recorded_at)
    dump = {
        "subjects": [subject("mother"), subject(child, born_on=BORN, obs_from=recorded_at[:10])],
        "events": [born | {"register": "civil_status"}],
        "relations": [mother | {"register": "civil_status"}],
    }
    report = import_dump(write(folder / child, dump), lake, pack.vocabulary)
    assert report.quarantined == 0


def sweep_and_deliver(lake: Lake, ledger: PostgresLedger, pack: Pack, now: datetime) -> SweepReport:
    known = known_features(pack.vocabulary)
    detector = RegisteredDetector(pack.milestones["child_born"], pack, known)
    features = LakeFeatures(lake, pack.vocabulary)
    day = date.fromordinal(now.toordinal() - 1)
    report = sweep(features, [detector], ledger, pack, rules_of(pack, known), as_of=day, now=now)
    deliver(ledger, discover(), pack.calendar, pack.tz, pack.budget_per_week, now=now)
    return report


def browser(lake: Lake, ledger: PostgresLedger, pack: Pack, now: datetime) -> TestClient:
    source = LiveFeatures(lake, pack.vocabulary)
    explainer = Explaining(pack, rules_of(pack, known_features(pack.vocabulary)), source)
    service = Service(ledger=ledger, pack=pack, clock=FixedClock(now), explainer=explainer, demo=True)
    return TestClient(create_app(service), base_url="http://127.0.0.1", headers={"Origin": "http://127.0.0.1"})


def test_a_birth_is_registered_and_the_mother_reads_it_and_answers(
    tmp_path: Path, lake: Lake, postgres_ledger: PostgresLedger, pack: Pack
) -> None:
    register_birth(tmp_path, lake, pack, "child")
    report = sweep_and_deliver(lake, postgres_ledger, pack, THURSDAY)
    assert report.occasions == {"child_born": 1}

    client = browser(lake, postgres_ledger, pack, THURSDAY)
    page = client.get("/citizen/mother", params={"lang": "vi"})
    assert "Chào đón con" in page.text
    assert "03/11/2026" in page.text

    route = "/v1/subjects/mother/recommendations"
    offers = {offer["procedure"]: offer for offer in client.get(route).json()["items"]}
    residence = offers["child.residence"]
    assert residence["deadline"] == "2027-01-02"
    assert residence["days_left"] == 58

    why = "/v1/subjects/mother/explanations"
    [told] = client.get(why, params={"procedure": "child.residence", "lang": "en"}).json()["procedures"]
    assert (told["outlook"], told["ways"][0]["trigger"]["recorded_on"]) == ("offered", "2026-11-03")
    assert "The message was put into the inbox" in " ".join(told["ways"][0]["fates"][0]["says"])
    [open_] = client.get(why, params={"procedure": "birth.maternity_mother", "lang": "en"}).json()["procedures"]
    assert open_["outlook"] == "ask"
    assert "National insurance database" in " ".join(one["says"] for one in open_["ways"][0]["conditions"])
    late = client.get(why, params={"procedure": "child.residence", "as_of": "2027-02-02", "lang": "en"}).json()
    assert late["procedures"][0]["ways"][0]["trigger"]["state"] == "past"

    said = client.post(f"{route}/{residence['id']}/answers", json={"kind": "done"})
    assert (said.status_code, said.json()["answer"], said.json()["state"]) == (200, "done", "closed")
    with postgres_ledger.begin() as unit:
        assert unit.counts()["answers.done"] == 1


def test_sweeping_again_tells_nothing_twice_and_a_second_child_is_told(
    tmp_path: Path, lake: Lake, postgres_ledger: PostgresLedger, pack: Pack
) -> None:
    register_birth(tmp_path, lake, pack, "first")
    sweep_and_deliver(lake, postgres_ledger, pack, THURSDAY)
    assert sweep_and_deliver(lake, postgres_ledger, pack, THURSDAY).notifications == 0

    next_monday = datetime(2026, 11, 9, 10, 0, tzinfo=ZONE)
    register_birth(tmp_path, lake, pack, "second", recorded_at="2026-11-06T03:00:00Z")
    assert sweep_and_deliver(lake, postgres_ledger, pack, next_monday).notifications == 1
    with postgres_ledger.begin() as unit:
        assert len(unit.inbox("mother")) == 2


def test_a_birth_that_was_registered_today_is_still_settling(
    tmp_path: Path, lake: Lake, postgres_ledger: PostgresLedger, pack: Pack
) -> None:
    register_birth(tmp_path, lake, pack, "child", recorded_at="2026-11-04T09:00:00Z")
    sweep_and_deliver(lake, postgres_ledger, pack, THURSDAY)
    with postgres_ledger.begin() as unit:
        assert unit.counts()["notifications.waiting"] == 1
        assert not unit.inbox("mother")
    friday = THURSDAY.replace(day=6)
    deliver(postgres_ledger, discover(), pack.calendar, pack.tz, pack.budget_per_week, now=friday)
    with postgres_ledger.begin() as unit:
        assert len(unit.inbox("mother")) == 1
