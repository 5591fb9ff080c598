"""What a person is offered, and what the person answers."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, exists, func, select, tuple_, union, update
from sqlalchemy.dialects.postgresql import distinct_on, insert

from lifeevents.domain.errors import NotFound
from lifeevents.domain.occasion import AnswerKind, Offer, Recommendation
from lifeevents.engine.answers import check_answer, state_after
from lifeevents.store.cases import Cases
from lifeevents.store.schema import answer, case_file, occasion, recommendation

_OFFERS = select(
    recommendation,
    occasion.c.kind,
    occasion.c.due_on,
    occasion.c.probability,
    (occasion.c.state == "cancelled").label("cancelled"),
).join(occasion, occasion.c.id == recommendation.c.occasion_id)

_OF_SUBJECT = _OFFERS.where(recommendation.c.subject_id == bindparam("subject")).order_by(
    occasion.c.detected_at.desc(), occasion.c.id, recommendation.c.rank
)


class Offers(Cases):
    """Reading offers, answering them, and what the answers silence."""

    def offers(self, subject_id: str) -> Sequence[Offer]:
        return [_offer(row) for row in self.con.execute(_OF_SUBJECT, {"subject": subject_id})]

    def offer(self, offer_id: str, subject_id: str) -> Offer:
        return _offer(self._theirs(_OFFERS, offer_id, subject_id))

    def answer(
        self, offer_id: str, subject_id: str, kind: AnswerKind, *, note: str | None, until: date | None, now: datetime
    ) -> Offer:
        before = _offer(self._theirs(_OFFERS.with_for_update(of=recommendation), offer_id, subject_id))
        check_answer(kind, until=until, latest=before.answer, state=before.state, today=now.date())
        if (before.answer, before.until, before.note) == (kind, until, note):
            return before
        said = {"kind": kind.value, "note": note, "until": until, "answered_at": now}
        self.con.execute(insert(answer).values(recommendation_id=offer_id, **said))
        self.con.execute(
            update(recommendation)
            .where(recommendation.c.id == offer_id)
            .values(answer=kind.value, answered_at=now, answer_until=until, answer_note=note)
        )
        if kind is AnswerKind.WRONG:
            milestone = before.recommendation.milestone
            reason = "The person says that this is wrong about them."
            self.open_case("wrong", before.occasion_id, subject_id, milestone, reason=reason, now=now)
        self.stops = self.stops or kind is not AnswerKind.TAKEN_BACK
        self.audit(f"subject:{subject_id}", "answer", subject_id, {"offer": offer_id, "kind": kind.value}, now=now)
        return self.offer(offer_id, subject_id)

    def _theirs(self, query: Select[Any], offer_id: str, subject_id: str) -> Row[Any]:
        here = query.where(recommendation.c.id == offer_id, recommendation.c.subject_id == subject_id)
        row = self.con.execute(here).one_or_none()
        if row is None:
            raise NotFound("There is no such offer.")
        return row

    def answers_on(self, occasion_id: str) -> Sequence[tuple[str, AnswerKind, datetime]]:
        query = (
            select(recommendation.c.procedure, recommendation.c.answer, recommendation.c.answered_at)
            .where(recommendation.c.occasion_id == occasion_id, recommendation.c.answer.is_not(None))
            .order_by(recommendation.c.rank)
        )
        return [(row.procedure, AnswerKind(row.answer), row.answered_at) for row in self.con.execute(query)]

    def silenced_among(self, pairs: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of these (subject, milestone) pairs that the person refused, or called wrong in an open case."""
        wrong = select(case_file.c.subject_id, case_file.c.milestone).where(
            case_file.c.kind == "wrong",
            case_file.c.settled_at.is_(None),
            tuple_(case_file.c.subject_id, case_file.c.milestone).in_(list(pairs)),
        )
        answered_last = (
            select(occasion.c.id, occasion.c.subject_id, occasion.c.milestone)
            .ext(distinct_on(occasion.c.subject_id, occasion.c.milestone))
            .join(recommendation, recommendation.c.occasion_id == occasion.c.id)
            .where(tuple_(occasion.c.subject_id, occasion.c.milestone).in_(list(pairs)))
            .where(recommendation.c.answer.is_not(None))
            .order_by(occasion.c.subject_id, occasion.c.milestone, recommendation.c.answered_at.desc())
            .subquery()
        )
        not_refused = exists().where(
            recommendation.c.occasion_id == answered_last.c.id,
            func.coalesce(recommendation.c.answer, "") != AnswerKind.NOT_FOR_ME.value,
        )
        refused = select(answered_last.c.subject_id, answered_last.c.milestone).where(~not_refused)
        return {(row.subject_id, row.milestone) for row in self.con.execute(union(wrong, refused))}

    def is_silenced(self, subject_id: str, milestone: str, *, now: datetime) -> bool:
        return bool(self.silenced_among([(subject_id, milestone)]))


def _offer(row: Row[Any]) -> Offer:
    latest = AnswerKind(row.answer) if row.answer else None
    return Offer(
        id=row.id,
        occasion_id=row.occasion_id,
        recommendation=Recommendation.model_validate(row.body),
        milestone_kind=row.kind,
        due_on=row.due_on,
        probability=row.probability,
        state=state_after(latest, cancelled=row.cancelled),
        answer=latest,
        answered_at=row.answered_at,
        note=row.answer_note,
        until=row.answer_until,
        created_at=row.created_at,
    )
