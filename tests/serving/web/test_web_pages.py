"""What every page is: structured, labelled, self-contained, and the same without JavaScript."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from serving.web.pages import STATIC
from tests.serving.fake_ledger import FakeLedger
from tests.serving.page import Page
from tests.serving.small_country import text
from tests.serving.told import BINH, LAN, NOBODY, NOW

PATHS = [
    "/",
    "/citizen/" + LAN,
    "/citizen/" + BINH,
    "/citizen/" + NOBODY,
    "/citizen/" + LAN + "/why",
    "/citizen/" + BINH + "/why",
    "/citizen/" + LAN + "/why?procedure=ret.pension&as_of=2026-11-01",
    "/citizen/" + NOBODY + "/why",
    "/coverage",
    "/coverage?catalogue=all",
    "/quality",
    "/catalogue",
    "/catalogue?q=huu",
    "/catalogue/ret.pension",
    "/catalogue/ret.voluntary",
    "/docs",
    "/no-such-page",
    "/citizen/" + LAN + "?unknown=1",
]
LOADING = ("src", "srcset", "data", "poster", "action", "formaction")


@pytest.fixture(params=["vi", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(params=PATHS)
def page(
    request: pytest.FixtureRequest, client: TestClient, ledger: FakeLedger, coverage: dict[str, Any], lang: str
) -> Page:
    with ledger.begin() as unit:
        unit.save_report("coverage", coverage, now=NOW)
    client.post(f"/v1/subjects/{LAN}/recommendations/of-{LAN}-ret.voluntary/answers", json={"kind": "not_for_me"})
    answer = client.get(request.param, headers={"accept-language": lang})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-language"] == lang
    assert answer.headers["cache-control"] == "no-store"
    return Page(answer.text)


def test_nothing_is_loaded_from_outside_and_nothing_is_inline(page: Page) -> None:
    for element in page.elements:
        assert element.tag not in ("script", "style", "iframe", "object", "embed", "base"), element
        for name, value in element.attrs.items():
            assert not name.startswith("on"), element
            assert name != "style", element
            if name in LOADING or (name == "href" and element.tag == "link"):
                assert re.match(r"/(?!/)", value), element
            if name == "href":
                assert re.match(r"/(?!/)|#", value), element


def test_the_page_has_its_language_one_title_and_its_landmarks(page: Page, lang: str) -> None:
    assert page.all("html")[0].attrs["lang"] == lang
    assert page.text_of("title")[0].strip()
    assert [len(page.all(tag)) for tag in ("h1", "main", "footer")] == [1, 1, 1]
    assert all(nav.attrs["aria-label"] for nav in page.all("nav"))
    skip = page.all("a")[0]
    assert (skip.attrs["class"], skip.attrs["href"]) == ("skip", "#main")
    assert page.by_id("main").tag == "main"


def test_headings_go_down_one_level_at_a_time(page: Page) -> None:
    levels = [int(heading.tag[1]) for heading in page.all("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels[0] == 1
    for before, after in pairwise(levels):
        assert after <= before + 1, page.text_of("h1", "h2", "h3", "h4", "h5", "h6")
    assert all(page.text_of("h1", "h2", "h3", "h4", "h5"))


def test_every_field_has_a_label_and_every_button_and_link_a_name(page: Page) -> None:
    labelled = {label.attrs["for"] for label in page.all("label")}
    for field in page.all("input", "select", "textarea"):
        assert field.attrs.get("type") == "hidden" or field.attrs["id"] in labelled
    assert all(page.text_of("button", "a", "summary"))
    assert all("alt" in image.attrs for image in page.all("img"))


def test_ids_are_unique_and_what_points_at_one_finds_it(page: Page) -> None:
    ids = [element.attrs["id"] for element in page.elements if "id" in element.attrs]
    assert len(ids) == len(set(ids))
    for element in page.elements:
        for name in ("aria-labelledby", "aria-describedby", "for"):
            for target in element.attrs.get(name, "").split():
                assert target in ids, element
        href = element.attrs.get("href", "")
        if href.startswith("#"):
            assert href[1:] in ids, element


@pytest.mark.parametrize("path", ["/", "/static/site.css", "/static/mark.svg", "/docs", "/no-such", "/health/live"])
def test_every_response_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"].split("; ")
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "set-cookie" not in headers


def test_the_stylesheet_and_pictures_load_nothing_from_outside() -> None:
    for path in STATIC.iterdir():
        content = path.read_text(encoding="utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not re.search(r"https?:|//|@import|url\(", content), path.name


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, two: str) -> float:
    light, dark = sorted((luminance(one), luminance(two)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_colours_meet_wcag_aa(scheme: int) -> None:
    css = Path(STATIC / "site.css").read_text(encoding="utf-8")
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", css.split(":root {")[scheme + 1].split("}")[0]))
    for ground in ("ground", "sheet", "sunk"):
        for ink in ("ink", "soft", "teal"):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
        assert contrast(colours["edge"], colours[ground]) >= 3, ground
    for tone in ("teal", "amber", "rose", "leaf", "plum"):
        assert contrast(colours[tone], colours[f"{tone}-wash"]) >= 4.5, tone
        assert contrast(colours[tone], colours["sheet"]) >= 4.5, tone
    assert contrast(colours["on-teal"], colours["teal"]) >= 4.5


def test_the_start_page_links_to_example_citizens_only_when_all_are_simulated(
    client: TestClient, ledger: FakeLedger, service: Any
) -> None:
    examples = {"examples": [{"subject_id": LAN, "milestone": "retirement", "title": text("Bà Lan", "Mrs Lan")}]}
    figures = {"figures": [{"title": text("người", "people"), "value": 2000}]}
    with ledger.begin() as unit:
        unit.save_report("examples", examples, now=NOW)
        unit.save_report("figures", figures, now=NOW)
    home = Page(client.get("/").text)
    assert f"/citizen/{LAN}" in [a.attrs["href"] for a in home.all("a")]
    assert "2.000" in home.by_id("main").text
    object.__setattr__(service, "demo", False)
    assert f"/citizen/{LAN}" not in [a.attrs["href"] for a in Page(client.get("/").text).all("a")]


def test_the_coverage_page_gives_every_verdict_and_what_is_lacking(
    client: TestClient, ledger: FakeLedger, coverage: dict[str, Any]
) -> None:
    with ledger.begin() as unit:
        unit.save_report("coverage", coverage, now=NOW)
    text = " ".join(Page(client.get("/coverage?catalogue=all&lang=en").text).by_id("main").text.split())
    for said in ("33%", "1 of 3 services", "Target 50%", "1 more to meet the target", "98%", "at least 96%"):
        assert said in text
    for verdict in ("Meets it 1 service", "Falls short 1 service", "Too few to tell 1 service"):
        assert verdict in text
    assert "No milestone offers it" in text
    essential = Page(client.get("/coverage?lang=en").text).by_id("main").text
    assert "Voluntary" not in essential.split("Service by service")[1]


def test_the_road_says_what_to_do_next_for_which_service_and_how_many_people(
    client: TestClient, ledger: FakeLedger, coverage: dict[str, Any]
) -> None:
    with ledger.begin() as unit:
        unit.save_report("coverage", coverage, now=NOW)
    text = " ".join(Page(client.get("/coverage?lang=en").text).by_id("main").text.split())
    said = ["What is missing most often", "2 services", "1 of them essential", "Describe the milestone"]
    said += ["What to do next", "Card", "1,200 people would gain now", "2 steps left", "Next: Describe the milestone"]
    said += ["Then 1 more step", "Audit it", "the target is met: Essential services"]
    said += ["Voluntary", "People not counted yet", "1 step left", "people × benefit ÷ steps left"]
    places = [0]
    for one in said:
        places.append(text.index(one, places[-1]))
    assert text.count("the target is met: Essential services") == 1


def test_a_report_older_than_the_road_still_has_its_page(
    client: TestClient, ledger: FakeLedger, coverage: dict[str, Any]
) -> None:
    older = {key: value for key, value in coverage.items() if key not in ("steps", "road")}
    with ledger.begin() as unit:
        unit.save_report("coverage", older, now=NOW)
    text = Page(client.get("/coverage?lang=en").text).by_id("main").text
    assert "Service by service" in text
    assert "What to do next" not in text


def test_the_two_worlds_are_shown_with_their_ranges_and_called_simulated(
    client: TestClient, ledger: FakeLedger, coverage: dict[str, Any], lang: str
) -> None:
    real = {**coverage, "simulated": False}
    with ledger.begin() as unit:
        unit.save_report("coverage", real, now=NOW)
    assert 'id="worlds"' not in client.get(f"/coverage?lang={lang}").text
    measures = {name: {"without": 100.4, "with": 40.0, "value": 60.4, "low": 51.2, "high": 1070.0}
                for name in ("missed", "lost", "waited", "done", "asked")}  # fmt: skip
    worlds = {"simulated": True, "people": 20_000, "since": "2025-11-20", "told_to": "2026-05-20",
              "until": "2026-11-20", "in_all": {"cases": 5, "persons": 4, **measures}}  # fmt: skip
    with ledger.begin() as unit:
        unit.save_report("worlds", worlds, now=NOW)
    text = " ".join(Page(client.get(f"/coverage?lang={lang}").text).by_id("main").text.split())
    said = {"vi": ["20.000", "từ 51 đến 1.070", "dân số mô phỏng"],
            "en": ["20,000", "between 51 and 1,070", "simulated population"]}  # fmt: skip
    for one in said[lang]:
        assert one in text


def test_before_the_first_sweep_the_coverage_page_says_so(client: TestClient) -> None:
    assert "Chưa có số liệu" in client.get("/coverage").text


@pytest.mark.parametrize(
    ("q", "found"), [("huong luong", 1), ("HƯỞNG", 1), ("dong tiep", 1), ("1.014171", 1), ("zzz", 0)]
)
def test_a_procedure_is_found_with_or_without_diacritics(client: TestClient, q: str, found: int) -> None:
    page = Page(client.get("/catalogue", params={"q": q}).text)
    listed = [
        one for one in page.elements if one.tag == "li" and one.inside and one.inside.attrs.get("class") == "procedures"
    ]
    assert len(listed) == found


def test_the_catalogue_marks_what_was_not_checked_against_the_law(client: TestClient) -> None:
    assert "Đã đối chiếu với văn bản" in client.get("/catalogue/ret.pension").text
    unchecked = client.get("/catalogue/ret.voluntary").text
    assert "Chưa đối chiếu với văn bản" in unchecked
    assert "1.500.000" not in unchecked


def test_a_procedure_that_nobody_is_told_of_says_why(client: TestClient) -> None:
    page = Page(client.get("/catalogue/civil.copy?lang=en").text)
    assert "Why the state does not suggest it" in page.text_of("h3")
    assert "Offices look it up themselves." in page.text_of("p")
    assert "Why the state does not suggest it" not in client.get("/catalogue/ret.pension?lang=en").text


def test_a_procedure_says_by_when_a_file_handed_in_now_is_ready(client: TestClient) -> None:
    same_day = client.get("/catalogue/civil.copy?lang=en").text
    assert "The same working day" in same_day
    assert "handed in from 15:00 on counts from the next working day" in same_day
    assert "A complete file handed in now is ready by 25 November 2026." in same_day
    pension = client.get("/catalogue/ret.pension?lang=en").text
    assert "12 days (working days); 20 days where something has to be checked" in pension
    assert "ready by 11 December 2026." in pension
    assert "ready by" not in client.get("/catalogue/ret.voluntary?lang=en").text


def test_the_reference_shows_every_route_and_every_problem(client: TestClient) -> None:
    text = client.get("/docs").text
    for path in client.get("/openapi.json").json()["paths"]:
        assert path in text
    assert 'id="problem-conflict"' in text


def test_the_language_is_switched_by_a_link_that_keeps_the_page(client: TestClient) -> None:
    page = Page(client.get("/catalogue?q=huu").text)
    (english,) = (a for a in page.all("a") if a.attrs.get("hreflang") == "en")
    assert english.attrs["href"] == "/catalogue?q=huu&lang=en"
    assert Page(client.get(english.attrs["href"]).text).text_of("h1") == ["Catalogue"]
