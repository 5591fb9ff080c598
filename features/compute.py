# ruff: noqa: S608 - this file writes SQL; every name and literal in it goes through features.sql
"""One set-based computation over any spine: training rows, the nightly snapshot, one person now."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow as pa

from features.catalogue import GROUPS, features
from features.feature import Feature
from features.groups import law
from features.known import Relatives, prepared
from features.sql import quoted
from lifeevents.domain.pack import Vocabulary
from lifeevents.domain.register import ValueType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_DUCKDB: dict[ValueType, str] = {
    "flag": "BOOLEAN",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "date": "DATE",
    "category": "VARCHAR",
}


def compute(
    con: duckdb.DuckDBPyConnection,
    vocabulary: Vocabulary,
    spine: pa.Table,
    *,
    kin: Relatives | None = None,
    names: Collection[str] | None = None,
) -> pa.Table:
    """Every feature of every spine row (subject_id, as_of), in the spine's order: rows in = rows out.

    Reads the lake's views in `con`. `kin` brings relatives from buckets not attached; without it they are
    looked for in `con` itself. `names`: no other features than these, which costs less; a date in law reads other
    features, so with one among them all are computed.
    """
    catalogue = features(vocabulary)
    every = names is None or any(catalogue[name].group == law.NAME for name in names)
    wanted = [feature for feature in catalogue.values() if every or feature.name in (names or ())]
    groups = [group for group in GROUPS if every or any(feature.group == group.name for feature in wanted)]
    with prepared(con, vocabulary, spine, kin):
        try:
            for group in groups:
                mine = _columns(f for f in wanted if f.group == group.name)
                con.execute(
                    f"CREATE OR REPLACE TEMP TABLE features_of_{group.name} AS "
                    f"SELECT s.row, {mine} {group.relation(vocabulary)}"
                )
            joins = " ".join(f"JOIN features_of_{group.name} USING (row)" for group in groups)
            dates = _columns(f for f in wanted if f.group == law.NAME)
            return con.sql(
                f"SELECT * EXCLUDE (row) FROM (SELECT *{', ' + dates if dates else ''} "
                f"FROM features_spine {joins}) ORDER BY row"
            ).to_arrow_table()
        finally:
            for group in groups:
                con.execute(f"DROP TABLE IF EXISTS features_of_{group.name}")


def _columns(wanted: "Iterable[Feature]") -> str:
    return ", ".join(f"CAST({f.sql} AS {_DUCKDB[f.type]}) AS {quoted(f.name)}" for f in wanted)


def law_dates(vocabulary: Vocabulary, facts: "Mapping[str, Any]", as_of: date) -> dict[str, date | None]:
    """The law dates of one imagined subject: what the pack's cases are checked with.

    `facts` are features by name; one that is missing is unknown.
    """
    catalogue = features(vocabulary)
    given = [f for f in catalogue.values() if f.group != law.NAME]
    rules = [f for f in catalogue.values() if f.group == law.NAME]
    if not rules:
        return {}
    columns = ", ".join(f"CAST(? AS {_DUCKDB[f.type]}) AS {quoted(f.name)}" for f in given)
    with duckdb.connect() as con:
        row = con.execute(
            f"SELECT {_columns(rules)} FROM (SELECT CAST(? AS DATE) AS as_of, {columns})",
            [as_of, *(facts.get(f.name) for f in given)],
        ).fetchone()
    return dict(zip((f.name for f in rules), row or (), strict=True))
