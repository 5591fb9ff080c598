"""Reports and counts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from lifeevents.store.part import Part
from lifeevents.store.schema import notification, occasion, recommendation, report


class Figures(Part):
    """The newest report of each name, and rows by kind."""

    def save_report(self, name: str, body: Mapping[str, Any], *, now: datetime) -> None:
        row = {"name": name, "body": dict(body), "saved_at": now}
        self.con.execute(insert(report).values(row).on_conflict_do_update(constraint="pk_report", set_=row))

    def report(self, name: str) -> Mapping[str, Any] | None:
        row = self.con.execute(select(report).where(report.c.name == name)).one_or_none()
        return None if row is None else {**row.body, "saved_at": row.saved_at}

    def counts(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for prefix, column in (
            ("occasions", occasion.c.milestone),
            ("notifications", notification.c.state),
            ("answers", recommendation.c.answer),
        ):
            query = select(column, func.count()).where(column.is_not(None)).group_by(column).order_by(column)
            found |= {f"{prefix}.{name}": count for name, count in self.con.execute(query)}
        total = self.con.execute(select(func.count()).select_from(recommendation)).scalar_one()
        return found | {"recommendations": total}
