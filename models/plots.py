"""What an analyst looks at first in a training run, as small pictures: the test days beside the age-sex floor, and what
the model leans on among training people."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from lifeevents.engine.indicators import wilson_lower
from models.curves import bins_of, precision_recall, reliability

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from models.judge import Judgement

MODEL, FLOOR, SOFT = "#00543d", "#8a8f94", "#536064"
SHOWN = 15
"""So many inputs are drawn, those that say most."""


def plots(judged: "Judgement", title: str) -> Mapping[str, "Figure"]:
    """File name -> figure; the lead only where a threshold was found and true events were told."""
    drawn: dict[str, Callable[[Axes], None]] = {
        "reliability.png": lambda axes: _reliability(axes, judged),
        "precision-reach.png": lambda axes: _precision_reach(axes, judged),
    }
    leads = judged.leads()
    if len(leads):
        drawn["lead.png"] = lambda axes: _lead(axes, leads)
    if judged.leans_on:
        drawn["importance.png"] = lambda axes: _importance(axes, judged.leans_on)
    return {f"plots/{name}": _figure(title, draw) for name, draw in drawn.items()}


def _figure(title: str, draw: "Callable[[Axes], None]") -> "Figure":
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6.4, 4.4), dpi=90, layout="constrained")
    axes = figure.subplots()
    axes.spines[["top", "right"]].set_visible(False)
    draw(axes)
    axes.set_title(title, fontsize=10, loc="left")
    return figure


def _reliability(axes: "Axes", judged: "Judgement") -> None:
    """Share that came true against the chance said, in bins of equal size, with 95% intervals of the share."""
    positives = int(judged.label.sum())
    for name, p, colour in (("floor", judged.floor_p, FLOOR), ("model", judged.p, MODEL)):
        bins = reliability(judged.label, p, bins_of(p, positives))
        said, came = np.array([(one.chance, one.share) for one in bins]).T
        hits = [(round(one.share * one.rows), one.rows) for one in bins]
        below = [share - (wilson_lower(true, rows) or 0.0) for share, (true, rows) in zip(came, hits, strict=True)]
        above = [1 - (wilson_lower(rows - true, rows) or 0.0) - true / rows for true, rows in hits]
        axes.errorbar(said, came, yerr=np.maximum([below, above], 0), fmt="o-", color=colour, label=name, capsize=2)
    most = max(axes.get_xlim()[1], axes.get_ylim()[1])
    axes.plot([0, most], [0, most], color=SOFT, linestyle=":", linewidth=1)
    axes.set(xlabel="Chance said on test days", ylabel="Share that came true")
    axes.legend(frameon=False)


def _precision_reach(axes: "Axes", judged: "Judgement") -> None:
    """Precision against reach, and the working threshold."""
    for name, p, colour in (("floor", judged.floor_p, FLOOR), ("model", judged.p, MODEL)):
        curve = precision_recall(judged.label, p)
        axes.plot(curve.x, curve.y, color=colour, label=name)
    if working := judged.working():
        axes.plot([working.reach], [working.precision], "o", color=MODEL, label="working threshold")
    axes.set(xlabel="Reach on test days", ylabel="Precision", xlim=(0, 1), ylim=(0, None))
    axes.legend(frameon=False)


def _lead(axes: "Axes", days: np.ndarray) -> None:
    """Days from speaking to the event, of the true events told."""
    axes.hist(days, bins=12, color=MODEL)
    axes.axvline(float(np.median(days)), color=SOFT, linestyle=":")
    axes.set(xlabel=f"Days ahead (median {np.median(days):.0f})", ylabel="True events told")


def _importance(axes: "Axes", leans_on: Mapping[str, float]) -> None:
    """The inputs' shares of what the model says: mean absolute contributions to the log odds."""
    names = list(leans_on)[:SHOWN][::-1]
    axes.barh(names, [leans_on[name] for name in names], color=MODEL)
    axes.tick_params(axis="y", labelsize=7)
    axes.set(xlabel="Share of what the model says of training people")
