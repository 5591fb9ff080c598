"""The in-memory unit's figures: what was told, and what the indicators are computed from."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta

from lifeevents.domain.occasion import AnswerKind, NotificationState, Occasion, Offer, Told
from lifeevents.engine.correction import CORRECTION
from lifeevents.ports import Reach
from lifeevents.testing.people import InMemoryPeople


class InMemoryFigures(InMemoryPeople):
    """Delivered notices, and whom each procedure reached."""

    def told(self) -> Sequence[Told]:
        found = []
        for message in self.state.messages.values():
            m = message.notification
            if message.state is NotificationState.DELIVERED and m.purpose != CORRECTION and message.settled_at:
                detection = self.state.occasions[m.occasion_id].detection
                found.append(
                    Told(
                        id=message.id,
                        occasion_id=m.occasion_id,
                        subject_id=detection.subject_id,
                        recipient_id=m.recipient_id,
                        milestone=detection.milestone,
                        kind=detection.kind,
                        about=m.about,
                        due_on=detection.due_on,
                        kin=detection.event.get("kin"),
                        occurred_on=detection.event.get("occurred_on"),
                        born_on=detection.facts.get("born_on"),
                        delivered_at=message.settled_at,
                    )
                )
        return found

    def reach(self) -> Mapping[str, Reach]:
        first_told: dict[str, datetime] = {}
        for one in self.told():
            first_told[one.occasion_id] = min(one.delivered_at, first_told.get(one.occasion_id, one.delivered_at))
        counted: dict[str, tuple[set[str], set[str], set[str]]] = defaultdict(lambda: (set(), set(), set()))
        for offer, last in self._counted():
            r = offer.recommendation
            eligible, reached, overdue = counted[r.procedure]
            in_time = last >= (self.began() or last)
            (eligible if in_time else overdue).add(r.subject_id)
            at = first_told.get(offer.occasion_id)
            done_before = offer.answer is AnswerKind.DONE and at and offer.answered_at and offer.answered_at <= at
            if in_time and at is not None and at.astimezone(UTC).date() <= last and not done_before:
                reached.add(r.subject_id)
        return {name: Reach(*(len(people) for people in sets)) for name, sets in sorted(counted.items())}

    def offered(self) -> Mapping[tuple[str, str], int]:
        people: dict[tuple[str, str], set[str]] = defaultdict(set)
        for offer, last in self._counted():
            if last >= (self.began() or last):
                people[offer.recommendation.milestone, offer.recommendation.procedure].add(
                    offer.recommendation.subject_id
                )
        return {pair: len(subjects) for pair, subjects in sorted(people.items())}

    def began(self) -> date | None:
        found = [one.detected_at.astimezone(UTC).date() for one in self.state.occasions.values()]
        return min(found, default=None)

    def _counted(self) -> Iterator[tuple[Offer, date]]:
        """The open, surely eligible offers, each with its last day in time."""
        for offer in self.state.offers.values():
            if offer.occasion_id not in self.state.cancelled and offer.recommendation.eligibility == "yes":
                occasion = self.state.occasions[offer.occasion_id]
                yield offer, offer.recommendation.deadline or _became_eligible(occasion) + timedelta(days=30)


def _became_eligible(occasion: Occasion) -> date:
    detection, found = occasion.detection, occasion.detected_at.astimezone(UTC).date()
    if detection.kind == "registered":
        day = detection.event.get("occurred_on", found)
        return day if isinstance(day, date) else date.fromisoformat(day)
    return detection.due_on or found if detection.kind == "due" else found
