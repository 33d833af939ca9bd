package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"feihong/app/chat"
	"feihong/app/profile"
	"feihong/protocol"
)

// Code classifies an error for programs.
type Code string

// The codes, with the HTTP status each travels with.
const (
	CodeBadRequest  Code = "bad-request"    // 400
	CodeBadAddress  Code = "bad-address"    // 400
	CodeBadText     Code = "bad-text"       // 400
	CodeBadSetting  Code = "bad-setting"    // 400
	CodeBadPath     Code = "bad-path"       // 400; of a file or folder
	CodeSelf        Code = "self"           // 400; in SendResponse.Problem when found out later
	CodeBlocked     Code = "blocked"        // 403
	CodeUnknown     Code = "unknown"        // 404
	CodeNobodyThere Code = "nobody-there"   // 404; at an address without a port
	CodeNoReceipt   Code = "no-receipt"     // 404; of a transfer that is not over
	CodeNoPath      Code = "no-such-path"   // 404
	CodeNoMethod    Code = "no-such-method" // 405
	CodeAmbiguous   Code = "ambiguous"      // 409
	CodeBadState    Code = "bad-state"      // 409; a transfer or message for which it is too late, or too early
	CodeInternal    Code = "internal"       // 500
	CodeClosing     Code = "closing"        // 503

	// In SendResponse.Problem only.
	CodeUnreachable Code = "unreachable"
	CodeForeign     Code = "not-feihong"
	CodeWrongPeer   Code = "wrong-peer"
	CodeRefused     Code = "refused"
	CodeVersion     Code = "version"
	CodeOffline     Code = "offline"
	CodeTimeout     Code = "timeout"

	// In SendResponse.Warnings only.
	CodeDoubtful Code = "doubtful-address"
)

var statuses = map[Code]int{
	CodeBadRequest:  http.StatusBadRequest,
	CodeBadAddress:  http.StatusBadRequest,
	CodeBadText:     http.StatusBadRequest,
	CodeBadSetting:  http.StatusBadRequest,
	CodeBadPath:     http.StatusBadRequest,
	CodeSelf:        http.StatusBadRequest,
	CodeBlocked:     http.StatusForbidden,
	CodeUnknown:     http.StatusNotFound,
	CodeNobodyThere: http.StatusNotFound,
	CodeNoReceipt:   http.StatusNotFound,
	CodeNoPath:      http.StatusNotFound,
	CodeNoMethod:    http.StatusMethodNotAllowed,
	CodeAmbiguous:   http.StatusConflict,
	CodeBadState:    http.StatusConflict,
	CodeClosing:     http.StatusServiceUnavailable,
}

// Error is an error as it travels over the control interface. It keeps what
// is needed to say it in another language.
type Error struct {
	Code       Code           `json:"code"`
	Message    string         `json:"message"`        // in English
	Key        string         `json:"key,omitempty"`  // of the translation
	Args       map[string]any `json:"args,omitempty"` // of the translation
	Candidates []Person       `json:"candidates,omitempty"`
	Transfers  []Transfer     `json:"transfers,omitempty"` // those that may have been meant
}

func (e *Error) Error() string { return e.Message }

// UserText gives the translation; the key may be empty.
func (e *Error) UserText() (string, map[string]any) { return e.Key, e.Args }

// BadAddressError marks an error as one about an address.
type BadAddressError struct{ Err error }

func (e *BadAddressError) Error() string { return e.Err.Error() }
func (e *BadAddressError) Unwrap() error { return e.Err }

// translatable is what errors shown to users implement.
type translatable interface {
	UserText() (key string, args map[string]any)
}

// asError makes an error ready for travel.
func asError(err error) *Error {
	var already *Error
	if errors.As(err, &already) {
		return already
	}
	e := &Error{Code: codeOf(err), Message: err.Error()}
	var t translatable
	if errors.As(err, &t) {
		key, args := t.UserText()
		e.Key, e.Args = key, plainArgs(args)
	}
	if e.Code == CodeClosing {
		e.Key, e.Message = "control.closing", chat.ErrClosed.Error()
	}
	var unknown *chat.UnknownError
	var ambiguous *chat.AmbiguousError
	switch {
	case errors.As(err, &unknown):
		e.Candidates = people(unknown.Candidates)
	case errors.As(err, &ambiguous):
		e.Candidates = people(ambiguous.Candidates)
	}
	return e
}

// plainArgs turns arguments into what JSON keeps: errors become travelling
// errors themselves, other unknown things become text.
func plainArgs(args map[string]any) map[string]any {
	plain := make(map[string]any, len(args))
	for name, value := range args {
		switch v := value.(type) {
		case error:
			plain[name] = asError(v)
		case nil, bool, string, int, int64, uint16:
			plain[name] = v
		default:
			plain[name] = fmt.Sprint(v)
		}
	}
	return plain
}

// UnmarshalJSON reads an error and turns arguments that are errors back.
func (e *Error) UnmarshalJSON(raw []byte) error {
	type plain Error
	var wire struct {
		plain
		Args map[string]json.RawMessage `json:"args"`
	}
	if err := json.Unmarshal(raw, &wire); err != nil {
		return err
	}
	*e = Error(wire.plain)
	if wire.Args == nil {
		return nil
	}
	e.Args = make(map[string]any, len(wire.Args))
	for name, value := range wire.Args {
		arg, err := argument(value)
		if err != nil {
			return err
		}
		e.Args[name] = arg
	}
	return nil
}

func argument(raw json.RawMessage) (any, error) {
	var nested Error
	if len(raw) > 0 && raw[0] == '{' {
		if err := json.Unmarshal(raw, &nested); err != nil {
			return nil, err
		}
		return &nested, nil
	}
	var value any
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber() // a float would print 1000000 as 1e+06
	err := decoder.Decode(&value)
	return value, err
}

func codeOf(err error) Code {
	var (
		dial      *chat.DialError
		address   *BadAddressError
		path      *BadPathError
		relative  *chat.PathError
		state     *chat.TransferStateError
		several   *chat.AmbiguousTransferError
		text      *protocol.TextError
		value     *profile.ValueError
		setting   *BadSettingError
		blocked   *chat.BlockedError
		unknown   *chat.UnknownError
		ambiguous *chat.AmbiguousError
		amend     *chat.AmendError
		old       *chat.OldProgramError
		nudge     *chat.NudgeError
	)
	switch {
	case errors.As(err, &dial):
		return Code(dial.Reason)
	case errors.As(err, &address):
		return CodeBadAddress
	case errors.As(err, &path), errors.As(err, &relative):
		return CodeBadPath
	case errors.As(err, &text), errors.Is(err, protocol.ErrEmoji):
		return CodeBadText
	case errors.As(err, &value), errors.As(err, &setting):
		return CodeBadSetting
	case errors.As(err, &blocked):
		return CodeBlocked
	case errors.As(err, &unknown), errors.Is(err, chat.ErrNoContact), errors.Is(err, chat.ErrNoTransfer), errors.Is(err, chat.ErrNoMessage):
		return CodeUnknown
	case errors.As(err, &ambiguous), errors.As(err, &several):
		return CodeAmbiguous
	case errors.As(err, &state), errors.Is(err, chat.ErrAskSender), errors.As(err, &amend), errors.As(err, &old), errors.As(err, &nudge):
		return CodeBadState
	case errors.Is(err, chat.ErrNothingToSend), errors.Is(err, chat.ErrNoFiles):
		return CodeBadRequest
	case errors.Is(err, chat.ErrClosed), errors.Is(err, context.Canceled):
		// If it were the client that has gone, nobody would be told.
		return CodeClosing
	}
	return CodeInternal
}

// people lists those among whom the user chooses, with what tells them apart.
func people(contacts []chat.Contact) []Person {
	var list []Person
	for _, c := range contacts {
		p := personOf(c)
		p.Address = c.Address
		list = append(list, p)
	}
	return list
}
