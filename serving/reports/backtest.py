"""A backtest as one HTML file that an analyst can send on: verdicts, figures, curves, and how it was measured."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.metadata import version as installed
from pathlib import Path
from typing import Any, Literal

from markupsafe import Markup

from lifeevents.domain.errors import LifeEventsError
from models import boosted, hazard
from models.evidence import Evidence, Figure, evidence
from models.predictions import FOLDS, Predicted
from models.provenance import code_digest, dump_digest
from serving.reports.page import rendered, written

Verdict = Literal["better", "not_shown", "worse", "few", "unjudged"]


def write_report(path: Path, dump: Path, found: Sequence[Predicted], *, now: datetime) -> None:
    """Write the report of predicted tasks, whole or not at all."""
    written(path, render(dump, found, now=now))


def render(dump: Path, found: Sequence[Predicted], *, now: datetime) -> str:
    """The report as HTML."""
    from serving.reports.task_charts import charts_of

    judged = [(one, evidence(one)) for one in found]
    tasks = [
        {
            "id": f"task-{number}",
            "of": one,
            "found": proof,
            "verdict": verdict(proof),
            "asked": asked(one),
            "charts": charts_of(f"t{number}", proof),
        }
        for number, (one, proof) in enumerate(judged, start=1)
    ]
    return rendered(
        "backtest.html",
        {"figure": figure, "share": share, "signed": signed},
        name=dump.resolve().name,
        origin=_origin(dump),
        tasks=tasks,
        overview=_overview(judged),
        made={
            "on": now.date().isoformat(),
            "version": installed("lifeevents"),
            "code": code_digest(),
            "dump": dump_digest(dump),
            "enough": hazard.ENOUGH,
            "few": hazard.FEW,
            "folds": FOLDS,
            "settings": boosted.SETTINGS,
        },
    )


def verdict(found: Evidence) -> Verdict:
    """Whether the detector's average precision beats the floor's beyond chance, on the same people."""
    if found.unjudged:
        return "unjudged"
    gain = found.difference["average_precision"]
    if found.few:
        return "few"
    if (gain.low or 0) > 0:
        return "better"
    return "worse" if (gain.high or 0) < 0 else "not_shown"


def asked(one: Predicted) -> dict[str, Any]:
    """What a task asked, in a reader's words."""
    split, years = one.split, re.compile(r"\(as_of - born_on\) / 365\.25")
    plain = years.sub("age", one.task.at_risk).replace('"', "")
    return {
        "outcome": " or ".join(name.replace("_", " ") for name in one.task.outcome),
        "months": one.task.horizon.months,
        "of": "" if plain == "true" else plain,
        "by_person": split.kind == "person5",
        "train": _days((*split.train, *split.valid)),
        "test": _days(split.test),
    }


def _days(days: Sequence[str]) -> str:
    if len(days) > 2:
        return f"{len(days)} days from {min(days)} to {max(days)}"
    return " and ".join(days)


def _overview(judged: Sequence[tuple[Predicted, Evidence]]) -> list[Markup]:
    from serving.reports.task_charts import differences

    drawn = [(one.task.id, proof.difference) for one, proof in judged if proof.difference and not proof.few]
    if not drawn:
        return []
    return [
        differences(f"all-{short}", title, [(name, gained[figure]) for name, gained in drawn])
        for short, title, figure in (("ap", "Average precision", "average_precision"), ("auc", "AUC", "auc"))
    ]


def _origin(dump: Path) -> Mapping[str, Any]:
    """What the dump says of itself in meta.json: source, licence, whether real, caveats. Nothing is fine too."""
    path = dump / "meta.json"
    if not path.is_file():
        return {}
    try:
        told = json.loads(path.read_text())
    except ValueError as error:
        raise LifeEventsError(f"{path}: no JSON ({error}). Mend it or take it away.") from None
    return told if isinstance(told, dict) else {}


def figure(value: Figure | None, places: int = 3) -> Markup:
    """A figure with its interval; the machine-readable value keeps four decimals, as the JSON does."""
    if value is None:
        return Markup("–")
    shown = Markup('<data value="{}">{}</data>').format(f"{value.value:.4f}", f"{value.value:.{places}f}")
    if value.low is None or value.high is None:
        return shown
    return shown + Markup(" <small>{} to {}</small>").format(f"{value.low:.{places}f}", f"{value.high:.{places}f}")


def signed(value: float, places: int = 3) -> str:
    """A difference with its sign, with a minus that is one."""
    return f"{value:+.{places}f}".replace("-", "−")


def share(value: float | None) -> str:
    """A share in percent, finer where it is small."""
    if value is None:
        return "–"
    return f"{100 * value:.1f}%" if value < 0.1 else f"{100 * value:.0f}%"
