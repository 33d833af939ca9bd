package transport

// What the tests need to see.
const (
	MaxFilesPerPeer = maxFilesPerPeer
	MaxFiles        = maxFiles
)
