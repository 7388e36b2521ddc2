CREATE TABLE seals (
    seal_id             TEXT PRIMARY KEY,
    person_id           TEXT NOT NULL REFERENCES persons,
    kind                TEXT NOT NULL CHECK (kind IN ('handwritten')),
    state               TEXT NOT NULL CHECK (state IN ('active', 'replaced')),
    record              TEXT NOT NULL, -- exact signed text
    face_svg            TEXT NOT NULL,
    sealing_certificate TEXT NOT NULL,
    intent_id           TEXT NOT NULL UNIQUE REFERENCES consents,
    made_at             INTEGER NOT NULL,
    expires_at          INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX one_active_seal_a_kind ON seals (person_id, kind) WHERE state = 'active';

CREATE TABLE usages (
    usage_id    TEXT PRIMARY KEY,
    seal_id     TEXT NOT NULL REFERENCES seals,
    person_id   TEXT NOT NULL REFERENCES persons,
    record      TEXT NOT NULL, -- exact signed text
    recorded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX usages_by_person ON usages (person_id, recorded_at);
