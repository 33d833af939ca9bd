package control_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"feihong/app/chat"
	"feihong/app/control"
	"feihong/protocol"
	"feihong/transport/doctor"
)

// physician is a doctor whose steps are known beforehand.
type physician struct {
	mu    sync.Mutex
	asked []string
	want  protocol.PeerID // who was meant last
	hold  chan struct{}   // if not nil, the second step waits for it to be closed
	fails error
}

var steps = []doctor.Step{
	{Check: doctor.CheckAddress, Outcome: doctor.OutcomeOK, Text: doctor.Text{Key: "test.address", Args: map[string]any{"address": "<a>"}}, Took: 3 * time.Microsecond},
	{Check: doctor.CheckTCP, Outcome: doctor.OutcomeFailed, Text: doctor.Text{Key: "test.tcp"}, Took: 2 * time.Second},
}

func reportOn(address string) doctor.Report {
	return doctor.Report{
		Address:  address,
		Findings: []doctor.Finding{{Topic: doctor.TopicUDP, Level: doctor.LevelOK, Text: doctor.Text{Key: "test.udp"}}},
		Steps:    steps,
		Far:      []doctor.FarSide{{Who: "Bob", Target: true, Steps: steps[:1]}},
		Verdict:  doctor.Verdict{Cause: "port-closed", Text: doctor.Text{Key: "test.cause"}, Advice: doctor.Text{Key: "test.advice"}},
	}
}

func (p *physician) examine(ctx context.Context, address string, want protocol.PeerID, progress func(doctor.Step)) (doctor.Report, error) {
	p.mu.Lock()
	p.want = want
	p.asked = append(p.asked, address)
	p.mu.Unlock()
	for i, step := range steps {
		if i == 1 && p.hold != nil {
			select {
			case <-p.hold:
			case <-ctx.Done():
				return doctor.Report{}, ctx.Err()
			}
		}
		progress(step)
	}
	if p.fails != nil {
		return doctor.Report{}, p.fails
	}
	return reportOn(address), nil
}

// last is the address that was examined last.
func (p *physician) last() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.asked) == 0 {
		return "-"
	}
	return p.asked[len(p.asked)-1]
}

func TestDoctor(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		// The first step is told before the second is done.
		r.doctor.hold = make(chan struct{})
		var told []doctor.Step
		got, err := r.client.Doctor(t.Context(), "192.168.1.9:5", func(step doctor.Step) {
			if told = append(told, step); len(told) == 1 {
				close(r.doctor.hold)
			}
		})
		if err != nil || !reflect.DeepEqual(got, reportOn("192.168.1.9:5")) || !reflect.DeepEqual(told, steps) {
			t.Errorf("reported %+v, %v after %+v", got, err, told)
		}
	})
}

func TestWhomTheDoctorExamines(t *testing.T) {
	var anybody protocol.PeerID
	tests := []struct {
		who, address string
		want         protocol.PeerID
	}{
		{"", "", anybody},
		{"192.168.1.9:5", "192.168.1.9:5", anybody},
		{"192.168.1.9", "192.168.1.9", anybody},
		{"192.168.1.300:5", "192.168.1.300:5", anybody}, // says what is wrong with it
		{ownAddress, ownAddress, anybody},
		{"fileserver", "fileserver", anybody},
		{"not an address", "not an address", anybody},
		{"Bob", "bob:1", peerOf("Bob")},
		{"bob", "bob:1", peerOf("Bob")},
		{peerOf("Bob").Short(), "bob:1", peerOf("Bob")},
	}
	both(t, func(t *testing.T, r *running) {
		for _, test := range tests {
			got, err := r.client.Doctor(t.Context(), test.who, func(doctor.Step) {})
			if err != nil || got.Address != test.address || r.doctor.last() != test.address || r.doctor.want != test.want {
				t.Errorf("%q: examined %q for %s, %v", test.who, r.doctor.last(), r.doctor.want, err)
			}
		}
	})
}

func TestTheDoctorLooksForAPerson(t *testing.T) {
	bob, new := peerOf("Bob"), peerOf("somebody new")
	tests := []struct {
		body, address string
		want          protocol.PeerID
	}{
		{`{"address":"192.168.1.9:5","person":"` + bob.String() + `"}`, "192.168.1.9:5", bob},
		{`{"address":"192.168.1.9:5","person":"` + new.String() + `"}`, "192.168.1.9:5", new},
		{`{"address":"fileserver","person":"` + bob.String() + `"}`, "fileserver", bob},
		{`{"address":"zoe","person":"` + bob.String() + `"}`, "other:1", bob},
		{`{"address":"","person":"` + bob.Compact() + `"}`, "bob:1", bob},
	}
	both(t, func(t *testing.T, r *running) {
		for _, test := range tests {
			got := r.request("POST", "/v1/doctor", test.body)
			if got.status != 200 || r.doctor.last() != test.address || r.doctor.want != test.want {
				t.Errorf("%s: %d, examined %q for %s", test.body, got.status, r.doctor.last(), r.doctor.want)
			}
		}
	})
}

func TestWhomTheDoctorRefuses(t *testing.T) {
	tests := []struct {
		body   string
		status int
		code   control.Code
		key    string
	}{
		{`{"address":"Li"}`, 409, control.CodeAmbiguous, "chat.ambiguous"},
		{`{"address":"Ann"}`, 404, control.CodeUnknown, "control.no-address"},
		{`{"address":5}`, 400, control.CodeBadRequest, ""},
		{`{"address":"","person":"` + peerOf("nobody").String() + `"}`, 404, control.CodeUnknown, "chat.unknown"},
		{`{"address":"","person":"` + peerOf("ann").String() + `"}`, 404, control.CodeUnknown, "control.no-address"},
		{`{"address":"192.168.1.9:5","person":"Bob"}`, 400, control.CodeBadRequest, ""},
		{``, 400, control.CodeBadRequest, ""},
	}
	both(t, func(t *testing.T, r *running) {
		for _, test := range tests {
			e := r.request("POST", "/v1/doctor", test.body).refused(t, test.status, test.code)
			if e.Key != test.key {
				t.Errorf("%s: refused with %+v", test.body, e)
			}
		}
		if r.doctor.last() != "-" {
			t.Errorf("examined %q", r.doctor.last())
		}
	})
}

// What others than our client see.
func TestDoctorAsLines(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		got := r.request("POST", "/v1/doctor", `{"address":""}`)
		if kind := got.header.Get("Content-Type"); got.status != 200 || kind != "application/x-ndjson" {
			t.Errorf("answered %d with %s", got.status, kind)
		}
		var kinds []string
		for line := range strings.Lines(string(got.body)) {
			var fields map[string]json.RawMessage
			if err := json.Unmarshal([]byte(line), &fields); err != nil || len(fields) != 1 {
				t.Fatalf("line %q, %v", line, err)
			}
			for kind := range fields {
				kinds = append(kinds, kind)
			}
		}
		if strings.Join(kinds, " ") != "step step report" {
			t.Errorf("the lines are %s", kinds)
		}
	})
}

func TestDoctorFails(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		r.doctor.fails = cause{"x"}
		_, err := r.client.Doctor(t.Context(), "", func(doctor.Step) {})
		if e := refusal(t, err); e.Code != control.CodeInternal || e.Key != "test.cause" {
			t.Errorf("failed with %+v", e)
		}
	})
}

// Whoever gives up waiting ends the examination, and so does the profile.
func TestDoctorIsGivenUp(t *testing.T) {
	both(t, func(t *testing.T, r *running) {
		r.doctor.hold = make(chan struct{})
		ctx, cancel := context.WithCancel(t.Context())
		_, err := r.client.Doctor(ctx, "", func(doctor.Step) { cancel() })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("ended with %v", err)
		}
	})
	r := start(t, false)
	r.doctor.hold = make(chan struct{})
	stopped := make(chan struct{})
	_, err := r.client.Doctor(t.Context(), "", func(doctor.Step) {
		go func() {
			r.stop()
			close(stopped)
		}()
	})
	if e := refusal(t, err); e.Code != control.CodeClosing || e.Message != chat.ErrClosed.Error() {
		t.Errorf("ended with %+v", e)
	}
	<-stopped
}

func TestReportsThatAreNone(t *testing.T) {
	for _, body := range []string{"", "<p>", `{"step":{}}`, `{"step":{"micros":"x"}}`, `{"step":{}}` + "\n{"} {
		client := control.Local(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, body)
		}))
		if got, err := client.Doctor(t.Context(), "", func(doctor.Step) {}); err == nil || !strings.Contains(err.Error(), "report") {
			t.Errorf("%q was taken for %+v, %v", body, got, err)
		}
	}
}
