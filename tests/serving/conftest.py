"""The application around a small country, two people and a ledger."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from features.catalogue import known_features
from lifeevents.domain.errors import Unavailable
from lifeevents.domain.explanation import Source
from lifeevents.domain.pack import Pack
from lifeevents.engine.eligibility import rules_of
from lifeevents.pipeline.explain import Explaining
from lifeevents.ports import Explainer
from lifeevents.registers.desk import Desk
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from serving.api.app import create_app
from serving.api.service import Service
from tests.pipeline.people import People
from tests.registers.dumps import event, good_dump, write
from tests.serving.at_desk import agencies
from tests.serving.fake_ledger import FakeLedger, FakeUnit
from tests.serving.small_country import TODAY, small_pack, text
from tests.serving.told import BINH, LAN, NOW, pension, recommendation, tell, voluntary


@pytest.fixture(scope="session")
def pack() -> Pack:
    return small_pack()


class StandingClock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def ledger() -> FakeLedger:
    """Lan is about to retire; Binh may open a shop."""
    ledger = FakeLedger()
    tell(ledger, LAN, "retirement", (pension(LAN), voluntary(LAN)))
    shop = recommendation("child.hi_card", BINH, "shop", title=text("Mở cửa hàng", "Open a shop"))
    tell(ledger, BINH, "shop", (shop,), kind="predicted", due_on=None, probability=0.23)
    return ledger


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def people(pack: Pack) -> People:
    """Lan has too few months of contributions; Binh is too young for a shop, and a child of hers."""
    people = People(pack)
    people.facts[LAN] = {
        "contribution_months": 168,
        "pension_entitlement_from": TODAY + timedelta(days=60),
        "age_years": 61,
        "born_on": date(1965, 1, 24),
    }
    people.facts[BINH] = {"age_years": 17, "born_on": date(2009, 2, 28), "contribution_months": None}
    since = date(2026, 9, 30)
    people.since["contribution_months"] = Source(register_id="social_insurance", since=since)
    return people


@pytest.fixture
def explainer(pack: Pack, people: People) -> Explainer:
    return Explaining(pack, rules_of(pack, known_features(pack.vocabulary)), people)


@pytest.fixture
def service(ledger: FakeLedger, pack: Pack, clock: StandingClock, explainer: Explainer) -> Service:
    types = known_features(pack.vocabulary)
    return Service(ledger=ledger, pack=pack, clock=clock, explainer=explainer, demo=True, types=types)


@pytest.fixture
def client(service: Service) -> TestClient:
    return TestClient(create_app(service), raise_server_exceptions=False)


@pytest.fixture
def keyed(service: Service) -> TestClient:
    """The application with two agencies that may submit."""
    return TestClient(create_app(replace(service, agencies=agencies())), raise_server_exceptions=False)


@pytest.fixture
def lake(tmp_path: Path, service: Service) -> Lake:
    """Anna's two spells of work; the second ended on no day of the calendar and waits in quarantine."""
    dump = good_dump() | {"attributes": [], "relations": []}
    spell = {"event": "job_end", "register": "social_insurance"}
    dump["events"] = [event("e1", "anna", **spell), event("e2", "anna", occurred_on="2021-02-30", **spell)]
    lake = Lake(tmp_path / "lake")
    import_dump(write(tmp_path / "dump", dump), lake, service.pack.vocabulary)
    return lake


@pytest.fixture
def desk(lake: Lake, service: Service) -> TestClient:
    """The application with that lake's desk and two agencies."""
    at_desk = replace(service, desk=Desk(lake, service.pack.vocabulary), agencies=agencies())
    return TestClient(create_app(at_desk), raise_server_exceptions=False)


@pytest.fixture
def offer_id() -> str:
    """Lan's pension."""
    return f"of-{LAN}-ret.pension"


@pytest.fixture
def broken_audit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The audit log cannot be written."""

    def refuse(*_: object, **__: object) -> None:
        raise Unavailable("the audit log is down")

    monkeypatch.setattr(FakeUnit, "audit", refuse)


@pytest.fixture
def coverage() -> dict[str, Any]:
    """A report with one service of each verdict."""
    service: dict[str, Any] = {"code": None, "essential": True, "level": "L2", "eligible": 240, "reached": 236}
    measured = {"reach": 0.983, "reach_low": 0.958, "precision": 0.996, "precision_low": 0.977}
    unmeasured = dict.fromkeys(measured)
    lacks = [text("Chưa có sự kiện nào gợi ý", "No milestone offers it")]
    step = {"step": "milestone", "lacks": lacks[0], "todo": text("Mô tả mốc", "Describe the milestone")}
    audit = {"step": "audit", "lacks": text("Chưa kiểm tra", "Not audited"), "todo": text("Kiểm tra", "Audit it")}
    road: dict[str, Any] = {"essential": True, "people": 1200, "benefit": 4, "value": 2400.0, "steps_left": 2}
    return {
        "as_of": "2026-11-25",
        "simulated": True,
        "catalogues": [
            {
                "id": "essential",
                "title": text("Dịch vụ thiết yếu", "Essential services"),
                "services": 3,
                "proactive": 1,
                "share": 1 / 3,
                "target": 0.5,
            }
        ],
        "steps": [
            {"step": "milestone", "todo": text("Mô tả mốc", "Describe the milestone"), "services": 2, "essential": 1}
        ],
        "road": [
            road | {"id": "child.hi_card", "title": text("Cấp thẻ bảo hiểm y tế", "Card"), "steps": [step, audit]},
            road
            | {"id": "ret.voluntary", "title": text("Đóng tiếp tự nguyện", "Voluntary"), "steps": [step]}
            | {"essential": False, "people": None, "value": None, "steps_left": 1},
        ],
        "services": [
            service
            | measured
            | {"id": "ret.pension", "title": text("Hưởng lương hưu", "Pension"), "verdict": "meets", "lacks": []},
            service
            | unmeasured
            | {
                "id": "child.hi_card",
                "title": text("Cấp thẻ bảo hiểm y tế", "Card"),
                "verdict": "falls_short",
                "lacks": lacks,
                "level": "L0",
                "eligible": 0,
                "reached": 0,
            },
            service
            | unmeasured
            | {
                "id": "ret.voluntary",
                "title": text("Đóng tiếp tự nguyện", "Voluntary"),
                "verdict": "too_few",
                "lacks": lacks,
                "essential": False,
                "eligible": 4,
                "reached": 4,
            },
        ],
    }
