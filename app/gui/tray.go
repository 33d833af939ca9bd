package gui

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"feihong/assets"
)

// tray is the program's icon in the tray of the desktop: with a dot while
// something is unread.
type tray struct {
	desktop desktop.App
	plain   fyne.Resource
	dotted  func() fyne.Resource // drawn when it is shown first
	waits   bool
}

// lookForTray finds out whether somebody still shows the icon: without that,
// closing the window ends the program.
func (w *Window) lookForTray() {
	if w.tray == nil || w.cfg.HasTray == nil {
		return
	}
	w.background.start(func(ctx context.Context) {
		there := w.cfg.HasTray(ctx)
		w.cfg.Do(func() { w.trayThere = there })
	})
}

// openTray puts the icon into the tray. The toolkit can do that only before its
// loop runs.
func (w *Window) openTray() {
	app, ok := w.cfg.App.(desktop.App)
	if !ok || !w.cfg.Tray {
		return
	}
	w.trayThere = true
	w.tray = &tray{desktop: app, plain: fyne.NewStaticResource("feihong.png", assets.Icon), dotted: sync.OnceValue(dottedIcon)}
	app.SetSystemTrayIcon(w.tray.plain)
	w.showTrayMenu()
	app.SetSystemTrayWindow(w.win)
	w.win.SetCloseIntercept(w.closed) // the toolkit has set its own
	w.tellUnread()
}

// showTrayMenu gives the icon its menu, in the language of the window.
func (w *Window) showTrayMenu() {
	if w.tray == nil {
		return
	}
	quit := fyne.NewMenuItem(w.words.Text("gui.tray.quit", nil), w.quit)
	quit.IsQuit = true
	w.tray.desktop.SetSystemTrayMenu(fyne.NewMenu("",
		fyne.NewMenuItem(w.words.Text("gui.tray.show", nil), w.Raise),
		fyne.NewMenuItemSeparator(),
		quit,
	))
}

func (t *tray) show(waits bool) {
	if t.waits == waits {
		return
	}
	t.waits = waits
	icon := t.plain
	if waits {
		icon = t.dotted()
	}
	t.desktop.SetSystemTrayIcon(icon)
}

// closed is called when the user closes the window. Where there is a tray, the
// program goes on, which is told once.
func (w *Window) closed() {
	switch {
	case w.trayThere && w.cfg.Preferences.Current().CloseToTray:
		w.tellTray()
		w.hide()
	case w.cfg.OnClose != nil:
		w.endBy(w.cfg.OnClose)
	case w.tray != nil: // which would keep the program alive
		w.drafts.flush()
		w.quit()
	default:
		w.endBy(w.Close)
	}
}

func (w *Window) hide() {
	w.drafts.flush()
	w.SetForeground(false)
	w.win.Hide()
}

func (w *Window) tellTray() {
	if w.cfg.Attention == nil || w.cfg.Preferences.Current().TrayTold {
		return
	}
	w.cfg.Attention.Notify(Notification{
		Title: w.words.Text("gui.tray.told", nil),
		Text:  w.words.Text("gui.tray.told.how", nil),
	})
	w.prefer(func(p *Preferences) { p.TrayTold = true }, nil)
}

// dottedIcon is the icon of the program with a red dot in its corner.
func dottedIcon() fyne.Resource {
	plain, err := programPicture()
	if err != nil {
		return fyne.NewStaticResource("feihong.png", assets.Icon)
	}
	size := plain.Bounds().Size()
	icon := image.NewNRGBA(image.Rectangle{Max: size})
	draw.Draw(icon, icon.Bounds(), plain, plain.Bounds().Min, draw.Src)
	radius := size.X / 5
	center := image.Pt(size.X-radius, radius)
	for y := range 2 * radius {
		for x := center.X - radius; x < size.X; x++ {
			if dx, dy := x-center.X, y-center.Y; dx*dx+dy*dy <= radius*radius {
				icon.Set(x, y, color.NRGBA{R: 0xD1, G: 0x34, B: 0x38, A: 0xFF})
			}
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, icon); err != nil {
		return fyne.NewStaticResource("feihong.png", assets.Icon)
	}
	return fyne.NewStaticResource("feihong-unread.png", out.Bytes())
}
