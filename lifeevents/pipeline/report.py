"""The 50% page as data: each service's counts and verdict, both catalogues, and what each service lacks.

eligible: people with an open offer of the service that their registers decide with "yes".
reached:  those of them told before the deadline (within 30 days where there is none) and before they applied.
audited, right: notices checked against the truth (the simulation's, or a sampled human review), and found right.
People whom no register knows of yet are in no register's count; `unseen` in the report says so.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lifeevents.domain.pack import Pack
from lifeevents.domain.procedure import Procedure
from lifeevents.domain.register import Text
from lifeevents.engine.indicators import PRECISION, REACH, TARGET, ServiceFigures, ServiceVerdict, verdict, wilson_lower
from lifeevents.engine.recommend import say
from lifeevents.ports import Ledger

NAME = "coverage"
Audits = Mapping[str, tuple[int, int]]
"""Milestone -> (notices audited, notices found right)."""


def coverage(ledger: Ledger, pack: Pack, audits: Audits, *, simulated: bool, now: datetime) -> dict[str, Any]:
    """Compute the report, keep it as the newest, and return it."""
    with ledger.begin() as unit:
        reach = unit.reach()
        services = [
            _service(pack, procedure, _figures(pack, procedure, reach, audits))
            for procedure in pack.procedures.values()
        ]
        body: dict[str, Any] = {
            "as_of": now.date().isoformat(),
            "simulated": simulated,
            "catalogues": [
                _catalogue("essential", say(pack, "catalogue_essential", {}), [s for s in services if s["essential"]]),
                _catalogue("all", say(pack, "catalogue_all", {}), services),
            ],
            "services": services,
        }
        unit.save_report(NAME, body, now=now)
    return body


def _figures(pack: Pack, procedure: Procedure, reach: Mapping[str, tuple[int, int]], audits: Audits) -> ServiceFigures:
    eligible, reached = reach.get(procedure.id, (0, 0))
    checked = [audits.get(m, (0, 0)) for m in pack.milestones if procedure in pack.offers(m)]
    return ServiceFigures(
        eligible=eligible,
        reached=reached,
        audited=sum(audited for audited, _ in checked),
        right=sum(right for _, right in checked),
    )


def _catalogue(name: str, title: Text, services: list[dict[str, Any]]) -> dict[str, Any]:
    proactive = sum(service["verdict"] == "meets" for service in services)
    share = proactive / len(services) if services else None
    return {
        "id": name,
        "title": title,
        "services": len(services),
        "proactive": proactive,
        "share": share,
        "target": TARGET,
    }


def _service(pack: Pack, procedure: Procedure, figures: ServiceFigures) -> dict[str, Any]:
    judged = verdict(procedure.proactivity, figures, verified=procedure.verified)
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
        "verdict": judged,
        "lacks": _lacks(pack, procedure, figures, judged),
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _lacks(pack: Pack, procedure: Procedure, figures: ServiceFigures, judged: ServiceVerdict) -> list[Text]:
    """What stands between this service and "meets"."""
    if judged == "meets":
        return []
    if not any(procedure in pack.offers(milestone) for milestone in pack.milestones):
        return [say(pack, "lacks_milestone", {})]
    if procedure.proactivity in ("L0", "L1"):
        return [say(pack, "lacks_level", {})]
    found = []
    if not procedure.verified:
        found.append(say(pack, "lacks_verification", {}))
    if (wilson_lower(figures.eligible, figures.eligible) or 0) < REACH:
        found.append(say(pack, "lacks_people", {"n": figures.eligible}))
    elif (wilson_lower(figures.reached, figures.eligible) or 0) < REACH:
        found.append(say(pack, "lacks_reach", {}))
    if (wilson_lower(figures.audited, figures.audited) or 0) < PRECISION:
        found.append(say(pack, "lacks_audit", {"n": figures.audited}))
    elif (wilson_lower(figures.right, figures.audited) or 0) < PRECISION:
        found.append(say(pack, "lacks_precision", {}))
    return found
