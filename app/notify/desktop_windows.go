package notify

import (
	"context"
	"encoding/xml"
	"fmt"
	"hash/fnv"
	"strings"

	"git.sr.ht/~jackmordaunt/go-toast/v2/wintoast"
)

// toasts shows notifications in the action center. Windows gives no handle;
// ours are counted, and come back as the argument of a click.
type toasts struct {
	app  App
	last uint32
	out  chan event
}

// classID is what Windows calls the program by when a toast is clicked. It
// follows from the ID of the program, so that it stays the same.
func classID(app string) string {
	h := fnv.New128a()
	_, _ = h.Write([]byte(app)) // never fails
	sum := h.Sum(nil)
	return fmt.Sprintf("{%08X-%04X-%04X-%04X-%012X}", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

func dial(_ context.Context, app App) (server, error) {
	t := &toasts{app: app, out: make(chan event, 16)}
	wintoast.SetActivationCallback(func(_, argument string, _ []wintoast.UserData) {
		var handle uint32
		if _, err := fmt.Sscanf(argument, "open:%d", &handle); err != nil {
			return
		}
		select {
		case t.out <- event{handle: handle, clicked: true}:
		default: // more clicks than anybody makes
		}
	})
	err := wintoast.SetAppData(wintoast.AppData{AppID: app.Name, GUID: classID(app.ID), IconPath: app.Icon})
	if err != nil {
		return nil, fmt.Errorf("the notifications of Windows: %w", err)
	}
	return t, nil
}

// show implements server. The library's fallback to PowerShell stays off: in
// its template a peer's text could become a command.
func (t *toasts) show(_ context.Context, n Notification, _ uint32) (uint32, error) {
	t.last++
	return t.last, wintoast.Push(t.app.Name, toastXML(n, t.last))
}

// toastXML is the toast as Windows reads it.
func toastXML(n Notification, handle uint32) string {
	var title, text strings.Builder
	_ = xml.EscapeText(&title, []byte(n.Title)) // never fails
	_ = xml.EscapeText(&text, []byte(n.Text))
	return fmt.Sprintf(`<toast activationType="foreground" launch="open:%d"><visual><binding template="ToastGeneric">`+
		`<text>%s</text><text>%s</text></binding></visual><audio silent="true"/></toast>`, handle, title.String(), text.String())
}

// withdraw implements server. Windows lets toasts expire.
func (t *toasts) withdraw(context.Context, uint32) error { return nil }

// events implements server.
func (t *toasts) events() <-chan event { return t.out }

// close implements server.
func (t *toasts) close() {}
