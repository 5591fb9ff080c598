"""The outside: settings, wiring, embedded servers, API, pages and the command line."""
