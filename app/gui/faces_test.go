package gui_test

import (
	"bytes"
	"image"
	"image/color"
	"testing"

	"feihong/app/chat"
	"feihong/app/gui"
)

// withFaces is a service with three people, of whom one shows a picture, one
// something that is none, and one nothing.
func withFaces(t *testing.T) (f *fakeChat, anna chat.ContactID) {
	t.Helper()
	f = newFakeChat(clockAtNoon)
	f.pictures = make(map[chat.ContactID][]byte)
	anna = f.add(chat.Summary{Contact: chat.Contact{Peer: peer(1), Name: "Anna", Picture: "01"}, Online: true})
	bert := f.add(chat.Summary{Contact: chat.Contact{Peer: peer(2), Name: "Bert", Picture: "02"}})
	f.add(chat.Summary{Contact: chat.Contact{Peer: peer(3), Name: "Chen"}})
	f.pictures[anna] = previewOf(t, pngBytes(t, landscape(128, 128)))
	f.pictures[bert] = bytes.Repeat([]byte("\x89PNG\r\n\x1a\n"), 100)
	return f, anna
}

func TestFacesInTheList(t *testing.T) {
	f, anna := withFaces(t)
	s := open(t, "en", f)
	s.until("Anna's picture is shown", func() bool { return s.Face("Anna") })
	if s.Face("Bert") || s.Face("Chen") {
		t.Errorf("Bert shows %v, Chen %v", s.Face("Bert"), s.Face("Chen"))
	}
	s.mustSee("B", "C") // their initials
	s.openTalk(anna)
	s.until("it is shown above the conversation", s.HeaderFace)
	if got := len(f.called("picture")); got > 4 { // twice two sizes
		t.Errorf("pictures were asked for %d times", got)
	}
}

// What was broken once is not decoded again and again.
func TestFaceThatCannotBeShownIsAskedForOnce(t *testing.T) {
	f, _ := withFaces(t)
	s := open(t, "en", f)
	s.until("both were asked for", func() bool { return s.Face("Anna") && len(f.called("picture")) == 2 })
	asked := len(f.called("picture"))
	for range 5 {
		s.chat.changed(2)
		s.chat.changed(3)
		s.arrivesFrom(2)
	}
	if got := len(f.called("picture")); got != asked {
		t.Errorf("asked %d times, then %d times", asked, got)
	}
}

func TestFaceChanges(t *testing.T) {
	f, anna := withFaces(t)
	s := open(t, "en", f)
	s.until("Anna's picture is shown", func() bool { return s.Face("Anna") })
	f.edit(anna, func(p *chat.Summary) { p.Picture = "" })
	s.until("it is gone", func() bool { return !s.Face("Anna") })
	f.edit(anna, func(p *chat.Summary) { p.Picture = "03" })
	s.until("another one is shown", func() bool { return s.Face("Anna") })
}

// arrivesFrom lets a message come and waits until the list shows it.
func (s *screen) arrivesFrom(id chat.ContactID) {
	s.t.Helper()
	m := s.chat.arrive(id, "hello")
	s.until("the message is listed", func() bool { return s.sees(m.Text) })
}

func TestOwnFace(t *testing.T) {
	f, _ := withFaces(t)
	own := f.pictures[1]
	s := open(t, "en", f, func(c *gui.Config) { c.OwnPicture = func() []byte { return own } })
	s.until("the user's own picture is shown", s.OwnFace)
	own = nil
	s.PresenceChanged()
	s.until("it is gone", func() bool { return !s.OwnFace() })
}

// A picture of few bytes and many pixels is none.
func TestFacesOfManyPixelsAreRefused(t *testing.T) {
	f, _ := withFaces(t)
	f.pictures[2] = pngBytes(t, image.NewPaletted(image.Rect(0, 0, 1024, 8), color.Palette{color.Black}))
	f.people[3].Picture = "03"
	f.pictures[3] = pngBytes(t, image.NewPaletted(image.Rect(0, 0, 1025, 8), color.Palette{color.Black}))
	s := open(t, "en", f)
	s.until("all were looked at", func() bool {
		count, _ := s.Shelf()
		return count == 3 && s.Face("Anna") && s.Face("Bert")
	})
	if s.Face("Chen") {
		t.Error("too many pixels are shown")
	}
}
