"""Forecasts for areas as a file: JSON as the API gives it, or CSV with a line per area and period."""

import csv
from io import StringIO
from pathlib import Path

from lifeevents.domain.errors import LifeEventsError
from lifeevents.domain.forecast import AreaForecast, Cell, Expected, Forecasts, Span

COLUMNS = (
    "forecast",
    "as_of",
    "area",
    "merged",
    "after",
    "until",
    "people",
    "expected",
    "low_80",
    "high_80",
    "low_95",
    "high_95",
)
UNKNOWN = "?"


def asked_for(path: Path) -> Path:
    """The path, of a kind that can be written. Raises LifeEventsError otherwise, before anything is computed."""
    if path.suffix not in (".csv", ".json"):
        raise LifeEventsError(f"--out {path.name}: a forecast is written as .csv or .json; end the name with one.")
    if not path.parent.is_dir():
        raise LifeEventsError(f"--out {path}: there is no folder {path.parent}.")
    return path


def write_forecasts(path: Path, found: Forecasts) -> None:
    """Write the forecasts as the file's name says."""
    path.write_text(found.model_dump_json(indent=1) if path.suffix == ".json" else as_csv(found), encoding="utf-8")


def as_csv(found: Forecasts) -> str:
    """A line per cell and period: the country first (area empty), the year first. Codes are joined by "/", merged areas
    by ";"; a place that is not known is "?"."""
    text = StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(COLUMNS)
    for one in found.forecasts:
        year = Span(after=one.quarters[0].after, until=one.quarters[-1].until)
        for cell in (one.country, *one.cells):
            if cell is not None:
                periods = ((year, cell.year), *zip(one.quarters, cell.quarters, strict=False))
                lines.writerows(_line(found, one, cell, span, expected) for span, expected in periods)
    return text.getvalue()


def _line(found: Forecasts, one: AreaForecast, cell: Cell, span: Span, n: Expected) -> tuple[object, ...]:
    area, merged = "/".join(code or UNKNOWN for code in cell.codes), ";".join(code or UNKNOWN for code in cell.merged)
    ends = (n.low_80, n.high_80, n.low_95, n.high_95)
    return (one.id, found.as_of, area, merged, span.after, span.until, cell.people, n.mean, *ends)
