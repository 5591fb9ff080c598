# ruff: noqa: S608 - this file writes SQL; its numbers are ours, its values bound
"""Who is asked about on which days: the spine of a predicted milestone, with features computed once per spine.

A stock (adults, pensioners) is asked every half year: nearer days would ask nearly the same question again. Training
asks a cohort of people drawn blindly, and every other person to whom the outcome came (models.exposure); tests ask a
larger blind draw. Those waiting `after` a recorded event are few and wait briefly: all are asked, each month.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import duckdb
import pyarrow as pa

from features.catalogue import known_features
from features.compute import compute
from features.lake import Lake
from lifeevents.domain.calendar import Period
from lifeevents.domain.errors import LifeEventsError
from lifeevents.domain.milestone import Milestone
from lifeevents.domain.pack import Pack
from models.bound import bound
from models.dataset import eligible, observed, reference_days
from models.exposure import Exposure, exposed, joined
from models.task import Task, of_milestone

MONTH, HALF_YEAR = Period(months=1), Period(months=6)
PEOPLE, COHORT = 60_000, 20_000
"""At most so many people are asked on test days, and in the cohort on training days; the draw is by a hash of the id,
which for the cohort is another one each day."""


@dataclass(frozen=True)
class Plan:
    """The days a milestone is trained and tested on; every training label has closed before the first test day."""

    train: tuple[date, ...]
    test: tuple[date, ...]
    drawn: float
    """The share of people that the cohort is."""


@dataclass
class Asking:
    """Samples of milestones over one lake; the features of one set of days are computed once and kept."""

    lake: Lake
    pack: Pack
    as_of: date
    people: int = PEOPLE
    cohort: int = COHORT
    _bound: Mapping[str, str] | None = None
    _kept: dict[tuple[date, ...], pa.Table] = field(default_factory=dict)

    def samples(self, milestone: Milestone) -> tuple[Exposure, Plan]:
        """All samples of a milestone and its days.

        Raises LifeEventsError when the outcome's register has not delivered for long enough.
        """
        task, deaths = of_milestone(milestone, known_features(self.pack.vocabulary)), self.pack.vocabulary.deaths
        with duckdb.connect() as con:
            self.lake.attach(con)
            plan = self._plan(con, milestone, task)

            def came(rows: pa.Table) -> Exposure:
                return exposed(con, rows, task, deaths, known_by=self.as_of, recorded=milestone.lacking)

            if milestone.after:
                spine = waiting(con, milestone, (*plan.train, *plan.test))
                return came(eligible(compute(con, self.pack.vocabulary, spine), task)), plan
            cohort = came(eligible(self._rows(con, plan), task))
            if plan.drawn == 1:
                return cohort, plan
            known = self._rows(con, plan).select(["subject_id", "as_of"])
            others = _without(observed(con, plan.train), known)
            hit = came(others)
            spine = hit.where(hit.closed & (hit.month > 0)).rows
            cases = came(eligible(compute(con, self.pack.vocabulary, spine), task))
            return joined(cohort, cases), plan

    def bound(self) -> Mapping[str, str]:
        """Subject -> one that stands for all who share events with it (`models.bound`)."""
        if self._bound is None:
            with duckdb.connect() as con:
                self.lake.attach(con)
                self._bound = bound(con)
        return self._bound

    def _plan(self, con: duckdb.DuckDBPyConnection, milestone: Milestone, task: Task) -> Plan:
        """None before the outcome's registers delivered, when a "no" meant nothing."""
        apart, tests, trains = (MONTH, 12, 48) if milestone.after else (HALF_YEAR, 2, 10)
        late = reference_days(self.as_of, task.horizon, count=tests, gap=apart)
        early = reference_days(late[0], task.horizon, count=trains, gap=apart)
        registers = [self.pack.vocabulary.registers[outcome] for outcome in task.outcome]
        ((since,),) = con.execute(
            "SELECT CAST(max(first_recorded_at) AS DATE) FROM deliveries WHERE list_contains(?, register)", [registers]
        ).fetchall()
        kept = tuple(day for day in early if since is not None and since <= day)
        if not kept:
            delivers = f"since {since}" if since else "nothing"
            raise LifeEventsError(
                f"{task.id}: {', '.join(registers)} delivers {delivers}, but training by {self.as_of} with a horizon "
                f"of {task.horizon} asks about {early[-1]} at the latest. Import older deliveries."
            )
        ((many,),) = con.execute("SELECT count(*) FROM subjects").fetchall()
        drawn = 1.0 if milestone.after else min(1.0, self.cohort / many)
        return Plan(kept, late, drawn)

    def _rows(self, con: duckdb.DuckDBPyConnection, plan: Plan) -> pa.Table:
        days = (*plan.train, *plan.test)
        if days not in self._kept:
            spines = (
                drawn(con, plan.train, plan.drawn),
                observed(con, plan.test, people=self.people),
            )
            self._kept[days] = compute(con, self.pack.vocabulary, pa.concat_tables(spines))
        return self._kept[days]


def drawn(con: duckdb.DuckDBPyConnection, days: Sequence[date], share: float) -> pa.Table:
    """The spine (subject_id, as_of) of a share of those observed on each day, other people each day."""
    everyone = observed(con, days)
    if share == 1:
        return everyone
    con.register("asking_everyone", everyone)
    part = "CAST('0x' || left(md5(subject_id || as_of), 8) AS BIGINT) / 4294967296.0"
    found = con.sql(f"SELECT * FROM asking_everyone WHERE {part} < {float(share)!r} ORDER BY as_of, subject_id")
    try:
        return found.to_arrow_table()
    finally:
        con.unregister("asking_everyone")


def _without(spine: pa.Table, known: pa.Table) -> pa.Table:
    """The rows of a spine that are not known yet."""
    return spine.join(known, ["subject_id", "as_of"], join_type="left anti")


def waiting(con: duckdb.DuckDBPyConnection, milestone: Milestone, days: Sequence[date]) -> pa.Table:
    """The spine (subject_id, as_of) of those observed on each day of whom `after` was recorded `within` before it."""
    within = Period.parse(milestone.within)
    return con.sql(
        f"""
        SELECT DISTINCT e.subject_id, d.as_of
        FROM events e JOIN (SELECT unnest($days) AS as_of) d
          ON CAST(e.recorded_at AS DATE) <= d.as_of
         AND CAST(e.recorded_at AS DATE) > d.as_of - INTERVAL '{within.months} months' - INTERVAL '{within.days} days'
        JOIN subjects p ON p.subject_id = e.subject_id
        WHERE e.event = $after AND e.annuls IS NULL
          AND p.obs_from <= d.as_of AND (p.obs_to IS NULL OR p.obs_to >= d.as_of)
        ORDER BY d.as_of, e.subject_id""",
        params={"days": list(days), "after": milestone.after},
    ).to_arrow_table()
