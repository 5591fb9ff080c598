"""Reasons in sentences: one template per comparator, so that a rule nobody has written yet reads well too."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lifeevents.domain.explanation import Change, Need, Reason
from lifeevents.domain.occasion import Fact, FactValue
from lifeevents.domain.pack import Pack
from serving.api.language import pick
from serving.api.shapes.fact import fact_title
from serving.web.wording import Words

FIXED = "kind"
"""Whether the subject is a person or a business: no change of it is ever named."""


@dataclass(frozen=True)
class Saying:
    """What facts and terms are in one language. A date that law gives is named only where it was verified."""

    pack: Pack
    words: Words

    def title(self, name: str) -> str:
        """What a fact is called."""
        return fact_title(name, self.pack, self.words)

    def is_withheld(self, name: str) -> bool:
        """Is this a date in law that nobody has checked yet?"""
        return name in self.pack.law and not self.pack.law[name].verified

    def value(self, name: str, value: FactValue) -> str:
        """A fact's value in words."""
        return self.words.value(value, f"code.{name}.{value}")

    def register(self, register_id: str | None) -> str | None:
        """A register's title."""
        register = self.pack.registers.get(register_id or "")
        return pick(register.title, self.words.language) if register else None

    def source(self, fact: Fact) -> str | None:
        """Which register says so, and as of which day."""
        register = self.register(fact.register_id)
        if fact.as_of is None:
            return register
        day = self.words.date(fact.as_of)
        return self.words("say.source", register=register, date=day) if register else self.words("say.as_of", date=day)

    def fact(self, fact: Fact) -> str:
        """`Title: value (register, as of day)`."""
        source = self.source(fact)
        return f"{self.title(fact.name)}: {self.value(fact.name, fact.value)}" + (f" ({source})" if source else "")

    def unchecked(self, fact: Fact) -> str:
        """What is not known, and which register would know."""
        register = self.register(fact.register_id)
        said = self.words("say.unchecked", title=self.title(fact.name))
        return f"{said} {self.words('say.knows', register=register) if register else self.words('say.nobody_knows')}"

    def needs(self, change: Change) -> str:
        """What a fact must be, in a few words."""
        between = f" {self.words('need.and')} "
        return between.join(self._need(change.name, need) for need in change.needs)

    def _need(self, name: str, need: Need) -> str:
        if need.like:
            return self.words(f"need.like.{need.comparator}", title=self.title(need.like))
        dated = need.values and isinstance(need.values[0], date) and need.comparator in ("at_least", "at_most")
        values = ", ".join(self.value(name, value) for value in need.values)
        return self.words(f"need.date.{need.comparator}" if dated else f"need.{need.comparator}", value=values)

    def reason(self, reason: Reason) -> str:
        """A term in plain sentences: the facts, what they must be, what is missing, and from when."""
        if any(self.is_withheld(fact.name) for fact in reason.facts):
            name = next(fact.name for fact in reason.facts if self.is_withheld(fact.name))
            return self.words("trigger.due.unverified", title=self.title(name))
        return " ".join(self._met(reason) if reason.answer == "yes" else self._open(reason))

    def _met(self, reason: Reason) -> Iterator[str]:
        grounds = {ground.name: ground for ground in reason.grounds}
        for fact in reason.facts:
            ground = grounds.get(fact.name)
            if ground is None and (grounds or fact.value is None):
                continue
            if fact.value is None:
                yield _ended(f"{self.title(fact.name)}: {self.words('need.unknown')}")
            elif ground is None or _is_plain(ground):
                yield _ended(self.fact(fact))
            else:
                yield _ended(self.words("say.met", fact=self.fact(fact), need=self.needs(ground)))
            if ground is not None and ground.until_day:
                yield self.words("say.until", date=self.words.date(ground.until_day))

    def _open(self, reason: Reason) -> Iterator[str]:
        may_turn = {change.name for change in reason.changes}
        facts = [fact for fact in reason.facts if fact.name != FIXED or len(reason.facts) == 1]
        for fact in facts:
            if fact.value is not None:
                yield _ended(self.fact(fact))
            elif reason.answer == "ask" or fact.name in may_turn:
                yield self.unchecked(fact)
        changes = [change for change in reason.changes if change.needs[0].comparator != "known"]
        changes = [change for change in changes if change.name != FIXED] or changes
        if not reason.changes:
            yield self.words("say.several")
        if changes:
            if _compares_facts(changes[0]):
                changes = changes[:1]
            shown = [fact for fact in facts if fact.value is not None or fact.name in may_turn]
            several = len(shown) > 1 or len({change.name for change in changes}) > 1
            alternatives = f" {self.words('need.or')} ".join(
                self.words("need.of", title=self.title(change.name), need=self.needs(change))
                if several
                else self.needs(change)
                for change in changes
            )
            may_come = any(missing(change) is not None or change.from_day for change in changes)
            meant = reason.answer == "no" and not may_come
            yield self.words("say.meant_for" if meant else "say.needed", need=alternatives)
        days = [change.from_day for change in changes if change.from_day]
        if days:
            yield self.words("say.from", date=self.words.date(min(days)))
        elif len(changes) == 1 and changes[0].now and isinstance(more := missing(changes[0]), int):
            yield self.words.count("say.more", more)


def missing(change: Change) -> int | float | None:
    """How much a number falls short of what is needed; None where that is no question of more."""
    if isinstance(change.now, bool) or not isinstance(change.now, int | float):
        return None
    for need in change.needs:
        bound = need.values[0] if need.values else None
        if need.comparator in ("at_least", "more_than") and isinstance(bound, int | float) and bound >= change.now:
            return bound - change.now
    return None


def _ended(sentence: str) -> str:
    """A sentence with its full stop; a date that ends it may bring one (2026. november 5.)."""
    return sentence if sentence.endswith(".") else f"{sentence}."


def _is_plain(ground: Change) -> bool:
    """Is what the fact must be plain from what it is, or from the other fact that stands beside it?"""
    return ground.needs[0].comparator in ("equal", "known") or _compares_facts(ground)


def _compares_facts(change: Change) -> bool:
    return any(need.like for need in change.needs)
