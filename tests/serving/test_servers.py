"""Embedded servers: started, shared, adopted after a killed run, stopped by the last, explained when they cannot."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psutil
import psycopg
import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import make_url

from lifeevents.domain.errors import Unavailable
from serving.servers import postgres, valkey

ROOT = Path(__file__).parents[2]
Server = Callable[[Path], AbstractContextManager[str]]

HOLDER = """
import sys, time
from pathlib import Path
from serving import servers
with getattr(servers, sys.argv[1])(Path(sys.argv[2])) as url:
    print(url, flush=True)
    sys.stdin.readline()
print("left", flush=True)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder."""
    with _folder() as path:
        yield path


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A folder that the tests of this file use one after the other, as the runs of one installation do."""
    with _folder() as path:
        yield path


@contextmanager
def _folder() -> Iterator[Path]:
    """A short path (a Unix socket's is limited), with a space in it; what still runs there is ended."""
    path = Path(tempfile.mkdtemp(prefix="le servers ")).resolve()
    yield path
    for process in psutil.process_iter(["cmdline", "name", "cwd"]):
        command = " ".join(process.info["cmdline"] or [])
        if str(path) in command or str(path) in (process.info["cwd"] or ""):
            process.kill()
            process.wait(10)
    shutil.rmtree(path)


class Holder:
    """Another process that uses the server of a folder until it is told to leave, or killed."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", HOLDER, kind, str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().strip()

    def leave(self) -> None:
        assert self.process.communicate("leave\n", timeout=60)[0] == "left\n"

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.communicate()


def connection(url: str) -> "psycopg.Connection[tuple[object, ...]]":
    parts = make_url(url)
    return psycopg.connect(host=parts.query["host"], user=parts.username, dbname=parts.database, autocommit=True)


def write(kind: str, url: str, value: str) -> None:
    if kind == "valkey":
        with redis.Redis.from_url(url) as client:
            client.set("kept", value)
    else:
        with connection(url) as con:
            con.execute("CREATE TABLE IF NOT EXISTS kept (value text)")
            con.execute("INSERT INTO kept VALUES (%s)", [value])


def read(kind: str, url: str) -> str:
    if kind == "valkey":
        with redis.Redis.from_url(url, decode_responses=True) as client:
            return str(client.get("kept"))
    with connection(url) as con:
        return str(con.execute("SELECT value FROM kept").fetchall()[-1][0])


def server_pid(kind: str, url: str) -> int:
    if kind == "valkey":
        with redis.Redis.from_url(url) as client:
            return int(client.info("server")["process_id"])
    return int((Path(str(make_url(url).query["host"])) / "postmaster.pid").read_text().split()[0])


def runs(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


both = pytest.mark.parametrize(("kind", "server"), [("postgres", postgres), ("valkey", valkey)])


@both
def test_a_server_starts_keeps_its_data_and_stops_with_its_only_user(kind: str, server: Server, home: Path) -> None:
    with server(home / kind) as url:
        write(kind, url, "first run")
        pid = server_pid(kind, url)
    assert not runs(pid)
    with server(home / kind) as again:
        assert again == url
        assert read(kind, again) == "first run"


@both
def test_a_server_that_a_killed_run_left_is_adopted_and_stopped_at_the_end(
    kind: str, server: Server, home: Path
) -> None:
    holder = Holder(kind, home / kind)
    write(kind, holder.url, "before the kill")
    pid = server_pid(kind, holder.url)
    holder.kill()
    assert runs(pid)
    with server(home / kind) as url:
        assert server_pid(kind, url) == pid
        assert read(kind, url) == "before the kill"
    assert not runs(pid)


@both
def test_the_second_of_two_users_adopts_the_server_and_leaves_it_running(kind: str, server: Server, home: Path) -> None:
    with server(home / kind) as url:
        pid = server_pid(kind, url)
        second = Holder(kind, home / kind)
        assert second.url == url
        second.leave()
        assert runs(pid)
        write(kind, url, "still here")
    assert not runs(pid)


@both
def test_the_first_user_may_leave_first(kind: str, server: Server, home: Path) -> None:
    first = Holder(kind, home / kind)
    with server(home / kind) as url:
        pid = server_pid(kind, url)
        first.leave()
        assert runs(pid)
        write(kind, url, "still here")
    assert not runs(pid)


@both
def test_a_second_user_that_is_killed_does_not_keep_the_server_alive(kind: str, server: Server, home: Path) -> None:
    with server(home / kind) as url:
        pid = server_pid(kind, url)
        Holder(kind, home / kind).kill()
    assert not runs(pid)


@both
def test_a_server_that_was_killed_itself_is_started_again(kind: str, server: Server, home: Path) -> None:
    with server(home / kind) as url:
        write(kind, url, "committed")
        if kind == "valkey":
            with redis.Redis.from_url(url) as client:
                client.save()
        os.kill(server_pid(kind, url), signal.SIGKILL)
    with server(home / kind) as url:
        assert read(kind, url) == "committed"


@both
def test_the_same_process_may_use_a_server_twice(kind: str, server: Server, home: Path) -> None:
    with server(home / kind) as outer:
        with server(home / kind) as inner:
            assert inner == outer
        write(kind, outer, "still here")


def test_a_pid_file_whose_number_now_belongs_to_another_program_is_stale(home: Path) -> None:
    with postgres(home / "postgres") as url:
        write("postgres", url, "kept")
        pid_file = Path(str(make_url(url).query["host"])) / "postmaster.pid"
        lines = pid_file.read_text().split("\n")
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    with postgres(home / "postgres") as url:
        assert read("postgres", url) == "kept"


def test_a_first_start_that_was_interrupted_is_begun_again(folder: Path) -> None:
    data = folder / "data"
    data.mkdir()
    (data / "PG_VERSION").write_text("18\n")
    (data / "base").mkdir()
    with postgres(folder) as url:
        write("postgres", url, "fine")


def test_data_that_postgres_cannot_read_is_explained_and_never_removed(home: Path) -> None:
    with postgres(home / "postgres") as url:
        write("postgres", url, "precious")
    version = home / "postgres" / "data" / "PG_VERSION"
    kept = version.read_text()
    version.write_text("9.6\n")
    with pytest.raises(Unavailable, match=r"did not start: .*9\.6.*Its log is"), postgres(home / "postgres"):
        pass
    version.write_text(kept)
    with postgres(home / "postgres") as url:
        assert read("postgres", url) == "precious"


def test_nobody_may_list_the_folder_that_a_server_lives_in(folder: Path) -> None:
    with postgres(folder / "pg"), valkey(folder / "vk"):
        assert folder.stat().st_mode & 0o066 == 0


def test_a_path_too_long_for_a_socket_gets_a_short_one(folder: Path) -> None:
    deep = folder / ("very long name " * 6)
    with postgres(deep) as url:
        host = Path(str(make_url(url).query["host"]))
        assert deep not in host.parents
        write("postgres", url, "fine")
    host.rmdir()


def test_postgres_listens_on_no_network_address(home: Path) -> None:
    with postgres(home / "postgres") as url, connection(url) as con:
        assert con.execute("SHOW listen_addresses").fetchone() == ("",)


def test_a_busy_port_is_left_to_its_owner_and_the_new_one_kept(folder: Path) -> None:
    with valkey(folder) as url:
        write("valkey", url, "kept")
        port = make_url(url).port
    with socket.socket() as owner:
        owner.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        owner.bind(("127.0.0.1", int(port or 0)))
        owner.listen()
        with valkey(folder) as moved:
            assert make_url(moved).port != port
            assert read("valkey", moved) == "kept"
    with valkey(folder) as again:
        assert again == moved


def test_another_valkey_on_our_port_is_not_mistaken_for_ours(folder: Path) -> None:
    with valkey(folder / "theirs") as theirs:
        (folder / "ours").mkdir()
        (folder / "ours" / "port").write_text(str(make_url(theirs).port))
        with valkey(folder / "ours") as ours:
            assert server_pid("valkey", ours) != server_pid("valkey", theirs)


def test_valkeys_password_is_for_the_owner_alone(folder: Path) -> None:
    with valkey(folder) as url:
        modes = {name: (folder / name).stat().st_mode & 0o077 for name in ("secret", "valkey.conf")}
        port = make_url(url).port
        with (
            redis.Redis(port=int(port or 0), retry=Retry(NoBackoff(), 0)) as stranger,
            pytest.raises(redis.AuthenticationError),
        ):
            stranger.ping()
    assert modes == {"secret": 0, "valkey.conf": 0}


def test_a_url_is_used_as_it_is_and_its_server_left_alone(folder: Path) -> None:
    with postgres(folder / "pg") as url, valkey(folder / "vk") as online:
        plain = url.replace("postgresql+psycopg://", "postgresql://")
        with postgres(folder / "unused", plain) as given, valkey(folder / "unused", online) as also_given:
            assert given == url
            assert also_given == online
        assert not (folder / "unused").exists()
        write("postgres", url, "still here")
        write("valkey", online, "still here")


@pytest.mark.parametrize(
    ("server", "url"),
    [(postgres, "postgresql://ann:secret@127.0.0.1:1/x"), (valkey, "redis://ann:secret@127.0.0.1:1/0")],
)
def test_a_url_that_does_not_answer_is_explained_without_its_password(
    server: Callable[[Path, str], AbstractContextManager[str]], url: str, folder: Path
) -> None:
    with pytest.raises(Unavailable, match="does not answer") as problem, server(folder, url):
        pass
    assert "secret" not in str(problem.value)
    assert "leave the URL out" in str(problem.value)
