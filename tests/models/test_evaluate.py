"""The figures are the textbook's, and their intervals are by person."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from models.evaluate import (
    at_threshold,
    auc,
    average_precision,
    brier,
    calibration_slope,
    ece,
    interval,
    line,
    logit,
    sigmoid,
    threshold,
)


@pytest.fixture
def drawn():
    random = np.random.default_rng(2)
    x = random.normal(-2, 1.2, 5000)
    return (random.random(5000) < sigmoid(x)).astype(float), np.round(sigmoid(x), 2), x


def test_auc_and_average_precision_are_scikit_learns_ties_included(drawn):
    label, p, _ = drawn
    assert auc(label, p) == pytest.approx(roc_auc_score(label, p))
    assert average_precision(label, p) == pytest.approx(average_precision_score(label, p))
    assert brier(label, p) == pytest.approx(brier_score_loss(label, p))


def test_chances_twice_too_sure_have_half_the_slope(drawn):
    label, _, x = drawn
    assert calibration_slope(label, sigmoid(x)) == pytest.approx(1, abs=0.1)
    assert calibration_slope(label, sigmoid(2 * x)) == pytest.approx(0.5, abs=0.05)
    assert ece(label, sigmoid(x)) < 0.015 < ece(label, sigmoid(x + 1))


def test_few_positives_leave_the_calibration_where_it_was(drawn):
    label, _, x = drawn
    free, held = (line(label[:200], sigmoid(3 * x[:200]), prior=prior) for prior in (0, 1e6))
    assert held == pytest.approx((0, 1), abs=0.01)
    assert free[1] < 0.6


def test_the_line_is_the_one_logistic_regression_draws(drawn):
    label, p, _ = drawn
    found = LogisticRegression(C=1e9).fit(logit(p)[:, None], label)
    assert line(label, p) == pytest.approx((found.intercept_[0], found.coef_[0, 0]), abs=1e-3)


def test_repeating_every_persons_rows_does_not_narrow_the_interval(drawn):
    label, p, _ = drawn
    people = np.arange(500).astype(str)
    once = interval(label[:500], p[:500], people, auc)
    thrice = interval(np.tile(label[:500], 3), np.tile(p[:500], 3), np.tile(people, 3), auc)
    assert thrice == pytest.approx(once, abs=0.01)


def test_the_threshold_is_the_lowest_that_holds_the_precision():
    p = np.linspace(0.99, 0, 100)
    label = np.zeros(100)
    label[:10] = 1
    found = threshold(label, p, 0.5)
    assert (found.precision, found.reach, found.alarms) == (0.5, 1.0, 0.2)
    assert at_threshold(label, p, found.p) == found
    assert threshold(label, p, 0.05).alarms == 1.0
    assert threshold(np.zeros(100), p, 0.01) is None
