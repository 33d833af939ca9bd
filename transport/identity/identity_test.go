package identity_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"feihong/protocol"
	"feihong/transport/identity"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func generate(t *testing.T) *identity.Identity {
	t.Helper()
	id, err := identity.Generate()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestLoadOrCreate(t *testing.T) {
	path := filepath.Join(t.TempDir(), "identity.key")
	first, created, err := identity.LoadOrCreate(path)
	if err != nil || !created {
		t.Fatalf("created %v, error %v", created, err)
	}
	second, created, err := identity.LoadOrCreate(path)
	if err != nil || created {
		t.Fatalf("created %v, error %v", created, err)
	}
	if first.PeerID() != second.PeerID() || first.PeerID().IsZero() {
		t.Errorf("IDs %v and %v", first.PeerID(), second.PeerID())
	}
	if !bytes.Equal(first.Certificate().Certificate[0], second.Certificate().Certificate[0]) {
		t.Error("the certificate of one key changed")
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("file: %v, %v", info, err)
	}
	if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestLoadClosesFileToOthers(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no permission bits")
	}
	path := filepath.Join(t.TempDir(), "identity.key")
	if _, _, err := identity.LoadOrCreate(path); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	id, _, err := identity.LoadOrCreate(path)
	if err != nil || id.Exposed() {
		t.Fatalf("exposed, or error %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("file: %v, %v", info, err)
	}
}

func TestDamagedFileIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "identity.key")
	if _, _, err := identity.LoadOrCreate(path); err != nil {
		t.Fatal(err)
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	other, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	otherDER, err := x509.MarshalPKCS8PrivateKey(other)
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string][]byte{
		"empty":          {},
		"cut off":        good[:len(good)/2],
		"text":           []byte("not a key"),
		"zeros":          make([]byte, 200),
		"flipped":        bytes.Replace(good, []byte("MC4C"), []byte("MC4D"), 1),
		"twice":          append(bytes.Clone(good), good...),
		"other type":     bytes.ReplaceAll(good, []byte("PRIVATE KEY"), []byte("PUBLIC KEY")),
		"other key":      pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: otherDER}),
		"enormous":       append(bytes.Clone(good), bytes.Repeat([]byte("\n"), 1<<20)...),
		"something else": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: []byte("abc")}),
	}
	for name, data := range tests {
		t.Run(name, func(t *testing.T) {
			if err := os.WriteFile(path, data, 0o600); err != nil {
				t.Fatal(err)
			}
			id, created, err := identity.LoadOrCreate(path)
			var problem *identity.FileError
			if id != nil || created || !errors.As(err, &problem) || problem.Problem != identity.FileDamaged {
				t.Fatalf("got %v, %v, %v", id, created, err)
			}
			if key, args := problem.UserText(); key != "identity.damaged" || args["path"] != path {
				t.Errorf("shown as %s %v", key, args)
			}
			if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, data) {
				t.Errorf("the file was changed: %v", err)
			}
		})
	}
}

func TestUnusablePath(t *testing.T) {
	dir := t.TempDir()
	link := filepath.Join(dir, "link")
	if err := os.Symlink(filepath.Join(dir, "nowhere"), link); err != nil {
		t.Skip("no symbolic links here")
	}
	tests := []struct {
		name, path string
		want       identity.FileProblem
	}{
		{"directory", dir, identity.FileUnreadable},
		{"link to nowhere", link, identity.FileUnreadable},
		{"missing directory", filepath.Join(dir, "none", "identity.key"), identity.FileUnwritable},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, _, err := identity.LoadOrCreate(test.path)
			var problem *identity.FileError
			if !errors.As(err, &problem) || problem.Problem != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

// connect runs a handshake and returns what both sides saw.
func connect(t *testing.T, server, client *tls.Config) (atServer, atClient tls.ConnectionState, serverErr, clientErr error) {
	t.Helper()
	a, b := net.Pipe()
	defer func() { _ = a.Close(); _ = b.Close() }()
	serverSide, clientSide := tls.Server(a, server), tls.Client(b, client)
	done := make(chan error, 1)
	go func() {
		err := serverSide.Handshake()
		if err == nil {
			_, err = serverSide.Write([]byte("x"))
		} else {
			_ = a.Close()
		}
		done <- err
	}()
	clientErr = clientSide.Handshake()
	if clientErr == nil {
		// The server judges the client's certificate after the client is done.
		_, clientErr = io.ReadFull(clientSide, make([]byte, 1))
	}
	_ = b.Close()
	serverErr = <-done
	return serverSide.ConnectionState(), clientSide.ConnectionState(), serverErr, clientErr
}

func TestHandshake(t *testing.T) {
	alice, bob := generate(t), generate(t)
	atServer, atClient, serverErr, clientErr := connect(t, alice.ServerTLS(), bob.ClientTLS())
	if serverErr != nil || clientErr != nil {
		t.Fatalf("server: %v, client: %v", serverErr, clientErr)
	}
	if got, err := identity.PeerOf(atServer); err != nil || got != bob.PeerID() {
		t.Errorf("server saw %v, %v", got, err)
	}
	if got, err := identity.PeerOf(atClient); err != nil || got != alice.PeerID() {
		t.Errorf("client saw %v, %v", got, err)
	}
	if atClient.Version != tls.VersionTLS13 || atClient.NegotiatedProtocol != protocol.ALPN {
		t.Errorf("version %x, protocol %q", atClient.Version, atClient.NegotiatedProtocol)
	}
}

func TestHandshakeIgnoresClocks(t *testing.T) {
	alice, bob := generate(t), generate(t)
	for _, year := range []int{1970, 1999, 2026, 2100, 9999} {
		server, client := alice.ServerTLS(), bob.ClientTLS()
		server.Time = func() time.Time { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC) }
		client.Time = func() time.Time { return time.Date(11969-year, 1, 1, 0, 0, 0, 0, time.UTC) }
		if _, _, serverErr, clientErr := connect(t, server, client); serverErr != nil || clientErr != nil {
			t.Errorf("in %d: server: %v, client: %v", year, serverErr, clientErr)
		}
	}
	synctest.Test(t, func(t *testing.T) { // a machine whose clock says 2000
		if _, _, serverErr, clientErr := connect(t, alice.ServerTLS(), generate(t).ClientTLS()); serverErr != nil || clientErr != nil {
			t.Errorf("server: %v, client: %v", serverErr, clientErr)
		}
	})
}

func TestHandshakeRefusesStrangers(t *testing.T) {
	alice, bob := generate(t), generate(t)
	change := func(f func(*tls.Config)) *tls.Config {
		config := bob.ClientTLS()
		f(config)
		return config
	}
	tests := map[string]*tls.Config{
		"no certificate": change(func(c *tls.Config) { c.Certificates = nil }),
		"no protocol":    change(func(c *tls.Config) { c.NextProtos = nil; c.VerifyConnection = nil }),
		"other protocol": change(func(c *tls.Config) { c.NextProtos = []string{"h2"}; c.VerifyConnection = nil }),
		"TLS 1.2":        change(func(c *tls.Config) { c.MinVersion, c.MaxVersion = tls.VersionTLS12, tls.VersionTLS12 }),
		"other key":      change(func(c *tls.Config) { c.Certificates = []tls.Certificate{ecdsaCertificate(t)} }),
		"two certificates": change(func(c *tls.Config) {
			own := bob.Certificate()
			own.Certificate = [][]byte{own.Certificate[0], alice.Certificate().Certificate[0]}
			c.Certificates = []tls.Certificate{own}
		}),
		"somebody else's certificate": change(func(c *tls.Config) {
			stolen := bob.Certificate()
			stolen.Certificate = alice.Certificate().Certificate
			stolen.Leaf = nil
			c.Certificates = []tls.Certificate{stolen}
		}),
	}
	for name, client := range tests {
		t.Run(name, func(t *testing.T) {
			if _, _, serverErr, _ := connect(t, alice.ServerTLS(), client); serverErr == nil {
				t.Error("the server took it")
			}
		})
	}
}

func TestClientRefusesOtherServers(t *testing.T) {
	bob := generate(t)
	server := &tls.Config{Certificates: []tls.Certificate{ecdsaCertificate(t)}}
	if _, _, _, err := connect(t, server, bob.ClientTLS()); !errors.Is(err, identity.ErrOtherProtocol) {
		t.Errorf("got %v", err)
	}
}

func ecdsaCertificate(t *testing.T) tls.Certificate {
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
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func TestPeerOfIsHashOfKey(t *testing.T) {
	id := generate(t)
	leaf, err := x509.ParseCertificate(id.Certificate().Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	if got := protocol.PeerIDOf(leaf.PublicKey.(ed25519.PublicKey)); got != id.PeerID() {
		t.Errorf("certificate of %v, identity %v", got, id.PeerID())
	}
	if _, err := identity.PeerOf(tls.ConnectionState{}); err == nil {
		t.Error("no certificate is somebody")
	}
}

// TestSign: a signature is of the key that the ID names, and always the same.
func TestSign(t *testing.T) {
	id, other := generate(t), generate(t)
	if protocol.PeerIDOf(id.PublicKey()) != id.PeerID() {
		t.Error("the public key has another ID")
	}
	message := []byte("test of the identity package\x00message")
	signature := id.Sign(message)
	if !ed25519.Verify(id.PublicKey(), message, signature) {
		t.Error("the signature does not hold")
	}
	if ed25519.Verify(other.PublicKey(), message, signature) {
		t.Error("the signature holds for another key")
	}
	if !bytes.Equal(id.Sign(message), signature) {
		t.Error("the second signature is another")
	}
	clear(id.PublicKey())
	if protocol.PeerIDOf(id.PublicKey()) != id.PeerID() {
		t.Error("a caller changed the public key")
	}
}

// TestSignedAnnouncementOpens: what an identity signs is opened as its own.
func TestSignedAnnouncementOpens(t *testing.T) {
	id := generate(t)
	raw, err := protocol.SignAnnouncement(&protocol.Announcement{
		MinVersion: protocol.MinVersion, MaxVersion: protocol.Version, Key: id.PublicKey(), Sequence: 1, Status: protocol.StatusOnline,
	}, id.Sign)
	if err != nil {
		t.Fatal(err)
	}
	if a, err := protocol.OpenAnnouncement(raw); err != nil || a.Peer() != id.PeerID() {
		t.Errorf("gave %v, %v", a, err)
	}
}
