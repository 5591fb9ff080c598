"""The in-memory unit's reading of what became of a subject."""

from collections.abc import Sequence

from lifeevents.domain.occasion import MessageRow, OccasionRow
from lifeevents.testing.outbox import InMemoryOutbox


class InMemoryStory(InMemoryOutbox):
    """A subject's occasions and messages."""

    def occasions_of(self, subject_id: str) -> Sequence[OccasionRow]:
        rows = [
            OccasionRow(
                id=one.id,
                detection=one.detection,
                detected_at=one.detected_at,
                state="cancelled" if one.id in self.state.cancelled else "open",
                closed_reason=self.state.cancelled.get(one.id),
            )
            for one in sorted(self.state.occasions.values(), key=lambda one: one.id)
            if one.detection.subject_id == subject_id
        ]
        return sorted(rows, key=lambda row: row.detected_at, reverse=True)

    def messages_of(self, subject_id: str) -> Sequence[MessageRow]:
        return [
            MessageRow(
                id=one.id,
                notification=one.notification,
                state=one.state,
                settled_at=one.settled_at,
                stops=one.stops,
            )
            for one in reversed(self.state.messages.values())
            if self.state.occasions[one.notification.occasion_id].detection.subject_id == subject_id
        ]
