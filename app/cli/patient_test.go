package cli_test

import (
	"context"
	"io"
	"strings"
	"testing"
	"testing/synctest"

	"feihong/app/cli"
	"feihong/app/control"
)

// stalled is a stream that nobody reads until release is closed.
type stalled struct {
	began   chan struct{} // gets an element for each write
	release chan struct{}
}

func (s *stalled) Write(p []byte) (int, error) {
	s.began <- struct{}{}
	<-s.release
	return len(p), nil
}

// TestStalledStreamDoesNotHoldTheProfile: whoever stops a command whose output
// nobody reads gets the profile back.
func TestStalledStreamDoesNotHoldTheProfile(t *testing.T) {
	event := `{"event":"ready"}`
	tests := map[string]struct {
		args   []string
		answer any
	}{
		"daemon":  {[]string{"daemon"}, strings.Repeat("data: "+event+"\n\n", 100)},
		"history": {[]string{"history", "Bob", "--json"}, make([]control.Message, 100)},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				out := &stalled{began: make(chan struct{}, 1), release: make(chan struct{})}
				ctx, stop := context.WithCancel(t.Context())
				code := make(chan int)
				go func() {
					streams := cli.Streams{In: strings.NewReader(""), Out: out, Err: io.Discard}
					code <- cli.Run(ctx, &host{answer: test.answer}, test.args, streams)
				}()
				<-out.began
				stop()
				<-code // or the bubble is stuck, and the test fails
				if len(out.began) > 0 {
					t.Error("it went on to write")
				}
				close(out.release)
			})
		})
	}
}

// TestSlowStreamIsWaitedFor: the last line is written out if somebody reads
// after all.
func TestSlowStreamIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		reader, writer := io.Pipe()
		ctx, stop := context.WithCancel(t.Context())
		code := make(chan int)
		go func() {
			streams := cli.Streams{In: strings.NewReader(""), Out: writer, Err: io.Discard}
			code <- cli.Run(ctx, &host{}, []string{"version"}, streams)
			_ = writer.Close() // never fails
		}()
		synctest.Wait()
		stop()
		go func() { <-code }()
		if all, err := io.ReadAll(reader); err != nil || !strings.Contains(string(all), "1.2.3") {
			t.Errorf("read %q, %v", all, err)
		}
	})
}
