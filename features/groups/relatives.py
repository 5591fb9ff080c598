# ruff: noqa: S608 - this file writes SQL; every name and literal in it goes through features.sql
"""Facts of relatives, counted: only those that a register's `relatives` declares, and never whose they are.

A relative counts while the relation is in force and the relative is not known to have died. As everywhere, a row counts
from the day it was recorded until it is replaced.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from features.feature import Feature, Group, Sql
from features.known import IN_FORCE, live
from features.sql import literal, minus, quoted
from lifeevents.domain.calendar import Period
from lifeevents.domain.pack import Vocabulary
from lifeevents.domain.register import RelativeFact

_TOLD = f"""
    SELECT s.row, s.as_of, s.relation, s.related_id, e.event, e.occurred_on
    FROM (
        SELECT DISTINCT s.row, s.as_of, k.relation, k.related_id
        FROM features_spine s JOIN features_known_relations k USING (subject_id)
        WHERE {IN_FORCE}
    ) s JOIN features_relative_events e ON e.subject_id = s.related_id
    WHERE {live("e")} AND e.occurred_on <= s.as_of AND NOT EXISTS (
        SELECT 1 FROM features_relative_deaths dead WHERE dead.subject_id = s.related_id AND {live("dead")})
"""
"""What is known of each living relative, once however often the relation is on record."""


def _relation(vocabulary: Vocabulary) -> Sql:
    holds = " UNION ALL ".join(_holds(name, fact) for name, fact in vocabulary.relatives.items())
    nobody = "SELECT NULL AS row, NULL AS relation, NULL AS related_id, NULL AS fact WHERE false"
    return f"""
        FROM features_spine s JOIN features_delivered d USING (as_of)
        LEFT JOIN (WITH told AS MATERIALIZED ({_TOLD}) {holds or nobody}) r ON r.row = s.row GROUP BY s.row, s.as_of"""


def _holds(name: str, fact: RelativeFact) -> Sql:
    """The relatives of whom a fact is so: row, relation, related_id."""
    since = "" if fact.within is None else f" AND occurred_on > {minus('as_of', Period.parse(fact.within))}"
    begun = f"count(*) FILTER (WHERE event = {literal(fact.event)}{since})"
    ended = f"count(*) FILTER (WHERE event = {literal(fact.ended_by)})" if fact.ended_by else "0"
    return f"""
        SELECT row, relation, related_id, {literal(name)} AS fact FROM told
        WHERE relation IN ({", ".join(map(literal, fact.of))}) GROUP BY ALL HAVING {begun} > {ended}"""


@dataclass(frozen=True)
class Counted:
    """A declared fact and the relations through which it is counted: one feature."""

    name: str
    what: str
    fact: RelativeFact
    through: tuple[str, ...]

    @property
    def meaning(self) -> str:
        """The fact's English title, and through which relation."""
        title = self.fact.title.get("en", self.what)
        return f"{title}: how many." if self.through == self.fact.of else f"{title}: the {self.through[0]}."


def counted(vocabulary: Vocabulary) -> Iterable[Counted]:
    """For each fact how many relatives it is so of, and, where it names several relations, how many of each."""
    for what, fact in vocabulary.relatives.items():
        yield Counted(f"count_relatives_who_{what}", what, fact, fact.of)
        for relation in fact.of if len(fact.of) > 1 else ():
            yield Counted(f"count_{relation}_who_{what}", what, fact, (relation,))


def made_from(vocabulary: Vocabulary) -> Mapping[str, frozenset[str]]:
    """Feature -> the events that begin and end its fact, and the relations through which it is seen."""
    return {
        one.name: frozenset({one.fact.event, *((one.fact.ended_by,) if one.fact.ended_by else ()), *one.through})
        for one in counted(vocabulary)
    }


@dataclass
class Relatives(Group):
    """The group whose features count declared facts through relations."""

    def features(self, vocabulary: Vocabulary) -> tuple[Feature, ...]:
        """One integer per `counted`; unknown until the registers of the event and of every relation have delivered."""
        return tuple(self._count(one, vocabulary.registers) for one in counted(vocabulary))

    def _count(self, one: Counted, registers: Mapping[str, str]) -> Feature:
        through = ", ".join(map(literal, one.through))
        who = f"count(DISTINCT r.related_id) FILTER (WHERE r.fact = {literal(one.what)} AND r.relation IN ({through}))"
        needed = sorted({registers[name] for name in (one.fact.event, *one.through) if name in registers})
        known = " AND ".join(f"any_value(d.{quoted(register)})" for register in needed) or "true"
        return Feature(
            name=one.name,
            type="integer",
            group=self.name,
            sql=f"CASE WHEN {known} THEN {who} END",
            meaning=one.meaning,
            unit="relatives",
            register=registers.get(one.fact.event),
            of=one.fact.event,
        )


relatives = Relatives("relatives", "What is so of the subject's relatives", _relation)
