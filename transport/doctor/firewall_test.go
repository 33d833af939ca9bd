package doctor_test

import (
	"maps"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"feihong/transport/doctor"
)

type fateCase struct {
	protocol string
	port     int
	device   string
	want     string
}

func sample(t testing.TB, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestPacketFilters(t *testing.T) {
	tests := []struct {
		file  string
		parse func([]byte) (doctor.Fates, error)
		cases []fateCase
	}{
		{"nftables.json", doctor.ParseNft, []fateCase{
			{"udp", 24250, "eth0", "open"},
			{"udp", 24251, "eth0", "closed"},
			{"tcp", 24250, "eth0", "partly"}, // perhaps in the set
			{"tcp", 50050, "wlan0", "open"},
			{"tcp", 443, "eth0", "open"},
			{"tcp", 22, "eth0", "partly"},
			{"udp", 1234, "eth0", "open"},
			{"udp", 1234, "wlan0", "closed"},
			{"udp", 1234, "", "partly"},
		}},
		{"nftables-ping.json", doctor.ParseNft, []fateCase{ // lets ping, IPv6 and ssh in
			{"tcp", 50000, "eth0", "closed"},
			{"udp", 24250, "eth0", "closed"},
			{"tcp", 22, "eth0", "open"},
		}},
		{"iptables.txt", doctor.ParseIptables, []fateCase{
			{"udp", 24250, "eth0", "open"},
			{"udp", 24250, "wlan0", "closed"},
			{"udp", 24251, "eth0", "closed"},
			{"tcp", 50050, "eth0", "open"},
			{"tcp", 50123, "eth0", "closed"},
			{"tcp", 22, "eth0", "open"},
			{"tcp", 6000, "eth0", "partly"},
			{"tcp", 7000, "eth0", "partly"}, // rules that lead in a circle
		}},
		{"ufw.txt", doctor.ParseUfw, []fateCase{
			{"udp", 24250, "eth0", "open"},
			{"tcp", 24250, "eth0", "partly"}, // perhaps a port of Samba
			{"tcp", 1720, "eth0", "open"},
			{"tcp", 7000, "eth0", "closed"},
			{"tcp", 8000, "eth1", "open"},
			{"tcp", 8000, "eth0", "partly"},
		}},
		{"firewalld.txt", doctor.ParseFirewalld, []fateCase{
			{"udp", 24250, "enp3s0", "open"},
			{"tcp", 50050, "enp3s0", "open"},
			{"tcp", 24250, "enp3s0", "partly"},
		}},
	}
	for _, test := range tests {
		fates, err := test.parse(sample(t, test.file))
		if err != nil {
			t.Fatalf("%s: %v", test.file, err)
		}
		for _, one := range test.cases {
			if got := fates(one.protocol, one.port, one.device); got != one.want {
				t.Errorf("%s: %s %d on %q is %s, want %s", test.file, one.protocol, one.port, one.device, got, one.want)
			}
		}
	}
}

// nftRule is a ruleset that drops what a match is about.
func nftRule(match string) string {
	return `{"nftables":[{"chain":{"family":"ip","table":"t","name":"c","type":"filter","hook":"input"}},
		{"rule":{"family":"ip","table":"t","chain":"c","expr":[{"match":` + match + `},{"drop":null}]}}]}`
}

func TestPacketFiltersInShort(t *testing.T) {
	tests := []struct {
		name, text string
		parse      func([]byte) (doctor.Fates, error)
		want       string // of TCP port 50000 on eth0
	}{
		{"no rules", `{"nftables":[{"metainfo":{"version":"1"}}]}`, doctor.ParseNft, "open"},
		{"policy", `{"nftables":[{"chain":{"family":"ip","table":"t","name":"c","type":"filter","hook":"input","policy":"drop"}}]}`, doctor.ParseNft, "closed"},
		{"only IPv6", `{"nftables":[{"chain":{"family":"ip6","table":"t","name":"c","type":"filter","hook":"input","policy":"drop"}}]}`, doctor.ParseNft, "open"},
		{"unknown match", `{"nftables":[{"chain":{"family":"ip","table":"t","name":"c","type":"filter","hook":"input"}},
			{"rule":{"family":"ip","table":"t","chain":"c","expr":[{"match":{"op":"==","left":{"fib":{"result":"type"}},"right":"local"}},{"drop":null}]}}]}`, doctor.ParseNft, "partly"},
		{"unknown jump", `{"nftables":[{"chain":{"family":"ip","table":"t","name":"c","type":"filter","hook":"input"}},
			{"rule":{"family":"ip","table":"t","chain":"c","expr":[{"jump":{"target":"x"}}]}}]}`, doctor.ParseNft, "partly"},
		{"goto does not come back", `{"nftables":[{"chain":{"family":"ip","table":"t","name":"c","type":"filter","hook":"input","policy":"drop"}},
			{"chain":{"family":"ip","table":"t","name":"d"}},
			{"rule":{"family":"ip","table":"t","chain":"c","expr":[{"goto":{"target":"d"}}]}},
			{"rule":{"family":"ip","table":"t","chain":"c","expr":[{"accept":null}]}}]}`, doctor.ParseNft, "closed"},
		{"not new", `{"nftables":[{"chain":{"family":"ip","table":"t","name":"c","type":"filter","hook":"input"}},
			{"rule":{"family":"ip","table":"t","chain":"c","expr":[{"match":{"op":"!=","left":{"ct":{"key":"state"}},"right":["established","related"]}},{"drop":null}]}}]}`, doctor.ParseNft, "closed"},
		{"a field of another protocol, negated", nftRule(`{"op":"!=","left":{"payload":{"protocol":"udp","field":"dport"}},"right":53}`), doctor.ParseNft, "open"},
		{"an unknown field of the protocol", nftRule(`{"op":"==","left":{"payload":{"protocol":"tcp","field":"sport"}},"right":53}`), doctor.ParseNft, "partly"},
		{"an unknown field of another protocol", nftRule(`{"op":"<","left":{"payload":{"protocol":"udp","field":"sport"}},"right":53}`), doctor.ParseNft, "open"},
		{"to everybody", nftRule(`{"op":"==","left":{"meta":{"key":"pkttype"}},"right":"multicast"}`), doctor.ParseNft, "open"},
		{"to this machine", nftRule(`{"op":"==","left":{"meta":{"key":"pkttype"}},"right":"host"}`), doctor.ParseNft, "closed"},
		{"not to this machine", nftRule(`{"op":"!=","left":{"meta":{"key":"pkttype"}},"right":"unicast"}`), doctor.ParseNft, "open"},
		{"IPv4", nftRule(`{"op":"==","left":{"meta":{"key":"protocol"}},"right":"ip"}`), doctor.ParseNft, "closed"},
		{"not JSON", `Operation not permitted`, doctor.ParseNft, ""},
		{"other JSON", `{"a":1}`, doctor.ParseNft, ""},
		{"accepting policy", "*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n", doctor.ParseIptables, "open"},
		{"nothing loaded", "", doctor.ParseIptables, "open"},
		{"a complaint", "iptables-save: Permission denied", doctor.ParseIptables, ""},
		{"ufw off", "Status: inactive\n", doctor.ParseUfw, "off"},
		{"ufw open", "Status: active\nDefault: allow (incoming), allow (outgoing)\n", doctor.ParseUfw, "open"},
		{"ufw closed", "Status: active\nDefault: reject (incoming), allow (outgoing)\n", doctor.ParseUfw, "closed"},
		{"ufw in another language", "Estado: activo\n", doctor.ParseUfw, ""},
		{"a trusting zone", "trusted\n  target: ACCEPT\n", doctor.ParseFirewalld, "open"},
		{"an empty zone", "drop\n  target: DROP\n  services: \n", doctor.ParseFirewalld, "closed"},
		{"no zone", "Authorization failed.\n", doctor.ParseFirewalld, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			fates, err := test.parse([]byte(test.text))
			if (err != nil) != (test.want == "") {
				t.Fatalf("error %v", err)
			}
			got := "off"
			if fates != nil {
				got = fates("tcp", 50000, "eth0")
			}
			if err == nil && got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestWindowsFirewall(t *testing.T) {
	const program = `C:\Program Files\Feihong\feihong.exe`
	const allow = `v2.30|Action=Allow|Active=TRUE|Dir=In|Profile=Private|Profile=Public|App=c:\program files\feihong\FEIHONG.exe|Name=Feihong|`
	const block = `v2.30|Action=Block|Active=TRUE|Dir=In|Profile=Public|App=C:\Program Files\Feihong\feihong.exe|Name=feihong|`
	tests := []struct {
		name             string
		network          string
		off, blocked     bool
		rules            []string
		wantTCP, wantUDP string // "": off
	}{
		{"no rule", "private", false, false, nil, "closed", "closed"},
		{"allowed", "private", false, false, []string{allow}, "open", "open"},
		{"off", "private", true, false, nil, "", ""},
		{"cancelled the question", "public", false, false, []string{allow, block}, "closed", "closed"},
		{"blocked elsewhere only", "private", false, false, []string{allow, block}, "open", "open"},
		{"not for this network", "domain", false, false, []string{allow}, "closed", "closed"},
		{"blocks everything", "private", false, true, []string{allow}, "closed", "closed"},
		{"by port", "private", false, false, []string{`v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=17|LPort=24250|Name=x|`}, "closed", "open"},
		{"one sender", "private", false, false, []string{`v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=50000|RA4=10.0.0.1|`}, "partly", "closed"},
		{"switched off", "private", false, false, []string{`v2.30|Action=Allow|Active=FALSE|Dir=In|App=` + program + `|`}, "closed", "closed"},
		{"outwards", "private", false, false, []string{`v2.30|Action=Allow|Active=TRUE|Dir=Out|App=` + program + `|`}, "closed", "closed"},
		{"variable in the path", "private", false, false, []string{`v2.30|Action=Allow|Active=TRUE|Dir=In|App=%ProgramFiles%\Feihong\feihong.exe|`}, "open", "open"},
		{"another program", "private", false, false, []string{`v2.30|Action=Allow|Active=TRUE|Dir=In|App=C:\x.exe|`}, "closed", "closed"},
		{"a service", "private", false, false, []string{`v2.30|Action=Allow|Active=TRUE|Dir=In|Svc=upnphost|`}, "closed", "closed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			fates := doctor.WindowsFates(doctor.WindowsFirewall{
				On: map[string]bool{test.network: !test.off}, Networks: []string{test.network},
				BlockedIn: map[string]bool{test.network: test.blocked}, Rules: test.rules,
			}, program)
			if fates == nil {
				if test.wantTCP != "" {
					t.Error("taken to be off")
				}
				return
			}
			if tcp, udp := fates("tcp", 50000, ""), fates("udp", 24250, ""); tcp != test.wantTCP || udp != test.wantUDP {
				t.Errorf("TCP %s, UDP %s; want %s, %s", tcp, udp, test.wantTCP, test.wantUDP)
			}
		})
	}
}

func TestSmallParsers(t *testing.T) {
	if !doctor.UfwEnabled("# comment\nENABLED=yes\nLOGLEVEL=low\n") || doctor.UfwEnabled("ENABLED=no\n") ||
		doctor.UfwEnabled("#ENABLED=yes\n") || !doctor.UfwEnabled(`ENABLED="YES"`) {
		t.Error("ufw.conf is read wrongly")
	}
	zones := doctor.FirewalldZones("FedoraWorkstation (default)\n  interfaces: wlp2s0 enp3s0\ntrusted\n  interfaces: virbr0\n  sources: 10.0.0.0/8\n")
	want := map[string]string{"wlp2s0": "FedoraWorkstation", "enp3s0": "FedoraWorkstation", "virbr0": "trusted"}
	if !maps.Equal(zones, want) {
		t.Errorf("zones %v", zones)
	}
}

func TestArp(t *testing.T) {
	at := netip.MustParseAddr("192.168.1.2")
	tests := []struct {
		output string
		want   doctor.Neighbour
	}{
		{"\r\nInterface: 192.168.1.5 --- 0x4\r\n  Internet Address      Physical Address      Type\r\n  192.168.1.2           00-1f-c2-aa-bb-cc     dynamic   \r\n", doctor.NeighbourPresent},
		{"? (192.168.1.2) at 0:1f:c2:aa:bb:cc on en0 ifscope [ethernet]\n", doctor.NeighbourPresent},
		{"? (192.168.1.2) at (incomplete) on en0 ifscope [ethernet]\n", doctor.NeighbourAbsent},
		{"192.168.1.2 (192.168.1.2) -- no entry\n", doctor.NeighbourUnknown},
		{"? (192.168.1.20) at 0:1f:c2:aa:bb:cc on en0\n", doctor.NeighbourUnknown},
		{"", doctor.NeighbourUnknown},
	}
	for _, test := range tests {
		if got := doctor.ParseArp(test.output, at); got != test.want {
			t.Errorf("%q: got %d, want %d", test.output, got, test.want)
		}
	}
}

// fuzzFilter checks that a parser and what it gives end, whatever comes.
func fuzzFilter(f *testing.F, name string, parse func([]byte) (doctor.Fates, error)) {
	f.Add(sample(f, name))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, data []byte) {
		fates, err := parse(data)
		if err != nil || fates == nil {
			return
		}
		for _, protocol := range []string{"tcp", "udp"} {
			if got := fates(protocol, 24250, "eth0"); !strings.Contains("open partly closed", got) {
				t.Errorf("fate %q", got)
			}
		}
	})
}

func FuzzNft(f *testing.F)       { fuzzFilter(f, "nftables.json", doctor.ParseNft) }
func FuzzIptables(f *testing.F)  { fuzzFilter(f, "iptables.txt", doctor.ParseIptables) }
func FuzzUfw(f *testing.F)       { fuzzFilter(f, "ufw.txt", doctor.ParseUfw) }
func FuzzFirewalld(f *testing.F) { fuzzFilter(f, "firewalld.txt", doctor.ParseFirewalld) }

func FuzzWindowsRule(f *testing.F) {
	f.Add(`v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=17|LPort=24250|App=C:\x|`, `C:\x`)
	f.Add("0Active=", "0")
	f.Fuzz(func(t *testing.T, text, program string) {
		fates := doctor.WindowsFates(doctor.WindowsFirewall{
			On: map[string]bool{"public": true}, Networks: []string{"public"}, Rules: []string{text},
		}, program)
		says := func(field string) bool { return slices.Contains(strings.Split(text, "|"), field) }
		if fates("udp", 24250, "") == "open" && (!says("Active=TRUE") || !says("Dir=In")) {
			t.Errorf("%q opens the port", text)
		}
	})
}
