package doctor_test

import (
	"context"
	"errors"
	"net/netip"
	"sync"
	"testing"
	"testing/synctest"

	"feihong/protocol"
	"feihong/transport"
	"feihong/transport/doctor"
)

var _ doctor.Session = (*transport.Session)(nil)

// line is one end of a session in memory.
type line struct {
	peer    protocol.PeerID
	address string
	dialed  string
	deliver func(body []byte)
	done    chan struct{}

	mu   sync.Mutex
	sent []protocol.DoctorMessage
	err  error
}

func (l *line) Peer() protocol.PeerID { return l.peer }
func (l *line) Name() string          { return "somebody" }
func (l *line) Address() string       { return l.address }
func (l *line) Dialed() string        { return l.dialed }
func (l *line) Done() <-chan struct{} { return l.done }

func (l *line) Send(app protocol.Application, body []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return l.err
	}
	message, err := protocol.DecodeDoctor(body)
	if err != nil || app != protocol.AppDoctor {
		return errors.Join(err, errors.New("no doctor's message"))
	}
	l.sent = append(l.sent, message)
	if l.deliver != nil {
		go l.deliver(body)
	}
	return nil
}

func (l *line) messages() []protocol.DoctorMessage {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.sent
}

// runs a Consultation for the length of a bubble.
func consult(t *testing.T, s *stage) (c *doctor.Consultation, end func()) {
	ctx, cancel := context.WithCancel(t.Context())
	c = doctor.NewConsultation(surgery(s), nil)
	ended := make(chan error)
	go func() { ended <- c.Serve(ctx) }()
	return c, func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

// pair connects two consultations, Own and Mei, by a session.
func pair(a, b *doctor.Consultation) (ofA, ofB *line) {
	ofA = &line{peer: mei, address: "192.168.1.30:50001", dialed: "192.168.1.30:50001", done: make(chan struct{})}
	ofB = &line{peer: self, address: "192.168.1.20:50000", done: make(chan struct{})}
	ofA.deliver = func(body []byte) { _ = b.Receive(ofB, body) }
	ofB.deliver = func(body []byte) { _ = a.Receive(ofA, body) }
	a.Up(ofA)
	b.Up(ofB)
	return ofA, ofB
}

func TestConsultation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		there := office().meiAt(own, 50000)
		there.dial = func(want protocol.PeerID) (protocol.PeerID, string, error) { return want, "", nil }
		a, endA := consult(t, office())
		b, endB := consult(t, there)
		defer endA()
		defer endB()
		pair(a, b)
		about := protocol.Examine{Address: netip.AddrPortFrom(own, 50000), Peer: self}
		got, err := a.Ask(t.Context(), mei, about)
		if err != nil || got.Refused || len(got.Steps) != 5 || got.Steps[2].Outcome != protocol.OutcomeOK {
			t.Errorf("got %+v, %v", got, err)
		}
		if got, err := a.Ask(t.Context(), mei, about); err != nil || !got.Refused {
			t.Errorf("too soon: got %+v, %v", got, err)
		}
		colleagues := a.Colleagues()
		if len(colleagues) != 1 || colleagues[0].ID != mei || colleagues[0].Address != desk || !colleagues[0].Dialed {
			t.Errorf("colleagues %+v", colleagues)
		}
		synctest.Wait()
	})
}

func TestConsultationAsksOnlyWhoIsThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, end := consult(t, office())
		defer end()
		if _, err := c.Ask(t.Context(), mei, protocol.Examine{Address: netip.AddrPortFrom(own, 1)}); err == nil {
			t.Error("somebody without a session was asked")
		}
		broken := &line{peer: mei, done: make(chan struct{}), err: errors.New("closed")}
		c.Up(broken)
		if _, err := c.Ask(t.Context(), mei, protocol.Examine{Address: netip.AddrPortFrom(own, 1)}); err == nil {
			t.Error("a broken session was asked")
		}
		c.Down(broken)
		if len(c.Colleagues()) != 0 {
			t.Error("a session that ended is still there")
		}
	})
}

// Answers count only over the session on which was asked, once.
func TestConsultationTakesNoOtherAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, end := consult(t, office())
		defer end()
		asked := &line{peer: mei, done: make(chan struct{})}
		other := &line{peer: wei, done: make(chan struct{})}
		c.Up(asked)
		c.Up(other)
		answers := make(chan protocol.Examined, 1)
		go func() {
			answer, err := c.Ask(t.Context(), mei, protocol.Examine{Address: netip.AddrPortFrom(own, 50000)})
			if err != nil {
				t.Error(err)
			}
			answers <- answer
		}()
		synctest.Wait()
		question := asked.messages()[0].(*protocol.Examine)
		forged := encode(t, &protocol.Examined{ID: question.ID, Refused: true})
		for _, err := range []error{
			c.Receive(other, forged),
			c.Receive(asked, encode(t, &protocol.Examined{ID: question.ID + 1})),
		} {
			if err != nil {
				t.Error(err)
			}
		}
		synctest.Wait()
		if len(answers) != 0 {
			t.Fatal("an answer of somebody else was taken")
		}
		genuine := encode(t, &protocol.Examined{ID: question.ID})
		for range 4 {
			if err := c.Receive(asked, genuine); err != nil {
				t.Error(err)
			}
		}
		if answer := <-answers; answer.Refused {
			t.Errorf("got %+v", answer)
		}
	})
}

func TestConsultationEndsWithItsSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, end := consult(t, office())
		defer end()
		session := &line{peer: mei, done: make(chan struct{})}
		c.Up(session)
		failed := make(chan error)
		go func() {
			_, err := c.Ask(t.Context(), mei, protocol.Examine{Address: netip.AddrPortFrom(own, 1)})
			failed <- err
		}()
		synctest.Wait()
		c.Down(session)
		if err := <-failed; err == nil || errors.Is(err, context.Canceled) {
			t.Errorf("got %v", err)
		}
	})
}

// A peer who asks without end is refused at once and holds nothing up.
func TestConsultationFlood(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, end := consult(t, office())
		defer end()
		session := &line{peer: mei, address: "192.168.1.30:50001", done: make(chan struct{})}
		c.Up(session)
		const many = 1000
		for id := range uint64(many) {
			body := encode(t, &protocol.Examine{ID: id, Address: netip.AddrPortFrom(desk, 50001), Peer: mei})
			if err := c.Receive(session, body); err != nil {
				t.Fatal(err)
			}
		}
		close(session.done) // they leave: nobody looks any longer
		synctest.Wait()
		refused := 0
		for _, message := range session.messages() {
			if message.(*protocol.Examined).Refused {
				refused++
			}
		}
		if total := len(session.messages()); total != many || refused != many-1 {
			t.Errorf("%d answers, %d refused", total, refused)
		}
	})
}

func TestConsultationTellsBadMessages(t *testing.T) {
	c := doctor.NewConsultation(surgery(office()), nil)
	var format *protocol.FormatError
	if err := c.Receive(&line{peer: mei}, []byte{0xff}); !errors.As(err, &format) {
		t.Errorf("got %v", err)
	}
}

func encode(t *testing.T, m protocol.DoctorMessage) []byte {
	t.Helper()
	body, err := protocol.EncodeDoctor(m)
	if err != nil {
		t.Fatal(err)
	}
	return body
}
