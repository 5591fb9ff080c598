# ruff: noqa: S608 - this file writes SQL; every name and literal in it goes through features.sql
"""For every event type: whether, how often, and how long ago. An event counts once it has happened and is known."""

from collections.abc import Iterable

from features.feature import Group, Item, Sql
from features.known import LIVE
from features.sql import add_months, literal, months_between, quoted
from lifeevents.domain.pack import Vocabulary


def _relation(vocabulary: Vocabulary) -> Sql:
    year_ago, three_years_ago = add_months("s.as_of", -12), add_months("s.as_of", -36)
    denied = ", ".join(["''", *(literal(name) for name, event in vocabulary.events.items() if not event.detectors)])
    return f"""
        FROM features_spine s JOIN features_delivered d USING (as_of) LEFT JOIN (
            SELECT s.row, k.event, k.event NOT IN ({denied}) AS counts, count(*) AS n, max(k.occurred_on) AS last_on,
                   count(*) FILTER (WHERE k.occurred_on > {year_ago}) AS n_12m,
                   count(*) FILTER (WHERE k.occurred_on > {three_years_ago}) AS n_36m
            FROM features_spine s JOIN features_known_events k USING (subject_id)
            WHERE {LIVE} AND k.occurred_on <= s.as_of GROUP BY s.row, k.event
        ) e ON e.row = s.row GROUP BY s.row, s.as_of"""


def _items(vocabulary: Vocabulary) -> Iterable[Item]:
    for name, event in vocabulary.events.items():
        yield Item(name, register=vocabulary.registers.get(name), subject=event.subject, detectors=event.detectors)


events = Group("events", "What happened to the subject, by event type", _relation, _items)


def _once_delivered(item: Item, sql: Sql) -> Sql:
    """`sql` from the day the item's register first delivered; unknown before."""
    return f"CASE WHEN any_value(d.{quoted(item.register)}) THEN {sql} END" if item.register else sql


def _of(item: Item, column: str) -> Sql:
    return f"max(e.{column}) FILTER (WHERE e.event = {literal(item.name)})"


@events.each("has_{}", "flag")
def has(event: Item) -> Sql:
    """Has {} ever happened, as far as is known?"""
    return _once_delivered(event, f"{_of(event, 'n')} IS NOT NULL")


@events.each("count_{}", "integer", unit="events")
def count(event: Item) -> Sql:
    """How many times {} has happened."""
    return _once_delivered(event, f"coalesce({_of(event, 'n')}, 0)")


@events.each("count_{}_12m", "integer", unit="events")
def count_12m(event: Item) -> Sql:
    """How many times {} has happened in the last 12 months."""
    return _once_delivered(event, f"coalesce({_of(event, 'n_12m')}, 0)")


@events.each("months_since_{}", "integer", unit="months")
def months_since(event: Item) -> Sql:
    """Completed months since {} last happened; unknown if it never did."""
    return months_between(_of(event, "last_on"), "s.as_of")


@events.each("last_{}_on", "date")
def last_on(event: Item) -> Sql:
    """The day on which {} last happened."""
    return _of(event, "last_on")


@events.feature("integer", unit="events")
def events_12m() -> Sql:
    """Events of any type in the last 12 months, but for those on the deny-list."""
    return "coalesce(sum(e.n_12m) FILTER (WHERE e.counts), 0)"


@events.feature("integer", unit="events")
def events_36m() -> Sql:
    """Events of any type in the last 36 months, but for those on the deny-list."""
    return "coalesce(sum(e.n_36m) FILTER (WHERE e.counts), 0)"


@events.feature("integer", unit="months")
def months_since_any_event() -> Sql:
    """Completed months since anything last happened, but for what is on the deny-list; unknown if nothing ever did."""
    return months_between("max(e.last_on) FILTER (WHERE e.counts)", "s.as_of")
