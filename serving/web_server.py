"""The web process: API and pages over one ledger. No model and no Feast in it."""

import contextlib
import threading
import time
from collections.abc import Iterator

import uvicorn

from lifeevents.domain.errors import Unavailable
from lifeevents.ports import Ledger
from serving.agencies import read_agencies
from serving.api.app import create_app
from serving.api.service import Service
from serving.bootstrap import Product, desk_of, explainer_of
from serving.story.scene import Storyteller

PATIENCE = 20.0


def _server(product: Product, ledger: Ledger, *, port: int, demo: bool, story: Storyteller | None) -> uvicorn.Server:
    given = product.settings.agencies
    service = Service(
        ledger=ledger,
        pack=product.pack,
        clock=product.clock,
        explainer=explainer_of(product),
        demo=demo,
        story=story,
        desk=desk_of(product),
        agencies=read_agencies(given, product.pack.registers) if given else None,
        types=product.known,
    )
    app = create_app(service)
    config = uvicorn.Config(app, host=product.settings.host, port=port, log_level="warning", access_log=False)
    return uvicorn.Server(config)


def serve_forever(
    product: Product, ledger: Ledger, *, port: int, demo: bool = False, story: Storyteller | None = None
) -> None:
    """Serve until interrupted. Raises Unavailable when the port is taken."""
    try:
        _server(product, ledger, port=port, demo=demo, story=story).run()
    except SystemExit:
        raise _taken(port) from None


@contextlib.contextmanager
def served(
    product: Product, ledger: Ledger, *, port: int, demo: bool = False, story: Storyteller | None = None
) -> Iterator[str]:
    """Serve in a thread while the block runs; yields the address. Raises Unavailable when the port is taken."""
    server = _server(product, ledger, port=port, demo=demo, story=story)
    thread = threading.Thread(target=_quietly, args=(server,), daemon=True)
    thread.start()
    deadline = time.monotonic() + PATIENCE
    while not server.started:
        if not thread.is_alive() or time.monotonic() > deadline:
            raise _taken(port)
        time.sleep(0.02)
    try:
        yield f"http://{product.settings.host}:{port}"
    finally:
        server.should_exit = True
        thread.join(PATIENCE)


def _quietly(server: uvicorn.Server) -> None:
    with contextlib.suppress(SystemExit):
        server.run()


def _taken(port: int) -> Unavailable:
    return Unavailable(f"port {port} cannot be listened on; another program has it. Give another: PORT={port + 1}")
