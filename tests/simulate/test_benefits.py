"""Benefits and early pensions: whom the law lets have them, when people claim, and that some miss them."""


def test_an_unemployment_benefit_follows_a_lost_job_within_three_months_and_a_benefit_is_never_claimed_twice(
    country, ask
):
    waits = """select date_diff('month', max(l.occurred_on), b.occurred_on) from truth_events b join truth_events l
        using (subject_id) where b.event = 'unemployment_benefit_start' and l.event = 'job_loss'
        and l.occurred_on <= b.occurred_on group by b.subject_id, b.occurred_on"""
    months = [wait for (wait,) in ask(country.out, waits)]
    benefits = ask(country.out, "select count(*) from truth_events where event = 'unemployment_benefit_start'")[0][0]
    assert len(months) == benefits > 1_000
    assert (min(months), max(months)) == (1, 3)
    twice = """select count(*) from (select subject_id, occurred_on - lag(occurred_on) over (partition by subject_id
        order by occurred_on) as gap from truth_events where event = 'unemployment_benefit_start') where gap < 360"""
    assert ask(country.out, twice) == [(0,)]


def test_the_months_of_an_unemployment_benefit_are_three_to_twelve(clean, ask):
    months = ask(clean.out, """select distinct (payload->>'$.months')::int from events
        where event = 'unemployment_benefit_start' order by 1""")  # fmt: skip
    assert months[0] == (3,)
    assert len(months) > 2
    assert months[-1][0] <= 12


def test_some_who_could_claim_an_unemployment_benefit_miss_it_and_those_slow_to_apply_above_all(country, ask):
    missed = """select count(*) from truth_chances where event = 'unemployment_benefit_missed' and happened"""
    claimed = """select count(*) from truth_chances where event = 'unemployment_benefit_start' and happened"""
    assert 0.05 < ask(country.out, missed)[0][0] / ask(country.out, claimed)[0][0] < 0.6
    slow = """select avg((p_full < 0.5 * p_observable)::int) from truth_chances
        where event = 'unemployment_benefit_start' and {}"""
    assert ask(country.out, slow.format("not happened"))[0][0] > 2 * ask(country.out, slow.format("happened"))[0][0]


def test_a_maternity_benefit_belongs_to_a_birth_of_an_insured_mother(clean, ask):
    births = """select subject_id as child, related_id as subject_id, born_on from
        (select distinct subject_id, related_id from relations where relation = 'mother')
        join (select subject_id, born_on from truth_subjects) using (subject_id)"""
    benefits = "(select * from events where event = 'maternity_benefit_start')"
    without = f"""select count(*) from {benefits} b anti join ({births}) c on c.subject_id = b.subject_id
        and b.occurred_on between c.born_on and c.born_on + interval 10 month"""
    known = ask(clean.out, f"select count(*) from {benefits}")[0][0]
    assert known > 40
    assert ask(clean.out, without)[0][0] <= 0.05 * known  # a few births no register heard of
    uninsured = f"""select count(*) from {benefits} anti join (select subject_id from events where event = 'job_start')
        using (subject_id)"""
    assert ask(clean.out, uninsured) == [(0,)]


def test_an_early_pension_starts_within_five_years_of_the_age_and_is_the_only_pension(country, rates, ask):
    rows = ask(country.out, """select occurred_on, sex, born_on from truth_events join truth_subjects using (subject_id)
        where event = 'early_pension_start'""")  # fmt: skip
    assert len(rows) > 5
    ages = {
        "M": max(band.months for band in rates.pension_age["M"]),
        "F": max(b.months for b in rates.pension_age["F"]),
    }
    for day, sex, born in rows:
        months = (day.year - born.year) * 12 + day.month - born.month
        assert 55 * 12 - 60 <= months <= ages[sex]
    both = """select count(*) from truth_events a join truth_events b using (subject_id)
        where a.event = 'early_pension_start' and b.event = 'pension_start'"""
    assert ask(country.out, both) == [(0,)]


def test_a_certified_disability_makes_an_early_pension_likelier(country, ask):
    early = """select avg((subject_id in (select subject_id from attributes where name = 'disability_level'))::int)
        from (select distinct subject_id from truth_events where event = '{}')"""
    certified = ask(country.out, early.format("early_pension_start"))[0][0]
    assert certified > 2 * ask(country.out, early.format("pension_start"))[0][0]


def test_a_household_business_that_goes_on_as_an_enterprise_ends_that_day(country, ask):
    ended = """select count(*), count(*) filter (c.occurred_on = e.occurred_on) from truth_events e
        left join truth_events c on c.subject_id = e.subject_id and c.event = 'household_business_closure'
        where e.event = 'enterprise_conversion'"""
    conversions, same_day = ask(country.out, ended)[0]
    assert conversions == same_day > 20
    revenue = """select median(value::double) from attributes where name = 'yearly_revenue' and subject_id {}
        (select subject_id from truth_events where event = 'enterprise_conversion')"""
    assert ask(country.out, revenue.format("in"))[0][0] > 2 * ask(country.out, revenue.format("not in"))[0][0]


def test_as_many_unemployment_benefits_start_as_were_decided_in_2025(country, ask):
    """759 thousand decisions among 102.3 million residents: 7.4 per 1000 and year (Viet Nam Social Security, 2025)."""
    recent = """select count(*) / 3.0 from truth_events
        where event = 'unemployment_benefit_start' and occurred_on > date '2023-11-20'"""
    assert abs(ask(country.out, recent)[0][0] * 1000 / country.living - 7.4) < 1.3
