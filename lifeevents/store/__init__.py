"""The service's own PostgreSQL: occasions, offers, outbox, answers, cases and the audit chain."""
