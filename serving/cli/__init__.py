"""The command line. Starts light: each command imports what it needs when it runs."""

from serving.cli.main import main

__all__ = ["main"]
