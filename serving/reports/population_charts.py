"""Charts of a simulated population, its ages, births and deaths: simulated in one colour, published in the other."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator

from lifeevents.simulate.figures import Curves
from lifeevents.simulate.figures.estimate import Estimate
from lifeevents.simulate.rates import Rates, Sex
from serving.reports.charts import DETECTOR, FLOOR, INK, SHEET, SOFT, chart, legend

SIMULATED, PUBLISHED = DETECTOR, FLOOR
SIZE = (4.3, 3.3)
DASHED = (0, (4, 2))
SEXES: dict[Sex, str] = {"M": "men", "F": "women"}
Charts = list[tuple[str, str, Markup]]
"""(title, what to know of it, chart) in reading order."""


def population_charts(c: Curves, rates: Rates) -> Charts:
    """Ages, births and deaths."""
    un, scale = "the UN’s rates for 2025 to 2030", f"{rates.mortality.scale.value:.2f}"
    return [
        ("Ages and sexes, mid-2025", "Five-year groups, as a share of all people. Published: UN cohorts, raked to "
         "the national office’s sexes and broad ages; the start of the simulation is led back from them.",
         _pyramid(c.pyramid, c.published_pyramid)),
        ("Births per 1,000 women, by age", "With 95% intervals. Published: the UN’s form by age at the national "
         "office’s level.", _fertility(c.fertility, c.published_fertility)),
        *((f"Death rates of {who}, by age", f"Logarithmic, with 95% intervals; a group without a death has none. "
           f"Dotted: {un}; dashed: the same, multiplied by {scale} so that the crude rate is the national office’s.",
           _mortality(f"deaths-{sex}", who, c.mortality[sex], c.published_mortality[sex]))
          for sex, who in SEXES.items()),
    ]  # fmt: skip


def _pyramid(simulated: Mapping[Sex, Sequence[tuple[float, float]]],
             published: Mapping[Sex, Sequence[tuple[float, float]]]) -> Markup:  # fmt: skip
    def draw(axes: Axes) -> None:
        for sex, side in (("M", -1), ("F", 1)):
            ages = [age + 2.5 for age, _ in simulated[sex]]
            axes.barh(ages, [side * 100 * part for _, part in simulated[sex]], height=4.4, color=SIMULATED, alpha=0.55,
                      label="simulated" if side > 0 else None)  # fmt: skip
            edges = [age for age, _ in published[sex]] + [105]
            shares = [side * 100 * part for _, part in published[sex]]
            axes.stairs(shares, edges, orientation="horizontal", baseline=None, color=PUBLISHED, linewidth=1.6,
                        label="published" if side > 0 else None)  # fmt: skip
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.set(ylabel="age", xlabel="% of all people", ylim=(0, 105), xlim=(-5, 5))
        axes.set_xticks([-4, -2, 0, 2, 4], ["4", "2", "0", "2", "4"])
        axes.text(-4.8, 100, "men", color=SOFT)
        axes.text(4.8, 100, "women", color=SOFT, ha="right")
        legend(axes, "upper left")
        axes.get_legend().set_bbox_to_anchor((0.0, 0.93))

    largest = max(abs(a - b) for sex in SEXES for (_, a), (_, b) in zip(simulated[sex], published[sex], strict=False))
    words = (
        "Age pyramid, simulated beside published. The widest gap in a five-year group of one sex is "
        f"{100 * largest:.2f} per cent of all people."
    )
    return chart("pyramid", "Age pyramid", words, draw, size=(4.3, 4.2))


def _points(axes: Axes, found: Mapping[float, Estimate]) -> None:
    """Estimates at ages, per 1,000, with their intervals; nothing for a group without an event."""
    shown = {age: e for age, e in found.items() if e.value}
    down = [1000 * (e.value - e.low) for e in shown.values()]
    up = [1000 * (e.high - e.value) for e in shown.values()]
    axes.errorbar(
        list(shown), [1000 * e.value for e in shown.values()], yerr=[down, up], color=SIMULATED, fmt="o",
        markersize=4.5, markeredgecolor=SHEET, markeredgewidth=0.6, elinewidth=1.2, label="simulated", zorder=3,
    )  # fmt: skip


def _fertility(simulated: Mapping[int, Estimate], published: Mapping[int, float]) -> Markup:
    def draw(axes: Axes) -> None:
        axes.plot([age + 2.5 for age in published], [1000 * n for n in published.values()], color=PUBLISHED,
                  linestyle=DASHED, label="published")  # fmt: skip
        _points(axes, {age + 2.5: e for age, e in simulated.items()})
        axes.set(xlabel="age of the mother", ylabel="births per 1,000 women a year", ylim=(0, None), xlim=(15, 50))
        legend(axes, "upper right")

    words = "Births per 1,000 women a year: " + "; ".join(
        f"aged {age} to {age + 4} simulated {1000 * simulated[age].value:.1f}, published {1000 * published[age]:.1f}"
        for age in simulated
        if age in published
    )
    return chart("fertility", "Fertility by age", words + ".", draw, size=SIZE)


def _middle(age: int) -> float:
    """The middle of a life table's group."""
    return {0: 0.5, 1: 3.0}.get(age, age + 2.5)


def _mortality(
    id: str, who: str, simulated: Mapping[int, Estimate], published: Mapping[int, tuple[float, float]]
) -> Markup:
    def draw(axes: Axes) -> None:
        ages = [_middle(age) for age in published]
        axes.plot(ages, [1000 * raw for raw, _ in published.values()], color=SOFT, linestyle=":", label="UN")
        axes.plot(ages, [1000 * scaled for _, scaled in published.values()], color=PUBLISHED, linestyle=DASHED,
                  label="UN, scaled")  # fmt: skip
        _points(axes, {_middle(age): e for age, e in simulated.items()})
        axes.set(yscale="log", xlabel="age", ylabel="deaths per 1,000 a year", xlim=(0, 90), ylim=(0.1, 200))
        axes.set_yticks([0.1, 1, 10, 100], ["0.1", "1", "10", "100"])
        axes.yaxis.set_minor_locator(NullLocator())
        legend(axes, "upper left")

    words = f"Deaths per 1,000 {who} a year: " + "; ".join(
        f"from age {age} simulated {1000 * e.value:.2f}, UN scaled {1000 * published[age][1]:.2f}"
        for age, e in simulated.items()
        if age in published
    )
    return chart(id, f"Mortality of {who}", words + ".", draw, size=SIZE)
