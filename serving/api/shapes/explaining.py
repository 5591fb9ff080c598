"""From an explanation to what the API and the pages send, in one language."""

from collections.abc import Iterator
from datetime import date

from lifeevents.domain.explanation import Change, Explanation, Fate, Outlook, ProcedureExplained, Reason, Way
from lifeevents.domain.pack import Pack
from serving.api.language import pick
from serving.api.shapes.explanation import (
    ChangeView,
    ConditionView,
    ExplanationView,
    FateView,
    MessageFateView,
    NeedView,
    ProcedureExplainedView,
    ReasonView,
    TriggerView,
    WayView,
)
from serving.api.shapes.fact import fact_view
from serving.api.shapes.merging import merged
from serving.api.shapes.saying import missing
from serving.api.shapes.telling import Telling
from serving.web.wording import Words


def explanation_view(found: Explanation, pack: Pack, words: Words, today: date) -> ExplanationView:
    """The explanation in the language of `words`."""
    tell = Telling(pack, words)
    order: tuple[Outlook, ...] = ("offered", "ask", "not_now", "passed", "not_yours", "no_milestone")
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
    ways = [way for way in one.ways if not _is_quiet(way, tell)] or list(one.ways)
    quiet = bool(ways) and all(_is_quiet(way, tell) for way in ways)
    silent = bool(ways) and all(_is_silent(way, tell) for way in ways)
    done = bool(ways and ways[0].done)
    result = "ended" if not found.alive else "silent" if silent else "done" if done else one.outlook
    return ProcedureExplainedView(
        procedure=one.procedure,
        title=pick(procedure.title, words.language),
        outlook=one.outlook,
        result=words(f"explain.result.{result}"),
        says=tuple(_says(one, found, tell, today, silent=silent)),
        quiet=quiet,
        verified=procedure.verified,
        office=pick(procedure.office, words.language),
        ways=tuple(_way(way, found, tell) for way in ways),
    )


def _is_quiet(way: Way, tell: Telling) -> bool:
    """A sensitive event that is not on record, or long past and never told about: left alone until asked about."""
    sensitive = tell.pack.milestones[way.milestone].sensitivity == "sensitive"
    return sensitive and way.trigger.state in ("absent", "past") and not way.fates


def _is_silent(way: Way, tell: Telling) -> bool:
    """A sensitive event that is not on record: what it would need is not spelled out to anybody."""
    return _is_quiet(way, tell) and way.trigger.state == "absent"


def _says(one: ProcedureExplained, found: Explanation, tell: Telling, today: date, *, silent: bool) -> Iterator[str]:
    """The result in a few sentences: what it means, from when, and whom to ask."""
    words, best = tell.words, one.ways[0] if one.ways else None
    procedure = tell.pack.procedures[one.procedure]
    if not found.alive:
        yield words(f"trigger.ended.{found.kind}")
        return
    if silent:
        yield words("explain.silent")
    elif best is None and one.outlook == "not_yours":
        yield words(f"explain.other_kind.{found.kind}")
    elif best is not None and one.outlook == "not_now" and _fits(best):
        yield words("explain.not_now.waiting")
    elif best is None and procedure.unprompted is not None:
        yield pick(procedure.unprompted, words.language)
    elif best is None or not best.done:
        yield words(f"explain.{one.outlook}")
    if best is not None and best.opens_on and not tell.is_withheld(best.trigger.waits_for):
        yield words("explain.opens", date=words.date(best.opens_on))
    if best is not None and _awaits_the_sweep(best) and found.as_of == today:
        yield words("fate.unnoticed")
    if one.outlook != "offered":
        yield words("explain.office", office=pick(procedure.office, words.language))
    if not procedure.verified and one.outlook != "no_milestone":
        yield words("verified.no.about")


def _awaits_the_sweep(way: Way) -> bool:
    """Is it an offer that nobody has found yet?"""
    detected = way.trigger.state == "active" and all(reason.answer == "yes" for reason in way.when)
    return detected and way.outlook in ("offered", "ask") and not way.fates


def _fits(way: Way) -> bool:
    """Is every condition met, so that only what starts the milestone is missing?"""
    return all(reason.answer == "yes" for reason in (*way.when, *way.who))


def _way(way: Way, found: Explanation, tell: Telling) -> WayView:
    milestone = tell.pack.milestones[way.milestone]
    silent = _is_silent(way, tell)
    if silent:
        way = way.model_copy(update={"when": (), "who": (), "done": ()})
    return WayView(
        milestone=way.milestone,
        milestone_title=tell.title_of(milestone),
        outlook=way.outlook,
        result=tell.words(f"explain.result.{'silent' if silent else way.outlook}"),
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
