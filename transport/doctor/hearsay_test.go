package doctor_test

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"feihong/protocol"
	"feihong/transport/doctor"
)

// told is a text of a report as it is read.
func told(t *testing.T, all map[string]string, text doctor.Text) string {
	t.Helper()
	return placeholder.ReplaceAllStringFunc(all[text.Key], func(name string) string {
		switch arg := text.Args[strings.Trim(name, "{}")].(type) {
		case doctor.Text:
			return told(t, all, arg)
		case string:
			return arg
		}
		t.Errorf("%s lacks %s", text.Key, name)
		return name
	})
}

// heardLines are the findings about people, as they are read.
func heardLines(t *testing.T, report doctor.Report, language string) []string {
	t.Helper()
	var lines []string
	for _, finding := range report.Findings {
		if finding.Topic == doctor.TopicHeard {
			lines = append(lines, told(t, texts(t, language), finding.Text))
		}
	}
	return lines
}

// Each person is there once, whoever was heard last first, and so are the ways.
// What is not known of a way is left out.
func TestHeard(t *testing.T) {
	heard := func(id protocol.PeerID, name, way, from, device string, ago time.Duration) doctor.Heard {
		one := doctor.Heard{ID: id, Name: name, Way: way, Interface: device, When: bubbleNow.Add(-ago)}
		if from != "" {
			one.From = netip.MustParseAddr(from)
		}
		return one
	}
	s := office()
	s.heard = []doctor.Heard{
		heard(wei, "Wei", "session", "", "", 9*time.Second),
		heard(mei, "Mei", "multicast", "fe80::30%eth0", "eth0", 3*time.Second),
		heard(mei, "Mei", "dnssd", "", "", 4*time.Second),
		heard(wei, "Wei", "exchange", "192.168.1.31", "", 5*time.Second),
		heard(mei, "Mei", "broadcast", "", "eth0", time.Second),
		heard(peer(4), "", "pigeon", "", "", time.Hour),
		heard(self, "Own", "multicast", "192.168.1.20", "eth0", 0),
	}
	want := map[string][]string{
		"en": {
			"Mei was heard by broadcast on eth0 1 s ago; by multicast from fe80::30 on eth0 3 s ago; by DNS-SD (mDNS) 4 s ago.",
			"Wei was heard through a colleague from 192.168.1.31 5 s ago; over a connection 9 s ago.",
			peer(4).Short() + " was heard in another way 3600 s ago.",
		},
		"zh": {
			"发现了 Mei：1 秒前在 eth0 上通过广播；3 秒前在 eth0 上通过组播（来自 fe80::30）；4 秒前通过服务发现 DNS-SD（mDNS）。",
			"发现了 Wei：5 秒前通过同事转告（来自 192.168.1.31）；9 秒前通过已有的连接。",
			"发现了 " + peer(4).Short() + "：3600 秒前通过其他方式。",
		},
	}
	report := s.examine(t, "")
	for language, lines := range want {
		if got := heardLines(t, report, language); !slices.Equal(got, lines) {
			t.Errorf("in %s it reads\n%s", language, strings.Join(got, "\n"))
		}
	}
	if count := report.Verdict.Text.Args["count"]; count != "2" {
		t.Errorf("%v were counted", count)
	}
	checkReport(t, report)
}

func TestManyHeard(t *testing.T) {
	s := office()
	for n := range 100 {
		for range 20 {
			one := heardFrom(desk, "broadcast", time.Second)[0]
			one.ID[5] = byte(n)
			s.heard = append(s.heard, one)
		}
	}
	report := s.examine(t, "")
	lines := heardLines(t, report, "en")
	if len(lines) != 21 || lines[20] != "And 80 more." || strings.Count(lines[0], "broadcast") != 8 {
		t.Errorf("%d are shown: %s", len(lines), lines)
	}
	if count := report.Verdict.Text.Args["count"]; count != "100" || report.Verdict.Cause != doctor.CauseMachineFine {
		t.Errorf("%v were counted", count)
	}
}
