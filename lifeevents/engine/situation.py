"""The facts that the stop rules read about one message."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from lifeevents.domain.frozen import Frozen
from lifeevents.domain.occasion import AnswerKind


class Answered(Frozen):
    """The latest answer to one offer of the occasion; `until` belongs to `later`."""

    procedure: str
    kind: AnswerKind
    until: date | None = None


class Standing(Frozen):
    """What the ledger knows about a message and its people, read in the transaction that sends it.

    `dead` are those of the recipient, the subject and the people in `about` who have died. `guardians` are the
    subject's currently valid ones. `offers` counts the occasion's offers. `told` says that the recipient already
    had this occasion on this channel for this purpose. `sent` are the moments of the past seven days at which
    the recipient was told something without a statutory deadline.
    """

    recipient_id: str
    subject_id: str
    about: tuple[str, ...] = ()
    purpose: str
    deadline: date | None = None
    dead: tuple[str, ...] = ()
    switched_off: bool = False
    occasion_state: Literal["open", "cancelled"] = "open"
    settle_until: datetime | None = None
    active_until: date | None = None
    offers: int = Field(default=0, ge=0)
    answers: tuple[Answered, ...] = ()
    told: bool = False
    silenced: bool = False
    guardians: tuple[str, ...] = ()
    may_use: bool = True
    sent: tuple[datetime, ...] = ()


class Situation(Standing):
    """A standing at one moment. `today` is the local day, `speak_at` the next moment at which people may be told
    things (`now` itself when that is now, in local time), `budget` the messages a person may get in seven days."""

    now: datetime
    today: date
    speak_at: datetime
    budget: int = Field(ge=1)
