// Package control is the local interface of a running profile: HTTP and JSON
// over a Unix socket that only its user can open, described in
// docs/control.md. The command line is its first client; scripts are others.
//
// The handler and the client are two sides of one set of types (wire.go). A
// command that opens a profile itself uses the same client, with the handler
// called directly instead of through a socket.
package control
