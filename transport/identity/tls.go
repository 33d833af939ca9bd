package identity

import (
	"crypto/ed25519"
	"crypto/tls"
	"errors"
	"fmt"

	"feihong/protocol"
)

// ErrOtherProtocol is the reason when the other side speaks TLS but did not
// agree on one of this program's protocols.
var ErrOtherProtocol = errors.New("the other side speaks TLS but not " + protocol.ALPN)

// ServerTLS gives the settings for the accepting side: TLS 1.3, this
// identity's certificate, and any certificate demanded from the client. It
// takes sessions and file connections; which one it became, the negotiated
// protocol says. Each call returns a new value.
func (id *Identity) ServerTLS() *tls.Config {
	config := id.commonTLS(protocol.ALPN, protocol.FilesALPN)
	config.ClientAuth = tls.RequireAnyClientCert
	return config
}

// ClientTLS gives the settings for dialling a session. The server's name is of
// no interest: after the handshake the caller asks PeerOf who answered. Each
// call returns a new value.
func (id *Identity) ClientTLS() *tls.Config { return id.dialTLS(protocol.ALPN) }

// FilesTLS is like ClientTLS, but for dialling a file connection.
func (id *Identity) FilesTLS() *tls.Config { return id.dialTLS(protocol.FilesALPN) }

func (id *Identity) dialTLS(alpn string) *tls.Config {
	config := id.commonTLS(alpn)
	// Chain, name and dates prove nothing between self-signed peers. The
	// handshake itself proves possession of the key, checkPeer does the rest.
	config.InsecureSkipVerify = true
	return config
}

func (id *Identity) commonTLS(alpn ...string) *tls.Config {
	return &tls.Config{
		MinVersion:             tls.VersionTLS13,
		Certificates:           []tls.Certificate{id.certificate},
		NextProtos:             alpn,
		VerifyConnection:       checkPeer,
		SessionTicketsDisabled: true,
		// Full records from the start: on a LAN throughput counts, not the
		// first kilobyte of a web page.
		DynamicRecordSizingDisabled: true,
	}
}

func checkPeer(state tls.ConnectionState) error {
	switch state.NegotiatedProtocol {
	case protocol.ALPN, protocol.FilesALPN:
	default:
		return ErrOtherProtocol
	}
	_, err := PeerOf(state)
	return err
}

// PeerOf tells who is at the other end of an established TLS connection. It
// fails unless they sent exactly one certificate, with an Ed25519 key.
func PeerOf(state tls.ConnectionState) (protocol.PeerID, error) {
	if n := len(state.PeerCertificates); n != 1 {
		return protocol.PeerID{}, fmt.Errorf("the peer sent %d certificates instead of 1", n)
	}
	public, ok := state.PeerCertificates[0].PublicKey.(ed25519.PublicKey)
	if !ok {
		return protocol.PeerID{}, fmt.Errorf("the peer's certificate has a key of type %T instead of Ed25519", state.PeerCertificates[0].PublicKey)
	}
	return protocol.PeerIDOf(public), nil
}
