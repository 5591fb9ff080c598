"""What of the registers is used again: the event, attribute and relation types that a pack's rules and forms read."""

from collections.abc import Collection, Mapping

from lifeevents.domain.pack import Pack
from lifeevents.engine.conditions import names_in
from lifeevents.engine.eligibility import facts_read

Behind = Mapping[str, Collection[str]]
"""Feature -> the types of the vocabulary that it is made from."""


def words_reused(pack: Pack, behind: Behind) -> dict[str, tuple[str, ...]]:
    """Each type that is delivered and read -> the milestones and procedures (and "representatives") that read it.

    A milestone reads the event it is anchored on, what its rules, texts and forms name, and, where it follows a
    relative's event, the relation that connects the two. A procedure that no milestone offers yet reads nothing.
    """
    readers: dict[str, set[str]] = {}
    for milestone in pack.milestones.values():
        words = {word for word in (milestone.on, milestone.outcome) if word}
        for name in facts_read(pack, milestone.id):
            words |= set(behind.get(name, ()))
        _note(readers, words, milestone.id)
    for one in pack.representatives:
        words = {word for name in names_in(one.when) for word in behind.get(name, ())}
        _note(readers, words | set(one.by), "representatives")
    return {word: tuple(sorted(who)) for word, who in sorted(_delivered(pack, readers).items())}


def _note(readers: dict[str, set[str]], words: Collection[str], who: str) -> None:
    for word in words:
        readers.setdefault(word, set()).add(who)


def _delivered(pack: Pack, readers: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """Types as registers deliver them: a relative's event is the source event and the relation."""
    found: dict[str, set[str]] = {}
    for word, who in readers.items():
        for kin in pack.vocabulary.kin.get(word, ()):
            _merge(found, (kin.source, kin.role), who)
        if word not in pack.vocabulary.kin:
            _merge(found, (word,), who)
    return found


def _merge(found: dict[str, set[str]], words: Collection[str], who: set[str]) -> None:
    for word in words:
        found.setdefault(word, set()).update(who)
