package assets_test

import (
	"bytes"
	"image/png"
	"testing"

	"feihong/assets"

	"github.com/go-text/typesetting/font"
	"golang.org/x/text/encoding/simplifiedchinese"
)

func TestIconIsASmallSquare(t *testing.T) {
	config, err := png.DecodeConfig(bytes.NewReader(assets.Icon))
	if err != nil {
		t.Fatal(err)
	}
	if config.Width != 256 || config.Height != 256 {
		t.Errorf("the icon is %d by %d", config.Width, config.Height)
	}
	if size := len(assets.Icon); size > 40<<10 {
		t.Errorf("the icon has %d bytes: it is in every binary and every window", size)
	}
}

func TestFontHasAllOfGB2312(t *testing.T) {
	face := parse(t)
	han := 0
	for row := byte(0xA1); row <= 0xF7; row++ {
		for cell := byte(0xA1); cell <= 0xFE; cell++ {
			text, err := simplifiedchinese.GBK.NewDecoder().Bytes([]byte{row, cell})
			if err != nil {
				t.Fatal(err)
			}
			// GBK fills the cells that GB 2312 leaves empty in its rows of signs.
			char := []rune(string(text))[0]
			if row < 0xB0 || char == '\uFFFD' || char >= 0xE000 && char <= 0xF8FF {
				continue
			}
			han++
			if _, ok := face.NominalGlyph(char); !ok {
				t.Errorf("no glyph for %c %U", char, char)
			}
		}
	}
	if han != 6763 {
		t.Errorf("tried %d Han characters, GB 2312 has 6763", han)
	}
}

func TestFontHasTheSignsInUse(t *testing.T) {
	face := parse(t)
	signs := "，。、；：？！“”‘’（）《》〈〉【】『』「」…—～·￥％＋－＝" +
		"✓✔✗✘✕✖×●○◎▲△▼▽◆◇■□★☆→←↑↓↔⇒℃№§©®™°±≈≠≤≥∞√" +
		"─│┌┐└┘├┤┬┴┼①②③④⑤⑥⑦⑧⑨⑩ＡＺａｚ０９ぁんァンāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü"
	for char := ' '; char <= '~'; char++ {
		signs += string(char)
	}
	for char := '\u00A0'; char <= '\u00FF'; char++ {
		signs += string(char)
	}
	for char := '\u2400'; char <= '\u2421'; char++ {
		signs += string(char)
	}
	for _, char := range signs {
		if _, ok := face.NominalGlyph(char); !ok {
			t.Errorf("no glyph for %c %U", char, char)
		}
	}
}

// A glyph that cannot be drawn would leave a hole in the text.
func TestFontCanBeDrawn(t *testing.T) {
	face := parse(t)
	for _, char := range "飞鸿骨直角Ag1✓✔✗␀␛␡，" {
		glyph, _ := face.NominalGlyph(char)
		outline, ok := face.GlyphData(glyph).(font.GlyphOutline)
		if !ok || len(outline.Segments) == 0 {
			t.Errorf("%c %U has no outline", char, char)
		}
		if face.HorizontalAdvance(glyph) <= 0 {
			t.Errorf("%c %U has no width", char, char)
		}
	}
}

func parse(t *testing.T) *font.Face {
	t.Helper()
	face, err := font.ParseTTF(bytes.NewReader(assets.FontSC))
	if err != nil {
		t.Fatal(err)
	}
	return face
}
