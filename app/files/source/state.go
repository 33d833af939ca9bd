package source

// kind is what something on the disk is.
type kind uint8

const (
	kindFile kind = iota + 1
	kindFolder
	kindLink
	kindOther // a device, a pipe, a socket
)

// state is what the system says about something on the disk.
type state struct {
	kind       kind
	executable bool
	sparse     bool // has holes, perhaps
	size       int64
	modified   int64 // ns since 1970
	touched    int64 // when the system noted any change, which nobody can put back; 0 if not known

	// identity tells it apart from another one of the same name; 0 if that is
	// not known. It may change without reason when a disk is connected again,
	// and on some file systems at any time.
	identity uint64
}

// identify makes one number of a device's and a file's.
func identify(device, file uint64) uint64 {
	const odd = 0x9e3779b97f4a7c15 // spreads devices over all bits
	return max(1, device*odd^file)
}
