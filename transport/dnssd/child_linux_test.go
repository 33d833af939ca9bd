package dnssd_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"testing"
	"time"

	"go.uber.org/goleak"

	"feihong/transport/dnssd"
	"feihong/transport/ether"
	"feihong/transport/ether/namespace"
)

// A directory belongs to the network of its process, so each host of a test
// runs one in a process of its own: this program, started again.

const childName = "FEIHONG_DNSSD_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childName) != "" {
		os.Exit(child())
	}
	os.Exit(namespace.Main(func() int {
		code := m.Run()
		if err := goleak.Find(); code == 0 && err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return code
	}))
}

// order is what a test tells a child.
type order struct {
	Publish, Withdraw, Refresh bool
	Signed                     []byte
	Name                       string
}

// news is what a child tells the test.
type news struct {
	Signed []byte
	Gone   bool
}

// child serves until its input ends. It fails if that takes long or leaves
// anything behind.
func child() int {
	out := json.NewEncoder(os.Stdout)
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	var use func(ether.Interface) bool
	if os.Getenv(childName) == "loopback" {
		use = func(i ether.Interface) bool { return i.Loopback }
	}
	directory := dnssd.New(log, use)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	ended := make(chan error, 1)
	go func() {
		ended <- directory.Serve(ctx, func(signed []byte, gone bool) {
			_ = out.Encode(news{Signed: signed, Gone: gone}) // the test sees that it is missing
		})
	}()
	for orders := json.NewDecoder(os.Stdin); ; {
		var o order
		if err := orders.Decode(&o); err == io.EOF {
			break
		} else if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		switch {
		case o.Publish:
			directory.Publish(o.Signed, o.Name, 5000)
		case o.Withdraw:
			directory.Publish(nil, "", 0)
		case o.Refresh:
			directory.Refresh()
		}
	}
	cancel()
	select {
	case err := <-ended:
		if err == nil {
			err = goleak.Find()
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
	case <-time.After(time.Second):
		fmt.Fprintln(os.Stderr, "Serve does not end")
		return 1
	}
	return 0
}

// member is a directory on a host.
type member struct {
	t      testing.TB
	cmd    *exec.Cmd
	orders *json.Encoder
	input  io.Closer
	came   chan news
	ended  bool
}

func start(t testing.TB, on *namespace.Host, mode string) *member {
	t.Helper()
	m := &member{t: t, cmd: exec.Command("/proc/self/exe"), came: make(chan news, 1000)}
	m.cmd.Env = append(os.Environ(), childName+"="+mode)
	m.cmd.Stderr = os.Stderr
	input, err := m.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	output, err := m.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	m.orders, m.input = json.NewEncoder(input), input
	on.Do(func() { err = m.cmd.Start() })
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(m.came)
		for lines := bufio.NewScanner(output); lines.Scan(); {
			var one news
			if json.Unmarshal(lines.Bytes(), &one) == nil {
				m.came <- one
			}
		}
	}()
	t.Cleanup(m.stop)
	return m
}

func (m *member) tell(o order) {
	m.t.Helper()
	if err := m.orders.Encode(o); err != nil {
		m.t.Fatal(err)
	}
}

func (m *member) publish(signed []byte, name string) {
	m.t.Helper()
	m.tell(order{Publish: true, Signed: signed, Name: name})
}

// want waits for this report, whatever others there are.
func (m *member) want(what string, signed []byte, gone bool) {
	m.t.Helper()
	timer := time.NewTimer(15 * time.Second)
	defer timer.Stop()
	for {
		select {
		case one, ok := <-m.came:
			if !ok {
				m.t.Fatalf("%s: the directory ended", what)
			}
			if string(one.Signed) == string(signed) && one.Gone == gone {
				return
			}
		case <-timer.C:
			m.t.Fatalf("%s: never reported: %s", what, base64.StdEncoding.EncodeToString(signed[:8]))
		}
	}
}

// stop ends the directory in good order.
func (m *member) stop() {
	if m.ended {
		return
	}
	m.ended = true
	_ = m.input.Close()
	for range m.came {
	}
	if err := m.cmd.Wait(); err != nil {
		m.t.Errorf("the directory ended with %v", err)
	}
}
