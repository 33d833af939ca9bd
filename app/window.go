//go:build !headless

package app

import (
	"context"
	"log"
	"os"
	"runtime"
	"sync"

	"fyne.io/fyne/v2"
	fyneapp "fyne.io/fyne/v2/app"

	"feihong/app/chat"
	"feihong/app/cli"
	"feihong/app/control"
	"feihong/app/gui"
	"feihong/app/profile"
	"feihong/app/screenshot"
	"feihong/assets/translations"
)

const (
	headless = false
	appID    = "im.feihong.desktop"
)

// Window opens the window of a profile and returns when it is closed. If the
// profile runs already, its window is brought to the front instead. Errors
// that keep the window from opening are shown in a window of their own,
// because most people start the program without a terminal.
func (host) Window(ctx context.Context, o cli.Options) error {
	if !hasDisplay() {
		return &noDisplayError{}
	}
	at, err := profile.Locate(o.Data, o.Profile)
	if err != nil {
		return err
	}
	log.SetFlags(0) // ours tells the time
	log.SetOutput(gui.ToolkitLog(logger(o)))
	var window *gui.Window // set before anything can ask for it
	show := func() { fyne.Do(window.Raise) }
	ui := fyneapp.NewWithID(appID)
	fontsLoaded := gui.LoadFonts(ui)
	defer fontsLoaded()
	n, running, err := openOrAsk(ctx, at, o, mode{showWindow: show})
	if running != nil {
		tellKeptName(ctx, o, running)
		return running.ShowWindow(ctx)
	}
	if err != nil {
		fontsLoaded()
		gui.ShowFailure(ui, o.Catalog, err)
		ui.Run()
		return err
	}
	var attention *windowAttention
	window, attention = newWindow(ui, fontsLoaded, n, o)
	window.Show()
	return runWindow(ctx, ui, n, window, attention)
}

func newWindow(ui fyne.App, fontsLoaded func(), n *node, o cli.Options) (*gui.Window, *windowAttention) {
	catalog := o.Catalog
	if chosen := n.profile.Current().Language; chosen != "" && o.Language == "" {
		catalog = translations.New(chosen)
	}
	config := gui.Config{
		App:         ui,
		FontsLoaded: fontsLoaded,
		Chat:        windowChat{n.chat},
		Self: gui.Self{
			ID:        n.profile.Identity.PeerID().String(),
			Name:      func() string { return n.profile.Current().Name },
			Addresses: n.net.Addresses,
			Port:      n.net.Port(),
		},
		Catalog:  catalog,
		Check:    n.checkForWindow,
		Notice:   n.notice,
		Capture:  screenshot.Take,
		Logger:   n.log,
		OpenLink: ui.OpenURL,
	}
	n.findFor(&config)
	n.moveFor(&config)
	n.preferFor(&config)
	attention := n.attendFor(&config, catalog)
	n.exportFor(&config)
	window := gui.New(config)
	attention.open = window.OpenFromOutside
	n.shown = window.PresenceChanged
	ui.Lifecycle().SetOnEnteredForeground(func() { window.SetForeground(true) })
	ui.Lifecycle().SetOnExitedForeground(func() { window.SetForeground(false) })
	return window, attention
}

// runWindow runs the user interface on this goroutine, which has to be the
// main one, and the profile beside it, until either ends.
func runWindow(ctx context.Context, ui fyne.App, n *node, window *gui.Window, attention *windowAttention) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	served := make(chan error, 1)
	started := false // only touched by the goroutine of the user interface
	ui.Lifecycle().SetOnStarted(func() {
		started = true
		go func() {
			served <- n.run(ctx, func(ctx context.Context, _ *control.Client) error {
				var calling sync.WaitGroup
				defer calling.Wait()
				calling.Go(func() { attention.serve(ctx) })
				return window.Serve(ctx)
			})
			fyne.Do(ui.Quit)
		}()
	})
	ui.Run()
	cancel()
	if !started {
		return n.close()
	}
	return <-served
}

// windowChat gives the chat service the shape that the window wants.
type windowChat struct{ *chat.Service }

// Known is followed by a dial: a colleague in another network tells over the
// session who else is there.
func (c windowChat) Known(ctx context.Context, found chat.Sighting) (chat.Contact, error) {
	contact, err := c.Service.Known(ctx, found)
	if err == nil {
		c.Reach(contact.ID)
	}
	return contact, err
}

// Subscribe begins to collect events for the window.
func (c windowChat) Subscribe() gui.Subscription { return c.Service.Subscribe() }

// hasDisplay tells whether there is a screen to open a window on. The window
// is built for X11, which Wayland desktops provide too.
func hasDisplay() bool {
	switch runtime.GOOS {
	case "windows", "darwin":
		return true
	}
	return os.Getenv("DISPLAY") != ""
}

// noDisplayError is returned where no window can be opened.
type noDisplayError struct{}

func (*noDisplayError) Error() string {
	return "there is no display to open a window on (DISPLAY is not set); everything else works, see feihong --help, for example feihong daemon"
}

// UserText gives the translation.
func (*noDisplayError) UserText() (string, map[string]any) { return "app.no-display", nil }
