//! Records at rest: the raw journal of frames, the deviation ledger, events, secrets, judged values; SQLite.
