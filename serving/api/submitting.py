"""Judging what an agency sent, and keeping what is fit: one transaction for all of it, durable before the answer."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from lifeevents.domain.agency import Agency
from lifeevents.domain.errors import LifeEventsError, Refused
from lifeevents.domain.submission import Submission, Taken
from lifeevents.registers.cloudevents import CloudEvent, holds_nul
from lifeevents.registers.live import check, rows_of
from serving.api.problem import FieldProblem
from serving.api.service import Service
from serving.api.shapes.verdict import STATUS, Verdict

_USED = "This source and id were used before, for something else; that stands. Give the new content a new id."


def submit(service: Service, agency: Agency, events: Sequence[Any]) -> list[Verdict]:
    """A verdict for each event, in their order. Raises Unavailable; then nothing was kept."""
    judged = [_judge(event, agency, service) for event in events]
    fit = [one for one in judged if isinstance(one, Submission)]
    if not fit:
        return [one for one in judged if isinstance(one, Verdict)]
    with service.ledger.begin() as unit:
        kept = [(one, rows_of(one)) for one in fit]
        taken = iter(unit.accept_all(kept, actor=f"agency:{agency.id}", now=service.clock.now()))
    return [one if isinstance(one, Verdict) else _verdict(one, next(taken)) for one in judged]


def _judge(event: Any, agency: Agency, service: Service) -> Submission | Verdict:
    try:
        read = CloudEvent.model_validate(event)
        if holds_nul(event):
            raise Refused("A text holds the NUL character, which cannot be kept.")
        submission = read.submission()
        check(submission, service.pack.registers)
    except ValidationError as error:
        first, *more = found = tuple(_field(one) for one in error.errors(include_url=False, include_input=False))
        rest = f" (and {len(more)} more)" if more else ""
        return _refused(event, 422, f"{first.pointer or 'The event'}: {first.detail}{rest}", found)
    except LifeEventsError as error:
        return _refused(event, 422, str(error))
    try:
        agency.may_write(service.pack.registers[submission.register_id])
        agency.owns(submission.source)
    except Refused as error:
        return _refused(event, 403, str(error))
    return submission


def _verdict(one: Submission, taken: Taken) -> Verdict:
    detail = _USED if taken is Taken.CONFLICT else None
    return Verdict(source=one.source, id=one.id, verdict=taken.value, status=STATUS[taken.value], detail=detail)


def _refused(event: Any, status: int, detail: str, errors: tuple[FieldProblem, ...] = ()) -> Verdict:
    named = event if isinstance(event, dict) else {}
    source, id = (value if isinstance(value, str) else None for value in (named.get("source"), named.get("id")))
    return Verdict(source=source, id=id, verdict="refused", status=status, detail=detail, errors=errors)


def _field(error: Any) -> FieldProblem:
    """One of pydantic's errors, without the input: what someone sent is never echoed."""
    said = error["msg"].removeprefix("Value error, ")
    return FieldProblem(pointer="".join(f"/{step}" for step in error["loc"]), detail=said)
