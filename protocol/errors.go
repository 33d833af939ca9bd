package protocol

import "fmt"

// FormatError says that bytes from a peer, or a message about to be encoded,
// do not follow the protocol. The peer is at fault or speaks another dialect;
// trying again does not help.
type FormatError struct {
	What string // what was being read or written, such as "chat text"
	Err  error  // what is wrong with it
}

func (e *FormatError) Error() string { return fmt.Sprintf("bad %s: %v", e.What, e.Err) }

// Unwrap gives what is wrong.
func (e *FormatError) Unwrap() error { return e.Err }

// UserText names the translation of the error.
func (e *FormatError) UserText() (key string, args map[string]any) {
	return "protocol.bad-format", nil
}

// LimitError says that something is greater than the protocol allows. Coming
// from a FrameReader it is final: where the next frame begins is not known.
type LimitError struct {
	What  string // what is too great, such as "link body"
	Size  int64  // how great it is, or as much as was counted
	Limit int64  // how great it may be
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("%s is too long: %d, at most %d allowed", e.What, e.Size, e.Limit)
}

// UserText names the translation of the error.
func (e *LimitError) UserText() (key string, args map[string]any) {
	return "protocol.over-limit", map[string]any{"size": e.Size, "limit": e.Limit}
}

// UnknownApplicationError says that a frame of an application that this
// version does not speak was read past. The reader that returned it goes on
// with the next frame. See docs/protocol.md#unknown-applications.
type UnknownApplicationError struct {
	App    Application
	Length int // bytes of body that were skipped
}

func (e *UnknownApplicationError) Error() string {
	return fmt.Sprintf("unknown application %d skipped (%d bytes)", uint16(e.App), e.Length)
}

// UnknownKindError says that a body is well-formed, but of a kind of message
// that this version does not know: a newer peer sent it. See
// docs/protocol.md#unknown-kinds.
type UnknownKindError struct {
	What string // of what it is a kind, such as "chat message" or "datagram"
	Kind uint64
}

func (e *UnknownKindError) Error() string {
	return fmt.Sprintf("unknown kind %d of %s", e.Kind, e.What)
}
