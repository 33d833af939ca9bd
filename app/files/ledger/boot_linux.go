package ledger

import "os"

// readBoot gives what names this boot of the system.
func readBoot() string {
	name, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return ""
	}
	return string(name)
}
