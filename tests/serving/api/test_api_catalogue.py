"""The catalogue and the coverage report, over the API."""

from typing import Any

from fastapi.testclient import TestClient

from tests.serving.fake_ledger import FakeLedger
from tests.serving.told import NOW

PROCEDURES = "/v1/catalogue/procedures"


def test_milestones_name_the_procedures_offered_on_them(client: TestClient) -> None:
    found = {one["id"]: one for one in client.get("/v1/catalogue/milestones?lang=en").json()["items"]}
    assert found["retirement"]["procedures"] == ["ret.pension", "ret.voluntary"]
    assert (found["child_born"]["sensitivity"], found["shop"]["verified"]) == ("sensitive", False)


def test_procedures_carry_the_code_in_force_today(client: TestClient) -> None:
    found = {one["id"]: one for one in client.get(PROCEDURES).json()["items"]}
    assert found["ret.pension"]["code"] == "1.014171"
    assert found["ret.pension"]["milestones"] == ["retirement"]


def test_a_procedure_in_full_shows_what_was_verified(client: TestClient) -> None:
    one = client.get(f"{PROCEDURES}/ret.pension").json()
    assert one["deadline"]["period"] == "P1M"
    assert (one["processing"], one["fee"]) == ({"days": 12, "checked": 20, "count": "working"}, {"vnd": 0})
    assert [need["register_id"] for need in one["needs"]] == ["social_insurance", None]


def test_an_unverified_deadline_or_fee_is_never_shown(client: TestClient) -> None:
    one = client.get(f"{PROCEDURES}/ret.voluntary").json()
    assert (one["deadline"], one["fee"], one["verified"]) == (None, None, False)


def test_a_procedure_that_nobody_is_told_of_says_why(client: TestClient) -> None:
    one = client.get(f"{PROCEDURES}/civil.copy?lang=en").json()
    assert (one["unprompted"], one["milestones"]) == ("Offices look it up themselves.", [])
    assert client.get(f"{PROCEDURES}/ret.pension").json()["unprompted"] is None


def test_an_unknown_procedure_names_the_nearest(client: TestClient) -> None:
    answer = client.get(f"{PROCEDURES}/ret.pensoin")
    assert answer.status_code == 404
    assert answer.json()["detail"].endswith("Did you mean ret.pension?")


def test_the_saved_coverage_report_is_given_as_it_is(
    client: TestClient, ledger: FakeLedger, coverage: dict[str, Any]
) -> None:
    with ledger.begin() as unit:
        unit.save_report("coverage", coverage, now=NOW)
    body = client.get("/v1/coverage").json()
    assert body["catalogues"][0]["share"] == coverage["catalogues"][0]["share"]
    assert body["steps"] == coverage["steps"]
    assert body["road"] == coverage["road"]
    assert {one["id"]: one["verdict"] for one in body["services"]} == {
        "ret.pension": "meets",
        "child.hi_card": "falls_short",
        "ret.voluntary": "too_few",
    }
