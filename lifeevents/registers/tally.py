"""Count what the gate did, and keep what it quarantined with file, row, field, value, reason and sentence."""

# ruff: noqa: S608 (SQL is made from the contract's own names; every text from outside passes sql_text)

from collections.abc import Mapping

import duckdb

from lifeevents.registers.cells import REPAIRS, sql_text
from lifeevents.registers.contract import EVENTS, Table
from lifeevents.registers.gate import NAMED, repairs_of
from lifeevents.registers.report import Finding, TableReport

QUARANTINE_COLUMNS = ("relation", "file", "row", "field", "value", "reason", "sentence", "content")
"""The quarantine: `content` is the row as it was sent, as a JSON object of texts."""

Names = Mapping[tuple[str, str], str]
"""What a contract column is called in the file it came from, where that differs: {(table, column): name}."""


def accept(con: duckdb.DuckDBPyConnection, table: Table, bucket: str) -> None:
    """`accepted_<table>`: the contract's columns and the bucket of every row that is taken."""
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE accepted_{table.name} AS SELECT {', '.join(table.names)}, {bucket} AS bucket"
        f" FROM judged_{table.name} j ANTI JOIN aside_{table.name} a ON a.file = j.file AND a.row = j.row"
        " WHERE j.problem IS NULL"
    )


def open_quarantine(con: duckdb.DuckDBPyConnection) -> None:
    """An empty `quarantined` table, with the rows that were no rows already in it."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE quarantined AS SELECT relation, file, row, NULL::VARCHAR AS field,"
        " left(text, 200) AS value, 'broken_row' AS reason, file || ' row ' || row || ': a quote is not closed, the"
        " number of cells differs from the header, or the text is not UTF-8. Look at this line of the file.'"
        " AS sentence,"
        " to_json({'line': text})::VARCHAR AS content FROM broken_rows"
    )


def quarantine(con: duckdb.DuckDBPyConnection, table: Table, names: Names) -> None:
    """Add the table's bad rows to `quarantined`."""
    renamed = {column: name for (relation, column), name in names.items() if relation == table.name}
    cases = " ".join(f"WHEN {sql_text(column)} THEN {sql_text(name)}" for column, name in renamed.items())
    field = f"CASE p.field {cases} ELSE p.field END" if cases else "p.field"
    cells = ", ".join(f"{name} := raw.{name}" for name in table.names)
    con.execute(
        f"INSERT INTO quarantined SELECT {sql_text(table.name)}, raw.file, raw.row, {field}, p.value, p.reason,"
        f" raw.file || ' row ' || raw.row || ', ' || {field} || ': ' || p.sentence,"
        f" to_json(struct_pack({cells}))::VARCHAR"
        f" FROM (SELECT file, row, problem AS p FROM judged_{table.name} WHERE problem IS NOT NULL UNION ALL"
        f" SELECT file, row, problem FROM aside_{table.name} WHERE state = 'problem') bad"
        f" JOIN raw_{table.name} raw ON raw.file = bad.file AND raw.row = bad.row"
    )


def open_mends(con: duckdb.DuckDBPyConnection) -> None:
    """An empty `mended` table."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE mended (relation VARCHAR, register VARCHAR, word VARCHAR, subject_id VARCHAR,"
        " recorded_at TIMESTAMP, reason VARCHAR, sentence VARCHAR)"
    )


def mend(con: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Add to `mended` the table's rows that were taken after a repair (with the first one made) and the copies that
    were dropped. Subjects come from no register and at no moment, and are left out."""
    if table.name not in NAMED:
        return
    firsts = " ".join(
        f"WHEN mask & {1 << bit} <> 0 THEN {sql_text(f'{r.reason}|{r.field}: {REPAIRS[r.reason]}.')}"
        for bit, r in enumerate(repairs_of(table))
    )
    copies = sql_text(f"identical_row|: {REPAIRS['identical_row']}.")
    con.execute(
        f"INSERT INTO mended SELECT {sql_text(table.name)}, register, {NAMED[table.name]}, subject_id, recorded_at,"
        " split_part(what, '|', 1), file || ' row ' || row || CASE WHEN what LIKE 'identical%' THEN '' ELSE ', ' END"
        " || split_part(what, '|', 2) FROM ("
        f"SELECT j.*, CASE WHEN a.state = 'identical_row' THEN {copies} WHEN a.state IS NULL THEN CASE {firsts} END END"
        f" AS what FROM judged_{table.name} j LEFT JOIN aside_{table.name} a ON a.file = j.file AND a.row = j.row"
        " WHERE j.problem IS NULL AND (j.mask <> 0 OR a.state = 'identical_row')) WHERE what IS NOT NULL"
    )


def tally(con: duckdb.DuckDBPyConnection, table: Table, names: Names) -> TableReport:
    """The report of one relation, after `accept` and `quarantine`."""
    broken = _one(con, f"SELECT count(*) FROM broken_rows WHERE relation = {sql_text(table.name)}")
    return TableReport(
        table=table.name,
        read=_one(con, f"SELECT count(*) FROM raw_{table.name}") + broken,
        accepted=_one(con, f"SELECT count(*) FROM accepted_{table.name}"),
        already_there=_one(con, f"SELECT count(*) FROM aside_{table.name} WHERE state = 'already_there'"),
        repaired=tuple(_repaired(con, table, names)),
        quarantined=tuple(_quarantined(con, table)),
        noted=tuple(_noted(con, table)),
    )


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _quarantined(con: duckdb.DuckDBPyConnection, table: Table) -> list[Finding]:
    found = con.execute(
        "SELECT reason, count(*), arg_min(sentence, (file, row)) FROM quarantined"
        f" WHERE relation = {sql_text(table.name)} GROUP BY reason ORDER BY count(*) DESC, reason"
    ).fetchall()
    return [Finding(reason=reason, rows=rows, example=example) for reason, rows, example in found]


def _repaired(con: duckdb.DuckDBPyConnection, table: Table, names: Names) -> list[Finding]:
    """Repairs in rows that are taken, summed over the columns; the first place of each as the example."""
    fit = (
        f"judged_{table.name} j ANTI JOIN (SELECT * FROM aside_{table.name} WHERE state = 'problem') a"
        " ON a.file = j.file AND a.row = j.row WHERE j.problem IS NULL AND j.mask <> 0"
    )
    masks = con.execute(
        f"SELECT mask, count(*), min(j.file || ' row ' || j.row) FROM {fit} GROUP BY mask ORDER BY 3"
    ).fetchall()
    counts: dict[str, int] = {}
    examples: dict[str, str] = {}
    for mask, rows, place in masks:
        for bit, repair in enumerate(repairs_of(table)):
            if mask >> bit & 1:
                counts[repair.reason] = counts.get(repair.reason, 0) + rows
                field = names.get((table.name, repair.field), repair.field)
                examples.setdefault(repair.reason, f"{place}, {field}: {REPAIRS[repair.reason]}.")
    copies = con.execute(
        f"SELECT count(*), min(file || ' row ' || row) FROM aside_{table.name} WHERE state = 'identical_row'"
    ).fetchone()
    if copies and copies[0]:
        counts["identical_row"] = copies[0]
        examples["identical_row"] = f"{copies[1]}: {REPAIRS['identical_row']}."
    return [Finding(reason=reason, rows=rows, example=examples[reason]) for reason, rows in counts.items()]


_NOTES = {
    "after_obs_to": "the event lies after the subject's obs_to. It is kept, and is no label for a model.",
    "unknown_target": "the row corrects or annuls an event that is not known yet. It is kept for when that comes.",
    "subject_updated": "the subject was known with other content. This newer row replaced it.",
}


def _noted(con: duckdb.DuckDBPyConnection, table: Table) -> list[Finding]:
    if table.name == EVENTS.name:
        taken = "judged_events j ANTI JOIN aside_events a ON a.file = j.file AND a.row = j.row WHERE j.problem IS NULL"
        unknown = (
            f"{taken} AND coalesce(j.corrects, j.annuls) IS NOT NULL AND coalesce(j.corrects, j.annuls) NOT IN"
            " (SELECT event_id FROM accepted_events UNION ALL SELECT event_id FROM lake_events)"
        )
        queries = {"after_obs_to": f"{taken} AND j.late", "unknown_target": unknown}
    elif table.name == "subjects":
        queries = {
            "subject_updated": "judged_subjects j ANTI JOIN aside_subjects a ON a.file = j.file AND a.row = j.row"
            " WHERE j.problem IS NULL AND j.subject_id IN (SELECT subject_id FROM lake_subjects)"
        }
    else:
        return []
    found = []
    for reason, source in queries.items():
        row = con.execute(
            f"SELECT count(*), arg_min(j.file || ' row ' || j.row, (j.file, j.row)) FROM {source}"
        ).fetchone()
        if row and row[0]:
            found.append(Finding(reason=reason, rows=row[0], example=f"{row[1]}: {_NOTES[reason]}"))
    return found
