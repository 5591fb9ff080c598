"""The one message of an occasion: neutral in tone, one clear next step, made from the offers it announces."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from lifeevents.domain.milestone import Milestone
from lifeevents.domain.occasion import Detection, Notification, Occasion, Recommendation
from lifeevents.domain.pack import Pack
from lifeevents.domain.register import Text
from lifeevents.engine.recommend import facts_of, say, why
from lifeevents.engine.representation import Addressee

PURPOSE = "milestone"


def key_of(detection: Detection, channel: str, purpose: str = PURPOSE) -> str:
    """The idempotency key of a message: it follows from the occasion, the channel and the purpose alone."""
    parts = (detection.subject_id, detection.milestone, detection.anchor, channel, purpose)
    return sha256("\x1f".join(parts).encode()).hexdigest()


def bundle_of(detection: Detection) -> str:
    """What makes two occasions one story: the day a registered event happened (twins), else the anchor."""
    return str(detection.event.get("occurred_on", detection.anchor))


def notification(
    pack: Pack,
    occasion: Occasion,
    offers: Sequence[Recommendation],
    *,
    to: Addressee,
    also: Sequence[Occasion] = (),
    channel: str,
    now: datetime,
) -> Notification:
    """The message of an occasion; `also` are other occasions of the same bundle (a twin's birth).

    `offers` must not be empty: nothing to offer is nothing to say. The message's deadline is the next one still
    ahead; one that has passed does not keep the other offers from being told. Whether it must wait (settling, night,
    budget) is for the stop rules to say, each time it is tried: so that what holds it has a name.
    """
    detection = occasion.detection
    told = [detection, *(other.detection for other in also)]
    milestone = pack.milestones[detection.milestone]
    ahead = [offer.deadline for offer in offers if offer.deadline and offer.deadline >= detection.as_of]
    return Notification(
        key=key_of(detection, channel),
        occasion_id=occasion.id,
        milestone=milestone.id,
        subject_id=detection.subject_id,
        recipient_id=to.recipient_id,
        channel=channel,
        purpose=PURPOSE,
        title=milestone.text.title,
        body=_body(pack, why(milestone, facts_of(detection)), offers, to.about),
        not_before=now,
        deadline=min(ahead) if ahead else None,
        about=_about(pack, milestone, told, to.recipient_id),
    )


def _about(pack: Pack, milestone: Milestone, told: Sequence[Detection], recipient_id: str) -> tuple[str, ...]:
    """The other people that the text speaks of, who must be alive to be spoken of: subjects that are represented,
    and the kin of their events. A loss speaks of nobody living."""
    people = [one.subject_id for one in told if one.subject_id != recipient_id]
    if not pack.vocabulary.is_loss(milestone.on):
        people += [str(one.event["kin"]) for one in told if "kin" in one.event]
    return tuple(dict.fromkeys(people))


def _body(pack: Pack, reason: Text, offers: Sequence[Recommendation], about: Text | None) -> Text:
    """Whom it is about, why, one next step and its last day. Where law sets a last day, it does not say that nothing
    need be done; where something could not be checked, the step may be for the person and is not said to be."""
    first = offers[0]
    step = "first_step" if first.eligibility == "yes" else "first_step_ask"
    duty = first.deadline is not None
    lines = [
        *([about] if about else []),
        reason,
        {
            language: pack.words[language][step].replace("{procedure}", first.title[language].rstrip("."))
            for language in pack.languages
        },
    ]
    if duty and (first.days_left or 0) >= 0:
        lines.append(say(pack, "deadline", {"date": first.deadline}))
    if len(offers) > 1:
        lines.append(say(pack, "more_steps", {"n": len(offers) - 1}))
    lines += [*([] if duty else [say(pack, "no_action_needed", {})]), say(pack, "automated", {})]
    return {language: " ".join(line[language] for line in lines) for language in pack.languages}
