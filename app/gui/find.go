package gui

import (
	"strings"

	"fyne.io/fyne/v2"

	"feihong/app/chat"
	"feihong/app/store/words"
)

// talkFind is the search within the open conversation: words in its field, the
// messages that have them, and which of those is shown.
type talkFind struct {
	window *Window
	bar    *findBar
	finder *finder
	text   string
	hits   []chat.Message // the newest first
	more   bool           // there may be older ones
	at     int            // which of the hits is shown
}

// findPage is how many hits are loaded at a time.
const findPage = 100

func (w *Window) newTalkFind() *talkFind {
	f := &talkFind{window: w, finder: w.newFinder()}
	f.bar = newFindBar(w.words, findActions{changed: f.changed, step: f.step, close: f.close, shortcut: w.shortcut})
	return f
}

// showFind opens the search within the conversation, or everywhere if there is
// none.
func (w *Window) showFind() {
	if w.talk == nil || w.elsewhere() {
		w.showSearch(searchFilter{})
		return
	}
	w.find.open()
}

func (f *talkFind) open() {
	if f.bar.Hidden {
		f.bar.Show()
		f.window.right.conv.arrange()
	}
	f.window.win.Canvas().Focus(f.bar.entry)
	f.bar.entry.TypedShortcut(&fyne.ShortcutSelectAll{})
	f.changed(f.bar.entry.Text)
}

// close takes the bar and its marks away.
func (f *talkFind) close() {
	if !f.visible() {
		return
	}
	f.hide()
	f.window.focusComposer()
}

func (f *talkFind) hide() {
	f.finder.stop()
	f.text, f.hits = "", nil
	f.bar.entry.SetText("")
	f.bar.Hide()
	f.window.right.conv.timeline.mark(words.Query{})
	f.window.right.conv.arrange()
}

func (f *talkFind) visible() bool { return !f.bar.Hidden }

// changed looks for other words.
func (f *talkFind) changed(text string) {
	if text = strings.TrimSpace(text); text == f.text {
		return
	}
	f.text, f.hits, f.more, f.at = text, nil, false, 0
	search := words.Parse(text)
	f.window.right.conv.timeline.mark(search)
	if search.Empty() || f.window.talk == nil {
		f.finder.stop()
		f.tell()
		return
	}
	f.load(func() {
		f.at = f.nearest()
		f.show()
	})
}

// load loads the next page of hits.
func (f *talkFind) load(then func()) {
	query := chat.HistoryQuery{Contact: f.window.talk.id, Search: f.text, Limit: findPage}
	if n := len(f.hits); n > 0 {
		query.Before = f.hits[n-1].Seq
	}
	f.finder.find(query, func(page []chat.Message, more bool, err error) {
		if err != nil {
			f.window.storeFailed(err)
			return
		}
		f.hits, f.more = append(f.hits, page...), more
		then()
	})
}

// nearest returns the hit that is closest above the end of what is in sight.
func (f *talkFind) nearest() int {
	seen := f.window.right.conv.timeline.lastInSight()
	for i := range f.hits {
		if f.hits[i].Seq <= seen {
			return i
		}
	}
	return 0
}

// step goes to the next older hit (+1) or the next newer one (-1), round all
// that there are.
func (f *talkFind) step(by int) {
	if len(f.hits) == 0 || f.finder.busy() {
		return
	}
	next := f.at + by
	switch {
	case next == len(f.hits) && f.more:
		f.load(func() {
			f.at = min(next, len(f.hits)-1)
			f.show()
		})
		return
	case next >= len(f.hits):
		next = 0
	case next < 0:
		next = len(f.hits) - 1
	}
	f.at = next
	f.show()
}

// show leads to the hit that is chosen.
func (f *talkFind) show() {
	f.tell()
	if len(f.hits) > 0 && f.window.talk != nil {
		f.window.show(f.hits[f.at].Seq)
	}
}

func (f *talkFind) tell() {
	key := "gui.find.status"
	switch {
	case f.text == "":
		key = ""
	case len(f.hits) == 0:
		key = "gui.find.none"
	case f.more:
		key = "gui.find.status-more"
	}
	status := ""
	if key != "" {
		status = f.window.words.Text(key, map[string]any{"at": f.at + 1, "count": len(f.hits)})
	}
	f.bar.tell(status, len(f.hits) > 0)
}
