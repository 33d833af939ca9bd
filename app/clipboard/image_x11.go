//go:build unix && !darwin

package clipboard

import (
	"context"
	"errors"
	"io"
	"log"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// The library writes its complaints to the error stream of the process, where
// they would stand among what a command prints. What matters comes as errors.
func init() { xgb.Logger = log.New(io.Discard, "", 0) }

// x11 asks the owner of the selection CLIPBOARD.
type x11 struct {
	conn     *xgb.Conn
	window   xproto.Window
	atoms    map[string]xproto.Atom
	property xproto.Atom
	events   chan xgb.Event // closed when the connection is
}

// fetchImage runs apart from the caller: the library waits without limit for a
// server that is stopped or far away.
func fetchImage(ctx context.Context) ([]byte, error) {
	type answer struct {
		data []byte
		err  error
	}
	answered := make(chan answer, 1)
	go func() {
		data, err := read(ctx)
		answered <- answer{data, err}
	}()
	select {
	case a := <-answered:
		return a.data, a.err
	case <-ctx.Done():
		return nil, ErrNoAnswer
	}
}

func read(ctx context.Context) ([]byte, error) {
	conn, err := xgb.NewConn()
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, conn.Close)()
	x := &x11{conn: conn, atoms: make(map[string]xproto.Atom), events: make(chan xgb.Event, 16)}
	if err := x.open(); err != nil {
		return nil, err
	}
	go x.listen(ctx)
	owner, err := xproto.GetSelectionOwner(conn, x.atoms["CLIPBOARD"]).Reply()
	if err != nil || owner.Owner == xproto.WindowNone {
		return nil, err
	}
	return receive(ctx, x)
}

// open makes a window that is never shown, to which the owner answers.
func (x *x11) open() error {
	for _, name := range append([]string{"CLIPBOARD", "FEIHONG_PASTE", formTargets, formPieces}, wantedForms...) {
		atom, err := xproto.InternAtom(x.conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			return err
		}
		x.atoms[name] = atom.Atom
	}
	x.property = x.atoms["FEIHONG_PASTE"]
	window, err := xproto.NewWindowId(x.conn)
	if err != nil {
		return err
	}
	x.window = window
	screen := xproto.Setup(x.conn).DefaultScreen(x.conn)
	return xproto.CreateWindowChecked(x.conn, 0, window, screen.Root, 0, 0, 1, 1, 0, xproto.WindowClassInputOnly, 0,
		xproto.CwEventMask, []uint32{xproto.EventMaskPropertyChange}).Check()
}

// listen passes on what the server tells until the connection is closed.
func (x *x11) listen(ctx context.Context) {
	defer close(x.events)
	for {
		happened, err := x.conn.WaitForEvent()
		if happened == nil && err == nil {
			return
		}
		if happened == nil {
			continue
		}
		select {
		case x.events <- happened:
		case <-ctx.Done():
			return
		}
	}
}

func (x *x11) convert(form string) error {
	return xproto.ConvertSelectionChecked(x.conn, x.window, x.atoms["CLIPBOARD"], x.atoms[form], x.property, xproto.TimeCurrentTime).Check()
}

func (x *x11) next(ctx context.Context) (event, error) {
	for {
		select {
		case <-ctx.Done():
			return 0, ErrNoAnswer
		case happened, open := <-x.events:
			if !open {
				return 0, ErrNoAnswer
			}
			switch e := happened.(type) {
			case xproto.SelectionNotifyEvent:
				if e.Property == xproto.AtomNone {
					return refused, nil
				}
				return arrived, nil
			case xproto.PropertyNotifyEvent:
				if e.Window == x.window && e.Atom == x.property && e.State == xproto.PropertyNewValue {
					return changed, nil
				}
			}
		}
	}
}

func (x *x11) take(limit int) (form string, data []byte, err error) {
	const words = 1 << 16 // read at a time, of four bytes
	for {
		part, err := xproto.GetProperty(x.conn, true, x.window, x.property, xproto.GetPropertyTypeAny, uint32(len(data)/4), words).Reply()
		if err != nil {
			return "", nil, err
		}
		form = x.nameOf(part.Type)
		if data = append(data, part.Value...); len(data) > limit || form != formPieces && int64(part.BytesAfter) > int64(limit) {
			return "", nil, ErrTooLarge
		}
		if part.BytesAfter == 0 {
			return form, data, nil
		}
		if len(part.Value)%4 != 0 || len(part.Value) == 0 {
			return "", nil, errOrder
		}
	}
}

// nameOf names what this package knows.
func (x *x11) nameOf(atom xproto.Atom) string {
	for name, known := range x.atoms {
		if known == atom {
			return name
		}
	}
	return ""
}

func (x *x11) names(data []byte) ([]string, error) {
	if len(data)%4 != 0 {
		return nil, errors.Join(errOrder, errors.New("clipboard: a list of forms has an odd length"))
	}
	var names []string
	for ; len(data) > 0; data = data[4:] {
		names = append(names, x.nameOf(xproto.Atom(xgb.Get32(data))))
	}
	return names, nil
}
