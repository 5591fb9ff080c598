"""Trees over the floor for monthly rows: as `models.boosted`, with directions that some inputs must keep."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from models.boosted import PATIENCE, ROUNDS, SETTINGS
from models.matrix import Column

if TYPE_CHECKING:
    import lightgbm as lgb


USUAL = {"num_leaves": 15, "learning_rate": 0.05}
"""For months, of which there are many more rows than people."""


@dataclass(frozen=True)
class Trees:
    """A booster and the rounds that served best."""

    booster: "lgb.Booster"
    rounds: int

    @property
    def text(self) -> str:
        """LightGBM's text."""
        return str(self.booster.model_to_string())


def grow(
    x: np.ndarray,
    label: np.ndarray,
    start: np.ndarray,
    columns: Sequence[Column],
    rising: Mapping[str, int],
    *,
    judge: np.ndarray | None = None,
    rounds: int = ROUNDS,
    tuned: Mapping[str, float] = MappingProxyType({}),
) -> Trees:
    """Trees from `start` log odds. With `judge`, those rows are held out and say when to stop; else `rounds` rounds.

    `rising`: 1 where the chance may only rise with an input, -1 where it may only fall. `tuned`: LightGBM's settings
    that `models.tuning` found, over ours.
    """
    import lightgbm as lgb

    mine = np.zeros(len(label), dtype=bool) if judge is None else judge
    categories = [place for place, column in enumerate(columns) if column.type == "category"]
    settings = SETTINGS | USUAL | dict(tuned)
    if rising:
        settings["monotone_constraints"] = [rising.get(column.name, 0) for column in columns]
    train = lgb.Dataset(x[~mine], label[~mine], init_score=start[~mine], categorical_feature=categories)
    if judge is None:
        return Trees(lgb.train(settings, train, rounds), rounds)
    held = lgb.Dataset(x[mine], label[mine], init_score=start[mine], categorical_feature=categories, reference=train)
    stop = lgb.early_stopping(PATIENCE, verbose=False)
    booster = lgb.train(settings, train, rounds, valid_sets=[held], callbacks=[stop])
    return Trees(booster, booster.best_iteration)
