package gui

// pointed is told when the pointer comes to the row of a message or leaves it.
func (t *timeline) pointed(row messageRow, entered bool) {
	if !entered {
		t.tools.over(false)
		return
	}
	at := row.Position()
	at.Y -= t.offset()
	t.tools.enter(row, at)
}

// refreshQuotes shows what messages in sight answer as it is now.
func (t *timeline) refreshQuotes() {
	for _, o := range t.view.objects {
		if b, ok := o.(*bubble); ok {
			b.refreshQuote()
		}
	}
}

// refreshNotes shows remarks in sight as they are now.
func (t *timeline) refreshNotes() {
	for _, o := range t.view.objects {
		if b, ok := o.(*bubble); ok {
			b.refreshNote()
		}
	}
}
