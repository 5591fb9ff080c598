"""From an offer to a prefilled application, and the JSON Schema of a procedure's application, made from its needs."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from lifeevents.domain.application import Application, Filled, OnceOnly
from lifeevents.domain.occasion import Offer, Paper
from lifeevents.domain.pack import Pack
from lifeevents.domain.procedure import Need, Procedure
from lifeevents.domain.register import ValueType
from lifeevents.engine.eligibility import event_facts

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_JSON: dict[ValueType, dict[str, Any]] = {
    "flag": {"type": "boolean"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "category": {"type": "string"},
}


def application(offer: Offer, *, on: date) -> Application:
    """The application of an offer, with the values it was made with."""
    said = offer.recommendation
    items = {paper.need: _filled(paper) for paper in said.papers}
    return Application(
        offer=offer.id,
        procedure=said.procedure,
        code=said.code,
        subject_id=said.subject_id,
        prepared_on=on,
        items=items,
        missing=tuple(need for need, item in items.items() if item is None),
    )


def _filled(paper: Paper) -> Filled | None:
    if not paper.held or paper.value is None or paper.register_id is None:
        return None
    return Filled(value=paper.value, register_id=paper.register_id, as_of=paper.as_of)


def schema(pack: Pack, procedure: Procedure, known: Mapping[str, ValueType], language: str) -> dict[str, Any]:
    """The JSON Schema (2020-12) of a procedure's applications. `known` are the types of the features."""
    types = {**known, **event_facts(pack)}
    items = {need.id: _item(pack, need, types, language) for need in procedure.needs}
    return {
        "$schema": DIALECT,
        "$id": f"urn:lifeevents:{pack.id}:application:{procedure.id}",
        "title": procedure.title[language],
        "type": "object",
        "additionalProperties": False,
        "required": ["offer", "procedure", "code", "subject_id", "prepared_on", "items", "missing"],
        "properties": {
            "offer": {"type": "string"},
            "procedure": {"const": procedure.id},
            "code": {"enum": [*(code.code for code in procedure.codes), None]},
            "subject_id": {"type": "string"},
            "prepared_on": {"type": "string", "format": "date"},
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": list(items),
                "properties": items,
            },
            "missing": {"type": "array", "uniqueItems": True, "items": {"enum": list(items)}},
        },
    }


def _item(pack: Pack, need: Need, types: Mapping[str, ValueType], language: str) -> dict[str, Any]:
    """An item that a register can fill in, or null; one that no register holds is always null."""
    title = need.title[language]
    if need.feature is None or need.register_id is None:
        return {"title": title, "type": "null"}
    value = dict(_JSON[types[need.feature]])
    attribute = pack.vocabulary.attributes.get(need.feature)
    if attribute is not None and attribute.codes is not None:
        value["enum"] = list(attribute.codes)
    filled = {
        "type": "object",
        "additionalProperties": False,
        "required": ["value", "register_id", "as_of"],
        "properties": {
            "value": value,
            "register_id": {"const": need.register_id},
            "as_of": {"type": ["string", "null"], "format": "date"},
        },
    }
    return {"title": title, "oneOf": [filled, {"type": "null"}]}


def once_only(pack: Pack, procedure: Procedure) -> OnceOnly:
    """How many of a procedure's items a register that delivers can fill in."""
    held = sum(is_held(pack, need) for need in procedure.needs)
    return OnceOnly(procedure=procedure.id, required=len(procedure.needs), held=held)


def is_held(pack: Pack, need: Need) -> bool:
    """Can a register that delivers fill this item in, so that nobody need be asked for it?"""
    register = pack.registers.get(need.register_id or "")
    return need.feature is not None and register is not None and register.delivers
