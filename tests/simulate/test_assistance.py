"""Poverty and the social pension: households share a status, the law's ages hold, the other processes do not notice."""

from datetime import date

import pytest

from lifeevents.simulate import simulate

BEGINS = date(2025, 7, 1)


def test_a_social_pension_starts_at_75_or_at_70_for_the_listed_and_never_beside_a_pension(country, ask):
    started = """from truth_events e join truth_subjects s using (subject_id)
        where event = 'social_pension_start' and occurred_on between date '2025-01-01' and date '2026-11-20'"""
    rows = ask(country.out, f"select occurred_on, date_diff('month', born_on, occurred_on), subject_id {started}")
    assert len(rows) > 200
    assert min(row[0] for row in rows) == BEGINS
    young = {row[2] for row in rows if row[1] <= 75 * 12}
    assert min(row[1] for row in rows) > 70 * 12
    listed = {s for (s,) in ask(country.out, "select subject_id from attributes where name = 'poverty_status'")}
    assert 0 < len(young) < len(rows) / 2
    assert len(young - listed) <= 1 + 0.02 * len(young)  # a made-up row may be dated a month early
    pensioners = {s for (s,) in ask(country.out, "select subject_id from events where event = 'pension_start'")}
    assert len({row[2] for row in rows} & pensioners) <= 0.02 * len(rows)


def test_some_of_those_entitled_wait_long_for_their_social_pension(country, ask):
    waited = """select count(*) filter (occurred_on = date '2025-07-01'),
        count(*) filter (occurred_on > date '2026-01-01') from truth_events join truth_subjects using (subject_id)
        where event = 'social_pension_start'
        and born_on < date '1950-01-01'"""
    at_once, late = ask(country.out, waited)[0]
    assert at_once > 2 * late > 0


def test_spouses_and_minor_children_share_the_status_of_their_household(clean, ask):
    status = """(select subject_id, arg_max(value, valid_from) as value from attributes
        where name = 'poverty_status' and valid_from <= date '2026-01-01' group by all)"""
    couples = f"""select avg((coalesce(a.value, 'none') = coalesce(b.value, 'none'))::int), count(*) from relations r
        left join {status} a on a.subject_id = r.subject_id left join {status} b on b.subject_id = r.related_id
        where relation = 'spouse' and r.valid_from < date '2025-01-01' and (a.value <> 'none' or b.value <> 'none')
        and r.subject_id not in (select subject_id from relations where valid_to is not null)
        and r.subject_id not in (select subject_id from truth_subjects where died_on is not null)"""
    alike, pairs = ask(clean.out, couples)[0]
    assert pairs > 10
    assert alike == 1.0


def test_the_list_is_reviewed_each_january(clean, ask):
    days = ask(clean.out, "select distinct valid_from from attributes where name = 'poverty_status' order by 1")
    assert days == [(date(year, 1, 1),) for year in range(2019, 2027)]


def test_each_declared_revenue_is_the_value_the_tax_register_then_holds(clean, ask):
    both = """select count(*), bool_and((e.payload->>'$.revenue')::double = a.value::double),
        bool_and(e.recorded_at = a.recorded_at) from events e join attributes a on a.subject_id = e.subject_id
        and a.valid_from = e.occurred_on and a.name = 'yearly_revenue' where e.event = 'revenue_declared'"""
    count, same, at_once = ask(clean.out, both)[0]
    assert (same, at_once) == (True, True)
    assert [(count,)] == ask(clean.out, "select count(*) from attributes where name = 'yearly_revenue'")


@pytest.fixture
def without_assistance(tmp_path, rates):
    none = rates.assistance.model_copy(
        update={
            "households": rates.assistance.households.model_copy(update={"value": {"poor": 0.0, "near_poor": 0.0}}),
            "pension_begins": rates.assistance.pension_begins.model_copy(update={"value": date(2090, 1, 1)}),
        }
    )
    return simulate(
        tmp_path / "none", people=3_000, seed=3, start=date(2019, 1, 1), until=date(2026, 11, 20), dirt=0,
        rates=rates.model_copy(update={"assistance": none}),
    )  # fmt: skip


def test_without_assistance_every_other_fact_is_drawn_and_recorded_alike(clean, without_assistance, ask):
    assert ask(without_assistance.out, "select count(*) from attributes where name = 'poverty_status'") == [(0,)]
    for query in (
        "select subject_id, event, occurred_on, recorded_at, payload from events where register <> 'social_protection'",
        "select * from attributes where register <> 'social_protection'",
        "select * from relations",
    ):
        ordered = f"select * from ({query}) order by all"
        assert ask(clean.out, ordered) == ask(without_assistance.out, ordered)
