//go:build !windows

package socket_test

import (
	"errors"
	"maps"
	"net"
	"net/netip"
	"os"
	"slices"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"feihong/transport/ether/socket"
)

func fails(err syscall.Errno) error {
	return &net.OpError{Op: "read", Net: "udp", Err: os.NewSyscallError("recvmsg", err)}
}

// TestReadGoesOn: what others can cause any number of ends no Read, so that
// nobody pauses for it.
func TestReadGoesOn(t *testing.T) {
	reads := 0
	s := socket.Scripted(func() (int, error) {
		switch reads++; {
		case reads == 1001:
			return 7, nil
		case reads > 1001:
			return 0, fails(unix.ENETDOWN)
		case reads%2 == 0:
			return 0, fails(unix.EMSGSIZE)
		}
		return 0, fails(unix.ECONNREFUSED)
	}, nil, nil, nil)
	if n, _, err := s.Read(nil); n != 7 || err != nil {
		t.Errorf("read %d bytes, %v", n, err)
	}
	if _, _, err := s.Read(nil); !errors.Is(err, unix.ENETDOWN) {
		t.Errorf("then %v", err)
	}
}

func TestWriteErrors(t *testing.T) {
	for _, test := range []struct {
		first, then, want error
	}{
		{nil, nil, nil},
		{fails(unix.ECONNREFUSED), nil, nil},
		{fails(unix.EAGAIN), nil, socket.ErrFull},
		{fails(unix.ENOBUFS), nil, socket.ErrFull},
		{fails(unix.ENETUNREACH), nil, unix.ENETUNREACH},
	} {
		answers := []error{test.first, test.then}
		s := socket.Scripted(nil, func() error {
			err := answers[0]
			answers = answers[1:]
			return err
		}, nil, nil)
		if err := s.Write(nil, netip.MustParseAddrPort("10.0.0.1:9"), socket.Route{}); !errors.Is(err, test.want) {
			t.Errorf("%v, then %v: got %v", test.first, test.then, err)
		}
	}
}

// kernel is the memberships of a socket on a system that has room for three.
type kernel struct{ in map[int]bool }

func (k *kernel) join(index int) error {
	switch {
	case k.in[index]:
		return fails(unix.EADDRINUSE)
	case index >= 90:
		return fails(unix.ENODEV)
	case len(k.in) >= 3:
		return fails(unix.ENOBUFS)
	}
	k.in[index] = true
	return nil
}

func (k *kernel) leave(index int) error {
	delete(k.in, index)
	return nil
}

// TestFollow: the most important interfaces are joined, whatever was joined
// before; and it is told for which there is no room.
func TestFollow(t *testing.T) {
	k := &kernel{in: make(map[int]bool)}
	s := socket.Scripted(nil, nil, k.join, k.leave)
	for _, step := range []struct{ follow, in, failed []int }{
		{nil, nil, nil},
		{[]int{1, 2}, []int{1, 2}, nil},
		{[]int{1, 2, 3, 4, 5}, []int{1, 2, 3}, []int{4, 5}},
		{[]int{1, 2, 3, 4, 5}, []int{1, 2, 3}, []int{4, 5}},
		{[]int{5, 1, 2, 3}, []int{1, 2, 5}, []int{3}},
		{[]int{6, 7, 8}, []int{6, 7, 8}, nil}, // leave first
		{[]int{99, 7, 9}, []int{7, 9}, []int{99}},
		{[]int{7, 9, 4, 6}, []int{4, 7, 9}, []int{6}},
		{nil, nil, nil},
	} {
		failed := s.Follow(step.follow)
		if got := slices.Sorted(maps.Keys(k.in)); !slices.Equal(got, step.in) {
			t.Errorf("%v: joined are %v, want %v", step.follow, got, step.in)
		}
		if got := slices.Sorted(maps.Keys(failed)); !slices.Equal(got, step.failed) {
			t.Errorf("%v: failed are %v, want %v", step.follow, failed, step.failed)
		}
	}
	k.in = map[int]bool{}
	s.Follow([]int{1})
	delete(k.in, 1) // the interface goes and comes back
	if failed := s.Follow([]int{1}); failed != nil || !k.in[1] {
		t.Errorf("not joined again: %v", failed)
	}
}
