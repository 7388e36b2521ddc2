CREATE TABLE claims (
    claim_id    TEXT PRIMARY KEY,
    person_id   TEXT NOT NULL REFERENCES persons,
    seal_id     TEXT NOT NULL UNIQUE,
    face_svg    TEXT NOT NULL,
    face_sha256 TEXT NOT NULL,
    width_um    INTEGER NOT NULL,
    height_um   INTEGER NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('drawn', 'awaiting-consent', 'made', 'withdrawn')),
    version     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT;
-- A person has one claim going on: the newest drawing.
CREATE UNIQUE INDEX one_open_claim ON claims (person_id) WHERE state IN ('drawn', 'awaiting-consent');

-- The relying party's own: what it asked for, and under which browser session.
CREATE TABLE rp_requests (
    intent_id      TEXT PRIMARY KEY,
    claim_id       TEXT NOT NULL REFERENCES claims,
    intent_sha256  TEXT NOT NULL,
    session_sha256 TEXT NOT NULL,
    frame_secret   BLOB NOT NULL CHECK (length(frame_secret) = 32),
    created_at     INTEGER NOT NULL,
    outcome        TEXT CHECK (outcome IN ('consumed', 'declined', 'expired', 'cancelled', 'refused'))
) STRICT;
CREATE INDEX rp_requests_by_claim ON rp_requests (claim_id, created_at);
CREATE INDEX rp_requests_open ON rp_requests (intent_id) WHERE outcome IS NULL;

CREATE TABLE portal_sessions (
    session_sha256 TEXT PRIMARY KEY,
    account        TEXT NOT NULL REFERENCES accounts,
    expires_at     INTEGER NOT NULL
) STRICT;
