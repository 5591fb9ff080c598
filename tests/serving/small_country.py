"""A small country: two registers, a law date, three milestones, three procedures."""

from datetime import date
from typing import Any

from lifeevents.domain.calendar import WorkCalendar
from lifeevents.domain.milestone import Case, Milestone
from lifeevents.domain.pack import DateRule, Pack
from lifeevents.domain.procedure import Code, Deadline, Fee, Need, Procedure, Processing
from lifeevents.domain.register import AttributeType, EventType, Register
from lifeevents.packs.loader import HOME
from lifeevents.packs.strict_yaml import read_yaml

TODAY = date(2026, 11, 25)


def text(vi: str, en: str) -> dict[str, str]:
    return {"vi": vi, "en": en}


def _words(language: str) -> dict[str, str]:
    """What the export of the catalogue says, as the pack that comes with the product says it."""
    words = read_yaml(HOME / "vn" / "locales" / f"{language}.yaml")
    return {
        key: word
        for key, word in words.items()
        if key.startswith(("catalogue_", "code.kind.", "code.portal_group.", "currency"))
    }


def small_pack() -> Pack:
    insurance = Register(
        id="social_insurance",
        title=text("Cơ sở dữ liệu quốc gia về bảo hiểm", "National insurance database"),
        owner=text("Bảo hiểm xã hội Việt Nam", "Vietnam Social Security"),
        events={"job_end": EventType(title=text("Dừng đóng bảo hiểm xã hội", "Work spell ends"))},
        attributes={
            "contribution_months": AttributeType(
                title=text("Số tháng đóng bảo hiểm xã hội", "Months of contributions"), type="integer"
            )
        },
    )
    civil = Register(
        id="civil_status",
        title=text("Cơ sở dữ liệu hộ tịch điện tử", "Electronic civil-status database"),
        owner=text("Bộ Tư pháp", "Ministry of Justice"),
        events={"birth": EventType(title=text("Khai sinh", "Birth registered"), kin={"mother": "child_birth"})},
        relations=("mother",),
    )
    entitlement = DateRule(
        id="pension_entitlement_from",
        operator="anniversary",
        title=text("Ngày được hưởng lương hưu", "Day the pension can start"),
        period="P62Y",
        law=("Labour Code 2019 art 169",),
        source="Labour Code 2019 art 169",
        verified=True,
    )
    return Pack(
        id="xx",
        title=text("Nước nhỏ", "Small country"),
        zone="Asia/Ho_Chi_Minh",
        languages=("vi", "en"),
        budget_per_week=2,
        contact=text("Bộ phận một cửa của xã, phường nơi bạn ở", "The one-stop desk of your commune"),
        calendar=WorkCalendar(covers=(date(2025, 1, 1), date(2028, 12, 31))),
        registers={"social_insurance": insurance, "civil_status": civil},
        law={"pension_entitlement_from": entitlement},
        milestones={one.id: one for one in milestones()},
        procedures={one.id: one for one in procedures()},
        words={language: _words(language) for language in ("vi", "en")},
    )


def milestones() -> tuple[Milestone, ...]:
    case = (Case(name="one", given={}, as_of=TODAY, expect=None),)
    return (
        Milestone(
            id="child_born",
            kind="registered",
            on="child_birth",
            sensitivity="sensitive",
            procedures=("child.hi_card",),
            verified=True,
            text={
                "title": text("Chào đón con", "A child is born"),
                "why": text(
                    "Khai sinh của con bạn đã được đăng ký ngày {event.recorded_on}.",
                    "Your child's birth was registered on {event.recorded_on}.",
                ),
            },
            cases=case,
        ),
        Milestone(
            id="retirement",
            kind="due",
            due="pension_entitlement_from",
            procedures=("ret.pension", "ret.voluntary"),
            verified=True,
            life_event="RET",
            law=("Labour Code 2019 art 169",),
            text={
                "title": text("Nghỉ hưu", "Retirement"),
                "why": text(
                    "Lương hưu có thể bắt đầu từ {pension_entitlement_from}.",
                    "Your pension can start on {pension_entitlement_from}.",
                ),
            },
            cases=case,
        ),
        Milestone(
            id="shop",
            kind="predicted",
            outcome="job_end",
            at_risk="age_years >= 18",
            text={"title": text("Mở hộ kinh doanh", "Starting a shop"), "why": text("Nếu bạn…", "If you…")},
            cases=case,
        ),
    )


def procedures() -> tuple[Procedure, ...]:
    office = text("Bảo hiểm xã hội cơ sở", "Local social-insurance office")
    shared: dict[str, Any] = {"authority": text("Bộ Nội vụ", "Ministry of Home Affairs"), "office": office}
    record = Need(
        id="record",
        title=text("Quá trình đóng bảo hiểm xã hội", "Contribution record"),
        register="social_insurance",
        feature="contribution_months",
    )
    return (
        Procedure(
            id="ret.pension",
            title=text("Hưởng lương hưu", "Monthly pension"),
            codes=(
                Code(code="1.000001", valid_to=date(2025, 6, 30), replaced_by="1.014171"),
                Code(code="1.014171", valid_from=date(2025, 7, 1)),
            ),
            level="province",
            portal_group="Hưu trí",
            essential=True,
            proactivity="L2",
            who="contribution_months >= 180",
            needs=(record, Need(id="form", title=text("Đơn đề nghị", "Application form"))),
            deadline=Deadline(after="pension_entitlement_from", period="P1M", law="SI Law art 64", verified=True),
            processing=Processing(days=12, checked=20, verified=True),
            fee=Fee(vnd=0, verified=True),
            law=("SI Law 41/2024 art 64",),
            verified=True,
            **shared,
        ),
        Procedure(
            id="ret.voluntary",
            title=text("Đóng tiếp tự nguyện", "Voluntary contributions"),
            level="province",
            deadline=Deadline(after="pension_entitlement_from", period="P9D", law="a draft", verified=False),
            fee=Fee(vnd=1500000),
            **shared,
        ),
        Procedure(
            id="child.hi_card",
            title=text("Cấp thẻ bảo hiểm y tế", "Health-insurance card"),
            level="commune",
            portal_group="Có con nhỏ",
            verified=True,
            **shared,
        ),
        Procedure(
            id="civil.copy",
            title=text("Cấp bản sao trích lục", "Copy of an extract"),
            level="commune",
            processing=Processing(days=0, verified=True),
            unprompted=text("Cơ quan tự tra cứu.", "Offices look it up themselves."),
            **shared,
        ),
    )
