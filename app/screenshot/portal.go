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
	portalName    = "org.freedesktop.portal.Desktop"
	portalPath    = "/org/freedesktop/portal/desktop"
	portalMethod  = "org.freedesktop.portal.Screenshot.Screenshot"
	requestAnswer = "org.freedesktop.portal.Request"
)

// takeByPortal asks the desktop, which may ask the user. The answer is a file.
func takeByPortal(ctx context.Context) (image.Image, error) {
	conn, err := dbus.ConnectSessionBus(dbus.WithContext(ctx))
	if err != nil {
		return nil, fmt.Errorf("%w: no session bus: %w", errors.ErrUnsupported, err)
	}
	defer conn.Close()
	token := "feihong" + rand.Text()
	sender := strings.ReplaceAll(strings.TrimPrefix(conn.Names()[0], ":"), ".", "_")
	request := dbus.ObjectPath(portalPath + "/request/" + sender + "/" + token)
	// Heard from before the question, so that no answer is missed.
	if err := conn.AddMatchSignalContext(ctx, dbus.WithMatchInterface(requestAnswer), dbus.WithMatchObjectPath(request)); err != nil {
		return nil, err
	}
	answers := make(chan *dbus.Signal, 4)
	conn.Signal(answers)
	options := map[string]dbus.Variant{"handle_token": dbus.MakeVariant(token), "interactive": dbus.MakeVariant(false)}
	call := conn.Object(portalName, portalPath).CallWithContext(ctx, portalMethod, 0, "", options)
	if call.Err != nil {
		return nil, fmt.Errorf("%w: the desktop takes no pictures: %w", errors.ErrUnsupported, call.Err)
	}
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case answer, open := <-answers:
			if !open {
				return nil, errors.ErrUnsupported
			}
			if answer.Path != request || answer.Name != requestAnswer+".Response" {
				continue
			}
			path, err := pathIn(answer.Body)
			if err != nil {
				return nil, err
			}
			return readAway(path)
		}
	}
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
