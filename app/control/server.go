package control

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"
)

// Server serves the control interface on a Unix socket.
type Server struct {
	listener net.Listener
	http     *http.Server
}

// Listen opens the socket at path, mode 0600. The handler may come later, but
// before Serve.
func Listen(path string) (*Server, error) {
	listener, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("open the control socket %s: %w", path, err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("protect the control socket %s: %w", path, err), listener.Close())
	}
	return &Server{
		listener: listener,
		http:     &http.Server{ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 16 << 10},
	}, nil
}

// farewell is how long requests under way may take to be answered once the
// profile ends: they are told to, so all that takes time is the disk.
const farewell = 2 * time.Second

// Serve answers requests until ctx ends, and then ends those under way: whoever
// waits is told how far it has come.
func (s *Server) Serve(ctx context.Context, handler http.Handler) error {
	s.http.Handler = handler
	s.http.BaseContext = func(net.Listener) context.Context { return ctx }
	served := make(chan error, 1)
	go func() { served <- s.http.Serve(s.listener) }()
	select {
	case err := <-served:
		return errors.Join(fmt.Errorf("serve the control socket: %w", err), s.http.Close())
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), farewell)
	defer cancel()
	if s.http.Shutdown(last) != nil {
		_ = s.http.Close() // their clients see the connection end
	}
	<-served
	return nil
}

// Close ends a server that never came to serve.
func (s *Server) Close() error { return s.listener.Close() }
