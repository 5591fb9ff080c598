"""The live intake over HTTP: three ways to send, a verdict for each event, and only from whom may write."""

import json
from copy import deepcopy
from typing import Any

import pytest
from fastapi.testclient import TestClient
from httpx import Response

from features.catalogue import known_features
from lifeevents.domain.agency import Agency, digest_of
from lifeevents.domain.submission import SubmissionState
from lifeevents.engine.eligibility import rules_of
from lifeevents.packs import load
from lifeevents.pipeline.explain import Explaining
from lifeevents.registers.cloudevents import EXAMPLE
from lifeevents.testing.fakes import FixedClock
from lifeevents.testing.ledger import InMemoryLedger
from serving.agencies import Agencies
from serving.api import sent
from serving.api.app import create_app
from serving.api.service import Service
from tests.pipeline.people import People
from tests.serving.told import NOW

KEY = "le_test"
AGENCIES = Agencies(
    (
        Agency(id="moj", title="Justice", source="urn:vn:moj", registers=("civil_status",), key_sha256=digest_of(KEY)),
        Agency(id="vss", title="VSS", source="urn:vn:vss", registers=("social_insurance",), key_sha256=digest_of("x")),
    )
)


def a_service(ledger: InMemoryLedger, agencies: Agencies | None) -> Service:
    pack = load("vn", known_features)
    explainer = Explaining(pack, rules_of(pack, known_features(pack.vocabulary)), People(pack))
    return Service(ledger=ledger, pack=pack, clock=FixedClock(NOW), explainer=explainer, agencies=agencies)


@pytest.fixture
def ledger() -> InMemoryLedger:
    return InMemoryLedger()


@pytest.fixture
def client(ledger: InMemoryLedger) -> TestClient:
    client = TestClient(create_app(a_service(ledger, AGENCIES)), raise_server_exceptions=False)
    client.headers["Authorization"] = f"Bearer {KEY}"
    return client


def an_event(id: str = "1", **changes: Any) -> dict[str, Any]:
    return deepcopy(EXAMPLE) | {"id": id} | changes


def post(client: TestClient, event: Any, **headers: str) -> Response:
    return client.post("/v1/events", content=json.dumps(event), headers={"Content-Type": sent.STRUCTURED} | headers)


def post_batch(client: TestClient, *events: Any) -> list[dict[str, Any]]:
    answer = client.post("/v1/events", content=json.dumps(events), headers={"Content-Type": sent.BATCH})
    assert answer.status_code == 207, answer.text
    return answer.json()["verdicts"]


def kept(ledger: InMemoryLedger) -> list[str]:
    return [id for _, id in ledger.state.submissions]


def test_an_event_in_one_piece_is_accepted_kept_and_audited_as_its_agency(
    client: TestClient, ledger: InMemoryLedger
) -> None:
    answer = post(client, an_event())
    assert (answer.status_code, answer.json()["verdict"]) == (202, "accepted")
    with ledger.begin() as unit:
        received = unit.received(EXAMPLE["source"], "1")
    assert received.state is SubmissionState.WAITING
    assert received.submission.register_id == "civil_status"
    assert received.submission.concerns == {"s-91c2"}
    assert [entry["actor"] for entry in ledger.state.audit.values()] == ["agency:moj"]


def test_an_event_in_headers_is_the_same_event(client: TestClient, ledger: InMemoryLedger) -> None:
    whole = an_event(subject="s-91c2")
    headers = {f"ce-{name}": value for name, value in whole.items() if isinstance(value, str)}
    answer = client.post("/v1/events", json=whole["data"], headers=headers | {"Content-Type": sent.BINARY})
    assert answer.status_code == 202, answer.text
    assert post(client, whole).json()["verdict"] == "known"
    assert kept(ledger) == ["1"]


def test_header_values_are_percent_decoded(client: TestClient, ledger: InMemoryLedger) -> None:
    headers = {f"ce-{name}": value for name, value in an_event("Hu%E1%BA%BF").items() if isinstance(value, str)}
    answer = client.post("/v1/events", json=EXAMPLE["data"], headers=headers)
    assert (answer.status_code, kept(ledger)) == (202, ["Huế"])


def test_a_batch_has_a_verdict_for_each_event_in_order_and_one_bad_event_stops_no_other(
    client: TestClient, ledger: InMemoryLedger
) -> None:
    post(client, an_event("known"))
    misspelt = an_event("misspelt")
    misspelt["data"]["events"][0]["event"] = "brith"
    verdicts = post_batch(
        client,
        an_event("a"),
        misspelt,
        an_event("known"),
        an_event("known", time="2026-11-24T03:00:00Z"),
        an_event("tax", type="vn.gov.mof.tax.paid", data={"attributes": [_exempt()]}),
        an_event("other", source="urn:vn:vss:1"),
        "no event",
        an_event("b"),
    )
    assert [(one["id"], one["verdict"], one["status"]) for one in verdicts] == [
        ("a", "accepted", 202),
        ("misspelt", "refused", 422),
        ("known", "known", 200),
        ("known", "conflict", 409),
        ("tax", "refused", 422),
        ("other", "refused", 403),
        (None, "refused", 422),
        ("b", "accepted", 202),
    ]
    assert "Did you mean birth?" in verdicts[1]["detail"]
    assert kept(ledger) == ["known", "a", "b"]


def _exempt() -> dict[str, Any]:
    return {"subject_id": "s", "name": "no_such_name", "value": "true", "valid_from": "2026-01-01"}


def test_an_agency_writes_only_its_own_registers(client: TestClient) -> None:
    data = {"attributes": [{"subject_id": "s", "name": "insured", "value": "compulsory", "valid_from": "2026-01-01"}]}
    answer = post(client, an_event(type="vn.vss.social_insurance.joined", data=data, subject=None))
    assert answer.status_code == 403
    assert answer.json()["detail"] == "moj does not write social_insurance. It writes civil_status."


@pytest.mark.parametrize("given", [None, "", "Bearer", "Bearer le_other", f"Basic {KEY}", f"Bearer {digest_of(KEY)}"])
def test_without_its_key_nobody_is_an_agency(client: TestClient, ledger: InMemoryLedger, given: str | None) -> None:
    client.headers.pop("Authorization")
    answer = post(client, an_event(), **({"Authorization": given} if given is not None else {}))
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert answer.headers["content-type"] == "application/problem+json"
    assert not kept(ledger)


def test_where_no_file_names_an_agency_nobody_submits(ledger: InMemoryLedger) -> None:
    answer = post(TestClient(create_app(a_service(ledger, None))), an_event(), Authorization=f"Bearer {KEY}")
    assert answer.status_code == 403
    assert "LIFEEVENTS_AGENCIES" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("changes", "pointer", "said"),
    [
        ({"specversion": "0.3"}, "/specversion", "1.0"),
        ({"time": "2026-11-25T03:00:00"}, "/time", "timezone"),
        ({"time": None}, "/time", "valid datetime"),
        ({"type": "birth"}, "/type", "pattern"),
        ({"colour": "red"}, "/colour", "not permitted"),
        ({"data_base64": "e30="}, "/data_base64", "not permitted"),
        ({"datacontenttype": "text/xml"}, "/datacontenttype", "application/json"),
        ({"subject": "somebody"}, "", "none of the subjects"),
        ({"id": ""}, "/id", "at least 1"),
        ({"id": "a\x07b"}, "/id", "control characters"),
        ({"source": "two words"}, "/source", "pattern"),
        ({"data": {}}, "/data", "at least one row"),
        ({"data": {"subjects": [], "evnts": []}}, "/data/evnts", "not permitted"),
    ],
)
def test_what_is_wrong_with_an_event_is_said_with_its_place(
    client: TestClient, ledger: InMemoryLedger, changes: dict[str, Any], pointer: str, said: str
) -> None:
    answer = post(client, an_event(**changes))
    assert answer.status_code == 422
    errors = {error["pointer"]: error["detail"] for error in answer.json()["errors"]}
    assert said in errors[pointer]
    assert not kept(ledger)


def test_a_text_that_postgresql_cannot_keep_is_refused(client: TestClient) -> None:
    attribute = {"subject_id": "s", "name": "place", "value": "a\x00b", "valid_from": "2026-01-01"}
    answer = post(client, an_event(data={"attributes": [attribute]}, subject=None))
    assert answer.status_code == 422
    assert "NUL" in answer.json()["detail"]


@pytest.mark.parametrize("media", ["text/plain", "application/json", "application/cloudevents+xml", ""])
def test_another_format_is_415_and_says_which_there_are(client: TestClient, media: str) -> None:
    answer = client.post("/v1/events", content=json.dumps(an_event()), headers={"Content-Type": media})
    assert answer.status_code == 415
    assert sent.STRUCTURED in answer.json()["detail"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"a": NaN}', b'"\\ud800"'])
def test_what_is_not_json_is_422(client: TestClient, body: bytes) -> None:
    answer = client.post("/v1/events", content=body, headers={"Content-Type": sent.STRUCTURED})
    assert answer.status_code == 422


def test_limits_are_said_and_nothing_is_kept(
    client: TestClient, ledger: InMemoryLedger, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = {"Content-Type": sent.BATCH}
    monkeypatch.setattr(sent, "MOST_EVENTS", 2)
    many = client.post("/v1/events", content=json.dumps([an_event(str(i)) for i in range(3)]), headers=batch)
    assert (many.status_code, "2 events at most" in many.json()["detail"]) == (422, True)
    monkeypatch.setattr(sent, "MOST_BYTES", 100)
    assert post(client, an_event()).status_code == 413
    streamed = client.post("/v1/events", content=iter([b" " * 60] * 2), headers=batch)
    assert streamed.status_code == 413
    assert not kept(ledger)


def test_an_empty_batch_is_no_error(client: TestClient) -> None:
    assert post_batch(client) == []
