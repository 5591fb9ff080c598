-- Rows may come before the subject that they are about: what finds them when the subject becomes known.

CREATE INDEX ix_submission_parked ON submission (place) WHERE state = 'parked';
CREATE INDEX ix_live_row_related_id ON live_row ((body ->> 'related_id')) WHERE relation = 'relations';
