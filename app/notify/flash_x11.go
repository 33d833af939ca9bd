//go:build unix && !darwin

package notify

import (
	"io"
	"log"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// The library writes its complaints to the error stream of the process.
func init() { xgb.Logger = log.New(io.Discard, "", 0) }

// Flash lets the window with an X11 ID ask for attention, or no longer, by the
// Extended Window Manager Hints. It waits for the X server.
func Flash(window uintptr, on bool) error {
	conn, err := xgb.NewConn()
	if err != nil {
		return err
	}
	defer conn.Close()
	state, err := atom(conn, "_NET_WM_STATE")
	if err != nil {
		return err
	}
	demands, err := atom(conn, "_NET_WM_STATE_DEMANDS_ATTENTION")
	if err != nil {
		return err
	}
	action := uint32(0)
	if on {
		action = 1
	}
	message := xproto.ClientMessageEvent{
		Format: 32,
		Window: xproto.Window(window),
		Type:   state,
		Data:   xproto.ClientMessageDataUnionData32New([]uint32{action, uint32(demands), 0, 1, 0}),
	}
	root := xproto.Setup(conn).DefaultScreen(conn).Root
	const mask = xproto.EventMaskSubstructureRedirect | xproto.EventMaskSubstructureNotify
	return xproto.SendEventChecked(conn, false, root, mask, string(message.Bytes())).Check()
}

func atom(conn *xgb.Conn, name string) (xproto.Atom, error) {
	reply, err := xproto.InternAtom(conn, false, uint16(len(name)), name).Reply()
	if err != nil {
		return 0, err
	}
	return reply.Atom, nil
}
