"""Read a country pack from its folder, checking every name, so that a wrong file is refused with a sentence."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from lifeevents.domain.errors import PackError, did_you_mean
from lifeevents.domain.register import ValueType

M = TypeVar("M", bound=BaseModel)
Features = Mapping[str, ValueType]
HOME = Path(__file__).parent


class _Strict(yaml.SafeLoader):
    """YAML 1.1 without its traps: `on`, `yes` and `no` stay words, and a key given twice is an error."""


def _drop_word_booleans(loader: type[yaml.SafeLoader]) -> None:
    loader.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in pairs if tag != "tag:yaml.org,2002:bool"]
        for first, pairs in loader.yaml_implicit_resolvers.items()
    }
    import re

    loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))
