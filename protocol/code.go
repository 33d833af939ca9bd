package protocol

import "fmt"

// ErrorCode says why something was refused or why a connection ends. Numbers
// and names are stable: new ones are appended, and a number that is not known
// is still a valid code. Zero is none. See docs/protocol.md#error-codes.
type ErrorCode uint16

// The codes.
const (
	CodeUnsupported      ErrorCode = iota + 1 // application or kind of message not known here
	CodeBadFrame                              // the stream is not made of frames
	CodeBadMessage                            // a body breaks the rules
	CodeTooLong                               // a frame or a text over its limit
	CodeVersion                               // no version of the protocol in common
	CodeWrongPeer                             // not the one you wanted, or not the one you claim to be
	CodeRefused                               // you are blocked here
	CodeDuplicateSession                      // another session between us is kept instead
	CodeBusy                                  // too much to do at the moment, try later
	CodeSelf                                  // you dialled yourself
	CodeTimeout                               // nothing was heard for too long
	CodeStorage                               // it could not be written to disk
	CodeClosing                               // the program is being closed
	CodeTokenUsed                             // another offer has the same token
)

var codeNames = [...]string{
	CodeUnsupported:      "unsupported",
	CodeBadFrame:         "bad-frame",
	CodeBadMessage:       "bad-message",
	CodeTooLong:          "too-long",
	CodeVersion:          "version",
	CodeWrongPeer:        "wrong-peer",
	CodeRefused:          "refused",
	CodeDuplicateSession: "duplicate-session",
	CodeBusy:             "busy",
	CodeSelf:             "self",
	CodeTimeout:          "timeout",
	CodeStorage:          "storage",
	CodeClosing:          "closing",
	CodeTokenUsed:        "token-used",
}

// String gives the name of the code, the same in every version, or
// "code-1234" for one that is not known.
func (c ErrorCode) String() string {
	if !c.known() {
		return fmt.Sprintf("code-%d", uint16(c))
	}
	return codeNames[c]
}

func (c ErrorCode) known() bool { return c > 0 && int(c) < len(codeNames) }

// UserText names the translation of the code.
func (c ErrorCode) UserText() (key string, args map[string]any) {
	if !c.known() {
		return "protocol.code.other", map[string]any{"code": uint16(c)}
	}
	return "protocol.code." + codeNames[c], nil
}
