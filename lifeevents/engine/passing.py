"""What time alone changes: ages and months since something, and the exact day on which they reach a bound."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lifeevents.domain.calendar import add_months, months_between
from lifeevents.domain.explanation import Change
from lifeevents.engine.conditions import Condition
from lifeevents.engine.counterfactual import changes

Facts = Mapping[str, Any]
Since = Mapping[str, date]
_AGES = {"age_years": 12, "age_months": 1}


@dataclass(frozen=True)
class Clock:
    """A fact that counts completed units of `months` months from a day."""

    start: date
    months: int

    def at(self, day: date) -> int:
        """The fact's value on a day."""
        return months_between(self.start, day) // self.months

    def reaches(self, units: int) -> date:
        """The first day on which so many units are complete."""
        return add_months(self.start, units * self.months)


def clock_of(name: str, facts: Facts, since: Since) -> Clock | None:
    """The clock of a fact; None for one that time alone does not move, or whose start is not known.

    `since` says from which day a register's value is in force (for `months_of_<attribute>`).
    """
    start: Any
    months = _AGES.get(name, 1)
    if name in _AGES:
        start = facts.get("born_on")
    elif name.startswith("months_since_"):
        start = facts.get(f"last_{name.removeprefix('months_since_')}_on")
    elif name.startswith("months_of_"):
        start = since.get(name)
    else:
        return None
    return Clock(start, months) if isinstance(start, date) else None


def moved(facts: Facts, names: Sequence[str], day: date, since: Since) -> dict[str, Any]:
    """The facts on another day, if nothing but time passes."""
    clocks = {name: clock for name in names if (clock := clock_of(name, facts, since)) and facts.get(name) is not None}
    return {**facts, **{name: clock.at(day) for name, clock in clocks.items()}}


def timed(change: Change, facts: Facts, since: Since) -> Change:
    """The change with the day from which, or until which, time alone makes it so."""
    clock = clock_of(change.name, facts, since)
    if clock is None or change.now is None:
        return change
    from_day = until_day = None
    for need in change.needs:
        bound = need.values[0] if need.values else None
        if not isinstance(bound, int) or isinstance(bound, bool):
            continue
        if need.comparator in ("at_least", "equal") and change.now < bound:  # type: ignore[operator]
            from_day = clock.reaches(bound)
        if need.comparator in ("at_most", "equal") and change.now <= bound:  # type: ignore[operator]
            until_day = clock.reaches(bound + 1) - timedelta(days=1)
    return change.model_copy(update={"from_day": from_day, "until_day": until_day})


def first_day(rules: Sequence[Condition], facts: Facts, since: Since, *, after: date) -> date | None:
    """The first day after `after` on which all rules say yes if nothing but time passes; None when time alone does
    not bring it, or only for another fact as well."""
    waits = []
    for rule in rules:
        for term in rule.terms:
            if term.ask(facts).answer == "yes":
                continue
            days = [timed(change, facts, since).from_day for change in changes(term, facts)]
            reached = [day for day in days if day is not None]
            if not reached:
                return None
            waits.append(min(reached))
    if not waits:
        return None
    day = max(waits)
    names = sorted({name for rule in rules for name in rule.names})
    then = moved(facts, names, day, since)
    return day if day > after and all(rule.ask(then)[0] == "yes" for rule in rules) else None
