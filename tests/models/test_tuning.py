"""A search within a budget starts from our settings and ends no worse on unseen people; the model keeps it."""

import numpy as np
import pytest

from models import ahead, boosted, monthly
from models.floor import Floor
from models.growing import USUAL, grow
from models.matrix import Column
from models.narrowing import Rows, held_loss
from models.tuning import tuned
from tests.models.test_monthly import CATALOGUE, world


@pytest.fixture(scope="module")
def rows() -> Rows:
    """An outcome that hangs on the product of two inputs, and six inputs of noise."""
    random = np.random.default_rng(3)
    x = random.normal(size=(6_000, 8))
    label = (random.random(6_000) < 0.02 + 0.3 * ((x[:, 0] > 0.7) & (x[:, 1] > 0.7))).astype(float)
    return Rows(x, label, np.full(6_000, -3.0), random.integers(0, 3, 6_000))


@pytest.fixture(scope="module")
def model() -> ahead.Monthly:
    columns = tuple(Column(name=f"x{n}", type="number") for n in range(8))
    told_apart = tuple(column.name for column in ahead.MONTHLY)
    return ahead.Monthly(
        columns=columns, horizon=12, floor=Floor(overall=0.05, rates={}), mix="trees", parts=("trees",),
        positives=300, samples=6_000, unread=told_apart,
    )  # fmt: skip


def loss(model: ahead.Monthly, rows: Rows, settings: dict[str, float]) -> float:
    held = [rows.fold == fold for fold in np.unique(rows.fold)]
    grown = [grow(rows.x, rows.label, rows.start, model.inputs, {}, judge=mine, tuned=settings) for mine in held]
    return sum(held_loss(trees, rows, mine) for trees, mine in zip(grown, held, strict=True)) / len(rows.label)


def test_what_is_found_serves_unseen_people_no_worse_than_our_own_settings(model: ahead.Monthly, rows: Rows) -> None:
    found = tuned(model, rows, seconds=6)
    assert found.keys() == {
        "num_leaves", "min_data_in_leaf", "feature_fraction", "bagging_fraction", "lambda_l2", "cat_smooth",
        "learning_rate",
    }  # fmt: skip
    assert loss(model, rows, found) <= loss(model, rows, {})


def test_with_time_for_one_trial_alone_our_own_settings_stand(model: ahead.Monthly, rows: Rows) -> None:
    found = tuned(model, rows, seconds=1e-9)
    assert found == {name: pytest.approx((boosted.SETTINGS | USUAL)[name]) for name in found}


def test_a_fitted_model_says_what_was_searched_for_and_nothing_where_nothing_was() -> None:
    names = list(CATALOGUE)
    assert monthly.fit(world(), CATALOGUE, names).model.tuned == {}
    fitted = monthly.fit(world(), CATALOGUE, names, tune=0.5)
    assert fitted.model.tuned["num_leaves"] >= 4
    assert ahead.Monthly.model_validate_json(fitted.model.model_dump_json()).tuned == fitted.model.tuned
