"""What the notices of a simulated population changed: cases from the ledger and the truth, and both worlds' figures.

Simulation only. What the engine told, whom and when is read from the ledger; what the people did untold from the truth
where the simulated life holds it (`lived` in the pack's rates/behaviour.yaml), else it is drawn from their manner.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from lifeevents.domain.calendar import Period, age_years, minus, plus
from lifeevents.domain.occasion import Offer, Told
from lifeevents.domain.pack import Pack
from lifeevents.pipeline.audit import judge
from lifeevents.pipeline.lived import Lives
from lifeevents.ports import Ledger
from lifeevents.simulate.behaviour import Matter, manner_of
from lifeevents.simulate.behaviour_rates import Lived
from lifeevents.simulate.rates import Rates
from lifeevents.simulate.worlds import Case, Comparison, compare, uptake, with_service, without_service

NAME = "worlds"
_ADULT = 35
"""The age of someone whose birth the truth does not hold (a subject that was made up by dirt)."""


def cases_of(
    ledger: Ledger, pack: Pack, rates: Rates, dump: Path, *, since: date, until: date, seed: int
) -> list[Case]:
    """A case for each thing that a notice told of whose first possible day lies between `since` and `until`.

    Of an occasion count the offers that the registers are sure of: those the simulated life holds, else the first one.
    """
    judged = judge(ledger, pack, dump / "truth")
    people = sorted({p for one, _ in judged for p in (one.subject_id, one.recipient_id, one.kin) if p})
    lives = Lives.of(dump, people, rates, until)
    offers = _offers(ledger, {one.subject_id for one, _ in judged})
    found = []
    for one, right in judged:
        opens = one.occurred_on if one.kind == "registered" else one.due_on
        if opens is None or not since <= opens <= until:
            continue
        born = lives.born.get(one.recipient_id)
        age = age_years(born, until) if born else _ADULT
        remote = one.recipient_id in lives.remote
        person = manner_of(one.recipient_id, age=age, remote=remote, rates=rates.behaviour, seed=seed)
        for offer, lived in _counted(rates, one, offers.get(one.occasion_id, ())):
            told_on = one.delivered_at.astimezone(pack.tz).date()
            matter = _matter(pack, lives, one, opens, offer, lived, right is not False)
            last = _last(one, offer, lived)
            papers = sum(paper.held for paper in offer.recommendation.papers)
            lapses = _lapses(lives, one, opens, lived)
            found.append(
                Case(one.milestone, offer.recommendation.procedure, person, matter, told_on, last, lapses, papers)
            )
    return found


def _offers(ledger: Ledger, subjects: set[str]) -> Mapping[str, Sequence[Offer]]:
    """Occasion -> its offers, by rank."""
    found = defaultdict(list)
    with ledger.begin() as unit:
        for subject in sorted(subjects):
            for offer in unit.offers(subject):
                found[offer.occasion_id].append(offer)
    return found


def _counted(rates: Rates, one: Told, offers: Sequence[Offer]) -> Iterator[tuple[Offer, Lived | None]]:
    sure = [offer for offer in offers if offer.recommendation.eligibility == "yes"]
    lived = {entry.procedure: entry for entry in rates.behaviour.lived if entry.milestone == one.milestone}
    known = [offer for offer in sure if offer.recommendation.procedure in lived]
    for offer in known or sure[:1]:
        yield offer, lived.get(offer.recommendation.procedure)


def _matter(
    pack: Pack, lives: Lives, one: Told, opens: date, offer: Offer, lived: Lived | None, applies: bool
) -> Matter:
    procedure = offer.recommendation.procedure
    died = lives.died.get(one.recipient_id)
    ends = [died - timedelta(days=1)] if died else []
    if lived is None:
        closes = min(ends, default=None)
        return Matter(one.occasion_id, one.kind, opens, closes, applies, procedure)
    if lapses := _lapses(lives, one, opens, lived):
        ends.append(lapses)
    lead = Period.parse(pack.milestones[one.milestone].lead if one.kind == "due" else "P0D")
    whose = one.kin if lived.whose == "kin" and one.kin else one.subject_id
    own = lives.first(lived, whose, minus(opens, lead))
    return Matter(one.occasion_id, one.kind, opens, min(ends, default=None), applies, procedure, lived=True, own=own)


def _lapses(lives: Lives, one: Told, opens: date, lived: Lived | None) -> date | None:
    """The last day on which a benefit can be claimed, if she who was told lives to see it."""
    if lived is None or lived.closes is None:
        return None
    day = plus(opens, Period.parse(lived.closes))
    return day if lives.died.get(one.recipient_id, date.max) > day else None


def _last(one: Told, offer: Offer, lived: Lived | None) -> date | None:
    """The last day in time: a deadline in law that the offer names, else what the rates say of a lived service."""
    if lived is not None and lived.last == "due":
        return one.due_on
    return offer.recommendation.deadline


def report_worlds(
    ledger: Ledger, pack: Pack, rates: Rates, dump: Path, *, since: date, told_to: date, until: date, seed: int
) -> dict[str, Any]:
    """Both worlds' figures as data, by service and in all; `until` is the day up to which lives are known."""
    cases = cases_of(ledger, pack, rates, dump, since=since, until=told_to, seed=seed)
    alone, helped = (world(cases, rates.behaviour, seed) for world in (without_service, with_service))
    rows = list(zip(cases, alone, helped, strict=True))

    def summed(chosen: Sequence[Any]) -> dict[str, Any]:
        return _as_data(compare(*([row[i] for row in chosen] for i in range(3)), until=until, seed=seed))

    services = sorted({(case.milestone, case.procedure, case.matter.lived) for case in cases})
    return {
        "simulated": True,
        "seed": seed,
        "since": since.isoformat(),
        "told_to": told_to.isoformat(),
        "until": until.isoformat(),
        "in_all": summed(rows),
        "lived": summed([row for row in rows if row[0].matter.lived]),
        "drawn": summed([row for row in rows if not row[0].matter.lived]),
        "wrong": sum(not case.matter.applies for case in cases),
        "uptake": asdict(uptake(cases, alone, helped, rates.behaviour, seed)),
        "services": [
            {"milestone": milestone, "procedure": procedure, "title": pack.procedures[procedure].title, "lived": lived}
            | summed([r for r in rows if (r[0].milestone, r[0].procedure) == (milestone, procedure)])
            for milestone, procedure, lived in services
        ],
    }


def _as_data(found: Comparison) -> dict[str, Any]:
    data: dict[str, Any] = {"cases": found.cases, "persons": found.persons}
    for name, gain in found.gains.items():
        data[name] = {"without": gain.without, "with": gain.with_service, **asdict(gain.gain)}
    return data
