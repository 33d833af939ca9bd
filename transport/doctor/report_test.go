package doctor_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"feihong/transport/doctor"
)

func written(t *testing.T, report doctor.Report) string {
	t.Helper()
	text, err := json.Marshal(report)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func checkRoundTrip(t *testing.T, report doctor.Report) {
	t.Helper()
	var read doctor.Report
	if err := json.Unmarshal([]byte(written(t, report)), &read); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(read, report) {
		t.Errorf("read back as %+v, was %+v", read, report)
	}
}

func TestReportAsJSON(t *testing.T) {
	report := doctor.Report{
		Address:  "192.168.1.30:50001",
		Findings: []doctor.Finding{{Topic: doctor.TopicUDP, Level: doctor.LevelOK, Text: doctor.Text{Key: "a.b"}, Detail: "24250/udp"}},
		Steps: []doctor.Step{{Check: doctor.CheckTCP, Outcome: doctor.OutcomeOK,
			Text: doctor.Text{Key: "a.c", Args: map[string]any{"port": "50001"}}, Took: 1234 * time.Microsecond}},
		Far:     []doctor.FarSide{{Who: "Mei", Target: true, Steps: []doctor.Step{}}},
		Verdict: doctor.Verdict{OK: true, Cause: doctor.CauseFine, Text: doctor.Text{Key: "a.d"}, Advice: doctor.Text{Key: "a.e"}},
	}
	const want = `{"address":"192.168.1.30:50001",` +
		`"findings":[{"topic":"udp","level":"ok","text":{"key":"a.b"},"detail":"24250/udp"}],` +
		`"steps":[{"check":"tcp","outcome":"ok","text":{"key":"a.c","args":{"port":"50001"}},"micros":1234}],` +
		`"far":[{"who":"Mei","target":true,"steps":[]}],` +
		`"verdict":{"ok":true,"cause":"fine","text":{"key":"a.d"},"advice":{"key":"a.e"}}}`
	if got := written(t, report); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	checkRoundTrip(t, report)
	var step doctor.Step
	if json.Unmarshal([]byte(`{"micros":"soon"}`), &step) == nil {
		t.Error("a time that is no number was read")
	}
}
