"""unified (thống nhất): where two registers hold the same fact of the same subject, they say the same."""

# ruff: noqa: S608 (SQL is made from the contract's own names; every text from outside passes sql_text)

from lifeevents.registers.cells import sql_text
from lifeevents.registers.quality.scene import Scene
from lifeevents.registers.quality.sufficient import EFFECTIVE

LIST = "subjects"
"""The name under which the list of subjects stands in a pair."""


def unified(scene: Scene) -> None:
    """Facts on which this register and another agree / facts that both hold.

    Compared by subject_id alone, nothing is matched by likeness: the day of birth and of death (events that `means`
    them, as they stand now, both exact to the day), and the sex that a relation's word tells (`relation_sex`), each
    against other registers and the list of subjects. Counted in the month of the later recording.
    """
    _holdings(scene)
    scene.con.execute(
        "CREATE TEMP TABLE pairs AS SELECT a.fact, a.register AS first, b.register AS second, a.subject_id,"
        " a.said AS first_said, b.said AS second_said, greatest(a.recorded_at, b.recorded_at) AS recorded_at"
        " FROM holdings a JOIN holdings b ON a.fact = b.fact AND a.subject_id = b.subject_id"
        " AND (a.register < b.register AND a.register <> 'subjects' AND b.register <> 'subjects'"
        " OR b.register = 'subjects' AND a.register <> 'subjects')"
    )
    sides = " UNION ALL ".join(
        f"SELECT {side} AS register, subject_id, recorded_at, first_said = second_said AS agrees FROM pairs"
        f" WHERE {side} <> 'subjects'"
        for side in ("first", "second")
    )
    scene.con.execute(
        "INSERT INTO marks SELECT 'unified', register, month, place, count(*) FILTER (agrees), count(*)"
        f" FROM ({scene.placed(sides)}) GROUP BY ALL"
    )
    for side in ("first", "second"):
        scene.blame(
            "unified",
            f"SELECT 'differs_' || fact AS reason, {side} AS register, fact AS word, subject_id, recorded_at, fact ||"
            " ' of ' || subject_id || ': ' || first || ' says ' || first_said || ', ' || second || ' says ' ||"
            " second_said || '. Ask both; nothing was changed.' AS sentence"
            f" FROM pairs WHERE first_said <> second_said AND {side} <> 'subjects'",
        )


def comparable(scene: Scene) -> frozenset[str]:
    """The registers that hold, by the pack, a fact that the list of subjects or another register also holds."""
    return frozenset(
        register.id
        for register in scene.registers.values()
        if register.relation_sex or any(event.means for event in register.events.values())
    )


def _holdings(scene: Scene) -> None:
    """What each register holds of each subject: one value per fact, by its newest recording."""
    facts = {"birth": "born", "death": "died"}
    cases = " ".join(
        f"WHEN {sql_text(name)} THEN {sql_text(facts[event.means])}"
        for register in scene.registers.values()
        for name, event in register.events.items()
        if event.means
    )
    sexes = " ".join(
        f"WHEN {sql_text(role)} THEN {sql_text(sex)}"
        for register in scene.registers.values()
        for role, sex in register.relation_sex.items()
    )
    fact = f"CASE event {cases} END" if cases else "NULL::VARCHAR"
    sex = f"CASE relation {sexes} END" if sexes else "NULL::VARCHAR"
    scene.con.execute(
        "CREATE TEMP TABLE holdings AS SELECT fact, register, subject_id, arg_max(said, recorded_at) AS said,"
        " max(recorded_at) AS recorded_at FROM ("
        f" SELECT {fact} AS fact, register, subject_id, occurred_on::VARCHAR AS said, recorded_at FROM events"
        f" WHERE precision = 'day' AND {fact} IS NOT NULL AND {EFFECTIVE}"
        f" UNION ALL SELECT 'sex', register, related_id, {sex}, recorded_at FROM relations WHERE {sex} IS NOT NULL"
        ") GROUP BY ALL"
    )
    scene.con.execute(
        "INSERT INTO holdings SELECT 'born', 'subjects', subject_id, born_on::VARCHAR, NULL FROM subjects"
        " WHERE born_on IS NOT NULL AND precision = 'day'"
        " UNION ALL SELECT 'sex', 'subjects', subject_id, sex, NULL FROM subjects WHERE sex IS NOT NULL"
    )
