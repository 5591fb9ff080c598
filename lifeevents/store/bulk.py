"""Many rows in one statement, as one JSON parameter: tens of microseconds a row instead of hundreds."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import to_json
from sqlalchemy import JSON, Table, TableValuedAlias, Text, bindparam, cast, column, func, select
from sqlalchemy.dialects.postgresql import Insert, insert


def insert_many(table: Table, names: Sequence[str]) -> Insert:
    """INSERT of these columns, from the parameter `rows_of` makes; add ON CONFLICT and RETURNING as needed."""
    new = given(table, names)
    return insert(table).from_select(list(names), select(*(new.c[name] for name in names)))


def given(table: Table, names: Sequence[str]) -> TableValuedAlias:
    """The rows of the parameter, as a table `new` with these columns of `table`."""
    array = cast(bindparam("rows", type_=Text), JSON)
    columns = (column(name, table.c[name].type) for name in names)
    return func.json_to_recordset(array).table_valued(*columns, name="new").render_derived(with_types=True)


def rows_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """The parameter that `given` reads: dates, moments and pydantic values are written as JSON writes them."""
    return {"rows": to_json(rows).decode()}
