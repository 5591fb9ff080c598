"""correct (đúng): what the register told is true, as far as the gate and the register itself know."""

# ruff: noqa: S608 (SQL is made from the contract's own names; every text from outside passes sql_text)

from lifeevents.registers.cells import sql_text
from lifeevents.registers.contract import CONTRACT
from lifeevents.registers.gate import NAMED, content_of
from lifeevents.registers.quality.reasons import REASONS
from lifeevents.registers.quality.scene import Scene


def correct(scene: Scene) -> None:
    """Rows that are not in quarantine for a false content and were not corrected or annulled later / rows.

    A row that was released with other content than it was sent with counts as corrected.
    """
    false = ", ".join(sql_text(reason) for reason, principle in REASONS.items() if principle == "correct")
    scene.blame("correct", f"SELECT * EXCLUDE (relation) FROM waiting WHERE reason IN ({false}) AND register <> ''")
    scene.blame(
        "correct",
        "SELECT any_value(CASE WHEN c.corrects IS NULL THEN 'annulled_later' ELSE 'corrected_later' END) AS reason,"
        " any_value(e.register) AS register, any_value(e.event) AS word, any_value(e.subject_id) AS subject_id,"
        " any_value(e.recorded_at) AS recorded_at, any_value(e.event || ' ' || e.event_id || ' was ' || CASE WHEN"
        " c.corrects IS NULL THEN 'annulled' ELSE 'corrected' END || ' on ' || c.recorded_at::DATE || '. Find out why"
        " it was told so at first.') AS sentence"
        " FROM events e JOIN events c ON e.event_id = coalesce(c.corrects, c.annuls) GROUP BY e.event_id",
    )
    _released(scene)
    scene.weigh("correct")


def _released(scene: Scene) -> None:
    """Rows of the lake that came out of quarantine with another content, and were not corrected since."""
    changed = "SELECT digest FROM desk WHERE action = 'released' AND before <> after AND digest IS NOT NULL"
    if not scene.con.execute(f"SELECT count(*) FROM ({changed})").fetchall()[0][0]:
        return
    for table in CONTRACT:
        if table.name in NAMED:
            since = (
                " AND event_id NOT IN (SELECT coalesce(corrects, annuls) FROM events"
                " WHERE coalesce(corrects, annuls) IS NOT NULL)"
                if table.name == "events"
                else ""
            )
            scene.blame(
                "correct",
                f"SELECT 'corrected_in_quarantine' AS reason, register, {NAMED[table.name]} AS word, subject_id,"
                f" recorded_at, {NAMED[table.name]} || ' of ' || subject_id || ' was put right in quarantine. Tell the"
                f" source.' AS sentence FROM {table.name} WHERE {content_of(table)}::VARCHAR IN ({changed}){since}",
            )
