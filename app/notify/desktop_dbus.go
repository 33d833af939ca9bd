//go:build unix && !darwin

package notify

import (
	"context"
	"fmt"
	"slices"

	"github.com/godbus/dbus/v5"
)

// The Desktop Notifications Specification, version 1.2 and 1.3.
const (
	busName   = "org.freedesktop.Notifications"
	busPath   = dbus.ObjectPath("/org/freedesktop/Notifications")
	clickName = "default" // the action that stands for a click
)

// bus shows notifications through the session bus.
type bus struct {
	app    App
	conn   *dbus.Conn
	object dbus.BusObject
	markup bool // the body may have markup, so text has to be escaped
	raw    chan *dbus.Signal
	out    chan event
}

func dial(ctx context.Context, app App) (server, error) {
	// The library closes the connection when ctx ends; ours ends by close.
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		return nil, fmt.Errorf("session bus: %w", err)
	}
	b := &bus{app: app, conn: conn, object: conn.Object(busName, busPath), raw: make(chan *dbus.Signal, 16), out: make(chan event, 16)}
	if err := b.prepare(ctx); err != nil {
		_ = conn.Close()
		return nil, err
	}
	go b.listen()
	return b, nil
}

func (b *bus) prepare(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	var can []string
	if err := b.object.CallWithContext(ctx, busName+".GetCapabilities", 0).Store(&can); err != nil {
		return fmt.Errorf("the desktop's notifications: %w", err)
	}
	b.markup = slices.Contains(can, "body-markup")
	b.conn.Signal(b.raw)
	return b.conn.AddMatchSignalContext(ctx, dbus.WithMatchInterface(busName), dbus.WithMatchObjectPath(busPath))
}

// listen turns signals into events until the connection is closed.
func (b *bus) listen() {
	defer close(b.out)
	for signal := range b.raw {
		e, ok := eventOf(signal)
		if !ok {
			continue
		}
		select {
		case b.out <- e:
		case <-b.conn.Context().Done():
			return
		}
	}
}

func eventOf(signal *dbus.Signal) (event, bool) {
	if len(signal.Body) < 2 {
		return event{}, false
	}
	handle, ok := signal.Body[0].(uint32)
	if !ok {
		return event{}, false
	}
	switch signal.Name {
	case busName + ".ActionInvoked":
		return event{handle: handle, clicked: signal.Body[1] == clickName}, signal.Body[1] == clickName
	case busName + ".NotificationClosed":
		return event{handle: handle}, true
	}
	return event{}, false
}

// show implements server.
func (b *bus) show(ctx context.Context, n Notification, instead uint32) (uint32, error) {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	text := n.Text
	if b.markup {
		text = markup.Replace(text)
	}
	hints := map[string]dbus.Variant{
		"desktop-entry":  dbus.MakeVariant(b.app.ID),
		"category":       dbus.MakeVariant("im.received"),
		"urgency":        dbus.MakeVariant(byte(1)),
		"suppress-sound": dbus.MakeVariant(true), // ours are played
	}
	actions := []string{clickName, b.app.Open}
	var handle uint32
	err := b.object.CallWithContext(ctx, busName+".Notify", 0,
		b.app.Name, instead, b.app.Icon, n.Title, text, actions, hints, int32(-1)).Store(&handle)
	return handle, err
}

// withdraw implements server.
func (b *bus) withdraw(ctx context.Context, handle uint32) error {
	ctx, cancel := context.WithTimeout(ctx, answerTime)
	defer cancel()
	return b.object.CallWithContext(ctx, busName+".CloseNotification", 0, handle).Err
}

// events implements server.
func (b *bus) events() <-chan event { return b.out }

// close implements server. The library closes the channel of signals, which
// ends listen.
func (b *bus) close() {
	_ = b.conn.Close() // fails only if it is closed
	for range b.out {
	}
}
