package doctor

import (
	"os"
	"os/exec"
	"path/filepath"
)

func wireless(device string) Wireless {
	folder := filepath.Join("/sys/class/net", filepath.Base(device))
	if _, err := os.Stat(folder); err != nil {
		return WirelessUnknown
	}
	for _, sign := range []string{"wireless", "phy80211"} {
		if _, err := os.Stat(filepath.Join(folder, sign)); err == nil {
			return WirelessYes
		}
	}
	return WirelessNo
}

func hideWindow(*exec.Cmd) {}

func windowsFirewall() (WindowsFirewall, error) { return WindowsFirewall{}, ErrCannot }
