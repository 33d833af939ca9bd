package identity

import "crypto/tls"

// Certificate is the self-signed certificate with its private key.
func (id *Identity) Certificate() tls.Certificate { return id.certificate }
