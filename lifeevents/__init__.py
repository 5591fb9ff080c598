"""A proactive life-event service: domain, engine, packs, registers, store, delivery and the use cases.

The core knows no country (a pack does), no model stack (`models` does) and no web (`serving` does).
"""
