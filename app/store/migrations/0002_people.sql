-- What people say of themselves in what they announce, safe for display.
ALTER TABLE contacts ADD COLUMN department TEXT NOT NULL DEFAULT '';
ALTER TABLE contacts ADD COLUMN host TEXT NOT NULL DEFAULT '';
