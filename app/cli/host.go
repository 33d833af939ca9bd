package cli

import (
	"context"
	"io"

	"feihong/app/control"
	"feihong/assets/translations"
)

// Options are the flags that every command takes.
type Options struct {
	Profile string
	Data    string
	Name    string
	Port    int // -1: as in the settings
	Listen  string
	// Discovery is one of the constants of package profile; "" as in the
	// settings.
	Discovery string
	Language  string
	LogLevel  string

	Catalog *translations.Catalog
	Stderr  io.Writer // for logs and notices
}

// Host runs profiles.
type Host interface {
	// Window opens the window of a profile, or shows the one that is open,
	// and returns when it is closed.
	Window(ctx context.Context, o Options) error
	// Daemon runs a profile without a window until ctx ends. It calls ready
	// in a goroutine of its own with a client; the profile ends when ready
	// returns an error.
	Daemon(ctx context.Context, o Options, ready func(context.Context, *control.Client) error) error
	// Do calls do with a client for the profile: the running one, or one
	// opened for this purpose and closed afterwards.
	Do(ctx context.Context, o Options, do func(context.Context, *control.Client) error) error
	// Version says what this program is.
	Version() Version
}

// Version says what a program was built from.
type Version struct {
	Feihong, Commit, Go, Fyne string
}
