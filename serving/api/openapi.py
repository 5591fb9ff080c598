"""The API's description of itself (OpenAPI 3.1), with the one problem shape and nothing from outside."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from serving.api.problem import Problem

DESCRIPTION = """\
Recommendations, inbox and answers of a subject; the catalogue; the coverage report. Every error is a problem
(RFC 9457). Texts come in one language: `?lang=`, else `Accept-Language`, else the country's first language.
Every read of a subject is written to the audit log in the same transaction, before the answer."""
TAGS = [
    {"name": "recommendations", "description": "What a subject is offered, and why."},
    {"name": "explanations", "description": "Why me, why not me: what decides, and what would change it."},
    {"name": "answers", "description": "What a person says of an offer."},
    {"name": "inbox", "description": "The portal inbox: the channel that is always there."},
    {"name": "catalogue", "description": "Milestones and procedures of the country."},
    {"name": "coverage", "description": "How many services are proactive, against the target."},
    {"name": "health", "description": "For whoever runs the service."},
]


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of the API's routes (pages are not in it), made once."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=DESCRIPTION, routes=app.routes, tags=TAGS
        )
        schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        parts = document.setdefault("components", {}).setdefault("schemas", {})
        parts |= schema.pop("$defs", {}) | {"Problem": schema}
        app.openapi_schema = document
    return app.openapi_schema
