"""The quality of detection on several dumps, as a page of the documentation, beside a yardstick where one is given.

A yardstick is a CSV file with what others reached: dataset, task, model, auc, average_precision. A task keeps up when
its figure is at or above the best row's less half the width of its own 95% interval.
"""

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lifeevents.domain.errors import DumpError
from models.backtest import Result
from models.predictions import DETECTOR, FLOOR

Best = Mapping[tuple[str, str], Mapping[str, tuple[float, str]]]
JUDGED = ("auc", "average_precision")
SLOPE, ENOUGH = (0.8, 1.25), 100
"""The calibration slope's interval must overlap this where there are so many outcomes."""


@dataclass(frozen=True)
class Measured:
    """A dump's results by task and model, and the tasks that could not be judged with the reason."""

    name: str
    results: Sequence[Result]
    unjudged: Sequence[str] = ()


def read_yardstick(path: Path) -> Best:
    """The best figure of each task with the model that reached it. Raises DumpError for a file of another form."""
    found: dict[tuple[str, str], dict[str, tuple[float, str]]] = defaultdict(dict)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                best = found[row["dataset"], row["task"]]
                for figure in JUDGED:
                    best[figure] = max(best.get(figure, (0.0, "")), (float(row[figure]), row["model"]))
    except (OSError, KeyError, ValueError) as error:
        raise DumpError(f"{path}: no yardstick ({error}). It has dataset, task, model, {', '.join(JUDGED)}.") from None
    return found


def written_page(measured: Sequence[Measured], best: Best | None, *, made_by: str, on: date) -> str:
    """The page, in Markdown."""
    lines = [
        "# The quality of detection on data nobody here made",
        "",
        "Written by",
        "",
        f"    {made_by}",
        "",
        f"on {on.isoformat()}. Each dump is taken through the quality gate; features are the generic ones, made from "
        "the dump's own vocabulary; settings are the same for every task and were tuned on none. Test days are looked "
        "at once, to be judged. Intervals are 95%, by person (200 draws).",
        "",
    ]
    kept = 0
    asked = 0
    for one in measured:
        lines += [f"## {one.name}", "", *_table(one, best), ""]
        lines += [f"- Not judged: {reason}" for reason in one.unjudged] + ([""] if one.unjudged else [])
        for _, detector in _pairs(one):
            verdicts = _verdicts(one.name, detector, best)
            asked += len(verdicts)
            kept += sum(ok for ok, _ in verdicts)
            lines += [f"- {detector.task}: {said}" for ok, said in verdicts if not ok]
        if lines[-1]:
            lines.append("")
    if best is not None:
        goal = "at or above the yardstick's best row less half the own interval, in AUC and in average precision"
        slope = (
            f"a calibration slope whose interval overlaps {SLOPE[0]} to {SLOPE[1]} where there are {ENOUGH} outcomes"
        )
        lines += [f"{kept} of {asked} judgements hold ({goal}; {slope})."]
    return "\n".join(lines).rstrip() + "\n"


def _pairs(one: Measured) -> list[tuple[Result, Result]]:
    by = {(r.task, r.model): r for r in one.results}
    return [(by[task, FLOOR], by[task, DETECTOR]) for task in dict.fromkeys(r.task for r in one.results)]


def _table(one: Measured, best: Best | None) -> list[str]:
    beside = " | best AUC | best AP" if best is not None else ""
    lines = [
        f"| task | rows | outcomes | AUC | floor | AP | floor | slope | ECE | made of{beside} |",
        "|---|---:|---:|---|---:|---|---:|---|---:|---" + ("|---:|---:|" if best is not None else "|"),
    ]
    for floor, r in _pairs(one):
        cells = [
            r.task, f"{r.n:,}", f"{r.positives:,}",
            f"**{r.auc:.3f}** ({r.auc_low:.3f} to {r.auc_high:.3f})", f"{floor.auc:.3f}",
            f"**{r.average_precision:.3f}** ({r.average_precision_low:.3f} to {r.average_precision_high:.3f})",
            f"{floor.average_precision:.3f}",
            f"{r.calibration_slope:.2f} ({r.calibration_slope_low:.2f} to {r.calibration_slope_high:.2f})",
            f"{r.ece:.3f}", r.note.replace("|", "/"),
        ]  # fmt: skip
        if best is not None:
            known = best.get((one.name, r.task), {})
            cells += [f"{known[figure][0]:.3f}" if figure in known else "–" for figure in JUDGED]
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _verdicts(name: str, r: Result, best: Best | None) -> list[tuple[bool, str]]:
    """Per judgement whether it holds, and the sentence for one that does not."""
    if best is None:
        return []
    found = []
    for figure in JUDGED:
        if figure in best.get((name, r.task), {}):
            mark, model = best[name, r.task][figure]
            value, half = getattr(r, figure), (getattr(r, f"{figure}_high") - getattr(r, f"{figure}_low")) / 2
            said = f"{figure.replace('_', ' ')} {value:.3f} is below {mark:.3f} ({model}) less {half:.3f}"
            found.append((value >= mark - half, said))
    if r.positives >= ENOUGH:
        low, high = r.calibration_slope_low, r.calibration_slope_high
        said = f"the slope's interval {low:.2f} to {high:.2f} lies outside {SLOPE[0]} to {SLOPE[1]}"
        found.append((low <= SLOPE[1] and high >= SLOPE[0], said))
    return found
