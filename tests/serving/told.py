"""What the sweep and the worker leave behind for two people: occasions, offers and messages."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from lifeevents.domain.occasion import Detection, Fact, Notification, Paper, Recommendation, Term
from tests.serving.small_country import TODAY, text

NOW = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
LAN, BINH, NOBODY = "s-lan", "s-binh", "s-nobody"


def recommendation(procedure: str, subject_id: str, milestone: str, **given: Any) -> Recommendation:
    """An offer's content with everything optional left out."""
    base: dict[str, Any] = {
        "rank": 1,
        "eligibility": "yes",
        "title": text("Hưởng lương hưu", "Monthly pension"),
        "why": text("Lương hưu có thể bắt đầu từ 01/06/2027.", "Your pension can start on 1 June 2027."),
        "office": text("Bảo hiểm xã hội cơ sở", "Local social-insurance office"),
        "review_on": TODAY + timedelta(days=90),
    }
    return Recommendation(procedure=procedure, subject_id=subject_id, milestone=milestone, **(base | given))


def pension(subject_id: str) -> Recommendation:
    """A verified offer with a deadline, a held and a missing paper, and a reason."""
    months = Fact(name="contribution_months", value=240, as_of=TODAY)
    return recommendation(
        "ret.pension",
        subject_id,
        "retirement",
        terms=(Term(text="contribution_months >= 180", answer="yes", facts=(months,)),),
        deadline=TODAY + timedelta(days=10),
        days_left=12,
        deadline_law="SI Law 41/2024 art 64",
        entitlement_from=date(2027, 6, 1),
        papers=(
            Paper(
                need="record",
                title=text("Quá trình đóng bảo hiểm xã hội", "Contribution record"),
                held=True,
                register_id="social_insurance",
                value=240,
            ),
            Paper(need="form", title=text("Đơn đề nghị", "Application form"), held=False),
        ),
        processing=text("12 ngày làm việc", "12 working days"),
        fee=text("Không thu phí", "Free of charge"),
        code="1.014171",
        verified=True,
    )


def voluntary(subject_id: str) -> Recommendation:
    """An unverified offer that could not be fully checked."""
    unknown = Fact(name="last_job_end_on", value=None)
    return recommendation(
        "ret.voluntary",
        subject_id,
        "retirement",
        rank=2,
        eligibility="ask",
        title=text("Đóng tiếp tự nguyện", "Voluntary contributions"),
        terms=(Term(text="known(last_job_end_on)", answer="ask", facts=(unknown,)),),
    )


def tell(ledger: Any, subject_id: str, milestone: str, items: tuple[Recommendation, ...], **detected: Any) -> None:
    """An occasion with its offers and its message, as the sweep and the worker leave them."""
    base: dict[str, Any] = {"kind": "due", "anchor": "2027-06-01", "due_on": date(2027, 6, 1), "detector": "law:1"}
    detection = Detection(subject_id=subject_id, milestone=milestone, as_of=TODAY, **(base | detected))
    with ledger.begin() as unit:
        occasion = unit.add_occasion(detection, now=NOW)
        unit.add_recommendations(occasion, items)
        message = Notification(
            key=f"{occasion.id}:portal",
            occasion_id=occasion.id,
            milestone=milestone,
            subject_id=subject_id,
            recipient_id=subject_id,
            channel="portal",
            purpose="milestone",
            title=text("Bạn sắp đến tuổi nghỉ hưu", "Your pension comes near"),
            body=text("Có hai thủ tục có thể hữu ích cho bạn.", "Two procedures may be of use to you."),
            not_before=NOW,
        )
        unit.put_in_inbox(f"no-{subject_id}-{milestone}", message, now=NOW)
