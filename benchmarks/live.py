"""Durable events per second over HTTP: batches of a hundred, each on PostgreSQL's disk before its answer.

    python -m benchmarks.live --events 20000 --clients 2

The server is uvicorn on loopback in a process of its own, PostgreSQL the embedded one, waiting for the disk. An event
is a birth: a subject, the event and a relation. Each client sends its next batch when the last one was answered.
"""

import argparse
import json
import multiprocessing
import os
import socket
import tempfile
import threading
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx

from lifeevents.registers.cloudevents import EXAMPLE
from serving.agencies import write_demo_agency
from serving.api.sent import BATCH
from serving.bootstrap import Product, ledger_of
from serving.settings import Settings
from serving.web_server import served

SIZE = 100


def main() -> None:
    """Measure, and print one line."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--events", type=int, default=20_000)
    asked.add_argument("--clients", type=int, default=2)
    given = asked.parse_args()
    found = measure(given.events, given.clients)
    print(
        f"{found['events']:,} events in {found['seconds']:.2f} s: {found['per_second']:,.0f} events/s durable,"
        f" in batches of {SIZE} from {given.clients} clients; {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}"
    )


def measure(events: int, clients: int) -> dict[str, float]:
    """Events accepted, seconds, and events per second. Raises RuntimeError when one was not accepted."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        server = context.Process(target=_serve, args=(folder, theirs))
        server.start()
        try:
            address, key = ours.recv()
            bodies = [_batch(number) for number in range(events // SIZE)]
            started = perf_counter()
            threads = [
                threading.Thread(target=_send, args=(address, key, bodies[number::clients]))
                for number in range(clients)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            seconds = perf_counter() - started
            ours.send("stop")
            kept = ours.recv()
        finally:
            server.join(60)
    if kept != len(bodies) * SIZE:
        raise RuntimeError(f"{kept} of {len(bodies) * SIZE} events were accepted.")
    return {"events": kept, "seconds": seconds, "per_second": kept / seconds}


def _serve(folder: str, pipe: Connection) -> None:
    """Serve until told to stop; then say how many submissions are kept."""
    var = Path(folder)
    agencies = write_demo_agency(var)
    product = Product(Settings(var=var, agencies=agencies, database_url=None, online_url=None))
    with ledger_of(product) as ledger:
        with served(product, ledger, port=_free_port()) as address:
            pipe.send((address, (var / "agency.key").read_text()))
            pipe.recv()
        with ledger.begin() as unit:
            pipe.send(len({row.body["event_id"] for row in unit.all_live_rows() if row.relation == "events"}))


def _free_port() -> int:

    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def _batch(number: int) -> bytes:
    return json.dumps([_event(number * SIZE + nth) for nth in range(SIZE)]).encode()


def _event(number: int) -> dict[str, Any]:
    text = json.dumps(EXAMPLE).replace("s-91c2", f"s-{number}").replace("e-4471", f"e-{number}")
    event: dict[str, Any] = json.loads(text) | {"id": str(number)}
    return event


def _send(address: str, key: str, bodies: list[bytes]) -> None:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": BATCH}
    with httpx.Client(base_url=address, headers=headers, timeout=60) as client:
        for body in bodies:
            client.post("/v1/events", content=body).raise_for_status()


if __name__ == "__main__":
    main()
