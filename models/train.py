"""Train a predicted milestone: samples, temporal split with a gap, fit, gates, register.

Every training label has closed before the first test day, so the gap is as long as the horizon. A challenger that does
not pass every gate on the test days is not promoted: the floor serves in its place, and the report says so.
"""

from collections.abc import Callable
from datetime import date
from importlib.metadata import version as installed
from pathlib import Path
from time import perf_counter
from typing import Any

import pyarrow as pa

from features.catalogue import features
from features.lake import Lake
from lifeevents.domain.calendar import Period
from lifeevents.domain.errors import LifeEventsError
from lifeevents.domain.milestone import Milestone
from lifeevents.domain.pack import Pack
from models import ahead, boosted, monthly
from models.artefact import Artefact
from models.asking import PEOPLE, Asking
from models.card import TrainReport, card
from models.exposure import Exposure
from models.fairness import views
from models.floor import Floor
from models.growing import USUAL
from models.judge import Judgement, judge
from models.matrix import candidates
from models.plots import plots
from models.provenance import code_digest, table_digest
from models.registry import CHALLENGER, Registry, Stored

__all__ = ["TrainReport", "Unlearnable", "train"]

Progress = Callable[[str, float], None]


class Unlearnable(LifeEventsError):
    """The days hold no outcome to learn from or to judge by."""


def train(
    lake: Lake,
    pack: Pack,
    milestone: Milestone,
    *,
    as_of: date,
    var: Path,
    people: int = PEOPLE,
    asking: Asking | None = None,
    tune: float = 0.0,
    progress: Progress | None = None,
) -> TrainReport:
    """Train on what `lake` knew by `as_of`, log the run, and give the aliases.

    `asking` keeps features between milestones; `tune` seconds go into searching the trees' settings. Raises
    LifeEventsError when the outcome's register has not delivered for long enough, Unlearnable when the days hold no
    outcome to learn from or to judge by.
    """
    started, tell = perf_counter(), progress or (lambda label, done: None)
    tell(f"{milestone.id}: samples", 0.05)
    asking = asking or Asking(lake, pack, as_of, people)
    found, plan = asking.samples(milestone)
    audited = found.on(plan.test)
    audited = audited.where(audited.closed)
    try:
        _worth_judging(milestone, found.on(plan.train), audited)
    except Unlearnable:
        keep_silent(Registry(var), milestone, as_of)
        raise
    tell(f"{milestone.id}: retrieving through the feature store", 0.35)
    catalogue = features(pack.vocabulary)
    names = candidates(catalogue, milestone.subject)
    fed = found.with_rows(_through_feast(var, pack, milestone.id, names, found.rows))
    training, test = fed.on(plan.train), fed.on(plan.test)
    tell(f"{milestone.id}: fitting", 0.55)
    rising = {name: 1 if way == "rising" else -1 for name, way in milestone.monotone.items()}
    fitted = monthly.fit(
        training,
        catalogue,
        names,
        rising,
        share=plan.drawn,
        feasts=pack.vocabulary.feasts,
        together=asking.bound(),
        tune=tune,
    )
    tell(f"{milestone.id}: judging", 0.9)
    judged = judge(fitted, training, test.where(test.closed), milestone, views(audited.rows), share=plan.drawn)
    registry = Registry(var)
    stored = _register(registry, judged, milestone, fed, as_of)
    report = _report(judged, milestone, stored, perf_counter() - started)
    registry.attach(stored.run_id, "card.md", card(report, milestone))
    registry.attach(stored.run_id, "card.json", report.model_dump_json(indent=1))
    for file, figure in plots(judged, milestone.id).items():
        registry.draw(stored.run_id, file, figure)
    tell(f"{milestone.id}: done", 1.0)
    return report


def keep_silent(registry: Registry, milestone: Milestone, as_of: date) -> None:
    """A champion that speaks to nobody, where there is none yet: the rest of the pack can serve without this one."""
    if registry.has(milestone.id):
        return
    nothing = Floor(overall=0.0, rates={})
    months = Period.parse(milestone.horizon).months
    model = ahead.Monthly(
        columns=(), horizon=months, floor=nothing, mix="floor", parts=("floor",), positives=0, samples=0
    )
    made = Artefact(
        milestone=milestone.id, kind="floor", model=model, threshold=None, lacking=milestone.lacking,
        trained_as_of=as_of, service=milestone.id,
    )  # fmt: skip
    stored = registry.record(made, "", params={}, metrics={}, tags={"promoted": "false"}, report={})
    registry.crown(milestone.id, stored.version)


def _through_feast(var: Path, pack: Pack, name: str, names: list[str], rows: pa.Table) -> pa.Table:
    """The rows with their features as the feature store gives them back, by the detector's FeatureService."""
    from features.repo import open_repository

    repository = open_repository(var / "feast", pack.vocabulary)
    repository.write(rows)
    return repository.training_rows(rows, repository.service(name, names))


def _worth_judging(milestone: Milestone, training: Exposure, test: Exposure) -> None:
    for name, part in (("training", training), ("test", test)):
        positives = int(part.came.sum())
        if not 0 < positives < len(part):
            raise Unlearnable(
                f"{milestone.id}: {positives} of {len(part)} {name} samples had {milestone.outcome} within "
                f"{milestone.horizon}; there is nothing to learn or judge, and it speaks to nobody. Check at_risk, the "
                "horizon and the dump."
            )


def _register(registry: Registry, judged: Judgement, milestone: Milestone, found: Exposure, as_of: date) -> Stored:
    """Log the model's run as the challenger; the champion is what passed the gates, or else one for the floor."""
    told = _told(judged, milestone, found, as_of)
    stored = registry.record(*judged.artefact("model", milestone, as_of), **told)
    if not judged.promoted:
        registry.give_alias(milestone.id, CHALLENGER, stored.version)
        stored = registry.record(*judged.artefact("floor", milestone, as_of), **told)
    registry.crown(milestone.id, stored.version)
    return stored


def _told(judged: Judgement, milestone: Milestone, found: Exposure, as_of: date) -> dict[str, Any]:
    """What a run keeps: parameters, figures, and what it was made of."""
    figures = {"model": judged.model, "floor": judged.floor, "logistic": judged.logistic}
    asked = milestone.model_dump(include={"outcome", "at_risk", "after", "lacking", "horizon", "precision_floor"})
    model = judged.fitted.model
    made = model.model_dump(include={"mix", "rounds", "samples", "positives", "note"})
    return {
        "params": {**boosted.SETTINGS, **USUAL, **model.tuned, **asked, **made, "tuned": bool(model.tuned)},
        "metrics": {f"{who}.{name}": value for who, values in figures.items() for name, value in values.items()},
        "tags": {
            "data_sha256": table_digest(found.rows.append_column("month", pa.array(found.month))),
            "code_version": installed("lifeevents"),
            "code_sha256": code_digest(),
            "feature_service": milestone.id,
            "trained_as_of": as_of.isoformat(),
            "promoted": str(judged.promoted).lower(),
        },
        "report": {
            **figures,
            "reason": judged.reason,
            "gates": [gate.model_dump() for gate in judged.gates],
            "reach": [one.model_dump() for one in judged.reach],
        },
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
        positives=model.positives,
        test_samples=len(test),
        test_positives=int(judged.label.sum()),
        model=judged.model,
        floor=judged.floor,
        logistic=judged.logistic,
        gates=judged.gates,
        reach=judged.reach,
        auc_interval=auc_interval,
        average_precision_interval=ap_interval,
        threshold=judged.working(),
        lead_days=judged.lead_days(),
        version=stored.version,
        sha256=stored.sha256,
        run_id=stored.run_id,
        seconds=round(seconds, 1),
    )
