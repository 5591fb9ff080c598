"""The quality scoreboard as data: each register's six numbers with interval, trend, provinces and faults, kept."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from lifeevents.domain.pack import Pack
from lifeevents.domain.quality import Board, Cell, Number, RegisterQuality
from lifeevents.engine.indicators import wilson_lower
from lifeevents.ports import Ledger

NAME = "quality"


def keep_quality(ledger: Ledger, pack: Pack, board: Board, *, simulated: bool, now: datetime) -> dict[str, Any]:
    """Keep the board as the newest report, each register's cells (province and month) as its own, and return it."""
    body = {
        "as_of": now.date().isoformat(),
        "simulated": simulated,
        "first": board.first.isoformat(),
        "last": board.last.isoformat(),
        "newest": board.newest.isoformat(),
        "undated": board.undated,
        "registers": [_register(pack, one) for one in board.registers],
        "pairs": [pair.model_dump(mode="json") for pair in board.pairs],
    }
    with ledger.begin() as unit:
        unit.save_report(NAME, body, now=now)
        for one in board.registers:
            cells = [cell.model_dump(mode="json") for cell in one.cells]
            unit.save_report(f"{NAME}.{one.register_id}", {"cells": cells}, now=now)
    return body


def _register(pack: Pack, one: RegisterQuality) -> dict[str, Any]:
    register = pack.registers.get(one.register_id)
    own = dict.fromkeys(pack.languages, one.register_id)
    return {
        "id": one.register_id,
        "title": register.title if register else own,
        "owner": register.owner if register else own,
        "expected_lag": register.expected_lag if register else None,
        "rows": one.rows,
        "lag": one.lag.model_dump() if one.lag else None,
        "numbers": [_number(number, one.cells) for number in one.numbers],
        "faults": [fault.model_dump() for fault in one.faults],
    }


def _number(number: Number, cells: Iterable[Cell]) -> dict[str, Any]:
    """A number with both ends of its 95% Wilson interval, by month and by province."""
    mine = [cell for cell in cells if cell.principle == number.principle and number.of]
    above = wilson_lower(number.of - number.good, number.of)
    return {
        **number.model_dump(),
        "low": wilson_lower(number.good, number.of),
        "high": None if above is None else 1 - above,
        "months": _by((cell.month.isoformat() if cell.month else None, cell) for cell in mine),
        "provinces": _by((cell.province, cell) for cell in mine),
    }


def _by(cells: Iterable[tuple[str | None, Cell]]) -> list[dict[str, Any]]:
    """Counts by a key; what is not known comes last, as None."""
    sums: dict[str | None, list[int]] = defaultdict(lambda: [0, 0])
    for key, cell in cells:
        sums[key][0] += cell.good
        sums[key][1] += cell.of
    known = sorted(key for key in sums if key is not None)
    return [{"key": k, "good": sums[k][0], "of": sums[k][1]} for k in (*known, *([None] if None in sums else []))]
