"""Why me, why not me, on the wire: every reason as data and as sentences."""

from datetime import date, datetime
from typing import Literal

from pydantic import ConfigDict, Field

from lifeevents.domain.explanation import (
    Comparator,
    Outlook,
    TriggerState,
)
from lifeevents.domain.milestone import Kind
from lifeevents.domain.occasion import AnswerKind, FactValue, NotificationState, Verdict
from lifeevents.domain.register import SubjectKind
from serving.api.shapes.examples import EXPLANATION
from serving.api.shapes.fact import FactView
from serving.api.shapes.wire import Wire


class NeedView(Wire):
    """One thing a fact must be; `like` is the fact whose value the bound is."""

    comparator: Comparator
    values: tuple[FactValue, ...]
    like: str | None


class ChangeView(Wire):
    """What one fact must be (all of `needs`), by how much it falls short, and the days that time alone gives."""

    name: str
    now: FactValue
    needs: tuple[NeedView, ...]
    missing: int | float | None
    from_day: date | None
    until_day: date | None


class ReasonView(Wire):
    """One `and`-term: in the rule language, its answer, its facts, what holds or would change it, and in words."""

    rule: str
    answer: Verdict
    says: str
    facts: tuple[FactView, ...]
    grounds: tuple[ChangeView, ...]
    changes: tuple[ChangeView, ...] = Field(description="Each alone would make the answer yes.")


class ConditionView(Wire):
    """A condition as a person reads it: the terms about one fact together."""

    answer: Verdict
    says: str
    rule: str


class TriggerView(Wire):
    """What starts the milestone: an event on record, a date, or a model's chance."""

    kind: Kind
    state: TriggerState
    says: tuple[str, ...]
    occurred_on: date | None = Field(description="registered: when the newest such event happened.")
    recorded_on: date | None
    settles_at: datetime | None = Field(description="registered: nobody is told before.")
    due_on: date | None = Field(description="due: the date; null where it is unknown or not verified.")
    from_day: date | None
    until_day: date | None
    chance: float | None = Field(description="predicted: the chance within the milestone's horizon.")
    threshold: float | None
    model: str | None


class MessageFateView(Wire):
    """A message: where it stands, and the stop rule that holds or stopped it."""

    state: NotificationState
    settled_at: datetime | None
    not_before: datetime
    rule: str | None
    reason: str | None


class FateView(Wire):
    """What became of an occasion."""

    occasion_id: str
    detected_at: datetime
    detector: str
    state: Literal["open", "cancelled"]
    says: tuple[str, ...]
    messages: tuple[MessageFateView, ...]
    offered: bool
    answer: AnswerKind | None
    answered_at: datetime | None
    until: date | None


class WayView(Wire):
    """One milestone that leads to the procedure. `opens_on`: from this day on by time alone."""

    milestone: str
    milestone_title: str
    outlook: Outlook
    result: str
    trigger: TriggerView
    conditions: tuple[ConditionView, ...] = Field(description="`done`, else `when` and `who`, in words.")
    when: tuple[ReasonView, ...]
    who: tuple[ReasonView, ...]
    done: tuple[ReasonView, ...]
    opens_on: date | None
    fates: tuple[FateView, ...]


class ProcedureExplainedView(Wire):
    """A procedure: the result in words, and the ways to it, the most hopeful first."""

    procedure: str
    title: str
    outlook: Outlook
    result: str
    says: tuple[str, ...]
    quiet: bool = Field(description="Of a sensitive event that is not on record, or long past: said only when asked.")
    verified: bool
    office: str
    ways: tuple[WayView, ...]


class ExplanationView(Wire):
    """One subject on one day, as the registers knew it at the end of that day; a day ahead supposes that nothing but
    time passes. What became of it is as of now."""

    model_config = ConfigDict(json_schema_extra={"examples": [EXPLANATION]})

    subject_id: str
    kind: SubjectKind
    as_of: date
    language: str
    alive: bool
    says: tuple[str, ...]
    told_through: tuple[str, ...] = Field(description="Relations of who is told in its place; empty: itself.")
    recipient_id: str | None
    procedures: tuple[ProcedureExplainedView, ...]
