"""Factors of areas: believed as far as there is something to believe, and forgotten as fast as they drift."""

import numpy as np
import pytest

from models.areas.alike import factors


def test_areas_that_are_alike_are_given_one_factor():
    random = np.random.default_rng(1)
    expected = np.full((6, 200), 30.0)
    found = factors(random.poisson(expected), expected)
    assert found.alike >= 500
    assert np.abs(found.mean - 1).max() < 0.1


def test_unlike_areas_are_believed_and_small_ones_are_drawn_to_the_country():
    random = np.random.default_rng(2)
    true = random.gamma(16, 1 / 16, 300)
    expected = np.where(np.arange(300) < 150, 200.0, 2.0) * np.ones((4, 1))
    found = factors(random.poisson(expected * true), expected)
    assert 8 < found.alike < 32
    assert np.abs(found.mean - true)[:150].mean() < 0.04
    assert np.abs(found.mean[150:] - 1).mean() < np.abs(true[150:] - 1).mean()


def test_the_factor_of_one_year_is_the_posterior_mean():
    found = factors(np.array([[30.0, 5.0, 10.0, 16.0]]), np.array([[15.0, 15.0, 15.0, 15.0]]))
    assert found.mean == pytest.approx((found.alike + np.array([30, 5, 10, 16])) / (found.alike + 15))


def test_what_drifts_is_forgotten_and_what_stays_is_kept():
    random = np.random.default_rng(3)
    still = np.repeat(random.gamma(10, 0.1, 200)[None], 10, axis=0)
    drifting = random.gamma(10, 0.1, (10, 200))
    expected = np.full((10, 200), 100.0)
    assert factors(random.poisson(expected * still), expected).keep == 1.0
    assert factors(random.poisson(expected * drifting), expected).keep <= 0.5


def test_an_area_where_nothing_can_be_expected_tells_nothing():
    expected = np.array([[0.0, 50.0], [0.0, 50.0]])
    found = factors(np.array([[0.0, 60.0], [0.0, 40.0]]), expected)
    assert found.mean[0] == 1.0
