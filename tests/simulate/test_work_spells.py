"""Spells of insured work lie one after another, so that a register's last row says what is so."""


def test_a_spell_of_insured_work_starts_after_the_last_one_ended(country, ask):
    gaps = """select count(*), count(*) filter (event = before), count(*) filter (occurred_on <= ended)
        from (select event, occurred_on, lag(event) over lives as before, lag(occurred_on) over lives as ended
        from truth_events where event in ('job_start', 'job_end')
        window lives as (partition by subject_id order by occurred_on, event)) where before is not null"""
    turns, twice, too_soon = ask(country.out, gaps)[0]
    assert turns > 10_000
    assert (twice, too_soon) == (0, 0)


def test_every_change_of_insurance_is_a_change_and_has_a_day_of_its_own(clean, ask):
    changes = """select count(*), count(*) filter (value = before), count(*) filter (valid_from <= ended)
        from (select value, valid_from, lag(value) over lives as before, lag(valid_from) over lives as ended
        from attributes where name = 'insured' window lives as (partition by subject_id order by valid_from))
        where before is not null"""
    turns, same, too_soon = ask(clean.out, changes)[0]
    assert turns > 500
    assert (same, too_soon) == (0, 0)


def test_whoever_draws_a_pension_is_insured_no_more(clean, ask):
    insured = """select count(*) from (select subject_id, arg_max(value, valid_from) as form from attributes
        where name = 'insured' group by 1) join (select distinct subject_id from events
        where event in ('pension_start', 'early_pension_start')) using (subject_id) where form <> 'none'"""
    assert ask(clean.out, insured) == [(0,)]
