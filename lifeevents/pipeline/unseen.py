"""Whom no register knew of in time: people for whom a true event was recorded too late to tell them, or never.

Simulation only: the truth says which events happened. A real country can estimate them from a second register (births
that hospitals certified beside births registered), and never count them.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, timedelta
from math import ceil
from pathlib import Path

import duckdb

from lifeevents.domain.pack import Pack

IN_TIME = timedelta(days=30)
"""Within so many days of becoming eligible somebody must be told, where law names no deadline."""
_RECORDED = """
    SELECT event, count(*) FILTER (CAST(recorded_at AS DATE) <= $as_of), count(*) FROM read_parquet($file)
    WHERE occurred_on BETWEEN $first AND $last GROUP BY event"""


def unseen(
    pack: Pack, truth: Path, offered: Mapping[tuple[str, str], int], *, began: date, as_of: date
) -> dict[str, int]:
    """Procedure -> people who would have been offered it, had their event been recorded by `as_of`.

    `offered` counts people by (milestone, procedure). Of the true events whose last day in time lies between the day
    the service `began` and `as_of`, a share was recorded by then; as many people are missing beside those offered as
    events are missing beside those recorded. A kin event rests on its source: an unrecorded birth is its mother's too.
    `truth` holds events.parquet (event, occurred_on, recorded_at). Raises duckdb.IOException when it is missing.
    """
    with duckdb.connect() as con:
        days = {"first": began - IN_TIME, "last": as_of - IN_TIME - timedelta(days=1), "as_of": as_of}
        rows = con.execute(_RECORDED, {"file": str(truth / "events.parquet"), **days}).fetchall()
    events = {event: (recorded, happened) for event, recorded, happened in rows}
    missing: dict[str, float] = defaultdict(float)
    for (milestone, procedure), people in offered.items():
        recorded, happened = events.get(_source(pack, milestone), (0, 0))
        if recorded:
            missing[procedure] += people * (happened - recorded) / recorded
    return {procedure: ceil(people) for procedure, people in missing.items() if people}


def _source(pack: Pack, milestone: str) -> str:
    """The event type that a registered milestone rests on in the end; empty for other kinds."""
    on = pack.milestones[milestone].on or ""
    kin = pack.vocabulary.kin.get(on, ())
    return kin[0].source if kin else on
