package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"feihong/app/cli"
	"feihong/app/control"
	"feihong/app/profile"
	"feihong/protocol"
)

// Main carries out a command line and returns the exit code of the process.
// The first signal to end is obeyed in order; a second one kills.
func Main(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return cli.Run(ctx, host{}, args, cli.Streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr})
}

// host runs profiles for the command line.
type host struct{}

func (host) Version() cli.Version { return version() }

// Daemon runs a profile until ctx ends or ready fails.
func (host) Daemon(ctx context.Context, o cli.Options, ready func(context.Context, *control.Client) error) error {
	at, err := profile.Locate(o.Data, o.Profile)
	if err != nil {
		return err
	}
	n, running, err := openOrAsk(ctx, at, o, mode{})
	switch {
	case err != nil:
		return err
	case running != nil:
		return &profile.LockedError{Profile: at.Name, Dir: at.Dir}
	}
	return n.run(ctx, ready)
}

// Do asks the running profile, or opens it for this one purpose.
func (host) Do(ctx context.Context, o cli.Options, do func(context.Context, *control.Client) error) error {
	at, err := profile.Locate(o.Data, o.Profile)
	if err != nil {
		return err
	}
	n, running, err := openOrAsk(ctx, at, o, mode{passive: true})
	switch {
	case err != nil:
		return err
	case running != nil:
		tellKeptName(ctx, o, running)
		return do(ctx, running)
	}
	if n.profile.Created {
		// It may be a slip of the pen in --profile.
		note(o, "app.created", map[string]any{"name": at.Name, "dir": at.Dir})
	}
	return n.run(ctx, do)
}

// tellKeptName says that --name does not change a profile that is running.
func tellKeptName(ctx context.Context, o cli.Options, running *control.Client) {
	wanted := protocol.SafeName(o.Name)
	if wanted == "" {
		return
	}
	id, err := running.ID(ctx)
	if err == nil && id.Name != wanted {
		note(o, "app.name-kept", map[string]any{"name": id.Name})
	}
}

func note(o cli.Options, key string, args map[string]any) {
	fmt.Fprintln(o.Stderr, "feihong:", o.Catalog.Text(key, args))
}

// lockPatience is how long to wait for a command to give the profile back, or
// for a starting process to open its control socket.
const lockPatience = 5 * time.Second

// openOrAsk gives a client for the profile if it runs, and opens it otherwise.
func openOrAsk(ctx context.Context, at profile.Location, o cli.Options, m mode) (*node, *control.Client, error) {
	deadline := time.Now().Add(lockPatience)
	for {
		client, err := askRunning(ctx, at)
		if client != nil || err != nil {
			return nil, client, err
		}
		n, err := open(ctx, at, o, m)
		var locked *profile.LockedError
		if !errors.As(err, &locked) || time.Now().After(deadline) {
			return n, nil, err
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return nil, nil, err
		}
	}
}

// askRunning gives a client for the process that holds the profile, nil if
// none answers.
func askRunning(ctx context.Context, at profile.Location) (*control.Client, error) {
	socket, err := at.FindSocket()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	client, err := control.Dial(ctx, socket)
	if err != nil {
		return nil, nil // left behind by a process that was killed
	}
	return client, nil
}

func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

var levels = map[string]slog.Level{
	"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
}

func logger(o cli.Options) *slog.Logger {
	return slog.New(slog.NewTextHandler(o.Stderr, &slog.HandlerOptions{Level: levels[o.LogLevel]}))
}
