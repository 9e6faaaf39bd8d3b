-- Records of online monitoring that people and the engine make. Times: milliseconds since 1970-01-01T00:00Z.

CREATE TABLE events (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    recorded INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    subject  TEXT NOT NULL,
    actor    TEXT NOT NULL,
    body     TEXT NOT NULL,  -- JSON
    once     TEXT UNIQUE     -- an event with this key happens once
);
CREATE INDEX events_by_kind ON events (kind, id);
CREATE INDEX events_by_subject ON events (subject, id);
CREATE TRIGGER events_stay BEFORE UPDATE ON events
BEGIN SELECT RAISE (ABORT, 'an event is never changed'); END;
CREATE TRIGGER events_remain BEFORE DELETE ON events
BEGIN SELECT RAISE (ABORT, 'an event is never deleted'); END;

-- What devices and platform know of each other; the newest row of a device counts.
CREATE TABLE secrets (
    id       INTEGER PRIMARY KEY,
    mn       TEXT NOT NULL,
    password TEXT NOT NULL,
    key_hex  TEXT,
    since    INTEGER NOT NULL
);
CREATE INDEX secrets_by_mn ON secrets (mn, since);

CREATE TABLE operators (
    name       TEXT PRIMARY KEY,
    token_hash BLOB NOT NULL UNIQUE, -- SHA-256 of the token, which is kept nowhere
    scopes     TEXT NOT NULL         -- words with a space between
) WITHOUT ROWID;

-- Judged values with all their revisions.
CREATE TABLE judged (
    outlet   TEXT NOT NULL,
    span     TEXT NOT NULL,
    code     TEXT NOT NULL,
    start    INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    computed INTEGER NOT NULL,
    body     TEXT NOT NULL, -- JSON
    PRIMARY KEY (outlet, span, code, start, revision)
) WITHOUT ROWID;
CREATE TRIGGER judged_stay BEFORE UPDATE ON judged
BEGIN SELECT RAISE (ABORT, 'a judged value is revised by a new row'); END;
CREATE TRIGGER judged_remain BEFORE DELETE ON judged
BEGIN SELECT RAISE (ABORT, 'a judged value is never deleted'); END;

-- The newest period of every series, so that a wall of outlets needs no search.
CREATE TABLE judged_newest (
    span   TEXT NOT NULL,
    outlet TEXT NOT NULL,
    code   TEXT NOT NULL,
    start  INTEGER NOT NULL,
    PRIMARY KEY (span, outlet, code)
) WITHOUT ROWID;
