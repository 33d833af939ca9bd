package notify

import (
	"context"
	"log/slog"
	"sync"
)

// App is what a desktop shows beside a notification, and files it under.
type App struct {
	ID   string // as the desktop entry is called, im.feihong.desktop
	Name string
	Icon string // path of a picture, or "" for none
	Open string // the label of what a click does, in the user's language
}

// Notification is what the user is told. Texts are plain, whatever they look
// like; what is long is cut.
type Notification struct {
	Key   string // of the conversation; what has the same key is replaced
	Title string
	Text  string
}

// event is what became of a notification on the screen.
type event struct {
	handle  uint32
	clicked bool // else it is gone
}

// server is what shows notifications: a connection to the desktop.
type server interface {
	// show shows n, in place of the notification with the handle instead if
	// that is not 0.
	show(ctx context.Context, n Notification, instead uint32) (handle uint32, err error)
	withdraw(ctx context.Context, handle uint32) error
	// events is closed when the connection is lost.
	events() <-chan event
	close()
}

// Service shows notifications. Show and Withdraw are safe for concurrent use
// and never wait; they are carried out while Serve runs.
type Service struct {
	log     *slog.Logger
	clicked func(key string)
	dial    func(ctx context.Context) (server, error)

	mu     sync.Mutex
	orders map[string]*Notification // by key; nil withdraws
	queue  []string                 // keys of orders, the oldest first
	wake   chan struct{}            // has room for one

	shown map[string]uint32 // the goroutine of Serve only, as is the rest
	keys  map[uint32]string
	to    server // nil while there is none
}

// maxOrders bounds what waits for a desktop that does not answer. The oldest
// is dropped: the newest is what the user wants to know.
const maxOrders = 64

// New makes a service for the desktop of this system. clicked is called from
// the goroutine of Serve with the key of a notification that was clicked; it
// must not block. A nil logger keeps silent.
func New(app App, clicked func(key string), logger *slog.Logger) *Service {
	return newService(func(ctx context.Context) (server, error) { return dial(ctx, app) }, clicked, logger)
}

func newService(dial func(context.Context) (server, error), clicked func(string), logger *slog.Logger) *Service {
	if logger == nil {
		logger = slog.New(slog.DiscardHandler)
	}
	return &Service{
		log:     logger,
		clicked: clicked,
		dial:    dial,
		orders:  make(map[string]*Notification),
		wake:    make(chan struct{}, 1),
		shown:   make(map[string]uint32),
		keys:    make(map[uint32]string),
	}
}

// Show shows n in place of what was shown for the same key.
func (s *Service) Show(n Notification) {
	n.Title, n.Text = plain(n.Title, maxTitleRunes, 1), plain(n.Text, maxTextRunes, maxTextLines)
	s.order(n.Key, &n)
}

// Withdraw takes back what is shown for a key, if anything is.
func (s *Service) Withdraw(key string) { s.order(key, nil) }

func (s *Service) order(key string, n *Notification) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, waits := s.orders[key]; !waits {
		if len(s.queue) == maxOrders {
			delete(s.orders, s.queue[0])
			s.queue = s.queue[1:]
		}
		s.queue = append(s.queue, key)
	}
	s.orders[key] = n
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// next takes the oldest order.
func (s *Service) next() (key string, n *Notification, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		return "", nil, false
	}
	key = s.queue[0]
	n = s.orders[key]
	s.queue = s.queue[1:]
	delete(s.orders, key)
	return key, n, true
}

// Serve carries out orders and tells of clicks until ctx ends. What is shown
// then is withdrawn: a click on it could not be heard any more.
func (s *Service) Serve(ctx context.Context) error {
	defer s.leave()
	for {
		var events <-chan event
		if s.to != nil {
			events = s.to.events()
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.wake:
			s.carryOut(ctx)
		case e, open := <-events:
			s.happened(e, open)
		}
	}
}

func (s *Service) carryOut(ctx context.Context) {
	for ctx.Err() == nil {
		key, n, ok := s.next()
		if !ok {
			return
		}
		if err := s.do(ctx, key, n); err != nil {
			s.log.Debug("notification", "err", err)
		}
	}
}

func (s *Service) do(ctx context.Context, key string, n *Notification) error {
	handle := s.shown[key]
	if n == nil && handle == 0 {
		return nil
	}
	if s.to == nil {
		var err error
		if s.to, err = s.dial(ctx); err != nil {
			s.to = nil
			return err
		}
	}
	if n == nil {
		s.forget(handle)
		return s.to.withdraw(ctx, handle)
	}
	// An end in the middle would leave something on the screen that nobody knows.
	now, err := s.to.show(context.WithoutCancel(ctx), *n, handle)
	if err != nil {
		return err
	}
	s.forget(handle)
	s.shown[key], s.keys[now] = now, key
	return nil
}

func (s *Service) forget(handle uint32) {
	delete(s.shown, s.keys[handle])
	delete(s.keys, handle)
}

func (s *Service) happened(e event, open bool) {
	if !open {
		s.to.close()
		s.to = nil
		clear(s.shown)
		clear(s.keys)
		return
	}
	key, known := s.keys[e.handle]
	if !known {
		return // of another program
	}
	s.forget(e.handle)
	if e.clicked {
		s.clicked(key)
	}
}

// leave withdraws everything.
func (s *Service) leave() {
	if s.to == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), answerTime)
	defer cancel()
	for handle := range s.keys {
		_ = s.to.withdraw(ctx, handle) // the desktop may be gone
	}
	s.to.close()
}
