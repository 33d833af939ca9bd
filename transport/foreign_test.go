package transport_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"feihong/protocol"
	"feihong/transport"
)

// serveRaw accepts connections and treats each as given until the test ends.
func serveRaw(t *testing.T, treat func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			treat(conn)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = l.Close(); <-done })
	return l.Addr().String()
}

func foreignTLS(t *testing.T, alpn ...string) *tls.Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}, NextProtos: alpn}
}

func TestDialForeignServer(t *testing.T) {
	alice := serve(t, "Alice", nil)
	web := httptest.NewServer(http.NotFoundHandler())
	defer web.Close()
	secureWeb := httptest.NewUnstartedServer(http.NotFoundHandler())
	secureWeb.Config.ErrorLog = log.New(io.Discard, "", 0)
	secureWeb.StartTLS()
	defer secureWeb.Close()
	say := func(data string) func(net.Conn) {
		return func(conn net.Conn) {
			_, _ = conn.Write([]byte(data))
			_, _ = conn.Read(make([]byte, 4096))
		}
	}
	shake := func(config *tls.Config) func(net.Conn) {
		return func(conn net.Conn) { _ = tls.Server(conn, config).Handshake() }
	}
	old := foreignTLS(t)
	old.MaxVersion = tls.VersionTLS12
	tests := []struct {
		name, address string
		want          transport.Answer
	}{
		{"HTTP", web.Listener.Addr().String(), transport.AnswerHTTP},
		{"HTTPS", secureWeb.Listener.Addr().String(), transport.AnswerTLS},
		{"SSH", serveRaw(t, say("SSH-2.0-OpenSSH_9.9\r\n")), transport.AnswerSSH},
		{"FTP", serveRaw(t, say("220 welcome\r\n")), transport.AnswerOther},
		{"zeros", serveRaw(t, say(strings.Repeat("\x00", 100))), transport.AnswerOther},
		{"random", serveRaw(t, say("\x9f\x01\xc3\x88\x41\x07\x00\xff")), transport.AnswerOther},
		{"immediate close", serveRaw(t, func(net.Conn) {}), transport.AnswerClosed},
		{"close after reading", serveRaw(t, say("")), transport.AnswerClosed},
		{"TLS without ALPN", serveRaw(t, shake(foreignTLS(t))), transport.AnswerTLS},
		{"TLS with other ALPN", serveRaw(t, shake(foreignTLS(t, "h2"))), transport.AnswerTLS},
		{"TLS with our ALPN and another key", serveRaw(t, shake(foreignTLS(t, protocol.ALPN))), transport.AnswerTLS},
		{"TLS 1.2", serveRaw(t, shake(old)), transport.AnswerTLS},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := alice.Dial(t.Context(), test.address, protocol.PeerID{})
			var foreign *transport.NotFeihongError
			if !errors.As(err, &foreign) || foreign.Answer != test.want {
				t.Fatalf("got %#v (%v), want %s", err, err, test.want)
			}
			if !strings.Contains(err.Error(), test.address) || errors.Unwrap(err) == nil {
				t.Errorf("message %q", err)
			}
		})
	}
}

func TestDialSilentServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		network := newMemNetwork()
		network.listen("10.0.0.9:5000")
		alice := serve(t, "Alice", inMemory(network, "10.0.0.1:5000"))
		start := time.Now()
		_, err := alice.Dial(t.Context(), "10.0.0.9:5000", protocol.PeerID{})
		var foreign *transport.NotFeihongError
		if !errors.As(err, &foreign) || foreign.Answer != transport.AnswerSilence {
			t.Errorf("got %v", err)
		}
		if took := time.Since(start); took != 10*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

// TestDialBadHello is about programs that speak our TLS and nothing else.
func TestDialBadHello(t *testing.T) {
	alice := serve(t, "Alice", nil)
	bob := newIdentity(t)
	answer := func(data []byte) string {
		return serveRaw(t, func(conn net.Conn) {
			secured := tls.Server(conn, bob.ServerTLS())
			if _, err := protocol.NewFrameReader(secured).Next(); err == nil {
				_, _ = secured.Write(data)
				_ = secured.CloseWrite()
				_, _ = io.Copy(io.Discard, conn)
			}
		})
	}
	stranger := &protocol.Hello{MinVersion: 1, MaxVersion: 1, Peer: newIdentity(t).PeerID()}
	future := &protocol.Hello{MinVersion: 7, MaxVersion: 9, Peer: bob.PeerID()}
	tests := []struct {
		name    string
		data    []byte
		problem error
	}{
		{"nothing", nil, new(transport.UnreachableError)},
		{"half a header", []byte{0, 0}, new(transport.UnreachableError)},
		{"half a hello", linkFrame(t, stranger)[:20], new(transport.NotFeihongError)},
		{"garbage", []byte("HTTP/1.1 200 OK\r\n\r\n"), new(transport.NotFeihongError)},
		{"a chat frame", frame(protocol.AppChat, []byte{0xa0}), new(transport.NotFeihongError)},
		{"a ping", linkFrame(t, &protocol.Ping{}), new(transport.NotFeihongError)},
		{"hello of another peer", linkFrame(t, stranger), new(transport.NotFeihongError)},
		{"hello of a later version", linkFrame(t, future), new(transport.VersionError)},
		{"version error", linkFrame(t, &protocol.Error{Code: protocol.CodeVersion}), new(transport.VersionError)},
		{"busy", linkFrame(t, &protocol.Error{Code: protocol.CodeBusy, Text: "later"}), new(transport.RefusedError)},
		{"a code of the future", linkFrame(t, &protocol.Error{Code: 999}), new(transport.RefusedError)},
		{"self", linkFrame(t, &protocol.Error{Code: protocol.CodeSelf}), new(transport.SelfError)},
		{"duplicate without another", linkFrame(t, &protocol.Error{Code: protocol.CodeDuplicateSession}), new(transport.RefusedError)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := alice.Dial(t.Context(), answer(test.data), bob.PeerID())
			if !sameType(err, test.problem) {
				t.Fatalf("got %T (%v), want %T", err, err, test.problem)
			}
			checkUserText(t, err)
		})
	}
}

func sameType(err, want error) bool {
	switch want.(type) {
	case *transport.UnreachableError:
		return errors.As(err, new(*transport.UnreachableError))
	case *transport.NotFeihongError:
		return errors.As(err, new(*transport.NotFeihongError))
	case *transport.VersionError:
		return errors.As(err, new(*transport.VersionError))
	case *transport.RefusedError:
		return errors.As(err, new(*transport.RefusedError))
	case *transport.SelfError:
		return errors.As(err, new(*transport.SelfError))
	}
	return false
}
