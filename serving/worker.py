"""The worker: reacts to what registers submit and sends what is due, again and again.

`lifeevents work` runs it as a process of its own; any number may run at once. A demonstration runs it in a thread.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from lifeevents.delivery.judging import DeliveryReport
from lifeevents.domain.errors import Unavailable
from lifeevents.pipeline.react import Reactor, ReactReport
from lifeevents.ports import Clock

log = structlog.get_logger()


@dataclass(frozen=True)
class Round:
    """What one round did."""

    reacted: ReactReport
    delivered: DeliveryReport

    @property
    def idle(self) -> bool:
        """Nothing was there to do."""
        return not (self.reacted.reacted or self.reacted.parked or self.delivered.delivered)


@dataclass
class Worker:
    """One round after another until it is stopped; `wake` shortens the pause between two."""

    reactor: Reactor
    deliver: Callable[[datetime], DeliveryReport]
    clock: Clock
    pause: float = 1.0
    rounds_done: int = 0
    _awake: threading.Event = field(default_factory=threading.Event)
    _stopped: bool = False

    def round(self) -> Round:
        """React to what waits, then send what is due. Raises Unavailable when a part is away."""
        now = self.clock.now()
        return Round(self.reactor.react(now=now), self.deliver(now))

    def run(self, told: Callable[[Round], None] = lambda done: None) -> None:
        """Work until `stop`. A part that is away is waited for; nothing is lost meanwhile."""
        while not self._stopped:
            self._awake.clear()
            try:
                done = self.round()
            except Unavailable as problem:
                log.warning("waiting", reason=str(problem))
                self._awake.wait(self.pause)
                continue
            self.rounds_done += 1
            told(done)
            if done.idle:
                self._awake.wait(self.pause)

    def wake(self) -> None:
        """There may be something to do."""
        self._awake.set()

    def stop(self) -> None:
        """End after the round that is under way."""
        self._stopped = True
        self._awake.set()
