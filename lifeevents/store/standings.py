"""Everything the stop rules read about a batch of messages, in a few statements."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, text

from lifeevents.domain.occasion import AnswerKind
from lifeevents.engine.contact import WEEK
from lifeevents.engine.situation import Answered, Standing
from lifeevents.ports import Claimed
from lifeevents.store.occasions import Occasions
from lifeevents.store.offers import Offers
from lifeevents.store.people import INBOX, People
from lifeevents.store.schema import notification, occasion, recommendation

ONE_AT_A_TIME = text(
    "SELECT pg_advisory_xact_lock(hashtext('lifeevents.recipient'), one.h) FROM "
    "(SELECT DISTINCT hashtext(r) AS h FROM unnest(CAST(:recipients AS text[])) AS r ORDER BY 1) AS one"
)
"""A second worker waits with the same people, so that two cannot each use up the last of a week's budget."""


class Standings(Occasions, Offers, People):
    """Reads what stops messages."""

    def standings(self, claimed: Sequence[Claimed], *, now: datetime) -> Mapping[str, Standing]:
        messages = [one.notification for one in claimed]
        recipients = sorted({m.recipient_id for m in messages})
        subjects = sorted({m.subject_id for m in messages})
        self.con.execute(ONE_AT_A_TIME, {"recipients": recipients})
        dead = self.dead_among({person for m in messages for person in (m.recipient_id, m.subject_id, *m.about)})
        off = self.switched_off_among({(m.milestone, m.channel) for m in messages})
        silenced = self.silenced_among({(m.subject_id, m.milestone) for m in messages})
        choices = self.choices_among(recipients)
        guardians = self.guardians_among(subjects, on=now.date())
        sent = self.sent_among(recipients, now - WEEK)
        occasions = self._occasions(sorted({m.occasion_id for m in messages}))
        answers = self._answers(list(occasions))
        told = self._told(claimed)
        found = {}
        for one in claimed:
            m = one.notification
            at = occasions[m.occasion_id]
            found[one.id] = Standing(
                recipient_id=m.recipient_id,
                subject_id=m.subject_id,
                about=m.about,
                purpose=m.purpose,
                deadline=m.deadline,
                dead=tuple(sorted(dead & {m.recipient_id, m.subject_id, *m.about})),
                switched_off=(m.milestone, m.channel) in off,
                occasion_state=at.state,
                settle_until=at.not_before,
                active_until=at.active_until,
                offers=at.offers,
                answers=tuple(answers.get(m.occasion_id, ())),
                told=one.id in told,
                silenced=(m.subject_id, m.milestone) in silenced,
                guardians=tuple(guardians.get(m.subject_id, ())),
                may_use=choices.get((m.recipient_id, m.purpose, m.channel), m.channel == INBOX),
                sent=tuple(sorted(sent.get(m.recipient_id, ()))),
            )
        return found

    def _occasions(self, ids: Sequence[str]) -> dict[str, Any]:
        offers = (
            select(func.count()).where(recommendation.c.occasion_id == occasion.c.id).scalar_subquery().label("offers")
        )
        query = select(occasion.c.id, occasion.c.state, occasion.c.not_before, occasion.c.active_until, offers).where(
            occasion.c.id == func.any(list(ids))
        )
        return {row.id: row for row in self.con.execute(query)}

    def _answers(self, occasion_ids: Sequence[str]) -> dict[str, list[Answered]]:
        r = recommendation.c
        query = (
            select(r.occasion_id, r.procedure, r.answer, r.answer_until)
            .where(r.occasion_id == func.any(list(occasion_ids)), r.answer.is_not(None))
            .order_by(r.occasion_id, r.rank)
        )
        found: dict[str, list[Answered]] = {}
        for row in self.con.execute(query):
            said = Answered(procedure=row.procedure, kind=AnswerKind(row.answer), until=row.answer_until)
            found.setdefault(row.occasion_id, []).append(said)
        return found

    def _told(self, claimed: Sequence[Claimed]) -> set[str]:
        """Messages whose recipient already had the same occasion on the same channel for the same purpose."""
        n = notification.c
        query = select(n.occasion_id, n.recipient_id, n.channel, n.purpose).where(
            n.state == "delivered",
            n.occasion_id == func.any([one.notification.occasion_id for one in claimed]),
        )
        had = {tuple(row) for row in self.con.execute(query)}
        return {
            one.id
            for one in claimed
            for m in [one.notification]
            if (m.occasion_id, m.recipient_id, m.channel, m.purpose) in had
        }
