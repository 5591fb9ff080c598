"""The base of everything the API sends and takes."""

from pydantic import BaseModel, ConfigDict


class Wire(BaseModel):
    """A value on the wire: frozen, and refusing fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")
