"""The register contract: what every agency delivers and every simulator, converter and test writes.

A dump is a folder with the relations `subjects`, `events`, `attributes` and `relations`, each as CSV, CSV.gz or
Parquet. Two clocks run through it: when a thing happened (`occurred_on`, `valid_from`) and when the state knew
(`recorded_at`). Reader, gate, lake and writers all take their columns from here.
"""

from typing import Literal, get_args

from lifeevents.domain.frozen import Frozen
from lifeevents.domain.register import Precision, SubjectKind

ColumnType = Literal["text", "day", "moment", "json"]
"""text; a calendar day (YYYY-MM-DD); a moment in UTC to the microsecond; the text of a JSON object."""

SQL_TYPES: dict[ColumnType, str] = {"text": "VARCHAR", "day": "DATE", "moment": "TIMESTAMP", "json": "VARCHAR"}


class Column(Frozen):
    """One column: its type, whether a row must have a value, and what an empty cell means.

    `needed`   the column must be in the file and every row must fill it.
    `default`  what an empty or absent cell stands for.
    `open_end` an end date whose far future (9999-12-31) means "no end", the same as empty.
    `refers`   a subject_id that must be known.
    """

    name: str
    type: ColumnType
    meaning: str
    needed: bool = False
    allowed: tuple[str, ...] = ()
    default: str | None = None
    open_end: bool = False
    refers: bool = False


class Table(Frozen):
    """One relation of the contract. `key` identifies a row; where it is empty the whole row does."""

    name: str
    columns: tuple[Column, ...]
    optional: bool = False
    key: str | None = None
    order: tuple[str, ...] = ("subject_id",)

    @property
    def names(self) -> tuple[str, ...]:
        """The column names, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def needed(self) -> tuple[str, ...]:
        """The columns that a file must have."""
        return tuple(column.name for column in self.columns if column.needed)


def _text(name: str, meaning: str, **more: object) -> Column:
    return Column.model_validate({"name": name, "type": "text", "meaning": meaning, **more})


def _day(name: str, meaning: str, **more: object) -> Column:
    return Column.model_validate({"name": name, "type": "day", "meaning": meaning, **more})


_SUBJECT = _text("subject_id", "whose fact this is (a pseudonym)", needed=True, refers=True)
_PRECISION = _text(
    "precision",
    "how exact the day is; an imprecise day is used as given, and judged as the span it stands for",
    allowed=get_args(Precision),
    default="day",
)
_VALID_FROM = _day("valid_from", "first day it holds", needed=True)
_VALID_TO = _day("valid_to", "last day it holds; empty: still", open_end=True)
_RECORDED_AT = Column(name="recorded_at", type="moment", meaning="when the state knew (UTC)", needed=True)
_REGISTER = _text("register", "the register that delivers it", needed=True)

SUBJECTS = Table(
    name="subjects",
    key="subject_id",
    columns=(
        _text("subject_id", "a pseudonym, stable over deliveries", needed=True),
        _text("kind", "person or business", needed=True, allowed=get_args(SubjectKind)),
        _text("sex", "M, F or empty (unknown, or a business)", allowed=("M", "F")),
        _day("born_on", "birth date, or the day a business came to be; empty: unknown"),
        _PRECISION,
        _day("obs_from", "first day the state knew the subject", needed=True),
        _day("obs_to", "last day it was observed; empty: still", open_end=True),
    ),
)

EVENTS = Table(
    name="events",
    key="event_id",
    order=("subject_id", "occurred_on", "recorded_at", "event_id"),
    columns=(
        _text("event_id", "unique and stable over deliveries", needed=True),
        _SUBJECT,
        _text("event", "event type of the pack", needed=True),
        _day("occurred_on", "when it happened", needed=True),
        _PRECISION,
        _RECORDED_AT,
        _REGISTER,
        Column(name="payload", type="json", meaning="a JSON object with more about it, or empty"),
        _text("corrects", "event_id of the row that this one replaces (it carries the full new content)"),
        _text("annuls", "event_id of the row that this one takes back"),
    ),
)

ATTRIBUTES = Table(
    name="attributes",
    optional=True,
    order=("subject_id", "name", "valid_from", "recorded_at"),
    columns=(
        _SUBJECT,
        _text("name", "attribute type of the pack", needed=True),
        _text("value", "the value as text", needed=True),
        _VALID_FROM,
        _VALID_TO,
        _RECORDED_AT,
        _REGISTER,
    ),
)

RELATIONS = Table(
    name="relations",
    optional=True,
    order=("subject_id", "relation", "related_id", "valid_from", "recorded_at"),
    columns=(
        _SUBJECT,
        _text("related_id", "the other subject", needed=True, refers=True),
        _text("relation", "what related_id is to subject_id", needed=True),
        _VALID_FROM,
        _VALID_TO,
        _RECORDED_AT,
        _REGISTER,
    ),
)

CONTRACT: tuple[Table, ...] = (SUBJECTS, EVENTS, ATTRIBUTES, RELATIONS)
