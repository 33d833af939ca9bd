package address_test

import (
	"encoding/json"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.uber.org/goleak"

	"feihong/transport/address"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var local = []netip.Prefix{
	netip.MustParsePrefix("127.0.0.1/8"),
	netip.MustParsePrefix("192.168.1.20/24"),
	netip.MustParsePrefix("10.1.2.3/22"),
	netip.MustParsePrefix("172.16.0.4/31"),
	netip.MustParsePrefix("172.17.0.1/32"),
	netip.MustParsePrefix("fd00::1/64"),
}

func TestParseAccepts(t *testing.T) {
	tests := []struct{ in, want string }{
		{"192.168.1.20:50123", "192.168.1.20:50123"},
		{"  192.168.1.20:50123\n", "192.168.1.20:50123"},
		{"\u200b192.168.1.20:50123\ufeff", "192.168.1.20:50123"},
		{"\u3000192.168.1.20:50123\u3000", "192.168.1.20:50123"},
		{"192.168.1.20:050123", "192.168.1.20:50123"},
		{"１９２。１６８．１｡２０：５０１２３", "192.168.1.20:50123"},
		{"192。168。1。20：50123", "192.168.1.20:50123"},
		{"192.168.1.20:1024", "192.168.1.20:1024"},
		{"192.168.1.20:65535", "192.168.1.20:65535"},
		{"192.168.2.0:5000", "192.168.2.0:5000"},     // not an own network
		{"192.168.2.255:5000", "192.168.2.255:5000"}, // may be a host of a /23
		{"10.1.1.0:5000", "10.1.1.0:5000"},           // a host of 10.1.0.0/22
		{"10.1.0.255:5000", "10.1.0.255:5000"},
		{"172.16.0.4:5000", "172.16.0.4:5000"}, // /31 has no reserved addresses
		{"172.16.0.5:5000", "172.16.0.5:5000"},
		{"172.17.0.1:5000", "172.17.0.1:5000"},
		{"127.0.0.1:5000", "127.0.0.1:5000"},
		{"255.255.255.254:5000", "255.255.255.254:5000"},
		{"[::1]:5000", "[::1]:5000"},
		{"[FE80::1%eth0]:5000", "[fe80::1%eth0]:5000"},
		{"[fe80::1%25eth0]:5000", "[fe80::1%eth0]:5000"},
		{"[fe80::1%2512]:5000", "[fe80::1%12]:5000"},
		{"[fe80::1%2525x]:5000", "[fe80::1%x]:5000"},
		{"[fe80::1%25]:5000", "[fe80::1%25]:5000"},
		{"[fe80::1%2]:5000", "[fe80::1%2]:5000"},
		{"【fe80::1％eth0】：5000", "[fe80::1%eth0]:5000"},
		{"[2001:db8:0:0:0:0:0:1]:5000", "[2001:db8::1]:5000"},
		{"[fd00::]:5000", "[fd00::]:5000"},
		{"[::ffff:192.168.1.20]:5000", "192.168.1.20:5000"},
		{"localhost:5000", "localhost:5000"},
		{"LocalHost:5000", "localhost:5000"},
		{"desk-3.office.example:5000", "desk-3.office.example:5000"},
		{"desk.example.:5000", "desk.example:5000"},
		{"my_pc:5000", "my_pc:5000"},
		{"3com:5000", "3com:5000"},
		{"办公室.local:5000", "办公室.local:5000"},
		{"ｈｏｓｔ：５０００", "host:5000"},
		{"192.168.1.x:5000", "192.168.1.x:5000"},
		{strings.Repeat("a", 63) + ".b:5000", strings.Repeat("a", 63) + ".b:5000"},
	}
	for _, test := range tests {
		t.Run(test.in, func(t *testing.T) {
			got, warnings, err := address.Parse(test.in, local)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if len(warnings) > 0 {
				t.Errorf("warnings: %v", warnings)
			}
			if got.IP.IsValid() && got.Host != got.IP.String() {
				t.Errorf("Host is %s, IP is %s", got.Host, got.IP)
			}
		})
	}
}

func TestParseWarns(t *testing.T) {
	tests := []struct {
		in   string
		want address.Code
	}{
		{"192.168.1.20:1", address.WellKnownPort},
		{"192.168.1.20:80", address.WellKnownPort},
		{"host:1023", address.WellKnownPort},
		{"[fe80::1]:5000", address.NoZone},
	}
	for _, test := range tests {
		t.Run(test.in, func(t *testing.T) {
			_, warnings, err := address.Parse(test.in, local)
			if err != nil || len(warnings) != 1 || warnings[0].Code != test.want {
				t.Fatalf("warnings %v, error %v; want %s", warnings, err, test.want)
			}
			if text := warnings[0].String(); text == "" || strings.ContainsAny(text, "{}") {
				t.Errorf("text %q", text)
			}
		})
	}
}

func TestParseRefuses(t *testing.T) {
	tests := []struct {
		in   string
		code address.Code
		says string // what the message must mention
	}{
		{"", address.Empty, "192.168.1.20:50123"},
		{" \t\u3000", address.Empty, ""},
		{"http://192.168.1.20:5000", address.Scheme, "http://"},
		{"feihong://host:5000/", address.Scheme, "feihong://"},
		{"192.168. 1.20:5000", address.Space, "space"},
		{"192.168.1.20 :5000", address.Separator, "192.168.1.20:5000"},
		{"192.168.1.20: 5000", address.Separator, "192.168.1.20:5000"},
		{"192.168.1.20 5000", address.Separator, "192.168.1.20:5000"},
		{"192.168.1.20；5000", address.Separator, "192.168.1.20:5000"},
		{"192.168.1.20,5000", address.Separator, "192.168.1.20:5000"},
		{"[fe80::1] 5000", address.Space, ""},
		{"192.168.1.2O:5000", address.LetterForDigit, "192.168.1.20"},
		{"l92.l68.I.2o:5000", address.LetterForDigit, "192.168.1.20"},
		{":5000", address.NoHost, ""},
		{"192.168.1.20", address.NoPort, ":PORT"},
		{"192.168.1.20:", address.NoPort, "window"},
		{"host", address.NoPort, ""},
		{"[::1]", address.NoPort, ""},
		{"[::1]:", address.NoPort, ""},
		{"fe80::1", address.NoBrackets, "[fe80"},
		{"fe80::1:5000", address.NoBrackets, ""},
		{"2001:db8:0:0:0:0:0:1:5000", address.NoBrackets, ""},
		{"192.168.1.20:5000:1", address.Colons, ""},
		{"[::1:5000", address.BracketOpen, ""},
		{"[::1]5000", address.AfterBracket, "5000"},
		{"[::1]]:5000", address.AfterBracket, ""},
		{"[192.168.1.20]:5000", address.NotIPv6, ""},
		{"[]:5000", address.NotIPv6, ""},
		{"[host]:5000", address.NotIPv6, "host"},
		{"[fe80::1%]:5000", address.NotIPv6, ""},
		{"[fe80::1%a[b]:5000", address.NotIPv6, ""},
		{"192.168.1.256:5000", address.PartTooGreat, "part 4 of the IPv4 address is 256"},
		{"300.168.1.1:5000", address.PartTooGreat, "part 1 of the IPv4 address is 300"},
		{"192.99999999999999999999.1.1:5000", address.PartTooGreat, "part 2"},
		{"192.168.1.256", address.PartTooGreat, ""}, // the host first, then the missing port
		{"192.168.1:5000", address.PartCount, "3 parts"},
		{"192.168.1.20.5000", address.PartCount, "5 parts"},
		{"3232235796:5000", address.PartCount, ""},
		{"192.168..1:5000", address.PartEmpty, "part 3"},
		{"192.168.1.:5000", address.PartEmpty, "part 4"},
		{".168.1.1:5000", address.PartEmpty, "part 1"},
		{"...:5000", address.PartEmpty, ""},
		{"192.168.01.20:5000", address.PartLeadingZero, "part 3"},
		{"192.168.1.00:5000", address.PartLeadingZero, "part 4"},
		{"0.0.0.0:5000", address.Unspecified, ""},
		{"[::]:5000", address.Unspecified, ""},
		{"[::ffff:0.0.0.0]:5000", address.Unspecified, ""},
		{"0.1.2.3:5000", address.FirstPartZero, ""},
		{"192.168.1.0:5000", address.NetworkNumber, "192.168.1.0/24"},
		{"10.1.0.0:5000", address.NetworkNumber, "10.1.0.0/22"},
		{"127.0.0.0:5000", address.NetworkNumber, ""},
		{"192.168.1.255:5000", address.Broadcast, "every machine"},
		{"10.1.3.255:5000", address.Broadcast, ""},
		{"[::ffff:192.168.1.255]:5000", address.Broadcast, ""},
		{"255.255.255.255:5000", address.Broadcast, ""},
		{"224.0.0.1:5000", address.Multicast, ""},
		{"239.255.255.250:5000", address.Multicast, ""},
		{"[ff02::1%eth0]:5000", address.Multicast, ""},
		{"ho!st:5000", address.NameCharacter, "!"},
		{"me@host:5000", address.NameCharacter, "@"},
		{"ho\xffst:5000", address.NameCharacter, ""},
		{"ho\x00st:5000", address.NameCharacter, `\x00`},
		{"a..b:5000", address.NameEmptyLabel, ""},
		{".host:5000", address.NameEmptyLabel, ""},
		{"-host:5000", address.NameHyphen, "-host"},
		{"host-.example:5000", address.NameHyphen, ""},
		{strings.Repeat("a", 64) + ".b:5000", address.NameLabelTooLong, "64"},
		{strings.Repeat("a.", 127) + "b:5000", address.NameTooLong, "255"},
		{"0x7f000001:5000", address.NameEndsInNumber, ""},
		{"host.1:5000", address.NameEndsInNumber, ""},
		{"192.168.1.20:port", address.PortNotNumber, "port"},
		{"192.168.1.20:-1", address.PortNotNumber, ""},
		{"192.168.1.20:+1", address.PortNotNumber, ""},
		{"192.168.1.20:5000/", address.PortNotNumber, ""},
		{"192.168.1.20:0", address.PortZero, ""},
		{"192.168.1.20:000", address.PortZero, ""},
		{"192.168.1.20:65536", address.PortTooGreat, "65536"},
		{"192.168.1.20:99999999999999999999", address.PortTooGreat, ""},
	}
	for _, test := range tests {
		t.Run(test.in, func(t *testing.T) {
			got, warnings, err := address.Parse(test.in, local)
			var refusal *address.Error
			if !errors.As(err, &refusal) {
				t.Fatalf("got %v, error %v", got, err)
			}
			if refusal.Code != test.code || !strings.Contains(err.Error(), test.says) {
				t.Errorf("got %s: %v; want %s mentioning %q", refusal.Code, err, test.code, test.says)
			}
			if strings.ContainsAny(err.Error(), "{}\n\x00") {
				t.Errorf("unfit to show: %q", err.Error())
			}
			if got != (address.Address{}) || warnings != nil {
				t.Errorf("beside the error: %v %v", got, warnings)
			}
		})
	}
}

func TestErrorsStayShort(t *testing.T) {
	_, _, err := address.Parse(strings.Repeat("长", 100000)+"!:1", nil)
	if err == nil || len(err.Error()) > 1000 {
		t.Errorf("got %.100v", err)
	}
}

func TestTranslationsComplete(t *testing.T) {
	for _, language := range []string{"en", "zh"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "assets", "translations", language+".json"))
		if err != nil {
			t.Fatal(err)
		}
		var texts map[string]string
		if err := json.Unmarshal(data, &texts); err != nil {
			t.Fatal(err)
		}
		for _, code := range address.Codes() {
			if texts["address."+string(code)] == "" {
				t.Errorf("%s lacks address.%s", language, code)
			}
		}
	}
}

func TestLocalPrefixes(t *testing.T) {
	for _, prefix := range address.LocalPrefixes() {
		if !prefix.IsValid() || prefix.Addr().Is4In6() {
			t.Errorf("got %v", prefix)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"192.168.1.20:50123", "[fe80::1%eth0]:5000", "host.example:80", "１９２。１６８．１.2：5000",
		"[::ffff:1.2.3.4]:1", "0x7f:1", "a_b.:1", "İ.ſ:1", "\u212a:9", "[fe80::1%25x]:7", "",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, _, err := address.Parse(s, local)
		if err != nil {
			_ = err.Error()
			return
		}
		again, _, err := address.Parse(got.String(), local)
		if err != nil || again != got {
			t.Errorf("%q gave %v, read back as %v, %v", s, got, again, err)
		}
		if got.Port < 1 || got.Port > 65535 || got.Host == "" {
			t.Errorf("%q gave %#v", s, got)
		}
	})
}
