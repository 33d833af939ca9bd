-- People. The service chooses the id. Times are Unix milliseconds; NULL stands
-- for none.
CREATE TABLE contacts (
  id        INTEGER PRIMARY KEY,
  peer      BLOB, -- NULL while nobody has answered at the address
  name      TEXT NOT NULL,
  remark    TEXT NOT NULL,
  address   TEXT NOT NULL,
  verified  INTEGER NOT NULL,
  blocked   INTEGER NOT NULL,
  proven    INTEGER NOT NULL, -- somebody answered at the address
  namesake  INTEGER NOT NULL,
  created   INTEGER,
  last_seen INTEGER
) STRICT;

-- One row for each contact with messages, kept by every commit.
CREATE TABLE conversations (
  contact  INTEGER PRIMARY KEY REFERENCES contacts (id),
  last_seq INTEGER NOT NULL,
  read_seq INTEGER NOT NULL, -- nothing up to here is unread
  unread   INTEGER NOT NULL
) STRICT;

CREATE TABLE drafts (
  contact INTEGER PRIMARY KEY REFERENCES contacts (id),
  text    TEXT NOT NULL
) STRICT;

-- The numbers of direction, state and kind are those of package chat.
CREATE TABLE messages (
  seq       INTEGER PRIMARY KEY AUTOINCREMENT,
  contact   INTEGER NOT NULL,
  direction INTEGER NOT NULL,
  id        BLOB NOT NULL,
  state     INTEGER NOT NULL,
  kind      INTEGER NOT NULL,
  time      INTEGER NOT NULL,
  text      TEXT NOT NULL,
  reason    TEXT -- NULL unless failed
) STRICT;

-- The id comes first: version 7 UUIDs grow with time, so that new entries go
-- to the end, and a message is found without knowing whom it is with.
CREATE UNIQUE INDEX messages_identity ON messages (id, contact, direction);

-- Every index ends with the rowid, which is seq.
CREATE INDEX messages_history ON messages (contact);
CREATE INDEX messages_outbox ON messages (contact) WHERE direction = 1 AND state < 3;

-- The rowid is seq; the tokens are prepared by package words, separated by
-- spaces, which is all that the ascii tokenizer is asked to see.
CREATE VIRTUAL TABLE search USING fts5 (
  words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);

-- Messages up to seq are in the index.
CREATE TABLE search_progress (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  seq  INTEGER NOT NULL
) STRICT;
INSERT INTO search_progress VALUES (1, 0);
