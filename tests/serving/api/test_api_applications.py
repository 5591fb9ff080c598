"""Prefilled applications over the API."""

from fastapi.testclient import TestClient

from tests.serving.told import BINH, LAN

OFFERS = f"/v1/subjects/{LAN}/recommendations"


def test_an_offer_has_an_application_filled_in_with_what_registers_hold(client: TestClient) -> None:
    first = client.get(OFFERS).json()["items"][0]["id"]
    form = client.get(f"{OFFERS}/{first}/application").json()
    assert (form["procedure"], form["subject_id"], form["prepared_on"]) == ("ret.pension", LAN, "2026-11-25")
    assert form["items"]["record"]["value"] == 240
    assert form["items"]["record"]["register_id"] == "social_insurance"
    assert form["items"]["form"] is None
    assert form["missing"] == ["form"]


def test_another_persons_application_looks_like_one_that_is_not_there(client: TestClient) -> None:
    first = client.get(OFFERS).json()["items"][0]["id"]
    theirs = client.get(f"/v1/subjects/{BINH}/recommendations/{first}/application")
    absent = client.get(f"/v1/subjects/{BINH}/recommendations/of-none/application")
    assert theirs.status_code == absent.status_code == 404
    assert theirs.json()["title"] == absent.json()["title"]


def test_a_procedure_gives_the_schema_of_its_applications(client: TestClient) -> None:
    answer = client.get("/v1/catalogue/procedures/ret.pension/application-schema", params={"lang": "en"})
    assert answer.headers["content-type"] == "application/schema+json"
    assert answer.json()["properties"]["procedure"] == {"const": "ret.pension"}


def test_a_wrong_procedure_is_told_the_nearest_right_one(client: TestClient) -> None:
    answer = client.get("/v1/catalogue/procedures/ret.pensoin/application-schema")
    assert answer.status_code == 404
    assert "ret.pension" in answer.json()["detail"]


def test_once_only_counts_every_procedure_and_adds_them_up(client: TestClient) -> None:
    body = client.get("/v1/once-only", params={"lang": "en"}).json()
    assert body["required"] == sum(one["required"] for one in body["items"])
    assert body["held"] == sum(one["held"] for one in body["items"])
    assert any(one["share"] is not None for one in body["items"])
