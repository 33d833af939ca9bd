package gui

import (
	"context"
	"errors"
	"image"

	"feihong/app/chat"
	"feihong/app/picture"
)

// attachPicture adds a picture that is in no file to what will be sent to
// somebody. It must not be changed any more.
func (w *Window) attachPicture(to chat.ContactID, img image.Image) {
	if !w.sendsPictures() {
		return
	}
	w.attachLoose(to, "gui.picture.screen", func(context.Context) ([]byte, error) { return picture.PNG(img) })
}

// pastePicture adds the picture in the clipboard, if there is one, to what will
// be sent in the open conversation.
func (w *Window) pastePicture() {
	if w.talk == nil || w.cfg.ClipboardImage == nil || !w.sendsPictures() {
		return
	}
	w.attachLoose(w.talk.id, "gui.picture.pasted", w.cfg.ClipboardImage)
}

// sendsPictures says that there is a way for pictures that are in no file.
func (w *Window) sendsPictures() bool { return w.cfg.Files != nil && w.cfg.Keep != nil }

// attachLoose attaches the picture that get returns, away from the user
// interface; none is none.
func (w *Window) attachLoose(to chat.ContactID, nameKey string, get func(context.Context) ([]byte, error)) {
	name := w.nameNow(nameKey)
	over := w.isComing(to, name)
	w.background.start(func(ctx context.Context) {
		data, err := get(ctx)
		if data == nil && err == nil {
			w.cfg.Do(over)
			return
		}
		var info picture.Info
		if err == nil {
			info, err = picture.Inspect(data)
		}
		w.cfg.Do(func() {
			over()
			if err != nil {
				w.pictureFailed(to, err)
				return
			}
			w.addAttached(to, nil, loosePicture{name: name + "." + info.Format, data: data})
		})
	})
}

func (w *Window) pictureFailed(to chat.ContactID, err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	w.cfg.Logger.Warn("attach picture", "err", err)
	text := w.words.Text("gui.picture.failed", nil)
	if w.talk != nil && w.talk.id == to {
		w.right.conv.composer.warn(text)
	} else {
		w.left.warn(text)
	}
}

// keep makes files of the loose pictures and returns all that is sent, as
// paths.
func (w *Window) keep(ctx context.Context, a *attachment) ([]string, error) {
	paths := append([]string(nil), a.paths...)
	for _, p := range a.loose {
		path, err := w.cfg.Keep(ctx, p.name, p.data)
		if err != nil {
			return nil, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}

// offerAll makes an offer of an attachment, with what the other person sees at
// once if it is one picture.
func (w *Window) offerAll(ctx context.Context, to chat.ContactID, a *attachment, preview []byte, text string) (chat.Transfer, error) {
	if preview == nil {
		_, preview = a.look(ctx)
	}
	paths, err := w.keep(ctx, a)
	if err != nil {
		return chat.Transfer{}, err
	}
	if preview == nil {
		return w.cfg.Files.Offer(ctx, to, paths, text)
	}
	return w.cfg.Files.OfferPicture(ctx, to, paths, text, preview)
}
