"""The six principles, measured over the lake and its quarantine: one file per number, each with its formula."""

from lifeevents.registers.quality.board import measure

__all__ = ["measure"]
