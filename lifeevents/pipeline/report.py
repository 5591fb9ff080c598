"""The 50% page as data: each service's counts and verdict, both catalogues, and what each service lacks.

eligible: people with an open offer of the service that their registers decide with "yes", whose last day in time did
          not pass before the first sweep; those with whom it did are `overdue`, and count for nothing. On a simulation
          also the `unseen`, whom no register knew of in time.
reached:  those of them told before the deadline (within 30 days of becoming eligible where there is none) and before
          they applied.
audited, right: notices checked against the truth (the simulation's, or a sampled human review), and found right.
steps, road: what each service lacks, and which is worth the next step, by the formula of `engine.road`.
if_confirmed: services that meet, and those that would as soon as a lawyer has confirmed their rules.
"""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from lifeevents.domain.pack import Pack
from lifeevents.domain.procedure import Procedure
from lifeevents.domain.register import Text
from lifeevents.engine.indicators import (
    PRECISION,
    REACH,
    TARGET,
    ServiceFigures,
    least_trials,
    verdict,
    wilson_lower,
)
from lifeevents.engine.recommend import say
from lifeevents.engine.road import Standing, Step, missing, road, tally
from lifeevents.ports import Ledger, Reach

NAME = "coverage"
Audits = Mapping[str, tuple[int, int]]
"""Milestone -> (notices audited, notices found right)."""


def coverage(
    ledger: Ledger,
    pack: Pack,
    audits: Audits,
    *,
    simulated: bool,
    now: datetime,
    unseen: Mapping[str, int] = MappingProxyType({}),
) -> dict[str, Any]:
    """Compute the report, keep it as the newest, and return it. `unseen` (see `pipeline.unseen`) counts, by procedure,
    people whom no register knew of in time; they are eligible and not reached."""
    with ledger.begin() as unit:
        reach = unit.reach()
        counted = {
            p.id: _figures(pack, p, reach.get(p.id, Reach(0, 0)), unseen.get(p.id, 0), audits)
            for p in pack.procedures.values()
        }
        standings = {p.id: _standing(pack, p, counted[p.id]) for p in pack.procedures.values()}
        services = [
            _service(pack, p, counted[p.id], standings[p.id].steps)
            | {"overdue": reach[p.id].overdue if p.id in reach else 0, "unseen": unseen.get(p.id, 0)}
            for p in pack.procedures.values()
        ]
        body: dict[str, Any] = {
            "as_of": now.date().isoformat(),
            "simulated": simulated,
            "catalogues": [
                _catalogue("essential", say(pack, "catalogue_essential", {}), [s for s in services if s["essential"]]),
                _catalogue("all", say(pack, "catalogue_all", {}), services),
            ],
            "steps": [{**one.model_dump(), "todo": _todo(pack, one.step)} for one in tally(standings.values())],
            "road": [_next(pack, one, counted[one.id]) for one in road(standings.values())],
            "services": services,
        }
        unit.save_report(NAME, body, now=now)
    return body


def _figures(pack: Pack, procedure: Procedure, reach: Reach, unseen: int, audits: Audits) -> ServiceFigures:
    checked = [audits.get(m, (0, 0)) for m in pack.milestones if procedure in pack.offers(m)]
    return ServiceFigures(
        eligible=reach.eligible + unseen,
        reached=reach.reached,
        audited=sum(audited for audited, _ in checked),
        right=sum(right for _, right in checked),
    )


def _catalogue(name: str, title: Text, services: list[dict[str, Any]]) -> dict[str, Any]:
    proactive = sum(service["verdict"] == "meets" for service in services)
    confirmed = proactive + sum(service["steps"] == ["verification"] for service in services)
    share = proactive / len(services) if services else None
    return {
        "id": name,
        "title": title,
        "services": len(services),
        "proactive": proactive,
        "if_confirmed": confirmed,
        "share": share,
        "target": TARGET,
    }


def _standing(pack: Pack, procedure: Procedure, figures: ServiceFigures) -> Standing:
    led = any(procedure in pack.offers(milestone) for milestone in pack.milestones)
    return Standing(
        id=procedure.id,
        essential=procedure.essential,
        benefit=procedure.benefit,
        people=figures.eligible or None,
        steps=missing(
            procedure.proactivity,
            figures,
            led=led,
            verified=procedure.verified,
            unprompted=procedure.unprompted is not None,
        ),
    )


def _service(pack: Pack, procedure: Procedure, figures: ServiceFigures, steps: tuple[Step, ...]) -> dict[str, Any]:
    return {
        "id": procedure.id,
        "title": procedure.title,
        "code": procedure.codes[-1].code if procedure.codes else None,
        "essential": procedure.essential,
        "level": procedure.proactivity,
        "eligible": figures.eligible,
        "reached": figures.reached,
        "reach": _share(figures.reached, figures.eligible),
        "reach_low": wilson_lower(figures.reached, figures.eligible),
        "audited": figures.audited,
        "precision": _share(figures.right, figures.audited),
        "precision_low": wilson_lower(figures.right, figures.audited),
        "verdict": verdict(procedure.proactivity, figures, verified=procedure.verified),
        "steps_left": len(steps),
        "steps": list(steps),
        "lacks": [_lack(pack, procedure, step, figures) for step in steps],
    }


def _next(pack: Pack, standing: Standing, figures: ServiceFigures) -> dict[str, Any]:
    """A service on the road: why it stands where it does, and its steps as codes and texts."""
    procedure = pack.procedures[standing.id]
    return {
        "id": standing.id,
        "title": procedure.title,
        "essential": standing.essential,
        "people": standing.people,
        "benefit": standing.benefit,
        "value": standing.value,
        "steps_left": len(standing.steps),
        "steps": [
            {"step": step, "lacks": _lack(pack, procedure, step, figures), "todo": _todo(pack, step)}
            for step in standing.steps
        ],
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _lack(pack: Pack, procedure: Procedure, step: Step, figures: ServiceFigures) -> Text:
    """What is not there yet, of this service; the pack's own reason where the state does not start it."""
    if step == "unprompted" and procedure.unprompted is not None:
        return procedure.unprompted
    counted = {"people": figures.eligible, "audit": figures.audited}
    return say(pack, f"lacks_{step}", {"n": counted.get(step, 0), **_marks()})


def _todo(pack: Pack, step: Step) -> Text:
    """What to do about a step, of any service."""
    return say(pack, f"todo_{step}", _marks())


def _marks() -> dict[str, str]:
    return {"people": str(least_trials(REACH)), "notices": str(least_trials(PRECISION))}
