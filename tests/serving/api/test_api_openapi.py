"""The API describes itself: every route with a summary, answers, problems and examples that are true."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel

from lifeevents.registers.cloudevents import CloudEvent
from serving.api.answering import Answer
from serving.api.problem import Problem
from serving.api.routes.applications import ApplicationView, OnceOnlyList
from serving.api.routes.recommendations import Recommendations
from serving.api.shapes.catalogue import Milestones, MilestoneView, ProcedureInFull, Procedures, ProcedureView
from serving.api.shapes.coverage import Coverage
from serving.api.shapes.explanation import ExplanationView
from serving.api.shapes.message import InboxView, MessageView
from serving.api.shapes.offer import OfferView
from serving.api.shapes.verdict import Verdict, Verdicts

MODELS = [
    Answer,
    ApplicationView,
    CloudEvent,
    Coverage,
    ExplanationView,
    InboxView,
    MessageView,
    Milestones,
    MilestoneView,
    OnceOnlyList,
    OfferView,
    ProcedureInFull,
    Procedures,
    ProcedureView,
    Recommendations,
    Verdict,
    Verdicts,
]


@pytest.fixture
def document(client: TestClient) -> dict[str, Any]:
    return client.get("/openapi.json").json()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method} {path}", operation


def examples(document: dict[str, Any], content: dict[str, Any]) -> list[Any]:
    """The examples of every media type; none when one of them has none."""
    found = []
    for media in content.values():
        if "example" in media:
            found.append([media["example"]])
        else:
            schema = document["components"]["schemas"][media["schema"]["$ref"].rpartition("/")[2]]
            found.append(schema.get("examples", []))
    return [example for examples in found for example in examples] if all(found) else []


def test_the_api_has_these_routes_and_no_page(document: dict[str, Any]) -> None:
    assert sorted(name for name, _ in operations(document)) == [
        "get /health/live",
        "get /health/ready",
        "get /v1/catalogue/milestones",
        "get /v1/catalogue/procedures",
        "get /v1/catalogue/procedures/{procedure_id}",
        "get /v1/catalogue/procedures/{procedure_id}/application-schema",
        "get /v1/catalogue/unverified",
        "get /v1/coverage",
        "get /v1/forecasts",
        "get /v1/monitor",
        "get /v1/once-only",
        "get /v1/quality",
        "get /v1/quarantine",
        "get /v1/subjects/{subject_id}/explanations",
        "get /v1/subjects/{subject_id}/inbox",
        "get /v1/subjects/{subject_id}/recommendations",
        "get /v1/subjects/{subject_id}/recommendations/{offer}/application",
        "post /v1/events",
        "post /v1/quarantine/{item}/release",
        "post /v1/subjects/{subject_id}/inbox/{item}/read",
        "post /v1/subjects/{subject_id}/recommendations/{offer}/answers",
    ]


def test_every_answer_and_body_of_every_route_has_an_example(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        assert operation["summary"], name
        assert operation["description"], name
        if "requestBody" in operation:
            assert examples(document, operation["requestBody"]["content"]), name
        for status, response in operation["responses"].items():
            if status not in ("204", "304"):
                assert examples(document, response["content"]), f"{name} {status}"


def test_every_route_with_a_subject_declares_its_problems(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        if "{subject_id}" in name:
            assert {"422", "503"} <= set(operation["responses"]), name
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                (media_type,) = response["content"]
                assert media_type == "application/problem+json", name
                assert Problem.model_validate(response["content"][media_type]["example"]).status == int(status)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_the_examples_are_true(model: type[BaseModel]) -> None:
    examples = model.model_config["json_schema_extra"]["examples"]
    assert examples
    for example in examples:
        model.model_validate(example)


def test_every_reference_resolves(document: dict[str, Any]) -> None:
    def references(value: Any) -> Iterator[str]:
        if isinstance(value, dict):
            if isinstance(value.get("$ref"), str):
                yield value["$ref"]
            for inner in value.values():
                yield from references(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from references(inner)

    for reference in references(document):
        assert reference.rpartition("/")[2] in document["components"]["schemas"], reference
