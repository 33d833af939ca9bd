// Package protocol gives the bytes between two Feihong programs their meaning:
// who a peer is, how two find each other by datagrams, how a stream is cut
// into frames, what the messages of each application look like, and how files
// are listed, asked for and sent on connections of their own.
//
// It is pure: it opens no socket, reads no clock and touches no file, so that
// everything in it can be tested by bytes alone. The package transport moves
// the bytes, the packages above decide what to do about them.
//
// What always holds:
//
//   - Nothing is allocated on the word of a peer: every declared length is
//     compared with a limit from limits.go first.
//   - A body has one encoding only, deterministic CBOR, and anything else is
//     refused: a decoder never guesses.
//   - What a decoder returns is complete and within its limits, and it shares
//     no memory with the bytes that it was decoded from.
//   - An announcement that was opened was signed with the key in it, for this
//     purpose and no other. Nothing else in a datagram is proven.
//   - Text that a person will see on one line (names, program names, reasons)
//     is made safe by the decoder. The body of a chat message is decoded
//     exactly as it was written; whoever receives it stores the form that
//     VisibleText gives.
//   - No entry of a manifest can lead out of the folder that it is put into. Its
//     names are the sender's in all other respects, and not safe.
//
// All functions may be called from several goroutines at once; a FrameReader
// belongs to one.
//
// docs/protocol.md is the full specification, and protocol/testdata holds
// golden vectors that another implementation can be checked with.
package protocol

// Version is the highest version of the protocol that this package speaks and
// MinVersion the lowest; both are told in Hello. See
// docs/protocol.md#versions.
const (
	Version    = 1
	MinVersion = 1
)

// ALPN is the name by which two Feihong programs recognise each other in the
// TLS handshake, before either has sent a byte of its own. See
// docs/protocol.md#transport.
const ALPN = "feihong/1"

// FilesALPN is the name for connections on which nothing but files travel. See
// docs/protocol.md#file-connections.
const FilesALPN = "feihong-files/1"

// FeatureFiles says in Hello that a program understands offers and the files
// application. See docs/protocol.md#features.
const FeatureFiles = "files"

// FeatureAmend says in Hello that a program understands Edit, Recall, Reaction,
// Nudge and Picture.
const FeatureAmend = "amend"
