"""Every feature of a vocabulary: name, type, meaning, unit, register. Cheap: no Feast, no data."""

from collections.abc import Mapping
from functools import lru_cache

from features.feature import Feature, Group
from features.groups import law
from features.groups.attributes import attributes
from features.groups.events import events
from features.groups.feasts import feasts
from features.groups.kin import kin
from features.groups.person import person
from features.groups.relatives import relatives
from lifeevents.domain.errors import PackError
from lifeevents.domain.pack import Vocabulary
from lifeevents.domain.register import ValueType

GROUPS: tuple[Group, ...] = (person, feasts, events, attributes, kin, relatives)
MEANINGS: Mapping[str, str] = {group.name: group.meaning for group in GROUPS} | {law.NAME: law.MEANING}
"""Group names in their order, with what each is about."""


def features(vocabulary: Vocabulary) -> Mapping[str, Feature]:
    """All features by name, in a stable order.

    Raises PackError when two types of the pack make features of one name.
    """
    return _features(_Key(vocabulary))


def known_features(vocabulary: Vocabulary) -> dict[str, ValueType]:
    """Name -> type: what a rule of the pack may speak of."""
    return {name: feature.type for name, feature in features(vocabulary).items()}


class _Key:
    """A vocabulary by its identity, so that the catalogue of one is made once."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    def __hash__(self) -> int:
        return id(self.vocabulary)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and other.vocabulary is self.vocabulary


@lru_cache(maxsize=8)
def _features(key: _Key) -> Mapping[str, Feature]:
    found: dict[str, Feature] = {}
    for group in GROUPS:
        for feature in group.features(key.vocabulary):
            _add(found, feature)
    for feature in law.features(key.vocabulary, dict(found)):
        _add(found, feature)
    return found


def _add(found: dict[str, Feature], feature: Feature) -> None:
    if feature.name in found:
        other = found[feature.name]
        raise PackError(
            f'"{feature.name}" would be two features: one of {other.group} ({other.meaning}) and one of '
            f"{feature.group} ({feature.meaning}). Rename the register's type."
        )
    found[feature.name] = feature
