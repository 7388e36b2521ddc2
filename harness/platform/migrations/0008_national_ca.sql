-- The CAs of SM2 keep certificates and lists like the others. SQLite cannot change a check of a table that is there.
CREATE TABLE certificates_8 (
    issuer             TEXT NOT NULL CHECK (issuer IN ('root', 'issuing', 'national-root', 'national-issuing')),
    serial             TEXT NOT NULL, -- lower-case hexadecimal
    certificate_sha256 TEXT NOT NULL UNIQUE,
    revoked_at         INTEGER,
    reason             INTEGER, -- CRLReason of RFC 5280
    PRIMARY KEY (issuer, serial),
    CHECK ((revoked_at IS NULL) = (reason IS NULL))
) STRICT;
INSERT INTO certificates_8 SELECT issuer, serial, certificate_sha256, revoked_at, reason FROM certificates;
DROP TABLE certificates;
ALTER TABLE certificates_8 RENAME TO certificates;
CREATE INDEX revoked_certificates ON certificates (issuer) WHERE revoked_at IS NOT NULL;

CREATE TABLE crls_8 (
    issuer      TEXT PRIMARY KEY CHECK (issuer IN ('root', 'issuing', 'national-root', 'national-issuing')),
    number      INTEGER NOT NULL,
    issued_at   INTEGER NOT NULL,
    is_current  INTEGER NOT NULL CHECK (is_current IN (0, 1)), -- 0 since a certificate was taken back after it
    der         BLOB NOT NULL
) STRICT;
INSERT INTO crls_8 SELECT issuer, number, issued_at, is_current, der FROM crls;
DROP TABLE crls;
ALTER TABLE crls_8 RENAME TO crls;
