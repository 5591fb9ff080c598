-- The first tables. A migration that has been published is never edited; the next change is a new file.

CREATE TABLE audit (
    seq BIGINT NOT NULL,
    entry TEXT NOT NULL,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    subject_id TEXT GENERATED ALWAYS AS ((entry)::jsonb ->> 'subject') STORED,
    CONSTRAINT pk_audit PRIMARY KEY (seq)
);

CREATE INDEX ix_audit_subject_id ON audit (subject_id, seq);
COMMENT ON TABLE audit IS 'Written by audit_append() alone; a trigger refuses changes, the hash chain shows them';
COMMENT ON COLUMN audit.entry IS 'canonical JSON: the exact text that was hashed';

CREATE TABLE consent (
    subject_id TEXT NOT NULL,
    purpose TEXT NOT NULL,
    channel TEXT NOT NULL,
    allowed BOOLEAN NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_consent PRIMARY KEY (subject_id, purpose, channel)
);

CREATE TABLE cooldown (
    subject_id TEXT NOT NULL,
    milestone TEXT NOT NULL,
    since DATE NOT NULL,
    until DATE NOT NULL,
    CONSTRAINT pk_cooldown PRIMARY KEY (subject_id, milestone)
);

COMMENT ON TABLE cooldown IS 'The latest predicted occasion per subject and milestone; a new one only after `until`';

CREATE TABLE death (
    subject_id TEXT NOT NULL,
    marked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_death PRIMARY KEY (subject_id)
);

CREATE TABLE guardian (
    subject_id TEXT NOT NULL,
    guardian_id TEXT NOT NULL,
    valid_from DATE NOT NULL,
    valid_to DATE,
    CONSTRAINT pk_guardian PRIMARY KEY (subject_id, guardian_id, valid_from)
);

CREATE TABLE kill_switch (
    milestone TEXT NOT NULL,
    channel TEXT NOT NULL,
    "off" BOOLEAN NOT NULL,
    who TEXT NOT NULL,
    reason TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_kill_switch PRIMARY KEY (milestone, channel)
);

CREATE TABLE occasion (
    id TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    milestone TEXT NOT NULL,
    anchor TEXT NOT NULL,
    kind TEXT NOT NULL,
    sensitivity TEXT NOT NULL,
    as_of DATE NOT NULL,
    due_on DATE,
    active_until DATE,
    not_before TIMESTAMP WITH TIME ZONE,
    probability DOUBLE PRECISION NOT NULL,
    detector TEXT NOT NULL,
    evidence JSONB NOT NULL,
    detected_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT DEFAULT 'open' NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    closed_reason TEXT,
    CONSTRAINT pk_occasion PRIMARY KEY (id),
    CONSTRAINT uq_occasion_subject_id_milestone_anchor UNIQUE (subject_id, milestone, anchor),
    CONSTRAINT ck_occasion_kind CHECK (kind IN ('registered', 'due', 'predicted')),
    CONSTRAINT ck_occasion_sensitivity CHECK (sensitivity IN ('ordinary', 'sensitive')),
    CONSTRAINT ck_occasion_sensitive_never_predicted CHECK (NOT (kind = 'predicted' AND sensitivity = 'sensitive')),
    CONSTRAINT ck_occasion_probability CHECK (probability >= 0 AND probability <= 1),
    CONSTRAINT ck_occasion_state CHECK (state IN ('open', 'cancelled'))
);

COMMENT ON COLUMN occasion.evidence IS 'event, facts and why, as the detector gave them';

CREATE TABLE report (
    name TEXT NOT NULL,
    body JSONB NOT NULL,
    saved_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_report PRIMARY KEY (name)
);

CREATE TABLE case_file (
    id TEXT NOT NULL,
    kind TEXT NOT NULL,
    occasion_id TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    milestone TEXT NOT NULL,
    reason TEXT NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    answer_by DATE NOT NULL,
    settled_at TIMESTAMP WITH TIME ZONE,
    settled_by TEXT,
    outcome TEXT,
    CONSTRAINT pk_case_file PRIMARY KEY (id),
    CONSTRAINT ck_case_file_kind CHECK (kind IN ('wrong', 'correction', 'referred')),
    CONSTRAINT ck_case_file_settled_by_someone CHECK ((settled_at IS NULL) = (settled_by IS NULL) AND (settled_at IS NULL) = (outcome IS NULL)),
    CONSTRAINT fk_case_file_occasion_id FOREIGN KEY(occasion_id) REFERENCES occasion (id)
);

CREATE INDEX ix_case_file_subject_id ON case_file (subject_id, milestone);
CREATE UNIQUE INDEX uq_case_file_open ON case_file (kind, occasion_id) WHERE settled_at IS NULL;

CREATE TABLE notification (
    id TEXT NOT NULL,
    key TEXT NOT NULL,
    place BIGINT GENERATED ALWAYS AS IDENTITY,
    occasion_id TEXT NOT NULL,
    milestone TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    channel TEXT NOT NULL,
    purpose TEXT NOT NULL,
    title JSONB NOT NULL,
    body JSONB NOT NULL,
    not_before TIMESTAMP WITH TIME ZONE NOT NULL,
    deadline DATE,
    about TEXT[] DEFAULT '{}' NOT NULL,
    state TEXT DEFAULT 'waiting' NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    lease_until TIMESTAMP WITH TIME ZONE,
    settled_at TIMESTAMP WITH TIME ZONE,
    stops JSONB,
    CONSTRAINT pk_notification PRIMARY KEY (id),
    CONSTRAINT ck_notification_state CHECK (state IN ('waiting', 'claimed', 'delivered', 'cancelled', 'referred')),
    CONSTRAINT ck_notification_lease_while_claimed CHECK ((state = 'claimed') = (lease_until IS NOT NULL)),
    CONSTRAINT ck_notification_settled_when_terminal CHECK ((state IN ('waiting', 'claimed')) = (settled_at IS NULL)),
    CONSTRAINT uq_notification_key UNIQUE (key),
    CONSTRAINT fk_notification_occasion_id FOREIGN KEY(occasion_id) REFERENCES occasion (id)
);

CREATE INDEX ix_notification_occasion_id ON notification (occasion_id);
CREATE INDEX ix_notification_told ON notification (recipient_id, settled_at) WHERE state = 'delivered';
CREATE INDEX ix_notification_unsent ON notification (channel, not_before, place) WHERE state IN ('waiting', 'claimed');
COMMENT ON COLUMN notification.stops IS 'every stop rule''s outcome at the latest decision';

CREATE TABLE recommendation (
    id TEXT NOT NULL,
    occasion_id TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    procedure TEXT NOT NULL,
    rank INTEGER NOT NULL,
    body JSONB NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    answer TEXT,
    answered_at TIMESTAMP WITH TIME ZONE,
    answer_until DATE,
    answer_note TEXT,
    CONSTRAINT pk_recommendation PRIMARY KEY (id),
    CONSTRAINT uq_recommendation_occasion_id_procedure UNIQUE (occasion_id, procedure),
    CONSTRAINT fk_recommendation_occasion_id FOREIGN KEY(occasion_id) REFERENCES occasion (id)
);

CREATE INDEX ix_recommendation_subject_id ON recommendation (subject_id);

CREATE TABLE answer (
    id BIGINT GENERATED ALWAYS AS IDENTITY,
    recommendation_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    note TEXT,
    until DATE,
    answered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_answer PRIMARY KEY (id),
    CONSTRAINT ck_answer_kind CHECK (kind IN ('done', 'not_for_me', 'wrong', 'later', 'taken_back')),
    CONSTRAINT fk_answer_recommendation_id FOREIGN KEY(recommendation_id) REFERENCES recommendation (id)
);

CREATE INDEX ix_answer_recommendation_id ON answer (recommendation_id);
COMMENT ON TABLE answer IS 'Every answer ever given; the latest also stands in recommendation';

CREATE TABLE inbox_item (
    id TEXT NOT NULL,
    recipient_id TEXT NOT NULL,
    delivered_at TIMESTAMP WITH TIME ZONE NOT NULL,
    read_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_inbox_item PRIMARY KEY (id),
    CONSTRAINT fk_inbox_item_id FOREIGN KEY(id) REFERENCES notification (id)
);

CREATE INDEX ix_inbox_item_recipient_id ON inbox_item (recipient_id, delivered_at);

-- A message that was delivered, cancelled or referred stays so, whoever asks.
CREATE FUNCTION terminal_states_never_move() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'notification % is %, which is final', OLD.id, OLD.state USING ERRCODE = 'check_violation';
END $$;

CREATE TRIGGER terminal_states_never_move BEFORE UPDATE ON notification FOR EACH ROW
WHEN (OLD.state IN ('delivered', 'cancelled', 'referred')
      AND (NEW.state IS DISTINCT FROM OLD.state OR NEW.settled_at IS DISTINCT FROM OLD.settled_at))
EXECUTE FUNCTION terminal_states_never_move();

-- The audit log grows at its end and changes nowhere else.
CREATE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is append-only' USING ERRCODE = 'insufficient_privilege';
END $$;

CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE ON audit
FOR EACH ROW EXECUTE FUNCTION audit_is_append_only();

CREATE TRIGGER audit_is_never_truncated BEFORE TRUNCATE ON audit
FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only();

-- Append entries to the chain, one writer at a time until its transaction ends, and return the new head.
-- hash = sha256(prev_hash, space, seq, space, entry); the first prev_hash is 64 zeros.
CREATE FUNCTION audit_append(entries text[]) RETURNS TABLE (head_seq bigint, head_hash text) LANGUAGE plpgsql AS $$
DECLARE
    line text;
    before text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('lifeevents.audit'));
    SELECT a.seq, a.hash INTO head_seq, head_hash FROM audit a ORDER BY a.seq DESC LIMIT 1;
    IF NOT FOUND THEN
        head_seq := 0;
        head_hash := repeat('0', 64);
    END IF;
    FOREACH line IN ARRAY entries LOOP
        before := head_hash;
        head_seq := head_seq + 1;
        head_hash := encode(sha256(convert_to(before || ' ' || head_seq || ' ' || line, 'UTF8')), 'hex');
        INSERT INTO audit (seq, entry, prev_hash, hash) VALUES (head_seq, line, before, head_hash);
    END LOOP;
    RETURN NEXT;
END $$;
