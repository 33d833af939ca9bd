//go:build e2e

package e2e

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// The barest program that could copy files: no names of people, no hashes, no
// resuming, one connection. Over TLS it is the limit of what an encrypted
// transfer can reach. It runs as a process of its own on either side, made
// from this program:
//
//	FEIHONG_E2E_COPY="receive tls 10.1.0.2:5000 /folder"
//	FEIHONG_E2E_COPY="send tls 10.1.0.2:5000 /folder/name"
const copyVariable = "FEIHONG_E2E_COPY"

// copyBuffer is how much is read and written at once.
const copyBuffer = 256 << 10

// copies does what the variable says, and gives the exit code.
func copies(what string) int {
	var direction, security, address, path string
	if _, err := fmt.Sscanf(what, "%s %s %s %s", &direction, &security, &address, &path); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	act := copySend
	if direction == "receive" {
		act = copyReceive
	}
	if err := act(security == "tls", address, path); err != nil {
		fmt.Fprintln(os.Stderr, direction, err)
		return 1
	}
	return 0
}

// copySend sends a file, or a folder with all that is in it.
func copySend(secure bool, address, path string) error {
	raw, err := net.Dial("tcp", address)
	if err != nil {
		return err
	}
	defer raw.Close()
	conn := raw
	if secure {
		conn = tls.Client(raw, &tls.Config{InsecureSkipVerify: true, MinVersion: tls.VersionTLS13})
	}
	out := bufio.NewWriterSize(conn, copyBuffer)
	buffer := make([]byte, copyBuffer)
	parent := filepath.Dir(path)
	err = filepath.WalkDir(path, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(parent, path)
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return copyHead(out, name, -1)
		}
		return copyFile(out, conn, path, name, buffer)
	})
	if err := errors.Join(err, copyHead(out, "", 0), out.Flush()); err != nil {
		return err
	}
	// The other side says that it has everything.
	_, err = io.ReadFull(conn, buffer[:1])
	return err
}

// copyHead announces a file of a size, or a folder of size -1.
func copyHead(out *bufio.Writer, name string, size int64) error {
	var head [10]byte
	binary.BigEndian.PutUint64(head[:], uint64(size))
	binary.BigEndian.PutUint16(head[8:], uint16(len(name)))
	_, err := out.Write(head[:])
	_, err2 := out.WriteString(name)
	return errors.Join(err, err2)
}

func copyFile(out *bufio.Writer, conn net.Conn, path, name string, buffer []byte) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := copyHead(out, name, info.Size()); err != nil {
		return err
	}
	// What is large goes past the buffer, and over TCP past this program: the
	// kernel sends it.
	if info.Size() >= copyBuffer {
		if err := out.Flush(); err != nil {
			return err
		}
		_, err = io.CopyBuffer(conn, f, buffer)
		return err
	}
	_, err = out.ReadFrom(f)
	return err
}

// copyReceive takes one connection and ends.
func copyReceive(secure bool, address, folder string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	fmt.Println("ready")
	raw, err := listener.Accept()
	if err != nil {
		return err
	}
	defer raw.Close()
	conn := raw
	if secure {
		config, err := copyIdentity()
		if err != nil {
			return err
		}
		conn = tls.Server(raw, config)
	}
	in := bufio.NewReaderSize(conn, copyBuffer)
	buffer := make([]byte, copyBuffer)
	for {
		name, size, err := copyNext(in)
		if err != nil {
			return err
		}
		switch path := filepath.Join(folder, name); {
		case name == "":
			_, err := conn.Write([]byte{1})
			return err
		case size < 0:
			err = os.Mkdir(path, 0o755)
		default:
			err = copyStore(path, in, conn, size, buffer)
		}
		if err != nil {
			return err
		}
	}
}

func copyNext(in *bufio.Reader) (name string, size int64, err error) {
	var head [10]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return "", 0, err
	}
	text := make([]byte, binary.BigEndian.Uint16(head[8:]))
	_, err = io.ReadFull(in, text)
	return string(text), int64(binary.BigEndian.Uint64(head[:])), err
}

func copyStore(path string, in *bufio.Reader, conn net.Conn, size int64, buffer []byte) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	early, err := io.CopyN(f, in, min(size, int64(in.Buffered())))
	if rest := size - early; err == nil && rest >= copyBuffer {
		if tcp, is := conn.(*net.TCPConn); is {
			_, err = io.CopyN(f, tcp, rest) // the kernel does it
		} else {
			_, err = io.CopyBuffer(struct{ io.Writer }{f}, io.LimitReader(conn, rest), buffer)
		}
	} else if err == nil {
		_, err = io.CopyN(f, in, rest)
	}
	return errors.Join(err, f.Close())
}

// copyIdentity makes a key for one run.
func copyIdentity() (*tls.Config, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, err
	}
	return &tls.Config{
		MinVersion:   tls.VersionTLS13,
		Certificates: []tls.Certificate{{Certificate: [][]byte{certificate}, PrivateKey: key}},
	}, nil
}
