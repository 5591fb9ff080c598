"""The page "why me, why not me": asked with a form, answered in words, and reached from every offer."""

from fastapi.testclient import TestClient

from tests.pipeline.people import People
from tests.serving.fake_ledger import FakeLedger
from tests.serving.page import Page
from tests.serving.small_country import text
from tests.serving.told import LAN, NOBODY, NOW

WHY = f"/citizen/{LAN}/why"


def read(client: TestClient, path: str = WHY, **asked: str) -> Page:
    answer = client.get(path, params=asked)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


def said(page: Page) -> str:
    return " ".join(page.by_id("main").text.split())


def test_the_form_asks_for_one_of_all_procedures_by_title_and_a_day(client: TestClient) -> None:
    [form] = read(client).forms("get")
    assert (form.action, form.fields["as_of"], form.fields["procedure"]) == (WHY, "2026-11-25", "")
    options = {option.text.strip(): option for option in read(client).all("option")}
    assert {"Tất cả thủ tục", "Hưởng lương hưu", "Đóng tiếp tự nguyện"} <= set(options)
    assert options["Hưởng lương hưu"].inside.attrs["label"] == "Được gợi ý tự động"
    assert options["Đóng tiếp tự nguyện"].inside.attrs["label"] == "Chưa được gợi ý tự động"


def test_the_answer_is_in_words_with_the_rule_beside_it(client: TestClient) -> None:
    page = read(client, procedure="ret.pension", as_of="2026-11-20")
    for sentence in ("Chưa đến lúc", "Cần: ít nhất 180. Còn thiếu 12.", "Theo dữ liệu đến hết ngày 20/11/2026."):
        assert sentence in said(page)
    assert "contribution_months >= 180" in page.text_of("code")[0]
    [chosen] = [option for option in page.all("option") if "selected" in option.attrs]
    assert chosen.attrs["value"] == "ret.pension"


def test_all_procedures_show_the_deciding_term_of_each_and_the_rest_by_name(client: TestClient) -> None:
    page = read(client, lang="en")
    assert "Months of contributions: 168" in said(page)
    rest = [a.attrs["href"] for a in page.all("a") if a.attrs["href"].startswith(f"{WHY}?procedure=")]
    assert rest == [f"{WHY}?procedure={one}&lang=en" for one in ("ret.voluntary", "child.hi_card", "civil.copy")]


def test_a_form_sent_with_empty_fields_asks_for_everything_today(client: TestClient) -> None:
    assert said(read(client, procedure="", as_of="")) == said(read(client))


def test_what_is_missing_is_told_apart_without_colour(client: TestClient) -> None:
    assert "còn thiếu:" in said(read(client, procedure="ret.pension"))


def test_every_offer_links_to_its_why_and_the_page_leads_back(client: TestClient) -> None:
    links = [a.attrs["href"] for a in read(client, f"/citizen/{LAN}").all("a")]
    assert f"{WHY}?procedure=ret.pension" in links
    assert WHY in links
    assert f"/citizen/{LAN}" in [a.attrs["href"] for a in read(client).all("a")]


def test_a_procedures_page_links_to_simulated_people_only_in_a_demonstration(
    client: TestClient, ledger: FakeLedger, service: object
) -> None:
    examples = {"examples": [{"subject_id": LAN, "milestone": "retirement", "title": text("Bà Lan", "Mrs Lan")}]}
    with ledger.begin() as unit:
        unit.save_report("examples", examples, now=NOW)
    link = f"{WHY}?procedure=ret.pension"
    assert link in [a.attrs["href"] for a in read(client, "/catalogue/ret.pension").all("a")]
    object.__setattr__(service, "demo", False)
    assert link not in [a.attrs["href"] for a in read(client, "/catalogue/ret.pension").all("a")]


def test_after_a_death_the_page_is_quiet(client: TestClient, people: People) -> None:
    people.facts[LAN]["alive"] = False
    page = read(client, procedure="ret.pension")
    assert "Không gửi tin" in said(page)
    assert not page.text_of("code")


def test_somebody_that_no_register_knows_is_not_found_and_reading_is_audited(
    client: TestClient, ledger: FakeLedger
) -> None:
    assert client.get(f"/citizen/{NOBODY}/why").status_code == 404
    read(client, procedure="ret.pension")
    assert [(action, subject) for _, action, subject, _ in ledger.state.audited] == [("page.why", LAN)]
