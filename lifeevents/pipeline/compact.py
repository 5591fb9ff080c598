"""Take live rows into the lake: written as a dump, through the same gate as any delivery.

Interrupted anywhere it can be run again: rows that are in the lake already add nothing, and the live rows are only
forgotten once the lake has them. Rows that came before the subject they are about wait for it in the intake: the gate
would quarantine them, and one delivery with all of them would not.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from lifeevents.ports import Ledger, LiveRow, LiveRows

R = TypeVar("R")
Columns = Mapping[str, tuple[str, ...]]
"""The contract's columns by relation."""
_SUBJECTS = "subjects"


def compact(
    ledger: Ledger,
    columns: Columns,
    take: Callable[[Path], R],
    known: Callable[[Collection[str]], Collection[str]],
    *,
    now: datetime,
) -> R | None:
    """Give every delivered live row to `take` (an import of the dump in that folder); None when none was.

    Kin events that a worker derived while another was compacting what they rest on are in the lake already, and are
    forgotten too. `known` says which of some subjects the lake has; rows about others wait on, unless they bring their
    subject. Submissions that were parked for want of a subject that is known now are reacted to again.
    """
    with ledger.begin() as unit:
        rows = unit.all_live_rows()
    named = {subject for row in rows for subject in _named(row)}
    there = {row.body["subject_id"] for row in rows if row.relation == _SUBJECTS}
    there |= set(known(named - there))
    ready = [row for row in rows if there.issuperset(_named(row))]
    delivered = by_relation([row for row in ready if row.kin_id is None])
    report = None
    if any(delivered.values()):
        with TemporaryDirectory(prefix="lifeevents-compact-") as folder:
            write_dump(Path(folder), columns, delivered)
            report = take(Path(folder))
    elif not ready:
        return None
    with ledger.begin() as unit:
        unit.forget_live_rows([row.place for row in ready])
        unit.wake_parked({row.body["subject_id"] for row in ready}, now=now)
    return report


def by_relation(rows: Sequence[LiveRow]) -> dict[str, list[Mapping[str, Any]]]:
    """Rows as a dump holds them, in the order of their places. Of a subject that was sent several times the row that
    was recorded last is left (of equals, the one that came last), as later deliveries replace earlier ones."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    subjects: dict[str, Mapping[str, Any]] = {}
    for row in rows:
        if row.relation != _SUBJECTS:
            found.setdefault(row.relation, []).append(row.body)
            continue
        older = subjects.get(row.body["subject_id"])
        if older is None or older["recorded_at"] <= row.body["recorded_at"]:
            subjects[row.body["subject_id"]] = row.body
    return found | {_SUBJECTS: list(subjects.values())}


def write_dump(folder: Path, columns: Columns, rows: LiveRows) -> None:
    """The rows as a contract dump; every relation of `columns` gets a file, if an empty one."""
    for name, wanted in columns.items():
        mine = rows.get(name, ())
        table = {column: pa.array([row.get(column) for row in mine], pa.string()) for column in wanted}
        pq.write_table(pa.table(table), folder / f"{name}.parquet")


def _named(row: LiveRow) -> Iterator[str]:
    """The subjects that must be known before the gate takes the row."""
    yield row.body["subject_id"]
    if row.body.get("related_id"):
        yield row.body["related_id"]
