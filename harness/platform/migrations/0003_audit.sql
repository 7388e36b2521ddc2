-- What happened, each row bound to the one before by its digest. Rows are added and never changed; the triggers keep the
-- platform's own mistakes out, the digests show everybody else's.
CREATE TABLE audit_log (
    seq      INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    subject  TEXT NOT NULL, -- an identifier, never a name
    from_state TEXT,
    to_state TEXT NOT NULL,
    content  TEXT,          -- SHA-256 of the statement that caused it
    digest   BLOB NOT NULL CHECK (length(digest) = 32)
) STRICT;

CREATE TRIGGER audit_log_is_not_changed BEFORE UPDATE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_log_is_not_cut BEFORE DELETE ON audit_log
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
