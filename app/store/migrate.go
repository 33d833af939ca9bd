package store

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"slices"
)

//go:embed migrations/*.sql
var migrationFiles embed.FS

func embedded() fs.FS {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		panic(err) // the folder is part of the program
	}
	return files
}

// steps returns the migrations in order: the one at index i leads from
// version i to i+1.
func (c config) steps() ([]string, error) {
	names, err := fs.Glob(c.migrations, "*.sql")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	for i, name := range names {
		if want := fmt.Sprintf("%04d_", i+1); name[:min(len(want), len(name))] != want {
			return nil, fmt.Errorf("migration %s: its name must begin with %s", name, want)
		}
	}
	return names, nil
}

// refuseNewer fails if the database was written by a newer program. What is in
// the write-ahead log counts, unlike in prepareFile.
func (s *Store) refuseNewer() error {
	version, err := s.writer.number("PRAGMA user_version")
	if err != nil {
		return err
	}
	return s.acceptVersion(int(version))
}

func (c config) acceptVersion(version int) error {
	steps, err := c.steps()
	if err != nil {
		return err
	}
	if version > len(steps) {
		return newerVersion{found: version, known: len(steps)}
	}
	return nil
}

// migrate applies the missing migrations, each in a transaction of its own.
func (s *Store) migrate() error {
	steps, err := s.steps()
	if err != nil {
		return err
	}
	version, err := s.writer.number("PRAGMA user_version")
	if err != nil {
		return err
	}
	for ; int(version) < len(steps); version++ {
		name := steps[version]
		text, err := fs.ReadFile(s.migrations, name)
		if err != nil {
			return err
		}
		err = s.writer.transaction(context.Background(), durable, func() error {
			if err := s.writer.script(string(text)); err != nil {
				return err
			}
			return s.writer.script(fmt.Sprintf("PRAGMA user_version = %d", version+1))
		})
		if err != nil {
			return fmt.Errorf("migration %s: %w", name, err)
		}
	}
	return nil
}
