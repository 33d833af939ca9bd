package cli_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feihong/app/control"
)

// transfer is one as the profile tells it.
func transfer(state string, change ...func(*control.Transfer)) control.Transfer {
	t := control.Transfer{
		ID: "01020304-0506-7000-8000-0000deadbeef", Name: "Bob", State: state, Time: time.Unix(1, 0).UTC(),
		TransferFacts: control.TransferFacts{Direction: "out", Peer: "B", Names: []string{"报告.pdf", "b"}, Size: 2_000_000, Done: 500_000, Path: "/src", Files: 2},
	}
	if state == "done" {
		t.Done = t.Size
	}
	for _, c := range change {
		c(&t)
	}
	return t
}

func because(reason, detail string) func(*control.Transfer) {
	return func(t *control.Transfer) { t.Reason, t.Detail = reason, detail }
}

func incoming(t *control.Transfer) { t.Direction, t.Path = "in", "/in" }

const id = "0000deadbeef"

func TestFilesList(t *testing.T) {
	running := transfer("running", func(t *control.Transfer) { t.Rate, t.Names, t.MoreNames = 11_200_000, []string{"a", "b", "c", "d"}, 6 })
	failed := transfer("failed", incoming, because("source-changed", "b"), func(t *control.Transfer) { t.Failures, t.Path = 3, "" })
	unreachable := transfer("offered", func(t *control.Transfer) {
		t.Problem, t.Done = &control.Error{Code: "unreachable", Message: "nobody is there"}, 0
	})
	paused := transfer("paused", func(t *control.Transfer) { t.PausedThere, t.Size, t.Done = true, 0, 0 })
	h := &host{answer: []control.Transfer{running, failed, unreachable, paused, transfer("done"), transfer("evaporated")}}
	run(t, h, "files", "list").want(t, 0, ""+
		"deadbeef  to    Bob  running                                               a, b, c and 7 more  2.0 MB  25%   11.2 MB/s  /src\n"+
		"deadbeef  from  Bob  failed: b: changed after it was offered (and 2 more)  报告.pdf, b         2.0 MB  25%   -          -\n"+
		"deadbeef  to    Bob  offered: nobody is there                              报告.pdf, b         2.0 MB  0%    -          /src\n"+
		"deadbeef  to    Bob  paused: by Bob                                        报告.pdf, b         0 B     0%    -          /src\n"+
		"deadbeef  to    Bob  done                                                  报告.pdf, b         2.0 MB  100%  -          /src\n"+
		"deadbeef  to    Bob  evaporated                                            报告.pdf, b         2.0 MB  25%   -          /src\n", "")
	wantLines(t, run(t, h, "files", "list", "--json"), []control.Transfer{running, failed, unreachable, paused, transfer("done"), transfer("evaporated")})
	for args, asked := range map[string]string{
		"list":                       "limit=100&open=false&peer=",
		"list --all":                 "limit=0&open=false&peer=",
		"list --open --with Bob":     "limit=100&open=true&peer=Bob",
		"list --with 李 --all --json": "limit=0&open=false&peer=%E6%9D%8E",
	} {
		if run(t, h, strings.Fields("files "+args)...); h.asked() != "GET /v1/files?"+asked {
			t.Errorf("%s: asked %q", args, h.asked())
		}
	}
	run(t, &host{answer: "[]"}, "files", "list").want(t, 0, "", "")
	run(t, &host{answer: "[]"}, "files", "list", "--json").want(t, 0, "", "")
}

// Something is done with a transfer, and how it is then is told. What goes on
// does so with the next start if the profile does not run.
func TestFilesAreChanged(t *testing.T) {
	const note = "feihong: The program is not running: this goes on when it is started (the window or \"feihong daemon\").\n"
	tests := []struct {
		args, asked, state string
		out                string
		goesOn             bool
	}{
		{"reject " + id, "reject {}", "rejected", "deadbeef  rejected  报告.pdf, b\n", false},
		{"pause " + id, "pause {}", "paused", "deadbeef  paused  报告.pdf, b\n", false},
		{"cancel " + id, "cancel {}", "cancelled", "deadbeef  cancelled  报告.pdf, b\n", false},
		{"resume " + id, "resume {}", "accepted", "deadbeef  accepted, waiting for the connection  报告.pdf, b\n", true},
		{"again " + id, "again {}", "offered", "deadbeef  offered  报告.pdf, b\n", true},
		{"accept " + id, "accept {}", "accepted", "deadbeef  accepted, waiting for the connection  报告.pdf, b\n", true},
		{"accept " + id + " --to /in", `accept {"folder":"/in"}`, "accepted", "deadbeef  accepted, waiting for the connection  报告.pdf, b\n", true},
		{"accept " + id, "accept {}", "done", "deadbeef  done  报告.pdf, b\n", false},
	}
	for _, test := range tests {
		for socket, errs := range map[string]string{"/s": "", "": note} {
			h := &host{answer: transfer(test.state), others: map[string]any{"GET /v1/id": control.Identity{Control: socket}}}
			if !test.goesOn {
				errs = ""
			}
			run(t, h, strings.Fields("files "+test.args)...).want(t, 0, test.out, errs)
			if want := "POST /v1/files/" + id + "/" + test.asked; h.called[1] != want {
				t.Errorf("%s: asked %q", test.args, h.called)
			}
			r := run(t, h, strings.Fields("files "+test.args+" --json")...)
			var told control.Transfer
			if err := json.Unmarshal([]byte(r.out), &told); err != nil || told.State != test.state || r.err != errs {
				t.Errorf("%s: %+v, %v", test.args, r, err)
			}
		}
	}
}

// What the receiver waits for is theirs, and is told so.
func TestFilesWaitAtTheReceiver(t *testing.T) {
	full := because("disk-full", "")
	h := &host{answer: []control.Transfer{
		transfer("stalled", full), transfer("stalled", full, incoming), transfer("offered", because("queued", "")), transfer("failed", full),
	}}
	r := run(t, h, "files", "list")
	for i, want := range []string{
		"waiting: the disk is full; it goes on by itself when there is room (at Bob) ",
		"waiting: the disk is full; it goes on by itself when there is room  ",
		"offered: others come first; it is accepted by itself when they are done (at Bob) ",
		"failed: the disk is full; it goes on by itself when there is room  ",
	} {
		if line := strings.Split(r.out, "\n")[i]; !strings.Contains(line, want) {
			t.Errorf("%q, want %q", line, want)
		}
	}
}

// Of several transfers that may be meant each is shown with as much of its ID
// as tells it apart.
func TestFilesThatMayBeMeant(t *testing.T) {
	other := transfer("done", incoming, func(t *control.Transfer) { t.ID = "01020304-0506-7000-8000-0000cafecafe" })
	h := &host{status: 409, answer: &control.Error{Code: control.CodeAmbiguous, Message: "several", Transfers: []control.Transfer{transfer("running"), other}}}
	run(t, h, "files", "pause", "0102").want(t, 5, "", "feihong: several\n"+
		"  deadbeef  to    Bob  running  报告.pdf, b  2.0 MB  25%   0 B/s  /src\n"+
		"  cafecafe  from  Bob  done     报告.pdf, b  2.0 MB  100%  -      /in\n")
	same := transfer("paused", func(t *control.Transfer) { t.ID = "01020304-0506-7000-8000-aaaadeadbeef" })
	h.answer = &control.Error{Code: control.CodeAmbiguous, Message: "several", Transfers: []control.Transfer{transfer("paused"), same}}
	run(t, h, "files", "pause", "beef").want(t, 5, "", "feihong: several\n"+
		"  01020304-0506-7000-8000-0000deadbeef  to  Bob  paused  报告.pdf, b  2.0 MB  25%  -  /src\n"+
		"  01020304-0506-7000-8000-aaaadeadbeef  to  Bob  paused  报告.pdf, b  2.0 MB  25%  -  /src\n")
}

func TestFilesRefused(t *testing.T) {
	for code, exit := range map[control.Code]int{
		control.CodeUnknown: 5, control.CodeAmbiguous: 5, control.CodeBadState: 1, control.CodeBadPath: 2, control.CodeInternal: 1, control.CodeBadRequest: 2,
	} {
		h := &host{status: 400, answer: &control.Error{Code: code, Message: "it is so"}}
		for _, args := range []string{
			"list", "reject " + id, "pause " + id, "resume " + id, "cancel " + id, "again " + id, "accept " + id, "auto Bob on", "limit", "limit off", "folder",
			"receipt " + id, "send Bob .", "resume --wait " + id,
		} {
			run(t, h, strings.Fields("files "+args)...).want(t, exit, "", "feihong: it is so\n")
		}
	}
}

func TestFilesAuto(t *testing.T) {
	tests := []struct {
		args string
		body string
		told int64
		out  string
	}{
		{"on", "-1", -1, "everything from Bob is accepted without asking\n"},
		{"off", "0", 0, "you are asked before anything from Bob is accepted\n"},
		{"100MB", "100000000", 100e6, "offers from Bob of up to 100 MB are accepted without asking\n"},
		{"1.5 GiB", "1610612736", 1610612736, "offers from Bob of up to 1.6 GB are accepted without asking\n"},
		{"0", "0", 0, "you are asked before anything from Bob is accepted\n"},
	}
	for _, test := range tests {
		h := &host{answer: control.Peer{Name: "Bob", AutoAccept: test.told}}
		run(t, h, append([]string{"files", "auto", "Bob"}, strings.Fields(test.args)...)...).want(t, 0, test.out, "")
		if want := `PUT /v1/peers {"who":"Bob","auto_accept":` + test.body + `}`; h.asked() != want {
			t.Errorf("%s: asked %q", test.args, h.asked())
		}
	}
	h := &host{answer: control.Peer{Name: "Bob", AutoAccept: 7}}
	wantLines(t, run(t, h, "files", "auto", "Bob", "on", "--json"), []control.Peer{{Name: "Bob", AutoAccept: 7}})
}

func TestFilesSettings(t *testing.T) {
	here, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	inside, err := json.Marshal(filepath.Join(here, "new", "in"))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ args, asked, out string }{
		{"limit", "GET /v1/settings", "10.0 MB/s\n"},
		{"limit 10MB/s", `PUT /v1/settings {"files_rate":10000000}`, "10.0 MB/s\n"},
		{"limit 500 KiB/s", `PUT /v1/settings {"files_rate":512000}`, "10.0 MB/s\n"},
		{"limit off", `PUT /v1/settings {"files_rate":0}`, "10.0 MB/s\n"},
		{"limit 0", `PUT /v1/settings {"files_rate":0}`, "10.0 MB/s\n"},
		{"folder", "GET /v1/settings", "/home/x/in\n"},
		{"folder --default", `PUT /v1/settings {"files_folder":""}`, "/home/x/in\n"},
		{"folder .", `PUT /v1/settings {"files_folder":"` + here + `"}`, "/home/x/in\n"},
		{"folder new/../new/in", `PUT /v1/settings {"files_folder":` + string(inside) + `}`, "/home/x/in\n"},
	}
	for _, test := range tests {
		h := &host{answer: control.Settings{Name: "Me", FilesRate: 10e6, FilesInto: "/home/x/in"}}
		run(t, h, strings.Fields("files "+test.args)...).want(t, 0, test.out, "")
		if h.asked() != test.asked {
			t.Errorf("%s: asked %q", test.args, h.asked())
		}
		wantLines(t, run(t, h, strings.Fields("files "+test.args+" --json")...), []control.Settings{h.answer.(control.Settings)})
	}
	run(t, &host{answer: control.Settings{FilesFolder: "/in"}}, "files", "limit").want(t, 0, "no limit\n", "")
	run(t, &host{answer: control.Settings{FilesFolder: "/in"}}, "files", "folder").want(t, 0, "/in\n", "")
}

func TestFilesMisuse(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	tests := []struct {
		args          []string
		says, chinese string
	}{
		{[]string{"sned"}, `unknown command or word "sned" behind "feihong files"`, "没有“sned”"},
		{[]string{"send"}, "usage: feihong files send WHO PATH…", "用法"},
		{[]string{"send", "Bob"}, "usage: feihong files send WHO PATH…", "用法"},
		{[]string{"send", "Bob", "file", "gone"}, "there is no file or folder gone", "没有 gone 这个文件"},
		{[]string{"send", "Bob", "file/below"}, "cannot read file/below: not a directory", "无法读取 file/below"},
		{[]string{"send", "Bob", ""}, "path of a file or folder is empty", "路径是空的"},
		{[]string{"send", "Bob", "a\xff"}, "is not UTF-8", "不是 UTF-8"},
		{[]string{"send", "Bob", "/dev/null"}, "/dev/null is neither a file nor a folder", "既不是文件也不是文件夹"},
		{[]string{"send", "Bob", "--wait", "10s", "file"}, "a time to wait is written as --wait=10s", "--wait=10s"},
		{[]string{"send", "Bob", "10s"}, "there is no file or folder 10s", "没有 10s 这个文件"},
		{[]string{"send", "Bob", "file", "--wait=0s"}, `--wait cannot be "0s"`, "--wait 的值不能是“0s”"},
		{[]string{"send", "Bob", "file", "--wait=-1s"}, `--wait cannot be "-1s"`, "--wait"},
		{[]string{"send", "Bob", "file", "--wait=10"}, `--wait cannot be "10"`, "--wait"},
		{[]string{"send", "Bob", "file", "--text", "a\xff"}, "", ""},
		{[]string{"list", "all"}, `"all"`, "“all”"},
		{[]string{"accept"}, "usage: feihong files accept ID", "用法"},
		{[]string{"accept", "a", "b"}, "usage: feihong files accept ID", "用法"},
		{[]string{"accept", "Bob"}, `"Bob" is not the ID of a transfer`, "“Bob”不是传输的 ID"},
		{[]string{"cancel", ""}, `"" is not the ID of a transfer`, "“”不是传输的 ID"},
		{[]string{"pause", "../id"}, `"../id" is not the ID of a transfer`, "“../id”不是传输的 ID"},
		{[]string{"accept", id, "--to", "file"}, "file is not a folder", "file 不是文件夹"},
		{[]string{"accept", id, "--to", "file/in"}, "cannot use the folder file/in: not a directory", "无法使用文件夹 file/in"},
		{[]string{"accept", id, "--to="}, "path of a file or folder is empty", "路径是空的"},
		{[]string{"auto", "Bob"}, "usage: feihong files auto WHO on|off|SIZE", "用法"},
		{[]string{"auto", "Bob", "5", "M", "B"}, "usage: feihong files auto", "用法"},
		{[]string{"auto", "Bob", "--", "-5MB"}, `"-5MB": give on, off or a size such as 100MB`, "“-5MB”无效"},
		{[]string{"auto", "Bob", "much"}, `"much": give on, off or a size`, "“much”无效"},
		{[]string{"limit", "fast"}, `"fast": give off or a rate such as 10MB/s`, "“fast”无效"},
		{[]string{"limit", "10", "Mbit/s"}, `"10 Mbit/s": give off or a rate`, "“10 Mbit/s”无效"},
		{[]string{"limit", "1", "2", "3"}, "usage: feihong files limit [RATE|off]", "用法"},
		{[]string{"folder", "file"}, "file is not a folder", "file 不是文件夹"},
		{[]string{"folder", "a", "b"}, "usage: feihong files folder [DIR]", "用法"},
		{[]string{"folder", "--default", "."}, "give either a folder or --default", "只能写一个"},
		{[]string{"receipt"}, "usage: feihong files receipt ID", "用法"},
	}
	for _, test := range tests {
		h := &host{answer: "null"}
		args := append([]string{"files"}, test.args...)
		english := run(t, h, args...)
		chinese := run(t, h, append([]string{"--lang", "zh"}, args...)...)
		if english.code != 2 || english.out != "" || !strings.Contains(english.err, test.says) {
			t.Errorf("%q: %+v", test.args, english)
		}
		if chinese.code != 2 || !strings.Contains(chinese.err, test.chinese) {
			t.Errorf("%q in Chinese: %+v", test.args, chinese)
		}
		if len(h.called) != 0 {
			t.Errorf("%q: called %v", test.args, h.called)
		}
	}
}

// A file that may not be read is told before anything is offered.
func TestFileThatMayNotBeRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(path, nil, 0); err != nil {
		t.Fatal(err)
	}
	h := &host{}
	unprivileged(t, func() {
		if r := run(t, h, "files", "send", "Bob", path); r.code != 2 || !strings.Contains(r.err, "cannot read") || len(h.called) != 0 {
			t.Errorf("%+v, called %v", r, h.called)
		}
	})
}

func TestHistoryWithFiles(t *testing.T) {
	h := &host{answer: []control.Message{
		{Kind: "files", Names: []string{"a", "b c"}, Text: "look", State: "sent", From: bob},
		{Kind: "files", Names: []string{"d"}, State: "sent", From: bob},
	}}
	r := run(t, h, "history", "Bob")
	if !strings.Contains(r.out, "[sent]  [files: a, b c] look\n") || !strings.Contains(r.out, "[sent]  [files: d]\n") {
		t.Errorf("wrote %q", r.out)
	}
}
