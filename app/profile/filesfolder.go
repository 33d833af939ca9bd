package profile

import (
	"os"
	"path/filepath"
	"strings"
	"unicode/utf8"
)

// maxFolderBytes bounds the path of a folder: what systems take, or more.
const maxFolderBytes = 4096

// DefaultFilesFolder is where received files go unless the user chose a folder:
// Feihong among the user's downloads, so that a program like any other is found
// there; or, where the place of the profile was given, received in the profile,
// so that everything is in that place. It need not be there yet.
func (l Location) DefaultFilesFolder() string {
	if !l.Given {
		if dir := downloads(); dir != "" {
			return filepath.Join(dir, "Feihong")
		}
	}
	return filepath.Join(l.Dir, "received")
}

// FilesFolder is where received files go now. It need not be there yet. It is
// safe for concurrent use.
func (p *Profile) FilesFolder() string {
	if dir := p.settings.Load().FilesFolder; dir != "" {
		return dir
	}
	return p.DefaultFilesFolder()
}

// possibleFolder says whether a path could be that of a folder, wherever the
// program was started.
func possibleFolder(path string) bool {
	return filepath.IsAbs(path) && len(path) <= maxFolderBytes && utf8.ValidString(path) && !strings.ContainsRune(path, 0)
}

// downloadsOf is the folder Downloads of a user as the desktop names it by
// default.
func downloadsOf() string {
	home, err := os.UserHomeDir()
	if err != nil || !filepath.IsAbs(home) {
		return ""
	}
	return filepath.Join(home, "Downloads")
}
