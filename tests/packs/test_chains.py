"""A chain that cannot be followed is refused when the pack is loaded, with what would be right."""

import shutil
from pathlib import Path

import pytest

from features.catalogue import known_features
from lifeevents.domain.errors import PackError
from lifeevents.packs import load
from lifeevents.packs.loader import HOME

BIRTH = "chains/birth.yaml"


@pytest.mark.parametrize(
    ("old", "new", "teaches"),
    [
        ("whole: birth.interlinked", "whole: birth.interlink", "Did you mean birth.interlinked?"),
        ("procedure: child.hi_card", "procedure: child.hicard", "Did you mean child.hi_card?"),
        ("procedure: child.hi_card", "procedure: birth.register", "birth.register stands twice"),
        ("procedure: child.hi_card", "procedure: birth.interlinked", "the whole is no step"),
        (
            "{birth_registration: birth.register}",
            "{birth_registered: birth.register}",
            "Did you mean birth_registration?",
        ),
        ("{birth_registration: birth.register}", "{birth_registration: child.hi_card}", "which is no step before it"),
        ("last_child_birth_on >=", "last_child_brith_on >=", "Did you mean last_child_birth_on?"),
        ('vi: "Khai sinh, thường trú, thẻ bảo hiểm y tế, căn cước của trẻ"', "vi: ''", "title: no text in vi"),
        ("id: birth\n", "id: births\n", 'must be the file\'s name, "birth"'),
    ],
)
def test_a_wrong_chain_is_refused_with_its_file_and_what_would_be_right(
    tmp_path: Path, old: str, new: str, teaches: str
) -> None:
    folder = Path(shutil.copytree(HOME / "vn", tmp_path / "vn"))
    text = (folder / BIRTH).read_text(encoding="utf-8")
    assert old in text
    (folder / BIRTH).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackError, match=r"birth\.yaml") as refused:
        load(folder, known_features)
    assert teaches in str(refused.value)


def test_two_chains_cannot_be_the_same_application(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(HOME / "vn", tmp_path / "vn"))
    text = (folder / BIRTH).read_text(encoding="utf-8").replace("id: birth\n", "id: birth_again\n")
    (folder / "chains" / "birth_again.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PackError, match=r"birth_again\.yaml: birth\.interlinked is already the whole of birth"):
        load(folder, known_features)


def test_a_whole_and_each_of_its_steps_are_offered_on_some_milestone() -> None:
    pack = load("vn", known_features)
    led = {procedure.id for milestone in pack.milestones for procedure in pack.offers(milestone)}
    for chain in pack.chains.values():
        assert chain.whole in led
        assert {step.procedure for step in chain.steps} <= led
