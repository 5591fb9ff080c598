"""Forecasts for areas, for planning: how many outcomes to expect, never to whom."""
