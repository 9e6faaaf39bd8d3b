-- One file of the journal: frames that became durable on one day, in the order in which they did.
-- `received`, `data_time`: milliseconds since 1970-01-01T00:00Z.

-- Texts that return in every frame (device numbers, codes, addresses), kept once per file.
CREATE TABLE texts (
    id   INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
);

-- Number of the first frame this file holds or will hold.
CREATE TABLE head (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    first_id INTEGER NOT NULL
);

CREATE TABLE frames (
    id         INTEGER PRIMARY KEY,
    received   INTEGER NOT NULL,
    connection INTEGER NOT NULL,
    host       INTEGER NOT NULL REFERENCES texts (id), -- peer without its port
    port       INTEGER,
    source     INTEGER NOT NULL,                       -- 0 HJ 212, 1 MQTT
    mn         INTEGER NOT NULL REFERENCES texts (id),
    st         INTEGER NOT NULL REFERENCES texts (id),
    cn         INTEGER NOT NULL REFERENCES texts (id),
    qn         NOT NULL,                               -- a number when it is digits only, else text
    cadence    INTEGER,                                -- 0 realtime, 1 minute, 2 hour, 3 day
    data_time  INTEGER,
    pnum       INTEGER NOT NULL,
    pno        INTEGER NOT NULL,
    verdict    INTEGER NOT NULL,                       -- 0 conforms, 1 deviates, 2 broken
    deviations INTEGER REFERENCES texts (id),          -- codes with a space between
    raw        BLOB NOT NULL
);
CREATE INDEX frames_by_value ON frames (mn, cadence, data_time, pno);
CREATE INDEX frames_by_received ON frames (received);
CREATE INDEX frames_by_verdict ON frames (verdict);
CREATE INDEX frames_by_deviations ON frames (deviations) WHERE deviations IS NOT NULL;

-- Days of data that this file has frames of; tells which files a question about a day must open.
CREATE TABLE data_days (
    cadence INTEGER NOT NULL,
    day     INTEGER NOT NULL, -- days since 1970-01-01 in UTC+8
    frames  INTEGER NOT NULL,
    PRIMARY KEY (cadence, day)
) WITHOUT ROWID;

-- The deviation ledger: how often a device departed from the standard in which way.
CREATE TABLE ledger (
    mn      INTEGER NOT NULL REFERENCES texts (id),
    code    INTEGER NOT NULL REFERENCES texts (id),
    day     INTEGER NOT NULL, -- day of receipt, as in data_days
    frames  INTEGER NOT NULL,
    first   INTEGER NOT NULL, -- received
    last    INTEGER NOT NULL,
    example INTEGER NOT NULL, -- the first frame
    PRIMARY KEY (mn, code, day)
) WITHOUT ROWID;

-- How many frames of a device came with which verdict.
CREATE TABLE tally (
    mn      INTEGER NOT NULL REFERENCES texts (id),
    verdict INTEGER NOT NULL,
    day     INTEGER NOT NULL,
    frames  INTEGER NOT NULL,
    first   INTEGER NOT NULL,
    last    INTEGER NOT NULL,
    PRIMARY KEY (mn, verdict, day)
) WITHOUT ROWID;

-- The newest frame of every device, cadence, system code and part, carried over from the file before.
CREATE TABLE latest (
    cadence   INTEGER NOT NULL,
    mn        INTEGER NOT NULL REFERENCES texts (id),
    st        INTEGER NOT NULL REFERENCES texts (id),
    pno       INTEGER NOT NULL,
    moment    INTEGER NOT NULL, -- the earlier of data_time and received: a clock ahead does not stay newest
    data_time INTEGER NOT NULL,
    frame     INTEGER NOT NULL,
    PRIMARY KEY (cadence, mn, st, pno)
) WITHOUT ROWID;

CREATE TRIGGER frames_stay BEFORE UPDATE ON frames
BEGIN SELECT RAISE (ABORT, 'a frame is never changed'); END;
CREATE TRIGGER frames_remain BEFORE DELETE ON frames
BEGIN SELECT RAISE (ABORT, 'a frame is never deleted'); END;
CREATE TRIGGER texts_stay BEFORE UPDATE ON texts
BEGIN SELECT RAISE (ABORT, 'a text of the journal is never changed'); END;
CREATE TRIGGER texts_remain BEFORE DELETE ON texts
BEGIN SELECT RAISE (ABORT, 'a text of the journal is never deleted'); END;

-- For people with any SQLite tool: the frames with their texts in place.
CREATE VIEW readable AS
SELECT
    f.id,
    strftime ('%Y-%m-%dT%H:%M:%f', f.received / 1000.0, 'unixepoch', '+8 hours') || '+08:00' AS received,
    f.connection,
    host.text || coalesce (':' || f.port, '') AS peer,
    CASE f.source WHEN 0 THEN 'hj212' ELSE 'mqtt' END AS source,
    mn.text AS mn,
    st.text AS st,
    cn.text AS cn,
    CAST (f.qn AS TEXT) AS qn,
    CASE f.cadence WHEN 0 THEN 'realtime' WHEN 1 THEN 'minute' WHEN 2 THEN 'hour' WHEN 3 THEN 'day' END AS cadence,
    strftime ('%Y-%m-%dT%H:%M:%S', f.data_time / 1000.0, 'unixepoch', '+8 hours') || '+08:00' AS data_time,
    f.pnum,
    f.pno,
    CASE f.verdict WHEN 0 THEN 'conforms' WHEN 1 THEN 'deviates' ELSE 'broken' END AS verdict,
    deviations.text AS deviations,
    CAST (f.raw AS TEXT) AS raw
FROM frames AS f
JOIN texts AS host ON host.id = f.host
JOIN texts AS mn ON mn.id = f.mn
JOIN texts AS st ON st.id = f.st
JOIN texts AS cn ON cn.id = f.cn
LEFT JOIN texts AS deviations ON deviations.id = f.deviations;
