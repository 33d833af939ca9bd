package control

import (
	"path/filepath"
	"time"

	"feihong/app/chat"
	"feihong/protocol"
)

// Transfer is what GET /v1/files tells of files and folders that somebody
// offered, and what the events "offer", "progress" and "file" tell.
type Transfer struct {
	ID     string    `json:"id"`
	Name   string    `json:"name"` // of the other person
	State  string    `json:"state"`
	Reason string    `json:"reason,omitempty"` // why it failed, was cancelled, or waits
	Text   string    `json:"text,omitempty"`   // written to it
	Time   time.Time `json:"time"`             // of the offer
	TransferFacts
}

// TransferFacts are the fields of a transfer that no other event has.
type TransferFacts struct {
	Direction string `json:"direction"` // "in" or "out"
	// Peer is the other person's ID, or "address:" and an address while nobody
	// has answered there.
	Peer string `json:"peer"`
	// Names are those of the files and folders that were offered, not of what
	// lies within the folders. MoreNames counts those left out.
	Names     []string `json:"names"`
	MoreNames int      `json:"more_names,omitempty"`
	Size      int64    `json:"size"` // in bytes, as Done
	Done      int64    `json:"done"`
	Rate      int64    `json:"rate"`           // bytes a second
	Left      *int64   `json:"left,omitempty"` // seconds; nil: not known
	// Path is where it is: what was received, or where that will be, or what is
	// sent. Of several files or folders it is the folder in which all of them
	// are.
	Path        string     `json:"path"`
	Paths       []string   `json:"paths,omitempty"`       // of each of Names and of what was left out there
	Files       int        `json:"files"`                 // also within folders
	Folders     int        `json:"folders"`               // also within folders
	Executables int        `json:"executables,omitempty"` // files that are programs
	FilesDone   int        `json:"files_done"`
	Current     string     `json:"current,omitempty"` // the file at the moment
	PausedHere  bool       `json:"paused_here,omitempty"`
	PausedThere bool       `json:"paused_there,omitempty"`
	Detail      string     `json:"detail,omitempty"`   // the file that Reason is about
	Failures    int        `json:"failures,omitempty"` // how many files could not be had
	Skipped     int        `json:"skipped,omitempty"`  // sent: how many links, devices and so on were found, and are not sent
	Receipt     bool       `json:"receipt,omitempty"`  // there is one
	Retry       string     `json:"retry,omitempty"`    // ID of the transfer that this one tries again
	Finished    *time.Time `json:"finished,omitempty"`
	// Problem is why the other person cannot be reached at the moment.
	Problem *Error `json:"problem,omitempty"`
}

// Over says that nothing more happens with the transfer by itself.
func (t Transfer) Over() bool { return chat.TransferState(t.State).Final() }

func transferOf(t chat.Transfer, with chat.Contact) Transfer {
	shown := Transfer{
		ID: t.ID.String(), Name: with.DisplayName(), State: string(t.State), Reason: t.Reason, Text: t.Text, Time: t.Created,
		TransferFacts: TransferFacts{
			Direction: t.Direction.String(), Peer: with.ConversationID(),
			Names: make([]string, 0, len(t.Tops)), MoreNames: t.MoreTops,
			Size: t.Bytes, Done: t.Done, Rate: t.Rate, Path: pathOf(t), Paths: t.Paths,
			Files: t.Files, Folders: t.Folders, Executables: t.Executables, FilesDone: t.FilesDone, Current: t.Current,
			PausedHere: t.PausedHere, PausedThere: t.PausedThere, Detail: t.Detail, Failures: t.Failures, Skipped: t.Skipped, Receipt: len(t.Receipt) > 0,
		},
	}
	for _, top := range t.Tops {
		shown.Names = append(shown.Names, top.Name)
	}
	if t.Left >= 0 && t.State == chat.TransferRunning {
		seconds := int64(t.Left.Round(time.Second) / time.Second)
		shown.Left = &seconds
	}
	if t.Retry != (protocol.MessageID{}) {
		shown.Retry = t.Retry.String()
	}
	if !t.Finished.IsZero() {
		shown.Finished = &t.Finished
	}
	return shown
}

// transferWith adds what is known of the person at the moment.
func transferWith(t chat.Transfer, with chat.Summary) Transfer {
	shown := transferOf(t, with.Contact)
	if !t.Final() && !with.Online && with.Problem != nil {
		shown.Problem = asError(with.Problem)
	}
	return shown
}

// pathOf is the one place where a transfer is.
func pathOf(t chat.Transfer) string {
	if len(t.Paths) == 1 && len(t.Tops)+t.MoreTops <= 1 {
		return t.Paths[0]
	}
	if t.Direction == chat.In {
		return t.Folder
	}
	if len(t.Paths) == 0 {
		return ""
	}
	folder := filepath.Dir(t.Paths[0])
	for _, path := range t.Paths[1:] {
		if filepath.Dir(path) != folder {
			return ""
		}
	}
	return folder
}
