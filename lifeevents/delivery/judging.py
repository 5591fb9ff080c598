"""Judge claimed messages and settle them, inside the transaction that sends."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from pydantic import Field

from lifeevents.delivery.errors import Later, Never
from lifeevents.domain.frozen import Frozen
from lifeevents.domain.occasion import Notification, NotificationState
from lifeevents.engine.contact import Decision, decide
from lifeevents.engine.correction import CORRECTION
from lifeevents.engine.situation import Situation, Standing
from lifeevents.ports import Channel, Claimed, Settlement, Unit

ACTOR = "worker:delivery"

STATES = {
    "send": NotificationState.DELIVERED,
    "postpone": NotificationState.WAITING,
    "cancel": NotificationState.CANCELLED,
    "refer": NotificationState.REFERRED,
}
"""The state that an action leaves a message in."""


class DeliveryReport(Frozen):
    """What one step did: messages per outcome (`failed`: put back after an error), and stops per rule."""

    delivered: int = 0
    postponed: int = 0
    cancelled: int = 0
    referred: int = 0
    failed: int = 0
    stopped_by: dict[str, int] = Field(default_factory=dict)


@dataclass
class Judge:
    """The moment at which messages are judged, and a tally of what became of them."""

    now: datetime
    today: date
    speak_at: datetime
    budget: int
    _tally: Counter[str] = field(default_factory=Counter)

    def handle(self, unit: Unit, channel: Channel, claimed: Sequence[Claimed]) -> None:
        """Decide on each message in order, act on it and audit it; what was sent before in this batch counts."""
        if not claimed:
            return
        standings = unit.standings(claimed, now=self.now)
        sent: dict[str, list[datetime]] = {}
        told: set[tuple[str, ...]] = set()
        settled: list[Settlement] = []
        for one in claimed:
            message = one.notification
            about = (message.occasion_id, message.recipient_id, message.purpose)
            standing = _with(standings[one.id], sent.get(message.recipient_id, []), about in told)
            situation = Situation(
                **dict(standing), now=self.now, today=self.today, speak_at=self.speak_at, budget=self.budget
            )
            settlement = self._act(unit, channel, one, decide(situation))
            settled.append(settlement)
            if settlement.state is NotificationState.DELIVERED:
                told.add(about)
                if message.deadline is None and message.purpose != CORRECTION:
                    sent.setdefault(message.recipient_id, []).append(self.now)
        unit.settle_all(settled, now=self.now)

    def _act(self, unit: Unit, channel: Channel, one: Claimed, decision: Decision) -> Settlement:
        """Do what was decided; a channel may still say Later or Never."""
        stops = [outcome.model_dump(mode="json") for outcome in decision.outcomes]
        action, rule, reason, until = decision.action, decision.rule, decision.reason, decision.until
        if action == "send":
            try:
                channel.send(one.id, one.notification, unit, now=self.now)
            except Later as later:
                action, rule, reason, until = "postpone", "channel", str(later), self.now + later.after
            except Never as never:
                action, rule, reason = "refer", "channel", never.reason
            if rule:
                stops.append({"rule": rule, "result": "stopped", "reason": reason, "inputs": {}})
        if action == "refer":
            refer(unit, one.notification, reason or "", now=self.now)
        state = STATES[action]
        done = "postponed" if until else state.value
        self.count(done)
        if rule:
            self.count(f"rule {rule}")
        _audit(unit, one, done, rule, now=self.now)
        return Settlement(one.id, state, stops, until)

    def count(self, outcome: str) -> None:
        self._tally[outcome] += 1

    def mark(self) -> Mapping[str, int]:
        """The tally now, to come `back_to` when the transaction fails."""
        return dict(self._tally)

    def back_to(self, tally: Mapping[str, int]) -> None:
        self._tally = Counter(tally)

    def report(self) -> DeliveryReport:
        outcomes = {name: self._tally[name] for name in DeliveryReport.model_fields if name in self._tally}
        rules = {name[5:]: n for name, n in sorted(self._tally.items()) if name.startswith("rule ")}
        return DeliveryReport(**outcomes, stopped_by=rules)


def refer(unit: Unit, message: Notification, reason: str, *, now: datetime) -> None:
    """Open the case that hands a message to a person, with the reason."""
    unit.open_case("referred", message.occasion_id, message.subject_id, message.milestone, reason=reason, now=now)


def _audit(unit: Unit, one: Claimed, done: str, rule: str | None, *, now: datetime) -> None:
    """One audit entry per message handled, under the recipient, without the message's words."""
    message = one.notification
    detail = {"notification": one.id, "channel": message.channel, "purpose": message.purpose}
    unit.audit(ACTOR, done, message.recipient_id, detail | ({"rule": rule} if rule else {}), now=now)


def _with(standing: Standing, sent: Sequence[datetime], told: bool) -> Standing:
    if not sent and not told:
        return standing
    return standing.model_copy(update={"sent": (*standing.sent, *sent), "told": standing.told or told})
