"""The quarantine's desk for one agency: it sees and releases only rows of the registers that it writes."""

from collections.abc import Mapping
from datetime import date

from lifeevents.domain.agency import Agency
from lifeevents.domain.errors import Conflict, NotFound, Refused, Unavailable
from lifeevents.domain.quarantine import Quarantined, QuarantinePage
from lifeevents.ports import QuarantineDesk
from serving.api.visit import Visit


class AgencyDesk:
    """One agency at the desk. Raises Unavailable where the service reaches no lake.

    Every step is audited under the agency's name before it is done. A row that names no register, or one that the
    agency does not write, looks as absent: the operator's command line handles those.
    """

    def __init__(self, visit: Visit, agency: Agency) -> None:
        if visit.service.desk is None:
            raise Unavailable("This service has no access to the lake's quarantine.")
        self._desk: QuarantineDesk = visit.service.desk
        self._visit, self._agency, self._actor = visit, agency, f"agency:{agency.id}"

    def rows(
        self, *, register: str | None, reason: str | None, month: date | None, state: str, limit: int, offset: int
    ) -> QuarantinePage:
        """Rows of the agency's registers, or of one of them. Raises Refused for a register of others."""
        if register is not None and (known := self._visit.pack.registers.get(register)) is not None:
            self._agency.may_write(known)
        mine = self._agency.registers if register is None else {register} & set(self._agency.registers)
        asked = {"register": register, "reason": reason, "month": month and month.isoformat(), "state": state}
        self._audit("read", {name: value for name, value in asked.items() if value})
        return self._desk.rows(registers=mine, reason=reason, month=month, state=state, limit=limit, offset=offset)

    def row(self, item: str) -> Quarantined:
        """One row. Raises NotFound, for a row of others too."""
        self._audit("read", {"item": item})
        return self._own(item)

    def release(self, item: str, corrections: Mapping[str, str | None]) -> Quarantined:
        """Correct a row and send it through the gate again; the same again changes nothing.

        Raises NotFound, Refused for a field that the row has not or a register of others, Conflict with the gate's
        sentence when the gate refuses it again (the corrections are kept).
        """
        self._audit("release", {"item": item, "fields": sorted(corrections)})
        self._own(item)
        register = corrections.get("register")
        if register and register not in self._agency.registers:
            raise Refused(f"{self._agency.id} does not write {register}; the row can't become one of it.")
        done = self._desk.release(item, corrections, who=self._actor, at=self._visit.now)
        self._audit("outcome", {"item": item, "state": done.state})
        if done.state == "open":
            raise Conflict(done.sentence)
        return done

    def _own(self, item: str) -> Quarantined:
        row = self._desk.row(item)
        if row.register_id not in self._agency.registers:
            raise NotFound(f'There is no row "{item}" in the quarantine.')
        return row

    def _audit(self, what: str, detail: Mapping[str, object]) -> None:
        with self._visit.service.ledger.begin() as unit:
            unit.audit(self._actor, f"quarantine.{what}", None, dict(detail), now=self._visit.now)
