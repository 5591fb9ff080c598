-- The live intake: what registers submit as it happens, kept until it was reacted to and until it is in the lake.

CREATE TABLE submission (
    source TEXT NOT NULL,
    id TEXT NOT NULL,
    place BIGINT GENERATED ALWAYS AS IDENTITY,
    register TEXT NOT NULL,
    body JSONB NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    state TEXT DEFAULT 'waiting' NOT NULL,
    reacted_at TIMESTAMP WITH TIME ZONE,
    reason TEXT,
    CONSTRAINT pk_submission PRIMARY KEY (source, id),
    CONSTRAINT ck_submission_state CHECK (state IN ('waiting', 'done', 'parked')),
    CONSTRAINT ck_submission_settled CHECK ((state = 'waiting') = (reacted_at IS NULL)),
    CONSTRAINT ck_submission_parked_with_a_reason CHECK ((state = 'parked') = (reason IS NOT NULL))
);

CREATE INDEX ix_submission_waiting ON submission (place) WHERE state = 'waiting';
COMMENT ON TABLE submission IS 'Named by source and id for ever: the same again changes nothing';

CREATE TABLE live_row (
    place BIGINT GENERATED ALWAYS AS IDENTITY,
    subject_id TEXT NOT NULL,
    relation TEXT NOT NULL,
    body JSONB NOT NULL,
    kin_id TEXT,
    CONSTRAINT pk_live_row PRIMARY KEY (place),
    CONSTRAINT uq_live_row_kin_id UNIQUE (kin_id)
);

CREATE INDEX ix_live_row_subject_id ON live_row (subject_id);
COMMENT ON TABLE live_row IS 'Contract rows that came in live and are not in the lake yet; kin_id marks those derived';

CREATE INDEX ix_guardian_guardian_id ON guardian (guardian_id);
