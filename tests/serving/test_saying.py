"""Reasons in sentences: any rule reads well, in every language, without a word written for it."""

from datetime import date
from typing import Any

import pytest

from features.catalogue import known_features
from lifeevents.domain.explanation import Source
from lifeevents.domain.pack import Pack
from lifeevents.engine.conditions import Condition, names_in
from lifeevents.engine.explanation import Known, reasons
from lifeevents.packs import load
from serving.api.shapes.fact import fact_title
from serving.api.shapes.merging import merged
from serving.api.shapes.saying import Saying
from serving.web.wording import words_of

VN = load("vn", known_features)
KNOWN = known_features(VN.vocabulary)
SPOKEN = words_of(VN)
DAY = date(2026, 11, 5)
MONTHS = Source(register_id="social_insurance", since=date(2026, 9, 30))


def said(rule: str, facts: dict[str, Any], language: str = "en") -> list[str]:
    known = Known(DAY, facts, {"contribution_months": MONTHS, "insured": Source(register_id="social_insurance")})
    found = merged(reasons(Condition.parse(rule, KNOWN), known))
    return [Saying(VN, SPOKEN[language]).reason(one) for one in found]


@pytest.mark.parametrize(
    ("rule", "facts", "en", "vi"),
    [
        ("age_years >= 18", {"age_years": 30}, "Age: 30; needed: at least 18.", "Tuổi: 30; cần: ít nhất 18."),
        (
            "age_years >= 18",
            {"age_years": 17, "born_on": date(2008, 11, 6)},
            "Age: 17. Needed: at least 18. That will be so from 6 November 2026 on.",
            "Tuổi: 17. Cần: ít nhất 18. Điều này sẽ đạt từ ngày 06/11/2026.",
        ),
        (
            "age_years < 18",
            {"age_years": 44},
            "Age: 44. This is for those with: at most 17.",
            "Tuổi: 44. Thủ tục này dành cho trường hợp: không quá 17.",
        ),
        (
            "insured in ('voluntary', 'none')",
            {"insured": "compulsory"},
            "Form of social insurance: compulsory (National insurance database). "
            "This is for those with: one of these: voluntary, none.",
            "Hình thức tham gia bảo hiểm xã hội: bắt buộc (Cơ sở dữ liệu quốc gia về bảo hiểm). "
            "Thủ tục này dành cho trường hợp: một trong số: tự nguyện, không tham gia.",
        ),
        (
            "known(insured)",
            {},
            "We could not check this: Form of social insurance. Where it would come from: National insurance database.",
            "Chúng tôi chưa kiểm tra được: Hình thức tham gia bảo hiểm xã hội. "
            "Nguồn thông tin: Cơ sở dữ liệu quốc gia về bảo hiểm.",
        ),
        (
            "health_card_valid_to >= '2027-01-01'",
            {"health_card_valid_to": date(2026, 12, 31)},
            "Health-insurance card valid to: 31 December 2026. This is for those with: 1 January 2027 or later.",
            "Thẻ bảo hiểm y tế có giá trị đến: 31/12/2026. Thủ tục này dành cho trường hợp: từ ngày 01/01/2027 trở đi.",
        ),
        (
            "contribution_months > 0 and contribution_months < 180",
            {"contribution_months": 68},
            "Months of social-insurance contributions: 68 (National insurance database, as of 30 September 2026); "
            "needed: at least 1 and at most 179.",
            "Số tháng đóng bảo hiểm xã hội: 68 (Cơ sở dữ liệu quốc gia về bảo hiểm, tính đến 30/09/2026); "
            "cần: ít nhất 1 và không quá 179.",
        ),
        (
            "contribution_months > 0 and contribution_months >= 180",
            {"contribution_months": 68},
            "Months of social-insurance contributions: 68 (National insurance database, as of 30 September 2026). "
            "Needed: at least 180. 112 more.",
            "Số tháng đóng bảo hiểm xã hội: 68 (Cơ sở dữ liệu quốc gia về bảo hiểm, tính đến 30/09/2026). "
            "Cần: ít nhất 180. Còn thiếu 112.",
        ),
        (
            "identity_card_valid_to is null",
            {},
            "Identity card valid to: nothing on record.",
            "Thẻ căn cước có giá trị đến: chưa có ghi nhận.",
        ),
        (
            "count_household_business_opened = count_household_business_closed",
            {"count_household_business_opened": 1, "count_household_business_closed": 0},
            "Times on record: Household business registered: 1. Times on record: Household business closed: 0. "
            "This is for those with: “Times on record: Household business registered” the same as "
            "“Times on record: Household business closed”.",
            "Số lần ghi nhận: Đăng ký hộ kinh doanh: 1. Số lần ghi nhận: Chấm dứt hoạt động hộ kinh doanh: 0. "
            "Thủ tục này dành cho trường hợp: “Số lần ghi nhận: Đăng ký hộ kinh doanh” bằng với "
            "“Số lần ghi nhận: Chấm dứt hoạt động hộ kinh doanh”.",
        ),
        (
            "sex = 'F' or age_years >= 60",
            {"sex": "M", "age_years": 50, "born_on": date(1976, 2, 29)},
            "Sex: male. Age: 50. Needed: “Sex” female or “Age” at least 60. That will be so from 29 February 2036 on.",
            "Giới tính: nam. Tuổi: 50. Cần: “Giới tính” nữ hoặc “Tuổi” ít nhất 60. Điều này sẽ đạt từ ngày 29/02/2036.",
        ),
        (
            "kind = 'business' or age_years >= 18",
            {"kind": "person", "age_years": 17, "born_on": date(2009, 3, 1)},
            "Age: 17. Needed: at least 18. That will be so from 1 March 2027 on.",
            "Tuổi: 17. Cần: ít nhất 18. Điều này sẽ đạt từ ngày 01/03/2027.",
        ),
        (
            "(insured is null or insured <> 'compulsory') and insured <> 'compulsory'",
            {"insured": "compulsory"},
            "Form of social insurance: compulsory (National insurance database). "
            "This is for those with: anything but compulsory.",
            "Hình thức tham gia bảo hiểm xã hội: bắt buộc (Cơ sở dữ liệu quốc gia về bảo hiểm). "
            "Thủ tục này dành cho trường hợp: khác bắt buộc.",
        ),
        (
            "count_household_business_opened > count_household_business_closed",
            {"count_household_business_opened": 0, "count_household_business_closed": 0},
            "Times on record: Household business registered: 0. Times on record: Household business closed: 0. "
            "Needed: “Times on record: Household business registered” more than "
            "“Times on record: Household business closed”.",
            "Số lần ghi nhận: Đăng ký hộ kinh doanh: 0. Số lần ghi nhận: Chấm dứt hoạt động hộ kinh doanh: 0. "
            "Cần: “Số lần ghi nhận: Đăng ký hộ kinh doanh” nhiều hơn "
            "“Số lần ghi nhận: Chấm dứt hoạt động hộ kinh doanh”.",
        ),
    ],
)
def test_a_rule_reads_as_a_sentence(rule: str, facts: dict[str, Any], en: str, vi: str) -> None:
    assert said(rule, facts, "en") == [en]
    assert said(rule, facts, "vi") == [vi]


@pytest.mark.parametrize(
    ("rule", "facts", "hu"),
    [
        (
            "age_years >= 18",
            {"age_years": 17, "born_on": date(2008, 11, 6)},
            "Életkor: 17. Szükséges: legalább 18. Ez ettől a naptól teljesül: 2026. november 6.",
        ),
        (
            "health_card_valid_to >= '2027-01-01'",
            {"health_card_valid_to": date(2026, 12, 31)},
            "Az egészségbiztosítási kártya utolsó érvényes napja: 2026. december 31. "
            "Feltétele: 2027. január 1. vagy később.",
        ),
        (
            "known(health_card_valid_to)",
            {"health_card_valid_to": date(2026, 12, 31)},
            "Az egészségbiztosítási kártya utolsó érvényes napja: 2026. december 31.",
        ),
        (
            "sex = 'F' or age_years >= 60",
            {"sex": "M", "age_years": 50, "born_on": date(1976, 2, 29)},
            "Neme: férfi. Életkor: 50. Szükséges: „Neme”: nő vagy „Életkor”: legalább 60. "
            "Ez ettől a naptól teljesül: 2036. február 29.",
        ),
    ],
)
def test_a_language_that_ends_its_dates_in_a_full_stop_quotes_in_its_own_way_and_ends_a_sentence_once(
    rule: str, facts: dict[str, Any], hu: str
) -> None:
    assert said(rule, facts, "hu") == [hu]


def test_what_is_missing_comes_first_and_each_term_once() -> None:
    facts = {"sex": "F", "insured": None, "contribution_months": 3}
    found = said("sex = 'F' and insured = 'compulsory' and contribution_months >= 6 and sex = 'F'", facts)
    assert [sentence.partition(":")[0] for sentence in found] == [
        "Months of social-insurance contributions",
        "We could not check this",
        "Sex",
    ]


def test_that_a_reader_is_alive_goes_without_saying() -> None:
    assert said("alive and age_years >= 18", {"alive": True, "age_years": 30}) == ["Age: 30; needed: at least 18."]
    assert said("alive", {"alive": False}) == ["Alive: No. This is for those with: Yes."]


def named(pack: Pack) -> set[str]:
    """Every feature that a rule of the pack reads."""
    rules = [rule for m in pack.milestones.values() for rule in (m.when, m.at_risk, m.due)]
    rules += [rule for p in pack.procedures.values() for rule in (p.who, p.done_when)]
    rules += [rule.when for rule in pack.representatives]
    return {name for rule in rules if rule for name in names_in(rule) if not name.startswith("event.")}


@pytest.mark.parametrize("language", VN.languages)
@pytest.mark.parametrize("name", sorted(named(VN)))
def test_every_fact_that_a_rule_reads_has_a_title_in_every_language(name: str, language: str) -> None:
    assert fact_title(name, VN, SPOKEN[language]) != name


def test_a_fact_of_relatives_and_the_months_to_a_feast_have_titles() -> None:
    titles = [
        fact_title(name, VN, SPOKEN["en"])
        for name in (
            "count_relatives_who_runs_a_business",
            "count_spouse_who_runs_a_business",
            "months_to_lunar_new_year",
        )
    ]
    assert titles == [
        "Relatives who run a household business",
        "Relatives who run a household business: spouse",
        "Months to: Lunar New Year",
    ]
