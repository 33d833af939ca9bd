package ledger

import "testing"

// Boot makes the system one that was booted under this name, until the test
// ends. An empty name is a system that does not tell.
func Boot(t testing.TB, name string) {
	before := bootID
	t.Cleanup(func() { bootID = before })
	bootID = func() [32]byte { return nameBoot(name) }
}

// ReadBoot is what this system says of its boot.
var ReadBoot = readBoot
