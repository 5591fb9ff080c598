"""How the models that serve are doing. The command `monitor` saves it as the ledger's report `monitor`."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import ConfigDict

from lifeevents.domain.watch import Run, Watch
from serving.api.shapes.coverage import Reported

_WATCH = {
    "milestone": "move_expected",
    "trained": "2026-05-03",
    "asked": "2025-11-03",
    "people": 13911,
    "drifted": 1,
    "moved": [{"name": "months_of_province", "psi": 0.31}, {"name": "age_years", "psi": 0.02}],
    "score_psi": 0.04,
    "chance_psi": 0.001,
    "expected": 214.6,
    "came": 208,
    "slope": 0.97,
    "slope_low": 0.85,
    "slope_high": 1.1,
    "calibration": [
        {"chance": 0.004, "share": 0.003, "people": 6900},
        {"chance": 0.027, "share": 0.027, "people": 6901},
    ],
    "reasons": [],
}
_RUN = {
    "as_of": "2026-08-03",
    "milestone": "move_expected",
    "score_psi": 0.02,
    "expected": 220.1,
    "came": 224,
    "reasons": [],
}


class Monitor(Reported):
    """Every champion with a model, as of a day: drift, calibration, reasons to train again; earlier days in short."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"as_of": "2026-11-03", "simulated": True, "watches": [_WATCH], "earlier": [_RUN]}]
        }
    )

    as_of: date
    simulated: bool
    watches: tuple[Watch, ...]
    earlier: tuple[Run, ...]


def monitor_of(report: Mapping[str, Any] | None) -> Monitor | None:
    """The saved report as a value; None before the first. Raises ValidationError when it has another shape."""
    return Monitor.model_validate(report) if report is not None else None
