"""The one base of every value in the domain."""

from pydantic import BaseModel, ConfigDict


class Frozen(BaseModel):
    """A value: compared by content, never changed, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")
