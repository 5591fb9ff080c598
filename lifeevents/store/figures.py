"""Reports and counts, and the rows that the indicators are computed from."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert

from lifeevents.domain.occasion import Told
from lifeevents.ports import Reach
from lifeevents.store.part import Part
from lifeevents.store.schema import notification, occasion, recommendation, report

REACH = text("""
    WITH first_told AS (
        SELECT occasion_id, min(settled_at) AS at FROM notification
        WHERE state = 'delivered' AND purpose <> 'correction' GROUP BY occasion_id
    ), counted AS (
        SELECT o.milestone, r.procedure, r.subject_id, t.at, r.answer = 'done' AND r.answered_at <= t.at AS done_before,
               coalesce((r.body->>'deadline')::date, CASE o.kind
                   WHEN 'registered' THEN (o.evidence->'event'->>'occurred_on')::date
                   WHEN 'due' THEN o.due_on END + 30, o.detected_at::date + 30) AS last_day,
               (SELECT min(detected_at)::date FROM occasion) AS began
        FROM recommendation r JOIN occasion o ON o.id = r.occasion_id LEFT JOIN first_told t ON t.occasion_id = o.id
        WHERE o.state = 'open' AND r.body->>'eligibility' = 'yes'
    )
    SELECT milestone, procedure,
           count(DISTINCT subject_id) FILTER (WHERE last_day >= began) AS eligible,
           count(DISTINCT subject_id) FILTER (
               WHERE last_day >= began AND at < last_day + 1 AND done_before IS NOT TRUE
           ) AS reached,
           count(DISTINCT subject_id) FILTER (WHERE last_day < began) AS overdue
    FROM counted GROUP BY GROUPING SETS ((procedure), (milestone, procedure)) ORDER BY procedure, milestone
""")
"""Per procedure (no milestone), and per milestone and procedure: a person with two occasions counts once in each."""
TOLD = text("""
    SELECT n.id, o.id AS occasion_id, o.subject_id, n.recipient_id, o.milestone, o.kind, o.due_on, n.about,
           n.settled_at AS delivered_at,
           o.evidence->'event'->>'kin' AS kin,
           (o.evidence->'event'->>'occurred_on')::date AS occurred_on,
           (o.evidence->'facts'->>'born_on')::date AS born_on
    FROM notification n JOIN occasion o ON o.id = n.occasion_id
    WHERE n.state = 'delivered' AND n.purpose <> 'correction' ORDER BY n.place
""")


class Figures(Part):
    """The newest report of each name, rows by kind, and what reach and precision are counted from."""

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

    def reach(self) -> Mapping[str, Reach]:
        rows = self.con.execute(REACH)
        return {row.procedure: Reach(row.eligible, row.reached, row.overdue) for row in rows if row.milestone is None}

    def offered(self) -> Mapping[tuple[str, str], int]:
        rows = self.con.execute(REACH)
        return {(row.milestone, row.procedure): row.eligible for row in rows if row.milestone and row.eligible}

    def began(self) -> date | None:
        first: datetime | None = self.con.execute(select(func.min(occasion.c.detected_at))).scalar_one()
        return first.astimezone(UTC).date() if first else None

    def told(self) -> Sequence[Told]:
        return [Told.model_validate(dict(row)) for row in self.con.execute(TOLD).mappings()]
