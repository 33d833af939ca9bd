//go:build e2e

package e2e

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"feihong/protocol"
	"feihong/transport"
	"feihong/transport/bulk/tree"
	"feihong/transport/identity"
)

// mallory speaks the protocol with real programs, as badly as a test wants.
type mallory struct {
	t    *testing.T
	self *identity.Identity
	node *transport.Node

	mu      sync.Mutex
	answers []protocol.ChatMessage
	crooks  map[protocol.MessageID]*crook
	strange int // file connections for no offer of hers
}

// newMallory starts somebody where the tests run.
func newMallory(t *testing.T, name string) *mallory {
	t.Helper()
	self, err := identity.Generate()
	if err != nil {
		t.Fatal(err)
	}
	m := &mallory{t: t, self: self, crooks: make(map[protocol.MessageID]*crook)}
	m.node, err = transport.New(transport.Config{
		Identity: self, Listen: "127.0.0.1", Handler: m, Files: m.files,
		Name: func() string { return name },
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- m.node.Serve(ctx) }()
	t.Cleanup(func() { stop(); <-served })
	return m
}

// Up, Receive and Down make her a handler of sessions.
func (m *mallory) Up(*transport.Session) {}

func (m *mallory) Down(*transport.Session, error) {}

func (m *mallory) Receive(s *transport.Session, app protocol.Application, body []byte) {
	if app != protocol.AppChat {
		return
	}
	message, err := protocol.DecodeChat(body)
	if err != nil {
		return
	}
	m.mu.Lock()
	m.answers = append(m.answers, message)
	m.mu.Unlock()
	// What somebody offers her she wants.
	if offer, is := message.(*protocol.Offer); is {
		m.tellChat(s, &protocol.Delivered{IDs: []protocol.MessageID{offer.ID}})
		m.tellFiles(s, &protocol.TransferState{ID: offer.ID, Phase: protocol.PhaseAccepted})
	}
}

// tellChat says something, unless the session has ended.
func (m *mallory) tellChat(s *transport.Session, message protocol.ChatMessage) {
	body, err := protocol.EncodeChat(message)
	if err != nil {
		panic(fmt.Sprintf("mallory: %v", err))
	}
	m.tellRaw(s, body)
}

// tellRaw sends the bytes of a message, right or wrong.
func (m *mallory) tellRaw(s *transport.Session, body []byte) { _ = s.Send(protocol.AppChat, body) }

func (m *mallory) tellFiles(s *transport.Session, message protocol.FilesMessage) {
	body, err := protocol.EncodeFiles(message)
	if err != nil {
		panic(fmt.Sprintf("mallory: %v", err))
	}
	_ = s.Send(protocol.AppFiles, body)
}

// meets gives the session with somebody.
func (m *mallory) meets(who *process) *transport.Session {
	m.t.Helper()
	return m.reaches(who.ready.ID, who.address())
}

// reaches gives the session with whoever has an ID, at an address.
func (m *mallory) reaches(id, address string) *transport.Session {
	m.t.Helper()
	want := mustPeer(m.t, id)
	if s := m.node.Session(want); s != nil {
		return s
	}
	ctx, cancel := context.WithTimeout(m.t.Context(), patience)
	defer cancel()
	s, err := m.node.Dial(ctx, address, want)
	if err != nil {
		m.t.Fatalf("mallory dials %s: %v", address, err)
	}
	return s
}

// answered waits for a message that somebody sends her.
func answered[T protocol.ChatMessage](m *mallory, is func(T) bool) (found T) {
	m.t.Helper()
	eventually(m.t, fmt.Sprintf("an answer of type %T", found), func() bool {
		m.mu.Lock()
		defer m.mu.Unlock()
		return slices.ContainsFunc(m.answers, func(message protocol.ChatMessage) bool {
			answer, right := message.(T)
			if right = right && is(answer); right {
				found = answer
			}
			return right
		})
	})
	return found
}

// crook is an offer of hers, and how she serves it.
type crook struct {
	offer    protocol.Offer
	manifest []byte // as it is sent
	// chunk gives what is sent for a chunk: frames, or anything else.
	chunk func(number uint64) []byte
	// root gives the hash of a file.
	root func(entry uint32) [32]byte
	// flood, if there is one, is sent as soon as chunks are wanted, for ever.
	flood []byte
}

// honest makes an offer that is right in every way: files of these sizes in a
// folder of the name, filled with one letter. Tests spoil it then.
func honest(t *testing.T, name string, sizes ...int64) *crook {
	t.Helper()
	entries := []protocol.Entry{{Kind: protocol.EntryFolder, Name: name}}
	for i, size := range sizes {
		entries = append(entries, protocol.Entry{Kind: protocol.EntryFile, Parent: 1, Name: fmt.Sprintf("file%04d.bin", i), Size: uint64(size)})
	}
	return offering(t, entries)
}

// offering makes an honest offer of any entries.
func offering(t *testing.T, entries []protocol.Entry) *crook {
	t.Helper()
	list, err := protocol.NewManifest(entries)
	if err != nil {
		t.Fatal(err)
	}
	c := &crook{}
	if c.manifest, err = list.Encode(); err != nil {
		t.Fatal(err)
	}
	list.Summarize(&c.offer)
	c.offer.Time = time.Now().UnixMilli()
	c.offer.ID = uuid.Must(uuid.NewV7())
	_, _ = rand.Read(c.offer.Token[:]) // never fails
	c.commit()
	values := func(entry uint32) (all []tree.Value) {
		first, count := list.ChunksOf(entry)
		for i := range count {
			_, _, length := list.Locate(first + i)
			all = append(all, tree.Chunk(letters(length), i, count == 1))
		}
		return all
	}
	c.chunk = func(number uint64) []byte {
		entry, offset, length := list.Locate(number)
		_, count := list.ChunksOf(entry)
		data := letters(length)
		return chunkFrame(number, tree.Chunk(data, uint64(offset)/protocol.ChunkSize, count == 1), data)
	}
	c.root = func(entry uint32) [32]byte { return tree.Root(values(entry)) }
	return c
}

// commit puts into the offer what the manifest is.
func (c *crook) commit() {
	c.offer.Manifest, c.offer.ManifestBytes = tree.Sum(c.manifest), uint64(len(c.manifest))
}

// letters is the content of all files.
func letters(length int) []byte {
	data := make([]byte, length)
	for i := range data {
		data[i] = 'x'
	}
	return data
}

func chunkFrame(number uint64, value [32]byte, data []byte) []byte {
	frame, err := protocol.AppendChunkHeader(nil, &protocol.Chunk{Number: number, Value: value, Length: len(data)})
	if err != nil {
		panic(fmt.Sprintf("mallory: %v", err))
	}
	return append(frame, data...)
}

// offers sends an offer to somebody.
func (m *mallory) offers(who *process, c *crook) {
	m.t.Helper()
	m.mu.Lock()
	m.crooks[c.offer.ID] = c
	m.mu.Unlock()
	m.tellChat(m.meets(who), &c.offer)
}

// files serves a connection on which somebody wants what she offered.
func (m *mallory) files(ctx context.Context, conn net.Conn, _ protocol.PeerID, welcome func() bool) {
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	frames := protocol.NewBulkReader(conn)
	if _, _, err := frames.Next(); err != nil {
		return
	}
	message, err := frames.Message()
	if err != nil {
		return
	}
	open, is := message.(*protocol.BulkOpenMessage)
	if !is {
		return
	}
	m.mu.Lock()
	c := m.crooks[open.Transfer]
	if c == nil {
		m.strange++
	}
	m.mu.Unlock()
	if c != nil && welcome() && sendBulk(conn, &protocol.Opened{}) == nil {
		_ = c.serve(conn, frames) // until the other side has had enough
	}
}

func sendBulk(conn io.Writer, message protocol.BulkMessage) error {
	frame, err := protocol.AppendBulk(nil, message)
	if err == nil {
		_, err = conn.Write(frame)
	}
	return err
}

// serve answers what is asked, until the connection ends.
func (c *crook) serve(conn io.Writer, frames *protocol.BulkReader) error {
	for {
		kind, _, err := frames.Next()
		if err != nil {
			return err
		}
		message, err := frames.Message()
		if err != nil {
			return err
		}
		switch wanted := message.(type) {
		case *protocol.WantManifest:
			err = c.sendManifest(conn, wanted.Offset)
		case *protocol.Want:
			err = c.sendChunks(conn, wanted.Runs)
		case *protocol.WantRoot:
			err = sendBulk(conn, &protocol.Root{Entry: wanted.Entry, Hash: c.root(wanted.Entry)})
		case *protocol.Stop:
			return fmt.Errorf("stopped: %v %s", wanted.Code, wanted.Text)
		default:
			err = fmt.Errorf("what is %v for?", kind)
		}
		if err != nil {
			return err
		}
	}
}

func (c *crook) sendManifest(conn io.Writer, offset uint64) error {
	for part := range slices.Chunk(c.manifest[min(offset, uint64(len(c.manifest))):], protocol.MaxManifestPartBytes) {
		frame, err := protocol.AppendManifestPart(nil, part)
		if err == nil {
			_, err = conn.Write(frame)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *crook) sendChunks(conn io.Writer, runs []protocol.ChunkRun) error {
	for c.flood != nil {
		if _, err := conn.Write(c.flood); err != nil {
			return err
		}
	}
	for _, run := range runs {
		for number := run.First; number < run.First+run.Count; number++ {
			if _, err := conn.Write(c.chunk(number)); err != nil {
				return err
			}
		}
	}
	return nil
}
