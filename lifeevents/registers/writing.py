"""Write the buckets that an import changes: old rows and new ones together, sorted, one Parquet file each."""

# ruff: noqa: S608 (SQL is made from the contract's own names; every text from outside passes sql_text)

from collections.abc import Callable

import duckdb

from lifeevents.registers.cells import sql_text
from lifeevents.registers.contract import CONTRACT, EVENTS, SUBJECTS, Table
from lifeevents.registers.lake import Draft
from lifeevents.registers.tally import QUARANTINE_COLUMNS


def write_tables(
    con: duckdb.DuckDBPyConnection, draft: Draft, kin_buckets: set[int], done: Callable[[float], None]
) -> bool:
    """Write every bucket with accepted rows or changed kin events into the draft; was there any?"""
    todo = [(table, bucket) for table in CONTRACT for bucket in sorted(_touched(con, table, kin_buckets))]
    for number, (table, bucket) in enumerate(todo):
        rows = f"({_bucket_rows(table, draft, bucket)}) ORDER BY {', '.join(table.order)}"
        copy_to(con, f"SELECT * FROM {rows}", draft.path(table.name, bucket).as_posix())
        done((number + 1) / len(todo))
    return bool(todo)


def write_quarantine(con: duckdb.DuckDBPyConnection, draft: Draft) -> bool:
    """Write the quarantined rows that the lake's quarantine does not hold yet; was there any?"""
    columns = ", ".join(QUARANTINE_COLUMNS)
    same = " AND ".join(f"q.{c} IS NOT DISTINCT FROM k.{c}" for c in ("relation", "file", "row", "reason", "content"))
    fresh = f"SELECT {columns} FROM quarantined q ANTI JOIN lake_quarantine k ON {same}"
    found = con.execute(f"SELECT count(*) FROM ({fresh})").fetchone()
    if not found or not found[0]:
        return False
    copy_to(con, f"SELECT * FROM ({fresh}) ORDER BY relation, file, row", draft.quarantine_path().as_posix())
    return True


def write_mends(con: duckdb.DuckDBPyConnection, draft: Draft) -> None:
    """Write the rows that this import put right, if there are any."""
    if con.execute("SELECT count(*) > 0 FROM mended").fetchall()[0][0]:
        copy_to(con, "SELECT * FROM mended ORDER BY relation, register, reason", draft.mends_path().as_posix())


def copy_to(con: duckdb.DuckDBPyConnection, query: str, path: str) -> None:
    """Write a query's rows to a Parquet file."""
    con.execute(f"COPY ({query}) TO {sql_text(path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)")


def _touched(con: duckdb.DuckDBPyConnection, table: Table, kin_buckets: set[int]) -> set[int]:
    found = {int(row[0]) for row in con.execute(f"SELECT DISTINCT bucket FROM accepted_{table.name}").fetchall()}
    return found | kin_buckets if table.name == EVENTS.name else found


def _bucket_rows(table: Table, draft: Draft, bucket: int) -> str:
    """The bucket as it will be. A subject sent again replaces its older row; all else is added."""
    columns = ", ".join(table.names)
    flag = ", false AS derived" if table.name == EVENTS.name else ""
    fresh = f"SELECT {columns}{flag} FROM accepted_{table.name} WHERE bucket = {bucket}"
    if table.name == EVENTS.name:
        fresh += f" UNION ALL SELECT {columns}, true FROM kin_rows WHERE bucket = {bucket}"
    old = draft.current.files.get(table.name, {}).get(bucket)
    if old is None:
        return fresh
    kept = {
        EVENTS.name: " WHERE NOT derived",
        SUBJECTS.name: " WHERE subject_id NOT IN (SELECT subject_id FROM accepted_subjects)",
    }
    source = f"read_parquet({sql_text((draft.root / old).as_posix())})"
    return f"SELECT {columns}{flag} FROM {source}{kept.get(table.name, '')} UNION ALL {fresh}"
