"""The whole simulation: settle a population, let the months pass, write what the registers heard."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from lifeevents.domain.errors import Refused
from lifeevents.simulate import (
    adoption,
    assistance,
    business,
    cards,
    disability,
    fertility,
    households,
    licences,
    maternity,
    military,
    mobility,
    mortality,
    partnership,
    pension,
    population,
    residence,
    schooling,
    stillbirth,
    unemployment,
    vehicles,
    work,
)
from lifeevents.simulate.chances import Streams
from lifeevents.simulate.dirt import soiling_of
from lifeevents.simulate.dump import DumpWriter
from lifeevents.simulate.months import Month, day_number, months_of
from lifeevents.simulate.rates import Rates
from lifeevents.simulate.reporting import Registers
from lifeevents.simulate.risks import Risks
from lifeevents.simulate.world import Businesses, People, World

Progress = Callable[[int, int], None]
"""Called with (months done, months in all)."""
_STEPS = (
    mortality, partnership, fertility, stillbirth, adoption, mobility, schooling, work, military, unemployment,
    maternity, disability, pension, business, cards, licences, vehicles, residence, assistance,
)  # fmt: skip
_OPENINGS = (schooling, work, military, disability, pension, business, cards, licences, vehicles, assistance)


@dataclass(frozen=True)
class SimulationReport:
    """What was written.

    living: people alive on the last day. rows: rows by table, the truth's included. events: delivered events by type.
    dirt: wrong rows made on purpose, by kind (some are recorded too late to be in the dump).
    """

    out: Path
    start: date
    until: date
    living: int
    rows: dict[str, int]
    events: dict[str, int]
    dirt: dict[str, int]


def simulate(
    out: Path,
    *,
    people: int,
    seed: int,
    until: date,
    rates: Rates,
    start: date = date(2010, 1, 1),
    dirt: float = 1.0,
    progress: Progress | None = None,
) -> SimulationReport:
    """Simulate about `people` living on `until`, from `start` on, and write the register dump to the folder `out`.

    Writes subjects, events, attributes and relations (.parquet, the register contract), and `truth/` beside them:
    every event with its true date, and the moment of recording even where that lies after `until` (null: never), and
    every value that is a date; `truth/chances` holds the chance each sampled person had (see `risks`).
    Nothing recorded after `until` is in the dump. The same arguments write the same bytes. `dirt` multiplies the
    rates of wrong rows; 0 writes a clean dump.

    Raises Refused when the dates or the number of people make no population.
    """
    if people < 100:
        raise Refused(f"{people} people make no country: ask for 100 or more.")
    if not start < until:
        raise Refused(f"The simulation must end after it starts: until {until} is not after {start}.")
    streams = Streams(seed)
    registers = Registers(rates.registers, rates.registering.lag_days.value, streams["recording"])
    size = population.size_at_start(rates, start, until, people)
    first, last = (int(months_of(day_number(day))) for day in (start, until))
    everyone = People(size * 5 // 4)
    risks = Risks(everyone, population.usual_traits(rates), seed=seed, size=people, last=last)
    world = World(everyone, Businesses(size // 5), rates, registers, streams, risks)
    soiling = soiling_of(world, dirt) if dirt else None
    with DumpWriter(out, registers, risks, seed=seed, until=until, soiling=soiling) as dump:
        _open(world, start, size)
        dump.flush()
        for index in range(first, last + 1):
            month = Month(index)
            for process in _STEPS:
                process.step(world, month)
            if month.number == 12 or index == last:
                dump.flush()
            if progress:
                progress(index - first + 1, last - first + 1)
        dump.finish(world.people, world.businesses)
    alive = world.people.born <= day_number(until)
    alive &= world.people.died > day_number(until)
    return SimulationReport(
        out, start, until, int(alive.sum()), dict(dump.rows), dict(sorted(dump.by_event.items())), dict(dump.dirt)
    )


def _open(world: World, start: date, size: int) -> None:
    """The state of affairs at the start, which every register records on that day."""
    population.settle(world, start, size)
    households.found(world, start)
    everyone = np.arange(len(world.people))
    opening = world.registers.moment(np.full(len(everyone), day_number(start)))
    mobility.tell_residence(world, everyone, np.full(len(everyone), day_number(start)), opening)
    for process in _OPENINGS:
        process.opening(world, start)
