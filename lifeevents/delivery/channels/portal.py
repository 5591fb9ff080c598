"""The portal inbox: the state's own, on for everyone until refused. Sending is a row in the same transaction."""

from collections.abc import Mapping
from datetime import datetime

from lifeevents.domain.occasion import Notification
from lifeevents.ports import Unit


class Portal:
    """Puts messages into the recipient's portal inbox; once per message, because the message's id is the key."""

    name = "portal"
    transactional = True

    def send(self, notification_id: str, notification: Notification, unit: Unit, *, now: datetime) -> None:
        """Cannot fail apart from the transaction itself."""
        unit.put_in_inbox(notification_id, notification, now=now)


def build(settings: Mapping[str, str]) -> Portal:
    """The portal inbox has no settings."""
    return Portal()
