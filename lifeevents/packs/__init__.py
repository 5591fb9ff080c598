"""Country packs: YAML in, one checked `Pack` out."""

from lifeevents.packs.loader import load

__all__ = ["load"]
