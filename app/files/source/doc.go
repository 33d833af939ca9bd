// Package source is the sending end of a transfer on the disk: it finds out
// what is to be sent, and gives it away piece by piece.
//
// Walk turns paths into a manifest. Create keeps the manifest, and where its
// entries lie on this machine, in the folder of the transfer; Open finds both
// again after a restart. A Source serves chunks to the streams of package bulk.
//
// The files stay where they are and are not locked, so any of them may change
// or go away meanwhile. Every read looks whether the file is still the one of
// the manifest; one that is not is reported as a fault of that file and never
// sent in a mixture of old and new.
//
// Links inside of folders are not followed: what is sent is what lies in the
// folder. The absolute paths never leave this package for the network.
package source
