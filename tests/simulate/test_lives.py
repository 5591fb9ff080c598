"""What must hold in every simulated life, read from the truth and from clean deliveries."""

from datetime import date

import numpy as np

from lifeevents.simulate.months import as_date, day_number, first_days, plus_months
from lifeevents.simulate.pension import entitled_from


def test_the_certificate_names_the_mother_before_the_registration_names_the_father(clean, ask):
    both = """from events c join events b using (subject_id) where c.event = 'birth_certified' and b.event = 'birth'"""
    assert ask(clean.out, f"select bool_and(c.recorded_at <= b.recorded_at), count(*) > 100 {both}") == [(True, True)]
    mother = """select bool_and(r.recorded_at = e.recorded_at) from relations r join events e using (subject_id)
        where r.relation = 'mother' and r.register = 'health' and e.event = 'birth_certified'"""
    assert ask(clean.out, mother) == [(True,)]
    father = """select bool_and(r.recorded_at = e.recorded_at) from relations r join events e using (subject_id)
        where r.relation = 'father' and e.event = 'birth'  and r.recorded_at >= timestamp '2019-01-02'"""
    assert ask(clean.out, father) == [(True,)]


def test_some_births_are_known_only_to_the_health_register(country, ask):
    certified_only = """select count(*) from (select subject_id from events where event = 'birth_certified'
        and recorded_at < timestamp '2024-01-01') anti join
        (select subject_id from events where event = 'birth') using (subject_id)"""
    assert ask(country.out, certified_only)[0][0] > 20


def test_each_parent_relation_is_told_from_both_sides(clean, ask):
    one_sided = """select count(*) from (select subject_id as child, related_id as parent from relations
        where relation in ('mother', 'father')) anti join
        (select related_id as child, subject_id as parent from relations where relation = 'child')
        using (child, parent)"""
    assert ask(clean.out, one_sided) == [(0,)]


def test_births_of_one_mother_are_twins_or_eleven_months_apart(country, ask):
    gaps = """select distinct case when gap = 0 then 'same day' when gap < 300 then 'too close' else 'later' end from
        (select born_on - lag(born_on) over (partition by related_id order by born_on) as gap
         from (select distinct subject_id, related_id from relations where relation = 'mother')
         join truth_subjects using (subject_id)) where gap is not null order by 1"""
    assert ask(country.out, gaps) == [("later",), ("same day",)]


def test_twins_are_both_of_a_multiple_birth_with_consecutive_orders(country, ask):
    twins = """select max(o) - min(o), count(*) from (select related_id, occurred_on, (payload->>'$.order')::int as o
        from events join (select distinct subject_id, related_id from relations where relation = 'mother')
        using (subject_id) where event = 'birth' and (payload->>'$.multiple')::int = 2 and corrects is null)
        group by related_id, occurred_on having count(*) = 2"""
    rows = ask(country.out, twins)
    assert len(rows) > 5
    assert all(row == (1, 2) for row in rows)


def test_nobody_marries_under_age_or_has_two_spouses_at_once(clean, ask):
    young = """select count(*) from truth_events join truth_subjects using (subject_id) where event = 'marriage'
        and date_diff('month', born_on, occurred_on) < case sex when 'M' then 20 * 12 else 18 * 12 end"""
    assert ask(clean.out, young) == [(0,)]
    last = """(select subject_id, related_id, valid_from, arg_max(coalesce(valid_to, date '2999-01-01'), recorded_at) as
        valid_to from relations where relation = 'spouse' group by all)"""
    overlap = f"""select count(*) from {last} a join {last} b using (subject_id)
        where a.valid_from < b.valid_from and a.valid_to > b.valid_from
        and a.related_id not in (select subject_id from truth_subjects where died_on is not null)"""
    assert ask(clean.out, overlap) == [(0,)]


def test_a_widow_is_no_longer_married_once_the_death_is_registered(clean, ask):
    ended = """select count(*) > 5, bool_and(valid_to = least(dead.died_on, coalesce(own.died_on, dead.died_on)))
        from relations r join truth_subjects own using (subject_id) join truth_subjects dead
        on dead.subject_id = r.related_id where relation = 'spouse' and dead.died_on is not null
        and valid_to is not null and valid_to not in (select occurred_on from truth_events where event = 'divorce')"""
    assert ask(clean.out, ended) == [(True, True)]


def test_pensions_start_at_the_legal_date_or_later_with_enough_contributions(clean, rates, ask):
    rows = ask(clean.out, """select sex, born_on, occurred_on from events join subjects using (subject_id)
        where event = 'pension_start' and recorded_at >= timestamp '2019-01-02'""")  # fmt: skip
    assert len(rows) > 10
    sex = np.array([0 if row[0] == "M" else 1 for row in rows])
    entitled = first_days(entitled_from(rates, sex, np.array([day_number(row[1]) for row in rows])))
    waited = np.array([day_number(row[2]) for row in rows]) - entitled
    assert waited.min() == 0
    assert waited.max() > 60
    short = """select count(*) from events p join attributes a using (subject_id) where p.event = 'pension_start'
        and a.name = 'contribution_months' and a.valid_from = p.occurred_on and a.value::int < 180"""
    assert ask(clean.out, short) == [(0,)]


def test_the_pension_month_follows_the_dated_table(rates):
    born = [date(1965, 8, 1), date(1969, 5, 20), date(1950, 2, 28)]
    months = entitled_from(rates, np.array([0, 1, 0]), np.array([day_number(day) for day in born]))
    starts = [as_date(day) for day in first_days(months)]
    assert starts == [date(2027, 6, 1), date(2026, 6, 1), date(2010, 3, 1)]


def test_identity_cards_are_issued_from_fourteen_and_end_at_an_age_of_the_law(clean, ask):
    young = """select count(*) from events join subjects using (subject_id) where event = 'identity_card_issued'
        and date_diff('month', born_on, occurred_on) < 14 * 12"""
    assert ask(clean.out, young) == [(0,)]
    ages = """select distinct round((value::date - born_on) / 365.25)::int from attributes join subjects
        using (subject_id) where name = 'identity_card_valid_to' order by 1"""
    assert ask(clean.out, ages) == [(25,), (40,), (60,), (120,)]


def test_a_childs_health_card_ends_at_seventy_two_months(clean, ask):
    rows = ask(clean.out, """select born_on, value::date from attributes join subjects using (subject_id)
        where name = 'health_card_valid_to' and value::date - born_on between 70 * 30 and 2200
        and recorded_at < born_on + interval 2 year""")  # fmt: skip
    assert len(rows) > 50
    ends = plus_months(np.array([day_number(row[0]) for row in rows]), 72)
    assert [as_date(day) for day in ends] == [row[1] for row in rows]


def test_a_business_has_one_owner_from_its_registration_and_yearly_revenue(clean, ask):
    owners = """select bool_and(n = 1) from (select e.subject_id, count(r.related_id) as n from events e
        left join relations r on r.subject_id = e.subject_id and relation = 'owner' and r.recorded_at = e.recorded_at
        where event = 'household_business_registration' group by all)"""
    assert ask(clean.out, owners) == [(True,)]
    twice = """select count(*) from (select subject_id, valid_from from attributes where name = 'yearly_revenue'
        group by all having count(*) > 1)"""
    assert ask(clean.out, twice) == [(0,)]


def test_a_lost_job_makes_a_household_business_more_likely(country, ask):
    openers = """select r.related_id as subject_id, e.occurred_on from events e join relations r using (subject_id)
        where event = 'household_business_registration' and relation = 'owner'
        and e.recorded_at > timestamp '2011-01-01'"""
    after_loss = f"""select count(*) from (select distinct o.* from ({openers}) o join events l using (subject_id)
        where l.event = 'job_loss' and o.occurred_on between l.occurred_on and l.occurred_on + 365)"""
    person_years = "select count(*) from events where event = 'job_loss'"
    adult_years = "select 16 * 0.65 * count(*) from truth_subjects where kind = 'person' and died_on is null"
    usual = ask(country.out, f"select count(*) from ({openers})")[0][0] / float(ask(country.out, adult_years)[0][0])
    assert ask(country.out, after_loss)[0][0] / ask(country.out, person_years)[0][0] > 1.8 * usual
