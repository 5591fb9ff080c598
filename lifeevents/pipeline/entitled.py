# ruff: noqa: S608 - this file writes SQL; its names are quoted and its values come from rules that were parsed
"""How many of a population may have each procedure: every rule asked of everyone, in one pass."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby

import duckdb
import pyarrow as pa

from lifeevents.domain.frozen import Frozen
from lifeevents.domain.occasion import Verdict
from lifeevents.engine.eligibility import OfferRule


class Entitled(Frozen):
    """A procedure, and how many subjects of its kind its rule answers with yes, with ask and with no."""

    procedure: str
    yes: int
    ask: int
    no: int


def entitled(rules: Sequence[OfferRule], rows: pa.Table, *, threads: int | None = None) -> tuple[Entitled, ...]:
    """Every rule over the living rows of `rows` that are of its procedure's kind of subject.

    Columns are named as features; one that is missing is unknown. The answers are those that `OfferRule.ask` gives
    each subject by itself. A rule that reads `kind` decides for itself whom it concerns.
    """
    found: dict[str, Entitled] = {}
    with _asking(rows, threads) as con:
        for subjects, asked in groupby(sorted(rules, key=_subjects), key=_subjects):
            some = list(asked)
            counts = ", ".join(f"count(*) FILTER ({a}), count(*) FILTER (NOT {a})" for a in map(_column, some))
            living = f"({_answers(some, rows)}) WHERE alive IS DISTINCT FROM false{subjects}"
            total, *pairs = con.execute(f"SELECT count(*), {counts} FROM {living}").fetchone() or ()
            for rule, yes, no in zip(some, pairs[::2], pairs[1::2], strict=True):
                found[rule.procedure.id] = Entitled(procedure=rule.procedure.id, yes=yes, ask=total - yes - no, no=no)
    return tuple(found[rule.procedure.id] for rule in rules)


def answers(rules: Sequence[OfferRule], rows: pa.Table) -> Mapping[str, list[Verdict]]:
    """Procedure -> the answer for each row, in the rows' order."""
    said: dict[bool | None, Verdict] = {True: "yes", False: "no", None: "ask"}
    with _asking(rows, None) as con:
        found = con.sql(_answers(rules, rows)).to_arrow_table()
    return {rule.procedure.id: [said[one] for one in found[rule.procedure.id].to_pylist()] for rule in rules}


@contextmanager
def _asking(rows: pa.Table, threads: int | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A database of its own that sees the rows as `given`."""
    with duckdb.connect(config={"threads": threads} if threads else {}) as con:
        con.execute("SET enable_progress_bar = false")
        con.register("given", rows)
        yield con


def _answers(rules: Sequence[OfferRule], rows: pa.Table) -> str:
    """Each rule's answer as a column named after its procedure, with the row's kind and whether it lives."""
    absent = sorted({"kind", "alive"}.union(*(rule.names for rule in rules)).difference(rows.column_names))
    facts = ", ".join(["*", *(f"NULL AS {_quoted(name)}" for name in absent)])
    asked = ", ".join(f"{rule.sql()} AS {_column(rule)}" for rule in rules)
    return f"SELECT kind, alive, {asked} FROM (SELECT {facts} FROM given)"


def _column(rule: OfferRule) -> str:
    return _quoted(rule.procedure.id)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _subjects(rule: OfferRule) -> str:
    """Which rows a rule is asked of, as the rest of a WHERE clause."""
    kind = rule.procedure.subject
    return "" if "kind" in rule.names else f" AND coalesce(kind, '{kind}') = '{kind}'"
