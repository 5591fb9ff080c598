"""Two worlds: without a notice they are one; a notice only ever gains, and the more the more it is heeded."""

import pickle
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from pydantic import ValidationError

from lifeevents.simulate import load_rates
from lifeevents.simulate.behaviour import Matter, manner_of
from lifeevents.simulate.behaviour_rates import BehaviourRates
from lifeevents.simulate.resampling import resampled
from lifeevents.simulate.worlds import MEASURES, Case, compare, uptake, with_service, without_service

RATES = load_rates("vn").behaviour
FIRST, UNTIL, SEED = date(2026, 1, 5), date(2026, 11, 20), 7


def changed(**values):
    return RATES.model_copy(update={name: getattr(RATES, name).model_copy(update={"value": value})
                                    for name, value in values.items()})  # fmt: skip


def case(number: int, *, applies: bool = True) -> Case:
    """A duty with a last day, a benefit that closes, or something that was lived; told a week after it began."""
    opens = FIRST + timedelta(days=number % 120)
    person = manner_of(f"p{number // 2}", age=20 + number % 60, remote=number % 7 == 0, rates=RATES, seed=SEED)
    own = opens + timedelta(days=number % 200) if number % 5 else None
    matter = [
        Matter(f"o{number}", "registered", opens, applies=applies),
        Matter(f"o{number}", "due", opens, opens + timedelta(days=90), applies=applies),
        Matter(f"o{number}", "registered", opens, applies=applies, lived=True, own=own),
    ][number % 3]
    lapses = matter.closes
    told_on, last = opens + timedelta(days=7), opens + timedelta(days=60)
    return Case("m", "s", person, matter, told_on, last, lapses, papers=number % 4)


CASES = [case(number) for number in range(3_000)]


def gains(cases, rates, until=UNTIL):
    alone, helped = (world(cases, rates, SEED) for world in (without_service, with_service))
    return {name: gain.gain for name, gain in compare(cases, alone, helped, until=until, seed=SEED).gains.items()}


def test_without_a_notice_both_worlds_are_the_same_byte_for_byte():
    deaf = changed(notices=dict.fromkeys(RATES.notices.value, 0.0))
    alone, helped = (world(CASES, deaf, SEED) for world in (without_service, with_service))
    assert pickle.dumps(alone) == pickle.dumps(helped)
    assert all(gain.value == gain.low == gain.high == 0 for gain in gains(CASES, deaf).values())


def test_where_everyone_declines_nothing_is_gained():
    assert all(gain.value == gain.low == gain.high == 0 for gain in gains(CASES, changed(not_wanted=1.0)).values())


def test_a_notice_of_what_is_not_hers_gains_nothing():
    wrong = [case(number, applies=False) for number in range(600)]
    assert all(gain.value == 0 for gain in gains(wrong, RATES).values())


def test_every_gain_grows_with_the_share_that_heeds_the_notice():
    shares = [0.0, 0.2, 0.5, 0.8, 1.0]
    found = [gains(CASES, changed(notices=dict.fromkeys(RATES.notices.value, share))) for share in shares]
    for measure in MEASURES:
        values = [one[measure].value for one in found]
        assert values == sorted(values)
        assert values[-1] > values[0] == 0


def test_each_interval_holds_its_value_and_a_clear_gain_is_clear_of_zero():
    for gain in gains(CASES, RATES).values():
        assert 0 < gain.low < gain.value < gain.high


def test_the_gain_is_the_difference_of_the_two_worlds():
    alone, helped = (world(CASES, RATES, SEED) for world in (without_service, with_service))
    for name, gain in compare(CASES, alone, helped, until=UNTIL, seed=SEED).gains.items():
        sign = -1 if name == "done" else 1
        assert gain.gain.value == pytest.approx(sign * (gain.without - gain.with_service))


def test_a_deadline_that_has_not_come_is_neither_met_nor_missed():
    before_any = gains(CASES, RATES, until=FIRST + timedelta(days=59))
    assert before_any["missed"].value == before_any["missed"].high == 0


def test_one_who_did_it_before_the_notice_gains_nothing():
    early = [replace(one, matter=replace(one.matter, lived=True, own=one.matter.opens)) for one in CASES]
    assert all(gain.value == 0 for gain in gains(early, RATES).values())


def test_the_random_group_told_later_finds_the_effect_that_both_worlds_show():
    alone, helped = (world(CASES, RATES, SEED) for world in (without_service, with_service))
    found = uptake(CASES, alone, helped, RATES, SEED)
    assert found.told + found.later == len(CASES)
    assert found.later / len(CASES) == pytest.approx(RATES.told_later.value, abs=0.03)
    assert found.net.low < found.true_effect < found.net.high
    assert found.net.value == pytest.approx(found.share_told - found.share_later)


def test_a_random_group_that_is_told_within_the_window_is_refused():
    days = RATES.told_later_days.model_dump() | {"value": RATES.uptake_days.value}
    with pytest.raises(ValidationError, match="told later than"):
        BehaviourRates.model_validate(RATES.model_dump() | {"told_later_days": days})


def test_the_same_seed_gives_the_same_figures_and_no_case_gives_none():
    assert gains(CASES[:200], RATES) == gains(CASES[:200], RATES)
    assert all(gain.value == gain.low == gain.high == 0 for gain in gains([], RATES).values())


def test_a_persons_cases_are_resampled_together():
    """A thousand rows of ten persons vary as ten do, not as a thousand."""
    persons = np.repeat(np.arange(10), 100)
    values = np.repeat(np.arange(10.0), 100)[:, None]
    (together,) = resampled(values, persons, lambda sums: sums, seed=1)
    (apart,) = resampled(values, np.arange(1_000), lambda sums: sums, seed=1)
    assert together.high - together.low > 5 * (apart.high - apart.low)
