"""Explaining to whoever asks: one way, for the API and for the pages."""

from datetime import date, timedelta

from lifeevents.domain.errors import NotFound, did_you_mean
from lifeevents.domain.explanation import Explanation
from serving.api.visit import Visit, alike, invalid

EARLIEST = date(1950, 1, 1)
FURTHEST = timedelta(days=3660)


def explained(visit: Visit, subject_id: str, *, procedure: str | None, as_of: date | None, what: str) -> Explanation:
    """The explanation, with the audit row of its reading.

    Raises NotFound for an unknown procedure (naming the nearest) and for a subject that no register knows (as
    everything absent is told), RequestValidationError for a day out of reach.
    """
    if procedure is not None and procedure not in visit.pack.procedures:
        near = did_you_mean(procedure, visit.pack.procedures)
        raise NotFound(f'There is no procedure "{procedure}".{near}')
    day = as_of or visit.today
    if not EARLIEST <= day <= visit.today + FURTHEST:
        raise invalid("query", "as_of", f"the day lies between {EARLIEST} and {visit.today + FURTHEST}.")
    wanted = [procedure] if procedure else None
    detail = {"procedure": procedure, "as_of": day.isoformat()}
    with alike(), visit.reading(subject_id, what, **detail) as unit:
        return visit.service.explainer.explain(unit, subject_id, as_of=day, procedures=wanted)
