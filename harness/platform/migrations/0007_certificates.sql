-- Every certificate that the platform's CAs issued, and which of them were taken back.
CREATE TABLE certificates (
    issuer             TEXT NOT NULL CHECK (issuer IN ('root', 'issuing')),
    serial             TEXT NOT NULL, -- lower-case hexadecimal
    certificate_sha256 TEXT NOT NULL UNIQUE,
    revoked_at         INTEGER,
    reason             INTEGER, -- CRLReason of RFC 5280
    PRIMARY KEY (issuer, serial),
    CHECK ((revoked_at IS NULL) = (reason IS NULL))
) STRICT;
CREATE INDEX revoked_certificates ON certificates (issuer) WHERE revoked_at IS NOT NULL;

-- The last list that each CA signed.
CREATE TABLE crls (
    issuer      TEXT PRIMARY KEY CHECK (issuer IN ('root', 'issuing')),
    number      INTEGER NOT NULL,
    issued_at   INTEGER NOT NULL,
    is_current  INTEGER NOT NULL CHECK (is_current IN (0, 1)), -- 0 since a certificate was taken back after it
    der         BLOB NOT NULL
) STRICT;

-- Every timestamp, so that no number is given twice (RFC 3161 §2.4.2).
CREATE TABLE timestamps (
    serial     INTEGER PRIMARY KEY AUTOINCREMENT,
    stamped_at INTEGER NOT NULL,
    imprint    TEXT NOT NULL -- algorithm and digest
) STRICT;
