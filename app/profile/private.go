package profile

import (
	"os"
	"path/filepath"
)

// Private lists the folders whose content nobody else may get, because there
// are private keys in it: that of the profile and those of its neighbours; and
// the folder that holds them all, unless the user chose it, who may have other
// things there. Only folders that are there are of interest.
func (l Location) Private() []string {
	root := filepath.Dir(l.Dir)
	list := []string{l.Dir}
	if !l.Given {
		list = append(list, root)
	}
	neighbours, err := os.ReadDir(root)
	if err != nil {
		return list
	}
	for _, entry := range neighbours {
		neighbour := Location{Name: entry.Name(), Dir: filepath.Join(root, entry.Name())}
		if _, err := os.Lstat(neighbour.identityPath()); err == nil && neighbour.Dir != l.Dir {
			list = append(list, neighbour.Dir)
		}
	}
	return list
}
