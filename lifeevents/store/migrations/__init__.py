"""Alembic migrations, run by `lifeevents.store.database.migrate`."""
