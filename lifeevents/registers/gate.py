"""The quality gate: accept, repair or quarantine every row, as DuckDB SQL made from the contract and the vocabulary.

For each relation the gate turns `raw_<relation>` (text) into `judged_<relation>`: the typed row, the repairs it needed
as a bit mask, and its first problem, or NULL. A bad cell costs its row, never the file; a bad row costs itself alone.

What is decided here and could be otherwise:
- A birth before which nothing may happen is judged with a day's slack and by both precisions: a year stands for all its
  days, a survey wave for the year around it. Attributes are held to the same rule and quarantined, not moved.
- Recorded before it happened is quarantined, with a day's slack (a register's local day can be a UTC day ahead).
- An event after `obs_to` is kept and noted; a correction or annulment of an unknown event too.
- The first delivery of an event_id wins; the same id with other content is quarantined. A subject's newer row wins.
"""

# ruff: noqa: S608 (SQL is made from the contract's own names; every text from outside passes sql_text)

import duckdb

from lifeevents.domain.errors import did_you_mean
from lifeevents.domain.pack import Vocabulary
from lifeevents.registers.cells import Repair, define_macros, repairs, sql_text, typed
from lifeevents.registers.checks import Check, checks
from lifeevents.registers.contract import ATTRIBUTES, EVENTS, RELATIONS, SUBJECTS, Table

PROBLEM = 'STRUCT(reason VARCHAR, field VARCHAR, "value" VARCHAR, sentence VARCHAR)'
"""SQL type of what is wrong with a row."""

NAMED = {EVENTS.name: "event", ATTRIBUTES.name: "name", RELATIONS.name: "relation"}
"""The column of a relation that holds a word of the pack."""

_KNOWN_COLUMNS = "subject_id AS known, kind, born_on, precision AS exactness, obs_to"


def open_gate(con: duckdb.DuckDBPyConnection) -> None:
    """Prepare a connection for `judge`."""
    define_macros(con)


def judge(con: duckdb.DuckDBPyConnection, table: Table, vocabulary: Vocabulary | None) -> None:
    """Judge the rows of `raw_<table>` one by one into `judged_<table>`.

    Columns: file, row, the typed columns of the contract, `mask` (bit i: the i-th of `repairs_of` was made), `problem`
    (STRUCT of reason, field, value and sentence; NULL when fit), `late` (after obs_to) and `content` (a digest of the
    typed row). Other relations than subjects are judged against the table `known_subjects`.
    """
    if vocabulary and table.name in NAMED:
        _name(con, table, vocabulary)
    texts = ", ".join(f"cell(raw.{name}) AS {name}" for name in table.names)
    mask = " + ".join(
        f"coalesce({r.condition}, false)::BIGINT * {1 << i}" for i, r in enumerate(repairs_of(table)[:-1])
    )
    spelling = 1 << (len(repairs_of(table)) - 1)
    values = ", ".join(f"{c.name} := {_typed(table, c.name, vocabulary)}" for c in table.columns)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE judged_{table.name} AS "
        f"WITH texts AS (SELECT raw.file, raw.row, {texts}, {mask} AS mask FROM raw_{table.name} AS raw),"
        f" cells AS (SELECT *, struct_pack({values}) AS v FROM texts)"
        f" SELECT file, row, {', '.join(f'v.{name} AS {name}' for name in table.names)},"
        f" mask + {_respelt(table)}::BIGINT * {spelling} AS mask,"
        f" {_problem(checks(table, vocabulary))} AS problem,"
        f" {_late(table)} AS late, {content_of(table, 'v.')} AS content"
        f" FROM cells {_joins(table, vocabulary)}"
    )


def repairs_of(table: Table) -> list[Repair]:
    """The repairs that a relation's cells may need, in the order of the mask's bits."""
    found = [repair for column in table.columns for repair in repairs(column)]
    return [*found, Repair("value_spelling", "value", "")]


def content_of(table: Table, prefix: str = "") -> str:
    """SQL: a 128-bit digest of a row's typed content, the same for equal rows wherever they lie."""
    cells = ", ".join(f"coalesce({prefix}{name}::VARCHAR, chr(1))" for name in table.names)
    return f"md5_number(concat_ws(chr(31), {cells}))"


def know_subjects(con: duckdb.DuckDBPyConnection) -> None:
    """`known_subjects`, which rows may be about: those accepted now, and those of the lake not sent again."""
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE known_subjects AS SELECT {_KNOWN_COLUMNS} FROM accepted_subjects UNION ALL"
        f" SELECT {_KNOWN_COLUMNS} FROM lake_subjects"
        " WHERE subject_id NOT IN (SELECT subject_id FROM accepted_subjects)"
    )


def _typed(table: Table, name: str, vocabulary: Vocabulary | None) -> str:
    column = next(column for column in table.columns if column.name == name)
    if table.name == ATTRIBUTES.name and name == "value" and vocabulary and vocabulary.attributes:
        kinds = " ".join(f"WHEN {sql_text(n)} THEN {sql_text(a.type)}" for n, a in vocabulary.attributes.items())
        return f"as_value(value, CASE name {kinds} END)"
    return typed(column)


def _respelt(table: Table) -> str:
    return "coalesce(value <> v.value, false)" if table.name == ATTRIBUTES.name else "false"


def _late(table: Table) -> str:
    return "coalesce(v.occurred_on > s.obs_to, false)" if table.name == EVENTS.name else "false"


def _joins(table: Table, vocabulary: Vocabulary | None) -> str:
    if table.name == SUBJECTS.name:
        return ""
    related = " LEFT JOIN known_subjects r ON r.known = cells.related_id" if table.name == RELATIONS.name else ""
    field = f"cells.{NAMED[table.name]}"
    words = f" LEFT JOIN names n ON n.known_name = {field} LEFT JOIN hints h ON h.word = {field}" if vocabulary else ""
    return f"LEFT JOIN known_subjects s ON s.known = cells.subject_id{related}{words}"


def _problem(found: list[Check]) -> str:
    cases = " ".join(
        f"WHEN {check.condition} THEN {{'reason': {sql_text(check.reason)}, 'field': {sql_text(check.field)},"
        f" 'value': {check.field}, 'sentence': {check.sentence}}}"
        for check in found
    )
    return f"(CASE {cases} END)::{PROBLEM}"


def _name(con: duckdb.DuckDBPyConnection, table: Table, vocabulary: Vocabulary) -> None:
    """The pack's words for this relation (`names`), and the nearest one for each word it lacks (`hints`)."""
    field = NAMED[table.name]
    words: list[tuple[str, str | None, str | None, str | None]]
    if table.name == RELATIONS.name:
        words = [(name, None, None, None) for name in vocabulary.relations]
    elif table.name == ATTRIBUTES.name:
        words = [(n, vocabulary.registers[n], a.subject, a.type) for n, a in vocabulary.attributes.items()]
    else:
        words = [(n, vocabulary.registers[n], e.subject, None) for n, e in vocabulary.events.items()]
    con.execute("CREATE OR REPLACE TEMP TABLE names (known_name VARCHAR, owner VARCHAR, of VARCHAR, type VARCHAR)")
    con.execute("CREATE OR REPLACE TEMP TABLE hints (word VARCHAR, hint VARCHAR)")
    if words:
        con.executemany("INSERT INTO names VALUES (?, ?, ?, ?)", words)
    found = con.execute(f"SELECT DISTINCT {field} FROM raw_{table.name} WHERE {field} IS NOT NULL LIMIT 1000")
    known = [word[0] for word in words]
    strange = {str(row[0]).strip() for row in found.fetchall()} - set(known)
    hints = [(word, hint) for word in sorted(strange) if (hint := did_you_mean(word, known))]
    if hints:
        con.executemany("INSERT INTO hints VALUES (?, ?)", hints)
