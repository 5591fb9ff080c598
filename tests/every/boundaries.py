"""Which boundaries a milestone's cases must show, by its kind, and which of them a milestone lacks."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlglot import exp

from features.compute import law_dates
from lifeevents.domain.calendar import Period, minus, plus
from lifeevents.domain.milestone import Case, Milestone
from lifeevents.domain.pack import Pack
from lifeevents.domain.register import ValueType
from lifeevents.engine.conditions import Condition, column_name, literal_value
from lifeevents.engine.eligibility import event_types

DAY = timedelta(days=1)
Facts = dict[str, Any]
NEVER_UNKNOWN = ("alive", "event.occurred_on", "event.recorded_on")
"""What every row of the features and every event says."""


def missing(pack: Pack, known: dict[str, ValueType], milestone: Milestone) -> list[str]:
    """The boundaries that no case of the milestone shows, each as a sentence."""
    types = {**known, **event_types(pack, milestone.on)}
    seen = [(case, _facts(pack, types, case)) for case in milestone.cases]
    rule = Condition.parse(milestone.when or milestone.at_risk or "true", types)
    by_kind = {"due": _due, "registered": _registered, "predicted": _nothing}[milestone.kind]
    lacks = [*by_kind(pack, milestone, seen), *_thresholds(rule, seen), *_unknown(rule, seen)]
    if milestone.kind != "predicted" and not _any(seen, lambda case, facts: facts.get("alive") is False, found=False):
        lacks.append("one who has died")
    return lacks


def _facts(pack: Pack, types: dict[str, ValueType], case: Case) -> Facts:
    """What the case's rule reads: facts, law dates and the anchor's payload."""
    given = {name: _typed(types, name, value) for name, value in case.given.items()}
    event = {f"event.{name}": _typed(types, f"event.{name}", value) for name, value in case.event.items()}
    return {"alive": True, **law_dates(pack.vocabulary, given, case.as_of), **given, **event}


def _typed(types: dict[str, ValueType], name: str, value: Any) -> Any:
    return date.fromisoformat(value) if types[name] == "date" and isinstance(value, str) else value


def _any(seen: list[tuple[Case, Facts]], shows: Any, *, found: bool) -> bool:
    """Does a case show this, and expect to be found (or not)?"""
    return any(bool(case.expect) == found and shows(case, facts) for case, facts in seen)


def _nothing(pack: Pack, milestone: Milestone, seen: list[tuple[Case, Facts]]) -> Iterator[str]:
    yield from ()


def _due(pack: Pack, milestone: Milestone, seen: list[tuple[Case, Facts]]) -> Iterator[str]:
    name, lead, until = milestone.due or "", Period.parse(milestone.lead), Period.parse(milestone.until)
    dated = [(case, facts) for case, facts in seen if isinstance(facts.get(name), date)]
    for what, day, found in (
        ("the first day", lambda due: minus(due, lead), True),
        ("the day before the first", lambda due: minus(due, lead) - DAY, False),
        ("the last day", lambda due: plus(due, until), True),
        ("the day after the last", lambda due: plus(due, until) + DAY, False),
    ):
        if not _any(dated, lambda case, facts, day=day: case.as_of == day(facts[name]), found=found):
            yield what
    if not any(_is_leap_day(facts.get(start)) for _, facts in dated for start in (name, *_starts(pack, name))):
        yield "29 February"
    if not any((facts[name] + DAY).day == 1 or (case.as_of + DAY).day == 1 for case, facts in dated):
        yield "the end of a month"
    if not _any(seen, lambda case, facts: facts.get(name) is None, found=False):
        yield f"an unknown {name}"
    if _starts(pack, name) == ("born_on",) and not _any(
        seen, lambda case, facts: facts.get("born_on") and facts["born_on"] > case.as_of, found=False
    ):
        yield "one not yet born"


def _starts(pack: Pack, name: str) -> tuple[str, ...]:
    """The date that a law date is reckoned from; none for a date that a register holds."""
    rule = pack.law.get(name)
    if rule is None:
        return ()
    if rule.operator != "period_after":
        return ("born_on",)
    return _starts(pack, rule.after or "") or (rule.after or "",)


def _registered(pack: Pack, milestone: Milestone, seen: list[tuple[Case, Facts]]) -> Iterator[str]:
    within, on = Period.parse(milestone.within), "event.recorded_on"
    for what, day, found in (
        ("recorded today", lambda today: today, True),
        ("recorded tomorrow", lambda today: today + DAY, False),
        ("the last day", lambda today: minus(today, within), True),
        ("the day after the last", lambda today: minus(today, within) - DAY, False),
    ):
        if not _any(seen, lambda case, facts, day=day: facts[on] == day(case.as_of), found=found):
            yield what
    if not any(_is_leap_day(facts[on]) or _is_leap_day(facts["event.occurred_on"]) for _, facts in seen):
        yield "29 February"


def _is_leap_day(day: Any) -> bool:
    return isinstance(day, date) and (day.month, day.day) == (2, 29)


def _thresholds(rule: Condition, seen: list[tuple[Case, Facts]]) -> Iterator[str]:
    """Each number or date that the rule compares with has a case on either side of it, one unit apart."""
    for term in rule.terms:
        for node in term.tree.find_all(exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between):
            if not isinstance(node.this, exp.Column):
                continue
            name = column_name(node.this)
            for value, step in _bounds(node, term.types[name]):
                unit: Any = DAY if isinstance(value, date) else 1
                for at in (value, value + step * unit):
                    if not any(facts.get(name) == at for _, facts in seen):
                        yield f"{name} = {at}"


def _bounds(node: exp.Expr, kind: ValueType) -> Iterator[tuple[Any, int]]:
    """A literal bound, and on which side of it the other answer lies."""
    if isinstance(node, exp.Between):
        yield literal_value(node.args["low"], kind), -1
        yield literal_value(node.args["high"], kind), 1
    elif not isinstance(node.expression, exp.Column):
        yield literal_value(node.expression, kind), 1 if isinstance(node, exp.LTE | exp.GT) else -1


def _unknown(rule: Condition, seen: list[tuple[Case, Facts]]) -> Iterator[str]:
    """Each fact that the rule reads is unknown in a case of its own."""
    for name in sorted(rule.names.difference(NEVER_UNKNOWN)):
        others = rule.names.difference((name, *NEVER_UNKNOWN))
        if not any(facts.get(name) is None and facts.get("alive") for _, facts in seen):
            yield f"an unknown {name}" + (f" beside {', '.join(sorted(others))}" if others else "")
