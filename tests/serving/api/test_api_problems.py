"""Every error is a problem (RFC 9457), in the language asked for, under the same headers."""

import pytest
from fastapi.testclient import TestClient

from lifeevents.domain.errors import LawError, LifeEventsError, NotFound, Refused, Unavailable
from serving.api.errors import STATUS
from serving.api.problem import SLUGS
from tests.serving.fake_ledger import FakeLedger
from tests.serving.told import LAN

INBOX = f"/v1/subjects/{LAN}/inbox"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/catalogue/procedures/none", 404),
        ("/v1/nothing", 404),
        (f"{INBOX}?unknown=1", 422),
        (f"{INBOX}?lang=xx", 422),
        ("/v1/subjects/%20/inbox", 422),
        ("/v1/coverage", 404),
    ],
)
def test_an_error_has_the_shape_of_a_problem(client: TestClient, path: str, status: int) -> None:
    answer = client.get(path)
    problem = answer.json()
    assert answer.status_code == problem["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"/docs#problem-{SLUGS[status]}"
    assert problem["title"]
    assert problem["detail"]


def test_a_wrong_method_says_which_are_allowed(client: TestClient) -> None:
    answer = client.delete(INBOX)
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
    assert answer.json()["type"] == "/docs#problem-method-not-allowed"


@pytest.mark.parametrize(
    ("error", "status"),
    [(NotFound("x"), 404), (Refused("x"), 403), (Unavailable("at 10.0.0.1"), 503), (LawError("x"), 500)],
)
def test_each_error_of_the_domain_has_its_status(
    client: TestClient, ledger: FakeLedger, error: LifeEventsError, status: int
) -> None:
    ledger.down = error
    answer = client.get(INBOX)
    assert answer.status_code == status
    assert "10.0.0.1" not in answer.text


def test_every_mapped_status_has_a_name_and_words(client: TestClient) -> None:
    for status in STATUS.values():
        assert status in SLUGS


def test_an_unavailable_ledger_says_when_to_come_back(client: TestClient, ledger: FakeLedger) -> None:
    ledger.down = Unavailable("no")
    for path in (INBOX, f"/citizen/{LAN}", "/health/ready"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) > 0


def test_ready_is_no_whatever_the_ledger_raises_and_live_is_still_yes(client: TestClient, ledger: FakeLedger) -> None:
    assert client.get("/health/ready").json() == {"status": "ok"}
    ledger.down = OSError("connection refused at secret-host")
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert "secret-host" not in answer.text
    assert client.get("/health/live").json() == {"status": "ok"}


def test_a_crash_is_a_problem_without_details_and_with_the_security_headers(
    client: TestClient, ledger: FakeLedger
) -> None:
    ledger.down = RuntimeError("password=hunter2")
    answer = client.get(INBOX)
    assert answer.status_code == 500
    assert answer.json()["type"] == "/docs#problem-internal"
    assert "hunter2" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")


@pytest.mark.parametrize(
    ("query", "header", "title"),
    [
        ("", None, "Không tìm thấy"),
        ("", "en-GB,en;q=0.9", "Not found"),
        ("", "vi;q=0.3, en;q=0.8", "Not found"),
        ("", "fr, de", "Không tìm thấy"),
        ("", "en;q=0", "Không tìm thấy"),
        ("", "en;q=much", "Không tìm thấy"),
        ("?lang=vi", "en", "Không tìm thấy"),
        ("?lang=en", "vi", "Not found"),
    ],
)
def test_the_language_is_the_one_asked_for(client: TestClient, query: str, header: str | None, title: str) -> None:
    headers = {"accept-language": header} if header else {}
    assert client.get(f"/v1/catalogue/procedures/none{query}", headers=headers).json()["title"] == title
