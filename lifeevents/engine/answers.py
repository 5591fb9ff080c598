"""What a person may answer to an offer, and what an answer makes of it."""

from datetime import date
from typing import Literal

from lifeevents.domain.errors import Conflict, Refused
from lifeevents.domain.occasion import AnswerKind

OfferState = Literal["open", "closed", "cancelled"]

CLOSING = frozenset({AnswerKind.DONE, AnswerKind.NOT_FOR_ME, AnswerKind.WRONG})


def state_after(answer: AnswerKind | None, *, cancelled: bool) -> OfferState:
    """An offer's state: cancelled with its occasion; closed by done, not_for_me and wrong; else open."""
    if cancelled:
        return "cancelled"
    return "closed" if answer in CLOSING else "open"


def check_answer(
    kind: AnswerKind, *, until: date | None, latest: AnswerKind | None, state: OfferState, today: date
) -> None:
    """May this be answered now? Raises Conflict when the offer's state forbids it, Refused when a date is amiss."""
    if state == "cancelled":
        raise Conflict("This offer was withdrawn because the register was corrected. There is nothing to answer.")
    if kind is AnswerKind.TAKEN_BACK and latest is not AnswerKind.NOT_FOR_ME:
        raise Conflict('Only the answer "not for me" can be taken back, and it is not this offer\'s latest answer.')
    if kind is AnswerKind.LATER and (until is None or until <= today):
        raise Refused(f'The answer "later" needs a day after {today} in `until`.')
    if kind is not AnswerKind.LATER and until is not None:
        raise Refused(f'`until` belongs to the answer "later", not to "{kind}".')
