"""The catalogue in the format that a program asks for."""

import pytest
from fastapi.testclient import TestClient
from rdflib import Graph, URIRef
from rdflib.namespace import RDF

from lifeevents.catalogue.names import CPSV
from serving.api.errors import Told
from serving.api.negotiation import chosen

OFFERED = ("application/json", "text/turtle", "application/ld+json")


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, "application/json"),
        ("*/*", "application/json"),
        ("text/turtle", "text/turtle"),
        ("text/*", "text/turtle"),
        ("text/html, application/ld+json;q=0.9, */*;q=0.1", "application/ld+json"),
        ("application/json;q=0.2, text/turtle;q=0.3", "text/turtle"),
        ("*/*, application/json;q=0", "text/turtle"),
        ("TEXT/Turtle; Q=1", "text/turtle"),
    ],
)
def test_the_best_liked_format_is_chosen(accept: str | None, media: str) -> None:
    assert chosen(accept, OFFERED) == media


@pytest.mark.parametrize("accept", ["text/html", "text/turtle;q=0", "text/turtle;q=much"])
def test_what_nobody_offers_is_not_acceptable(accept: str) -> None:
    with pytest.raises(Told) as refused:
        chosen(accept, OFFERED)
    assert refused.value.status_code == 406


def test_a_service_as_turtle_has_the_address_it_was_asked_at(client: TestClient) -> None:
    path = "/v1/catalogue/procedures/ret.pension"
    answer = client.get(path, headers={"Accept": "text/turtle"})
    assert answer.headers["content-type"].startswith("text/turtle")
    graph = Graph().parse(data=answer.text, format="turtle")
    assert set(graph.subjects(RDF.type, CPSV.PublicService)) == {URIRef(f"http://testserver{path}")}


def test_an_entity_tag_saves_sending_it_again(client: TestClient) -> None:
    asked = {"Accept": "application/ld+json"}
    first = client.get("/v1/catalogue/procedures", headers=asked)
    assert len(first.json()["@graph"]) > 10
    again = client.get("/v1/catalogue/procedures", headers=asked | {"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_json_stays_what_it_was_and_html_is_refused_as_a_problem(client: TestClient) -> None:
    assert client.get("/v1/catalogue/procedures/ret.pension").json()["id"] == "ret.pension"
    refused = client.get("/v1/catalogue/procedures", headers={"Accept": "text/html"})
    assert (refused.status_code, refused.json()["type"]) == (406, "/docs#problem-not-acceptable")


def test_what_must_be_settled_is_on_a_page_and_in_the_api(client: TestClient) -> None:
    facts = client.get("/v1/catalogue/unverified").json()["items"]
    page = client.get("/catalogue/unverified", params={"lang": "en"})
    assert page.status_code == 200
    assert all(fact["file"] in page.text for fact in facts)
    assert facts


def test_the_page_of_what_is_asked_only_once_agrees_with_the_api(client: TestClient) -> None:
    body = client.get("/v1/once-only").json()
    page = client.get("/catalogue/once-only", params={"lang": "en"})
    assert page.status_code == 200
    assert f"{body['held']} of {body['required']} items" in page.text
    for one in body["items"]:
        assert f"/catalogue/{one['procedure']}" in page.text
