ALTER TABLE contacts ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE contacts ADD COLUMN muted INTEGER; -- until
ALTER TABLE contacts ADD COLUMN picture TEXT NOT NULL DEFAULT ''; -- its hash

CREATE TABLE pictures (
  contact INTEGER PRIMARY KEY REFERENCES contacts (id),
  data    BLOB NOT NULL
) STRICT;

ALTER TABLE transfers ADD COLUMN preview BLOB;

-- Another message of the conversation is named by a byte for the direction and
-- the id. reply is what a text answers, target what an amendment changes.
ALTER TABLE messages ADD COLUMN reply BLOB;
ALTER TABLE messages ADD COLUMN target BLOB;
-- What amendments have made of the message.
ALTER TABLE messages ADD COLUMN edited INTEGER;
ALTER TABLE messages ADD COLUMN recalled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE messages ADD COLUMN reaction_in TEXT NOT NULL DEFAULT '';
ALTER TABLE messages ADD COLUMN reaction_out TEXT NOT NULL DEFAULT '';

CREATE INDEX messages_target ON messages (target) WHERE target IS NOT NULL;

-- Amendments, which are the kinds 4 to 6, are not listed. last_seq of a
-- conversation is that of the newest listed message, 0 if there is none.
DROP INDEX messages_history;
CREATE INDEX messages_history ON messages (contact) WHERE kind NOT IN (4, 5, 6);

-- Most messages are text: only the others are worth finding by their kind.
CREATE INDEX messages_kinds ON messages (kind) WHERE kind <> 1;
CREATE INDEX messages_contact_kinds ON messages (contact, kind) WHERE kind <> 1;

-- Between which seq the messages of a day (since 1970) lie, and maybe others.
-- Messages come roughly in the order of their times: a search in time reads
-- only that part.
CREATE TABLE days (
  day   INTEGER PRIMARY KEY,
  first INTEGER NOT NULL,
  last  INTEGER NOT NULL
) STRICT;
INSERT INTO days SELECT time / 86400000, min(seq), max(seq) FROM messages GROUP BY 1;

-- The index is built anew, with what kind a message is and who wrote it.
DROP TABLE search;
CREATE VIRTUAL TABLE search USING fts5 (
  words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);
UPDATE search_progress SET seq = 0;
