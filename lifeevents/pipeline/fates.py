"""What became of a subject's occasions, from the ledger: detected, told or held by which rule, answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from lifeevents.domain.explanation import Fate, MessageFate
from lifeevents.domain.occasion import MessageRow, OccasionRow, Offer
from lifeevents.ports import Unit


@dataclass(frozen=True)
class Fates:
    """One subject's rows of the ledger; none without a ledger."""

    rows: Sequence[OccasionRow] = ()
    messages: Sequence[MessageRow] = ()
    offers: Sequence[Offer] = ()

    @classmethod
    def of(cls, unit: Unit | None, subject_id: str, as_of: date) -> "Fates":
        """Read them; an occasion that was found as of a later day is not part of the story yet."""
        if unit is None:
            return cls()
        rows = [row for row in unit.occasions_of(subject_id) if row.detection.as_of <= as_of]
        return cls(rows, unit.messages_of(subject_id), unit.offers(subject_id))

    def occasions(self, milestone: str) -> list[OccasionRow]:
        """The subject's occasions of one milestone, newest first."""
        return [row for row in self.rows if row.detection.milestone == milestone]

    def of_milestone(self, milestone: str, procedure: str) -> tuple[Fate, ...]:
        """What became of each occasion of a milestone, with the answer to one procedure, newest first."""
        return tuple(self._fate(row, procedure) for row in self.occasions(milestone))

    def _fate(self, row: OccasionRow, procedure: str) -> Fate:
        mine = [offer for offer in self.offers if offer.occasion_id == row.id]
        offer = next((offer for offer in mine if offer.recommendation.procedure == procedure), None)
        return Fate(
            occasion_id=row.id,
            detected_at=row.detected_at,
            detector=row.detection.detector,
            probability=row.detection.probability,
            state=row.state,
            closed_reason=row.closed_reason,
            messages=tuple(_told(one) for one in self.messages if one.notification.occasion_id == row.id),
            offered=offer is not None,
            answer=offer.answer if offer else None,
            answered_at=offer.answered_at if offer else None,
            until=offer.until if offer else None,
        )


def _told(row: MessageRow) -> MessageFate:
    stopped = next((stop for stop in row.stops if stop.get("result") == "stopped"), None)
    return MessageFate(
        state=row.state,
        settled_at=row.settled_at,
        not_before=row.notification.not_before,
        recipient_id=row.notification.recipient_id,
        purpose=row.notification.purpose,
        rule=stopped["rule"] if stopped else None,
        reason=stopped.get("reason") if stopped else None,
    )
