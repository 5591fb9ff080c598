"""The live intake: submissions until they are reacted to, and their rows until they are in the lake."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, text, tuple_, update

from lifeevents.domain.errors import Conflict, NotFound
from lifeevents.domain.submission import Received, Submission, SubmissionState, Taken
from lifeevents.ports import GONE, LiveRow, LiveRows
from lifeevents.store.bulk import insert_many, rows_of
from lifeevents.store.part import Part
from lifeevents.store.schema import live_row, submission

_EVENTS, _RELATIONS = "events", "relations"
_HOLD = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(held.subject_id, 0)) FROM"
    " (SELECT subject_id FROM unnest(CAST(:subjects AS text[])) subject_id ORDER BY subject_id) held"
)
_WAKE = text(
    "UPDATE submission SET state = 'waiting', reacted_at = NULL, reason = NULL WHERE state = 'parked' AND EXISTS"
    " (SELECT FROM jsonb_path_query(body, '$.*[*].subject_id') named WHERE named #>> '{}' = ANY(:subjects))"
)


class Intake(Part):
    """Accepting, taking and settling submissions; the rows that are not in the lake yet."""

    def accept(self, one: Submission, rows: LiveRows, *, now: datetime) -> bool:
        (taken,) = self.accept_all([(one, rows)], actor=f"register:{one.register_id}", now=now)
        if taken is Taken.CONFLICT:
            raise Conflict(f"{one.source} used the id {one.id} before, for something else. Give it a new id.")
        return taken is Taken.ACCEPTED

    def accept_all(
        self, submissions: Sequence[tuple[Submission, LiveRows]], *, actor: str, now: datetime
    ) -> Sequence[Taken]:
        kept: dict[tuple[str, str], Submission] = {}
        for one, _ in submissions:
            kept.setdefault((one.source, one.id), one)  # the first of a name within a batch
        new = self._insert(list(kept.values()), now)
        kept |= self._bodies(kept.keys() - new)
        found = []
        accepted = []
        for one, rows in submissions:
            key = (one.source, one.id)
            if key in new:
                new.remove(key)
                found.append(Taken.ACCEPTED)
                accepted.append(rows)
                self.audit(actor, "submit", None, {"source": one.source, "id": one.id}, now=now)
            else:
                found.append(Taken.KNOWN if kept[key] == one else Taken.CONFLICT)
        self._add_rows(accepted)
        return found

    def _insert(self, submissions: Sequence[Submission], now: datetime) -> set[tuple[str, str]]:
        """Keep those whose name is new; returns their names. Sorted by name, so that two batches that share some
        never wait for each other in a circle."""
        names = ["source", "id", "register", "body", "received_at"]
        rows = [
            {"source": one.source, "id": one.id, "register": one.register_id, "body": one, "received_at": now}
            for one in sorted(submissions, key=lambda one: (one.source, one.id))
        ]
        new = insert_many(submission, names).on_conflict_do_nothing().returning(submission.c.source, submission.c.id)
        return {(row.source, row.id) for row in self.con.execute(new, rows_of(rows))}

    def _bodies(self, keys: Collection[tuple[str, str]]) -> dict[tuple[str, str], Submission]:
        """Submissions kept before, by name."""
        if not keys:
            return {}
        query = select(submission.c.body).where(tuple_(submission.c.source, submission.c.id).in_(sorted(keys)))
        found = [Submission.model_validate(body) for (body,) in self.con.execute(query)]
        return {(one.source, one.id): one for one in found}

    def _add_rows(self, accepted: Sequence[LiveRows]) -> None:
        live = [
            {"subject_id": row["subject_id"], "relation": relation, "body": row}
            for rows in accepted
            for relation, found in rows.items()
            for row in found
        ]
        if live:
            self.con.execute(insert_many(live_row, ["subject_id", "relation", "body"]), rows_of(live))

    def take_submissions(self, limit: int) -> Sequence[Received]:
        query = (
            select(submission)
            .where(submission.c.state == SubmissionState.WAITING.value)
            .order_by(submission.c.place)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [_received(row) for row in self.con.execute(query)]

    def settle_submission(
        self, one: Submission, state: SubmissionState, *, reason: str | None = None, now: datetime
    ) -> None:
        self.con.execute(
            update(submission)
            .where(submission.c.source == one.source, submission.c.id == one.id)
            .values(state=state.value, reason=reason, reacted_at=now)
        )

    def hold_subjects(self, subject_ids: Collection[str]) -> None:
        self.con.execute(_HOLD, {"subjects": sorted(subject_ids)})

    def wake_parked(self, subject_ids: Collection[str], *, now: datetime) -> int:
        woken = self.con.execute(_WAKE, {"subjects": sorted(subject_ids)}).rowcount
        if woken:
            self.audit("react", "wake", None, {"submissions": woken}, now=now)
        return woken

    def received(self, source: str, id: str) -> Received:
        query = select(submission).where(submission.c.source == source, submission.c.id == id)
        row = self.con.execute(query).one_or_none()
        if row is None:
            raise NotFound(f"{source} submitted nothing with the id {id}.")
        return _received(row)

    def live_rows(self, subject_ids: Collection[str]) -> LiveRows:
        mine = live_row.c.subject_id == func.any(list(subject_ids))
        query = select(live_row.c.relation, live_row.c.body).where(mine).order_by(live_row.c.place)
        return _by_relation((relation, body) for relation, body in self.con.execute(query))

    def naming(self, subject_ids: Collection[str]) -> Collection[str]:
        named = live_row.c.body["related_id"].astext == func.any(sorted(subject_ids))
        query = select(live_row.c.subject_id).where(live_row.c.relation == _RELATIONS, named)
        return set(self.con.execute(query).scalars())

    def keep_kin(self, rows: Sequence[Mapping[str, Any]]) -> None:
        if not rows:
            return
        kept = [
            {
                "subject_id": row["subject_id"],
                "relation": _EVENTS if row.get("event") else GONE,
                "body": dict(row),
                "kin_id": row["event_id"],
            }
            for row in sorted(rows, key=lambda row: str(row["event_id"]))
        ]
        new = insert_many(live_row, ["subject_id", "relation", "body", "kin_id"])
        changed = {"body": new.excluded.body, "relation": new.excluded.relation, "place": text("DEFAULT")}
        self.con.execute(new.on_conflict_do_update(constraint="uq_live_row_kin_id", set_=changed), rows_of(kept))

    def all_live_rows(self) -> Sequence[LiveRow]:
        query = select(live_row.c.place, live_row.c.relation, live_row.c.body, live_row.c.kin_id)
        return [LiveRow(*row) for row in self.con.execute(query.order_by(live_row.c.place))]

    def forget_live_rows(self, places: Collection[int]) -> None:
        self.con.execute(delete(live_row).where(live_row.c.place == func.any(sorted(places))))


def _by_relation(rows: Iterable[tuple[str, dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for relation, body in rows:
        found.setdefault(relation, []).append(body)
    return found


def _received(row: Row[Any]) -> Received:
    return Received(
        submission=Submission.model_validate(row.body),
        received_at=row.received_at,
        state=SubmissionState(row.state),
        reacted_at=row.reacted_at,
        reason=row.reason,
    )
