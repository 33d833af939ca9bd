//go:build unix && !darwin

package idle

import (
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/screensaver"
	"github.com/jezek/xgb/xproto"
)

// The library writes its complaints to the error stream of the process, where
// they would stand among what a command prints. What matters comes as errors.
func init() { xgb.Logger = log.New(io.Discard, "", 0) }

// retryAfter is how long not to try again after no display was found.
const retryAfter = time.Minute

// x11 asks the X server. A question runs in a goroutine of its own, because
// the library waits without limit for a server that is stopped or far away.
type x11 struct {
	log  *slog.Logger
	told sync.Once

	closed atomic.Bool
	turn   chan struct{} // held by whoever uses what follows

	conn   *xgb.Conn // nil before the first question and after a failure
	root   xproto.Drawable
	failed time.Time // when opening failed
}

func newSource(logger *slog.Logger) Source {
	return &x11{log: logger, turn: make(chan struct{}, 1)}
}

// Idle implements Source. While an earlier question is without an answer,
// there is none to this either.
func (x *x11) Idle() (time.Duration, bool) {
	select {
	case x.turn <- struct{}{}:
	default:
		return 0, false
	}
	if x.closed.Load() {
		<-x.turn
		return 0, false
	}
	type answer struct {
		idle time.Duration
		err  error
	}
	answered := make(chan answer, 1)
	go func() {
		idle, err := x.ask()
		<-x.turn
		answered <- answer{idle, err}
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case a := <-answered:
		if a.err != nil {
			x.told.Do(func() { x.log.Debug("the time without input is not known", "error", a.err) })
			return 0, false
		}
		return a.idle, true
	case <-timer.C:
		return 0, false
	}
}

func (x *x11) ask() (time.Duration, error) {
	if err := x.open(); err != nil {
		return 0, err
	}
	info, err := screensaver.QueryInfo(x.conn, x.root).Reply()
	if err != nil {
		x.hangUp()
		return 0, fmt.Errorf("ask the X server: %w", err)
	}
	return time.Duration(info.MsSinceUserInput) * time.Millisecond, nil
}

var errWayland = errors.New("on Wayland an X server sees only part of the input")

// open connects with the X server, if there is no connection.
func (x *x11) open() error {
	if x.conn != nil {
		return nil
	}
	if !x.failed.IsZero() && time.Since(x.failed) < retryAfter {
		return errors.New("no connection a moment ago")
	}
	err := x.connect()
	x.failed = time.Time{}
	if err != nil {
		x.failed = time.Now()
	}
	return err
}

func (x *x11) connect() error {
	if os.Getenv("WAYLAND_DISPLAY") != "" {
		return errWayland
	}
	conn, err := xgb.NewConn()
	if err != nil {
		return fmt.Errorf("connect with the X server: %w", err)
	}
	x.conn = conn
	if err := x.prepare(); err != nil {
		x.hangUp()
		return err
	}
	return nil
}

func (x *x11) prepare() error {
	const within = "XWAYLAND" // the extension of a server inside a Wayland session
	found, err := xproto.QueryExtension(x.conn, uint16(len(within)), within).Reply()
	switch {
	case err != nil:
		return fmt.Errorf("ask the X server: %w", err)
	case found.Present:
		return errWayland
	}
	if err := screensaver.Init(x.conn); err != nil {
		return fmt.Errorf("the X server does not tell: %w", err)
	}
	x.root = xproto.Drawable(xproto.Setup(x.conn).DefaultScreen(x.conn).Root)
	return nil
}

// hangUp ends the connection, if there is one, and waits until the library has
// let go of it.
func (x *x11) hangUp() {
	conn := x.conn
	if conn == nil {
		return
	}
	x.conn = nil
	conn.Close()
	for {
		if event, err := conn.WaitForEvent(); event == nil && err == nil {
			return
		}
	}
}

// Close implements Source. A connection with a server that does not answer is
// left behind until it does: the library cannot be interrupted.
func (x *x11) Close() {
	if x.closed.Swap(true) {
		return
	}
	done := make(chan struct{})
	go func() {
		x.turn <- struct{}{}
		x.hangUp()
		<-x.turn
		close(done)
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
	}
}
