"""What is not told yet is estimated from delays, though the longest of the newest cannot have been seen."""

from datetime import date, timedelta

import numpy as np
import pytest

from models.areas.delay import LONGEST, told_share, told_within

AS_OF = date(2026, 11, 3)


def test_delays_cut_off_by_the_day_are_put_right():
    random = np.random.default_rng(1)
    occurred = AS_OF.toordinal() - random.integers(0, 3000, 40_000)
    known = occurred + random.exponential(100, 40_000).astype(int)
    seen = known <= AS_OF.toordinal()
    found = told_within(occurred[seen], known[seen], AS_OF)
    for days in (10, 50, 100, 300):
        assert found[days] == pytest.approx(1 - np.exp(-(days + 1) / 100), abs=0.01)


def test_what_is_told_at_once_is_never_made_up():
    occurred = np.arange(AS_OF.toordinal() - 500, AS_OF.toordinal())
    assert (told_within(occurred, occurred, AS_OF) == 1).all()


def test_without_any_outcome_everything_counts_as_told():
    assert (told_within(np.zeros(0, dtype=int), np.zeros(0, dtype=int), AS_OF) == 1).all()


def test_a_share_is_that_of_the_days_of_the_span():
    within = np.minimum(np.arange(LONGEST + 1) / 10, 1.0)
    ends = (AS_OF - timedelta(days=20), AS_OF)
    assert told_share(within, AS_OF - timedelta(days=30), ends, AS_OF) == pytest.approx(
        [1.0, np.mean([*range(10)] + [10] * 10) / 10]
    )
