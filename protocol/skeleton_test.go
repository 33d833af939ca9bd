package protocol_test

import (
	"testing"
	"unicode"

	"feihong/protocol"
)

func TestNameSkeletonTellsLookAlikes(t *testing.T) {
	same := [][]string{
		{"Alice", "alice", "ALICE", "Ａｌｉｃｅ", "Аliсе", "Αlice", "Al\u200bi\u034fce\ufe0f", " Alice\u00a0", "Ali\u00adce", "\u202eAlice"},
		{"Zoe K", "Zοе К", "ZOE\u3164K", "Zoe  K"},
		{"HTML", "НТМL", "ΗΤΜL"},
		{"José", "Jose\u0301", "JOSÉ", "Jоsе\u0301"},
		{"飞鸿", "飞\U000e0100鸿", "飞\u2060鸿"},
		{"한글", "\u1112\u1161\u11ab글"},
		{"ΣΑΣ", "σας", "σaσ"},
		{"❤", "❤\ufe0f", "❤\ufe0e"},
		{"علی\u200cرضا", "علیرضا"},
	}
	skeletons := make(map[string]string)
	for _, names := range same {
		want := protocol.NameSkeleton(names[0])
		for _, name := range names {
			if got := protocol.NameSkeleton(name); got != want {
				t.Errorf("%+q has skeleton %+q, but %+q has %+q", name, got, names[0], want)
			}
		}
		if other, taken := skeletons[want]; taken {
			t.Errorf("%q and %q have one skeleton", names[0], other)
		}
		skeletons[want] = names[0]
	}
	for _, name := range []string{"Alicé", "A lice", "Bob", "Jose", "飞", "0", "O", "Алиса", "Яна", "山本", "山木"} {
		skeleton := protocol.NameSkeleton(name)
		if other, taken := skeletons[skeleton]; taken {
			t.Errorf("%q and %q have one skeleton", name, other)
		}
		skeletons[skeleton] = name
	}
}

// TestNameSkeletonOfEachCharacter: it is idempotent for all of them, among
// others that could combine with them, and leaves nothing that cannot be seen.
// The planes that hold only ideographs and private characters are left out.
func TestNameSkeletonOfEachCharacter(t *testing.T) {
	for _, plane := range []rune{0x0000, 0x1_0000, 0xE_0000} {
		for r := plane; r <= plane+0xFFFF; r++ {
			checkSkeleton(t, protocol.NameSkeleton("а"+string(r)+"\u0345\u0301Β"))
		}
	}
}

func checkSkeleton(t *testing.T, s string) {
	t.Helper()
	if again := protocol.NameSkeleton(s); again != s {
		t.Errorf("the skeleton of %+q is %+q", s, again)
	}
	for _, r := range s {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Variation_Selector, unicode.Other_Default_Ignorable_Code_Point) {
			t.Errorf("U+%04X is left in %+q", r, s)
		}
	}
}
