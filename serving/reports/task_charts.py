"""The charts of one backtested task, and the one over all tasks."""

import math
from collections.abc import Sequence

from markupsafe import Markup
from matplotlib.axes import Axes

from models.evidence import Evidence, Figure, Lead, Shown
from serving.reports.charts import DETECTOR, FLOOR, INK, LINE, SHEET, SOFT, chart, legend, percent_ticks, share_axes

SIZE = (4.3, 3.3)
RARE = 0.1
"""Below this share of outcomes the calibration is drawn on logarithmic axes."""

_LOG_TICKS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)


def charts_of(id: str, found: Evidence) -> list[tuple[str, Markup]]:
    """(kind, chart) of every chart that the evidence can bear, in reading order."""
    if found.detector is None or found.floor is None or found.few:
        return []
    both, base = (found.detector, found.floor), found.positives / found.rows
    made = [
        ("roc", _roc(f"{id}-roc", *both)),
        ("pr", _precision_recall(f"{id}-pr", *both, base)),
        ("cal", _calibration(f"{id}-cal", *both, base)),
        ("gains", _gains(f"{id}-gains", *both)),
    ]
    if found.detector.working:
        made.append(("reach", _reach(f"{id}-reach", *both)))
    if found.lead:
        made.append(("lead", _lead(f"{id}-lead", found.lead)))
    return made


def _pair(axes: Axes, detector: tuple[Sequence[float], ...], floor: tuple[Sequence[float], ...], **how: object) -> None:
    axes.plot(*floor, color=FLOOR, linestyle=(0, (4, 2)), label="age-sex floor", **how)  # type: ignore[arg-type]
    axes.plot(*detector, color=DETECTOR, label="detector", **how)  # type: ignore[arg-type]


def _roc(id: str, detector: Shown, floor: Shown) -> Markup:
    def draw(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=LINE, linewidth=1)
        _pair(axes, (detector.roc.x, detector.roc.y), (floor.roc.x, floor.roc.y))
        share_axes(axes, "of those without the outcome, told", "of those with it, told")
        legend(axes, "lower right")

    d, f = detector.figures["auc"].value, floor.figures["auc"].value
    return chart(id, "ROC", f"ROC curve. AUC: detector {d:.3f}, age-sex floor {f:.3f}.", draw, size=SIZE)


def _precision_recall(id: str, detector: Shown, floor: Shown, base: float) -> Markup:
    curves = (detector.precision_recall, floor.precision_recall)

    def draw(axes: Axes) -> None:
        axes.axhline(base, color=SOFT, linewidth=1, linestyle=":", label="telling everyone")
        _pair(axes, (curves[0].x, curves[0].y), (curves[1].x, curves[1].y), drawstyle="steps-mid")
        share_axes(axes, "reach: of true events, told", "precision: of those told, true")
        axes.set_ylim(0, min(1.02, 1.15 * max(*curves[0].y, *curves[1].y, base)))
        legend(axes, "upper right")

    d, f = detector.figures["average_precision"].value, floor.figures["average_precision"].value
    words = f"Precision against reach. Average precision: detector {d:.3f}, floor {f:.3f}, telling everyone {base:.3f}."
    return chart(id, "Precision and recall", words, draw, size=SIZE)


def _calibration(id: str, detector: Shown, floor: Shown, base: float) -> Markup:
    said = [bin.chance for shown in (detector, floor) for bin, _ in shown.bins]
    came = [figure.high or figure.value for shown in (detector, floor) for _, figure in shown.bins]
    top = min(1.0, 1.1 * max(*said, *came))
    low = max(1e-4, min(0.5 * base, *said)) * 0.8 if base < RARE else 0.0

    def one(axes: Axes, shown: Shown, colour: str, marker: str, label: str) -> None:
        x = [max(bin.chance, low) for bin, _ in shown.bins]
        y = [max(figure.value, low) for _, figure in shown.bins]
        down = [at - max(min(at, f.low or 0.0), low) for at, (_, f) in zip(y, shown.bins, strict=True)]
        up = [max((f.high or 0.0) - at, 0.0) for at, (_, f) in zip(y, shown.bins, strict=True)]
        axes.errorbar(
            x, y, yerr=[down, up], color=colour, fmt=marker, markersize=5, markeredgecolor=SHEET, markeredgewidth=0.6,
            elinewidth=1.1, label=label,
        )  # fmt: skip

    def draw(axes: Axes) -> None:
        if low:
            axes.set(xscale="log", yscale="log")
            percent_ticks(axes, [tick for tick in _LOG_TICKS if low <= tick <= top])
        axes.plot([low, top], [low, top], color=SOFT, linewidth=1, linestyle=":", label="as said, so it came")
        one(axes, floor, FLOOR, "s", "age-sex floor")
        one(axes, detector, DETECTOR, "o", "detector")
        if not low:
            share_axes(axes, "", "")
        axes.set(xlabel="chance said", ylabel="share that came true", xlim=(low, top), ylim=(low, top))
        legend(axes, "upper left")

    d, f = detector.figures["calibration_slope"].value, floor.figures["calibration_slope"].value
    words = (
        f"Calibration in {len(detector.bins)} bins of equal size with 95% intervals by person"
        f"{', logarithmic axes' if low else ''}. Slope: detector {d:.2f}, floor {f:.2f}; 1 is right."
    )
    return chart(id, "Calibration", words, draw, size=SIZE)


def _reach(id: str, detector: Shown, floor: Shown) -> Markup:
    asked = [w.asked for w in detector.working]

    def draw(axes: Axes) -> None:
        _pair(
            axes,
            (asked, [w.reach.value for w in detector.working]),
            (asked, [w.reach.value for w in floor.working]),
            marker="o",
            markersize=4,
        )
        lows, highs = zip(*((w.reach.low or 0.0, w.reach.high or 0.0) for w in detector.working), strict=True)
        axes.fill_between(asked, lows, highs, color=DETECTOR, alpha=0.15, linewidth=0)
        share_axes(axes, "precision asked for beforehand", "reach: of true events, told")
        axes.set_xlim(0, max(asked) * 1.05)
        legend(axes, "upper right")

    words = "Reach at each precision asked for: " + "; ".join(
        f"at {d.asked:.0%} the detector tells {d.reach.value:.0%} and the floor {f.reach.value:.0%} of true events"
        for d, f in zip(detector.working, floor.working, strict=True)
    )
    return chart(id, "Reach against precision", words + ".", draw, size=SIZE)


def _gains(id: str, detector: Shown, floor: Shown) -> Markup:
    def draw(axes: Axes) -> None:
        axes.plot([0, 1000], [0, 1], color=LINE, linewidth=1)
        curves = [([1000 * x for x in shown.gains.x], shown.gains.y) for shown in (detector, floor)]
        _pair(axes, *curves)
        share_axes(axes, "", "reach: of true events, told")
        axes.set(xlabel="told per 1,000 people asked", xlim=(0, 1000))
        axes.xaxis.set_major_formatter("{x:,.0f}")
        legend(axes, "lower right")

    told = next((y for x, y in zip(detector.gains.x, detector.gains.y, strict=True) if x >= 0.1), 1.0)
    words = f"Reach by alarms. Telling the 100 of 1,000 with the highest chance reaches {told:.0%} of true events."
    return chart(id, "Alarms", words, draw, size=SIZE)


def _lead(id: str, lead: Lead) -> Markup:
    def draw(axes: Axes) -> None:
        middles = [(at + 0.5) * lead.width for at in range(len(lead.counts))]
        axes.bar(middles, lead.counts, width=0.86 * lead.width, color=DETECTOR)
        axes.set(xlabel="days from the reference day to the event", ylabel="true events told")
        axes.set_xlim(0, lead.width * len(lead.counts))
        axes.yaxis.get_major_locator().set_params(integer=True)
        axes.grid(visible=False, axis="x")

    words = f"Days ahead among true events told, at a precision of {lead.asked:.0%} asked for: " + ", ".join(
        f"{count} at {at * lead.width:.0f} to {(at + 1) * lead.width:.0f} days"
        for at, count in enumerate(lead.counts)
        if count
    )
    return chart(id, "Lead time", words + ".", draw, size=SIZE)


def differences(id: str, title: str, found: Sequence[tuple[str, Figure]]) -> Markup:
    """Detector minus floor for every task, with intervals; right of zero, the detector is better."""

    def draw(axes: Axes) -> None:
        for place, (_, figure) in enumerate(reversed(found)):
            low, high = figure.low or 0.0, figure.high or 0.0
            shown = low > 0 or high < 0
            axes.plot([low, high], [place, place], color=DETECTOR if shown else SOFT, linewidth=2)
            axes.plot(figure.value, place, "o", color=DETECTOR if shown else SOFT, markersize=6)
        axes.axvline(0, color=INK, linewidth=1)
        axes.set_yticks(range(len(found)), [name for name, _ in reversed(found)], color=INK)
        axes.set(xlabel="detector minus floor", ylim=(-0.6, len(found) - 0.4))
        axes.margins(x=0.08)
        axes.grid(visible=False, axis="y")

    words = "; ".join(f"{name} {f.value:+.3f} ({f.low:+.3f} to {f.high:+.3f})" for name, f in found)
    height = 0.9 + 0.3 * len(found)
    return chart(id, title, f"{title}, detector minus floor: {words}.", draw, size=(4.6, math.ceil(height * 10) / 10))
