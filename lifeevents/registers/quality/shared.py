"""shared (dùng chung): what was digitised once is used again."""

# ruff: noqa: S608 (SQL is made from the contract's own names; every text from outside passes sql_text)

from lifeevents.registers.cells import sql_text
from lifeevents.registers.quality.scene import Scene


def shared(scene: Scene) -> None:
    """Rows of a type that a rule, form or message of the pack reads / rows taken into the lake."""
    words = ", ".join(sql_text(word) for word in scene.reused) or "''"
    scene.con.execute(
        "INSERT INTO marks SELECT 'shared', register, month, place, count(*) FILTER (used), count(*)"
        f" FROM (SELECT *, word IN ({words}) AS used FROM told WHERE taken) GROUP BY ALL"
    )
    scene.con.execute(
        "INSERT INTO faults SELECT 'shared', 'unused_' || word, register, word, month, place, false, count(*),"
        " 'No rule, form or message reads ' || word || '. Read it where a person is asked for the"
        " same, or stop delivering it.'"
        f" FROM told WHERE taken AND word NOT IN ({words}) GROUP BY ALL"
    )
