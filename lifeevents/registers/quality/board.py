"""The scoreboard: every register's six numbers over a window of months, set-based over lake and quarantine."""

# ruff: noqa: S608 (SQL is made from the contract's own names; every text from outside passes sql_text)

from collections.abc import Callable, Mapping
from datetime import date

import duckdb

from lifeevents.domain.calendar import add_months
from lifeevents.domain.errors import NotFound
from lifeevents.domain.pack import Pack
from lifeevents.domain.quality import (
    PRINCIPLES,
    Board,
    Cell,
    Clash,
    Fault,
    Lag,
    Number,
    Pair,
    Principle,
    RegisterQuality,
    Why,
)
from lifeevents.registers.lake import Lake
from lifeevents.registers.quality.clean import clean
from lifeevents.registers.quality.correct import correct
from lifeevents.registers.quality.live import live
from lifeevents.registers.quality.scene import Scene, prepare
from lifeevents.registers.quality.shared import shared
from lifeevents.registers.quality.sufficient import sufficient
from lifeevents.registers.quality.unified import comparable, unified

MEASURES: dict[Principle, Callable[[Scene], None]] = {
    "correct": correct,
    "sufficient": sufficient,
    "clean": clean,
    "live": live,
    "unified": unified,
    "shared": shared,
}
CLASHES, FAULTS = 20, 5
"""So many clashes of a pair, and kinds of fault of a register under one principle, are named."""


def measure(lake: Lake, pack: Pack, reused: Mapping[str, tuple[str, ...]], *, months: int | None = 12) -> Board:
    """The board over the last `months` months of recording (None: all there are).

    `reused`: each event, attribute and relation type that the pack reads, with who reads it. Raises NotFound while
    the lake is empty.
    """
    current = lake.manifest
    deliveries = current.deliveries
    if not deliveries:
        raise NotFound("The lake is empty. Take a delivery in first: lifeevents import DUMP.")
    newest = max(delivery.last_recorded_at for delivery in deliveries)
    last = newest.date().replace(day=1)
    first = min(delivery.first_recorded_at for delivery in deliveries).date().replace(day=1)
    if months is not None:
        first = max(first, add_months(last, 1 - months))
    with duckdb.connect(config={"autoinstall_known_extensions": "false"}) as con:
        con.execute("SET enable_progress_bar = false")
        scene = prepare(con, lake, pack.registers, pack.vocabulary, reused, current, first)
        for compute in MEASURES.values():
            compute(scene)
        named = {d.register_id for d in deliveries} | set(pack.registers)
        undated = con.execute("SELECT count(*) FROM told WHERE month IS NULL").fetchall()[0][0]
        registers = tuple(_register(scene, name) for name in sorted(named))
        pairs = tuple(_pairs(con))
    return Board(first=first, last=last, newest=newest, undated=undated, registers=registers, pairs=pairs)


def _register(scene: Scene, name: str) -> RegisterQuality:
    con = scene.con
    rows = con.execute("SELECT count(*) FROM told WHERE register = ?", [name]).fetchall()[0][0]
    cells = con.execute(
        "SELECT principle, nullif(place, ''), month, good, of FROM marks WHERE register = ? AND of > 0 ORDER BY ALL",
        [name],
    ).fetchall()
    faults = con.execute(
        "SELECT principle, reason, sum(rows), arg_max(sentence, (rows, sentence)) FROM faults WHERE register = ?"
        " GROUP BY principle, reason"
        " QUALIFY row_number() OVER (PARTITION BY principle ORDER BY sum(rows) DESC, reason) <= ?"
        " ORDER BY 3 DESC, 1, 2",
        [name, FAULTS],
    ).fetchall()
    return RegisterQuality(
        register_id=name,
        rows=rows,
        numbers=tuple(_number(scene, name, principle, rows, cells) for principle in PRINCIPLES),
        cells=tuple(Cell(principle=p, province=at, month=m, good=good, of=of) for p, at, m, good, of in cells),
        lag=_lag(con, name),
        faults=tuple(Fault(principle=p, reason=r, rows=n, example=e) for p, r, n, e in faults),
    )


def _number(
    scene: Scene, name: str, principle: Principle, rows: int, cells: list[tuple[str, str, date, int, int]]
) -> Number:
    counted = [(good, of) for found, _, _, good, of in cells if found == principle]
    if why := _why_not(scene, name, principle, rows, of=sum(of for _, of in counted)):
        return Number(principle=principle, why=why)
    return Number(principle=principle, good=sum(good for good, _ in counted), of=sum(of for _, of in counted))


def _why_not(scene: Scene, name: str, principle: Principle, rows: int, *, of: int) -> Why | None:
    """Why the number cannot be computed, if it cannot."""
    register = scene.registers.get(name)
    if register is not None and not register.delivers:
        return "not_delivered"
    if register is None and principle in ("sufficient", "live", "unified", "shared"):
        return "not_in_pack"
    if principle == "clean" and scene.manifest.mends is None:
        return "not_kept"
    if principle == "unified" and name not in comparable(scene):
        return "one_register"
    if of == 0:
        return "nothing_in_common" if principle == "unified" and rows else "no_rows"
    return None


def _lag(con: duckdb.DuckDBPyConnection, name: str) -> Lag | None:
    found = con.execute(
        "SELECT median(lag), quantile_cont(lag, 0.9) FROM told WHERE register = ? AND taken AND lag IS NOT NULL",
        [name],
    ).fetchall()
    median, p90 = found[0]
    return None if median is None else Lag(median=median, p90=p90)


def _pairs(con: duckdb.DuckDBPyConnection) -> list[Pair]:
    """All pairs whatever their month: a clash stays until somebody puts it right."""
    counted = con.execute(
        "SELECT fact, first, second, count(*) FILTER (first_said = second_said), count(*) FROM pairs GROUP BY ALL"
        " ORDER BY 1, 2, 3"
    ).fetchall()
    clashes = con.execute(
        "SELECT fact, first, second, subject_id, first_said, second_said FROM pairs WHERE first_said <> second_said"
        f" QUALIFY row_number() OVER (PARTITION BY fact, first, second ORDER BY recorded_at DESC, subject_id) <="
        f" {CLASHES} ORDER BY recorded_at DESC, subject_id"
    ).fetchall()
    return [
        Pair(
            fact=fact,
            first=first,
            second=second,
            agree=agree,
            both=both,
            clashes=tuple(
                Clash(subject_id=subject, first=one, second=other)
                for f, a, b, subject, one, other in clashes
                if (f, a, b) == (fact, first, second)
            ),
        )
        for fact, first, second, agree, both in counted
    ]
