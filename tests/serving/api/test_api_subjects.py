"""What a subject is offered and told, over the API."""

from fastapi.testclient import TestClient

from tests.serving.fake_ledger import FakeLedger
from tests.serving.small_country import text
from tests.serving.told import BINH, LAN, NOBODY, recommendation, tell

PENSION = f"/v1/subjects/{LAN}/recommendations"


def test_an_offer_says_why_by_when_and_what_is_held_or_missing(client: TestClient) -> None:
    body = client.get(PENSION, params={"lang": "en"}).json()
    offer = body["items"][0]
    assert (body["as_of"], body["language"]) == ("2026-11-25", "en")
    assert (offer["title"], offer["milestone_title"]) == ("Monthly pension", "Retirement")
    assert offer["why"] == "Your pension can start on 1 June 2027."
    assert (offer["deadline"], offer["entitlement_from"]) == ("2026-12-05", "2027-06-01")
    assert [(paper["title"], paper["held"]) for paper in offer["papers"]] == [
        ("Contribution record", True),
        ("Application form", False),
    ]
    assert offer["papers"][0]["fact"]["title"] == "Months of contributions"
    assert offer["terms"][0]["facts"][0] == {
        "name": "contribution_months",
        "title": "Months of contributions",
        "value": 240,
        "text": "240",
        "register_id": "social_insurance",
        "register_title": "National insurance database",
        "as_of": "2026-11-25",
    }
    assert offer["law"] == ["SI Law 41/2024 art 64"]
    assert offer["may_answer"] == ["done", "not_for_me", "wrong", "later"]


def test_days_left_are_counted_today_not_when_the_offer_was_made(client: TestClient) -> None:
    assert client.get(PENSION).json()["items"][0]["days_left"] == 10


def test_a_fact_built_on_an_event_is_named_after_it(client: TestClient) -> None:
    fact = client.get(PENSION, params={"lang": "en"}).json()["items"][1]["terms"][0]["facts"][0]
    assert (fact["title"], fact["text"]) == ("Most recent day: Work spell ends", "not known")
    assert fact["register_title"] == "National insurance database"


def test_offers_are_filtered_by_milestone_and_state(client: TestClient, offer_id: str) -> None:
    client.post(f"{PENSION}/{offer_id}/answers", json={"kind": "done"})
    assert [one["id"] for one in client.get(PENSION, params={"state": "closed"}).json()["items"]] == [offer_id]
    assert len(client.get(PENSION, params={"milestone": "retirement"}).json()["items"]) == 2
    assert client.get(PENSION, params={"milestone": "shop"}).json()["items"] == []


def test_an_unknown_milestone_is_refused_with_the_nearest(client: TestClient) -> None:
    answer = client.get(PENSION, params={"milestone": "retirment"})
    assert answer.status_code == 422
    assert answer.json()["errors"] == [
        {"parameter": "milestone", "detail": 'there is no milestone "retirment". Did you mean retirement?'}
    ]


def test_a_subject_without_offers_and_one_that_does_not_exist_look_the_same(client: TestClient) -> None:
    answer = client.get(f"/v1/subjects/{NOBODY}/recommendations")
    assert (answer.status_code, answer.json()["items"]) == (200, [])


def test_the_inbox_counts_what_is_unread(client: TestClient) -> None:
    inbox = client.get(f"/v1/subjects/{LAN}/inbox").json()
    assert inbox["unread"] == 1
    assert inbox["items"][0]["title"] == "Bạn sắp đến tuổi nghỉ hưu"


def test_marking_a_message_as_read_twice_changes_nothing(client: TestClient, ledger: FakeLedger) -> None:
    path = f"/v1/subjects/{LAN}/inbox/no-{LAN}-retirement/read"
    assert [client.post(path).status_code for _ in range(2)] == [204, 204]
    assert client.get(f"/v1/subjects/{LAN}/inbox").json()["unread"] == 0


def test_an_absent_message_and_anothers_look_the_same(client: TestClient) -> None:
    absent = client.post(f"/v1/subjects/{LAN}/inbox/no-such/read")
    anothers = client.post(f"/v1/subjects/{LAN}/inbox/no-{BINH}-shop/read")
    assert absent.status_code == anothers.status_code == 404
    assert absent.json() == anothers.json()


def test_every_read_of_a_subject_is_audited(client: TestClient, ledger: FakeLedger) -> None:
    client.get(PENSION)
    client.get(f"/v1/subjects/{LAN}/inbox")
    client.get(f"/citizen/{LAN}")
    assert [row[:3] for row in ledger.state.audited] == [
        ("portal", "recommendations.read", LAN),
        ("portal", "inbox.read", LAN),
        ("portal", "page.citizen", LAN),
    ]


def test_nothing_is_shown_when_the_audit_row_cannot_be_written(client: TestClient, broken_audit: None) -> None:
    answer = client.get(PENSION)
    assert answer.status_code == 503
    assert "items" not in answer.json()


def test_a_parent_sees_and_answers_what_is_for_the_child(client: TestClient, ledger: FakeLedger) -> None:
    card = recommendation("child.hi_card", "s-kid", "shop", title=text("Cấp thẻ", "Card"))
    tell(ledger, "s-kid", "shop", (card,), kind="predicted", due_on=None)
    ledger.state.guardians["s-kid"] = BINH
    items = client.get(f"/v1/subjects/{BINH}/recommendations").json()["items"]
    assert {item["subject_id"] for item in items} == {BINH, "s-kid"}
    route = f"/v1/subjects/{BINH}/recommendations/of-s-kid-child.hi_card/answers"
    assert client.post(route, json={"kind": "done"}).json()["state"] == "closed"
    stranger = client.post(route.replace(BINH, LAN), json={"kind": "done"})
    assert stranger.status_code == 404


def test_the_page_says_whom_an_offer_is_for(client: TestClient, ledger: FakeLedger) -> None:
    card = recommendation("child.hi_card", "s-kid", "shop", title=text("Cấp thẻ", "Card"))
    tell(ledger, "s-kid", "shop", (card,), kind="predicted", due_on=None)
    assert "your child" not in client.get(f"/citizen/{BINH}?lang=en").text
    ledger.state.guardians["s-kid"] = BINH
    assert "This is for your child" in client.get(f"/citizen/{BINH}?lang=en").text
