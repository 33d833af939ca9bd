package gui

import "feihong/app/chat"

// What the user has written or attached and could not be sent comes back. Where
// something else has taken its place meanwhile, both are kept.

// addToDraft keeps a text for which there is no other place any more, below what
// is written to somebody.
func (w *Window) addToDraft(id chat.ContactID, text string) {
	if text == "" || w.people[id] == nil {
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
