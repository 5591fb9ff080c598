"""What people did untold, as the simulated life holds it: read from the truth beside a dump, and from nowhere else."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from lifeevents.simulate.behaviour_rates import Lived
from lifeevents.simulate.rates import Rates

_NEVER = date(9999, 12, 31)
_DEEDS = """
    SELECT subject_id, event, occurred_on, coalesce(CAST(recorded_at AS DATE), DATE '9999-12-31')
    FROM read_parquet(?) SEMI JOIN wanted USING (subject_id)
    UNION ALL
    SELECT subject_id, name, valid_from - 1, valid_from - 1 FROM read_parquet(?) SEMI JOIN wanted USING (subject_id)
    ORDER BY 3, 4"""
_HOMES = """
    SELECT subject_id FROM read_parquet(?) SEMI JOIN wanted USING (subject_id) WHERE name = 'province'
    AND valid_from <= ? GROUP BY subject_id HAVING list_contains(?, arg_max(value, valid_from))"""


@dataclass(frozen=True)
class Lives:
    """What the truth holds of some people: births, deaths and deeds, and who lives in a remote province.

    deeds: (subject, event or value) -> (day it happened, day it was recorded) in order; a value counts on the eve
    of the day from which it holds.
    """

    born: Mapping[str, date]
    died: Mapping[str, date]
    deeds: Mapping[tuple[str, str], Sequence[tuple[date, date]]]
    remote: frozenset[str]

    @classmethod
    def of(cls, dump: Path, subjects: Sequence[str], rates: Rates, until: date) -> "Lives":
        """Read them from the truth beside a dump. Raises duckdb.IOException where there is none."""
        truth, deeds = dump / "truth", defaultdict(list)
        with duckdb.connect() as con:
            con.execute("CREATE TEMP TABLE wanted AS SELECT unnest(CAST(? AS VARCHAR[])) AS subject_id", [subjects])
            query = "SELECT subject_id, born_on, died_on FROM read_parquet(?) SEMI JOIN wanted USING (subject_id)"
            people = con.execute(query, [str(truth / "subjects.parquet")]).fetchall()
            files = [str(truth / name) for name in ("events.parquet", "attributes.parquet")]
            for subject, name, happened, recorded in con.execute(_DEEDS, files).fetchall():
                deeds[subject, name].append((happened, recorded))
            places = [province.code for province in rates.provinces.provinces if province.remote]
            homes = con.execute(_HOMES, [str(dump / "attributes.parquet"), until, places]).fetchall()
        return cls(
            {subject: born for subject, born, _ in people},
            {subject: died for subject, _, died in people if died},
            deeds,
            frozenset(subject for (subject,) in homes),
        )

    def first(self, lived: Lived, whose: str, since: date) -> date | None:
        """The first day from `since` on that the thing was done by a person; None: never, as far as was simulated."""
        for happened, recorded in self.deeds.get((whose, lived.event or lived.value or ""), ()):
            if happened >= since:
                day = recorded if lived.by == "recorded" else happened
                return day if day < _NEVER else None
        return None
