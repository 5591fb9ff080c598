"""The audit chain: who read or did what about whom, in an order that nobody can change unseen.

Each row's hash covers the row before it, so that an edit or a deletion breaks the chain. A cut tail, or a tail
written anew, breaks no link; it is found against the heads that were anchored in a file outside the database.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Connection, select, text

from lifeevents.domain.frozen import Frozen
from lifeevents.store.schema import audit

GENESIS = "0" * 64


class Head(Frozen):
    """The last row of the chain at some moment."""

    seq: int
    hash: str


class Verification(Frozen):
    """What `verify` found: `rows` checked, and one sentence per problem (none: the log is whole)."""

    rows: int
    problems: tuple[str, ...] = ()

    @property
    def whole(self) -> bool:
        return not self.problems


def append(con: Connection, entries: list[str]) -> Head:
    """Append canonical JSON entries; the chain belongs to this transaction until it ends. Returns the new head."""
    row = con.execute(text("SELECT head_seq, head_hash FROM audit_append(:entries)"), {"entries": entries}).one()
    return Head(seq=row.head_seq, hash=row.head_hash)


def anchor(heads: Path, head: Head) -> None:
    """Note a committed head in a file that the database's owner cannot write; lines of several processes may mix."""
    heads.parent.mkdir(parents=True, exist_ok=True)
    with heads.open("a", encoding="ascii") as file:
        file.write(f"{head.seq} {head.hash}\n")


def verify(con: Connection, heads: Path | None = None) -> Verification:
    """Recompute the whole chain and compare it with the anchored heads.

    Finds edited rows, deleted rows and, with `heads`, a cut or rewritten tail. Reads in a stream: memory does not
    grow with the log. Raises ValueError when the file of heads is not one.
    """
    anchored = dict(_read(heads)) if heads is not None else {}
    problems: list[str] = []
    rows, last_seq, last_hash = 0, 0, GENESIS
    for row in con.execution_options(yield_per=5000).execute(select(audit).order_by(audit.c.seq)):
        rows += 1
        if row.seq != last_seq + 1:
            problems.append(f"Rows {last_seq + 1} to {row.seq - 1} are missing.")
        elif row.prev_hash != last_hash:
            problems.append(f"Row {row.seq} does not follow row {last_seq}: one of them was changed.")
        if _digest(row.prev_hash, row.seq, row.entry) != row.hash:
            problems.append(f"Row {row.seq} was changed: its hash does not match its content.")
        if anchored.pop(row.seq, row.hash) != row.hash:
            problems.append(f"Row {row.seq} was written anew: it differs from the head anchored then.")
        last_seq, last_hash = row.seq, row.hash
    if heads is not None and rows and not heads.exists():
        problems.append(f"{heads} is missing: without the anchored heads a cut tail cannot be seen.")
    if anchored:
        problems.append(f"The log ends at row {last_seq}, but row {max(anchored)} was anchored: its tail was cut.")
    return Verification(rows=rows, problems=tuple(problems))


def _digest(before: str, seq: int, entry: str) -> str:
    return hashlib.sha256(f"{before} {seq} {entry}".encode()).hexdigest()


def _read(heads: Path) -> Iterator[tuple[int, str]]:
    if not heads.exists():
        return
    whole_lines = heads.read_text(encoding="ascii").rpartition("\n")[0]
    for number, line in enumerate(whole_lines.splitlines(), start=1):
        seq, _, digest = line.partition(" ")
        if not seq.isdigit() or len(digest) != 64:
            raise ValueError(f'{heads}, line {number}: "{line}" is not a head (number, space, 64 hexadecimal digits).')
        yield int(seq), digest
