"""Who may play in a story: people of the simulated population for whom its rule holds and who were told nothing yet."""

from collections.abc import Mapping
from itertools import islice

import duckdb

from lifeevents.domain.pack import Pack
from lifeevents.domain.register import ValueType
from lifeevents.engine.conditions import Condition
from lifeevents.ports import Ledger, Snapshot

CAST = "cast"
"""The report that holds the cast: {story: [subject]}."""
ENOUGH = 24
"""So many may play in each story, once each: a demonstration is shown many times before it is made anew."""


def cast(
    ledger: Ledger,
    pack: Pack,
    snapshot: Snapshot,
    known: Mapping[str, ValueType],
    before: Mapping[str, list[str]] | None = None,
) -> dict[str, list[str]]:
    """Up to twelve people per story, those cast `before` and more out of a snapshot; nobody plays in two."""
    found = {id: list((before or {}).get(id, ())) for id in pack.stories}
    taken = {person for people in found.values() for person in people}
    with duckdb.connect() as con, ledger.begin() as unit:
        con.register("rows", snapshot.rows)
        for script in pack.stories.values():
            rule = Condition.parse(script.cast, known)
            query = f"SELECT subject_id FROM rows WHERE alive AND kind = 'person' AND ({rule.sql()}) IS TRUE ORDER BY 1"  # noqa: S608 - the rule language wrote it
            able = [subject for (subject,) in con.execute(query).fetchall() if subject not in taken]
            free = (one for one in able if not unit.occasions_of(one) and not unit.inbox(one))
            found[script.id] += islice(free, ENOUGH - len(found[script.id]))
            taken.update(found[script.id])
    return found
