package gui

import (
	"net/netip"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// maxLinkBytes bounds what is taken for a link.
const maxLinkBytes = 2048

// findLink finds the first link to the web between two bytes of a text: where
// it stands, and where it leads; nil if there is none.
func findLink(text string, start, end int) (from, to int, link *url.URL) {
	for at := start; ; {
		n := strings.Index(text[at:end], "://")
		if n < 0 {
			return 0, 0, nil
		}
		colon := at + n
		at = colon + len("://")
		from = schemeStart(text, start, colon)
		if from < 0 {
			continue
		}
		to = linkEnd(text[from:end], at-from) + from
		if link = readLink(text[from:to]); link != nil {
			return from, to, link
		}
		at = max(at, to) // nothing is looked at twice
	}
}

// schemeStart returns where the name of a scheme that ends at a colon begins,
// or -1 if it is none of the web's.
func schemeStart(text string, start, colon int) int {
	for _, scheme := range []string{"https", "http"} {
		from := colon - len(scheme)
		if from < start || !strings.EqualFold(text[from:colon], scheme) {
			continue
		}
		if from > 0 && isSchemeByte(text[from-1]) {
			return -1 // the end of another word
		}
		return from
	}
	return -1
}

func isSchemeByte(b byte) bool {
	return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b >= '0' && b <= '9' || b == '+' || b == '-' || b == '.'
}

// linkEnd returns where a link ends whose host begins at a byte of text.
func linkEnd(text string, host int) int {
	end := hostEnd(text, host)
	for end < len(text) && end <= maxLinkBytes {
		r, size := utf8.DecodeRuneInString(text[end:])
		if !inLink(r) {
			break
		}
		end += size
	}
	return trimLink(text[:end], host)
}

// hostEnd returns where the name of a machine ends. Chinese that follows a
// whole name at once is not part of it: in "https://example.com请看" the name
// ends before it.
func hostEnd(text string, at int) int {
	begin := at
	for at < len(text) && at-begin < 255 {
		r, size := utf8.DecodeRuneInString(text[at:])
		switch {
		case r == utf8.RuneError || r < utf8.RuneSelf && !isHostByte(byte(r)):
			return at
		case r >= utf8.RuneSelf && !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r):
			return at
		case r >= utf8.RuneSelf && endsWord(r) && isWholeHost(text[begin:at]):
			return at
		}
		at += size
	}
	return at
}

func isHostByte(b byte) bool { return isSchemeByte(b) && b != '+' || b == '_' }

// isWholeHost says that a name in Latin letters could end here: it has a dot
// and two letters or more behind the last one.
func isWholeHost(host string) bool {
	dot := strings.LastIndexByte(host, '.')
	if dot <= 0 || len(host)-dot-1 < 2 {
		return false
	}
	for i := range len(host) {
		if host[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// endsWord says that a letter belongs to a script written without spaces: what
// stands directly behind a link in it is the rest of the sentence.
func endsWord(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo,
		unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// inLink says that a character may stand in a link behind its host.
func inLink(r rune) bool {
	switch {
	case r == utf8.RuneError || r <= ' ' || r == 0x7f || strings.ContainsRune("<>\"`{}|\\^", r):
		return false
	case r < utf8.RuneSelf:
		return true
	}
	return (unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r)) && !endsWord(r)
}

// trimLink takes what ends a sentence off a link, and brackets that were opened
// before it.
func trimLink(link string, least int) int {
	for end := len(link); ; end-- {
		if end <= least {
			return least
		}
		switch last := link[end-1]; last {
		case '.', ',', ';', ':', '!', '?', '\'', '*', '_', '~', '&':
		case ')':
			if strings.Count(link[:end], "(") >= strings.Count(link[:end], ")") {
				return end
			}
		case ']':
			if strings.Count(link[:end], "[") >= strings.Count(link[:end], "]") {
				return end
			}
		default:
			return end
		}
	}
}

// readLink returns where a link leads, nil if that is not clear. Names and
// passwords before the host are refused: they are there to deceive.
func readLink(text string) *url.URL {
	if len(text) > maxLinkBytes {
		return nil
	}
	link, err := url.Parse(text)
	if err != nil || link.User != nil || link.Opaque != "" || link.Hostname() == "" {
		return nil
	}
	if link.Scheme != "http" && link.Scheme != "https" {
		return nil
	}
	host, err := realHost(link)
	if err != nil {
		return nil
	}
	if port := link.Port(); port != "" {
		host += ":" + port
	}
	link.Host = host
	return link
}

// realHost returns the name of a link's machine as it is looked up: in Latin
// letters, whatever the link shows.
func realHost(link *url.URL) (string, error) {
	host := link.Hostname()
	if address, err := netip.ParseAddr(host); err == nil {
		if address.Is6() {
			return "[" + address.WithZone("").String() + "]", nil
		}
		return address.String(), nil
	}
	return idna.Lookup.ToASCII(strings.TrimSuffix(host, "."))
}

// disguised says that the machine's name is written in other letters than the
// ones by which it is looked up. The rest of what is shown does not count: the
// real name could stand there for show.
func disguised(shown string, link *url.URL) bool {
	read, err := url.Parse(shown)
	return err != nil || !strings.EqualFold(strings.TrimSuffix(read.Hostname(), "."), link.Hostname())
}

// linkTip tells in one line where a link leads, its machine first in sight.
func linkTip(link *url.URL) string {
	const most = 90
	text := link.String()
	if len(text) <= most {
		return text
	}
	head := link.Scheme + "://" + link.Host
	if len(head) >= most {
		return head // never cut: its end says who it is
	}
	return text[:most] + "…"
}
