"""How good the registers' deliveries are, by the six principles of Viet Nam's data programme, as numbers.

correct (đúng), sufficient (đủ), clean (sạch), live (sống), unified (thống nhất), shared (dùng chung). Each number is a
share of counted rows or facts, kept with its counts and its 95% Wilson interval; docs/quality.md has the formulas.
"""

from datetime import date, datetime
from typing import Literal, get_args

from pydantic import computed_field, model_validator

from lifeevents.domain.frozen import Frozen

Principle = Literal["correct", "sufficient", "clean", "live", "unified", "shared"]
PRINCIPLES: tuple[Principle, ...] = get_args(Principle)
Why = Literal["not_delivered", "no_rows", "not_in_pack", "not_kept", "one_register", "nothing_in_common"]
"""Why a number cannot be computed: the register delivers nothing yet; it delivered nothing in the window; the pack does
not describe it; the lake was filled before repairs were counted; no other register holds such a fact; another does, and
they hold none in common."""
FEW = 30
"""Under so many rows a share is shown with the note that it rests on few."""


class Number(Frozen):
    """One share: `good` of `of`. Where it cannot be computed, `why` says so and `of` is 0; it is never 1 by default."""

    principle: Principle
    good: int = 0
    of: int = 0
    why: Why | None = None

    @model_validator(mode="after")
    def _counts_or_says_why(self) -> "Number":
        if not 0 <= self.good <= self.of:
            raise ValueError(f"{self.principle}: {self.good} of {self.of} is not a share.")
        if (self.of == 0) == (self.why is None):
            raise ValueError(f"{self.principle}: a number has counts, or says why it has none.")
        return self

    @computed_field
    def share(self) -> float | None:
        """good / of; None where nothing was counted."""
        return self.good / self.of if self.of else None

    @computed_field
    def few(self) -> bool:
        """Does it rest on fewer than FEW rows?"""
        return 0 < self.of < FEW


class Cell(Frozen):
    """The counts of one principle in one province and month of recording; None: it is not known which."""

    principle: Principle
    province: str | None
    month: date | None
    good: int
    of: int


class Lag(Frozen):
    """Days from a fact to its recording, of the rows that `live` counts."""

    median: float
    p90: float


class Fault(Frozen):
    """One reason why rows do not count as good, how many there are, and the first of them as a sentence."""

    principle: Principle
    reason: str
    rows: int
    example: str


class Clash(Frozen):
    """One fact of one subject on which two registers differ. Which of them is right is not guessed."""

    subject_id: str
    first: str
    second: str


class Pair(Frozen):
    """What two registers both hold: on how many facts they agree, and the first clashes. "subjects" is the list of
    subjects itself (birth date, sex)."""

    fact: Literal["born", "died", "sex"]
    first: str
    second: str
    agree: int
    both: int
    clashes: tuple[Clash, ...] = ()


class RegisterQuality(Frozen):
    """One register over the window: its six numbers, its cells by province and month, its lag and its faults."""

    register_id: str
    rows: int
    numbers: tuple[Number, ...]
    cells: tuple[Cell, ...] = ()
    lag: Lag | None = None
    faults: tuple[Fault, ...] = ()


class Board(Frozen):
    """All registers over a window of months of recording (both included). `undated` counts rows without a readable
    moment of recording: they are in every window."""

    first: date
    last: date
    newest: datetime
    undated: int
    registers: tuple[RegisterQuality, ...]
    pairs: tuple[Pair, ...] = ()
