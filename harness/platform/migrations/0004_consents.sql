-- The consent service's own.
CREATE TABLE consents (
    intent_id     TEXT PRIMARY KEY,
    rp_id         TEXT NOT NULL,
    subject       TEXT NOT NULL REFERENCES persons (person_id),
    intent        TEXT NOT NULL, -- exact signed text, as are view, consent and receipt
    frame_secret  BLOB NOT NULL CHECK (length(frame_secret) = 32),
    state         TEXT NOT NULL
        CHECK (state IN ('created', 'scanned', 'approved', 'declined', 'expired', 'cancelled', 'consumed')),
    version       INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    device_id     TEXT REFERENCES devices,
    n_c           TEXT,
    view          TEXT,
    consent       TEXT,
    receipt       TEXT,
    receipt_sha256 TEXT,
    CHECK ((device_id IS NULL) = (view IS NULL) AND (n_c IS NULL) = (view IS NULL)),
    CHECK ((consent IS NULL) = (receipt IS NULL) AND (receipt_sha256 IS NULL) = (receipt IS NULL)),
    CHECK (state NOT IN ('scanned', 'approved', 'declined', 'consumed') OR view IS NOT NULL),
    CHECK (state NOT IN ('approved', 'declined', 'consumed') OR receipt IS NOT NULL)
) STRICT;
CREATE INDEX consents_by_state ON consents (state);

CREATE TABLE consent_documents (
    intent_id  TEXT NOT NULL REFERENCES consents,
    place      INTEGER NOT NULL,
    media_type TEXT NOT NULL,
    content    BLOB NOT NULL,
    PRIMARY KEY (intent_id, place)
) STRICT;
