"""What is known of people and of switches, as far as it stops messages."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from lifeevents.store.bulk import insert_many, rows_of
from lifeevents.store.part import Part
from lifeevents.store.schema import consent, death, guardian, kill_switch

INBOX = "portal"
"""The one channel that is on until refused: the state's own inbox."""


class People(Part):
    """Deaths, kill switches, consents and guardians."""

    def dead_among(self, subject_ids: Collection[str]) -> set[str]:
        """Those of these subjects who are marked dead."""
        rows = self.con.execute(select(death.c.subject_id).where(death.c.subject_id == func.any(list(subject_ids))))
        return set(rows.scalars())

    def is_dead(self, subject_id: str) -> bool:
        return bool(self.dead_among([subject_id]))

    def mark_dead(self, subject_ids: Iterable[str], *, now: datetime) -> None:
        rows = [{"subject_id": one, "marked_at": now} for one in sorted(set(subject_ids))]
        if rows:
            self.con.execute(insert_many(death, list(rows[0])).on_conflict_do_nothing(), rows_of(rows))
            self.stops = True

    def switched_off_among(self, pairs: Collection[tuple[str, str]]) -> set[tuple[str, str]]:
        """Those of these (milestone, channel) pairs that someone has switched off."""
        here = tuple_(kill_switch.c.milestone, kill_switch.c.channel)
        query = select(kill_switch.c.milestone, kill_switch.c.channel).where(kill_switch.c.off, here.in_(list(pairs)))
        return {(row.milestone, row.channel) for row in self.con.execute(query)}

    def is_switched_off(self, milestone: str, channel: str) -> bool:
        return bool(self.switched_off_among([(milestone, channel)]))

    def switch(self, milestone: str, channel: str, *, off: bool, who: str, reason: str, now: datetime) -> None:
        row = {"milestone": milestone, "channel": channel, "off": off, "who": who, "reason": reason, "at": now}
        self.con.execute(insert(kill_switch).values(row).on_conflict_do_update(constraint="pk_kill_switch", set_=row))
        detail = {"milestone": milestone, "channel": channel, "reason": reason}
        self.audit(who, "switch_off" if off else "switch_on", None, detail, now=now)
        self.stops = True

    def choices_among(self, subject_ids: Collection[str]) -> dict[tuple[str, str, str], bool]:
        """The choices that these people made: {(subject, purpose, channel): allowed}."""
        query = select(consent).where(consent.c.subject_id == func.any(list(subject_ids)))
        return {(row.subject_id, row.purpose, row.channel): row.allowed for row in self.con.execute(query)}

    def may_use(self, subject_id: str, purpose: str, channel: str) -> bool:
        return self.choices_among([subject_id]).get((subject_id, purpose, channel), channel == INBOX)

    def set_consent(self, subject_id: str, purpose: str, channel: str, *, allowed: bool, now: datetime) -> None:
        row = {"subject_id": subject_id, "purpose": purpose, "channel": channel, "allowed": allowed, "at": now}
        self.con.execute(insert(consent).values(row).on_conflict_do_update(constraint="pk_consent", set_=row))
        detail = {"purpose": purpose, "channel": channel, "allowed": allowed}
        self.audit(f"subject:{subject_id}", "consent", subject_id, detail, now=now)
        self.stops = self.stops or not allowed

    def guardians_among(self, subject_ids: Collection[str], *, on: date) -> dict[str, list[str]]:
        """The guardians valid on a day of each of these subjects that has any."""
        query = (
            select(guardian.c.subject_id, guardian.c.guardian_id)
            .where(guardian.c.subject_id == func.any(list(subject_ids)), _valid(on))
            .distinct()
            .order_by(guardian.c.subject_id, guardian.c.guardian_id)
        )
        found: dict[str, list[str]] = {}
        for row in self.con.execute(query):
            found.setdefault(row.subject_id, []).append(row.guardian_id)
        return found

    def guardians(self, subject_id: str, *, on: date) -> Sequence[str]:
        return self.guardians_among([subject_id], on=on).get(subject_id, [])

    def set_guardians(self, subject_id: str, guardians: Sequence[tuple[str, date, date | None]]) -> None:
        self.set_all_guardians({subject_id: guardians})

    def set_all_guardians(self, guardians: Mapping[str, Sequence[tuple[str, date, date | None]]]) -> None:
        if not guardians:
            return
        self.con.execute(delete(guardian).where(guardian.c.subject_id == func.any(list(guardians))))
        rows = [
            {"subject_id": subject, "guardian_id": one, "valid_from": start, "valid_to": end}
            for subject, theirs in sorted(guardians.items())
            for one, start, end in dict.fromkeys(theirs)
        ]
        if rows:
            self.con.execute(insert_many(guardian, list(rows[0])), rows_of(rows))
        self.stops = True

    def represented_by(self, guardian_id: str, *, on: date) -> Sequence[str]:
        query = select(guardian.c.subject_id).where(guardian.c.guardian_id == guardian_id, _valid(on)).distinct()
        return list(self.con.execute(query.order_by(guardian.c.subject_id)).scalars())


def _valid(on: date) -> ColumnElement[bool]:
    """The guardianship holds on a day."""
    return and_(guardian.c.valid_from <= on, or_(guardian.c.valid_to.is_(None), guardian.c.valid_to >= on))
