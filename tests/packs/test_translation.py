"""A language is one file: every text of the pack has a place in it, a missing one and a misplaced one are named."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from features.catalogue import known_features
from lifeevents.domain.errors import PackError
from lifeevents.packs import load
from lifeevents.packs.loader import HOME
from lifeevents.packs.strict_yaml import read_yaml
from lifeevents.packs.translation import GLOSSARY, SECTIONS

HUNGARIAN = "locales/hu.yaml"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the Vietnamese pack to translate."""
    return Path(shutil.copytree(HOME / "vn", tmp_path / "vn"))


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text()
    assert old in text, f"{file} no longer says {old!r}"
    path.write_text(text.replace(old, new, 1))


def test_a_language_lies_in_one_file_and_nowhere_else(copy: Path) -> None:
    (copy / HUNGARIAN).unlink()
    spoil(copy, "pack.yaml", "[vi, en, hu]", "[vi, en]")
    assert not [path for path in copy.rglob("*.yaml") if re.search(r"\bhu: ", path.read_text())]
    without, whole = load(copy, known_features), load("vn", known_features)
    assert set(without.words) == {"vi", "en"}
    assert "hu" not in without.milestones["retirement"].text.title
    assert whole.milestones["retirement"].text.title["hu"] == "Nyugdíjba vonulás"
    assert whole.procedures["ret.pension"].authority["hu"] == "Belügyminisztérium"
    assert whole.milestones["insurance_break"].alternatives[0].loses["hu"].endswith("nyugdíjába.")


def test_a_language_nobody_wrote_code_for_is_added_by_files_alone(copy: Path) -> None:
    """German, made of the Hungarian file: what is tested is that files are enough."""
    german = read_yaml(copy / HUNGARIAN)
    german["milestones"]["retirement"]["text"]["title"] = "Rente"
    (copy / "locales" / "de.yaml").write_text(yaml.safe_dump(german, allow_unicode=True))
    spoil(copy, "pack.yaml", "[vi, en, hu]", "[vi, en, hu, de]")
    pack = load(copy, known_features)
    assert pack.milestones["retirement"].text.title["de"] == "Rente"
    assert all("de" in procedure.title for procedure in pack.procedures.values())


@pytest.mark.parametrize(
    ("old", "new", "teaches"),
    [
        (
            "      title: Nyugdíjba vonulás\n",
            "",
            "retirement.yaml: text.title: no text in hu. Write it there, or in locales/hu.yaml: as "
            "milestones.retirement.text.title, or in the glossary.",
        ),
        (
            "  ret.pension: {title: Nyugdíj kötelező biztosítás alapján}\n",
            "",
            "ret.pension.yaml: title: no text in hu",
        ),
        ("  Date of birth: Születési dátum\n", "", "civil.copy.yaml: needs.birth_date.title: no text in hu"),
        (
            "      sector: {title: Ágazat}\n",
            "      sector: {}\n",
            "business.yaml: attributes.sector.title: no text in hu",
        ),
        ("  adult_on: {title: A 18. születésnap}\n", "", "law/adult_on.yaml: title: no text in hu"),
        ("  title: Vietnám\n", "", "pack.yaml: title: no text in hu"),
        ("  retirement:\n", "  retirment:\n", "milestones.retirment: there is no such file. Did you mean retirement?"),
        (
            "    text:\n      title: Nyugdíjba vonulás",
            "    txt:\n      title: Nyugdíjba vonulás",
            'milestones.retirement: no text is called "txt". Did you mean text?',
        ),
        (
            "title: Nyugdíjba vonulás",
            "titel: Nyugdíjba vonulás",
            'milestones.retirement.text: no text is called "titel". Did you mean title?',
        ),
        (
            "  ret.pension: {title:",
            "  ret.pension: {law: x, title:",
            'procedures.ret.pension: no text is called "law"',
        ),
        (
            "  This is about your company.: Ez",
            "  This is about a company.: Ez",
            "Did you mean This is about your company.?",
        ),
        (
            "  insurance_break:\n",
            "  insurance_break:\n    alternatives: {1: {loses: x}}\n",
            'insurance_break.alternatives: no text is called "1"',
        ),
        ("      sector: {title: Ágazat}", "      sector: Ágazat", "attributes.sector: texts by name belong here"),
        ("title: Nyugdíjba vonulás", "title: {a: b}", "retirement.text.title: one text belongs here"),
        (
            "  Date of birth:",
            "  Day of birth:",
            'no text that needs it reads "Day of birth". Did you mean Date of birth?',
        ),
        (
            "  Passport: Útlevél\n",
            "  Passport: Útlevél\n  Pasport: x\n",
            'glossary: no text that needs it reads "Pasport"',
        ),
        ("milestones:\n", "milestone:\n", '"milestone" is no part of a pack. Did you mean milestones?'),
        ("free: Díjmentes\n", "free: 1\n", "free is not text; put it in quotes"),
    ],
)
def test_what_is_missing_and_what_has_no_place_is_named(copy: Path, old: str, new: str, teaches: str) -> None:
    spoil(copy, HUNGARIAN, old, new)
    with pytest.raises(PackError) as refused:
        load(copy, known_features)
    assert teaches in str(refused.value)


def test_a_text_said_in_both_places_is_refused(copy: Path) -> None:
    spoil(copy, "milestones/retirement.yaml", "en: Retirement}", "en: Retirement, hu: Nyugdíj}")
    with pytest.raises(PackError, match=r"milestones\.retirement\.text\.title: .* keep one of the two"):
        load(copy, known_features)


def test_a_text_by_id_goes_before_the_glossary(copy: Path) -> None:
    spoil(
        copy, HUNGARIAN, "  ret.pension: {title:", "  ret.pension: {needs: {birth_date: {title: Az Ön dátuma}}, title:"
    )
    procedures = load(copy, known_features).procedures
    assert next(n for n in procedures["ret.pension"].needs if n.id == "birth_date").title["hu"] == "Az Ön dátuma"


def test_a_language_without_its_file_and_a_file_without_its_language_are_refused(copy: Path) -> None:
    spoil(copy, "pack.yaml", "[vi, en, hu]", "[vi, en]")
    with pytest.raises(PackError, match=r"locales/hu\.yaml: pack\.yaml does not name hu"):
        load(copy, known_features)
    spoil(copy, "pack.yaml", "[vi, en]", "[vi, en, hu, fr]")
    with pytest.raises(PackError, match=r"locales/fr\.yaml is missing"):
        load(copy, known_features)
    spoil(copy, "pack.yaml", "[vi, en, hu, fr]", "vi")
    with pytest.raises(PackError, match=r"languages: name the languages that the pack speaks"):
        load(copy, known_features)


def test_every_section_of_a_locale_is_used_by_the_hungarian_one() -> None:
    assert {*SECTIONS, GLOSSARY} <= set(read_yaml(HOME / "vn" / HUNGARIAN))
