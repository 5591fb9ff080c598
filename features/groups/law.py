"""Dates that law gives: each rule of the pack as SQL over the other features, in three operators.

The arithmetic is that of `lifeevents.domain.calendar`: a month without the day ends on its last day.
"""

from collections.abc import Mapping

from features.feature import Feature, Sql
from features.sql import add_months, first_of_next_month, in_year, literal, plus, quoted
from lifeevents.domain.calendar import Period
from lifeevents.domain.errors import PackError, did_you_mean
from lifeevents.domain.pack import AgeBand, DateRule, Vocabulary

NAME, MEANING = "law", "Dates that law gives"


def features(vocabulary: Vocabulary, others: Mapping[str, Feature]) -> tuple[Feature, ...]:
    """One date feature per rule, over the columns `others` and `as_of`.

    Raises PackError when a rule starts from something that is no date feature, or from itself.
    """
    return tuple(
        Feature(
            name=rule.id,
            type="date",
            group=NAME,
            sql=_date(rule, vocabulary.law, others, ()),
            meaning=next(iter(rule.title.values()), rule.id) + ".",
            register=None,
            subject=rule.subject,
            detectors=_allowed(rule, vocabulary.law, others),
            law=rule.law,
        )
        for rule in vocabulary.law.values()
    )


def _date(rule: DateRule, rules: Mapping[str, DateRule], others: Mapping[str, Feature], above: tuple[str, ...]) -> Sql:
    if rule.id in above:
        raise PackError(f"law rule {rule.id} starts from itself: {' -> '.join((*above, rule.id))}.")
    match rule.operator:
        case "age_table":
            sql = _by_age(rule)
        case "anniversary":
            sql = _anniversary(rule)
        case "period_after":
            start = _start(rule, rules, others, above)
            sql = plus(start, Period.parse(rule.period or "P0D"))
    if rule.in_year is not None:
        return in_year(sql, rule.in_year)
    return first_of_next_month(sql) if rule.then == "first_of_next_month" else sql


def _start(rule: DateRule, rules: Mapping[str, DateRule], others: Mapping[str, Feature], above: tuple[str, ...]) -> Sql:
    after = rule.after or ""
    if after in rules:
        return _date(rules[after], rules, others, (*above, rule.id))
    if after in others and others[after].type == "date":
        return quoted(after)
    dates = [*rules, *(name for name, other in others.items() if other.type == "date")]
    raise PackError(f'law rule {rule.id}: "{after}" is no date feature.{did_you_mean(after, dates)}')


def _allowed(rule: DateRule, rules: Mapping[str, DateRule], others: Mapping[str, Feature]) -> bool:
    """May a detector read it? Not when it starts from something on the deny-list."""
    after = rule.after or ""
    return _allowed(rules[after], rules, others) if after in rules else after not in others or others[after].detectors


def _by_age(rule: DateRule) -> Sql:
    cases = "\n".join(
        f'WHEN "sex" = {literal(sex)} AND {_in_band(band)} THEN {add_months(quoted("born_on"), band.months)}'
        for sex, bands in rule.table.items()
        for band in bands
    )
    return f"CASE {cases} END" if cases else "CAST(NULL AS DATE)"


def _in_band(band: AgeBand) -> Sql:
    from_ = f"\"born_on\" >= DATE '{band.born_from}'"
    return f"{from_} AND \"born_on\" < DATE '{band.born_to}'" if band.born_to else from_


def _anniversary(rule: DateRule) -> Sql:
    """The first of `ages` not yet passed on the day (the day itself counts), or birth + `period`."""
    if not rule.ages:
        return plus(quoted("born_on"), Period.parse(rule.period or "P0D"))
    days = [add_months(quoted("born_on"), 12 * age) for age in sorted(rule.ages)]
    return f"CASE {' '.join(f'WHEN {day} >= as_of THEN {day}' for day in days)} END"
