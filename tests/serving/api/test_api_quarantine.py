"""The quarantine over HTTP: a row is listed, refused again, corrected and released, and every step is audited."""

from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from lifeevents.registers.desk import Desk
from lifeevents.registers.importing import import_dump
from lifeevents.registers.lake import Lake
from serving.api.app import create_app
from serving.api.service import Service
from tests.registers.dumps import event, good_dump, rows_of, write
from tests.serving.fake_ledger import FakeLedger


@pytest.fixture
def lake(tmp_path: Path, service: Service) -> Lake:
    dump = good_dump() | {"attributes": [], "relations": []}
    spell = {"event": "job_end", "register": "social_insurance"}
    dump["events"] = [event("e1", "anna", **spell), event("e2", "anna", occurred_on="2021-02-30", **spell)]
    lake = Lake(tmp_path / "lake")
    import_dump(write(tmp_path / "dump", dump), lake, service.pack.vocabulary)
    return lake


@pytest.fixture
def desk(lake: Lake, service: Service) -> TestClient:
    with_desk = replace(service, desk=Desk(lake, service.pack.vocabulary))
    return TestClient(create_app(with_desk), raise_server_exceptions=False)


def test_a_row_is_listed_refused_again_corrected_and_released(desk: TestClient, lake: Lake, ledger: FakeLedger) -> None:
    page = desk.get("/v1/quarantine", params={"register": "social_insurance"}).json()
    (row,) = page["items"]
    assert (page["total"], row["reason"], row["value"]) == (1, "impossible_date", "2021-02-30")
    path = f"/v1/quarantine/{row['id']}/release"
    again = desk.post(path, json={"corrections": {"occurred_on": "2031-01-01"}})
    assert again.status_code == 409
    assert "before it happened" in again.json()["detail"]
    done = desk.post(path, json={"corrections": {"occurred_on": "2021-02-28"}})
    assert (done.status_code, done.json()["state"]) == (200, "released")
    assert desk.post(path, json={}).json() == done.json()
    assert {row["event_id"] for row in rows_of(lake, "events")} == {"e1", "e2"}
    said = [(action, detail.get("state")) for _, action, _, detail in ledger.state.audited]
    assert said[1:5] == [
        ("quarantine.release", None),
        ("quarantine.outcome", "open"),
        ("quarantine.release", None),
        ("quarantine.outcome", "released"),
    ]


def test_nothing_is_done_that_cannot_be_audited(desk: TestClient, lake: Lake, broken_audit: None) -> None:
    before = lake.manifest.generation
    assert desk.post("/v1/quarantine/0000000000000000/release", json={}).status_code == 503
    assert lake.manifest.generation == before


def test_an_unknown_row_and_a_service_without_a_lake_are_problems(desk: TestClient, client: TestClient) -> None:
    assert desk.post("/v1/quarantine/0000000000000000/release", json={}).status_code == 404
    assert client.get("/v1/quarantine").status_code == 503
