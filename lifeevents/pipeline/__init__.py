"""The use cases, one file each: what the service does, told in the order it happens."""
