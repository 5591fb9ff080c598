"""sufficient (đủ): what the register promised is all there."""

# ruff: noqa: S608 (SQL is made from the contract's own names; every text from outside passes sql_text)

from collections.abc import Iterator

from lifeevents.domain.calendar import Period
from lifeevents.domain.register import EventType, Register
from lifeevents.registers.cells import sql_text
from lifeevents.registers.quality.scene import Scene

EFFECTIVE = (
    "annuls IS NULL AND event_id NOT IN (SELECT coalesce(corrects, annuls) FROM events"
    " WHERE coalesce(corrects, annuls) IS NOT NULL)"
)
"""SQL: an event as it stands now, neither corrected nor annulled, and no annulment itself."""


def sufficient(scene: Scene) -> None:
    """Rows with every needed field, required payload and companion relation / rows, and events expected and not told.

    An event is expected where another register told its forerunner (`expected_after`) and the register's expected lag
    has passed by the newest recording; it is counted in the forerunner's month.
    """
    scene.blame(
        "sufficient",
        "SELECT * EXCLUDE (relation) FROM waiting WHERE reason = 'missing_value' AND register <> ''",
    )
    for register in scene.registers.values():
        for name, event in register.events.items():
            if lacks := list(_lacks(event)):
                scene.blame("sufficient", _incomplete(register, name, lacks))
            if event.expected_after:
                scene.blame("sufficient", _never_came(register, name, event.expected_after), beside=True)
    scene.weigh("sufficient")


def _lacks(event: EventType) -> Iterator[tuple[str, str]]:
    """(reason, SQL that holds where it is lacking), for each thing promised with the event."""
    for field in event.required:
        yield f"no_{field}", f"json_extract_string(e.payload, {sql_text(f'$.{field}')}) IS NULL"
    for role in event.companions:
        told = f"SELECT subject_id FROM relations WHERE relation = {sql_text(role)}"
        yield f"no_{role}", f"e.subject_id NOT IN ({told})"


def _incomplete(register: Register, name: str, lacks: list[tuple[str, str]]) -> str:
    cases = " ".join(f"WHEN {condition} THEN {sql_text(reason)}" for reason, condition in lacks)
    return (
        f"SELECT reason, register, event AS word, subject_id, recorded_at, event || ' ' || event_id || ' came with '"
        " || replace(reason, '_', ' ') || '. Deliver it with the event.' AS sentence"
        f" FROM (SELECT e.*, CASE {cases} END AS reason FROM events e WHERE e.event = {sql_text(name)}"
        f" AND e.register = {sql_text(register.id)} AND e.annuls IS NULL) WHERE reason IS NOT NULL"
    )


def _never_came(register: Register, name: str, after: str) -> str:
    lag = Period.parse(register.expected_lag)
    due = f"(any_value(e.occurred_on) + INTERVAL {lag.months} MONTH + INTERVAL {lag.days} DAY)"
    came = f"SELECT subject_id FROM events WHERE event = {sql_text(name)}"
    sent = f"SELECT subject_id FROM waiting WHERE word = {sql_text(name)} AND subject_id IS NOT NULL"
    return (
        f"SELECT 'never_came' AS reason, {sql_text(register.id)} AS register, {sql_text(name)} AS word, e.subject_id,"
        f" min(e.recorded_at) AS recorded_at, {sql_text(name)} || ' of ' || e.subject_id || ' was expected by ' ||"
        f" {due}::DATE || ', after ' || {sql_text(after)} || '."
        " Ask for it, or have the forerunner annulled.' AS sentence"
        f" FROM events e WHERE e.event = {sql_text(after)} AND {EFFECTIVE.replace('event_id', 'e.event_id')}"
        f" AND e.subject_id NOT IN ({came}) AND e.subject_id NOT IN ({sent}) GROUP BY e.subject_id"
        f" HAVING {due} < (SELECT max(recorded_at) FROM events)"
    )
