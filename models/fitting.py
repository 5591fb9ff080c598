"""Fit a model on a dump that somebody brought, to be kept and asked later (`models/scoring.py`)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa

from features.catalogue import features, known_features
from features.compute import compute
from features.found import vocabulary_of
from lifeevents.domain.calendar import Period, minus, plus
from lifeevents.domain.errors import DumpError
from lifeevents.domain.pack import Vocabulary
from models import floor, hazard
from models.dataset import Samples, at_risk, labelled, observed
from models.dumps import Progress, opened, span
from models.folder import Kept, Standalone, Words, digest_of
from models.provenance import code_digest, dump_digest
from models.task import Split, Task, of_json, require_outcome

MOST_ROWS = 250_000
"""Person-days that are sampled at most: whole people, drawn by a hash of their id."""
GRID, MOST_DAYS = Period(months=6), 8
"""Where the task names no reference day that can serve: so far apart, and so many at most."""
SLACK = timedelta(days=31)
"""A dump's newest fact may be so much older than the day it was drawn."""


def fit(dump: Path, asked: Mapping[str, object], *, progress: Progress | None = None) -> Kept:
    """Fit on the task's reference days, but for those whose outcome reaches into its test days.

    Where outcomes are few the model is a logistic line, or the age-sex floor alone; its `note` says so.
    Raises DumpError for a task that asks for what the dump does not have, or that nobody can be asked about.
    """
    tell = progress or (lambda label, done: None)
    with opened(dump, None, lambda label, done: tell(label, 0.3 * done)) as con:
        vocabulary = vocabulary_of(con)
        task, split = of_json(asked, known_features(vocabulary))
        require_outcome(task, vocabulary)
        first, last = span(con)
        days, chosen = reference_days(split, task.horizon, first, last)
        tell("features", 0.35)
        rows = compute(con, vocabulary, _spine(con, days))
        risk = at_risk(rows, task)
        known_by = last + SLACK
        inside = labelled(con, rows.filter(risk.fill_null(False)), task, vocabulary.deaths, known_by=known_by)
        if not len(inside):
            raise DumpError(_nobody(task, days))
        others = pa.compute.and_(rows["alive"], pa.compute.invert(risk)).fill_null(False)
        outside = labelled(con, rows.filter(others), task, vocabulary.deaths, known_by=known_by)
    tell("model", 0.5)
    fitted = _fitted(inside, vocabulary)
    tell("done", 1.0)
    base = fitted.model.floor
    return Kept(
        Standalone(
            task=dict(asked),
            words=Words.of(vocabulary),
            model=fitted.model,
            outside=floor.fit(outside.rows, outside.labels, width=5) if len(outside) else base,
            days=tuple(days),
            chosen=chosen,
            samples=len(inside),
            positives=inside.positives,
            dump=dump_digest(dump),
            code=code_digest(),
            trees_sha256=digest_of(fitted.trees),
        ),
        fitted.trees,
    )


def reference_days(split: Split, horizon: Period, first: date, last: date) -> tuple[list[date], bool]:
    """The days to learn from, and whether they were chosen here.

    Of the days that the task names (those of training and validation, or of the folds) all whose horizon closes by its
    first test day and by the end of the dump; where none does, a grid of days back from there. Never a test day.
    """
    tests = [date.fromisoformat(day) for day in split.test]
    end = min([last + SLACK, *tests])
    named = sorted({date.fromisoformat(day) for day in (*split.train, *split.valid)})
    closed = [day for day in named if first <= day and plus(day, horizon) <= end]
    if closed:
        return closed, False
    grid = [minus(min([last, *tests]), horizon)]
    while len(grid) < MOST_DAYS and minus(grid[-1], GRID) > first:
        grid.append(minus(grid[-1], GRID))
    return sorted(day for day in grid if day >= first), True


def _spine(con: duckdb.DuckDBPyConnection, days: Sequence[date]) -> pa.Table:
    everyone = observed(con, days)
    if everyone.num_rows <= MOST_ROWS:
        return everyone
    people = len(everyone["subject_id"].unique())
    return observed(con, days, people=max(people * MOST_ROWS // everyone.num_rows, 1))


def _fitted(inside: Samples, vocabulary: Vocabulary) -> hazard.Fitted:
    label = inside.labels
    if 0 < inside.positives < len(inside):
        return hazard.fit(inside.rows, label, features(vocabulary))
    base = floor.fit(inside.rows, label)
    note = f"{inside.positives} of {len(inside)} samples are positive: the age-sex floor"
    model = hazard.Model(
        columns=(),
        floor=base,
        mix="floor",
        parts=("floor",),
        positives=inside.positives,
        samples=len(inside),
        note=note,
    )
    return hazard.Fitted(model, "", floor.predict(base, inside.rows))


def _nobody(task: Task, days: Sequence[date]) -> str:
    said = ", ".join(day.isoformat() for day in days) or "no reference day lies inside the dump"
    return (
        f"task {task.id}: nobody was at risk and observed to the end of the horizon ({said}). "
        "Widen its conditions, name earlier reference days, or shorten the horizon."
    )


def describe(kept: Kept) -> str:
    """What the model is, in a sentence."""
    m = kept.model
    note = f" ({m.model.note})" if m.model.note else ""
    days = f"{len(m.days)} reference days from {m.days[0]} to {m.days[-1]}"
    own = ", chosen here because the task names none that could serve" if m.chosen else ""
    return f"{m.model.mix}{note}; {m.positives:,} outcomes in {m.samples:,} samples of {days}{own}"
