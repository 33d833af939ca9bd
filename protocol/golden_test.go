package protocol_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"feihong/protocol"
)

var update = flag.Bool("update", false, "write the golden vectors in testdata anew")

// golden is one file of vectors. docs/protocol.md#golden-vectors describes
// the format for other implementations; the tables in vectors_*_test.go are
// where the files come from.
type golden[T any] struct {
	About   string `json:"about"`
	Vectors []T    `json:"vectors"`
}

// loadGolden returns the vectors of a file, which must be exactly those of the
// table: the bytes on the wire never change unnoticed.
func loadGolden[T any](tb testing.TB, file, about string, table []T) []T {
	tb.Helper()
	path := filepath.Join("testdata", file)
	want := marshalGolden(tb, golden[T]{About: about, Vectors: table})
	if *update {
		if err := os.WriteFile(path, want, 0o644); err != nil {
			tb.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		tb.Fatal(err)
	}
	if !bytes.Equal(have, want) {
		tb.Fatalf("%s does not have what the encoder writes; if the change is meant, run the tests with -update and read the difference", path)
	}
	var read golden[T]
	if err := json.Unmarshal(have, &read); err != nil {
		tb.Fatal(err)
	}
	return read.Vectors
}

func marshalGolden(tb testing.TB, v any) []byte {
	tb.Helper()
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		tb.Fatal(err)
	}
	return escapeUnprintable(out.String())
}

// escapeUnprintable spells what an editor would hide, or reorder, as JSON
// escapes.
func escapeUnprintable(s string) []byte {
	var out []byte
	for _, r := range s {
		switch high, low := utf16.EncodeRune(r); {
		case r == '\n' || unicode.IsPrint(r):
			out = utf8.AppendRune(out, r)
		case r > 0xFFFF:
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
	return out
}

// octets is bytes as a vector spells them: hexadecimal parts, each with an
// optional "*N" for N times.
type octets []string

func (o octets) bytes(tb testing.TB) []byte {
	tb.Helper()
	var out []byte
	for _, part := range o {
		digits, count, repeated := strings.Cut(part, "*")
		raw, err := hex.DecodeString(strings.ReplaceAll(digits, " ", ""))
		if err != nil {
			tb.Fatalf("%q: %v", part, err)
		}
		times := 1
		if repeated {
			if times, err = strconv.Atoi(count); err != nil {
				tb.Fatalf("%q: %v", part, err)
			}
		}
		out = append(out, bytes.Repeat(raw, times)...)
	}
	return out
}

func spell(raw []byte) octets { return octets{hex.EncodeToString(raw)} }

// outcome gives an error the name that it has in the vectors.
func outcome(err error) string {
	var (
		limit       *protocol.LimitError
		kind        *protocol.UnknownKindError
		application *protocol.UnknownApplicationError
		text        *protocol.TextError
		id          *protocol.PeerIDError
	)
	switch {
	case err == nil:
		return "ok"
	case err == io.EOF:
		return "end"
	case errors.Is(err, io.ErrUnexpectedEOF):
		return "cut-off"
	case errors.As(err, &limit):
		return "limit"
	case errors.As(err, &kind):
		return "unknown-kind"
	case errors.As(err, &application):
		return "unknown-application"
	case errors.As(err, &text):
		return [...]string{protocol.TextEmpty: "text-empty", protocol.TextTooLong: "text-too-long", protocol.TextNotUTF8: "text-not-utf8"}[text.Reason]
	case errors.As(err, &id):
		return [...]string{protocol.PeerIDLength: "length", protocol.PeerIDCharacter: "character", protocol.PeerIDCheck: "check"}[id.Reason]
	}
	for name, sentinel := range formatErrors {
		if errors.Is(err, sentinel) {
			return name
		}
	}
	return fmt.Sprintf("%T", err)
}

var formatErrors = map[string]error{
	"truncated":     protocol.ErrTruncated,
	"trailing":      protocol.ErrTrailing,
	"encoding":      protocol.ErrEncoding,
	"duplicate-key": protocol.ErrDuplicateKey,
	"nesting":       protocol.ErrNesting,
	"too-many":      protocol.ErrTooMany,
	"not-utf8":      protocol.ErrNotUTF8,
	"item":          protocol.ErrItem,
	"no-kind":       protocol.ErrNoKind,
	"missing":       protocol.ErrMissing,
	"field":         protocol.ErrField,
	"header":        protocol.ErrHeader,
	"signature":     protocol.ErrSignature,
	"name":          protocol.ErrEntryName,
	"parent":        protocol.ErrParent,
	"mismatch":      protocol.ErrMismatch,
}

// bodyVector is a vector of all files with messages in them.
type bodyVector struct {
	Name   string `json:"name"`
	Bytes  octets `json:"bytes"`
	Expect string `json:"expect"`
	// Message is what the bytes mean, if they are accepted.
	Message any `json:"message,omitempty"`
	// Altered says that the message encodes to other bytes than these: it has
	// unknown fields, which are dropped, or text that is made safe.
	Altered bool `json:"altered,omitempty"`
}

// accepted is the vector of a message in the bytes that the encoder gives it.
func accepted(name string, body []byte, message any) bodyVector {
	return bodyVector{Name: name, Bytes: spell(body), Expect: "ok", Message: message}
}

// altered is the vector of a message that is accepted, but not kept to the
// byte.
func altered(name string, bytes octets, message any) bodyVector {
	return bodyVector{Name: name, Bytes: bytes, Expect: "ok", Message: message, Altered: true}
}

func rejected(name, expect string, bytes octets) bodyVector {
	return bodyVector{Name: name, Bytes: bytes, Expect: expect}
}

// checkBody compares one vector with what decoding it and encoding it again
// give.
func checkBody(t *testing.T, v bodyVector, message any, again []byte, err error) {
	t.Helper()
	if got := outcome(err); got != v.Expect {
		t.Fatalf("outcome %q (%v), want %q", got, err, v.Expect)
	}
	if err != nil {
		return
	}
	want, have := marshalGolden(t, v.Message), marshalGolden(t, message)
	var loose any // the vector went through JSON: compare in its terms
	if err := json.Unmarshal(have, &loose); err != nil {
		t.Fatal(err)
	}
	if have = marshalGolden(t, loose); !bytes.Equal(have, want) {
		t.Errorf("decoded as %s, want %s", have, want)
	}
	if same := bytes.Equal(again, v.Bytes.bytes(t)); same == v.Altered {
		t.Errorf("encodes to %x: the same is %v, want %v", again, same, !v.Altered)
	}
}

// fields are the values of a body by key, each in hexadecimal CBOR: the way
// to write bodies that no encoder writes.
type fields map[uint]string

func (f fields) with(key uint, value string) fields {
	out := fields{key: value}
	for k, v := range f {
		if k != key {
			out[k] = v
		}
	}
	return out
}

func (f fields) without(key uint) fields {
	out := f.with(key, "")
	delete(out, key)
	return out
}

func (f fields) octets() octets {
	out := octets{head(5, len(f))}
	for key := uint(0); len(out) <= len(f); key++ {
		if value, ok := f[key]; ok {
			out = append(out, head(0, int(key))+" "+value)
		}
	}
	return out
}

// head is the beginning of a CBOR item in hexadecimal.
func head(major, n int) string {
	switch {
	case n < 24:
		return fmt.Sprintf("%02x", major<<5|n)
	case n < 1<<8:
		return fmt.Sprintf("%02x%02x", major<<5|24, n)
	case n < 1<<16:
		return fmt.Sprintf("%02x%04x", major<<5|25, n)
	}
	return fmt.Sprintf("%02x%08x", major<<5|26, n)
}

func textItem(s string) string { return head(3, len(s)) + hex.EncodeToString([]byte(s)) }

func bytesItem(b []byte) string { return head(2, len(b)) + hex.EncodeToString(b) }
