"""The portal inbox on the wire."""

from datetime import datetime

from pydantic import ConfigDict, Field

from lifeevents.domain.occasion import InboxItem
from serving.api.language import pick, said_in
from serving.api.shapes.examples import MESSAGE
from serving.api.shapes.wire import Wire


class MessageView(Wire):
    """One message in a person's inbox."""

    model_config = ConfigDict(json_schema_extra={"examples": [MESSAGE]})

    id: str
    occasion_id: str
    milestone: str
    title: str
    body: str
    language: str = Field(description="Of title and body: another than the answer's where the message is older.")
    delivered_at: datetime
    read_at: datetime | None


class InboxView(Wire):
    """A person's messages, newest first."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"subject_id": "s-7f3a9c21d4e8", "unread": 1, "items": [MESSAGE]}]}
    )

    subject_id: str
    unread: int
    items: tuple[MessageView, ...]


def message_view(item: InboxItem, language: str) -> MessageView:
    """The message in one language."""
    return MessageView(
        id=item.id,
        occasion_id=item.occasion_id,
        milestone=item.milestone,
        title=pick(item.title, language),
        body=pick(item.body, language),
        language=said_in(item.body, language),
        delivered_at=item.delivered_at,
        read_at=item.read_at,
    )
