//go:build e2e

package e2e

import (
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"feihong/app/chat"
	"feihong/app/control"
	"feihong/app/store"
	"feihong/protocol"
)

// story is what people in the pictures are called and say.
type story struct {
	language string
	self     string
	people   []colleague // who are there; the first four have something to say
	away     string      // who is not there
	old      []string    // with the first one, in turns, and days ago
	today    []string    // likewise, today
	code     string
	answer   string // to the second of today
	edited   string // what the answer is changed into
	mistake  string // is taken back
	urgent   []string
	draft    string
	farewell string // with the one who is away
	failed   string
	files    []string // names of what is sent
	search   string   // is in what was said
}

// colleague is somebody in the office.
type colleague struct{ name, department, status, text string }

var stories = []story{{
	language: "en",
	self:     "Anna",
	people: []colleague{
		{"Ben", "Design", "online", "In the studio"},
		{"Clara", "Finance", "online", ""},
		{"David", "Sales", "busy", "On the phone"},
		{"Emma", "Design", "away", ""},
		{"Frank", "Engineering", "online", ""},
		{"Grace", "Engineering", "online", "Back at three"},
	},
	away: "Henry",
	old: []string{
		"Good morning! The plans of the reading room came back from the architect.",
		"Great, thank you. I'll go through them after lunch.",
		"No hurry. We meet the client on Thursday.",
	},
	today: []string{
		"Have you seen the second floor? They moved the stairs to the north side, so that the windows stay free.",
		"The plans are at https://plans.example.org/reading-room?floor=2, have a look.",
	},
	code:     "Print them with `plot --scale 1:50`, or all at once:\n```\nfor f in floor*.dwg; do\n    plot --scale 1:50 \"$f\"\ndone\n```",
	answer:   "Yes, and it's so much better then before",
	edited:   "Yes, and it's so much better than before!",
	mistake:  "Shall we order pizza?",
	urgent:   []string{"Are you there?", "The client is asking for the offer", "Can you call me back before four?"},
	draft:    "About the holidays: I would like to",
	farewell: "See you next week!",
	failed:   "Can you bring the big screen?",
	files:    []string{"Budget 2026.xlsx", "Contract signed.pdf", "Old drawings", "Presentation.pptx", "Model.zip", "Invoices.zip", "Notes.txt"},
	search:   "plans",
}, {
	language: "zh",
	self:     "小红",
	people: []colleague{
		{"李明", "设计部", "online", "在画图"},
		{"王芳", "财务部", "online", ""},
		{"赵强", "销售部", "busy", "正在打电话"},
		{"陈静", "设计部", "away", ""},
		{"孙丽", "工程部", "online", ""},
		{"周伟", "工程部", "online", "三点回来"},
	},
	away: "吴老师",
	old: []string{
		"早上好！阅览室的图纸从设计院拿回来了。",
		"太好了，谢谢！我吃完午饭就看。",
		"不着急，周四才见客户。",
	},
	today: []string{
		"二楼的图纸你看了吗？楼梯挪到北边去了，这样窗户就不会被挡住。",
		"图纸在 https://plans.example.org/reading-room?floor=2，有空看一下。",
	},
	code:     "用 `plot --scale 1:50` 打印，或者一次全部打印：\n```\nfor f in floor*.dwg; do\n    plot --scale 1:50 \"$f\"\ndone\n```",
	answer:   "看了，比以前好多拉",
	edited:   "看了，比以前好多了！",
	mistake:  "我们点披萨吧？",
	urgent:   []string{"在吗？", "客户在催报价", "四点以前能给我回个电话吗？"},
	draft:    "关于放假的安排，我想",
	farewell: "下周见！",
	failed:   "能把大屏幕带过来吗？",
	files:    []string{"2026年预算.xlsx", "合同（已签）.pdf", "旧图纸", "项目介绍.pptx", "模型.zip", "发票.zip", "会议记录.txt"},
	search:   "图纸",
}}

// workday is an office in which a story has happened.
type workday struct {
	story
	t      *testing.T
	host   *host
	self   *profile
	others []*process
	folder string // of the files that are sent
}

// newWorkday lets people meet, and gives the user a past with them.
func newWorkday(t *testing.T, tale story) *workday {
	t.Helper()
	names := []string{tale.self}
	for _, p := range tale.people {
		names = append(names, p.name)
	}
	office := newLab(t).office("10.1.0.0/24", names...).hosts
	s := &workday{story: tale, t: t, host: office[0], self: office[0].profile(tale.self), folder: t.TempDir()}
	for i, p := range tale.people {
		other := office[i+1].daemon()
		other.must(0, "status", p.status, "--department", p.department, "--text", p.text)
		s.others = append(s.others, other)
	}
	self := s.self.daemon()
	self.meets(patience, s.others...)
	for _, other := range s.others {
		other.meets(patience, self)
		self.until("knows the department of "+other.name, patience, func([]entry) bool { return self.knows(other).Department != "" })
	}
	if code := self.stop(); code != 0 {
		t.Fatalf("%s ended with %d", self.name, code)
	}
	s.remember()
	return s
}

// remember writes into the user's database what cannot happen within a minute.
func (s *workday) remember() {
	s.t.Helper()
	path := filepath.Join(s.self.data, s.self.name, "feihong.db")
	db, _, err := store.Open(path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	contacts, err := db.Contacts(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	find := func(i int) *chat.Contact {
		at := slices.IndexFunc(contacts, func(c chat.Contact) bool { return c.Peer.String() == s.others[i].ready.ID })
		if at < 0 {
			s.t.Fatalf("%s is not in the database: %+v", s.others[i].name, contacts)
		}
		return &contacts[at]
	}
	now := time.Now().Truncate(time.Millisecond)
	first, away := find(0), chat.Contact{ID: 1000, Peer: protocol.PeerID{1}, Name: s.away, Created: now.AddDate(0, -2, 0), LastSeen: now.AddDate(0, 0, -5)}
	first.Pinned, first.Verified, find(2).Remark = true, true, ""
	find(3).MutedUntil = chat.Forever
	message := func(with chat.ContactID, out bool, text string, ago time.Duration) chat.Message {
		m := chat.Message{ID: newID(s.t), Contact: with, Kind: chat.KindText, State: chat.Read, Text: text, Time: now.Add(-ago)}
		if out {
			m.Direction = chat.Out
		}
		return m
	}
	batch := chat.Batch{
		Contacts: append(contacts, away),
		Messages: []chat.Message{message(away.ID, false, s.farewell, 5*24*time.Hour)},
		Drafts:   []chat.Draft{{Contact: find(3).ID, Text: s.draft}},
	}
	for i, text := range s.old {
		batch.Messages = append(batch.Messages, message(first.ID, i%2 == 1, text, 26*time.Hour-time.Duration(i)*4*time.Minute))
	}
	failed := message(first.ID, true, s.failed, time.Minute)
	failed.State, failed.Reason = chat.Failed, "refused"
	batch.Messages = append(batch.Messages, failed)
	if _, err := db.Commit(s.t.Context(), batch); err != nil {
		s.t.Fatal(err)
	}
}

func newID(t *testing.T) protocol.MessageID {
	t.Helper()
	id, err := uuid.NewV7()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// says sends a text and gives its ID.
func (p *profile) says(to, text string, more ...string) string {
	p.t.Helper()
	r := p.must(0, append([]string{"send", "--json", to, text}, more...)...)
	sent := parseLines[control.SendResponse](p.t, r.out)
	if len(sent) != 1 {
		p.t.Fatalf("%s: send printed %q", p.name, r.out)
	}
	return sent[0].ID
}

// talk is what happens today with the first colleague: one message of every
// kind, seen from the user's side.
func (s *workday) talk() {
	s.t.Helper()
	self, first := s.self, s.others[0]
	asked := first.says(s.story.self, s.today[0])
	answer := self.says(first.name, s.answer, "--reply-to", asked)
	self.must(0, "edit", answer, s.edited)
	self.must(0, "react", asked, "👍")
	first.must(0, "react", answer, "🎉")
	self.must(0, "recall", self.says(first.name, s.mistake))
	first.says(s.story.self, s.today[1])
	self.says(first.name, s.code)
	photo := filepath.Join(s.folder, "window.png")
	landscape(s.t, photo, 1200, 800)
	self.must(0, "files", "auto", first.name, "on")
	id := first.offers(s.story.self, photo)
	eventually(s.t, "the picture is there", func() bool { return first.transfer(id).State == "done" })
	first.must(0, "nudge", s.story.self)
	self.says(first.name, "👍😄")
}

// urge is what the third colleague wants of the user, who has not looked.
func (s *workday) urge() {
	s.t.Helper()
	for _, text := range s.urgent {
		s.others[2].says(s.story.self, text)
	}
}

// landscape paints a picture to be sent: hills in the evening.
func landscape(t *testing.T, path string, width, height int) {
	t.Helper()
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	w, h := float64(width), float64(height)
	for x := range width {
		for y := range height {
			fx, fy := float64(x)/w, float64(y)/h
			c := mix(color.RGBA{44, 62, 110, 255}, color.RGBA{250, 176, 120, 255}, fy*1.5)
			if math.Hypot(fx-0.7, (fy-0.42)*h/w) < 0.06 {
				c = color.RGBA{255, 236, 190, 255}
			}
			for i := range 4 {
				f := float64(i)
				ridge := 0.5 + f*0.12 + 0.06*math.Sin(fx*(6+3*f)+f*2) + 0.02*math.Sin(fx*(23-2*f)+f)
				if fy > ridge {
					c = mix(color.RGBA{128, 92, 122, 255}, color.RGBA{22, 34, 52, 255}, f/3)
				}
			}
			img.SetRGBA(x, y, c)
		}
	}
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, img); err != nil {
		t.Fatal(err)
	}
}

func mix(from, to color.RGBA, part float64) color.RGBA {
	part = min(max(part, 0), 1)
	channel := func(a, b uint8) uint8 { return uint8(float64(a) + (float64(b)-float64(a))*part) }
	return color.RGBA{channel(from.R, to.R), channel(from.G, to.G), channel(from.B, to.B), 255}
}
