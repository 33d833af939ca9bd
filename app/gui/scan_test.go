package gui_test

import (
	"testing"
	"time"

	"feihong/app/chat"
	"feihong/app/gui"
)

func TestScanSearchesAndThenOffersOtherSubnets(t *testing.T) {
	for lang, says := range map[string]struct{ ready, running, nobody, dialog, cancel string }{
		"en": {"Scan my network", "Searching …", "Nobody answered: search other subnets", "Search other subnets", "Cancel"},
		"zh": {"扫描我的网络", "正在搜索…", "无人回应：搜索其他网段", "搜索其他网段", "取消"},
	} {
		t.Run(lang, func(t *testing.T) {
			now, ranges := noon, []string(nil)
			searched := make(chan struct{}, 10)
			f := newFakeChat(func() time.Time { return now })
			s := open(t, lang, f, withRanges(&ranges, nil), func(cfg *gui.Config) {
				cfg.Search = func() { searched <- struct{}{} }
			})
			s.PressTile(says.ready)
			<-searched
			if !s.tells(says.running) || s.ModalOpen() {
				t.Fatalf("it does not say that it searches, but %q", s.texts())
			}
			s.PressTile(says.running)
			now = now.Add(time.Minute)
			f.events <- chat.Lagged{}
			s.until("it has searched in vain", func() bool { return s.tells(says.nobody) })
			if len(searched) != 0 {
				t.Error("it searched twice")
			}
			s.PressTile(says.nobody)
			if !s.ModalOpen() {
				t.Fatal("other subnets are not offered")
			}
			s.mustSee(says.dialog)
			s.PressInModal(says.cancel)
			s.mustSee(says.ready)
		})
	}
}

func TestScanThatFindsSomebodyCanBeRepeated(t *testing.T) {
	now, ranges := noon, []string(nil)
	f, _, anna, _, _ := office()
	f.now = func() time.Time { return now }
	s := open(t, "en", f, withRanges(&ranges, nil), func(cfg *gui.Config) { cfg.Search = func() {} })
	s.PressTile("Scan my network")
	now = now.Add(time.Minute)
	f.changed(anna)
	s.until("nobody new came", func() bool { return s.tells("Nobody new: search other subnets") })
	f.changed(f.add(chat.Summary{Contact: chat.Contact{Peer: peer(9), Name: "Newcomer"}, Online: true}))
	s.until("somebody came", func() bool { return s.tells("Scan my network") })
}
