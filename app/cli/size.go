package cli

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// maxSize is more than there is anywhere, and far from the end of an int64.
const maxSize = 1 << 60

// units are what a number may be followed by, in lower case and without the B
// for bytes.
var units = map[string]float64{
	"": 1, "k": 1e3, "m": 1e6, "g": 1e9, "t": 1e12, "p": 1e15,
	"ki": 1 << 10, "mi": 1 << 20, "gi": 1 << 30, "ti": 1 << 40, "pi": 1 << 50,
}

// parseSize reads a number of bytes as people write it: 1500, 100MB, 1.5 GiB.
// What is left of a byte is rounded.
func parseSize(text string) (int64, bool) {
	text = strings.TrimSpace(text)
	number := text[:len(text)-len(strings.TrimLeft(text, "0123456789."))]
	unit := strings.ToLower(strings.TrimSpace(text[len(number):]))
	factor, ok := units[strings.TrimSuffix(unit, "b")]
	value, err := strconv.ParseFloat(number, 64)
	if !ok || err != nil || value*factor > maxSize {
		return 0, false
	}
	return int64(math.Round(value * factor)), true
}

// parseRate reads a number of bytes a second: 10MB/s, or the same without /s.
func parseRate(text string) (int64, bool) {
	return parseSize(strings.TrimSuffix(strings.TrimSpace(text), "/s"))
}

// formatSize writes a number of bytes with three digits at most.
func formatSize(bytes int64) string {
	if bytes < 1000 {
		return fmt.Sprintf("%d B", bytes)
	}
	value := float64(bytes)
	unit := ""
	for _, unit = range []string{"kB", "MB", "GB", "TB", "PB"} {
		value /= 1000
		if value < 999.5 {
			break
		}
	}
	if value < 99.95 {
		return fmt.Sprintf("%.1f %s", value, unit)
	}
	return fmt.Sprintf("%.0f %s", value, unit)
}
