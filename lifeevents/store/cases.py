"""Cases: what a person at the register's owner must look at."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, select, update
from sqlalchemy.dialects.postgresql import insert

from lifeevents.domain.case import CaseFile, CaseKind
from lifeevents.domain.errors import Conflict, NotFound
from lifeevents.store.part import Part, new_id
from lifeevents.store.schema import case_file

ANSWER_WITHIN = timedelta(days=15)
"""How long the register's owner has for a case, in calendar days."""


class Cases(Part):
    """Opening, listing and settling cases."""

    def open_case(
        self, kind: CaseKind, occasion_id: str, subject_id: str, milestone: str, *, reason: str, now: datetime
    ) -> str:
        row = {
            "id": new_id(),
            "kind": kind,
            "occasion_id": occasion_id,
            "subject_id": subject_id,
            "milestone": milestone,
            "reason": reason,
            "opened_at": now,
            "answer_by": (now + ANSWER_WITHIN).date(),
        }
        still_open = case_file.c.settled_at.is_(None)
        keys = [case_file.c.kind, case_file.c.occasion_id]
        self.con.execute(
            insert(case_file).values(row).on_conflict_do_nothing(index_elements=keys, index_where=still_open)
        )
        the_one = and_(case_file.c.kind == kind, case_file.c.occasion_id == occasion_id, still_open)
        found: str = self.con.execute(select(case_file.c.id).where(the_one)).scalar_one()
        return found

    def cases(self, *, subject_id: str | None = None, settled: bool = False) -> Sequence[CaseFile]:
        at = case_file.c.settled_at
        query = select(case_file).where(at.is_not(None) if settled else at.is_(None))
        if subject_id is not None:
            query = query.where(case_file.c.subject_id == subject_id)
        rows = self.con.execute(query.order_by(case_file.c.opened_at, case_file.c.id))
        return [CaseFile.model_validate(dict(row)) for row in rows.mappings()]

    def settle_case(self, case_id: str, *, outcome: str, by: str, now: datetime) -> CaseFile:
        row = (
            self.con.execute(
                update(case_file)
                .where(case_file.c.id == case_id, case_file.c.settled_at.is_(None))
                .values(settled_at=now, settled_by=by, outcome=outcome)
                .returning(case_file)
            )
            .mappings()
            .one_or_none()
        )
        if row is None:
            if self.con.execute(select(case_file.c.id).where(case_file.c.id == case_id)).first():
                raise Conflict(f"Case {case_id} is settled already; open a new one instead of settling it again.")
            raise NotFound(f"There is no case {case_id}.")
        case = CaseFile.model_validate(dict(row))
        self.audit(by, "settle_case", case.subject_id, {"case": case_id, "kind": case.kind}, now=now)
        return case
