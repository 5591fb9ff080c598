"""A citizen's page: why, by when, what is there, what is missing; and answering without JavaScript."""

from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from lifeevents.domain.chain import OneForAll, StepAhead
from tests.serving.fake_ledger import FakeLedger
from tests.serving.page import Form, Page
from tests.serving.small_country import text
from tests.serving.told import BINH, LAN, NOBODY, TODAY, pension, recommendation, tell

HERE = {"origin": "http://testserver", "sec-fetch-site": "same-origin"}


def read(client: TestClient, subject: str = LAN, lang: str = "vi") -> Page:
    answer = client.get(f"/citizen/{subject}", params={"lang": lang})
    assert answer.status_code == 200
    return Page(answer.text)


def form_of(page: Page, button: str, offer_id: str) -> Form:
    return next(form for form in page.forms() if button in form.buttons and offer_id in form.action)


def press(client: TestClient, page: Page, button: str, offer_id: str) -> Page:
    form = form_of(page, button, offer_id)
    answer = client.post(form.action, data=form.fields | form.buttons[button], headers=HERE)
    assert answer.status_code == 200, answer.text
    assert answer.history[0].status_code == 303
    return Page(answer.text)


def test_a_card_says_everything_a_person_needs(client: TestClient, offer_id: str) -> None:
    card = " ".join(read(client).by_id(f"offer-{offer_id}").text.split())
    for said in (
        "Hưởng lương hưu",
        "Hạn: 05/12/2026 còn 10 ngày",
        "Căn cứ: SI Law 41/2024 art 64",
        "Được hưởng từ ngày 01/06/2027",
        "Số tháng đóng bảo hiểm xã hội: 240",
        "theo Cơ sở dữ liệu quốc gia về bảo hiểm",
        "Bạn cần chuẩn bị Đơn đề nghị",
        "12 ngày làm việc",
        "Không thu phí",
        "1.014171",
        "contribution_months >= 180",
        "ngày 25/11/2026",
    ):
        assert said in card


def test_dates_are_written_as_the_language_writes_them(client: TestClient, offer_id: str) -> None:
    card = read(client, lang="en").by_id(f"offer-{offer_id}").text
    assert "By 5 December 2026" in card
    assert "10 days left" in card


def test_one_application_instead_of_many_lists_the_steps(client: TestClient, ledger: FakeLedger) -> None:
    steps = (
        StepAhead(procedure="a", title=text("Khai sinh", "Registration")),
        StepAhead(procedure="b", title=text("Thường trú", "Residence"), waits_for=("a",)),
        StepAhead(procedure="c", title=text("Căn cước", "Identity card"), optional=True),
    )
    whole = OneForAll(chain="birth", title=text("Khai sinh và thường trú", "Birth and residence"), steps=steps)
    tell(ledger, "s-x", "retirement", (pension("s-x").model_copy(update={"one_for_all": whole}),))
    card = " ".join(read(client, "s-x", "en").by_id("offer-of-s-x-ret.pension").text.split())
    assert "One application instead of up to 3 procedures" in card
    assert card.index("Registration") < card.index("Residence") < card.index("Identity card where you are entitled")
    sure = whole.model_copy(update={"steps": steps[:2]})
    tell(ledger, "s-y", "retirement", (pension("s-y").model_copy(update={"one_for_all": sure}),))
    assert "One application instead of 2 procedures" in read(client, "s-y", "en").by_id("offer-of-s-y-ret.pension").text


def test_an_offer_that_is_one_step_says_nothing_of_others(client: TestClient, offer_id: str) -> None:
    assert "instead of" not in read(client, lang="en").by_id(f"offer-{offer_id}").text


def test_without_a_deadline_no_date_is_named(client: TestClient) -> None:
    card = read(client).by_id(f"offer-of-{LAN}-ret.voluntary").text
    assert "Hạn:" not in card
    assert "chưa đưa ra ngày hạn hay số tiền" in card


def test_what_could_not_be_checked_is_said_gently(client: TestClient) -> None:
    card = " ".join(read(client, lang="en").by_id(f"offer-of-{LAN}-ret.voluntary").text.split())
    assert "What we could not check Most recent day: Work spell ends" in card
    assert "That does not mean you are not entitled." in card


@pytest.mark.parametrize(("days", "said"), [(1, "1 day left"), (0, "today"), (-1, "1 day ago"), (-3, "3 days ago")])
def test_days_left_are_said_in_words(client: TestClient, ledger: FakeLedger, days: int, said: str) -> None:
    offer = pension("s-x").model_copy(update={"deadline": TODAY + timedelta(days=days)})
    tell(ledger, "s-x", "retirement", (offer,))
    assert said in read(client, "s-x", "en").by_id("offer-of-s-x-ret.pension").text


def test_a_prediction_says_that_it_is_one_and_how_likely(client: TestClient) -> None:
    text = " ".join(read(client, BINH).by_id("main").text.split())
    assert "Đây là dự đoán, khả năng khoảng 23%" in text


def test_the_page_says_it_is_automated_from_what_and_whom_to_turn_to(client: TestClient) -> None:
    text = " ".join(read(client).by_id("main").text.split())
    assert "Các gợi ý được lập tự động" in text
    assert "Dữ liệu lấy từ Cơ sở dữ liệu quốc gia về bảo hiểm" in text
    assert "Liên hệ: Bộ phận một cửa của xã, phường nơi bạn ở." in text


def test_a_person_with_nothing_is_told_so(client: TestClient) -> None:
    assert "Hiện chưa có việc gì cần bạn quan tâm." in read(client, NOBODY).by_id("main").text


@pytest.mark.parametrize(
    ("button", "said"),
    [
        ("Đã làm xong", "Bạn đã làm xong việc này."),
        ("Tôi không cần", "Bạn cho biết mình không cần việc này."),
        ("Gửi phản ánh", "Bạn báo thông tin sai."),
        ("Đặt lời nhắc", "Bạn muốn được nhắc vào ngày 02/12/2026."),
    ],
)
def test_each_answer_is_given_by_a_form_and_confirmed(
    client: TestClient, offer_id: str, button: str, said: str
) -> None:
    after = press(client, read(client), button, offer_id)
    card = after.by_id(f"offer-{offer_id}").text
    assert said in card
    assert [element.text for element in after.elements if element.attrs.get("class") == "status"] == [
        "Đã ghi nhận. Cảm ơn bạn."
    ]


def test_a_refusal_is_taken_back(client: TestClient, offer_id: str, ledger: FakeLedger) -> None:
    refused = press(client, read(client), "Tôi không cần", offer_id)
    again = press(client, refused, "Rút lại câu trả lời", offer_id)
    assert form_of(again, "Đã làm xong", offer_id)
    assert ledger.state.offers[offer_id].state == "open"


def test_a_slip_is_corrected_by_another_answer(client: TestClient, offer_id: str, ledger: FakeLedger) -> None:
    done = press(client, read(client), "Đã làm xong", offer_id)
    press(client, done, "Đặt lời nhắc", offer_id)
    assert ledger.state.offers[offer_id].answer == "later"


def test_what_is_wrong_is_said_in_own_words(client: TestClient, offer_id: str, ledger: FakeLedger) -> None:
    form = form_of(read(client), "Gửi phản ánh", offer_id)
    client.post(form.action, data={"kind": "wrong", "note": "  Tôi đã nhận lương hưu. "}, headers=HERE)
    assert ledger.state.answers == [(offer_id, "wrong", "Tôi đã nhận lương hưu.")]


def test_the_language_chosen_survives_the_form(client: TestClient, offer_id: str) -> None:
    after = press(client, read(client, lang="en"), "I have done it", offer_id)
    assert after.all("html")[0].attrs["lang"] == "en"


def test_no_reminder_is_offered_on_or_after_the_deadline(client: TestClient, ledger: FakeLedger) -> None:
    tell(ledger, "s-x", "retirement", (pension("s-x").model_copy(update={"deadline": TODAY + timedelta(days=7)}),))
    assert "Nhắc tôi sau" not in read(client, "s-x").by_id("offer-of-s-x-ret.pension").text


def test_a_message_is_marked_as_read_by_a_form(client: TestClient, ledger: FakeLedger) -> None:
    form = next(form for form in read(client).forms() if "Đánh dấu đã đọc" in form.buttons)
    assert client.post(form.action, headers=HERE).status_code == 200
    assert "Chưa đọc" not in read(client).by_id("inbox").text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site", "origin": "http://testserver"},
        {"origin": "http://testserver.evil.example"},
    ],
)
def test_a_form_that_another_site_sends_is_refused(
    client: TestClient, ledger: FakeLedger, offer_id: str, headers: dict[str, str]
) -> None:
    action = f"/citizen/{LAN}/offers/{offer_id}/answers"
    assert client.post(action, data={"kind": "done"}, headers=headers).status_code == 403
    assert client.post(f"/citizen/{LAN}/inbox/no-{LAN}-retirement/read", headers=headers).status_code == 403
    assert ledger.state.answers == []


@pytest.mark.parametrize(
    ("subject", "data", "status"),
    [
        (LAN, {"kind": "perhaps"}, 422),
        (LAN, {"kind": "later"}, 422),
        (LAN, {"kind": "done", "more": "1"}, 422),
        (LAN, {"kind": "taken_back"}, 409),
        (BINH, {"kind": "done"}, 404),
    ],
)
def test_a_form_that_goes_wrong_ends_on_a_page_in_plain_words(
    client: TestClient, offer_id: str, subject: str, data: dict[str, str], status: int
) -> None:
    answer = client.post(f"/citizen/{subject}/offers/{offer_id}/answers", data=data, headers=HERE)
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/html")
    assert Page(answer.text).text_of("h1")[0] in {"Yêu cầu chưa hợp lệ", "Lúc này chưa làm được", "Không tìm thấy"}


def test_an_offer_whose_fact_was_corrected_apologises_and_asks_nothing(
    client: TestClient, ledger: FakeLedger, offer_id: str
) -> None:
    offer = ledger.state.offers[offer_id]
    ledger.state.offers[offer_id] = offer.model_copy(update={"state": "cancelled"})
    page = read(client)
    assert "Xin lỗi bạn vì sự nhầm lẫn" in page.by_id(f"offer-{offer_id}").text
    assert not [form for form in page.forms() if offer_id in form.action]


def test_an_offer_older_than_a_language_is_marked_with_its_own(client: TestClient, ledger: FakeLedger) -> None:
    old = {"title": {"vi": "Hưởng lương hưu"}, "why": {"vi": "Lương hưu của bạn."}}
    tell(ledger, "s-x", "retirement", (recommendation("ret.pension", "s-x", "retirement", **old),))
    offer, heading = "of-s-x-ret.pension", "offer-title-of-s-x-ret.pension"
    assert read(client, "s-x", "en").by_id(heading).attrs["lang"] == "vi"
    assert "lang" not in read(client, "s-x", "vi").by_id(heading).attrs
    answer = client.get("/v1/subjects/s-x/recommendations", params={"lang": "en"}).json()
    assert (answer["language"], [one["language"] for one in answer["items"] if one["id"] == offer]) == ("en", ["vi"])
    inbox = client.get("/v1/subjects/s-x/inbox", params={"lang": "en"}).json()
    assert [one["language"] for one in inbox["items"]] == ["en"]


def test_text_from_the_registers_is_escaped(client: TestClient, ledger: FakeLedger) -> None:
    evil = {"vi": '<script>alert(1)</script>"><img src=x>', "en": "x"}
    tell(ledger, "s-x", "retirement", (recommendation("ret.pension", "s-x", "retirement", title=evil, office=evil),))
    answer = client.get("/citizen/s-x", params={"lang": "vi"})
    assert "<script" not in answer.text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in answer.text
    assert client.get("/catalogue", params={"q": '"><script>'}).text.count("<script") == 0


def test_only_a_https_link_becomes_a_link(client: TestClient, ledger: FakeLedger) -> None:
    for link in ("javascript:alert(1)", "http://plain.example", "https://portal.example/1"):
        tell(ledger, "s-x", "retirement", (recommendation("ret.pension", "s-x", "retirement", link=link),))
        hrefs = [a.attrs["href"] for a in read(client, "s-x").all("a")]
        assert (link in hrefs) == link.startswith("https://")
