-- Instants are whole seconds since 1970-01-01T00:00:00Z. Digests are lower-case hexadecimal.
CREATE TABLE persons (
    person_id TEXT PRIMARY KEY,
    name      TEXT NOT NULL
) STRICT;

CREATE TABLE accounts (
    account       TEXT PRIMARY KEY,
    person_id     TEXT NOT NULL REFERENCES persons,
    password_hash TEXT NOT NULL -- PHC string
) STRICT;

-- Bearer tokens for enrolment. The token itself is never stored.
CREATE TABLE tokens (
    token_sha256 TEXT PRIMARY KEY,
    person_id    TEXT NOT NULL REFERENCES persons,
    expires_at   INTEGER NOT NULL
) STRICT;

-- Tries counted in a window: sign-ins, opened frames, started requests.
CREATE TABLE throttles (
    kind        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    window_ends INTEGER NOT NULL,
    tries       INTEGER NOT NULL,
    PRIMARY KEY (kind, subject)
) STRICT;
