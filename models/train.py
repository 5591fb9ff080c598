"""Train a predicted milestone: samples, temporal split with a gap, fit, judge against the floor, register.

The days asked about are quarters. Every training label has closed before the first test day, so the gap is as long
as the horizon. A model whose average precision on the test days does not beat the age-sex floor's is not promoted:
the floor serves in its place, and the report says so.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter

import duckdb
import numpy as np
import pyarrow as pa

from features.catalogue import features, known_features
from lifeevents.domain.calendar import Period
from lifeevents.domain.frozen import Frozen
from lifeevents.domain.milestone import Milestone
from lifeevents.domain.pack import Pack
from lifeevents.registers.lake import Lake
from models import boosted, floor, hazard
from models.artefact import Artefact
from models.dataset import Samples, reference_days, samples
from models.evaluate import Threshold, at_threshold, auc, average_precision, interval, metrics, threshold
from models.matrix import candidates
from models.predicted import known_share
from models.registry import CHALLENGER, CHAMPION, Registry, Stored
from models.task import of_milestone

Progress = Callable[[str, float], None]
QUARTER = Period(months=3)
TEST_DAYS, TRAIN_DAYS = 4, 8
PEOPLE = 30_000
"""At most so many people are sampled; the draw is by a hash of their id."""
LEAST_KNOWN = 0.01
"""The share of training rows that may know less than what the detector asks for."""


class TrainReport(Frozen):
    """What was trained and how it did on the test days, beside the floor. `promoted`: the model beat the floor."""

    milestone: str
    promoted: bool
    made_of: str
    note: str
    service: str
    train_days: tuple[date, ...]
    test_days: tuple[date, ...]
    samples: int
    positives: int
    test_samples: int
    test_positives: int
    model: dict[str, float]
    floor: dict[str, float]
    auc_interval: tuple[float, float]
    average_precision_interval: tuple[float, float]
    threshold: Threshold | None
    version: str
    sha256: str
    run_id: str
    seconds: float


def train(
    lake: Lake, pack: Pack, milestone: Milestone, *, as_of: date, var: Path, progress: Progress | None = None
) -> TrainReport:
    """Train on what `lake` knew by `as_of`, log the run, and give the aliases.

    Raises LifeEventsError when the days hold no outcome to learn from.
    """
    started, tell = perf_counter(), progress or (lambda label, done: None)
    catalogue, known = features(pack.vocabulary), known_features(pack.vocabulary)
    task = of_milestone(milestone, known)
    test_days = reference_days(as_of, task.horizon, count=TEST_DAYS, gap=QUARTER)
    train_days = reference_days(test_days[0], task.horizon, count=TRAIN_DAYS, gap=QUARTER)
    tell(f"{milestone.id}: samples", 0.05)
    with duckdb.connect() as con:
        lake.attach(con)
        days = (*train_days, *test_days)
        found = samples(con, pack.vocabulary, task, days, known_by=as_of, people=PEOPLE)
    names = candidates(catalogue, milestone.subject)
    tell(f"{milestone.id}: retrieving through the feature store", 0.35)
    rows = _through_feast(var, pack, milestone.id, names, found)
    tell(f"{milestone.id}: fitting", 0.55)
    testing = np.isin(rows["as_of"].to_numpy(), np.asarray(test_days, dtype="datetime64[D]"))
    label, early, late = found.labels, rows.filter(pa.array(~testing)), rows.filter(pa.array(testing))
    fitted = hazard.fit(early, label[~testing], catalogue, names)
    tell(f"{milestone.id}: judging", 0.9)
    trees = boosted.read(fitted.trees) if fitted.trees else None
    chance = {
        "model": hazard.predict(fitted.model, trees, late),
        "floor": floor.predict(fitted.model.floor, late),
    }
    figures = {name: metrics(label[testing], p) for name, p in chance.items()}
    promoted = figures["model"]["average_precision"] > figures["floor"]["average_precision"]
    working = threshold(label[~testing], fitted.unseen, milestone.precision_floor)
    people = np.asarray(late["subject_id"].to_pylist(), dtype=str)
    stored = _register(var, milestone, fitted, early, working, promoted=promoted, as_of=as_of, figures=figures)
    return TrainReport(
        milestone=milestone.id,
        promoted=promoted,
        made_of=fitted.model.mix,
        note=fitted.model.note,
        service=milestone.id,
        train_days=train_days,
        test_days=test_days,
        samples=early.num_rows,
        positives=int(label[~testing].sum()),
        test_samples=late.num_rows,
        test_positives=int(label[testing].sum()),
        model=figures["model"],
        floor=figures["floor"],
        auc_interval=interval(label[testing], chance["model"], people, auc),
        average_precision_interval=interval(label[testing], chance["model"], people, average_precision),
        threshold=at_threshold(label[testing], chance["model"], working.p) if working else None,
        version=stored.version,
        sha256=stored.sha256,
        run_id=stored.run_id,
        seconds=round(perf_counter() - started, 1),
    )


def _through_feast(var: Path, pack: Pack, name: str, names: list[str], found: Samples) -> pa.Table:
    """The samples' features as the feature store gives them back, by the detector's FeatureService."""
    from features.repo import open_repository

    repository = open_repository(var / "feast", pack.vocabulary)
    repository.write(found.rows)
    return repository.training_rows(found.rows, repository.service(name, names))


def _register(
    var: Path,
    milestone: Milestone,
    fitted: hazard.Fitted,
    rows: pa.Table,
    working: Threshold | None,
    *,
    promoted: bool,
    as_of: date,
    figures: dict[str, dict[str, float]],
) -> Stored:
    """Log the run; the champion is the model if it beat the floor, else the floor."""
    registry = Registry(var)
    artefact = Artefact(
        milestone=milestone.id,
        kind="model" if promoted else "floor",
        model=fitted.model,
        threshold=working if promoted else None,
        least_known=float(np.quantile(known_share(fitted.model, rows), LEAST_KNOWN)),
        trained_as_of=as_of,
        service=milestone.id,
    )
    stored = registry.record(
        artefact,
        fitted.trees if promoted else "",
        params={"mix": fitted.model.mix, "rounds": fitted.model.rounds, "samples": fitted.model.samples},
        metrics={f"{who}.{name}": value for who, values in figures.items() for name, value in values.items()},
        tags={"trained_as_of": as_of.isoformat(), "service": milestone.id, "kind": artefact.kind},
        report=figures,
    )
    registry.give_alias(milestone.id, CHALLENGER, stored.version)
    registry.give_alias(milestone.id, CHAMPION, stored.version)
    return stored
