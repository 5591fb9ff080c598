"""The quarantine over HTTP: an agency's row is listed, refused again, corrected and released; every step is audited."""

from fastapi.testclient import TestClient

from lifeevents.registers.lake import Lake
from tests.registers.dumps import rows_of
from tests.serving.at_desk import MOF, VSS
from tests.serving.fake_ledger import FakeLedger


def test_a_row_is_listed_refused_again_corrected_and_released(desk: TestClient, lake: Lake, ledger: FakeLedger) -> None:
    page = desk.get("/v1/quarantine", params={"register": "social_insurance"}, headers=VSS).json()
    (row,) = page["items"]
    assert (page["total"], row["reason"], row["value"]) == (1, "impossible_date", "2021-02-30")
    path = f"/v1/quarantine/{row['id']}/release"
    again = desk.post(path, json={"corrections": {"occurred_on": "2031-01-01"}}, headers=VSS)
    assert again.status_code == 409
    assert "before it happened" in again.json()["detail"]
    done = desk.post(path, json={"corrections": {"occurred_on": "2021-02-28"}}, headers=VSS)
    assert (done.status_code, done.json()["state"]) == (200, "released")
    assert desk.post(path, json={}, headers=VSS).json() == done.json()
    assert {row["event_id"] for row in rows_of(lake, "events")} == {"e1", "e2"}
    assert {actor for actor, *_ in ledger.state.audited} == {"agency:vss"}
    said = [(action, detail.get("state")) for _, action, _, detail in ledger.state.audited]
    assert said[1:5] == [
        ("quarantine.release", None),
        ("quarantine.outcome", "open"),
        ("quarantine.release", None),
        ("quarantine.outcome", "released"),
    ]


def test_nothing_is_done_that_cannot_be_audited(desk: TestClient, lake: Lake, broken_audit: None) -> None:
    before = lake.manifest.generation
    assert desk.post("/v1/quarantine/0000000000000000/release", json={}, headers=VSS).status_code == 503
    assert lake.manifest.generation == before


def test_without_an_agencys_key_nothing_is_shown_and_nothing_done(desk: TestClient, lake: Lake) -> None:
    (row,) = desk.get("/v1/quarantine", headers=VSS).json()["items"]
    path, before = f"/v1/quarantine/{row['id']}/release", lake.manifest.generation
    assert desk.get("/v1/quarantine").status_code == 401
    assert desk.post(path, json={}).status_code == 401
    assert lake.manifest.generation == before


def test_an_agency_sees_and_releases_only_rows_of_its_own_registers(desk: TestClient, lake: Lake) -> None:
    (row,) = desk.get("/v1/quarantine", headers=VSS).json()["items"]
    path, before = f"/v1/quarantine/{row['id']}/release", lake.manifest.generation
    assert desk.get("/v1/quarantine", headers=MOF).json()["total"] == 0
    assert desk.get("/v1/quarantine", params={"register": "social_insurance"}, headers=MOF).status_code == 403
    assert desk.post(path, json={"corrections": {"occurred_on": "2021-02-28"}}, headers=MOF).status_code == 404
    into = {"corrections": {"register": "tax", "occurred_on": "2021-02-28"}}
    assert desk.post(path, json=into, headers=VSS).status_code == 403
    assert lake.manifest.generation == before


def test_an_unknown_row_and_a_service_without_a_lake_are_problems(desk: TestClient, keyed: TestClient) -> None:
    assert desk.post("/v1/quarantine/0000000000000000/release", json={}, headers=VSS).status_code == 404
    assert keyed.get("/v1/quarantine", headers=VSS).status_code == 503
