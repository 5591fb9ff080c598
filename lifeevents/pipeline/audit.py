"""Were the notices right? Each one told is held against the truth: the simulation's folder, which no feature reads.

A notice is right when everyone it is for or about lives on the day, and what it rests on is true: a registered
event happened on that day (to the subject, or to the relative whose birth or death it is), a due date was reckoned
from the true birth date, a date in a register (a card's last day) was still the last one in force when it was told.
What the truth cannot settle is not counted: a prediction before its horizon has passed, a due date on anything else.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import duckdb

from lifeevents.domain.occasion import Told
from lifeevents.domain.pack import Pack
from lifeevents.engine.law import rests_on_birth
from lifeevents.ports import Ledger


def audit_against_truth(ledger: Ledger, pack: Pack, truth: Path, *, as_of: date) -> dict[str, tuple[int, int]]:
    """Milestone -> (notices audited, notices found right), for all that was delivered by now (see `judge`)."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for one, right in judge(ledger, pack, truth, as_of=as_of):
        if right is not None:
            counts[one.milestone][0] += 1
            counts[one.milestone][1] += right
    return {milestone: (audited, right) for milestone, (audited, right) in counts.items()}


def judge(ledger: Ledger, pack: Pack, truth: Path, *, as_of: date | None = None) -> list[tuple[Told, bool | None]]:
    """Each notice delivered by now, and whether it was right as of a day, else as of its own; None: cannot be known.

    `truth` holds events.parquet (subject_id, event, occurred_on), subjects.parquet (subject_id, born_on, died_on) and
    attributes.parquet (subject_id, name, value, valid_from: the values that are dates), which is read only where a
    notice rests on one. Raises duckdb.IOException when they are missing.
    """
    with ledger.begin() as unit:
        told = unit.told()
    with duckdb.connect() as con:
        named = sorted({person for one in told for person in (one.subject_id, *one.about, one.kin) if person})
        con.execute("CREATE TEMP TABLE wanted AS SELECT unnest(CAST(? AS VARCHAR[])) AS subject_id", [named])
        people, happened = _people(con, truth), _happened(con, truth)
        registered = {m.due for m in pack.milestones.values() if m.due in pack.vocabulary.attributes}
        needed = any(pack.milestones[one.milestone].due in registered for one in told)
        held = _held(con, truth) if needed else {}
    days = [as_of or one.delivered_at.astimezone(pack.tz).date() for one in told]
    return [(one, _is_right(pack, one, people, happened, held, day)) for one, day in zip(told, days, strict=True)]


_People = Mapping[str, tuple[date | None, date | None]]
_Happened = frozenset[tuple[str, str, date]]
_Held = Mapping[tuple[str, str], list[tuple[date, date]]]
"""(subject, attribute) -> (valid from, value), in order of the first."""


def _people(con: duckdb.DuckDBPyConnection, truth: Path) -> _People:
    file = str(truth / "subjects.parquet")
    query = "SELECT subject_id, born_on, died_on FROM read_parquet(?) SEMI JOIN wanted USING (subject_id)"
    return {subject: (born, died) for subject, born, died in con.execute(query, [file]).fetchall()}


def _happened(con: duckdb.DuckDBPyConnection, truth: Path) -> _Happened:
    file = str(truth / "events.parquet")
    query = "SELECT subject_id, event, occurred_on FROM read_parquet(?) SEMI JOIN wanted USING (subject_id)"
    return frozenset((subject, event, day) for subject, event, day in con.execute(query, [file]).fetchall())


def _held(con: duckdb.DuckDBPyConnection, truth: Path) -> _Held:
    file = str(truth / "attributes.parquet")
    query = """SELECT subject_id, name, value, valid_from FROM read_parquet(?) SEMI JOIN wanted USING (subject_id)
        ORDER BY valid_from"""
    found: dict[tuple[str, str], list[tuple[date, date]]] = defaultdict(list)
    for subject, name, value, since in con.execute(query, [file]).fetchall():
        found[subject, name].append((since, value))
    return found


def _is_right(pack: Pack, one: Told, people: _People, happened: _Happened, held: _Held, as_of: date) -> bool | None:
    """True or false; None while it cannot be known."""
    if one.kind == "predicted":
        return None
    for person in (one.subject_id, *one.about):
        born, died = people.get(person, (None, None))
        if born is None or (died is not None and died <= as_of):
            return False
    if one.kind == "due":
        due = pack.milestones[one.milestone].due
        if due in pack.vocabulary.attributes:
            told_on = one.delivered_at.astimezone(pack.tz).date()
            in_force = [value for since, value in held.get((one.subject_id, due), ()) if since <= told_on]
            return bool(in_force) and in_force[-1] == one.due_on
        reckoned = one.born_on is not None and rests_on_birth(pack.law, due)
        return one.born_on == people[one.subject_id][0] if reckoned else None
    on = pack.milestones[one.milestone].on or ""
    relatives = {*one.about, *([one.kin] if one.kin else [])}
    sources = [(kin.source, person) for kin in pack.vocabulary.kin.get(on, ()) for person in relatives]
    sources.append((on, one.subject_id))
    return any((person, event, one.occurred_on) in happened for event, person in sources)
