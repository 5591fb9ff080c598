"""clean (sạch): the rows came in the one form agreed, and once."""

# ruff: noqa: S608 (SQL is made from the contract's own names; every text from outside passes sql_text)

from lifeevents.registers.cells import sql_text
from lifeevents.registers.quality.reasons import REASONS
from lifeevents.registers.quality.scene import Scene


def clean(scene: Scene) -> None:
    """Rows that needed no repair, are no copies and use no id twice / rows, the copies that were dropped among them.

    A whole delivery sent again adds no row and no copy.
    """
    if scene.manifest.mends is None:
        return
    twice = ", ".join(sql_text(reason) for reason, principle in REASONS.items() if principle == "clean")
    scene.blame("clean", f"SELECT * EXCLUDE (relation) FROM waiting WHERE reason IN ({twice}) AND register <> ''")
    mended = "SELECT reason, register, word, subject_id, recorded_at, sentence FROM mended"
    scene.blame("clean", f"{mended} WHERE reason <> 'identical_row'")
    scene.blame("clean", f"{mended} WHERE reason = 'identical_row'", beside=True)
    scene.weigh("clean")
