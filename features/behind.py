"""What each feature is made from: the event, attribute and relation types of the registers behind it."""

from collections.abc import Mapping

from features.catalogue import features
from features.groups.feasts import feasts
from features.groups.kin import BIRTH, DEATH
from features.groups.relatives import made_from
from lifeevents.domain.pack import Vocabulary

_CHILDREN = ("children_under_6", "youngest_child_months")


def behind(vocabulary: Vocabulary) -> Mapping[str, frozenset[str]]:
    """Feature -> types. A feature about any event or any relative stands on all of them; one read from the list of
    subjects (sex, age) on none."""
    found: dict[str, frozenset[str]] = {}
    across = made_from(vocabulary)
    for name, feature in features(vocabulary).items():
        if name in across:
            found[name] = across[name]
        elif feature.group == feasts.name:
            found[name] = frozenset()
        elif feature.of is not None:
            found[name] = frozenset({feature.of})
        elif name == "alive":
            found[name] = frozenset(vocabulary.deaths)
        elif name in _CHILDREN:
            found[name] = frozenset({BIRTH, DEATH} & vocabulary.events.keys())
        elif name == "children_6_to_17":
            found[name] = frozenset({"child"} & set(vocabulary.relations))
        elif feature.group == "kin":
            found[name] = frozenset(vocabulary.relations)
        elif feature.group == "events":
            found[name] = frozenset(vocabulary.events)
        else:
            found[name] = frozenset()
    for rule in vocabulary.law.values():
        found[rule.id] = _start(rule.after, vocabulary, found)
    return found


def _start(after: str | None, vocabulary: Vocabulary, found: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The types that a law date is reckoned from, through the law dates it follows."""
    while after in vocabulary.law:
        after = vocabulary.law[after].after
    return found[after] if after else frozenset()
