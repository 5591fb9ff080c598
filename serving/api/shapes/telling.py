"""What starts a milestone and what became of it, in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass

from lifeevents.domain.calendar import Period
from lifeevents.domain.explanation import Fate, MessageFate, Trigger
from lifeevents.domain.milestone import Milestone
from lifeevents.domain.occasion import Fact
from lifeevents.domain.register import SubjectKind
from lifeevents.engine.correction import CORRECTION
from serving.api.language import pick
from serving.api.shapes.saying import Saying

FINE = "#,##0.0%"
"""A chance beside a threshold is told to a tenth of a percent, so that the two can be told apart."""


@dataclass(frozen=True)
class Telling(Saying):
    """Triggers and fates in one language."""

    def trigger(self, milestone: Milestone, trigger: Trigger, kind: SubjectKind) -> tuple[str, ...]:
        """What starts the milestone, and whether it has."""
        if trigger.state == "ended":
            return (self.words(f"trigger.ended.{kind}"),)
        say = {"registered": self._registered, "due": self._due, "predicted": self._predicted}[trigger.kind]
        return tuple(say(milestone, trigger))

    def _due(self, milestone: Milestone, trigger: Trigger) -> Iterator[str]:
        title = self.title(trigger.waits_for)
        if self.is_withheld(trigger.waits_for):
            yield self.words("trigger.due.unverified", title=title)
        elif trigger.state == "absent":
            yield self._absent(title, trigger.due)
        elif trigger.due is None or trigger.due.value is None:
            yield self.words("trigger.due.unknown", title=title)
            register = self.register(trigger.due.register_id) if trigger.due else None
            if register:
                yield self.words("say.knows", register=register)
        else:
            date = self.value(trigger.waits_for, trigger.due.value)
            source = self.source(trigger.due)
            yield self.words(
                f"trigger.due.{trigger.state}",
                title=title,
                date=f"{date} ({source})" if source else date,
                from_day=self.words.value(trigger.from_day),
                until_day=self.words.value(trigger.until_day),
            )

    def _registered(self, milestone: Milestone, trigger: Trigger) -> Iterator[str]:
        title = self.title(trigger.waits_for)
        if trigger.event is None:
            yield self._absent(title, trigger.source)
            return
        register = self.register(trigger.event.register_id)
        yield self.words(
            f"trigger.registered.{trigger.state}",
            title=title,
            on=self.words.date(trigger.event.occurred_on),
            recorded=self.words.date(trigger.event.recorded_on) + (f" ({register})" if register else ""),
            until_day=self.words.date(trigger.event.active_until),
        )

    def _absent(self, title: str, fact: Fact | None) -> str:
        """Nothing on record, and which register says so."""
        source = self.source(fact) if fact else None
        said = self.words("trigger.registered.absent", title=title).removesuffix(".")
        return f"{said} ({source})." if source else f"{said}."

    def _predicted(self, milestone: Milestone, trigger: Trigger) -> Iterator[str]:
        title, chance = self.title(trigger.waits_for), trigger.chance
        if trigger.state in ("not_asked", "silent") or chance is None or chance.value is None:
            yield self.words(
                f"trigger.predicted.{'not_asked' if trigger.state == 'not_asked' else 'silent'}", title=title
            )
            return
        period = self.period(milestone.horizon)
        yield self.words(
            "trigger.predicted.chance", title=title, chance=self.words.percent(chance.value, FINE), period=period
        )
        threshold = self.words.percent(chance.threshold, FINE) if chance.threshold is not None else None
        over = chance.threshold is not None and chance.value >= chance.threshold
        if trigger.state == "active" and not over:
            yield self.words("trigger.predicted.stored", date=self.words.date(chance.as_of))
        elif threshold is None:
            yield self.words("trigger.predicted.nobody")
        else:
            yield self.words(f"trigger.predicted.{'active' if over else 'below'}", threshold=threshold)

    def period(self, text: str) -> str:
        """A period of ISO 8601 in words."""
        length = Period.parse(text)
        parts = [self.words.count("procedure.months", length.months)] if length.months else []
        parts += [self.words.count("procedure.days", length.days)] if length.days or not length.months else []
        return ", ".join(parts)

    def fate(self, fate: Fate) -> tuple[str, ...]:
        """What became of an occasion, in the order in which it happened."""
        return tuple(self._fate(fate))

    def _fate(self, fate: Fate) -> Iterator[str]:
        yield self.words("fate.found", at=self.words.moment(fate.detected_at, self.pack.tz))
        for message in reversed(fate.messages):
            yield self._message(message)
        if fate.state == "cancelled":
            yield self.words("fate.withdrawn")
        elif not fate.offered:
            yield self.words("fate.not_among")
        if fate.answer is not None:
            until = self.words.date(fate.until) if fate.until else None
            said = self.words("answer.said.later_on", date=until) if until else self.words(f"answer.said.{fate.answer}")
            yield said

    def _message(self, message: MessageFate) -> str:
        if message.purpose == CORRECTION and message.state == "delivered":
            return self.words("fate.correction")
        state = "waiting" if message.state == "claimed" else message.state.value
        at = message.settled_at or message.not_before
        said = self.words(f"fate.{state}", at=self.words.moment(at, self.pack.tz))
        return f"{said} {self.stop(message)}" if message.rule and state != "delivered" else said

    def stop(self, message: MessageFate) -> str:
        """Why a stop rule holds a message or stopped it; the stored reason for a rule without words."""
        key = f"stop.{message.rule}.held"
        return self.words(key) if key in self.words.texts else message.reason or ""

    def relation(self, name: str) -> str:
        """What somebody is to the subject; a relation without words by its name."""
        key = f"relation.{name}"
        return self.words(key) if key in self.words.texts else name

    def title_of(self, milestone: Milestone) -> str:
        """A milestone's title."""
        return pick(milestone.text.title, self.words.language)
