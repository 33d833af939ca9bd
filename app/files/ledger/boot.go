package ledger

import (
	"sync"

	"feihong/transport/bulk/tree"
)

// unknownBoot is where the system does not say; it is like no other boot, not
// even itself.
var unknownBoot [32]byte

// bootID gives what names this boot of the system, or unknownBoot.
var bootID = sync.OnceValue(func() [32]byte { return nameBoot(readBoot()) })

// nameBoot hashes the name of a boot, so that it always has the same length.
func nameBoot(name string) [32]byte {
	if name == "" {
		return unknownBoot
	}
	return tree.Sum([]byte(name))
}
