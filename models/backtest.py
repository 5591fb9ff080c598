"""Measure detectors on a dump nobody here made: its own tasks, generic features, the floor beside the detector."""

from collections.abc import Sequence
from pathlib import Path

from lifeevents.domain.errors import DumpError
from lifeevents.domain.frozen import Frozen
from models.evaluate import METRICS, interval
from models.predictions import DETECTOR, Predicted, Progress, predictions

INTERVALS = ("auc", "average_precision", "calibration_slope")
"""The figures that get an interval."""


class Result(Frozen):
    """How one model did on one task, with 95% bootstrap intervals by person. `note` says what it was made of, or why
    it stayed simple."""

    task: str
    model: str
    n: int
    positives: int
    auc: float
    auc_low: float
    auc_high: float
    average_precision: float
    average_precision_low: float
    average_precision_high: float
    brier: float
    calibration_slope: float
    calibration_slope_low: float
    calibration_slope_high: float
    ece: float
    note: str = ""


def backtest(
    dump: Path,
    task_id: str | None = None,
    *,
    work: Path | None = None,
    progress: Progress | None = None,
) -> list[Result]:
    """The floor and the detector on the tasks of `dump`/tasks.json (one of them, or all).

    The dump is imported into a lake of its own in `work` (a temporary folder by default).
    A task that cannot be judged has no figures; `predictions` says why.
    Raises DumpError when there is no tasks.json, no such task, or no task that can be judged.
    """
    found = predictions(dump, task_id, work=work, progress=progress)
    if found and all(task.unjudged for task in found):
        raise DumpError(found[0].unjudged)
    return results(found)


def results(found: Sequence[Predicted]) -> list[Result]:
    """The figures of every task that can be judged: the floor's, then the detector's."""
    return [_result(one, model) for one in found if not one.unjudged for model in one.chances]


def _result(one: Predicted, model: str) -> Result:
    label, p = one.label, one.chances[model]
    bounds = {
        f"{name}_{side}": round(end, 4)
        for name in INTERVALS
        for side, end in zip(("low", "high"), interval(label, p, one.people, METRICS[name]), strict=True)
    }
    figures = {name: round(metric(label, p), 4) for name, metric in METRICS.items()}
    return Result(
        task=one.task.id,
        model=model,
        n=len(label),
        positives=one.positives,
        note=one.note if model == DETECTOR else "",
        **figures,
        **bounds,
    )
