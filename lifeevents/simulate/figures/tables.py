"""A dump and its truth as the few tables that figures are asked of, in DuckDB.

Truth answers what happened; the registers' rows answer what people are (residence, insurance, the poverty list), since
the truth keeps no such values. Parquet is read as a stream: what is kept is people, births, deaths and marriages.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from lifeevents.domain.errors import DumpError

_FILES = ("events", "attributes", "relations", "truth/events", "truth/subjects")
_MEMORY = "1200MB"
"""What DuckDB may hold; the rest of the process needs about 200 MB. Beyond it, DuckDB goes on in a temporary folder."""

_TABLES = """
create macro age(born, day) as date_sub('month', born, day) // 12;
create view facts as from read_parquet('{dump}/truth/events.parquet');
create view told as from read_parquet('{dump}/attributes.parquet');
create table people as select subject_id, sex, born_on, coalesce(died_on, date '9999-12-31') as died_on
    from read_parquet('{dump}/truth/subjects.parquet') where kind = 'person';
create table businesses as select subject_id, born_on as opened, coalesce(died_on, date '9999-12-31') as closed
    from read_parquet('{dump}/truth/subjects.parquet') where kind = 'business';
create macro aged(day) as table
    select subject_id, sex, age(born_on, day) as age from people where born_on <= day and died_on > day;
create table exposure as select year(day) as year, sex, age(born_on, day) as age, count(*) * any_value(part) as years
    from people, (select start + ((stop - start) // 2)::int as day, (stop - start) / 365.25 as part from (
        select greatest(make_date(y::int, 1, 1), date '{start}') as start,
        least(make_date(y::int + 1, 1, 1), date '{until}' + 1) as stop
        from range(year(date '{start}'), year(date '{until}') + 1) as r(y))) as middles
    where born_on <= day and died_on > day group by all;
create table mothers as select subject_id, any_value(related_id) as mother
    from read_parquet('{dump}/relations.parquet') where relation = 'mother' group by all;
create table births as select f.occurred_on as day, f.recorded_at::date as recorded, c.sex, mother,
    age(m.born_on, f.occurred_on) as age
    from facts f join people c using (subject_id) left join mothers using (subject_id)
    left join people m on m.subject_id = mother where event = 'birth' and f.occurred_on >= date '{start}';
create table deaths as select f.occurred_on as day, f.recorded_at::date as recorded, sex,
    age(born_on, f.occurred_on) as age from facts f join people using (subject_id) where event = 'death';
create table weddings as select subject_id, sex, born_on, occurred_on as day,
    row_number() over (partition by subject_id order by occurred_on) as which
    from facts join people using (subject_id) where event = 'marriage';
create table owners as select subject_id, any_value(related_id) as owner
    from read_parquet('{dump}/relations.parquet') where relation = 'owner' group by all;
create table spouses as select subject_id, related_id, valid_from as since, max(valid_to) as until
    from read_parquet('{dump}/relations.parquet') where relation = 'spouse' group by all;
"""


@dataclass(frozen=True)
class Dump:
    """An open dump: the connection with its tables, and the first and last day that were simulated."""

    con: "duckdb.DuckDBPyConnection"
    start: date
    until: date

    def covers(self, year: int) -> bool:
        """Was the whole calendar year simulated?"""
        return self.start <= date(year, 1, 1) and date(year, 12, 31) <= self.until

    def held(self, name: str, day: date) -> str:
        """The table (subject_id, value) of what the registers held of an attribute on a day, made at its first use.

        Of several rows valid by then the newest counts, and among those of one day the last recorded.
        """
        table = f"held_{name}_{day:%Y%m%d}"
        self.con.execute(
            f"""create table if not exists {table} as select subject_id, arg_max(value,
            ((valid_from - date '1900-01-01')::bigint << 32) + epoch(recorded_at)::bigint) as value
            from told where name = '{name}' and valid_from <= date '{day}' and value is not null group by subject_id"""
        )
        return table


@contextmanager
def opened(folder: Path) -> Iterator[Dump]:
    """The tables of a dump written by the simulation.

    Raises DumpError for a folder that is missing, or holds no simulated dump with its truth, or one without events.
    """
    if not folder.is_dir():
        raise DumpError(f"{folder}: there is no such folder. Name one that lifeevents simulate --out has written.")
    for name in _FILES:
        if not (folder / f"{name}.parquet").is_file():
            raise DumpError(f"{folder} has no {name}.parquet: only a dump written by the simulation, with its truth, "
                            "can be laid beside published figures.")  # fmt: skip
    with TemporaryDirectory(prefix="figures-") as spill, duckdb.connect() as con:
        con.execute(f"set memory_limit = '{_MEMORY}'")
        con.execute(f"set temp_directory = '{spill}'")
        con.execute("set preserve_insertion_order = false")
        dump = str(folder).replace("'", "''")
        start, until = _span(con, dump)
        for statement in filter(str.strip, _TABLES.split(";")):
            con.execute(statement.format(dump=dump, start=start, until=until))
        yield Dump(con, start, until)


def _span(con: "duckdb.DuckDBPyConnection", dump: str) -> tuple[date, date]:
    """The first day on which anything was recorded, and the last on which anything happened or was recorded."""
    found = con.execute(
        f"""select min(recorded_at)::date, greatest(max(recorded_at)::date,
            (select max(occurred_on) from read_parquet('{dump}/truth/events.parquet')))
            from read_parquet('{dump}/events.parquet')"""
    ).fetchone()
    if found is None or found[0] is None:
        raise DumpError(f"{dump}/events.parquet is empty: nothing was recorded, so there is nothing to measure.")
    return found[0], found[1]
