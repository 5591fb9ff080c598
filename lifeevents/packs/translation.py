"""A language in one file: its own words, and a text for each one that the pack's files hold in other languages.

`locales/<language>.yaml` names the words of the locale at its top. Under `milestones`, `procedures`, `registers`,
`law`, `tables`, `chains`, `stories` and `forecasts`, by id, and under `pack`, stand the texts of those files, by the
names they have there; members of a list stand by their id. Under `glossary` stands what many files share, and what has
no id: translated once, by its wording in any language of the files. A text given by id goes before it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lifeevents.domain.errors import PackError, did_you_mean
from lifeevents.packs.strict_yaml import read_yaml

SECTIONS = ("pack", "milestones", "procedures", "registers", "law", "tables", "chains", "stories", "forecasts")
GLOSSARY = "glossary"


@dataclass
class Translation:
    """One language of a pack: its words, its texts by their place, and what was found of both while they were laid.

    `files` are the ids seen in each section, `wordings` what the files say, `used` the part of the glossary that was
    needed, and `misplaced` what has no place.
    """

    language: str
    words: dict[str, str]
    glossary: dict[str, str]
    sections: dict[str, Mapping[str, Any]]
    files: dict[str, list[str]] = field(default_factory=dict)
    wordings: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    misplaced: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, path: Path) -> "Translation":
        """The language of a file in `locales/`. Raises PackError for a part that it cannot have."""
        content = read_yaml(path)
        parts: dict[str, Mapping[str, Any]] = {}
        for name in [name for name, value in content.items() if isinstance(value, Mapping)]:
            if name not in (*SECTIONS, GLOSSARY):
                near = did_you_mean(str(name), (*SECTIONS, GLOSSARY))
                raise PackError(f'locales/{path.name}: "{name}" is no part of a pack.{near}')
            parts[name] = content.pop(name)
        for key, text in {**content, **parts.get(GLOSSARY, {})}.items():
            if not isinstance(text, str):
                raise PackError(f"locales/{path.name}: {key} is not text; put it in quotes.")
        return cls(path.stem, content, dict(parts.pop(GLOSSARY, {})), parts)

    def lay(self, section: str, id: str, content: Mapping[str, Any], languages: Sequence[str]) -> dict[str, Any]:
        """A file's content with this language's texts beside the others; `id` is empty for `pack`, which is one file.

        A text that it lacks stays away, for the pack's check to name.
        """
        given = self.sections.get(section, {})
        self.files.setdefault(section, []).append(id)
        place = ".".join(part for part in (section, id) if part)
        laid = self._lay(content, given.get(id, {}) if id else given, place, frozenset(languages))
        return dict(laid)

    def refuse_what_has_no_place(self) -> None:
        """Raises PackError for the first text that no file of the pack has a place for, with the nearest right one."""
        for section, given in self.sections.items():
            known = self.files.get(section, [])
            for id in map(str, given) if section != "pack" else ():
                if id not in known:
                    self._misplace(f"{section}.{id}", "there is no such file.", id, known)
        for wording in self.glossary:
            if wording not in self.used:
                self._misplace(GLOSSARY, f'no text that needs it reads "{wording}".', wording, self.wordings)
        if self.misplaced:
            raise PackError(self.misplaced[0])

    def _misplace(self, where: str, why: str, name: str = "", known: Iterable[str] = ()) -> None:
        self.misplaced.append(f"locales/{self.language}.yaml: {where}: {why}{did_you_mean(name, sorted(known))}")

    def _lay(self, content: Any, own: Any, where: str, languages: frozenset[str]) -> Any:
        if _is_text(content, languages):
            return self._text(content, own, where)
        if isinstance(content, list):
            own = self._by_name(own, {_id(one): one for one in content if _id(one)}, where, languages)
            return [self._lay(one, own.get(_id(one), {}), f"{where}.{_id(one)}", languages) for one in content]
        if isinstance(content, Mapping):
            own = self._by_name(own, content, where, languages)
            return {
                name: self._lay(value, own.get(str(name), {}), f"{where}.{name}", languages)
                for name, value in content.items()
            }
        return content

    def _text(self, content: Mapping[str, str], own: Any, where: str) -> Mapping[str, str]:
        """A text with this language's words: those given for this place, else those of the glossary."""
        said = [wording for wording in content.values() if isinstance(wording, str)]
        self.wordings.update(said)
        if own and not isinstance(own, str):
            self._misplace(where, "one text belongs here. Put it in quotes.")
            return content
        if self.language in content:
            if own:
                self._misplace(where, "the pack's own file says it already; keep one of the two.")
            return content
        if own:
            return {**content, self.language: own}
        shared = [wording for wording in said if wording in self.glossary]
        self.used.update(shared[:1])
        return {**content, self.language: self.glossary[shared[0]]} if shared else content

    def _by_name(self, own: Any, content: Mapping[Any, Any], where: str, languages: frozenset[str]) -> dict[str, Any]:
        """The texts given for a mapping, by the names under which it holds texts."""
        if not isinstance(own, Mapping):
            self._misplace(where, "texts by name belong here, and there is one value.")
            return {}
        places = [str(name) for name, value in content.items() if own and any(_texts(value, languages))]
        for name in map(str, own):
            if name not in places:
                self._misplace(where, f'no text is called "{name}".', name, places)
        return {str(name): text for name, text in own.items() if str(name) in places}


def _id(member: Any) -> str:
    """The id of a member of a list; empty where it has none, so that only the glossary can translate it."""
    return str(member["id"]) if isinstance(member, Mapping) and "id" in member else ""


def _is_text(value: Any, languages: frozenset[str]) -> bool:
    """Is this a text in some of the pack's languages?"""
    return isinstance(value, Mapping) and any(isinstance(value.get(language), str) for language in languages)


def _texts(value: Any, languages: frozenset[str]) -> Iterator[Mapping[str, str]]:
    """Every text inside a value."""
    if _is_text(value, languages):
        yield value
    elif isinstance(value, Mapping | list):
        for one in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(one, languages)
