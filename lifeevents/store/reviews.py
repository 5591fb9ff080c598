"""Reviews: what people found of the notices they looked at."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from lifeevents.domain.errors import NotFound
from lifeevents.domain.review import Review
from lifeevents.store.part import Part
from lifeevents.store.schema import notification, review


class Reviews(Part):
    """Keeping and reading reviews."""

    def keep_reviews(self, reviews: Sequence[Review]) -> None:
        asked = {one.notice_id for one in reviews}
        query = select(notification.c.id, notification.c.subject_id).where(
            notification.c.id.in_(asked), notification.c.state == "delivered"
        )
        known = {row.id: row.subject_id for row in self.con.execute(query)}
        if missing := sorted(asked - known.keys()):
            raise NotFound(f'there is no delivered notice "{missing[0]}"; {len(missing)} of {len(asked)} are unknown.')
        for one in reviews:
            row = {
                "notification_id": one.notice_id,
                "finding": one.finding,
                "reviewer": one.reviewer,
                "note": one.note,
                "reviewed_at": one.at,
            }
            statement = insert(review).values(row)
            self.con.execute(statement.on_conflict_do_update(index_elements=[review.c.notification_id], set_=row))
            detail = {"notification": one.notice_id, "finding": one.finding}
            self.audit(one.reviewer, "review", known[one.notice_id], detail, now=one.at)

    def reviews(self) -> Sequence[Review]:
        rows = self.con.execute(select(review).order_by(review.c.notification_id))
        return [
            Review(
                notice_id=row.notification_id,
                finding=row.finding,
                reviewer=row.reviewer,
                note=row.note,
                at=row.reviewed_at,
            )
            for row in rows
        ]
