"""The catalogue on the wire: milestones and procedures, each saying whether it was verified against the law."""

from datetime import date
from typing import Literal

from pydantic import ConfigDict, Field

from lifeevents.catalogue.settle import Unsettled
from lifeevents.domain.milestone import Kind, Milestone, Sensitivity
from lifeevents.domain.pack import Pack
from lifeevents.domain.procedure import Code, Deadline, Fee, Level, Proactivity, Procedure, Processing
from lifeevents.domain.register import SubjectKind
from serving.api.language import pick
from serving.api.shapes.examples import MILESTONE, PROCEDURE, PROCEDURE_IN_FULL
from serving.api.shapes.wire import Wire


class MilestoneView(Wire):
    """A milestone and the procedures offered on it."""

    model_config = ConfigDict(json_schema_extra={"examples": [MILESTONE]})

    id: str
    title: str
    why: str = Field(description="Template: facts stand in {braces}.")
    kind: Kind
    subject: SubjectKind
    sensitivity: Sensitivity
    life_event: str | None
    law: tuple[str, ...]
    procedures: tuple[str, ...]
    verified: bool


class ProcedureView(Wire):
    """A procedure in a list."""

    model_config = ConfigDict(json_schema_extra={"examples": [PROCEDURE]})

    id: str
    title: str
    authority: str
    office: str
    level: Level
    group: str | None
    subject: SubjectKind
    essential: bool
    proactivity: Proactivity
    code: str | None = Field(description="The national code in force today.")
    milestones: tuple[str, ...]
    law: tuple[str, ...]
    verified: bool


class NeedView(Wire):
    """A document the procedure requires, and the register that holds it (null: the person brings it)."""

    id: str
    title: str
    register_id: str | None
    register_title: str | None


class DeadlineView(Wire):
    """How the last day is counted: `period` from the date `after`."""

    after: str
    period: str
    count: Literal["calendar", "working"]
    kind: Literal["statutory", "entitlement", "duty", "reminder"]
    law: str


class ProcessingView(Wire):
    """Days the office may take, from a complete file; 0 is the same working day."""

    days: int
    checked: int | None = Field(description="Days where the office has to check something first.")
    count: Literal["calendar", "working"]


class FeeView(Wire):
    """What the person pays, in dong."""

    vnd: int


class ProcedureInFull(ProcedureView):
    """A procedure with all that is known; a deadline, duration or fee only where verified."""

    model_config = ConfigDict(json_schema_extra={"examples": [PROCEDURE_IN_FULL]})

    who: str | None = Field(description="The eligibility rule; null while it is not written yet.")
    unprompted: str | None = Field(description="Why the state does not start it; null where a milestone leads to it.")
    needs: tuple[NeedView, ...]
    deadline: DeadlineView | None
    processing: ProcessingView | None
    fee: FeeView | None
    codes: tuple[Code, ...]
    link: str | None
    source: str | None


class Milestones(Wire):
    """All milestones."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [MILESTONE]}]})
    items: tuple[MilestoneView, ...]


class ToSettle(Wire):
    """What a lawyer must settle, essential services first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": Unsettled.model_json_schema()["examples"]}]})

    items: tuple[Unsettled, ...]


class Procedures(Wire):
    """All procedures."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [PROCEDURE]}]})
    items: tuple[ProcedureView, ...]


def milestone_view(milestone: Milestone, pack: Pack, language: str) -> MilestoneView:
    """The milestone in one language."""
    text = milestone.text
    return MilestoneView(
        **milestone.model_dump(include={"id", "kind", "subject", "sensitivity", "life_event", "law", "verified"}),
        title=pick(text.title, language),
        why=pick(text.why, language),
        procedures=tuple(procedure.id for procedure in pack.offers(milestone.id)),
    )


def procedure_view(procedure: Procedure, pack: Pack, language: str, today: date) -> ProcedureView:
    """The procedure as one line of a list."""
    return ProcedureView(
        **procedure.model_dump(include={"id", "level", "subject", "essential", "proactivity", "law", "verified"}),
        title=pick(procedure.title, language),
        authority=pick(procedure.authority, language),
        office=pick(procedure.office, language),
        group=procedure.portal_group,
        code=procedure.code_on(today),
        milestones=tuple(m for m in pack.milestones if procedure in pack.offers(m)),
    )


def procedure_in_full(procedure: Procedure, pack: Pack, language: str, today: date) -> ProcedureInFull:
    """The procedure with everything the catalogue may show of it."""
    needs = []
    for need in procedure.needs:
        register = pack.registers.get(need.register_id or "")
        title = pick(register.title, language) if register else None
        view = NeedView(
            id=need.id, title=pick(need.title, language), register_id=need.register_id, register_title=title
        )
        needs.append(view)
    return ProcedureInFull(
        **procedure_view(procedure, pack, language, today).model_dump(),
        who=procedure.who,
        unprompted=pick(procedure.unprompted, language) if procedure.unprompted else None,
        needs=tuple(needs),
        deadline=_deadline(procedure.deadline),
        processing=_processing(procedure.processing),
        fee=_fee(procedure.fee),
        codes=procedure.codes,
        link=procedure.link,
        source=procedure.source,
    )


def _deadline(deadline: Deadline | None) -> DeadlineView | None:
    if deadline is None or not deadline.verified:
        return None
    return DeadlineView(**deadline.model_dump(exclude={"verified"}))


def _processing(processing: Processing | None) -> ProcessingView | None:
    if processing is None or not processing.verified:
        return None
    return ProcessingView(days=processing.days, checked=processing.checked, count=processing.count)


def _fee(fee: Fee | None) -> FeeView | None:
    return FeeView(vnd=fee.vnd) if fee and fee.verified else None
