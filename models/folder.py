"""A model that stands alone: fitted on a dump that somebody brought, kept as text in a folder, asked anywhere.

The folder holds `model.json` (task, vocabulary, model, and what it was made of) and `trees.txt` (LightGBM's text;
empty without trees). Nothing in it is executed when it is read.
"""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, Literal

from pydantic import ValidationError

from lifeevents.domain.errors import LifeEventsError
from lifeevents.domain.frozen import Frozen
from lifeevents.domain.pack import Vocabulary
from lifeevents.domain.register import AttributeType, EventType, ValueType
from models.floor import Floor
from models.hazard import Model

MODEL, TREES = "model.json", "trees.txt"


class Words(Frozen):
    """What a dump speaks of: event types, attributes with the type their values had, relations."""

    events: tuple[str, ...]
    attributes: dict[str, ValueType]
    relations: tuple[str, ...]

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> "Words":
        """The words of a vocabulary."""
        return cls(
            events=tuple(vocabulary.events),
            attributes={name: attribute.type for name, attribute in vocabulary.attributes.items()},
            relations=tuple(vocabulary.relations),
        )

    def vocabulary(self) -> Vocabulary:
        """The vocabulary again, without registers: a plain dump has none."""
        return Vocabulary(
            events={name: EventType(title={"en": name}, means=_meaning(name)) for name in self.events},
            attributes={name: AttributeType(title={"en": name}, type=type) for name, type in self.attributes.items()},
            relations=self.relations,
            registers={},
        )


def _meaning(event: str) -> Literal["death"] | None:
    return "death" if event == "death" else None


class Standalone(Frozen):
    """Everything but the trees.

    `model` is for those at risk, `outside` the age-sex floor of those who are alive and not at risk. `days` are the
    reference days it learned from, `chosen` whether they were chosen here, because the task named none that could
    serve. `dump`, `code`: SHA-256 of the data and of the source it was made with; `trees_sha256`: of the trees.
    """

    version: Literal[1] = 1
    task: dict[str, Any]
    words: Words
    model: Model
    outside: Floor
    days: tuple[date, ...]
    chosen: bool
    samples: int
    positives: int
    dump: str
    code: str
    trees_sha256: str


@dataclass(frozen=True)
class Kept:
    """A model with its trees, as text."""

    model: Standalone
    trees: str


def digest_of(trees: str) -> str:
    """SHA-256 of the trees' text."""
    return sha256(trees.encode()).hexdigest()


def checked(folder: Path) -> Path:
    """The folder, if a model can be put there: asked before the work, not after it.

    Raises LifeEventsError when its parent is missing, it is a file, or it holds something that is no model.
    """
    if folder.exists() and not folder.is_dir():
        raise LifeEventsError(f"{folder} is a file. Name a folder for the model: --out models/{folder.stem}")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MODEL).is_file():
        raise LifeEventsError(f"{folder} holds other files and no model. Name an empty or a new folder.")
    if not folder.parent.is_dir():
        raise LifeEventsError(f"{folder}: there is no folder {folder.parent}. Make it, or name another.")
    return folder


def keep(kept: Kept, folder: Path) -> None:
    """Write the model, whole or not at all; a model that was there is replaced."""
    checked(folder)
    fresh = Path(mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        fresh.chmod(0o755)
        _write(fresh / TREES, kept.trees)
        _write(fresh / MODEL, kept.model.model_dump_json(indent=1))
        if folder.exists():
            old = fresh.with_name(f"{fresh.name}.old")
            folder.rename(old)
            fresh.rename(folder)
            shutil.rmtree(old)
        else:
            fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _write(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def read(folder: Path) -> Kept:
    """The model in a folder. Raises LifeEventsError when there is none, or a file is not as it was written."""
    if not (folder / MODEL).is_file() or not (folder / TREES).is_file():
        raise LifeEventsError(f"{folder} holds no model ({MODEL} and {TREES}). Make one: lifeevents fit --out {folder}")
    try:
        content: Mapping[str, Any] = json.loads((folder / MODEL).read_text(encoding="utf-8"))
        model = Standalone.model_validate(content)
        trees = (folder / TREES).read_text(encoding="utf-8")
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise LifeEventsError(f"{folder / MODEL}: {where}: {first['msg']}. Fit the model again.") from None
    except ValueError as error:
        raise LifeEventsError(f"{folder}: this is not the text of a model ({error}). Fit the model again.") from None
    if digest_of(trees) != model.trees_sha256:
        raise LifeEventsError(f"{folder / TREES} is not what the model was written with. Fit the model again.")
    return Kept(model, trees)
