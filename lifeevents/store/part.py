"""What every part of a unit of work shares."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection

from lifeevents.engine.correction import CorrectionWords


def new_id() -> str:
    """A random id of 128 bits, as 32 hexadecimal digits."""
    return uuid4().hex


class Part:
    """The transaction's connection, and what is owed at its end (see `PostgresLedger.begin`).

    `entries` are appended to the audit chain last, so that its lock is held only for the commit. `stops` says
    that something here stops messages: the commit waits for deliveries that read the state before. `inbox_rows`
    are written together.
    """

    def __init__(self, con: Connection, words: CorrectionWords) -> None:
        self.con = con
        self.words = words
        self.entries: list[str] = []
        self.stops = False
        self.inbox_rows: list[dict[str, Any]] = []

    def audit(
        self, actor: str, action: str, subject_id: str | None, detail: Mapping[str, Any], *, now: datetime
    ) -> None:
        """Append to the hash-chained audit log, in this transaction. `detail` must be plain JSON values."""
        entry = {
            "at": now.astimezone(UTC).isoformat(),
            "actor": actor,
            "action": action,
            "subject": subject_id,
            "detail": dict(detail),
        }
        self.entries.append(json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False))
