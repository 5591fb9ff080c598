# ruff: noqa: S608 - this file writes SQL; every name in it is quoted or parsed by the rule language, values are bound
"""Who was at risk in each area and group on past days, and what came to them in the year after each.

Days lie a year apart, so that the quarters after each fall into the same season. An outcome belongs to the area in
which the person lived on the day; a person who moves later is not counted twice. When each outcome became known, and
when it was taken back, is kept: what a past day knew of the year before it can be counted again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from features.catalogue import known_features
from features.compute import compute
from features.lake import Lake
from features.sql import quoted
from lifeevents.domain.calendar import add_months
from lifeevents.domain.errors import LifeEventsError
from lifeevents.domain.forecast import Forecasting
from lifeevents.domain.pack import Pack
from lifeevents.engine.conditions import Condition
from models.dataset import TOLD, observed

Progress = Callable[[str, float], None]
Code = str | None
QUARTERS, MONTHS = 4, 3
ROWS = 2_000_000
"""About so many people and days are looked at together: the lake is read once for them."""

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Counts:
    """One forecast's past. `people`: at risk, by (day, area, group). Outcomes are one row each: `day`, `area` and
    `group` are places in the lists, `quarter` 0 to 3; `occurred`, `known` and `void` (or NEVER) are day numbers."""

    days: tuple[date, ...]
    areas: tuple[tuple[Code, ...], ...]
    people: np.ndarray
    day: np.ndarray
    area: np.ndarray
    group: np.ndarray
    quarter: np.ndarray
    occurred: np.ndarray
    known: np.ndarray
    void: np.ndarray

    def outcomes(self, known_by: date) -> np.ndarray:
        """Outcomes as they were known at the end of a day, by (day, quarter, area, group)."""
        on = known_by.toordinal()
        told = (self.known <= on) & (self.void > on)
        days, areas, groups = self.people.shape
        found = np.zeros((days, QUARTERS, areas, groups))
        np.add.at(found, (self.day[told], self.quarter[told], self.area[told], self.group[told]), 1)
        return found


def ends_of(day: date) -> tuple[date, ...]:
    """The last days of the four quarters after a day; a quarter is three months from the day, not one of the year."""
    return tuple(add_months(day, MONTHS * n) for n in range(1, QUARTERS + 1))


def days_before(lake: Lake, pack: Pack, forecast: Forecasting, as_of: date, years: int) -> tuple[date, ...]:
    """`as_of` and up to `years` days before it, a year apart, oldest first; none before the outcome's register told.

    Raises LifeEventsError when fewer than two years can be learned from.
    """
    register = pack.vocabulary.registers[forecast.outcome]
    with duckdb.connect() as con:
        lake.attach(con)
        ((since,),) = con.execute(
            "SELECT CAST(min(first_recorded_at) AS DATE) FROM deliveries WHERE register = ?", [register]
        ).fetchall()
    days = [add_months(as_of, -12 * n) for n in range(years, -1, -1)]
    kept = tuple(day for day in days if since is not None and since <= day)
    if len(kept) < 3:
        delivers = f"since {since}" if since else "nothing"
        raise LifeEventsError(
            f"{forecast.id}: {register} delivers {delivers}, but a forecast as of {as_of} learns from at least two "
            "whole years before it. Import older deliveries, or ask about a later day."
        )
    return kept


def counted(
    lake: Lake, pack: Pack, asked: Mapping[str, Sequence[date]], progress: Progress | None = None
) -> dict[str, Counts]:
    """People and outcomes of forecasts (by id), each on its days, oldest first, over the whole lake.

    A day's features are computed once, for all forecasts that ask for it.
    """
    known = known_features(pack.vocabulary)
    rules = {id: Condition.parse(pack.forecasts[id].at_risk, known) for id in asked}
    names = {"alive", "sex", "age_years"}.union(*(rule.names for rule in rules.values()))
    names = names.union(*((*pack.forecasts[id].areas, *pack.forecasts[id].by) for id in asked))
    days = sorted({day for mine in asked.values() for day in mine})
    tables: dict[str, list[tuple[pa.Table, pa.Table]]] = {id: [] for id in asked}
    with duckdb.connect() as con:
        con.execute("SET enable_progress_bar = false")  # `progress` tells how far it is
        lake.attach(con)
        ((subjects,),) = con.execute("SELECT count(*) FROM subjects").fetchall()
        at_once = max(ROWS // max(subjects, 1), 1)
        for first in range(0, len(days), at_once):
            batch = days[first : first + at_once]
            if progress:
                progress(f"{batch[0]} to {batch[-1]}", first / len(days))
            rows = compute(con, pack.vocabulary, observed(con, batch), names=names)
            for day in batch:
                mine = rows.filter(pc.equal(rows["as_of"], day))
                for id in (one for one in asked if day in asked[one]):
                    tables[id].append(_on(con, pack.forecasts[id], rules[id], mine, day))
    return {id: _together(tuple(asked[id]), len(pack.forecasts[id].areas), tables[id]) for id in asked}


def _on(
    con: duckdb.DuckDBPyConnection, forecast: Forecasting, rule: Condition, rows: pa.Table, day: date
) -> tuple[pa.Table, pa.Table]:
    """The cells of a day (their codes, and `people`), and the outcomes of the year after it, by cell."""
    coded = (*forecast.areas, *forecast.by)
    codes = [f"CAST({quoted(name)} AS VARCHAR) AS code_{n}" for n, name in enumerate(coded)]
    codes += [
        f"sex AS code_{len(coded)}",
        f"CAST(age_years // {forecast.age_band} AS VARCHAR) AS code_{len(coded) + 1}",
    ]
    keys = ", ".join(f"code_{n}" for n in range(len(codes)))
    con.register("areas_rows", rows)
    try:
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE areas_placed AS SELECT *, dense_rank() OVER (ORDER BY {keys}) - 1 AS cell "
            f"FROM (SELECT subject_id, {', '.join(codes)} FROM areas_rows WHERE alive AND {rule.sql()})"
        )
    finally:
        con.unregister("areas_rows")
    cells = f"SELECT cell, {keys}, count(*) AS people FROM areas_placed GROUP BY ALL ORDER BY cell"
    outcomes = con.sql(
        _OUTCOMES, params={"outcome": [forecast.outcome], "deaths": [], "day": day, "until": ends_of(day)[-1]}
    )
    return con.sql(cells).to_arrow_table(), outcomes.to_arrow_table()


_OUTCOMES = f"""
WITH {TOLD}
SELECT a.cell, t.occurred_on, t.known_on, t.void_on
FROM areas_placed a JOIN told t USING (subject_id) JOIN subjects p USING (subject_id)
WHERE t.occurred_on > $day AND t.occurred_on <= $until AND (p.obs_to IS NULL OR t.occurred_on <= p.obs_to)
ORDER BY ALL
"""


def _together(days: tuple[date, ...], levels: int, tables: Sequence[tuple[pa.Table, pa.Table]]) -> Counts:
    """One array of people and one list of outcomes, over all areas and groups that there were on any day."""
    keys = [
        [(row[:levels], row[levels:]) for row in zip(*(c[n].to_pylist() for n in c.column_names[1:-1]), strict=True)]
        for c, _ in tables
    ]
    areas = sorted({area for day in keys for area, _ in day}, key=_unknown_last)
    groups = sorted({group for day in keys for _, group in day}, key=_unknown_last)
    place = ({one: n for n, one in enumerate(areas)}, {one: n for n, one in enumerate(groups)})
    people = np.zeros((len(days), len(areas), len(groups)))
    found: list[np.ndarray] = []
    for number, ((cells, outcomes), mine) in enumerate(zip(tables, keys, strict=True)):
        area = np.array([place[0][one] for one, _ in mine], dtype=int)
        group = np.array([place[1][one] for _, one in mine], dtype=int)
        people[number, area, group] = cells["people"].to_numpy()
        cell = outcomes["cell"].to_numpy()
        occurred, known, void = (_ordinals(outcomes[name]) for name in ("occurred_on", "known_on", "void_on"))
        ends = [end.toordinal() for end in ends_of(days[number])]
        quarter = np.searchsorted(ends, occurred)
        found.append(np.stack([np.full(len(cell), number), area[cell], group[cell], quarter, occurred, known, void]))
    return Counts(days, tuple(areas), people, *np.concatenate(found, axis=1))


def _unknown_last(codes: tuple[Code, ...]) -> tuple[tuple[bool, str], ...]:
    return tuple((code is None, code or "") for code in codes)


def _ordinals(days: pa.ChunkedArray) -> np.ndarray:
    return np.array([NEVER if day is None else day.toordinal() for day in days.to_pylist()], dtype=np.int64)
