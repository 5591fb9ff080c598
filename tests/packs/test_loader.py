import shutil
from pathlib import Path

import pytest

from features.catalogue import known_features
from lifeevents.domain.errors import PackError
from lifeevents.domain.pack import Pack
from lifeevents.packs import load
from lifeevents.packs.loader import HOME
from lifeevents.packs.strict_yaml import read_yaml


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the Vietnamese pack to spoil."""
    return Path(shutil.copytree(HOME / "vn", tmp_path / "vn"))


def spoil(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / file
    text = path.read_text()
    assert old in text, f"{file} no longer says {old!r}"
    path.write_text(text.replace(old, new, 1))


def test_the_vietnamese_pack_loads_by_name_and_by_folder(copy: Path) -> None:
    pack = load("vn", known_features)
    assert isinstance(pack, Pack)
    assert load(copy, known_features) == pack


def test_the_catalogue_holds_116_services_of_which_27_are_essential() -> None:
    procedures = load("vn", known_features).procedures.values()
    assert len(procedures) == 116
    assert sum(procedure.essential for procedure in procedures) == 27


@pytest.mark.parametrize(
    ("file", "old", "new", "teaches"),
    [
        (
            "milestones/retirement.yaml",
            "contribution_months > 0",
            "contribution_month > 0",
            "Did you mean contribution_months?",
        ),
        ("milestones/retirement.yaml", "due: pension_entitlement_from", "due: age_years", "is no date feature"),
        (
            "procedures/ret.bridge.yaml",
            "proactivity: L2",
            "unprompted: {vi: Không, en: No}",
            'offered on retirement, so people are told of it; take "unprompted" or the link away',
        ),
        ("milestones/retirement.yaml", "id: retirement", "id: retire", 'must be the file\'s name, "retirement"'),
        ("milestones/retirement.yaml", "lead: P6M", "lead: 6 months", "Write it like P60D"),
        ("milestones/retirement.yaml", "kind: due", "kind: registered", 'a registered milestone needs "on"'),
        ("milestones/retirement.yaml", "kind: due", "kind: due\nat_risk: alive", '"at_risk" belongs to another kind'),
        ("milestones/retirement.yaml", "ret.bridge]", "ret.brigde]", "Did you mean ret.bridge?"),
        ("milestones/retirement.yaml", "given: {sex: M,", "given: {sexx: M,", 'unknown feature "sexx"'),
        ("milestones/retirement.yaml", "verified: true", "verified: false", "verify the milestone first"),
        ("milestones/child_born.yaml", "on: child_birth", "on: child_brith", "Did you mean child_birth?"),
        (
            "milestones/insurance_break.yaml",
            "procedure: work.si_lumpsum",
            "procedure: work.si_lump",
            "is not offered on",
        ),
        ("milestones/child_born.yaml", "{event.recorded_on}", "{event.recorded}", "Did you mean event.recorded_on?"),
        (
            "milestones/child_born.yaml",
            "on {event.recorded_on}.",
            "on {event.recorded_on.",
            "A fact stands between two",
        ),
        ("locales/en.yaml", '"{n} working days"', '"{n working days"', "A fact stands between two braces"),
        ("milestones/child_born.yaml", "en: A child is born", 'en: ""', "no text in en"),
        ("milestones/child_born.yaml", "kind: registered", "kind: registered\nkind: due", '"kind" is given twice'),
        ("procedures/ret.pension.yaml", "register: population", "register: populaton", "Did you mean population?"),
        ("procedures/ret.pension.yaml", "who:", "whom:", "Extra inputs are not permitted"),
        ("procedures/child.hi_card.yaml", 'who: "true"', "answers: [child_born]", "keep one of the two"),
        ("procedures/hkd.tax.yaml", "who: kind = 'business' or age_years >= 18\n", "", 'needs "who"'),
        (
            "law/pension_entitlement_from.yaml",
            "after: pension_age_reached_on",
            "after: pension_age",
            "is no date feature",
        ),
        (
            "registers/business.yaml",
            "ended_by: household",
            "ended_by: househld",
            "Did you mean household_business_closed",
        ),
        ("registers/business.yaml", "event: household_business_opened", "event: child_birth", "never seen across"),
        ("registers/business.yaml", "of: [spouse, mother", "of: [adoptive_mother", "is on the deny-list"),
        ("registers/business.yaml", "of: [spouse, mother", "of: [spous, mother", "Did you mean spouse?"),
        ("registers/business.yaml", "    ended_by: household_business_closed\n", "", "until an event"),
        ("calendar.yaml", "2006-01-29, ", "", "does not follow 2005-02-09"),
        ("registers/tax.yaml", "yearly_revenue:", "province:", "a fact has one register"),
        ("procedures/ret.pension.yaml", "Hưu trí", "Hưu tri", "Did you mean code.portal_group.Hưu trí?"),
        ("locales/en.yaml", "free: Free of charge\n", "", "no text for free"),
        ("calendar.yaml", "cutoff: '15:00'", "cutoff: noon", "calendar.yaml: cutoff"),
        ("forecasts/births.yaml", "outcome: child_birth", "outcome: child_brith", "Did you mean child_birth?"),
        ("forecasts/births.yaml", "age_years between", "age_year between", "Did you mean age_years?"),
        ("forecasts/births.yaml", "[province, urban]", "[provinc, urban]", "Did you mean province?"),
        ("forecasts/births.yaml", "by: [education_level]", "by: [contribution_months]", "is no attribute with codes"),
        ("forecasts/births.yaml", "by: [education_level]", "by: [disability_level]", "kept out of every model"),
        ("forecasts/births.yaml", "by: [education_level]", "by: [urban]", "name it once"),
        ("forecasts/births.yaml", "by: [education_level]", "least: 9", "greater than or equal to 10"),
        ("forecasts/births.yaml", "en: Births", 'en: ""', "no text in en"),
    ],
)
def test_a_wrong_file_is_refused_with_its_name_and_what_would_be_right(
    copy: Path, file: str, old: str, new: str, teaches: str
) -> None:
    spoil(copy, file, old, new)
    with pytest.raises(PackError) as refused:
        load(copy, known_features)
    assert teaches in str(refused.value)
    assert Path(file).stem.split(".")[0] in str(refused.value)


def test_on_yes_and_no_stay_words(copy: Path) -> None:
    spoil(copy, "milestones/child_born.yaml", "id: child_born", "id: child_born\nlife_event: no\n# was:")
    with pytest.raises(PackError, match="life_event"):
        load(copy, known_features)


@pytest.mark.parametrize(
    ("line", "teaches"),
    [
        ("since: 2026-02-30", "not readable YAML: day is out of range"),
        ("[a, b]: c", "a name must be one word"),
        ("!!set {a, b}: c", "a name must be one word"),
        ("!!set : c", "a name must be one word"),
    ],
)
def test_what_only_looks_like_a_value_of_yaml_is_refused_by_the_file(copy: Path, line: str, teaches: str) -> None:
    path = copy / "milestones" / "child_born.yaml"
    path.write_text(f"{path.read_text()}\n{line}\n")
    with pytest.raises(PackError, match=r"child_born\.yaml") as refused:
        load(copy, known_features)
    assert teaches in str(refused.value)


def test_a_word_that_begins_with_true_or_false_stays_a_word(tmp_path: Path) -> None:
    file = tmp_path / "words.yaml"
    file.write_text("a: trueish\nb: false alarm\nc: true\n")
    assert read_yaml(file) == {"a": "trueish", "b": "false alarm", "c": True}


def test_a_sensitive_milestone_is_never_predicted(copy: Path) -> None:
    spoil(
        copy,
        "milestones/household_business_registration.yaml",
        "kind: predicted",
        "kind: predicted\nsensitivity: sensitive",
    )
    with pytest.raises(PackError, match="never predicted"):
        load(copy, known_features)


def test_a_pack_that_is_not_there_is_said_so() -> None:
    with pytest.raises(PackError, match='no pack "atlantis"'):
        load("atlantis", known_features)


def test_a_procedure_may_name_its_milestone_instead(copy: Path) -> None:
    spoil(copy, "milestones/retirement.yaml", ", ret.bridge]", "]")
    spoil(copy, "procedures/ret.bridge.yaml", "id: ret.bridge", "id: ret.bridge\nanswers: [retirement]")
    offers = load(copy, known_features).offers("retirement")
    assert [procedure.id for procedure in offers] == ["ret.pension", "ret.pension_voluntary", "ret.bridge"]


@pytest.mark.parametrize("outcome", ["job_loss", "child_birth", "divorce", "school_leaving"])
def test_a_sensitive_future_is_never_predicted_for_one_person(copy: Path, outcome: str) -> None:
    spoil(copy, "milestones/move_expected.yaml", "outcome: move", f"outcome: {outcome}")
    with pytest.raises(PackError, match="never predicted for one person"):
        load(copy, known_features)


def test_a_direction_is_one_of_a_number(copy: Path) -> None:
    spoil(copy, "milestones/enterprise_expected.yaml", "{yearly_revenue: rising}", "{yearly_revenu: rising}")
    with pytest.raises(PackError, match="Did you mean yearly_revenue"):
        load(copy, known_features)
