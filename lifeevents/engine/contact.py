"""May this message be sent now? The stop rules, in order, as pure functions over one frozen situation.

The first rule that fires decides; the rules after it are recorded as not evaluated, and every evaluated rule
is recorded with the facts it read. A stopped message always goes somewhere: it is postponed to a moment,
cancelled, or referred to a person with the reason. (docs/guards.md holds the reasons behind the rules.)
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from pydantic import Field

from lifeevents.domain.frozen import Frozen
from lifeevents.domain.occasion import AnswerKind
from lifeevents.engine.correction import CORRECTION
from lifeevents.engine.situation import Situation

WEEK = timedelta(days=7)


class Stop(Frozen):
    """A rule fired: what becomes of the message, and why. `until` belongs to postpone."""

    action: Literal["postpone", "cancel", "refer"]
    reason: str
    until: datetime | None = None


class Outcome(Frozen):
    """What one rule said, and the facts it read (empty when it was not evaluated)."""

    rule: str
    result: Literal["passed", "stopped", "not_evaluated"]
    reason: str | None = None
    inputs: dict[str, Any] = Field(default_factory=dict)


class Decision(Frozen):
    """Send, postpone `until`, cancel, or refer to a person; with the outcome of every rule in order."""

    action: Literal["send", "postpone", "cancel", "refer"]
    rule: str | None = None
    reason: str | None = None
    until: datetime | None = None
    outcomes: tuple[Outcome, ...] = ()


def death_and_loss(s: Situation) -> Stop | None:
    """Everyone the message goes to or speaks of is alive. A death or a child's death is met with silence."""
    return Stop(action="cancel", reason="Someone this message is for or about has died.") if s.dead else None


def switched_off(s: Situation) -> Stop | None:
    """Nobody has stopped this milestone on this channel."""
    if not s.switched_off:
        return None
    return Stop(action="cancel", reason="This milestone is switched off on this channel.")


def correction(s: Situation) -> Stop | None:
    """What the message rests on still stands (a correction notice says itself that it does not)."""
    if s.occasion_state == "open" or s.purpose == CORRECTION:
        return None
    return Stop(action="cancel", reason="The event was annulled or corrected.")


def settling(s: Situation) -> Stop | None:
    """A birth, a death or a divorce rests for its settling time before anyone is told."""
    if s.settle_until is None or s.settle_until <= s.now or s.purpose == CORRECTION:
        return None
    return Stop(action="postpone", reason="The event is still settling.", until=s.settle_until)


def already_answered(s: Situation) -> Stop | None:
    """Something is left to say: not every offer is done or refused; if all the rest said "later", wait for it."""
    if s.purpose == CORRECTION or not s.offers or len(s.answers) < s.offers:
        return None
    open_ones = [a for a in s.answers if a.kind in (AnswerKind.LATER, AnswerKind.TAKEN_BACK)]
    if not open_ones:
        return Stop(action="cancel", reason="The person has answered every offer.")
    waits = [a.until for a in open_ones if a.kind is AnswerKind.LATER and a.until and a.until > s.today]
    if len(waits) < len(open_ones):
        return None
    until = datetime.combine(min(waits), s.speak_at.timetz())
    return Stop(action="postpone", reason='The person answered "later".', until=until)


def already_told(s: Situation) -> Stop | None:
    """The recipient has not had this occasion on this channel for this purpose."""
    if not s.told or s.purpose == CORRECTION:
        return None
    return Stop(action="cancel", reason="The person was already told.")


def refused_or_silenced(s: Situation) -> Stop | None:
    """The person has not refused this milestone, nor called it wrong in a case that is still open."""
    if not s.silenced or s.purpose == CORRECTION:
        return None
    return Stop(action="cancel", reason="The person refused this milestone, or said that it is wrong about them.")


def right_person(s: Situation) -> Stop | None:
    """The recipient is the subject or a currently valid guardian of the subject."""
    if s.recipient_id == s.subject_id or s.recipient_id in s.guardians:
        return None
    return Stop(action="refer", reason="The recipient is neither the subject nor a currently valid guardian.")


def consent(s: Situation) -> Stop | None:
    """The person allows this purpose on this channel (the portal inbox is allowed until refused)."""
    if s.may_use or s.purpose == CORRECTION:
        return None
    return Stop(action="cancel", reason="The person has not allowed this purpose on this channel.")


def expired(s: Situation) -> Stop | None:
    """There is still time: a missed statutory day goes to a person, an ended period is dropped with its reason."""
    if s.purpose == CORRECTION:
        return None
    if s.deadline and s.deadline < s.today:
        return Stop(action="refer", reason=f"The statutory deadline {s.deadline} has passed.")
    if s.active_until and s.active_until < s.today:
        return Stop(action="cancel", reason=f"The milestone was active until {s.active_until}.")
    return None


def quiet_time(s: Situation) -> Stop | None:
    """No night, weekend or holiday, unless the deadline would arrive before the next hour of speaking."""
    if s.speak_at <= s.now or (s.deadline and s.deadline <= s.speak_at.date()):
        return None
    return Stop(action="postpone", reason="Night, weekend or public holiday.", until=s.speak_at)


def budget(s: Situation) -> Stop | None:
    """At most `budget` messages in seven days; one with a statutory deadline is exempt, a correction is owed."""
    if s.deadline or s.purpose == CORRECTION or len(s.sent) < s.budget:
        return None
    frees_at = sorted(s.sent)[-s.budget] + WEEK
    return Stop(action="postpone", reason=f"{len(s.sent)} messages in seven days.", until=frees_at)


@dataclass(frozen=True)
class Rule:
    """A stop rule: its check and the names of the facts it reads, which are stored with its outcome."""

    check: Callable[[Situation], Stop | None]
    reads: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.check.__name__


RULES = (
    Rule(death_and_loss, ("dead",)),
    Rule(switched_off, ("switched_off",)),
    Rule(correction, ("occasion_state", "purpose")),
    Rule(settling, ("settle_until", "now", "purpose")),
    Rule(already_answered, ("offers", "answers", "today", "speak_at", "purpose")),
    Rule(already_told, ("told", "purpose")),
    Rule(refused_or_silenced, ("silenced", "purpose")),
    Rule(right_person, ("recipient_id", "subject_id", "guardians")),
    Rule(consent, ("may_use", "purpose")),
    Rule(expired, ("deadline", "active_until", "today", "purpose")),
    Rule(quiet_time, ("now", "speak_at", "deadline")),
    Rule(budget, ("sent", "budget", "deadline", "purpose")),
)
"""The rules in the order in which they are asked: whether it may be said at all, to whom, and only then when."""


def decide(situation: Situation) -> Decision:
    """Ask every rule in order until one fires."""
    facts = situation.model_dump(mode="json")
    outcomes: list[Outcome] = []
    for position, rule in enumerate(RULES):
        stop = rule.check(situation)
        inputs = {name: facts[name] for name in rule.reads}
        if stop is None:
            outcomes.append(Outcome(rule=rule.name, result="passed", inputs=inputs))
            continue
        outcomes.append(Outcome(rule=rule.name, result="stopped", reason=stop.reason, inputs=inputs))
        outcomes.extend(Outcome(rule=later.name, result="not_evaluated") for later in RULES[position + 1 :])
        return Decision(
            action=stop.action, rule=rule.name, reason=stop.reason, until=stop.until, outcomes=tuple(outcomes)
        )
    return Decision(action="send", outcomes=tuple(outcomes))
