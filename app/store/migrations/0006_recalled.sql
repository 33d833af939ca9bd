-- What was taken back is not kept in the transfer either.
UPDATE transfers SET tops = 'null', more_tops = 0, text = '', detail = '', preview = NULL,
  paths = iif(direction = 1, 'null', paths)
WHERE EXISTS (SELECT 1 FROM messages AS m WHERE m.id = transfers.id
  AND m.contact = transfers.contact AND m.direction = transfers.direction AND m.kind = 2 AND m.recalled);

-- The text of an edit by somebody else is in the message that it changed.
UPDATE messages SET text = '' WHERE kind <> 1 AND kind = 4 AND direction = 0 AND text <> '';
