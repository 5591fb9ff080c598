"""Every phrase of the pack, in every language, says the same: the same {facts}, nothing left in another tongue."""

from string import Formatter

import pytest

from features.catalogue import known_features
from lifeevents.engine.eligibility import facts_read
from lifeevents.packs import load
from serving.api.shapes.fact import fact_title
from serving.web.wording import words_of

PACK = load("vn", known_features)
WORDS = words_of(PACK)


def facts_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("key", sorted(PACK.words["vi"]))
def test_a_phrase_names_the_same_facts_in_every_language(key: str) -> None:
    assert len({frozenset(facts_in(words[key])) for words in PACK.words.values()}) == 1


@pytest.mark.parametrize("milestone", sorted(PACK.milestones))
def test_a_reason_names_the_same_facts_in_every_language(milestone: str) -> None:
    why = PACK.milestones[milestone].text.why
    assert len({frozenset(facts_in(text)) for text in why.values()}) == 1


@pytest.mark.parametrize("milestone", sorted(PACK.milestones))
def test_every_fact_that_a_rule_reads_has_a_title_in_every_language(milestone: str) -> None:
    for words in WORDS.values():
        assert [name for name in sorted(facts_read(PACK, milestone)) if fact_title(name, PACK, words) == name] == []


@pytest.mark.parametrize("name", sorted(PACK.vocabulary.attributes))
def test_every_code_of_an_attribute_that_a_rule_reads_has_words(name: str) -> None:
    if any(name in facts_read(PACK, milestone) for milestone in PACK.milestones):
        for code in PACK.vocabulary.attributes[name].codes or ():
            assert all(f"code.{name}.{code}" in words.texts for words in WORDS.values()), code


@pytest.mark.parametrize("milestone", sorted(PACK.milestones))
def test_a_text_is_plain_short_and_promises_nothing(milestone: str) -> None:
    for language, text in PACK.milestones[milestone].text.why.items():
        sentences = [part for part in text.replace("?", ".").split(". ") if part]
        assert max(len(sentence.split()) for sentence in sentences) <= 30, (language, text)
        assert "http" not in text
