package discovery

import (
	"iter"
	"net/netip"
	"strings"
)

// MaxRangeAddresses is how many addresses all ranges may have together.
const MaxRangeAddresses = 4096

// Range is a range of addresses, both ends included.
type Range struct{ First, Last netip.Addr }

// String is the range in the form that ParseRange reads.
func (r Range) String() string {
	if r.First == r.Last {
		return r.First.String()
	}
	return r.First.String() + "-" + r.Last.String()
}

// All are the addresses of the range, at most MaxRangeAddresses.
func (r Range) All() iter.Seq[netip.Addr] {
	return func(yield func(netip.Addr) bool) {
		if !r.First.IsValid() || r.First.BitLen() != r.Last.BitLen() {
			return
		}
		count := 0
		for addr := r.First; addr.IsValid() && addr.Compare(r.Last) <= 0 && count < MaxRangeAddresses; addr = addr.Next() {
			count++
			if !yield(addr) {
				return
			}
		}
	}
}

// Size is how many addresses the range has; MaxRangeAddresses + 1 if there are
// more than that.
func (r Range) Size() int {
	count := 0
	for range r.All() {
		count++
	}
	if last := r.First; count == MaxRangeAddresses {
		for range count - 1 {
			last = last.Next()
		}
		if last != r.Last {
			count++
		}
	}
	return count
}

// RangeCode is what is wrong with a range. Codes are stable: scripts and
// translations rely on them.
type RangeCode string

// The reasons for refusing a range.
const (
	RangeEmpty     RangeCode = "empty"
	RangeAddress   RangeCode = "address"
	RangePrefix    RangeCode = "prefix"
	RangeBackwards RangeCode = "backwards"
	RangeMixed     RangeCode = "mixed"
	RangeNobody    RangeCode = "nobody"
	RangeTooLarge  RangeCode = "too-large"
)

var rangeTexts = map[RangeCode]string{
	RangeEmpty:     "enter a range of addresses, such as 10.8.33.1-254",
	RangeAddress:   "is not an IP address",
	RangePrefix:    "is not a network; write it like 10.8.33.0/24",
	RangeBackwards: "the range ends before it begins",
	RangeMixed:     "the range mixes IPv4 and IPv6",
	RangeNobody:    "no colleague can have this address",
	RangeTooLarge:  "too many addresses",
}

// RangeError says why something is no range.
type RangeError struct {
	Code  RangeCode
	Input string // what was entered, shortened if very long
	Part  string // the part that is wrong, likewise
}

func (e *RangeError) Error() string {
	if e.Part == "" {
		return rangeTexts[e.Code]
	}
	return e.Part + ": " + rangeTexts[e.Code]
}

// UserText gives the key and arguments of the translated message.
func (e *RangeError) UserText() (key string, args map[string]any) {
	return "range." + string(e.Code), map[string]any{"input": e.Input, "part": e.Part, "most": MaxRangeAddresses}
}

// ParseRange reads a range as users type it: "10.8.33.1-254",
// "10.8.33.1-10.8.34.9", "10.8.33.0/24" (without the number of the network and
// its broadcast address), or one address. It returns a *RangeError.
func ParseRange(s string) (Range, error) {
	s = strings.TrimSpace(s)
	r, err := parseRange(s)
	if err == nil && r.Size() > MaxRangeAddresses {
		err = &RangeError{Code: RangeTooLarge, Part: s}
	}
	if err != nil {
		err.Input, err.Part = shortened(s), shortened(err.Part)
		return Range{}, err
	}
	return r, nil
}

// ParseRanges reads several, and makes sure that they do not have too many
// addresses together.
func ParseRanges(list []string) ([]Range, error) {
	ranges, count := make([]Range, 0, len(list)), 0
	for _, s := range list {
		r, err := ParseRange(s)
		if err != nil {
			return nil, err
		}
		if count += r.Size(); count > MaxRangeAddresses {
			return nil, &RangeError{Code: RangeTooLarge, Input: shortened(s), Part: shortened(s)}
		}
		ranges = append(ranges, r)
	}
	return ranges, nil
}

func parseRange(s string) (Range, *RangeError) {
	if s == "" {
		return Range{}, &RangeError{Code: RangeEmpty}
	}
	if strings.Contains(s, "/") {
		return parseNetwork(s)
	}
	from, to, isRange := strings.Cut(s, "-")
	first, err := parseAddr(from)
	if err != nil {
		return Range{}, err
	}
	if !isRange {
		return Range{first, first}, nil
	}
	to = strings.TrimSpace(to)
	if cut := strings.LastIndex(first.String(), "."); first.Is4() && !strings.ContainsAny(to, ".:") {
		to = first.String()[:cut+1] + to
	}
	last, err := parseAddr(to)
	switch {
	case err != nil:
		return Range{}, err
	case first.BitLen() != last.BitLen():
		return Range{}, &RangeError{Code: RangeMixed, Part: s}
	case last.Less(first):
		return Range{}, &RangeError{Code: RangeBackwards, Part: s}
	}
	return Range{first, last}, nil
}

func parseAddr(s string) (netip.Addr, *RangeError) {
	s = strings.TrimSpace(s)
	addr, err := netip.ParseAddr(s)
	if err != nil || addr.Zone() != "" {
		return netip.Addr{}, &RangeError{Code: RangeAddress, Part: s}
	}
	addr = addr.Unmap()
	if addr.IsUnspecified() || addr.IsMulticast() || addr == netip.AddrFrom4([4]byte{255, 255, 255, 255}) {
		return netip.Addr{}, &RangeError{Code: RangeNobody, Part: s}
	}
	return addr, nil
}

func parseNetwork(s string) (Range, *RangeError) {
	prefix, err := netip.ParsePrefix(s)
	if err != nil || prefix.Addr().Is4In6() {
		return Range{}, &RangeError{Code: RangePrefix, Part: s}
	}
	prefix = prefix.Masked()
	host := prefix.Addr().BitLen() - prefix.Bits()
	if host > 12 {
		return Range{}, &RangeError{Code: RangeTooLarge, Part: s}
	}
	first, last := prefix.Addr(), prefix.Addr()
	for range 1<<host - 1 {
		last = last.Next()
	}
	if first.Is4() && host > 1 {
		first, last = first.Next(), last.Prev()
	}
	if first.IsUnspecified() && host > 0 {
		first = first.Next()
	}
	for _, end := range []netip.Addr{first, last} {
		if _, err := parseAddr(end.String()); err != nil {
			return Range{}, &RangeError{Code: RangeNobody, Part: s}
		}
	}
	return Range{first, last}, nil
}

// shortened bounds what an error quotes.
func shortened(s string) string {
	const most = 60
	runes := []rune(s)
	if len(runes) <= most {
		return s
	}
	return string(runes[:most]) + "…"
}
