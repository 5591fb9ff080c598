"""A date in law for one person, in plain Python: what `features/groups/law.py` computes for a population in SQL."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from lifeevents.domain.calendar import Period, add_months, plus
from lifeevents.domain.errors import LawError
from lifeevents.domain.pack import DateRule


def date_in_law(rule: DateRule, rules: Mapping[str, DateRule], facts: Mapping[str, Any], as_of: date) -> date:
    """The day that `rule` gives for `facts` (sex, born_on, or the date it counts from), asked on `as_of`.

    Raises LawError where the rule does not reach: a fact is missing, the birth lies outside the table, or every age
    has passed. It never guesses.
    """
    day = _start(rule, rules, facts, as_of)
    if rule.in_year is not None:
        month, of_month = map(int, rule.in_year.split("-"))
        return date(day.year, month, of_month)
    return add_months(day.replace(day=1), 1) if rule.then == "first_of_next_month" else day


def rests_on_birth(rules: Mapping[str, DateRule], name: str | None) -> bool:
    """Is this a date that law reckons from the birth date, directly or by another date?"""
    rule = rules.get(name or "")
    return rule is not None and (rule.operator != "period_after" or rests_on_birth(rules, rule.after))


def comes_once(rules: Mapping[str, DateRule], name: str) -> bool:
    """Is this a day that comes once in a life? One of several `ages` moves on to the next when it has passed."""
    rule = rules.get(name)
    return rule is not None and not rule.ages and rests_on_birth(rules, name)


def _start(rule: DateRule, rules: Mapping[str, DateRule], facts: Mapping[str, Any], as_of: date) -> date:
    period = Period.parse(rule.period or "P0D")
    if rule.operator == "period_after":
        after = rule.after or ""
        begin = date_in_law(rules[after], rules, facts, as_of) if after in rules else _fact(rule, facts, after)
        return plus(begin, period)
    born = _fact(rule, facts, "born_on")
    if rule.operator == "age_table":
        for band in rule.table.get(facts.get("sex", ""), ()):
            if band.born_from <= born and (band.born_to is None or born < band.born_to):
                return add_months(born, band.months)
        raise LawError(f"{rule.id}: no band for sex {facts.get('sex', 'unknown')}, born on {born}. Law is not guessed.")
    if not rule.ages:
        return plus(born, period)
    ahead = [day for age in sorted(rule.ages) if (day := add_months(born, 12 * age)) >= as_of]
    if not ahead:
        raise LawError(f"{rule.id}: all ages had passed on {as_of} for someone born on {born}.")
    return ahead[0]


def _fact(rule: DateRule, facts: Mapping[str, Any], name: str) -> date:
    value = facts.get(name)
    if not isinstance(value, date):
        raise LawError(f"{rule.id} needs the date {name}; give it.")
    return value
