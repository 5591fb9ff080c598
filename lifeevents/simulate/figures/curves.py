"""Pyramids and curves of a dump, each with what was published beside it where anything was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from lifeevents.simulate.chances import at_year
from lifeevents.simulate.figures import estimate
from lifeevents.simulate.figures.ask import IN_WINDOW, Ask
from lifeevents.simulate.figures.estimate import Estimate
from lifeevents.simulate.figures.lifetable import STARTS
from lifeevents.simulate.figures.people import fertility_rates
from lifeevents.simulate.figures.tables import Dump
from lifeevents.simulate.people_rates import Sex
from lifeevents.simulate.rates import Rates

YEAR = 2025
"""The year of the published ages."""
_SEXES: tuple[Sex, Sex] = ("M", "F")
_SEASONAL = ("birth", "death", "marriage", "divorce", "move", "job_start", "job_end", "job_loss",
             "household_business_registration", "household_business_closure", "pension_start")  # fmt: skip
Curve = tuple[tuple[float, float], ...]
"""Points (x, y)."""


@dataclass(frozen=True)
class Curves:
    """What the charts show. Shares are of 1; `window` are the days, the last exclusive, over which flows are taken.

    pyramid:    by sex, (youngest age of a five-year group, share of all people) simulated, and published.
    fertility:  five-year group: births per woman and year; `published_fertility` the same.
    mortality:  by sex and group of STARTS, the open one left out; `published_mortality` as the UN gives it, and
                scaled as the simulation uses it.
    marriage:   by sex, share of first marriages at each completed age.
    delays:     "birth" and "death": share registered by so many days after, of all that happened.
    insured:    "compulsory" and "voluntary": share of the people of each age at the end of the year.
    owners:     share of the household businesses opened, by the owner's age in groups of two years.
    survival:   share of household businesses still open so many months after they opened.
    season:     by event, twelve monthly counts per day against their mean (1 = the mean); events in all.
    """

    window: tuple[date, date]
    pyramid: Mapping[Sex, Curve]
    published_pyramid: Mapping[Sex, Curve]
    fertility: Mapping[int, Estimate]
    published_fertility: Mapping[int, float]
    mortality: Mapping[Sex, Mapping[int, Estimate]]
    published_mortality: Mapping[Sex, Mapping[int, tuple[float, float]]]
    marriage: Mapping[Sex, Curve]
    delays: Mapping[str, Curve]
    insured: Mapping[str, Curve]
    owners: Curve
    survival: Curve
    season: Mapping[str, tuple[int, Sequence[float]]]


def curves_of(dump: Dump, rates: Rates) -> Curves | None:
    """The curves of the year of the published ages, or None where the dump does not cover it or nobody lives in it."""
    if not dump.covers(YEAR):
        return None
    ask = Ask(dump, YEAR, rates.work.labour_force.value)
    ages, births, women, weight = fertility_rates(ask)
    return Curves(
        window=ask.window,
        pyramid=_pyramid(ask),
        published_pyramid=_published_pyramid(rates),
        fertility={
            age: estimate.rate(n, years, weight=weight) for age, n, years in zip(ages, births, women, strict=True)
        },
        published_fertility=_published_fertility(rates),
        mortality={sex: _mortality(ask, sex) for sex in _SEXES},
        published_mortality=_published_mortality(rates),
        marriage={sex: _marriage(ask, sex) for sex in _SEXES},
        delays={table[:-1]: _delays(ask, table, days) for table, days in (("births", 365), ("deaths", 120))},
        insured={how: _insured(ask, how) for how in ("compulsory", "voluntary")},
        owners=_owners(ask),
        survival=_survival(ask),
        season={event: found for event in _SEASONAL if (found := _season(ask, event))},
    )


def _points(ask: Ask, sql: str) -> Curve:
    return tuple((float(x), float(y)) for x, y in ask.rows(sql))


def _pyramid(ask: Ask) -> dict[Sex, Curve]:
    return {
        sex: _points(ask, "select least(age, 100) // 5 * 5, count(*) / (select count(*) from aged($mid)) "
                          f"from aged($mid) where sex = '{sex}' group by 1 order by 1")
        for sex in _SEXES
    }  # fmt: skip


def _published_pyramid(rates: Rates) -> dict[Sex, Curve]:
    counted = rates.population.by_age_2025.value
    everyone = sum(sum(ages.values()) for ages in counted.values())
    return {sex: tuple((float(age), n / everyone) for age, n in counted[sex].items()) for sex in _SEXES}


def _published_fertility(rates: Rates) -> dict[int, float]:
    total = at_year(rates.fertility.total.value, YEAR)
    by_age = {age: at_year(table, YEAR) for age, table in rates.fertility.by_age.value.items()}
    return {age: n * total / (5 * sum(by_age.values())) for age, n in by_age.items() if 15 <= age < 50}


def _mortality(ask: Ask, sex: Sex) -> dict[int, Estimate]:
    groups = ", ".join(f"({a}, {b})" for a, b in pairwise(STARTS))
    rows = ask.rows(
        f"""select a, (select count(*) from deaths where sex = '{sex}' and {IN_WINDOW} and age >= a and age < b),
        (select sum(years) from exposure where sex = '{sex}' and year between $first and $last and age >= a and age < b)
        from (values {groups}) as t(a, b) order by a"""
    )
    return {a: estimate.rate(died, float(lived)) for a, died, lived in rows if lived}


def _published_mortality(rates: Rates) -> dict[Sex, dict[int, tuple[float, float]]]:
    scale = rates.mortality.scale.value
    return {
        sex: {age: (pair[1], pair[1] * scale) for age, pair in rates.mortality.by_age.value[sex].items() if age < 85}
        for sex in _SEXES
    }


def _marriage(ask: Ask, sex: Sex) -> Curve:
    return _points(
        ask,
        f"""select age(born_on, day) as age, count(*) / sum(count(*)) over () from weddings
        where which = 1 and sex = '{sex}' and {IN_WINDOW} group by 1 order by 1""",
    )


def _delays(ask: Ask, table: str, days: int) -> Curve:
    """Share registered by the end of each day after, of all of the window, those never registered among them."""
    return _points(
        ask,
        f"""select d, (select count(*) filter (recorded - day <= d) / count(*) from {table} where {IN_WINDOW})
        from range({days + 1}) as r(d) order by d""",
    )


def _insured(ask: Ask, how: str) -> Curve:
    return _points(
        ask,
        f"""select age, count(*) filter (value = '{how}') / count(*) from aged($end)
        left join held('insured', $end) using (subject_id) where age between 15 and 69 group by 1 order by 1""",
    )


def _owners(ask: Ask) -> Curve:
    return _points(
        ask,
        f"""select age(p.born_on, opened) // 2 * 2, count(*) / sum(count(*)) over () from
        (select subject_id, opened, opened as day from businesses where {IN_WINDOW}) join owners using (subject_id)
        join people p on p.subject_id = owner group by 1 order by 1""",
    )


def _survival(ask: Ask) -> Curve:
    """Kaplan and Meier's estimate by month, over the businesses opened since the simulation began."""
    rows = ask.rows(
        """with lives as (select date_sub('month', opened, least(closed, $to)) as months, closed < $to as ended
            from businesses where opened >= $start)
        select months, count(*) filter (ended), count(*) from lives group by 1 order by 1"""
    )
    left, open_share, points = sum(row[2] for row in rows), 1.0, [(0.0, 1.0)]
    for months, ended, gone in rows:
        if left < 100:
            break
        open_share *= 1 - ended / left
        left -= gone
        points.append((months + 1.0, open_share))
    return tuple(points)


def _season(ask: Ask, event: str) -> tuple[int, Sequence[float]] | None:
    """Monthly counts per day of the whole simulated years against their mean; None where nothing happened."""
    rows = ask.rows(
        f"""select count(*) filter (month(occurred_on) = m) / any_value(days), count(*) from
        (select m, sum(day(last_day(make_date(y::int, m::int, 1)))) as days
         from range(1, 13) as a(m), range($whole_from, $whole_to) as b(y) group by m),
        facts where event = '{event}' and year(occurred_on) >= $whole_from and year(occurred_on) < $whole_to
        group by m order by m"""
    )
    if not rows or not rows[0][1]:
        return None
    daily = [float(row[0]) for row in rows]
    return int(rows[0][1]), [12 * one / sum(daily) for one in daily]
