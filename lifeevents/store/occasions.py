"""Occasions and their offers: what makes 'told once' true."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, tuple_, update

from lifeevents.domain.occasion import Detection, Occasion, Recommendation
from lifeevents.engine.correction import correction_of
from lifeevents.store.bulk import insert_many, rows_of
from lifeevents.store.cases import Cases
from lifeevents.store.outbox import Outbox, notification_of
from lifeevents.store.part import new_id
from lifeevents.store.schema import cooldown, notification, occasion, recommendation


class Occasions(Outbox, Cases):
    """Storing occasions and offers; closing an occasion whose anchor fell."""

    def add_occasion(self, detection: Detection, *, now: datetime) -> Occasion | None:
        return self.add_occasions([detection], now=now)[0]

    def add_occasions(self, detections: Sequence[Detection], *, now: datetime) -> Sequence[Occasion | None]:
        first: dict[tuple[str, str, str], Occasion] = {}
        for one in detections:
            first.setdefault(_key(one), Occasion(id=new_id(), detection=one, detected_at=now))
        candidates = self._past_cooldown([first[key] for key in sorted(first)])
        stored: set[str] = set()
        if candidates:
            rows = [_columns(one) for one in candidates]
            new = insert_many(occasion, list(rows[0])).on_conflict_do_nothing().returning(occasion.c.id)
            stored = set(self.con.execute(new, rows_of(rows)).scalars())
        answers: list[Occasion | None] = []
        for one in detections:
            found = first.pop(_key(one), None)
            answers.append(found if found is not None and found.id in stored else None)
        return answers

    def _past_cooldown(self, candidates: Sequence[Occasion]) -> list[Occasion]:
        """Leave out predictions during another's cooldown. The row per (subject, milestone) decides, and its lock
        makes two sweeps at once agree; `candidates` come sorted, so that they never wait in a ring."""
        rows: dict[tuple[str, str], dict[str, Any]] = {}
        for one in candidates:
            d = one.detection
            if d.kind == "predicted":
                row = {
                    "subject_id": d.subject_id,
                    "milestone": d.milestone,
                    "since": d.as_of,
                    "until": d.active_until or date.max,
                }
                rows.setdefault((d.subject_id, d.milestone), row)
        if not rows:
            return list(candidates)
        upsert = insert_many(cooldown, ["subject_id", "milestone", "since", "until"])
        upsert = upsert.on_conflict_do_update(
            constraint="pk_cooldown",
            set_={"since": upsert.excluded.since, "until": upsert.excluded.until},
            where=cooldown.c.until < upsert.excluded.since,
        )
        passed = self.con.execute(
            upsert.returning(cooldown.c.subject_id, cooldown.c.milestone), rows_of(list(rows.values()))
        )
        free = {(row.subject_id, row.milestone) for row in passed}
        kept = []
        for one in candidates:
            pair = (one.detection.subject_id, one.detection.milestone)
            if one.detection.kind != "predicted":
                kept.append(one)
            elif pair in free:
                free.discard(pair)
                kept.append(one)
        return kept

    def add_recommendations(self, occasion: Occasion, items: Sequence[Recommendation]) -> None:
        self.add_offers([(occasion, items)])

    def add_offers(self, offers: Sequence[tuple[Occasion, Sequence[Recommendation]]]) -> None:
        rows = [
            {
                "id": new_id(),
                "occasion_id": occasion.id,
                "subject_id": item.subject_id,
                "procedure": item.procedure,
                "rank": item.rank,
                "body": item,
                "created_at": occasion.detected_at,
            }
            for occasion, items in offers
            for item in items
        ]
        if rows:
            self.con.execute(insert_many(recommendation, list(rows[0])).on_conflict_do_nothing(), rows_of(rows))

    def open_anchors(self, milestone: str, subject_ids: Sequence[str]) -> Mapping[str, Sequence[str]]:
        query = (
            select(occasion.c.subject_id, occasion.c.anchor)
            .where(
                occasion.c.milestone == milestone,
                occasion.c.state == "open",
                occasion.c.subject_id == func.any(list(subject_ids)),
            )
            .order_by(occasion.c.subject_id, occasion.c.anchor)
        )
        found: dict[str, list[str]] = {}
        for row in self.con.execute(query):
            found.setdefault(row.subject_id, []).append(row.anchor)
        return found

    def cancel_occasion(self, subject_id: str, milestone: str, anchor: str, *, reason: str, now: datetime) -> None:
        closed = self.con.execute(
            update(occasion)
            .where(
                occasion.c.subject_id == subject_id,
                occasion.c.milestone == milestone,
                occasion.c.anchor == anchor,
                occasion.c.state == "open",
            )
            .values(state="cancelled", closed_at=now, closed_reason=reason)
            .returning(occasion.c.id)
        ).scalar_one_or_none()
        if closed is None:
            return
        stop = {"rule": "correction", "result": "stopped", "reason": reason}
        of_it = notification.c.occasion_id == closed
        # A delivery under way holds its rows: this waits for it, and then sees the message as delivered.
        self.con.execute(
            update(notification)
            .where(of_it, notification.c.state.in_(["waiting", "claimed"]))
            .values(state="cancelled", settled_at=now, lease_until=None, stops=[stop])
        )
        told = self.con.execute(select(notification).where(of_it, notification.c.state == "delivered")).all()
        if told:
            self.open_case("correction", closed, subject_id, milestone, reason=reason, now=now)
            self.enqueue_all([correction_of(notification_of(row), self.words, now=now) for row in told])
        self.audit("ledger", "cancel_occasion", subject_id, {"occasion": closed, "reason": reason}, now=now)

    def unsent(self, milestones: Collection[str], subject_ids: Sequence[str]) -> Sequence[tuple[str, str, str]]:
        query = (
            select(occasion.c.subject_id, occasion.c.milestone, occasion.c.anchor)
            .join(notification, notification.c.occasion_id == occasion.c.id)
            .where(
                occasion.c.state == "open",
                occasion.c.milestone == func.any(list(milestones)),
                occasion.c.subject_id == func.any(list(subject_ids)),
                notification.c.state == "waiting",
            )
            .distinct()
        )
        return [(row.subject_id, row.milestone, row.anchor) for row in self.con.execute(query)]

    def drop_unsent(self, keys: Sequence[tuple[str, str, str]], *, reason: str, now: datetime) -> int:
        if not keys:
            return 0
        these = tuple_(occasion.c.subject_id, occasion.c.milestone, occasion.c.anchor).in_(list(keys))
        stop = {"rule": "still_true", "result": "stopped", "reason": reason}
        dropped = self.con.execute(
            update(notification)
            .where(notification.c.occasion_id == occasion.c.id, these, notification.c.state == "waiting")
            .values(state="cancelled", settled_at=now, stops=[stop])
            .returning(notification.c.recipient_id, notification.c.id)
        ).all()
        for row in dropped:
            self.audit("ledger", "drop_unsent", row.recipient_id, {"notification": row.id, "reason": reason}, now=now)
        return len(dropped)


def _key(one: Detection) -> tuple[str, str, str]:
    return (one.subject_id, one.milestone, one.anchor)


def _columns(one: Occasion) -> dict[str, Any]:
    d = one.detection
    return {
        "id": one.id,
        "subject_id": d.subject_id,
        "milestone": d.milestone,
        "anchor": d.anchor,
        "kind": d.kind,
        "sensitivity": d.sensitivity,
        "as_of": d.as_of,
        "due_on": d.due_on,
        "active_until": d.active_until,
        "not_before": d.not_before,
        "probability": d.probability,
        "detector": d.detector,
        "evidence": {"event": d.event, "facts": d.facts, "why": d.why},
        "detected_at": one.detected_at,
    }
