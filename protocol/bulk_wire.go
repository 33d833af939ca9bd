package protocol

import (
	"fmt"
	"math"

	"github.com/google/uuid"
)

type (
	bulkOpenWire struct {
		Kind     BulkKind `cbor:"0,keyasint"`
		Transfer octets16 `cbor:"1,keyasint"`
		Token    octets32 `cbor:"2,keyasint"`
		Sending  bool     `cbor:"3,keyasint"`
	}
	// bareWire is Opened and Alive.
	bareWire struct {
		Kind BulkKind `cbor:"0,keyasint"`
	}
	// bulkEndWire is RefusedOpen and Stop.
	bulkEndWire struct {
		Kind BulkKind `cbor:"0,keyasint"`
		Code BulkCode `cbor:"1,keyasint"`
		Text string   `cbor:"2,keyasint"`
	}
	wantManifestWire struct {
		Kind   BulkKind `cbor:"0,keyasint"`
		Offset uint64   `cbor:"1,keyasint"`
	}
	wantWire struct {
		Kind BulkKind  `cbor:"0,keyasint"`
		Runs []runWire `cbor:"1,keyasint"`
	}
	runWire struct {
		_     struct{} `cbor:",toarray"`
		First uint64
		Count uint64
	}
	wantRootWire struct {
		Kind  BulkKind `cbor:"0,keyasint"`
		Entry uint32   `cbor:"1,keyasint"`
	}
	rootWire struct {
		Kind  BulkKind `cbor:"0,keyasint"`
		Entry uint32   `cbor:"1,keyasint"`
		Hash  octets32 `cbor:"2,keyasint"`
	}
	faultWire struct {
		Kind  BulkKind `cbor:"0,keyasint"`
		Entry uint32   `cbor:"1,keyasint"`
		Code  BulkCode `cbor:"2,keyasint"`
		Text  string   `cbor:"3,keyasint"`
	}
)

// bulkWire is a message in the form that it has on the wire.
type bulkWire interface {
	checker
	message() BulkMessage
}

// bulkForms is, for each kind that carries a message, which keys it must have
// and what to decode it into.
var bulkForms = map[BulkKind]struct {
	required keySet
	wire     func() bulkWire
}{
	BulkOpen:         {keys(1, 2, 3), func() bulkWire { return new(bulkOpenWire) }},
	BulkOpened:       {0, func() bulkWire { return new(bareWire) }},
	BulkRefused:      {keys(1, 2), func() bulkWire { return new(bulkEndWire) }},
	BulkWantManifest: {keys(1), func() bulkWire { return new(wantManifestWire) }},
	BulkWant:         {keys(1), func() bulkWire { return new(wantWire) }},
	BulkWantRoot:     {keys(1), func() bulkWire { return new(wantRootWire) }},
	BulkRoot:         {keys(1, 2), func() bulkWire { return new(rootWire) }},
	BulkFault:        {keys(1, 2, 3), func() bulkWire { return new(faultWire) }},
	BulkStop:         {keys(1, 2), func() bulkWire { return new(bulkEndWire) }},
	BulkAlive:        {0, func() bulkWire { return new(bareWire) }},
}

// AppendBulk appends the whole frame of a message to dst and returns the longer
// slice. Texts are made safe and cut; any other field out of range gives a
// *FormatError, and dst as it was.
func AppendBulk(dst []byte, m BulkMessage) ([]byte, error) {
	wire := bulkWireOf(m)
	if wire == nil {
		return dst, badField("bulk message", "no message")
	}
	if err := wire.check(); err != nil {
		return dst, err
	}
	kind := m.bulkKind()
	body, err := encodeWithin(kind.Limit(), kind.String(), kind.String(), wire)
	if err != nil {
		return dst, err
	}
	return append(appendBulkHeader(dst, kind, len(body)), body...), nil
}

func bulkWireOf(m BulkMessage) bulkWire {
	switch m := m.(type) {
	case *BulkOpenMessage:
		return &bulkOpenWire{Kind: BulkOpen, Transfer: octets16(m.Transfer), Token: m.Token, Sending: m.Sending}
	case *Opened:
		return &bareWire{Kind: BulkOpened}
	case *RefusedOpen:
		return &bulkEndWire{Kind: BulkRefused, Code: m.Code, Text: safeErrorText(m.Text)}
	case *WantManifest:
		return &wantManifestWire{Kind: BulkWantManifest, Offset: m.Offset}
	case *Want:
		wire := &wantWire{Kind: BulkWant}
		for _, run := range m.Runs {
			wire.Runs = append(wire.Runs, runWire{First: run.First, Count: run.Count})
		}
		return wire
	case *WantRoot:
		return &wantRootWire{Kind: BulkWantRoot, Entry: m.Entry}
	case *Root:
		return &rootWire{Kind: BulkRoot, Entry: m.Entry, Hash: m.Hash}
	case *Fault:
		return &faultWire{Kind: BulkFault, Entry: m.Entry, Code: m.Code, Text: safeErrorText(m.Text)}
	case *Stop:
		return &bulkEndWire{Kind: BulkStop, Code: m.Code, Text: safeErrorText(m.Text)}
	case *Alive:
		return &bareWire{Kind: BulkAlive}
	}
	return nil
}

// DecodeBulk decodes the body of a frame of a file connection that carries a
// message. It returns a *LimitError for a body over its limit, an
// *UnknownKindError for a kind that carries no message or is of a later
// version, and a *FormatError for everything else that is wrong.
func DecodeBulk(kind BulkKind, body []byte) (BulkMessage, error) {
	form, ok := bulkForms[kind]
	if !ok {
		return nil, &UnknownKindError{What: "bulk message", Kind: uint64(kind)}
	}
	if len(body) > kind.Limit() {
		return nil, bulkTooLong(kind, int64(len(body)))
	}
	inner, found, err := inspect(body)
	if err != nil {
		return nil, &FormatError{What: kind.String(), Err: err}
	}
	if inner != uint64(kind) {
		return nil, badField(kind.String(), fmt.Sprintf("a body of kind %d", inner))
	}
	wire := form.wire()
	if err := decodeChecked(kind.String(), body, found, form.required, wire); err != nil {
		return nil, err
	}
	return wire.message(), nil
}

func (w *bulkOpenWire) message() BulkMessage {
	return &BulkOpenMessage{Transfer: MessageID(w.Transfer), Token: w.Token, Sending: w.Sending}
}

func (w *bareWire) message() BulkMessage {
	if w.Kind == BulkOpened {
		return &Opened{}
	}
	return &Alive{}
}

func (w *bulkEndWire) message() BulkMessage {
	if w.Kind == BulkRefused {
		return &RefusedOpen{Code: w.Code, Text: safeErrorText(w.Text)}
	}
	return &Stop{Code: w.Code, Text: safeErrorText(w.Text)}
}

func (w *wantManifestWire) message() BulkMessage { return &WantManifest{Offset: w.Offset} }

func (w *wantWire) message() BulkMessage {
	m := &Want{Runs: make([]ChunkRun, len(w.Runs))}
	for i, run := range w.Runs {
		m.Runs[i] = ChunkRun{First: run.First, Count: run.Count}
	}
	return m
}

func (w *wantRootWire) message() BulkMessage { return &WantRoot{Entry: w.Entry} }

func (w *rootWire) message() BulkMessage { return &Root{Entry: w.Entry, Hash: w.Hash} }

func (w *faultWire) message() BulkMessage {
	return &Fault{Entry: w.Entry, Code: w.Code, Text: safeErrorText(w.Text)}
}

func (w *bulkOpenWire) check() error {
	switch {
	case MessageID(w.Transfer) == uuid.Nil:
		return badField("open", "no message ID")
	case w.Token == octets32{}:
		return badField("open", "no token")
	}
	return nil
}

func (w *bareWire) check() error { return nil }

func (w *bulkEndWire) check() error { return checkEnd(w.Kind, w.Code, w.Text) }

func (w *wantManifestWire) check() error {
	if w.Offset >= MaxManifestBytes {
		return badField("want-manifest", "behind the end of all manifests")
	}
	return nil
}

func (w *wantWire) check() error {
	if len(w.Runs) == 0 || len(w.Runs) > MaxRuns {
		return badField("want", fmt.Sprintf("%d runs", len(w.Runs)))
	}
	for _, run := range w.Runs {
		if run.Count == 0 || run.First > math.MaxUint64-run.Count {
			return badField("want", "a run of nothing, or behind all numbers")
		}
	}
	return nil
}

func (w *wantRootWire) check() error { return checkEntry(BulkWantRoot, w.Entry) }
func (w *rootWire) check() error     { return checkEntry(BulkRoot, w.Entry) }

func (w *faultWire) check() error {
	if err := checkEntry(BulkFault, w.Entry); err != nil {
		return err
	}
	return checkEnd(BulkFault, w.Code, w.Text)
}

func checkEntry(kind BulkKind, entry uint32) error {
	if entry == 0 || entry > MaxEntries {
		return badField(kind.String(), "no entry of a manifest")
	}
	return nil
}

func checkEnd(kind BulkKind, code BulkCode, text string) error {
	switch {
	case code == 0:
		return badField(kind.String(), "no code")
	case len(text) > MaxErrorTextBytes:
		return badField(kind.String(), "the text is too long")
	}
	return nil
}
