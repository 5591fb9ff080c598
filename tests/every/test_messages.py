"""Every message in every language is the one that was read and agreed to, and is written in plain words."""

import re
from pathlib import Path

import pytest

from lifeevents.domain.milestone import Milestone
from lifeevents.packs.strict_yaml import read_yaml
from tests.every.messages import GOLDEN, PACK, message, path_of

EVERY = [
    pytest.param(milestone, language, id=f"{milestone.id}: {language}")
    for milestone in PACK.milestones.values()
    for language in PACK.languages
]
AVOIDED = {path.stem: read_yaml(path) for path in (Path(__file__).parent / "plain").glob("*.yaml")}
"""By language, words of offices and words of command that a message to a person does without."""


def test_what_is_plain_is_said_for_every_language() -> None:
    assert {language for language, words in AVOIDED.items() if words["office"] and words["command"]} == set(
        PACK.languages
    )


@pytest.mark.parametrize(("milestone", "language"), EVERY)
def test_a_message_is_the_one_that_was_agreed_to(milestone: Milestone, language: str) -> None:
    golden = path_of(milestone.id, language)
    assert golden.is_file(), "write it with: python -m tests.every.messages"
    assert message(milestone, language) == golden.read_text(encoding="utf-8"), "python -m tests.every.messages"


def test_no_golden_message_is_of_a_milestone_that_is_gone() -> None:
    kept = {path.relative_to(GOLDEN) for path in GOLDEN.rglob("*.txt")}
    assert kept == {path_of(m, language).relative_to(GOLDEN) for m in PACK.milestones for language in PACK.languages}


@pytest.mark.parametrize(("milestone", "language"), EVERY)
def test_a_message_is_in_plain_words(milestone: Milestone, language: str) -> None:
    text = milestone.text
    for said in (text.title[language], text.why[language], text.notice[language] if text.notice else ""):
        assert all(len(part.split()) <= 30 for part in re.split(r"[.;?] ", said)), said
        for kind in ("office", "command"):
            assert not [word for word in AVOIDED[language][kind] if re.search(rf"\b(?:{word})\b", said.lower())], said
        assert "(" not in said
        assert not re.search(r"\b(I|we) regret\b", said)


@pytest.mark.parametrize(("milestone", "language"), EVERY)
def test_a_message_leaves_no_fact_unsaid_and_writes_dates_as_its_language_does(
    milestone: Milestone, language: str
) -> None:
    said = message(milestone, language)
    for procedure in PACK.offers(milestone.id):
        said = said.replace(procedure.title[language], "")
    assert "{" not in said
    assert not re.search(r"\d{4}-\d{2}-\d{2}", said)
    assert ".." not in said
    month = r"January|February|March|April|May|June|July|August|September|October|November|December"
    assert language == "en" or not re.search(rf"\b({month}) \d{{4}}\b", said)
