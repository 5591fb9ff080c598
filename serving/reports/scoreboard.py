"""The quality scoreboard as a picture: registers by the six principles, each share with its course by month."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from lifeevents.domain.errors import LifeEventsError
from serving.api.language import pick
from serving.reports.page import checked, written

KINDS = (".png", ".svg")
GOOD, FAIR, POOR = "#276749", "#8a4b08", "#9b2c2c"
WASHES = {GOOD: "#e4f2e8", FAIR: "#fdf0da", POOR: "#fbe9e7"}
INK, SOFT, LINE = "#1d2a2c", "#536064", "#dcd7ca"
AIM, LEAST = 0.95, 0.8
"""From AIM a share is shown as good, from LEAST as fair. Colour only repeats what the number says."""


def asked(path: Path) -> Path:
    """The path, if a picture can be written there. Raises LifeEventsError for another kind of file."""
    if path.suffix not in KINDS:
        raise LifeEventsError(f"{path}: a picture is written as {' or '.join(KINDS)}. Name it quality.png.")
    return checked(path, "--picture")


def write_picture(path: Path, report: Mapping[str, Any]) -> None:
    """Draw the report of `lifeevents quality`, whole or not at all; the same report gives the same bytes."""
    registers = [one for one in report["registers"] if one["rows"]]
    if not registers:
        raise LifeEventsError("No register has delivered a row in these months; there is nothing to draw.")
    principles = [number["principle"] for number in registers[0]["numbers"]]
    with matplotlib.rc_context({"svg.hashsalt": "lifeevents", "font.size": 10, "text.color": INK}):
        figure = Figure(figsize=(2.6 + 1.7 * len(principles), 1.5 + 0.95 * len(registers)), layout="constrained")
        grid = figure.subplots(len(registers), len(principles), squeeze=False)
        for row, register in zip(grid, registers, strict=True):
            for axes, number in zip(row, register["numbers"], strict=True):
                _cell(axes, number)
            title = f"{pick(register['title'], 'en')}\n{register['rows']:,} rows"
            row[0].set_ylabel(title, rotation=0, ha="right", va="center", color=INK, labelpad=12, fontsize=9.5)
        for axes, principle in zip(grid[0], principles, strict=True):
            axes.set_title(principle, fontsize=11, color=INK)
        simulated = ". Simulated: nobody in it is real" if report["simulated"] else ""
        figure.suptitle(
            f"Data quality by register, recorded {report['first'][:7]} to {report['last'][:7]}{simulated}",
            fontsize=13, color=INK,
        )  # fmt: skip
        figure.supxlabel("Share and its course by month; the dashed line is 95%", fontsize=9, color=SOFT)
        out = BytesIO()
        kind = path.suffix[1:]
        figure.savefig(out, format=kind, dpi=110, metadata={"Date": None} if kind == "svg" else {"Software": None})
    written(path, out.getvalue())


def _cell(axes: Axes, number: Mapping[str, Any]) -> None:
    """One share with its line; the reason where there is none."""
    axes.set(xticks=[], yticks=[])
    for side in axes.spines.values():
        side.set_color(LINE)
    share = number["share"]
    if share is None:
        axes.text(0.5, 0.5, str(number["why"]).replace("_", " "), ha="center", va="center", fontsize=8, color=SOFT,
                  transform=axes.transAxes)  # fmt: skip
        return
    colour = GOOD if share >= AIM else FAIR if share >= LEAST else POOR
    axes.set_facecolor(WASHES[colour])
    courses = [month["good"] / month["of"] for month in number["months"] if month["key"] is not None]
    _course(axes, courses, colour)
    few = " few" if number["few"] else ""
    axes.text(0.04, 0.93, f"{share:.1%}{few}", ha="left", va="top", fontsize=11, fontweight="bold", color=colour,
              transform=axes.transAxes)  # fmt: skip


def _course(axes: Axes, shares: Sequence[float], colour: str) -> None:
    """The line over the months, in the lower half of the cell, from the lowest share (at most .5) up to 1."""
    if len(shares) < 2:
        return
    floor = min(0.5, *shares)
    axes.plot(range(len(shares)), shares, color=colour, linewidth=1.6)
    axes.axhline(AIM, color=SOFT, linewidth=0.7, linestyle=(0, (3, 3)))
    axes.set(xlim=(-0.3, len(shares) - 0.7), ylim=(floor - 0.04 * (1 - floor), 1 + 1.1 * (1 - floor)))
