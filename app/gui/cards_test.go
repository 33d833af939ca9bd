package gui_test

import (
	"strings"
	"time"

	"feihong/app/chat"
)

// cardCase is a transfer in one of its states, and what its card shows.
type cardCase struct {
	name     string
	message  chat.State // of the offer; 0 is delivered
	transfer chat.Transfer
	want     []string // texts, in English
	chinese  []string
	buttons  string // in English, with | between
	tools    string // likewise
}

var (
	report = []chat.Top{{Name: "Quarterly report 2026.pdf", Bytes: 12_400_000}}
	photos = []chat.Top{{Name: "Photos of the summer party", Folder: true, Files: 240, Bytes: 1_420_000_000}}
	many   = []chat.Top{{Name: "季度报告.docx", Bytes: 80_000}, {Name: "预算.xlsx", Bytes: 20_000}, {Name: "slides", Folder: true, Files: 3, Bytes: 5_000_000}}
	tool   = []chat.Top{{Name: "setup-2.1.exe", Bytes: 48_000_000, Executable: true}}
)

func cardCases() []cardCase {
	one := func(direction chat.Direction, state chat.TransferState, change ...func(*chat.Transfer)) chat.Transfer {
		t := chat.Transfer{Direction: direction, State: state, Tops: report, Files: 1, Bytes: 12_400_000, Left: -1}
		for _, f := range change {
			f(&t)
		}
		return t
	}
	folder := func(t *chat.Transfer) {
		t.Tops, t.Files, t.Folders, t.Bytes = photos, 240, 4, 1_420_000_000
	}
	several := func(t *chat.Transfer) {
		t.Tops, t.MoreTops, t.Files, t.Folders, t.Bytes = many, 9, 34, 2, 5_100_000
	}
	part := func(t *chat.Transfer) { t.Done = t.Bytes / 3 }
	moving := func(t *chat.Transfer) {
		t.Done, t.FilesDone, t.Current = t.Bytes/3, 11, "IMG_20260714_183244.jpg"
		t.Rate, t.Left = 87_300_000, 34*time.Second
	}
	saved := func(t *chat.Transfer) {
		t.Folder, t.Paths = "/home/li/Downloads/Feihong", []string{"/home/li/Downloads/Feihong/Quarterly report 2026.pdf"}
	}
	because := func(reason, detail string) func(*chat.Transfer) {
		return func(t *chat.Transfer) { t.Reason, t.Detail = reason, detail }
	}
	return []cardCase{
		{name: "offered in", transfer: one(chat.In, chat.TransferOffered),
			want: []string{"Quarterly report 2026.pdf", "12.4 MB"}, chinese: []string{"接收", "另存为…", "拒绝"}, buttons: "Accept|Save as …|Decline"},
		{name: "offered in, many", transfer: one(chat.In, chat.TransferOffered, several, func(t *chat.Transfer) { t.Text = "这是上次会议的资料，请看一下第三页。" }),
			want: []string{"季度报告.docx and 11 more", "5.1 MB · 34 files, 2 folders", "这是上次会议的资料"}, chinese: []string{"季度报告.docx 及其他 11 项", "5.1 MB · 34 个文件，2 个文件夹"}, buttons: "Accept|Save as …|Decline"},
		{name: "offered in, a folder", transfer: one(chat.In, chat.TransferOffered, folder),
			want: []string{"Photos of", "1.4 GB · 240 files, 4 folders"}, buttons: "Accept|Save as …|Decline"},
		{name: "offered in, a program", transfer: one(chat.In, chat.TransferOffered, func(t *chat.Transfer) { t.Tops, t.Executables, t.Bytes = tool, 1, 48_000_000 }),
			want: []string{"setup-2.1.exe", "48 MB", "This is a program"}, chinese: []string{"这是一个可执行程序"}, buttons: "Accept|Save as …|Decline"},
		{name: "offered in, programs", transfer: one(chat.In, chat.TransferOffered, folder, func(t *chat.Transfer) { t.Executables = 3 }),
			want: []string{"Programs among them: 3"}, chinese: []string{"其中有 3 个可执行程序"}, buttons: "Accept|Save as …|Decline"},
		{name: "offered in, a program among others", transfer: one(chat.In, chat.TransferOffered, several, func(t *chat.Transfer) {
			t.Tops, t.Executables = append([]chat.Top{{Name: "说明.txt"}}, tool...), 1
		}), want: []string{"setup-2.1.exe is a program"}, chinese: []string{"setup-2.1.exe 是可执行程序"}, buttons: "Accept|Save as …|Decline"},
		{name: "offered in, accepted by itself later", transfer: one(chat.In, chat.TransferOffered, because("queued", "")),
			want: []string{"Others come first."}, chinese: []string{"轮到时会自动接收"}, buttons: "Accept|Save as …|Decline"},
		{name: "offered in, nothing in it", transfer: one(chat.In, chat.TransferOffered, func(t *chat.Transfer) {
			t.Tops, t.Files, t.Folders, t.Bytes = []chat.Top{{Name: "empty", Folder: true}}, 0, 1, 0
		}), want: []string{"0 bytes · 0 files, 1 folder"}, buttons: "Accept|Save as …|Decline"},
		{name: "offered out", transfer: one(chat.Out, chat.TransferOffered),
			want: []string{"Waiting for an answer"}, chinese: []string{"等待对方接收"}, tools: "Cancel"},
		{name: "offered out, links left out", transfer: one(chat.Out, chat.TransferOffered, folder, func(t *chat.Transfer) { t.Skipped = 2 }),
			want: []string{"Waiting for an answer", "Left out: links and the like (2)"}, chinese: []string{"已略过链接等特殊文件（2 个）"}, tools: "Cancel"},
		{name: "offered out to somebody who is not there", message: chat.Queued, transfer: one(chat.Out, chat.TransferOffered, several),
			want: []string{"Will be offered when they are there"}, chinese: []string{"对方上线后送达"}, tools: "Cancel"},
		{name: "accepted", transfer: one(chat.In, chat.TransferAccepted),
			want: []string{"Waiting for the connection …"}, chinese: []string{"等待连接…"}, tools: "Pause|Cancel"},
		{name: "accepted again after a break", transfer: one(chat.Out, chat.TransferAccepted, part),
			want: []string{"Waiting for the connection …", "4.1 / 12.4 MB"}, tools: "Pause|Cancel"},
		{name: "running in", transfer: one(chat.In, chat.TransferRunning, folder, moving),
			want: []string{"473 MB / 1.4 GB · 87.3 MB/s", "35 s left", "12 of 240: IMG_20260714_183244.jpg"}, chinese: []string{"剩余 35 秒", "12/240：IMG_20260714_183244.jpg"}, tools: "Pause|Cancel"},
		{name: "running out", transfer: one(chat.Out, chat.TransferRunning, moving),
			want: []string{"4.1 / 12.4 MB · 87.3 MB/s", "35 s left", "33%"}, tools: "Pause|Cancel"},
		{name: "paused here", transfer: one(chat.In, chat.TransferPaused, part, func(t *chat.Transfer) { t.PausedHere = true }),
			want: []string{"You paused it", "4.1 / 12.4 MB"}, chinese: []string{"你已暂停"}, tools: "Resume|Cancel"},
		{name: "paused there", transfer: one(chat.Out, chat.TransferPaused, part, func(t *chat.Transfer) { t.PausedThere = true }),
			want: []string{"They paused it"}, chinese: []string{"对方已暂停"}, tools: "Cancel"},
		{name: "paused by both", transfer: one(chat.In, chat.TransferPaused, func(t *chat.Transfer) { t.PausedHere, t.PausedThere = true, true }),
			want: []string{"Both of you paused it"}, tools: "Resume|Cancel"},
		{name: "stalled, disk full", transfer: one(chat.In, chat.TransferStalled, folder, part, because("disk-full", "IMG_20260714_183244.jpg")),
			want: []string{"The disk is full", "IMG_20260714_183244.jpg"}, chinese: []string{"磁盘空间不足"}, tools: "Pause|Cancel"},
		{name: "stalled, their disk is full", transfer: one(chat.Out, chat.TransferStalled, part, because("disk-full", "")),
			want: []string{"Their disk is full"}, chinese: []string{"对方磁盘空间不足"}, tools: "Pause|Cancel"},
		{name: "stalled, nobody knows why", transfer: one(chat.Out, chat.TransferStalled, because("other", "")),
			want: []string{"Something is in the way. It is tried again by itself."}, chinese: []string{"暂时无法继续，会自动重试。"}, tools: "Pause|Cancel"},
		{name: "finishing", transfer: one(chat.Out, chat.TransferFinishing),
			want: []string{"Finishing …"}, chinese: []string{"正在完成…"}},
		{name: "done in", transfer: one(chat.In, chat.TransferDone, saved),
			want: []string{"Received and verified", "in /home/li/Downloads/Feihong"}, chinese: []string{"已接收并校验", "保存在 /home/li/Downloads/Feihong"}, buttons: "Open|Show in folder"},
		{name: "done in, under another name", transfer: one(chat.In, chat.TransferDone, saved, func(t *chat.Transfer) {
			t.Paths = []string{"/home/li/Downloads/Feihong/Quarterly report 2026 (1).pdf"}
		}), want: []string{"Quarterly report 2026 (1).pdf"}, buttons: "Open|Show in folder"},
		{name: "done in, many", transfer: one(chat.In, chat.TransferDone, several, saved, func(t *chat.Transfer) { t.Paths = append(t.Paths, "/home/li/x") }),
			want: []string{"Received and verified"}, buttons: "Show in folder"},
		{name: "done out", message: chat.Read, transfer: one(chat.Out, chat.TransferDone, func(t *chat.Transfer) { t.Paths = []string{"/home/me/report.pdf"} }),
			want: []string{"Arrived and verified"}, chinese: []string{"已送达并校验"}, buttons: "Open|Show in folder"},
		{name: "rejected here", transfer: one(chat.In, chat.TransferRejected), want: []string{"You declined"}, chinese: []string{"你已拒绝"}},
		{name: "rejected there", transfer: one(chat.Out, chat.TransferRejected), want: []string{"They declined"}, chinese: []string{"对方已拒绝"}},
		{name: "cancelled here", transfer: one(chat.Out, chat.TransferCancelled), want: []string{"Cancelled"}, chinese: []string{"已取消"}, buttons: "Try again"},
		{name: "cancelled there", transfer: one(chat.In, chat.TransferCancelled, because("peer-cancelled", "")), want: []string{"They cancelled it"}, chinese: []string{"对方已取消"}},
		{name: "failed in", transfer: one(chat.In, chat.TransferFailed, folder, because("source-changed", "会议纪要.docx"), func(t *chat.Transfer) { t.Failures = 3 }),
			want: []string{"A file was changed while it was being sent. Ask them to send it again.", "会议纪要.docx and 2 more"}, chinese: []string{"文件在发送过程中被修改。请让对方重新", "会议纪要.docx 及其他 2 项"}},
		{name: "failed in, some arrived", transfer: one(chat.In, chat.TransferFailed, several, saved, because("source-missing", "预算.xlsx"), func(t *chat.Transfer) { t.Failures = 1 }),
			want: []string{"A file is no longer there. Part of it has arrived. Ask them to send it again.", "预算.xlsx"}, chinese: []string{"部分文件已收到。"}, buttons: "Show in folder"},
		{name: "failed out", transfer: one(chat.Out, chat.TransferFailed, because("source-missing", "Quarterly report 2026.pdf")),
			want: []string{"A file is no longer there.", "Quarterly report 2026.pdf"}, buttons: "Try again"},
		{name: "failed, they did not like it", transfer: one(chat.Out, chat.TransferFailed, because("hostile", "bad-chunk")),
			want: []string{"The other side says that what was sent is wrong"}, chinese: []string{"对方认为收到的数据有误"}, buttons: "Try again"},
		{name: "failed for a reason from the future", transfer: one(chat.Out, chat.TransferFailed, because("gamma-ray", "")),
			want: []string{"It did not work (gamma-ray)"}, chinese: []string{"传输失败（gamma-ray）"}, buttons: "Try again"},
		{name: "failed, no program for it", transfer: one(chat.Out, chat.TransferFailed, because("unsupported", "")),
			want: []string{"Their program cannot receive files yet."}},
		{name: "a long Chinese name", transfer: one(chat.In, chat.TransferOffered, func(t *chat.Transfer) {
			t.Tops = []chat.Top{{Name: strings.Repeat("关于二〇二六年度信息化建设", 12) + ".docx"}}
		}), want: []string{"关于", "建设.docx"}, buttons: "Accept|Save as …|Decline"},
		{name: "a name in two directions", transfer: one(chat.In, chat.TransferOffered, func(t *chat.Transfer) {
			t.Tops = []chat.Top{{Name: "תקציב שנתי 2026 التقرير السنوي (final) סופי מאוד.pdf"}}
		}), want: []string{".pdf"}, buttons: "Accept|Save as …|Decline"},
		{name: "a hostile name", transfer: one(chat.In, chat.TransferOffered, func(t *chat.Transfer) {
			t.Tops = []chat.Top{{Name: "photo\u202egpj.exe\n" + strings.Repeat("Z\u0351\u036b\u0343\u036a", 90) + strings.Repeat("﷽", 60) + ".exe", Executable: true}}
			t.Executables = 1
		}), want: []string{".exe"}, buttons: "Accept|Save as …|Decline"},
		{name: "numbers that lie", transfer: one(chat.In, chat.TransferRunning, func(t *chat.Transfer) {
			t.Bytes, t.Done, t.Files, t.FilesDone, t.Rate, t.Left = 1<<50, 1<<60, 1<<31-1, 1<<40, 1<<62, 1<<62
			t.Current = strings.Repeat("W", 4000)
		}), want: []string{"PB", "days left"}, tools: "Pause|Cancel"},
	}
}
