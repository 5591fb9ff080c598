"""The gates: a planted bias is caught, a reason lets it pass, chance alone refuses nobody."""

import numpy as np
import pyarrow as pa
import pytest

from models.evaluate import sigmoid
from models.fairness import reaches, views
from models.gates import better, by_chance, calibrated, fair

RANDOM = np.random.default_rng(5)


@pytest.fixture(scope="module")
def women_unseen():
    """(label, chance, groups): events come to women and men alike, but the one telling feature was planted so that
    the register hardly knows it of women."""
    people = 20_000
    woman = RANDOM.random(people) < 0.5
    risk = RANDOM.normal(size=people)
    label = (RANDOM.random(people) < sigmoid(-3 + 1.5 * risk)).astype(float)
    known = np.where(woman & (RANDOM.random(people) < 0.8), -0.5, risk)
    return label, sigmoid(-3 + 1.5 * known), {"sex": np.where(woman, "F", "M")}


def test_a_planted_feature_that_hides_women_is_caught_and_named(women_unseen):
    label, p, groups = women_unseen
    found = fair(reaches(label, p >= 0.15, groups), {})
    assert not found.passed
    assert found.said.startswith("sex F: ")


def test_a_written_reason_lets_the_same_detector_pass_and_is_printed(women_unseen):
    label, p, groups = women_unseen
    found = fair(reaches(label, p >= 0.15, groups), {"sex": "Because of this."})
    assert found.passed
    assert "Because of this." in found.said


def test_a_reason_for_another_view_does_not_help(women_unseen):
    label, p, groups = women_unseen
    assert not fair(reaches(label, p >= 0.15, groups), {"age": "Because of this."}).passed


def test_a_small_group_that_chance_alone_left_out_refuses_nobody():
    label = np.array([1.0] * 60)
    told = np.array([True] * 30 + [True] * 24 + [False] * 6)
    groups = {"place": np.array(["rural"] * 30 + ["urban"] * 30)}
    (rural, urban) = reaches(label, told, groups)
    assert (rural.reach, urban.reach) == (1.0, 0.8)
    assert fair([rural, urban], {}).passed


def test_groups_are_those_of_the_audit_and_unknown_is_no_group():
    rows = pa.table(
        {
            "age_years": pa.array([17, 18, 44, 90, None]),
            "sex": ["F", "M", "M", None, "F"],
            "province": ["01", "01", None, "04", "04"],
            "disability_level": ["severe", None, None, None, None],
            "urban": [True, False, None, True, False],
        }
    )
    found = views(rows)
    assert list(found["age"]) == ["under 18", "18 to 29", "30 to 44", "75 and over", ""]
    assert list(found["sex"]) == ["F", "M", "M", "", "F"]
    assert list(found["place"]) == ["urban", "rural", "", "urban", "rural"]
    assert list(found["disability"]) == ["severe", "", "", "", ""]


def test_one_that_ranks_no_better_than_the_floor_is_refused():
    people = np.arange(4000).astype(str)
    p = RANDOM.random(4000) * 0.2
    label = (RANDOM.random(4000) < p).astype(float)
    noise = RANDOM.random(4000)
    assert better("the floor", label, p, noise, people, surely=True).passed
    assert not better("the floor", label, noise, p, people, surely=True).passed
    assert not better("logistic regression", label, noise, p, people, surely=False).passed


def test_chances_three_times_too_high_are_refused_and_right_ones_are_not():
    people = np.arange(20_000).astype(str)
    p = RANDOM.beta(1, 12, 20_000)
    label = (RANDOM.random(20_000) < p).astype(float)
    assert all(gate.passed for gate in calibrated(label, p, people))
    slope, error = calibrated(label, np.minimum(3 * p, 0.99), people)
    assert not error.passed
    assert not calibrated(label, p**2, people)[0].passed
    assert slope.name == "calibration slope"


def test_few_rows_make_an_error_by_chance_and_many_do_not():
    assert by_chance(np.full(200, 0.5)) > 0.05 > by_chance(np.full(20_000, 0.5))
