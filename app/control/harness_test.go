package control_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"feihong/app/chat"
	"feihong/app/chat/memstore"
	"feihong/app/control"
	"feihong/app/profile"
	"feihong/protocol"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// network is a chat.Network in memory: what happens at an address is written
// down beforehand.
type network struct {
	service *chat.Service
	answers map[string]answer
	tasks   sync.WaitGroup
}

// answer is what happens to those who dial an address. Without one, nobody
// answers there.
type answer struct {
	name   string // who answers; the key is made from it
	reason chat.DialReason
	hangs  bool // nothing happens at all
	mute   bool // connects, but confirms nothing
}

func (n *network) Dial(ctx context.Context, address string, want protocol.PeerID) (protocol.PeerID, error) {
	a, ok := n.answers[address]
	if !ok {
		a.reason = chat.ReasonUnreachable
	}
	if a.hangs {
		<-ctx.Done()
		return protocol.PeerID{}, &chat.DialError{Reason: chat.ReasonUnreachable, Err: ctx.Err()}
	}
	failed := &chat.DialError{Reason: a.reason, Err: cause{address}}
	if a.reason != "" {
		return protocol.PeerID{}, failed
	}
	peer := peerOf(a.name)
	if !want.IsZero() && want != peer {
		failed.Reason, failed.Peer, failed.Name = chat.ReasonWrongPeer, peer, a.name
		return protocol.PeerID{}, failed
	}
	n.service.Up(&session{network: n, answer: a, dialed: address})
	return peer, nil
}

func (n *network) Call(protocol.PeerID) {}

// cause is an error with a text of its own that has an error within.
type cause struct{ address string }

func (c cause) Error() string { return "cannot reach " + c.address }

func (c cause) UserText() (string, map[string]any) {
	return "test.cause", map[string]any{"address": c.address, "cable": cable{}, "size": 1_000_000, "wait": 3 * time.Second}
}

type cable struct{}

func (cable) Error() string                      { return "the cable is out" }
func (cable) UserText() (string, map[string]any) { return "test.cable", map[string]any{"metres": 30} }

// session is a chat.Session with somebody who confirms every text.
type session struct {
	network *network
	answer
	dialed string
}

func (s *session) Peer() protocol.PeerID            { return peerOf(s.name) }
func (s *session) Name() string                     { return s.name }
func (s *session) Address() string                  { return "" }
func (s *session) Dialed() string                   { return s.dialed }
func (s *session) Close(protocol.ErrorCode, string) {}

func (s *session) Speaks(feature string) bool { return feature == protocol.FeatureAmend && !s.mute }

func (s *session) Send(_ protocol.Application, body []byte) error {
	message, err := protocol.DecodeChat(body)
	if err != nil {
		return err
	}
	if text, ok := message.(*protocol.Text); ok && !s.mute {
		s.network.tasks.Go(func() { s.write(&protocol.Delivered{IDs: []protocol.MessageID{text.ID}}) })
	}
	return nil
}

// write is something that arrives from the other side.
func (s *session) write(message protocol.ChatMessage) {
	body, err := protocol.EncodeChat(message)
	if err != nil {
		panic(err)
	}
	s.network.service.Receive(s, protocol.AppChat, body)
}

// comes connects somebody who dialled us.
func (n *network) comes(name string) *session {
	s := &session{network: n, answer: answer{name: name}}
	n.service.Up(s)
	return s
}

func peerOf(word string) protocol.PeerID {
	var key [32]byte
	copy(key[:], word)
	return protocol.PeerIDOf(key[:])
}

// running is a profile with a control interface.
type running struct {
	*chat.Service
	t       *testing.T
	own     protocol.PeerID
	net     *network
	client  *control.Client
	handler http.Handler
	socket  string
	windows atomic.Int32
	found   map[string][]chat.Sighting // by host
	asked   chan string                // hosts at which people were looked for
	doctor  physician
	chosen  *chosen
	search  atomic.Int32
	files   *drawer
	stop    context.CancelFunc // ends the profile
}

const (
	ownIP      = "192.168.1.2"
	ownAddress = ownIP + ":50000"
)

// checkAddress knows just enough of addresses.
func checkAddress(typed string) (string, []error, error) {
	switch {
	case typed == ownAddress:
		return "", nil, &chat.DialError{Reason: chat.ReasonSelf, Err: cause{typed}}
	case strings.HasSuffix(typed, ":80"):
		return typed, []error{cause{typed}}, nil
	case strings.Contains(typed, "300"), strings.Contains(typed, " "):
		return "", nil, &control.BadAddressError{Err: cause{typed}}
	case strings.HasPrefix(typed, "[fd00") && strings.HasSuffix(typed, "]"):
		return "", nil, &control.BadAddressError{Err: &control.NoPortError{Host: strings.Trim(typed, "[]"), Err: cause{typed}}}
	case !strings.Contains(typed, ":"):
		return "", nil, &control.BadAddressError{Err: &control.NoPortError{Host: typed, Own: typed == ownIP, Err: cause{typed}}}
	}
	return typed, nil, nil
}

func (r *running) self() control.Identity {
	return control.Identity{
		ID: r.own.String(), Name: "Me", Profile: "default",
		Port: 50000, Addresses: []string{ownAddress}, Control: r.socket,
	}
}

// contacts are known from the beginning; nobody is dialled before a command
// asks for it.
var contacts = []chat.Contact{
	{ID: 1, Peer: peerOf("Bob"), Name: "Bob", Address: "bob:1"},
	{ID: 2, Peer: peerOf("li 1"), Name: "Li", Address: "li:1"},
	{ID: 3, Peer: peerOf("li 2"), Name: "Li", Address: "li:2", Namesake: true},
	{ID: 4, Peer: peerOf("eve"), Name: "Eve", Address: "eve:1", Blocked: true},
	{ID: 5, Peer: peerOf("ann"), Name: "Ann"},
	{ID: 6, Peer: peerOf("hal"), Name: "Hal", Address: "hangs:1"},
	{ID: 7, Peer: peerOf("zoe"), Name: "zoe", Address: "other:1", Verified: true, LastSeen: time.Unix(1e9, 0).UTC()},
	{ID: 8, Address: "foreign:1"},
}

var answers = map[string]answer{
	"bob:1":     {name: "Bob"},
	"new:1":     {name: "Newman"},
	"again:1":   {name: "Bob"},
	"warn:80":   {name: "Warner"},
	"hangs:1":   {hangs: true},
	"other:1":   {name: "Otto"},
	"mute:1":    {name: "Mute", mute: true},
	"foreign:1": {reason: chat.ReasonForeign},
	"refused:1": {reason: chat.ReasonRefused},
	"self:1":    {reason: chat.ReasonSelf},

	"192.168.1.107:5": {name: "Dora"},
	"[fd00::7]:5":     {name: "Dora"},
	"192.168.1.108:1": {name: "Emil"},
	"192.168.1.108:2": {name: "Fritz"},
	"192.168.1.110:7": {name: "Bob"},
	"empty:9":         {name: "Ida"},
}

// start runs a profile that is asked through a socket or, if local, directly.
func start(t *testing.T, local bool) *running {
	t.Helper()
	return startAs(t, local, peerOf("me"), contacts)
}

// startWith runs a profile with a certain ID, which knows one person more: with
// the number 9.
func startWith(t *testing.T, other chat.Contact, self protocol.PeerID) *running {
	t.Helper()
	other.ID = 9
	return startAs(t, true, self, append(slices.Clone(contacts), other))
}

func startAs(t *testing.T, local bool, self protocol.PeerID, known []chat.Contact) *running {
	t.Helper()
	r := &running{
		t: t, own: self, net: &network{answers: answers}, socket: filepath.Join(shortDir(t), "control.sock"),
		found: sightings(), asked: make(chan string, 64), chosen: &chosen{settings: profile.Settings{Name: "Me"}},
		files: &drawer{all: transfersAtFirst()},
	}
	store := memstore.New()
	if _, err := store.Commit(t.Context(), chat.Batch{Contacts: known}); err != nil {
		t.Fatal(err)
	}
	service, err := chat.New(t.Context(), chat.Config{Self: self, Store: store, Network: r.net, Passive: true})
	if err != nil {
		t.Fatal(err)
	}
	r.Service, r.net.service = service, service
	handler := control.Handler(r.config())
	server, err := control.Listen(r.socket)
	if err != nil {
		t.Fatal(err)
	}
	r.handler = handler
	r.run(server, handler)
	r.client = control.Local(handler)
	if !local {
		if r.client, err = control.Dial(t.Context(), r.socket); err != nil {
			t.Fatal(err)
		}
	}
	return r
}

func (r *running) config() control.Config {
	return control.Config{
		Chat: r.Service, Self: r.self, CheckAddress: checkAddress, ShowWindow: func() { r.windows.Add(1) },
		Locate: r.locate, Settings: r.chosen.get, ChangeSettings: r.chosen.change,
		Doctor: r.doctor.examine, Search: func() { r.search.Add(1) },
		Files: r.files, Listing: r.files.Listing,
	}
}

// run serves until stop is called, at the latest at the end of the test: the
// interface ends before what it shows.
func (r *running) run(server *control.Server, handler http.Handler) {
	outer, stopOuter := context.WithCancel(context.Background())
	inner, stopInner := context.WithCancel(context.Background())
	var serving, chatting sync.WaitGroup
	serving.Go(func() {
		if err := server.Serve(outer, handler); err != nil {
			r.t.Errorf("serve: %v", err)
		}
	})
	chatting.Go(func() {
		if err := r.Serve(inner); err != nil {
			r.t.Errorf("chat: %v", err)
		}
	})
	r.stop = func() {
		stopOuter()
		serving.Wait()
		stopInner()
		chatting.Wait()
		r.net.tasks.Wait()
	}
	r.t.Cleanup(r.stop)
}

// both runs a test on a profile behind a socket, and on one without.
func both(t *testing.T, test func(t *testing.T, r *running)) {
	t.Helper()
	t.Run("socket", func(t *testing.T) { test(t, start(t, false)) })
	t.Run("local", func(t *testing.T) { test(t, start(t, true)) })
}

// shortDir is a folder whose path leaves room for a socket's.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "fh")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) }) // nothing depends on it
	return dir
}

// reply is an answer as it came.
type reply struct {
	status int
	header http.Header
	body   []byte
}

// request asks without the help of the client.
func (r *running) request(method, path, body string) reply {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), method, "http://feihong"+path, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	response, err := r.client.HTTP().Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return reply{response.StatusCode, response.Header, raw}
}

// refused is the error in an answer, which has to be one with this status.
func (a reply) refused(t *testing.T, status int, code control.Code) *control.Error {
	t.Helper()
	e := &control.Error{}
	if err := json.Unmarshal(a.body, e); err != nil {
		t.Fatalf("answered %d with %q: %v", a.status, a.body, err)
	}
	if a.status != status || e.Code != code || e.Message == "" || !strings.HasPrefix(a.header.Get("Content-Type"), "application/json") {
		t.Errorf("answered %d with %s; want %d and code %s", a.status, bytes.TrimSpace(a.body), status, code)
	}
	return e
}

// refusal is the error of the control interface within an error.
func refusal(t *testing.T, err error) *control.Error {
	t.Helper()
	var e *control.Error
	if !errors.As(err, &e) {
		t.Fatalf("failed with %v", err)
	}
	return e
}

// receive lets a text arrive and waits until it is there.
func (r *running) receive(s *session, text string) {
	r.t.Helper()
	events := r.Subscribe()
	defer events.Close()
	id := uuid.New()
	s.write(&protocol.Text{ID: id, Time: 1_700_000_000_000, Body: text})
	for e := range events.Events() {
		if added, ok := e.(chat.MessageAdded); ok && added.Message.ID == id {
			return
		}
	}
	r.t.Fatal("the service ended")
}
