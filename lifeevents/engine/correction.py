"""The honest correction of a message that was sent and is no longer true."""

from datetime import datetime

from pydantic import Field

from lifeevents.domain.frozen import Frozen
from lifeevents.domain.occasion import Notification
from lifeevents.domain.register import Text

CORRECTION = "correction"
"""The purpose of a correction notice. It is owed: choices, answers and the budget do not stop it."""

BODY = (
    "We told you: “{title}”. The register has since been corrected, so that message no longer holds. "
    "You need not do anything. We are sorry for the trouble."
)


class CorrectionWords(Frozen):
    """What a correction says, by language; `{title}` stands for the title of the message it corrects.

    A pack gives the words of its languages; English is what is said when it gives none.
    """

    title: Text = Field(default_factory=lambda: {"en": "A correction to an earlier message"})
    body: Text = Field(default_factory=lambda: {"en": BODY})


def correction_of(sent: Notification, words: CorrectionWords, *, now: datetime) -> Notification:
    """The correction of `sent`: same person, same channel, once per message (its key derives from the sent one)."""
    any_title = next(iter(sent.title.values()), "")
    return Notification(
        key=f"{sent.key}:{CORRECTION}",
        occasion_id=sent.occasion_id,
        milestone=sent.milestone,
        subject_id=sent.subject_id,
        recipient_id=sent.recipient_id,
        channel=sent.channel,
        purpose=CORRECTION,
        title=words.title,
        body={
            language: text.replace("{title}", sent.title.get(language, any_title))
            for language, text in words.body.items()
        },
        not_before=now,
        about=sent.about,
    )
