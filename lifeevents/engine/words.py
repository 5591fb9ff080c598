"""Texts with facts in them, in a person's language."""

from collections.abc import Mapping
from datetime import date
from string import Formatter
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from lifeevents.domain.register import Text

_LOCALES = {"en": "en_GB"}
_DATE_PATTERNS = {"vi": "dd/MM/yyyy"}


def locale_of(language: str) -> str:
    """The CLDR locale that stands for a pack language (English is British: day before month)."""
    return _LOCALES.get(language, language)


def write_value(value: Any, language: str) -> str:
    """A fact as people write it: 05/11/2026 or 5 November 2026, 1.000.000 or 1,000,000.

    Dates are CLDR's long ones, unless people write another pattern in forms and letters.
    """
    if isinstance(value, date):
        return format_date(value, _DATE_PATTERNS.get(language, "long"), locale=locale_of(language))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return format_decimal(value, locale=locale_of(language))
    return str(value)


def fill(text: Text, facts: Mapping[str, Any]) -> Text | None:
    """The text with its {facts} written in; None when one of them is unknown, so that nothing is half-said."""
    names = {name for line in text.values() for _, name, _, _ in Formatter().parse(line) if name}
    if any(facts.get(name) is None for name in names):
        return None
    return {language: _fill_one(line, facts, language) for language, line in text.items()}


def _fill_one(line: str, facts: Mapping[str, Any], language: str) -> str:
    return "".join(
        literal + (write_value(facts[name], language) if name else "")
        for literal, name, _, _ in Formatter().parse(line)
    )
