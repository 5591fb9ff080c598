"""The API and the pages on the real ledger: told, shown, answered, audited, down."""

import json
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, text

from lifeevents.domain.occasion import Detection, Notification, NotificationState
from lifeevents.domain.pack import Pack
from lifeevents.ports import Explainer
from lifeevents.store.database import connect
from lifeevents.store.ledger import PostgresLedger
from serving.api.app import create_app
from serving.api.service import Service
from tests.serving.conftest import StandingClock
from tests.serving.page import Page
from tests.serving.told import BINH, LAN, NOW, TODAY, pension, voluntary

OFFERS = f"/v1/subjects/{LAN}/recommendations"
WHY = f"/v1/subjects/{LAN}/explanations"
HERE = {"origin": "http://testserver"}


@pytest.fixture
def client(postgres_ledger: PostgresLedger, pack: Pack, explainer: Explainer) -> Iterator[TestClient]:
    """Lan was told of her pension through the outbox."""
    with postgres_ledger.begin() as unit:
        detection = Detection(
            subject_id=LAN,
            milestone="retirement",
            kind="due",
            anchor="2027-06-01",
            as_of=TODAY,
            due_on=date(2027, 6, 1),
            detector="law:1",
        )
        occasion = unit.add_occasion(detection, now=NOW)
        assert occasion is not None
        unit.add_recommendations(occasion, (pension(LAN), voluntary(LAN)))
        message = Notification(
            key="k1",
            occasion_id=occasion.id,
            milestone="retirement",
            subject_id=LAN,
            recipient_id=LAN,
            channel="portal",
            purpose="milestone",
            title={"vi": "Nghỉ hưu", "en": "Retirement"},
            body={"vi": "Hai thủ tục.", "en": "Two procedures."},
            not_before=NOW,
        )
        assert unit.enqueue(message)
    with postgres_ledger.begin() as unit:
        (claimed,) = unit.claim("portal", now=NOW, lease=timedelta(minutes=1), limit=1)
        unit.put_in_inbox(claimed.id, claimed.notification, now=NOW)
        unit.settle(claimed.id, NotificationState.DELIVERED, stops=(), now=NOW)
    service = Service(ledger=postgres_ledger, pack=pack, clock=StandingClock(), explainer=explainer, demo=True)
    with TestClient(create_app(service), raise_server_exceptions=False) as client:
        yield client


def audited(engine: Engine) -> list[tuple[str, str]]:
    with engine.connect() as con:
        rows = con.execute(text("SELECT entry, subject_id FROM audit ORDER BY seq"))
        return [(json.loads(row.entry)["action"], row.subject_id) for row in rows]


def test_a_stored_offer_comes_back_whole_and_the_read_is_in_the_audit_chain(client: TestClient, engine: Engine) -> None:
    before = len(audited(engine))
    offer = client.get(OFFERS, params={"lang": "en"}).json()["items"][0]
    assert (offer["title"], offer["deadline"], offer["days_left"]) == ("Monthly pension", "2026-12-05", 10)
    assert offer["papers"][0]["fact"]["text"] == "240"
    assert audited(engine)[before:] == [("recommendations.read", LAN)]


def test_an_explanation_tells_what_became_of_it_and_its_reading_is_in_the_audit_chain(
    client: TestClient, engine: Engine
) -> None:
    before = len(audited(engine))
    [one] = client.get(WHY, params={"procedure": "ret.pension", "lang": "en"}).json()["procedures"]
    [fate] = one["ways"][0]["fates"]
    assert (fate["detector"], fate["offered"], [m["state"] for m in fate["messages"]]) == ("law:1", True, ["delivered"])
    assert fate["says"][1].startswith("The message was put into the inbox on 25 November 2026")
    assert audited(engine)[before:] == [("explanations.read", LAN)]


def test_a_message_is_read_once_and_only_by_its_recipient(client: TestClient) -> None:
    (item,) = client.get(f"/v1/subjects/{LAN}/inbox").json()["items"]
    absent = client.post(f"/v1/subjects/{LAN}/inbox/none/read")
    anothers = client.post(f"/v1/subjects/{BINH}/inbox/{item['id']}/read")
    assert absent.status_code == anothers.status_code == 404
    assert absent.json() == anothers.json()
    assert client.post(f"/v1/subjects/{LAN}/inbox/{item['id']}/read").status_code == 204
    assert client.get(f"/v1/subjects/{LAN}/inbox").json()["unread"] == 0


def test_a_form_answers_the_stored_offer_and_taking_back_reopens_it(client: TestClient) -> None:
    for button, state in (("Tôi không cần", "closed"), ("Rút lại câu trả lời", "open")):
        page = Page(client.get(f"/citizen/{LAN}", params={"lang": "vi"}).text)
        form = next(form for form in page.forms() if button in form.buttons)
        assert client.post(form.action, data=form.fields | form.buttons[button], headers=HERE).status_code == 200
        assert client.get(OFFERS).json()["items"][0]["state"] == state


def test_the_same_answer_twice_gives_the_same_result(client: TestClient) -> None:
    id = client.get(OFFERS).json()["items"][0]["id"]
    answer = {"kind": "later", "until": "2026-12-01"}
    first, second = (client.post(f"{OFFERS}/{id}/answers", json=answer).json() for _ in range(2))
    assert first == second
    assert first["until"] == "2026-12-01"


def test_a_database_that_does_not_answer_is_503_with_retry_after(pack: Pack, explainer: Explainer) -> None:
    gone = PostgresLedger(connect("postgresql+psycopg://nobody@127.0.0.1:1/none"))
    client = TestClient(create_app(Service(ledger=gone, pack=pack, clock=StandingClock(), explainer=explainer)))
    for path in (OFFERS, WHY, f"/citizen/{LAN}", f"/citizen/{LAN}/why", "/health/ready", "/"):
        answer = client.get(path)
        assert answer.status_code == 503, path
        assert answer.headers["retry-after"] == "10"
    assert client.get("/health/live").status_code == 200
