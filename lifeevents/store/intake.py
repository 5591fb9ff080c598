"""The live intake: submissions until they are reacted to, and their rows until they are in the lake."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from lifeevents.domain.errors import Conflict, NotFound
from lifeevents.domain.submission import Received, Submission, SubmissionState
from lifeevents.ports import LiveRows
from lifeevents.store.bulk import insert_many, rows_of
from lifeevents.store.part import Part
from lifeevents.store.schema import live_row, submission

_EVENTS = "events"


class Intake(Part):
    """Accepting, taking and settling submissions; the rows that are not in the lake yet."""

    def accept(self, one: Submission, rows: LiveRows, *, now: datetime) -> bool:
        body = one.model_dump(mode="json")
        row = {"source": one.source, "id": one.id, "register": one.register_id, "body": body, "received_at": now}
        new = insert(submission).values(row).on_conflict_do_nothing().returning(submission.c.place)
        if self.con.execute(new).first() is None:
            if self.received(one.source, one.id).submission != one:
                raise Conflict(f"{one.source} used the id {one.id} before, for something else. Give it a new id.")
            return False
        live = [
            {"subject_id": row["subject_id"], "relation": relation, "body": dict(row)}
            for relation, found in rows.items()
            for row in found
        ]
        self.con.execute(insert_many(live_row, ["subject_id", "relation", "body"]), rows_of(live))
        self.audit(f"register:{one.register_id}", "submit", None, {"source": one.source, "id": one.id}, now=now)
        return True

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

    def keep_kin(self, rows: Sequence[Mapping[str, Any]]) -> None:
        if not rows:
            return
        kept = [
            {"subject_id": row["subject_id"], "relation": _EVENTS, "body": dict(row), "kin_id": row["event_id"]}
            for row in rows
        ]
        new = insert_many(live_row, ["subject_id", "relation", "body", "kin_id"])
        new = new.on_conflict_do_update(constraint="uq_live_row_kin_id", set_={"body": new.excluded.body})
        self.con.execute(new, rows_of(kept))

    def all_live_rows(self) -> tuple[int, LiveRows]:
        query = select(live_row.c.place, live_row.c.relation, live_row.c.body, live_row.c.kin_id)
        rows = self.con.execute(query.order_by(live_row.c.place)).all()
        return max((row.place for row in rows), default=0), _by_relation(
            (row.relation, row.body) for row in rows if row.kin_id is None
        )

    def forget_live_rows(self, through: int) -> None:
        self.con.execute(delete(live_row).where(live_row.c.place <= through))


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
