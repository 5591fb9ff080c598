"""The in-memory unit's people, cases and figures."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from lifeevents.domain.case import CaseFile, CaseKind
from lifeevents.domain.errors import Conflict, NotFound
from lifeevents.engine.correction import CorrectionWords
from lifeevents.testing.state import State


class InMemoryPeople:
    """Deaths, switches, consents, guardians, cases, reports, counts and the audit log (a list, no chain)."""

    def __init__(self, state: State, words: CorrectionWords) -> None:
        self.state = state
        self.words = words

    def is_dead(self, subject_id: str) -> bool:
        return subject_id in self.state.dead

    def mark_dead(self, subject_ids: Iterable[str], *, now: datetime) -> None:
        for one in subject_ids:
            self.state.dead.setdefault(one, now)

    def is_switched_off(self, milestone: str, channel: str) -> bool:
        return self.state.switches.get((milestone, channel), False)

    def switch(self, milestone: str, channel: str, *, off: bool, who: str, reason: str, now: datetime) -> None:
        self.state.switches[milestone, channel] = off
        detail = {"milestone": milestone, "channel": channel, "reason": reason}
        self.audit(who, "switch_off" if off else "switch_on", None, detail, now=now)

    def may_use(self, subject_id: str, purpose: str, channel: str) -> bool:
        return self.state.consents.get((subject_id, purpose, channel), channel == "portal")

    def set_consent(self, subject_id: str, purpose: str, channel: str, *, allowed: bool, now: datetime) -> None:
        self.state.consents[subject_id, purpose, channel] = allowed
        detail = {"purpose": purpose, "channel": channel, "allowed": allowed}
        self.audit(f"subject:{subject_id}", "consent", subject_id, detail, now=now)

    def guardians(self, subject_id: str, *, on: date) -> Sequence[str]:
        given = self.state.guardians.get(subject_id, ())
        return sorted({one for one, start, end in given if start <= on and (end is None or on <= end)})

    def set_guardians(self, subject_id: str, guardians: Sequence[tuple[str, date, date | None]]) -> None:
        self.set_all_guardians({subject_id: guardians})

    def set_all_guardians(self, guardians: Mapping[str, Sequence[tuple[str, date, date | None]]]) -> None:
        for subject_id, theirs in guardians.items():
            self.state.guardians[subject_id] = tuple(theirs)

    def represented_by(self, guardian_id: str, *, on: date) -> Sequence[str]:
        return sorted(one for one in self.state.guardians if guardian_id in self.guardians(one, on=on))

    def open_case(
        self, kind: CaseKind, occasion_id: str, subject_id: str, milestone: str, *, reason: str, now: datetime
    ) -> str:
        for case in self.state.cases.values():
            if (case.kind, case.occasion_id, case.settled_at) == (kind, occasion_id, None):
                return case.id
        case = CaseFile(
            id=uuid4().hex,
            kind=kind,
            subject_id=subject_id,
            milestone=milestone,
            occasion_id=occasion_id,
            reason=reason,
            opened_at=now,
            answer_by=(now + timedelta(days=15)).date(),
        )
        self.state.cases[case.id] = case
        return case.id

    def cases(self, *, subject_id: str | None = None, settled: bool = False) -> Sequence[CaseFile]:
        found = [c for c in self.state.cases.values() if (c.settled_at is not None) == settled]
        found = [c for c in found if subject_id in (None, c.subject_id)]
        return sorted(found, key=lambda case: (case.opened_at, case.id))

    def settle_case(self, case_id: str, *, outcome: str, by: str, now: datetime) -> CaseFile:
        case = self.state.cases.get(case_id)
        if case is None:
            raise NotFound(f"There is no case {case_id}.")
        if case.settled_at is not None:
            raise Conflict(f"Case {case_id} is settled already; open a new one instead of settling it again.")
        settled = case.model_copy(update={"settled_at": now, "settled_by": by, "outcome": outcome})
        self.state.cases[case_id] = settled
        self.audit(by, "settle_case", case.subject_id, {"case": case_id, "kind": case.kind}, now=now)
        return settled

    def save_report(self, name: str, body: Mapping[str, Any], *, now: datetime) -> None:
        self.state.reports[name] = {**body, "saved_at": now}

    def report(self, name: str) -> Mapping[str, Any] | None:
        return self.state.reports.get(name)

    def counts(self) -> Mapping[str, int]:
        found = Counter(f"occasions.{one.detection.milestone}" for one in self.state.occasions.values())
        found.update(f"notifications.{one.state}" for one in self.state.messages.values())
        found.update(f"answers.{one.answer}" for one in self.state.offers.values() if one.answer)
        return {**found, "recommendations": len(self.state.offers)}

    def audit(
        self, actor: str, action: str, subject_id: str | None, detail: Mapping[str, Any], *, now: datetime
    ) -> None:
        entry = {"at": now, "actor": actor, "action": action, "subject": subject_id, "detail": dict(detail)}
        self.state.audit[len(self.state.audit) + 1] = entry
