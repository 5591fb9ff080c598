"""Questions to a dump about one year: SQL with the year's days, and the kinds of answers figures are made of.

In SQL: $mid and $end are 1 July and 31 December of the year; $since and $to (exclusive) bound the window in which flows
are counted, which is the year and its two neighbours as far as they were simulated, so that chance weighs less;
$first and $last are the window's calendar years; $labour_force is the pack's share of the aged 15 to 59 in it;
$start is the first simulated day, and $whole_from to $whole_to (exclusive) are the years simulated whole;
held('urban', $mid) is the table (subject_id, value) of what the registers held of an attribute on a day.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from lifeevents.simulate.figures import estimate
from lifeevents.simulate.figures.estimate import Estimate
from lifeevents.simulate.figures.tables import Dump

_PARAMETER = re.compile(r"\$(\w+)")
_HELD = re.compile(r"held\('(\w+)', \$(\w+)\)")


@dataclass(frozen=True)
class Ask:
    """A dump, a year, and the share of the aged 15 to 59 in the labour force."""

    dump: Dump
    year: int
    labour_force: float

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        known = self._days()
        sql = _HELD.sub(lambda match: self.dump.held(match[1], known[match[2]]), sql)
        wanted = set(_PARAMETER.findall(sql))
        found: list[tuple[Any, ...]] = self.dump.con.execute(sql, {name: known[name] for name in wanted}).fetchall()
        return found

    def row(self, sql: str) -> tuple[float, ...]:
        """The one row of a query, as numbers; an empty sum counts as nought."""
        return tuple(float(value or 0) for value in self.rows(sql)[0])

    @property
    def window(self) -> tuple[date, date]:
        """First day, and the day after the last, over which flows are counted."""
        to = min(date(self.year + 2, 1, 1), self.dump.until + timedelta(days=1))
        return max(date(self.year - 1, 1, 1), self.dump.start), to

    def _days(self) -> dict[str, Any]:
        since, to = self.window
        start, after = self.dump.start, self.dump.until + timedelta(days=1)
        return {
            "mid": date(self.year, 7, 1), "end": date(self.year, 12, 31), "since": since, "to": to,
            "first": since.year, "last": (to - timedelta(days=1)).year, "labour_force": self.labour_force,
            "start": start, "whole_from": start.year + (start > date(start.year, 1, 1)), "whole_to": after.year,
        }  # fmt: skip


Measure = Callable[[Ask], Estimate]
IN_WINDOW = "day >= $since and day < $to"


def share(sql: str) -> Measure:
    """A share from a query for (how many, of how many)."""
    return lambda ask: estimate.share(*ask.row(f"select {sql}"))


def ratio(sql: str, per: float) -> Measure:
    """A ratio of two counts from a query for both."""

    def measure(ask: Ask) -> Estimate:
        above, below = ask.row(f"select {sql}")
        return estimate.ratio(above, below, per)

    return measure


def mean(sql: str) -> Measure:
    """The mean of the column `x` of a query."""
    return lambda ask: estimate.mean(*ask.row(f"select avg(x), stddev(x), count(x) from ({sql})"))


def yearly(events: str, *, exposed: str = "true", per: float = 1000, halved: bool = False) -> Measure:
    """Events of the window per `per` person-years lived in it by those `exposed`; `halved`: each event is in two rows.

    `events` is what follows `from`; an event of two people counts once, and so does its chance.
    """

    def measure(ask: Ask) -> Estimate:
        years = f"(select sum(years) from exposure where year between $first and $last and {exposed})"
        count, of = ask.row(f"select (select count(*) from {events}), {years}")
        return estimate.rate(count / 2 if halved else count, of, per)

    return measure
