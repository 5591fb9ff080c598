"""A live submission: checked against the pack's registers, and turned into rows of the contract."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, timedelta
from typing import Any

from lifeevents.domain.errors import Refused, did_you_mean
from lifeevents.domain.register import Register, ValueType
from lifeevents.domain.submission import Attribute, Event, Relation, Submission
from lifeevents.registers.contract import ATTRIBUTES, EVENTS, RELATIONS, SUBJECTS

Rows = Mapping[str, list[dict[str, Any]]]
"""Rows by relation of the contract, with the contract's columns; days and moments as ISO text (UTC)."""

_A_DAY = timedelta(days=1)


def check(submission: Submission, registers: Mapping[str, Register]) -> None:
    """Raises Refused with every sentence that says what is wrong and what would be right."""
    register = registers.get(submission.register_id)
    if register is None:
        near = did_you_mean(submission.register_id, registers)
        raise Refused(f'There is no register "{submission.register_id}".{near}')
    problems = [
        *(problem for one in submission.events for problem in _event(one, register, submission)),
        *(problem for one in submission.attributes for problem in _attribute(one, register)),
        *(problem for one in submission.relations for problem in _relation(one, register)),
    ]
    if problems:
        raise Refused(" ".join(problems))


def rows_of(submission: Submission) -> Rows:
    """The submission's rows as the lake keeps them. A subject's say when they were recorded too: of several that wait
    for the lake the newest counts."""
    recorded = submission.recorded_at.astimezone(UTC).replace(tzinfo=None).isoformat(sep=" ")
    stamp = {"recorded_at": recorded, "register": submission.register_id}
    return {
        SUBJECTS.name: [_plain(one) | {"obs_to": None, "recorded_at": recorded} for one in submission.subjects],
        EVENTS.name: [_plain(one) | stamp | {"payload": _json(one.payload)} for one in submission.events],
        ATTRIBUTES.name: [_plain(one) | stamp for one in submission.attributes],
        RELATIONS.name: [_plain(one) | stamp for one in submission.relations],
    }


def _plain(row: Any) -> dict[str, Any]:
    found: dict[str, Any] = row.model_dump(mode="json")
    return found


def _json(payload: Mapping[str, Any]) -> str | None:
    return json.dumps(payload, ensure_ascii=False, sort_keys=True) if payload else None


def _event(one: Event, register: Register, submission: Submission) -> Iterator[str]:
    where = f"Event {one.event_id}:"
    if one.event not in register.events:
        yield f'{where} {register.id} delivers no event "{one.event}".{did_you_mean(one.event, register.events)}'
        return
    if one.occurred_on > submission.recorded_at.astimezone(UTC).date() + _A_DAY:
        yield f"{where} it happened on {one.occurred_on}, after it was recorded ({submission.recorded_at:%Y-%m-%d})."
    fields = register.events[one.event].payload
    for name, value in one.payload.items():
        if name not in fields:
            yield f'{where} {one.event} has no payload field "{name}".{did_you_mean(name, fields)}'
        elif not _is_a(value, fields[name]):
            yield f"{where} payload {name} is a {fields[name]}, and {value!r} is none."


def _attribute(one: Attribute, register: Register) -> Iterator[str]:
    if one.name not in register.attributes:
        near = did_you_mean(one.name, register.attributes)
        yield f'{register.id} delivers no attribute "{one.name}".{near}'
        return
    kind = register.attributes[one.name]
    if not _reads_as(one.value, kind.type):
        yield f'Attribute {one.name}: "{one.value}" is no {kind.type}.'
    elif kind.codes is not None and one.value not in kind.codes:
        yield f'Attribute {one.name}: "{one.value}" is not in its code list.{did_you_mean(one.value, kind.codes)}'


def _relation(one: Relation, register: Register) -> Iterator[str]:
    if one.relation not in register.relations:
        near = did_you_mean(one.relation, register.relations)
        yield f'{register.id} delivers no relation "{one.relation}".{near}'
    if one.related_id == one.subject_id:
        yield f"Nobody is their own {one.relation} ({one.subject_id})."


def _is_a(value: Any, kind: ValueType) -> bool:
    if kind == "flag":
        return isinstance(value, bool)
    if kind in ("integer", "number"):
        return isinstance(value, int if kind == "integer" else (int, float)) and not isinstance(value, bool)
    return isinstance(value, str) and (kind == "category" or _reads_as(value, kind))


def _reads_as(text: str, kind: ValueType) -> bool:
    try:
        match kind:
            case "flag":
                return text in ("true", "false")
            case "integer":
                int(text)
            case "number":
                float(text)
            case "date":
                date.fromisoformat(text)
    except ValueError:
        return False
    return True
