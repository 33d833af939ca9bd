//go:build !headless

package app

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver"

	"feihong/app/chat"
	"feihong/app/gui"
	"feihong/app/notify"
	"feihong/app/sound"
	"feihong/assets"
	"feihong/assets/translations"
	"feihong/transport/atomicfile"
)

// windowAttention calls the user for the window.
type windowAttention struct {
	node    *node
	notices *notify.Service
	player  *sound.Player
	open    func(chat.ContactID) // the user clicked a notification
}

// trayTime is how long the window waits for the desktop to say whether it has a
// tray.
const trayTime = 300 * time.Millisecond

// attendFor fills in how the window calls the user. What it returns is served
// beside the window, and told what a click opens.
func (n *node) attendFor(config *gui.Config, catalog *translations.Catalog) *windowAttention {
	a := &windowAttention{node: n, player: sound.NewPlayer(cacheFolder("sounds"), n.log)}
	a.notices = notify.New(notify.App{
		ID:   appID,
		Name: "Feihong",
		Icon: iconFile(),
		Open: catalog.Text("gui.notify.open", nil),
	}, a.clicked, n.log)
	config.Attention = a
	config.HasTray = notify.HasTray
	soon, cancel := context.WithTimeout(context.Background(), trayTime)
	defer cancel()
	config.Tray = notify.HasTray(soon)
	return a
}

// serve calls the user until ctx ends.
func (a *windowAttention) serve(ctx context.Context) {
	var group sync.WaitGroup
	group.Go(func() { _ = a.notices.Serve(ctx) }) // never fails, as the next
	group.Go(func() { _ = a.player.Serve(ctx) })
	group.Wait()
}

func (a *windowAttention) clicked(key string) {
	id, err := strconv.ParseInt(key, 10, 64)
	if err != nil || id == 0 {
		return
	}
	fyne.Do(func() { a.open(chat.ContactID(id)) })
}

// Notify implements gui.Attention, as do the others.
func (a *windowAttention) Notify(n gui.Notification) {
	a.notices.Show(notify.Notification{Key: keyOf(n.Conversation), Title: n.Title, Text: n.Text})
}

func (a *windowAttention) Withdraw(id chat.ContactID) { a.notices.Withdraw(keyOf(id)) }

func (a *windowAttention) Play(s gui.Sound) {
	switch s {
	case gui.SoundNudge:
		a.player.Play(sound.Nudge)
	case gui.SoundDone:
		a.player.Play(sound.Done)
	default:
		a.player.Play(sound.Message)
	}
}

func (a *windowAttention) Flash(window fyne.Window) {
	native, ok := window.(driver.NativeWindow)
	if !ok {
		return
	}
	native.RunNative(func(context any) {
		var handle uintptr
		switch c := context.(type) {
		case driver.X11WindowContext:
			handle = c.WindowHandle
		case driver.WindowsWindowContext:
			handle = c.HWND
		}
		if handle == 0 {
			return
		}
		go func() { // waits for the display, and is over in a moment
			if err := notify.Flash(handle, true); err != nil {
				a.node.log.Debug("flash", "err", err)
			}
		}()
	})
}

func keyOf(id chat.ContactID) string { return strconv.FormatInt(int64(id), 10) }

// cacheFolder is where files lie that can be made again at any time; "" if
// there is no such place of the user's own.
func cacheFolder(name string) string {
	base, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(base, "feihong", name)
}

// iconFile writes the icon to where the desktop can read it; "" if it cannot.
func iconFile() string {
	folder := cacheFolder("icons")
	path := filepath.Join(folder, "feihong.png")
	if info, err := os.Stat(path); err == nil && info.Size() == int64(len(assets.Icon)) {
		return path
	}
	if os.MkdirAll(folder, 0o700) != nil || atomicfile.Write(path, assets.Icon) != nil {
		return ""
	}
	return path
}
