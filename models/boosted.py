"""Gradient-boosted trees over the floor: what the features add to age and sex. LightGBM, native categories.

Early stopping is by folds of people, so that the same person never trains and judges. LightGBM hangs after a fork:
work in several processes must spawn them.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from models.matrix import Column

if TYPE_CHECKING:
    import lightgbm as lgb

SETTINGS: dict[str, object] = {
    "objective": "binary",
    "num_leaves": 7,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "cat_smooth": 20.0,
    "max_cat_to_onehot": 8,
    "min_data_per_group": 50,
    "max_bin": 127,
    "force_col_wise": True,
    "deterministic": True,
    "num_threads": 1,
    "verbosity": -1,
    "seed": 1,
}
"""Small trees and much smoothing: the outcomes are rare and the people few. One thread: on a shared machine two
wait for each other at every split (measured six times slower), and one repeats exactly."""

ROUNDS, PATIENCE, LARGE = 1500, 50, 30_000


def _settings(rows: int) -> dict[str, object]:
    return SETTINGS | ({"num_leaves": 15, "learning_rate": 0.06} if rows >= LARGE else {"learning_rate": 0.03})


def _dataset(
    x: np.ndarray, y: np.ndarray, start: np.ndarray, columns: Sequence[Column], like: "lgb.Dataset | None" = None
) -> "lgb.Dataset":
    import lightgbm as lgb

    categories = [place for place, column in enumerate(columns) if column.type == "category"]
    return lgb.Dataset(x, y, init_score=start, categorical_feature=categories, reference=like, free_raw_data=False)


def out_of_fold(
    x: np.ndarray, y: np.ndarray, start: np.ndarray, columns: Sequence[Column], fold: np.ndarray
) -> tuple[np.ndarray, int]:
    """Each row's log odds from trees that never saw its person, and the rounds that served best on average."""
    import lightgbm as lgb

    odds, rounds = np.zeros(len(y)), []
    for held in np.unique(fold):
        mine = fold == held
        train = _dataset(x[~mine], y[~mine], start[~mine], columns)
        judge = _dataset(x[mine], y[mine], start[mine], columns, train)
        stop = lgb.early_stopping(PATIENCE, verbose=False)
        booster = lgb.train(_settings(len(y)), train, ROUNDS, valid_sets=[judge], callbacks=[stop])
        rounds.append(booster.best_iteration)
        odds[mine] = start[mine] + booster.predict(x[mine], raw_score=True, num_threads=1)
    return odds, max(round(float(np.mean(rounds)) * 1.1), 5)


def fit(x: np.ndarray, y: np.ndarray, start: np.ndarray, columns: Sequence[Column], rounds: int) -> str:
    """The trees as LightGBM's text, trained on every row for a given number of rounds."""
    import lightgbm as lgb

    settings = _settings(len(y))
    return str(lgb.train(settings, _dataset(x, y, start, columns), rounds).model_to_string())


def read(text: str) -> "lgb.Booster":
    """Trees from their text."""
    import lightgbm as lgb

    return lgb.Booster(model_str=text)


def log_odds(booster: "lgb.Booster", x: np.ndarray) -> np.ndarray:
    """What the trees add to the floor's log odds; one thread, the fastest for few rows and safe in a server."""
    return np.asarray(booster.predict(x, raw_score=True, num_threads=1))


def contributions(booster: "lgb.Booster", x: np.ndarray) -> np.ndarray:
    """Rows x columns: each input's share of the log odds (exact SHAP values; the constant is left out)."""
    return np.asarray(booster.predict(x, pred_contrib=True, num_threads=1))[:, :-1]
