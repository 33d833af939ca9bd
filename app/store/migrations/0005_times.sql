-- When it became known here that an outgoing message was this far; NULL if that
-- is not known.
ALTER TABLE messages ADD COLUMN sent INTEGER;
ALTER TABLE messages ADD COLUMN delivered INTEGER;
ALTER TABLE messages ADD COLUMN read INTEGER;
