"""PostgreSQL and Valkey: a server given by URL, or an embedded one from a wheel under `var/`.

The embedded ones need no root, no package manager and no configuration. Several processes may use one folder
at once: the first starts the server, later ones adopt it, and the last to leave stops it. A server that a
killed process left running is adopted by the next start.
"""

from serving.servers.postgres import postgres
from serving.servers.valkey import valkey

__all__ = ["postgres", "valkey"]
