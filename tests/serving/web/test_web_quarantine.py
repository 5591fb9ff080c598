"""The quarantine's page: an agency signs in, reads what is wrong, corrects it, and sees what came of it."""

import pytest
from fastapi.testclient import TestClient

from lifeevents.registers.lake import Lake
from tests.registers.dumps import rows_of
from tests.serving.at_desk import KEYS
from tests.serving.page import Page
from tests.serving.web.test_web_citizen import HERE


@pytest.fixture
def signed_in(desk: TestClient) -> TestClient:
    answer = desk.post("/quarantine/sign-in", data={"key": KEYS["vss"]}, headers=HERE, follow_redirects=False)
    assert answer.status_code == 303
    kept = answer.headers["set-cookie"]
    assert all(word in kept for word in ("HttpOnly", "SameSite=strict", "Path=/quarantine"))
    return desk


def only_row(client: TestClient) -> str:
    page = Page(client.get("/quarantine", params={"lang": "en"}).text)
    (link,) = {e.attrs["href"] for e in page.all("a") if e.attrs.get("href", "").startswith("/quarantine/")}
    return link.split("?")[0]


def test_without_signing_in_no_row_is_shown(desk: TestClient) -> None:
    page = Page(desk.get("/quarantine", params={"lang": "en"}).text)
    assert [form.action for form in page.forms()] == ["/quarantine/sign-in?lang=en"]
    assert "2021-02-30" not in page.by_id("main").text


def test_a_wrong_key_is_told_and_not_kept(desk: TestClient) -> None:
    answer = desk.post("/quarantine/sign-in", params={"lang": "en"}, data={"key": "le_other"}, headers=HERE)
    assert (answer.status_code, "set-cookie" in answer.headers) == (401, False)
    assert "No agency has this key." in answer.text


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_row_says_what_is_wrong_is_corrected_and_taken(signed_in: TestClient, lake: Lake, lang: str) -> None:
    path = only_row(signed_in)
    page = Page(signed_in.get(path, params={"lang": lang}).text)
    assert "2021-02-30" in page.by_id("fault").text
    assert page.by_id("field-occurred_on").attrs["aria-invalid"] == "true"
    (form,) = page.forms()
    after = Page(signed_in.post(form.action, data=form.fields | {"occurred_on": "2021-02-28"}, headers=HERE).text)
    assert {"vi": "Bản ghi này đã được tiếp nhận.", "en": "This row has been taken."}[lang] in after.by_id("main").text
    assert "2021-02-30 → 2021-02-28" in after.by_id("main").text
    assert {row["event_id"] for row in rows_of(lake, "events")} == {"e1", "e2"}


def test_what_the_gate_refuses_again_keeps_the_correction_and_says_why(signed_in: TestClient) -> None:
    path = only_row(signed_in)
    (form,) = Page(signed_in.get(path).text).forms()
    answer = signed_in.post(form.action, data=form.fields | {"occurred_on": "2031-01-01"}, headers=HERE)
    page = Page(answer.text)
    assert answer.status_code == 409
    assert "before it happened" in page.by_id("fault").text
    assert page.by_id("field-occurred_on").attrs["value"] == "2031-01-01"


def test_after_signing_out_the_row_is_gone_from_sight(signed_in: TestClient) -> None:
    path = only_row(signed_in)
    signed_in.post("/quarantine/sign-out", headers=HERE)
    assert signed_in.get(path).status_code == 401


def test_a_form_of_another_site_is_refused(signed_in: TestClient) -> None:
    elsewhere = {"origin": "https://elsewhere.example", "sec-fetch-site": "cross-site"}
    assert signed_in.post(f"{only_row(signed_in)}/release", data={}, headers=elsewhere).status_code == 403


def test_the_list_is_narrowed_by_its_form(signed_in: TestClient) -> None:
    shown = signed_in.get("/quarantine", params={"lang": "en", "register": "", "reason": "", "state": "released"})
    assert "There are no rows." in shown.text


def test_what_no_database_can_keep_is_refused_before_anything_is_written(signed_in: TestClient) -> None:
    path = only_row(signed_in)
    assert signed_in.post(f"{path}/release", data={"value": "a\0b"}, headers=HERE).status_code == 422
    assert signed_in.post(f"{path}/release", data={"fie\0ld": "a"}, headers=HERE).status_code == 422
    assert signed_in.get("/quarantine", params={"reason": "a\0b"}).status_code == 422
