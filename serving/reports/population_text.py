"""The page of the documentation that holds a large simulation's figures, written by the command that measured them."""

from collections.abc import Iterable

from lifeevents.simulate import Rates
from lifeevents.simulate.figures import Figure, Survey
from serving.reports.population import topics, value

_HEAD = """\
# Simulated and published

Written by `lifeevents simulate report --dump DIR --markdown docs/simulation-figures.md`; change
`packs/vn/rates/published.yaml` and write it again, not this page.

{people:,} people living on {until}, simulated from {start}: {agree} of the {judged} figures that can be judged agree,
and {emerged} of those {agree} were not given to the model. {few} are too few to tell at this size, {none} are no
evidence.

- **Tolerance** is absolute: the allowance for sources and simplifications (the last table says why so much) and what
  chance does at this size of population (half the 95% interval of the simulated figure).
- **Given**: the model's rates hold the figure; that it agrees shows that the machine keeps its rates. Figures that are
  not given are the test of the model.
- **No evidence**: the published figure is from memory. It is shown, and counts for nothing.
- **Too few**: within the tolerance, but chance is wider than the allowance.
- Flows are means of the year and its two neighbours, as far as simulated; stocks are of its middle or its end.
"""


def page(found: Survey, rates: Rates) -> str:
    """The page as Markdown, ended by a newline."""
    agrees, misses = found.counted("agrees"), found.counted("misses")
    parts = [
        _HEAD.format(
            people=found.people,
            start=found.start,
            until=found.until,
            agree=len(agrees),
            judged=len(agrees) + len(misses),
            emerged=sum(figure.published.role == "emerges" for figure in agrees),
            few=len(found.counted("too few")),
            none=len(found.counted("no evidence")),
        ),
        "## Figures\n",
        *(_topic(name, figures) for name, figures in topics(found)),
        "## Why figures miss\n",
        "\n".join(f"- **{figure.published.name}**: {figure.why}" for figure in found.figures if figure.why) + "\n",
        "## Where sources conflict\n",
        *(
            f"**{conflict.about.capitalize()}.** {'; '.join(conflict.said)}.\n"
            f"Chosen: {conflict.chosen}, because {conflict.because}\n"
            for conflict in rates.published.conflicts
        ),
        "## Published, and not simulated\n",
        _table(("figure", "published", "source", "why not"),
               ((f.name, f.published, f.source, f.why) for f in rates.published.not_simulated)),
        "## Why each allowance is what it is\n",
        _table(("figure", "allowance", "because"),
               ((f.published.name, _number(f.published.allowance, f.published.unit), f.published.because)
                for f in found.figures)),
    ]  # fmt: skip
    return "\n".join(parts)


def row(figure: Figure) -> tuple[str, ...]:
    """A figure's row of the page."""
    told, found = figure.published, figure.simulated
    simulated = "–"
    if found is not None:
        simulated = f"{value(found.value, told.unit)} ({value(found.low, told.unit)} to {value(found.high, told.unit)})"
    known = told.source if told.confidence == "read" else f"{told.source}, {told.confidence}"
    return (
        told.name, str(told.year), told.unit, value(told.published, told.unit), simulated,
        f"± {value(figure.tolerance, told.unit)}", "given" if told.role == "given" else "", known, figure.verdict,
    )  # fmt: skip


def _topic(name: str, figures: Iterable[Figure]) -> str:
    columns = ("figure", "year", "unit", "published", "simulated (95%)", "tolerance", "given", "source", "verdict")
    return f"### {name}\n\n" + _table(columns, map(row, figures))


def _table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    names = list(columns)
    lines = [names, ["---"] * len(names), *map(list, rows)]
    return "".join("| " + " | ".join(cells) + " |\n" for cells in lines)


def _number(number: float, unit: str) -> str:
    return f"± {value(number, unit)}"
