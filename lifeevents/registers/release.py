"""One row through the gate again, into a draft of the lake: the same checks, repeats and kin events as an import."""

# ruff: noqa: S608 (SQL is made from the contract's own names; every text from outside passes sql_text)

from collections.abc import Mapping
from dataclasses import dataclass

import duckdb

from lifeevents.domain.pack import Vocabulary
from lifeevents.domain.quarantine import DeskAction
from lifeevents.registers import gate, plain, repeats, tally
from lifeevents.registers.contract import CONTRACT, SUBJECTS
from lifeevents.registers.importing import deliveries, derive_kin, open_lake, settle
from lifeevents.registers.lake import Draft, Lake, bucket_sql
from lifeevents.registers.manifest import Delivery
from lifeevents.registers.writing import write_tables


@dataclass(frozen=True)
class Verdict:
    """What became of a row. `digest` is that of its typed content in the lake; `deliveries` are those of the draft."""

    action: DeskAction
    reason: str | None = None
    sentence: str | None = None
    digest: str | None = None
    deliveries: tuple[Delivery, ...] = ()


def pass_gate(
    con: duckdb.DuckDBPyConnection,
    lake: Lake,
    draft: Draft,
    vocabulary: Vocabulary,
    relation: str,
    content: Mapping[str, str | None],
    *,
    place: str,
) -> Verdict:
    """Judge a row and, if it is fit, write it into the draft (which is not published here).

    A row that the lake has already is released, and adds nothing. In a lake of plain dumps the pack's words are not
    asked, as at their import. `place` is where the row came from, for the sentence.
    """
    plain_lake = {d.register_id for d in draft.current.deliveries} <= {plain.REGISTER}
    words = None if plain_lake and draft.current.deliveries else vocabulary
    settle(con, draft, None)
    gate.open_gate(con)
    open_lake(con, lake, draft)
    con.execute("CREATE OR REPLACE TEMP TABLE broken_rows (relation VARCHAR, file VARCHAR, row BIGINT, text VARCHAR)")
    tally.open_quarantine(con)
    for table in CONTRACT:
        columns = ", ".join(f"{name} VARCHAR" for name in table.names)
        con.execute(f"CREATE OR REPLACE TEMP TABLE raw_{table.name} (file VARCHAR, row BIGINT, {columns})")
        if table.name == relation:
            marks = ", ".join("?" for _ in table.names)
            cells = [content.get(name) for name in table.names]
            con.execute(f"INSERT INTO raw_{table.name} VALUES ('desk', 1, {marks})", cells)
        gate.judge(con, table, words)
        repeats.set_aside(con, table)
        tally.accept(con, table, bucket_sql("j.subject_id", draft.current.buckets))
        tally.quarantine(con, table, {})
        if table.name == SUBJECTS.name:
            gate.know_subjects(con)
    bad = con.execute("SELECT reason, sentence FROM quarantined").fetchall()
    if bad:
        return Verdict("refused", bad[0][0], bad[0][1].replace("desk row 1", place, 1))
    digest = con.execute(f"SELECT content::VARCHAR FROM judged_{relation}").fetchall()[0][0]
    kin_buckets, _ = derive_kin(con, words, draft.current.buckets)
    if write_tables(con, draft, kin_buckets, lambda share: None):
        return Verdict("released", digest=digest, deliveries=deliveries(con, draft))
    return Verdict("released", digest=digest)
