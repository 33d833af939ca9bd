package doctor

import (
	"bytes"
	"os/exec"
	"syscall"

	"golang.org/x/sys/windows/registry"
)

func wireless(string) Wireless { return WirelessUnknown }

// hideWindow keeps a tool from opening a black window for a moment.
func hideWindow(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{HideWindow: true} }

// Where the settings of the firewall are. Those of the administrators of a
// domain come before those of the machine.
const (
	firewallOfMachine = `SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy`
	firewallOfDomain  = `SOFTWARE\Policies\Microsoft\WindowsFirewall`
	networkProfiles   = `SOFTWARE\Microsoft\Windows NT\CurrentVersion\NetworkList\Profiles`
	mostRules         = 20_000
)

// profileKeys name the profiles as the two places do.
var profileKeys = []struct{ name, machine, domain string }{
	{"domain", "DomainProfile", "DomainProfile"},
	{"private", "StandardProfile", "PrivateProfile"},
	{"public", "PublicProfile", "PublicProfile"},
}

func windowsFirewall() (WindowsFirewall, error) {
	wall := WindowsFirewall{On: make(map[string]bool), BlockedIn: make(map[string]bool)}
	for _, profile := range profileKeys {
		machine := firewallOfMachine + `\` + profile.machine
		domain := firewallOfDomain + `\` + profile.domain
		on, found := number32(machine, "EnableFirewall")
		if !found {
			return wall, ErrCannot
		}
		if ruled, found := number32(domain, "EnableFirewall"); found {
			on = ruled
		}
		wall.On[profile.name] = on != 0
		none, _ := number32(machine, "DoNotAllowExceptions")
		ruled, _ := number32(domain, "DoNotAllowExceptions")
		wall.BlockedIn[profile.name] = none != 0 || ruled != 0
	}
	wall.Rules = append(texts(firewallOfDomain+`\FirewallRules`), texts(firewallOfMachine+`\FirewallRules`)...)
	if network := latestNetwork(); network != "" {
		wall.Networks = []string{network}
	}
	return wall, nil
}

func number32(path, name string) (uint64, bool) {
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.QUERY_VALUE)
	if err != nil {
		return 0, false
	}
	defer key.Close()
	value, _, err := key.GetIntegerValue(name)
	return value, err == nil
}

// texts reads all values of a key that are texts.
func texts(path string) []string {
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.QUERY_VALUE)
	if err != nil {
		return nil
	}
	defer key.Close()
	names, err := key.ReadValueNames(mostRules)
	if err != nil && len(names) == 0 {
		return nil
	}
	var all []string
	for _, name := range names {
		if text, _, err := key.GetStringValue(name); err == nil {
			all = append(all, text)
		}
	}
	return all
}

// latestNetwork is the profile of the network that was connected last, which
// is as near as the registry tells to the one connected now.
func latestNetwork() string {
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, networkProfiles, registry.ENUMERATE_SUB_KEYS)
	if err != nil {
		return ""
	}
	defer key.Close()
	names, err := key.ReadSubKeyNames(mostRules)
	if err != nil && len(names) == 0 {
		return ""
	}
	best, category := []byte(nil), uint64(0)
	for _, name := range names {
		kind, found := number32(networkProfiles+`\`+name, "Category")
		when := connectedLast(networkProfiles + `\` + name)
		if found && when != nil && bytes.Compare(when, best) > 0 {
			best, category = when, kind
		}
	}
	if best == nil || category > 2 {
		return ""
	}
	return [...]string{"public", "private", "domain"}[category]
}

// connectedLast reads when a network was connected, a SYSTEMTIME of eight
// little-endian words, and gives it in an order that can be compared.
func connectedLast(path string) []byte {
	key, err := registry.OpenKey(registry.LOCAL_MACHINE, path, registry.QUERY_VALUE)
	if err != nil {
		return nil
	}
	defer key.Close()
	stamp, _, err := key.GetBinaryValue("DateLastConnected")
	if err != nil || len(stamp) != 16 {
		return nil
	}
	var comparable []byte
	for _, word := range []int{0, 1, 3, 4, 5, 6, 7} { // the third is the day of the week
		comparable = append(comparable, stamp[2*word+1], stamp[2*word])
	}
	return comparable
}
