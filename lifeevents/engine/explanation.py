"""Why me, why not me: a milestone and a procedure put to one subject's facts, with the terms that decide."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lifeevents.domain.explanation import Change, Outlook, Reason, Source, Trigger, Way
from lifeevents.domain.occasion import Fact, FactValue
from lifeevents.engine.conditions import Condition
from lifeevents.engine.counterfactual import changes, grounds
from lifeevents.engine.eligibility import OfferRule
from lifeevents.engine.passing import first_day, moved, timed

_HOPE: tuple[Outlook, ...] = ("offered", "ask", "not_now", "passed", "not_yours", "no_milestone")


@dataclass(frozen=True)
class Known:
    """A subject as the registers know it at the end of a day: its facts, and where each comes from."""

    as_of: date
    facts: Mapping[str, Any]
    sources: Mapping[str, Source]

    def beside(self, event: Mapping[str, FactValue], source: Source) -> "Known":
        """The same with an anchor's payload, as `event.*`."""
        facts = {f"event.{name}": value for name, value in event.items()}
        return Known(self.as_of, {**self.facts, **facts}, {**self.sources, **dict.fromkeys(facts, source)})

    def fact(self, name: str) -> Fact:
        """A fact with its register and the day it is as of: since when the register says so, or, for nothing on
        record, the day up to which it has delivered."""
        source, value = self.sources.get(name, Source()), self.facts.get(name)
        day = source.since
        if day is None and value is not None:
            day = source.delivered_on
        return Fact(name=name, value=value, register_id=source.register_id, as_of=day)

    @property
    def since(self) -> dict[str, date]:
        """From which day each register's value is in force."""
        return {name: source.since for name, source in self.sources.items() if source.since}


def reasons(rule: Condition, known: Known) -> tuple[Reason, ...]:
    """Each term of a rule with its answer, its facts, what holds it and what would change it."""
    facts, since = known.facts, known.since

    def dated(found: Iterable[Change]) -> tuple[Change, ...]:
        return tuple(timed(change, facts, since) for change in found)

    return tuple(
        Reason(
            text=term.text,
            answer=term.ask(facts).answer,
            facts=tuple(known.fact(name) for name in term.names),
            grounds=dated(grounds(term, facts)),
            changes=dated(changes(term, facts)),
        )
        for term in rule.terms
        if term.names
    )


def way(milestone: str, trigger: Trigger, when: Condition, offer: OfferRule, known: Known) -> Way:
    """One milestone's way to a procedure, without what became of it."""
    done = reasons(offer.done, known) if offer.done and offer.done.ask(known.facts)[0] == "yes" else ()
    mine, theirs = _askable(reasons(when, known), trigger), _askable(reasons(offer.who, known), trigger)
    outlook = _outlook(trigger, (*mine, *theirs), done=bool(done))
    return Way(
        milestone=milestone,
        outlook=outlook,
        trigger=trigger,
        when=mine,
        who=theirs,
        done=done,
        opens_on=_opens_on(trigger, (when, offer.who), known) if outlook == "not_now" else None,
    )


def _askable(found: Sequence[Reason], trigger: Trigger) -> tuple[Reason, ...]:
    """Without the terms about an event that there is not."""
    absent = trigger.kind == "registered" and trigger.event is None
    return tuple(one for one in found if not (absent and any(fact.name.startswith("event.") for fact in one.facts)))


def most_hopeful(ways: Sequence[Way]) -> tuple[Way, ...]:
    """The ways in the order of hope; among equals, the one that opens first."""
    return tuple(sorted(ways, key=lambda one: (_HOPE.index(one.outlook), one.opens_on or date.max)))


def _outlook(trigger: Trigger, asked: Sequence[Reason], *, done: bool) -> Outlook:
    against = [reason for reason in asked if reason.answer == "no"]
    if not done and trigger.once and trigger.state == "past":
        return "passed"
    if done or not all(_may_come(reason) for reason in against):
        return "not_yours"
    if against or trigger.state in ("ahead", "past", "absent", "below", "silent", "ended"):
        return "not_now"
    unsure = trigger.state != "active" or any(reason.answer == "ask" for reason in asked)
    return "ask" if unsure else "offered"


def _may_come(reason: Reason) -> bool:
    """Can a "no" become a "yes" by itself, or by a number that grows as a life goes on?"""
    return any(change.from_day is not None or _grows(change) for change in reason.changes)


def _grows(change: Change) -> bool:
    if isinstance(change.now, bool) or not isinstance(change.now, int | float):
        return False
    bounds = [need.values[0] for need in change.needs if need.comparator in ("at_least", "more_than")]
    return any(isinstance(bound, int | float) and change.now <= bound for bound in bounds)


def _opens_on(trigger: Trigger, rules: Sequence[Condition], known: Known) -> date | None:
    """The day from which time alone makes it an offer: the trigger's first day and the rules', whichever is later."""
    if trigger.state not in ("ahead", "active"):
        return None
    days = [trigger.from_day or known.as_of]
    if any(rule.ask(known.facts)[0] != "yes" for rule in rules):
        later = first_day(rules, known.facts, known.since, after=known.as_of)
        if later is None:
            return None
        days.append(later)
    day = max(days)
    names = sorted({name for rule in rules for name in rule.names})
    then = moved(known.facts, names, day, known.since)
    if any(rule.ask(then)[0] != "yes" for rule in rules) or (trigger.until_day and day > trigger.until_day):
        return None
    return day
