"""The words of the interface: `words/<language>.yaml`, replaced or extended by the pack's `locales/`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path

import yaml
from babel import Locale
from babel.dates import format_datetime
from babel.numbers import format_percent

from lifeevents.domain.errors import PackError, did_you_mean
from lifeevents.domain.occasion import FactValue
from lifeevents.domain.pack import Pack
from lifeevents.engine.words import locale_of, write_value

FOLDER = Path(__file__).parent / "words"


@dataclass(frozen=True)
class Words:
    """One language: texts by key, and how it writes dates, numbers and plurals."""

    language: str
    texts: Mapping[str, str]

    def __call__(self, key: str, **given: object) -> str:
        """The text of `key` with {names} filled in. Raises KeyError, naming the nearest key, when there is none."""
        if key not in self.texts:
            raise KeyError(f'no text "{key}" in {self.language}.yaml.{did_you_mean(key, self.texts)}')
        return self.texts[key].format(**given)

    def count(self, key: str, n: int) -> str:
        """The text of `key/<plural category>` for `n` (CLDR: `one`, `other`...), with {n} written."""
        category = Locale.parse(self.language).plural_form(n)
        return self(f"{key}/{category}", n=self.number(n))

    def date(self, day: date) -> str:
        """A day as people write it: 05/11/2026, 5 November 2026."""
        return write_value(day, self.language)

    def moment(self, at: datetime, zone: tzinfo) -> str:
        """A moment on the wall clock of `zone`, day and time."""
        pattern, locale = self("format.moment"), locale_of(self.language)
        return str(format_datetime(at, pattern, tzinfo=zone, locale=locale))

    def number(self, value: float) -> str:
        """A number with the language's separators."""
        return write_value(value, self.language)

    def percent(self, share: float, pattern: str = "#,##0%") -> str:
        """A share of 1 as a whole percentage, or as CLDR's `pattern` says."""
        return str(format_percent(share, pattern, locale=locale_of(self.language)))

    def value(self, value: FactValue, *codes: str) -> str:
        """A fact's value in words; `codes` are the keys under which a code may have a text (`code.sex.F`)."""
        match value:
            case None:
                return self("value.unknown")
            case bool():
                return self("value.yes" if value else "value.no")
            case str():
                return next((self.texts[code] for code in codes if code in self.texts), value)
        return write_value(value, self.language)


def words_of(pack: Pack) -> dict[str, Words]:
    """Words in each of the pack's languages, the pack's own texts first.

    Raises PackError when a language lacks a text, naming the keys and the file to write them in.
    """
    built_in = {path.stem: _read(path) for path in sorted(FOLDER.glob("*.yaml"))}
    keys = {key for texts in built_in.values() for key in texts}
    spoken = {}
    for language in pack.languages:
        texts = built_in.get(language, {}) | dict(pack.words.get(language, {}))
        if missing := sorted(_needed(keys, language) - set(texts)):
            some = ", ".join(missing[:5]) + (f" and {len(missing) - 5} more" if len(missing) > 5 else "")
            raise PackError(f"{language}.yaml: the interface needs {some}. Write them in the pack's locales/.")
        spoken[language] = Words(language, texts)
    return spoken


def _needed(keys: set[str], language: str) -> set[str]:
    """The keys a language must have: a counted text (`key/other`) in each of its own plural categories."""
    categories = {*Locale.parse(language).plural_form.tags, "other"}
    counted = {key.partition("/")[0] for key in keys if "/" in key}
    plain = {key for key in keys if "/" not in key}
    return plain | {f"{key}/{category}" for key in counted for category in categories}


def _read(path: Path) -> dict[str, str]:
    """A file of texts. Raises PackError on a value that YAML does not read as text."""
    texts = yaml.safe_load(path.read_text(encoding="utf-8"))
    for key, text in texts.items():
        if not isinstance(text, str):
            raise PackError(f"{path.name}: {key} is not text; put it in quotes.")
    return dict(texts)
