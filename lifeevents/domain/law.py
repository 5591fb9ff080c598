"""Numbers that law sets and changes: an amount, an age, a number of days, each valid from one day to another.

Dates that follow from a person's life are `DateRule`s (domain/pack.py); these tables hold what is the same for all.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

from pydantic import Field, model_validator

from lifeevents.domain.errors import LawError, did_you_mean
from lifeevents.domain.frozen import Frozen
from lifeevents.domain.procedure import SETTLED, State
from lifeevents.domain.register import Text

Number = int | float


class LawValue(Frozen):
    """What holds from `from` to `to` (both inclusive; open when empty): one number, or one per key."""

    since: date = Field(alias="from")
    to: date | None = None
    value: Number | Mapping[str, Number]
    state: State

    @property
    def settled(self) -> bool:
        """Read in the law or verified by a lawyer; only then may it stand in a message."""
        return self.state in SETTLED


class LawCase(Frozen):
    """A checkpoint that the table must answer."""

    as_of: date
    key: str | None = None
    expect: Number


class DateCase(Frozen):
    """A checkpoint of a `DateRule`: for a person with these facts, asked on `as_of`, the date is `expect`."""

    given: Mapping[str, date | str]
    as_of: date
    expect: date


class LawTable(Frozen):
    """A dated value of law. `by: at_least` reads the keys as thresholds: the greatest that is not above counts."""

    id: str
    title: Text
    unit: str
    law: tuple[str, ...] = Field(min_length=1)
    source: str
    by: Literal["name", "at_least"] = "name"
    review_by: date | None = None
    values: tuple[LawValue, ...] = Field(min_length=1)
    cases: tuple[LawCase, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _in_order(self) -> "LawTable":
        for earlier, later in zip(self.values, self.values[1:], strict=False):
            if earlier.to is None or earlier.to >= later.since:
                raise ValueError(
                    f"the values from {earlier.since} and from {later.since} overlap; end the first on "
                    f"{later.since - timedelta(days=1)}."
                )
        for row in self.values:
            if row.to is not None and row.to < row.since:
                raise ValueError(f"the value from {row.since} ends before it begins, on {row.to}.")
            if self.by == "at_least" and not (isinstance(row.value, Mapping) and all(k.isdigit() for k in row.value)):
                raise ValueError("by: at_least needs whole numbers as keys, in quotes.")
        return self

    def row(self, day: date) -> LawValue:
        """What holds on `day`. Raises LawError on a day for which no value was written: law is not guessed."""
        for row in self.values:
            if row.since <= day and (row.to is None or day <= row.to):
                return row
        spans = ", ".join(f"{row.since} to {row.to or 'open'}" for row in self.values)
        raise LawError(f"{self.id} is known for {spans}; {day} is outside. Add a line to law/tables/{self.id}.yaml.")

    def on(self, day: date, key: str | None = None) -> Number:
        """The number that holds on `day`, for `key` where the table has keys.

        Raises LawError outside the table's days, for an unknown key, or for a number below the first threshold.
        """
        value = self.row(day).value
        if not isinstance(value, Mapping):
            if key is not None:
                raise LawError(f'{self.id} holds one number and no "{key}"; ask without a key.')
            return value
        if self.by == "at_least" and key is not None and key.isdigit():
            reached = [int(step) for step in value if int(step) <= int(key)]
            if not reached:
                raise LawError(f"{self.id} begins at {min(map(int, value))}; {key} is below.")
            return value[str(max(reached))]
        if key is None or key not in value:
            near = did_you_mean(key or "", value)
            raise LawError(f"{self.id} needs one of {', '.join(value)}, not {key}.{near}")
        return value[key]
