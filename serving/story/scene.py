"""What the live story shows: everything in it is read from the ledger and the online store, nothing is staged."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Protocol

from lifeevents.domain.frozen import Frozen
from lifeevents.domain.occasion import FactValue, InboxItem, MessageRow, OccasionRow, Offer
from lifeevents.domain.script import Script
from lifeevents.domain.submission import Received

ClockMove = Literal["hour", "morning", "day", "due"]
"""An hour on, the next working morning, a day on, or the moment at which the waiting message is tried again."""


class Change(Frozen):
    """A fact of one subject before the event was known and after."""

    subject_id: str
    name: str
    before: FactValue
    after: FactValue


class Scene(Frozen):
    """The story as it stands at a moment. Occasions and messages are those that the event led to.

    `lag_ms` is the time from the acceptance of the submission to the end of the reaction, on this machine.
    """

    script: Script
    person_id: str
    newcomer_id: str | None
    reported: Received
    withdrawn: Received | None
    lag_ms: int | None
    changes: tuple[Change, ...]
    occasions: tuple[OccasionRow, ...]
    offers: tuple[Offer, ...]
    messages: tuple[MessageRow, ...]
    inbox: tuple[InboxItem, ...]

    @property
    def tries_at(self) -> datetime | None:
        """When the first waiting message is tried again."""
        waiting = [one.notification.not_before for one in self.messages if one.settled_at is None]
        return min(waiting, default=None)


class Storyteller(Protocol):
    """Lets a story happen, on the same parts as production."""

    def scripts(self) -> Mapping[str, Script]:
        """The stories there are."""

    def scene(self) -> Scene | None:
        """The story being told; None before the first."""

    def begin(self, script_id: str) -> None:
        """Let a register submit the script's event about the next person cast. Raises NotFound, Conflict."""

    def annul(self) -> None:
        """Let the register take the event back. Raises Conflict when there is nothing to take back."""

    def move_clock(self, move: ClockMove) -> None:
        """Move the demonstration's clock on, and let the worker do what is due by then."""
