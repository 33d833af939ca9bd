package sound_test

import (
	"context"
	"encoding/binary"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"feihong/app/sound"
)

func TestWAV(t *testing.T) {
	for _, name := range sound.Names {
		t.Run(string(name), func(t *testing.T) {
			data := sound.WAV(name)
			if string(data[:4]) != "RIFF" || string(data[8:16]) != "WAVEfmt " || string(data[36:40]) != "data" {
				t.Fatalf("not a WAV file: %q", data[:44])
			}
			if size := int(binary.LittleEndian.Uint32(data[40:])); size != len(data)-44 {
				t.Errorf("says %d bytes, has %d", size, len(data)-44)
			}
			length := time.Duration(len(data)-44) * time.Second / (2 * 22_050)
			if length < 100*time.Millisecond || length > time.Second {
				t.Errorf("it takes %v", length)
			}
			loudest, last := 0, 0
			for i := 44; i < len(data); i += 2 {
				v := int(int16(binary.LittleEndian.Uint16(data[i:])))
				loudest, last = max(loudest, v, -v), max(v, -v)
			}
			if loudest < 5000 || loudest > 31_000 {
				t.Errorf("the loudest sample is %d", loudest)
			}
			if last > 300 {
				t.Errorf("it ends with %d, which clicks", last)
			}
		})
	}
}

func TestOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var played []sound.Name
		end := make(chan struct{})
		p := sound.NewPlayerFor(func(_ context.Context, name sound.Name) error {
			played = append(played, name)
			<-end
			return nil
		})
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error)
		go func() { done <- p.Serve(ctx) }()
		for range 50 {
			p.Play(sound.Message)
			synctest.Wait()
		}
		end <- struct{}{}
		synctest.Wait()
		p.Play(sound.Nudge)
		synctest.Wait()
		end <- struct{}{}
		synctest.Wait()
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if want := []sound.Name{sound.Message, sound.Nudge}; !slices.Equal(played, want) {
			t.Errorf("played %q, want %q", played, want)
		}
	})
}
