"""Frozen values and the calendar. Nothing here reads a clock, a file or a setting."""
