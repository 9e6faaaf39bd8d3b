-- One file of the journal: frames that became durable on one day, in the order in which they did.
-- Times are milliseconds since 1970-01-01T00:00Z, days are counted from 1970-01-01 in UTC+8.
--
-- A batch of frames is written to `texts` and `frames` only, at their ends. What helps to find and count
-- frames is derived from them in runs of some ten thousand, up to `head.derived`; for the frames after it the
-- process that reads them does the same in memory.

-- Texts that return in every frame (device numbers, codes, addresses), kept once per file.
CREATE TABLE texts (
    id   INTEGER PRIMARY KEY,
    text TEXT NOT NULL UNIQUE
);

CREATE TABLE head (
    one      INTEGER PRIMARY KEY CHECK (one = 1),
    first_id INTEGER NOT NULL, -- the first frame this file holds or will hold
    derived  INTEGER NOT NULL  -- the last frame that the tables after `frames` know of
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

-- Runs of frames whose rows in `places` and `marks` stand together; named by their first frame.
CREATE TABLE runs (
    run      INTEGER PRIMARY KEY,
    last     INTEGER NOT NULL,
    earliest INTEGER NOT NULL, -- received
    latest   INTEGER NOT NULL
);

-- Frames by device and time of the data; -1 and 0 for frames without.
CREATE TABLE places (
    run       INTEGER NOT NULL REFERENCES runs (run),
    mn        INTEGER NOT NULL,
    cadence   INTEGER NOT NULL,
    data_time INTEGER NOT NULL,
    frame     INTEGER NOT NULL,
    PRIMARY KEY (run, mn, cadence, data_time, frame)
) WITHOUT ROWID;

-- Frames with something to say against them, by verdict and departures; 0 for no code.
CREATE TABLE marks (
    run        INTEGER NOT NULL REFERENCES runs (run),
    verdict    INTEGER NOT NULL,
    deviations INTEGER NOT NULL,
    frame      INTEGER NOT NULL,
    PRIMARY KEY (run, verdict, deviations, frame)
) WITHOUT ROWID;

-- Frames by time of receipt, which rises with their numbers only nearly.
CREATE TABLE blocks (
    first    INTEGER PRIMARY KEY,
    last     INTEGER NOT NULL,
    earliest INTEGER NOT NULL,
    latest   INTEGER NOT NULL
);

-- Days of data that this file has frames of; tells which files a question about a day must open.
CREATE TABLE data_days (
    cadence INTEGER NOT NULL,
    day     INTEGER NOT NULL,
    frames  INTEGER NOT NULL,
    PRIMARY KEY (cadence, day)
) WITHOUT ROWID;

-- The deviation ledger: how many frames of a device came with which verdict and departures from the standard.
CREATE TABLE ledger (
    mn         INTEGER NOT NULL REFERENCES texts (id),
    verdict    INTEGER NOT NULL,
    deviations INTEGER NOT NULL, -- 0 for none
    day        INTEGER NOT NULL, -- of receipt
    frames     INTEGER NOT NULL,
    first      INTEGER NOT NULL, -- received
    last       INTEGER NOT NULL,
    example    INTEGER NOT NULL, -- the first of the frames
    PRIMARY KEY (mn, verdict, deviations, day)
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
    first     INTEGER NOT NULL, -- earliest and latest data_time the journal ever had of it
    last      INTEGER NOT NULL,
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
