package notify

import "context"

// What the tests need of the inside.
var (
	Plain  = plain
	Markup = markup.Replace
)

// Limits of texts.
const (
	MaxTitleRunes = maxTitleRunes
	MaxTextRunes  = maxTextRunes
	MaxTextLines  = maxTextLines
	MaxOrders     = maxOrders
)

// Event is an event.
type Event struct {
	Handle  uint32
	Clicked bool
}

// Desktop is a server in a test.
type Desktop interface {
	Show(n Notification, instead uint32) (uint32, error)
	Withdraw(handle uint32) error
	Events() <-chan Event
	Close()
}

type adapter struct {
	Desktop
	out chan event
}

func (a adapter) show(_ context.Context, n Notification, instead uint32) (uint32, error) {
	return a.Show(n, instead)
}
func (a adapter) withdraw(_ context.Context, handle uint32) error { return a.Withdraw(handle) }
func (a adapter) events() <-chan event                            { return a.out }
func (a adapter) close()                                          { a.Close() }

// NewFor makes a service for a desktop in a test.
func NewFor(dial func() (Desktop, error), clicked func(string)) *Service {
	return newService(func(context.Context) (server, error) {
		d, err := dial()
		if err != nil {
			return nil, err
		}
		out := make(chan event)
		go func() {
			defer close(out)
			for e := range d.Events() {
				out <- event{handle: e.Handle, clicked: e.Clicked}
			}
		}()
		return adapter{d, out}, nil
	}, clicked, nil)
}
