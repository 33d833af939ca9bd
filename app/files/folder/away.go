package folder

import (
	"os"
	"path/filepath"
)

// Away tells whether there is a staging folder by the notes of a receiving, but
// not at its place: the disk that it is on may be away, and Abandon could not
// remove it.
func Away(state string) bool {
	data, err := os.ReadFile(filepath.Join(state, journalName))
	if err != nil {
		return false
	}
	past, _ := parseJournal(data)
	if past.place == nil {
		return false
	}
	_, err = os.Lstat(filepath.Join(past.place.Target, past.place.Staging))
	return notThere(err)
}
