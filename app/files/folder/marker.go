package folder

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"time"
)

// markerName is a file in the staging folder with the ID that the journal has
// noted. It ties the ledger to the folder that it speaks of: a folder of the
// same name on another disk, which is there while the first is not, has
// another one.
const markerName = "id"

func randomHex(bytes int) string {
	random := make([]byte, bytes)
	rand.Read(random)
	return hex.EncodeToString(random)
}

// rejoin opens the staging folder that the journal knows. If it is not there,
// or is not the one that the ledger speaks of, all that the ledger claims is
// doubted before anything is written: the other one may come back.
func (f *Folder) rejoin() (err error) {
	f.staging, err = f.target.sub(f.where.Staging)
	missing := errors.Is(err, fs.ErrNotExist)
	if err != nil && !missing {
		return err
	}
	if !missing {
		if fits, err := f.hasMarker(); fits || err != nil {
			return err
		}
	}
	f.cfg.Logger.Warn("the staging folder is not the one that was left: what is there is looked at again", "in", f.where.Target)
	doubt := true
	f.where.ID = randomHex(16)
	if err := f.note(true, record{Doubt: &doubt}, record{Place: &f.where}); err != nil {
		return err
	}
	f.past.doubt = true
	if missing {
		return f.makeStaging()
	}
	return f.leaveMarker()
}

// hasMarker tells whether the staging folder is the one that was noted.
func (f *Folder) hasMarker() (bool, error) {
	file, err := f.staging.open(markerName)
	if notThere(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	id, err := io.ReadAll(io.LimitReader(file, int64(len(f.where.ID)+1)))
	return f.where.ID != "" && string(id) == f.where.ID, errors.Join(err, file.Close())
}

// leaveMarker puts the marker into the staging folder.
func (f *Folder) leaveMarker() error {
	write := func() error {
		return f.untimed(f.staging.write(markerName, false, []byte(f.where.ID), time.Now()))
	}
	err := write()
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := f.staging.removeTree(markerName); err != nil {
		return err
	}
	return write()
}
