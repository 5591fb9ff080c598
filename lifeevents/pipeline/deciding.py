"""From a snapshot and what detectors found in it to occasions, offers and messages, in one transaction.

The nightly sweep does it bucket by bucket, the live path for the few people an event concerns: the same code.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pyarrow as pa
import pyarrow.compute as pc

from lifeevents.domain.calendar import Period, minus
from lifeevents.domain.occasion import Detection, Notification, Occasion, Recommendation
from lifeevents.domain.pack import Pack
from lifeevents.engine.eligibility import Rulebook
from lifeevents.engine.notify import bundle_of, notification
from lifeevents.engine.recommend import recommend
from lifeevents.engine.representation import Addressee, Tie
from lifeevents.ports import Detector, Snapshot, Unit

CHANNEL = "portal"
NOBODY = "The subject cannot be told itself, and no living representative is registered."


@dataclass
class Decided:
    """What came of detections. `nothing_to_offer` are new occasions whose every procedure was surely not theirs,
    `unaddressed` those that went to a person because nobody could be told. `cancelled` are occasions whose event was
    withdrawn, `dropped` waiting messages whose conditions no longer hold (the birth has been registered since)."""

    occasions: Counter[str] = field(default_factory=Counter)
    recommendations: int = 0
    notifications: int = 0
    nothing_to_offer: int = 0
    unaddressed: int = 0
    cancelled: int = 0
    dropped: int = 0


@dataclass(frozen=True)
class _Told:
    """A new occasion with its offers, and who is told."""

    occasion: Occasion
    offers: tuple[Recommendation, ...]
    to: Addressee


def first_day_of_interest(pack: Pack, as_of: date) -> date:
    """Far enough back for every registered milestone that may still be active."""
    windows = [Period.parse(m.within) for m in pack.milestones.values() if m.kind == "registered"]
    return min((minus(as_of, window) for window in windows), default=as_of) - timedelta(days=1)


def decide_all(
    unit: Unit,
    pack: Pack,
    rules: Rulebook,
    snapshot: Snapshot,
    detectors: Sequence[Detector],
    found: Sequence[Detection],
    *,
    actor: str,
    now: datetime,
) -> Decided:
    """Store what is new of what these detectors found in the snapshot, with offers and messages; close what it says
    was withdrawn, and drop what waits to be told and is found no longer."""
    done = Decided()
    unit.mark_dead(_dead(snapshot), now=now)
    done.cancelled = _withdraw(unit, pack, snapshot, now)
    done.dropped = _drop(unit, pack, snapshot, detectors, found, now)
    addressees = _addressees(rules, snapshot, found)
    kept = [_minimal(detection, rules[detection.milestone].reads) for detection in found]
    told: list[_Told] = []
    offered: list[tuple[Occasion, tuple[Recommendation, ...]]] = []
    for occasion in unit.add_occasions(kept, now=now):
        if occasion is None:
            continue
        detection = occasion.detection
        done.occasions[detection.milestone] += 1
        offers = recommend(pack, rules[detection.milestone].offers, detection)
        if not offers:
            done.nothing_to_offer += 1
            continue
        offered.append((occasion, offers))
        to = addressees[detection.subject_id]
        if to is None:
            done.unaddressed += 1
            unit.open_case("referred", occasion.id, detection.subject_id, detection.milestone, reason=NOBODY, now=now)
        else:
            told.append(_Told(occasion, offers, to))
    unit.add_offers(offered)
    unit.set_all_guardians({one.occasion.detection.subject_id: _guardians(one.to) for one in told if one.to.represents})
    done.recommendations = sum(len(offers) for _, offers in offered)
    done.notifications = sum(unit.enqueue_all(_messages(pack, told, now)))
    for occasion, offers in offered:
        detail = {"occasion": occasion.id, "detector": occasion.detection.detector, "offers": len(offers)}
        unit.audit(actor, "detect", occasion.detection.subject_id, detail, now=now)
    return done


def _addressees(rules: Rulebook, snapshot: Snapshot, found: Sequence[Detection]) -> Mapping[str, Addressee | None]:
    """Who is told about each subject; None where nobody can be."""
    facts = {detection.subject_id: detection.facts for detection in found}
    speakers = rules.representatives
    represented = [subject for subject, known in facts.items() if speakers.rule_for(known)]
    ties = _ties(snapshot, represented)
    return {subject: speakers.addressee(subject, known, ties.get(subject, ())) for subject, known in facts.items()}


def _ties(snapshot: Snapshot, subjects: Sequence[str]) -> Mapping[str, Sequence[Tie]]:
    found: dict[str, list[Tie]] = defaultdict(list)
    if snapshot.ties is not None and subjects:
        mine = snapshot.ties.filter(pc.is_in(snapshot.ties["subject_id"], value_set=pa.array(subjects, pa.string())))
        for row in mine.to_pylist():
            found[row["subject_id"]].append(Tie(row["relation"], row["related_id"], row["since"]))
    return found


def _guardians(to: Addressee) -> list[tuple[str, date, date | None]]:
    return [(tie.related_id, tie.since, None) for tie in to.represents]


def _messages(pack: Pack, told: Sequence[_Told], now: datetime) -> list[Notification]:
    """One message per story: occasions of one recipient, milestone and bundle (twins) are told together."""
    stories: dict[tuple[str, str, str], list[_Told]] = defaultdict(list)
    for one in told:
        detection = one.occasion.detection
        stories[one.to.recipient_id, detection.milestone, bundle_of(detection)].append(one)
    return [
        notification(
            pack, first.occasion, first.offers, to=first.to, also=[o.occasion for o in rest], channel=CHANNEL, now=now
        )
        for first, *rest in stories.values()
    ]


def _minimal(detection: Detection, reads: frozenset[str]) -> Detection:
    """The detection with only the facts that a rule, a text or a form reads: what an occasion keeps."""
    facts = {name: value for name, value in detection.facts.items() if name in reads}
    return detection.model_copy(update={"facts": facts})


def _dead(snapshot: Snapshot) -> list[str]:
    dead = snapshot.rows.filter(pc.equal(snapshot.rows["alive"], False))
    subjects: list[str] = dead["subject_id"].to_pylist()
    return subjects


def _drop(
    unit: Unit,
    pack: Pack,
    snapshot: Snapshot,
    detectors: Sequence[Detector],
    found: Sequence[Detection],
    now: datetime,
) -> int:
    """Cancel waiting messages that a register or a law no longer bears out. A prediction stands for its cooldown."""
    decided = [d.milestone for d in detectors if pack.milestones[d.milestone].kind != "predicted"]
    still = {(one.subject_id, one.milestone, one.anchor) for one in found}
    waiting = unit.unsent(decided, snapshot.rows["subject_id"].to_pylist())
    gone = [key for key in waiting if key not in still]
    return unit.drop_unsent(gone, reason="what it was to tell no longer holds", now=now)


def _withdraw(unit: Unit, pack: Pack, snapshot: Snapshot, now: datetime) -> int:
    """Close the occasions whose event was annulled or corrected since they were told."""
    if not snapshot.withdrawn:
        return 0
    subjects = snapshot.rows.column("subject_id").to_pylist()
    closed = 0
    for milestone in pack.milestones.values():
        if milestone.kind != "registered":
            continue
        for subject, anchors in unit.open_anchors(milestone.id, subjects).items():
            for anchor in snapshot.withdrawn.intersection(anchors):
                unit.cancel_occasion(
                    subject, milestone.id, anchor, reason="the event was annulled or corrected", now=now
                )
                closed += 1
    return closed
