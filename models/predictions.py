"""What the floor and the detector say for every row of a backtest's tasks, and what came of it.

A dump brings its own tasks; it goes through the quality gate into a lake of its own, and features come from its own
vocabulary. Settings are those of `models.hazard` for every task; test days are never looked at before they are
predicted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.catalogue import features, known_features
from features.compute import compute
from features.feature import Feature
from features.found import vocabulary_of
from lifeevents.domain.calendar import plus
from lifeevents.domain.errors import LifeEventsError
from models import boosted, floor, hazard
from models.dataset import Samples, eligible, labelled, observed
from models.dumps import Progress, opened
from models.task import Split, Task, of_json, read_tasks

FOLDS = 5
FLOOR, DETECTOR = "age_sex_floor", "detector"


@dataclass(frozen=True)
class Part:
    """One fit of a task: the rows it was judged on, and what its training people said beforehand.

    `judged`: places in the task's test rows. `label`, `chances`: of the training rows; the detector's chances are
    from parts that had not seen the person, so that a working threshold can be chosen on them.
    """

    judged: np.ndarray
    label: np.ndarray
    chances: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Predicted:
    """The test rows of a task: who was asked (`people`, one id per row), what came (`label`, 0 or 1; `days` from the
    reference day to the outcome, NaN without one), and each model's chances.

    `unjudged` is the sentence that says why nothing can be judged; then `chances` and `parts` may be empty.
    """

    task: Task
    split: Split
    people: np.ndarray
    label: np.ndarray
    days: np.ndarray
    chances: Mapping[str, np.ndarray]
    parts: tuple[Part, ...] = ()
    note: str = ""
    unjudged: str = ""

    @property
    def positives(self) -> int:
        """How many test rows had the outcome."""
        return int(self.label.sum())


def predictions(
    dump: Path,
    task_id: str | None = None,
    *,
    work: Path | None = None,
    progress: Progress | None = None,
) -> list[Predicted]:
    """The tasks of `dump`/tasks.json (one of them, or all), predicted.

    The dump is imported into a lake of its own in `work` (a temporary folder by default).
    Raises DumpError when there is no tasks.json, no such task, or a task that asks for what the dump does not have.
    """
    tell = progress or (lambda label, done: None)
    asked = read_tasks(dump / "tasks.json", task_id)
    with opened(dump, work, lambda label, done: tell(label, 0.2 * done)) as con:
        vocabulary = vocabulary_of(con)
        catalogue, known = features(vocabulary), known_features(vocabulary)
        tasks = [of_json(task, known) for task in asked]
        days = sorted({day for _, split in tasks for day in (*split.train, *split.valid, *split.test)})
        tell("features", 0.25)
        rows = compute(con, vocabulary, observed(con, days))
        found: list[Predicted] = []
        for number, (task, split) in enumerate(tasks):
            tell(task.id, 0.3 + 0.7 * number / len(tasks))
            samples = labelled(con, _on(eligible(rows, task), split), task, vocabulary.deaths)
            found.append(_predict(samples, task, split, catalogue))
        tell("done", 1.0)
    return found


def _on(rows: pa.Table, split: Split) -> pa.Table:
    """The rows of the split's days."""
    days = pa.array([date.fromisoformat(d) for d in (*split.train, *split.valid, *split.test)], pa.date32())
    return rows.filter(pc.is_in(rows["as_of"], value_set=days))


def _predict(samples: Samples, task: Task, split: Split, catalogue: Mapping[str, Feature]) -> Predicted:
    """Fit on each part's training rows, predict its test rows."""
    label, parts = samples.labels, _parts(samples, task, split)
    test = np.logical_or.reduce([judged for _, judged in parts])
    place = np.cumsum(test) - 1
    p = {FLOOR: np.zeros(len(samples)), DETECTOR: np.zeros(len(samples))}
    done, notes, unjudged = [], [], _too_one_sided(task, label[test])
    for train, judged in parts:
        try:
            fitted = hazard.fit(samples.rows.filter(pa.array(train)), label[train], catalogue)
        except LifeEventsError as error:
            unjudged = f"task {task.id}: {error}"
            break
        asked = samples.rows.filter(pa.array(judged))
        trees = boosted.read(fitted.trees) if fitted.trees else None
        p[FLOOR][judged] = floor.predict(fitted.model.floor, asked)
        p[DETECTOR][judged] = hazard.predict(fitted.model, trees, asked)
        notes.append(f"{fitted.model.mix}{'; ' + fitted.model.note if fitted.model.note else ''}")
        beforehand = {
            FLOOR: floor.predict(fitted.model.floor, samples.rows.filter(pa.array(train))),
            DETECTOR: fitted.unseen,
        }
        done.append(Part(place[judged], label[train], beforehand))
    days = samples.days.cast(pa.float64()).to_numpy()
    return Predicted(
        task=task,
        split=split,
        people=np.asarray(samples.rows["subject_id"].to_pylist(), dtype=str)[test],
        label=label[test],
        days=np.where(label == 1, days, np.nan)[test],
        chances={model: chances[test] for model, chances in p.items()},
        parts=tuple(done),
        note=" | ".join(dict.fromkeys(notes)),
        unjudged=unjudged,
    )


def _too_one_sided(task: Task, label: np.ndarray) -> str:
    if 0 < label.sum() < len(label):
        return ""
    return f"task {task.id}: {int(label.sum())} of {len(label)} test rows are positive; nothing to judge."


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
