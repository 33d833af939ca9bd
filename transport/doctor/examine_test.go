package doctor_test

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"feihong/protocol"
	"feihong/transport"
	"feihong/transport/doctor"
	"feihong/transport/ether"
)

func heardFrom(ip netip.Addr, way string, ago time.Duration) []doctor.Heard {
	return []doctor.Heard{{ID: mei, Name: "Mei", Address: netip.AddrPortFrom(ip, 50001), From: ip,
		Way: way, Interface: "eth0", When: bubbleNow.Add(-ago)}}
}

// bubbleNow is when each bubble begins.
var bubbleNow = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func fails(err error) func(protocol.PeerID) (protocol.PeerID, string, error) {
	return func(protocol.PeerID) (protocol.PeerID, string, error) { return protocol.PeerID{}, "", err }
}

func looked(outcome protocol.ExamineOutcome) func(protocol.PeerID, protocol.Examine) (protocol.Examined, error) {
	return func(protocol.PeerID, protocol.Examine) (protocol.Examined, error) {
		return protocol.Examined{Steps: []protocol.ExaminedStep{
			{Check: protocol.CheckPing, Outcome: outcome, Micros: 900},
			{Check: protocol.CheckTCP, Outcome: outcome, Micros: 1 << 31},
			{Check: 99, Outcome: 99},
		}}, nil
	}
}

func TestExamine(t *testing.T) {
	const address = "192.168.1.30:50001"
	tests := []struct {
		name    string
		address string
		stage   *stage
		change  func(*stage)
		want    string
		way     string // part of it
	}{
		{"all well", address, office().meiAt(desk, 50001), nil, doctor.CauseFine,
			"address:ok network:ok ping:ok udp:ok tcp:ok greeting:ok identity:note round-trip:ok"},
		{"without a port", "192.168.1.30", office().meiAt(desk, 50001), nil, doctor.CauseFine, "tcp:ok greeting:ok"},
		{"in full-width", "192。168。1。30：50001", office().meiAt(desk, 50001), nil, doctor.CauseFine, ""},
		{"with a colon and no port", "192.168.1.30：", office().meiAt(desk, 50001), nil, doctor.CauseFine, ""},
		{"by name", "desk", office().meiAt(desk, 50001), func(s *stage) {
			s.hosts = map[string][]netip.Addr{"desk": {netip.MustParseAddr("2001:db8::1"), away, desk}}
		}, doctor.CauseFine, "address:ok name:ok network:ok"},
		{"by name, one address without a way", "desk", office(), func(s *stage) {
			s.noRouteTo = netip.MustParseAddr("10.9.9.9")
			s.hosts = map[string][]netip.Addr{"desk": {s.noRouteTo, away}}
		}, doctor.CauseNoAnswer, "name:ok network:ok"},
		{"verified", address, office().meiAt(desk, 50001), func(s *stage) {
			s.known = []doctor.Acquaintance{{ID: mei, Name: "Mei", Verified: true}}
		}, doctor.CauseFine, "identity:ok"},
		{"two known there in turn", address, office().meiAt(desk, 50001), func(s *stage) {
			s.known = []doctor.Acquaintance{{ID: wei, Name: "Wei"}, {ID: mei, Name: "Mei"}}
			s.instances = nil
			s.dial = func(want protocol.PeerID) (protocol.PeerID, string, error) {
				if want != mei {
					return want, "", &transport.WrongPeerError{Want: want, Got: mei, GotName: "Mei"}
				}
				return mei, "Mei", nil
			}
		}, doctor.CauseFineUDPBlocked, "identity:ok"},
		{"no ping allowed", address, office().meiAt(desk, 50001), func(s *stage) { s.ping = doctor.ErrCannot },
			doctor.CauseFine, "ping:skipped"},
		{"bad address", "192.168.1.300:1", office(), nil, doctor.CauseBadAddress, "address:failed"},
		{"bad host without port", "192.168.1.255", office(), nil, doctor.CauseBadAddress, "address:failed"},
		{"unknown name", "desk-7", office(), nil, doctor.CauseNameNotFound, "name:failed"},
		{"ourselves", "192.168.1.20:50000", office(), nil, doctor.CauseSelf, ""},
		{"ourselves without port", "192.168.1.20", office(), func(s *stage) {
			s.instances = []doctor.Instance{{ID: self}}
		}, doctor.CauseSelf, "udp:note"},
		{"another profile on this machine", "192.168.1.20", office().meiAt(own, 50001), nil, doctor.CauseFine, "network:note"},
		{"nothing there", address, office(), nil, doctor.CauseNothingThere,
			"ping:note udp:failed tcp:failed neighbour:failed"},
		{"nothing there without port", "192.168.1.30", office(), nil, doctor.CauseNothingThere, "tcp:skipped neighbour:failed"},
		{"port from before", "192.168.1.30", office(), func(s *stage) {
			s.ping = nil
			s.known = []doctor.Acquaintance{{ID: mei, Name: "Mei", Address: netip.MustParseAddrPort(address)}}
			s.connect[50001] = syscall.ECONNREFUSED
		}, doctor.CauseNoProgram, "tcp:failed"},
		{"program not running", address, office(), func(s *stage) {
			s.ping, s.connect[50001] = nil, syscall.ECONNREFUSED
		}, doctor.CauseNoProgram, ""},
		{"other program", address, office().meiAt(desk, 50001), func(s *stage) {
			s.instances = nil
			s.dial = fails(&transport.NotFeihongError{Address: address, Answer: transport.AnswerHTTP})
		}, doctor.CauseOtherProgram, "greeting:failed"},
		{"wrong port", "192.168.1.30:50009", office().meiAt(desk, 50001), func(s *stage) {
			s.connect[50009] = syscall.ECONNREFUSED
		}, doctor.CauseWrongPort, ""},
		{"UDP dropped", address, office().meiAt(desk, 50001), func(s *stage) { s.instances = nil },
			doctor.CauseFineUDPBlocked, "udp:failed"},
		{"UDP not let out", "192.168.1.30", office(), func(s *stage) { s.asked = syscall.EPERM },
			doctor.CauseUDPBlockedHere, "udp:failed"},
		{"TCP dropped there", address, office().meiAt(desk, 50001), func(s *stage) { delete(s.connect, 50001) },
			doctor.CauseTCPBlockedThere, "reverse:failed"},
		{"TCP dropped there, but they reach us", address, office().meiAt(desk, 50001), func(s *stage) {
			delete(s.connect, 50001)
			s.called = func() { s.join(doctor.Colleague{ID: mei, Name: "Mei", Address: desk}) }
		}, doctor.CauseFineFromThere, "reverse:ok"},
		{"they have a session with us", address, office(), func(s *stage) {
			s.known = []doctor.Acquaintance{{ID: mei, Name: "Mei"}}
			s.colleagues = []doctor.Colleague{{ID: mei, Name: "Mei", Address: desk}}
		}, doctor.CauseFineFromThere, ""},
		{"they do not reach us", address, office().meiAt(desk, 50001), func(s *stage) {
			s.colleagues = []doctor.Colleague{{ID: mei, Name: "Mei", Address: desk, Dialed: true}}
			s.far = looked(protocol.OutcomeNoAnswer)
		}, doctor.CauseFineOneWay, ""},
		{"everything dropped there", address, office(), func(s *stage) {
			s.neighbour = doctor.NeighbourPresent
		}, doctor.CauseFirewallThere, "neighbour:ok"},
		{"access point keeps apart", address, office(), func(s *stage) {
			s.neighbour, s.links[0].Wireless = doctor.NeighbourPresent, doctor.WirelessYes
		}, doctor.CauseIsolation, ""},
		{"heard, but no answer", address, office(), func(s *stage) {
			s.neighbour, s.heard = doctor.NeighbourPresent, heardFrom(desk, "broadcast", time.Minute)
		}, doctor.CauseOneWay, ""},
		{"heard long ago", address, office(), func(s *stage) {
			s.neighbour, s.heard = doctor.NeighbourPresent, heardFrom(desk, "broadcast", time.Hour)
		}, doctor.CauseFirewallThere, ""},
		{"runs, but UDP blocked and no port", "10.8.0.30", office(), func(s *stage) {
			s.ping, s.heard = nil, heardFrom(away, "session", time.Minute)
		}, doctor.CauseUDPBlocked, ""},
		{"no route", "10.8.0.30:50001", office(), func(s *stage) { s.noRoute = true }, doctor.CauseNoRoute,
			"address:ok network:failed"},
		{"router says no route", "10.8.0.30:50001", office(), func(s *stage) {
			s.ping, s.asked, s.connect[50001] = syscall.EHOSTUNREACH, syscall.EHOSTUNREACH, syscall.EHOSTUNREACH
		}, doctor.CauseNoRoute, "ping:failed udp:failed tcp:failed"},
		{"silence from elsewhere", "10.8.0.30:50001", office(), nil, doctor.CauseNoAnswer, ""},
		{"a colleague gets through from elsewhere", "10.8.0.30:50001", office(), func(s *stage) {
			s.colleagues = []doctor.Colleague{{ID: wei, Name: "Wei", Address: netip.MustParseAddr("10.8.0.31")}}
			s.far = looked(protocol.OutcomeOK)
		}, doctor.CauseBlockedBetween, ""},
		{"a colleague here gets through", address, office(), func(s *stage) {
			s.ping = nil
			s.colleagues = []doctor.Colleague{{ID: wei, Name: "Wei", Address: netip.MustParseAddr("192.168.1.31")}}
			s.far = looked(protocol.OutcomeOK)
		}, doctor.CauseTCPBlockedHere, ""},
		{"mask too narrow", "192.168.1.200:50001", office(), func(s *stage) {
			s.interfaces[1].Addresses = []netip.Prefix{netip.MustParsePrefix("192.168.1.20/25")}
			s.noRoute = true
		}, doctor.CauseWrongPrefix, ""},
		{"heard from outside the mask", "10.8.0.30:50001", office(), func(s *stage) {
			s.heard, s.noRoute = heardFrom(away, "multicast", 0), true
		}, doctor.CauseWrongPrefix, ""},
		{"several instances", "192.168.1.30", office().meiAt(desk, 50001), func(s *stage) {
			s.instances = append(s.instances, doctor.Instance{ID: wei, Name: "Wei",
				Addresses: []netip.AddrPort{netip.AddrPortFrom(desk, 50002)}})
		}, doctor.CauseTwoInstances, "tcp:ok"},
		{"several instances, one chosen", address, office().meiAt(desk, 50001), func(s *stage) {
			s.instances = append(s.instances, doctor.Instance{ID: wei, Name: "Wei",
				Addresses: []netip.AddrPort{netip.AddrPortFrom(desk, 50002)}})
		}, doctor.CauseFine, ""},
		{"another key", address, office().meiAt(desk, 50001), func(s *stage) {
			s.known = []doctor.Acquaintance{{ID: wei, Name: "Mei"}}
			s.dial = fails(&transport.WrongPeerError{Want: wei, Got: mei, GotName: "mei"})
		}, doctor.CauseIdentityChanged, "greeting:ok identity:failed"},
		{"another person", address, office().meiAt(desk, 50001), func(s *stage) {
			s.known = []doctor.Acquaintance{{ID: wei, Name: "Wei"}}
			s.dial = fails(&transport.WrongPeerError{Want: wei, Got: mei, GotName: "Mei"})
		}, doctor.CauseOtherPerson, "identity:failed"},
		{"own interface down", "10.8.0.30:50001", office(), func(s *stage) {
			s.interfaces, s.noRoute, s.links[0].Running = s.interfaces[:1], true, false
		}, doctor.CauseInterfaceDown, ""},
		{"own address missing", "10.8.0.30:50001", office(), func(s *stage) {
			s.interfaces[1].Addresses = []netip.Prefix{netip.MustParsePrefix("169.254.3.4/16")}
			s.noRoute = true
		}, doctor.CauseNoAddress, ""},
		{"old there", address, office().meiAt(desk, 50001), func(s *stage) {
			s.dial = fails(&transport.VersionError{OurMin: 2, OurMax: 3, TheirMin: 1, TheirMax: 1})
		}, doctor.CauseOldVersion, "greeting:failed"},
		{"old here", address, office().meiAt(desk, 50001), func(s *stage) {
			s.dial = fails(&transport.VersionError{OurMin: 1, OurMax: 1, TheirMin: 2, TheirMax: 3})
		}, doctor.CauseOldHere, ""},
		{"refused", address, office().meiAt(desk, 50001), func(s *stage) {
			s.dial = fails(&transport.RefusedError{Code: protocol.CodeRefused})
		}, doctor.CauseRefused, ""},
		{"blocked by ourselves", address, office().meiAt(desk, 50001), func(s *stage) {
			s.dial = fails(errors.New("you have blocked them"))
		}, doctor.CauseRefused, ""},
		{"broken", address, office().meiAt(desk, 50001), func(s *stage) {
			s.dial = fails(&transport.UnreachableError{Greeting: true, Err: syscall.ECONNRESET})
		}, doctor.CauseGreetingBroken, ""},
		{"gone in between", address, office().meiAt(desk, 50001), func(s *stage) {
			s.instances = nil
			s.dial = fails(&transport.UnreachableError{Err: syscall.ECONNREFUSED})
		}, doctor.CauseNoProgram, "tcp:ok tcp:failed"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.change != nil {
				test.change(test.stage)
			}
			report := test.stage.examine(t, test.address)
			if report.Verdict.Cause != test.want {
				t.Errorf("got %s, want %s; %s", report.Verdict.Cause, test.want, way(report))
			}
			if !strings.Contains(way(report), test.way) {
				t.Errorf("steps %s; want %s", way(report), test.way)
			}
			checkReport(t, report)
		})
	}
}

// checkReport looks at what holds for every report: all is told in texts that
// exist, with the arguments they need, and can be written and read back.
func checkReport(t *testing.T, report doctor.Report) {
	t.Helper()
	english := texts(t, "en")
	var check func(doctor.Text)
	check = func(text doctor.Text) {
		t.Helper()
		for _, arg := range text.Args {
			if part, ok := arg.(doctor.Text); ok {
				check(part)
			}
		}
		written := english[text.Key]
		if written == "" {
			t.Errorf("there is no text %q", text.Key)
		}
		for _, found := range placeholder.FindAllStringSubmatch(written, -1) {
			if _, given := text.Args[found[1]]; !given {
				t.Errorf("%s lacks %s", text.Key, found[0])
			}
		}
	}
	for _, finding := range report.Findings {
		check(finding.Text)
	}
	for _, step := range report.Steps {
		check(step.Text)
		check(step.Title())
	}
	for _, far := range report.Far {
		for _, step := range far.Steps {
			check(step.Text)
			check(step.Title())
		}
	}
	check(report.Verdict.Text)
	check(report.Verdict.Advice)
	checkRoundTrip(t, report)
}

func TestFarSides(t *testing.T) {
	s := office()
	s.self.TCPPort = 50000
	s.known = []doctor.Acquaintance{{ID: mei, Name: "Mei"}}
	s.colleagues = []doctor.Colleague{
		{ID: peer(7), Name: "Far", Address: away},
		{ID: mei, Name: "Mei", Address: desk},
		{ID: peer(8), Name: "Near", Address: netip.MustParseAddr("192.168.1.31")},
		{ID: peer(9), Name: "Nearer\n", Address: netip.MustParseAddr("192.168.1.29")},
	}
	s.far = looked(protocol.OutcomeOK)
	report := s.examine(t, "192.168.1.30:50001")
	if len(report.Far) != 3 || !report.Far[0].Target || report.Far[0].Who != "Mei" ||
		report.Far[1].Who != "Near" && report.Far[1].Who != "Nearer" {
		t.Fatalf("asked %+v", report.Far)
	}
	for _, far := range report.Far {
		if len(far.Steps) != 2 || far.Steps[1].Took > 10*time.Second {
			t.Errorf("steps %+v", far.Steps)
		}
	}
	for _, about := range s.inquiries {
		here := about.Address == netip.MustParseAddrPort("192.168.1.20:50000") && about.Peer == self
		there := about.Address == netip.MustParseAddrPort("192.168.1.30:50001") && about.Peer == mei
		if !here && !there {
			t.Errorf("asked about %+v", about)
		}
	}
}

func TestFarSideRefuses(t *testing.T) {
	s := office().meiAt(desk, 50001)
	s.colleagues = []doctor.Colleague{{ID: mei, Name: "Mei", Address: desk}}
	s.far = func(protocol.PeerID, protocol.Examine) (protocol.Examined, error) {
		return protocol.Examined{Refused: true}, nil
	}
	if report := s.examine(t, "192.168.1.30"); len(report.Far) != 0 || report.Verdict.Cause != doctor.CauseFine {
		t.Errorf("got %+v", report)
	}
}

func TestExamineEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		defer cancel()
		began := time.Now()
		report, err := office().doctor().Examine(ctx, "192.168.1.30:50001", nil)
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(began) > 2*time.Second {
			t.Errorf("took %v, error %v", time.Since(began), err)
		}
		if len(report.Steps) == 0 {
			t.Error("nothing of what was found out is there")
		}
	})
}

func TestExamineIsQuickEnough(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		s := office()
		s.far = func(protocol.PeerID, protocol.Examine) (protocol.Examined, error) { return protocol.Examined{}, nil }
		if _, err := s.doctor().Examine(t.Context(), "192.168.1.30:50001", nil); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(began); took > 15*time.Second {
			t.Errorf("silence everywhere takes %v", took)
		}
	})
}

// Whatever others call themselves, and whatever was typed, is fit to be shown.
func TestReportsAreSafe(t *testing.T) {
	const evil = "Mei\x1b[31m\n\u202e"
	s := office().meiAt(desk, 50001)
	s.instances[0].Name = evil
	s.heard = []doctor.Heard{{ID: mei, Name: evil, From: desk, Way: evil, Interface: evil, When: bubbleNow}}
	s.interfaces = append(s.interfaces, ether.Interface{Index: 9, Name: evil,
		Addresses: []netip.Prefix{netip.MustParsePrefix("10.1.1.1/24")}})
	s.dial = func(protocol.PeerID) (protocol.PeerID, string, error) { return mei, evil, nil }
	s.colleagues = []doctor.Colleague{{ID: mei, Name: evil, Address: desk}}
	s.far = looked(protocol.OutcomeOK)
	for _, address := range []string{"", "192.168.1.30", evil, strings.Repeat("a", 100_000)} {
		text := written(t, s.examine(t, address))
		if len(text) > 20_000 || strings.Contains(text, `\u001b`) || strings.Contains(text, `\n`) || strings.Contains(text, "\u202e") {
			t.Errorf("unfit to be shown: %.3000s", text)
		}
	}
}

func FuzzExamine(f *testing.F) {
	for _, seed := range []string{"192.168.1.30", "[fe80::1%eth0]", "fe80::1", "desk.local", ":::", "１", ":", "a:b:c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		s := office()
		s.ping, s.asked, s.connect = nil, syscall.EPERM, nil
		s.noRoute = true
		report, err := s.doctor().Examine(t.Context(), address, nil)
		if err != nil || report.Verdict.Cause == "" || report.Verdict.Text.Key == "" {
			t.Errorf("%q: %+v, %v", address, report, err)
		}
	})
}
