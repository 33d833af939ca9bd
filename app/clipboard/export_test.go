package clipboard

import "context"

// What tests of the parts that every system has look at.
var (
	ParseScript = parseScript
	FromDIB     = fromDIB
	ErrOrder    = errOrder
)

// Owner is the other end of an exchange: what it answers, step by step.
type Owner struct {
	Forms  []string
	Pieces [][]byte // more than one come one by one
	Refuse bool     // the form that it offered
	Silent bool     // after saying what it has

	asked string
	turn  int
}

// Receive reads the picture of an owner.
func Receive(ctx context.Context, o *Owner) ([]byte, error) { return receive(ctx, o) }

func (o *Owner) convert(form string) error {
	o.asked = form
	return nil
}

func (o *Owner) next(ctx context.Context) (event, error) {
	picture := o.asked != formTargets
	switch {
	case picture && o.Silent:
		<-ctx.Done()
		return 0, ErrNoAnswer
	case picture && o.Refuse || !picture && o.Forms == nil:
		return refused, nil
	case o.turn > 0:
		return changed, nil
	}
	return arrived, nil
}

func (o *Owner) take(limit int) (string, []byte, error) {
	if o.asked == formTargets {
		return "ATOM", nil, nil
	}
	if len(o.Pieces) > 1 && o.turn == 0 {
		o.turn++
		return formPieces, []byte{0, 0, 0, 0}, nil
	}
	at := max(o.turn-1, 0)
	o.turn++
	if at >= len(o.Pieces) {
		return o.asked, nil, nil
	}
	if len(o.Pieces[at]) > limit {
		return "", nil, ErrTooLarge
	}
	return o.asked, o.Pieces[at], nil
}

func (o *Owner) names([]byte) ([]string, error) { return o.Forms, nil }
