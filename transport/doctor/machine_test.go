package doctor_test

import (
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"feihong/transport/doctor"
	"feihong/transport/ether"
)

// found writes the keys of a report's findings about a topic.
func found(report doctor.Report, topic string) string {
	var keys []string
	for _, finding := range report.Findings {
		if finding.Topic == topic {
			keys = append(keys, string(finding.Level)+" "+strings.TrimPrefix(finding.Text.Key, "doctor."))
		}
	}
	return strings.Join(keys, ", ")
}

func TestMachine(t *testing.T) {
	const nft = "nft -j list ruleset"
	const empty = `{"nftables":[{"metainfo":{"version":"1"}}]}`
	const closed = `{"nftables":[{"chain":{"family":"inet","table":"wall","name":"in","type":"filter","hook":"input","policy":"drop"}}]}`
	const udpOnly = `{"nftables":[{"chain":{"family":"inet","table":"wall","name":"in","type":"filter","hook":"input","policy":"drop"}},
		{"rule":{"family":"inet","table":"wall","chain":"in","expr":[{"match":{"op":"==","left":{"payload":{"protocol":"udp","field":"dport"}},"right":24250}},{"accept":null}]}}]}`
	const twice = `{"nftables":[{"chain":{"family":"inet","table":"wall","name":"in","type":"filter","hook":"input","policy":"drop"}},
		{"chain":{"family":"inet","table":"wall","name":"early","type":"filter","hook":"prerouting","policy":"drop"}}]}`
	tests := []struct {
		name    string
		change  func(*stage)
		cause   string
		topic   string
		want    string // findings of the topic
		command string
	}{
		{"nobody heard", func(s *stage) {}, doctor.CauseNobodyHeard, "heard", "note heard.nobody", ""},
		{"somebody heard", func(s *stage) { s.heard = heardFrom(desk, "multicast", time.Second) },
			doctor.CauseMachineFine, "heard", "ok heard.person", ""},
		{"heard in a way of a later version", func(s *stage) { s.heard = heardFrom(desk, "pigeon", time.Second) },
			doctor.CauseMachineFine, "heard", "ok heard.person", ""},
		{"somebody heard long ago", func(s *stage) { s.heard = heardFrom(desk, "dnssd", time.Hour) },
			doctor.CauseNobodyHeard, "heard", "ok heard.person", ""},
		{"only ourselves", func(s *stage) {
			s.heard = heardFrom(own, "multicast", 0)
			s.heard[0].ID = self
		}, doctor.CauseNobodyHeard, "heard", "note heard.nobody", ""},
		{"interfaces", func(s *stage) {
			s.interfaces = append(s.interfaces,
				ether.Interface{Name: "tun0", PointToPoint: true, Addresses: []netip.Prefix{netip.MustParsePrefix("10.9.0.2/32")}},
				ether.Interface{Name: "docker0", Virtual: true, Broadcast: true, Addresses: []netip.Prefix{netip.MustParsePrefix("172.17.0.1/16")}},
				ether.Interface{Name: "eth1", Broadcast: true, Addresses: []netip.Prefix{netip.MustParsePrefix("169.254.7.7/16"), netip.MustParsePrefix("fe80::7/64"), netip.MustParsePrefix("fd00::7/64")}})
			s.links = append(s.links, doctor.Link{Name: "wlan0"}, doctor.Link{Name: "veth1", Virtual: true})
		}, doctor.CauseNobodyHeard, "interface",
			"ok interface.broadcast, note interface.tunnel, note interface.virtual, warn interface.self-assigned, note interface.link-local, ok interface.ok, note interface.down", ""},
		{"no interface", func(s *stage) { s.interfaces = nil }, doctor.CauseNoNetwork, "interface", "warn interface.none", ""},
		{"dynamic port", func(s *stage) {}, doctor.CauseNobodyHeard, "tcp", "ok tcp.dynamic", ""},
		{"pinned port", func(s *stage) { s.self.Pinned = true }, doctor.CauseNobodyHeard, "tcp", "ok tcp.pinned", ""},
		{"well-known port", func(s *stage) { s.self.TCPPort, s.self.Pinned = 80, true }, doctor.CauseNobodyHeard, "tcp", "warn tcp.well-known", ""},
		{"no port", func(s *stage) { s.self.TCPPort = 0 }, doctor.CauseNotListening, "tcp", "warn tcp.none", ""},
		{"UDP port", func(s *stage) {}, doctor.CauseNobodyHeard, "udp", "ok udp.ok", ""},
		{"UDP port taken", func(s *stage) { s.self.UDPTrouble = errors.New("address in use") }, doctor.CauseUDPPortTaken, "udp", "warn udp.refused", ""},
		{"discovery off", func(s *stage) { s.self.Discovery = doctor.DiscoveryOff }, doctor.CauseDiscoveryOff, "udp", "note udp.off", ""},
		{"loopback only", func(s *stage) { s.self.Discovery = doctor.DiscoveryLoopback }, doctor.CauseDiscoveryLoopback, "name", "ok self.name, ok self.id, warn self.discovery-loopback", ""},
		{"invisible", func(s *stage) { s.self.Invisible = true }, doctor.CauseInvisible, "name", "ok self.name, ok self.id, note self.invisible", ""},
		{"firewall may not be read", func(s *stage) {}, doctor.CauseNobodyHeard, "firewall", "note firewall.not-allowed", ""},
		{"no rules", func(s *stage) { s.tools = map[string]string{nft: empty} }, doctor.CauseNobodyHeard, "firewall", "ok firewall.open", ""},
		{"rules close all", func(s *stage) { s.tools = map[string]string{nft: closed} }, doctor.CauseFirewallHere, "firewall", "warn firewall.closed, note firewall.dynamic",
			"sudo nft insert rule inet wall in tcp dport 50000 accept && sudo nft insert rule inet wall in udp dport 24250 accept"},
		{"rules close TCP", func(s *stage) { s.tools, s.self.Pinned = map[string]string{nft: udpOnly}, true }, doctor.CauseFirewallHere, "firewall", "warn firewall.tcp-closed",
			"sudo nft insert rule inet wall in tcp dport 50000 accept"},
		{"two chains close TCP", func(s *stage) { s.tools, s.self.Pinned = map[string]string{nft: twice}, true }, doctor.CauseFirewallHere, "firewall", "warn firewall.closed",
			"sudo nft insert rule inet wall in tcp dport 50000 accept && sudo nft insert rule inet wall early tcp dport 50000 accept && " +
				"sudo nft insert rule inet wall in udp dport 24250 accept && sudo nft insert rule inet wall early udp dport 24250 accept"},
		{"only ping and ssh", func(s *stage) {
			s.tools, s.self.Pinned = map[string]string{nft: string(sample(t, "nftables-ping.json"))}, true
		}, doctor.CauseFirewallHere, "firewall", "warn firewall.closed",
			"sudo nft insert rule inet filter input tcp dport 50000 accept && sudo nft insert rule inet filter input udp dport 24250 accept"},
		{"rules cannot be read", func(s *stage) { s.tools = map[string]string{nft: "?"} }, doctor.CauseNobodyHeard, "firewall", "note failed", ""},
		{"iptables", func(s *stage) { s.tools = map[string]string{"iptables-save": "*filter\n:INPUT DROP [0:0]\nCOMMIT\n"} }, doctor.CauseFirewallHere, "firewall", "warn firewall.closed, note firewall.dynamic",
			"sudo iptables -I INPUT -p tcp --dport 50000 -j ACCEPT && sudo iptables -I INPUT -p udp --dport 24250 -j ACCEPT"},
		{"ufw, nobody special", func(s *stage) { s.files = map[string]string{"/etc/ufw/ufw.conf": "ENABLED=yes\n"} }, doctor.CauseNobodyHeard, "firewall", "note firewall.unreadable", ""},
		{"ufw off", func(s *stage) { s.files = map[string]string{"/etc/ufw/ufw.conf": "ENABLED=no\n"} }, doctor.CauseNobodyHeard, "firewall", "note firewall.not-allowed", ""},
		{"ufw lets in by default", func(s *stage) {
			s.files = map[string]string{"/etc/ufw/ufw.conf": "ENABLED=yes\n", "/etc/default/ufw": "DEFAULT_INPUT_POLICY=\"ACCEPT\"\n"}
		}, doctor.CauseNobodyHeard, "firewall", "ok firewall.open", ""},
		{"ufw, as administrator", func(s *stage) {
			s.files = map[string]string{"/etc/ufw/ufw.conf": "ENABLED=yes\n"}
			s.tools = map[string]string{"ufw status verbose": "Status: active\nDefault: deny (incoming)\n24250/udp ALLOW IN Anywhere\n"}
		}, doctor.CauseFirewallHere, "firewall", "warn firewall.tcp-closed, note firewall.dynamic", "sudo ufw allow 24250/udp && sudo ufw allow 50000/tcp"},
		{"firewalld", func(s *stage) {
			s.tools = map[string]string{"firewall-cmd --state": "running\n", "firewall-cmd --get-active-zones": "office\n  interfaces: eth0\n",
				"firewall-cmd --list-all --zone=office": "office (active)\n  target: default\n  ports: 50000/tcp\n"}
		}, doctor.CauseFirewallHere, "firewall", "warn firewall.udp-closed",
			"sudo firewall-cmd --permanent --zone=office --add-port=24250/udp --add-port=50000/tcp && sudo firewall-cmd --reload"},
		{"firewalld, not allowed", func(s *stage) {
			s.tools = map[string]string{"firewall-cmd --state": "running\n", "firewall-cmd --list-all": "Authorization failed.\n"}
		}, doctor.CauseNobodyHeard, "firewall", "note firewall.unreadable", ""},
		{"Windows, public", func(s *stage) {
			s.os, s.windows = "windows", &doctor.WindowsFirewall{On: map[string]bool{"public": true}, Networks: []string{"public"}}
		}, doctor.CauseFirewallHere, "firewall", "warn firewall.public, warn firewall.closed, note firewall.dynamic",
			`netsh advfirewall firewall add rule name="Feihong" dir=in action=allow enable=yes profile=any program="C:\Feihong\feihong.exe"`},
		{"Windows, off", func(s *stage) {
			s.os, s.windows = "windows", &doctor.WindowsFirewall{On: map[string]bool{"private": false}, Networks: []string{"private"}}
		}, doctor.CauseNobodyHeard, "firewall", "ok firewall.off", ""},
		{"Windows, unknown network", func(s *stage) {
			s.os, s.windows = "windows", &doctor.WindowsFirewall{On: map[string]bool{"private": true}}
		}, doctor.CauseNobodyHeard, "firewall", "note firewall.not-allowed", ""},
		{"macOS, off", mac("Firewall is disabled. (State = 0)\n"), doctor.CauseNobodyHeard, "firewall", "ok firewall.off", ""},
		{"macOS, on", mac("Firewall is enabled. (State = 1)\n"), doctor.CauseNobodyHeard, "firewall", "note firewall.unreadable", ""},
		{"macOS, blocks all", mac("Firewall is blocking all non-essential incoming connections. (State = 2)\n"), doctor.CauseFirewallHere, "firewall", "warn firewall.closed, note firewall.dynamic", ""},
		{"macOS, unknown", mac("?"), doctor.CauseNobodyHeard, "firewall", "note failed", ""},
		{"another system", func(s *stage) { s.os = "plan9" }, doctor.CauseNobodyHeard, "firewall", "note firewall.unknown", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := office()
			test.change(s)
			report := s.examine(t, "")
			if report.Verdict.Cause != test.cause || report.Verdict.Command != test.command {
				t.Errorf("got %s, %q; want %s, %q", report.Verdict.Cause, report.Verdict.Command, test.cause, test.command)
			}
			if got := found(report, test.topic); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			checkReport(t, report)
		})
	}
}

func mac(state string) func(*stage) {
	return func(s *stage) {
		s.os = "darwin"
		s.tools = map[string]string{"/usr/libexec/ApplicationFirewall/socketfilterfw --getglobalstate": state}
	}
}

func TestOwnFirewallExplainsWhyTheyDoNotReachUs(t *testing.T) {
	s := office().meiAt(desk, 50001)
	s.colleagues = []doctor.Colleague{{ID: mei, Name: "Mei", Address: desk}}
	s.far = looked(2)
	s.tools = map[string]string{"iptables-save": "*filter\n:INPUT DROP [0:0]\nCOMMIT\n"}
	report := s.examine(t, "192.168.1.30")
	if report.Verdict.Cause != doctor.CauseFineOneWay || !strings.Contains(report.Verdict.Command, "--dport 50000") {
		t.Errorf("got %+v", report.Verdict)
	}
	checkReport(t, report)
}
