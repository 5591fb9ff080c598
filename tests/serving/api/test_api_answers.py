"""What a person says of an offer, over the API."""

import pytest
from fastapi.testclient import TestClient

from tests.serving.fake_ledger import FakeLedger
from tests.serving.told import BINH, LAN


@pytest.fixture
def path(offer_id: str) -> str:
    return f"/v1/subjects/{LAN}/recommendations/{offer_id}/answers"


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ({"kind": "done"}, "closed"),
        ({"kind": "not_for_me"}, "closed"),
        ({"kind": "wrong", "note": "Tôi đã nhận lương hưu."}, "closed"),
        ({"kind": "later", "until": "2026-12-01"}, "open"),
    ],
)
def test_an_answer_is_recorded_and_the_offer_returned(
    client: TestClient, path: str, answer: dict[str, str], state: str
) -> None:
    said = client.post(path, json=answer)
    assert said.status_code == 200
    assert (said.json()["answer"], said.json()["state"]) == (answer["kind"], state)
    assert said.json()["until"] == answer.get("until")


def test_the_same_answer_twice_is_recorded_once_with_the_same_result(
    client: TestClient, path: str, ledger: FakeLedger
) -> None:
    first, second = (client.post(path, json={"kind": "wrong", "note": "x"}).json() for _ in range(2))
    assert first == second
    assert len(ledger.state.answers) == 1


def test_not_for_me_can_be_taken_back_and_taking_back_twice_is_once(
    client: TestClient, path: str, ledger: FakeLedger
) -> None:
    refused = client.post(path, json={"kind": "not_for_me"}).json()
    assert "taken_back" in refused["may_answer"]
    assert [client.post(path, json={"kind": "taken_back"}).json()["state"] for _ in range(2)] == ["open", "open"]
    assert [kind for _, kind, _ in ledger.state.answers] == ["not_for_me", "taken_back"]


def test_taking_back_what_was_not_refused_is_a_conflict(client: TestClient, path: str) -> None:
    answer = client.post(path, json={"kind": "taken_back"})
    assert answer.status_code == 409
    assert answer.json()["type"] == "/docs#problem-conflict"


def test_an_absent_offer_and_anothers_look_the_same(client: TestClient, path: str) -> None:
    absent = client.post(f"/v1/subjects/{LAN}/recommendations/of-none/answers", json={"kind": "done"})
    anothers = client.post(path.replace(LAN, BINH, 1), json={"kind": "done"})
    assert absent.status_code == anothers.status_code == 404
    assert absent.json() == anothers.json()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"kind": "perhaps"}, "/kind"),
        ({"kind": "done", "by": "me"}, "/by"),
        ({"kind": "later"}, ""),
        ({"kind": "done", "until": "2026-12-01"}, ""),
        ({"kind": "later", "until": "2026-11-25"}, "/until"),
        ({"kind": "later", "until": "2029-01-01"}, "/until"),
        ({"kind": "wrong", "note": "x" * 1001}, "/note"),
        ({}, "/kind"),
    ],
)
def test_what_cannot_be_understood_is_refused_and_points_at_the_field(
    client: TestClient, path: str, ledger: FakeLedger, body: dict[str, str], pointer: str
) -> None:
    answer = client.post(path, json=body)
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]
    assert ledger.state.answers == []


def test_broken_json_is_refused_without_echoing_it(client: TestClient, path: str) -> None:
    answer = client.post(path, content=b'{"kind": secret', headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert "secret" not in answer.text


def test_a_form_of_another_site_cannot_speak_json(client: TestClient, path: str, ledger: FakeLedger) -> None:
    answer = client.post(path, content=b'{"kind": "done"}', headers={"content-type": "text/plain"})
    assert answer.status_code == 422
    assert ledger.state.answers == []


def test_the_answer_and_its_audit_row_commit_together(
    client: TestClient, path: str, ledger: FakeLedger, broken_audit: None
) -> None:
    assert client.post(path, json={"kind": "done"}).status_code == 503
    assert ledger.state.answers == []
