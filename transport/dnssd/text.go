package dnssd

import (
	"encoding/base64"
	"fmt"
	"strings"

	"feihong/protocol"
)

// The TXT record: v=1, and the announcement in parts a0=, a1= and so on.
const (
	versionKey = "v"
	version    = "1"
	partKey    = "a%d"
	// partLength leaves room in a string of 255 bytes for any key.
	partLength = 248
	maxParts   = 8
	// maxStrings is how many strings a TXT record may have to be looked at.
	maxStrings = 32
)

var encoding = base64.RawStdEncoding.Strict()

// textOf puts an announcement into the TXT record. It fails if it is too long.
func textOf(signed []byte) (map[string]string, error) {
	if len(signed) > protocol.MaxAnnouncementBytes {
		return nil, fmt.Errorf("an announcement of %d bytes is too long", len(signed))
	}
	text := map[string]string{versionKey: version}
	rest := encoding.EncodeToString(signed)
	for i := 0; rest != ""; i++ {
		length := min(len(rest), partLength)
		text[fmt.Sprintf(partKey, i)] = rest[:length]
		rest = rest[length:]
	}
	return text, nil
}

// signedOf takes an announcement out of the strings of a TXT record. It is nil
// if there is none.
func signedOf(strs []string) []byte {
	if len(strs) > maxStrings {
		return nil
	}
	text := make(map[string]string, len(strs))
	for _, one := range strs {
		key, value, ok := strings.Cut(one, "=")
		key = strings.ToLower(key)
		if _, twice := text[key]; ok && !twice { // the first one counts
			text[key] = value
		}
	}
	if text[versionKey] != version {
		return nil
	}
	var whole strings.Builder
	for i := range maxParts {
		part, ok := text[fmt.Sprintf(partKey, i)]
		if !ok {
			break
		}
		whole.WriteString(part)
	}
	if encoding.DecodedLen(whole.Len()) > protocol.MaxAnnouncementBytes {
		return nil
	}
	signed, err := encoding.DecodeString(whole.String())
	if err != nil || len(signed) == 0 || strings.ContainsAny(whole.String(), "\r\n") {
		return nil
	}
	return signed
}
