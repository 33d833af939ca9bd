package doctor

import (
	"context"
	"net/netip"
	"strconv"

	"feihong/transport/ether"
)

// firstFreePort is the first port that is not a well-known one.
const firstFreePort = 1024

// machine looks at this machine alone.
func (d *Doctor) machine(ctx context.Context) Report {
	own := d.self()
	all, err := d.config.Interfaces()
	facts := MachineFacts{
		TCPPort: own.TCPPort, UDPPort: own.UDPPort, UDPTrouble: own.UDPTrouble != nil,
		Discovery: own.Discovery, Invisible: own.Invisible, Passive: own.Passive,
	}
	report := Report{Findings: d.aboutSelf(own)}
	if err != nil {
		report.add(TopicInterface, LevelWarn, tell(err, "doctor.failed"), "")
	}
	prefixes, onlyVirtual, selfAssigned := networks(all)
	facts.Networks, facts.OnlyVirtual, facts.SelfAssigned = len(prefixes), onlyVirtual, selfAssigned
	facts.LinksDown = d.linksDown()
	report.addInterfaces(all, facts.LinksDown)
	report.addPorts(own)
	var firewall []Finding
	facts.Firewall, firewall = d.firewall(ctx, own)
	report.Findings = append(report.Findings, firewall...)
	if !own.Passive { // otherwise there was no time to hear anybody
		facts.Heard = report.addHeard(d.config.Heard(), own.ID)
	}
	report.Verdict = JudgeMachine(facts)
	return report.complete()
}

func (r *Report) add(topic string, level Level, text Text, detail string) {
	r.Findings = append(r.Findings, Finding{Topic: topic, Level: level, Text: text, Detail: detail})
}

func (d *Doctor) aboutSelf(own Self) []Finding {
	var r Report
	r.add(TopicName, LevelOK, say("doctor.self.name", "name", safe(own.Name), "profile", safeLine(own.Profile)), "")
	r.add(TopicName, LevelOK, say("doctor.self.id", "id", own.ID), own.ID.String())
	switch {
	case own.Discovery == DiscoveryOff:
		r.add(TopicName, LevelWarn, say("doctor.self.discovery-off"), "")
	case own.Discovery == DiscoveryLoopback:
		r.add(TopicName, LevelWarn, say("doctor.self.discovery-loopback"), "")
	case own.Invisible:
		r.add(TopicName, LevelNote, say("doctor.self.invisible"), "")
	}
	return r.Findings
}

func (r *Report) addInterfaces(all []ether.Interface, down []string) {
	found := false
	for _, one := range all {
		if one.Loopback {
			continue
		}
		for _, prefix := range one.Addresses {
			found = true
			r.addInterface(one, prefix)
		}
	}
	if !found {
		r.add(TopicInterface, LevelWarn, say("doctor.interface.none"), "")
	}
	for _, name := range down {
		r.add(TopicInterface, LevelNote, say("doctor.interface.down", "interface", name), "")
	}
}

func (r *Report) addInterface(one ether.Interface, prefix netip.Prefix) {
	broadcast := broadcastOf(one, prefix)
	detail := safe(one.Name) + " " + prefix.String()
	if broadcast != "" {
		detail += " broadcast " + broadcast
	}
	level, key := LevelOK, "doctor.interface.ok"
	switch {
	case prefix.Addr().Is4() && prefix.Addr().IsLinkLocalUnicast():
		level, key = LevelWarn, "doctor.interface.self-assigned"
	case one.PointToPoint:
		level, key = LevelNote, "doctor.interface.tunnel"
	case one.Virtual:
		level, key = LevelNote, "doctor.interface.virtual"
	case prefix.Addr().IsLinkLocalUnicast():
		level, key = LevelNote, "doctor.interface.link-local"
	case broadcast != "":
		key = "doctor.interface.broadcast"
	}
	r.add(TopicInterface, level, say(key, "interface", safe(one.Name), "address", prefix.Addr(),
		"network", prefix.Masked(), "broadcast", broadcast), detail)
}

// broadcastOf is the broadcast address of one of the networks of an
// interface, "" if there is none.
func broadcastOf(one ether.Interface, prefix netip.Prefix) string {
	one.Addresses = []netip.Prefix{prefix}
	for _, broadcast := range one.Broadcasts() {
		return broadcast.String()
	}
	return ""
}

func (r *Report) addPorts(own Self) {
	if own.Passive {
		r.add(TopicTCP, LevelNote, say("doctor.tcp.passive"), "")
		r.add(TopicUDP, LevelNote, say("doctor.udp.passive", "port", own.UDPPort), "")
		return
	}
	port := strconv.Itoa(own.TCPPort)
	switch {
	case own.TCPPort == 0:
		r.add(TopicTCP, LevelWarn, say("doctor.tcp.none"), "")
	case own.TCPPort < firstFreePort:
		r.add(TopicTCP, LevelWarn, say("doctor.tcp.well-known", "port", port), port+"/tcp")
	case own.Pinned:
		r.add(TopicTCP, LevelOK, say("doctor.tcp.pinned", "port", port), port+"/tcp")
	default:
		r.add(TopicTCP, LevelOK, say("doctor.tcp.dynamic", "port", port), port+"/tcp")
	}
	udp := strconv.Itoa(own.UDPPort)
	switch {
	case own.Discovery == DiscoveryOff:
		r.add(TopicUDP, LevelNote, say("doctor.udp.off", "port", udp), udp+"/udp")
	case own.UDPTrouble != nil:
		r.add(TopicUDP, LevelWarn, say("doctor.udp.refused", "port", udp,
			"reason", safeLine(own.UDPTrouble.Error())), udp+"/udp")
	default:
		r.add(TopicUDP, LevelOK, say("doctor.udp.ok", "port", udp), udp+"/udp")
	}
}
