"""The API's reference as a page, made from its OpenAPI document; nothing is loaded from anywhere."""

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from serving.api.problem import MEDIA_TYPE, SLUGS
from serving.api.visit import Asked, Visiting
from serving.web.renderer import page

router = APIRouter()
Document = Mapping[str, Any]


@router.get("/docs")
def reference(request: Request, visit: Visiting, asked: Annotated[Asked, Query()]) -> Response:
    """Every route by tag, with parameters, bodies, answers and examples; then every problem."""
    document = request.app.openapi()
    routes = list(operations(document))
    tags = [(tag, [one for one in routes if tag["name"] in one["tags"]]) for tag in document["tags"]]
    return page(request, "reference.html", document=document, tags=tags, problems=SLUGS)


def operations(document: Document) -> Iterator[dict[str, Any]]:
    """Each operation, its references resolved and its examples as JSON text."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield {
                "id": operation["operationId"],
                "method": method.upper(),
                "path": path,
                "summary": operation["summary"],
                "description": operation["description"],
                "tags": operation["tags"],
                "parameters": operation.get("parameters", []),
                "body": examples(document, operation.get("requestBody", {}).get("content", {})),
                "responses": [
                    (status, said["description"], examples(document, said.get("content", {})))
                    for status, said in operation["responses"].items()
                ],
            }


def examples(document: Document, content: Document) -> list[str]:
    """The examples of a body: its own, else those of the schema it refers to."""
    for media_type in ("application/json", MEDIA_TYPE):
        if media := content.get(media_type):
            if "example" in media:
                return [_json(media["example"])]
            name = media["schema"].get("$ref", "").rpartition("/")[2]
            return [_json(one) for one in document["components"]["schemas"].get(name, {}).get("examples", [])]
    return []


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
