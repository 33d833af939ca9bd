package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"feihong/transport/ether"
)

// toolTime is how long a tool of the system may take.
const toolTime = 2 * time.Second

// inspection is a look at the firewall of this machine.
type inspection struct {
	*Doctor
	ctx    context.Context
	own    Self
	device string // by which colleagues' packets come in
	facts  FirewallFacts
	report Report
	found  bool // a firewall that is on
}

// firewall looks at whatever firewall this machine has, and changes nothing.
func (d *Doctor) firewall(ctx context.Context, own Self) (FirewallFacts, []Finding) {
	i := &inspection{Doctor: d, ctx: ctx, own: own}
	if all, err := d.config.Interfaces(); err == nil {
		i.device = mainDevice(all)
	}
	switch d.system.OS() {
	case "linux":
		i.linux()
	case "windows":
		i.windows()
	case "darwin":
		i.mac()
	default:
		i.note("doctor.firewall.unknown")
	}
	return i.facts, i.report.Findings
}

// mainDevice is the first interface with an IPv4 address, a real one if there
// is any.
func mainDevice(all []ether.Interface) string {
	device := ""
	for _, one := range all {
		is4 := func(prefix netip.Prefix) bool { return prefix.Addr().Is4() }
		if one.Loopback || one.PointToPoint || !slices.ContainsFunc(one.Addresses, is4) {
			continue
		}
		if !one.Virtual {
			return one.Name
		}
		device = either(device, one.Name)
	}
	return device
}

func (i *inspection) note(key string, pairs ...any) {
	i.report.add(TopicFirewall, LevelNote, say(key, pairs...), "")
}

func (i *inspection) run(program string, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(i.ctx, toolTime)
	defer cancel()
	return i.system.Run(ctx, program, args...)
}

func (i *inspection) linux() {
	i.ufw()
	i.firewalld()
	if !i.found {
		i.rules()
	}
}

// openings are the ports that the firewall should let in, as tools write them.
func (i *inspection) openings() []string {
	all := []string{strconv.Itoa(i.own.UDPPort) + "/udp"}
	if i.listens() {
		all = append(all, strconv.Itoa(i.own.TCPPort)+"/tcp")
	}
	return all
}

// listens tells whether there is a TCP port to be let in. Without one nothing
// is said of TCP.
func (i *inspection) listens() bool { return i.own.TCPPort != 0 }

func (i *inspection) ufw() {
	conf, err := i.system.ReadFile("/etc/ufw/ufw.conf")
	if err != nil || !ufwEnabled(conf) {
		return // not installed, or off
	}
	command := "sudo ufw allow " + strings.Join(i.openings(), " && sudo ufw allow ")
	if i.system.Privileged() {
		status, err := i.run("ufw", "status", "verbose")
		if err == nil {
			if rules, err := parseUfw(status); err == nil && rules != nil {
				i.judge("ufw", rules, command)
				return
			}
		}
	}
	defaults, err := i.system.ReadFile("/etc/default/ufw")
	if err == nil && ufwDefault(defaults) == accept {
		i.judge("ufw", &filter{}, command)
		return
	}
	i.unreadable("ufw", command)
}

func (i *inspection) firewalld() {
	state, err := i.run("firewall-cmd", "--state")
	if err != nil || strings.TrimSpace(string(state)) != "running" {
		return
	}
	command := "sudo firewall-cmd --permanent --add-port=" + strings.Join(i.openings(), " --add-port=") +
		" && sudo firewall-cmd --reload"
	args := []string{"--list-all"}
	if zones, err := i.run("firewall-cmd", "--get-active-zones"); err == nil {
		if zone := firewalldZones(zones)[i.device]; zoneName.MatchString(zone) {
			args = append(args, "--zone="+zone)
			command = strings.Replace(command, "--permanent", "--permanent --zone="+zone, 1)
		}
	}
	listed, err := i.run("firewall-cmd", args...)
	if err == nil {
		if rules, err := parseFirewalld(listed); err == nil {
			i.judge("firewalld", rules, command)
			return
		}
	}
	i.unreadable("firewalld", command)
}

// zoneName is what a word must look like to stand in a command that a person
// is to copy.
var zoneName = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}$`)

// rules looks at the packet filter itself.
func (i *inspection) rules() {
	output, err := i.run("nft", "-j", "list", "ruleset")
	read, name := parseNft, "nftables"
	if err != nil {
		output, err = i.run("iptables-save")
		read, name = parseIptables, "iptables"
	}
	if err != nil {
		i.note("doctor.firewall.not-allowed")
		return
	}
	rules, err := read(output)
	if err != nil {
		i.report.add(TopicFirewall, LevelNote, tell(err, "doctor.failed"), "")
		return
	}
	i.judge(name, rules, "")
}

// judge tries the rules with the packets of a colleague.
func (i *inspection) judge(name string, rules *filter, command string) {
	tcp, byTCP := rules.passes(packet{protocol: "tcp", port: i.own.TCPPort, in: i.device}, "prerouting", "input")
	udp, byUDP := rules.passes(packet{protocol: "udp", port: i.own.UDPPort, in: i.device}, "prerouting", "input")
	if !i.listens() {
		tcp, byTCP = open, nil
	}
	out, _ := rules.passes(packet{protocol: "tcp", port: i.own.TCPPort, out: i.device}, "output")
	if command == "" {
		command = i.ruleCommand(name, byTCP, byUDP)
	}
	i.found = true
	i.facts.OutFilters = i.facts.OutFilters || out == closed
	i.conclude(name, tcp, udp, command)
}

func (i *inspection) conclude(name string, tcp, udp fate, command string) {
	i.facts.TCPClosed = i.facts.TCPClosed || tcp == closed
	i.facts.UDPClosed = i.facts.UDPClosed || udp == closed
	pairs := []any{"firewall", name, "port", i.own.TCPPort, "udp", i.own.UDPPort}
	if !i.listens() {
		i.concludeUDP(udp, pairs, name, command)
		return
	}
	level, key := LevelWarn, "doctor.firewall.closed"
	switch worst := max(tcp, udp); {
	case worst == open:
		i.report.add(TopicFirewall, LevelOK, say("doctor.firewall.open", pairs...), "")
		return
	case worst == partly:
		level, key = LevelNote, "doctor.firewall.partly"
	case udp != closed:
		key = "doctor.firewall.tcp-closed"
	case tcp != closed:
		key = "doctor.firewall.udp-closed"
	}
	if i.facts.Command == "" || level == LevelWarn {
		i.facts.Name, i.facts.Command = name, command
	}
	i.report.add(TopicFirewall, level, say(key, pairs...), command)
	if !i.own.Pinned && i.own.TCPPort != 0 && tcp != open {
		i.note("doctor.firewall.dynamic", "port", i.own.TCPPort)
	}
}

// concludeUDP is conclude for UDP alone.
func (i *inspection) concludeUDP(udp fate, pairs []any, name, command string) {
	level, key := LevelWarn, "doctor.firewall.only-udp-closed"
	switch udp {
	case open:
		i.report.add(TopicFirewall, LevelOK, say("doctor.firewall.only-udp-open", pairs...), "")
		return
	case partly:
		level, key = LevelNote, "doctor.firewall.only-udp-partly"
	}
	i.facts.Name, i.facts.Command = name, command
	i.report.add(TopicFirewall, level, say(key, pairs...), command)
}

// unreadable tells of a firewall that is on, and whose rules may not be read.
func (i *inspection) unreadable(name, command string) {
	i.found = true
	i.facts.Name, i.facts.Command = name, command
	pairs := []any{"firewall", name, "port", i.own.TCPPort, "udp", i.own.UDPPort}
	key := "doctor.firewall.unreadable"
	if !i.listens() {
		key = "doctor.firewall.only-udp-unreadable"
	}
	i.report.add(TopicFirewall, LevelNote, say(key, pairs...), command)
}

// ruleCommand opens the ports in each chain that stops the packets: one that
// lets them pass does not keep the next from stopping them.
func (i *inspection) ruleCommand(name string, byTCP, byUDP []*filterChain) string {
	var commands []string
	open := func(chains []*filterChain, protocol string, port int) {
		for _, chain := range chains {
			command := chain.openCommand(name, protocol, strconv.Itoa(port))
			if command != "" && !slices.Contains(commands, command) {
				commands = append(commands, command)
			}
		}
	}
	open(byTCP, "tcp", i.own.TCPPort)
	open(byUDP, "udp", i.own.UDPPort)
	return strings.Join(commands, " && ")
}

// openCommand lets a port in at the beginning of a chain, "" if its name does
// not belong into a command.
func (c *filterChain) openCommand(tool, protocol, port string) string {
	switch {
	case tool == "iptables":
		return "sudo iptables -I INPUT -p " + protocol + " --dport " + port + " -j ACCEPT"
	case zoneName.MatchString(c.table) && zoneName.MatchString(c.name):
		words := []string{"sudo nft insert rule", c.family, c.table, c.name, protocol, "dport", port, "accept"}
		return strings.Join(words, " ")
	}
	return ""
}

func (i *inspection) windows() {
	wall, err := i.system.WindowsFirewall()
	if err != nil || len(wall.Networks) == 0 {
		i.note("doctor.firewall.not-allowed")
		return
	}
	for _, network := range wall.Networks {
		if network == "public" {
			i.report.add(TopicFirewall, LevelWarn, say("doctor.firewall.public"), "")
		}
	}
	program := i.system.Executable()
	rules := windowsFilter(wall, program)
	if rules == nil {
		i.report.add(TopicFirewall, LevelOK, say("doctor.firewall.off", "firewall", "Windows Defender"), "")
		return
	}
	command := ""
	if program != "" && !strings.ContainsAny(program, `"%`) {
		command = `netsh advfirewall firewall add rule name="Feihong" dir=in action=allow enable=yes profile=any program="` + program + `"`
	}
	i.judge("Windows Defender", rules, command)
}

func (i *inspection) mac() {
	const tool = "/usr/libexec/ApplicationFirewall/socketfilterfw"
	output, err := i.run(tool, "--getglobalstate")
	if err != nil {
		i.note("doctor.firewall.not-allowed")
		return
	}
	program := i.system.Executable()
	command := ""
	if program != "" && !strings.ContainsAny(program, `"$\`+"`") {
		command = fmt.Sprintf(`sudo %s --add "%s" && sudo %s --unblockapp "%s"`, tool, program, tool, program)
	}
	switch parseMac(output) {
	case macOff:
		i.report.add(TopicFirewall, LevelOK, say("doctor.firewall.off", "firewall", "macOS"), "")
	case macBlocksAll:
		i.conclude("macOS", closed, closed, command)
	case macOn:
		i.unreadable("macOS", command)
	default:
		i.report.add(TopicFirewall, LevelNote, tell(errors.ErrUnsupported, "doctor.failed"), "")
	}
}
