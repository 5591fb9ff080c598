"""Lets a story happen: a register submits, the worker reacts, the clock is moved. Reads what came of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import monotonic, perf_counter, sleep
from typing import Any
from uuid import uuid4

from lifeevents.domain.calendar import local_day
from lifeevents.domain.errors import Conflict, NotFound, Unavailable
from lifeevents.domain.frozen import Frozen
from lifeevents.domain.occasion import FactValue
from lifeevents.domain.pack import Pack
from lifeevents.domain.script import Role, Script
from lifeevents.domain.submission import Attribute, Event, Relation, Subject, Submission, SubmissionState
from lifeevents.ports import Ledger
from lifeevents.registers.live import check, rows_of
from serving.clock import MovableClock
from serving.story.casting import CAST
from serving.story.scene import Change, ClockMove, Scene
from serving.worker import Worker

STORY = "story"
PATIENCE = 20.0
"""Seconds that a click waits for the worker."""

FactsOf = Callable[[str], Mapping[str, FactValue]]
"""The facts of a subject; an empty mapping for one that is not known."""


class Told(Frozen):
    """What is kept of the story being told (the report `story`)."""

    script: str
    person_id: str
    newcomer_id: str | None
    source: str
    reported: str
    withdrawn: str | None = None
    begun_at: datetime
    lag_ms: int | None = None
    before: dict[str, FactValue]
    played: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Teller:
    """A `serving.story.scene.Storyteller` on the real ledger, worker and clock.

    `stands` looks at a person as of today, `online` reads the row that the reaction published.
    """

    ledger: Ledger
    pack: Pack
    clock: MovableClock
    worker: Worker
    stands: FactsOf
    online: FactsOf

    def scripts(self) -> Mapping[str, Script]:
        """The pack's stories."""
        return self.pack.stories

    def begin(self, script_id: str) -> None:
        """Submit the script's event about the next person cast, and wait for the reaction."""
        if script_id not in self.pack.stories:
            raise NotFound(f'There is no story "{script_id}".')
        script, now = self.pack.stories[script_id], self.clock.now()
        person, played = self._next_person(script)
        newcomer = f"{script.id.replace('_', '-')}-{uuid4().hex[:12]}" if script.newcomer else None
        submission = report_of(script, person, newcomer, now)
        kept = Told(
            script=script.id,
            person_id=person,
            newcomer_id=newcomer,
            source=submission.source,
            reported=submission.id,
            begun_at=now,
            before={name: _plain(value) for name, value in self.stands(person).items()},
            played=played,
        )
        lag = self._submit(submission, kept)
        self._keep(kept.model_copy(update={"lag_ms": lag}))

    def annul(self) -> None:
        """Submit the annulment of the story's event, and wait for the reaction."""
        kept = self._told()
        if kept is None:
            raise Conflict("No story is being told; begin one first.")
        if kept.withdrawn is not None:
            raise Conflict("The register has taken this event back already.")
        with self.ledger.begin() as unit:
            first = unit.received(kept.source, kept.reported).submission
        fact = first.events[0]
        void = fact.model_copy(update={"event_id": uuid4().hex, "annuls": fact.event_id})
        submission = Submission(
            source=kept.source,
            id=void.event_id,
            register_id=first.register_id,
            recorded_at=self.clock.now(),
            events=(void,),
        )
        self._submit(submission, kept.model_copy(update={"withdrawn": submission.id}))

    def move_clock(self, move: ClockMove) -> None:
        """Move the clock, and wait until the worker has nothing left to do then."""
        self.clock.move_to(self._moment(move))
        self._wait_until_idle()

    def scene(self) -> Scene | None:
        """The story as the ledger has it now."""
        kept = self._told()
        if kept is None or kept.script not in self.pack.stories:
            return None
        subjects = [one for one in (kept.person_id, kept.newcomer_id) if one]
        with self.ledger.begin() as unit:
            occasions = [row for one in subjects for row in unit.occasions_of(one) if row.detected_at >= kept.begun_at]
            ids = {row.id for row in occasions}
            messages = [row for one in subjects for row in unit.messages_of(one) if row.notification.occasion_id in ids]
            recipients = dict.fromkeys([kept.person_id, *(row.notification.recipient_id for row in messages)])
            return Scene(
                script=self.pack.stories[kept.script],
                person_id=kept.person_id,
                newcomer_id=kept.newcomer_id,
                reported=unit.received(kept.source, kept.reported),
                withdrawn=unit.received(kept.source, kept.withdrawn) if kept.withdrawn else None,
                lag_ms=kept.lag_ms,
                changes=tuple(self._changes(kept)),
                occasions=tuple(occasions),
                offers=tuple(o for one in subjects for o in unit.offers(one) if o.occasion_id in ids),
                messages=tuple(messages),
                inbox=tuple(i for one in recipients for i in unit.inbox(one) if i.delivered_at >= kept.begun_at),
            )

    def _next_person(self, script: Script) -> tuple[str, dict[str, tuple[str, ...]]]:
        """Who plays next, and everybody who has played by then."""
        told = self._told()
        played = dict(told.played) if told else {}
        with self.ledger.begin() as unit:
            cast = (unit.report(CAST) or {}).get(script.id, [])
        free = [person for person in cast if person not in played.get(script.id, ())]
        if not free:
            raise Conflict("Everybody cast for this story has played in it. Start the demonstration anew.")
        played[script.id] = (*played.get(script.id, ()), free[0])
        return free[0], played

    def _submit(self, submission: Submission, kept: Told) -> int:
        """Hand a submission in as a register does; the milliseconds until it was reacted to."""
        check(submission, self.pack.registers)
        started = perf_counter()
        with self.ledger.begin() as unit:
            unit.accept(submission, rows_of(submission), now=self.clock.now())
            unit.save_report(STORY, kept.model_dump(mode="json"), now=self.clock.now())
        deadline = monotonic() + PATIENCE
        while self._state(submission) is SubmissionState.WAITING:
            if monotonic() > deadline:
                raise Unavailable("The worker does not answer; the submission is kept, and will be reacted to.")
            self.worker.wake()
            sleep(0.02)
        lag = round((perf_counter() - started) * 1000)
        self._wait_until_idle()
        return lag

    def _state(self, submission: Submission) -> SubmissionState:
        with self.ledger.begin() as unit:
            return unit.received(submission.source, submission.id).state

    def _wait_until_idle(self) -> None:
        rounds = self.worker.rounds_done
        deadline = monotonic() + PATIENCE
        while self.worker.rounds_done < rounds + 2:  # one may have begun before
            if monotonic() > deadline:
                raise Unavailable("The worker does not answer; nothing is lost, it goes on when it is back.")
            self.worker.wake()
            sleep(0.02)

    def _told(self) -> Told | None:
        with self.ledger.begin() as unit:
            report = unit.report(STORY)
        return Told.model_validate({k: v for k, v in report.items() if k != "saved_at"}) if report else None

    def _keep(self, kept: Told) -> None:
        with self.ledger.begin() as unit:
            unit.save_report(STORY, kept.model_dump(mode="json"), now=self.clock.now())

    def _changes(self, kept: Told) -> list[Change]:
        """What is known of the person now and was otherwise before; time alone changes nothing worth showing."""
        after = self.online(kept.person_id)
        return [
            Change(subject_id=kept.person_id, name=name, before=kept.before.get(name), after=_plain(value))
            for name, value in after.items()
            if _plain(value) != kept.before.get(name)
        ]

    def _moment(self, move: ClockMove) -> datetime:
        now = self.clock.now()
        match move:
            case "hour":
                return now + timedelta(hours=1)
            case "day":
                return now + timedelta(days=1)
            case "morning":
                return self.pack.calendar.next_speaking(now.replace(hour=0, minute=0) + timedelta(days=1))
            case "due":
                scene = self.scene()
                if scene is None or scene.tries_at is None or scene.tries_at <= now:
                    raise Conflict("No message is waiting for a later moment.")
                return scene.tries_at


def report_of(script: Script, person: str, newcomer: str | None, now: datetime) -> Submission:
    """The submission of a script's register: the event, and the rows that come with it."""
    names: dict[Role, str] = {"person": person} | ({"newcomer": newcomer} if newcomer else {})
    day = local_day(now, now.tzinfo) - timedelta(days=script.days_ago) if now.tzinfo else now.date()
    return Submission(
        source=f"urn:register:{script.register_id}",
        id=uuid4().hex,
        register_id=script.register_id,
        recorded_at=now,
        subjects=_newcomers(script, newcomer, day),
        events=tuple(
            Event(event_id=uuid4().hex, subject_id=names[row.of], event=row.event, occurred_on=day, payload=row.payload)
            for row in script.events
        ),
        attributes=tuple(
            Attribute(subject_id=names[row.of], name=row.name, value=row.value, valid_from=day)
            for row in script.attributes
        ),
        relations=tuple(
            Relation(subject_id=names[row.of], related_id=names[row.to], relation=row.relation, valid_from=day)
            for row in script.relations
        ),
    )


def _newcomers(script: Script, newcomer: str | None, day: date) -> tuple[Subject, ...]:
    if script.newcomer is None or newcomer is None:
        return ()
    made = script.newcomer
    return (Subject(subject_id=newcomer, kind=made.kind, sex=made.sex, born_on=day, obs_from=day),)


def _plain(value: Any) -> FactValue:
    """A fact as the report keeps it: days as ISO text."""
    return value.isoformat() if isinstance(value, date) else value
