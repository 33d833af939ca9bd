package translations

import (
	"context"
	"os/exec"
	"strings"
	"time"
)

// defaultsTimeout bounds the wait for the defaults command, which answers
// within milliseconds unless the system is in trouble.
const defaultsTimeout = 2 * time.Second

// systemLanguage returns the tag of the language that the person wants, or ""
// if that is not known. A program started from the Finder or the Dock has no
// locale in its environment and asks the user defaults.
func systemLanguage() string {
	if tag := environmentLanguage(); tag != "" {
		return tag
	}
	ctx, cancel := context.WithTimeout(context.Background(), defaultsTimeout)
	defer cancel()
	out, err := exec.CommandContext(ctx, "/usr/bin/defaults", "read", "-g", "AppleLocale").Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}
