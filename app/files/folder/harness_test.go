package folder_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feihong/app/files/folder"
	"feihong/protocol"
	"feihong/transport/bulk"
	"feihong/transport/bulk/tree"
)

// parcel is what is sent in a test: a manifest, and what its files hold.
type parcel struct {
	manifest *protocol.Manifest
	hash     [32]byte
	data     map[uint32][]byte
}

var someTime = time.Date(2024, 2, 29, 12, 0, 0, 123456789, time.UTC)

// item is an entry of a parcel: a path ending in / is a folder.
type item struct {
	path       string
	data       []byte
	executable bool
}

func random(seed uint64, size int) []byte {
	data := make([]byte, size)
	source := rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8)})
	_, _ = source.Read(data) // never fails
	return data
}

func pack(t testing.TB, items ...item) *parcel {
	t.Helper()
	p := &parcel{data: make(map[uint32][]byte)}
	folders := map[string]uint32{".": 0}
	var entries []protocol.Entry
	for i, it := range items {
		path := strings.TrimSuffix(it.path, "/")
		n := uint32(i + 1)
		e := protocol.Entry{Kind: protocol.EntryFile, Name: filepath.Base(path), Parent: folders[filepath.Dir(path)],
			Size: uint64(len(it.data)), Executable: it.executable, Modified: someTime.UnixNano() + int64(i)*1e9}
		if path != it.path {
			e.Kind = protocol.EntryFolder
			folders[path] = n
		} else {
			p.data[n] = it.data
		}
		entries = append(entries, e)
	}
	return p.of(t, entries)
}

func (p *parcel) of(t testing.TB, entries []protocol.Entry) *parcel {
	t.Helper()
	var err error
	if p.manifest, err = protocol.NewManifest(entries); err != nil {
		t.Fatal(err)
	}
	encoded, err := p.manifest.Encode()
	if err != nil {
		t.Fatal(err)
	}
	p.hash = tree.Sum(encoded)
	return p
}

func (p *parcel) chunk(chunk uint64) (n uint32, data []byte) {
	n, offset, length := p.manifest.Locate(chunk)
	return n, p.data[n][offset : offset+int64(length)]
}

func (p *parcel) value(chunk uint64) tree.Value {
	n, data := p.chunk(chunk)
	first, count := p.manifest.ChunksOf(n)
	return tree.Chunk(data, chunk-first, count == 1)
}

// feed gives everything that is missing to a folder that has begun, at most
// so many chunks, and says whether that was all.
func (p *parcel) feed(f *folder.Folder, most int) (all bool, err error) {
	for _, run := range f.Missing() {
		for chunk := run.First; chunk < run.First+run.Count; chunk++ {
			if most--; most < 0 {
				return false, nil
			}
			_, data := p.chunk(chunk)
			zero := len(data) > 0 && len(bytes.Trim(data, "\x00")) == 0
			given := data
			if zero {
				given = nil
			}
			err := f.Write(context.Background(), chunk, p.value(chunk), given, zero)
			if fault := (*bulk.Fault)(nil); errors.As(err, &fault) {
				n, _, _ := p.manifest.Locate(chunk)
				f.Fail(n, fault)
				continue
			}
			if err != nil {
				return false, err
			}
		}
	}
	for n := range p.data {
		if values := f.Values(n); values != nil {
			if err := f.Finish(n, tree.Root(values)); err != nil {
				return false, err
			}
		}
	}
	return true, nil
}

// receive goes on with a receiving until everything is there.
func (p *parcel) receive(cfg folder.Config) error {
	f, err := folder.Open(cfg)
	if err != nil {
		return err
	}
	err = f.Begin(p.manifest)
	if err == nil {
		_, err = p.feed(f, 1<<30)
	}
	if err == nil {
		err = f.Settle(context.Background())
	}
	return errors.Join(err, f.Close())
}

// receivePart goes on with a receiving, up to so many chunks.
func (p *parcel) receivePart(t *testing.T, cfg folder.Config, most int) {
	t.Helper()
	f := begin(t, cfg, p)
	if all, err := p.feed(f, most); err != nil || all {
		t.Fatalf("fed all: %v, %v", all, err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func begin(t *testing.T, cfg folder.Config, p *parcel) *folder.Folder {
	t.Helper()
	f, err := folder.Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Begin(p.manifest); err != nil {
		t.Fatal(errors.Join(err, f.Close()))
	}
	return f
}

func config(t *testing.T, p *parcel) folder.Config {
	t.Helper()
	cfg := configIn(t.TempDir(), p)
	if err := os.Mkdir(cfg.State, 0o700); err != nil {
		t.Fatal(err)
	}
	return cfg
}

func configIn(dir string, p *parcel) folder.Config {
	return folder.Config{State: filepath.Join(dir, "state"), Target: filepath.Join(dir, "in", "target"),
		Manifest: p.hash, Logger: slog.New(slog.DiscardHandler)}
}

// contents gives what is in a folder: the data of files, "/" of folders, and
// where links lead.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		switch {
		case d.IsDir():
			all[name] = "/"
		case d.Type().IsRegular():
			data, err := os.ReadFile(path)
			all[name] = string(data)
			return err
		default:
			link, err := os.Readlink(path)
			all[name] = "-> " + link
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// same compares contents, without printing much of them.
func same(t *testing.T, got, want map[string]string) {
	t.Helper()
	for name, data := range want {
		if is, there := got[name]; !there {
			t.Errorf("%q is missing", name)
		} else if is != data {
			t.Errorf("%q has %d bytes that are not the %d expected", name, len(is), len(data))
		}
	}
	for name := range got {
		if _, expected := want[name]; !expected {
			t.Errorf("%q is there", name)
		}
	}
}
