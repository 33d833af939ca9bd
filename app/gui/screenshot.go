package gui

import (
	"context"
	"errors"
	"image"
	"image/draw"
	"time"

	"fyne.io/fyne/v2"

	"feihong/app/chat"
)

// hidingTime is how long a window may take to go from the screen.
const hidingTime = 300 * time.Millisecond

// screenshots says that pictures of the screen can be taken and sent.
func (w *Window) screenshots() bool { return w.cfg.Capture != nil && w.sendsPictures() }

// takeScreenshot freezes the screen and lets the user choose what of it is
// sent in the open conversation.
func (w *Window) takeScreenshot() { w.shoot(false) }

// takeScreenshotBehind does it without this window on the screen.
func (w *Window) takeScreenshotBehind() { w.shoot(true) }

func (w *Window) shoot(hide bool) {
	if w.talk == nil || !w.screenshots() || w.shooting || w.covered() || w.elsewhere() {
		return
	}
	w.shooting = true
	to := w.talk.id
	if !hide {
		w.capture(to)
		return
	}
	w.win.Hide()
	w.later(hidingTime, func() { w.capture(to) })
}

// capture takes the picture in the background.
func (w *Window) capture(to chat.ContactID) {
	w.background.start(func(ctx context.Context) {
		taken, err := w.cfg.Capture(ctx)
		var screen *image.RGBA
		if err == nil {
			screen = asRGBA(taken)
		}
		w.cfg.Do(func() {
			w.win.Show()
			if err != nil {
				w.shooting = false
				w.captureFailed(err)
				return
			}
			w.editScreen(to, screen)
		})
	})
}

func (w *Window) captureFailed(err error) {
	w.cfg.Logger.Warn("take a picture of the screen", "err", err)
	key := "gui.screen.failed"
	if errors.Is(err, errors.ErrUnsupported) {
		key = "gui.screen.unsupported"
	}
	w.right.conv.composer.warn(w.words.Text(key, nil))
}

// editScreen shows a picture of the screen in a window of its own that covers
// all.
func (w *Window) editScreen(to chat.ContactID, screen *image.RGBA) {
	over := w.cfg.App.NewWindow(w.words.Text("gui.screen.title", nil))
	ended := false
	end := func(chosen *image.RGBA) {
		if ended {
			return
		}
		ended, w.shooting = true, false
		over.Close()
		w.shot = nil
		w.win.RequestFocus()
		if chosen != nil {
			w.attachPicture(to, chosen)
		}
	}
	w.shot = newScreenEditor(w.words, screen, end)
	w.shot.window, w.shotFor = over, to
	over.SetPadded(false)
	over.SetContent(w.shot)
	over.Canvas().SetOnTypedKey(w.shot.TypedKey)
	over.SetCloseIntercept(func() { end(nil) })
	over.SetFullScreen(true)
	over.Show()
	over.RequestFocus()
	w.shot.takeFocus()
}

// takeFocus brings the keys back to the editor after a button was pressed.
func (e *screenEditor) takeFocus() {
	if e.window != nil {
		e.window.Canvas().Focus(e)
	}
}

// asRGBA returns a picture that begins at (0, 0) in the form that the painter
// takes at once.
func asRGBA(p image.Image) *image.RGBA {
	if same, ok := p.(*image.RGBA); ok && same.Rect.Min == (image.Point{}) {
		return same
	}
	result := image.NewRGBA(image.Rectangle{Max: p.Bounds().Size()})
	draw.Draw(result, result.Rect, p, p.Bounds().Min, draw.Src)
	return result
}

// screenshotItems are those of the menu for attaching things.
func (w *Window) screenshotItems() []*fyne.MenuItem {
	if !w.screenshots() {
		return nil
	}
	return []*fyne.MenuItem{
		fyne.NewMenuItemWithIcon(w.words.Text("gui.screen.take", nil), iconScreen, w.takeScreenshot),
		fyne.NewMenuItemWithIcon(w.words.Text("gui.screen.take-behind", nil), iconScreen, w.takeScreenshotBehind),
	}
}
