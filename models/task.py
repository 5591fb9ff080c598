"""What a predicted milestone asks: which outcome, within which horizon, of whom."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite
from pathlib import Path

from features.sql import literal, quoted
from lifeevents.domain.calendar import Period
from lifeevents.domain.errors import DumpError, RuleError, did_you_mean
from lifeevents.domain.milestone import Milestone
from lifeevents.domain.pack import Vocabulary
from lifeevents.domain.register import ValueType
from lifeevents.engine.conditions import Condition


@dataclass(frozen=True)
class Task:
    """An outcome (any of these event types) within `horizon` of a day, for subjects `at_risk` on that day.

    `at_risk` is a DuckDB boolean expression over feature columns; unknown means not asked about.
    """

    id: str
    outcome: tuple[str, ...]
    horizon: Period
    at_risk: str


def of_milestone(milestone: Milestone, known: Mapping[str, ValueType]) -> Task:
    """The task of a predicted milestone. Raises RuleError for a milestone of another kind or an unknown name."""
    if milestone.kind != "predicted" or milestone.outcome is None or milestone.at_risk is None:
        raise RuleError(f"{milestone.id} is {milestone.kind}; only a predicted milestone has a model to train.")
    condition = Condition.parse(milestone.at_risk, known)
    return Task(milestone.id, (milestone.outcome,), Period.parse(milestone.horizon), condition.sql())


@dataclass(frozen=True)
class Split:
    """On which days a task is asked: by time (train, valid, test), or one set of days in five folds by person."""

    kind: str
    train: tuple[str, ...]
    valid: tuple[str, ...] = ()
    test: tuple[str, ...] = ()


def read_tasks(path: Path, task_id: str | None = None) -> list[Mapping[str, object]]:
    """The tasks of a file (one object or a list), or the one of that id. Raises DumpError."""
    if not path.is_file():
        raise DumpError(f"{path}: there is no such file. A dump to be measured on brings its tasks.")
    try:
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise DumpError(f"{path}: no JSON ({error}).") from None
    tasks = found if isinstance(found, list) else [found]
    for number, task in enumerate(tasks, 1):
        if not isinstance(task, dict):
            raise DumpError(f"{path}: task {number} is not an object. A task looks like {EXAMPLE}")
    if task_id is None:
        return tasks
    chosen = [task for task in tasks if task.get("id") == task_id]
    if not chosen:
        raise DumpError(f'{path}: no task "{task_id}".{did_you_mean(task_id, [str(t.get("id")) for t in tasks])}')
    return chosen


def of_json(task: Mapping[str, object], known: Mapping[str, ValueType]) -> tuple[Task, Split]:
    """One object of a tasks.json: target, horizon_months, eligibility, and its split.

    Raises DumpError for a key that is missing, a key or a name that is not known (with the nearest one that is), and
    a value that cannot be read.
    """
    unknown = [key for key in task if key not in _KEYS]
    if unknown:
        raise DumpError(f'task {task.get("id")}: unknown key "{unknown[0]}".{did_you_mean(unknown[0], _KEYS)}')
    made = Task(
        id=str(task.get("id", "task")),
        outcome=tuple(str(name) for name in _list(task, "target")),
        horizon=Period(months=_months(task)),
        at_risk=" AND ".join(_terms(task, known)) or "true",
    )
    days = {name: tuple(_day(task, name, day) for day in _list(task, name)) for name in _REFS}
    split = str(task.get("split", "temporal"))
    if split not in ("temporal", "person5"):
        raise DumpError(f'task {made.id}: split is "temporal" or "person5", not "{split}".')
    train = days["refs"] if split == "person5" else days["train_refs"]
    return made, Split(split, train, days["valid_refs"], days["test_refs"])


_REFS = ("refs", "train_refs", "valid_refs", "test_refs")
_KEYS = (
    "id", "target", "horizon_months", "min_age", "max_age", "sex", "attr", "attr_in", "attr_gt", "not_event",
    "has_relation", "need_attr_this_year", "prefix", "split", *_REFS,
)  # fmt: skip


EXAMPLE = '{"id": "move12", "target": ["move"], "horizon_months": 12, "train_refs": ["2020-12-31"]}.'


def require_outcome(task: Task, vocabulary: Vocabulary) -> None:
    """Raises DumpError when none of the task's target events is ever told in the dump."""
    if not task.outcome:
        raise DumpError(f'task {task.id}: "target" names no event. A task looks like {EXAMPLE}')
    strangers = [name for name in task.outcome if name not in vocabulary.events]
    if len(strangers) == len(task.outcome):
        near = did_you_mean(strangers[0], vocabulary.events)
        raise DumpError(f'task {task.id}: the dump holds no event "{strangers[0]}".{near}')


def _months(task: Mapping[str, object]) -> int:
    value = task.get("horizon_months")
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 600:
        raise DumpError(f'task {task.get("id")}: "horizon_months" is a whole number from 1 to 600, not {value!r}.')
    return value


def _number(task: Mapping[str, object], key: str, value: object) -> float | int:
    if isinstance(value, bool):
        return int(value)
    if not isinstance(value, int | float) or not isfinite(value):
        raise DumpError(f'task {task.get("id")}: "{key}" is a number, not {value!r}.')
    return value


def _day(task: Mapping[str, object], key: str, value: object) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise DumpError(f'task {task.get("id")}: "{key}" holds {value!r}, which is no day. Write YYYY-MM-DD.') from None


def _list(task: Mapping[str, object], key: str) -> list[object]:
    value = task.get(key, [])
    return list(value) if isinstance(value, list | tuple) else [value]


def _terms(task: Mapping[str, object], known: Mapping[str, ValueType]) -> list[str]:
    def column(name: str) -> str:
        if name not in known:
            raise DumpError(f'task {task.get("id")}: the dump has no "{name}".{did_you_mean(name, known)}')
        return quoted(name)

    def equal(name: str, value: object) -> str:
        if isinstance(value, str) or known.get(name) == "category":
            return f"{column(name)} = {literal(str(value))}"
        return f"{column(name)} = {_number(task, name, value)}"

    terms = []
    if "min_age" in task:
        terms.append(f"(as_of - born_on) / 365.25 >= {_number(task, 'min_age', task['min_age'])}")
    if "max_age" in task:
        terms.append(f"(as_of - born_on) / 365.25 <= {_number(task, 'max_age', task['max_age'])}")
    if task.get("sex"):
        terms.append(equal("sex", task["sex"]))
    for name, value in _pairs(task, "attr"):
        terms.append(equal(name, value))
    for name, values in _pairs(task, "attr_in"):
        choices = " OR ".join(equal(name, value) for value in _list({"in": values}, "in"))
        terms.append(f"({choices or 'false'})")
    for name, value in _pairs(task, "attr_gt"):
        terms.append(f"TRY_CAST({column(name)} AS DOUBLE) > {_number(task, name, value)}")
    for name in _list(task, "not_event"):
        terms.append(f"NOT {column(f'has_{name}')}" if f"has_{name}" in known else "true")
    if task.get("has_relation"):
        terms.append("oldest_relative_years IS NOT NULL")
    if task.get("need_attr_this_year"):
        terms.append(f"{column('months_of_' + str(task['need_attr_this_year']))} < 12")
    if task.get("prefix"):
        terms.append(f"starts_with(subject_id, {literal(str(task['prefix']))})")
    return terms


def _pairs(task: Mapping[str, object], key: str) -> list[tuple[str, object]]:
    value = task.get(key, {})
    if not isinstance(value, Mapping):
        raise DumpError(f'task {task.get("id")}: "{key}" must be an object of name: value.')
    return [(str(name), given) for name, given in value.items()]
