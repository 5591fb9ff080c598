"""What a lawyer must settle: every fact of the pack that was not checked, its file, and the edit that verifies it."""

from collections.abc import Iterator
from typing import Literal

from pydantic import ConfigDict

from lifeevents.domain.frozen import Frozen
from lifeevents.domain.pack import Pack
from lifeevents.domain.procedure import SETTLED, Procedure

What = Literal["rule", "deadline", "processing", "fee", "code", "papers", "milestone", "law", "table"]
SET = "set verified: true"


class Unsettled(Frozen):
    """One fact to be settled: of what (`id`), which fact, what stands there now, where, and what settles it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "tax.close",
                    "what": "processing",
                    "stands": "3 working days",
                    "file": "procedures/tax.close.yaml",
                    "do": "set verified: true in processing:",
                    "law": ["Tax Administration Law 108/2025"],
                    "essential": False,
                }
            ]
        }
    )

    id: str
    what: What
    stands: str
    file: str
    do: str
    law: tuple[str, ...] = ()
    essential: bool = False


def unsettled(pack: Pack) -> list[Unsettled]:
    """Everything unverified: essential services first, then by id."""
    found = [*_procedures(pack), *_milestones(pack), *_law(pack), *_tables(pack)]
    return sorted(found, key=lambda one: (not one.essential, one.file, one.what))


def _procedures(pack: Pack) -> Iterator[Unsettled]:
    for p in pack.procedures.values():
        for what, stands, do in _cells(p):
            yield Unsettled(
                id=p.id,
                what=what,
                stands=stands,
                file=f"procedures/{p.id}.yaml",
                do=do,
                law=p.law,
                essential=p.essential,
            )


def _cells(p: Procedure) -> Iterator[tuple[What, str, str]]:
    if p.who is None:
        yield "rule", "nobody wrote who may have it", "write who: and done_when:, then set verified: true"
    elif not p.verified:
        yield "rule", p.who, SET
    for name, cell in p.cells.items():
        if name != "who" and cell.state not in SETTLED:
            said = f"{cell.says} ({cell.state})" if cell.says else cell.state
            yield name, said, f"set state: verified in cells, {name}:"
    if p.deadline and not p.deadline.verified and "deadline" not in p.cells:
        count = f"{p.deadline.period} ({p.deadline.count} days) from {p.deadline.after}"
        yield "deadline", count, f"{SET} in deadline:"


def _milestones(pack: Pack) -> Iterator[Unsettled]:
    for one in pack.milestones.values():
        if not one.verified:
            stands = one.when or one.at_risk or "for everyone"
            file = f"milestones/{one.id}.yaml"
            yield Unsettled(id=one.id, what="milestone", stands=stands, file=file, do=SET, law=one.law)


def _law(pack: Pack) -> Iterator[Unsettled]:
    for rule in pack.law.values():
        if not rule.verified:
            file = f"law/{rule.id}.yaml"
            yield Unsettled(id=rule.id, what="law", stands=rule.source, file=file, do=SET, law=rule.law)


def _tables(pack: Pack) -> Iterator[Unsettled]:
    for table in pack.tables.values():
        for row in table.values:
            if not row.settled:
                yield Unsettled(
                    id=table.id,
                    what="table",
                    stands=f"{row.value} {table.unit} from {row.since} ({row.state})",
                    file=f"law/tables/{table.id}.yaml",
                    do=f"set state: verified of the value from {row.since}",
                    law=table.law,
                )
