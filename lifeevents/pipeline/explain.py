"""Why me, why not me: the registers, the rules and the ledger put together for one subject on one day."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow.compute as pc

from lifeevents.domain.calendar import Period, local_day, plus
from lifeevents.domain.errors import NotFound, did_you_mean
from lifeevents.domain.explanation import EventSeen, Explanation, ProcedureExplained, Source, Trigger, Way
from lifeevents.domain.milestone import Milestone
from lifeevents.domain.occasion import Fact, FactValue
from lifeevents.domain.pack import Pack
from lifeevents.domain.register import ValueType
from lifeevents.engine import triggers
from lifeevents.engine.eligibility import MilestoneRules, Rulebook, event_types
from lifeevents.engine.explanation import Known, most_hopeful, way
from lifeevents.engine.representation import Addressee, Tie
from lifeevents.pipeline.fates import Fates
from lifeevents.ports import LiveRows, Predictor, Snapshot, SubjectSource, Unit

EVER = date(1900, 1, 1)
"""Early enough for every event on record."""


@dataclass(frozen=True)
class Explaining:
    """`lifeevents.ports.Explainer` over the registers. Without `predictors` a predicted milestone is explained by
    what the last sweep stored."""

    pack: Pack
    rules: Rulebook
    source: SubjectSource
    predictors: Sequence[Predictor] = ()

    def explain(
        self, unit: Unit | None, subject_id: str, *, as_of: date, procedures: Sequence[str] | None = None
    ) -> Explanation:
        for name in procedures or ():
            if name not in self.pack.procedures:
                raise NotFound(f'There is no procedure "{name}".{did_you_mean(name, self.pack.procedures)}')
        seen = self.source.portray(subject_id, unit.live_rows if unit else _nothing, as_of, since=EVER)
        rows = seen.snapshot.rows.to_pylist()
        if not rows:
            raise NotFound(f"No register knows {subject_id} on {as_of}.")
        facts = {name: value for name, value in rows[0].items() if name != "subject_id"}
        subject = _Subject(
            subject_id,
            Known(as_of, facts, seen.sources),
            seen.snapshot,
            Fates.of(unit, subject_id, as_of),
        )
        to, through = self._addressee(subject)
        ways = self._ways(subject)
        wanted = procedures if procedures is not None else list(self.pack.procedures)
        explained = [self._procedure(name, ways.get(name, []), facts["kind"]) for name in wanted]
        return Explanation(
            subject_id=subject_id,
            kind=facts["kind"],
            as_of=as_of,
            alive=facts["alive"] is not False,
            told_through=through,
            recipient_id=to.recipient_id if to else None,
            recipient_is=to.represents[0].relation if to and to.represents else None,
            procedures=tuple(one for one in explained if procedures is not None or _concerns(self.pack, one, facts)),
        )

    def _addressee(self, subject: "_Subject") -> tuple[Addressee | None, tuple[str, ...]]:
        speakers, facts = self.rules.representatives, subject.known.facts
        rule = speakers.rule_for(facts)
        return speakers.addressee(subject.id, facts, subject.ties()), rule.by if rule else ()

    def _ways(self, subject: "_Subject") -> dict[str, list[Way]]:
        """Every procedure's ways through the milestones of the subject's kind."""
        found: dict[str, list[Way]] = {}
        for milestone in self.pack.milestones.values():
            if milestone.subject != subject.known.facts["kind"]:
                continue
            rules = self.rules[milestone.id]
            trigger, known = self._trigger(milestone, rules, subject)
            for offer in rules.offers:
                if offer.procedure.who is None:
                    continue
                one = way(milestone.id, trigger, rules.when, offer, known)
                fates = subject.fates.of_milestone(milestone.id, offer.procedure.id)
                found.setdefault(offer.procedure.id, []).append(one.model_copy(update={"fates": fates}))
        return found

    def _procedure(self, name: str, found: Sequence[Way], kind: str) -> ProcedureExplained:
        if ways := most_hopeful(found):
            return ProcedureExplained(procedure=name, outlook=ways[0].outlook, ways=ways)
        led = [m for m in self.pack.milestones.values() if self.pack.procedures[name] in self.pack.offers(m.id)]
        others = bool(led) and self.pack.procedures[name].who is not None and all(m.subject != kind for m in led)
        return ProcedureExplained(procedure=name, outlook="not_yours" if others else "no_milestone")

    def _trigger(self, milestone: Milestone, rules: MilestoneRules, subject: "_Subject") -> tuple[Trigger, Known]:
        """What starts the milestone, and the subject's facts beside its anchor."""
        known, alive = subject.known, subject.known.facts["alive"] is not False
        match milestone.kind:
            case "registered":
                return self._registered(milestone, rules, subject, alive)
            case "due":
                due = known.fact(milestone.due or "")
                if due.value is None and due.name not in self.pack.law:
                    due = due.model_copy(update={"as_of": _delivered(known, due.register_id)})
                return triggers.due(self.pack, milestone, due, as_of=known.as_of, alive=alive), known
        predictor = next((one for one in self.predictors if one.milestone == milestone.id), None)
        trigger = triggers.predicted(
            milestone,
            at_risk=rules.when.ask(known.facts)[0] == "yes",
            chance=predictor.chance(subject.snapshot, subject.id) if predictor else None,
            occasions=subject.fates.occasions(milestone.id),
            as_of=known.as_of,
            alive=alive,
        )
        return trigger, known

    def _registered(
        self, milestone: Milestone, rules: MilestoneRules, subject: "_Subject", alive: bool
    ) -> tuple[Trigger, Known]:
        on, known = milestone.on or "", subject.known
        register = self.pack.vocabulary.registers.get(on)
        seen = subject.events(milestone, self.pack)
        best: tuple[EventSeen, Known] | None = None
        for event, payload in seen:
            beside = known.beside(payload, Source(register_id=event.register_id, since=event.recorded_on))
            recent = triggers.is_recent(milestone, event, known.as_of)
            if best is None or (recent and rules.when.ask(beside.facts)[0] != "no"):
                best = event, beside
                if recent and rules.when.ask(beside.facts)[0] != "no":
                    break
        source = Fact(name=on, value=None, register_id=register, as_of=_delivered(known, register))
        trigger = triggers.registered(
            milestone,
            [event for event, _ in seen],
            best[0] if best else None,
            source,
            as_of=known.as_of,
            alive=alive,
        )
        return trigger, best[1] if best else known


@dataclass(frozen=True)
class _Subject:
    """One subject: what is known, its snapshot, and what became of it so far."""

    id: str
    known: Known
    snapshot: Snapshot
    fates: Fates

    def ties(self) -> list[Tie]:
        """The living relatives."""
        if self.snapshot.ties is None:
            return []
        rows = self.snapshot.ties.to_pylist()
        return [Tie(row["relation"], row["related_id"], row["since"]) for row in rows if row["subject_id"] == self.id]

    def events(self, milestone: Milestone, pack: Pack) -> list[tuple[EventSeen, dict[str, FactValue]]]:
        """The live events that the milestone waits for, newest record first, each with its payload."""
        table = self.snapshot.events
        mine = table.filter(pc.and_(pc.equal(table["subject_id"], self.id), pc.equal(table["event"], milestone.on)))
        within, settle = Period.parse(milestone.within), Period.parse(milestone.settle)
        types = event_types(pack, milestone.on)
        found = []
        for row in mine.to_pylist():
            recorded_at: datetime = row["recorded_at"].replace(tzinfo=UTC)
            recorded_on = local_day(recorded_at, pack.tz)
            event = EventSeen(
                event_id=row["event_id"],
                event=row["event"],
                occurred_on=row["occurred_on"],
                recorded_on=recorded_on,
                register_id=pack.vocabulary.registers.get(row["event"]),
                settled_at=recorded_at + timedelta(days=settle.days),
                active_until=plus(recorded_on, within),
            )
            payload = _payload(row["payload"], types)
            found.append((event, {**payload, "occurred_on": event.occurred_on, "recorded_on": recorded_on}))
        return sorted(found, key=lambda one: (one[0].recorded_on, one[0].event_id), reverse=True)


def _nothing(subject_ids: Collection[str]) -> LiveRows:
    """Without a ledger nothing has come in live."""
    return {}


def _payload(text: str | None, types: Mapping[str, ValueType]) -> dict[str, FactValue]:
    """The payload's fields as the rules read them; what is absent or not of its type is unknown."""
    given: Mapping[str, Any] = json.loads(text) if text else {}
    kinds = {name.removeprefix("event."): kind for name, kind in types.items()}
    return {name: _cast(given.get(name), kind) for name, kind in kinds.items()}


def _cast(value: Any, kind: ValueType) -> FactValue:
    if value is None or value == "":
        return None
    try:
        match kind:
            case "integer":
                return int(value)
            case "number":
                return float(value)
            case "date":
                return date.fromisoformat(str(value))
            case "flag":
                return value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value).lower())
    except ValueError:
        return None
    return str(value)


def _concerns(pack: Pack, one: ProcedureExplained, facts: Mapping[str, Any]) -> bool:
    """Is this a procedure for the subject's kind at all (or one that a milestone of its kind leads to)?"""
    return bool(one.ways) or pack.procedures[one.procedure].subject == facts["kind"]


def _delivered(known: Known, register_id: str | None) -> date | None:
    """The day up to which a register has delivered; None when it has not."""
    return next((source.delivered_on for source in known.sources.values() if source.register_id == register_id), None)
