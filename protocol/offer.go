package protocol

import (
	"errors"

	"github.com/google/uuid"
)

// Offer is a message of a conversation by which files and folders are offered.
// It is delivered and answered as a Text is. What becomes of it is told by the
// messages of AppFiles; the transfer has the ID of the offer. Everything in it
// is a claim, until a manifest that Matches has arrived. See
// docs/protocol.md#offers.
type Offer struct {
	ID   MessageID // not zero
	Time int64     // when it was made, by the sender's clock, in ms since 1970 UTC; 0 to MaxTime
	Text string    // a caption: empty, or what CheckText accepts, exactly as written

	Token         [32]byte // random, not zero; opens file connections for this offer
	Manifest      [32]byte // BLAKE3 of the encoded manifest
	ManifestBytes uint64   // its length, 1 to MaxManifestBytes

	Files       uint32     // how many files the manifest lists; with Folders 1 to MaxEntries
	Folders     uint32     // how many folders
	Bytes       uint64     // sizes of all files together, at most MaxFileBytes
	Executables uint32     // how many of the files are marked as executable
	Tops        []OfferTop // the first entries at the top, 1 to MaxOfferTops
	MoreTops    uint32     // how many others there are at the top

	// Preview is a small PNG or JPEG of the pictures that are offered, nil if
	// there is none, of at most MaxPreviewBytes. It is not looked into, and left
	// out where the offer would be too long with it.
	Preview []byte
}

// OfferTop is a file or folder that does not lie in another one.
type OfferTop struct {
	Name   string // safe to show and never empty, at most MaxTopNameBytes; not the name to store it under
	Folder bool
	Files  uint32 // in a folder, at any depth; 0 for a file
	Bytes  uint64 // size of the file, or of all files in the folder
}

func (*Offer) chatMessage() {}

type (
	offerWire struct {
		Kind          uint64    `cbor:"0,keyasint"`
		ID            octets16  `cbor:"1,keyasint"`
		Time          int64     `cbor:"2,keyasint"`
		Text          string    `cbor:"3,keyasint,omitempty"`
		Token         octets32  `cbor:"4,keyasint"`
		Manifest      octets32  `cbor:"5,keyasint"`
		ManifestBytes uint64    `cbor:"6,keyasint"`
		Files         uint32    `cbor:"7,keyasint"`
		Folders       uint32    `cbor:"8,keyasint"`
		Bytes         uint64    `cbor:"9,keyasint"`
		Executables   uint32    `cbor:"10,keyasint"`
		Tops          []topWire `cbor:"11,keyasint"`
		MoreTops      uint32    `cbor:"12,keyasint"`

		Preview pictureOctets `cbor:"13,keyasint,omitempty"`
	}
	// Which keys a map within a body has is not tracked, hence the pointers.
	topWire struct {
		Name   *string `cbor:"0,keyasint"`
		Folder *bool   `cbor:"1,keyasint"`
		Files  *uint32 `cbor:"2,keyasint"`
		Bytes  *uint64 `cbor:"3,keyasint"`
	}
)

var offerKeys = keys(1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12)

func encodeOffer(m *Offer) ([]byte, error) {
	if m.Text != "" {
		if err := CheckText(m.Text); err != nil {
			return nil, err
		}
	}
	wire := offerWire{
		Kind:          kindOffer,
		ID:            octets16(m.ID),
		Time:          m.Time,
		Text:          m.Text,
		Token:         m.Token,
		Manifest:      m.Manifest,
		ManifestBytes: m.ManifestBytes,
		Files:         m.Files,
		Folders:       m.Folders,
		Bytes:         m.Bytes,
		Executables:   m.Executables,
		MoreTops:      m.MoreTops,
		Preview:       m.Preview,
	}
	for i := range m.Tops {
		top := &m.Tops[i]
		name := safeTopName(top.Name)
		wire.Tops = append(wire.Tops, topWire{Name: &name, Folder: &top.Folder, Files: &top.Files, Bytes: &top.Bytes})
	}
	body, err := encodeChecked(AppChat, "offer", &wire)
	var tooLong *LimitError
	if errors.As(err, &tooLong) && len(m.Preview) > 0 {
		wire.Preview = nil
		return encodeChecked(AppChat, "offer", &wire)
	}
	return body, err
}

func decodeOffer(body []byte, found keySet) (ChatMessage, error) {
	var wire offerWire
	if err := decodeChecked("offer", body, found, offerKeys, &wire); err != nil {
		return nil, err
	}
	if found.hasAll(keys(3)) {
		if err := CheckText(wire.Text); err != nil {
			return nil, &FormatError{What: "offer", Err: err}
		}
	}
	if found.hasAll(keys(13)) && len(wire.Preview) == 0 {
		return nil, badField("offer", "an empty preview")
	}
	m := &Offer{
		ID:            MessageID(wire.ID),
		Time:          wire.Time,
		Text:          wire.Text,
		Token:         wire.Token,
		Manifest:      wire.Manifest,
		ManifestBytes: wire.ManifestBytes,
		Files:         wire.Files,
		Folders:       wire.Folders,
		Bytes:         wire.Bytes,
		Executables:   wire.Executables,
		MoreTops:      wire.MoreTops,
		Preview:       wire.Preview,
	}
	for _, top := range wire.Tops {
		m.Tops = append(m.Tops, OfferTop{Name: safeTopName(*top.Name), Folder: *top.Folder, Files: *top.Files, Bytes: *top.Bytes})
	}
	return m, nil
}

func (w *offerWire) check() error {
	entries := uint64(w.Files) + uint64(w.Folders)
	switch {
	case MessageID(w.ID) == uuid.Nil:
		return badField("offer", "no message ID")
	case w.Time < 0 || w.Time > MaxTime:
		return badField("offer", "the time is out of range")
	case w.Token == octets32{}:
		return badField("offer", "no token")
	case w.ManifestBytes == 0 || w.ManifestBytes > MaxManifestBytes:
		return badField("offer", "the size of the manifest is out of range")
	case entries == 0 || entries > MaxEntries:
		return badField("offer", "nothing in it, or too much")
	case w.Bytes > MaxFileBytes:
		return badField("offer", "it is too large")
	case len(w.Preview) > MaxPreviewBytes:
		return badField("offer", "the preview is too large")
	case w.Executables > w.Files:
		return badField("offer", "more executable files than files")
	}
	return w.checkTops()
}

// checkTops makes sure that what is at the top can be a part of the whole, and
// is all of it if nothing else is there.
func (w *offerWire) checkTops() error {
	if len(w.Tops) == 0 || len(w.Tops) > MaxOfferTops || w.MoreTops > 0 && len(w.Tops) < MaxOfferTops {
		return badField("offer", "too few or too many names at the top")
	}
	var files, folders, bytes uint64
	for i := range w.Tops {
		top := &w.Tops[i]
		if err := top.check(w.Bytes); err != nil {
			return err
		}
		bytes += *top.Bytes
		if *top.Folder {
			folders++
			files += uint64(*top.Files)
		} else {
			files++
		}
	}
	tops := uint64(len(w.Tops)) + uint64(w.MoreTops)
	switch {
	case files > uint64(w.Files) || folders > uint64(w.Folders) || bytes > w.Bytes || tops > uint64(w.Files)+uint64(w.Folders):
		return badField("offer", "more at the top than in all")
	case w.MoreTops == 0 && (files != uint64(w.Files) || bytes != w.Bytes):
		return badField("offer", "less at the top than in all")
	}
	return nil
}

func (w *topWire) check(most uint64) error {
	switch {
	case w.Name == nil || w.Folder == nil || w.Files == nil || w.Bytes == nil:
		return &FormatError{What: "offer", Err: ErrMissing}
	case *w.Name == "" || len(*w.Name) > MaxTopNameBytes:
		return badField("offer", "a name is empty or too long")
	case !*w.Folder && *w.Files > 0:
		return badField("offer", "files in a file")
	case *w.Bytes > most:
		return badField("offer", "more at the top than in all")
	}
	return nil
}

// safeTopName makes a name of a file fit to stand in a list: it is never empty.
func safeTopName(s string) string {
	if s = safeEnds(s, MaxTopNameBytes); s == "" {
		return "_"
	}
	return s
}
