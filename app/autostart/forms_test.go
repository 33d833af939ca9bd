package autostart_test

import (
	"encoding/xml"
	"slices"
	"strings"
	"testing"

	"feihong/app/autostart"
)

func program(command ...string) autostart.Program {
	return autostart.Program{ID: "im.feihong.desktop", Name: "Feihong", Command: command}
}

func TestDesktopEntry(t *testing.T) {
	for _, c := range []struct {
		command []string
		want    string
	}{
		{[]string{"/usr/bin/feihong"}, `"/usr/bin/feihong"`},
		{[]string{"/opt/my apps/feihong", "--profile", "work"}, `"/opt/my apps/feihong" "--profile" "work"`},
		{[]string{"/a%b"}, `"/a%%b"`},
		{[]string{"/a\"b"}, `"/a\\"b"`},
		{[]string{"/a$b`c"}, "\"/a\\\\$b\\\\`c\""},
		{[]string{`/a\b`}, `"/a\\\\b"`},
		{[]string{"/a\nExec=evil"}, `"/a\nExec=evil"`},
	} {
		got := autostart.DesktopEntry(program(c.command...))
		lines := strings.Split(got, "\n")
		at := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "Exec=") })
		if at < 0 || lines[at] != "Exec="+c.want || len(lines) != 7 || lines[0] != "[Desktop Entry]" {
			t.Errorf("%q gives\n%s", c.command, got)
		}
	}
}

func TestSwitchedOff(t *testing.T) {
	own := autostart.DesktopEntry(program("/usr/bin/feihong"))
	for content, off := range map[string]bool{
		own:                    false,
		"":                     false,
		own + "Hidden=true\n":  true,
		own + "Hidden=false\n": false,
		own + "#Hidden=true\n": false,
		own + "[Desktop Action new]\nHidden=true\n":        false,
		own + "Name[zh]=飞鸿\r\n Hidden = true \r\n":         true,
		"[Desktop Entry]\nX-GNOME-Autostart-enabled=false": true,
	} {
		if autostart.DesktopEntryOff(content) != off {
			t.Errorf("switched off is %v:\n%s", !off, content)
		}
	}
	agent := autostart.LaunchAgent(program("/usr/bin/feihong"))
	for content, off := range map[string]bool{
		agent: false,
		strings.Replace(agent, "</dict>", "\t<key>Disabled</key>\n\t<true/>\n</dict>", 1):  true,
		strings.Replace(agent, "</dict>", "\t<key>Disabled</key>\n\t<false/>\n</dict>", 1): false,
	} {
		if autostart.LaunchAgentOff(content) != off {
			t.Errorf("switched off is %v:\n%s", !off, content)
		}
	}
}

func TestCommandLine(t *testing.T) {
	for _, c := range []struct {
		command []string
		want    string
	}{
		{[]string{`C:\Feihong\feihong.exe`}, `C:\Feihong\feihong.exe`},
		{[]string{`C:\Program Files\Feihong\feihong.exe`, "--profile", "work"}, `"C:\Program Files\Feihong\feihong.exe" --profile work`},
		{[]string{`C:\a b\`, ""}, `"C:\a b\\" ""`},
		{[]string{`a"b`}, `"a\"b"`},
		{[]string{`a\"b c`}, `"a\\\"b c"`},
	} {
		if got := autostart.CommandLine(program(c.command...)); got != c.want {
			t.Errorf("%q gives %s, want %s", c.command, got, c.want)
		}
	}
}

func TestLaunchAgent(t *testing.T) {
	command := []string{"/Applications/Feihong & <more>.app/Contents/MacOS/feihong", "--profile", `"work"`}
	var read struct {
		Dict struct {
			Values []string `xml:"string"`
			Words  []string `xml:"array>string"`
		} `xml:"dict"`
	}
	if err := xml.Unmarshal([]byte(autostart.LaunchAgent(program(command...))), &read); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(read.Dict.Values, []string{"im.feihong.desktop", "Interactive"}) || !slices.Equal(read.Dict.Words, command) {
		t.Errorf("it reads as %+v", read)
	}
}
