"""What a predicted milestone asks: which outcome, within which horizon, of whom."""

from collections.abc import Mapping
from dataclasses import dataclass

from features.sql import quoted
from lifeevents.domain.calendar import Period
from lifeevents.domain.errors import DumpError, RuleError, did_you_mean
from lifeevents.domain.milestone import Milestone
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


def of_json(task: Mapping[str, object], known: Mapping[str, ValueType]) -> tuple[Task, Split]:
    """One object of a tasks.json: target, horizon_months, eligibility, and its split.

    Raises DumpError for a key or a name that is not known, with the nearest one that is.
    """
    unknown = [key for key in task if key not in _KEYS]
    if unknown:
        raise DumpError(f'task {task.get("id")}: unknown key "{unknown[0]}".{did_you_mean(unknown[0], _KEYS)}')
    targets = tuple(str(name) for name in _list(task, "target"))
    made = Task(
        id=str(task["id"]),
        outcome=targets,
        horizon=Period(months=int(str(task["horizon_months"]))),
        at_risk=" AND ".join(_terms(task, known)) or "true",
    )
    days = {name: tuple(str(day) for day in _list(task, name)) for name in _REFS}
    split = str(task.get("split", "temporal"))
    train = days["refs"] if split == "person5" else days["train_refs"]
    return made, Split(split, train, days["valid_refs"], days["test_refs"])


_REFS = ("refs", "train_refs", "valid_refs", "test_refs")
_KEYS = (
    "id", "target", "horizon_months", "min_age", "max_age", "sex", "attr", "attr_in", "attr_gt", "not_event",
    "has_relation", "need_attr_this_year", "prefix", "split", *_REFS,
)  # fmt: skip


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
            text = str(value).replace("'", "''")
            return f"{column(name)} = '{text}'"
        return f"{column(name)} = {value}"

    terms = []
    if "min_age" in task:
        terms.append(f"(as_of - born_on) / 365.25 >= {task['min_age']}")
    if "max_age" in task:
        terms.append(f"(as_of - born_on) / 365.25 <= {task['max_age']}")
    if task.get("sex"):
        terms.append(equal("sex", task["sex"]))
    for name, value in _pairs(task, "attr"):
        terms.append(equal(name, value))
    for name, values in _pairs(task, "attr_in"):
        choices = " OR ".join(equal(name, value) for value in _list({"in": values}, "in"))
        terms.append(f"({choices or 'false'})")
    for name, value in _pairs(task, "attr_gt"):
        terms.append(f"{column(name)} > {value}")
    for name in _list(task, "not_event"):
        terms.append(f"NOT {column(f'has_{name}')}" if f"has_{name}" in known else "true")
    if task.get("has_relation"):
        terms.append("oldest_relative_years IS NOT NULL")
    if task.get("need_attr_this_year"):
        terms.append(f"{column('months_of_' + str(task['need_attr_this_year']))} < 12")
    if task.get("prefix"):
        terms.append(f"starts_with(subject_id, '{task['prefix']}')")
    return terms


def _pairs(task: Mapping[str, object], key: str) -> list[tuple[str, object]]:
    value = task.get(key, {})
    if not isinstance(value, Mapping):
        raise DumpError(f'task {task.get("id")}: "{key}" must be an object of name: value.')
    return [(str(name), given) for name, given in value.items()]
