"""The in-memory unit's reviews."""

from collections.abc import Sequence

from lifeevents.domain.errors import NotFound
from lifeevents.domain.occasion import NotificationState
from lifeevents.domain.review import Review
from lifeevents.testing.people import InMemoryPeople


class InMemoryReviews(InMemoryPeople):
    """Keeping and reading reviews."""

    def keep_reviews(self, reviews: Sequence[Review]) -> None:
        asked = {one.notice_id for one in reviews}
        delivered = {m.id: m for m in self.state.messages.values() if m.state is NotificationState.DELIVERED}
        if missing := sorted(asked - delivered.keys()):
            raise NotFound(f'there is no delivered notice "{missing[0]}"; {len(missing)} of {len(asked)} are unknown.')
        for one in reviews:
            self.state.reviews[one.notice_id] = one
            subject = delivered[one.notice_id].notification.subject_id
            detail = {"notification": one.notice_id, "finding": one.finding}
            self.audit(one.reviewer, "review", subject, detail, now=one.at)

    def reviews(self) -> Sequence[Review]:
        return [self.state.reviews[key] for key in sorted(self.state.reviews)]
