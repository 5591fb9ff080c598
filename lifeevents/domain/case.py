"""A case: something that a person at the register's owner must look at, with a day to answer by."""

from datetime import date, datetime
from typing import Literal

from lifeevents.domain.frozen import Frozen

CaseKind = Literal["wrong", "correction", "referred"]


class CaseFile(Frozen):
    """One case. It is open until `settled_at`.

    wrong:      the person said that an offer is wrong about them; the milestone stays silent until it is settled.
    correction: what a sent message rested on was annulled or corrected.
    referred:   a stop rule, or a message that failed again and again, asks for a person.
    """

    id: str
    kind: CaseKind
    subject_id: str
    milestone: str
    occasion_id: str
    reason: str
    opened_at: datetime
    answer_by: date
    settled_at: datetime | None = None
    settled_by: str | None = None
    outcome: str | None = None
