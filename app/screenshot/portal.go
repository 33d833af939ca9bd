//go:build unix && !darwin

package screenshot

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"image"
	"net/url"
	"strings"

	"github.com/godbus/dbus/v5"
)

// Names on the bus.
const (
	portalName   = "org.freedesktop.portal.Desktop"
	portalPath   = "/org/freedesktop/portal/desktop"
	portalMethod = "org.freedesktop.portal.Screenshot.Screenshot"
	requestName  = "org.freedesktop.portal.Request"
	busName      = "org.freedesktop.DBus"
	ownerChanged = "NameOwnerChanged"
)

var errGone = errors.New("screenshot: the desktop's part that takes pictures has ended")

// takeByPortal asks the desktop, which may ask the user. The answer is a file.
func takeByPortal(ctx context.Context) (image.Image, error) {
	conn, err := dbus.ConnectSessionBus() // outlives ctx, to take the question back
	if err != nil {
		return nil, fmt.Errorf("%w: no session bus: %w", errors.ErrUnsupported, err)
	}
	defer conn.Close()
	token := "feihong" + rand.Text()
	sender := strings.ReplaceAll(strings.TrimPrefix(conn.Names()[0], ":"), ".", "_")
	request := dbus.ObjectPath(portalPath + "/request/" + sender + "/" + token)
	// Heard from before the question, so that no answer is missed.
	if err := listen(ctx, conn, request); err != nil {
		return nil, err
	}
	heard := make(chan *dbus.Signal, 4)
	conn.Signal(heard)
	defer func() {
		if ctx.Err() != nil { // the user need not decide any more
			conn.Object(portalName, request).Go(requestName+".Close", dbus.FlagNoReplyExpected, nil)
		}
	}()
	options := map[string]dbus.Variant{"handle_token": dbus.MakeVariant(token), "interactive": dbus.MakeVariant(false)}
	call := conn.Object(portalName, portalPath).CallWithContext(ctx, portalMethod, 0, "", options)
	if call.Err != nil {
		return nil, fmt.Errorf("%w: the desktop takes no pictures: %w", errors.ErrUnsupported, call.Err)
	}
	answer := awaited{request: request}
	if err := conn.BusObject().CallWithContext(ctx, busName+".GetNameOwner", 0, portalName).Store(&answer.portal); err != nil {
		return nil, fmt.Errorf("screenshot: who answers is not known: %w", err)
	}
	path, err := answer.in(ctx, heard)
	if err != nil {
		return nil, err
	}
	return readAway(path)
}

// listen has the bus tell of the answer to a request, and of the end of the
// portal.
func listen(ctx context.Context, conn *dbus.Conn, request dbus.ObjectPath) error {
	err := conn.AddMatchSignalContext(ctx, dbus.WithMatchSender(portalName), dbus.WithMatchInterface(requestName), dbus.WithMatchObjectPath(request))
	if err != nil {
		return err
	}
	return conn.AddMatchSignalContext(ctx, dbus.WithMatchSender(busName), dbus.WithMatchInterface(busName),
		dbus.WithMatchMember(ownerChanged), dbus.WithMatchArg(0, portalName))
}

// awaited is the answer to a request, which only the portal can give.
type awaited struct {
	request dbus.ObjectPath
	portal  string // its own name on the bus
}

// in waits for the answer among what is heard: the path of a file.
func (a awaited) in(ctx context.Context, heard <-chan *dbus.Signal) (string, error) {
	for {
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case signal, open := <-heard:
			switch {
			case !open:
				return "", errors.ErrUnsupported
			case a.answeredBy(signal):
				return pathIn(signal.Body)
			case a.endedBy(signal):
				return "", errGone
			}
		}
	}
}

func (a awaited) answeredBy(s *dbus.Signal) bool {
	return s.Sender == a.portal && s.Path == a.request && s.Name == requestName+".Response"
}

// endedBy tells whether the portal has gone, so that nobody will answer.
func (a awaited) endedBy(s *dbus.Signal) bool {
	var name, before, after string
	return s.Sender == busName && s.Name == busName+"."+ownerChanged && dbus.Store(s.Body, &name, &before, &after) == nil &&
		name == portalName && before == a.portal
}

// pathIn reads the answer of the portal.
func pathIn(body []any) (string, error) {
	var code uint32
	var results map[string]dbus.Variant
	if err := dbus.Store(body, &code, &results); err != nil {
		return "", fmt.Errorf("screenshot: the desktop's answer cannot be read: %w", err)
	}
	if code != 0 {
		return "", ErrRefused
	}
	text, _ := results["uri"].Value().(string)
	uri, err := url.Parse(text)
	if err != nil || uri.Scheme != "file" || uri.Host != "" || uri.Path == "" {
		return "", fmt.Errorf("screenshot: the desktop's answer names no file: %q", text)
	}
	return uri.Path, nil
}
