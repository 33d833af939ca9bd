package clipboard

import (
	"bytes"
	"encoding/hex"
)

// parseScript reads a picture as AppleScript writes it: «data PNGf89504E47…».
// What is none is nil.
func parseScript(text []byte) ([]byte, error) {
	_, digits, found := bytes.Cut(text, []byte("data PNGf"))
	if !found {
		return nil, nil
	}
	digits, _, found = bytes.Cut(digits, []byte("»"))
	if !found {
		return nil, errOrder
	}
	data := make([]byte, hex.DecodedLen(len(digits)))
	if _, err := hex.Decode(data, digits); err != nil {
		return nil, errOrder
	}
	return data, nil
}
