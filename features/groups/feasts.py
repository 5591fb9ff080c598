# ruff: noqa: S608 - this file writes SQL; every name and literal in it goes through features.sql
"""How far the feasts of the pack's calendar are from the day: the same for everyone, for rules to name.

Models read the feast's distance of each month ahead instead (`models.ahead`): on the day itself it would tell them
which day it is.
"""

from collections.abc import Iterable
from datetime import date

from features.feature import Group, Item, Sql
from features.sql import quoted
from lifeevents.domain.pack import Vocabulary


def _relation(vocabulary: Vocabulary) -> Sql:
    ahead = "".join(
        f", (SELECT min(day) FROM (VALUES {_days(days)}) feast(day) WHERE day >= date_trunc('month', a.as_of))"
        f" AS {quoted(name)}"
        for name, days in vocabulary.feasts.items()
        if days
    )
    asked = f"SELECT a.as_of{ahead} FROM (SELECT DISTINCT as_of FROM features_spine) a"
    return f"FROM features_spine s JOIN ({asked}) f ON f.as_of = s.as_of"


def _days(days: tuple[date, ...]) -> Sql:
    return ", ".join(f"(DATE '{day}')" for day in days)


def _items(vocabulary: Vocabulary) -> Iterable[Item]:
    return (Item(name) for name, days in vocabulary.feasts.items() if days)


feasts = Group("feasts", "The feasts by which people live", _relation, _items)


@feasts.each("months_to_{}", "integer", unit="months")
def months_to(feast: Item) -> Sql:
    """Months from the one the day lies in to that of the next {}; 0 in the month of it, unknown past the calendar."""
    day = f"f.{quoted(feast.name)}"
    return f"(year({day}) - year(s.as_of)) * 12 + month({day}) - month(s.as_of)"
