"""The vocabulary of a dump that comes without a pack: event, attribute and relation types as they are found."""

import duckdb

from features.catalogue import GROUPS
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
    means what it says. An attribute named like a feature of the person (`sex`,
    `kind`) is left out: the subjects table already says it.
    """
    events = con.execute("SELECT event, any_value(register) FROM events GROUP BY event ORDER BY event").fetchall()
    relations = con.execute(
        "SELECT relation, any_value(register) FROM relations GROUP BY relation ORDER BY relation"
    ).fetchall()
    own = {feature.name for group in GROUPS for feature in group.features(_NOTHING)}
    attributes = [row for row in con.execute(_TYPES).fetchall() if row[0] not in own]
    return Vocabulary(
        events={name: EventType(title={"en": name}, means="death" if name == "death" else None) for name, _ in events},
        attributes={
            name: AttributeType(title={"en": name}, type=_type(n, numbers, whole))
            for name, n, numbers, whole, _ in attributes
        },
        relations=tuple(name for name, _ in relations),
        registers={name: register for name, *_, register in (*relations, *attributes, *events)},
    )


_NOTHING = Vocabulary(events={}, attributes={}, relations=(), registers={})


def _type(n: int, numbers: int, whole: int) -> ValueType:
    if numbers < n:
        return "category"
    return "integer" if whole == n else "number"
