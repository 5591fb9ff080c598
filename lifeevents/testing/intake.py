"""The in-memory unit's live intake."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import Any

from lifeevents.domain.errors import Conflict, NotFound
from lifeevents.domain.submission import Received, Submission, SubmissionState, Taken
from lifeevents.ports import GONE, LiveRow, LiveRows
from lifeevents.testing.people import InMemoryPeople

PLACES = count(1)


class InMemoryIntake(InMemoryPeople):
    """Accept, take and settle submissions; the rows that are not in the lake yet."""

    def accept(self, submission: Submission, rows: LiveRows, *, now: datetime) -> bool:
        (taken,) = self.accept_all([(submission, rows)], actor=f"register:{submission.register_id}", now=now)
        if taken is Taken.CONFLICT:
            source, id = submission.source, submission.id
            raise Conflict(f"{source} used the id {id} before, for something else. Give it a new id.")
        return taken is Taken.ACCEPTED

    def accept_all(
        self, submissions: Sequence[tuple[Submission, LiveRows]], *, actor: str, now: datetime
    ) -> Sequence[Taken]:
        return [self._accept(one, rows, actor, now) for one, rows in submissions]

    def _accept(self, submission: Submission, rows: LiveRows, actor: str, now: datetime) -> Taken:
        key = (submission.source, submission.id)
        if key in self.state.submissions:
            return Taken.KNOWN if self.state.submissions[key].submission == submission else Taken.CONFLICT
        self.state.submissions[key] = Received(submission=submission, received_at=now, state=SubmissionState.WAITING)
        for relation, found in rows.items():
            for row in found:
                self._add(relation, dict(row))
        self.audit(actor, "submit", None, {"source": key[0], "id": key[1]}, now=now)
        return Taken.ACCEPTED

    def _add(self, relation: str, body: dict[str, Any], kin_id: str | None = None) -> None:
        """At a place that no row had before."""
        place = next(PLACES)
        self.state.live_rows[place] = LiveRow(place, relation, body, kin_id)

    def take_submissions(self, limit: int) -> Sequence[Received]:
        waiting = [one for one in self.state.submissions.values() if one.state is SubmissionState.WAITING]
        return waiting[:limit]

    def settle_submission(
        self, submission: Submission, state: SubmissionState, *, reason: str | None = None, now: datetime
    ) -> None:
        key = (submission.source, submission.id)
        settled = {"state": state, "reason": reason, "reacted_at": now}
        self.state.submissions[key] = self.received(*key).model_copy(update=settled)

    def hold_subjects(self, subject_ids: Collection[str]) -> None:
        """One transaction at a time: nothing to hold."""

    def wake_parked(self, subject_ids: Collection[str], *, now: datetime) -> int:
        woken = 0
        for key, one in self.state.submissions.items():
            if one.state is SubmissionState.PARKED and one.submission.concerns.intersection(subject_ids):
                again = {"state": SubmissionState.WAITING, "reason": None, "reacted_at": None}
                self.state.submissions[key] = one.model_copy(update=again)
                woken += 1
        if woken:
            self.audit("react", "wake", None, {"submissions": woken}, now=now)
        return woken

    def received(self, source: str, id: str) -> Received:
        if (source, id) not in self.state.submissions:
            raise NotFound(f"{source} submitted nothing with the id {id}.")
        return self.state.submissions[source, id]

    def live_rows(self, subject_ids: Collection[str]) -> LiveRows:
        return _by_relation([row for row in self.state.live_rows.values() if row.body["subject_id"] in subject_ids])

    def naming(self, subject_ids: Collection[str]) -> Collection[str]:
        return {
            row.body["subject_id"]
            for row in self.state.live_rows.values()
            if row.relation == "relations" and row.body["related_id"] in subject_ids
        }

    def keep_kin(self, rows: Sequence[Mapping[str, Any]]) -> None:
        new = {row["event_id"] for row in rows}
        self.state.live_rows = {place: row for place, row in self.state.live_rows.items() if row.kin_id not in new}
        for row in rows:
            self._add("events" if row.get("event") else GONE, dict(row), row["event_id"])

    def all_live_rows(self) -> Sequence[LiveRow]:
        return list(self.state.live_rows.values())

    def forget_live_rows(self, places: Collection[int]) -> None:
        self.state.live_rows = {place: row for place, row in self.state.live_rows.items() if place not in places}


def _by_relation(rows: Sequence[LiveRow]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        found.setdefault(row.relation, []).append(row.body)
    return found
