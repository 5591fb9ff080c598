"""Where samples are few, which few inputs suffice: as many as serve unseen people best, ranked by what trees gain.

With a hundred outcomes and a score of inputs trees find splits that chance made, in the month of the year above all; a
few inputs leave less room for that. How many is chosen on folds: each fold is judged by trees that read the inputs
ranked without it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from models import boosted
from models.ahead import Monthly
from models.growing import Trees, grow
from models.matrix import Column

LARGEST = 30_000
"""Above so many rows (sample, month ahead) all inputs are read: with ten thousand marriages the first 6, 12 or 24 of
160 inputs did neither better nor worse on folds than all of them."""

TRIED = (1, 3, 10)
"""So many inputs are tried beside all of them."""


@dataclass(frozen=True)
class Rows:
    """What trees are grown on: inputs, label, log odds to start from, and the fold of each row."""

    x: np.ndarray
    label: np.ndarray
    start: np.ndarray
    fold: np.ndarray


def narrowed(model: Monthly, rows: Rows) -> Monthly:
    """The model with the inputs that it should read: all, or the few that served unseen people best."""
    every, places = model.inputs, np.arange(len(model.inputs))
    losses, gained = dict.fromkeys((*TRIED, len(every)), 0.0), np.zeros(len(every))
    for mine in _folds(rows.fold):
        whole = _grown(model, rows, mine, places)
        gain = whole.booster.feature_importance("gain", iteration=max(whole.rounds, 1))
        gained += gain
        losses[len(every)] += _loss(whole, rows, mine, places)
        for many in TRIED:
            few = _first(gain, many)
            losses[many] += _loss(_grown(model, rows, mine, few), rows, mine, few)
    best = min(losses, key=lambda many: losses[many])
    return model if best == len(every) else _reading(model, [every[place] for place in _first(gained, best)])


def _folds(fold: np.ndarray) -> Iterator[np.ndarray]:
    return (fold == held for held in np.unique(fold))


def _grown(model: Monthly, rows: Rows, mine: np.ndarray, places: np.ndarray) -> Trees:
    """Trees on these inputs, judged (and stopped) by the held rows."""
    inputs = [model.inputs[place] for place in places]
    return grow(rows.x[:, places], rows.label, rows.start, inputs, model.rising, judge=mine)


def _loss(trees: Trees, rows: Rows, mine: np.ndarray, places: np.ndarray) -> float:
    return held_loss(trees, Rows(rows.x[:, places], rows.label, rows.start, rows.fold), mine)


def held_loss(trees: Trees, rows: Rows, mine: np.ndarray) -> float:
    """Log loss summed over the held rows."""
    odds = rows.start[mine] + boosted.log_odds(trees.booster, rows.x[mine])
    return float((np.logaddexp(0, odds) - rows.label[mine] * odds).sum())


def _first(gain: np.ndarray, many: int) -> np.ndarray:
    """The places of the inputs that gained most, in their order."""
    return np.sort(np.argsort(-gain, kind="stable")[:many])


def _reading(model: Monthly, chosen: Sequence[Column]) -> Monthly:
    """The model with only these inputs; the age in a month ahead is reckoned from the age now, which stays with it."""
    names = {column.name for column in chosen}
    names |= {"age_months"} if "age_months_then" in names else set()
    kept = tuple(column for column in model.columns if column.name in names)
    unread = tuple(column.name for column in model.inputs[len(model.columns) :] if column.name not in names)
    return model.model_copy(update={"columns": kept, "unread": unread})
