"""The one clock: the machine's, or a moment that stands still for a demonstration."""

from datetime import datetime
from zoneinfo import ZoneInfo


class SystemClock:
    """The present in the country's zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone

    def now(self) -> datetime:
        """The present moment."""
        return datetime.now(self._zone)


class StandingClock:
    """A moment that stands still."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        """The same moment, always."""
        return self._moment
