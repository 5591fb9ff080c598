"""live (sống): the state knows soon after a thing happened."""

# ruff: noqa: S608 (SQL is made from the contract's own names; every text from outside passes sql_text)

from lifeevents.domain.calendar import Period
from lifeevents.registers.cells import sql_text
from lifeevents.registers.quality.scene import Scene

DAYS_OF_A_MONTH = 30
"""An expected lag in months counts 30 days for each."""


def live(scene: Scene) -> None:
    """First tellings recorded within the register's `expected_lag` / first tellings.

    Counted are rows of the lake. Corrections and annulments are left out, and facts from before the register's first
    recording (a stock that is taken over has no lag). An imprecise day counts from its last possible day; a relation
    or attribute that is told again with its end counts from that end.
    """
    lags = {register.id: _days(register.expected_lag) for register in scene.registers.values() if register.delivers}
    if not lags:
        return
    limits = " ".join(f"WHEN {sql_text(name)} THEN {days}" for name, days in lags.items())
    wanted = " ".join(f"WHEN {sql_text(r.id)} THEN {sql_text(r.expected_lag)}" for r in scene.registers.values())
    judged = f"(SELECT *, lag > CASE register {limits} END AS late FROM told WHERE lag IS NOT NULL AND taken)"
    scene.con.execute(
        "INSERT INTO marks SELECT 'live', register, month, place, count(*) - count(*) FILTER (late), count(*)"
        f" FROM {judged} WHERE late IS NOT NULL GROUP BY ALL"
    )
    scene.con.execute(
        "INSERT INTO faults SELECT 'live', any_value('late_' || word), register, word, month, place, false, count(*),"
        " any_value(word) || ' took up to ' || max(lag) || ' days to be recorded; the register expects ' ||"
        f" any_value(CASE register {wanted} END) || '. Record it sooner.'"
        f" FROM {judged} WHERE late GROUP BY register, word, month, place"
    )


def _days(text: str) -> int:
    period = Period.parse(text)
    return period.months * DAYS_OF_A_MONTH + period.days
