"""Every language that the pack names is spoken everywhere: pages, addresses, the API and its description."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from features.catalogue import known_features
from lifeevents.engine.eligibility import rules_of
from lifeevents.packs import load
from lifeevents.pipeline.explain import Explaining
from lifeevents.testing.fakes import FixedClock
from lifeevents.testing.ledger import InMemoryLedger
from serving.api.app import create_app
from serving.api.service import Service
from tests.pipeline.people import People
from tests.serving.page import Page
from tests.serving.told import NOW

PACK = load("vn", known_features)
PATHS = ["/", "/catalogue", "/catalogue/ret.pension", "/catalogue/unverified", "/catalogue/once-only", "/coverage"]
PATHS += ["/quality", "/forecasts", "/monitor", "/quarantine", "/docs"]
LANGUAGE = pytest.mark.parametrize("language", PACK.languages)


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    explainer = Explaining(PACK, rules_of(PACK, known_features(PACK.vocabulary)), People(PACK))
    service = Service(ledger=InMemoryLedger(), pack=PACK, clock=FixedClock(NOW), explainer=explainer)
    with TestClient(create_app(service)) as client:
        yield client


@LANGUAGE
@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_in_the_language_that_the_browser_asks_for(client: TestClient, path: str, language: str) -> None:
    answer = client.get(path, headers={"accept-language": f"xx, {language}-XX;q=0.9, *;q=0.1"})
    assert answer.headers["content-language"] == language
    page = Page(answer.text)
    assert page.all("html")[0].attrs["lang"] == language
    offered = [a.attrs["hreflang"] for a in page.all("a") if "hreflang" in a.attrs]
    assert offered == list(PACK.languages)


@LANGUAGE
def test_the_catalogue_of_the_api_is_in_the_language_of_the_address(client: TestClient, language: str) -> None:
    other = next(one for one in PACK.languages if one != language)
    answer = client.get("/v1/catalogue/procedures", params={"lang": language}, headers={"accept-language": other})
    assert {one["id"]: one["title"] for one in answer.json()["items"]} == {
        one.id: one.title[language] for one in PACK.procedures.values()
    }


def test_the_api_describes_the_languages_of_the_pack_and_refuses_another_by_naming_them(client: TestClient) -> None:
    routes = client.get("/openapi.json").json()["paths"]
    offered = [
        tuple(parameter["schema"]["enum"])
        for methods in routes.values()
        for operation in methods.values()
        for parameter in operation.get("parameters", ())
        if parameter["name"] == "lang"
    ]
    assert set(offered) == {PACK.languages}
    refused = client.get("/v1/catalogue/procedures", params={"lang": "xx"})
    assert refused.status_code == 422
    assert ", ".join(PACK.languages) in refused.text
