"""A person's judgement of a notice that was delivered: what precision is counted from where no truth is known."""

from datetime import datetime
from typing import Literal, get_args

from lifeevents.domain.frozen import Frozen

Finding = Literal["right", "wrong", "unclear"]
FINDINGS: tuple[Finding, ...] = get_args(Finding)


class Review(Frozen):
    """What one reviewer found of one notice; `unclear` counts neither for nor against it.

    A second review of the same notice replaces the first; both stand in the audit log.
    """

    notice_id: str
    finding: Finding
    reviewer: str
    note: str | None = None
    at: datetime
