// Package identity holds the key pair that is a person on the network: its
// file, its certificate and the TLS settings that prove it.
//
// The public key is the person. A certificate only carries the key through
// TLS: it is self-signed, always the same for one key, and its validity dates
// are never looked at, so a machine with a wrong clock still gets through.
// Deciding whom to trust is left to the caller, who compares the peer ID.
package identity

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"fmt"
	"math/big"
	"time"

	"feihong/protocol"
)

// Identity is one key pair. It never changes and is safe for concurrent use.
type Identity struct {
	key         ed25519.PrivateKey
	peer        protocol.PeerID
	certificate tls.Certificate
	exposed     bool
}

// Generate makes a new identity with a random key, not stored anywhere.
func Generate() (*Identity, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("generate key: %w", err)
	}
	return fromKey(key)
}

func fromKey(key ed25519.PrivateKey) (*Identity, error) {
	public := key.Public().(ed25519.PublicKey)
	peer := protocol.PeerIDOf(public)
	der, err := selfSign(key, peer)
	if err != nil {
		return nil, fmt.Errorf("make certificate: %w", err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("make certificate: %w", err)
	}
	return &Identity{
		key:         key,
		peer:        peer,
		certificate: tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf},
	}, nil
}

// selfSign makes the certificate of a key. Everything in it is fixed or
// follows from the key, and Ed25519 signatures are deterministic, so the same
// key gives the same bytes. The dates span every clock a machine may have.
func selfSign(key ed25519.PrivateKey, peer protocol.PeerID) ([]byte, error) {
	template := &x509.Certificate{
		SerialNumber: new(big.Int).SetBytes(append([]byte{1}, peer[:8]...)),
		Subject:      pkix.Name{CommonName: "feihong"},
		NotBefore:    time.Date(1970, time.January, 1, 0, 0, 0, 0, time.UTC),
		NotAfter:     time.Date(9999, time.December, 31, 23, 59, 59, 0, time.UTC),
		KeyUsage:     x509.KeyUsageDigitalSignature,
	}
	return x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
}

// PeerID is the name of this identity on the network.
func (id *Identity) PeerID() protocol.PeerID { return id.peer }

// PublicKey is the public half of the key pair. The caller owns it.
func (id *Identity) PublicKey() ed25519.PublicKey {
	return bytes.Clone(id.certificate.Leaf.PublicKey.(ed25519.PublicKey))
}

// Sign gives the Ed25519 signature of a message, 64 bytes, the same each time.
// A message must begin with words that no other purpose uses, so that one
// signature cannot be taken for another; TLS does the same with its own.
func (id *Identity) Sign(message []byte) []byte { return ed25519.Sign(id.key, message) }

// Exposed says that other users of the machine could read the key file when
// it was loaded, and that this could not be put right.
func (id *Identity) Exposed() bool { return id.exposed }
