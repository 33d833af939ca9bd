package control

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"feihong/app/chat"
	"feihong/protocol"
	"feihong/transport/doctor"
)

// maxRequestBytes bounds the body of a request: the longest text, with room
// for JSON to escape every byte of it.
const maxRequestBytes = 512 << 10

// Config is what the handler needs.
type Config struct {
	Chat *chat.Service
	Self func() Identity
	// CheckAddress parses what the user typed as an address. It fails with an
	// error that is about the address (a *BadAddressError, which holds a
	// *NoPortError if nothing but the port is missing), or about dialling
	// oneself.
	CheckAddress func(typed string) (address string, warnings []error, err error)
	// ShowWindow brings the window to the front; nil if there is none.
	ShowWindow func()
	// Locate asks who is at a host: an IP address, with its zone, or a host
	// name. Everybody is there once, by name, without this profile; nobody and
	// no error means that nobody answered. It fails with a *HostError if the
	// name leads nowhere. Nil if nobody can be asked: then an address needs its
	// port.
	Locate func(ctx context.Context, host string) ([]chat.Sighting, error)
	// Settings gives what the user chose. ChangeSettings keeps a change, and
	// tells whom it concerns; it fails with a *profile.ValueError or a
	// *BadSettingError if a value is not possible.
	Settings       func() Settings
	ChangeSettings func(ctx context.Context, change SettingsChange) error
	// Doctor examines an address, or this machine for "", as
	// doctor.Doctor.ExaminePerson does. want is zero for anybody.
	Doctor func(ctx context.Context, address string, want protocol.PeerID, progress func(doctor.Step)) (doctor.Report, error)
	// Files moves files and folders; nil if the profile does not. Listing opens
	// the list of what a transfer has brought, one line for each file as b3sum
	// writes them; fs.ErrNotExist if there is none.
	Files   Files
	Listing func(id protocol.MessageID) (io.ReadCloser, error)
	// Search looks for people now, everywhere; nil if discovery is off, or the
	// profile open for one command only.
	Search func()
}

type handler struct{ Config }

// Handler gives the control interface of a profile.
func Handler(cfg Config) http.Handler {
	h := handler{cfg}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/id", h.id)
	mux.HandleFunc("GET /v1/peers", h.peers)
	mux.HandleFunc("PUT /v1/peers", h.changePeer)
	mux.HandleFunc("GET /v1/messages", h.history)
	mux.HandleFunc("POST /v1/messages", h.send)
	mux.HandleFunc("PUT /v1/messages/{id}", h.changeMessage)
	mux.HandleFunc("POST /v1/nudge", h.nudge)
	mux.HandleFunc("GET /v1/export", h.export)
	mux.HandleFunc("POST /v1/read", h.read)
	mux.HandleFunc("GET /v1/events", h.events)
	mux.HandleFunc("POST /v1/window", h.window)
	mux.HandleFunc("GET /v1/settings", h.settings)
	mux.HandleFunc("PUT /v1/settings", h.changeSettings)
	mux.HandleFunc("POST /v1/search", h.search)
	mux.HandleFunc("POST /v1/doctor", h.doctor)
	h.routeFiles(mux)
	for path, allowed := range map[string]string{
		"/v1/id": "GET", "/v1/peers": "GET, PUT", "/v1/messages": "GET, POST", "/v1/export": "GET",
		"/v1/messages/{id}": "PUT", "/v1/nudge": "POST", "/v1/read": "POST", "/v1/events": "GET", "/v1/window": "POST",
		"/v1/settings": "GET, PUT", "/v1/search": "POST", "/v1/doctor": "POST",
		"/v1/files": "GET, POST", "/v1/files/{id}": "GET", "/v1/files/{id}/receipt": "GET", "/v1/files/{id}/listing": "GET",
	} {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) { noMethod(w, r, allowed) })
	}
	mux.HandleFunc("/", noPath)
	return mux
}

func noMethod(w http.ResponseWriter, r *http.Request, allowed string) {
	w.Header().Set("Allow", allowed)
	refuse(w, &Error{Code: CodeNoMethod, Message: fmt.Sprintf("%s takes %s, not %s", r.URL.Path, allowed, r.Method)})
}

func noPath(w http.ResponseWriter, r *http.Request) {
	refuse(w, &Error{Code: CodeNoPath, Message: fmt.Sprintf("there is no %s; is the running Feihong older than this command?", r.URL.Path)})
}

func (h handler) id(w http.ResponseWriter, _ *http.Request) { answer(w, h.Self()) }

func (h handler) peers(w http.ResponseWriter, r *http.Request) {
	all, err := h.Chat.People(r.Context())
	if err != nil {
		refuse(w, err)
		return
	}
	slices.SortFunc(all, func(a, b chat.Summary) int {
		byName := strings.Compare(strings.ToLower(a.DisplayName()), strings.ToLower(b.DisplayName()))
		return cmp.Or(byName, cmp.Compare(a.ID, b.ID))
	})
	list := make([]Peer, 0, len(all))
	for _, s := range all {
		list = append(list, peerOf(s))
	}
	answer(w, list)
}

func (h handler) history(w http.ResponseWriter, r *http.Request) {
	query, err := historyQuery(r)
	if err != nil {
		refuse(w, err)
		return
	}
	contact, err := h.find(r.Context(), r.FormValue("with"))
	if err != nil {
		refuse(w, err)
		return
	}
	query.Contact = contact.ID
	messages, err := h.Chat.History(r.Context(), query)
	if err != nil {
		refuse(w, err)
		return
	}
	self := h.Self()
	list := make([]Message, 0, len(messages))
	for _, m := range messages {
		from := personOf(contact)
		if m.Direction == chat.Out {
			from = Person{ID: self.ID, Name: self.Name}
		}
		list = append(list, messageOf(m, from))
	}
	answer(w, list)
}

func historyQuery(r *http.Request) (chat.HistoryQuery, error) {
	query := chat.HistoryQuery{Search: r.FormValue("search")}
	var err error
	query.Limit, err = parseLimit(r.FormValue("limit"))
	return query, err
}

func parseLimit(limit string) (int, error) {
	if limit == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(limit)
	if err != nil || n < 0 {
		return 0, &Error{Code: CodeBadRequest, Message: fmt.Sprintf("limit %q: give a number, 0 for all", limit)}
	}
	return n, nil
}

// find is for questions about a conversation: an address where nobody is
// known is unknown, and no contact is made. Nobody is asked: an IP address
// alone means whoever was last there.
func (h handler) find(ctx context.Context, who string) (chat.Contact, error) {
	address, _, err := h.CheckAddress(who)
	if err == nil {
		return h.Chat.FindAddress(ctx, address)
	}
	if bare, isIP := bareIP(err); isIP {
		return h.contactAt(ctx, bare)
	}
	contact, notFound := h.Chat.Find(ctx, who)
	if notFound != nil && looksLikeAddress(who) {
		return contact, err
	}
	return contact, notFound
}

// looksLikeAddress tells an address with a mistake from a name.
func looksLikeAddress(who string) bool {
	if strings.ContainsAny(who, ":：[") {
		return true
	}
	return strings.ContainsAny(who, ".。") && strings.Trim(who, "0123456789.。;；,， ") == ""
}

func (h handler) read(w http.ResponseWriter, r *http.Request) {
	var request ReadRequest
	if err := readBody(w, r, &request); err != nil {
		refuse(w, err)
		return
	}
	contact, err := h.find(r.Context(), request.With)
	if err == nil {
		err = h.Chat.MarkRead(r.Context(), contact.ID, 0)
	}
	if err != nil {
		refuse(w, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (h handler) window(w http.ResponseWriter, _ *http.Request) {
	if h.ShowWindow == nil {
		refuse(w, &Error{Code: CodeBadRequest, Key: "control.no-window", Message: "this profile runs without a window"})
		return
	}
	h.ShowWindow()
	w.WriteHeader(http.StatusNoContent)
}

// readBody reads one JSON object. What is not UTF-8 is refused here, before the
// decoder would replace it.
func readBody(w http.ResponseWriter, r *http.Request, into any) error {
	return readBodyUpTo(maxRequestBytes, w, r, into)
}

func readBodyUpTo(limit int64, w http.ResponseWriter, r *http.Request, into any) error {
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if err != nil {
		return badBody(err)
	}
	if !utf8.Valid(raw) {
		return badBody(errors.New("it is not UTF-8"))
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		return badBody(err)
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return badBody(errors.New("something follows the object"))
	}
	return nil
}

func badBody(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		err = fmt.Errorf("it is larger than %d bytes", tooLarge.Limit)
	}
	return &Error{Code: CodeBadRequest, Message: fmt.Sprintf("the request is not the JSON that is expected: %v", err)}
}

func answer(w http.ResponseWriter, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(body) // the client has gone: nobody to tell
}

func refuse(w http.ResponseWriter, err error) {
	e := asError(err)
	status, ok := statuses[e.Code]
	if !ok {
		status = http.StatusInternalServerError
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(e) // as above
}
