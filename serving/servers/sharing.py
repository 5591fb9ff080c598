"""One server, many processes: who starts it, who adopts it, who stops it.

Every user of a folder holds a shared lock on `users.lock`; the one that leaves and can make its lock exclusive
is the last, and stops the server. The kernel drops the lock of a killed process, so there is no list of
process ids that could go stale. `start.lock` keeps two processes from starting or stopping at once.
"""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def shared(folder: Path, start: Callable[[], str], stop: Callable[[], None]) -> Iterator[str]:
    """Yield the URL that `start` returns (it adopts a running server); `stop` runs if nobody else uses it.

    Raises whatever `start` raises; then nothing is held.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "users.lock").open("a") as users:
        with _alone(folder):
            fcntl.flock(users, fcntl.LOCK_SH)
            url = start()
        try:
            yield url
        finally:
            with _alone(folder):
                if _is_last(users.fileno()):
                    stop()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Nobody else starts or stops the server of this folder meanwhile."""
    with (folder / "start.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_last(users: int) -> bool:
    """Turn this process's shared lock into an exclusive one: possible only when no other user holds one."""
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
