package app_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"

	"feihong/app"
	"feihong/app/control"
	"feihong/app/profile"
	"feihong/transport/doctor"
)

// once asks a profile that does not run.
func once(t *testing.T, discovery string, do func(context.Context, *control.Client) error) {
	t.Helper()
	if err := app.Once(t.Context(), t.TempDir(), discovery, do); err != nil {
		t.Error(err)
	}
}

func TestDoctorOfAProfileThatDoesNotRun(t *testing.T) {
	once(t, profile.DiscoveryOff, func(ctx context.Context, c *control.Client) error {
		report, err := c.Doctor(ctx, "", func(doctor.Step) {})
		if !slices.ContainsFunc(report.Findings, func(f doctor.Finding) bool { return f.Text.Key == "doctor.tcp.passive" }) {
			t.Errorf("found %+v", report.Findings)
		}
		return err
	})
}

func TestSearchNeedsTheRunningProgram(t *testing.T) {
	once(t, profile.DiscoveryLoopback, func(ctx context.Context, c *control.Client) error {
		err := c.Search(ctx)
		var refusal *control.Error
		if !errors.As(err, &refusal) || refusal.Key != "control.no-discovery" {
			t.Errorf("searched: %v", err)
		}
		return nil
	})
}

func TestCancellationIsNoSuccess(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	err := app.Once(ctx, t.TempDir(), profile.DiscoveryOff, func(ctx context.Context, c *control.Client) error {
		cancel()
		<-ctx.Done()
		return ctx.Err()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("ended with %v", err)
	}
}

func TestSettingsSayWhatOthersSee(t *testing.T) {
	once(t, profile.DiscoveryOff, func(ctx context.Context, c *control.Client) error {
		s, err := c.Settings(ctx)
		if s.Status != "online" || s.Shown != "offline" || s.Discovery != "off" {
			t.Errorf("told %+v", s)
		}
		return err
	})
}

// Changes at the same time do not undo each other.
func TestRangesAreChangedByMany(t *testing.T) {
	once(t, profile.DiscoveryOff, func(ctx context.Context, c *control.Client) error {
		var tasks sync.WaitGroup
		for i := range 20 {
			tasks.Go(func() {
				if _, err := c.ChangeSettings(ctx, control.SettingsChange{AddRanges: &[]string{fmt.Sprintf("10.0.0.%d", i+1)}}); err != nil {
					t.Error(err)
				}
			})
		}
		tasks.Wait()
		for _, gone := range []struct {
			ranges []string
			code   control.Code
			left   int
		}{
			{[]string{"10.0.0.1", "10.0.0.2"}, "", 18},
			{[]string{"10.0.0.3", "10.0.0.1"}, control.CodeBadSetting, 18},
		} {
			_, err := c.ChangeSettings(ctx, control.SettingsChange{RemoveRanges: &gone.ranges})
			var refusal *control.Error
			if errors.As(err, &refusal) != (gone.code != "") || refusal != nil && refusal.Code != gone.code {
				t.Errorf("removing %v: %v", gone.ranges, err)
			}
			if s, err := c.Settings(ctx); err != nil || len(s.Ranges) != gone.left {
				t.Errorf("%v are left, %v", s.Ranges, err)
			}
		}
		_, err := c.ChangeSettings(ctx, control.SettingsChange{AddRanges: &[]string{"10.0.0.300"}})
		if err == nil {
			t.Error("a bad range was added")
		}
		return nil
	})
}
