"""The curves agree with the figures, and thresholds are chosen where nobody is judged."""

import numpy as np
import pytest
from sklearn.metrics import precision_recall_curve, roc_curve

from lifeevents.domain.calendar import Period
from models.curves import bins_of, gains, precision_recall, reliability, roc, spoken
from models.evaluate import auc, ece, interval, sigmoid
from models.evidence import evidence
from models.predictions import DETECTOR, FLOOR, Part, Predicted
from models.task import Split, Task


@pytest.fixture(scope="module")
def drawn():
    random = np.random.default_rng(7)
    x = random.normal(-2, 1.2, 4000)
    return (random.random(4000) < sigmoid(x)).astype(float), np.round(sigmoid(x), 2)


def test_the_area_under_the_thinned_roc_is_the_auc(drawn):
    curve = roc(*drawn)
    assert np.trapezoid(curve.y, curve.x) == pytest.approx(auc(*drawn), abs=2e-3)
    false, true, _ = roc_curve(*drawn, drop_intermediate=False)
    assert set(zip(curve.x, curve.y, strict=True)) <= set(zip(false.round(5), true.round(5), strict=True))


def test_precision_and_recall_are_scikit_learns_from_five_hits_on(drawn):
    curve = precision_recall(*drawn)
    precision, recall, _ = precision_recall_curve(*drawn)
    theirs = set(zip(recall.round(5), precision.round(5), strict=True))
    assert set(zip(curve.x, curve.y, strict=True)) <= theirs
    assert curve.x[0] >= round(5 / drawn[0].sum(), 5)
    assert curve.y[-1] == pytest.approx(drawn[0].mean(), abs=1e-5)


def test_telling_everyone_reaches_everyone(drawn):
    curve = gains(*drawn)
    assert (curve.x[0], curve.y[0], curve.x[-1], curve.y[-1]) == (0, 0, 1, 1)


def test_bins_are_of_equal_size_and_their_mean_distance_is_the_ece(drawn):
    label, p = drawn
    bins = reliability(label, p, bins_of(p, int(label.sum())))
    assert [one.rows for one in bins] == [400] * 10
    assert sum(one.rows * abs(one.chance - one.share) for one in bins) / 4000 == pytest.approx(ece(label, p))
    assert len(np.unique(bins_of(p, 99))) == 5


def test_a_working_threshold_comes_from_the_training_people_alone():
    p = np.array([0.9, 0.6, 0.5, 0.2])
    said = np.linspace(0.99, 0, 100)
    came = np.zeros(100)
    came[:10] = 1
    part = Part(np.arange(4), came, {DETECTOR: said})
    assert spoken([part], DETECTOR, p, 0.5).tolist() == [True, False, False, False]
    assert spoken([part], DETECTOR, p, 0.2).tolist() == [True, True, True, False]
    nobody = Part(np.arange(4), np.zeros(100), {DETECTOR: said})
    assert not spoken([nobody], DETECTOR, p, 0.01).any()


@pytest.fixture(scope="module")
def found(drawn):
    label, p = drawn
    chances = {FLOOR: np.full(4000, label.mean()), DETECTOR: p}
    days = np.where(label == 1, np.arange(4000) % 300 + 1, np.nan)
    return Predicted(
        task=Task("t", ("move",), Period(months=12), "true"),
        split=Split("person5", ("2020-12-31",)),
        people=np.arange(4000).astype(str),
        label=label,
        days=days,
        chances=chances,
        parts=(Part(np.arange(4000), label, chances),),
    )


def test_intervals_are_those_of_the_figures_and_the_difference_is_of_the_same_people(found):
    proof = evidence(found)
    mine = proof.detector.figures["auc"]
    assert (mine.low, mine.high) == interval(found.label, found.chances[DETECTOR], found.people, auc)
    gain = proof.difference["auc"]
    assert gain.value == pytest.approx(mine.value - 0.5)
    assert (gain.low, gain.high) == pytest.approx((mine.low - 0.5, mine.high - 0.5))


def test_as_used_counts_alarms_reach_and_days_ahead(found):
    for one in evidence(found).detector.working:
        told = spoken(found.parts, DETECTOR, found.chances[DETECTOR], one.asked)
        assert one.told == told.sum() == round(one.alarms * 4)
        assert one.precision.value == pytest.approx(found.label[told].mean())
        assert one.precision.value >= one.asked
        assert one.reach.low <= one.reach.value <= one.reach.high
        assert one.lead_p10 <= one.lead_median == np.nanmedian(found.days[told])
    lead = evidence(found).lead
    assert lead.asked >= 2 * found.label.mean()
    told = spoken(found.parts, DETECTOR, found.chances[DETECTOR], lead.asked)
    assert sum(lead.counts) == found.label[told].sum()


def test_where_neither_speaks_there_is_no_working_point(found):
    flat = {name: np.full(4000, 0.1) for name in (FLOOR, DETECTOR)}
    silent = Part(np.arange(4000), np.zeros(4000), flat)
    proof = evidence(Predicted(**{**vars(found), "chances": flat, "parts": (silent,)}))
    assert proof.detector.working == ()
    assert proof.lead is None
