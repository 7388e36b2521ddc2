-- The data of electronic seals (SESeal). A person's belong to one of their seals; a unit's stand alone.
CREATE TABLE electronic_seals (
    number      TEXT PRIMARY KEY, -- esID
    seal_id     TEXT REFERENCES seals,
    body_sha256 TEXT NOT NULL, -- of the order
    der         BLOB NOT NULL,
    made_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX electronic_seals_of_persons ON electronic_seals (seal_id, made_at) WHERE seal_id IS NOT NULL;

-- Certificates of keys that use electronic seals. A key has one holder.
CREATE TABLE sealing_certificates (
    body_sha256 TEXT PRIMARY KEY, -- of the request
    spki_sha256 TEXT NOT NULL UNIQUE,
    chain_pem   TEXT NOT NULL
) STRICT;
