"""A row that was not taken, as its owner sees it: what is wrong, what was done, and whether it is in the lake now."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Literal

from pydantic import ConfigDict
from pydantic.config import JsonDict

from lifeevents.domain.frozen import Frozen

_ROW: JsonDict = {
    "id": "0ae8cdbd790dcd7e",
    "relation": "events",
    "file": "events.csv",
    "row": 4,
    "register_id": "civil_status",
    "month": "2026-10-01",
    "field": "occurred_on",
    "value": "2026-02-30",
    "reason": "impossible_date",
    "sentence": 'events.csv row 4, occurred_on: "2026-02-30" is not a day of the calendar between 1800 and 2199.',
    "content": {"event_id": "e8", "event": "marriage", "occurred_on": "2026-02-30"},
    "state": "open",
    "history": [],
}

DeskAction = Literal["fixed", "refused", "released"]
"""A field was corrected; the gate refused the row again; the row is in the lake."""


class Handling(Frozen):
    """One thing done with a row: by whom, when (UTC), and its content before and after."""

    action: DeskAction
    who: str
    at: datetime
    before: Mapping[str, str | None]
    after: Mapping[str, str | None]
    sentence: str | None = None


class Quarantined(Frozen):
    """A row of the quarantine. `content` is the row as it stands after the corrections made so far; `reason` and
    `sentence` are those of the gate's last verdict."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ROW]})

    id: str
    relation: str
    file: str
    row: int
    register_id: str | None
    month: date | None
    field: str | None
    value: str | None
    reason: str
    sentence: str
    content: Mapping[str, str | None]
    state: Literal["open", "released"]
    history: tuple[Handling, ...] = ()


class QuarantinePage(Frozen):
    """Some rows of the quarantine, and how many there are by register and by reason (filters applied)."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "total": 1,
                    "items": [_ROW],
                    "registers": {"civil_status": 1},
                    "reasons": {"impossible_date": 1},
                }
            ]
        }
    )

    total: int
    items: tuple[Quarantined, ...]
    registers: Mapping[str, int]
    reasons: Mapping[str, int]
