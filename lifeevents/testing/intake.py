"""The in-memory unit's live intake."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from lifeevents.domain.errors import Conflict, NotFound
from lifeevents.domain.submission import Received, Submission, SubmissionState
from lifeevents.ports import LiveRows
from lifeevents.testing.people import InMemoryPeople
from lifeevents.testing.state import LiveRow


class InMemoryIntake(InMemoryPeople):
    """Accept, take and settle submissions; the rows that are not in the lake yet."""

    def accept(self, submission: Submission, rows: LiveRows, *, now: datetime) -> bool:
        key = (submission.source, submission.id)
        if key in self.state.submissions:
            if self.state.submissions[key].submission != submission:
                raise Conflict(f"{key[0]} used the id {key[1]} before, for something else. Give it a new id.")
            return False
        self.state.submissions[key] = Received(submission=submission, received_at=now, state=SubmissionState.WAITING)
        for relation, found in rows.items():
            for row in found:
                self._add(LiveRow(relation, dict(row)))
        self.audit(f"register:{submission.register_id}", "submit", None, {"source": key[0], "id": key[1]}, now=now)
        return True

    def _add(self, row: LiveRow) -> None:
        self.state.live_rows[max(self.state.live_rows, default=0) + 1] = row

    def take_submissions(self, limit: int) -> Sequence[Received]:
        waiting = [one for one in self.state.submissions.values() if one.state is SubmissionState.WAITING]
        return waiting[:limit]

    def settle_submission(
        self, submission: Submission, state: SubmissionState, *, reason: str | None = None, now: datetime
    ) -> None:
        key = (submission.source, submission.id)
        settled = {"state": state, "reason": reason, "reacted_at": now}
        self.state.submissions[key] = self.received(*key).model_copy(update=settled)

    def received(self, source: str, id: str) -> Received:
        if (source, id) not in self.state.submissions:
            raise NotFound(f"{source} submitted nothing with the id {id}.")
        return self.state.submissions[source, id]

    def live_rows(self, subject_ids: Collection[str]) -> LiveRows:
        return _by_relation([row for row in self.state.live_rows.values() if row.body["subject_id"] in subject_ids])

    def keep_kin(self, rows: Sequence[Mapping[str, Any]]) -> None:
        places = {row.kin_id: place for place, row in self.state.live_rows.items() if row.kin_id}
        for row in rows:
            kept = LiveRow("events", dict(row), row["event_id"])
            if row["event_id"] in places:
                self.state.live_rows[places[row["event_id"]]] = kept
            else:
                self._add(kept)

    def all_live_rows(self) -> tuple[int, LiveRows]:
        delivered = [row for row in self.state.live_rows.values() if row.kin_id is None]
        return max(self.state.live_rows, default=0), _by_relation(delivered)

    def forget_live_rows(self, through: int) -> None:
        self.state.live_rows = {place: row for place, row in self.state.live_rows.items() if place > through}


def _by_relation(rows: Sequence[LiveRow]) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.relation, []).append(row.body)
    return found
