"""From the text of a cell to a typed value, as SQL, with the repairs that are safe to make.

A repair is made only where one reading is possible: spaces around a value, a timestamp where a day is wanted,
YYYYMMDD or YYYY/MM/DD. A day like 03/04/2020 has two readings and is never guessed. Years outside 1800 to 2199
are typing errors, not life events. Macros exist once per connection: `define_macros` first.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from lifeevents.registers.contract import Column

_YEAR = r"(?:1[89]|2[01])\d\d"
_DAY = rf"{_YEAR}-\d\d-\d\d"
_TIME = r"[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?"
_OFFSET = r" ?(?:Z|[+-]\d\d(?::?\d\d)?)"
_MOMENT = rf"{_DAY}{_TIME}(?:{_OFFSET})?"
_FAR = "9999-12-31.*"

REPAIRS = {
    "whitespace": "spaces around a value were removed",
    "date_from_timestamp": "a timestamp was given for a day; its day was used",
    "date_format": "YYYYMMDD or YYYY/MM/DD was read as YYYY-MM-DD",
    "open_end": "9999-12-31 as an end was read as no end",
    "timestamp_from_date": "a day was given for a moment; 00:00 UTC of that day was used",
    "timestamp_offset": "a moment with an offset was turned into UTC",
    "value_spelling": "the value was written in its type's one spelling (true, false, 3, 2020-01-31)",
    "identical_row": "a row that was there already, letter by letter, was dropped",
}
"""Every repair the gate makes, in words."""

_MACROS = rf"""
CREATE OR REPLACE TEMP MACRO cell(raw) AS CASE
    WHEN raw[1] BETWEEN '!' AND '~' AND raw[-1] BETWEEN '!' AND '~' THEN raw
    ELSE nullif(trim(raw, ' ' || chr(9) || chr(10) || chr(13) || chr(160) || chr(65279)), '') END;
CREATE OR REPLACE TEMP MACRO as_day(t) AS CASE
    WHEN regexp_full_match(t, '{_DAY}') THEN try_cast(t AS DATE)
    WHEN regexp_full_match(t, '{_MOMENT}') THEN try_cast(left(t, 10) AS DATE)
    WHEN regexp_full_match(t, '{_YEAR}/\d\d/\d\d') THEN try_cast(replace(t, '/', '-') AS DATE)
    WHEN regexp_full_match(t, '{_YEAR}\d\d\d\d') THEN try_strptime(t, '%Y%m%d')::DATE END;
CREATE OR REPLACE TEMP MACRO as_moment(t) AS CASE
    WHEN regexp_full_match(t, '{_DAY}{_TIME} ?Z?') THEN try_cast(rtrim(t, ' Z') AS TIMESTAMP)
    WHEN regexp_full_match(t, '{_MOMENT}') THEN try_cast(t AS TIMESTAMPTZ) AT TIME ZONE 'UTC'
    WHEN regexp_full_match(t, '{_DAY}') THEN try_cast(t AS TIMESTAMP) END;
CREATE OR REPLACE TEMP MACRO as_value(t, kind) AS CASE kind
    WHEN 'flag' THEN CASE WHEN lower(t) IN ('true', 't', 'yes', '1', '1.0') THEN 'true'
                          WHEN lower(t) IN ('false', 'f', 'no', '0', '0.0') THEN 'false' END
    WHEN 'integer' THEN CASE WHEN regexp_full_match(t, '[+-]?\d{{1,18}}(?:\.0*)?')
                             THEN try_cast(split_part(t, '.', 1) AS BIGINT)::VARCHAR END
    WHEN 'number' THEN CASE WHEN isfinite(try_cast(t AS DOUBLE)) THEN t END
    WHEN 'date' THEN as_day(t)::VARCHAR
    ELSE t END;
CREATE OR REPLACE TEMP MACRO earliest(d, exactness) AS CASE exactness
    WHEN 'month' THEN date_trunc('month', d)::DATE WHEN 'year' THEN date_trunc('year', d)::DATE
    WHEN 'wave' THEN (d - INTERVAL 1 YEAR)::DATE ELSE d END;
CREATE OR REPLACE TEMP MACRO latest(d, exactness) AS CASE exactness
    WHEN 'month' THEN last_day(d) WHEN 'year' THEN (date_trunc('year', d) + INTERVAL 1 YEAR - INTERVAL 1 DAY)::DATE
    WHEN 'wave' THEN (d + INTERVAL 1 YEAR)::DATE ELSE d END;
"""


@dataclass(frozen=True)
class Repair:
    """A repair of one column: reason code, and the SQL that says whether a raw cell needs it."""

    reason: str
    field: str
    condition: str


def define_macros(con: duckdb.DuckDBPyConnection) -> None:
    """The cell macros and the UTC session they rely on.

    cell(raw): the text without spaces around it, NULL when empty. as_day, as_moment, as_value(text, type): the typed
    value (a value in its one spelling), NULL when it has none. earliest, latest(day, precision): the span that an
    imprecise day stands for; a wave (a survey round) stands for the year before and after.
    """
    con.execute("SET TimeZone = 'UTC'")
    con.execute(_MACROS)


def sql_text(text: str) -> str:
    """An SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def typed(column: Column) -> str:
    """SQL: the trimmed cell of a column as the column's type, its default where it is empty."""
    if column.type == "day":
        return f"as_day({column.name})"
    if column.type == "moment":
        return f"as_moment({column.name})"
    return f"coalesce({column.name}, {sql_text(column.default)})" if column.default else column.name


def unreadable(column: Column) -> str | None:
    """SQL: is there text in the trimmed cell that is no value of the column's type? None when all text is."""
    open_end = f" AND NOT regexp_full_match({column.name}, '{_FAR}')" if column.open_end else ""
    if column.type in ("day", "moment"):
        return f"{column.name} IS NOT NULL AND {typed(column)} IS NULL{open_end}"
    return None


def repairs(column: Column) -> Iterator[Repair]:
    """The repairs that a raw cell of the column may need."""
    raw, text = f"raw.{column.name}", f"cell(raw.{column.name})"
    yield Repair("whitespace", column.name, f"{raw} <> coalesce({text}, '')")
    if column.type == "day":
        yield Repair("date_from_timestamp", column.name, f"regexp_full_match({text}, '{_MOMENT}')")
        loose = rf"{_YEAR}/\d\d/\d\d|{_YEAR}\d\d\d\d"
        yield Repair("date_format", column.name, f"regexp_full_match({text}, '{loose}')")
    if column.open_end:
        yield Repair("open_end", column.name, f"regexp_full_match({text}, '{_FAR}')")
    if column.type == "moment":
        yield Repair("timestamp_from_date", column.name, f"regexp_full_match({text}, '{_DAY}')")
        is_moment = f"regexp_full_match({text}, '{_MOMENT}')"
        has_offset = f"regexp_full_match({text}, '.*:.*[+-].*')"
        no_shift = f"regexp_full_match({text}, '.*[+-]00(?::?00)?')"
        yield Repair("timestamp_offset", column.name, f"{is_moment} AND {has_offset} AND NOT {no_shift}")
