"""The population stability index, by hand."""

import numpy as np
import pytest

from models.monitor import by_chance, psi


def test_the_same_people_have_not_drifted():
    values = np.random.default_rng(1).normal(size=5000)
    assert psi(values, values) == 0.0


def test_the_index_is_that_of_the_formula():
    then = np.array([0.0] * 50 + [1.0] * 50)
    now = np.array([0.0] * 20 + [1.0] * 80)
    assert psi(then, now) == pytest.approx((0.2 - 0.5) * np.log(0.2 / 0.5) + (0.8 - 0.5) * np.log(0.8 / 0.5), abs=1e-3)


def test_what_was_known_and_is_unknown_now_has_drifted():
    values = np.random.default_rng(1).normal(size=5000)
    assert psi(values, np.where(np.arange(5000) < 2500, np.nan, values)) > 1.0


def test_two_draws_from_one_population_show_no_more_than_chance_makes():
    random = np.random.default_rng(2)
    found = [psi(random.normal(size=80), random.normal(size=80)) for _ in range(200)]
    assert np.median(found) < by_chance(80, 80) < 0.3
    assert by_chance(20_000, 20_000) < 0.002
