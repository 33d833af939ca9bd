package ledger

import "golang.org/x/sys/unix"

// readBoot gives what names this boot of the system.
func readBoot() string {
	name, err := unix.Sysctl("kern.bootsessionuuid")
	if err != nil {
		return ""
	}
	return name
}
