"""From a detection to offers: eligible procedures, ranked, each with its deadline, papers, office and reason.

Same detection, same pack, same day: same offers, to the byte.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from lifeevents.domain.calendar import Period, WorkCalendar, plus
from lifeevents.domain.milestone import Alternative, Milestone
from lifeevents.domain.occasion import Detection, Instead, Paper, Recommendation, Term, Verdict
from lifeevents.domain.pack import Pack
from lifeevents.domain.procedure import Deadline, Procedure
from lifeevents.domain.register import Text
from lifeevents.engine.chains import one_for_all
from lifeevents.engine.eligibility import OfferRule
from lifeevents.engine.words import fill

REVIEW_AFTER = timedelta(days=90)


def facts_of(detection: Detection) -> dict[str, Any]:
    """The subject's features and the anchor's payload (`event.*`), as rules and texts read them."""
    return {**detection.facts, **{f"event.{name}": value for name, value in detection.event.items()}}


def recommend(pack: Pack, rules: Sequence[OfferRule], detection: Detection) -> tuple[Recommendation, ...]:
    """The offers for a detection, best first; a procedure the person may surely not have is left out.

    Order: what costs no right before what does, "yes" before "ask", chance x benefit x urgency, then the pack's order.
    """
    facts = facts_of(detection)
    asked = [(rule.procedure, *rule.ask(facts)) for rule in rules]
    whole = {rule.procedure.id: one_for_all(pack, rule.chain, facts) for rule in rules}
    open_ones = [(p, verdict, terms) for p, verdict, terms in asked if verdict != "no"]
    milestone = pack.milestones[detection.milestone]
    instead = {one.procedure: _instead(pack, one) for one in milestone.alternatives}
    ranked = sorted(
        open_ones,
        key=lambda item: (item[0].id in instead, *_weight(item[0], item[1], detection, facts, pack.calendar)),
    )
    return tuple(
        _offer(pack, milestone, procedure, verdict, terms, detection, facts, rank).model_copy(
            update={"instead": instead.get(procedure.id), "one_for_all": whole[procedure.id]}
        )
        for rank, (procedure, verdict, terms) in enumerate(ranked, start=1)
    )


def last_day(deadline: Deadline | None, facts: Mapping[str, Any], calendar: WorkCalendar) -> date | None:
    """The deadline's date; None when it is not verified, the day it counts from is unknown, or working days would be
    counted past the end of the calendar. Calendar days that end on a day off are not moved on: the earlier day is safe.
    """
    if deadline is None or not deadline.verified:
        return None
    start = facts.get(deadline.after)
    if not isinstance(start, date):
        return None
    period = Period.parse(deadline.period)
    if deadline.count == "working":
        return calendar.add_working_days(start, period.days) if calendar.reaches(start, period.days) else None
    return plus(start, period)


def _weight(
    procedure: Procedure, verdict: Verdict, detection: Detection, facts: Mapping[str, Any], calendar: WorkCalendar
) -> tuple[bool, float]:
    last = last_day(procedure.deadline, facts, calendar)
    days = (last - detection.as_of).days if last else 365
    urgency = 1 + max(0, 60 - max(days, 0)) / 60
    return verdict == "ask", -detection.probability * procedure.benefit * urgency


def _offer(
    pack: Pack,
    milestone: Milestone,
    procedure: Procedure,
    verdict: Verdict,
    terms: tuple[Term, ...],
    detection: Detection,
    facts: Mapping[str, Any],
    rank: int,
) -> Recommendation:
    last = last_day(procedure.deadline, facts, pack.calendar)
    entitled = facts.get(procedure.entitlement_from) if procedure.entitlement_from and procedure.verified else None
    return Recommendation(
        procedure=procedure.id,
        milestone=milestone.id,
        subject_id=detection.subject_id,
        rank=rank,
        eligibility=verdict,
        terms=terms,
        title=procedure.title,
        why=why(milestone, facts),
        deadline=last,
        days_left=(last - detection.as_of).days if last else None,
        deadline_law=procedure.deadline.law if last and procedure.deadline else None,
        entitlement_from=entitled,
        papers=_papers(procedure, facts, detection.as_of),
        office=procedure.office,
        processing=_processing(pack, procedure),
        fee=_fee(pack, procedure),
        link=procedure.link,
        code=procedure.code_on(detection.as_of),
        verified=procedure.verified,
        review_on=detection.as_of + REVIEW_AFTER,
    )


def _instead(pack: Pack, one: Alternative) -> Instead:
    return Instead(procedure=one.consider, title=pack.procedures[one.consider].title, loses=one.loses)


def why(milestone: Milestone, facts: Mapping[str, Any]) -> Text:
    """The milestone's reason in plain words; its bare title where a fact it would name is unknown."""
    return fill(milestone.text.why, facts) or milestone.text.title


def _papers(procedure: Procedure, facts: Mapping[str, Any], as_of: date) -> tuple[Paper, ...]:
    return tuple(
        Paper(
            need=need.id,
            title=need.title,
            held=value is not None,
            register_id=need.register_id,
            value=value,
            as_of=as_of if value is not None else None,
        )
        for need in procedure.needs
        for value in [facts.get(need.feature) if need.feature else None]
    )


def _processing(pack: Pack, procedure: Procedure) -> Text | None:
    takes = procedure.processing
    if takes is None or not takes.verified:
        return None
    if takes.days == 0:
        said = say(pack, "same_day", {"hour": f"{pack.calendar.cutoff:%H:%M}"})
    else:
        said = say(pack, "working_days" if takes.count == "working" else "calendar_days", {"n": takes.days})
    if takes.checked is None:
        return said
    longer = say(pack, "days_checked", {"n": takes.checked})
    return {language: f"{said[language]}; {longer[language]}" for language in pack.languages}


def _fee(pack: Pack, procedure: Procedure) -> Text | None:
    if procedure.fee is None or not procedure.fee.verified:
        return None
    return say(pack, "fee", {"amount": procedure.fee.vnd}) if procedure.fee.vnd else say(pack, "free", {})


def say(pack: Pack, key: str, facts: Mapping[str, Any]) -> Text:
    """One of the pack's own phrases in every language, with its {facts} written in."""
    said = fill({language: pack.words[language][key] for language in pack.languages}, facts)
    if said is None:
        raise KeyError(f"the phrase {key} needs facts that were not given: {sorted(facts)}")
    return said
