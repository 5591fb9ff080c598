"""Sending what waits in the outbox, or saying why not."""
