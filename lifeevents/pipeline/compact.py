"""Take live rows into the lake: written as a dump, through the same gate as any delivery.

Interrupted anywhere it can be run again: rows that are in the lake already add nothing, and the live rows are only
forgotten once the lake has them.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from lifeevents.ports import Ledger, LiveRows

R = TypeVar("R")
Columns = Mapping[str, tuple[str, ...]]
"""The contract's columns by relation."""


def compact(ledger: Ledger, columns: Columns, take: Callable[[Path], R]) -> R | None:
    """Give every delivered live row to `take` (an import of the dump in that folder); None when there was none."""
    with ledger.begin() as unit:
        through, rows = unit.all_live_rows()
    if not any(rows.values()):
        return None
    with TemporaryDirectory() as folder:
        write_dump(Path(folder), columns, rows)
        report = take(Path(folder))
    with ledger.begin() as unit:
        unit.forget_live_rows(through)
    return report


def write_dump(folder: Path, columns: Columns, rows: LiveRows) -> None:
    """The rows as a contract dump; every relation of `columns` gets a file, if an empty one."""
    for name, wanted in columns.items():
        mine = rows.get(name, ())
        table = {column: pa.array([row.get(column) for row in mine], pa.string()) for column in wanted}
        pq.write_table(pa.table(table), folder / f"{name}.parquet")
