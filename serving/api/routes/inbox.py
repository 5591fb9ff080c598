"""A subject's portal inbox."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, status

from serving.api.problem import problems
from serving.api.shapes.message import InboxView, message_view
from serving.api.visit import Asked, SubjectId, Visiting, alike

router = APIRouter(prefix="/v1/subjects/{subject_id}/inbox", tags=["inbox"])
ItemId = Annotated[str, Path(description="Id of a message.", min_length=1, max_length=128, examples=["no-52aa"])]


@router.get("", summary="A subject's messages", responses=problems(422, 503))
def inbox(subject_id: SubjectId, visit: Visiting, asked: Annotated[Asked, Query()]) -> InboxView:
    """The messages in the portal inbox, newest first. The read is written to the audit log before the answer."""
    with visit.reading(subject_id, "inbox.read") as unit:
        items = tuple(message_view(item, visit.language) for item in unit.inbox(subject_id))
    return InboxView(subject_id=subject_id, unread=sum(item.read_at is None for item in items), items=items)


@router.post(
    "/{item}/read",
    summary="Mark a message as read",
    status_code=status.HTTP_204_NO_CONTENT,
    response_description="The message is marked as read; saying so twice changes nothing.",
    responses=problems(404, 422, 503),
)
def read(subject_id: SubjectId, item: ItemId, visit: Visiting, asked: Annotated[Asked, Query()]) -> None:
    """Remember that the person opened a message. An absent message and somebody else's look the same (404)."""
    with alike(), visit.reading(subject_id, "inbox.item_read", item=item) as unit:
        unit.mark_read(item, subject_id, now=visit.now)
