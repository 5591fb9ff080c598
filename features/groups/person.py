# ruff: noqa: S608 - this file writes SQL; every name and literal in it goes through features.sql
"""Who the subject is, on the day: sex, age, alive, how long observed, and the season."""

from features.feature import Group, Sql
from features.known import LIVE
from features.sql import literal, months_between
from lifeevents.domain.pack import Vocabulary


def _relation(vocabulary: Vocabulary) -> Sql:
    deaths = ", ".join(map(literal, vocabulary.deaths)) or "''"
    return f"""
        FROM features_spine s LEFT JOIN subjects p ON p.subject_id = s.subject_id
        LEFT JOIN (
            SELECT DISTINCT s.row FROM features_spine s JOIN features_known_events k USING (subject_id)
            WHERE k.event IN ({deaths}) AND {LIVE}
        ) dead ON dead.row = s.row"""


person = Group("person", "Who the subject is, on the day", _relation)


@person.feature("category")
def kind() -> Sql:
    """Whether the subject is a person or a business."""
    return "p.kind"


@person.feature("category")
def sex() -> Sql:
    """Sex as the register holds it: M, F, or unknown."""
    return "nullif(p.sex, '')"


@person.feature("date")
def born_on() -> Sql:
    """Date of birth (of a business: its start), as given."""
    return "p.born_on"


@person.feature("integer", unit="years")
def age_years() -> Sql:
    """Completed years since birth; unknown before it."""
    return f"CASE WHEN p.born_on <= s.as_of THEN {months_between('p.born_on', 's.as_of')} // 12 END"


@person.feature("integer", unit="months")
def age_months() -> Sql:
    """Completed months since birth; unknown before it."""
    return f"CASE WHEN p.born_on <= s.as_of THEN {months_between('p.born_on', 's.as_of')} END"


@person.feature("flag")
def alive() -> Sql:
    """No register has reported the subject's death (of a business: its closure)."""
    return "dead.row IS NULL"


@person.feature("integer", unit="months")
def observed_months() -> Sql:
    """Completed months since the state first knew the subject."""
    return f"CASE WHEN p.obs_from <= s.as_of THEN {months_between('p.obs_from', 's.as_of')} END"


@person.feature("integer", unit="month of the year")
def calendar_month() -> Sql:
    """The month the day falls in, 1 to 12."""
    return "month(s.as_of)"
