"""What a feature is: a documented function that returns SQL over its group's prepared relation.

The same SQL, run over any spine of (subject, day), gives training rows, the nightly snapshot and one person now.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from inspect import cleandoc

from lifeevents.domain.pack import Vocabulary
from lifeevents.domain.register import SubjectKind, ValueType

Sql = str


@dataclass(frozen=True)
class Feature:
    """One feature: its name and type, what it means, in which unit, from which register.

    `of` is the event, attribute or relation type that it is made of. `detectors` is false for what the deny-list
    keeps out of every model. `sql` reads the group's relation.
    """

    name: str
    type: ValueType
    group: str
    sql: Sql
    meaning: str
    unit: str | None = None
    register: str | None = None
    subject: SubjectKind | None = None
    detectors: bool = True
    law: tuple[str, ...] = ()
    of: str | None = None


@dataclass(frozen=True)
class Item:
    """What a template is filled with: an event, attribute or relation type of the vocabulary."""

    name: str
    type: ValueType = "category"
    register: str | None = None
    subject: SubjectKind | None = None
    detectors: bool = True
    unit: str | None = None


@dataclass(frozen=True)
class _Template:
    pattern: str
    type: ValueType | None
    unit: str | None
    only: tuple[ValueType, ...]
    write: Callable[[Item], Sql]

    def fill(self, group: str, item: Item) -> Feature:
        return Feature(
            name=self.pattern.format(item.name),
            type=self.type or item.type,
            group=group,
            sql=self.write(item),
            meaning=cleandoc(self.write.__doc__ or "").format(item.name),
            unit=self.unit or (item.unit if self.type is None else None),
            register=item.register,
            subject=item.subject,
            detectors=item.detectors,
            of=item.name,
        )


@dataclass
class Group:
    """Features computed in one pass over one relation, and one Feast view.

    `relation` is the SQL after `SELECT row, ...`: from the tables of `features.known`, one output row per spine
    row. `items` gives what the templates of `each` are filled with.
    """

    name: str
    meaning: str
    relation: Callable[[Vocabulary], Sql]
    items: Callable[[Vocabulary], Iterable[Item]] = lambda vocabulary: ()
    _single: list[Feature] = field(default_factory=list)
    _each: list[_Template] = field(default_factory=list)

    def feature(self, type: ValueType, *, unit: str | None = None) -> Callable[[Callable[[], Sql]], Callable[[], Sql]]:
        """Declare a feature named like the decorated function; its docstring is the meaning."""

        def declare(write: Callable[[], Sql]) -> Callable[[], Sql]:
            meaning = cleandoc(write.__doc__ or "")
            self._single.append(Feature(write.__name__, type, self.name, write(), meaning, unit))
            return write

        return declare

    def each(
        self,
        pattern: str,
        type: ValueType | None = None,
        *,
        unit: str | None = None,
        only: tuple[ValueType, ...] = (),
    ) -> Callable[[Callable[[Item], Sql]], Callable[[Item], Sql]]:
        """Declare a template: one feature per item (of the types `only`), named by `pattern`; `{}` is the item."""

        def declare(write: Callable[[Item], Sql]) -> Callable[[Item], Sql]:
            self._each.append(_Template(pattern, type, unit, only, write))
            return write

        return declare

    def features(self, vocabulary: Vocabulary) -> tuple[Feature, ...]:
        """Every feature of the group for a vocabulary, in a stable order."""
        filled = (
            template.fill(self.name, item)
            for item in self.items(vocabulary)
            for template in self._each
            if not template.only or item.type in template.only
        )
        return (*self._single, *filled)
