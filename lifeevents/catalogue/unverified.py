"""What a lawyer still has to settle before it may stand in a message: which cell, why, from where, and the edit."""

from collections.abc import Iterator

from lifeevents.domain.frozen import Frozen
from lifeevents.domain.pack import Pack
from lifeevents.domain.procedure import SETTLED, State


class OpenCell(Frozen):
    """One thing to settle. `edit` is the line of `file` to change once it was compared with the law."""

    file: str
    cell: str
    why: State
    says: str | None
    source: str | None
    law: tuple[str, ...]
    edit: str


def unverified(pack: Pack) -> tuple[OpenCell, ...]:
    """Every open cell of procedures, dates in law, tables of law and milestones, in the order of their files."""
    return tuple(sorted(_all(pack), key=lambda cell: (cell.file, cell.cell)))


def _all(pack: Pack) -> Iterator[OpenCell]:
    for one in pack.procedures.values():
        for name, cell in one.cells.items():
            if cell.state not in SETTLED:
                yield OpenCell(
                    file=f"procedures/{one.id}.yaml",
                    cell=name,
                    why=cell.state,
                    says=cell.says,
                    source=one.source,
                    law=one.law,
                    edit=f"cells.{name}: state: verified",
                )
    for rule in pack.law.values():
        if not rule.verified:
            yield _whole(f"law/{rule.id}.yaml", rule.source, rule.law)
    for table in pack.tables.values():
        for row in table.values:
            if not row.settled:
                yield OpenCell(
                    file=f"law/tables/{table.id}.yaml",
                    cell=f"value from {row.since}",
                    why=row.state,
                    says=str(row.value),
                    source=table.source,
                    law=table.law,
                    edit=f"values, from {row.since}: state: verified",
                )
    for milestone in pack.milestones.values():
        if not milestone.verified:
            yield _whole(f"milestones/{milestone.id}.yaml", None, milestone.law)


def _whole(file: str, source: str | None, law: tuple[str, ...]) -> OpenCell:
    return OpenCell(file=file, cell="all", why="memory", says=None, source=source, law=law, edit="verified: true")
