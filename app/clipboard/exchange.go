package clipboard

import (
	"context"
	"errors"
)

// exchange is a conversation with the program that owns a selection of X11, by
// way of a property of a window of ours.
type exchange interface {
	// convert asks for the selection in a form.
	convert(form string) error
	// next waits for what happens.
	next(ctx context.Context) (event, error)
	// take returns what the property has, the name of its type first, and
	// deletes it, which asks the owner for more of a picture in pieces. More
	// than limit bytes are an error.
	take(limit int) (form string, data []byte, err error)
	// names returns the names of the forms in a property of TARGETS.
	names(data []byte) ([]string, error)
}

type event uint8

const (
	refused event = iota // the selection is not to be had in that form
	arrived              // it is in the property
	changed              // the property has a new value
)

// Forms of the selection.
const (
	formTargets = "TARGETS" // which forms there are
	formPieces  = "INCR"    // more follows
)

// wantedForms are those that are read, the best first.
var wantedForms = []string{"image/png", "image/jpeg"}

// maxForms bounds how many forms of an owner are looked at.
const maxForms = 256

var errOrder = errors.New("clipboard: the other program does not keep to the rules")

// receive returns the picture of a selection, nil if it has none.
func receive(ctx context.Context, x exchange) ([]byte, error) {
	if there, err := ask(ctx, x, formTargets); err != nil || !there {
		return nil, err
	}
	_, list, err := x.take(4 * maxForms)
	if err != nil {
		return nil, err
	}
	offered, err := x.names(list)
	if err != nil {
		return nil, err
	}
	form := choose(offered)
	if form == "" {
		return nil, nil
	}
	if there, err := ask(ctx, x, form); err != nil || !there {
		return nil, err
	}
	came, data, err := x.take(MaxBytes)
	if err != nil || came != formPieces {
		return data, err
	}
	return pieces(ctx, x)
}

// ask asks for a form and says whether it is there.
func ask(ctx context.Context, x exchange, form string) (bool, error) {
	if err := x.convert(form); err != nil {
		return false, err
	}
	for {
		switch happened, err := x.next(ctx); {
		case err != nil:
			return false, err
		case happened == refused:
			return false, nil
		case happened == arrived:
			return true, nil
		}
	}
}

// pieces collects what comes piece by piece; an empty one is the end.
func pieces(ctx context.Context, x exchange) ([]byte, error) {
	var all []byte
	for {
		happened, err := x.next(ctx)
		if err != nil {
			return nil, err
		}
		if happened != changed {
			return nil, errOrder
		}
		_, piece, err := x.take(MaxBytes - len(all))
		if err != nil {
			return nil, err
		}
		if len(piece) == 0 {
			return all, nil
		}
		all = append(all, piece...)
	}
}

func choose(offered []string) string {
	for _, wanted := range wantedForms {
		for _, form := range offered {
			if form == wanted {
				return form
			}
		}
	}
	return ""
}
