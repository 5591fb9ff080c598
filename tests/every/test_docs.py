"""The documentation names everything there is: each command, setting, route and contract of the README's promises."""

import re
from pathlib import Path

import pytest
import typer

from features.catalogue import known_features
from lifeevents.engine.contact import RULES
from lifeevents.engine.eligibility import rules_of
from lifeevents.packs import load
from lifeevents.pipeline.explain import Explaining
from lifeevents.testing.fakes import FixedClock
from lifeevents.testing.ledger import InMemoryLedger
from serving.api.app import create_app
from serving.api.service import Service
from serving.cli.main import app
from serving.settings import Settings
from tests.pipeline.people import People
from tests.serving.told import NOW

ROOT = Path(__file__).parent.parent.parent
DOCS = "\n".join(path.read_text() for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))))
FAMILIES = typer.main.get_command(app).commands  # type: ignore[attr-defined]
COMMANDS = sorted({*FAMILIES, *(f"{name} {sub}" for name, c in FAMILIES.items() for sub in getattr(c, "commands", ()))})


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_documented(command: str) -> None:
    assert re.search(rf"`(lifeevents )?{command}\b|lifeevents {command}\b", DOCS)


@pytest.mark.parametrize("setting", sorted(Settings.model_fields))
def test_a_setting_is_documented(setting: str) -> None:
    assert f"`LIFEEVENTS_{setting.upper()}`" in DOCS


def test_every_route_is_documented() -> None:
    pack = load("vn", known_features)
    explainer = Explaining(pack, rules_of(pack, known_features(pack.vocabulary)), People(pack))
    service = Service(ledger=InMemoryLedger(), pack=pack, clock=FixedClock(NOW), explainer=explainer)
    for route, methods in create_app(service).openapi()["paths"].items():
        for method in methods:
            assert f"`{method.upper()} {route}`" in DOCS


def test_the_stop_rules_stand_in_the_documentation_in_their_order() -> None:
    table = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs" / "guards.md").read_text(), flags=re.MULTILINE)
    assert table == [rule.name for rule in RULES]


def test_every_link_of_the_documentation_leads_somewhere() -> None:
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
        for target in re.findall(r"\]\(([^)#]+)\)", path.read_text()):
            if not target.startswith("http"):
                assert (path.parent / target).exists(), f"{path.name}: {target}"
