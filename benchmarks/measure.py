"""Seconds and peak memory of a stage, each stage in a process of its own so that peaks do not carry over."""

import multiprocessing
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

import psutil

EVERY = 0.02
"""Seconds between two looks at the memory."""

Found = Mapping[str, Any]


@dataclass(frozen=True)
class Ran:
    """What a stage's function returned, and the highest resident memory (MB) of its process and its children."""

    found: Found
    peak_mb: float


def apart(stage: Callable[..., Found], *given: Any) -> Ran:
    """Run a stage in a fresh process (spawned: LightGBM hangs after a fork). Raises RuntimeError when it fails."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(theirs, stage, given))
    process.start()
    theirs.close()
    peak, done = [0.0], threading.Event()
    watcher = threading.Thread(target=_watch, args=(process.pid, peak, done))
    watcher.start()
    try:
        found = ours.recv()
    except EOFError:
        raise RuntimeError(f"the stage {stage.__name__} failed; its own message stands above.") from None
    finally:
        done.set()
        watcher.join()
        process.join()
    return Ran(found, peak[0])


def _run(answer: Connection, stage: Callable[..., Found], given: tuple[Any, ...]) -> None:
    answer.send(stage(*given))
    answer.close()


def _watch(pid: int | None, peak: list[float], done: threading.Event) -> None:
    while not done.wait(EVERY):
        peak[0] = max(peak[0], resident(pid))


def resident(pid: int | None) -> float:
    """Resident memory of a process and its children, in MB; 0 once it is gone."""
    total = 0
    try:
        process = psutil.Process(pid)
        for one in (process, *process.children(recursive=True)):
            total += one.memory_info().rss
    except psutil.NoSuchProcess:
        return total / 1e6
    return total / 1e6
