"""The ledger in memory: same promises as PostgreSQL's, proved by the same contract tests."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from threading import RLock
from uuid import uuid4

from lifeevents.domain.errors import NotFound
from lifeevents.domain.occasion import (
    AnswerKind,
    Detection,
    NotificationState,
    Occasion,
    Offer,
    Recommendation,
)
from lifeevents.engine.answers import check_answer, state_after
from lifeevents.engine.contact import WEEK
from lifeevents.engine.correction import CorrectionWords, correction_of
from lifeevents.engine.situation import Answered, Standing
from lifeevents.ports import Claimed
from lifeevents.testing.figures import InMemoryFigures
from lifeevents.testing.intake import InMemoryIntake
from lifeevents.testing.reviews import InMemoryReviews
from lifeevents.testing.state import State
from lifeevents.testing.story import InMemoryStory


class InMemoryUnit(InMemoryStory, InMemoryFigures, InMemoryReviews, InMemoryIntake):
    """One transaction on the in-memory state (`lifeevents.ports.Unit`)."""

    def add_occasion(self, detection: Detection, *, now: datetime) -> Occasion | None:
        key = (detection.subject_id, detection.milestone, detection.anchor)
        if key in self.state.keys:
            return None
        if detection.kind == "predicted":
            pair = (detection.subject_id, detection.milestone)
            if self.state.cooldown.get(pair, date.min) >= detection.as_of:
                return None
            self.state.cooldown[pair] = detection.active_until or date.max
        occasion = Occasion(id=uuid4().hex, detection=detection, detected_at=now)
        self.state.keys[key] = occasion.id
        self.state.occasions[occasion.id] = occasion
        return occasion

    def add_occasions(self, detections: Sequence[Detection], *, now: datetime) -> Sequence[Occasion | None]:
        return [self.add_occasion(one, now=now) for one in detections]

    def add_recommendations(self, occasion: Occasion, items: Sequence[Recommendation]) -> None:
        known = {o.recommendation.procedure for o in self.state.offers.values() if o.occasion_id == occasion.id}
        for item in items:
            if item.procedure in known:
                continue
            known.add(item.procedure)
            offer = Offer(
                id=uuid4().hex,
                occasion_id=occasion.id,
                recommendation=item,
                milestone_kind=occasion.detection.kind,
                due_on=occasion.detection.due_on,
                probability=occasion.detection.probability,
                created_at=occasion.detected_at,
            )
            self.state.offers[offer.id] = offer

    def add_offers(self, offers: Sequence[tuple[Occasion, Sequence[Recommendation]]]) -> None:
        for occasion, items in offers:
            self.add_recommendations(occasion, items)

    def cancel_occasion(self, subject_id: str, milestone: str, anchor: str, *, reason: str, now: datetime) -> None:
        closed = self.state.keys.get((subject_id, milestone, anchor))
        if closed is None or closed in self.state.cancelled:
            return
        self.state.cancelled[closed] = reason
        stop = {"rule": "correction", "result": "stopped", "reason": reason}
        for message in [m for m in self.state.messages.values() if m.notification.occasion_id == closed]:
            if not message.is_final:
                self.state.messages[message.id] = replace(
                    message,
                    state=NotificationState.CANCELLED,
                    settled_at=now,
                    lease_until=None,
                    stops=(stop,),
                )
            elif message.state is NotificationState.DELIVERED:
                self.open_case("correction", closed, subject_id, milestone, reason=reason, now=now)
                self.enqueue(correction_of(message.notification, self.words, now=now))
        self.audit("ledger", "cancel_occasion", subject_id, {"occasion": closed, "reason": reason}, now=now)

    def open_anchors(self, milestone: str, subject_ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for (subject, name, anchor), occasion_id in sorted(self.state.keys.items()):
            if name == milestone and subject in subject_ids and occasion_id not in self.state.cancelled:
                found.setdefault(subject, []).append(anchor)
        return found

    def unsent(self, milestones: Collection[str], subject_ids: Sequence[str]) -> Sequence[tuple[str, str, str]]:
        waiting = {
            one.notification.occasion_id
            for one in self.state.messages.values()
            if one.state is NotificationState.WAITING
        }
        return [
            key
            for key, occasion_id in sorted(self.state.keys.items())
            if key[0] in subject_ids
            and key[1] in milestones
            and occasion_id in waiting
            and occasion_id not in self.state.cancelled
        ]

    def drop_unsent(self, keys: Sequence[tuple[str, str, str]], *, reason: str, now: datetime) -> int:
        stop = {"rule": "still_true", "result": "stopped", "reason": reason}
        of = {self.state.keys[key] for key in keys if key in self.state.keys}
        dropped = [
            one
            for one in self.state.messages.values()
            if one.notification.occasion_id in of and one.state is NotificationState.WAITING
        ]
        for one in dropped:
            cancelled = replace(one, state=NotificationState.CANCELLED, settled_at=now, stops=(stop,))
            self.state.messages[one.id] = cancelled
            detail = {"notification": one.id, "reason": reason}
            self.audit("ledger", "drop_unsent", one.notification.recipient_id, detail, now=now)
        return len(dropped)

    def standings(self, claimed: Sequence[Claimed], *, now: datetime) -> Mapping[str, Standing]:
        return {one.id: self._standing(one, now=now) for one in claimed}

    def _standing(self, one: Claimed, *, now: datetime) -> Standing:
        m = one.notification
        detection = self.state.occasions[m.occasion_id].detection
        offers = [o for o in self.state.offers.values() if o.occasion_id == m.occasion_id]
        offers.sort(key=lambda offer: offer.recommendation.rank)
        about = (m.occasion_id, m.recipient_id, m.channel, m.purpose)
        delivered = [x.notification for x in self.state.messages.values() if x.state is NotificationState.DELIVERED]
        return Standing(
            recipient_id=m.recipient_id,
            subject_id=m.subject_id,
            about=m.about,
            purpose=m.purpose,
            deadline=m.deadline,
            dead=tuple(sorted({p for p in (m.recipient_id, m.subject_id, *m.about) if self.is_dead(p)})),
            switched_off=self.is_switched_off(m.milestone, m.channel),
            occasion_state="cancelled" if m.occasion_id in self.state.cancelled else "open",
            settle_until=detection.not_before,
            active_until=detection.active_until,
            offers=len(offers),
            answers=tuple(
                Answered(procedure=o.recommendation.procedure, kind=o.answer, until=o.until)
                for o in offers
                if o.answer is not None
            ),
            told=any((x.occasion_id, x.recipient_id, x.channel, x.purpose) == about for x in delivered),
            silenced=self.is_silenced(m.subject_id, m.milestone, now=now),
            guardians=tuple(self.guardians(m.subject_id, on=now.date())),
            may_use=self.may_use(m.recipient_id, m.purpose, m.channel),
            sent=tuple(self.sent_times(m.recipient_id, now - WEEK)),
        )

    def offers(self, subject_id: str) -> Sequence[Offer]:
        theirs = [self._seen(o) for o in self.state.offers.values() if o.recommendation.subject_id == subject_id]
        theirs.sort(key=lambda o: (o.occasion_id, o.recommendation.rank))
        return sorted(theirs, key=lambda o: o.created_at, reverse=True)

    def _seen(self, offer: Offer) -> Offer:
        state = state_after(offer.answer, cancelled=offer.occasion_id in self.state.cancelled)
        return offer.model_copy(update={"state": state})

    def offer(self, offer_id: str, subject_id: str) -> Offer:
        found = self.state.offers.get(offer_id)
        if found is None or found.recommendation.subject_id != subject_id:
            raise NotFound("There is no such offer.")
        return self._seen(found)

    def answer(
        self, offer_id: str, subject_id: str, kind: AnswerKind, *, note: str | None, until: date | None, now: datetime
    ) -> Offer:
        before = self.offer(offer_id, subject_id)
        check_answer(kind, until=until, latest=before.answer, state=before.state, today=now.date())
        if (before.answer, before.until, before.note) == (kind, until, note):
            return before
        said = {"answer": kind, "answered_at": now, "note": note, "until": until}
        self.state.offers[offer_id] = before.model_copy(update=said)
        if kind is AnswerKind.WRONG:
            reason = "The person says that this is wrong about them."
            milestone = before.recommendation.milestone
            self.open_case("wrong", before.occasion_id, subject_id, milestone, reason=reason, now=now)
        self.audit(f"subject:{subject_id}", "answer", subject_id, {"offer": offer_id, "kind": kind.value}, now=now)
        return self.offer(offer_id, subject_id)

    def answers_on(self, occasion_id: str) -> Sequence[tuple[str, AnswerKind, datetime]]:
        offers = [o for o in self.state.offers.values() if o.occasion_id == occasion_id]
        offers.sort(key=lambda offer: offer.recommendation.rank)
        return [
            (o.recommendation.procedure, o.answer, o.answered_at)
            for o in offers
            if o.answer is not None and o.answered_at is not None
        ]

    def is_silenced(self, subject_id: str, milestone: str, *, now: datetime) -> bool:
        for case in self.cases(subject_id=subject_id):
            if (case.kind, case.milestone) == ("wrong", milestone):
                return True
        offers = [o for o in self.offers(subject_id) if o.recommendation.milestone == milestone]
        answered = [o for o in offers if o.answered_at is not None]
        if not answered:
            return False
        latest = max(answered, key=lambda o: o.answered_at or o.created_at).occasion_id
        return all(o.answer is AnswerKind.NOT_FOR_ME for o in offers if o.occasion_id == latest)


class InMemoryLedger:
    """`lifeevents.ports.Ledger` in memory: one transaction at a time, undone when it raises."""

    def __init__(self, *, words: CorrectionWords | None = None) -> None:
        self.state = State()
        self._words = words or CorrectionWords()
        self._alone = RLock()

    @contextmanager
    def begin(self) -> Iterator[InMemoryUnit]:
        with self._alone:
            unit = InMemoryUnit(self.state.copy(), self._words)
            yield unit
            self.state = unit.state
