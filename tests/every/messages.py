"""Every message that the pack can send: one per milestone and language, as the first case that is found is told.

python -m tests.every.messages      writes tests/golden/messages/<language>/<milestone>.txt anew; read the diff.
"""

from datetime import UTC, date, datetime, time
from pathlib import Path

from lifeevents.domain.milestone import Case, Milestone
from lifeevents.domain.occasion import Detection, Occasion
from lifeevents.engine.eligibility import rules_of
from lifeevents.engine.notify import notification
from lifeevents.engine.recommend import recommend
from lifeevents.engine.representation import Tie
from tests.every.test_milestones import KNOWN, PACK, detected

GOLDEN = Path(__file__).parent.parent / "golden" / "messages"
RULES = rules_of(PACK, KNOWN)
SUBJECT, PARENT = "p1", "p0"


def first_told(milestone: Milestone) -> Case:
    """The case that the message is made from: the first that is found."""
    return next(case for case in milestone.cases if case.expect)


def detection_of(milestone: Milestone, case: Case) -> Detection:
    """What the milestone's detector finds in the case; a prediction with a chance of one in five."""
    if milestone.kind != "predicted":
        return detected(milestone, case)[0]
    return Detection(
        subject_id=SUBJECT,
        milestone=milestone.id,
        kind="predicted",
        anchor=case.as_of.isoformat(),
        as_of=case.as_of,
        probability=0.2,
        detector="model",
        facts=case.given,
    )


def message(milestone: Milestone, language: str) -> str:
    """Title, body and the procedures offered, as a person reads them; one line each."""
    detection = detection_of(milestone, first_told(milestone))
    offers = recommend(PACK, RULES[milestone.id].offers, detection)
    now = datetime.combine(detection.as_of, time(3, 0), UTC)
    ties = [Tie(relation, PARENT, date(2020, 1, 1)) for relation in ("mother", "owner")]
    to = RULES.representatives.addressee(SUBJECT, {**detection.facts, "kind": milestone.subject}, ties)
    assert to is not None, milestone.id
    occasion = Occasion(id="o1", detection=detection, detected_at=now)
    said = notification(PACK, occasion, offers, to=to, channel="portal", now=now)
    steps = [f"{offer.rank}. {offer.title[language]} ({offer.eligibility})" for offer in offers]
    return "\n".join([said.title[language], "", said.body[language], "", *steps]) + "\n"


def path_of(milestone: str, language: str) -> Path:
    """Where a message's golden file lies."""
    return GOLDEN / language / f"{milestone}.txt"


def write() -> None:
    """Write every golden file anew, and remove those of milestones that are gone."""
    for old in GOLDEN.rglob("*.txt"):
        old.unlink()
    for milestone in PACK.milestones.values():
        for language in PACK.languages:
            path = path_of(milestone.id, language)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(message(milestone, language), encoding="utf-8")


if __name__ == "__main__":
    write()
