"""A graph as text whose bytes depend on the graph alone."""

import json
from typing import Any, Literal

from rdflib import Graph

Syntax = Literal["turtle", "json-ld"]
MEDIA_TYPES: dict[Syntax, str] = {"turtle": "text/turtle", "json-ld": "application/ld+json"}


def serialise(graph: Graph, syntax: Syntax) -> str:
    """Turtle (subjects and terms sorted by rdflib) or JSON-LD (sorted here)."""
    if syntax == "turtle":
        return graph.serialize(format="turtle")
    return json.dumps(_sorted(_json_ld(graph)), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _json_ld(graph: Graph) -> Any:
    context = {prefix: str(space) for prefix, space in graph.namespaces()}
    return json.loads(graph.serialize(format="json-ld", context=context))


def _sorted(value: Any) -> Any:
    """Lists in JSON-LD are sets here (we write no ordered ones), so their order can be fixed."""
    if isinstance(value, dict):
        return {name: _sorted(part) for name, part in value.items()}
    if isinstance(value, list):
        return sorted(map(_sorted, value), key=lambda part: json.dumps(part, sort_keys=True, ensure_ascii=False))
    return value
