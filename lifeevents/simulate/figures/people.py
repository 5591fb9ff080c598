"""What a dump shows of a population: its ages, births, deaths and marriages."""

import bisect

from lifeevents.simulate.figures import estimate
from lifeevents.simulate.figures.ask import IN_WINDOW, Ask, Measure, mean, ratio, share, yearly
from lifeevents.simulate.figures.estimate import Estimate
from lifeevents.simulate.figures.lifetable import STARTS, life_expectancy, singulate_mean_age

_GROUP = "least(greatest(age, 15), 49) // 5 * 5"
"""Five-year age group of a mother; the few below 15 and from 50 on join their neighbours."""


def growth(ask: Ask) -> Estimate:
    """Mean yearly growth over the five years that end on 1 April, in percent."""
    then, now, flows = ask.row(
        """select (select count(*) from aged(make_date(year($mid) - 5, 4, 1))),
        (select count(*) from aged(make_date(year($mid), 4, 1))),
        (select count(*) from (select day from births union all select day from deaths)
         where day >= make_date(year($mid) - 5, 4, 1) and day < make_date(year($mid), 4, 1))"""
    )
    return estimate.normal(100 * ((now / then) ** 0.2 - 1), 100 * float(flows**0.5) / now / 5)


def fertility_rates(ask: Ask, group: str = _GROUP) -> tuple[list[int], list[float], list[float], float]:
    """Age groups, births and women's years in each, and what a birth with a known mother stands for."""
    rows = ask.rows(
        f"""select ages, coalesce(births, 0), women from
        (select {group} as ages, sum(years) as women from exposure
         where sex = 'F' and age between 15 and 49 and year between $first and $last group by 1)
        left join (select {group} as ages, count(*) as births from births
         where {IN_WINDOW} and age is not null group by 1) using (ages) order by 1"""
    )
    ages, births, women = [row[0] for row in rows], [row[1] for row in rows], [float(row[2]) for row in rows]
    return ages, births, women, births_per_known(ask)


def births_per_known(ask: Ask) -> float:
    """All births of the window over those whose mother some register knows."""
    everyone, known = ask.row(f"select count(*), count(age) from births where {IN_WINDOW}")
    return everyone / known


def total_fertility(ask: Ask) -> Estimate:
    """Children per woman, from rates by five-year age group."""
    _, births, women, weight = fertility_rates(ask)
    return estimate.rate_sum(births, women, 5, weight=weight)


def fertility_in(place: str) -> Measure:
    """Children per woman among women who live in wards ('true') or communes ('false') in the middle of the year."""

    def measure(ask: Ask) -> Estimate:
        rows = ask.rows(
            f"""with residents as (select subject_id from held('urban', $mid) where value = '{place}')
            select coalesce(births, 0), women * date_diff('day', $since, $to) / 365.25 from
            (select {_GROUP} as ages, count(*) as women from aged($mid) join residents using (subject_id)
             where sex = 'F' and age between 15 and 49 group by 1)
            left join (select {_GROUP} as ages, count(*) as births from births join residents on subject_id = mother
             where {IN_WINDOW} group by 1) using (ages) order by ages"""
        )
        births, women = [row[0] for row in rows], [row[1] for row in rows]
        return estimate.rate_sum(births, women, 5, weight=births_per_known(ask))

    return measure


def fertility_at(age: int) -> Measure:
    """Births per 1,000 women and year in the five-year age group that starts at `age`."""

    def measure(ask: Ask) -> Estimate:
        ages, births, women, weight = fertility_rates(ask)
        exposed = dict(zip(ages, women, strict=True))
        return estimate.rate(
            dict(zip(ages, births, strict=True)).get(age, 0), exposed.get(age, 0.0), 1000, weight=weight
        )

    return measure


def age_of_childbearing(ask: Ask) -> Estimate:
    """The mean age at childbearing that the rates by single year of age imply."""
    ages, births, women, _ = fertility_rates(ask, "age")
    return estimate.rate_mean(births, women, [age + 0.5 for age in ages])


def expectancy(sex: str) -> Measure:
    """Life expectancy at birth of men ('M'), women ('F') or both ('MF')."""

    def measure(ask: Ask) -> Estimate:
        died, lived = dict.fromkeys(STARTS, 0.0), dict.fromkeys(STARTS, 0.0)
        for table, sql in (
            (died, f"select age, count(*) from deaths where contains('{sex}', sex) and {IN_WINDOW} group by 1"),
            (lived, f"select age, sum(years) from exposure where contains('{sex}', sex) "
                    "and year between $first and $last group by 1"),
        ):  # fmt: skip
            for age, count in ask.rows(sql):
                table[STARTS[bisect.bisect_right(STARTS, age) - 1]] += float(count)
        return life_expectancy(died, lived)

    return measure


def infant_deaths(ask: Ask) -> Estimate:
    """Deaths before the first birthday per 1,000 births of the same days."""
    died, born = ask.row(
        f"""select (select count(*) from deaths where {IN_WINDOW} and age = 0),
        (select count(*) from births where {IN_WINDOW})"""
    )
    return estimate.rate(died, born, 1000)


def singulate(sex: str) -> Measure:
    """Mean age at first marriage from the shares never married in the middle of the year."""

    def measure(ask: Ask) -> Estimate:
        rows = ask.rows(
            f"""select count(*) filter (w.subject_id is null), count(*) from aged($mid) a
            left join (select subject_id from weddings where which = 1 and day <= $mid) w using (subject_id)
            where sex = '{sex}' and age between 15 and 54 group by age // 5 order by age // 5"""
        )
        return singulate_mean_age(rows)

    return measure


_STATUS = """(select a.subject_id, a.age, a.sex, m.subject_id is not null as married,
    w.subject_id is not null as ever, d.subject_id is not null as divorced from aged($mid) a
    left join (select distinct s.subject_id from spouses s join people p on p.subject_id = related_id
        where since <= $mid and (until is null or until > $mid) and died_on > $mid) m using (subject_id)
    left join (select subject_id from weddings where which = 1 and day <= $mid) w using (subject_id)
    left join (select distinct subject_id from facts where event = 'divorce' and occurred_on <= $mid) d
        using (subject_id) where a.age >= 15)"""
_COUPLES = """(select round(date_diff('day', h.born_on, w.born_on) / 365.25) as gap from
    spouses s join people w on w.subject_id = s.subject_id and w.sex = 'F' join people h on h.subject_id = related_id
    where since >= $since and since < $to)"""


def _first_marriage(sex: str) -> Measure:
    return mean(f"select (day - born_on) / 365.25 as x from weddings where which = 1 and sex = '{sex}' and {IN_WINDOW}")


def _aged(condition: str) -> Measure:
    return share(f"count(*) filter ({condition}), count(*) from aged($mid)")


def _status(condition: str) -> Measure:
    return share(f"count(*) filter ({condition}), count(*) from {_STATUS}")


def _couples(condition: str) -> Measure:
    return share(f"count(*) filter ({condition}), count(*) from {_COUPLES}")


MEASURES: dict[str, Measure] = {
    "share aged 0-14": _aged("age < 15"),
    "share aged 15-59": _aged("age between 15 and 59"),
    "share aged 60 and over": _aged("age >= 60"),
    "men per 100 women": ratio("count(*) filter (sex = 'M'), count(*) filter (sex = 'F') from aged($mid)", 100),
    "yearly growth over five years": growth,
    "urban share": share("count(*) filter (value = 'true'), count(*) from held('urban', $mid) join aged($mid) "
                         "using (subject_id)"),
    "moved within five years": share("(select count(distinct subject_id) from facts join aged($mid) using (subject_id) "
                                     "where event = 'move' and occurred_on > $mid - interval 5 year "
                                     "and occurred_on <= $mid and age >= 5), count(*) from aged($mid) where age >= 5"),
    "total fertility": total_fertility,
    "total fertility in wards": fertility_in("true"),
    "total fertility in communes": fertility_in("false"),
    **{f"births per 1000 women aged {age}-{age + 4}": fertility_at(age) for age in range(15, 45, 5)},
    "mean age at childbearing": age_of_childbearing,
    "births per 1000 people": yearly(f"births where {IN_WINDOW}"),
    "boys per 100 girls at birth": ratio("count(*) filter (sex = 'M'), count(*) filter (sex = 'F') from births "
                                         f"where {IN_WINDOW}", 100),
    "deaths per 1000 people": yearly(f"deaths where {IN_WINDOW}"),
    "life expectancy at birth": expectancy("MF"),
    "life expectancy at birth, men": expectancy("M"),
    "life expectancy at birth, women": expectancy("F"),
    "infant deaths per 1000 births": infant_deaths,
    "women's mean age at first marriage": _first_marriage("F"),
    "men's mean age at first marriage": _first_marriage("M"),
    "women's singulate mean age at marriage": singulate("F"),
    "men's singulate mean age at marriage": singulate("M"),
    "marriages per 1000 people": yearly(f"weddings where {IN_WINDOW}", halved=True),
    "couples of the same age": _couples("gap = 0"),
    "couples with an older husband": _couples("gap > 0"),
    "couples with a husband 1 to 4 years older": _couples("gap between 1 and 4"),
    "couples with an older wife": _couples("gap < 0"),
    "ever married, aged 15 and over": _status("ever or married"),
    "married, aged 15 and over": _status("married"),
    "divorced, aged 15 and over": _status("divorced and not married"),
    "widowed, aged 15 and over": _status("ever and not married and not divorced"),
}  # fmt: skip
