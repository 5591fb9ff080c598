"""Everything the report on a dump says: its figures, its curves, and how large it is."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lifeevents.simulate.figures.comparison import Figure, check_measures, figures_of
from lifeevents.simulate.figures.curves import Curves, curves_of
from lifeevents.simulate.figures.tables import opened
from lifeevents.simulate.rates import Rates


@dataclass(frozen=True)
class Survey:
    """A dump that was measured. people: living on the last day. curves: None where 2025 is not covered."""

    people: int
    start: date
    until: date
    figures: tuple[Figure, ...]
    curves: Curves | None

    def counted(self, *verdicts: str) -> tuple[Figure, ...]:
        """The figures with one of the verdicts."""
        return tuple(figure for figure in self.figures if figure.verdict in verdicts)


def survey(dump: Path, rates: Rates, *, curves: bool = True) -> Survey:
    """Measure a dump that the simulation wrote; without `curves` the figures alone.

    Raises DumpError where the folder holds no simulated dump with its truth, PackError for a figure without a measure.
    """
    check_measures(rates.published.figures)
    with opened(dump) as tables:
        living = tables.con.execute("select count(*) from aged(?::date)", [tables.until]).fetchone()
        return Survey(
            people=living[0] if living else 0,
            start=tables.start,
            until=tables.until,
            figures=tuple(figures_of(tables, rates)),
            curves=curves_of(tables, rates) if curves else None,
        )
