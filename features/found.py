"""The vocabulary of a dump that comes without a pack: event, attribute and relation types as they are found."""

import duckdb

from features.catalogue import GROUPS
from features.groups.attributes import attributes
from features.groups.events import events
from features.groups.kin import kin
from lifeevents.domain.pack import Vocabulary
from lifeevents.domain.register import AttributeType, EventType, ValueType

_TYPES = """
SELECT name, count(*) AS n, count(TRY_CAST(value AS DOUBLE)) AS numbers,
       count(*) FILTER (WHERE TRY_CAST(value AS DOUBLE) = floor(TRY_CAST(value AS DOUBLE))) AS whole,
       any_value(register) AS register
FROM attributes WHERE value IS NOT NULL AND value <> '' GROUP BY name ORDER BY name
"""


def vocabulary_of(con: duckdb.DuckDBPyConnection) -> Vocabulary:
    """What the lake attached in `con` speaks of.

    An attribute is a number (or an integer) when every value is one, else a category. An event named `death`
    means what it says. A type is left out when a feature of it would be named like another one: an attribute `sex`,
    which the subjects table already says, or a relation named like an event.
    """
    told = con.execute("SELECT event, any_value(register) FROM events GROUP BY event ORDER BY event").fetchall()
    related = con.execute(
        "SELECT relation, any_value(register) FROM relations GROUP BY relation ORDER BY relation"
    ).fetchall()
    kept = con.execute(_TYPES).fetchall()
    found = Vocabulary(
        events={name: EventType(title={"en": name}, means="death" if name == "death" else None) for name, _ in told},
        attributes={
            name: AttributeType(title={"en": name}, type=_type(n, numbers, whole))
            for name, n, numbers, whole, _ in kept
        },
        relations=tuple(name for name, _ in related),
        registers={name: register for name, *_, register in (*related, *kept, *told)},
    )
    return _told_apart(found)


def _told_apart(found: Vocabulary) -> Vocabulary:
    """The vocabulary without the types of which a feature would bear the name of another one's (in SQL, Move is move).

    The subject's own features come first, then those of events, attributes and relations.
    """
    taken = {feature.name.lower() for group in GROUPS for feature in group.features(_NOTHING)}
    kept: dict[str, set[str]] = {}
    for group in (events, attributes, kin):
        by_type: dict[str, set[str]] = {}
        for feature in group.features(found):
            if feature.of is not None:
                by_type.setdefault(feature.of, set()).add(feature.name.lower())
        kept[group.name] = set()
        for name, names in by_type.items():
            if not names & taken:
                kept[group.name].add(name)
                taken |= names
    return found.model_copy(
        update={
            "events": {name: one for name, one in found.events.items() if name in kept["events"]},
            "attributes": {name: one for name, one in found.attributes.items() if name in kept["attributes"]},
            "relations": tuple(name for name in found.relations if name in kept["kin"]),
        }
    )


_NOTHING = Vocabulary(events={}, attributes={}, relations=(), registers={})


def _type(n: int, numbers: int, whole: int) -> ValueType:
    if numbers < n:
        return "category"
    return "integer" if whole == n else "number"
