"""Charts of what a dump shows of marriages, registration, work, household businesses and the months of the year."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup
from matplotlib.axes import Axes

from lifeevents.simulate.figures import Curves
from lifeevents.simulate.rates import Rates, Sex
from serving.reports.charts import INK, SOFT, chart, legend
from serving.reports.population_charts import DASHED, PUBLISHED, SEXES, SIMULATED, SIZE, Charts

Points = Sequence[tuple[float, float]]
_MONTHS = "JFMAMJJASOND"
_SEASONS: dict[str, dict[str, str]] = {
    "Births, marriages, deaths": {"birth": "births", "marriage": "marriages", "death": "deaths"},
    "Insured work": {"job_start": "started", "job_end": "ended", "job_loss": "of these, lost"},
    "Household businesses, moves": {
        "household_business_registration": "opened", "household_business_closure": "closed", "move": "moves",
    },
}  # fmt: skip


def register_charts(c: Curves, rates: Rates) -> Charts:
    """Marriages, registration, work and business."""
    told = {figure.name: figure.published for figure in rates.published.figures}
    means = {"F": told.get("women's mean age at first marriage"), "M": told.get("men's mean age at first marriage")}
    birth, death = rates.registering.birth.value, rates.registering.death.value
    return [
        ("First marriages, by age", "Share of those who married first, by completed age. Dashed: the registers’ means "
         "for 2021 to 2023. No published distribution was found.", _marriage(c.marriage, means)),
        ("How late births are registered", "Share of all births registered by so many days after. Published for "
         "2024: the share within 60 days, and ever.",
         _delay("delay-births", "births", c.delays["birth"], (birth.days, birth.on_time), birth.ever)),
        ("How late deaths are registered", "Share of all deaths. Published for 2024: the share within 15 days. The "
         "share ever registered is derived from the ministry’s count.",
         _delay("delay-deaths", "deaths", c.delays["death"], (death.days, death.on_time), death.ever)),
        ("Insured in work, by age", "Share of the people of each age at the end of 2025, as the registers hold it. "
         "Only totals are published; the form by age is the model’s.", _insured(c.insured)),
        ("Age of those who open a household business", "Groups of two years. Nothing published was found; the form "
         "is the model’s.", _owners(c.owners)),
        ("How long household businesses last", "Share still open so many years after opening (Kaplan and Meier). "
         "Nothing published was found; the form is the model’s.", _survival(c.survival)),
    ]  # fmt: skip


def season_charts(c: Curves) -> Charts:
    """Events by month of the year; the colours tell the events apart."""
    return [
        (title, "Per day of the month, against the mean of all months (1).",
         _season(f"season-{number}", title, {label: c.season[event][1] for event, label in events.items()
                                             if event in c.season}))
        for number, (title, events) in enumerate(_SEASONS.items())
    ]  # fmt: skip


def _split(points: Points) -> tuple[list[float], list[float]]:
    return [x for x, _ in points], [y for _, y in points]


def _percents(axes: Axes, x: str, y: str) -> None:
    axes.set(xlabel=x, ylabel=y, ylim=(0, None))
    axes.yaxis.set_major_formatter(lambda share, _: f"{100 * share:.0f}%")


def _marriage(found: Mapping[Sex, Points], means: Mapping[Sex, float | None]) -> Markup:
    looks: dict[Sex, tuple[str, str]] = {"F": (SIMULATED, "-"), "M": (INK, "-")}

    def draw(axes: Axes) -> None:
        for sex, points in found.items():
            colour, line = looks[sex]
            ages, shares = _split(points)
            axes.plot([age + 0.5 for age in ages], shares, color=colour, linestyle=line, label=SEXES[sex])
        _percents(axes, "age", "of first marriages")
        top = axes.get_ylim()[1]
        for sex, mean in means.items():
            if mean is not None:
                axes.axvline(mean, color=PUBLISHED, linestyle=DASHED, linewidth=1.2)
                side = "right" if sex == "F" else "left"
                beside = mean + (-0.4 if sex == "F" else 0.4)
                axes.text(beside, 0.03 * top, f"{SEXES[sex]}\n{mean:.1f}", color=PUBLISHED, ha=side, fontsize=8.5)
        axes.set_xlim(17, 50)
        legend(axes, "upper right")

    likeliest = {SEXES[sex]: int(max(points, key=lambda point: point[1])[0]) for sex, points in found.items() if points}
    words = "First marriages by age; the likeliest age is " + " and ".join(f"{a} for {w}" for w, a in likeliest.items())
    return chart("marriage", "First marriages by age", words + ".", draw, size=SIZE)


def _delay(id: str, what: str, found: Points, on_time: tuple[int, float], ever: float) -> Markup:
    days, share = on_time

    def draw(axes: Axes) -> None:
        axes.plot(*_split(found), color=SIMULATED, label="simulated")
        axes.axhline(ever, color=PUBLISHED, linestyle=DASHED, linewidth=1.2, label=f"ever, {100 * ever:.1f}%")
        axes.plot([days], [share], "D", color=PUBLISHED, markersize=6, label=f"{days} days, {100 * share:.1f}%")
        _percents(axes, "days after", f"of all {what}, registered")
        axes.set(ylim=(0, 1.02), xlim=(0, found[-1][0]))
        legend(axes, "lower right")

    within = f"Of all {what} {100 * found[days][1]:.1f} per cent are registered within {days} days"
    words = f"{within}; published, {100 * share:.1f}."
    return chart(id, f"Registration of {what}", words, draw, size=SIZE)


def _insured(found: Mapping[str, Points]) -> Markup:
    def draw(axes: Axes) -> None:
        ages, compulsory = _split(found["compulsory"])
        voluntary = _split(found["voluntary"])[1]
        axes.stackplot(ages, compulsory, voluntary, colors=[SIMULATED, INK], alpha=0.6, linewidth=0,
                       labels=["compulsorily", "voluntarily"])  # fmt: skip
        _percents(axes, "age", "of the people of that age")
        axes.set_xlim(15, 69)
        legend(axes, "upper right")

    peak = max(found["compulsory"], key=lambda point: point[1])
    words = (
        f"Insured in work by age; compulsory insurance is commonest at {peak[0]:.0f} ({100 * peak[1]:.0f} per cent)."
    )
    return chart("insured", "Insured by age", words, draw, size=SIZE)


def _owners(found: Points) -> Markup:
    def draw(axes: Axes) -> None:
        ages, shares = _split(found)
        axes.bar([age + 1 for age in ages], shares, width=1.8, color=SIMULATED, alpha=0.8)
        _percents(axes, "age of the owner", "of openings")
        axes.grid(visible=False, axis="x")

    early = sum(share for age, share in found if age < 30)
    late = sum(share for age, share in found if age >= 50)
    words = f"Owners’ ages at opening: {100 * early:.0f} per cent are under 30, {100 * late:.0f} per cent 50 and over."
    return chart("owners", "Age of owners at opening", words, draw, size=SIZE)


def _survival(found: Points) -> Markup:
    def draw(axes: Axes) -> None:
        months, shares = _split(found)
        axes.step([month / 12 for month in months], shares, where="post", color=SIMULATED)
        _percents(axes, "years after opening", "still open")
        axes.set(ylim=(0, 1.02), xlim=(0, None))

    after = {years: share for month, share in found for years in (1, 5, 10) if month == 12 * years}
    words = "Household businesses still open: " + ", ".join(
        f"{100 * share:.0f} per cent after {years} year{'s' if years > 1 else ''}" for years, share in after.items()
    )
    return chart("survival", "Survival of household businesses", words + ".", draw, size=SIZE)


def _season(id: str, title: str, found: Mapping[str, Sequence[float]]) -> Markup:
    looks = ((SIMULATED, "-", "o"), (PUBLISHED, DASHED, "s"), (INK, ":", "^"))

    def draw(axes: Axes) -> None:
        axes.axhline(1, color=SOFT, linewidth=0.8)
        for (label, monthly), (colour, line, marker) in zip(found.items(), looks, strict=False):
            axes.plot(range(12), monthly, color=colour, linestyle=line, marker=marker, markersize=3.5, label=label)
        every = [one for monthly in found.values() for one in monthly]
        axes.set(xlabel="month", ylabel="against the mean of all months")
        axes.set_ylim(min(0.6, *every), max(1.4, *every) + 0.05)
        axes.set_xticks(range(12), list(_MONTHS))
        legend(axes, "lower right")

    words = f"{title} by month. " + "; ".join(
        f"{label} from {min(monthly):.2f} to {max(monthly):.2f} times the mean" for label, monthly in found.items()
    )
    return chart(id, title, words + ".", draw, size=SIZE)
