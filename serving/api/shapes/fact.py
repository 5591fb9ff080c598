"""A fact as a person reads it: which one, what it says, which register said so and when."""

import re
from datetime import date

from lifeevents.domain.occasion import Fact, FactValue
from lifeevents.domain.pack import Pack
from lifeevents.domain.register import Text
from serving.api.language import pick
from serving.api.shapes.wire import Wire
from serving.web.wording import Words

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_PATTERNS = (
    ("has", "has_", ""),
    ("count_12m", "count_", "_12m"),
    ("count", "count_", ""),
    ("months_since", "months_since_", ""),
    ("months_to", "months_to_", ""),
    ("last_on", "last_", "_on"),
    ("change_12m", "", "_change_12m"),
    ("months_of", "months_of_", ""),
    ("since", "", "_since"),
    ("oldest", "oldest_", "_years"),
    ("youngest", "youngest_", "_years"),
)
"""How the generic features are named: (key of the text, what stands before the name, what after)."""


class FactView(Wire):
    """One fact: its technical name, its title, its value (null: unknown) and the value in words."""

    name: str
    title: str
    value: bool | int | float | str | date | None
    text: str
    register_id: str | None
    register_title: str | None
    as_of: date | None


def fact_view(fact: Fact, pack: Pack, words: Words) -> FactView:
    """The fact in the language of `words`; where it names no register, the one that delivers what it is built on."""
    _, of = _built_on(fact.name, pack)
    register = pack.registers.get(fact.register_id or pack.vocabulary.registers.get(of, ""))
    value = _date_or_same(fact.value)
    return FactView(
        name=fact.name,
        title=fact_title(fact.name, pack, words),
        value=value,
        text=words.value(value, f"code.{fact.name}.{value}"),
        register_id=register.id if register else None,
        register_title=pick(register.title, words.language) if register else None,
        as_of=fact.as_of,
    )


def fact_title(name: str, pack: Pack, words: Words) -> str:
    """What a feature is called in words: its own text, else from the event, attribute or law date it is built on.

    A name that none of these explains is shown as it is.
    """
    if f"fact.{name}" in words.texts:
        return words(f"fact.{name}")
    if of_relatives := _of_relatives(name, pack, words):
        return of_relatives
    key, of = _built_on(name, pack)
    if known := _titled(of, pack):
        title = pick(known, words.language)
    elif key == "months_to" and f"feast.{of}" in words.texts:
        title = words(f"feast.{of}")
    elif f"relation.{of}" in words.texts:
        title, key = words(f"relation.{of}"), "relatives" if key == "count" else key
    else:
        return name
    return words(f"fact.{key}", title=title) if key else title


def _of_relatives(name: str, pack: Pack, words: Words) -> str | None:
    """The title of a fact counted over relatives, with the relation where it is one relation only."""
    through, who, what = name.removeprefix("count_").partition("_who_")
    fact = pack.vocabulary.relatives.get(what)
    if not who or fact is None:
        return None
    title = pick(fact.title, words.language)
    if f"relation.{through}" not in words.texts:
        return title
    return words("fact.of_relation", title=title, relation=words(f"relation.{through}"))


def _built_on(name: str, pack: Pack) -> tuple[str, str]:
    """(`months_since`, `job_end`) for `months_since_job_end`; ("", name) for a name that is one itself."""
    if _titled(name, pack):
        return "", name
    for key, before, after in _PATTERNS:
        if name.startswith(before) and name.endswith(after):
            return key, name[len(before) : len(name) - len(after)]
    return "", name


def _titled(name: str, pack: Pack) -> Text | None:
    """The title of an attribute, an event type or a law date of that name."""
    vocabulary = pack.vocabulary
    known = vocabulary.attributes.get(name) or vocabulary.events.get(name) or vocabulary.law.get(name)
    return known.title if known else None


def _date_or_same(value: FactValue) -> FactValue:
    """A date that was stored as JSON text is a date again."""
    if isinstance(value, str) and _ISO_DATE.fullmatch(value):
        return date.fromisoformat(value)
    return value
