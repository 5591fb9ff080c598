# ruff: noqa: S608 - this file writes SQL; every name and literal in it goes through features.sql
"""Relatives: how many, how old, and the children. A relative who is known to have died no longer has an age."""

from collections.abc import Iterable

from features.feature import Group, Item, Sql
from features.known import IN_FORCE, LIVE
from features.sql import literal, months_between, quoted
from lifeevents.domain.pack import Vocabulary

BIRTH, DEATH = "child_birth", "child_death"
"""The kin events that make and end a parent's child; each names the child in its payload's `kin`."""

_CHILDREN = f"""
    SELECT s.row, max(b.occurred_on) AS youngest_on,
           count(*) FILTER (WHERE {months_between("b.occurred_on", "s.as_of")} < 72) AS under_6
    FROM features_spine s JOIN (
        SELECT s.row, coalesce(k.kin, k.event_id) AS child, max(k.occurred_on) AS occurred_on
        FROM features_spine s JOIN features_known_events k USING (subject_id)
        WHERE k.event = '{BIRTH}' AND {LIVE} AND k.occurred_on <= s.as_of GROUP BY ALL
    ) b ON b.row = s.row
    WHERE NOT EXISTS (
        SELECT 1 FROM features_known_events k
        WHERE k.subject_id = s.subject_id AND k.event = '{DEATH}' AND k.kin = b.child AND {LIVE})
    GROUP BY s.row
"""

_LIVING = f"""
    SELECT s.row, k.relation, k.related_id, bool_or(dead.subject_id IS NOT NULL) AS dead,
           any_value(CASE WHEN p.born_on <= s.as_of
                     THEN {months_between("p.born_on", "s.as_of")} // 12 END) AS age
    FROM features_spine s JOIN features_known_relations k USING (subject_id)
    LEFT JOIN features_relatives p ON p.subject_id = k.related_id
    LEFT JOIN features_relative_deaths dead ON dead.subject_id = k.related_id
         AND dead.known_on <= s.as_of AND (dead.void_on IS NULL OR dead.void_on > s.as_of)
    WHERE {IN_FORCE} GROUP BY s.row, k.relation, k.related_id
"""


def _relation(vocabulary: Vocabulary) -> Sql:
    return f"""
        FROM features_spine s JOIN features_delivered d USING (as_of)
        LEFT JOIN ({_CHILDREN}) c ON c.row = s.row
        LEFT JOIN ({_LIVING}) r ON r.row = s.row GROUP BY s.row, s.as_of"""


def _items(vocabulary: Vocabulary) -> Iterable[Item]:
    for name in vocabulary.relations:
        allowed = name not in vocabulary.denied_relations
        yield Item(name, register=vocabulary.registers.get(name), detectors=allowed)


kin = Group("kin", "The subject's relatives", _relation, _items)


@kin.feature("integer", unit="children")
def children_under_6() -> Sql:
    """Living children (by their births, as far as known) who have not completed six years."""
    return "coalesce(any_value(c.under_6), 0)"


@kin.feature("integer", unit="months")
def youngest_child_months() -> Sql:
    """Completed months since the youngest living child was born; unknown without one."""
    return months_between("any_value(c.youngest_on)", "s.as_of")


@kin.each("count_{}", "integer", unit="relatives")
def count(relation: Item) -> Sql:
    """How many relatives the subject has who are now its {}."""
    found = f"count(DISTINCT r.related_id) FILTER (WHERE r.relation = {literal(relation.name)})"
    if relation.register is None:
        return found
    return f"CASE WHEN any_value(d.{quoted(relation.register)}) THEN {found} END"


@kin.each("oldest_{}_years", "integer", unit="years")
def oldest(relation: Item) -> Sql:
    """Age of the oldest living {}."""
    return f"max(r.age) FILTER (WHERE r.relation = {literal(relation.name)} AND NOT r.dead)"


@kin.each("youngest_{}_years", "integer", unit="years")
def youngest(relation: Item) -> Sql:
    """Age of the youngest living {}."""
    return f"min(r.age) FILTER (WHERE r.relation = {literal(relation.name)} AND NOT r.dead)"


@kin.feature("integer", unit="children")
def children_6_to_17() -> Sql:
    """Living children, by their relation to the subject, who have completed 6 and not yet 18 years."""
    return "count(DISTINCT r.related_id) FILTER (WHERE r.relation = 'child' AND NOT r.dead AND r.age BETWEEN 6 AND 17)"


@kin.feature("integer", unit="relatives")
def relatives_over_70() -> Sql:
    """Living relatives of any kind who have completed 70 years."""
    return "count(DISTINCT r.related_id) FILTER (WHERE NOT r.dead AND r.age >= 70)"


@kin.feature("integer", unit="years")
def oldest_relative_years() -> Sql:
    """Age of the oldest living relative of any kind."""
    return "max(r.age) FILTER (WHERE NOT r.dead)"
