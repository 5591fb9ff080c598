-- What people found of the notices they looked at: the sample that precision is counted from.

CREATE TABLE review (
    notification_id TEXT NOT NULL,
    finding TEXT NOT NULL,
    reviewer TEXT NOT NULL,
    note TEXT,
    reviewed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_review PRIMARY KEY (notification_id),
    CONSTRAINT fk_review_notification_id FOREIGN KEY (notification_id) REFERENCES notification (id),
    CONSTRAINT ck_review_finding CHECK (finding IN ('right', 'wrong', 'unclear'))
);

COMMENT ON TABLE review IS 'What a person found of a delivered notice: precision is counted from it';
