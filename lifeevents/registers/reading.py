"""Read a dump as it lies: every cell as text, with its file and row, so that a broken cell never costs a file.

A relation may lie in one file (`events.csv`) or in several (`events-2024.parquet`, `events-2025.csv.gz`), in any mix
of formats. Row 1 is the first row below the header.
"""

# ruff: noqa: S608 (SQL is made from the contract's own names; every text from outside passes sql_text)

import csv
import gzip
import zlib
from collections.abc import Sequence
from pathlib import Path

import duckdb

from lifeevents.domain.errors import DumpError, did_you_mean
from lifeevents.registers.cells import sql_text
from lifeevents.registers.contract import Table
from lifeevents.registers.report import BrokenFile

SUFFIXES = (".csv", ".csv.gz", ".parquet")
_BROKEN_ROWS = "CREATE OR REPLACE TEMP TABLE broken_rows (relation VARCHAR, file VARCHAR, row BIGINT, text VARCHAR)"


class _Unreadable(Exception):
    """Why a file cannot be read: a reason code and what to do."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason = reason


def files_of(source: Path, table: str) -> list[Path]:
    """The files of one relation in a dump folder, by name."""
    return [
        path
        for path in sorted(source.iterdir())
        if path.name.endswith(SUFFIXES) and path.name.split(".")[0].split("-")[0] == table
    ]


def stage(
    con: duckdb.DuckDBPyConnection, source: Path, tables: Sequence[Table], *, prefix: str = "raw_"
) -> tuple[BrokenFile, ...]:
    """Read a dump's relations into tables `<prefix><name>`: file, row and the contract's columns, all text.

    Rows that are no rows (a quote that never closes, a wrong number of cells) go to `broken_rows`. A file that
    cannot be read is returned and the others are read on; raises DumpError when a needed relation has no file, or
    when no file that lists the subjects can be read.
    """
    con.execute(_BROKEN_ROWS)
    broken: list[BrokenFile] = []
    for number, table in enumerate(tables):
        columns = ", ".join(f"{name} VARCHAR" for name in table.names)
        con.execute(f"CREATE OR REPLACE TEMP TABLE {prefix}{table.name} (file VARCHAR, row BIGINT, {columns})")
        files = files_of(source, table.name)
        if not files and (not table.optional or _misnamed(source, table)):
            raise DumpError(_missing(source, table))
        failed = [problem for path in files if (problem := _stage_file(con, path, table, prefix))]
        if failed and number == 0 and len(failed) == len(files):
            raise DumpError(f"{failed[0].sentence} Without {table.name} no other row can be placed.")
        broken += failed
    return tuple(broken)


def _misnamed(source: Path, table: Table) -> bool:
    """Is there a file that was probably meant to be the relation's?"""
    there = [path.name for path in source.iterdir() if path.name.endswith(SUFFIXES)]
    return any(did_you_mean(name.split(".")[0], [table.name]) for name in there)


def _missing(source: Path, table: Table) -> str:
    names = ", ".join(f"{table.name}{suffix}" for suffix in SUFFIXES)
    there = [path.name for path in sorted(source.iterdir()) if path.is_file()]
    near = did_you_mean(f"{table.name}.csv", there)
    return f"{source}: there is no file for {table.name}. Put one of {names} there.{near}"


def _stage_file(con: duckdb.DuckDBPyConnection, path: Path, table: Table, prefix: str) -> BrokenFile | None:
    try:
        con.execute("BEGIN")
        if path.suffix == ".parquet":
            _read_parquet(con, path, table, prefix)
        else:
            _read_csv(con, path, table, prefix)
        con.execute("COMMIT")
    except (_Unreadable, duckdb.Error, OSError, EOFError, zlib.error, csv.Error, UnicodeDecodeError) as error:
        con.execute("ROLLBACK")
        reason = error.reason if isinstance(error, _Unreadable) else "unreadable_file"
        return BrokenFile(file=path.name, table=table.name, reason=reason, sentence=_explain(path, error))
    return None


def _explain(path: Path, error: Exception) -> str:
    if isinstance(error, _Unreadable):
        return f"{path.name}: {error}"
    cause = str(error).strip().splitlines()[0].replace(str(path), path.name)
    kind = {".gz": "a whole gzip file", ".parquet": "a whole Parquet file"}.get(path.suffix, "a CSV file in UTF-8")
    return f"{path.name}: this is not {kind} ({cause}). Have it written and sent again; its rows were not imported."


def _read_parquet(con: duckdb.DuckDBPyConnection, path: Path, table: Table, prefix: str) -> None:
    source = f"read_parquet({sql_text(str(path))}, file_row_number = true)"
    described = con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()
    types = {str(row[0]): str(row[1]) for row in described}
    _require(table, list(types))
    cells = []
    for name in table.names:
        nested = types.get(name, "").startswith(("STRUCT", "MAP")) or types.get(name, "").endswith("]")
        value = f'to_json("{name}")' if nested else f'"{name}"'
        cells.append(f"{value}::VARCHAR" if name in types else "NULL")
    con.execute(
        f"INSERT INTO {prefix}{table.name}"
        f" SELECT {sql_text(path.name)}, file_row_number + 1, {', '.join(cells)} FROM {source}"
    )


def _read_csv(con: duckdb.DuckDBPyConnection, path: Path, table: Table, prefix: str) -> None:
    header = _header(path)
    _require(table, header)
    names = [name if name in table.names else f"unused_{index}" for index, name in enumerate(header)]
    columns = ", ".join(f"{sql_text(name)}: 'VARCHAR'" for name in names)
    cells = ", ".join(name if name in header else "NULL" for name in table.names)
    con.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
    con.execute(
        f"INSERT INTO {prefix}{table.name} SELECT {sql_text(path.name)}, row_number() OVER (), {cells}"
        f" FROM read_csv({sql_text(str(path))}, columns = {{{columns}}}, auto_detect = false, header = true,"
        " delim = ',', quote = '\"', escape = '\"', nullstr = '', ignore_errors = true, store_rejects = true,"
        " rejects_limit = 0)"
    )
    _number_rows(con, path, table, prefix)


def _number_rows(con: duckdb.DuckDBPyConnection, path: Path, table: Table, prefix: str) -> None:
    """Keep what was no row, and count it, so that the numbers of the rows after it are the file's."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE rejected AS SELECT line - 1 AS row, any_value(csv_line) AS text,"
        " row_number() OVER (ORDER BY line) AS nth FROM reject_errors GROUP BY line"
    )
    file = sql_text(path.name)
    con.execute(f"INSERT INTO broken_rows SELECT {sql_text(table.name)}, {file}, row, text FROM rejected")
    con.execute(
        f"UPDATE {prefix}{table.name} SET row = row + (SELECT count(*) FROM rejected r WHERE r.row - r.nth < "
        f"{prefix}{table.name}.row) WHERE file = {file} AND (SELECT count(*) FROM rejected) > 0"
    )


def _header(path: Path) -> list[str]:
    """The column names in a CSV file's first line."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8-sig", errors="replace", newline="") as text:
        first = next(csv.reader(text), [])
    if not first:
        raise _Unreadable("empty_file", "the file is empty. It needs at least a line with the column names.")
    return [name.strip() for name in first]


def _require(table: Table, header: Sequence[str]) -> None:
    doubled = sorted({name for name in header if name in table.names and list(header).count(name) > 1})
    if doubled:
        raise _Unreadable("doubled_column", f'the column "{doubled[0]}" is there twice. Leave one.')
    for name in table.needed:
        if name not in header:
            near = did_you_mean(name, [h for h in header if h not in table.names])
            has = ", ".join(header)
            raise _Unreadable(
                "missing_column",
                f'the column "{name}" is missing (there are: {has}).{near} Its rows were not imported.',
            )
