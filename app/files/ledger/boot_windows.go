package ledger

import (
	"strconv"

	"golang.org/x/sys/windows/registry"
)

// readBoot gives what names this boot of the system: Windows counts them.
func readBoot() string {
	const where = `SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters`
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, where, registry.QUERY_VALUE)
	if err != nil {
		return ""
	}
	defer func() { _ = key.Close() }() // only read from
	count, _, err := key.GetIntegerValue("BootId")
	if err != nil {
		return ""
	}
	return "boot " + strconv.FormatUint(count, 10)
}
