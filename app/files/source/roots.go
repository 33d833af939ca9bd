package source

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"feihong/protocol"
)

// Roots says where the entries of a manifest lie on this machine, and what was
// left out of it.
type Roots struct {
	// Paths are where the entries at the top of the manifest lie, in their
	// order: absolute, and without a link at their end.
	Paths   []string
	Skipped Skipped

	// names are those that are no UTF-8 and so are others in the manifest; of
	// entries below the top, by number.
	names map[uint32]string

	// identities are those of all entries, and touched when the system has
	// noted the last change in them.
	identities []uint64
	touched    []int64
}

func newRoots() *Roots { return &Roots{names: make(map[uint32]string)} }

// rootsVersion is the version of the layout of sources.json.
const rootsVersion = 1

// rootsFile is the content of sources.json.
type rootsFile struct {
	Version    int                `json:"version"`
	Paths      []rawText          `json:"paths"`
	Names      map[uint32]rawText `json:"names,omitempty"`
	Identities []byte             `json:"identities"` // eight bytes for each entry
	Touched    []byte             `json:"touched"`    // the same
}

// rawText is a name as the system has it. JSON has only UTF-8; others are
// written in base64.
type rawText string

type encodedText struct {
	Base64 string `json:"base64"`
}

// MarshalJSON implements json.Marshaler.
func (t rawText) MarshalJSON() ([]byte, error) {
	if utf8.ValidString(string(t)) {
		return json.Marshal(string(t))
	}
	return json.Marshal(encodedText{Base64: base64.StdEncoding.EncodeToString([]byte(t))})
}

// UnmarshalJSON implements json.Unmarshaler.
func (t *rawText) UnmarshalJSON(data []byte) error {
	var text string
	if len(data) > 0 && data[0] == '"' {
		err := json.Unmarshal(data, &text)
		*t = rawText(text)
		return err
	}
	var encoded encodedText
	if err := json.Unmarshal(data, &encoded); err != nil {
		return err
	}
	raw, err := base64.StdEncoding.DecodeString(encoded.Base64)
	*t = rawText(raw)
	return err
}

func (r *Roots) encode() ([]byte, error) {
	file := rootsFile{Version: rootsVersion, Names: make(map[uint32]rawText, len(r.names))}
	for _, path := range r.Paths {
		file.Paths = append(file.Paths, rawText(path))
	}
	for entry, name := range r.names {
		file.Names[entry] = rawText(name)
	}
	file.Identities = make([]byte, 0, 8*len(r.identities))
	for _, identity := range r.identities {
		file.Identities = binary.BigEndian.AppendUint64(file.Identities, identity)
	}
	file.Touched = make([]byte, 0, 8*len(r.touched))
	for _, touched := range r.touched {
		file.Touched = binary.BigEndian.AppendUint64(file.Touched, uint64(touched))
	}
	return json.Marshal(file)
}

func decodeRoots(data []byte) (*Roots, error) {
	var file rootsFile
	if err := json.Unmarshal(data, &file); err != nil {
		return nil, err
	}
	if file.Version != rootsVersion {
		return nil, fmt.Errorf("version %d of the list of sources is not known", file.Version)
	}
	r := newRoots()
	for _, path := range file.Paths {
		r.Paths = append(r.Paths, string(path))
	}
	for entry, name := range file.Names {
		r.names[entry] = string(name)
	}
	for rest := file.Identities; len(rest) >= 8; rest = rest[8:] {
		r.identities = append(r.identities, binary.BigEndian.Uint64(rest))
	}
	for rest := file.Touched; len(rest) >= 8; rest = rest[8:] {
		r.touched = append(r.touched, int64(binary.BigEndian.Uint64(rest)))
	}
	if file.Touched == nil { // from before this was noted
		r.touched = make([]int64, len(r.identities))
	}
	return r, nil
}

// fit makes sure that the roots belong to the manifest.
func (r *Roots) fit(m *protocol.Manifest) error {
	tops := 0
	for i := range m.Entries {
		if m.Entries[i].Parent == 0 {
			tops++
		}
	}
	if tops != len(r.Paths) || len(r.identities) != len(m.Entries) || len(r.touched) != len(m.Entries) {
		return fmt.Errorf("the list of sources has %d paths for %d entries at the top, and knows %d of %d entries",
			len(r.Paths), tops, len(r.identities), len(m.Entries))
	}
	return nil
}
