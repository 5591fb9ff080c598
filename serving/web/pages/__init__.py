"""The pages, one file per place in the portal. All of them work without JavaScript."""

from pathlib import Path

from serving.web.pages import (
    catalogue,
    citizen,
    coverage,
    error,
    forecasts,
    home,
    monitor,
    quality,
    quarantine,
    reference,
    story,
    why,
)

STATIC = Path(__file__).parent.parent / "static"

__all__ = [
    "STATIC",
    "catalogue",
    "citizen",
    "coverage",
    "error",
    "forecasts",
    "home",
    "monitor",
    "quality",
    "quarantine",
    "reference",
    "story",
    "why",
]
