"""What each register gets to know and when. Processes tell their facts here; truth and deliveries part from here on."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lifeevents.domain.errors import PackError, did_you_mean
from lifeevents.domain.register import Register
from lifeevents.simulate.columns import Ints

DAY = 86_400_000_000
"""Microseconds of a day."""
UNHEARD = np.iinfo(np.int64).max
"""The moment of recording of a fact that no register ever gets to know."""
OPEN = -(1 << 40)
"""The end of something that has not ended, or a day that was left out."""
_OFFICE_OPENS, _OFFICE_HOURS = 3_600, 9 * 3_600  # 08:00 to 17:00 in Viet Nam, as seconds of the day in UTC


class Codes:
    """Texts as small numbers, in the order in which they first came."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._codes: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        if text not in self._codes:
            self._codes[text] = len(self.texts)
            self.texts.append(text)
        return self._codes[text]

    def many(self, texts: Sequence[str], which: Ints) -> NDArray[np.int64]:
        """The code of `texts[i]` for each i of `which`."""
        return np.array([self(text) for text in texts], np.int64)[which]


class Pending:
    """Rows of one table that wait to be written, as columns of integers."""

    def __init__(self, *columns: str) -> None:
        self._columns = columns
        self._chunks: dict[str, list[NDArray[Any]]] = {name: [] for name in columns}

    def add(self, rows: int, **values: Any) -> None:
        """Append rows; a scalar is repeated."""
        for name in self._columns:
            value = values[name]
            many = isinstance(value, np.ndarray) and value.ndim
            self._chunks[name].append(np.asarray(value, np.int64) if many else np.full(rows, value, np.int64))

    def take(self) -> dict[str, NDArray[np.int64]]:
        """All waiting rows; none wait any more."""
        taken = {name: np.concatenate(chunks or [np.zeros(0, np.int64)]) for name, chunks in self._chunks.items()}
        self._chunks = {name: [] for name in self._columns}
        return taken


class Registers:
    """The registers of a country as seen by the processes: tell them a fact, they record it in their own time.

    Subjects are row numbers of people, or subject numbers of businesses. Days are day numbers, moments are
    microseconds since 1970 in UTC. A moment of `UNHEARD` keeps a fact in the truth alone.
    """

    def __init__(self, registers: dict[str, Register], lag_days: dict[str, float], rng: np.random.Generator) -> None:
        self._registers = registers
        self._lag_days = lag_days
        self._rng = rng
        self.event_owner = {name: r.id for r in registers.values() for name in r.events}
        self.attributes = {name: a for r in registers.values() for name, a in r.attributes.items()}
        self.attribute_owner = {name: r.id for r in registers.values() for name in r.attributes}
        self.events = Pending("number", "subject", "event", "day", "recorded", "payload", "corrects", "annuls")
        self.values = Pending("subject", "name", "value", "start", "end", "recorded")
        self.relations = Pending("subject", "related", "relation", "start", "end", "recorded", "register")
        self.codes = Codes()
        self.codes("")
        self.told = 0

    def moment(self, days: Any, rng: np.random.Generator | None = None) -> NDArray[np.int64]:
        """A moment in office hours of each day, drawn from `rng` (else the registers' common stream)."""
        days = np.asarray(days, np.int64)
        seconds = _OFFICE_OPENS + (rng or self._rng).integers(0, _OFFICE_HOURS, days.shape)
        return np.asarray(days * DAY + seconds * 1_000_000, np.int64)

    def later(self, register: str, days: Any, rng: np.random.Generator | None = None) -> NDArray[np.int64]:
        """When a register records what happened on each day, by its usual lag; `rng` as for `moment`."""
        days, draws = np.asarray(days, np.int64), rng or self._rng
        return self.moment(days + draws.exponential(self._lag_days[register], days.shape).astype(np.int64), draws)

    def event(self, name: str, subjects: Ints, days: Any, *, recorded: Any = None, payload: Any = 0) -> None:
        """Facts of one kind: one per subject, on each day. `payload` is a code (or codes) of JSON text."""
        register = self._owner(self.event_owner, name, "event")
        days = np.broadcast_to(np.asarray(days, np.int64), subjects.shape)
        self.events.add(
            len(subjects),
            number=self.told + np.arange(len(subjects)),
            subject=subjects,
            event=self.codes(name),
            day=days,
            recorded=self.later(register, days) if recorded is None else recorded,
            payload=payload,
            corrects=-1,
            annuls=-1,
        )
        self.told += len(subjects)

    def attribute(self, name: str, subjects: Ints, value: Any, start: Any, *, recorded: Any = None) -> None:
        """A current value for each subject, valid from `start` on.

        `value` is an integer: 0 or 1 for a flag, a day number for a date, a code for a category.
        """
        register = self._owner(self.attribute_owner, name, "attribute")
        start = np.broadcast_to(np.asarray(start, np.int64), subjects.shape)
        self.values.add(
            len(subjects),
            subject=subjects,
            name=self.codes(name),
            value=value,
            start=start,
            end=OPEN,
            recorded=self.later(register, start) if recorded is None else recorded,
        )

    def relation(
        self, name: str, subjects: Ints, related: Ints, start: Any, *, recorded: Any, register: str, end: Any = OPEN
    ) -> None:
        """`related` is the `name` of each subject. An ended relation is told again, with its end."""
        self.relations.add(
            len(subjects),
            subject=subjects,
            related=related,
            relation=self.codes(name),
            start=start,
            end=end,
            recorded=recorded,
            register=self.codes(register),
        )

    def deaths(self) -> list[int]:
        """Codes of the events after which a subject is no longer observed."""
        return [
            self.codes(name) for r in self._registers.values() for name, e in r.events.items() if e.means == "death"
        ]

    @staticmethod
    def _owner(owners: dict[str, str], name: str, what: str) -> str:
        if name not in owners:
            raise PackError(f'no register of the pack delivers the {what} "{name}".{did_you_mean(name, owners)}')
        return owners[name]
