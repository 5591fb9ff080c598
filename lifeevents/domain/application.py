"""An application as it lies ready for a person: what the state holds is filled in, what it lacks is named."""

from datetime import date

from lifeevents.domain.frozen import Frozen
from lifeevents.domain.occasion import FactValue


class Filled(Frozen):
    """One item of a form that a register fills in: its value, who says so, and the day it is as of."""

    value: FactValue
    register_id: str
    as_of: date | None


class Application(Frozen):
    """A form for one procedure and one subject, by the schema of `lifeevents.engine.application.schema`.

    `items` has every item of the form: filled in, or null where the person brings it; those are also in `missing`.
    Nothing in it names a person: the portal adds the identity of whoever is signed in, when they send it.
    """

    offer: str
    procedure: str
    code: str | None
    subject_id: str
    prepared_on: date
    items: dict[str, Filled | None]
    missing: tuple[str, ...]


class OnceOnly(Frozen):
    """Of the items that a procedure requires, how many registers hold, so that nobody is asked for them again."""

    procedure: str
    required: int
    held: int

    @property
    def share(self) -> float | None:
        """held / required; None for a procedure whose items are not described yet."""
        return self.held / self.required if self.required else None
