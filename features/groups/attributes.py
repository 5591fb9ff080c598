# ruff: noqa: S608 - this file writes SQL; every name and literal in it goes through features.sql
"""For every attribute: its value in force, since when, and for numbers the change in a year."""

from collections.abc import Iterable

from features.feature import Group, Item, Sql
from features.known import LIVE
from features.sql import add_months, literal, months_between, quoted
from lifeevents.domain.pack import Vocabulary
from lifeevents.domain.register import ValueType

_DUCKDB: dict[ValueType, str] = {
    "flag": "BOOLEAN",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "date": "DATE",
    "category": "VARCHAR",
}


def _relation(vocabulary: Vocabulary) -> Sql:
    year_ago = add_months("s.as_of", -12)
    then = f"k.valid_from <= {year_ago} AND (k.valid_to IS NULL OR k.valid_to > {year_ago})"
    return f"""
        FROM features_spine s JOIN features_delivered d USING (as_of) LEFT JOIN (
            SELECT s.row, k.name,
                   arg_max(k.value, k.valid_from) FILTER (WHERE k.valid_to IS NULL OR k.valid_to > s.as_of) AS value,
                   max(k.valid_from) FILTER (WHERE k.valid_to IS NULL OR k.valid_to > s.as_of) AS since,
                   arg_max(k.value, k.valid_from) FILTER (WHERE {then}) AS year_ago
            FROM features_spine s JOIN features_known_attributes k USING (subject_id)
            WHERE {LIVE} AND k.valid_from <= s.as_of GROUP BY s.row, k.name
        ) a ON a.row = s.row GROUP BY s.row, s.as_of"""


def _items(vocabulary: Vocabulary) -> Iterable[Item]:
    for name, given in vocabulary.attributes.items():
        register = vocabulary.registers.get(name)
        yield Item(name, given.type, register, given.subject, given.detectors, given.unit)


attributes = Group("attributes", "What the registers keep current about the subject", _relation, _items)


def _of(item: Item, column: str) -> Sql:
    found = f"max(a.{column}) FILTER (WHERE a.name = {literal(item.name)})"
    return found if column == "since" else f"TRY_CAST({found} AS {_DUCKDB[item.type]})"


@attributes.each("{}")
def value(attribute: Item) -> Sql:
    """The value of {} in force; a flag is false until a value says otherwise, once its register delivers."""
    if attribute.type != "flag" or attribute.register is None:
        return _of(attribute, "value")
    delivered = f"CASE WHEN any_value(d.{quoted(attribute.register)}) THEN false END"
    return f"coalesce({_of(attribute, 'value')}, {delivered})"


@attributes.each("{}_change_12m", only=("integer", "number"))
def change_12m(attribute: Item) -> Sql:
    """The value of {} in force minus the one in force 12 months before."""
    return f"{_of(attribute, 'value')} - {_of(attribute, 'year_ago')}"


@attributes.each("months_of_{}", "integer", unit="months")
def months_of(attribute: Item) -> Sql:
    """Completed months since the value of {} in force began."""
    return months_between(_of(attribute, "since"), "s.as_of")


@attributes.each("{}_since", "date")
def since(attribute: Item) -> Sql:
    """The day from which the value of {} in force holds."""
    return _of(attribute, "since")
