"""Who may have what: a procedure's rule asked of one person, with the terms and registers that decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lifeevents.domain.occasion import Term, Verdict
from lifeevents.domain.pack import Pack
from lifeevents.domain.procedure import Procedure
from lifeevents.domain.register import ValueType
from lifeevents.engine.conditions import Condition


def event_types(pack: Pack, event: str | None) -> dict[str, ValueType]:
    """The `event.*` names that a rule may read where a milestone is anchored on this event type."""
    names: dict[str, ValueType] = {"event.occurred_on": "date", "event.recorded_on": "date"}
    if event:
        names |= {f"event.{name}": kind for name, kind in pack.vocabulary.events[event].payload.items()}
    return names


@dataclass(frozen=True)
class OfferRule:
    """A procedure as offered on one milestone: its parsed rules."""

    procedure: Procedure
    who: Condition
    done: Condition | None

    def ask(self, facts: Mapping[str, Any]) -> tuple[Verdict, tuple[Term, ...]]:
        """yes, no or ask, with every term. One who has it already gets "no", with that term."""
        if self.done is not None:
            done, terms = self.done.ask(facts)
            if done == "yes":
                return "no", tuple(Term(text=f"NOT ({t.text})", answer="no", facts=t.facts) for t in terms)
        return self.who.ask(facts)


def offer_rules(pack: Pack, known: Mapping[str, ValueType]) -> dict[str, tuple[OfferRule, ...]]:
    """For each milestone, its procedures in the pack's order, with their rules parsed once."""
    return {
        milestone.id: tuple(
            OfferRule(
                procedure=procedure,
                who=Condition.parse(procedure.who or "false", {**known, **event_types(pack, milestone.on)}),
                done=Condition.parse(procedure.done_when, known) if procedure.done_when else None,
            )
            for procedure in pack.offers(milestone.id)
        )
        for milestone in pack.milestones.values()
    }
