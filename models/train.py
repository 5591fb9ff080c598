"""Train a predicted milestone: samples, temporal split with a gap, fit, judge against the floor, register.

The days asked about are half a year apart (nearer ones would ask about nearly the same months again). Every training
label has closed before the first test day, so the gap is as long as the horizon. A model whose average precision on
the test days does not beat the age-sex floor's is not promoted: the floor serves in its place, and the report says so.
"""

from collections.abc import Callable
from datetime import date
from importlib.metadata import version as installed
from pathlib import Path
from time import perf_counter
from typing import Any

import duckdb

from features.catalogue import features, known_features
from features.lake import Lake
from lifeevents.domain.calendar import Period
from lifeevents.domain.errors import LifeEventsError
from lifeevents.domain.frozen import Frozen
from lifeevents.domain.milestone import Milestone
from lifeevents.domain.pack import Pack
from models import boosted, hazard
from models.dataset import Samples, reference_days, samples
from models.evaluate import Threshold
from models.judge import Judgement, judge
from models.matrix import candidates
from models.provenance import code_digest, data_digest
from models.registry import CHALLENGER, CHAMPION, Registry, Stored
from models.task import Task, of_milestone

Progress = Callable[[str, float], None]
APART = Period(months=6)
TEST_DAYS, TRAIN_DAYS = 2, 5
PEOPLE = 30_000
"""At most so many people are sampled; the draw is by a hash of their id."""


class TrainReport(Frozen):
    """What was trained and how it did on the test days, beside the floor.

    `promoted`: the model beat the floor and serves; else the floor does, for the `reason`. `threshold` is how the
    working threshold of the one that serves did on the test days (None: no threshold holds the precision asked for,
    so the detector speaks to nobody), `lead_days` the median days from speaking to the event.
    """

    milestone: str
    promoted: bool
    reason: str
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
    lead_days: float | None
    version: str
    sha256: str
    run_id: str
    seconds: float


def train(
    lake: Lake,
    pack: Pack,
    milestone: Milestone,
    *,
    as_of: date,
    var: Path,
    people: int = PEOPLE,
    progress: Progress | None = None,
) -> TrainReport:
    """Train on what `lake` knew by `as_of`, log the run, and give the aliases.

    Raises LifeEventsError when the outcome's register has not delivered for long enough, or when the days hold no
    outcome to learn from or to judge by.
    """
    started, tell = perf_counter(), progress or (lambda label, done: None)
    catalogue = features(pack.vocabulary)
    task = of_milestone(milestone, known_features(pack.vocabulary))
    tell(f"{milestone.id}: samples", 0.05)
    with duckdb.connect() as con:
        lake.attach(con)
        early, late = _days(con, pack, task, as_of)
        found = samples(con, pack.vocabulary, task, (*early, *late), known_by=as_of, people=people)
    tell(f"{milestone.id}: retrieving through the feature store", 0.35)
    names = candidates(catalogue, milestone.subject)
    found = _through_feast(var, pack, milestone.id, names, found)
    training, test = found.on(early), found.on(late)
    _worth_judging(milestone, training, test)
    tell(f"{milestone.id}: fitting", 0.55)
    fitted = hazard.fit(training.rows, training.labels, catalogue, names)
    tell(f"{milestone.id}: judging", 0.9)
    judged = judge(fitted, training, test, milestone.precision_floor)
    stored = _register(Registry(var), judged, milestone, found, as_of)
    report = _report(judged, milestone, stored, perf_counter() - started)
    tell(f"{milestone.id}: done", 1.0)
    return report


def _days(
    con: duckdb.DuckDBPyConnection, pack: Pack, task: Task, as_of: date
) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """(training days, test days); none before the outcome's registers delivered, when a "no" meant nothing."""
    late = reference_days(as_of, task.horizon, count=TEST_DAYS, gap=APART)
    early = reference_days(late[0], task.horizon, count=TRAIN_DAYS, gap=APART)
    registers = [pack.vocabulary.registers[outcome] for outcome in task.outcome]
    ((since,),) = con.execute(
        "SELECT CAST(max(first_recorded_at) AS DATE) FROM deliveries WHERE list_contains(?, register)", [registers]
    ).fetchall()
    kept = tuple(day for day in early if since is not None and since <= day)
    if not kept:
        raise LifeEventsError(
            f"{task.id}: {', '.join(registers)} delivers {f'since {since}' if since else 'nothing'}, but training by "
            f"{as_of} with a horizon of {task.horizon} asks about {early[-1]} at the latest. Import older deliveries."
        )
    return kept, late


def _through_feast(var: Path, pack: Pack, name: str, names: list[str], found: Samples) -> Samples:
    """The samples with their features as the feature store gives them back, by the detector's FeatureService."""
    from features.repo import open_repository

    repository = open_repository(var / "feast", pack.vocabulary)
    repository.write(found.rows)
    return found.with_rows(repository.training_rows(found.rows, repository.service(name, names)))


def _worth_judging(milestone: Milestone, training: Samples, test: Samples) -> None:
    for name, part in (("training", training), ("test", test)):
        if not 0 < part.positives < len(part):
            raise LifeEventsError(
                f"{milestone.id}: {part.positives} of {len(part)} {name} samples had {milestone.outcome} within "
                f"{milestone.horizon}; there is nothing to learn or judge. Check at_risk, the horizon and the dump."
            )


def _register(registry: Registry, judged: Judgement, milestone: Milestone, found: Samples, as_of: date) -> Stored:
    """Log the model's run, and where the gate refused it one for the floor, which then is the champion."""
    told = _told(judged, milestone, found, as_of)
    artefact, trees = judged.artefact(milestone, as_of)
    stored = registry.record(artefact, trees, **told)
    if not judged.promoted:
        registry.give_alias(milestone.id, CHALLENGER, stored.version)
        stored = registry.record(judged.floor_artefact(milestone, as_of), "", **told)
    registry.give_alias(milestone.id, CHAMPION, stored.version)
    return stored


def _told(judged: Judgement, milestone: Milestone, found: Samples, as_of: date) -> dict[str, Any]:
    """What a run keeps: parameters, figures, and what it was made of."""
    figures = {"model": judged.model, "floor": judged.floor}
    return {
        "params": {
            **boosted.SETTINGS,
            **milestone.model_dump(include={"outcome", "at_risk", "horizon", "precision_floor"}),
            **judged.fitted.model.model_dump(include={"mix", "rounds", "samples", "positives", "note"}),
        },
        "metrics": {f"{who}.{name}": value for who, values in figures.items() for name, value in values.items()},
        "tags": {
            "data_sha256": data_digest(found),
            "code_version": installed("lifeevents"),
            "code_sha256": code_digest(),
            "feature_service": milestone.id,
            "trained_as_of": as_of.isoformat(),
            "promoted": str(judged.promoted).lower(),
        },
        "report": {**figures, "reason": judged.reason},
    }


def _report(judged: Judgement, milestone: Milestone, stored: Stored, seconds: float) -> TrainReport:
    model, training, test = judged.fitted.model, judged.training, judged.test
    auc_interval, ap_interval = judged.intervals()
    return TrainReport(
        milestone=milestone.id,
        promoted=judged.promoted,
        reason=judged.reason,
        made_of=model.mix,
        note=model.note,
        service=milestone.id,
        train_days=training.asked_on,
        test_days=test.asked_on,
        samples=len(training),
        positives=training.positives,
        test_samples=len(test),
        test_positives=test.positives,
        model=judged.model,
        floor=judged.floor,
        auc_interval=auc_interval,
        average_precision_interval=ap_interval,
        threshold=judged.working(),
        lead_days=judged.lead_days(),
        version=stored.version,
        sha256=stored.sha256,
        run_id=stored.run_id,
        seconds=round(seconds, 1),
    )
