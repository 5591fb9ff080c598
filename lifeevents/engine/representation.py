"""Who is told in a subject's place: a child through its parents, a business through its owner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lifeevents.domain.pack import Pack, Representation
from lifeevents.domain.register import Text, ValueType
from lifeevents.engine.conditions import Condition
from lifeevents.engine.words import fill


@dataclass(frozen=True, order=True)
class Tie:
    """A living relative of a subject: what they are to it, and since when."""

    relation: str
    related_id: str
    since: date


@dataclass(frozen=True)
class Addressee:
    """Who is told about a subject. `represents` are all who may speak for it now (none: it speaks for itself).

    `about` says in the message whom it is about.
    """

    recipient_id: str
    represents: tuple[Tie, ...] = ()
    about: Text | None = None


class Representatives:
    """A pack's representation rules, parsed once."""

    def __init__(self, pack: Pack, known: Mapping[str, ValueType]) -> None:
        self._rules = [(Condition.parse(rule.when, known), rule) for rule in pack.representatives]

    @property
    def reads(self) -> frozenset[str]:
        """The features that the rules read."""
        return frozenset[str]().union(*(condition.names for condition, _ in self._rules))

    def rule_for(self, facts: Mapping[str, Any]) -> Representation | None:
        """The first rule that surely speaks of a subject with these facts; None for one who is told itself."""
        return next((rule for condition, rule in self._rules if condition.ask(facts)[0] == "yes"), None)

    def addressee(self, subject_id: str, facts: Mapping[str, Any], ties: Sequence[Tie]) -> Addressee | None:
        """Who is told: the subject, or its first living representative. None when it needs one and has none."""
        rule = self.rule_for(facts)
        if rule is None:
            return Addressee(subject_id)
        speaking = sorted(
            (tie for tie in ties if tie.relation in rule.by), key=lambda t: (rule.by.index(t.relation), t)
        )
        if not speaking:
            return None
        return Addressee(speaking[0].related_id, tuple(speaking), fill(rule.about, facts))
