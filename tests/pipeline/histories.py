"""Histories of families as registers tell them, and ways to tell the same history: late, doubled, split, live, in bulk.

A history is one family's: up to four people, events that are corrected, annulled or corrected again, attributes sent
again under the same key, relations closed later. An example of Hypothesis holds many families side by side, so that
they share the imports. Every row is one that the gate takes; what is told by whom and when is drawn apart from it.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from lifeevents.domain.pack import Vocabulary
from lifeevents.domain.register import AttributeType, EventType, Register
from lifeevents.domain.submission import Attribute, Event, Relation, Subject, Submission
from lifeevents.registers.live import rows_of

TITLE = {"en": "t"}
REGISTER = "civil"
VOCABULARY = Vocabulary.of(
    {
        REGISTER: Register(
            id=REGISTER,
            title=TITLE,
            owner=TITLE,
            events={
                "birth": EventType(title=TITLE, kin={"mother": "child_birth", "father": "child_birth"}),
                "death": EventType(title=TITLE, kin={"spouse": "spouse_death", "mother": "child_death"}, means="death"),
                "marriage": EventType(title=TITLE),
            },
            attributes={"province": AttributeType(title=TITLE, type="category", codes=("01", "79"))},
            relations=("mother", "father", "spouse"),
        )
    },
    {},
)
DAY_ONE = date(2020, 1, 1)
Row = Subject | Event | Attribute | Relation
Told = tuple[datetime, Row]
"""A row and when the register recorded it."""
day = st.integers(0, 900).map(lambda days: DAY_ONE + timedelta(days=days))


@dataclass(frozen=True)
class Delivery:
    """One step of a telling: `live` (submissions are accepted), `bulk` (a dump is imported), `react`, `compact`."""

    kind: str
    rows: tuple[Told, ...] = ()
    id: str = ""

    def submissions(self) -> list[Submission]:
        """The rows as submissions: one for each moment at which they were recorded."""
        moments: dict[datetime, list[Row]] = defaultdict(list)
        for at, row in self.rows:
            moments[at].append(row)
        return [
            Submission(
                source="urn:civil",
                id=f"{self.id}-{at.isoformat()}",
                register_id=REGISTER,
                recorded_at=at,
                subjects=tuple(row for row in rows if isinstance(row, Subject)),
                events=tuple(row for row in rows if isinstance(row, Event)),
                attributes=tuple(row for row in rows if isinstance(row, Attribute)),
                relations=tuple(row for row in rows if isinstance(row, Relation)),
            )
            for at, rows in moments.items()
        ]


@st.composite
def families(draw: st.DrawFn, name: str) -> list[Told]:
    """All rows of one family, each once."""
    people = [f"{name}-{who}" for who in ("ann", "bob", "kid", "new")[: draw(st.integers(2, 4))]]
    recorded = _recorded(draw)
    told: list[Told] = [
        (recorded(DAY_ONE), Subject(subject_id=one, kind="person", sex="F", born_on=None, obs_from=DAY_ONE))
        for one in people
    ]
    for number in range(draw(st.integers(1, 4))):
        told += _event(draw, f"{name}-e{number}", draw(st.sampled_from(people)), recorded)
    for _ in range(draw(st.integers(0, 3))):
        told += _relation(draw, draw(st.permutations(people)), recorded)
    for _ in range(draw(st.integers(0, 2))):
        valid_from, value = draw(day), draw(st.sampled_from(("01", "79")))
        row = Attribute(subject_id=draw(st.sampled_from(people)), name="province", value=value, valid_from=valid_from)
        told.append((recorded(valid_from), row))
        if draw(st.booleans()):  # the same key again, with another value or an end
            changed = draw(st.sampled_from(({"value": "79"}, {"valid_to": valid_from + timedelta(days=30)})))
            told.append((recorded(valid_from), row.model_copy(update=changed)))
    return [one for number, one in enumerate(told) if one not in told[:number]]


def _recorded(draw: st.DrawFn) -> Callable[[date], datetime]:
    """A moment at which something that happened on a day may have been recorded, a day to a year later."""

    def recorded(on: date) -> datetime:
        late = draw(st.integers(1, 400))
        return datetime(on.year, on.month, on.day, 3, 0, tzinfo=UTC) + timedelta(days=late)

    return recorded


def _event(draw: st.DrawFn, id: str, subject: str, recorded: Callable[[date], datetime]) -> list[Told]:
    """An event and what the register made of it later."""
    on = draw(day)
    kind = draw(st.sampled_from(("birth", "death", "marriage")))
    precision = draw(st.sampled_from(("day", "day", "month", "year")))
    payload = draw(st.sampled_from(({}, {"order": 1})))
    first = Event(
        event_id=id, subject_id=subject, event=kind, occurred_on=on, precision=precision, payload=dict(payload)
    )
    told = [(recorded(on), first)]
    for number in range(draw(st.sampled_from((0, 0, 1, 2)))):
        before = told[-1][1]
        on = draw(day)
        change = draw(st.sampled_from(("corrects", "corrects", "annuls")))
        update = {"event_id": f"{id}.{number}", "occurred_on": on, "corrects": None, change: before.event_id}
        told.append((recorded(on), before.model_copy(update=update)))
        if change == "annuls":
            break
    return list(told)


def _relation(draw: st.DrawFn, people: Sequence[str], recorded: Callable[[date], datetime]) -> list[Told]:
    """A relation, and perhaps its end."""
    start = draw(day)
    role = draw(st.sampled_from(("mother", "father", "spouse")))
    row = Relation(subject_id=people[0], related_id=people[1], relation=role, valid_from=start)
    told: list[Told] = [(recorded(start), row)]
    if draw(st.booleans()):
        end = start + timedelta(days=draw(st.integers(0, 600)))
        told.append((recorded(end), row.model_copy(update={"valid_to": end})))
    return told


@st.composite
def tellings(draw: st.DrawFn, told: Sequence[Told], *, steps: Sequence[str]) -> list[Delivery]:
    """A way to tell these rows: in any order, in pieces, some twice, with these steps in any order in between. A dump
    brings the subjects that its rows name; what comes live does not."""
    random = draw(st.randoms(use_true_random=False))
    rows = [*told, *random.sample(list(told), k=len(told) // 4)]
    random.shuffle(rows)
    between = {random.randrange(len(rows) + 1): step for step in steps}
    found: list[Delivery] = []
    start = 0
    while start < len(rows):
        end = min(start + random.randint(1, 6), len(rows))
        passed = [step for place, step in between.items() if start <= place < end]
        bulk = "bulk" in passed
        piece = _with_subjects(rows[start : end + 40], told) if bulk else rows[start:end]
        found.append(Delivery("bulk" if bulk else "live", tuple(piece), str(len(found))))
        found += [Delivery(step) for step in passed if step != "bulk"]
        start = end
    return found


def _with_subjects(rows: Sequence[Told], told: Sequence[Told]) -> list[Told]:
    named = {name for _, row in rows for name in (row.subject_id, getattr(row, "related_id", row.subject_id))}
    subjects = [one for one in told if isinstance(one[1], Subject) and one[1].subject_id in named]
    return [*subjects, *(one for one in rows if not isinstance(one[1], Subject))]


def rows_for_bulk(told: Sequence[Told]) -> dict[str, list[dict[str, Any]]]:
    """The rows as a dump's."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for one in Delivery("bulk", tuple(told)).submissions():
        for relation, rows in rows_of(one).items():
            found[relation] += rows
    return found
