"""The API's description of itself (OpenAPI 3.1), with the one problem shape and nothing from outside."""

from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from serving.api.problem import Problem
from serving.api.routes import events

DESCRIPTION = """\
Recommendations, inbox and answers of a subject; the catalogue; the coverage report. Every error is a problem
(RFC 9457). Texts come in one language: `?lang=`, else `Accept-Language`, else the country's first language.
Every read of a subject is written to the audit log in the same transaction, before the answer."""
TAGS = [
    {"name": "recommendations", "description": "What a subject is offered, and why."},
    {"name": "explanations", "description": "Why me, why not me: what decides, and what would change it."},
    {"name": "answers", "description": "What a person says of an offer."},
    {"name": "applications", "description": "Prefilled applications, their schemas, and what is asked only once."},
    {"name": "inbox", "description": "The portal inbox: the channel that is always there."},
    {"name": "catalogue", "description": "Milestones and procedures of the country."},
    {"name": "coverage", "description": "How many services are proactive, against the target."},
    {"name": "forecasts", "description": "What to expect in each area in the year ahead, in cells of ten and more."},
    {"name": "monitor", "description": "How the models that serve are doing, and why to train again."},
    {"name": "quality", "description": "How good the registers' deliveries are, by six principles."},
    {"name": "events", "description": "Live intake: what registers submit as it happens."},
    {"name": "health", "description": "For whoever runs the service."},
]

RECOMMENDATIONS = "/v1/subjects/{subject_id}/recommendations"
INBOX = "/v1/subjects/{subject_id}/inbox"
SUBJECT, THE_OFFER, FIRST_ITEM = "$request.path.subject_id", "$response.body#/id", "$response.body#/items/0/id"


@dataclass(frozen=True)
class Link:
    """From an answer to the request that may come next. One that reads the first of no items does not apply."""

    name: str
    source: tuple[str, str, str]
    target: tuple[str, str]
    parameters: dict[str, str]
    description: str
    body: dict[str, str] | None = None


LINKS = (
    Link(
        "answer",
        ("get", RECOMMENDATIONS, "200"),
        ("post", RECOMMENDATIONS + "/{offer}/answers"),
        {"path.subject_id": SUBJECT, "path.offer": FIRST_ITEM},
        "Answer the first of the offers.",
    ),
    Link(
        "inbox",
        ("get", RECOMMENDATIONS, "200"),
        ("get", INBOX),
        {"path.subject_id": SUBJECT},
        "The messages that told of these offers.",
    ),
    Link(
        "read",
        ("get", INBOX, "200"),
        ("post", INBOX + "/{item}/read"),
        {"path.subject_id": SUBJECT, "path.item": FIRST_ITEM},
        "Mark the newest message as read.",
    ),
    Link(
        "inbox",
        ("post", INBOX + "/{item}/read", "204"),
        ("get", INBOX),
        {"path.subject_id": SUBJECT},
        "The inbox as it stands now.",
    ),
    Link(
        "answer_again",
        ("post", RECOMMENDATIONS + "/{offer}/answers", "200"),
        ("post", RECOMMENDATIONS + "/{offer}/answers"),
        {"path.subject_id": SUBJECT, "path.offer": THE_OFFER},
        "Say something else of the same offer.",
    ),
    Link(
        "take_back",
        ("post", RECOMMENDATIONS + "/{offer}/answers", "200"),
        ("post", RECOMMENDATIONS + "/{offer}/answers"),
        {"path.subject_id": SUBJECT, "path.offer": THE_OFFER},
        "Take back `not_for_me`; after another answer this gives 409.",
        body={"kind": "taken_back"},
    ),
    Link(
        "recommendations",
        ("post", RECOMMENDATIONS + "/{offer}/answers", "200"),
        ("get", RECOMMENDATIONS),
        {"path.subject_id": SUBJECT},
        "All offers as they stand now.",
    ),
    Link(
        "procedure",
        ("post", RECOMMENDATIONS + "/{offer}/answers", "200"),
        ("get", "/v1/catalogue/procedures/{procedure_id}"),
        {"path.procedure_id": "$response.body#/procedure"},
        "The procedure that was offered.",
    ),
    Link(
        "procedure",
        ("get", "/v1/catalogue/procedures", "200"),
        ("get", "/v1/catalogue/procedures/{procedure_id}"),
        {"path.procedure_id": FIRST_ITEM},
        "The first procedure in full.",
    ),
)


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of the API's routes (pages are not in it), made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes, tags=TAGS
        )
        parts = document.setdefault("components", {}).setdefault("schemas", {})
        for model in (Problem, *events.MODELS):
            schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
            parts |= schema.pop("$defs", {}) | {model.__name__: schema}
        _link(document["paths"])
        _enumerate(
            document["paths"], {"lang": list(app.state.words), "milestone": list(app.state.service.pack.milestones)}
        )
        app.openapi_schema = document
    return app.openapi_schema


def _link(paths: dict[str, Any]) -> None:
    """Write the links into the answers they start from."""
    for link in LINKS:
        method, path, status = link.source
        target_method, target = link.target
        paths[path][method]["responses"][status].setdefault("links", {})[link.name] = {
            "operationId": paths[target][target_method]["operationId"],
            "parameters": link.parameters,
            "description": link.description,
        } | ({"requestBody": link.body} if link.body else {})


def _enumerate(paths: dict[str, Any], values: dict[str, list[str]]) -> None:
    """Name the values that a query parameter takes, where the country decides them."""
    for methods in paths.values():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                if parameter["in"] == "query" and parameter["name"] in values:
                    parameter["schema"] = {"type": "string", "enum": values[parameter["name"]]}
