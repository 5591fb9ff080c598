"""What starts a milestone for a subject, and whether it has: an event on record, a date in law, a model's chance."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from lifeevents.domain.calendar import Period, minus, plus
from lifeevents.domain.explanation import Chance, EventSeen, Trigger, TriggerState
from lifeevents.domain.milestone import Milestone
from lifeevents.domain.occasion import Fact, OccasionRow
from lifeevents.domain.pack import Pack
from lifeevents.engine.law import comes_once

Facts = Mapping[str, Any]
ENDED: TriggerState = "ended"


def registered(
    milestone: Milestone, seen: Sequence[EventSeen], anchor: EventSeen | None, source: Fact, *, as_of: date, alive: bool
) -> Trigger:
    """An event of the right type on record: `anchor` is the one the explanation is about, `seen` are all of them.

    `source` names the register that would know, and the day up to which it has delivered.
    """
    state: TriggerState = "absent"
    if anchor is not None:
        state = "active" if is_recent(milestone, anchor, as_of) else "past"
    return Trigger(
        kind="registered",
        state=state if alive else ENDED,
        waits_for=milestone.on or "",
        event=anchor,
        events=len(seen),
        from_day=anchor.recorded_on if anchor else None,
        until_day=anchor.active_until if anchor else None,
        source=source,
    )


def is_recent(milestone: Milestone, event: EventSeen, as_of: date) -> bool:
    """Was it recorded `within` the milestone's period before the day?"""
    return minus(as_of, Period.parse(milestone.within)) <= event.recorded_on <= as_of


def due(pack: Pack, milestone: Milestone, due: Fact, *, as_of: date, alive: bool) -> Trigger:
    """A date that approaches. A date that moves on to the next age when it has passed is active until its day.

    One without a value but with a day it is as of is not unknown: the register has delivered, and holds none.
    """
    name = milestone.due or ""
    if not isinstance(due.value, date):
        missing: TriggerState = "absent" if due.as_of else "unknown"
        return Trigger(kind="due", state=missing if alive else ENDED, waits_for=name, due=due)
    first, last = minus(due.value, Period.parse(milestone.lead)), plus(due.value, Period.parse(milestone.until))
    if name in pack.law and pack.law[name].ages:
        last = due.value
    state: TriggerState = "ahead" if as_of < first else "past" if as_of > last else "active"
    return Trigger(
        kind="due",
        state=state if alive else ENDED,
        waits_for=name,
        due=due,
        from_day=first,
        until_day=last,
        once=comes_once(pack.law, name),
    )


def predicted(
    milestone: Milestone,
    *,
    at_risk: bool,
    chance: Chance | None,
    occasions: Sequence[OccasionRow],
    as_of: date,
    alive: bool,
) -> Trigger:
    """A model's chance: active at or over the threshold, and during the time of an occasion that it made before."""
    open_ones = [one for one in occasions if one.state == "open" and _lasts(one, as_of)]
    if chance is None and open_ones:
        found = open_ones[0].detection
        chance = Chance(
            value=found.probability, threshold=None, version=found.detector, as_of=found.as_of, why=found.why
        )
    spoken = chance is not None and chance.value is not None and chance.threshold is not None
    over = spoken and chance is not None and chance.value >= chance.threshold  # type: ignore[operator]
    state: TriggerState = "silent" if chance is None or chance.value is None else "below"
    if not alive:
        state = ENDED
    elif open_ones or (over and at_risk):
        state = "active"
    elif not at_risk:
        state = "not_asked"
    return Trigger(kind="predicted", state=state, waits_for=milestone.outcome or "", chance=chance)


def _lasts(one: OccasionRow, as_of: date) -> bool:
    found = one.detection
    return found.as_of <= as_of and (found.active_until is None or as_of <= found.active_until)
