package gui_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"feihong/app/chat"
	"feihong/app/gui"
	"feihong/protocol"
)

// fakeFiles is the part of the chat service about files. It notes what is asked
// of it beside everything else that is asked of the service.
type fakeFiles struct {
	*fakeChat

	files     sync.Mutex
	transfers map[protocol.MessageID]chat.Transfer
	offerErr  error
	wait      chan struct{} // an offer waits for it, if there is one
}

var _ gui.Files = (*fakeFiles)(nil)

func newFakeFiles(f *fakeChat) *fakeFiles {
	return &fakeFiles{fakeChat: f, transfers: make(map[protocol.MessageID]chat.Transfer)}
}

// put lets somebody offer something, without an event, and returns it with the
// ID of its message.
func (f *fakeFiles) put(id chat.ContactID, state chat.State, at time.Time, t chat.Transfer) chat.Transfer {
	names := make([]string, len(t.Tops))
	for i, top := range t.Tops {
		names[i] = top.Name
	}
	f.mu.Lock()
	m := &f.messages
	f.mu.Unlock()
	f.say(id, t.Direction, state, at, t.Text)
	f.mu.Lock()
	message := &(*m)[len(*m)-1]
	message.Kind, message.Names = chat.KindFiles, strings.Join(names, "\n")
	last := *message
	f.people[id].Last = &last
	t.ID, t.Contact = message.ID, id
	f.mu.Unlock()
	f.keep(t)
	return t
}

func (f *fakeFiles) keep(t chat.Transfer) {
	f.files.Lock()
	defer f.files.Unlock()
	f.transfers[t.ID] = t
}

// become changes a transfer and tells it.
func (f *fakeFiles) become(t chat.Transfer) {
	f.keep(t)
	f.events <- chat.TransferChanged{Transfer: t, Contact: f.summary(t.Contact).Contact}
}

func (f *fakeFiles) OfferPicture(ctx context.Context, to chat.ContactID, paths []string, text string, preview []byte) (chat.Transfer, error) {
	t, err := f.Offer(ctx, to, paths, text)
	if err == nil {
		t.Preview = preview
		f.keep(t)
	}
	return t, err
}

func (f *fakeFiles) Offer(ctx context.Context, to chat.ContactID, paths []string, text string) (chat.Transfer, error) {
	f.note(fmt.Sprintf("offer %q %q", paths, text))
	if f.wait != nil {
		select {
		case <-f.wait:
		case <-ctx.Done():
			return chat.Transfer{}, ctx.Err()
		}
	}
	if f.offerErr != nil {
		return chat.Transfer{}, f.offerErr
	}
	t := chat.Transfer{Direction: chat.Out, State: chat.TransferOffered, Tops: []chat.Top{{Name: "offered.txt"}}, Files: 1, Bytes: 5, Text: text}
	t = f.put(to, chat.Queued, f.now(), t)
	f.mu.Lock()
	message := f.messages[len(f.messages)-1]
	f.mu.Unlock()
	f.events <- chat.MessageAdded{Message: message, Contact: f.summary(to).Contact}
	f.become(t)
	return t, nil
}

func (f *fakeFiles) Accept(_ context.Context, _ protocol.MessageID, folder string) error {
	f.note("accept " + folder)
	return nil
}

func (f *fakeFiles) Reject(context.Context, protocol.MessageID) error { return f.did("reject") }
func (f *fakeFiles) Pause(context.Context, protocol.MessageID) error  { return f.did("pause") }
func (f *fakeFiles) Resume(context.Context, protocol.MessageID) error { return f.did("resume") }
func (f *fakeFiles) Cancel(context.Context, protocol.MessageID) error { return f.did("cancel") }

func (f *fakeFiles) Again(_ context.Context, id protocol.MessageID) (chat.Transfer, error) {
	return f.transfers[id], f.did("again")
}

func (f *fakeFiles) did(what string) error {
	f.note(what)
	return nil
}

func (f *fakeFiles) Transfer(_ context.Context, id protocol.MessageID) (chat.Transfer, error) {
	f.note("transfer")
	f.files.Lock()
	defer f.files.Unlock()
	t, ok := f.transfers[id]
	if !ok {
		return chat.Transfer{}, chat.ErrNoTransfer
	}
	return t, nil
}

func (f *fakeFiles) SetAutoAccept(_ context.Context, _ chat.ContactID, limit int64) error {
	return f.did(fmt.Sprint("auto ", limit))
}

// fakeSystem is what the window asks of the system about files.
type fakeSystem struct {
	fake    *fakeChat
	files   []string
	folder  string
	err     error
	rules   gui.FileRules
	refused error // to open anything
}

func (s *fakeSystem) Current() gui.FileRules { return s.rules }

func (s *fakeSystem) SetFileRules(_ context.Context, rules gui.FileRules) error {
	s.fake.note(fmt.Sprintf("rules %q %d", rules.Folder, rules.Rate))
	return nil
}

func (s *fakeSystem) pickFiles(context.Context) ([]string, error) { return s.files, s.err }

func (s *fakeSystem) pickFolder(_ context.Context, begin string) (string, error) {
	s.fake.note("pick in " + begin)
	return s.folder, s.err
}

func (s *fakeSystem) open(_ context.Context, path string) error {
	s.fake.note("open " + path)
	return s.refused
}

func (s *fakeSystem) reveal(_ context.Context, path string) error {
	s.fake.note("reveal " + path)
	return s.refused
}

// withFiles lets a window exchange files.
func withFiles(f *fakeFiles, system *fakeSystem) func(*gui.Config) {
	system.fake = f.fakeChat
	return func(c *gui.Config) {
		c.Files, c.FileRules = f, system
		c.PickFiles, c.PickFolder = system.pickFiles, system.pickFolder
		c.Open, c.Reveal = system.open, system.reveal
	}
}
