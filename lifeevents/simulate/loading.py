"""Reads a pack's rates from its YAML files."""

from pathlib import Path
from typing import Any

from pydantic import ValidationError

from lifeevents.domain.calendar import Period
from lifeevents.domain.errors import PackError
from lifeevents.domain.pack import DateRule
from lifeevents.packs.loader import HOME
from lifeevents.packs.strict_yaml import read_yaml
from lifeevents.simulate.rates import Rates

_FILES = (
    "sources", "population", "provinces", "fertility", "mortality", "partnership", "adoption", "mobility", "schooling",
    "work", "pension", "business", "cards", "assistance", "unemployment", "maternity", "military", "licences",
    "vehicles", "residence", "disability", "seasons", "behaviour", "registering", "published",
)  # fmt: skip
_SOCIAL_PENSION = {"general": "social_pension_from.yaml", "poor": "social_pension_poor_from.yaml"}


def load_rates(pack: str | Path = "vn") -> Rates:
    """The rates of a pack, by its name or folder. Raises PackError naming the file and the field."""
    folder = Path(pack) if Path(pack).is_dir() else HOME / str(pack)
    content: dict[str, Any] = {}
    for name in _FILES:
        path = folder / "rates" / f"{name}.yaml"
        if not path.is_file():
            raise PackError(f"{folder.name} has no rates/{path.name}: without it nothing can be simulated.")
        content[name] = read_yaml(path)
    registers = {path.stem: read_yaml(path) for path in sorted((folder / "registers").glob("*.yaml"))}
    try:
        ages = DateRule.model_validate(read_yaml(folder / "law" / "pension_age_reached_on.yaml"))
        cards = DateRule.model_validate(read_yaml(folder / "law" / "identity_card_age_on.yaml"))
        social = {group: _months(folder / "law" / name) for group, name in _SOCIAL_PENSION.items()}
        law = {"pension_age": dict(ages.table), "identity_ages": cards.ages, "social_pension_months": social}
        return Rates.model_validate(content | {"registers": registers} | law)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise PackError(f"rates of {folder.name}: {where}: {first['msg']}") from None
    except FileNotFoundError as error:
        raise PackError(f"{folder.name} has no law/{Path(error.filename).name}: the simulation needs it.") from None


def _months(path: Path) -> int:
    """The age in months that a law date adds to the birth date."""
    rule = DateRule.model_validate(read_yaml(path))
    return Period.parse(rule.period or "").months
