package cli_test

import (
	"context"
	"encoding/json"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"feihong/app/cli"
	"feihong/app/control"
)

// following is what the profile tells of a transfer until it is over.
func following(t *testing.T, told ...control.Transfer) string {
	t.Helper()
	var b strings.Builder
	for _, now := range told {
		if err := json.NewEncoder(&b).Encode(control.TransferLine{Transfer: &now}); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// offering is a profile to which files can be given; socket is empty if it ends
// with the command.
func offering(t *testing.T, socket string, told ...control.Transfer) *host {
	t.Helper()
	return &host{others: map[string]any{
		"GET /v1/id":                                   control.Identity{Control: socket},
		"POST /v1/files":                               control.OfferResponse{Transfer: transfer("offered")},
		"GET /v1/files/" + transfer("").ID:             following(t, told...),
		"POST /v1/files/" + id + "/accept":             transfer("accepted", incoming),
		"POST /v1/files/" + id + "/resume":             transfer("accepted", incoming),
		"POST /v1/files/" + id + "/again":              transfer("offered"),
		"POST /v1/files/" + transfer("").ID + "/pause": transfer("paused"),
	}}
}

// inFolder makes a folder the one in which commands run, with some files.
func inFolder(t *testing.T, names ...string) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	return dir
}

const offered = "offered to Bob: 报告.pdf, b (2.0 MB), ID deadbeef\n"

func TestFilesSend(t *testing.T) {
	dir := inFolder(t, "a", "sub/b", "报告")
	link := filepath.Join(dir, "link")
	if err := os.Symlink("a", link); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		args  string
		paths []string // below the folder
		text  string
	}{
		{"a", []string{"a"}, ""},
		{"./sub/../a sub/ 报告", []string{"a", "sub", "报告"}, ""},
		{". --text look", []string{"."}, "look"},
		{filepath.Join(dir, "sub", "b"), []string{"sub/b"}, ""},
		{"link", []string{"link"}, ""}, // whatever it leads to is looked at by the profile
	}
	for _, test := range tests {
		h := offering(t, "/s")
		run(t, h, append([]string{"files", "send", "Bob"}, strings.Fields(test.args)...)...).want(t, 0, offered, "")
		want := control.OfferRequest{To: "Bob", Text: test.text}
		for _, path := range test.paths {
			want.Paths = append(want.Paths, filepath.Join(dir, path))
		}
		body, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if h.asked() != "POST /v1/files "+string(body) || len(h.called) != 3 {
			t.Errorf("%s: asked %q", test.args, h.called)
		}
	}
	h := offering(t, "/s")
	wantLines(t, run(t, h, "files", "send", "Bob", "a", "--json"), []control.Transfer{transfer("offered")})
	run(t, h, "files", "send", "Bob", "a", "--lang", "zh").want(t, 0, "已向 Bob 提供：报告.pdf, b（2.0 MB），ID deadbeef\n", "")
	h.others["POST /v1/files"] = control.OfferResponse{Transfer: transfer("offered"), Warnings: []*control.Error{{Message: "port 80 is odd"}}}
	run(t, h, "files", "send", "Bob", "a").want(t, 0, offered, "feihong: port 80 is odd\n")
	skipped := transfer("offered", func(t *control.Transfer) { t.Skipped = 12 })
	h.others["POST /v1/files"] = control.OfferResponse{Transfer: skipped}
	const note = "feihong: not sent: 12 links, devices, or folders of Feihong itself\n"
	run(t, h, "files", "send", "Bob", "a").want(t, 0, offered, note)
	if r := run(t, h, "files", "send", "Bob", "a", "--json"); r.err != note || !strings.Contains(r.out, `"skipped":12`) {
		t.Errorf("%+v", r)
	}
}

// How it ends is told, with a code; without a running profile the command waits
// although nobody said so.
func TestFilesSendWaits(t *testing.T) {
	inFolder(t, "a")
	offered, running := transfer("offered"), transfer("running")
	stale := transfer("offered", func(t *control.Transfer) {
		t.Problem = &control.Error{Code: control.CodeWrongPeer, Message: "Otto is there"}
	})
	away := transfer("offered", func(t *control.Transfer) {
		t.Problem = &control.Error{Code: control.CodeUnreachable, Message: "nobody is there"}
	})
	tests := []struct {
		name      string
		told      []control.Transfer
		code      int
		out, errs string
	}{
		{"done", []control.Transfer{offered, away, running, transfer("done")}, 0, "received by Bob: 报告.pdf, b (2.0 MB)\n", ""},
		{"rejected", []control.Transfer{offered, transfer("rejected")}, 4, "", "Bob does not want 报告.pdf, b\n"},
		{"cancelled by them", []control.Transfer{running, transfer("cancelled", because("peer-cancelled", ""))}, 4, "", "cancelled: 报告.pdf, b: cancelled by the other side\n"},
		{"cancelled here", []control.Transfer{running, transfer("cancelled")}, 1, "", "cancelled: 报告.pdf, b\n"},
		{"failed", []control.Transfer{running, transfer("failed", because("source-missing", "b"))}, 1, "", "failed: 报告.pdf, b: b: no longer there; \"feihong files again deadbeef\" tries again\n"},
		{"failed for a new reason", []control.Transfer{transfer("failed", because("moonlight", ""))}, 1, "", "failed: 报告.pdf, b: moonlight; \"feihong files again deadbeef\" tries again\n"},
		{"refused", []control.Transfer{transfer("failed", because("refused", ""))}, 4, "", "failed: 报告.pdf, b: refused by the other side; \"feihong files again deadbeef\" tries again\n"},
		{"oneself", []control.Transfer{transfer("failed", because("self", ""))}, 2, "", "failed: 报告.pdf, b: this is your own address; \"feihong files again deadbeef\" tries again\n"},
		{"somebody else is there", []control.Transfer{offered, stale}, 4, "", "not over yet, goes on later (ID deadbeef): offered: Otto is there\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.errs != "" {
				test.errs = "feihong: " + test.errs
			}
			run(t, offering(t, "/s", test.told...), "files", "send", "--wait", "Bob", "a").want(t, test.code, test.out, test.errs)
			run(t, offering(t, "", test.told...), "files", "send", "Bob", "a").want(t, test.code, test.out, test.errs)
			r := run(t, offering(t, "", test.told...), "files", "send", "Bob", "a", "--json")
			var told control.Transfer
			if err := json.Unmarshal([]byte(r.out), &told); err != nil || told.State != test.told[len(test.told)-1].State || r.code != test.code || r.err != test.errs {
				t.Errorf("as JSON: %+v, %v", r, err)
			}
		})
	}
	// What a running profile remembers of an address may be old; what one says
	// that has just begun is not.
	run(t, offering(t, "/s", stale, transfer("done")), "files", "send", "--wait", "Bob", "a").want(t, 0, "received by Bob: 报告.pdf, b (2.0 MB)\n", "")
	run(t, offering(t, "", stale, transfer("done")), "files", "send", "Bob", "a").want(t, 4, "", "feihong: not over yet, goes on later (ID deadbeef): offered: Otto is there\n")
}

func TestFilesAcceptWaits(t *testing.T) {
	inFolder(t)
	for _, what := range []string{"accept", "resume"} {
		h := offering(t, "/s", transfer("running", incoming), transfer("done", incoming))
		run(t, h, "files", what, id, "--wait=1h").want(t, 0, "received from Bob: 报告.pdf, b (2.0 MB), in /in\n", "")
	}
	run(t, offering(t, "/s", transfer("done")), "files", "again", id, "--wait").want(t, 0, "received by Bob: 报告.pdf, b (2.0 MB)\n", "")
}

// silent is a profile that tells no more of a transfer after some lines, until
// the request ends.
func silent(t *testing.T, socket string, then func(w io.Writer), told ...control.Transfer) *interrupted {
	t.Helper()
	h := offering(t, socket, told...)
	return &interrupted{serve: func(w http.ResponseWriter, r *http.Request) {
		h.ServeHTTP(w, r)
		if strings.Contains(r.URL.RawQuery, "follow") {
			then(w)
			<-r.Context().Done()
		}
	}}
}

func TestFilesSendGivesUpWaiting(t *testing.T) {
	inFolder(t, "a")
	h := silent(t, "/s", func(io.Writer) {}, transfer("offered"))
	var out, errs strings.Builder
	code := cli.Run(t.Context(), h, strings.Fields("files send Bob a --wait=10ms --lang en"), cli.Streams{Out: &out, Err: &errs})
	if want := "feihong: not over yet, goes on later (ID deadbeef): offered\n"; code != 3 || out.String() != "" || errs.String() != want {
		t.Errorf("exit %d, wrote %s, %s", code, out.String(), errs.String())
	}
}

// Whoever does not want to wait any more learns that nothing is lost.
func TestFilesSendInterrupted(t *testing.T) {
	inFolder(t, "a")
	for socket, want := range map[string]string{
		"/s": "feihong: no longer waiting; the transfer goes on, \"feihong files list\" shows it (ID deadbeef)\n",
		"":   "feihong: stopped; the transfer is stored and goes on when the program is started again (ID deadbeef)\n",
	} {
		ctx, cancel := context.WithCancel(t.Context())
		h := silent(t, socket, func(io.Writer) { cancel() }, transfer("running"))
		var out, errs strings.Builder
		code := cli.Run(ctx, h, strings.Fields("files send Bob a --wait --lang en"), cli.Streams{Out: &out, Err: &errs})
		if code != 130 || out.String() != "" || errs.String() != want {
			t.Errorf("exit %d, wrote %s, %s", code, out.String(), errs.String())
		}
	}
}

// Who gives up while folders are still looked through is told that it is not
// known what has come of it.
func TestFilesSendInterruptedBeforeTheAnswer(t *testing.T) {
	inFolder(t, "a")
	ctx, cancel := context.WithCancel(t.Context())
	h := offering(t, "/s")
	slow := &interrupted{serve: func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			cancel()
			<-r.Context().Done()
			return
		}
		h.ServeHTTP(w, r)
	}}
	var errs strings.Builder
	code := cli.Run(ctx, slow, strings.Fields("files send Bob a --lang en"), cli.Streams{Out: io.Discard, Err: &errs})
	if want := "feihong: cancelled; if the offer was stored already, \"feihong files list\" shows it\n"; code != 130 || errs.String() != want {
		t.Errorf("exit %d, wrote %s", code, errs.String())
	}
}

func TestFilesSendWhileTheProfileEnds(t *testing.T) {
	inFolder(t, "a")
	h := offering(t, "/s")
	h.others["GET /v1/files/"+transfer("").ID] = following(t, transfer("running")) + `{"error":{"code":"closing","message":"closing"}}`
	run(t, h, "files", "send", "Bob", "a", "--wait").want(t, 3, "", "feihong: the program has ended; the transfer (ID deadbeef) goes on with its next start\n")
	for _, cut := range []string{"", `{"transf`} { // killed
		h.others["GET /v1/files/"+transfer("").ID] = following(t, transfer("running")) + cut
		run(t, h, "files", "send", "Bob", "a", "--wait", "--lang", "zh").want(t, 3, "", "feihong: 程序已退出，传输（ID deadbeef）将在下次启动时继续\n")
	}
	h.others["GET /v1/files/"+transfer("").ID] = following(t, transfer("running")) + `{"error":{"code":"internal","message":"the disk hums"}}`
	run(t, h, "files", "send", "Bob", "a", "--wait").want(t, 1, "", "feihong: the disk hums\n")
}

// screen is a stream that says it is a terminal.
type screen struct{ strings.Builder }

func (*screen) Stat() (fs.FileInfo, error) { return character{}, nil }

type character struct{ fs.FileInfo }

func (character) Mode() fs.FileMode { return fs.ModeDevice | fs.ModeCharDevice }

// On a terminal one line is written over and over, and is gone at the end.
func TestProgressOnATerminal(t *testing.T) {
	inFolder(t, "a")
	left := int64(3725)
	at := func(done, rate int64, current string) control.Transfer {
		return transfer("running", func(t *control.Transfer) { t.Done, t.Rate, t.Current = done, rate, current })
	}
	hours := at(1_999_999, 1000, "x")
	hours.Left = &left
	seconds := at(500_000, 0, "short")
	nine := int64(9)
	seconds.Left = &nine
	told := []control.Transfer{
		transfer("offered", func(t *control.Transfer) { t.Done = 0 }), transfer("stalled", because("disk-full", "b")), seconds,
		at(0, 5, strings.Repeat("长", 50)), hours, transfer("paused", func(t *control.Transfer) { t.Done, t.PausedHere = 1_000_000, true }), transfer("done"),
	}
	want := []string{
		"Bob: offered",
		" 25%  Bob: waiting: b: the disk is full; it goes on by itself when there is ro…",
		" 25%  500 kB / 2.0 MB  0 B/s  0:09  short",
		"  0%  0 B / 2.0 MB  5 B/s  " + strings.Repeat("长", 25) + "…",
		" 99%  2.0 MB / 2.0 MB  1.0 kB/s  1:02:05  x",
		" 50%  Bob: paused",
		"100%  Bob: done",
		"", "feihong-end",
	}
	var out strings.Builder
	errs := &screen{}
	h := offering(t, "/s", told...)
	h.fails = nil
	code := cli.Run(t.Context(), h, strings.Fields("files send Bob a --wait --lang en"), cli.Streams{Out: &out, Err: errs})
	written := strings.Split(strings.TrimPrefix(errs.String(), "\r")+"feihong-end", "\r")
	for i := range written {
		written[i] = strings.TrimRight(written[i], " ")
	}
	if code != 0 || strings.Join(written, "\n") != strings.Join(want, "\n") {
		t.Errorf("exit %d, wrote\n%s\nwant\n%s", code, strings.Join(written, "\n"), strings.Join(want, "\n"))
	}
	for i, line := range strings.Split(errs.String(), "\r") {
		if strings.Contains(line, "\n") || len([]rune(line)) > 80 {
			t.Errorf("line %d is %q", i, line)
		}
	}
}

var receipt = control.Receipt{
	ID: transfer("").ID, Sender: "AAA", Receiver: "BBB", Files: 2, Size: 77, Manifest: "00", Listing: "11",
	Started: time.Unix(0, 0), Finished: time.Unix(1, 0), SignedByReceiver: true, SignedBySender: true, ListingKept: true, ListingValid: true,
}

func TestFilesReceipt(t *testing.T) {
	change := func(changes ...func(*control.Receipt)) control.Receipt {
		r := receipt
		for _, c := range changes {
			c(&r)
		}
		return r
	}
	unsigned := change(func(r *control.Receipt) { r.SignedBySender = false })
	changed := change(func(r *control.Receipt) { r.ListingValid = false })
	gone := change(func(r *control.Receipt) { r.ListingKept, r.ListingValid = false, false })
	tests := []struct {
		receipt control.Receipt
		code    int
		errs    string
	}{
		{receipt, 0, ""},
		{unsigned, 1, "feihong: a signature is missing or wrong\n"},
		{changed, 1, "feihong: the list of files is not the one that was signed\n"},
		{gone, 1, "feihong: the list of files is gone\n"},
	}
	for _, test := range tests {
		h := &host{others: map[string]any{
			"GET /v1/files/" + id + "/receipt":         test.receipt,
			"GET /v1/files/" + receipt.ID + "/listing": "00ff  a\n11ee  b\n",
		}}
		listing := "00ff  a\n11ee  b\n"
		if !test.receipt.ListingKept {
			listing = ""
		}
		signed := "signed"
		if !test.receipt.SignedBySender {
			signed = "not signed"
		}
		began, ended := receipt.Started.Local().Format(time.DateTime), receipt.Finished.Local().Format(time.DateTime)
		run(t, h, "files", "receipt", id).want(t, test.code, ""+
			"transfer           01020304-0506-7000-8000-0000deadbeef\n"+
			"sender             AAA                                   "+signed+"\n"+
			"receiver           BBB                                   signed\n"+
			"files              2\n"+
			"bytes              77\n"+
			"begun              "+began+"\n"+
			"finished           "+ended+"\n"+
			"hash of the offer  00\n"+
			"hash of the list   11\n"+
			"\n"+listing, test.errs)
		run(t, h, "files", "receipt", id, "--listing").want(t, test.code, listing, test.errs)
		r := run(t, h, "files", "receipt", id, "--json")
		var told control.Receipt
		if err := json.Unmarshal([]byte(r.out), &told); err != nil || told.ID != receipt.ID || r.code != test.code || r.err != test.errs {
			t.Errorf("as JSON: %+v, %v", r, err)
		}
	}
}
