package cli_test

import (
	"testing"

	"feihong/app/control"
)

var peers = []control.Peer{
	{ID: "ABCDEFG-HIJKLMN", Name: "Bob", Address: "192.168.1.3:50000", Online: true, Status: "online", Department: "Sales", Verified: true, Via: "address", Unread: 2},
	{ID: "BCDEFGH-HIJKLMN", Name: "李小飞", Status: "offline", Department: "财务", Blocked: true, LastSeen: &noon},
	{ID: "CDEFGHI-HIJKLMN", Name: "<Li>", Online: true, Status: "busy", StatusText: "开会", Nearby: true, Namesake: true, Via: "multicast"},
	{Name: "192.168.1.9:1", Address: "192.168.1.9:1", Status: "offline"},
	{ID: "DEFGHIJ-HIJKLMN", Name: "New", Online: true, Status: "on holiday", Via: "pigeon"}, // of a later version
}

func TestPeers(t *testing.T) {
	h := &host{answer: peers}
	wantLines(t, run(t, h, "peers", "--json"), peers)
	if h.asked() != "GET /v1/peers" {
		t.Errorf("asked %q", h.asked())
	}
	seen := noon.Local().Format("2006-01-02 15:04")
	run(t, h, "peers").want(t, 0, ""+
		"ABCDEFG  Bob            online                               Sales  192.168.1.3:50000  verified               by address\n"+
		"BCDEFGH  李小飞         offline, last seen "+seen+"  财务   -                  blocked                -\n"+
		"CDEFGHI  <Li>           busy: 开会                           -      -                  same name, other key!  multicast\n"+
		"-        192.168.1.9:1  offline                              -      192.168.1.9:1      -                      -\n"+
		"DEFGHIJ  New            on holiday                           -      -                  -                      pigeon\n", "")
	run(t, h, "peers", "--lang", "zh").want(t, 0, ""+
		"ABCDEFG  Bob            在线                             Sales  192.168.1.3:50000  已验证            按地址连接\n"+
		"BCDEFGH  李小飞         离线，最后在线 "+seen+"  财务   -                  已屏蔽            -\n"+
		"CDEFGHI  <Li>           忙碌：开会                       -      -                  同名但密钥不同！  组播\n"+
		"-        192.168.1.9:1  离线                             -      192.168.1.9:1      -                 -\n"+
		"DEFGHIJ  New            on holiday                       -      -                  -                 pigeon\n", "")
	nobody := &host{answer: []control.Peer{}}
	run(t, nobody, "peers").want(t, 0, "", "")
	run(t, nobody, "peers", "--json").want(t, 0, "", "")
}

// Every way by which discovery hears of people has a word.
func TestWaysHaveWords(t *testing.T) {
	for via, word := range map[string]string{
		"address": "by address", "incoming": "they connected", "multicast": "multicast", "broadcast": "broadcast",
		"unicast": "asked directly", "dnssd": "DNS-SD", "exchange": "from a colleague", "session": "their connection",
	} {
		h := &host{answer: []control.Peer{{ID: "A", Name: "B", Status: "away", Via: via}}}
		run(t, h, "peers").want(t, 0, "A  B  away  -  -  -  "+word+"\n", "")
	}
}
