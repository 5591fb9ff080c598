"""The level of next year: a trend is followed as far as the years bear it out, and its uncertainty is honest."""

import numpy as np

from models.areas.country import next_level


def test_a_steady_fall_goes_on():
    expected = np.full((8, 4), 5_000.0)
    counts = expected * np.exp(-0.04 * np.arange(8))[:, None]
    level = next_level(counts, expected)
    assert abs(np.log(level.expected) + 0.04 * 8) < 0.02


def test_what_chance_makes_of_few_outcomes_is_no_trend():
    expected = np.full((5, 4), 10.0)
    counts = np.array([[10, 12, 9, 11], [9, 10, 12, 8], [11, 9, 10, 10], [12, 11, 12, 10], [13, 11, 12, 12]])
    assert 0.95 < next_level(counts, expected).expected < 1.25


def test_nine_in_ten_futures_lie_in_the_middle_nine_tenths():
    random, inside = np.random.default_rng(4), 0
    for _ in range(300):
        path = np.cumsum(random.normal(0, 0.04, 9)) + random.normal(0, 0.03) * np.arange(9)
        counts = random.poisson(3_000 * np.exp(path))
        level = next_level(np.tile(counts[:8, None] / 4, 4), np.full((8, 4), 750.0))
        drawn = level.draw(random, 800, 1)[:, 0]
        low, high = np.quantile(drawn, [0.05, 0.95])
        inside += low <= np.exp(path[8]) <= high
    assert 0.84 < inside / 300 < 0.97


def test_quarters_that_stray_beyond_chance_widen_a_quarter():
    random, expected = np.random.default_rng(5), np.full((10, 4), 2_000.0)
    calm = next_level(random.poisson(expected), expected)
    stormy = next_level(random.poisson(expected * np.exp(random.normal(0, 0.1, (10, 4)))), expected)
    assert calm.quarter < 0.02
    assert 0.07 < stormy.quarter < 0.14


def test_a_season_of_one_quarter_cannot_stray_from_its_year():
    expected = np.zeros((6, 4))
    expected[:, 2] = 300.0
    assert next_level(np.random.default_rng(6).poisson(expected), expected).quarter == 0.0
