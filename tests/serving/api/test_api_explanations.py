"""Why me, why not me, over the API: the deciding terms, in data and in sentences that a person can read."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from features.catalogue import known_features
from lifeevents.domain.explanation import Source
from lifeevents.engine.eligibility import rules_of
from lifeevents.pipeline.explain import Explaining
from serving.api.app import create_app
from serving.api.service import Service
from tests.pipeline.people import People
from tests.serving.fake_ledger import FakeLedger
from tests.serving.told import LAN, NOBODY

WHY = f"/v1/subjects/{LAN}/explanations"


def one(client: TestClient, procedure: str = "ret.pension", lang: str = "en", **asked: Any) -> dict[str, Any]:
    body = client.get(WHY, params={"procedure": procedure, "lang": lang, **asked}).json()
    [found] = body["procedures"]
    return found


@pytest.mark.parametrize(
    ("lang", "result", "condition"),
    [
        (
            "en",
            "Not yet",
            "Months of contributions: 168 (National insurance database, as of 30 September 2026). "
            "Needed: at least 180. 12 more.",
        ),
        (
            "vi",
            "Chưa đến lúc",
            "Số tháng đóng bảo hiểm xã hội: 168 (Cơ sở dữ liệu quốc gia về bảo hiểm, tính đến 30/09/2026). "
            "Cần: ít nhất 180. Còn thiếu 12.",
        ),
    ],
)
def test_too_few_months_read_as_how_many_more_since_when_and_by_which_register(
    client: TestClient, lang: str, result: str, condition: str
) -> None:
    found = one(client, lang=lang)
    [way] = found["ways"]
    assert (found["outlook"], found["result"]) == ("not_now", result)
    assert [said["says"] for said in way["conditions"]] == [condition]


def test_the_same_as_data_names_the_change_and_what_is_missing(client: TestClient) -> None:
    [reason] = one(client)["ways"][0]["who"]
    assert (reason["rule"], reason["answer"]) == ("contribution_months >= 180", "no")
    [change] = reason["changes"]
    assert (change["now"], change["missing"], change["from_day"]) == (168, 12, None)
    assert change["needs"] == [{"comparator": "at_least", "values": [180], "like": None}]


def test_a_date_in_law_that_nobody_has_checked_is_not_named(service: Service, people: People) -> None:
    assert one(TestClient(create_app(service)))["ways"][0]["trigger"]["due_on"] == "2027-01-24"
    law = {name: rule.model_copy(update={"verified": False}) for name, rule in service.pack.law.items()}
    unchecked = replace(service, pack=service.pack.model_copy(update={"law": law}))
    found = one(TestClient(create_app(unchecked)))
    trigger = found["ways"][0]["trigger"]
    assert found["ways"][0]["opens_on"] is None
    assert trigger["says"] == [
        "Day the pension can start: this day is still to be checked against the law, so we do not name it."
    ]
    assert (trigger["due_on"], trigger["from_day"], trigger["until_day"]) == (None, None, None)


def test_what_could_not_be_checked_names_the_register_that_would_know(client: TestClient, people: People) -> None:
    people.facts[LAN]["contribution_months"] = None
    people.since["contribution_months"] = Source(register_id="social_insurance")
    found = one(client)
    assert (found["outlook"], found["result"]) == ("ask", "Perhaps")
    assert found["ways"][0]["conditions"][0]["says"] == (
        "We could not check this: Months of contributions. Where it would come from: "
        "National insurance database. Needed: at least 180."
    )


def test_one_who_is_offered_it_and_was_not_told_yet_reads_when_that_will_be(client: TestClient, people: People) -> None:
    people.facts[LAN]["contribution_months"] = 240
    found = one(client)
    assert (found["outlook"], found["result"]) == ("offered", "Yes, this is suggested")
    assert found["says"][:2] == [
        "All the conditions are met.",
        "Nobody has been told yet. The next nightly look at the registers will notice it.",
    ]


def test_after_a_death_nothing_is_explained_but_that(client: TestClient, people: People) -> None:
    people.facts[LAN]["alive"] = False
    found = one(client)
    assert found["result"] == "No messages are sent"
    assert found["says"] == ["A register reports a death, so nobody is written to."]


def test_nobody_is_ever_told_that_they_are_refused(client: TestClient, people: People) -> None:
    for months in (None, 0, 168, 400):
        people.facts[LAN]["contribution_months"] = months
        for lang in ("vi", "en"):
            said = client.get(WHY, params={"lang": lang}).text.lower()
            for word in ("refused", "denied", "rejected", "not entitled to", "bị từ chối", "không đủ điều kiện"):
                assert word not in said


def test_a_sensitive_event_that_is_not_on_record_is_left_alone(service: Service, people: People) -> None:
    procedures = service.pack.procedures
    card = procedures["child.hi_card"].model_copy(update={"who": "contribution_months > 999"})
    pack = service.pack.model_copy(update={"procedures": {**procedures, "child.hi_card": card}})
    rules = rules_of(pack, known_features(pack.vocabulary))
    client = TestClient(create_app(replace(service, pack=pack, explainer=Explaining(pack, rules, people))))
    found = one(client, "child.hi_card")
    assert (found["quiet"], found["result"]) == (True, "Nothing on record")
    assert found["says"][0] == (
        "It belongs to an event that is not on record for you. We speak of such an event only once it is official."
    )
    assert "contribution_months > 999" not in str(found)
    assert "Months of contributions" not in client.get(f"/citizen/{LAN}/why?procedure=child.hi_card&lang=en").text
    people.birth(LAN, date(2026, 11, 20))
    assert one(client, "child.hi_card")["ways"][0]["who"][0]["rule"] == "contribution_months > 999"


def test_without_a_procedure_all_come_the_most_hopeful_first(client: TestClient) -> None:
    found = client.get(WHY).json()["procedures"]
    assert [(each["procedure"], each["outlook"]) for each in found] == [
        ("ret.pension", "not_now"),
        ("ret.voluntary", "no_milestone"),
        ("child.hi_card", "no_milestone"),
        ("civil.copy", "no_milestone"),
    ]


def test_what_nobody_is_told_of_says_why(client: TestClient) -> None:
    assert one(client, "civil.copy")["says"][0] == "Offices look it up themselves."


def test_an_unknown_procedure_names_the_nearest_and_an_unknown_person_looks_like_all_that_is_absent(
    client: TestClient,
) -> None:
    unknown = client.get(WHY, params={"procedure": "ret.pensoin", "lang": "en"})
    assert (unknown.status_code, unknown.json()["detail"]) == (
        404,
        'There is no procedure "ret.pensoin". Did you mean ret.pension?',
    )
    nobody = client.get(f"/v1/subjects/{NOBODY}/explanations", params={"lang": "en"})
    absent = client.post(f"/v1/subjects/{NOBODY}/inbox/none/read", params={"lang": "en"})
    assert nobody.status_code == absent.status_code == 404
    assert nobody.json() == absent.json()


@pytest.mark.parametrize("day", ["1900-01-01", "2100-01-01", "soon"])
def test_a_day_out_of_reach_is_refused_with_the_field(client: TestClient, day: str) -> None:
    answer = client.get(WHY, params={"as_of": day})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == "as_of"


def test_a_day_ahead_says_that_only_time_passes(client: TestClient) -> None:
    said = client.get(WHY, params={"as_of": "2027-03-01", "lang": "en"}).json()["says"]
    assert said == [
        "As the registers knew it on 1 March 2027.",
        "That day lies ahead. You see how it would be if nothing but time passed.",
    ]


def test_each_reading_is_audited_and_without_an_audit_there_is_no_answer(
    client: TestClient, ledger: FakeLedger, request: pytest.FixtureRequest
) -> None:
    client.get(WHY, params={"procedure": "ret.pension"})
    detail = {"procedure": "ret.pension", "as_of": "2026-11-25"}
    assert ledger.state.audited == [("portal", "explanations.read", LAN, detail)]
    request.getfixturevalue("broken_audit")
    assert client.get(WHY).status_code == 503
