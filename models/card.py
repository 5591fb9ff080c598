"""The model card: what a detector is for, what it was made of, and how it did, as Markdown and as JSON."""

from datetime import date

from lifeevents.domain.frozen import Frozen
from lifeevents.domain.milestone import Milestone
from models.evaluate import Threshold
from models.fairness import Reach
from models.gates import Gate


class TrainReport(Frozen):
    """What was trained and how it did on the test days, beside the floor and logistic regression.

    `promoted`: the model passed every gate and serves; else the floor does, for the `reason`. `threshold` is how the
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
    logistic: dict[str, float]
    gates: tuple[Gate, ...]
    reach: tuple[Reach, ...]
    auc_interval: tuple[float, float]
    average_precision_interval: tuple[float, float]
    threshold: Threshold | None
    lead_days: float | None
    version: str
    sha256: str
    run_id: str
    seconds: float


def card(report: TrainReport, milestone: Milestone) -> str:
    """The card in Markdown."""
    asked = f"that {milestone.outcome} {'does not come' if milestone.lacking else 'comes'} within {milestone.horizon}"
    lines = [
        f"# {milestone.text.title.get('en', milestone.id)} (`{milestone.id}`)",
        "",
        f"The chance {asked}, for a {milestone.subject} where `{milestone.at_risk}`. It decides whether help is "
        "offered; it never refuses, reduces or flags anything, and no office sees it.",
        "",
        f"- Made of: {report.made_of}{f' ({report.note})' if report.note else ''}; version {report.version}, "
        f"digest {report.sha256[:16]}",
        f"- Trained on {report.samples:,} samples with {report.positives:,} outcomes, asked on "
        f"{report.train_days[0]} to {report.train_days[-1]}",
        f"- Judged on {report.test_samples:,} samples, {report.test_positives:,} of them true, asked on "
        f"{report.test_days[0]} to {report.test_days[-1]}",
        f"- {'Promoted' if report.promoted else 'Not promoted; the age-sex floor serves'}: {report.reason}",
        "",
        "| | AUC | average precision | Brier | slope | ECE |",
        "|---|---|---|---|---|---|",
        *(_row(name, figures) for name, figures in _rivals(report)),
        "",
        *(f"- {'passed' if gate.passed else '**refused**'}, {gate.name}: {gate.said}" for gate in report.gates),
        "",
        "Groups at the working threshold (an audit's view; no model reads it):",
        "",
        *([] if report.reach else ["No group had enough true events, or nobody is spoken to."]),
        *(["| view | group | true events | told | of the best |", "|---|---|---|---|---|"] if report.reach else []),
        *(f"| {one.view} | {one.group} | {one.events} | {one.told} | {one.share:.2f} |" for one in report.reach),
    ]
    return "\n".join(lines) + "\n"


def _rivals(report: TrainReport) -> tuple[tuple[str, dict[str, float]], ...]:
    return (("model", report.model), ("logistic regression", report.logistic), ("age-sex floor", report.floor))


def _row(name: str, figures: dict[str, float]) -> str:
    shown = (figures[key] for key in ("auc", "average_precision", "brier", "calibration_slope", "ece"))
    return f"| {name} | {' | '.join(f'{value:.4f}' for value in shown)} |"
