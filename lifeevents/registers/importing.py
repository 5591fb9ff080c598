"""Import a dump: read, judge, put in the lake, derive the kin events. Whole, or not at all."""

# ruff: noqa: S608 (SQL is made from the contract's own names; every text from outside passes sql_text)

import time
from collections.abc import Callable
from pathlib import Path

import duckdb

from lifeevents.domain.errors import DumpError
from lifeevents.domain.pack import Vocabulary
from lifeevents.registers import gate, kin, plain, reading, repeats, tally
from lifeevents.registers.cells import sql_text
from lifeevents.registers.contract import CONTRACT, EVENTS, RELATIONS, SUBJECTS, Table
from lifeevents.registers.lake import Draft, Lake, bucket_sql
from lifeevents.registers.manifest import Delivery
from lifeevents.registers.report import BrokenFile, ImportReport, TableReport
from lifeevents.registers.writing import write_mends, write_quarantine, write_tables

Progress = Callable[[str, float], None]
"""Told what is being done and how much of the whole is done (0 to 1)."""


def import_dump(
    source: Path,
    lake: Lake,
    vocabulary: Vocabulary | None,
    *,
    progress: Progress | None = None,
    memory_limit: str | None = None,
) -> ImportReport:
    """Import a contract dump, or a plain one (persons.*), into the lake; rows that cannot be taken are quarantined.

    `vocabulary` None takes event, attribute and relation types as found and derives no kin events. A plain dump comes
    without registers, so it is always read so. Importing the same dump again adds nothing. `memory_limit` is DuckDB's
    ("2GB"); beyond it work goes to disk inside the lake's folder.

    Raises DumpError when the dump cannot be read at all. Whatever is raised, the lake is as it was.
    """
    started = time.perf_counter()
    tell = progress or (lambda label, done: None)
    if not source.is_dir():
        raise DumpError(f"{source}: there is no such folder. Give the folder that holds the dump's files.")
    with lake.writing() as draft, duckdb.connect(config={"autoinstall_known_extensions": "false"}) as con:
        settle(con, draft, memory_limit)
        gate.open_gate(con)
        tell("reading", 0.0)
        names, broken = _read(con, source)
        if names:
            vocabulary = None
        draft.cut_for(con.table(f"raw_{SUBJECTS.name}").shape[0])
        open_lake(con, lake, draft)
        tally.open_quarantine(con)
        tally.open_mends(con)
        reports = {}
        for number, table in enumerate(CONTRACT):
            tell(f"checking {table.name}", 0.2 + 0.12 * number)
            reports[table.name] = _judge(con, table, vocabulary, names, draft.current.buckets)
        tell("deriving kin events", 0.7)
        kin_buckets, derived = derive_kin(con, vocabulary, draft.current.buckets)
        tell("writing the lake", 0.75)
        changed = write_tables(con, draft, kin_buckets, lambda share: tell("writing the lake", 0.75 + 0.24 * share))
        changed = write_quarantine(con, draft) or changed
        write_mends(con, draft)
        if changed:
            draft.publish(deliveries(con, draft))
        tell("done", 1.0)
    return ImportReport(
        source=source.name,
        tables=reports,
        broken_files=broken,
        kin_derived=derived,
        generation=lake.manifest.generation,
        seconds=round(time.perf_counter() - started, 3),
    )


def settle(con: duckdb.DuckDBPyConnection, draft: Draft, memory_limit: str | None) -> None:
    """Work that does not fit in memory spills into the draft's folder, which goes when the draft does."""
    spill = draft.folder / "spill"
    if con.execute("SELECT current_setting('enable_progress_bar')").fetchone() == (True,):
        # DuckDB's own would write into ours. In Jupyter without ipywidgets it is off, and may not even be set.
        con.execute("SET enable_progress_bar = false")
    con.execute(f"SET temp_directory = {sql_text(str(spill))}")
    if memory_limit:
        con.execute(f"SET memory_limit = {sql_text(memory_limit)}")


def _read(con: duckdb.DuckDBPyConnection, source: Path) -> tuple[tally.Names, tuple[BrokenFile, ...]]:
    """Stage a dump of either kind as raw contract relations; names are empty for a contract dump."""
    if plain.is_plain(source):
        return plain.NAMES, plain.stage(con, source)
    return {}, reading.stage(con, source, CONTRACT)


def open_lake(con: duckdb.DuckDBPyConnection, lake: Lake, draft: Draft) -> None:
    """What the lake holds now, as views lake_<relation>; derived events apart, as lake_kin."""
    for table in CONTRACT:
        only = " WHERE NOT derived" if table.name == EVENTS.name and draft.current.files.get(EVENTS.name) else ""
        rows = lake.rows(draft.current, table, where=only)
        con.execute(f"CREATE OR REPLACE TEMP VIEW lake_{table.name} AS {rows}")
    only = " WHERE derived" if draft.current.files.get(EVENTS.name) else ""
    rows = lake.rows(draft.current, EVENTS, where=only)
    bucket = bucket_sql("subject_id", draft.current.buckets)
    con.execute(f"CREATE OR REPLACE TEMP VIEW lake_kin AS SELECT *, {bucket} AS bucket FROM ({rows})")
    con.execute(f"CREATE OR REPLACE TEMP VIEW lake_quarantine AS {lake.quarantined_rows(draft.current)}")


def _judge(
    con: duckdb.DuckDBPyConnection, table: Table, vocabulary: Vocabulary | None, names: tally.Names, buckets: int
) -> TableReport:
    gate.judge(con, table, vocabulary)
    repeats.set_aside(con, table)
    tally.accept(con, table, bucket_sql("j.subject_id", buckets))
    tally.mend(con, table)
    tally.quarantine(con, table, names)
    if table.name == SUBJECTS.name:
        gate.know_subjects(con)
    return tally.tally(con, table, names)


def derive_kin(con: duckdb.DuckDBPyConnection, vocabulary: Vocabulary | None, buckets: int) -> tuple[set[int], int]:
    """`kin_rows` as they now should be, the buckets where that changes something, and how many rows are new."""
    if vocabulary is None:
        con.execute("CREATE OR REPLACE TEMP TABLE kin_rows AS FROM lake_kin")
        return set(), 0
    for table in (EVENTS, RELATIONS):
        columns = ", ".join(table.names)
        con.execute(
            f"CREATE OR REPLACE TEMP VIEW all_{table.name} AS SELECT {columns} FROM lake_{table.name}"
            f" UNION ALL SELECT {columns} FROM accepted_{table.name}"
        )
    kin.derive(con, vocabulary, bucket_sql("subject_id", buckets))
    return kin.changed_buckets(con)


def deliveries(con: duckdb.DuckDBPyConnection, draft: Draft) -> tuple[Delivery, ...]:
    """What each register has delivered, this import included."""
    taken = " UNION ALL ".join(
        f"SELECT register, recorded_at FROM accepted_{table.name}" for table in CONTRACT if "register" in table.names
    )
    found = {d.register_id: d for d in draft.current.deliveries}
    for register, first, last, rows in con.execute(
        f"SELECT register, min(recorded_at), max(recorded_at), count(*) FROM ({taken}) GROUP BY register ORDER BY 1"
    ).fetchall():
        before = found.get(register)
        found[register] = Delivery(
            register_id=register,
            first_recorded_at=min(first, before.first_recorded_at) if before else first,
            last_recorded_at=max(last, before.last_recorded_at) if before else last,
            rows=rows + (before.rows if before else 0),
        )
    return tuple(found[name] for name in sorted(found))
