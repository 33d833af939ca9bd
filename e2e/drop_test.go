//go:build e2e

package e2e

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// dragged is what a file manager does while its user drags files: it owns the
// selection with their names, and tells the window below the pointer (XDND,
// version 5). No tool can move real files with a fake mouse, because nobody
// would own the selection.
type dragged struct {
	conn  *xgb.Conn
	own   xproto.Window
	names string // text/uri-list
	atoms map[string]xproto.Atom
}

// drop drops files at a place in the window, and waits until the window has
// taken them.
func (w *window) drop(at [2]int, paths ...string) {
	w.t.Helper()
	d, err := newDragged(w.screen.display, paths)
	if err != nil {
		w.t.Fatalf("drag: %v", err)
	}
	id, err := strconv.ParseUint(w.id, 10, 32)
	if err == nil {
		err = d.over(xproto.Window(id), w.x+at[0], w.y+at[1])
	}
	if err != nil {
		w.t.Fatalf("drop on %s: %v", w.profile.name, err)
	}
	w.settle()
}

// dial connects to a display.
func dial(display string) (*xgb.Conn, error) {
	xgb.Logger = log.New(io.Discard, "", 0) // it says that the display needs no password
	return xgb.NewConnDisplay(display)
}

func newDragged(display string, paths []string) (*dragged, error) {
	conn, err := dial(display)
	if err != nil {
		return nil, err
	}
	d := &dragged{conn: conn, atoms: make(map[string]xproto.Atom)}
	for _, path := range paths {
		d.names += (&url.URL{Scheme: "file", Path: path}).String() + "\r\n"
	}
	for _, name := range []string{"XdndSelection", "XdndEnter", "XdndPosition", "XdndStatus", "XdndDrop", "XdndFinished", "XdndActionCopy", "text/uri-list"} {
		reply, err := xproto.InternAtom(conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			return nil, err
		}
		d.atoms[name] = reply.Atom
	}
	if d.own, err = xproto.NewWindowId(conn); err != nil {
		return nil, err
	}
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	err = xproto.CreateWindowChecked(conn, 0, d.own, root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, 0, 0, nil).Check()
	if err != nil {
		return nil, err
	}
	return d, xproto.SetSelectionOwnerChecked(conn, d.own, d.atoms["XdndSelection"], xproto.TimeCurrentTime).Check()
}

// over moves what is dragged over a window, and drops it there. The window's
// answers end it.
func (d *dragged) over(target xproto.Window, x, y int) error {
	late := time.AfterFunc(patience, d.conn.Close)
	defer late.Stop()
	defer d.conn.Close()
	err := errors.Join(
		d.tell(target, "XdndEnter", 5<<24, uint32(d.atoms["text/uri-list"]), 0, 0),
		d.tell(target, "XdndPosition", 0, uint32(x)<<16|uint32(y), xproto.TimeCurrentTime, uint32(d.atoms["XdndActionCopy"])),
	)
	for err == nil {
		event, failed := d.conn.WaitForEvent()
		switch e := event.(type) {
		case nil:
			if failed == nil {
				return fmt.Errorf("no answer within %v", patience)
			}
			err = failed
		case xproto.SelectionRequestEvent:
			err = d.hand(e)
		case xproto.ClientMessageEvent:
			word := e.Data.Data32
			switch e.Type {
			case d.atoms["XdndStatus"]:
				if word[1]&1 == 0 {
					return errors.New("it takes nothing there")
				}
				err = d.tell(target, "XdndDrop", 0, xproto.TimeCurrentTime, 0, 0)
			case d.atoms["XdndFinished"]:
				// One bit says so, but GLFW puts there how much it got.
				if word[1] == 0 {
					return errors.New("it did not take the files")
				}
				return nil
			}
		}
	}
	return err
}

func (d *dragged) tell(target xproto.Window, what string, words ...uint32) error {
	event := xproto.ClientMessageEvent{
		Format: 32, Window: target, Type: d.atoms[what],
		Data: xproto.ClientMessageDataUnionData32New(append([]uint32{uint32(d.own)}, words...)),
	}
	return xproto.SendEventChecked(d.conn, false, target, xproto.EventMaskNoEvent, string(event.Bytes())).Check()
}

// hand gives the names of the files to the window that asks for them.
func (d *dragged) hand(asked xproto.SelectionRequestEvent) error {
	if asked.Target != d.atoms["text/uri-list"] {
		asked.Property = xproto.AtomNone // there is nothing else
	} else if err := xproto.ChangePropertyChecked(d.conn, xproto.PropModeReplace, asked.Requestor, asked.Property,
		asked.Target, 8, uint32(len(d.names)), []byte(d.names)).Check(); err != nil {
		return err
	}
	answer := xproto.SelectionNotifyEvent{
		Time: asked.Time, Requestor: asked.Requestor, Selection: asked.Selection, Target: asked.Target, Property: asked.Property,
	}
	return xproto.SendEventChecked(d.conn, false, asked.Requestor, xproto.EventMaskNoEvent, string(answer.Bytes())).Check()
}

// TestDragged: a window that cannot take files says so, and one that can gets
// their names. It checks the dragging itself, without the program.
func TestDragged(t *testing.T) {
	screen := newScreen(t, 300, 200)
	d, err := newDragged(screen.display, []string{"/folder/a file 文件.txt", "/b"})
	if err != nil {
		t.Fatal(err)
	}
	defer d.conn.Close()
	if want := "file:///folder/a%20file%20%E6%96%87%E4%BB%B6.txt\r\nfile:///b\r\n"; d.names != want {
		t.Errorf("names %q", d.names)
	}
	owner, err := xproto.GetSelectionOwner(d.conn, d.atoms["XdndSelection"]).Reply()
	if err != nil || owner.Owner != d.own {
		t.Errorf("the selection belongs to %v, %v", owner, err)
	}
	if got := strings.TrimSpace(screen.tryTool("xprop", "-id", fmt.Sprint(uint32(d.own)))); strings.Contains(got, "error") {
		t.Errorf("the window: %s", got)
	}
}
