"""The words of the interface: complete in every language, none unused, replaceable by a pack."""

import re
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml
from babel import Locale

from lifeevents.domain.errors import PackError
from lifeevents.domain.pack import Pack
from serving.web.renderer import TEMPLATES
from serving.web.wording import FOLDER, Words, words_of

FILES = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.yaml")}
SOURCES = [*TEMPLATES.glob("*.html"), *TEMPLATES.parent.rglob("*.py"), *(TEMPLATES.parent.parent / "api").rglob("*.py")]
CODE = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
QUOTED = set(re.findall(r"""["']([a-z_]+(?:\.[A-Za-z0-9_]+)*\.?)(?=["'%{])""", CODE))


def stem(key: str) -> str:
    """A key without its plural category."""
    return key.partition("/")[0]


@pytest.mark.parametrize("language", sorted(FILES))
def test_every_language_has_the_same_keys(language: str) -> None:
    assert {stem(key) for key in FILES[language]} == {stem(key) for key in FILES["en"]}


@pytest.mark.parametrize("language", sorted(FILES))
def test_counted_texts_have_the_categories_of_their_language(language: str) -> None:
    counted = {stem(key) for key in FILES[language] if stem(key) != key}
    assert counted
    for key in counted:
        found = {other.partition("/")[2] for other in FILES[language] if stem(other) == key and other != key}
        assert found == set(Locale.parse(language).plural_form.tags) | {"other"}, key


@pytest.mark.parametrize("language", sorted(FILES))
def test_every_language_fills_in_the_same_names(language: str) -> None:
    for key, text in FILES[language].items():
        names = set(re.findall(r"\{(\w+)\}", text))
        assert names == set(re.findall(r"\{(\w+)\}", FILES["en"].get(key, text))), key


def test_every_text_is_used() -> None:
    unused = []
    for key in map(stem, FILES["vi"]):
        parts = key.split(".")
        prefixes = {".".join(parts[:n]) + "." for n in range(1, len(parts))}
        if key not in QUOTED and not prefixes & QUOTED:
            unused.append(key)
    assert unused == []


def test_a_missing_text_is_an_error_that_names_the_nearest() -> None:
    with pytest.raises(KeyError, match=r"Did you mean citizen\.title"):
        Words("vi", FILES["vi"])("citizen.titel")


def test_a_pack_may_replace_a_text_and_add_its_own(pack: Pack) -> None:
    own = {"site.name": "Cổng của tôi", "code.insured.none": "Không tham gia"}
    words = words_of(pack.model_copy(update={"words": {"vi": own, "en": {}}}))["vi"]
    assert words("site.name") == "Cổng của tôi"
    assert words.value("none", "code.insured.none") == "Không tham gia"


def test_a_language_without_all_texts_is_refused_with_the_keys(pack: Pack) -> None:
    with pytest.raises(PackError, match=r"fr\.yaml: the interface needs about\.automated, .* and \d+ more"):
        words_of(pack.model_copy(update={"languages": ("vi", "fr"), "words": {}}))


def test_a_value_that_yaml_reads_as_something_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "vi.yaml").write_text("value.no: no\n")
    monkeypatch.setattr("serving.web.wording.FOLDER", tmp_path)
    with pytest.raises(PackError, match=r"vi\.yaml: value\.no is not text; put it in quotes"):
        words_of(None)  # type: ignore[arg-type]


def test_dates_moments_and_numbers_follow_the_language() -> None:
    vi, en, hu = (Words(language, FILES[language]) for language in ("vi", "en", "hu"))
    at, zone = datetime(2026, 11, 5, 20, 30, tzinfo=UTC), ZoneInfo("Asia/Ho_Chi_Minh")
    assert (vi.date(date(2026, 11, 5)), en.date(date(2026, 11, 5))) == ("05/11/2026", "5 November 2026")
    assert (vi.moment(at, zone), en.moment(at, zone)) == ("03:30 06/11/2026", "6 November 2026, 03:30")
    assert (vi.number(1234567), en.number(1234567)) == ("1.234.567", "1,234,567")
    assert (vi.percent(0.231), en.percent(0.5)) == ("23%", "50%")
    assert (hu.date(date(2026, 11, 5)), hu.number(1234567)) == ("2026. november 5.", "1\xa0234\xa0567")
    assert (hu.moment(at, zone), hu.percent(0.231)) == ("2026. november 6. 03:30", "23%")
    assert (vi.value(True), vi.value(None), vi.value("F", "code.sex.F")) == ("Có", "chưa có thông tin", "Nữ")
    assert (en.count("citizen.steps", 1), en.count("citizen.steps", 3)) == ("1 procedure", "3 procedures")
