"""Why me, why not me, on the wire: every reason as data and as sentences."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Literal

from pydantic import ConfigDict, Field

from lifeevents.domain.explanation import (
    Change,
    Comparator,
    Explanation,
    Fate,
    Outlook,
    ProcedureExplained,
    Reason,
    TriggerState,
    Way,
)
from lifeevents.domain.milestone import Kind
from lifeevents.domain.occasion import AnswerKind, FactValue, NotificationState, Verdict
from lifeevents.domain.pack import Pack
from lifeevents.domain.register import SubjectKind
from serving.api.language import pick
from serving.api.shapes.examples import EXPLANATION
from serving.api.shapes.fact import FactView, fact_view
from serving.api.shapes.merging import merged
from serving.api.shapes.saying import missing
from serving.api.shapes.telling import Telling
from serving.api.shapes.wire import Wire
from serving.web.wording import Words


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


def explanation_view(found: Explanation, pack: Pack, words: Words, today: date) -> ExplanationView:
    """The explanation in the language of `words`."""
    tell = Telling(pack, words)
    order: tuple[Outlook, ...] = ("offered", "ask", "not_now", "not_yours", "no_milestone")
    procedures = [_procedure(one, found, tell, today) for one in found.procedures]
    return ExplanationView(
        subject_id=found.subject_id,
        kind=found.kind,
        as_of=found.as_of,
        language=words.language,
        alive=found.alive,
        says=tuple(_about(found, tell, today)),
        told_through=found.told_through,
        recipient_id=found.recipient_id,
        procedures=tuple(sorted(procedures, key=lambda one: order.index(one.outlook))),
    )


def _about(found: Explanation, tell: Telling, today: date) -> list[str]:
    words = tell.words
    said = [words("explain.as_of", date=words.date(found.as_of)) + "."]
    if found.as_of > today:
        said.append(words("explain.ahead"))
    if found.told_through:
        who = found.recipient_is
        said.append(words("explain.through", who=tell.relation(who)) if who else words("explain.through.nobody"))
    return said


def _procedure(one: ProcedureExplained, found: Explanation, tell: Telling, today: date) -> ProcedureExplainedView:
    procedure, words = tell.pack.procedures[one.procedure], tell.words
    done = bool(one.ways and one.ways[0].done)
    result = "ended" if not found.alive else "done" if done else one.outlook
    return ProcedureExplainedView(
        procedure=one.procedure,
        title=pick(procedure.title, words.language),
        outlook=one.outlook,
        result=words(f"explain.result.{result}"),
        says=tuple(_says(one, found, tell, today)) if found.alive else (words(f"trigger.ended.{found.kind}"),),
        verified=procedure.verified,
        office=pick(procedure.office, words.language),
        ways=tuple(_way(way, found, tell) for way in one.ways),
    )


def _says(one: ProcedureExplained, found: Explanation, tell: Telling, today: date) -> Iterator[str]:
    """The result in a few sentences: what it means, from when, and whom to ask."""
    words, best = tell.words, one.ways[0] if one.ways else None
    procedure = tell.pack.procedures[one.procedure]
    if best is None and one.outlook == "not_yours":
        yield words(f"explain.other_kind.{found.kind}")
    elif best is not None and one.outlook == "not_now" and _fits(best):
        yield words("explain.not_now.waiting")
    elif best is None or not best.done:
        yield words(f"explain.{one.outlook}")
    if best is not None and best.opens_on and not tell.is_withheld(best.trigger.waits_for):
        yield words("explain.opens", date=words.date(best.opens_on))
    if one.outlook in ("offered", "ask") and found.as_of >= today and not any(way.fates for way in one.ways):
        yield words("fate.unnoticed")
    if one.outlook != "offered":
        yield words("explain.office", office=pick(procedure.office, words.language))
    if not procedure.verified and one.outlook != "no_milestone":
        yield words("verified.no.about")


def _fits(way: Way) -> bool:
    """Is every condition met, so that only what starts the milestone is missing?"""
    return all(reason.answer == "yes" for reason in (*way.when, *way.who))


def _way(way: Way, found: Explanation, tell: Telling) -> WayView:
    milestone = tell.pack.milestones[way.milestone]
    return WayView(
        milestone=way.milestone,
        milestone_title=tell.title_of(milestone),
        outlook=way.outlook,
        result=tell.words(f"explain.result.{way.outlook}"),
        trigger=_trigger(way, found, tell),
        conditions=tuple(
            ConditionView(answer=one.answer, says=tell.reason(one), rule=one.text)
            for one in (way.done or merged((*way.when, *way.who)))
        ),
        when=tuple(_reason(reason, tell) for reason in way.when),
        who=tuple(_reason(reason, tell) for reason in way.who),
        done=tuple(_reason(reason, tell) for reason in way.done),
        opens_on=None if tell.is_withheld(way.trigger.waits_for) else way.opens_on,
        fates=tuple(_fate(fate, tell) for fate in way.fates),
    )


def _trigger(way: Way, found: Explanation, tell: Telling) -> TriggerView:
    trigger, milestone = way.trigger, tell.pack.milestones[way.milestone]
    event, chance, withheld = trigger.event, trigger.chance, tell.is_withheld(trigger.waits_for)
    due = trigger.due.value if trigger.due and not withheld else None
    return TriggerView(
        kind=trigger.kind,
        state=trigger.state,
        says=tell.trigger(milestone, trigger, found.kind),
        occurred_on=event.occurred_on if event else None,
        recorded_on=event.recorded_on if event else None,
        settles_at=event.settled_at if event else None,
        due_on=due if isinstance(due, date) else None,
        from_day=None if withheld else trigger.from_day,
        until_day=None if withheld else trigger.until_day,
        chance=chance.value if chance else None,
        threshold=chance.threshold if chance else None,
        model=chance.version if chance else None,
    )


def _reason(reason: Reason, tell: Telling) -> ReasonView:
    withheld = any(tell.is_withheld(fact.name) for fact in reason.facts)
    facts = [fact.model_copy(update={"value": None}) if tell.is_withheld(fact.name) else fact for fact in reason.facts]
    return ReasonView(
        rule=reason.text,
        answer=reason.answer,
        says=tell.reason(reason),
        facts=tuple(fact_view(fact, tell.pack, tell.words) for fact in facts),
        grounds=() if withheld else tuple(_change(one) for one in reason.grounds),
        changes=() if withheld else tuple(_change(one) for one in reason.changes),
    )


def _change(change: Change) -> ChangeView:
    return ChangeView(
        name=change.name,
        now=change.now,
        needs=tuple(NeedView(comparator=n.comparator, values=n.values, like=n.like) for n in change.needs),
        missing=missing(change),
        from_day=change.from_day,
        until_day=change.until_day,
    )


def _fate(fate: Fate, tell: Telling) -> FateView:
    return FateView(
        **fate.model_dump(
            include={"occasion_id", "detected_at", "detector", "state", "offered", "answer", "answered_at", "until"}
        ),
        says=tell.fate(fate),
        messages=tuple(
            MessageFateView(
                state=one.state,
                settled_at=one.settled_at,
                not_before=one.not_before,
                rule=one.rule,
                reason=one.reason,
            )
            for one in fate.messages
        ),
    )
