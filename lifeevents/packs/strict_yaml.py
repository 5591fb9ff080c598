"""YAML without its traps: `on`, `yes` and `no` stay words, and a key given twice is an error."""

import re
from pathlib import Path
from typing import Any

import yaml

from lifeevents.domain.errors import PackError


class _Loader(yaml.CSafeLoader):
    """The safe C loader whose only booleans are `true` and `false`."""


_BOOLEAN = "tag:yaml.org,2002:bool"
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in pairs if tag != _BOOLEAN]
    for first, pairs in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOLEAN, re.compile(r"(?:true|false)$"), list("tf"))


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            raise yaml.constructor.ConstructorError(None, None, "a name must be one word", key_node.start_mark)
        key = loader.construct_object(key_node)
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f'"{key}" is given twice', key_node.start_mark)
        seen.add(key)
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)


def read_yaml(path: Path) -> dict[str, Any]:
    """The mapping in a YAML file. Raises PackError naming the file and the line that cannot be read."""
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise PackError(f"{path.name} is not readable YAML: {error}") from None
    if not isinstance(content, dict):
        raise PackError(f"{path.name} must hold a mapping (name: value), and holds {type(content).__name__}.")
    return content
