package cli_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"feihong/app/cli"
	"feihong/app/control"
)

// interrupted is a host whose profile is asked until the user gives up.
type interrupted struct {
	host
	serve http.HandlerFunc
}

func (i *interrupted) Do(ctx context.Context, _ cli.Options, do func(context.Context, *control.Client) error) error {
	return do(ctx, control.Local(i.serve))
}

// Whoever does not want to wait any more learns it in their language, and what
// has become of a text.
func TestCancelled(t *testing.T) {
	const gone = "feihong: cancelled\n"
	tests := []struct {
		args   string
		begins string // of the answer, before the user gives up
		ends   string // of it, afterwards
		code   int
		err    string
	}{
		{"doctor", `{"step":{}}`, "", 130, gone},
		{"doctor --lang zh", "", "", 130, "feihong: 已取消\n"},
		{"peers", "", "", 130, gone},
		{"send Bob hi", "", "", 130, "feihong: cancelled before it was known whether the text is stored; \"feihong history Bob\" shows it\n"},
		{"send Bob hi", " ", "", 130, "feihong: cancelled; the text is stored for Bob and will be delivered later\n"},
		{"send Bob hi", " ", `{"state":"queued","problem":{"code":"closing","message":"closing"}}`, 130, "feihong: cancelled; the text is stored for Bob and will be delivered later\n"},
		{"send Bob hi", " ", `{"state":"delivered"}`, 0, ""},
	}
	for _, test := range tests {
		ctx, cancel := context.WithCancel(t.Context())
		h := &interrupted{serve: func(w http.ResponseWriter, r *http.Request) {
			if test.begins == "" {
				cancel()
				<-r.Context().Done()
				return
			}
			_, _ = io.WriteString(w, test.begins)
			cancel()
			_, _ = io.WriteString(w, test.ends)
		}}
		var errs strings.Builder
		args := strings.Fields(test.args)
		if !strings.Contains(test.args, "--lang") {
			args = append(args, "--lang", "en")
		}
		code := cli.Run(ctx, h, args, cli.Streams{Out: io.Discard, Err: &errs})
		if code != test.code || errs.String() != test.err {
			t.Errorf("%s after %q: exit %d, wrote %s", test.args, test.begins, code, errs.String())
		}
	}
}

// A script that reads JSON gets some, whatever happens.
func TestDoctorFailsAsJSON(t *testing.T) {
	tests := []struct {
		status int
		answer any
		code   int
		want   string
	}{
		{404, &control.Error{Code: control.CodeUnknown, Message: "no address"}, 5, "unknown: no address"},
		{0, `{"error":{"code":"closing","message":"the end"}}`, 1, "closing: the end"},
		{0, "", 1, "internal: read the doctor's report: EOF"},
	}
	for _, test := range tests {
		r := run(t, &host{status: test.status, answer: test.answer}, "doctor", "--json")
		var told struct {
			Error struct{ Code, Message string }
		}
		if err := json.Unmarshal([]byte(r.out), &told); err != nil || told.Error.Code+": "+told.Error.Message != test.want || r.code != test.code || r.err == "" {
			t.Errorf("%+v, %v; want %s", r, err, test.want)
		}
	}
}
