"""Read a country pack from its folder. Every name is checked, so a wrong file is refused with a sentence.

A pack's folder holds pack.yaml, calendar.yaml, and one file per register, law date, milestone, procedure,
chain, story, forecast and language. A file's name is its id. A text stands in the file it belongs to, or in its
language's own file.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from lifeevents.domain.calendar import WorkCalendar
from lifeevents.domain.chain import Chain
from lifeevents.domain.errors import PackError
from lifeevents.domain.forecast import Forecasting
from lifeevents.domain.law import LawTable
from lifeevents.domain.milestone import Milestone
from lifeevents.domain.pack import DateRule, Pack, Vocabulary
from lifeevents.domain.procedure import Procedure
from lifeevents.domain.register import Register, ValueType
from lifeevents.domain.script import Script
from lifeevents.packs.check import check
from lifeevents.packs.check_chains import check_chains
from lifeevents.packs.check_texts import check_texts
from lifeevents.packs.strict_yaml import read_yaml
from lifeevents.packs.translation import Translation

M = TypeVar("M", bound=BaseModel)
KnownFeatures = Callable[[Vocabulary], Mapping[str, ValueType]]
HOME = Path(__file__).parent
"""Where the packs that come with the product lie."""


def load(pack: str | Path, known_features: KnownFeatures) -> Pack:
    """The pack by name (`vn`) or folder, checked against the features that exist for its vocabulary.

    Raises PackError: the file, what is wrong, and the nearest right thing.
    """
    folder = Path(pack) if Path(pack).is_dir() else HOME / str(pack)
    if not (folder / "pack.yaml").is_file():
        raise PackError(f'there is no pack "{pack}": give the name of one in {HOME.name}/ or a folder with pack.yaml.')
    files = _Files(folder)
    registers = files.read("registers", "registers", Register)
    _each_name_once(registers)
    loaded = _valid(
        Pack,
        folder / "pack.yaml",
        dict(files.with_every_language("pack", "", files.pack))
        | {
            "calendar": _valid(WorkCalendar, folder / "calendar.yaml", read_yaml(folder / "calendar.yaml")),
            "registers": registers,
            "law": files.read("law", "law", DateRule),
            "tables": files.read("tables", "law/tables", LawTable),
            "milestones": files.read("milestones", "milestones", Milestone),
            "procedures": files.read("procedures", "procedures", Procedure),
            "chains": files.read("chains", "chains", Chain),
            "stories": files.read("stories", "stories", Script),
            "forecasts": files.read("forecasts", "forecasts", Forecasting),
            "words": {one.language: one.words for one in files.translations},
        },
    )
    for translation in files.translations:
        translation.refuse_what_has_no_place()
    features = known_features(loaded.vocabulary)
    check(loaded, features)
    check_chains(loaded, features)
    check_texts(loaded)
    return loaded


class _Files:
    """The YAML files of a pack's folder, each with the texts of the languages that lie in a file of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.pack = folder, read_yaml(folder / "pack.yaml")
        self.translations = [Translation.read(path) for path in sorted((folder / "locales").glob("*.yaml"))]
        spoken = self.pack.get("languages")
        self.languages = [str(language) for language in spoken] if isinstance(spoken, list) else []
        if not self.languages:
            raise PackError("pack.yaml: languages: name the languages that the pack speaks, like [vi, en].")

    def read(self, section: str, folder: str, model: type[M]) -> dict[str, M]:
        """Every file of a folder, by id; the id must be the file's name."""
        found: dict[str, M] = {}
        for path in sorted((self.folder / folder).glob("*.yaml")):
            content = read_yaml(path)
            if content.get("id") != path.stem:
                raise PackError(
                    f'{path.name}: id is "{content.get("id")}"; it must be the file\'s name, "{path.stem}".'
                )
            found[path.stem] = _valid(model, path, self.with_every_language(section, path.stem, content))
        return found

    def with_every_language(self, section: str, id: str, content: Mapping[str, Any]) -> Mapping[str, Any]:
        """A file's content with the texts that each translation has for it."""
        for translation in self.translations:
            content = translation.lay(section, id, content, self.languages)
        return content


def _valid(model: type[M], path: Path, content: Mapping[str, Any]) -> M:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        what = first["msg"].removeprefix("Value error, ")
        more = f" ({error.error_count() - 1} more)" if error.error_count() > 1 else ""
        raise PackError(f"{path.name}: {where}: {what}{more}") from None


def _each_name_once(registers: Mapping[str, Register]) -> None:
    seen: dict[str, str] = {}
    for register in registers.values():
        for name in (*register.events, *register.attributes, *register.relatives):
            if name in seen:
                raise PackError(
                    f'{register.id}.yaml: "{name}" is already delivered by {seen[name]}; a fact has one register.'
                )
            seen[name] = register.id
