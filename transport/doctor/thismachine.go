package doctor

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"feihong/protocol"
)

// Bounds for what is read from the system: a great ruleset has a few hundred
// kilobytes.
const (
	mostRead      = 8 << 20
	mostAddresses = 16
)

// Machine is this machine as it is.
func Machine() System { return thisMachine{} }

type thisMachine struct{}

func (thisMachine) OS() string { return runtime.GOOS }

func (thisMachine) Links() ([]Link, error) {
	all, err := net.Interfaces()
	if err != nil {
		return nil, err
	}
	var links []Link
	for _, one := range all {
		if one.Flags&net.FlagLoopback != 0 {
			continue
		}
		links = append(links, Link{
			Name:     one.Name,
			Up:       one.Flags&net.FlagUp != 0,
			Running:  one.Flags&net.FlagRunning != 0,
			Virtual:  one.Flags&net.FlagPointToPoint != 0 || len(one.HardwareAddr) == 0 || isVirtual(one.Name),
			Wireless: wireless(one.Name),
		})
	}
	return links, nil
}

// isVirtual tells by its name an interface that nobody has to plug in or
// switch on.
func isVirtual(name string) bool {
	for _, begin := range []string{
		"docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "vEthernet", "tun", "tap", "wg", "zt",
		"bond", "dummy", "ifb", "ip6", "sit", "gre", "erspan", "awdl", "llw", "utun", "bridge", "ap",
		"anpi", "gif", "stf", "Local Area Connection*", "Bluetooth", "本地连接*", "蓝牙",
	} {
		if strings.HasPrefix(name, begin) {
			return true
		}
	}
	return false
}

func (thisMachine) Resolve(ctx context.Context, host string) ([]netip.Addr, error) {
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	found = found[:min(len(found), mostAddresses)]
	for i, one := range found {
		found[i] = one.Unmap()
	}
	return found, nil
}

// Route connects a UDP socket, which sends nothing but has the system choose
// the way.
func (thisMachine) Route(to netip.Addr) (netip.Addr, error) {
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(netip.AddrPortFrom(to, protocol.DiscoveryPort)))
	if err != nil {
		return netip.Addr{}, err
	}
	defer conn.Close()
	local, ok := conn.LocalAddr().(*net.UDPAddr)
	if !ok {
		return netip.Addr{}, ErrCannot
	}
	return local.AddrPort().Addr().Unmap(), nil
}

func (thisMachine) Connect(ctx context.Context, to netip.AddrPort) error {
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", to.String())
	if err != nil {
		return err
	}
	return conn.Close()
}

func (thisMachine) ReadFile(name string) ([]byte, error) {
	file, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, mostRead))
}

// toolFolders are where the tools of an administrator are, which are not
// always on the path of others.
var toolFolders = []string{"/usr/sbin", "/sbin", "/usr/bin", "/bin"}

func (thisMachine) Run(ctx context.Context, program string, args ...string) ([]byte, error) {
	path, err := findTool(program)
	if err != nil {
		return nil, ErrCannot
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.WaitDelay = time.Second
	cmd.Env = append(os.Environ(), "LC_ALL=C", "LANG=C")
	hideWindow(cmd)
	output := &bounded{left: mostRead}
	cmd.Stdout = output
	if err := cmd.Run(); err != nil {
		return output.kept.Bytes(), err
	}
	return output.kept.Bytes(), nil
}

func findTool(program string) (string, error) {
	path, err := exec.LookPath(program)
	if err == nil || filepath.IsAbs(program) {
		return path, err
	}
	for _, folder := range toolFolders {
		if path, err := exec.LookPath(filepath.Join(folder, program)); err == nil {
			return path, nil
		}
	}
	return "", err
}

// bounded keeps what a tool prints, and fails when that is too much. It is a
// Writer and nothing else, as a buffer would read by itself until the end.
type bounded struct {
	kept bytes.Buffer
	left int
}

var errTooMuch = errors.New("the tool prints too much")

// Write implements io.Writer.
func (b *bounded) Write(data []byte) (int, error) {
	if len(data) > b.left {
		return 0, errTooMuch
	}
	b.left -= len(data)
	return b.kept.Write(data)
}

func (thisMachine) Privileged() bool { return os.Geteuid() == 0 }

func (thisMachine) Executable() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	return path
}

func (thisMachine) WindowsFirewall() (WindowsFirewall, error) { return windowsFirewall() }
