"""A few people worth a look, and the figures of a run, for the start page of a simulated population."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from lifeevents.domain.pack import Pack
from lifeevents.pipeline.sweep import SweepReport
from lifeevents.ports import Unit
from lifeevents.registers.report import ImportReport
from serving.web.wording import Words

PER_MILESTONE = 1


def choose_examples(unit: Unit, pack: Pack) -> list[Mapping[str, Any]]:
    """For each milestone, somebody who was told of it (for a child, a parent): whose event is the newest first."""
    chosen: list[Mapping[str, Any]] = []
    newest_first = sorted(unit.told(), key=lambda one: one.occurred_on or date.min, reverse=True)
    for milestone in pack.milestones.values():
        told = list(dict.fromkeys(one.recipient_id for one in newest_first if one.milestone == milestone.id))
        chosen += [
            {"subject_id": subject, "milestone": milestone.id, "title": milestone.text.title}
            for subject in told[:PER_MILESTONE]
        ]
    return chosen


def figures_of(swept: SweepReport, imported: ImportReport, spoken: Mapping[str, Words]) -> list[Mapping[str, Any]]:
    """What the start page shows of the run, in each language that is spoken."""
    values = {
        "subjects": swept.subjects,
        "events": imported.tables["events"].accepted,
        "quarantined": imported.quarantined,
    }
    return [
        {"title": {language: words(f"home.figure.{name}") for language, words in spoken.items()}, "value": value}
        for name, value in values.items()
    ]
