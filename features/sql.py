"""DuckDB's spelling of names, literals and calendar arithmetic, equal to `lifeevents.domain.calendar`."""

from lifeevents.domain.calendar import Period


def quoted(name: str) -> str:
    """A column name that may hold any character."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A string literal."""
    return "'" + text.replace("'", "''") + "'"


def months_between(start: str, end: str) -> str:
    """Completed months from one date expression to another (negative when `end` is earlier).

    The last day of a month completes a month begun on a day that this month lacks.
    """
    months = f"(year({end}) - year({start})) * 12 + month({end}) - month({start})"
    return f"({months} - CASE WHEN day({end}) < day({start}) AND {end} <> last_day({end}) THEN 1 ELSE 0 END)"


def add_months(day: str, months: str | int) -> str:
    """The same day of the month later (DuckDB, too, clamps to that month's last day)."""
    return f"CAST({day} + to_months(CAST({months} AS INTEGER)) AS DATE)"


def plus(day: str, period: Period) -> str:
    """`day` + months, then + days."""
    return f"({add_months(day, period.months)} + {period.days})"


def minus(day: str, period: Period) -> str:
    """`day` - months, then - days."""
    return f"({add_months(day, -period.months)} - {period.days})"


def first_of_next_month(day: str) -> str:
    """The first day of the month after `day`'s."""
    return f"(last_day({day}) + 1)"


def in_year(day: str, month_and_day: str) -> str:
    """That day (`09-01`) of the calendar year in which `day` lies."""
    month, of_month = month_and_day.split("-")
    return f"make_date(year({day}), {int(month)}, {int(of_month)})"
