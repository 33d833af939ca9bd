package autostart

import (
	"bytes"
	"encoding/xml"
	"regexp"
	"strings"
)

// desktopEntry is the autostart entry of XDG desktops.
func desktopEntry(p Program) string {
	words := make([]string, len(p.Command))
	for i, word := range p.Command {
		words[i] = execWord(word)
	}
	return "[Desktop Entry]\nType=Application\nName=" + entryText(p.Name) +
		"\nExec=" + entryText(strings.Join(words, " ")) +
		"\nTerminal=false\nX-GNOME-Autostart-enabled=true\n"
}

// desktopEntryOff tells whether an entry says that it is not to be followed.
func desktopEntryOff(content string) bool {
	group := ""
	for line := range strings.Lines(content) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "[") {
			group = line
		}
		key, value, _ := strings.Cut(line, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if group == "[Desktop Entry]" && (key == "Hidden" && value == "true" || key == "X-GNOME-Autostart-enabled" && value == "false") {
			return true
		}
	}
	return false
}

// execWord quotes a word as the key Exec wants it: inside quotes, what a shell
// would read is escaped, and a percent sign is doubled.
func execWord(word string) string {
	quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "`", "\\`", "$", `\$`, "%", "%%").Replace(word)
	return `"` + quoted + `"`
}

// entryText escapes what cannot stand in a value of a desktop entry.
func entryText(text string) string {
	return strings.NewReplacer(`\`, `\\`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(text)
}

// commandLine is the command as programs on Windows take it apart: quotes where
// there is a space, and backslashes doubled only in front of a quote.
func commandLine(p Program) string {
	words := make([]string, len(p.Command))
	for i, word := range p.Command {
		words[i] = windowsWord(word)
	}
	return strings.Join(words, " ")
}

func windowsWord(word string) string {
	if word != "" && !strings.ContainsAny(word, " \t\"\n\v") {
		return word
	}
	var b strings.Builder
	b.WriteByte('"')
	slashes := 0
	for i := range len(word) {
		switch c := word[i]; c {
		case '\\':
			slashes++
			b.WriteByte(c)
			continue
		case '"':
			b.WriteString(strings.Repeat(`\`, slashes+1))
			b.WriteByte(c)
		default:
			b.WriteByte(c)
		}
		slashes = 0
	}
	b.WriteString(strings.Repeat(`\`, slashes))
	b.WriteByte('"')
	return b.String()
}

// launchAgent is the property list of macOS.
func launchAgent(p Program) string {
	var b bytes.Buffer
	b.WriteString(xml.Header)
	b.WriteString(`<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">` + "\n")
	b.WriteString("<plist version=\"1.0\">\n<dict>\n\t<key>Label</key>\n\t<string>" + xmlText(p.ID) + "</string>\n\t<key>ProgramArguments</key>\n\t<array>\n")
	for _, word := range p.Command {
		b.WriteString("\t\t<string>" + xmlText(word) + "</string>\n")
	}
	b.WriteString("\t</array>\n\t<key>RunAtLoad</key>\n\t<true/>\n\t<key>ProcessType</key>\n\t<string>Interactive</string>\n</dict>\n</plist>\n")
	return b.String()
}

// disabledAgent is found in a property list that is not to be followed.
var disabledAgent = regexp.MustCompile(`<key>Disabled</key>\s*<true\s*/>`)

func launchAgentOff(content string) bool { return disabledAgent.MatchString(content) }

func xmlText(text string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(text)) // a buffer takes everything
	return b.String()
}
