package gui_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"fyne.io/fyne/v2"

	"feihong/app/chat"
	"feihong/app/gui"
	"feihong/app/picture"
	"feihong/protocol"
)

// landscape is a picture in which one sees what is up: sky, sun and grass.
func landscape(width, height int) *image.RGBA {
	p := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.RGBA{uint8(80 + 120*y/height), uint8(150 + 60*y/height), 230, 255}
			dx, dy := x-width*3/4, y-height/4
			if dx*dx+dy*dy < height*height/64 {
				c = color.RGBA{255, 220, 90, 255}
			}
			if y > height*2/3+(x*37%97)*height/2000 {
				c = color.RGBA{60, uint8(140 + x%7*5), 70, 255}
			}
			p.SetRGBA(x, y, c)
		}
	}
	return p
}

func pngBytes(t *testing.T, p image.Image) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, p); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// pictureFile writes a file and returns its path.
func pictureFile(t *testing.T, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func previewOf(t *testing.T, data []byte) []byte {
	t.Helper()
	preview, err := picture.Preview(t.Context(), data, 320, protocol.MaxPreviewBytes)
	if err != nil {
		t.Fatal(err)
	}
	return preview
}

// showAlbum opens a conversation with three pictures that are here, one on its
// way and one that is offered, all in sight.
func showAlbum(t *testing.T, lang string, change ...func(*gui.Config)) (*screen, *fakeFiles) {
	t.Helper()
	f := newFakeChat(clockAtNoon)
	anna := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna"}, Online: true})
	files := newFakeFiles(f)
	wide, tall := pngBytes(t, landscape(900, 600)), pngBytes(t, landscape(300, 500))
	at := noon.Add(-time.Hour)
	add := func(state chat.TransferState, direction chat.Direction, name string, data, preview []byte, caption string) {
		at = at.Add(time.Minute)
		transfer := chat.Transfer{Direction: direction, State: state, Tops: []chat.Top{{Name: name}}, Files: 1, Bytes: int64(len(data)), Preview: preview, Text: caption, Left: -1}
		if state == chat.TransferDone || direction == chat.Out {
			transfer.Paths = []string{pictureFile(t, name, data)}
		}
		if state == chat.TransferRunning {
			transfer.Done, transfer.Rate = transfer.Bytes/3, 40_000_000
		}
		files.put(anna, chat.Read, at, transfer)
	}
	add(chat.TransferDone, chat.In, "wide.png", wide, previewOf(t, wide), "")
	add(chat.TransferDone, chat.Out, "tall.png", tall, previewOf(t, tall), "")
	add(chat.TransferDone, chat.In, "captioned.png", wide, nil, "这是昨天拍的，看看左边的太阳 ☀️")
	add(chat.TransferRunning, chat.In, "IMG_20261122_120000.png", wide, previewOf(t, wide), "")
	add(chat.TransferOffered, chat.In, "offered.png", tall, previewOf(t, tall), "")
	s := open(t, lang, f, append([]func(*gui.Config){withFiles(files, &fakeSystem{})}, change...)...)
	s.PaneSize(fyne.NewSize(980, 2000))
	s.openTalk(anna)
	s.until("all pictures are there", func() bool { return s.Photos() == 5 })
	return s, files
}

func TestPicturesShowInTheConversation(t *testing.T) {
	s, _ := showAlbum(t, "en")
	cards := s.Cards()
	if got := strings.Join(cards[0].Texts, "|"); got != "" {
		t.Errorf("a picture that is here says %q", got)
	}
	if got := strings.Join(cards[2].Texts, "|"); !strings.HasPrefix(got, "这是昨天拍的") {
		t.Errorf("below a picture stands %q", got)
	}
	if got := strings.Join(cards[4].Buttons, "|"); got != "Accept|Save as …|Decline" {
		t.Errorf("a picture that is offered has %q", got)
	}
	if got := strings.Join(cards[3].Texts, "|"); !strings.Contains(got, "IMG_20261122_120000.png") {
		t.Errorf("a picture on its way says %q", got)
	}
}

func TestViewer(t *testing.T) {
	s, _ := showAlbum(t, "en")
	s.ViewPicture(3)
	if s.Viewed().Open {
		t.Error("a picture that is on its way is viewed")
	}
	s.ViewPicture(0)
	s.until("a picture is shown", func() bool { return s.Viewed().Size == image.Pt(900, 600) })
	s.PaneSize(fyne.NewSize(980, 680))
	if got := s.Viewed(); got.Name != "wide.png" || got.About != "Anna · 11:01 · 5.5 kB" || got.Back || !got.Forth {
		t.Errorf("the viewer shows %+v", got)
	}
	s.press(fyne.KeyRight)
	s.until("the next one is shown", func() bool { return s.Viewed().Size == image.Pt(300, 500) })
	if got := s.Viewed(); !got.Back || !got.Forth || got.Percent != "100%" || !strings.HasPrefix(got.About, "Me · ") {
		t.Errorf("the second is %+v", got)
	}
	s.press(fyne.KeyRight)
	s.until("the last one is shown", func() bool { return s.Viewed().Size == image.Pt(900, 600) })
	s.press(fyne.KeyRight) // there is none
	if got := s.Viewed(); got.Forth || got.Name != "captioned.png" {
		t.Errorf("the last is %+v", got)
	}
	s.press(fyne.KeyEscape)
	if s.Viewed().Open || s.Canvas().Focused() != s.Composer() {
		t.Errorf("after Escape there is %+v", s.Viewed())
	}
}

func TestViewerZooms(t *testing.T) {
	s, _ := showAlbum(t, "en")
	s.PaneSize(fyne.NewSize(660, 2000))
	s.ViewPicture(0)
	s.until("a picture is shown", func() bool { return s.Viewed().Size == image.Pt(900, 600) })
	s.PaneSize(fyne.NewSize(660, 656)) // the picture has 660×600
	fitted := s.Viewed().Percent
	if at, size := s.Corner(); size != fyne.NewSize(660, 440) || at != fyne.NewPos(0, 80) || fitted != "73%" {
		t.Errorf("the whole picture of %v is at %v, %s", size, at, fitted)
	}
	s.Push(50, 50) // nothing empty comes into sight
	if at, _ := s.Corner(); at != fyne.NewPos(0, 80) {
		t.Errorf("a picture in sight was pushed to %v", at)
	}
	s.Canvas().Focused().TypedRune('1')
	if _, size := s.Corner(); size != fyne.NewSize(900, 600) || s.Viewed().Percent != "100%" {
		t.Errorf("at its own size it is %v, %s", size, s.Viewed().Percent)
	}
	at, _ := s.Corner()
	s.Push(-30, 0)
	if moved, _ := s.Corner(); moved != at.AddXY(-30, 0) {
		t.Errorf("pushed from %v to %v", at, moved)
	}
	s.Push(-10_000, 0)
	if moved, size := s.Corner(); moved.X+size.Width != 660 {
		t.Errorf("pushed far away it ends at %g", moved.X+size.Width)
	}
	before, size := s.Corner()
	s.Wheel(fyne.NewPos(100, 200), 10)
	after, larger := s.Corner()
	if within := (100 - before.X) / size.Width; larger.Width <= size.Width || math.Abs(float64((100-after.X)/larger.Width-within)) > 0.01 {
		t.Errorf("what was below the pointer moved from %g to %g", within, (100-after.X)/larger.Width)
	}
	for range 100 {
		s.Wheel(fyne.NewPos(1, 1), -10)
	}
	for range 100 {
		s.Canvas().Focused().TypedRune('+')
	}
	if got := s.Viewed().Percent; got != "1600%" {
		t.Errorf("at most %s", got)
	}
	s.Canvas().Focused().TypedRune('0')
	if got := s.Viewed().Percent; got != fitted {
		t.Errorf("fitted again it has %s", got)
	}
}

// The viewer goes on to pictures that are not loaded with the conversation.
func TestViewerFindsOlderPictures(t *testing.T) {
	f := newFakeChat(clockAtNoon)
	anna := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna"}})
	files := newFakeFiles(f)
	data := pngBytes(t, landscape(40, 40))
	put := func(name string) {
		files.put(anna, chat.Read, noon, chat.Transfer{Direction: chat.In, State: chat.TransferDone, Tops: []chat.Top{{Name: name}}, Files: 1, Bytes: 5, Paths: []string{pictureFile(t, name, data)}})
	}
	put("old.png")
	for range 100 {
		f.say(anna, chat.In, chat.Read, noon, "text")
	}
	put("new.png")
	s := open(t, "en", f, withFiles(files, &fakeSystem{}))
	s.openTalk(anna)
	s.until("the picture is there", func() bool { return s.Photos() == 1 })
	s.ViewPicture(0)
	s.until("there is an older one", func() bool { return s.Viewed().Back })
	s.press(fyne.KeyLeft)
	if got := s.Viewed().Name; got != "old.png" {
		t.Errorf("it is %s", got)
	}
}

func TestSaveACopy(t *testing.T) {
	folder := t.TempDir()
	system := &fakeSystem{folder: folder}
	s, _ := showAlbum(t, "en", func(c *gui.Config) { c.PickFolder = system.pickFolder; system.fake = c.Chat.(*fakeChat) })
	s.ViewPicture(0)
	if got := strings.Join(s.Viewed().Items, "|"); got != "Save a copy in …|Open with another program|Show in folder|Copy path" {
		t.Errorf("the menu has %s", got)
	}
	for _, want := range []string{"wide.png", "wide (2).png"} {
		s.SaveCopy()
		s.until("there is "+want, func() bool {
			got, err := os.ReadFile(filepath.Join(folder, want))
			return err == nil && bytes.Equal(got, pngBytes(t, landscape(900, 600))) && strings.HasSuffix(s.Viewed().About, want)
		})
	}
}

// A file that only has the name of a picture becomes a card as any other.
func TestFilesThatAreNoPictures(t *testing.T) {
	for name, data := range map[string][]byte{
		"a program":   []byte("MZ\x90 not a picture at all"),
		"nothing":     nil,
		"cut off":     pngBytes(t, landscape(64, 64))[:80],
		"60,000 wide": []byte("\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xea\x60\x00\x00\xea\x60\x08\x06\x00\x00\x00\x14\xa2\x13\xb8"),
	} {
		t.Run(name, func(t *testing.T) {
			f := newFakeChat(clockAtNoon)
			anna := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna"}})
			files := newFakeFiles(f)
			files.put(anna, chat.Read, noon, chat.Transfer{Direction: chat.In, State: chat.TransferDone, Tops: []chat.Top{{Name: "holiday.png"}}, Files: 1, Bytes: 5,
				Paths: []string{pictureFile(t, "holiday.png", data)}, Preview: []byte("no preview either")})
			s := open(t, "en", f, withFiles(files, &fakeSystem{}))
			s.openTalk(anna)
			s.until("the card is one of a file", func() bool { return strings.Join(s.Cards()[0].Buttons, "|") == "Open|Show in folder" })
			if s.Photos() != 0 || s.Cards()[0].Texts[0] != "holiday.png" {
				t.Errorf("the card shows %q", s.Cards()[0].Texts)
			}
		})
	}
}

// A few kilobytes that decode to millions of pixels are not decoded.
func TestPreviewsOfManyPixelsAreRefused(t *testing.T) {
	for side, shown := range map[int]int{1024: 1, 1025: 0} {
		preview := pngBytes(t, image.NewPaletted(image.Rect(0, 0, 8, side), color.Palette{color.Black}))
		f := newFakeChat(clockAtNoon)
		anna := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna"}})
		files := newFakeFiles(f)
		files.put(anna, chat.Read, noon, chat.Transfer{Direction: chat.In, State: chat.TransferOffered, Tops: []chat.Top{{Name: "p.png"}}, Files: 1, Bytes: 5, Preview: preview})
		s := open(t, "en", f, withFiles(files, &fakeSystem{}))
		s.openTalk(anna)
		s.until("the card is there", func() bool { return len(s.Cards()) == 1 && s.Photos() == shown })
		if got := s.Cards()[0].Photo.IsZero(); got != (shown == 0) {
			t.Errorf("%d pixels: the place for the picture is %v", side, s.Cards()[0].Photo)
		}
	}
}

// Without a preview the card gets the picture's own shape once its file has been
// looked into, and what the user reads stays where it is.
func TestPictureWithoutPreviewGetsItsShape(t *testing.T) {
	f := newFakeChat(clockAtNoon)
	anna := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna"}})
	files := newFakeFiles(f)
	path := pictureFile(t, "wide.png", pngBytes(t, landscape(900, 300)))
	for range 2 {
		files.put(anna, chat.Read, noon, chat.Transfer{Direction: chat.In, State: chat.TransferDone, Tops: []chat.Top{{Name: "wide.png"}}, Files: 1, Bytes: 5, Paths: []string{path}})
		for i := range 20 {
			f.say(anna, chat.In, chat.Read, noon, fmt.Sprint("line ", i))
		}
	}
	f.say(anna, chat.In, chat.Read, noon, "the end")
	s := open(t, "en", f, withFiles(files, &fakeSystem{}))
	s.openTalk(anna)
	for len(s.Cards()) == 0 {
		s.Scroll(40)
	}
	s.until("it is decoded", func() bool { return s.Photos() == 1 })
	ratio := func() float32 { return s.Cards()[0].Photo.Width / s.Cards()[0].Photo.Height }
	if ratio() < 2.9 || ratio() > 3.1 {
		t.Errorf("the place is %v", s.Cards()[0].Photo)
	}
	before := s.BubbleTops()["line 19"]
	for _, size := range []image.Point{{900, 600}, {900, 300}} {
		s.Measured(path, size)
		if got, want := ratio(), float32(size.X)/float32(size.Y); got < want*0.95 || got > want*1.05 {
			t.Errorf("of %v the place is %v", size, s.Cards()[0].Photo)
		}
		if after := s.BubbleTops()["line 19"]; math.Abs(float64(after-before)) > 0.5 {
			t.Errorf("of %v a line below moved from %v to %v", size, before, after)
		}
	}
}

// A card that went out of sight before its picture was there shows it when it
// comes back.
func TestPictureIsFetchedAgain(t *testing.T) {
	f := newFakeChat(clockAtNoon)
	anna := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna"}})
	files := newFakeFiles(f)
	for i := range 50 {
		f.say(anna, chat.In, chat.Read, noon, fmt.Sprint("line ", i))
	}
	files.put(anna, chat.Read, noon, chat.Transfer{Direction: chat.In, State: chat.TransferOffered, Tops: []chat.Top{{Name: "p.png"}}, Files: 1, Bytes: 5,
		Preview: previewOf(t, pngBytes(t, landscape(300, 200)))})
	s := open(t, "en", f, withFiles(files, &fakeSystem{}))
	s.openTalk(anna)
	s.Scroll(1000)
	if got := len(s.Cards()); got > 0 || s.Photos() > 0 {
		t.Fatalf("%d cards are in sight", got)
	}
	s.Scroll(-1000)
	s.until("the picture is there", func() bool { return s.Photos() == 1 })
}

// A picture fills its place, whatever its shape: the time stands on it.
func TestPicturesCoverTheirPlace(t *testing.T) {
	red := color.RGBA{255, 0, 0, 255}
	for _, size := range []image.Point{{900, 600}, {2000, 60}, {30, 900}, {16, 16}} {
		p := image.NewRGBA(image.Rectangle{Max: size})
		draw.Draw(p, p.Rect, image.NewUniform(red), image.Point{}, draw.Src)
		data := pngBytes(t, p)
		f := newFakeChat(clockAtNoon)
		anna := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna"}})
		files := newFakeFiles(f)
		files.put(anna, chat.Read, noon, chat.Transfer{Direction: chat.In, State: chat.TransferDone, Tops: []chat.Top{{Name: "p.png"}}, Files: 1, Bytes: 5,
			Paths: []string{pictureFile(t, "p.png", data)}})
		s := open(t, "en", f, withFiles(files, &fakeSystem{}))
		s.openTalk(anna)
		s.until("it is there", func() bool { return s.Photos() == 1 })
		shown := s.Canvas().Capture()
		at := s.Cards()[0].Photo
		for _, point := range []fyne.Position{{X: at.Width / 2, Y: 2}, {X: at.Width / 2, Y: at.Height - 3}, {X: 2, Y: at.Height / 2}, {X: at.Width - 3, Y: at.Height / 2}} {
			point = s.PhotoAt(0).Add(point)
			if r, g, _, _ := shown.At(int(point.X), int(point.Y)).RGBA(); r>>8 < 240 || g>>8 > 16 {
				t.Errorf("%v: at %v of %v is no picture", size, point, at)
			}
		}
	}
}

// Rows that are out of sight wait for nothing, and what was seen is not kept
// without end.
func TestShelfIsBounded(t *testing.T) {
	f := newFakeChat(clockAtNoon)
	anna := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna"}})
	files := newFakeFiles(f)
	path := pngBytes(t, landscape(700, 700))
	folder := t.TempDir()
	for i := range 60 {
		name := filepath.Join(folder, strconv.Itoa(i)+".png")
		if err := os.WriteFile(name, path, 0o600); err != nil {
			t.Fatal(err)
		}
		files.put(anna, chat.Read, noon, chat.Transfer{Direction: chat.In, State: chat.TransferDone, Tops: []chat.Top{{Name: "p.png"}}, Files: 1, Bytes: 5, Paths: []string{name}})
	}
	s := open(t, "en", f, withFiles(files, &fakeSystem{}), func(*gui.Config) {})
	s.ShelfMost(2 << 20)
	s.openTalk(anna)
	s.until("the last are there", func() bool { return s.Photos() > 1 })
	if count, bytes := s.Shelf(); count > 4 || bytes > 2<<20 {
		t.Errorf("%d pictures of %d bytes are kept", count, bytes)
	}
}
