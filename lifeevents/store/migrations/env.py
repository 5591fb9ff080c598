"""Run by Alembic: migrates on the connection that `migrate` passes."""

from alembic import context

from lifeevents.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
