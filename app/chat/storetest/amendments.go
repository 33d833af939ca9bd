package storetest

import (
	"slices"
	"testing"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
)

// amendment makes one that is written by the writer of target, a second later
// than everything before.
func (f *fixture) amendment(kind chat.Kind, target chat.Message, text string) chat.Message {
	m := f.message(target.Contact, target.Direction, text)
	m.Kind, m.Target = kind, target.Ref()
	return m
}

// other makes the writer of an amendment the other person.
func other(m chat.Message) chat.Message {
	m.Direction, m.State = 1-m.Direction, chat.Queued
	if m.Direction == chat.In {
		m.State = chat.Delivered
	}
	return m
}

// amend commits one amendment and checks that it is accepted, and that it
// changes target into want, or nothing if want is nil.
func (f *fixture) amend(what string, a chat.Message, want *chat.Message) {
	f.t.Helper()
	done := f.commit(chat.Batch{Messages: []chat.Message{a}})
	if len(done.Seq) != 1 || done.Seq[0] == 0 {
		f.t.Fatalf("%s: Seq %v", what, done.Seq)
	}
	if want == nil {
		f.same(what, done.Amended, nil)
		return
	}
	f.same(what, done.Amended, []chat.Message{*want})
	stored, err := f.MessageOf(f.t.Context(), want.Contact, want.Ref())
	if err != nil {
		f.t.Fatalf("%s: %v", what, err)
	}
	f.same(what+", read", []chat.Message{stored}, []chat.Message{*want})
}

func testAmendments(t *testing.T, f *fixture) {
	f.people(1, 2)
	for _, direction := range []chat.Direction{chat.In, chat.Out} {
		m := f.add(f.message(1, direction, "first"))[0]
		early, late := f.amendment(chat.KindEdit, m, "early"), f.amendment(chat.KindEdit, m, "late 你好")
		m.Text, m.Edited = late.Text, late.Time
		f.amend("edit", late, &m)
		f.amend("an edit from before", early, nil)
		same := f.amendment(chat.KindEdit, m, "at the same time")
		same.Time = late.Time
		f.amend("an edit of the same time", same, nil)

		m.Reactions[direction] = "👍"
		f.amend("own reaction", f.amendment(chat.KindReaction, m, "👍"), &m)
		f.amend("the same again", f.amendment(chat.KindReaction, m, "👍"), nil)
		m.Reactions[1-direction] = "❤️"
		f.amend("reaction of the other", other(f.amendment(chat.KindReaction, m, "❤️")), &m)
		m.Reactions[direction] = ""
		f.amend("no reaction", f.amendment(chat.KindReaction, m, ""), &m)

		f.amend("edit by the other", other(f.amendment(chat.KindEdit, m, "forged")), nil)
		f.amend("recall by the other", other(f.amendment(chat.KindRecall, m, "")), nil)

		m.Text, m.Edited, m.Reactions, m.Recalled = "", time.Time{}, [2]string{}, true
		f.amend("recall", f.amendment(chat.KindRecall, m, ""), &m)
		f.amend("recalled again", f.amendment(chat.KindRecall, m, ""), nil)
		f.amend("edited when recalled", f.amendment(chat.KindEdit, m, "back"), nil)
		f.amend("reaction when recalled", f.amendment(chat.KindReaction, m, "👍"), nil)
		f.same("History", f.history(chat.HistoryQuery{After: m.Seq - 1, Limit: 1}), []chat.Message{m})
	}
}

// testAmendmentsTogether commits messages and their amendments at once.
func testAmendmentsTogether(t *testing.T, f *fixture) {
	f.people(1)
	a, b := f.message(1, chat.Out, "a"), f.message(1, chat.Out, "b")
	a.Edited, a.Recalled, a.Reactions = start, true, [2]string{"x", "y"} // come with amendments only
	before := f.amendment(chat.KindReaction, a, "👍")
	edits := []chat.Message{f.amendment(chat.KindEdit, b, "b2"), f.amendment(chat.KindEdit, a, "a2"), f.amendment(chat.KindEdit, b, "b3")}
	duplicate := edits[0]
	done := f.commit(chat.Batch{
		Messages: append([]chat.Message{before, a, b}, append(edits, duplicate)...),
		States:   []chat.StateChange{{Contact: 1, ID: b.ID, State: chat.Sent}},
	})
	if done.Seq[6] != 0 || slices.Contains(done.Seq[:6], 0) {
		t.Errorf("Seq: %v", done.Seq)
	}
	a.Seq, a.Text, a.Edited, a.Recalled, a.Reactions = done.Seq[1], "a2", edits[1].Time, false, [2]string{chat.Out: "👍"}
	b.Seq, b.Text, b.Edited, b.State = done.Seq[2], "b3", edits[2].Time, chat.Sent
	f.same("Amended", done.Amended, []chat.Message{a, b})
	f.same("History", f.history(chat.HistoryQuery{}), []chat.Message{a, b})
	if done := f.commit(chat.Batch{Messages: edits}); len(done.Amended) != 0 {
		t.Errorf("duplicates amended %v", outline(done.Amended))
	}
	gone := f.commit(chat.Batch{Messages: []chat.Message{f.amendment(chat.KindReaction, a, "🎉")}, Removals: []chat.ContactID{1}})
	f.same("Amended what was removed", gone.Amended, nil)
}

// testAmendmentsTravel: amendments are sent as messages are, but not shown as
// such.
func testAmendmentsTravel(t *testing.T, f *fixture) {
	f.people(1, 2)
	out := f.add(f.message(1, chat.Out, "out"))[0]
	edit := f.add(f.amendment(chat.KindEdit, out, "edit"))[0]
	reaction := f.add(other(f.amendment(chat.KindReaction, out, "👍")))[0]
	out.Text, out.Edited, out.Reactions[chat.In] = "edit", edit.Time, "👍"
	f.same("Outbox", f.outbox(1, 0, 10), []chat.Message{out, edit})
	f.same("History", f.history(chat.HistoryQuery{Contact: 1}), []chat.Message{out})
	f.same("History of all", f.history(chat.HistoryQuery{}), []chat.Message{out})
	f.same("asked for", f.history(chat.HistoryQuery{Kinds: []chat.Kind{chat.KindReaction, chat.KindEdit}}), []chat.Message{edit, reaction})
	f.same("searched for", f.history(chat.HistoryQuery{Search: "edit", Contact: 1, Kinds: []chat.Kind{chat.KindEdit, chat.KindText}}), []chat.Message{out, edit})
	o := f.overview()[1]
	if o.Unread != 0 {
		t.Errorf("%d unread", o.Unread)
	}
	f.same("newest", []chat.Message{*o.Last}, []chat.Message{out})
	found, err := f.Message(t.Context(), chat.In, reaction.ID)
	if err != nil {
		t.Fatal(err)
	}
	f.same("Message", []chat.Message{found}, []chat.Message{reaction})
	done := f.commit(chat.Batch{
		States:   []chat.StateChange{{Contact: 1, ID: out.ID, State: chat.Delivered}, {Contact: 1, ID: edit.ID, State: chat.Delivered}},
		ReadUpTo: []chat.ReadMark{{Contact: 1, UpTo: reaction.Seq}},
	})
	if !slices.Equal(done.Changed, []bool{true, true}) || len(done.Read[1]) != 0 {
		t.Errorf("Committed: %+v", done)
	}
	if ids := f.outboxContacts(); len(ids) != 0 {
		t.Errorf("OutboxContacts: %v", ids)
	}
	in := f.add(f.message(1, chat.In, "in"))[0]
	if o := f.overview()[1]; o.Unread != 1 || o.Last.ID != in.ID {
		t.Errorf("Overview: %+v", o)
	}
	lonely := other(f.amendment(chat.KindReaction, chat.Message{Contact: 2, ID: in.ID}, "👍"))
	f.amend("of a message of somebody else", lonely, nil)
	if o := f.overview(); len(o) != 1 {
		t.Errorf("Overview: %+v", o)
	}
	nobody := lonely
	nobody.Contact = 99
	if _, err := f.Commit(t.Context(), chat.Batch{Messages: []chat.Message{nobody}}); err == nil {
		t.Error("an amendment of an unknown contact was accepted")
	}
}

func testAmendmentsOfSomethingElse(t *testing.T, f *fixture) {
	f.people(1)
	offer, nudge := f.message(1, chat.In, "caption"), f.message(1, chat.In, "")
	offer.Kind, offer.Names, nudge.Kind = chat.KindFiles, "报告.pdf", chat.KindNudge
	m := f.add(offer, nudge)
	offer, nudge = m[0], m[1]
	f.amend("edit of an offer", f.amendment(chat.KindEdit, offer, "x"), nil)
	f.amend("edit of a nudge", f.amendment(chat.KindEdit, nudge, "x"), nil)
	reaction := f.amendment(chat.KindReaction, offer, "👀")
	offer.Reactions[chat.In] = "👀"
	f.amend("reaction to an offer", reaction, &offer)
	for _, kind := range []chat.Kind{chat.KindEdit, chat.KindRecall, chat.KindReaction} {
		f.amend(kind.String()+" of a reaction", f.amendment(kind, reaction, "x"), nil)
		f.amend(kind.String()+" of nothing", f.amendment(kind, chat.Message{Contact: 1, ID: protocol.MessageID{1}}, "x"), nil)
	}
	offer.Text, offer.Names, offer.Reactions, offer.Recalled = "", "", [2]string{}, true
	f.amend("recall of an offer", f.amendment(chat.KindRecall, offer, ""), &offer)
	nudge.Recalled = true
	f.amend("recall of a nudge", f.amendment(chat.KindRecall, nudge, ""), &nudge)
	f.same("search", f.history(chat.HistoryQuery{Search: "报告"}), nil)
	if o := f.overview()[1]; o.Unread != 2 || !o.Last.Recalled {
		t.Errorf("Overview: %+v", o)
	}
}

// testRecallLeavesNoText: what was taken back is in no edit either, be it from
// before or from after.
func testRecallLeavesNoText(t *testing.T, f *fixture) {
	f.people(1, 2)
	m := f.add(f.message(1, chat.Out, "one"), f.message(1, chat.Out, "stays"), f.message(2, chat.Out, "twin"))
	twin := m[2]
	kept := f.amendment(chat.KindEdit, m[1], "stays, edited")
	f.add(f.amendment(chat.KindEdit, m[0], "two"), kept, f.amendment(chat.KindEdit, twin, "twin, edited"))
	f.add(f.amendment(chat.KindRecall, m[0], ""))
	f.add(f.amendment(chat.KindEdit, m[0], "three"))
	var texts []string
	for _, edit := range f.history(chat.HistoryQuery{Contact: 1, Kinds: []chat.Kind{chat.KindEdit}}) {
		texts = append(texts, edit.Text)
	}
	if !slices.Equal(texts, []string{"", "stays, edited", ""}) {
		t.Errorf("texts of edits: %q", texts)
	}
	for _, search := range []string{"one", "two", "three"} {
		f.same(search, f.history(chat.HistoryQuery{Search: search}), nil)
	}
	if found := f.outbox(1, 0, 10); len(found) != 6 || !found[0].Recalled || found[0].Text != "" {
		t.Errorf("Outbox: %v", outline(found))
	}
}

func testReferences(t *testing.T, f *fixture) {
	f.people(1, 2)
	m := f.add(f.message(1, chat.In, "question"), f.message(1, chat.Out, "mine"))
	answer, toMyself := f.message(1, chat.Out, "answer"), f.message(1, chat.Out, "and")
	answer.ReplyTo, toMyself.ReplyTo = m[0].Ref(), m[1].Ref()
	stored := f.add(answer, toMyself)
	f.same("replies", f.history(chat.HistoryQuery{After: m[1].Seq}), stored)

	twin := m[0] // somebody else chooses the same ID
	twin.Contact, twin.Text = 2, "twin"
	twin = f.add(twin)[0]
	for _, want := range []chat.Message{m[0], m[1], twin} {
		got, err := f.MessageOf(t.Context(), want.Contact, want.Ref())
		if err != nil {
			t.Fatal(err)
		}
		f.same("MessageOf", []chat.Message{got}, []chat.Message{want})
	}
	for _, at := range []chat.Message{
		{Contact: 2, Direction: chat.Out, ID: m[1].ID}, {Contact: 1, Direction: chat.Out, ID: m[0].ID}, {Contact: 1, ID: protocol.MessageID{1}}, {Contact: 1},
	} {
		if found, err := f.MessageOf(t.Context(), at.Contact, at.Ref()); err != chat.ErrNoMessage {
			t.Errorf("MessageOf %+v: %+v, %v", at, found, err)
		}
	}
	f.commit(chat.Batch{Merges: []chat.Merge{{From: 1, Into: 2}}})
	reaction := f.amendment(chat.KindReaction, twin, "👍")
	twin.Reactions[chat.In] = "👍"
	f.amend("after a merge", reaction, &twin)
	if found := f.history(chat.HistoryQuery{Contact: 2}); len(found) != 4 || found[1].ReplyTo != twin.Ref() {
		t.Errorf("after a merge: %v", outline(found))
	}
}

func testSearchFollows(t *testing.T, f *fixture) {
	f.people(1, 2)
	m := f.add(f.message(1, chat.In, "今天晚上吃火锅"), f.message(2, chat.In, "晚上见"), f.message(1, chat.In, "晚上好"))
	find := func(search string, want ...chat.Message) {
		t.Helper()
		f.same(search, f.history(chat.HistoryQuery{Search: search}), want)
	}
	find("晚上", m...)
	edit := f.amendment(chat.KindEdit, m[0], "明天中午吃面")
	f.add(edit)
	m[0].Text, m[0].Edited = edit.Text, edit.Time
	find("晚上", m[1:]...)
	find("中午", m[0])
	f.same("in the conversation", f.history(chat.HistoryQuery{Contact: 1, Search: "中午"}), m[:1])
	f.add(f.amendment(chat.KindRecall, m[2], ""))
	find("晚上", m[1])
	f.commit(chat.Batch{Clears: []chat.ContactID{2}})
	find("晚上")
	f.commit(chat.Batch{ReadUpTo: []chat.ReadMark{{Contact: 1, UpTo: m[0].Seq}}})
	f.commit(chat.Batch{Expire: m[0].Time.Add(time.Millisecond)})
	find("中午")
	m = f.add(f.message(1, chat.In, "晚上"))
	find("晚上", m...)
}
