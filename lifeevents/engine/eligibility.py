"""Who may have what: a procedure's rule asked of one person, with the terms and registers that decide."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from lifeevents.domain.milestone import Milestone
from lifeevents.domain.occasion import Term, Verdict
from lifeevents.domain.pack import Pack
from lifeevents.domain.procedure import Procedure
from lifeevents.domain.register import ValueType
from lifeevents.engine.chains import ChainRule, chain_of
from lifeevents.engine.conditions import Condition, names_in
from lifeevents.engine.representation import Representatives


def event_types(pack: Pack, event: str | None) -> dict[str, ValueType]:
    """The `event.*` names that a rule may read where a milestone is anchored on this event type."""
    names: dict[str, ValueType] = {"event.occurred_on": "date", "event.recorded_on": "date"}
    if event:
        names |= {f"event.{name}": kind for name, kind in pack.vocabulary.events[event].payload.items()}
    return names


@dataclass(frozen=True)
class OfferRule:
    """A procedure as offered on one milestone: its parsed rules, and those of the chain that it does as a whole."""

    procedure: Procedure
    who: Condition
    done: Condition | None
    chain: ChainRule | None = None

    def ask(self, facts: Mapping[str, Any]) -> tuple[Verdict, tuple[Term, ...]]:
        """yes, no or ask, with every term. One who has it already gets "no", with that term."""
        if self.done is not None:
            done, terms = self.done.ask(facts)
            if done == "yes":
                return "no", tuple(Term(text=f"NOT ({t.text})", answer="no", facts=t.facts) for t in terms)
        return self.who.ask(facts)

    def sql(self) -> str:
        """The same answer as a DuckDB expression over a population's columns: true, false, or NULL for "ask"."""
        who = self.who.sql()
        return who if self.done is None else f"CASE WHEN {self.done.sql()} THEN false ELSE {who} END"

    @property
    def names(self) -> frozenset[str]:
        """The facts it reads."""
        return self.who.names | (self.done.names if self.done is not None else frozenset())


@dataclass(frozen=True)
class MilestoneRules:
    """A milestone's own rule (`when`; who is `at_risk` for a predicted one), its offers with their rules, and `reads`:
    every fact that its rules, texts and forms may read."""

    when: Condition
    offers: tuple[OfferRule, ...]
    reads: frozenset[str]


@dataclass(frozen=True)
class Rulebook:
    """A pack's rules, parsed once: what each milestone offers, and who is told in whose place."""

    milestones: Mapping[str, MilestoneRules]
    representatives: Representatives

    def __getitem__(self, milestone: str) -> MilestoneRules:
        return self.milestones[milestone]


def rules_of(pack: Pack, known: Mapping[str, ValueType]) -> Rulebook:
    """The pack's rules; a milestone's procedures stand in the pack's order."""
    milestones = {
        milestone.id: MilestoneRules(
            when=Condition.parse(
                milestone.when or milestone.at_risk or "true", {**known, **event_types(pack, milestone.on)}
            ),
            offers=_offers(pack, milestone, known),
            reads=facts_read(pack, milestone.id),
        )
        for milestone in pack.milestones.values()
    }
    return Rulebook(milestones, Representatives(pack, known))


def _offers(pack: Pack, milestone: Milestone, known: Mapping[str, ValueType]) -> tuple[OfferRule, ...]:
    names = {**known, **event_types(pack, milestone.on)}
    return tuple(_offer(pack, procedure, names) for procedure in pack.offers(milestone.id))


def _offer(pack: Pack, procedure: Procedure, names: Mapping[str, ValueType]) -> OfferRule:
    return OfferRule(
        procedure=procedure,
        who=Condition.parse(procedure.who or "false", names),
        done=Condition.parse(procedure.done_when, names) if procedure.done_when else None,
        chain=chain_of(pack, procedure, names),
    )


def every_rule(pack: Pack, known: Mapping[str, ValueType]) -> tuple[OfferRule, ...]:
    """The rule of every procedure that has one, in the pack's order, milestones aside.

    What a rule reads of an anchor (`event.*`) is unknown where there is none, so that it answers "ask".
    """
    types = {**known, **event_facts(pack)}
    return tuple(_offer(pack, procedure, types) for procedure in pack.procedures.values() if procedure.who is not None)


def event_facts(pack: Pack) -> dict[str, ValueType]:
    """Every `event.*` name that some milestone's anchor may carry."""
    return {
        name: kind for milestone in pack.milestones.values() for name, kind in event_types(pack, milestone.on).items()
    }


def facts_read(pack: Pack, milestone_id: str) -> frozenset[str]:
    """Every feature that a milestone's rules, texts, deadlines and forms may read: what an occasion needs to keep.

    A date that law gives keeps the birth date it was reckoned from, so that it can be audited.
    """
    milestone = pack.milestones[milestone_id]
    names = {name for text in milestone.text.why.values() for _, name, _, _ in Formatter().parse(text) if name}
    names |= {"born_on"} if milestone.due in pack.law else set()
    rules = [milestone.when, milestone.at_risk]
    offered = pack.offers(milestone_id)
    for chain in pack.chains.values():
        if pack.procedures[chain.whole] in offered:
            rules += [step.done_when for step in chain.steps]
    for procedure in offered:
        rules += [procedure.who, procedure.done_when]
        names |= {need.feature for need in procedure.needs if need.feature}
        names |= {procedure.deadline.after} if procedure.deadline else set()
        names |= {procedure.entitlement_from} if procedure.entitlement_from else set()
    return frozenset(names.union(*(names_in(rule) for rule in rules if rule)))
