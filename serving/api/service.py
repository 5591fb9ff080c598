"""What the web application is made of. `serving/bootstrap.py` builds it; nothing here opens or reads anything."""

from collections.abc import Mapping
from dataclasses import dataclass

from lifeevents.domain.pack import Pack
from lifeevents.domain.register import ValueType
from lifeevents.ports import Clock, Explainer, Ledger, QuarantineDesk
from serving.agencies import Agencies
from serving.story.scene import Storyteller


@dataclass(frozen=True)
class Service:
    """Everything the API and the pages need, passed in.

    story: lets an event be watched on its way; only in a demonstration.
    demo:  the people are simulated; the start page then links to a few of them and every page says so.
    desk:  the quarantine of the lake, where the service reaches one.
    agencies: who may submit events; None: nobody.
    types: the features' types, of which the schemas of applications are made; without them there are no schemas.
    actor: the name that reads and answers carry in the audit log.
    """

    ledger: Ledger
    pack: Pack
    clock: Clock
    explainer: Explainer
    demo: bool = False
    story: Storyteller | None = None
    desk: QuarantineDesk | None = None
    agencies: Agencies | None = None
    types: Mapping[str, ValueType] | None = None
    actor: str = "portal"
