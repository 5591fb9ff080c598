"""What a detector is served from: one JSON beside LightGBM's text, bound to each other by a digest."""

from datetime import date
from hashlib import sha256
from typing import Literal

from pydantic import Field

from lifeevents.domain.frozen import Frozen
from models.ahead import Monthly
from models.evaluate import Threshold


class Artefact(Frozen):
    """A trained detector of one milestone: the model, where it speaks, and what it was made of.

    `kind` is `floor` where the model did not beat the age-sex floor and the floor serves in its place. Without a
    `threshold` (none held the precision asked for) it speaks to nobody. `least_known` is the share of inputs known
    for nearly every training row; a row that knows less is unlike training, and the detector abstains. `leans_on` is
    each input's share of what the model said in training; it abstains where registers it leans on are silent. With
    `lacking` it tells the chance that the outcome does not come.
    """

    milestone: str
    kind: Literal["model", "floor"]
    model: Monthly
    threshold: Threshold | None
    least_known: float = 0.0
    leans_on: dict[str, float] = Field(default_factory=dict)
    lacking: bool = False
    trained_as_of: date
    service: str


def digest(artefact_json: str, trees: str) -> str:
    """SHA-256 over both texts: the version of the model that every detection stores."""
    return sha256(artefact_json.encode() + b"\0" + trees.encode()).hexdigest()
