-- Up to how many bytes are accepted without asking: 0 none, negative any.
ALTER TABLE contacts ADD COLUMN auto_accept INTEGER NOT NULL DEFAULT 0;

-- The first names of an offer, a line each; empty for text.
ALTER TABLE messages ADD COLUMN names TEXT NOT NULL DEFAULT '';

-- What has become of an offer, which is the message with the same ID. The
-- states are the words of package chat; tops and paths are lists in JSON.
CREATE TABLE transfers (
  id             BLOB PRIMARY KEY,
  contact        INTEGER NOT NULL REFERENCES contacts (id),
  direction      INTEGER NOT NULL,
  state          TEXT NOT NULL,
  tops           TEXT NOT NULL,
  more_tops      INTEGER NOT NULL,
  files          INTEGER NOT NULL,
  folders        INTEGER NOT NULL,
  executables    INTEGER NOT NULL,
  bytes          INTEGER NOT NULL,
  text           TEXT NOT NULL,
  done           INTEGER NOT NULL,
  files_done     INTEGER NOT NULL,
  paused_here    INTEGER NOT NULL,
  paused_there   INTEGER NOT NULL,
  reason         TEXT NOT NULL,
  detail         TEXT NOT NULL,
  failures       INTEGER NOT NULL,
  skipped        INTEGER NOT NULL,
  folder         TEXT NOT NULL,
  paths          TEXT NOT NULL,
  created        INTEGER,
  updated        INTEGER,
  finished       INTEGER,
  receipt        BLOB,
  retry          BLOB,
  token          BLOB NOT NULL,
  manifest       BLOB NOT NULL, -- hash
  manifest_bytes INTEGER NOT NULL,
  confirmed      INTEGER NOT NULL -- the other one knows of the end
) STRICT;

CREATE INDEX transfers_history ON transfers (contact, created);
CREATE INDEX transfers_token ON transfers (token);
CREATE INDEX transfers_unsettled ON transfers (contact)
  WHERE state NOT IN ('done', 'rejected', 'cancelled', 'failed') OR confirmed = 0;
