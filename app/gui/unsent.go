package gui

import (
	"slices"

	"feihong/app/chat"
)

// What the user has written or attached and could not be sent comes back. Where
// something else has taken its place meanwhile, both are kept.

// offering is an attachment that is being offered, with its caption. Until that
// is done it counts as not sent.
type offering struct {
	talk       *talk
	attachment *attachment
	text       string
}

// comingPicture is one that will be attached as soon as it has been read.
type comingPicture struct {
	to   chat.ContactID
	name string
}

// nowOf returns with whom a conversation is now: it may have moved since
// something was begun in it.
func (w *Window) nowOf(id chat.ContactID) chat.ContactID {
	for {
		into, moved := w.moved[id]
		if !moved {
			return id
		}
		id = into
	}
}

// addToDraft keeps a text for which there is no other place any more, below what
// is written to somebody.
func (w *Window) addToDraft(id chat.ContactID, text string) {
	if text == "" {
		return
	}
	w.draftIs(id, below(w.draftOf(id), text))
	if w.isOpen(id) && !w.editing() {
		w.right.conv.composer.extend(w.draftOf(id))
	}
	w.refreshPeople()
}

// below returns two texts, one under the other.
func below(above, text string) string {
	if above == "" || text == "" {
		return above + text
	}
	return above + "\n" + text
}

// saveDraft keeps what is written to somebody, and captions of what is not sent
// yet: they come back if the program ends before that.
func (w *Window) saveDraft(id chat.ContactID) {
	text := w.draftOf(id)
	for _, o := range w.offering {
		if w.nowOf(o.talk.id) == id {
			text = below(text, o.text)
		}
	}
	w.drafts.set(id, text)
}

// isOpen says that somebody's conversation is the open one.
func (w *Window) isOpen(id chat.ContactID) bool { return w.talk != nil && w.talk.id == id }

// notSent tells why something was not sent to somebody.
func (w *Window) notSent(id chat.ContactID, err error) {
	w.warnAbout(id, w.words.Text("gui.composer.failed", map[string]any{"problem": err}))
}

// warnAbout tells about a problem with a conversation in it, if it is open.
func (w *Window) warnAbout(id chat.ContactID, problem string) {
	if w.isOpen(id) {
		w.right.conv.composer.warn(problem)
	} else {
		w.left.warn(problem)
	}
}

// attachAgain adds what was attached before to what is attached now.
func (w *Window) attachAgain(id chat.ContactID, a *attachment) {
	if there := w.attached[id]; there != nil {
		there.cancel()
		a = a.and(there)
	}
	w.attached[id] = a
	w.count(a)
	w.showAttached()
}

// unsentFiles returns all that somebody would get and has not got: what is
// attached, is being offered, and pictures that are still read or marked.
func (w *Window) unsentFiles(id chat.ContactID) *attachment {
	all := &attachment{}
	if a := w.attached[id]; a != nil {
		all = all.and(a)
	}
	for _, o := range w.offering {
		if w.nowOf(o.talk.id) == id {
			all = all.and(o.attachment)
		}
	}
	for _, p := range w.coming {
		if w.nowOf(p.to) == id {
			all.loose = append(all.loose, loosePicture{name: p.name})
		}
	}
	if w.shot != nil && w.nowOf(w.shotFor) == id && !w.shot.region.Empty() {
		all.loose = append(all.loose, loosePicture{name: w.nameNow("gui.picture.screen")})
	}
	return all
}

// nameNow names a picture after the time.
func (w *Window) nameNow(key string) string {
	return w.words.Text(key, map[string]any{"time": w.cfg.Now().Format("2006-01-02 15-04-05")})
}

// isComing notes that a picture is being read; the result says that it is over.
func (w *Window) isComing(to chat.ContactID, name string) (over func()) {
	p := &comingPicture{to: to, name: name}
	w.coming = append(w.coming, p)
	return func() { w.coming = slices.DeleteFunc(w.coming, func(other *comingPicture) bool { return other == p }) }
}
