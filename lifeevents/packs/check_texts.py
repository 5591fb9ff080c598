"""Every text of a pack is there in every language of it; what is missing is named by its file and its key."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from lifeevents.domain.errors import PackError
from lifeevents.domain.pack import Pack

FOLDERS = {
    "milestones": "",
    "procedures": "",
    "registers": "",
    "law": "law/",
    "tables": "law/tables/",
    "chains": "chains/",
    "stories": "stories/",
    "forecasts": "forecasts/",
}
"""What precedes a file's name where it is spoken of, by section of a locale."""


def check_texts(pack: Pack) -> None:
    """Raises PackError for the first text that a language lacks: the file, the key, and where else it may stand."""
    for name in ("title", "contact", "representatives"):
        _whole("pack.yaml", "pack", {name: getattr(pack, name)}, pack.languages)
    for section, prefix in FOLDERS.items():
        for id, one in getattr(pack, section).items():
            _whole(f"{prefix}{id}.yaml", f"{section}.{id}", one, pack.languages)


def _whole(file: str, place: str, value: Any, languages: tuple[str, ...]) -> None:
    for where, text in _texts_of(value, "", languages):
        missing = [language for language in languages if not text.get(language, "").strip()]
        if missing:
            raise PackError(
                f"{file}: {where}: no text in {', '.join(missing)}. "
                f"Write it there, or in locales/{missing[0]}.yaml: as {place}.{where}, or in the glossary."
            )


def _texts_of(value: Any, where: str, languages: tuple[str, ...]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Every {language: text} inside a value, with its path; members of a list by their id, or their place in it."""
    if isinstance(value, BaseModel):
        named = {name: getattr(value, name) for name in type(value).model_fields}
    elif isinstance(value, tuple):
        named = {str(getattr(one, "id", f"[{place}]")): one for place, one in enumerate(value)}
    elif isinstance(value, Mapping):
        named = dict(value)
    else:
        return
    if any(isinstance(named.get(language), str) for language in languages):
        yield where, named
        return
    for name, one in named.items():
        yield from _texts_of(one, f"{where}.{name}".lstrip("."), languages)
