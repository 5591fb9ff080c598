"""The truth's chances: what happened agrees with them, and what no register sees is what they know more."""

import math
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from lifeevents.simulate.months import Month
from lifeevents.simulate.population import usual_traits
from lifeevents.simulate.risks import Risks
from lifeevents.simulate.world import People

ROOT = Path(__file__).parents[2]
OPEN = (
    "birth_registered_late", "child_birth", "job_loss", "licence_issued", "marriage", "military_call_up",
    "military_registration_missed", "stillbirth",
)  # fmt: skip
"""Events whose chances no lasting difference between people moves."""
HIDDEN = ("death", "household_business_opened", "move", "pension_start", "unemployment_benefit_start")
EVENTS = (
    *OPEN, *HIDDEN, "car_registered", "early_pension_start", "enterprise_conversion", "identity_card_lapse",
    "licence_lapse",
    "maternity_benefit_missed", "maternity_benefit_start", "social_pension_start", "temporary_residence_lapse",
    "temporary_residence_registered", "unemployment_benefit_missed", "vehicle_inspection_lapse",
)  # fmt: skip


JUDGES = {"models/truth.py", "models/report.py"}
"""They hold what a model said against the true chances, after it was made; nothing else in models imports them."""


def test_no_feature_and_no_model_knows_that_there_is_a_truth():
    files = [path for package in ("features", "models") for path in (ROOT / package).rglob("*") if path.is_file()]
    sources = [path for path in files if path.suffix in (".py", ".yaml", ".sql")]
    assert len(sources) > 20
    knowing = {path.relative_to(ROOT).as_posix() for path in sources if "truth" in path.read_text("utf-8").lower()}
    assert knowing <= JUDGES
    importing = [path for path in sources if path.suffix == ".py" and "models.report" in path.read_text("utf-8")]
    assert not importing


def test_every_modelled_event_has_its_chances(country, ask):
    assert set(ask(country.out, "select distinct event from truth_chances")) == {(name,) for name in EVENTS}


@pytest.mark.parametrize("event", EVENTS)
def test_as_many_events_happen_as_the_chances_say(country, ask, event):
    sums = """select sum(happened::int), sum(p_full::double), sum(p_full::double * (1 - p_full)) from truth_chances
        where event = '{}'"""
    count, expected, variance = ask(country.out, sums.format(event))[0]
    assert expected > 1
    assert abs(count - expected) < 4 * math.sqrt(variance) + 1


@pytest.mark.parametrize("event", HIDDEN)
def test_the_chances_hold_within_each_tenth_of_them(country, ask, event):
    tenths = f"""select sum(happened::int), sum(p_full::double) from (select happened, p_full,
        ntile(10) over (order by p_full) as tenth from truth_chances where event = '{event}') group by tenth"""
    for count, expected in ask(country.out, tenths):
        assert abs(count - expected) < 5 * math.sqrt(expected) + 1


@pytest.mark.parametrize("event", HIDDEN)
def test_what_registers_could_show_ranks_people_less_well_than_all_there_is_to_know(country, ask, event):
    gain = f"""select sum(ln(p_full) - ln(greatest(p_observable, 1e-12))) from truth_chances
        where event = '{event}' and happened"""
    lost = f"""select sum(ln(1 - least(p_full, 0.999999)) - ln(1 - least(p_observable, 0.999999))) from truth_chances
        where event = '{event}' and not happened"""
    assert ask(country.out, gain)[0][0] + ask(country.out, lost)[0][0] > 0
    assert ask(country.out, f"select count(*) from truth_chances where event = '{event}' and p_full <> p_observable")[
        0
    ] > (100,)


@pytest.mark.parametrize("event", OPEN)
def test_where_no_lasting_difference_plays_both_chances_are_one(country, ask, event):
    apart = f"select count(*) from truth_chances where event = '{event}' and p_full <> p_observable"
    assert ask(country.out, apart) == [(0,)]


@pytest.mark.parametrize("event", ["death", "job_loss", "pension_start", "social_pension_start"])
def test_what_the_chances_say_happened_is_what_the_truth_tells(country, ask, event):
    both = f"""from (select subject_id, month from truth_chances where event = '{event}' and happened) a
        full join (select subject_id, date_trunc('month', occurred_on)::date as month from truth_events
            where event = '{event}' and occurred_on >= (select min(month) from truth_chances)
            and subject_id in (select subject_id from truth_chances)) b using (subject_id, month)"""
    agree, only_chance, only_event = ask(
        country.out,
        f"""select count(*) filter (a.subject_id is not null and b.subject_id is not null),
        count(*) filter (b.subject_id is null), count(*) filter (a.subject_id is null) {both}""",
    )[0]
    assert agree > 20
    assert only_chance <= 0.1 * agree  # the month under way is drawn as a whole and told up to the last day
    assert only_event <= 0.1 * agree


def test_the_truth_holds_the_same_persons_in_the_last_three_years(country, ask):
    ((first, last, months),) = ask(
        country.out, "select min(month), max(month), count(distinct month) from truth_chances"
    )
    assert (first, last, months) == (date(2023, 12, 1), date(2026, 11, 1), 36)
    died = "select count(distinct subject_id) from truth_chances where event = 'death'"
    assert 0.4 * country.living < ask(country.out, died)[0][0] < 0.65 * country.living


def _risks(size: int) -> Risks:
    people = People()
    people.add(size, restless=np.linspace(0.5, 1.5, size))
    return Risks(people, {"restless": 1.0}, seed=1, size=size, last=100)


def test_chances_are_kept_only_for_the_last_months_and_taken_once():
    risks, who = _risks(5), np.arange(5)
    for month in (64, 65, 100):
        risks.draw("move", Month(month), who, lambda traits: traits["restless"] * 0.1, np.random.default_rng(1))
    taken = risks.take()
    assert sorted(set(taken["month"].tolist())) == [65, 100]
    assert taken["full"].tolist()[:5] == pytest.approx([0.05, 0.075, 0.1, 0.125, 0.15])
    assert set(taken["observable"].tolist()) == {0.1}
    assert risks.take() == {}


def test_a_large_population_is_sampled_and_a_small_one_is_not():
    for size, expected in ((2_000, 2_000), (200_000, 20_000)):
        risks = _risks(size)
        risks.draw(
            "move", Month(90), np.arange(size), lambda traits: traits["restless"] * 0.1, np.random.default_rng(1)
        )
        assert len(risks.take()["subject"]) == pytest.approx(expected, rel=0.05)


def test_the_usual_traits_are_the_means_of_those_that_people_have(clean, rates):
    usual = usual_traits(rates)
    share, factor = rates.pension.slow_share.value, rates.pension.slow_factor.value
    assert usual["prompt"] == pytest.approx((1 - share) + share * factor)
    assert {usual[name] for name in ("frailty", "restless", "attached", "enterprising")} == {1.0}
