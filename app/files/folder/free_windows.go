package folder

import "golang.org/x/sys/windows"

// capacity gives how many bytes the user may still write to the volume of a
// folder, and how many it has in all; ok is false where nobody can say.
func capacity(dir string) (free, total int64, ok bool) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, 0, false
	}
	var available, all, unused uint64
	if err := windows.GetDiskFreeSpaceEx(name, &available, &all, &unused); err != nil {
		return 0, 0, false
	}
	return bounded(available, 1), bounded(all, 1), true
}
