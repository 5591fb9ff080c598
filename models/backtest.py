"""Measure detectors on a dump nobody here made: its own tasks, generic features, the floor beside the detector.

Settings are those of `models.hazard` for every task; test days are never looked at before they are predicted.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.catalogue import features, known_features
from features.compute import compute
from features.feature import Feature
from features.found import vocabulary_of
from lifeevents.domain.calendar import plus
from lifeevents.domain.errors import DumpError, did_you_mean
from lifeevents.domain.frozen import Frozen
from models import boosted, floor, hazard
from models.dataset import Samples, eligible, labelled, observed
from models.evaluate import METRICS, auc, interval
from models.task import Split, Task, of_json

Progress = Callable[[str, float], None]
FOLDS = 5


class Result(Frozen):
    """How one model did on one task. `note` says what it was made of, or why it stayed simple."""

    task: str
    model: str
    n: int
    positives: int
    auc: float
    auc_low: float
    auc_high: float
    average_precision: float
    brier: float
    calibration_slope: float
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
    Raises DumpError when there is no tasks.json, no such task, or nothing to learn from.
    """
    tell = progress or (lambda label, done: None)
    asked = _read_tasks(dump, task_id)
    with _lake(dump, work, lambda label, done: tell(label, 0.2 * done)) as con:
        vocabulary = vocabulary_of(con)
        catalogue, known = features(vocabulary), known_features(vocabulary)
        tasks = [of_json(task, known) for task in asked]
        days = sorted({day for _, split in tasks for day in (*split.train, *split.valid, *split.test)})
        tell("features", 0.25)
        rows = compute(con, vocabulary, observed(con, days))
        found: list[Result] = []
        for number, (task, split) in enumerate(tasks):
            tell(task.id, 0.3 + 0.7 * number / len(tasks))
            samples = labelled(con, _on(eligible(rows, task), split), task, vocabulary.deaths)
            found += _measure(samples, task, split, catalogue)
        tell("done", 1.0)
    return found


def _read_tasks(dump: Path, task_id: str | None) -> list[Mapping[str, object]]:
    path = dump / "tasks.json"
    if not path.is_file():
        raise DumpError(f"{path}: there is no such file. A dump to be measured on brings its tasks.")
    try:
        tasks = json.loads(path.read_text())
    except ValueError as error:
        raise DumpError(f"{path}: no JSON ({error}).") from None
    tasks = tasks if isinstance(tasks, list) else [tasks]
    if task_id is None:
        return tasks
    chosen = [task for task in tasks if task.get("id") == task_id]
    if not chosen:
        raise DumpError(f'{path}: no task "{task_id}".{did_you_mean(task_id, [str(t.get("id")) for t in tasks])}')
    return chosen


@contextmanager
def _lake(dump: Path, work: Path | None, tell: Progress) -> Iterator[duckdb.DuckDBPyConnection]:
    from lifeevents.registers.importing import import_dump
    from lifeevents.registers.lake import Lake

    with TemporaryDirectory() as temporary, duckdb.connect() as con:
        lake = Lake((work or Path(temporary)) / f"{dump.name}-lake", new_buckets=1)
        import_dump(dump, lake, None, progress=tell)
        lake.attach(con)
        yield con


def _on(rows: pa.Table, split: Split) -> pa.Table:
    """The rows of the split's days."""
    days = pa.array([date.fromisoformat(d) for d in (*split.train, *split.valid, *split.test)], pa.date32())
    return rows.filter(pc.is_in(rows["as_of"], value_set=days))


def _measure(samples: Samples, task: Task, split: Split, catalogue: Mapping[str, Feature]) -> list[Result]:
    """Results of the floor and of the detector for one task."""
    label = samples.labels
    test = np.zeros(len(samples), dtype=bool)
    p = {"age_sex_floor": np.zeros(len(samples)), "detector": np.zeros(len(samples))}
    notes = []
    for train, judge in _parts(samples, task, split):
        fitted = hazard.fit(samples.rows.filter(pa.array(train)), label[train], catalogue)
        asked = samples.rows.filter(pa.array(judge))
        trees = boosted.read(fitted.trees) if fitted.trees else None
        p["age_sex_floor"][judge] = floor.predict(fitted.model.floor, asked)
        p["detector"][judge] = hazard.predict(fitted.model, trees, asked)
        notes.append(f"{fitted.model.mix}{'; ' + fitted.model.note if fitted.model.note else ''}")
        test |= judge
    people = np.asarray(samples.rows["subject_id"].to_pylist(), dtype=str)[test]
    note = " | ".join(dict.fromkeys(notes))
    return [
        _result(task, model, label[test], chances[test], people, note if model == "detector" else "")
        for model, chances in p.items()
    ]


def _parts(samples: Samples, task: Task, split: Split) -> list[tuple[np.ndarray, np.ndarray]]:
    """(train, test) masks. By time, a training label must have closed before the first test day: the gap."""
    if split.kind == "person5":
        fold = hazard.folds_of(samples.rows["subject_id"].to_pylist(), FOLDS)
        return [(fold != held, fold == held) for held in range(FOLDS)]
    days = samples.rows["as_of"].to_numpy()
    first = min((date.fromisoformat(day) for day in split.test), default=date.max)
    closed = [d for d in (*split.train, *split.valid) if plus(date.fromisoformat(d), task.horizon) <= first]
    return [(_among(days, closed), _among(days, split.test))]


def _among(days: np.ndarray, wanted: Sequence[str]) -> np.ndarray:
    return np.isin(days, np.asarray(wanted, dtype="datetime64[D]"))


def _result(task: Task, model: str, label: np.ndarray, p: np.ndarray, people: np.ndarray, note: str) -> Result:
    if not 0 < label.sum() < len(label):
        raise DumpError(f"task {task.id}: {int(label.sum())} of {len(label)} test rows are positive; nothing to judge.")
    low, high = interval(label, p, people, auc)
    figures = {name: round(metric(label, p), 4) for name, metric in METRICS.items()}
    return Result(
        task=task.id,
        model=model,
        n=len(label),
        positives=int(label.sum()),
        auc_low=round(low, 4),
        auc_high=round(high, 4),
        note=note,
        **figures,
    )
