# ruff: noqa: S608 - this file writes SQL; every name and literal in it goes through features.sql
"""Registers that have fallen silent, everywhere or about one province: what they say is not known now.

How long a register pauses is seen in its own rows: it is silent when its newest row is older than twice its longest
pause so far and the time a fact may take to be recorded (`expected_lag`). Twice, because the next pause of a register
that is well may be the longest yet.
"""

from datetime import date, timedelta
from typing import Protocol

import duckdb

from features.sql import literal
from lifeevents.domain.calendar import Period, minus
from lifeevents.domain.pack import Vocabulary
from lifeevents.ports import Silence

SEEN = Period(months=48)
"""So far back pauses are looked at. What has been silent for longer was so in training: no model leans on it."""

LEAST_DAYS = 60
"""The pace of a register that recorded anything on fewer days, everywhere or about a province, is not known."""

_DAYS = """
    SELECT DISTINCT t.register, {place} AS place, CAST(t.recorded_at AS DATE) AS day
    FROM {table} t {home} WHERE t.recorded_at >= $first AND t.recorded_at < $end
"""


def silent(con: duckdb.DuckDBPyConnection, vocabulary: Vocabulary, as_of: date) -> tuple[Silence, ...]:
    """The registers of the whole lake attached in `con` that are silent on a day, by register and place.

    A province counts where its people live now. Where a register is silent everywhere, its provinces are not named.
    """
    home, place = "", "NULL"
    if vocabulary.residence is not None:
        home = f"""LEFT JOIN (
            SELECT subject_id, arg_max(value, valid_from) AS place FROM attributes
            WHERE name = {literal(vocabulary.residence)} AND recorded_at < $end GROUP BY subject_id
        ) h ON h.subject_id = t.subject_id"""
        place = "h.place"
    days = " UNION ALL ".join(
        _DAYS.format(table=table, home=home, place=place) for table in ("events", "attributes", "relations")
    )
    found = con.execute(
        f"""
        WITH told AS ({days}), by_place AS (
            SELECT DISTINCT register, place, day FROM told WHERE place IS NOT NULL
            UNION ALL SELECT DISTINCT register, NULL, day FROM told
        ), paced AS (
            SELECT *, day - lag(day) OVER (PARTITION BY register, place ORDER BY day) AS pause FROM by_place
        )
        SELECT register, place, max(day), max(pause) FROM paced GROUP BY register, place
        HAVING count(*) >= {LEAST_DAYS} ORDER BY register, place NULLS FIRST""",
        {"first": minus(as_of, SEEN), "end": as_of + timedelta(days=1)},
    ).fetchall()
    out: list[Silence] = []
    for register, where, newest, pause in found:
        lag = Period.parse(vocabulary.lags.get(register, "P0D"))
        allowed = 2 * pause + 31 * lag.months + lag.days
        everywhere = any(one.register == register and one.place is None for one in out)
        if (as_of - newest).days > allowed and not everywhere:
            out.append(Silence(register, where, newest, allowed))
    return tuple(out)


class Attached(Protocol):
    """What is needed of the lake."""

    @property
    def generation(self) -> int:
        """Another number after each import."""

    def attach(self, con: duckdb.DuckDBPyConnection) -> None:
        """Create the views subjects, events, attributes, relations, deliveries of all buckets."""


class Watch:
    """`silent` of a lake, looked for once per day and import, not once per bucket."""

    def __init__(self, lake: Attached, vocabulary: Vocabulary) -> None:
        self._lake, self._vocabulary = lake, vocabulary
        self._seen: tuple[int, date, tuple[Silence, ...]] | None = None

    def on(self, as_of: date) -> tuple[Silence, ...]:
        """The registers that are silent on a day."""
        generation = self._lake.generation
        if self._seen is None or self._seen[:2] != (generation, as_of):
            with duckdb.connect() as everyone:
                self._lake.attach(everyone)
                self._seen = (generation, as_of, silent(everyone, self._vocabulary, as_of))
        return self._seen[2]
