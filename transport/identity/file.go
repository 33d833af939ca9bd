package identity

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"runtime"

	"feihong/transport/atomicfile"
)

const (
	pemType     = "PRIVATE KEY"
	maxFileSize = 16 << 10
)

// FileError tells that the file of an identity cannot be used.
type FileError struct {
	Path    string
	Problem FileProblem
	Err     error
}

// FileProblem is what is wrong with the file of an identity.
type FileProblem string

const (
	FileDamaged    FileProblem = "damaged"    // it exists and holds no usable key
	FileUnreadable FileProblem = "unreadable" // the system does not let us read it
	FileUnwritable FileProblem = "unwritable" // a new one could not be stored
)

var fileTexts = map[FileProblem]string{
	FileDamaged:    "the identity file %s is damaged; restore it from a backup, or move it away to start as a new person",
	FileUnreadable: "the identity file %s cannot be read",
	FileUnwritable: "the identity file %s cannot be written",
}

func (e *FileError) Error() string {
	return fmt.Sprintf(fileTexts[e.Problem], e.Path) + ": " + e.Err.Error()
}

func (e *FileError) Unwrap() error { return e.Err }

// UserText gives the key and arguments of the translated message.
func (e *FileError) UserText() (string, map[string]any) {
	return "identity." + string(e.Problem), map[string]any{"path": e.Path, "reason": e.Err.Error()}
}

// LoadOrCreate reads the identity stored at path, or makes one and stores it
// there if nothing is there; created tells which. The file has mode 0600; an
// existing file that others could read is closed to them. A file that exists
// is never overwritten: if it holds no usable key, the error is a *FileError
// with FileDamaged. The directory must exist. Only one process may call this
// for a path at a time.
func LoadOrCreate(path string) (id *Identity, created bool, err error) {
	id, err = load(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return id, false, err
	}
	if _, err := os.Lstat(path); err == nil {
		return nil, false, &FileError{path, FileUnreadable, errors.New("it is a link to nowhere")}
	}
	id, err = Generate()
	if err != nil {
		return nil, false, err
	}
	data, err := id.marshal()
	if err != nil {
		return nil, false, err
	}
	if err := atomicfile.Write(path, data); err != nil {
		return nil, false, &FileError{path, FileUnwritable, err}
	}
	return id, true, nil
}

func load(path string) (*Identity, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, &FileError{path, FileUnreadable, err}
	}
	defer func() { _ = file.Close() }() // only read from: nothing to lose
	info, err := file.Stat()
	if err != nil {
		return nil, &FileError{path, FileUnreadable, err}
	}
	if !info.Mode().IsRegular() {
		return nil, &FileError{path, FileUnreadable, errors.New("it is not a regular file")}
	}
	data, err := io.ReadAll(io.LimitReader(file, maxFileSize+1))
	if err != nil {
		return nil, &FileError{path, FileUnreadable, err}
	}
	id, err := unmarshal(data)
	if err != nil {
		return nil, &FileError{path, FileDamaged, err}
	}
	id.exposed = readableByOthers(info) && !closeToOthers(file)
	return id, nil
}

// readableByOthers is about permission bits, which mean nothing on Windows:
// there the profile folder inherits its protection from the user's folder.
func readableByOthers(info fs.FileInfo) bool {
	return runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0
}

// closeToOthers tells whether it worked: a file system without modes accepts
// every change and makes none.
func closeToOthers(file *os.File) bool {
	if file.Chmod(0o600) != nil {
		return false
	}
	info, err := file.Stat()
	return err == nil && !readableByOthers(info)
}

func (id *Identity) marshal() ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(id.key)
	if err != nil {
		return nil, fmt.Errorf("encode key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: der}), nil
}

func unmarshal(data []byte) (*Identity, error) {
	if len(data) > maxFileSize {
		return nil, fmt.Errorf("it is larger than %d bytes", maxFileSize)
	}
	block, rest := pem.Decode(data)
	if block == nil {
		return nil, errors.New("it holds no PEM block")
	}
	if block.Type != pemType {
		return nil, fmt.Errorf("it holds a %q instead of a %q", block.Type, pemType)
	}
	if len(bytes.TrimSpace(rest)) > 0 {
		return nil, errors.New("something follows the key")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, err
	}
	key, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return nil, fmt.Errorf("its key is of type %T instead of Ed25519", parsed)
	}
	return fromKey(key)
}
