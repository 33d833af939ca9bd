//go:build !linux && !windows

package doctor

import "os/exec"

func wireless(string) Wireless { return WirelessUnknown }

func hideWindow(*exec.Cmd) {}

func windowsFirewall() (WindowsFirewall, error) { return WindowsFirewall{}, ErrCannot }
