CREATE TABLE enrolments (
    enrolment_id TEXT PRIMARY KEY,
    person_id    TEXT NOT NULL REFERENCES persons,
    challenge    TEXT NOT NULL,
    expires_at   INTEGER NOT NULL,
    -- Both are set when the enrolment is used: a repeated request gets the same answer.
    body_sha256  TEXT,
    reply        TEXT,
    CHECK ((body_sha256 IS NULL) = (reply IS NULL))
) STRICT;

CREATE TABLE devices (
    device_id   TEXT PRIMARY KEY,
    person_id   TEXT NOT NULL REFERENCES persons,
    state       TEXT NOT NULL CHECK (state IN ('active', 'revoked')),
    enrolled_at INTEGER NOT NULL
) STRICT;

CREATE TABLE device_keys (
    device_id          TEXT NOT NULL REFERENCES devices,
    purpose            TEXT NOT NULL CHECK (purpose IN ('request', 'consent', 'sealing')),
    spki               BLOB NOT NULL UNIQUE, -- one key, one phone, one purpose
    proof              TEXT NOT NULL, -- exact signed text, with what the phone says about the key's protection
    chain_pem          TEXT NOT NULL,
    certificate_sha256 TEXT NOT NULL UNIQUE,
    PRIMARY KEY (device_id, purpose)
) STRICT;

-- Signed requests seen while their nonce lives.
CREATE TABLE seen_requests (
    fingerprint TEXT PRIMARY KEY,
    forget_at   INTEGER NOT NULL
) STRICT;
CREATE INDEX seen_requests_by_end ON seen_requests (forget_at);

-- Answers to mutating calls: the same key and body get the same bytes again.
CREATE TABLE idempotent_replies (
    device_id   TEXT NOT NULL REFERENCES devices,
    key         TEXT NOT NULL,
    call        TEXT NOT NULL, -- method and path
    body_sha256 TEXT NOT NULL,
    status      INTEGER NOT NULL,
    body        BLOB NOT NULL,
    forget_at   INTEGER NOT NULL,
    PRIMARY KEY (device_id, key)
) STRICT;
CREATE INDEX idempotent_replies_by_end ON idempotent_replies (forget_at);
