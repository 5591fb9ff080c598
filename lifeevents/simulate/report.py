"""Published figures beside the simulated ones, read back from a dump and its truth."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from lifeevents.domain.errors import DumpError, PackError
from lifeevents.simulate.rates import Rates

_VIEWS = """
create view subjects as from read_parquet($dump || '/truth/subjects.parquet') where kind = 'person';
create view facts as from read_parquet($dump || '/truth/events.parquet');
create view living as from subjects where born_on <= $until and (died_on is null or died_on > $until);
create table mid as select sex, date_diff('month', born_on, $middle) // 12 as age, count(*) as n from subjects
    where born_on <= $middle and (died_on is null or died_on > $middle) group by all;
create table recent as from facts where occurred_on > $since;
create table settled as from facts where occurred_on > $start and occurred_on <= $until - interval 1 year;
create table current as select name, subject_id, arg_max(value, (valid_from, recorded_at)) as value
    from read_parquet($dump || '/attributes.parquet') join living using (subject_id)
    where valid_from <= $until and value is not null group by all;
create table mothers as select subject_id, any_value(related_id) as mother
    from read_parquet($dump || '/relations.parquet') where relation = 'mother' group by all;
create table brides_and_grooms as select sex, date_diff('day', born_on, wed) / 365.25 as age from
    (select subject_id, min(occurred_on) as wed from facts where event = 'marriage' group by all)
    join subjects using (subject_id) where wed > $since;
"""

_YEARS = 3
_FIGURES = {
    "total fertility": """
        select sum(5.0 * births / $years / women)
               * (select count(*) from recent where event = 'birth') / sum(births) from
        (select least(date_diff('month', m.born_on, r.occurred_on) // 60, 9) as ages, count(*) as births
         from recent r join mothers using (subject_id) join subjects m on m.subject_id = mother
         where r.event = 'birth' group by all)
        join (select age // 5 as ages, sum(n) as women from mid where sex = 'F' group by all) using (ages)""",
    "births per 1000 people": """select count(*) * 1000.0 / $years / (select sum(n) from mid) from recent
        where event = 'birth'""",
    "deaths per 1000 people": """select count(*) * 1000.0 / $years / (select sum(n) from mid) from recent
        where event = 'death'""",
    "boys per 100 girls at birth": """select 100.0 * count(*) filter (sex = 'M') / count(*) filter (sex = 'F')
        from subjects where born_on > $start""",
    "share aged 0-14": "select avg((born_on > $until - interval 15 year)::int) from living",
    "share aged 60 and over": "select avg((born_on <= $until - interval 60 year)::int) from living",
    "women's mean age at first marriage": "select avg(age) from brides_and_grooms where sex = 'F'",
    "men's mean age at first marriage": "select avg(age) from brides_and_grooms where sex = 'M'",
    "births registered within 60 days": """select avg(coalesce(recorded_at::date - occurred_on <= 60, false)::int)
        from settled where event = 'birth'""",
    "births ever registered": "select avg((recorded_at is not null)::int) from settled where event = 'birth'",
    "deaths registered within 15 days": """select avg(coalesce(recorded_at::date - occurred_on <= 15, false)::int)
        from settled where event = 'death'""",
    "insured share of the labour force": """select count(*) / ($labour_force *
        (select count(*) from living where born_on between $until - interval 60 year and $until - interval 15 year))
        from current where name = 'insured' and value in ('compulsory', 'voluntary')""",
    "health-insurance coverage": """select count(*) / (select count(*) from living) from current
        where name = 'health_card_valid_to' and try_cast(value as date) >= $until""",
    "household businesses per person": """select (count(*) filter (event = 'household_business_registration')
        - count(*) filter (event = 'household_business_closure')) / (select count(*) from living) from facts""",
    "new pensions per 1000 people": """select count(*) * 1000.0 / $years / (select sum(n) from mid) from recent
        where event = 'pension_start'""",
    "share of people in poor households": """select count(*) / (select count(*) from living) from current
        where name = 'poverty_status' and value = 'poor'""",
    "urban share": "select avg((value = 'true')::int) from current where name = 'urban'",
}


@dataclass(frozen=True)
class Figure:
    """One published figure, and what a dump shows for it."""

    name: str
    published: float
    simulated: float
    tolerance: float
    source: str

    @property
    def passed(self) -> bool:
        """Is the simulated figure within the tolerance?"""
        return abs(self.simulated - self.published) <= self.tolerance

    def as_row(self) -> dict[str, Any]:
        """{name, published, simulated, tolerance, source, pass}, ready for JSON."""
        return {
            "name": self.name,
            "published": self.published,
            "simulated": round(self.simulated, 4),
            "tolerance": self.tolerance,
            "source": self.source,
            "pass": self.passed,
        }


def compare(dump: Path, *, start: date, until: date, rates: Rates) -> list[Figure]:
    """The published figures of the pack beside those of a simulated dump that ran from `start` to `until`.

    Flows are means of the last three years; timeliness is measured on all that happened up to a year before the end.
    Raises DumpError when the folder holds no simulated dump with its truth, PackError for a figure without a query.
    """
    if not (dump / "truth" / "events.parquet").is_file():
        raise DumpError(f"{dump} has no truth/events.parquet: only a dump written by the simulation can be compared.")
    since = until.replace(year=until.year - _YEARS, day=min(until.day, 28))
    values = {
        "dump": str(dump), "start": start, "until": until, "since": since, "middle": since + (until - since) / 2,
        "years": _YEARS, "labour_force": rates.work.labour_force.value,
    }  # fmt: skip
    with duckdb.connect() as con:
        for statement in filter(str.strip, _VIEWS.split(";")):
            con.execute(_bound(statement, values))
        return [
            Figure(f.name, f.published, _ask(con, f.name, values), f.tolerance, f.source)
            for f in rates.published.figures
        ]


def _ask(con: "duckdb.DuckDBPyConnection", name: str, values: dict[str, Any]) -> float:
    if name not in _FIGURES:
        raise PackError(f'published.yaml: nothing measures "{name}" yet; the names known are {", ".join(_FIGURES)}.')
    row = con.execute(_bound(_FIGURES[name], values)).fetchone()
    return float(row[0]) if row and row[0] is not None else float("nan")


def _bound(query: str, values: dict[str, Any]) -> str:
    """The query with its parameters written in (views take none)."""
    for name, value in values.items():
        if isinstance(value, date):
            literal = f"date '{value}'"
        else:
            literal = "'" + value.replace("'", "''") + "'" if isinstance(value, str) else repr(value)
        query = query.replace(f"${name}", literal)
    return query
