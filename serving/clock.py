"""The one clock: the machine's, a moment that stands still, or a moment that a demonstration moves on."""

from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from zoneinfo import ZoneInfo

from lifeevents.domain.errors import Refused

FURTHEST = timedelta(days=366)
"""How far a demonstration may look ahead of where it began."""


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


class MovableClock:
    """A moment that stands still until it is moved on, never back; it is kept in a file, so that a demonstration
    that is started again goes on from where it stood."""

    def __init__(self, start: datetime, kept: Path) -> None:
        self._start, self._kept, self._lock = start, kept, Lock()
        self._moment = start
        if kept.exists():
            self._moment = max(start, datetime.fromisoformat(kept.read_text().strip()).astimezone(start.tzinfo))

    def now(self) -> datetime:
        """The moment it was moved to last."""
        return self._moment

    def move_to(self, moment: datetime) -> None:
        """Move on. Raises Refused for a moment in the past, or too far ahead of the start."""
        with self._lock:
            if moment <= self._moment:
                raise Refused("The clock only moves forward.")
            if moment > self._start + FURTHEST:
                raise Refused("The clock does not move more than a year ahead of where the demonstration began.")
            self._kept.write_text(moment.isoformat() + "\n")
            self._moment = moment.astimezone(self._start.tzinfo)
