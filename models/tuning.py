"""The trees' settings searched for within a budget of time: Optuna's TPE over folds of training people.

No test day is looked at: a trial is as good as its log loss on the people of each fold, judged by trees that never saw
them. The first trial is our own settings, so that a search ends no worse than it began. A trial that does badly on the
first folds is given up. The seed is fixed, yet how many trials fit into the time is the machine's matter: a search may
end elsewhere another day, and the run keeps what it found.
"""

from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from models.ahead import Monthly
from models.boosted import SETTINGS
from models.growing import USUAL, grow
from models.narrowing import Rows, held_loss

if TYPE_CHECKING:
    import optuna

SEED = 1
_OURS = SETTINGS | USUAL


def tuned(model: Monthly, rows: Rows, *, seconds: float) -> dict[str, float]:
    """LightGBM's settings that served unseen people best within `seconds`; our own are always tried, and the
    trial under way at the end is finished."""
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    sampler, pruner = optuna.samplers.TPESampler(seed=SEED), optuna.pruners.MedianPruner(n_startup_trials=5)
    study = optuna.create_study(sampler=sampler, pruner=pruner)
    study.enqueue_trial({name: _OURS[name] for name in ("num_leaves", "min_data_in_leaf", "feature_fraction",
                         "bagging_fraction", "lambda_l2", "cat_smooth", "learning_rate")})  # fmt: skip
    ends = perf_counter() + seconds
    study.optimize(lambda trial: _loss(trial, model, rows), n_trials=1)
    if (left := ends - perf_counter()) > 0:
        study.optimize(lambda trial: _loss(trial, model, rows), timeout=left)
    return dict(study.best_params)


def _loss(trial: "optuna.Trial", model: Monthly, rows: Rows) -> float:
    """Mean log loss over held people, fold by fold."""
    import optuna

    tried = {
        "num_leaves": trial.suggest_int("num_leaves", 4, 63, log=True),
        "min_data_in_leaf": trial.suggest_int("min_data_in_leaf", 20, 500, log=True),
        "feature_fraction": trial.suggest_float("feature_fraction", 0.2, 1.0),
        "bagging_fraction": trial.suggest_float("bagging_fraction", 0.4, 1.0),
        "lambda_l2": trial.suggest_float("lambda_l2", 0.1, 100.0, log=True),
        "cat_smooth": trial.suggest_float("cat_smooth", 1.0, 100.0, log=True),
        "learning_rate": trial.suggest_float("learning_rate", 0.02, 0.15, log=True),
    }
    total = judged = 0.0
    for step, held in enumerate(np.unique(rows.fold)):
        mine = rows.fold == held
        trees = grow(rows.x, rows.label, rows.start, model.inputs, model.rising, judge=mine, tuned=tried)
        total, judged = total + held_loss(trees, rows, mine), judged + float(mine.sum())
        trial.report(total / judged, step)
        if trial.should_prune():
            raise optuna.TrialPruned
    return total / judged
