"""The tables. What must never happen is forbidden here, not only in the code above.

Ids that leave the house are random (128 bits). Natural keys are unique: an occasion by (subject, milestone,
anchor), an offer by (occasion, procedure), a message by its key. The triggers (terminal states never move, the
audit log is append-only) live in the migrations, which a test holds equal to these tables.
"""

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    Date,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP

MOMENT = TIMESTAMP(timezone=True)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
    }
)

occasion = Table(
    "occasion",
    metadata,
    Column("id", Text, primary_key=True),
    Column("subject_id", Text, nullable=False),
    Column("milestone", Text, nullable=False),
    Column("anchor", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("sensitivity", Text, nullable=False),
    Column("as_of", Date, nullable=False),
    Column("due_on", Date),
    Column("active_until", Date),
    Column("not_before", MOMENT),
    Column("probability", Double, nullable=False),
    Column("detector", Text, nullable=False),
    Column("evidence", JSONB, nullable=False, comment="event, facts and why, as the detector gave them"),
    Column("detected_at", MOMENT, nullable=False),
    Column("state", Text, nullable=False, server_default="open"),
    Column("closed_at", MOMENT),
    Column("closed_reason", Text),
    UniqueConstraint("subject_id", "milestone", "anchor"),
    CheckConstraint("kind IN ('registered', 'due', 'predicted')", name="kind"),
    CheckConstraint("sensitivity IN ('ordinary', 'sensitive')", name="sensitivity"),
    CheckConstraint("NOT (kind = 'predicted' AND sensitivity = 'sensitive')", name="sensitive_never_predicted"),
    CheckConstraint("probability >= 0 AND probability <= 1", name="probability"),
    CheckConstraint("state IN ('open', 'cancelled')", name="state"),
)

cooldown = Table(
    "cooldown",
    metadata,
    Column("subject_id", Text, primary_key=True),
    Column("milestone", Text, primary_key=True),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    comment="The latest predicted occasion per subject and milestone; a new one only after `until`",
)

recommendation = Table(
    "recommendation",
    metadata,
    Column("id", Text, primary_key=True),
    Column("occasion_id", Text, ForeignKey("occasion.id"), nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("procedure", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("created_at", MOMENT, nullable=False),
    Column("answer", Text),
    Column("answered_at", MOMENT),
    Column("answer_until", Date),
    Column("answer_note", Text),
    UniqueConstraint("occasion_id", "procedure"),
    Index("ix_recommendation_subject_id", "subject_id"),
)

answer = Table(
    "answer",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("recommendation_id", Text, ForeignKey("recommendation.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("note", Text),
    Column("until", Date),
    Column("answered_at", MOMENT, nullable=False),
    CheckConstraint("kind IN ('done', 'not_for_me', 'wrong', 'later', 'taken_back')", name="kind"),
    Index("ix_answer_recommendation_id", "recommendation_id"),
    comment="Every answer ever given; the latest also stands in recommendation",
)

notification = Table(
    "notification",
    metadata,
    Column("id", Text, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("place", BigInteger, Identity(always=True), nullable=False),
    Column("occasion_id", Text, ForeignKey("occasion.id"), nullable=False),
    Column("milestone", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("recipient_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("title", JSONB, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("not_before", MOMENT, nullable=False),
    Column("deadline", Date),
    Column("about", ARRAY(Text), nullable=False, server_default="{}"),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("lease_until", MOMENT),
    Column("settled_at", MOMENT),
    Column("stops", JSONB, comment="every stop rule's outcome at the latest decision"),
    CheckConstraint("state IN ('waiting', 'claimed', 'delivered', 'cancelled', 'referred')", name="state"),
    CheckConstraint("(state = 'claimed') = (lease_until IS NOT NULL)", name="lease_while_claimed"),
    CheckConstraint("(state IN ('waiting', 'claimed')) = (settled_at IS NULL)", name="settled_when_terminal"),
    Index(
        "ix_notification_unsent",
        "channel",
        "not_before",
        "place",
        postgresql_where=text("state IN ('waiting', 'claimed')"),
    ),
    Index(
        "ix_notification_told",
        "recipient_id",
        "settled_at",
        postgresql_where=text("state = 'delivered'"),
    ),
    Index("ix_notification_occasion_id", "occasion_id"),
)

inbox_item = Table(
    "inbox_item",
    metadata,
    Column("id", Text, ForeignKey("notification.id"), primary_key=True),
    Column("recipient_id", Text, nullable=False),
    Column("delivered_at", MOMENT, nullable=False),
    Column("read_at", MOMENT),
    Index("ix_inbox_item_recipient_id", "recipient_id", "delivered_at"),
)

case_file = Table(
    "case_file",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("occasion_id", Text, ForeignKey("occasion.id"), nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("milestone", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("opened_at", MOMENT, nullable=False),
    Column("answer_by", Date, nullable=False),
    Column("settled_at", MOMENT),
    Column("settled_by", Text),
    Column("outcome", Text),
    CheckConstraint("kind IN ('wrong', 'correction', 'referred')", name="kind"),
    CheckConstraint(
        "(settled_at IS NULL) = (settled_by IS NULL) AND (settled_at IS NULL) = (outcome IS NULL)",
        name="settled_by_someone",
    ),
    Index("ix_case_file_subject_id", "subject_id", "milestone"),
    Index(
        "uq_case_file_open",
        "kind",
        "occasion_id",
        unique=True,
        postgresql_where=text("settled_at IS NULL"),
    ),
)

kill_switch = Table(
    "kill_switch",
    metadata,
    Column("milestone", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("off", Boolean, nullable=False),
    Column("who", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", MOMENT, nullable=False),
)

death = Table(
    "death",
    metadata,
    Column("subject_id", Text, primary_key=True),
    Column("marked_at", MOMENT, nullable=False),
)

consent = Table(
    "consent",
    metadata,
    Column("subject_id", Text, primary_key=True),
    Column("purpose", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("allowed", Boolean, nullable=False),
    Column("at", MOMENT, nullable=False),
)

guardian = Table(
    "guardian",
    metadata,
    Column("subject_id", Text, primary_key=True),
    Column("guardian_id", Text, primary_key=True),
    Column("valid_from", Date, primary_key=True),
    Column("valid_to", Date),
    Index("ix_guardian_guardian_id", "guardian_id"),
)

submission = Table(
    "submission",
    metadata,
    Column("source", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("place", BigInteger, Identity(always=True)),
    Column("register", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("received_at", MOMENT, nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("reacted_at", MOMENT),
    Column("reason", Text),
    CheckConstraint("state IN ('waiting', 'done', 'parked')", name="state"),
    CheckConstraint("(state = 'waiting') = (reacted_at IS NULL)", name="settled"),
    CheckConstraint("(state = 'parked') = (reason IS NOT NULL)", name="parked_with_a_reason"),
    Index("ix_submission_waiting", "place", postgresql_where=text("state = 'waiting'")),
    Index("ix_submission_parked", "place", postgresql_where=text("state = 'parked'")),
    comment="Named by source and id for ever: the same again changes nothing",
)

live_row = Table(
    "live_row",
    metadata,
    Column("place", BigInteger, Identity(always=True), primary_key=True),
    Column("subject_id", Text, nullable=False),
    Column("relation", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("kin_id", Text, unique=True),
    Index("ix_live_row_subject_id", "subject_id"),
    Index("ix_live_row_related_id", text("(body ->> 'related_id')"), postgresql_where=text("relation = 'relations'")),
    comment="Contract rows that came in live and are not in the lake yet; kin_id marks those derived",
)

review = Table(
    "review",
    metadata,
    Column("notification_id", Text, ForeignKey("notification.id"), primary_key=True),
    Column("finding", Text, nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("note", Text),
    Column("reviewed_at", MOMENT, nullable=False),
    CheckConstraint("finding IN ('right', 'wrong', 'unclear')", name="finding"),
    comment="What a person found of a delivered notice: precision is counted from it",
)

report = Table(
    "report",
    metadata,
    Column("name", Text, primary_key=True),
    Column("body", JSONB, nullable=False),
    Column("saved_at", MOMENT, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("entry", Text, nullable=False, comment="canonical JSON: the exact text that was hashed"),
    Column("prev_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("subject_id", Text, Computed("(entry)::jsonb ->> 'subject'", persisted=True)),
    Index("ix_audit_subject_id", "subject_id", "seq"),
    comment="Written by audit_append() alone; a trigger refuses changes, the hash chain shows them",
)
