"""The API's routes, one file per resource."""
