package protocol

import (
	"fmt"

	"github.com/google/uuid"
)

// Picture is what its sender shows beside their name: the bytes of a PNG or
// JPEG, which are not looked into. It is answered by Delivered, and sent again
// in each new session until then. It is sent only to those whose Hello has
// FeatureAmend.
type Picture struct {
	ID   MessageID // not zero; the same for the same picture, as long as the program runs
	Data []byte    // at most MaxPictureBytes; nil: none any more
}

func (*Picture) chatMessage() {}

type pictureWire struct {
	Kind uint64        `cbor:"0,keyasint"`
	ID   octets16      `cbor:"1,keyasint"`
	Data pictureOctets `cbor:"3,keyasint"`
}

var pictureKeys = keys(1, 3)

// pictureOctets is a picture, or the preview of one, within something else.
type pictureOctets []byte

func (o *pictureOctets) UnmarshalCBOR(item []byte) (err error) {
	*o, err = cloneOctets(item, MaxPictureBytes)
	return err
}

func encodePicture(m *Picture) ([]byte, error) {
	return encodeChecked(AppChat, "picture", &pictureWire{Kind: kindPicture, ID: octets16(m.ID), Data: m.Data})
}

func decodePicture(body []byte, found keySet) (ChatMessage, error) {
	var wire pictureWire
	if err := decodeChecked("picture", body, found, pictureKeys, &wire); err != nil {
		return nil, err
	}
	m := &Picture{ID: MessageID(wire.ID)}
	if len(wire.Data) > 0 {
		m.Data = wire.Data
	}
	return m, nil
}

func (w *pictureWire) check() error {
	switch {
	case MessageID(w.ID) == uuid.Nil:
		return badField("picture", "no message ID")
	case len(w.Data) > MaxPictureBytes:
		return badField("picture", fmt.Sprintf("%d bytes", len(w.Data)))
	}
	return nil
}
