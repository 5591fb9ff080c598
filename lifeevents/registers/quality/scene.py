"""What the six numbers are counted from, as tables of one connection.

told    every row of a register, in the lake or still in quarantine: register, word (its event, attribute or relation
        type), subject_id, month and place of recording, `taken` (is it in the lake), `lag` (days from the fact to its
        recording; NULL where that says nothing).
faults  what speaks against rows: principle, reason, register, word, month, place, `beside` (they are no rows of
        `told`), how many rows, and one of them as a sentence.
marks   the result: principle, register, month, place, good, of.

`place` is the province in which the subject lived at the recording, '' where that is not known. Months are those of
UTC; rows recorded before the window are left out, those without a readable moment are in every window. Events derived
for relatives and the list of subjects belong to no register and are not counted.
"""

# ruff: noqa: S608 (SQL is made from the contract's own names; every text from outside passes sql_text)

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import duckdb

from lifeevents.domain.pack import Vocabulary
from lifeevents.domain.register import Register
from lifeevents.registers.cells import define_macros, sql_text
from lifeevents.registers.contract import CONTRACT, EVENTS
from lifeevents.registers.gate import NAMED
from lifeevents.registers.lake import Lake
from lifeevents.registers.manifest import Manifest

_MARKS = "(principle VARCHAR, register VARCHAR, month DATE, place VARCHAR, good BIGINT, of BIGINT)"
_FAULTS = (
    "(principle VARCHAR, reason VARCHAR, register VARCHAR, word VARCHAR, month DATE, place VARCHAR, beside BOOLEAN,"
    " rows BIGINT, sentence VARCHAR)"
)
ITEM_ID = "md5(concat_ws(chr(31), relation, file, row, reason, content))[1:16]"
"""SQL: what identifies a row of the quarantine, the same whenever it is read."""


@dataclass(frozen=True)
class Scene:
    """A connection with the tables, the registers that are judged, what their rows are reused by, and since when rows
    count."""

    con: duckdb.DuckDBPyConnection
    registers: Mapping[str, Register]
    vocabulary: Vocabulary
    reused: Mapping[str, tuple[str, ...]]
    manifest: Manifest
    first: date

    def placed(self, rows: str) -> str:
        """SQL of `rows` (with subject_id and recorded_at) with month and place."""
        return (
            "SELECT r.*, date_trunc('month', r.recorded_at)::DATE AS month, coalesce(p.place, '') AS place"
            f" FROM (SELECT * FROM ({rows}) WHERE recorded_at IS NULL OR recorded_at >= DATE '{self.first}') r"
            " ASOF LEFT JOIN places p ON r.subject_id = p.subject_id AND r.recorded_at >= p.since"
        )

    def blame(self, principle: str, rows: str, *, beside: bool = False) -> None:
        """Add to `faults` the rows of a query: reason, register, word, subject_id, recorded_at, sentence."""
        self.con.execute(
            f"INSERT INTO faults SELECT {sql_text(principle)}, reason, register, word, month, place, {beside},"
            f" count(*), min(sentence) FROM ({self.placed(rows)}) GROUP BY ALL"
        )

    def weigh(self, principle: str) -> None:
        """Add to `marks`: of the rows told (and those beside), how many have no fault of this principle."""
        self.con.execute(
            f"INSERT INTO marks SELECT {sql_text(principle)}, register, month, place, sum(n) - sum(bad), sum(n) FROM ("
            " SELECT register, month, place, count(*) AS n, 0 AS bad FROM told GROUP BY ALL UNION ALL"
            " SELECT register, month, place, coalesce(sum(rows) FILTER (beside), 0), sum(rows) FROM faults"
            f" WHERE principle = {sql_text(principle)} GROUP BY ALL) GROUP BY ALL"
        )


def prepare(
    con: duckdb.DuckDBPyConnection,
    lake: Lake,
    registers: Mapping[str, Register],
    vocabulary: Vocabulary,
    reused: Mapping[str, tuple[str, ...]],
    current: Manifest,
    first: date,
) -> Scene:
    """The scene over one generation of the lake, of rows recorded from the day `first` on."""
    scene = Scene(con, registers, vocabulary, reused, current, first)
    define_macros(con)
    for table in CONTRACT:
        only = " WHERE NOT derived" if table.name == EVENTS.name and current.files.get(EVENTS.name) else ""
        con.execute(f"CREATE OR REPLACE TEMP VIEW {table.name} AS {lake.rows(current, table, where=only)}")
    con.execute(f"CREATE TEMP TABLE marks {_MARKS}; CREATE TEMP TABLE faults {_FAULTS}")
    con.execute(f"CREATE TEMP TABLE mended AS {lake.mended_rows(current)}")
    con.execute(f"CREATE TEMP TABLE desk AS {lake.desk_rows(current)}")
    _places(con, vocabulary)
    _began(con, current)
    _in_quarantine(scene, lake.quarantined_rows(current))
    _told(scene)
    return scene


def _places(con: duckdb.DuckDBPyConnection, vocabulary: Vocabulary) -> None:
    """Where each person lives since when, by the newest recording of each beginning."""
    names = [sql_text(name) for name, a in vocabulary.attributes.items() if a.means == "residence"] or ["''"]
    con.execute(
        "CREATE TEMP TABLE places AS SELECT subject_id, valid_from::TIMESTAMP AS since, arg_max(value, recorded_at)"
        f" AS place FROM attributes WHERE name IN ({', '.join(names)}) GROUP BY subject_id, valid_from"
    )


def _began(con: duckdb.DuckDBPyConnection, current: Manifest) -> None:
    """Since when each register records: of what happened before, it tells a stock, and no lag."""
    con.execute("CREATE TEMP TABLE began (register VARCHAR, began DATE)")
    if current.deliveries:
        rows = [(d.register_id, d.first_recorded_at.date()) for d in current.deliveries]
        con.executemany("INSERT INTO began VALUES (?, ?)", rows)


def _in_quarantine(scene: Scene, source: str) -> None:
    """`waiting`: quarantined rows not released since, with what can be read of them.

    The register is the one that the row names; where the pack does not know it, the one that owns the row's type.
    """
    cell = "cell(content ->> '$.{}')".format
    word = f"coalesce({cell('event')}, {cell('name')}, {cell('relation')})"
    known = ", ".join(sql_text(name) for name in scene.registers)
    owners = " ".join(f"WHEN {sql_text(n)} THEN {sql_text(r)}" for n, r in scene.vocabulary.registers.items())
    owner = f"CASE {word} {owners} END" if owners else "NULL"
    named = f"CASE WHEN {cell('register')} IN ({known}) OR {owner} IS NULL THEN {cell('register')} END"
    scene.con.execute(
        f"CREATE TEMP TABLE waiting AS SELECT relation, reason, sentence, coalesce({named}, {owner}, '') AS register,"
        f" {word} AS word, {cell('subject_id')} AS subject_id, as_moment({cell('recorded_at')}) AS recorded_at"
        f" FROM ({source}) WHERE {ITEM_ID} NOT IN (SELECT id FROM desk WHERE action = 'released')"
    )


def _told(scene: Scene) -> None:
    rows = []
    for table in CONTRACT:
        if table.name not in NAMED:
            continue
        word = NAMED[table.name]
        if table.name == EVENTS.name:
            day, judged = "latest(occurred_on, precision)", "corrects IS NULL AND annuls IS NULL"
        else:
            day = "CASE WHEN valid_to <= recorded_at::DATE THEN valid_to ELSE valid_from END"
            judged = "true"
        rows.append(
            f"SELECT register, {word} AS word, subject_id, recorded_at, true AS taken,"
            f" CASE WHEN {judged} AND {day} >= b.began THEN greatest(recorded_at::DATE - {day}, 0) END AS lag"
            f" FROM {table.name} LEFT JOIN began b USING (register)"
        )
    rows.append(
        "SELECT register, word, subject_id, recorded_at, false, NULL FROM waiting"
        " WHERE relation <> 'subjects' AND register <> ''"
    )
    scene.con.execute(
        "CREATE TEMP TABLE told AS SELECT register, word, month, place, taken, lag"
        f" FROM ({scene.placed(' UNION ALL '.join(rows))})"
    )
