"""A person acts for themself, and for those whom they represent now: their children, their business."""

from collections.abc import Sequence
from datetime import date

from lifeevents.domain.errors import NotFound
from lifeevents.domain.occasion import Offer
from lifeevents.ports import Unit


def offers_for(unit: Unit, subject_id: str, *, on: date) -> Sequence[Offer]:
    """The person's own offers, and those of whom they represent on a day; newest first."""
    subjects = (subject_id, *unit.represented_by(subject_id, on=on))
    found = [offer for one in subjects for offer in unit.offers(one)]
    return sorted(found, key=lambda offer: offer.created_at, reverse=True)


def offer_for(unit: Unit, offer_id: str, subject_id: str, *, on: date) -> Offer:
    """One offer that the person may see and answer. Raises NotFound; absent and another's look the same."""
    for one in (subject_id, *unit.represented_by(subject_id, on=on)):
        try:
            return unit.offer(offer_id, one)
        except NotFound:
            continue
    raise NotFound("There is no such offer.")
