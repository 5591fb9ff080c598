"""How every detector does, in one Markdown page: figures, gates, groups, and the share of what can be known."""

from datetime import date
from pathlib import Path

from features.lake import Lake
from lifeevents.domain.errors import NotFound
from lifeevents.domain.pack import Pack
from models.card import TrainReport
from models.registry import CHALLENGER, Registry, Stored
from models.truth import Held, against_truth


def detectors_report(lake: Lake, pack: Pack, var: Path, *, as_of: date, truth: Path | None) -> str:
    """The page, of the newest training of every predicted milestone. Raises NotFound when there is none."""
    registry = Registry(var)
    trained = [m for m in pack.milestones.values() if m.kind == "predicted" and registry.has(m.id)]
    reports = {m.id: report for m in trained for report in [_card(registry, m.id)] if report is not None}
    if not reports:
        raise NotFound("no model has been trained here yet. Run: lifeevents train")
    models = {name: _model(registry, name) for name in reports}
    held = against_truth(lake, pack, truth, models, as_of=as_of) if truth else {}
    lines = [*_figures(reports), "", *_truth(held, reports), "", *_gates(reports)]
    silent = [m.id for m in trained if m.id not in reports]
    if silent:
        lines += ["", f"Too few outcomes to train: {', '.join(silent)}. They speak to nobody."]
    return "\n".join(lines) + "\n"


def _card(registry: Registry, name: str) -> TrainReport | None:
    found = registry.text(registry.load(name).run_id, "card.json")
    return TrainReport.model_validate_json(found) if found else None


def _model(registry: Registry, name: str) -> Stored:
    """The newest model, which may be a challenger that a gate refused."""
    champion = registry.load(name)
    if champion.artefact.kind == "model":
        return champion
    return registry.load(name, CHALLENGER)


def _figures(reports: dict[str, TrainReport]) -> list[str]:
    lines = [
        "| detector | serves | test rows | true | AUC (95%) | AP (95%) | AP logistic | AP floor | slope | ECE "
        "| Brier | precision | reach | told per 1,000 |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for r in reports.values():
        (a, b), (c, d), m, t = r.auc_interval, r.average_precision_interval, r.model, r.threshold
        used = f"{t.precision:.2f} | {t.reach:.2f} | {1000 * t.alarms:.0f}" if t else "– | – | 0"
        lines.append(
            f"| `{r.milestone}` | {'model' if r.promoted else 'floor'} | {r.test_samples:,} | {r.test_positives:,} "
            f"| {m['auc']:.3f} ({a:.3f} to {b:.3f}) | {m['average_precision']:.3f} ({c:.3f} to {d:.3f}) "
            f"| {r.logistic['average_precision']:.3f} | {r.floor['average_precision']:.3f} "
            f"| {m['calibration_slope']:.2f} | {m['ece']:.4f} | {m['brier']:.4f} | {used} |"
        )
    return lines


def _truth(held: dict[str, Held], reports: dict[str, TrainReport]) -> list[str]:
    if not held:
        return ["Not held against a truth: give the `truth` folder of a simulated dump."]
    lines = [
        "| detector | people | events expected | AP floor | AP model | AP p_observable | AP p_full "
        "| share of the gain (95%) | told 30 days ahead | median lead | told per 1,000 a month |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for name in reports:
        if name not in held:
            lines.append(f"| `{name}` | – | – | – | – | – | – | no chances in the truth | – | – | – |")
            continue
        h = held[name]
        share = f"{h.share:.0%} ({h.low:.0%} to {h.high:.0%})" if h.share is not None else "nothing to gain"
        told = f"{h.told} of {h.events}" if h.told is not None else "–"
        lead = f"{h.lead:.0f} days" if h.lead is not None else "–"
        alarms = f"{h.alarms:.1f}" if h.alarms is not None else "–"
        lines.append(
            f"| `{name}` | {h.people:,} | {h.expected:.1f} | {h.floor:.4f} | {h.model:.4f} | {h.observable:.4f} "
            f"| {h.full:.4f} | {share} | {told} | {lead} | {alarms} |"
        )
    return lines


def _gates(reports: dict[str, TrainReport]) -> list[str]:
    lines = []
    for r in reports.values():
        lines += [f"`{r.milestone}` ({r.made_of}): {'promoted' if r.promoted else 'refused, so the floor serves'}", ""]
        lines += [f"- {'passed' if g.passed else '**refused**'}, {g.name}: {g.said}" for g in r.gates]
        lines.append("")
    return lines[:-1]
