"""The model: calibrated, served from text, modest where the data are few."""

from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from features.feature import Feature
from lifeevents.domain.errors import LifeEventsError
from models import boosted, floor, hazard
from models.evaluate import auc, calibration_slope, ece, logit, sigmoid
from models.hazard import Model
from models.matrix import Column, columns, matrix

TYPES = {"sex": "category", "age_years": "integer", "age_months": "integer", "trade": "category", "income": "number"}
TYPES |= {"busy": "flag", "pension_on": "date"}
CATALOGUE = {name: Feature(name, kind, "law" if kind == "date" else "g", "", "") for name, kind in TYPES.items()}
DAY = date(2022, 1, 1)


def world(n: int, seed: int = 1, rate: float = -3.0) -> tuple[pa.Table, np.ndarray]:
    """People whose chance depends on age, trade, and income where they are busy; incomes are often unknown."""
    random = np.random.default_rng(seed)
    age, trade = random.integers(18, 70, n), random.integers(0, 4, n)
    income, busy = random.normal(size=n), random.random(n) < 0.5
    odds = rate - ((age - 40) / 15.0) ** 2 + np.array([0, 0.5, 1, 2])[trade] + np.where(busy, income, 0)
    hidden = np.where(random.random(n) < 0.2, np.nan, income)
    rows = pa.table(
        {
            "subject_id": [f"p{i % (n // 2)}" for i in range(n)],
            "as_of": pa.array([DAY] * n, pa.date32()),
            "sex": random.choice(["M", "F"], n),
            "age_years": age,
            "age_months": age * 12,
            "trade": np.array(["none", "food", "trade", "transport"])[trade],
            "income": pa.array(hidden, from_pandas=True),
            "busy": busy,
            "pension_on": pa.array([date(2030, 1, 1)] * n, pa.date32()),
        }
    )
    return rows, (random.random(n) < sigmoid(odds)).astype(float)


@pytest.fixture(scope="module")
def fitted() -> hazard.Fitted:
    rows, label = world(12_000)
    return hazard.fit(rows, label, CATALOGUE, list(TYPES))


def chances(fitted: hazard.Fitted, rows: pa.Table) -> np.ndarray:
    return hazard.predict(fitted.model, boosted.read(fitted.trees) if fitted.trees else None, rows)


def test_chances_of_new_people_are_calibrated_and_better_than_the_floors(fitted):
    rows, label = world(12_000, seed=2)
    p, beside = chances(fitted, rows), floor.predict(fitted.model.floor, rows)
    assert calibration_slope(label, p) == pytest.approx(1, abs=0.1)
    assert ece(label, p) < 0.01
    assert auc(label, p) > auc(label, beside) + 0.05
    assert "trees" in fitted.model.parts


def test_what_is_served_is_text_and_says_the_same(fitted):
    rows, _ = world(500, seed=3)
    again = hazard.Fitted(Model.model_validate_json(fitted.model.model_dump_json()), fitted.trees, fitted.unseen)
    assert (chances(again, rows) == chances(fitted, rows)).all()
    one = pa.concat_tables([rows.slice(7, 1)])
    assert chances(fitted, one)[0] == pytest.approx(chances(fitted, rows)[7], abs=1e-12)


def test_fitting_again_gives_the_same_model():
    rows, label = world(3000)
    one, two = (hazard.fit(rows, label, CATALOGUE, list(TYPES)) for _ in range(2))
    assert (one.model, one.trees) == (two.model, two.trees)


def test_contributions_and_the_floor_make_up_the_odds(fitted):
    rows, _ = world(200, seed=4)
    parts = hazard.contributions(fitted.model, boosted.read(fitted.trees), rows)
    odds = logit(chances(fitted, rows))
    slope = fitted.model.slope
    rest = odds - parts.sum(axis=1)
    beside = slope * logit(floor.predict(fitted.model.floor, rows))
    shares = [part in ("trees", "floor") for part in fitted.model.parts]
    assert np.ptp(rest - beside * sum(shares) / len(shares)) < 1e-6


def test_below_a_hundred_positives_there_are_no_trees_and_it_says_so():
    rows, label = world(1500, rate=-4.5)
    fitted = hazard.fit(rows, label, CATALOGUE, list(TYPES))
    assert 20 <= fitted.model.positives < 100
    assert fitted.trees == ""
    assert "no trees" in fitted.model.note


def test_a_handful_of_positives_leave_the_floor_alone_and_it_says_so():
    rows, label = world(1500, rate=-7)
    fitted = hazard.fit(rows, label, CATALOGUE, list(TYPES))
    assert 0 < fitted.model.positives < 20
    assert fitted.model.mix == "floor"
    assert "age-sex floor" in fitted.model.note
    assert np.allclose(chances(fitted, rows), floor.predict(fitted.model.floor, rows))


def test_without_a_single_positive_there_is_nothing_to_learn():
    rows, label = world(300)
    with pytest.raises(LifeEventsError, match="needs both kinds"):
        hazard.fit(rows, np.zeros_like(label), CATALOGUE, list(TYPES))


def test_a_category_never_seen_in_training_is_unknown():
    column = Column(name="trade", type="category", levels=("food", "none"))
    found = matrix(pa.table({"trade": ["none", "mining", None, "food"]}), [column], DAY)
    assert found[:, 0].tolist()[::3] == [1.0, 0.0]
    assert np.isnan(found[1:3, 0]).all()


def test_a_date_is_the_months_still_to_go_and_a_constant_is_left_out():
    rows, _ = world(50)
    assert matrix(rows, [Column(name="pension_on", type="date")])[0, 0] == pytest.approx(96, abs=0.1)
    assert "pension_on" not in {column.name for column in columns(rows, CATALOGUE, list(TYPES))}


def test_the_floor_knows_ages_and_sexes_and_says_the_overall_rate_elsewhere():
    rows, label = world(5000)
    made = floor.fit(rows, label)
    unknown = pa.table({"sex": [None, "F"], "age_years": pa.array([40, None], pa.int64())})
    assert floor.predict(made, unknown).tolist() == [made.overall, made.overall]
    assert floor.known(unknown).tolist() == [False, False]
    old, prime = (floor.predict(made, pa.table({"sex": ["M"], "age_years": [age]}))[0] for age in (68, 40))
    assert prime > 2 * old
