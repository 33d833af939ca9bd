package translations

import (
	"os"
	"strings"
)

// language returns the language of a tag such as "zh_CN.UTF-8", "zh-Hans-CN"
// or "en" in lower case and without script, region and encoding.
func language(tag string) string {
	if end := strings.IndexAny(tag, "_-.@"); end >= 0 {
		tag = tag[:end]
	}
	return strings.ToLower(tag)
}

// environmentLanguage returns the locale for messages as POSIX finds it: the
// first of these variables that is not empty decides. It may be "" or "C".
func environmentLanguage() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := os.Getenv(name); value != "" {
			return value
		}
	}
	return ""
}
